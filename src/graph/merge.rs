//! Records of one party become one entity.
//!
//! Joined are records with an equal identifier (scheme and normalised value, [`Identifier::key`]), and pairs that the user
//! calls the same; never records that only share a name. A pair that the user calls different stays apart, whatever its
//! identifiers. Nothing is thrown away: the other ids still lead to the entity, their names become aliases, and
//! [`Joined`] says which records were joined and why.

use super::builder::GraphBuilder;
use super::columns::{Knowledge, NO_JURISDICTION, Node};
use super::notes::{Notes, NotesBuilder};
use super::side_by_side::side_by_side;
use super::texts::Texts;
use super::{NodeId, OwnershipGraph};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::model::entity::EntityDetails;
use crate::model::{EntityKind, Identifier};
use crate::problem::{Problem, Rule};
use arrow_buffer::ScalarBuffer;
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A record that was joined into an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joined {
    /// The id under which the record stood.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why: the shared identifier, or the user's word.
    pub reason: String,
}

/// What the user says of two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Id or identifier of the one.
    pub a: String,
    /// Id or identifier of the other.
    pub b: String,
    /// Whether they are one party.
    pub same: bool,
    /// Where the user says so.
    pub location: Location,
}

/// The family of hand-written formats, in which an author's own ids say what is one party.
pub(crate) const HAND_WRITTEN: u8 = 0;

/// Which records are one party: union–find over nodes, with pairs that must stay apart.
struct Parties {
    parents: Vec<u32>,
    apart: Vec<(u32, u32)>,
    reasons: HashMap<u32, String, RandomState>,
}

impl Parties {
    fn find(&self, mut node: u32) -> u32 {
        while self.parents[node as usize] != node {
            node = self.parents[node as usize];
        }
        node
    }

    /// Joins two parties under the smaller number unless the user keeps them apart.
    fn join(&mut self, a: u32, b: u32, reason: impl FnOnce() -> String) {
        let (a, b) = (self.find(a), self.find(b));
        if a == b || self.are_apart(a, b) {
            return;
        }
        let (root, other) = (a.min(b), a.max(b));
        self.parents[other as usize] = root;
        self.reasons.insert(other, reason());
    }

    fn are_apart(&self, a: u32, b: u32) -> bool {
        self.apart.iter().any(|&(c, d)| {
            let (c, d) = (self.find(c), self.find(d));
            (c, d) == (a, b) || (c, d) == (b, a)
        })
    }
}

/// What was joined, and what else is known of who is one party.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// The new node of every old one; nothing where no two were joined.
    new_nodes: Option<Vec<NodeId>>,
    other_ids: BTreeMap<String, NodeId>,
    joined: BTreeMap<u32, Vec<Joined>>,
    kept_apart: Vec<(NodeId, NodeId)>,
}

impl Merged {
    /// Whether nodes have new numbers.
    pub(super) fn changes(&self) -> bool {
        self.new_nodes.is_some()
    }

    /// The node that an old one became.
    pub(super) fn node_of(&self, old: NodeId) -> NodeId {
        self.new_nodes.as_ref().map_or(old, |nodes| nodes[old.index()])
    }

    /// Lets an id that no entity has lead to an old node.
    pub(super) fn also_known(&mut self, id: &str, old: NodeId) {
        let node = self.node_of(old);
        self.other_ids.entry(id.to_owned()).or_insert(node);
    }

    /// Adds records that were joined into an old node before the data were written.
    pub(super) fn also_joined(&mut self, old: NodeId, records: Vec<Joined>) {
        let known = self.joined.entry(self.node_of(old).0).or_default();
        known.extend(records);
        known.sort();
        known.dedup();
    }

    pub(super) fn finish(self) -> Records {
        let mut joined = NotesBuilder::default();
        self.joined.into_iter().for_each(|(node, records)| joined.insert(node, records));
        Records {
            other_ids: self.other_ids.keys().map(String::as_str).collect(),
            other_nodes: self.other_ids.values().map(|node| node.0).collect::<Vec<_>>().into(),
            joined: joined.finish(&Vec::new()),
            kept_apart: self.kept_apart,
        }
    }
}

/// The records behind the entities of a graph.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Ids under which entities are known beside their own, in order: those of records that were joined into them.
    pub(super) other_ids: Texts,
    pub(super) other_nodes: ScalarBuffer<u32>,
    pub(super) joined: Notes<Vec<Joined>>,
    /// Pairs that the user calls different, the smaller number first.
    pub(super) kept_apart: Vec<(NodeId, NodeId)>,
}

