//! The nodes of ids.

use super::{GraphBuilder, full};
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::graph::entities::LookUp;
use crate::graph::table::Key;

impl GraphBuilder {
    /// The node of an id; a new one is named after its id until something better is known.
    pub(super) fn node(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        self.node_of(Key::of(id), location)
    }

    fn node_of(&mut self, id: Key<'_>, location: &Location) -> Result<NodeId> {
        match self.entities.find_key(id) {
            Some(node) if self.is_meant(node) => Ok(node),
            Some(_) => self.node_of_namesake(id.text(), location),
            None if id.text().is_empty() => Err(Error::data(location.clone(), "an entity has an empty id")),
            None => self.new_node(id, location),
        }
    }

    /// Whether an id that was read means the node that has it.
    fn is_meant(&self, node: NodeId) -> bool {
        self.entities.namespace(node) == self.namespace.0
    }

    /// The node of an id that another family of formats uses for somebody else.
    fn node_of_namesake(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        let (number, family) = self.namespace;
        if let Some(&node) = self.renamed.get(&(number, id.to_owned())) {
            return Ok(node);
        }
        let node = self.new_node(Key::of(&self.free_id(&format!("{family}:{id}"))), location)?;
        self.renamed.insert((number, id.to_owned()), node);
        Ok(node)
    }

    /// The nodes of many ids, in their order, as [`mention`](Self::mention) gives them one by one.
    pub(crate) fn nodes_of(&mut self, ids: &[Key<'_>], location: &Location, nodes: &mut Vec<NodeId>) -> Result<()> {
        const AT_ONCE: usize = 512;
        let mut look_up = LookUp::default();
        for ids in ids.chunks(AT_ONCE) {
            self.entities.find_all(ids, &mut look_up);
            for (&id, &found) in ids.iter().zip(&look_up.found) {
                nodes.push(match found {
                    Some(node) if self.is_meant(node) => node,
                    _ => self.node_of(id, location)?,
                });
            }
        }
        Ok(())
    }

    /// An id that no entity has, made from one that may be taken.
    pub(super) fn free_id(&self, id: &str) -> String {
        let mut free = id.to_owned();
        while self.entities.find(&free).is_some() {
            free.push('\'');
        }
        free
    }

    fn new_node(&mut self, id: Key<'_>, location: &Location) -> Result<NodeId> {
        self.entities.push(id, self.namespace.0).ok_or_else(|| full(location))
    }
}
