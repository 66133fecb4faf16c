//! Records that stand for nobody in particular, such as "The Bearer": every interest of theirs is another party's.

use super::{GraphBuilder, Knowledge};
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::model::{EntityKind, EntityRecord};

impl GraphBuilder {
    /// Adds an entity whose kind is only inferred: what another record states of it counts, whichever is read first.
    pub(crate) fn presumed(&mut self, record: EntityRecord, location: &Location) -> Result<NodeId> {
        let node = self.node(&record.id, location)?;
        let known = self.known[node.index()].kind;
        let kind = if known { self.graph.nodes[node.index()].kind } else { record.kind };
        self.entity(EntityRecord { kind, ..record }, location)?;
        self.known[node.index()].kind = known;
        Ok(node)
    }

    /// Says that a node stands for nobody in particular: when all is read, each of its interests gets an unknown party
    /// of its own as owner, so that nothing is joined through it.
    pub(crate) fn placeholder(&mut self, node: NodeId) {
        let row = &mut self.graph.nodes[node.index()];
        row.kind = EntityKind::Unknown;
        self.known[node.index()].kind = true;
        self.placeholders.insert(node);
    }

    pub(super) fn split_placeholders(&mut self) -> Result<()> {
        if self.placeholders.is_empty() {
            return Ok(());
        }
        for number in 0..self.graph.interests.len() {
            let owner = self.graph.interests[number].owner;
            if self.placeholders.contains(&owner) {
                self.graph.interests[number].owner = self.stand_in(owner, number)?;
            }
        }
        Ok(())
    }

    /// A fresh unknown party with the name of the placeholder.
    fn stand_in(&mut self, placeholder: NodeId, number: usize) -> Result<NodeId> {
        let row = self.graph.nodes[placeholder.index()];
        let id = self.free_id(&format!("{}/{}", self.graph.text.get(row.id), number + 1));
        let node = self.new_node(&id, &Location::default())?;
        let fresh = &mut self.graph.nodes[node.index()];
        (fresh.name, fresh.kind, fresh.namespace) = (row.name, EntityKind::Unknown, row.namespace);
        self.known[node.index()] = Knowledge { declared: true, named: true, kind: true };
        Ok(node)
    }
}