impl Records {
    /// The entity into which the record with an id was joined.
    pub(super) fn find(&self, id: &str) -> Option<NodeId> {
        self.other_ids.position_in_order(id).and_then(|at| self.other_nodes.get(at)).copied().map(NodeId)
    }
}

impl OwnershipGraph {
    /// Whether the user calls two entities different.
    pub fn are_kept_apart(&self, a: NodeId, b: NodeId) -> bool {
        self.merged.kept_apart.contains(&(a.min(b), a.max(b)))
    }
}

/// Finds the records that are one party and makes one entity of each.
pub(super) fn join(builder: &mut GraphBuilder) -> Result<Merged> {
    let keyed = keyed_identifiers(builder);
    let shared: Vec<&[(String, u32)]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
    if shared.is_empty() && builder.verdicts.is_empty() {
        return Ok(Merged::default());
    }
    let parents = (0..builder.entities.count() as u32).collect();
    let mut parties = Parties { parents, apart: Vec::new(), reasons: HashMap::default() };
    let decided = resolved(builder, &keyed);
    parties.apart.extend(decided.iter().filter(|(_, _, same)| !same).map(|&(a, b, _)| (a, b)));
    for &(a, b, _) in decided.iter().filter(|(_, _, same)| *same) {
        parties.join(a, b, || "confirmed".to_owned());
    }
    for group in shared {
        for (position, (key, b)) in group.iter().enumerate() {
            let fitting = group[..position].iter().find(|(_, a)| may_be_one(builder, *a, *b));
            if let Some((_, a)) = fitting {
                parties.join(*a, *b, || format!("both carry {key}"));
            }
        }
    }
    let apart = std::mem::take(&mut parties.apart);
    let mut merged = if parties.reasons.is_empty() { Merged::default() } else { unite(builder, &parties)? };
    let pairs = apart.into_iter().map(|(a, b)| (merged.node_of(NodeId(a)), merged.node_of(NodeId(b))));
    merged.kept_apart = pairs.map(|(a, b)| (a.min(b), a.max(b))).collect();
    Ok(merged)
}

/// The identifiers by which records can be joined, as they are compared, in order.
fn keyed_identifiers(builder: &GraphBuilder) -> Vec<(String, u32)> {
    let entities = &builder.entities;
    let mut nodes = (0..entities.count() as u32).map(NodeId);
    if builder.verdicts.is_empty() && nodes.all(|node| entities.namespace(node) == HAND_WRITTEN) {
        return Vec::new();
    }
    builder.identifiers.keyed(!builder.verdicts.is_empty())
}

/// Records that an author gave different ids in hand-written files are different parties, and a natural person is no
/// company: there an equal number is a mistake, which `check` reports.
fn may_be_one(builder: &GraphBuilder, a: u32, b: u32) -> bool {
    let (one, other) = (builder.entities.row(NodeId(a)), builder.entities.row(NodeId(b)));
    let written = |node: &Node| node.namespace == HAND_WRITTEN && node.knowledge.has(Knowledge::DECLARED);
    let person = |node: &Node| node.kind == EntityKind::Person;
    let nameless = |node: &Node| node.kind == EntityKind::Unknown;
    let both_written = written(&one) && written(&other);
    !both_written && person(&one) == person(&other) && !nameless(&one) && !nameless(&other)
}

/// The nodes that the user's verdicts speak of.
fn resolved(builder: &mut GraphBuilder, keyed: &[(String, u32)]) -> Vec<(u32, u32, bool)> {
    let mut decided = Vec::new();
    for verdict in &builder.verdicts {
        match (named(builder, keyed, &verdict.a), named(builder, keyed, &verdict.b)) {
            (Some(a), Some(b)) => decided.push((a, b, verdict.same)),
            (a, _) => {
                let unknown = if a.is_none() { &verdict.a } else { &verdict.b };
                let message = format!("speaks of {unknown:?}, which no input mentions");
                let location = verdict.location.clone();
                builder.problems.push(Problem { rule: Rule::UnknownMatch, location, message });
            }
        }
    }
    decided
}

fn named(builder: &GraphBuilder, keyed: &[(String, u32)], text: &str) -> Option<u32> {
    builder.entities.find(text).map(|node| node.0).or_else(|| {
        let key = Identifier::parse(text)?.key()?;
        let first = keyed.partition_point(|(known, _)| *known < key);
        keyed.get(first).filter(|(known, _)| *known == key).map(|&(_, node)| node)
    })
}

