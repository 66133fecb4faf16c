//! The strongest chain from each owner down to a subject, and what the sources state on it.

use super::region::Region;
use crate::graph::{Entity, NodeId};
use crate::model::ShareRange;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A share that a source states.
#[derive(Debug, Clone, Serialize)]
pub struct StatedLink<'g> {
    /// Who holds it.
    pub owner: Entity<'g>,
    /// Of whom.
    pub owned: Entity<'g>,
    /// How much.
    pub share: ShareRange,
}

/// A link whose share nobody states.
#[derive(Debug, Clone, Serialize)]
pub struct UnknownLink<'g> {
    /// Who holds it.
    pub owner: Entity<'g>,
    /// Of whom.
    pub owned: Entity<'g>,
}

/// The strongest chain from each owner down to the subject.
pub(crate) struct Chains {
    /// For each local number the link by which it stands on the way down.
    down: Vec<Option<ChainLink>>,
    /// For each local number the product of the upper bounds on the way down, 0 where there is none.
    pub strength: Vec<f64>,
}

/// A link on a chain, and what the chain from there down to the subject tells.
#[derive(Clone, Copy)]
struct ChainLink {
    owned: u32,
    stated: ShareRange,
    /// Whose link is the last stated one before the first unknown one.
    last_stated: Option<u32>,
    /// Whose link is the first of which nothing is stated.
    first_unknown: Option<u32>,
}

impl Chains {
    /// Dijkstra's algorithm with products of upper bounds; among equals the shorter chain.
    pub(crate) fn up_from(region: &Region<'_>, subject: NodeId) -> Self {
        let mut chains = Self { down: vec![None; region.len()], strength: vec![0.0; region.len()] };
        let Some(start) = region.local(subject) else { return chains };
        let mut steps = vec![u32::MAX; region.len()];
        let mut done = vec![false; region.len()];
        let mut heap = BinaryHeap::from([Candidate { strength: 1.0, steps: 0, entity: start }]);
        (chains.strength[start as usize], steps[start as usize]) = (1.0, 0);
        while let Some(Candidate { strength, steps: taken, entity }) = heap.pop() {
            if std::mem::replace(&mut done[entity as usize], true) {
                continue;
            }
            for link in region.links(entity).iter().filter(|link| !done[link.owner as usize]) {
                let next = (strength * f64::from(link.high) / 1e9, taken + 1);
                let owner = link.owner as usize;
                let known = chains.strength[owner];
                if next.0 > known || next.0 == known && next.1 < steps[owner] {
                    (chains.strength[owner], steps[owner]) = next;
                    chains.down[owner] = Some(chains.link(link.owner, entity, link.stated()));
                    heap.push(Candidate { strength: next.0, steps: next.1, entity: link.owner });
                }
            }
        }
        chains
    }

    /// A link of `owner` in an entity whose own way down is settled.
    fn link(&self, owner: u32, owned: u32, stated: ShareRange) -> ChainLink {
        let below = self.down[owned as usize];
        let unknown_below = below.and_then(|link| link.first_unknown);
        let (last_stated, first_unknown) = match below {
            _ if stated.is_unknown() => (None, Some(owner)),
            Some(link) if link.last_stated.is_some() => (link.last_stated, unknown_below),
            _ => (Some(owner), unknown_below),
        };
        ChainLink { owned, stated, last_stated, first_unknown }
    }

    /// The last stated share before the first unknown link, on the way down from `owner`.
    pub(crate) fn stated<'g>(
        &self,
        region: &Region<'g>,
        owner: NodeId,
    ) -> (Option<StatedLink<'g>>, Option<UnknownLink<'g>>) {
        let entity = |local: u32| region.view.graph().entity(region.node(local));
        let way = |owner: Option<u32>| {
            let owner = owner?;
            self.down[owner as usize].map(|link| (entity(owner), entity(link.owned), link.stated))
        };
        let Some(link) = region.local(owner).and_then(|local| self.down[local as usize]) else { return (None, None) };
        (
            way(link.last_stated).map(|(owner, owned, share)| StatedLink { owner, owned, share }),
            way(link.first_unknown).map(|(owner, owned, _)| UnknownLink { owner, owned }),
        )
    }
}

#[derive(PartialEq)]
struct Candidate {
    strength: f64,
    steps: u32,
    entity: u32,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let steps = other.steps.cmp(&self.steps);
        self.strength.total_cmp(&other.strength).then(steps).then(other.entity.cmp(&self.entity))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
