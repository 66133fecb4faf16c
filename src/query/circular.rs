//! Circles: entities that hold one another, or themselves.

use super::column;
use crate::graph::{Entity, NodeId, View, scc};
use crate::model::{AsOf, Layer};
use serde::Serialize;
use std::collections::HashSet;

/// The circular groups of a view.
#[derive(Debug, Clone, Serialize)]
pub struct CircularGroups<'g> {
    /// The day.
    pub as_of: AsOf,
    /// The layer.
    pub layer: Layer,
    /// The groups, largest first.
    pub groups: Vec<CircularGroup<'g>>,
}

/// One circular group.
#[derive(Debug, Clone, Serialize)]
pub struct CircularGroup<'g> {
    /// Its members, by id.
    pub members: Vec<Entity<'g>>,
    /// Whether nobody outside holds any of them.
    pub closed: bool,
}

impl<'g> View<'g> {
    /// Every strongly connected component with more than one member, and every self-holding.
    pub fn circular_groups(self) -> CircularGroups<'g> {
        let graph = self.graph();
        let (mut offsets, mut owners) = (vec![0], Vec::with_capacity(graph.edge_count()));
        column::each(self, |_, column, _| {
            owners.extend(column.holders.iter().filter(|holder| holder.high > 0).map(|holder| holder.owner.0));
            offsets.push(owners.len());
        });
        let owners_of = |entity: u32| &owners[offsets[entity as usize]..offsets[entity as usize + 1]];
        let found = scc::circular_components(graph.node_count(), owners_of);
        let mut groups: Vec<CircularGroup<'g>> = found
            .iter()
            .map(|members| {
                let inside: HashSet<u32> = members.iter().copied().collect();
                let closed = members.iter().all(|&member| owners_of(member).iter().all(|owner| inside.contains(owner)));
                let mut members: Vec<Entity<'g>> = members.iter().map(|&member| graph.entity(NodeId(member))).collect();
                members.sort_by_key(|entity| entity.id());
                CircularGroup { members, closed }
            })
            .collect();
        groups.sort_by(|a, b| {
            b.members.len().cmp(&a.members.len()).then_with(|| a.members[0].id().cmp(b.members[0].id()))
        });
        CircularGroups { as_of: self.as_of(), layer: self.current_layer(), groups }
    }
}
