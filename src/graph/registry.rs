//! What a graph knows of sources, jurisdictions and its own faults: read from a file only when somebody asks.

use crate::model::Source;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::problem::ProblemLog;
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

/// Reads the contents when they are needed.
type Fetch = Box<dyn Fn() -> Contents + Send + Sync>;

/// The contents, at hand or still to be fetched.
#[derive(Default)]
pub(crate) struct Registry {
    contents: OnceLock<Contents>,
    fetch: Option<Fetch>,
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

    /// A registry that is fetched when somebody asks.
    pub(crate) fn to_fetch(fetch: impl Fn() -> Contents + Send + Sync + 'static) -> Self {
        Self { fetch: Some(Box::new(fetch)), ..Self::default() }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.fetch.is_some()
    }

    pub(super) fn get(&self) -> &Contents {
        self.contents.get_or_init(|| self.fetch.as_ref().map_or_else(Contents::default, |fetch| fetch()))
    }

    pub(super) fn source(&self, id: &str) -> Option<&Source> {
        let sources = &self.get().sources;
        let by_id = self.by_id.get_or_init(|| {
            sources.iter().enumerate().map(|(position, source)| (source.id.clone(), position)).collect()
        });
        by_id.get(id).map(|&position| &sources[position])
    }
}
