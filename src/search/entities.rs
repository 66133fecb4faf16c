//! The names of a graph's entities, ready to be searched.

use arrow_buffer::ScalarBuffer;

use super::{Hit, NameIndex, NameKind};
use crate::columnar::{Column, Get};
use crate::graph::{Entity, NodeId, OwnershipGraph};
use crate::model::entity::EntityDetails;
use crate::model::lookalike::mixed_script_word;
use serde::{Serialize, Serializer};

/// An index over the names, aliases and former names of all entities of one graph.
#[derive(Debug)]
pub struct EntityNames {
    index: NameIndex,
    /// For each entity how many names stand before its own. Empty where every entity has one name.
    before: ScalarBuffer<u32>,
}

const BEFORE: &str = "before";

impl EntityNames {
    /// Indexes a graph; entities with more interests come first among equals.
    ///
    /// A graph that was opened from an index brings its names along: then nothing is built.
    pub fn of(graph: &OwnershipGraph) -> Self {
        let stored = Self::from_columns(graph.node_count(), &mut |name| graph.stored_names(name));
        stored.unwrap_or_else(|| Self::build(graph))
    }

    fn build(graph: &OwnershipGraph) -> Self {
        let mut before = Vec::with_capacity(graph.node_count());
        let mut count = 0;
        let all = graph.nodes().flat_map(|node| {
            let entity = graph.entity(node);
            before.push(count);
            count += 1 + other_names(entity).count() as u32;
            let own = std::iter::once((entity.name(), NameKind::Name));
            own.chain(other_names(entity)).map(move |(name, kind)| (node.0, name, kind))
        });
        let weight = |node| {
            let node = NodeId(node);
            (graph.held_in(node).len() + graph.held_by(node).len()) as u32
        };
        let index = NameIndex::build(all, weight);
        if before.last().is_none_or(|last| *last as usize == before.len() - 1) {
            before = Vec::new();
        }
        Self { index, before: before.into() }
    }

    /// The names and their words, to be written down: the same graph gives the same bytes.
    pub(crate) fn columns(&self) -> Vec<(&'static str, Column)> {
        let mut columns = self.index.columns();
        columns.push((BEFORE, Column::from(&self.before)));
        columns
    }

    /// The names of a graph of so many entities, of which these are all columns. `None` where one is
    /// missing or they do not fit together.
    pub(crate) fn from_columns(node_count: usize, get: Get<'_>) -> Option<Self> {
        let before = get(BEFORE)?.get::<u32>()?;
        let index = NameIndex::from_columns(get)?.with_node_limit(u32::try_from(node_count).ok()?);
        (before.is_empty() || before.len() == node_count).then_some(Self { index, before })
    }

    /// The index itself.
    pub fn index(&self) -> &NameIndex {
        &self.index
    }

    /// The entity that a hit stands for.
    pub fn node(&self, hit: &Hit) -> NodeId {
        NodeId(hit.node)
    }

    /// Entities with that id or identifier first, then those with such a name, at most `max`.
    pub fn find<'g>(&self, graph: &'g OwnershipGraph, text: &str, max: usize) -> Vec<Match<'g>> {
        let by_id = graph.node_by_id(text).into_iter().map(|node| (node, "id"));
        let by_number = graph.nodes_by_identifier(text).into_iter().map(|node| (node, "identifier"));
        let mut found: Vec<Match<'g>> = Vec::new();
        for (node, reason) in by_id.chain(by_number) {
            if !found.iter().any(|known| known.entity.node() == node) {
                let entity = graph.entity(node);
                found.push(Match::new(entity, 1.0, text.to_owned(), reason));
            }
        }
        for hit in self.index.find(text, max) {
            let entity = graph.entity(NodeId(hit.node));
            if !found.iter().any(|known| known.entity.node() == entity.node()) {
                let matched_name = self.matched(graph, &hit).to_owned();
                found.push(Match::new(entity, hit.score, matched_name, hit.reason.as_str()));
            }
        }
        found.truncate(max);
        found
    }

    /// The name that a hit matched.
    pub fn matched<'g>(&self, graph: &'g OwnershipGraph, hit: &Hit) -> &'g str {
        let entity = graph.entity(NodeId(hit.node));
        let before = self.before.get(hit.node as usize).copied().unwrap_or(hit.node);
        match hit.matched.index.saturating_sub(before).checked_sub(1) {
            None => entity.name(),
            Some(other) => other_names(entity).nth(other as usize).map_or(entity.name(), |(name, _)| name),
        }
    }
}

