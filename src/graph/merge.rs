//! Records of one party become one entity.
//!
//! Joined are records with an equal identifier (scheme and normalised value, [`Identifier::key`]), and pairs that the user
//! calls the same; never records that only share a name. A pair that the user calls different stays apart, whatever its
//! identifiers. Nothing is thrown away: the other ids still lead to the entity, their names become aliases, and
//! [`Joined`] says which records were joined and why.

use super::builder::Knowledge;
use super::columns::{NO_JURISDICTION, Node};
use super::{NodeId, OwnershipGraph};
use crate::error::Location;
use crate::model::{EntityKind, Identifier};
use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
    reasons: HashMap<u32, String>,
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

/// Finds the records that are one party and makes one entity of each. Returns the new node of every old one, or `None`
/// where nothing was joined.
pub(super) fn join(
    graph: &mut OwnershipGraph,
    known: &mut Vec<Knowledge>,
    verdicts: &[Verdict],
) -> Option<Vec<NodeId>> {
    let keyed = keyed_identifiers(graph, verdicts);
    let shared: Vec<&[(String, u32)]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1).collect();
    if shared.is_empty() && verdicts.is_empty() {
        return None;
    }
    let mut parties =
        Parties { parents: (0..graph.nodes.len() as u32).collect(), apart: Vec::new(), reasons: HashMap::new() };
    let decided = resolved(graph, &keyed, verdicts);
    parties.apart.extend(decided.iter().filter(|(_, _, same)| !same).map(|&(a, b, _)| (a, b)));
    for &(a, b, _) in decided.iter().filter(|(_, _, same)| *same) {
        parties.join(a, b, || "confirmed".to_owned());
    }
    for group in shared {
        for (position, (key, b)) in group.iter().enumerate() {
            let fitting = group[..position].iter().find(|(_, a)| may_be_one(graph, known, *a, *b));
            if let Some((_, a)) = fitting {
                parties.join(*a, *b, || format!("both carry {key}"));
            }
        }
    }
    let apart = parties.apart.clone();
    let new_nodes = (!parties.reasons.is_empty()).then(|| unite(graph, known, &parties));
    let node_of = |old: u32| new_nodes.as_ref().map_or(NodeId(old), |nodes| nodes[old as usize]);
    let pairs = apart.into_iter().map(|(a, b)| (node_of(a), node_of(b)));
    graph.kept_apart = pairs.map(|(a, b)| (a.min(b), a.max(b))).collect();
    new_nodes
}

/// The identifiers by which records can be joined, as they are compared, in order.
fn keyed_identifiers(graph: &OwnershipGraph, verdicts: &[Verdict]) -> Vec<(String, u32)> {
    if graph.nodes.iter().all(|node| node.namespace == HAND_WRITTEN) && verdicts.is_empty() {
        return Vec::new();
    }
    let all = graph.identifiers.all(&graph.text);
    let mut keyed: Vec<(String, u32)> =
        all.filter_map(|(node, identifier)| identifier.key().map(|key| (key, node.0))).collect();
    keyed.sort_unstable();
    keyed.dedup();
    keyed
}

/// Records that an author gave different ids in hand-written files are different parties, and a natural person is no
/// company: there an equal number is a mistake, which `check` reports.
fn may_be_one(graph: &OwnershipGraph, known: &[Knowledge], a: u32, b: u32) -> bool {
    let (one, other) = (&graph.nodes[a as usize], &graph.nodes[b as usize]);
    let written = |node: &Node, number: u32| node.namespace == HAND_WRITTEN && known[number as usize].declared;
    let person = |node: &Node| node.kind == EntityKind::Person;
    let nameless = |node: &Node| node.kind == EntityKind::Unknown;
    let both_written = written(one, a) && written(other, b);
    !both_written && person(one) == person(other) && !nameless(one) && !nameless(other)
}

/// The nodes that the user's verdicts speak of.
fn resolved(graph: &mut OwnershipGraph, keyed: &[(String, u32)], verdicts: &[Verdict]) -> Vec<(u32, u32, bool)> {
    let mut decided = Vec::new();
    for verdict in verdicts {
        match (named(graph, keyed, &verdict.a), named(graph, keyed, &verdict.b)) {
            (Some(a), Some(b)) => decided.push((a, b, verdict.same)),
            (a, _) => {
                let unknown = if a.is_none() { &verdict.a } else { &verdict.b };
                let message = format!("speaks of {unknown:?}, which no input mentions");
                let location = verdict.location.clone();
                graph.problems.push(Problem { rule: Rule::UnknownMatch, location, message });
            }
        }
    }
    decided
}

fn named(graph: &OwnershipGraph, keyed: &[(String, u32)], text: &str) -> Option<u32> {
    graph.node_by_id(text).map(|node| node.0).or_else(|| {
        let key = Identifier::parse(text)?.key()?;
        let first = keyed.partition_point(|(known, _)| *known < key);
        keyed.get(first).filter(|(known, _)| *known == key).map(|&(_, node)| node)
    })
}

