//! Later statements revise what earlier ones said: for formats whose records have a history.

use super::{GraphBuilder, merge_details};
use crate::error::{Location, Result};
use crate::graph::columns::{Interest, InterestParts, NO_JURISDICTION};
use crate::graph::{NodeId, Verdict};
use crate::model::entity::EntityDetails;
use crate::model::{DateBound, EntityKind, Mark, Marks, PartialDate};

/// What one record says of a party.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Description<'a> {
    pub id: &'a str,
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
    /// Adds a party as a record describes it, before or after other records of the same party.
    pub(crate) fn describe(
        &mut self,
        description: &Description<'_>,
        revision: Revision,
        location: &Location,
    ) -> Result<NodeId> {
        let node = self.node(description.id, location)?;
        self.known[node.index()].declared = true;
        if revision == Revision::Newer {
            self.make_way(node, description);
        }
        self.revised_name(node, description.name, revision, location)?;
        let fills = |known: bool| revision != Revision::Older || !known;
        if fills(self.known[node.index()].kind) {
            self.kind(node, description.kind, location);
        }
        let place = description.jurisdiction.filter(|code| !code.is_empty());
        if let Some(code) = place.filter(|_| fills(self.graph.nodes[node.index()].jurisdiction != NO_JURISDICTION)) {
            self.place(node, code, location)?;
        }
        let row = &mut self.graph.nodes[node.index()];
        row.founded = super::known_first(row.founded, description.founded);
        row.dissolved = super::known_first(row.dissolved, description.dissolved);
        Ok(node)
    }

    /// Forgets what a newer description says anew.
    fn make_way(&mut self, node: NodeId, newer: &Description<'_>) {
        let row = &mut self.graph.nodes[node.index()];
        if newer.jurisdiction.is_some() {
            row.jurisdiction = NO_JURISDICTION;
        }
        if newer.founded.is_some() {
            row.founded = 0;
        }
        if newer.dissolved.is_some() {
            row.dissolved = 0;
        }
        self.known[node.index()].kind = false;
    }

    fn revised_name(
        &mut self,
        node: NodeId,
        name: Option<&str>,
        revision: Revision,
        location: &Location,
    ) -> Result<()> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(()) };
        let known = &mut self.known[node.index()].named;
        let current = self.graph.text.get(self.graph.nodes[node.index()].name);
        let former = match revision {
            _ if !*known || current == name => None,
            Revision::Equal => None,
            Revision::Newer => Some(current.to_owned()),
            Revision::Older => Some(name.to_owned()),
        };
        match former {
            None => return self.name(node, name, location),
            Some(_) if revision == Revision::Newer => {
                *known = false;
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
        if details != EntityDetails::EMPTY {
            merge_details(self.graph.node_details.entry(node).or_default(), details);
        }
    }

    /// Two records of one party, of which the later one replaces the earlier one.
    pub(crate) fn succeed(&mut self, older: NodeId, newer: NodeId, location: Location) {
        let (old, new) = (self.graph.nodes[older.index()], self.graph.nodes[newer.index()]);
        let named = self.known[older.index()].named && self.graph.text.get(old.name) != self.graph.text.get(new.name);
        let row = &mut self.graph.nodes[older.index()];
        (row.name, row.kind) = (new.name, new.kind);
        if new.jurisdiction != NO_JURISDICTION {
            row.jurisdiction = new.jurisdiction;
        }
        row.founded = if new.founded == 0 { old.founded } else { new.founded };
        row.dissolved = if new.dissolved == 0 { old.dissolved } else { new.dissolved };
        self.known[older.index()] = self.known[newer.index()];
        if named {
            let former_names = vec![self.graph.text.get(old.name).to_owned()];
            self.more_details(newer, EntityDetails { former_names, ..EntityDetails::EMPTY });
        }
        let id = |row: crate::graph::columns::Node| self.graph.text.get(row.id).to_owned();
        let verdict = Verdict { a: id(old), b: id(new), same: true, location };
        self.verdict(verdict);
    }

    /// The node of an id within a family of formats, where there is one.
    pub(crate) fn known_node(&self, id: &str, namespace: u8) -> Option<NodeId> {
        let node = self.graph.node_by_id.get(id, |node| self.graph.text.get(self.graph.nodes[node as usize].id));
        let own = node.filter(|&node| self.graph.nodes[node as usize].namespace == namespace).map(NodeId);
        own.or_else(|| self.renamed.get(&(namespace, id.to_owned())).copied())
    }

    /// The parties of a family of formats that were only referred to.
    pub(crate) fn undescribed(&self, namespace: u8) -> Vec<NodeId> {
        let nodes = (0..self.graph.nodes.len() as u32).map(NodeId);
        let only_referred = |node: &NodeId| {
            let known = self.known[node.index()];
            self.graph.nodes[node.index()].namespace == namespace && !known.declared && !known.named
        };
        nodes.filter(only_referred).collect()
    }

    /// The id of a node.
    pub(crate) fn id_of(&self, node: NodeId) -> &str {
        self.graph.text.get(self.graph.nodes[node.index()].id)
    }

    /// What kind of party a node is, as far as it was described.
    pub(crate) fn kind_of(&self, node: NodeId) -> Option<EntityKind> {
        self.known[node.index()].kind.then(|| self.graph.nodes[node.index()].kind)
    }

    /// How many interests there are: the number of the next one.
    pub(crate) fn interest_count(&self) -> u32 {
        self.graph.interests.len() as u32
    }

    /// An interest that was added.
    pub(crate) fn stated_interest(&self, number: u32) -> Interest {
        self.graph.interests[number as usize]
    }

    /// When an interest that was added began and ended.
    pub(crate) fn interest_dates(&self, number: u32) -> (DateBound, DateBound) {
        let interest = &self.graph.interests[number as usize];
        self.bounds.get(&number).copied().unwrap_or((interest.plain_start(), interest.plain_end()))
    }

    /// Gives an interest that was added other dates, which follow from other statements.
    pub(crate) fn infer_dates(&mut self, number: u32, start: DateBound, end: DateBound, note: &str) {
        let interest = self.stated_interest(number);
        let marks = stated_marks(&interest).with(Mark::DatesInferred, true);
        let revised = Interest::new(&InterestParts { start, end, marks, ..parts(&interest) });
        self.graph.interests[number as usize] = revised;
        self.bounds.remove(&number);
        if revised.has_bounds() {
            self.bounds.insert(number, (start, end));
        }
        self.details.entry(number).or_default().date_note = Some(note.to_owned());
    }

    /// What an interest like one that was added is made from.
    pub(crate) fn interest_like(&self, number: u32) -> InterestParts {
        let (start, end) = self.interest_dates(number);
        InterestParts { start, end, ..parts(&self.stated_interest(number)) }
    }

    /// Adds a remark to an interest.
    pub(crate) fn interest_note(&mut self, number: u32, note: &str) {
        let known = &mut self.details.entry(number).or_default().note;
        *known = Some(match known.take() {
            Some(first) => format!("{first}. {note}"),
            None => note.to_owned(),
        });
    }
}

fn parts(interest: &Interest) -> InterestParts {
    InterestParts {
        owner: interest.owner(),
        owned: interest.owned(),
        kind: interest.kind(),
        share: interest.share(),
        start: interest.plain_start(),
        end: interest.plain_end(),
        directness: interest.directness(),
        confidence: interest.confidence(),
        marks: stated_marks(interest),
        controlling: interest.is_controlling(),
        account: interest.account,
        input: interest.input,
        record: interest.record,
    }
}

fn stated_marks(interest: &Interest) -> Marks {
    STATED_MARKS.into_iter().fold(Marks::NONE, |marks, mark| marks.with(mark, interest.marks().has(mark)))
}