/// An entity that a text may mean.
#[derive(Debug, Clone, Serialize)]
pub struct Match<'g> {
    /// The entity.
    pub entity: Entity<'g>,
    /// From 0 to 1.
    #[serde(serialize_with = "as_shown")]
    pub score: f32,
    /// The name, id or number that matched.
    pub matched_name: String,
    /// How it matched, in one word.
    pub reason: &'static str,
    /// A word of the entity's name that mixes scripts, such as Latin and Cyrillic: it may stand for another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed_script: Option<&'g str>,
}

/// The number with the digits that it is shown with, and not those that it gets as a longer one.
fn as_shown<S: Serializer>(score: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(score.to_string().parse().unwrap_or(f64::from(*score)))
}

impl<'g> Match<'g> {
    pub(super) fn new(entity: Entity<'g>, score: f32, matched_name: String, reason: &'static str) -> Self {
        Self { entity, score, matched_name, reason, mixed_script: mixed_script_word(entity.name()) }
    }
}

/// Aliases and former names.
pub(super) fn other_names(entity: Entity<'_>) -> impl Iterator<Item = (&str, NameKind)> {
    // Most have none, and what is read once is kept: do not read what is not needed.
    let details = if entity.has_other_names() { entity.details() } else { const { &EntityDetails::EMPTY } };
    let aliases = details.aliases.iter().map(|name| (name.as_str(), NameKind::Alias));
    let former = details.former_names.iter().map(|name| (name.as_str(), NameKind::Former));
    aliases.chain(former)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const OWNERSHIP: &str = "owner,owned,owned_name\nx1,a1,Acme Widgets Limited\nx1,b2,\nb2,c3,Nova Capital\n";

    fn graph() -> OwnershipGraph {
        let mut loader = crate::load::Loader::new();
        loader.read_text("a.csv", OWNERSHIP).expect("a table");
        loader.finish().expect("a graph")
    }

    fn columns(names: &EntityNames) -> Vec<(&'static str, Column)> {
        let index = names.index();
        [names.columns(), index.list_columns(), index.core_columns(), index.resemblance_columns()].concat()
    }

    fn opened(graph: &OwnershipGraph, columns: Vec<(&'static str, Column)>) -> Option<EntityNames> {
        let columns: HashMap<_, _> = columns.into_iter().collect();
        EntityNames::from_columns(graph.node_count(), &mut |name| columns.get(name).cloned())
    }

    #[test]
    fn stored_names_are_the_names() {
        let graph = graph();
        let names = EntityNames::of(&graph);
        let stored = opened(&graph, columns(&names)).expect("columns that fit");
        for text in ["acme", "acme widgets", "nova capitl", "x1", "b2"] {
            let hits = stored.index().find(text, 5);
            assert_eq!(hits, names.index().find(text, 5), "{text}");
            assert!(!hits.is_empty(), "{text}");
            assert_eq!(stored.matched(&graph, &hits[0]), names.matched(&graph, &hits[0]));
        }
        for missing in 0..columns(&names).len() {
            let mut columns = columns(&names);
            columns.remove(missing);
            assert!(opened(&graph, columns).is_none(), "{missing}");
        }
    }

    #[test]
    fn nodes_beyond_the_graph_are_not_found() {
        let graph = graph();
        let mut columns = columns(&EntityNames::of(&graph));
        for (name, column) in &mut columns {
            if *name == "nodes" {
                *column = Column::from(&ScalarBuffer::from(vec![77u32; column.bytes().len() / 4]));
            }
        }
        assert!(opened(&graph, columns).is_some_and(|names| names.index().find("acme", 5).is_empty()));
    }
}
