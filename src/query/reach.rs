//! How far control by one party reaches, prepared for thousands of parties.
//!
//! Most holdings need no adding up: alone they suffice for control, or even with everybody else's they do not. What
//! each holder has stands sorted by that, so that a tally is kept only where two members of a group may come together.

use super::column::WHOLE;
use super::control::Certainty;
use super::votes::{Sums, VoteMatrix};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A holding that may suffice for control together with others, in parts per billion.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    owned: u32,
    low: u32,
    high: u32,
}

/// Where the holdings of a holder begin; they end where those of the next begin.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    alone: u32,
    part: u32,
}

/// The holdings that can lead to control at one certainty, by holder.
#[derive(Debug)]
struct Holdings {
    wanted: Certainty,
    starts: Vec<Start>,
    /// Entities that the holder controls by this holding alone.
    alone: Vec<u32>,
    /// The others that matter, for each holder in the order of the owned entities.
    parts: Vec<Part>,
}

/// What a holding can do for control.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Weight {
    Nothing,
    Part,
    Alone,
}

/// Votes prepared for the question what somebody controls.
#[derive(Debug)]
pub(crate) struct Reach {
    votes: VoteMatrix,
    certain: Holdings,
    /// Missing where it is the same as `certain`.
    possible: Option<Holdings>,
    scratch: Scratch,
}

/// What one question leaves to the next: memory, cleaned where it was touched.
#[derive(Debug, Default)]
struct Scratch {
    /// One bit for each entity.
    members: Vec<u64>,
    tallies: Tallies,
    /// Members whose parts are not counted yet.
    waiting: Vec<u32>,
    joined: Vec<u32>,
}

type Tallies = HashMap<u32, (u64, u64), foldhash::fast::RandomState>;

/// Tallies of a larger question are given back, as emptying them takes time in proportion to their room.
const KEPT_TALLIES: usize = 4096;

impl Reach {
    /// Sorts the holdings of every holder; linear.
    pub(crate) fn new(votes: VoteMatrix) -> Self {
        let certain = Holdings::new(&votes, Certainty::Certain);
        let possible = (!votes.is_exact()).then(|| Holdings::new(&votes, Certainty::Possible));
        let members = vec![0; votes.len().div_ceil(64)];
        Self { votes, certain, possible, scratch: Scratch { members, ..Scratch::default() } }
    }

    /// The votes.
    pub(crate) fn votes(&self) -> &VoteMatrix {
        &self.votes
    }

    /// Everything that `controller` controls: the least fixpoint.
    pub(crate) fn closure(&mut self, controller: u32, wanted: Certainty) -> Vec<u32> {
        let holdings = match &self.possible {
            Some(possible) if wanted != Certainty::Certain => possible,
            _ => &self.certain,
        };
        let (votes, scratch) = (&self.votes, &mut self.scratch);
        let mut growth = Growth { votes, holdings, wanted, scratch, found: Vec::new(), longest: &[] };
        growth.grow(controller);
        growth.finish(controller)
    }
}

impl Holdings {
    fn new(votes: &VoteMatrix, wanted: Certainty) -> Self {
        let mut starts = vec![Start::default(); votes.len() + 2];
        each(votes, wanted, |holder, _, weight| {
            // Two places on: after the sums below, `starts[holder + 1]` serves as the place to write to.
            let start = &mut starts[holder as usize + 2];
            start.alone += u32::from(weight == Weight::Alone);
            start.part += u32::from(weight == Weight::Part);
        });
        for index in 1..starts.len() {
            starts[index].alone += starts[index - 1].alone;
            starts[index].part += starts[index - 1].part;
        }
        let all = starts.last().copied().unwrap_or_default();
        let mut alone = vec![0; all.alone as usize];
        let mut parts = vec![Part::default(); all.part as usize];
        each(votes, wanted, |holder, part, weight| {
            let next = &mut starts[holder as usize + 1];
            if weight == Weight::Alone {
                alone[next.alone as usize] = part.owned;
                next.alone += 1;
            } else {
                parts[next.part as usize] = part;
                next.part += 1;
            }
        });
        starts.pop();
        Self { wanted, starts, alone, parts }
    }

    fn alone(&self, holder: u32) -> &[u32] {
        let (start, end) = (self.starts[holder as usize], self.starts[holder as usize + 1]);
        &self.alone[start.alone as usize..end.alone as usize]
    }

    fn parts(&self, holder: u32) -> &[Part] {
        let (start, end) = (self.starts[holder as usize], self.starts[holder as usize + 1]);
        &self.parts[start.part as usize..end.part as usize]
    }
}

/// Calls for every holding that can lead to control, in the order of the owned entities.
fn each(votes: &VoteMatrix, wanted: Certainty, mut call: impl FnMut(u32, Part, Weight)) {
    let threshold = votes.threshold();
    for owned in 0..votes.len() as u32 {
        let holders = votes.holders(owned).len();
        if holders == 0 {
            continue;
        }
        let sums = votes.sums(owned);
        // Whatever a group has of it, all holders together have no less.
        if !threshold.is_met(total(sums, (sums.low, sums.high), wanted)) {
            continue;
        }
        for (vote, high) in votes.ranges(owned) {
            let weight = match threshold.is_met(total(sums, (vote.low.into(), high.into()), wanted)) {
                true => Weight::Alone,
                false if holders > 1 => Weight::Part,
                false => Weight::Nothing,
            };
            if weight != Weight::Nothing {
                call(vote.holder, Part { owned, low: vote.low, high }, weight);
            }
        }
    }
}

