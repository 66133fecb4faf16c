//! Graphviz DOT.

use std::fmt;

use super::visible::is_noncharacter;

/// A quoted DOT string, quotes included. Graphviz decodes `&…;` and expands `\N`, `\G` and others in labels, so
/// quoting the quotes alone is not enough.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DotString(String);

impl DotString {
    /// Quotes `text`: controls become `␦`, white space a blank, and `&`, `\` and `"` are escaped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(format!("\"{}\"", escaped(text)))
    }

    /// Quotes `text` for a tooltip, where Graphviz reads backslashes twice.
    #[must_use]
    pub fn tooltip(text: &str) -> Self {
        Self(format!("\"{}\"", escaped(&text.replace('\\', "\\\\"))))
    }

    /// Quotes several lines, joined by DOT's own line break `\n` (centred) or `\l` (to the left).
    #[must_use]
    pub fn lines<S: AsRef<str>>(lines: &[S], left: bool) -> Self {
        let (between, after) = if left { ("\\l", "\\l") } else { ("\\n", "") };
        let lines: Vec<String> = lines.iter().map(|line| escaped(line.as_ref())).collect();
        Self(format!("\"{}{after}\"", lines.join(between)))
    }

    /// The quoted string.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for DotString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => escaped.push(' '),
            c if c.is_control() || is_noncharacter(c) => escaped.push('␦'),
            '&' => escaped.push_str("&amp;"),
            '\\' => escaped.push_str("\\\\"),
            '"' => escaped.push_str("\\\""),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        assert_eq!(DotString::new("a\"]; evil [label=\"x").into_string(), "\"a\\\"]; evil [label=\\\"x\"");
        assert_eq!(DotString::new("\\N & \\").into_string(), "\"\\\\N &amp; \\\\\"");
        assert_eq!(DotString::new("a\u{1}\nb").into_string(), "\"a␦ b\"");
        assert_eq!(DotString::tooltip("a\\b").into_string(), "\"a\\\\\\\\b\"");
        assert_eq!(DotString::lines(&["a", "b"], false).into_string(), "\"a\\nb\"");
        assert_eq!(DotString::lines(&["a", "b"], true).into_string(), "\"a\\lb\\l\"");
    }
}
