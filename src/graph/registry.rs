//! What a graph knows of sources, jurisdictions and its own faults: read from a file only when somebody asks.

use crate::error::Location;
use crate::model::Source;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::problem::{Problem, ProblemLog, Rule};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// Sources, jurisdictions and problems.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Contents {
    pub(super) sources: Vec<Source>,
    pub(super) jurisdictions: Vec<JurisdictionRecord>,
    pub(super) problems: ProblemLog,
}

/// The contents, at hand or still to be read.
#[derive(Default)]
pub(crate) struct Registry {
    contents: OnceLock<Contents>,
    /// Where they stand, if they were stored, and their JSON.
    stored: Option<(String, Bytes)>,
    by_id: OnceLock<HashMap<String, usize>>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("contents", &self.contents).finish_non_exhaustive()
    }
}

impl Registry {
    pub(super) fn new(sources: Vec<Source>, jurisdictions: Vec<JurisdictionRecord>, problems: ProblemLog) -> Self {
        let contents = OnceLock::from(Contents { sources, jurisdictions, problems });
        Self { contents, ..Self::default() }
    }

    /// A registry that is read when somebody asks.
    pub(crate) fn stored(place: String, json: Bytes) -> Self {
        Self { stored: Some((place, json)), ..Self::default() }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.stored.is_some()
    }

    pub(super) fn get(&self) -> &Contents {
        self.contents.get_or_init(|| match &self.stored {
            None => Contents::default(),
            Some((place, json)) => serde_json::from_slice(json).unwrap_or_else(|error| unread(place, &error)),
        })
    }

    pub(super) fn source(&self, id: &str) -> Option<&Source> {
        let sources = &self.get().sources;
        let by_id = self.by_id.get_or_init(|| {
            sources.iter().enumerate().map(|(position, source)| (source.id.clone(), position)).collect()
        });
        by_id.get(id).map(|&position| &sources[position])
    }
}

/// What is left where the contents cannot be read: that they are missing is a finding about the data, which `check` tells.
fn unread(place: &str, error: &serde_json::Error) -> Contents {
    let mut contents = Contents::default();
    let message = format!("sources, jurisdictions and findings of the index cannot be read ({error}); build it anew");
    let location = Location::of(place);
    contents.problems.push(Problem { rule: Rule::UnreadableValue, location, message });
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_cannot_be_read_says_so() {
        let registry = Registry::stored("i/registry.json".to_owned(), Bytes::from_static(b"{\"sources\":7}"));
        let problems: Vec<_> = registry.get().problems.iter().map(|problem| problem.message.clone()).collect();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("sources, jurisdictions and findings of the index cannot be read"));
    }
}
