//! Who holds whom, at the homes of both: for questions that walk the whole graph.

use super::engine::{Crew, Exchange};
use super::part::Part;
use crate::graph::Interest;
use crate::model::InterestKind;

/// The interests of a view as plain links, whatever they come to: more than count, never less.
pub(super) struct Links {
    /// Of each entity of this worker who may hold it.
    pub owners: Vec<Vec<u64>>,
    /// Of each entity of this worker what it may hold.
    pub held: Vec<Vec<u64>>,
}

impl Links {
    /// Brings both ends of every interest that `counts` to the homes of its parties; `count` is how many have theirs here.
    pub(super) fn gather(crew: &mut Crew<'_>, part: &Part, count: usize, counts: impl Fn(Interest) -> bool) -> Self {
        let view = part.view();
        let mut pairs: Vec<(u64, u64)> = Vec::new();
        for node in part.companies(crew) {
            let owned = part.number(node);
            let first = pairs.len();
            let interests = view.interests_in(node).filter(|&(_, interest, _)| counts(interest));
            pairs.extend(interests.map(|(_, interest, _)| (part.number(interest.owner()), owned)));
            pairs[first..].sort_unstable();
            let mut last = None;
            let mut kept = first;
            for at in first..pairs.len() {
                if last.replace(pairs[at]) != Some(pairs[at]) {
                    pairs[kept] = pairs[at];
                    kept += 1;
                }
            }
            pairs.truncate(kept);
        }
        let to_owned: Vec<_> = pairs.iter().map(|&pair| (crew.home(pair.1), pair)).collect();
        let to_owner: Vec<_> = pairs.into_iter().map(|pair| (crew.home(pair.0), pair)).collect();
        let mut links = Self { owners: vec![Vec::new(); count], held: vec![Vec::new(); count] };
        let mut exchange = Exchange::<(u64, u64)>::new(crew, "links");
        for (owner, owned) in exchange.round(crew, to_owned).messages {
            links.owners[crew.slot(owned)].push(owner);
        }
        for (owner, owned) in exchange.round(crew, to_owner).messages {
            links.held[crew.slot(owner)].push(owned);
        }
        links
    }

    /// Everything below some entities, themselves included.
    pub(super) fn below(&self, crew: &mut Crew<'_>, from: Vec<bool>) -> Vec<bool> {
        let mut marked = from;
        let mut frontier: Vec<usize> = (0..marked.len()).filter(|&slot| marked[slot]).collect();
        let mut exchange = Exchange::<u64>::new(crew, "walking down");
        loop {
            let next: Vec<(usize, u64)> =
                frontier.drain(..).flat_map(|slot| &self.held[slot]).map(|&owned| (crew.home(owned), owned)).collect();
            let arrived = exchange.round(crew, next);
            if arrived.sent == 0 {
                return marked;
            }
            for owned in arrived.messages {
                let slot = crew.slot(owned);
                if !std::mem::replace(&mut marked[slot], true) {
                    frontier.push(slot);
                }
            }
        }
    }

    /// What is left when all who hold nothing that is left, and all whom nobody holds that is left, are taken away: circles
    /// and what lies between them.
    pub(super) fn core(&self, crew: &mut Crew<'_>) -> Vec<bool> {
        let mut left = vec![true; self.owners.len()];
        let mut owners: Vec<u32> = self.owners.iter().map(|owners| owners.len() as u32).collect();
        let mut held: Vec<u32> = self.held.iter().map(|held| held.len() as u32).collect();
        let mut going: Vec<usize> = (0..left.len()).filter(|&slot| owners[slot] == 0 || held[slot] == 0).collect();
        let mut exchange = Exchange::<(u64, u32)>::new(crew, "taking away");
        loop {
            going.retain(|&slot| std::mem::replace(&mut left[slot], false));
            let mut told: Vec<(usize, (u64, u32))> = Vec::new();
            for slot in going.drain(..) {
                told.extend(self.owners[slot].iter().map(|&owner| (crew.home(owner), (owner, LOSES_A_HOLDING))));
                told.extend(self.held[slot].iter().map(|&owned| (crew.home(owned), (owned, LOSES_AN_OWNER))));
            }
            let arrived = exchange.round(crew, told);
            if arrived.sent == 0 {
                return left;
            }
            for (number, what) in arrived.messages {
                let slot = crew.slot(number);
                let count = if what == LOSES_AN_OWNER { &mut owners[slot] } else { &mut held[slot] };
                *count -= 1;
                if *count == 0 && left[slot] {
                    going.push(slot);
                }
            }
        }
    }
}

const LOSES_A_HOLDING: u32 = 0;
const LOSES_AN_OWNER: u32 = 1;

/// Whether an interest may make one party a holder of another in a layer.
pub(super) fn may_hold(layer: crate::model::Layer) -> impl Fn(Interest) -> bool {
    move |interest| {
        layer.counts(interest.kind()) || matches!(interest.kind(), InterestKind::Nominee | InterestKind::Nominator)
    }
}
