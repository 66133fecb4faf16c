//! What statements say of each other: later ones replace earlier ones, primary ones sum up their components.
//!
//! Statements may stand in any order and in several files, so that all of this is settled when everything is read. Kept
//! are a few numbers for each statement about a relationship, and nothing of its text.

use super::components::{self, Primary};
use super::history::History;
use crate::error::{Location, Result};
use crate::graph::builder::revise::Revision;
use crate::graph::repeated::Repeated;
use crate::graph::side_by_side::side_by_side;
use crate::graph::{GraphBuilder, NodeId};
use crate::load::numbered::Numbered;
use crate::model::{EntityKind, PartialDate};
use crate::problem::Rule;
use foldhash::quality::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// The family of ids of this format.
const NAMESPACE: u8 = 1;

/// Stands for the id of a record or statement: two hashes with seeds that are drawn for each run, so that nobody who writes a
/// file knows which ids would meet.
pub(super) type Key = [u64; 2];

/// When a statement was made and published; among equals a later status is the newer one. Dates are packed, as there is
/// one of these for each statement and each party.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    stated: u32,
    /// Second of the day on which it was stated.
    second: u32,
    published: u32,
    status: Status,
}

/// Where a statement stands in the series of its record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    #[default]
    New,
    Updated,
    Closed,
}

impl Moment {
    pub(super) fn new(
        stated: Option<PartialDate>,
        second: u32,
        published: Option<PartialDate>,
        status: Status,
    ) -> Self {
        Self { stated: PartialDate::to_bits(stated), second, published: PartialDate::to_bits(published), status }
    }

    pub(super) fn stated(self) -> Option<PartialDate> {
        PartialDate::from_bits(self.stated)
    }

    pub(super) fn published(self) -> Option<PartialDate> {
        PartialDate::from_bits(self.published)
    }

    /// The day from which the statement counts.
    pub(super) fn day(self) -> Option<PartialDate> {
        self.stated().or(self.published())
    }

    pub(super) fn is_last(self) -> bool {
        self.status == Status::Closed
    }
}

/// What one statement said of a relationship: which interests were added for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version {
    pub key: Key,
    pub moment: Moment,
    pub first: u32,
    pub count: u32,
}

impl Version {
    pub(super) fn interests(&self) -> std::ops::Range<u32> {
        self.first..self.first + self.count
    }
}

/// A statement about a party that replaces another one (0.1 to 0.3).
#[derive(Debug)]
struct Replacement {
    older: String,
    newer: String,
    location: Location,
}

/// Stands for a statement that describes no party.
const NOBODY: u32 = u32::MAX;

/// What is kept of each statement, by its number.
#[derive(Debug, Default)]
struct Statements {
    /// By hashes of their ids.
    ids: Numbered<u64>,
    /// Hashes of content, which together with those of ids tell statements apart.
    contents: Vec<u32>,
    /// The parties that they describe, or [`NOBODY`].
    parties: Vec<u32>,
}

impl Statements {
    fn add(&mut self, id: u64, content: u32) -> u32 {
        self.contents.push(content);
        self.parties.push(NOBODY);
        self.ids.add(id)
    }
}

/// What ids are hashed with.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys([RandomState; 2]);

impl Keys {
    /// What stands for an id.
    pub(super) fn of(&self, id: &str) -> Key {
        [self.0[0].hash_one(id), self.0[1].hash_one(id)]
    }

    /// The first half of it.
    pub(super) fn short(&self, id: &str) -> u64 {
        self.0[0].hash_one(id)
    }
}

/// What is known of a statement that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    First,
    Same,
    Different,
}

/// Everything that statements of all inputs say of each other.
#[derive(Debug, Default)]
pub(in crate::load) struct Series {
    pub(super) keys: Keys,
    statements: Statements,
    /// The newest description of each party.
    standing: Vec<Option<Moment>>,
    versions: Vec<Version>,
    /// Which statements about relationships replace a statement (0.1 to 0.3).
    replaced: HashMap<Key, Vec<Key>>,
    replacements: Vec<Replacement>,
    pub(super) primaries: Vec<Primary>,
    /// Interests that are declared to be no beneficial ownership.
    pub(super) not_beneficial: Vec<u32>,
}

