//! Ultimate control by votes for every entity at once.
//!
//! Where votes sum to at most the whole and control takes strictly more than half, the controllers of an entity form a
//! chain, so that one root for each entity holds the answer. Union–find over majority holders finds the roots without
//! sorting: first by single majorities, then again and again for entities whose majority only comes together in one
//! group, until nothing changes.

use super::column::WHOLE;
use super::votes::VoteMatrix;

/// The root of the controllers of every entity, itself where nobody controls it; near-linear.
///
/// The caller sees to it that [control is a forest](VoteMatrix::is_forest).
pub(crate) fn roots(votes: &VoteMatrix) -> Vec<u32> {
    let mut forest = Forest { parents: (0..votes.len() as u32).collect() };
    let mut undecided: Vec<u32> = Vec::new();
    for entity in 0..votes.len() as u32 {
        let holders = votes.holders(entity);
        match holders.iter().find(|holder| is_majority(holder.low.into())) {
            Some(holder) => forest.link(entity, holder.other),
            None if holders.len() > 1 && is_majority(votes.certain_sum(entity)) => undecided.push(entity),
            None => {}
        }
    }
    forest.unite(votes, undecided);
    (0..votes.len() as u32).map(|entity| forest.find(entity)).collect()
}

struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    /// Puts undecided entities under groups that hold a majority together, until nothing changes.
    fn unite(&mut self, votes: &VoteMatrix, mut undecided: Vec<u32>) {
        let mut sums: Vec<(u32, u64)> = Vec::new();
        loop {
            let before = undecided.len();
            undecided.retain(|&entity| {
                sums.clear();
                for holder in votes.holders(entity) {
                    let root = self.find(holder.other);
                    match sums.iter_mut().find(|(known, _)| *known == root) {
                        Some((_, sum)) => *sum += u64::from(holder.low),
                        None => sums.push((root, holder.low.into())),
                    }
                }
                let majority = sums.iter().find(|&&(root, sum)| root != entity && is_majority(sum));
                if let Some(&(root, _)) = majority {
                    self.parents[entity as usize] = root;
                }
                majority.is_none()
            });
            if undecided.len() == before {
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
        let mut at = entity;
        loop {
            let parent = self.parents[at as usize];
            if parent == at {
                return at;
            }
            let above = self.parents[parent as usize];
            self.parents[at as usize] = above;
            at = above;
        }
    }
}

fn is_majority(share: u64) -> bool {
    share * 2 > WHOLE
}