/// Makes one node of each party, in the order of their first records.
fn unite(builder: &mut GraphBuilder, parties: &Parties) -> Result<Merged> {
    let mut members: HashMap<u32, Vec<u32>, RandomState> = HashMap::default();
    for &node in parties.reasons.keys() {
        members.entry(parties.find(node)).or_default().push(node);
    }
    let count = builder.entities.count();
    let mut new_nodes = vec![NodeId(u32::MAX); count];
    let mut kept: Vec<(NodeId, Node)> = Vec::with_capacity(count);
    let mut merged = Merged::default();
    for old in 0..count as u32 {
        if parties.parents[old as usize] != old {
            continue;
        }
        let new = NodeId(kept.len() as u32);
        new_nodes[old as usize] = new;
        let Some(others) = members.get(&old) else {
            kept.push((NodeId(old), builder.entities.row(NodeId(old))));
            continue;
        };
        let mut all: Vec<u32> = std::iter::once(old).chain(others.iter().copied()).collect();
        all.sort_by_key(|&node| rank(builder, node));
        all.iter().for_each(|&node| new_nodes[node as usize] = new);
        kept.push((NodeId(all[0]), united(builder, parties, &all, new, &mut merged)));
    }
    let (entities, details) = (std::mem::take(&mut builder.entities), &mut builder.entity_details);
    let (reduced, ()) =
        side_by_side(count, || entities.reduced(&kept), || details.renumber(|node| new_nodes[node as usize].0));
    builder.entities = reduced.ok_or_else(|| Error::plain(ErrorKind::Limit, "too many entities for one graph"))?;
    Ok(Merged { new_nodes: Some(new_nodes), ..merged })
}

/// The record that gives an entity its id and its name: one that describes the party itself before one that mentions it,
/// then the family of formats, then the id, so that the order of inputs does not matter. The shorter id is that of the
/// party itself, the longer one that of a part it plays in another's record.
fn rank(builder: &GraphBuilder, node: u32) -> (bool, u8, usize, &str) {
    let (entities, node) = (&builder.entities, NodeId(node));
    let id = entities.id(node);
    (!entities.knows(node, Knowledge::DECLARED), entities.namespace(node), id.len(), id)
}

/// One row of many: the first record's, completed by the others'. Their ids and names are kept.
fn united(builder: &mut GraphBuilder, parties: &Parties, all: &[u32], new: NodeId, merged: &mut Merged) -> Node {
    let first = NodeId(all[0]);
    let mut row = builder.entities.row(first);
    let mut named_after = first;
    let mut details = builder.entity_details.remove(first.0).unwrap_or_default();
    let mut joined = Vec::new();
    for &node in &all[1..] {
        let (entities, node) = (&builder.entities, NodeId(node));
        let (id, name) = (entities.id(node).to_owned(), entities.name(node).to_owned());
        if let Some(reason) = parties.reasons.get(&node.0).or_else(|| parties.reasons.get(&first.0)) {
            joined.push(Joined { id: id.clone(), name: name.clone(), reason: reason.clone() });
            merged.other_ids.insert(id, new);
        }
        let other = entities.row(node);
        if other.knowledge.has(Knowledge::NAMED) && name != entities.name(named_after) {
            if !row.knowledge.has(Knowledge::NAMED) {
                named_after = node;
            } else if !details.aliases.contains(&name) {
                details.aliases.push(name);
            }
        }
        if let Some(more) = builder.entity_details.remove(node.0) {
            super::builder::merge_details(&mut details, more);
        }
        complete(&mut row, &other);
    }
    if named_after != first {
        let name = builder.entities.name(named_after).to_owned();
        // No room for the name is no reason to lose the entity: it keeps the other one.
        builder.entities.set_name(first, &name);
        row.name = builder.entities.row(first).name;
    }
    if details != EntityDetails::EMPTY {
        // Filed under the first record's old number; the caller renumbers all details at once.
        builder.entity_details.insert(first.0, details);
    }
    joined.sort();
    merged.joined.insert(new.0, joined);
    row
}

fn complete(row: &mut Node, other: &Node) {
    let inferred = Knowledge::JURISDICTION_INFERRED;
    if row.jurisdiction == NO_JURISDICTION {
        row.jurisdiction = other.jurisdiction;
        row.knowledge = row.knowledge.without(inferred).with(inferred, other.knowledge.has(inferred));
    }
    if !row.knowledge.has(Knowledge::KIND) && other.knowledge.has(Knowledge::KIND) {
        row.kind = other.kind;
    }
    for bit in [Knowledge::OWNERS_COMPLETE, Knowledge::DECLARED, Knowledge::NAMED, Knowledge::KIND] {
        row.knowledge = row.knowledge.with(bit, other.knowledge.has(bit));
    }
    if row.founded == 0 {
        row.founded = other.founded;
    }
    if row.dissolved == 0 {
        row.dissolved = other.dissolved;
    }
}
