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

    pub(super) fn node_of(&mut self, id: Key<'_>, location: &Location) -> Result<NodeId> {
        match self.entities.find_key(id) {
            Some(node) if self.is_meant(node) => Ok(node),
            Some(_) => self.node_of_namesake(id.text(), location),
            None if id.text().is_empty() => Err(Error::data(location.clone(), "an entity has an empty id")),
            None => self.new_node(id, location),
        }
    }

    /// Whether an id that was read means the node that has it.
    pub(super) fn is_meant(&self, node: NodeId) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::builder::Mention;

    /// Numbers of the nodes of ids that are new, known, named twice, and used by another family for somebody else.
    fn nodes(at_once: bool) -> Vec<u32> {
        let mut builder = GraphBuilder::new();
        let nowhere = Location::default();
        assert!(builder.input("own").is_ok());
        assert!(builder.mention(Mention { id: "of another family", ..Mention::default() }, &nowhere).is_ok());
        assert!(builder.input_of("theirs", "psc", (1, "psc")).is_ok());
        let ids: Vec<String> = (0..2000).map(|number| format!("company {}", number * 7 % 1500)).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).chain(["of another family"; 2]).collect();
        let mut nodes = Vec::new();
        if at_once {
            let keys: Vec<Key<'_>> = ids.into_iter().map(Key::of).collect();
            assert!(builder.nodes_of(&keys, &nowhere, &mut nodes).is_ok());
        } else {
            nodes.extend(ids.into_iter().filter_map(|id| builder.node(id, &nowhere).ok()));
        }
        nodes.into_iter().map(|node| node.0).collect()
    }

    #[test]
    fn many_ids_at_once_have_the_nodes_that_they_have_one_by_one() {
        let found = nodes(true);
        assert_eq!(found, nodes(false));
        assert_eq!((found.len(), found[0], found[1499], found[1500]), (2002, 1, 1500, 1));
        assert_eq!(found[2000..], [1501, 1501]);
    }

    #[test]
    fn an_empty_id_is_an_error_at_once_too() {
        let mut builder = GraphBuilder::new();
        let done = builder.nodes_of(&[Key::of("a"), Key::of("")], &Location::of("t"), &mut Vec::new());
        assert!(done.is_err_and(|error| error.to_string().contains("empty id")));
    }
}
