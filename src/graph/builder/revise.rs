//! Later statements revise what earlier ones said: for formats whose records have a history.

use super::GraphBuilder;
use crate::error::{Location, Result};
use crate::graph::columns::{Interest, InterestParts, Knowledge, NO_JURISDICTION, Node};
use crate::graph::{NodeId, Verdict};
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::{DateBound, EntityKind, Mark, Marks, PartialDate};

/// What one record says of a party.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Description<'a> {
    pub name: Option<&'a str>,
    pub kind: EntityKind,
    pub jurisdiction: Option<&'a str>,
    /// Founded or born.
    pub founded: Option<PartialDate>,
    /// Dissolved or died.
    pub dissolved: Option<PartialDate>,
}

/// How a description stands to the one that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revision {
    /// It is the first one, or as old: what differs is a conflict.
    Equal,
    /// It is newer: what it says counts.
    Newer,
    /// It is older: it only fills gaps.
    Older,
}

/// Marks that a statement gives an interest; the others follow from its members.
const STATED_MARKS: [Mark; 5] =
    [Mark::Approximate, Mark::Derived, Mark::Inferred, Mark::Contested, Mark::DatesInferred];

impl GraphBuilder {
    /// Adds what a record says of a party, before or after other records of the same one.
    pub(crate) fn describe_node(
        &mut self,
        node: NodeId,
        description: &Description<'_>,
        revision: Revision,
        location: &Location,
    ) -> Result<()> {
        self.entities.note(node, Knowledge::DECLARED, true);
        if revision == Revision::Newer {
            self.make_way(node, description);
        }
        self.revised_name(node, description.name, revision, location)?;
        let fills = |known: bool| revision != Revision::Older || !known;
        if fills(self.entities.knows(node, Knowledge::KIND)) {
            self.kind(node, description.kind, location);
        }
        let place = description.jurisdiction.filter(|code| !code.is_empty());
        if let Some(code) = place.filter(|_| fills(self.entities.jurisdiction(node) != NO_JURISDICTION)) {
            self.place(node, code, location)?;
        }
        self.lifetime(node, description.founded, description.dissolved);
        Ok(())
    }

    /// Forgets what a newer description says anew.
    fn make_way(&mut self, node: NodeId, newer: &Description<'_>) {
        let entities = &mut self.entities;
        if newer.jurisdiction.is_some() {
            entities.set_jurisdiction(node, NO_JURISDICTION);
        }
        if newer.founded.is_some() {
            entities.set_founded(node, 0);
        }
        if newer.dissolved.is_some() {
            entities.set_dissolved(node, 0);
        }
        entities.note(node, Knowledge::KIND, false);
    }