/// What a group that holds this much has together: for certain, or at best. Grows with the group.
fn total(sums: Sums, (low, high): (u64, u64), wanted: Certainty) -> u64 {
    match wanted {
        // Never more than at best, where the holders of a complete register do not reach the whole.
        Certainty::Certain if sums.complete => low.max(WHOLE.saturating_sub(sums.high - high).min(high)),
        Certainty::Certain => low,
        _ => high.min(WHOLE.saturating_sub(sums.low - low)),
    }
}

/// A group in the making.
struct Growth<'a> {
    votes: &'a VoteMatrix,
    holdings: &'a Holdings,
    wanted: Certainty,
    scratch: &'a mut Scratch,
    found: Vec<u32>,
    /// The parts of the counted member that has most of them. They are looked up rather than written into tallies: alone
    /// they lead to nothing, and few of them meet the parts of another member.
    longest: &'a [Part],
}

impl<'a> Growth<'a> {
    fn grow(&mut self, controller: u32) {
        self.mark(controller);
        self.visit(controller);
        let mut next = 0;
        loop {
            while let Some(&member) = self.found.get(next) {
                self.visit(member);
                next += 1;
            }
            match self.scratch.waiting.pop() {
                Some(member) => self.count(member),
                None => return,
            }
        }
    }

    /// Takes in what a member controls by itself.
    fn visit(&mut self, member: u32) {
        let holdings = self.holdings;
        holdings.alone(member).iter().for_each(|&owned| self.join(owned));
        if !holdings.parts(member).is_empty() {
            self.scratch.waiting.push(member);
        }
        let (votes, wanted) = (self.votes, self.wanted);
        let rights = votes.rights_of(member).iter().filter(|(_, _, certainty)| *certainty >= wanted);
        rights.for_each(|&(_, owned, _)| self.join(owned));
    }

    /// Adds the parts of a member to those of the others.
    fn count(&mut self, member: u32) {
        let parts = self.holdings.parts(member);
        let mut tallies = std::mem::take(&mut self.scratch.tallies);
        // At least twice as long: each part is written or looked up for a logarithmic number of times.
        if parts.len() > 2 * self.longest.len() {
            for (&owned, tally) in &mut tallies {
                if let Some(part) = find(parts, owned) {
                    self.add(tally, *part);
                }
            }
            let shorter = std::mem::replace(&mut self.longest, parts);
            // A tally that was begun holds its part of the shorter list from the beginning.
            self.write(&mut tallies, shorter, false);
        } else {
            self.write(&mut tallies, parts, true);
        }
        self.scratch.tallies = tallies;
        let mut joined = std::mem::take(&mut self.scratch.joined);
        joined.drain(..).for_each(|owned| self.join(owned));
        self.scratch.joined = joined;
    }

    /// Adds parts to tallies, which begin with what the longest list has; to those that were begun only if asked to.
    fn write(&mut self, tallies: &mut Tallies, parts: &[Part], also_to_begun: bool) {
        for &part in parts {
            if is_marked(&self.scratch.members, part.owned) {
                continue;
            }
            match tallies.entry(part.owned) {
                Entry::Occupied(mut tally) if also_to_begun => self.add(tally.get_mut(), part),
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => {
                    let first = find(self.longest, part.owned);
                    let first = first.map_or((0, 0), |part| (u64::from(part.low), u64::from(part.high)));
                    self.add(place.insert(first), part);
                }
            }
        }
    }

    fn add(&mut self, tally: &mut (u64, u64), part: Part) {
        tally.0 += u64::from(part.low);
        tally.1 += u64::from(part.high);
        if self.votes.threshold().is_met(total(self.votes.sums(part.owned), *tally, self.holdings.wanted)) {
            self.scratch.joined.push(part.owned);
        }
    }

    fn join(&mut self, entity: u32) {
        if self.mark(entity) {
            self.found.push(entity);
        }
    }

    /// Whether the entity is new.
    fn mark(&mut self, entity: u32) -> bool {
        let word = &mut self.scratch.members[entity as usize / 64];
        let bit = 1 << (entity % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    fn finish(self, controller: u32) -> Vec<u32> {
        let Scratch { members, tallies, .. } = self.scratch;
        self.found.iter().chain([&controller]).for_each(|&member| members[member as usize / 64] = 0);
        if tallies.capacity() > KEPT_TALLIES {
            *tallies = Tallies::default();
        }
        tallies.clear();
        self.found
    }
}

fn is_marked(members: &[u64], entity: u32) -> bool {
    members[entity as usize / 64] >> (entity % 64) & 1 == 1
}

fn find(parts: &[Part], owned: u32) -> Option<&Part> {
    parts.binary_search_by_key(&owned, |part| part.owned).ok().map(|at| &parts[at])
}