impl Series {
    pub(super) fn key(&self, id: &str) -> Key {
        self.keys.of(id)
    }

    /// Whether a statement with this hash of its id and this content was read before, and its number.
    pub(super) fn seen(&mut self, id: u64, content: u32) -> (u32, Seen) {
        match self.statements.ids.find(id) {
            None => (self.statements.add(id, content), Seen::First),
            Some(known) if self.statements.contents[known as usize] == content => (known, Seen::Same),
            Some(known) => (known, Seen::Different),
        }
    }

    /// The party that a statement which was read describes. Some publishers of 0.4 refer to statements, not to records.
    pub(super) fn party(&self, statement: &str) -> Option<NodeId> {
        let known = self.statements.ids.find(self.keys.short(statement))?;
        let party = self.statements.parties[known as usize];
        (party != NOBODY).then_some(NodeId(party))
    }

    /// Notes which party a statement describes.
    pub(super) fn describes(&mut self, statement: u32, party: NodeId) {
        self.statements.parties[statement as usize] = party.0;
    }

    /// Brings what is known of statements into reach.
    pub(super) fn look_ahead(&self, ids: impl Iterator<Item = u64>) {
        self.statements.ids.look_ahead(ids);
    }

    /// How a description stands to the one of the same party that stands.
    pub(super) fn revision(&self, node: NodeId, moment: Moment) -> Revision {
        match self.standing.get(node.index()).copied().flatten() {
            Some(standing) if moment > standing => Revision::Newer,
            Some(standing) if moment < standing => Revision::Older,
            _ => Revision::Equal,
        }
    }

    /// Notes that a party was described.
    pub(super) fn described(&mut self, node: NodeId, moment: Moment) {
        if self.standing.len() <= node.index() {
            self.standing.resize(node.index() + 1, None);
        }
        let standing = &mut self.standing[node.index()];
        *standing = (*standing).max(Some(moment));
    }

    /// The node of a party that was mentioned or described.
    pub(super) fn node(builder: &GraphBuilder, id: &str) -> Option<NodeId> {
        builder.known_node(id, NAMESPACE)
    }

    pub(super) fn version(&mut self, version: Version) {
        self.versions.push(version);
    }

    /// Notes that a statement about a relationship replaces another one.
    pub(super) fn replaces_relationship(&mut self, newer: Key, older: &str) {
        let older = self.key(older);
        self.replaced.entry(older).or_default().push(newer);
    }

    /// Notes that a statement about a party replaces another one.
    pub(super) fn replaces_party(&mut self, newer: &str, older: &str, location: Location) {
        self.replacements.push(Replacement { older: older.to_owned(), newer: newer.to_owned(), location });
    }

    /// Settles everything, when all inputs are read.
    pub(in crate::load) fn finish(mut self, builder: &mut GraphBuilder) -> Result<()> {
        self.resolve_statements(builder);
        self.unite_parties(builder);
        let mut not_beneficial = std::mem::take(&mut self.not_beneficial);
        side_by_side(
            not_beneficial.len(),
            || {
                self.statements = Statements::default();
                self.sort_versions();
            },
            || keep_those_of_persons(&mut not_beneficial, builder),
        );
        let mut history = History::new(builder);
        for pair in self.versions.windows(2).filter(|pair| pair[0].key == pair[1].key) {
            history.supersede(&pair[0], &pair[1]);
        }
        for (older, newer) in self.replaced_pairs() {
            history.supersede(&older, &newer);
        }
        components::link(builder, &self.primaries, &self.versions)?;
        builder.interest_notes(&not_beneficial, "Declared to be no beneficial ownership or control");
        Ok(())
    }

