//! Records that stand for nobody in particular, such as "The Bearer": every interest of theirs is another party's.

use super::GraphBuilder;
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::columns::Knowledge;
use crate::graph::table::Key;
use crate::model::{EntityKind, EntityRecord};

impl GraphBuilder {
    /// Adds an entity whose kind is only inferred: what another record states of it counts, whichever is read first.
    pub(crate) fn presumed(&mut self, record: EntityRecord, location: &Location) -> Result<NodeId> {
        let node = self.node(&record.id, location)?;
        let known = self.entities.knows(node, Knowledge::KIND);
        let kind = if known { self.entities.kind(node) } else { record.kind };
        self.entity(EntityRecord { kind, ..record }, location)?;
        self.entities.note(node, Knowledge::KIND, known);
        Ok(node)
    }

    /// Says that a node stands for nobody in particular: when all is read, each of its interests gets an unknown party
    /// of its own as owner, so that nothing is joined through it.
    pub(crate) fn placeholder(&mut self, node: NodeId) {
        self.entities.set_kind(node, EntityKind::Unknown);
        self.entities.note(node, Knowledge::KIND, true);
        self.placeholders.insert(node);
    }

    pub(super) fn split_placeholders(&mut self) -> Result<()> {
        if self.placeholders.is_empty() {
            return Ok(());
        }
        for number in 0..self.interests.count() as u32 {
            let owner = self.interests.get(number).owner();
            if self.placeholders.contains(&owner) {
                let stand_in = self.stand_in(owner, number)?;
                self.interests.change(number, |interest| interest.set_owner(stand_in));
            }
        }
        Ok(())
    }

    /// A fresh unknown party with the name of the placeholder.
    fn stand_in(&mut self, placeholder: NodeId, number: u32) -> Result<NodeId> {
        let namespace = self.entities.namespace(placeholder);
        let id = self.free_id(&format!("{}/{}", self.entities.id(placeholder), number + 1));
        let name = self.entities.name(placeholder).to_owned();
        let full = || super::full(&Location::default());
        let node = self.entities.push(Key::of(&id), namespace).ok_or_else(full)?;
        self.entities.set_name(node, &name).ok_or_else(full)?;
        self.entities.set_kind(node, EntityKind::Unknown);
        for bit in [Knowledge::DECLARED, Knowledge::NAMED, Knowledge::KIND] {
            self.entities.note(node, bit, true);
        }
        Ok(node)
    }
}
