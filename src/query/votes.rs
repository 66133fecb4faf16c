//! The votes of a whole view as arrays: who holds how much of whom.
//!
//! For one question [`control`](super::control) looks entities up as it goes. For thousands, and for all entities at
//! once, the votes stand here in flat arrays.

use super::column::{self, Column};
use super::control::{Certainty, ControlGraph, Threshold};
use crate::graph::View;
use crate::model::Layer;

/// A holder of votes and what it has for certain, in parts per billion (an open bound one unit inside).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vote {
    pub holder: u32,
    pub low: u32,
}

/// What an entity's votes sum to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sums {
    pub low: u64,
    pub high: u64,
    pub complete: bool,
}

/// The votes and the rights without a share of a whole view.
#[derive(Debug)]
pub(crate) struct VoteMatrix {
    offsets: Vec<u32>,
    votes: Vec<Vote>,
    /// What each holder has at best, beside `votes`: few questions look at it.
    highs: Vec<u32>,
    sums: Vec<Sums>,
    /// Owner, owned and how sure the right is, ordered by owner.
    rights: Vec<(u32, u32, Certainty)>,
    over_subscribed: bool,
    any_complete: bool,
    exact: bool,
    threshold: Threshold,
}

impl VoteMatrix {
    /// Gathers the votes of a view; linear in its interests.
    pub(crate) fn new(view: View<'_>, threshold: Threshold) -> Self {
        let view = view.layer(Layer::Votes);
        let count = view.graph().node_count();
        let mut control = ControlGraph::new(view, threshold);
        let mut matrix = Self {
            offsets: Vec::with_capacity(count + 1),
            votes: Vec::with_capacity(view.graph().edge_count()),
            highs: Vec::with_capacity(view.graph().edge_count()),
            sums: Vec::with_capacity(count),
            rights: Vec::new(),
            over_subscribed: false,
            any_complete: false,
            exact: true,
            threshold,
        };
        matrix.offsets.push(0);
        column::each(view, |node, column, other_interests| {
            matrix.gather(column);
            if other_interests && super::control::may_have_rights(view, node) {
                let rights = control.rights(node).into_iter();
                matrix.rights.extend(rights.map(|(owner, certainty, _)| (owner.0, node.0, certainty)));
            }
        });
        matrix.rights.sort_unstable();
        matrix
    }

    fn gather(&mut self, column: &Column) {
        let mut sums = Sums { low: 0, high: 0, complete: column.complete };
        for holder in column.holders.iter().filter(|holder| holder.high > 0) {
            sums.low += u64::from(holder.inner_low);
            sums.high += u64::from(holder.inner_high);
            self.exact &= holder.inner_low == holder.inner_high;
            self.votes.push(Vote { holder: holder.owner.0, low: holder.inner_low });
            self.highs.push(holder.inner_high);
        }
        self.over_subscribed |= column.over_subscribed;
        self.any_complete |= column.complete;
        self.offsets.push(self.votes.len() as u32);
        self.sums.push(sums);
    }

    /// Who holds votes of an entity.
    pub(crate) fn holders(&self, entity: u32) -> &[Vote] {
        &self.votes[self.offsets[entity as usize] as usize..self.offsets[entity as usize + 1] as usize]
    }

    /// Who holds votes of an entity, each with what it has at best.
    pub(crate) fn ranges(&self, entity: u32) -> impl Iterator<Item = (Vote, u32)> {
        let range = self.offsets[entity as usize] as usize..self.offsets[entity as usize + 1] as usize;
        self.votes[range.clone()].iter().copied().zip(self.highs[range].iter().copied())
    }

    /// Where the holders of each entity begin, and one past the last.
    pub(crate) fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// The holders of all entities, one entity after the other.
    pub(crate) fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// Number of entities.
    pub(crate) fn len(&self) -> usize {
        self.sums.len()
    }

    /// Whether control is a forest here: strictly more than half, and neither rights without a share nor columns that
    /// are over-subscribed or complete.
    pub(crate) fn is_forest(&self) -> bool {
        self.threshold == Threshold::default() && self.rights.is_empty() && !self.over_subscribed && !self.any_complete
    }

    /// Whether what is certain and what is possible are the same: every share is exact, and no register is complete.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact && !self.any_complete
    }

    /// What the holders of an entity's votes have all together.
    pub(crate) fn sums(&self, entity: u32) -> Sums {
        self.sums[entity as usize]
    }

    /// How much control takes.
    pub(crate) fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The rights of one owner: itself, in whom, how sure.
    pub(crate) fn rights_of(&self, owner: u32) -> &[(u32, u32, Certainty)] {
        let first = self.rights.partition_point(|&(known, _, _)| known < owner);
        let count = self.rights[first..].partition_point(|&(known, _, _)| known == owner);
        &self.rights[first..first + count]
    }
}