    fn revised_name(
        &mut self,
        node: NodeId,
        name: Option<&str>,
        revision: Revision,
        location: &Location,
    ) -> Result<()> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(()) };
        let known = self.entities.knows(node, Knowledge::NAMED);
        let current = self.entities.name(node);
        let former = match revision {
            _ if !known || current == name => None,
            Revision::Equal => None,
            Revision::Newer => Some(current.to_owned()),
            Revision::Older => Some(name.to_owned()),
        };
        match former {
            None => return self.name(node, name, location),
            Some(_) if revision == Revision::Newer => {
                self.entities.note(node, Knowledge::NAMED, false);
                self.name(node, name, location)?;
            }
            Some(_) => {}
        }
        let former = EntityDetails { former_names: former.into_iter().collect(), ..EntityDetails::EMPTY };
        self.more_details(node, former);
        Ok(())
    }

    /// Adds to what is known of a party beyond its row.
    pub(crate) fn more_details(&mut self, node: NodeId, details: EntityDetails) {
        self.entity_details(node, details);
    }

    /// Two records of one party, of which the later one replaces the earlier one.
    pub(crate) fn succeed(&mut self, older: NodeId, newer: NodeId, location: Location) {
        let entities = &mut self.entities;
        let (old, new) = (entities.row(older), entities.row(newer));
        let (old_name, new_name) = (entities.name(older).to_owned(), entities.name(newer).to_owned());
        let jurisdiction = if new.jurisdiction == NO_JURISDICTION { old.jurisdiction } else { new.jurisdiction };
        let founded = if new.founded == 0 { old.founded } else { new.founded };
        let dissolved = if new.dissolved == 0 { old.dissolved } else { new.dissolved };
        let flags = [Knowledge::DECLARED, Knowledge::NAMED, Knowledge::KIND];
        let knowledge =
            flags.into_iter().fold(old.knowledge, |known, bit| known.without(bit).with(bit, new.knowledge.has(bit)));
        entities.set_row(older, &Node { kind: new.kind, jurisdiction, founded, dissolved, knowledge, ..old });
        // No room for a name leaves the earlier one, which the joined entity does not show.
        entities.set_name(older, &new_name);
        let (a, b) = (entities.id(older).to_owned(), entities.id(newer).to_owned());
        if old.knowledge.has(Knowledge::NAMED) && old_name != new_name {
            self.more_details(newer, EntityDetails { former_names: vec![old_name], ..EntityDetails::EMPTY });
        }
        self.verdict(Verdict { a, b, same: true, location });
    }

    /// The node of an id within a family of formats, where there is one.
    pub(crate) fn known_node(&self, id: &str, namespace: u8) -> Option<NodeId> {
        let own = self.entities.find(id).filter(|&node| self.entities.namespace(node) == namespace);
        own.or_else(|| self.renamed.get(&(namespace, id.to_owned())).copied())
    }

    /// The parties of a family of formats that were only referred to.
    pub(crate) fn undescribed(&self, namespace: u8) -> Vec<NodeId> {
        let nodes = (0..self.entities.count() as u32).map(NodeId);
        let only_referred = |&node: &NodeId| {
            let known = self.entities.knowledge(node);
            let described = known.has(Knowledge::DECLARED) || known.has(Knowledge::NAMED);
            self.entities.namespace(node) == namespace && !described
        };
        nodes.filter(only_referred).collect()
    }

    /// The id of a node.
    pub(crate) fn id_of(&self, node: NodeId) -> &str {
        self.entities.id(node)
    }

    /// What kind of party a node is, as far as it was described.
    pub(crate) fn kind_of(&self, node: NodeId) -> Option<EntityKind> {
        self.entities.knows(node, Knowledge::KIND).then(|| self.entities.kind(node))
    }

    /// How many interests there are: the number of the next one.
    pub(crate) fn interest_count(&self) -> u32 {
        self.interests.count() as u32
    }

    /// An interest that was added.
    pub(crate) fn stated_interest(&self, number: u32) -> Interest {
        self.interests.get(number)
    }

    /// When an interest that was added began and ended.
    pub(crate) fn interest_dates(&self, number: u32) -> (DateBound, DateBound) {
        self.interests.dates(number)
    }

    /// Gives an interest that was added other dates, which follow from other statements.
    pub(crate) fn infer_dates(&mut self, number: u32, start: DateBound, end: DateBound, note: &str) {
        let parts = self.interest_like(number);
        let marks = parts.marks.with(Mark::DatesInferred, true);
        self.interests.set(number, &InterestParts { start, end, marks, ..parts });
        self.interests.details.entry(number).date_note = Some(note.to_owned());
    }

    /// What an interest like one that was added is made from.
    pub(crate) fn interest_like(&self, number: u32) -> InterestParts {
        let interest = self.stated_interest(number);
        let place = (self.interests.input(number), self.interests.record(number));
        let parts = InterestParts::of(&interest, self.interest_dates(number), place);
        InterestParts { marks: stated_marks(&interest), ..parts }
    }

    /// Adds a remark to an interest.
    pub(crate) fn interest_note(&mut self, number: u32, note: &str) {
        add_note(self.interests.details.entry(number), note);
    }

    /// Adds a remark to many interests, whose numbers are in order.
    pub(crate) fn interest_notes(&mut self, numbers: &[u32], note: &str) {
        self.interests.details.change_all(numbers, |details| add_note(details, note));
    }
}

fn add_note(details: &mut InterestDetails, note: &str) {
    match &mut details.note {
        Some(first) => first.extend([". ", note]),
        None => details.note = Some(note.to_owned()),
    }
}

fn stated_marks(interest: &Interest) -> Marks {
    STATED_MARKS.into_iter().fold(Marks::NONE, |marks, mark| marks.with(mark, interest.marks().has(mark)))
}
