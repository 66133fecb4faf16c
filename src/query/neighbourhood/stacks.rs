//! What is not drawn one by one: crowds as stacks, and what a cut leaves out, both with their totals.

use super::{Reason, Side, Tie, Walk};
use crate::error::Result;
use crate::graph::NodeId;
use crate::model::ShareRange;
use std::collections::{BTreeMap, HashSet};

/// Owners of one party, or holdings of one, that are drawn as one box.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The party that they are tied to.
    pub of: NodeId,
    /// Whether they are its owners or its holdings.
    pub side: Side,
    /// The parties, those with the largest shares first.
    pub members: Vec<NodeId>,
    /// What owners hold together; what is held of each, from the least to the most, of holdings. Nothing where no share is held.
    pub share: Option<ShareRange>,
}

/// What a cut leaves out at one party.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// The party.
    pub of: NodeId,
    /// Whether its owners or its holdings are meant.
    pub side: Side,
    /// Why they are left out.
    pub reason: Reason,
    /// How many they are.
    pub count: usize,
    /// As with a [`Stack`].
    pub share: Option<ShareRange>,
}

/// The share of several ties of one party.
fn taken_together(side: Side, ties: &[Tie]) -> Option<ShareRange> {
    let shares = ties.iter().filter(|tie| !tie.ended).filter_map(|tie| tie.share);
    match side {
        Side::Owners => shares.reduce(ShareRange::plus),
        Side::Holdings => shares.reduce(ShareRange::hull),
    }
}

impl Walk<'_> {
    /// The ties from placed parties to those that are not, a stack for each party and side from which the walk went on.
    pub(super) fn stacks(&mut self, nodes: &[NodeId]) -> Result<Vec<Stack>> {
        let placed: HashSet<NodeId> = nodes.iter().copied().collect();
        let mut stacks = Vec::new();
        for (of, side) in self.walked(nodes) {
            let mut ties = self.judged(of, side)?.drawn;
            ties.retain(|tie| !placed.contains(&tie.other(side)));
            if !ties.is_empty() {
                let members = ties.iter().map(|tie| tie.other(side)).collect();
                stacks.push(Stack { of, side, members, share: taken_together(side, &ties) });
            }
        }
        Ok(stacks)
    }

    /// What the cut leaves out at the placed parties; a tie between two of them is told of once, at the one that is held.
    pub(super) fn left_out(&mut self, nodes: &[NodeId]) -> Result<Vec<LeftOut>> {
        let placed: HashSet<NodeId> = nodes.iter().copied().collect();
        let mut found = Vec::new();
        for (of, side) in self.walked(nodes) {
            let mut by_reason: BTreeMap<Reason, Vec<Tie>> = BTreeMap::new();
            for (reason, tie) in self.judged(of, side)?.left_out {
                let told_at_the_other = side == Side::Holdings
                    && placed.contains(&tie.owned)
                    && self.scope.walked.contains(&(tie.owned, Side::Owners));
                if !tie.ended && !told_at_the_other {
                    by_reason.entry(reason).or_default().push(tie);
                }
            }
            found.extend(by_reason.into_iter().map(|(reason, ties)| {
                let share = taken_together(side, &ties);
                LeftOut { of, side, reason, count: ties.len(), share }
            }));
        }
        Ok(found)
    }

    /// The placed parties and the directions in which the walk left them.
    fn walked(&self, nodes: &[NodeId]) -> Vec<(NodeId, Side)> {
        let both = nodes.iter().flat_map(|&node| [(node, Side::Owners), (node, Side::Holdings)]);
        both.filter(|step| self.scope.walked.contains(step)).collect()
    }
}
