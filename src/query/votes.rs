//! The votes of a whole view as arrays: who holds how much of whom, in both directions.
//!
//! For one question [`control`](super::control) looks entities up as it goes. For thousands, and for all entities at
//! once, the votes stand here in flat arrays.

use super::column::{self, WHOLE};
use super::control::{Certainty, ControlGraph, Threshold};
use crate::graph::{NodeId, View};
use crate::model::Layer;

/// A holder of votes, or an entity in which votes are held, with bounds in parts per billion (open ones one unit inside).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vote {
    pub other: u32,
    pub low: u32,
    pub high: u32,
}

/// What an entity's votes sum to.
#[derive(Debug, Clone, Copy)]
struct Sums {
    low: u64,
    high: u64,
    complete: bool,
}

/// The votes and the rights without a share of a whole view.
#[derive(Debug)]
pub(crate) struct VoteMatrix {
    holders: Vec<Vote>,
    holder_offsets: Vec<u32>,
    held: Vec<Vote>,
    held_offsets: Vec<u32>,
    sums: Vec<Sums>,
    /// Owner, owned and how sure the right is, ordered by owner.
    rights: Vec<(u32, u32, Certainty)>,
    over_subscribed: bool,
    threshold: Threshold,
    scratch: Scratch,
}

/// Arrays of the graph's size, cleaned after each use where they were touched.
#[derive(Debug, Default)]
struct Scratch {
    tallies: Vec<(u64, u64)>,
    touched: Vec<u32>,
    member: Vec<bool>,
}

impl VoteMatrix {
    /// Gathers the votes of a view; linear in its interests.
    pub(crate) fn new(view: View<'_>, threshold: Threshold) -> Self {
        let view = view.layer(Layer::Votes);
        let count = view.graph().node_count();
        let mut control = ControlGraph::new(view, threshold);
        let mut matrix = Self {
            holders: Vec::with_capacity(view.graph().edge_count()),
            holder_offsets: vec![0],
            held: Vec::new(),
            held_offsets: Vec::new(),
            sums: Vec::with_capacity(count),
            rights: Vec::new(),
            over_subscribed: false,
            threshold,
            scratch: Scratch { tallies: vec![(0, 0); count], touched: Vec::new(), member: vec![false; count] },
        };
        for node in view.graph().nodes() {
            matrix.gather(view, &mut control, node);
        }
        matrix.rights.sort_unstable();
        matrix.turn(count);
        matrix
    }

    fn gather(&mut self, view: View<'_>, control: &mut ControlGraph<'_>, node: NodeId) {
        let column = column::column(view, node);
        self.over_subscribed |= column.over_subscribed;
        let mut sums = Sums { low: 0, high: 0, complete: column.complete };
        for holder in column.holders.iter().filter(|holder| holder.high > 0) {
            sums.low += u64::from(holder.inner_low);
            sums.high += u64::from(holder.inner_high);
            self.holders.push(Vote { other: holder.owner.0, low: holder.inner_low, high: holder.inner_high });
        }
        self.holder_offsets.push(self.holders.len() as u32);
        self.sums.push(sums);
        if super::control::may_have_rights(view, node) {
            let rights = control.rights(node).into_iter();
            self.rights.extend(rights.map(|(owner, certainty, _)| (owner.0, node.0, certainty)));
        }
    }

    /// The other direction: what each holder has.
    fn turn(&mut self, count: usize) {
        let mut offsets = vec![0u32; count + 1];
        self.holders.iter().for_each(|vote| offsets[vote.other as usize + 1] += 1);
        (1..offsets.len()).for_each(|index| offsets[index] += offsets[index - 1]);
        let mut next = offsets.clone();
        self.held = vec![Vote::default(); self.holders.len()];
        for owned in 0..count {
            let range = self.holder_offsets[owned] as usize..self.holder_offsets[owned + 1] as usize;
            for vote in &self.holders[range] {
                let slot = &mut next[vote.other as usize];
                self.held[*slot as usize] = Vote { other: owned as u32, ..*vote };
                *slot += 1;
            }
        }
        self.held_offsets = offsets;
    }

    /// Who holds votes of an entity.
    pub(crate) fn holders(&self, entity: u32) -> &[Vote] {
        &self.holders[self.holder_offsets[entity as usize] as usize..self.holder_offsets[entity as usize + 1] as usize]
    }

    fn held(&self, entity: u32) -> &[Vote] {
        &self.held[self.held_offsets[entity as usize] as usize..self.held_offsets[entity as usize + 1] as usize]
    }

    /// Number of entities.
    pub(crate) fn len(&self) -> usize {
        self.sums.len()
    }

    /// Whether control is a forest here: strictly more than half, and neither rights without a share nor columns that
    /// are over-subscribed or complete.
    pub(crate) fn is_forest(&self) -> bool {
        self.threshold == Threshold::default()
            && self.rights.is_empty()
            && !self.over_subscribed
            && !self.sums.iter().any(|sums| sums.complete)
    }

    /// What the holders of an entity's votes have for certain, all together.
    pub(crate) fn certain_sum(&self, entity: u32) -> u64 {
        self.holders(entity).iter().map(|holder| u64::from(holder.low)).sum()
    }

    /// Everything that `controller` controls, in the order in which it comes under control.
    ///
    /// The least fixpoint by one tally for each entity in which a member holds votes.
    pub(crate) fn closure(&mut self, controller: u32, wanted: Certainty) -> Vec<u32> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut members = vec![controller];
        scratch.member[controller as usize] = true;
        let mut next = 0;
        while next < members.len() {
            let member = members[next];
            next += 1;
            for vote in self.held(member) {
                let tally = &mut scratch.tallies[vote.other as usize];
                if *tally == (0, 0) {
                    scratch.touched.push(vote.other);
                }
                tally.0 += u64::from(vote.low);
                tally.1 += u64::from(vote.high);
                let total = self.total(vote.other, *tally, wanted);
                if self.threshold.is_met(total) && !std::mem::replace(&mut scratch.member[vote.other as usize], true) {
                    members.push(vote.other);
                }
            }
            for &(_, owned, _) in self.rights_of(member).iter().filter(|(_, _, certainty)| *certainty >= wanted) {
                if !std::mem::replace(&mut scratch.member[owned as usize], true) {
                    members.push(owned);
                }
            }
        }
        scratch.touched.drain(..).for_each(|entity| scratch.tallies[entity as usize] = (0, 0));
        members.iter().for_each(|&member| scratch.member[member as usize] = false);
        self.scratch = scratch;
        members.remove(0);
        members
    }

    fn total(&self, entity: u32, (low, high): (u64, u64), wanted: Certainty) -> u64 {
        let sums = self.sums[entity as usize];
        match wanted {
            Certainty::Certain if sums.complete => low.max(WHOLE.saturating_sub(sums.high - high)),
            Certainty::Certain => low,
            _ => high.min(WHOLE.saturating_sub(sums.low - low)),
        }
    }

    fn rights_of(&self, owner: u32) -> &[(u32, u32, Certainty)] {
        let first = self.rights.partition_point(|&(known, _, _)| known < owner);
        let count = self.rights[first..].partition_point(|&(known, _, _)| known == owner);
        &self.rights[first..first + count]
    }
}
