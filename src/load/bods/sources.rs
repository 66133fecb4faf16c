//! Sources of statements: one for each register or dataset, not one for each record.

use super::super::intake::Intake;
use super::schema::{Statement, text};
use crate::error::Location;
use crate::model::Source;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

/// Sources that were added, by what tells them apart.
#[derive(Debug, Default)]
pub(super) struct Sources {
    known: HashMap<String, Option<u32>>,
    key: String,
}

impl Sources {
    /// The position of the source of a statement: who publishes it, and the register that they took it from.
    pub fn of(&mut self, statement: &Statement<'_>, intake: &mut Intake<'_>, location: &Location) -> Option<u32> {
        let publisher = statement.publication_details.as_ref().and_then(|details| details.publisher.as_ref());
        let publisher = publisher.and_then(|publisher| text(&publisher.name).or(text(&publisher.url)));
        let source = statement.source.as_ref();
        let description = source.and_then(|source| text(&source.description));
        let url = source.and_then(|source| text(&source.url)).map(dataset_url);
        let kind = source.and_then(|source| source.kinds.0.first()).map(|kind| kind.0.trim());
        let title = description.or(url.as_deref()).or(kind.filter(|kind| !kind.is_empty()));
        self.key.clear();
        for part in [publisher, title].into_iter().flatten() {
            let separator = if self.key.is_empty() { "" } else { ": " };
            let _ = write!(self.key, "{separator}{part}");
        }
        if let Some(&position) = self.known.get(self.key.as_str()) {
            return position;
        }
        if self.key.is_empty() {
            return None;
        }
        let source = Source {
            id: self.key.clone(),
            title: title.or(publisher).unwrap_or_default().to_owned(),
            publisher: publisher.map(str::to_owned),
            url: url.map(Cow::into_owned),
            ..Source::default()
        };
        intake.builder.source(source, location);
        let position = intake.builder.source_position(&self.key);
        self.known.insert(self.key.clone(), position);
        position
    }
}

/// The address of a dataset. That of a single record, which holds a number of it, is cut down to its site.
fn dataset_url(url: &str) -> Cow<'_, str> {
    let path = url.find("://").and_then(|at| url[at + 3..].find('/').map(|slash| at + 3 + slash));
    let Some(path) = path else { return Cow::Borrowed(url) };
    let digits = url[path..].bytes().filter(u8::is_ascii_digit).count();
    if digits > 4 { Cow::Borrowed(&url[..=path]) } else { Cow::Borrowed(url) }
}

#[cfg(test)]
mod tests {
    use super::dataset_url;

    #[test]
    fn the_page_of_one_record_stands_for_its_site() {
        for (url, dataset) in [
            ("https://register.example/en_output.html", "https://register.example/en_output.html"),
            ("https://register.example/company/01234567/owners", "https://register.example/"),
            ("https://register.example", "https://register.example"),
            ("register", "register"),
        ] {
            assert_eq!(dataset_url(url), dataset);
        }
    }
}
