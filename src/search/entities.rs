//! The names of a graph's entities, ready to be searched.

use super::{Hit, NameIndex, NameKind};
use crate::graph::{Entity, NodeId, OwnershipGraph};

/// An index over the names, aliases and former names of all entities of one graph.
#[derive(Debug)]
pub struct EntityNames {
    index: NameIndex,
    /// For each entity how many names stand before its own.
    before: Vec<u32>,
}

impl EntityNames {
    /// Indexes a graph; entities with more interests come first among equals.
    pub fn of(graph: &OwnershipGraph) -> Self {
        let mut before = Vec::with_capacity(graph.node_count());
        let mut count = 0;
        let all = graph.nodes().flat_map(|node| {
            let entity = graph.entity(node);
            before.push(count);
            count += 1 + (entity.details().aliases.len() + entity.details().former_names.len()) as u32;
            names(entity).map(move |(name, kind)| (node.0, name, kind))
        });
        let weight = |node| {
            let node = NodeId(node);
            (graph.held_in(node).len() + graph.held_by(node).len()) as u32
        };
        let index = NameIndex::build(all, weight);
        Self { index, before }
    }

    /// The index itself.
    pub fn index(&self) -> &NameIndex {
        &self.index
    }

    /// The entity that a hit stands for.
    pub fn node(&self, hit: &Hit) -> NodeId {
        NodeId(hit.node)
    }

    /// The name that a hit matched.
    pub fn matched<'g>(&self, graph: &'g OwnershipGraph, hit: &Hit) -> &'g str {
        let entity = graph.entity(NodeId(hit.node));
        let position = hit.matched.index.saturating_sub(self.before[hit.node as usize]) as usize;
        names(entity).nth(position).map_or(entity.name(), |(name, _)| name)
    }
}

fn names(entity: Entity<'_>) -> impl Iterator<Item = (&str, NameKind)> {
    let details = entity.details();
    let aliases = details.aliases.iter().map(|name| (name.as_str(), NameKind::Alias));
    let former = details.former_names.iter().map(|name| (name.as_str(), NameKind::Former));
    std::iter::once((entity.name(), NameKind::Name)).chain(aliases).chain(former)
}
