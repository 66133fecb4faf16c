//! Sources of statements: one for each register or dataset, not one for each record.

use super::schema::{Statement, text};
use crate::error::Location;
use crate::graph::GraphBuilder;
use crate::model::Source;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// What tells the source of a statement from others: who publishes it, and the register that they took it from.
#[derive(Debug)]
pub(super) struct Stated<'s> {
    publisher: Option<&'s str>,
    title: Option<Cow<'s, str>>,
    url: Option<Cow<'s, str>>,
}

impl<'s> Stated<'s> {
    pub(super) fn of(statement: &'s Statement<'_>) -> Self {
        let publisher = statement.publication_details.as_ref().and_then(|details| details.publisher.as_ref());
        let publisher = publisher.and_then(|publisher| text(&publisher.name).or(text(&publisher.url)));
        let source = statement.source.as_ref();
        let description = source.and_then(|source| text(&source.description)).map(Cow::Borrowed);
        let url = source.and_then(|source| text(&source.url)).map(dataset_url);
        let kind = source.and_then(|source| source.kinds.0.first()).map(|kind| kind.0.trim());
        let kind = kind.filter(|kind| !kind.is_empty()).map(Cow::Borrowed);
        Self { publisher, title: description.or_else(|| url.clone()).or(kind), url }
    }

    /// Whether this is the source at hand.
    pub(super) fn is(&self, source: &Source) -> bool {
        let title = self.title.as_deref().or(self.publisher);
        let id = || match (self.publisher, self.title.as_deref()) {
            (Some(publisher), Some(title)) => source
                .id
                .strip_prefix(publisher)
                .and_then(|rest| rest.strip_prefix(": "))
                .is_some_and(|rest| rest == title),
            (publisher, title) => publisher.or(title) == Some(source.id.as_str()),
        };
        title == Some(source.title.as_str())
            && self.publisher == source.publisher.as_deref()
            && self.url.as_deref() == source.url.as_deref()
            && id()
    }

    /// The source; `None` where nothing tells it.
    pub(super) fn source(&self) -> Option<Source> {
        let parts: Vec<&str> = [self.publisher, self.title.as_deref()].into_iter().flatten().collect();
        Some(Source {
            id: Some(parts.join(": ")).filter(|id| !id.is_empty())?,
            title: self.title.as_deref().or(self.publisher).unwrap_or_default().to_owned(),
            publisher: self.publisher.map(str::to_owned),
            url: self.url.as_deref().map(str::to_owned),
            ..Source::default()
        })
    }
}

/// Sources that were added.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Their positions, by their ids.
    known: HashMap<String, Option<u32>>,
    last: Option<(Arc<Source>, Option<u32>)>,
}

impl Sources {
    /// The position of the source of a statement.
    pub(super) fn position(
        &mut self,
        source: &Arc<Source>,
        builder: &mut GraphBuilder,
        location: &Location,
    ) -> Option<u32> {
        if let Some((last, position)) = &self.last
            && Arc::ptr_eq(last, source)
        {
            return *position;
        }
        let known = self.known.get(&source.id).copied();
        let position = known.unwrap_or_else(|| {
            builder.source(Source::clone(source), location);
            let position = builder.source_position(&source.id);
            self.known.insert(source.id.clone(), position);
            position
        });
        self.last = Some((Arc::clone(source), position));
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
