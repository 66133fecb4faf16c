//! Sources, of which a statement names one.

use super::statement::{Agent, Source};
use crate::export::losses::Losses;
use crate::graph::OwnershipGraph;
use crate::model::{self, Day};
use std::borrow::Cow;

/// Formats that only a register publishes.
const REGISTERS: [&str; 2] = ["psc", "gleif"];

/// The source that stands for all of `ids`: the first of them, the others named in its description.
pub(super) fn source<'g>(
    graph: &'g OwnershipGraph,
    ids: &[String],
    format: Option<&str>,
    retrieved: Option<Day>,
    losses: &mut Losses,
) -> Option<Source<'g>> {
    let sources: Vec<&model::Source> = ids.iter().filter_map(|id| graph.source(id)).collect();
    let first = sources.first();
    losses.add_if(sources.len() > 1, "statements with several sources (all but the first only named in words)");
    let mut description = String::new();
    for (position, source) in sources.iter().enumerate() {
        if position > 0 {
            description.push_str("; ");
        }
        description.push_str(if source.title.is_empty() { &source.id } else { &source.title });
        if let Some(url) = source.url.as_deref().filter(|url| position > 0 || !is_uri(url)) {
            description.push_str(&format!(" ({url})"));
        }
    }
    let mut publishers: Vec<&str> = sources.iter().filter_map(|source| source.publisher.as_deref()).collect();
    publishers.dedup();
    let register = format.is_some_and(|format| REGISTERS.contains(&format));
    let retrieved = retrieved.or(first.and_then(|source| source.retrieved).map(|date| date.first_day()));
    let source = Source {
        kinds: if register { vec!["officialRegister"] } else { Vec::new() },
        description: (!description.is_empty()).then_some(description),
        url: first.and_then(|source| source.url.as_deref()).filter(|url| is_uri(url)),
        retrieved_at: retrieved.map(|day| day.to_string()),
        asserted_by: publishers.into_iter().map(|name| Agent { name: Cow::Borrowed(name) }).collect(),
    };
    (!sources.is_empty() || register || source.retrieved_at.is_some()).then_some(source)
}

/// Whether an address is one by the letters of RFC 3986.
fn is_uri(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c);
    let Some(rest) = rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric())) else { return false };
    let (path, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    // A port is all digits.
    let host = path.split(['/', '?']).next().unwrap_or(path);
    let port = host.split_once(':').is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    port && [path, fragment].into_iter().all(|part| {
        let bytes = part.as_bytes();
        part.char_indices().all(|(at, c)| match c {
            '%' => bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
            c => plain(c),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_uri;

    #[test]
    fn what_the_standard_calls_an_address() {
        for url in ["https://register.example/a?b=c&d=%20#x", "http://a.example", "https://a.example:8080/"] {
            assert!(is_uri(url), "{url}");
        }
        for url in [
            "register.example",
            "https://",
            "https://a b",
            "https://a/é",
            "https://a/%2",
            "https://a/#b#c",
            "https://a:b/",
        ] {
            assert!(!is_uri(url), "{url}");
        }
    }
}
