//! Circles: entities that hold one another, or themselves.

use super::region::Region;
use crate::graph::{Entity, View};
use crate::model::{AsOf, Layer};
use serde::Serialize;

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
        let region = Region::whole(self);
        let mut groups: Vec<CircularGroup<'g>> = region
            .circular_groups()
            .map(|locals| {
                let inside = |owner: &u32| locals.contains(owner);
                let closed = locals.iter().all(|&member| region.owners(member).iter().all(inside));
                let mut members: Vec<Entity<'g>> =
                    locals.iter().map(|&member| self.graph().entity(region.node(member))).collect();
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
