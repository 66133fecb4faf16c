//! What a record says of an entity, its texts borrowed from the record: nothing is copied before it is the record's turn.

use super::{GraphBuilder, Mention};
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::columns::Knowledge;
use crate::model::PartialDate;
use crate::model::entity::EntityDetails;

/// An entity as a record describes it.
#[derive(Debug)]
pub(crate) struct Described<'a> {
    pub mention: Mention<'a>,
    /// Whether the jurisdiction is inferred, not stated.
    pub jurisdiction_inferred: bool,
    pub founded: Option<PartialDate>,
    pub dissolved: Option<PartialDate>,
    /// An official number: scheme and value.
    pub number: Option<(&'a str, &'a str)>,
    pub details: &'a Note,
}

/// What few entities have, as it is stored: written on any thread, before it is the record's turn.
#[derive(Debug, Default)]
pub(crate) struct Note(Option<String>);

impl Note {
    pub(crate) fn of_entity(details: &EntityDetails) -> Self {
        // Fields with names and lists of texts: nothing in it that JSON could not hold.
        Self((*details != EntityDetails::EMPTY).then(|| serde_json::to_string(details).unwrap_or_default()))
    }
}

impl GraphBuilder {
    /// Adds the description of an entity. Described before, it keeps the first description and gains what is new.
    pub(crate) fn described(&mut self, node: NodeId, said: &Described<'_>, location: &Location) -> Result<()> {
        self.told(node, said.mention, location)?;
        if said.jurisdiction_inferred {
            self.entities.note(node, Knowledge::JURISDICTION_INFERRED, true);
        }
        self.entities.note(node, Knowledge::DECLARED, true);
        self.lifetime(node, said.founded, said.dissolved);
        if let Some(number) = said.number {
            self.identifier_of(node, number, location)?;
        }
        self.entity_note(node, said.details);
        Ok(())
    }

    /// Adds what few entities have to one that was mentioned.
    pub(crate) fn entity_note(&mut self, node: NodeId, Note(text): &Note) {
        if let Some(text) = text {
            self.entity_text(node, text);
        }
    }
}
