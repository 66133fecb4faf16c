//! Ultimate control by votes for every entity at once.
//!
//! Where votes sum to at most the whole and control takes strictly more than half, the controllers of an entity form a
//! chain, so that one root for each entity holds the answer. Union–find over majority holders finds the roots without
//! sorting: first by single majorities, then again and again for entities whose majority only comes together in one
//! group, until nothing changes.

use super::column::{self, WHOLE};
use crate::graph::{NodeId, View};
use crate::model::Layer;
use crate::model::interest::ControlRight;

/// The root of the controllers of every entity.
pub(crate) struct VoteForest {
    parents: Vec<u32>,
}

/// Entities without a single majority holder, with the holders whom a group may unite.
#[derive(Default)]
struct Undecided {
    entities: Vec<u32>,
    offsets: Vec<u32>,
    holders: Vec<(u32, u32)>,
}

impl VoteForest {
    /// The roots in the votes layer of a view; `None` where control is no forest there: where an interest gives control
    /// without a share, and where an entity is over-subscribed or completely registered.
    pub(crate) fn of(view: View<'_>) -> Option<Self> {
        let view = view.layer(Layer::Votes);
        let graph = view.graph();
        let mut forest = Self { parents: (0..graph.node_count() as u32).collect() };
        let mut undecided = Undecided { offsets: vec![0], ..Undecided::default() };
        for node in graph.nodes() {
            forest.decide_alone(view, node, &mut undecided)?;
        }
        forest.decide_together(&undecided);
        Some(forest)
    }

    /// The root of each entity.
    pub(crate) fn into_roots(mut self) -> Vec<u32> {
        (0..self.parents.len() as u32).map(|entity| self.find(entity)).collect()
    }

    /// Puts an entity under a holder that has a majority by itself, or among the undecided.
    fn decide_alone(&mut self, view: View<'_>, node: NodeId, undecided: &mut Undecided) -> Option<()> {
        let rights = view.interests_in(node).any(|(_, interest, _)| {
            interest.kind().control_right() > ControlRight::None || interest.is_indirect()
        });
        if rights || view.graph().entity(node).owners_complete() {
            return None;
        }
        let column = column::column(view, node);
        if column.over_subscribed {
            return None;
        }
        let total: u64 = column.holders.iter().map(|holder| u64::from(holder.inner_low)).sum();
        if total * 2 <= WHOLE {
            return Some(());
        }
        match column.holders.iter().find(|holder| is_majority(holder.inner_low.into())) {
            Some(holder) => self.link(node.0, holder.owner.0),
            None => {
                undecided.entities.push(node.0);
                let held = column.holders.iter().filter(|holder| holder.inner_low > 0);
                undecided.holders.extend(held.map(|holder| (holder.owner.0, holder.inner_low)));
                undecided.offsets.push(undecided.holders.len() as u32);
            }
        }
        Some(())
    }

    /// Unites undecided entities with groups that hold a majority together, until nothing changes.
    fn decide_together(&mut self, undecided: &Undecided) {
        let mut sums: Vec<(u32, u64)> = Vec::new();
        loop {
            let mut changed = false;
            for (position, &entity) in undecided.entities.iter().enumerate() {
                if self.parents[entity as usize] != entity {
                    continue;
                }
                let range = undecided.offsets[position] as usize..undecided.offsets[position + 1] as usize;
                sums.clear();
                for &(owner, share) in &undecided.holders[range] {
                    let root = self.find(owner);
                    match sums.iter_mut().find(|(known, _)| *known == root) {
                        Some((_, sum)) => *sum += u64::from(share),
                        None => sums.push((root, share.into())),
                    }
                }
                let majority = sums.iter().find(|&&(root, sum)| root != entity && is_majority(sum));
                if let Some(&(root, _)) = majority {
                    self.parents[entity as usize] = root;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Puts an entity under a holder's root, unless the holder hangs under the entity already.
    fn link(&mut self, entity: u32, holder: u32) {
        let root = self.find(holder);
        if root != entity {
            self.parents[entity as usize] = root;
        }
    }

    /// The root above an entity, halving the path on the way.
    fn find(&mut self, entity: u32) -> u32 {
        let mut at = entity as usize;
        while self.parents[at] as usize != at {
            self.parents[at] = self.parents[self.parents[at] as usize];
            at = self.parents[at] as usize;
        }
        at as u32
    }
}

fn is_majority(share: u64) -> bool {
    share * 2 > WHOLE
}