    /// Puts the versions that others refer to, or that are not the only one of their record, in order.
    fn sort_versions(&mut self) {
        let all = || self.versions.iter().map(|version| version.key[0]);
        let may_repeat = Repeated::among(all());
        let mut shorts: Vec<u64> = all().filter(|&short| may_repeat.may_hold(short)).collect();
        shorts.sort_unstable();
        let repeated = shorts.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        let of_replaced = self.replaced.iter().flat_map(|(older, newer)| newer.iter().chain([older]));
        let referred = of_replaced.chain(self.primaries.iter().flat_map(|primary| &primary.components));
        let mut wanted: Vec<u64> = repeated.chain(referred.map(|key| key[0])).collect();
        wanted.sort_unstable();
        self.versions.retain(|version| wanted.binary_search(&version.key[0]).is_ok());
        // Stable: among equal moments the later place in the input is the newer one.
        self.versions.sort_by_key(|version| (version.key, version.moment));
    }

    /// Parties that were referred to by statements which came later.
    fn resolve_statements(&self, builder: &mut GraphBuilder) {
        for node in builder.undescribed(NAMESPACE) {
            let described = self.party(builder.id_of(node)).filter(|&described| described != node);
            if let Some(described) = described {
                builder.succeed(node, described, Location::default());
            }
        }
    }

    /// The versions of a key, in order.
    fn versions_of(&self, key: Key) -> &[Version] {
        versions_of(&self.versions, key)
    }

    /// Statements with those that replace them, so that every chain is walked from its beginning.
    fn replaced_pairs(&self) -> Vec<(Version, Version)> {
        let mut pairs = Vec::new();
        for (&older, newer) in &self.replaced {
            for &newer in newer.iter().filter(|&&newer| newer != older) {
                let of_newer = self.versions_of(newer);
                pairs.extend(self.versions_of(older).iter().flat_map(|&a| of_newer.iter().map(move |&b| (a, b))));
            }
        }
        pairs.sort_by_key(|(older, newer)| (newer.moment, newer.first, older.moment, older.first));
        pairs
    }

    /// Makes one party of the statements of 0.1 to 0.3 that replace one another; the last one's description counts.
    fn unite_parties(&self, builder: &mut GraphBuilder) {
        let mut successors: HashMap<&str, &Replacement> = HashMap::new();
        let mut torn: HashSet<&str> = HashSet::new();
        for replacement in &self.replacements {
            let known = successors.insert(&replacement.older, replacement);
            if known.is_some_and(|known| known.newer != replacement.newer) && torn.insert(&replacement.older) {
                let message =
                    format!("statement {:?} is replaced by several parties; they stay apart", replacement.older);
                builder.problem(Rule::ConflictingDescription, replacement.location.clone(), message);
            }
        }
        let mut lasts: HashMap<&str, &str> = HashMap::new();
        for replacement in self.replacements.iter().filter(|replacement| !torn.contains(replacement.older.as_str())) {
            let last = last_of(&replacement.older, &successors, &torn, &mut lasts);
            let nodes = (Self::node(builder, &replacement.older), Self::node(builder, last));
            if let (Some(older), Some(newer)) = nodes
                && older != newer
            {
                builder.succeed(older, newer, replacement.location.clone());
            }
        }
    }
}

/// Leaves the interests that persons have, in order.
fn keep_those_of_persons(interests: &mut Vec<u32>, builder: &GraphBuilder) {
    let is_person = |node| builder.kind_of(node) == Some(EntityKind::Person);
    interests.retain(|&number| is_person(builder.stated_interest(number).owner()));
    interests.sort_unstable();
}

/// The last statement of a chain of replacements; what was walked is remembered, so that no chain is walked twice.
fn last_of<'s>(
    first: &'s str,
    successors: &HashMap<&'s str, &'s Replacement>,
    torn: &HashSet<&str>,
    lasts: &mut HashMap<&'s str, &'s str>,
) -> &'s str {
    let mut walked: HashSet<&str> = HashSet::new();
    let mut last = first;
    while walked.insert(last) {
        if let Some(&known) = lasts.get(last) {
            last = known;
            break;
        }
        match successors.get(last).filter(|_| !torn.contains(last)) {
            Some(next) => last = &next.newer,
            None => break,
        }
    }
    lasts.extend(walked.into_iter().map(|id| (id, last)));
    last
}

/// The versions of a key among versions in order.
pub(super) fn versions_of(versions: &[Version], key: Key) -> &[Version] {
    let first = versions.partition_point(|version| version.key < key);
    let count = versions[first..].partition_point(|version| version.key == key);
    &versions[first..first + count]
}