/// Makes one node of each party, in the order of their first records.
fn unite(graph: &mut OwnershipGraph, known: &mut Vec<Knowledge>, parties: &Parties) -> Vec<NodeId> {
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for &node in parties.reasons.keys() {
        members.entry(parties.find(node)).or_default().push(node);
    }
    let mut new_nodes = vec![NodeId(u32::MAX); graph.nodes.len()];
    let (mut nodes, mut knowledge) = (Vec::new(), Vec::new());
    for old in 0..graph.nodes.len() as u32 {
        if parties.parents[old as usize] != old {
            continue;
        }
        let new = NodeId(nodes.len() as u32);
        new_nodes[old as usize] = new;
        let Some(others) = members.get(&old) else {
            nodes.push(graph.nodes[old as usize]);
            knowledge.push(known[old as usize]);
            continue;
        };
        let mut all: Vec<u32> = std::iter::once(old).chain(others.iter().copied()).collect();
        all.sort_by_key(|&node| rank(graph, known, node));
        all.iter().for_each(|&node| new_nodes[node as usize] = new);
        let (row, knows) = united(graph, known, parties, &all, new);
        nodes.push(row);
        knowledge.push(knows);
    }
    graph.node_details = std::mem::take(&mut graph.node_details)
        .into_iter()
        .map(|(node, details)| (new_nodes[node.index()], details))
        .collect();
    graph.nodes = nodes;
    *known = knowledge;
    graph.node_by_id = Default::default();
    for (number, node) in graph.nodes.iter().enumerate() {
        let (nodes, text) = (&graph.nodes, &graph.text);
        graph.node_by_id.insert(text.get(node.id), number as u32, |node| text.get(nodes[node as usize].id));
    }
    new_nodes
}

/// The record that gives an entity its id and its name: one that describes the party itself before one that mentions it,
/// then the family of formats, then the id, so that the order of inputs does not matter. The shorter id is that of the
/// party itself, the longer one that of a part it plays in another's record.
fn rank<'g>(graph: &'g OwnershipGraph, known: &[Knowledge], node: u32) -> (bool, u8, usize, &'g str) {
    let row = &graph.nodes[node as usize];
    let id = graph.text.get(row.id);
    (!known[node as usize].declared, row.namespace, id.len(), id)
}

/// One row of many: the first record's, completed by the others'. Their ids and names are kept.
fn united(
    graph: &mut OwnershipGraph,
    known: &[Knowledge],
    parties: &Parties,
    all: &[u32],
    new: NodeId,
) -> (Node, Knowledge) {
    let mut row = graph.nodes[all[0] as usize];
    let mut knows = known[all[0] as usize];
    let mut details = graph.node_details.remove(&NodeId(all[0])).unwrap_or_default();
    let mut joined = Vec::new();
    for (position, &node) in all.iter().enumerate() {
        let other = graph.nodes[node as usize];
        let (id, name) = (graph.text.get(other.id).to_owned(), graph.text.get(other.name).to_owned());
        if let Some(reason) =
            parties.reasons.get(&node).or_else(|| parties.reasons.get(&all[0])).filter(|_| position > 0)
        {
            joined.push(Joined { id: id.clone(), name: name.clone(), reason: reason.clone() });
            graph.other_ids.insert(id, new);
        }
        if position == 0 {
            continue;
        }
        if known[node as usize].named && name != graph.text.get(row.name) {
            if !knows.named {
                row.name = other.name;
            } else if !details.aliases.contains(&name) {
                details.aliases.push(name);
            }
        }
        if let Some(more) = graph.node_details.remove(&NodeId(node)) {
            super::builder::merge_details(&mut details, more);
        }
        complete(&mut row, &other);
        knows.named |= known[node as usize].named;
        knows.declared |= known[node as usize].declared;
        if !knows.kind && known[node as usize].kind {
            (row.kind, knows.kind) = (other.kind, true);
        }
    }
    if details != crate::model::entity::EntityDetails::EMPTY {
        // Filed under the first record's old number; the caller renumbers all details at once.
        graph.node_details.insert(NodeId(all[0]), details);
    }
    joined.sort();
    graph.joined.insert(new, joined);
    (row, knows)
}

fn complete(row: &mut Node, other: &Node) {
    if row.jurisdiction == NO_JURISDICTION {
        row.jurisdiction = other.jurisdiction;
        row.jurisdiction_inferred = other.jurisdiction_inferred;
    }
    row.owners_complete |= other.owners_complete;
    if row.founded == 0 {
        row.founded = other.founded;
    }
    if row.dissolved == 0 {
        row.dissolved = other.dissolved;
    }
}
