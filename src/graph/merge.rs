//! Records of one party become one entity.
//!
//! Joined are records with an equal identifier (scheme and normalised value, [`Identifier::key`]), and pairs that the user
//! calls the same; never records that only share a name. A pair that the user calls different stays apart, whatever its
//! identifiers. Nothing is thrown away: the other ids still lead to the entity, their names become aliases, and
//! [`Joined`] says which records were joined and why.

mod parties;
mod records;
mod unite;

use super::builder::GraphBuilder;
use super::columns::Knowledge;
use super::identifiers::{Keyed, Keys};
use super::notes::NotesBuilder;
use super::{NodeId, OwnershipGraph};
use crate::error::Location;
use crate::model::{EntityKind, Identifier};
use crate::problem::{Problem, Rule};
use parties::{Parties, Reason};
use records::RecordsBuilder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use unite::unite;

pub(super) use records::Records;

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

/// What was joined, and what else is known of who is one party.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// The new node of every old one; nothing where no two were joined.
    new_nodes: Option<Vec<NodeId>>,
    /// Records that were joined into others.
    others: RecordsBuilder,
    /// Other ids that no entity has.
    also_known: BTreeMap<String, NodeId>,
    /// Records that were joined before the data were written.
    stated: NotesBuilder<Vec<Joined>>,
    kept_apart: Vec<(NodeId, NodeId)>,
}

impl Merged {
    /// The new node of every old one; `None` where all keep their numbers.
    pub(super) fn new_nodes(&self) -> Option<&[NodeId]> {
        self.new_nodes.as_deref()
    }

    /// The node that an old one became.
    pub(super) fn node_of(&self, old: NodeId) -> NodeId {
        self.new_nodes.as_ref().map_or(old, |nodes| nodes[old.index()])
    }

    /// Lets an id that no entity has lead to an old node.
    pub(super) fn also_known(&mut self, id: &str, old: NodeId) {
        let node = self.node_of(old);
        self.also_known.entry(id.to_owned()).or_insert(node);
    }

    /// Adds records that were joined into an old node before the data were written.
    pub(super) fn also_joined(&mut self, old: NodeId, records: Vec<Joined>) {
        let node = self.node_of(old).0;
        let known = self.stated.entry(node);
        known.extend(records);
        known.sort();
        known.dedup();
    }

    pub(super) fn finish(mut self) -> Records {
        let also_known = self.also_known.iter().map(|(id, &node)| (id.as_str(), node));
        self.others.add_known(also_known);
        self.others.finish(self.stated.finish(&Vec::new()), self.kept_apart)
    }
}

impl OwnershipGraph {
    /// Whether the user calls two entities different.
    pub fn are_kept_apart(&self, a: NodeId, b: NodeId) -> bool {
        self.merged.kept_apart.contains(&(a.min(b), a.max(b)))
    }
}

/// Finds the records that are one party and makes one entity of each.
pub(super) fn join(builder: &mut GraphBuilder) -> Merged {
    let keys = keys(builder);
    let keyed = keys.in_order();
    let shared: Vec<&[Keyed<'_>]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
    if shared.is_empty() && builder.verdicts.is_empty() {
        return Merged::default();
    }
    let mut parties = Parties::new(builder.entities.count());
    let decided = resolved(builder, &keyed);
    let of = |wanted: bool| decided.iter().filter(move |(_, _, same)| *same == wanted);
    of(false).for_each(|&(a, b, _)| parties.keep_apart(a, b));
    of(true).for_each(|&(a, b, _)| parties.join(a, b, Reason::Confirmed));
    for group in shared {
        for (position, &(key, b)) in group.iter().enumerate() {
            let fitting = group[..position].iter().find(|(_, a)| may_be_one(builder, *a, b));
            if let Some(&(_, a)) = fitting {
                parties.join(a, b, Reason::Carry(key.text));
            }
        }
    }
    let mut merged = unite(builder, &parties.members());
    let pairs = parties.apart().iter().map(|&(a, b)| (merged.node_of(NodeId(a)), merged.node_of(NodeId(b))));
    merged.kept_apart = pairs.map(|(a, b)| (a.min(b), a.max(b))).collect();
    merged
}

/// The identifiers by which records can be joined.
fn keys(builder: &GraphBuilder) -> Keys {
    let entities = &builder.entities;
    let mut nodes = (0..entities.count() as u32).map(NodeId);
    if builder.verdicts.is_empty() && nodes.all(|node| entities.namespace(node) == HAND_WRITTEN) {
        return Keys::default();
    }
    builder.identifiers.keys(!builder.verdicts.is_empty())
}

/// Records that an author gave different ids in hand-written files are different parties, and a natural person is no
/// company: there an equal number is a mistake, which `check` reports.
fn may_be_one(builder: &GraphBuilder, a: u32, b: u32) -> bool {
    let (entities, nodes) = (&builder.entities, [NodeId(a), NodeId(b)]);
    let [one, other] = nodes.map(|node| entities.kind(node));
    let written = |node| entities.namespace(node) == HAND_WRITTEN && entities.knows(node, Knowledge::DECLARED);
    let person = |kind| kind == EntityKind::Person;
    let nameless = |kind| kind == EntityKind::Unknown;
    let both_written = nodes.into_iter().all(written);
    !both_written && person(one) == person(other) && !nameless(one) && !nameless(other)
}

/// The nodes that the user's verdicts speak of.
fn resolved(builder: &mut GraphBuilder, keyed: &[Keyed<'_>]) -> Vec<(u32, u32, bool)> {
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

fn named(builder: &GraphBuilder, keyed: &[Keyed<'_>], text: &str) -> Option<u32> {
    builder.entities.find(text).map(|node| node.0).or_else(|| {
        let key = Identifier::parse(text)?.key()?;
        let first = keyed.partition_point(|(known, _)| *known.text < *key);
        keyed.get(first).filter(|(known, _)| known.text == key).map(|&(_, node)| node)
    })
}
