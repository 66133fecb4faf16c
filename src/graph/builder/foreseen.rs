//! Ids that are looked up together: each look-up by itself waits for memory.

use super::GraphBuilder;
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::entities::LookUp;
use crate::graph::table::Key;
use std::borrow::Cow;
use std::ops::Deref;

/// An id with its hash, so that nothing is left to compute when the builder is at hand.
#[derive(Debug, Clone)]
pub(crate) struct Id<'a> {
    text: Cow<'a, str>,
    hash: u32,
}

impl<'a> From<Cow<'a, str>> for Id<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        let hash = Key::of(&text).hash();
        Self { text, hash }
    }
}

impl Id<'_> {
    /// The id as tables take it.
    pub(crate) fn key(&self) -> Key<'_> {
        Key::hashed(&self.text, self.hash)
    }
}

impl Deref for Id<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl GraphBuilder {
    /// The nodes that many ids mean, in their order, as far as one look at each tells; all wait for memory at the same time.
    pub(crate) fn foresee(&self, ids: &[Key<'_>]) -> Vec<Option<NodeId>> {
        let mut look_up = LookUp::default();
        self.entities.find_all(ids, &mut look_up);
        look_up.found.iter_mut().for_each(|found| *found = found.filter(|&node| self.is_meant(node)));
        look_up.found
    }

    /// The node of an id as [`mention`](Self::mention) gives it; `foreseen` is what [`foresee`](Self::foresee) told of it.
    pub(crate) fn node_foreseen(
        &mut self,
        id: Key<'_>,
        foreseen: Option<NodeId>,
        location: &Location,
    ) -> Result<NodeId> {
        match foreseen {
            Some(node) => Ok(node),
            None => self.node_of(id, location),
        }
    }
}
