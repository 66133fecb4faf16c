//! Ids that are looked up together: each look-up by itself waits for memory.

use super::{GraphBuilder, full};
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::graph::table::Tag;
use std::borrow::Cow;
use std::ops::Deref;

/// An id with what stands for it in look-ups, so that nothing is left to compute when the builder is at hand.
#[derive(Debug, Clone)]
pub(crate) struct Id<'a> {
    text: Cow<'a, str>,
    tag: Tag,
}

impl<'a> From<Cow<'a, str>> for Id<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        let tag = Tag::of(text.as_bytes());
        Self { text, tag }
    }
}

impl Deref for Id<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl GraphBuilder {
    /// The nodes of many ids, in their order, as far as one look at each tells; all wait for memory at the same time.
    pub(crate) fn foresee(&self, ids: &[&Id<'_>]) -> Vec<Option<NodeId>> {
        let tags: Vec<u32> = ids.iter().map(|id| self.entities.own_tag(id.tag, id)).collect();
        let texts: Vec<&str> = ids.iter().map(|id| &***id).collect();
        let mut guesses = Vec::with_capacity(ids.len());
        self.entities.guess_tagged(&tags, &texts, &mut guesses);
        guesses.into_iter().map(|guess| guess.map(NodeId)).collect()
    }

    /// The node of an id as [`mention`](Self::mention) gives it; `foreseen` is what [`foresee`](Self::foresee) told of it.
    pub(crate) fn node_foreseen(
        &mut self,
        id: &Id<'_>,
        foreseen: Option<NodeId>,
        location: &Location,
    ) -> Result<NodeId> {
        let tag = self.entities.own_tag(id.tag, id);
        match foreseen.or_else(|| self.entities.find_tagged(tag, id)) {
            Some(node) if self.entities.namespace(node) == self.namespace.0 => Ok(node),
            Some(_) => self.node(id, location),
            None if id.is_empty() => Err(Error::data(location.clone(), "an entity has an empty id")),
            None => self.entities.push_tagged(tag, id, self.namespace.0).ok_or_else(|| full(location)),
        }
    }
}
