//! What statements say of each other: later ones replace earlier ones, primary ones sum up their components.
//!
//! Statements may stand in any order and in several files, so that all of this is settled when everything is read. Kept
//! are a few numbers for each statement about a relationship, and nothing of its text.

use super::components::{self, Primary};
use crate::error::{Location, Result};
use crate::graph::builder::revise::Revision;
use crate::graph::{GraphBuilder, Interest, NodeId};
use crate::model::{DateBound, PartialDate};
use crate::problem::Rule;
use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// The family of ids of this format.
const NAMESPACE: u8 = 1;

/// Stands for the id of a record or statement: two keyed hashes, so that nobody can choose ids that meet.
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
    fn day(self) -> Option<PartialDate> {
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
    fn interests(&self) -> std::ops::Range<u32> {
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

/// What is kept of a statement.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// A hash of its content, which together with that of its id tells statements apart.
    content: u32,
    /// The party that it describes, or [`NOBODY`].
    party: u32,
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
    hashers: [RandomState; 2],
    /// What is kept of each statement, by a hash of its id.
    statements: HashMap<u64, Known>,
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
        [self.hashers[0].hash_one(id), self.hashers[1].hash_one(id)]
    }

    /// Whether a statement with this id and content was read before.
    pub(super) fn seen(&mut self, id: &str, content: u32) -> Seen {
        match self.statements.entry(self.hashers[0].hash_one(id)) {
            Entry::Vacant(entry) => {
                entry.insert(Known { content, party: NOBODY });
                Seen::First
            }
            Entry::Occupied(entry) if entry.get().content == content => Seen::Same,
            Entry::Occupied(_) => Seen::Different,
        }
    }

    /// The party that a statement which was read describes. Some publishers of 0.4 refer to statements, not to records.
    pub(super) fn party(&self, statement: &str) -> Option<NodeId> {
        let known = self.statements.get(&self.hashers[0].hash_one(statement))?;
        (known.party != NOBODY).then_some(NodeId(known.party))
    }

    /// Notes which party a statement describes.
    pub(super) fn describes(&mut self, statement: &str, party: NodeId) {
        if let Some(known) = self.statements.get_mut(&self.hashers[0].hash_one(statement)) {
            known.party = party.0;
        }
    }

    /// How a description stands to the one of the same party that stands.
    pub(super) fn revision(&self, node: Option<NodeId>, moment: Moment) -> Revision {
        match node.and_then(|node| self.standing.get(node.index()).copied().flatten()) {
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
        self.statements = HashMap::new();
        // Stable: among equal moments the later place in the input is the newer one.
        self.versions.sort_by_key(|version| (version.key, version.moment));
        let mut history = History { builder, clipped: HashSet::new(), ended: HashSet::new(), void: HashSet::new() };
        for pair in self.versions.windows(2).filter(|pair| pair[0].key == pair[1].key) {
            history.supersede(&pair[0], &pair[1]);
        }
        for (older, newer) in self.replaced_pairs() {
            history.supersede(&older, &newer);
        }
        self.unite_parties(builder);
        components::link(builder, &self.primaries, &self.versions)?;
        for &number in &self.not_beneficial {
            let owner = builder.stated_interest(number).owner();
            if builder.kind_of(owner) == Some(crate::model::EntityKind::Person) {
                builder.interest_note(number, "Declared to be no beneficial ownership or control");
            }
        }
        Ok(())
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

const ENDED: &str = "A later statement of the same relationship ends it";
const CLIPPED: &str = "An earlier statement of the same relationship holds until this one";
const RESTATED: &str = "Restated on the same day: the later statement counts in its place";

/// Pairs of interests that are compared for two statements; beyond, the later statement only ends the earlier one.
const MOST_COMPARED: u64 = 1_000_000;

/// Later versions of relationships end earlier ones.
struct History<'b> {
    builder: &'b mut GraphBuilder,
    /// Interests whose start follows from an earlier version.
    clipped: HashSet<u32>,
    /// Interests whose end follows from a later version.
    ended: HashSet<u32>,
    /// Interests that never held.
    void: HashSet<u32>,
}

impl History<'_> {
    /// The earlier version holds until the later one was stated, unless the dates of the interests tell more.
    fn supersede(&mut self, older: &Version, newer: &Version) {
        let day = newer.moment.day();
        let few = u64::from(older.count) * u64::from(newer.count) <= MOST_COMPARED;
        let mut unmatched: Vec<u32> = newer.interests().filter(|_| few).collect();
        for number in older.interests() {
            let matched = self.counterpart(number, &unmatched);
            unmatched.retain(|&other| Some(other) != matched);
            let Some(day) = day.filter(|&day| older.moment.day() != Some(day)) else {
                self.make_void(number, day);
                continue;
            };
            if self.void.contains(&number) {
                continue;
            }
            let begun = older.moment.stated();
            let relation = matched.map(|other| (other, self.relation(number, other, begun)));
            self.end(number, day, relation);
            if let Some((other, relation)) = relation {
                self.continue_with(number, other, relation, day);
            }
        }
        let restated = day.is_none() || older.moment.day() == day;
        for number in unmatched {
            let (start, end) = self.builder.interest_dates(number);
            if let (true, Some(day)) = (start.is_missing() && !restated, day) {
                self.clip(number, DateBound::On(day), end);
            }
        }
    }

    /// The interest of a later version that tells what became of one: of the same kind, as like it as there is.
    fn counterpart(&self, number: u32, others: &[u32]) -> Option<u32> {
        let interest = self.builder.stated_interest(number);
        let start = self.builder.interest_dates(number).0;
        let of_kind =
            others.iter().copied().filter(|&other| self.builder.stated_interest(other).kind() == interest.kind());
        of_kind.max_by_key(|&other| {
            let same_start = self.builder.interest_dates(other).0 == start;
            (is_restated(&interest, &self.builder.stated_interest(other)), same_start, std::cmp::Reverse(other))
        })
    }

    fn relation(&self, number: u32, other: u32, stated: Option<PartialDate>) -> Relation {
        let (interest, later) = (self.builder.stated_interest(number), self.builder.stated_interest(other));
        if is_restated(&interest, &later) {
            return Relation::Restated;
        }
        let known_since = match self.builder.interest_dates(number).0 {
            DateBound::On(start) => Some(start),
            _ => stated,
        };
        match self.builder.interest_dates(other).0 {
            DateBound::On(start) if known_since.is_some_and(|known| start.first_day() > known.first_day()) => {
                Relation::ChangedOn(start)
            }
            _ => Relation::Changed,
        }
    }

    /// Ends an interest of the earlier version, unless it states its own end.
    fn end(&mut self, number: u32, day: PartialDate, relation: Option<(u32, Relation)>) {
        let (start, end) = self.builder.interest_dates(number);
        if !end.is_missing() && !self.ended.contains(&number) {
            return;
        }
        let later_end = relation.map(|(other, _)| self.builder.interest_dates(other).1);
        let changed = match relation {
            Some((_, Relation::ChangedOn(date))) => Some(PartialDate::from(date.first_day())),
            _ => None,
        };
        let told = [end, later_end.unwrap_or_default()].into_iter().filter_map(on);
        let last = told.chain(changed).chain([day]).min_by_key(|date| date.first_day_out()).unwrap_or(day);
        self.ended.insert(number);
        self.set(number, start, DateBound::On(last), ENDED);
    }

    /// Lets the later version begin where the earlier one ends.
    fn continue_with(&mut self, number: u32, other: u32, relation: Relation, day: PartialDate) {
        let (_, end) = self.builder.interest_dates(other);
        match relation {
            Relation::Restated if self.clipped.contains(&number) => {
                let (start, _) = self.builder.interest_dates(number);
                self.clip(other, start, end);
            }
            Relation::Changed if on(end).is_none_or(|end| end.first_day_out() > day.first_day()) => {
                self.clip(other, DateBound::On(day), end);
            }
            _ => {}
        }
    }

    fn clip(&mut self, number: u32, start: DateBound, end: DateBound) {
        self.clipped.insert(number);
        self.set(number, start, end, CLIPPED);
    }

    /// Sets dates; an interest that would end before it begins never held.
    fn set(&mut self, number: u32, start: DateBound, end: DateBound, note: &str) {
        match (on(start), on(end)) {
            (Some(from), Some(to)) if to.first_day_out() <= from.first_day() => self.make_void(number, Some(from)),
            _ => self.builder.infer_dates(number, start, end, note),
        }
    }

    /// Keeps an interest as a record that counts on no day.
    fn make_void(&mut self, number: u32, day: Option<PartialDate>) {
        if !self.void.insert(number) {
            return;
        }
        let day = day.or_else(|| on(self.builder.interest_dates(number).0));
        let (start, end) = no_day(day);
        self.builder.infer_dates(number, start, end, RESTATED);
    }
}

/// How an interest of a later version follows one of an earlier version.
#[derive(Debug, Clone, Copy)]
enum Relation {
    /// It says the same again.
    Restated,
    /// It says something else, with a date on which that began.
    ChangedOn(PartialDate),
    /// It says something else.
    Changed,
}

fn is_restated(interest: &Interest, later: &Interest) -> bool {
    interest.kind() == later.kind()
        && interest.share() == later.share()
        && interest.directness() == later.directness()
        && (interest.owner(), interest.owned()) == (later.owner(), later.owned())
}

fn on(bound: DateBound) -> Option<PartialDate> {
    match bound {
        DateBound::On(date) => Some(date),
        _ => None,
    }
}

/// Dates between which there is no day. Bounds, not plain dates, as the statement itself is not at fault.
pub(super) fn no_day(day: Option<PartialDate>) -> (DateBound, DateBound) {
    let day = day.map(|day| PartialDate::from(day.first_day())).or_else(|| "0001-01-01".parse().ok());
    (DateBound::Between { not_before: day, not_after: day }, DateBound::Between { not_before: None, not_after: day })
}
