//! Ultimate control by votes for every entity at once.
//!
//! Where votes sum to at most the whole and control takes strictly more than half, the controllers of an entity form a
//! chain, so that one root for each entity holds the answer. Single majorities are followed up to their end first; then
//! union–find puts entities whose majority only comes together in one group under its root, until nothing changes.

use super::column::WHOLE;
use super::votes::VoteMatrix;
use crate::graph::scc;

/// From how many entities on a second thread pays.
const WORTH_A_THREAD: usize = 1 << 16;

/// After so many rounds the order of the rounds is thought about.
const ROUNDS_IN_ANY_ORDER: u32 = 6;

/// Stands for an entity whose root is not looked up yet.
const UNKNOWN: u32 = u32::MAX;

/// Stands for an entity that is being followed upward.
const ON_THE_WAY: u32 = u32::MAX - 1;

/// The root of the controllers of every entity, itself where nobody controls it; near-linear.
///
/// The caller sees to it that [control is a forest](VoteMatrix::is_forest).
pub(crate) fn roots(votes: &VoteMatrix) -> Vec<u32> {
    let mut majorities: Vec<u32> = vec![0; votes.len()];
    let mut undecided = single_majorities(votes, &mut majorities);
    keep_those_that_may_unite(votes, &majorities, &mut undecided);
    let mut forest = Forest { parents: follow(&majorities) };
    if forest.unite(votes, undecided) {
        for entity in 0..votes.len() as u32 {
            forest.settle(entity);
        }
    }
    forest.parents
}

/// Finds for each entity the holder that has the majority alone, itself where there is none, and lists the entities where
/// all holders together have one.
fn single_majorities(votes: &VoteMatrix, majorities: &mut [u32]) -> Vec<u32> {
    if votes.len() < WORTH_A_THREAD {
        return majorities_from(votes, 0, majorities);
    }
    // Halves of the holders, not of the entities: long lists may all stand at one end.
    let half = votes.votes().len() as u32 / 2;
    let middle = votes.offsets().partition_point(|&offset| offset < half).min(votes.len());
    let (before, after) = majorities.split_at_mut(middle);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| majorities_from(votes, middle as u32, after));
        let mut undecided = majorities_from(votes, 0, before);
        undecided.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        undecided
    })
}

fn majorities_from(votes: &VoteMatrix, first: u32, majorities: &mut [u32]) -> Vec<u32> {
    let mut undecided = Vec::new();
    let offsets = &votes.offsets()[first as usize..];
    let mut start = offsets[0] as usize;
    for (index, (majority, &end)) in majorities.iter_mut().zip(&offsets[1..]).enumerate() {
        let entity = first + index as u32;
        let holders = &votes.votes()[start..end as usize];
        start = end as usize;
        *majority = entity;
        let mut sum = 0;
        for vote in holders {
            sum += u64::from(vote.low);
            if is_majority(vote.low.into()) {
                *majority = vote.holder;
                sum = 0;
                break;
            }
        }
        if is_majority(sum) {
            undecided.push(entity);
        }
    }
    undecided
}

/// A group has one member that nobody controls, its root. So a majority comes together only if it does so from one
/// holder and those others that may be controlled at all: persons seldom leave room for it.
fn keep_those_that_may_unite(votes: &VoteMatrix, majorities: &[u32], undecided: &mut Vec<u32>) {
    let mut controllable = vec![0u64; majorities.len().div_ceil(64)];
    let mut set = |entity: usize| controllable[entity / 64] |= 1 << (entity % 64);
    for (entity, &majority) in majorities.iter().enumerate() {
        if majority as usize != entity {
            set(entity);
        }
    }
    undecided.iter().for_each(|&entity| set(entity as usize));
    undecided.retain(|&entity| {
        let (mut together, mut largest) = (0, 0);
        for vote in votes.holders(entity) {
            match controllable[vote.holder as usize / 64] >> (vote.holder % 64) & 1 {
                1 => together += u64::from(vote.low),
                _ => largest = largest.max(u64::from(vote.low)),
            }
        }
        is_majority(together + largest)
    });
}

/// The end of each chain of majorities, where a circle ends at one of its members. Walks every link once.
fn follow(majorities: &[u32]) -> Vec<u32> {
    let mut roots: Vec<u32> = Vec::with_capacity(majorities.len());
    roots.extend(majorities.iter().enumerate().map(|(entity, &up)| if up as usize == entity { up } else { UNKNOWN }));
    let mut way = Vec::new();
    for entity in 0..majorities.len() as u32 {
        let mut at = entity;
        while roots[at as usize] == UNKNOWN {
            roots[at as usize] = ON_THE_WAY;
            way.push(at);
            at = majorities[at as usize];
        }
        let root = if roots[at as usize] == ON_THE_WAY { at } else { roots[at as usize] };
        way.drain(..).for_each(|passed| roots[passed as usize] = root);
    }
    roots
}

/// Sorts entities so that those that rest on others come after them: a long row of majorities, each of which only comes
/// together after the one before, is then decided in one round.
fn owners_first(votes: &VoteMatrix, entities: &mut [u32]) {
    let holders: Vec<u32> = votes.votes().iter().map(|vote| vote.holder).collect();
    let offsets = votes.offsets();
    let components = scc::components(votes.len(), |entity| {
        &holders[offsets[entity as usize] as usize..offsets[entity as usize + 1] as usize]
    });
    let mut places = vec![0u32; votes.len()];
    components.members.iter().zip(0..).for_each(|(&entity, place)| places[entity as usize] = place);
    entities.sort_unstable_by_key(|&entity| places[entity as usize]);
}

struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    /// Puts undecided entities under groups that hold a majority together, until nothing changes; tells whether any is.
    fn unite(&mut self, votes: &VoteMatrix, mut undecided: Vec<u32>) -> bool {
        let all = undecided.len();
        let mut sums: Vec<(u32, u64)> = Vec::new();
        for round in 0.. {
            let before = undecided.len();
            if round == ROUNDS_IN_ANY_ORDER {
                owners_first(votes, &mut undecided);
            }
            undecided.retain(|&entity| {
                let root = self.majority(votes, entity, &mut sums).filter(|&root| root != entity);
                if let Some(root) = root {
                    self.parents[entity as usize] = root;
                }
                root.is_none()
            });
            if undecided.len() == before {
                break;
            }
        }
        undecided.len() < all
    }

    /// The root under which the holders of a majority stand, if it is one.
    fn majority(&mut self, votes: &VoteMatrix, entity: u32, sums: &mut Vec<(u32, u64)>) -> Option<u32> {
        sums.clear();
        sums.extend(votes.holders(entity).iter().map(|vote| (self.find(vote.holder), u64::from(vote.low))));
        sums.sort_unstable_by_key(|&(root, _)| root);
        let mut groups = sums.chunk_by(|a, b| a.0 == b.0);
        let majority = groups.find(|group| is_majority(group.iter().map(|&(_, low)| low).sum()));
        majority.map(|group| group[0].0)
    }

    /// Puts an entity directly under its root.
    fn settle(&mut self, entity: u32) {
        let parent = self.parents[entity as usize];
        if parent != entity {
            self.parents[entity as usize] = self.find(parent);
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
