//! Fixpoints that start from a set of parties: whoever they hold enough of joins them, and so on.
//!
//! The 50 % rules and the majority-stake rule are this one least fixpoint with different parameters: which layers count,
//! how much it takes, whether rights that give control without a share count too, and whether over-subscribed entities are
//! cut back. Unlike [`ControlGraph`](super::control::ControlGraph) it may look at capital as well as at votes.

use super::PercentRange;
use super::column::{self, Column, Holder, WHOLE};
use super::control::{Certainty, ControlGraph, Threshold};
use super::controllers::Because;
use crate::graph::{EdgeId, NodeId, View};
use crate::model::{Layer, ShareRange};
use std::collections::{HashMap, HashSet};

/// What lets an entity join.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joining {
    /// The layers in which the holdings are added up; the larger sum counts.
    pub layers: &'static [Layer],
    /// How much it takes.
    pub threshold: Threshold,
    /// Whether a right that gives control without a share suffices.
    pub rights: bool,
    /// Whether each holder counts with what is stated, also where the statements sum to more than the whole.
    pub as_stated: bool,
}

/// How an entity joined.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// These members hold enough of it together in the layer.
    Holdings(Layer, Vec<NodeId>),
    /// A right without a share.
    Right(EdgeId),
}

/// An entity that joined, and how.
#[derive(Debug, Clone)]
pub(crate) struct Joined {
    pub node: NodeId,
    pub step: Step,
}

/// The fixpoints of one view; remembers the columns that it has looked up.
#[derive(Debug)]
pub(crate) struct Cascade<'g> {
    view: View<'g>,
    joining: Joining,
    control: ControlGraph<'g>,
    columns: HashMap<(NodeId, Layer), Column>,
}

impl<'g> Cascade<'g> {
    pub(crate) fn new(view: View<'g>, joining: Joining) -> Self {
        Self { view, joining, control: ControlGraph::new(view, joining.threshold), columns: HashMap::new() }
    }

    /// Who holds an entity in a layer.
    pub(crate) fn column(&mut self, node: NodeId, layer: Layer) -> &Column {
        let view = self.view.layer(layer);
        self.columns.entry((node, layer)).or_insert_with(|| column::column(view, node))
    }

    /// Everything that joins the seeds, in the order of joining.
    pub(crate) fn closure(&mut self, seeds: &[NodeId], wanted: Certainty) -> Vec<Joined> {
        self.closure_without(seeds, wanted, &HashSet::new())
    }

    /// The same, where some entities never join.
    pub(crate) fn closure_without(
        &mut self,
        seeds: &[NodeId],
        wanted: Certainty,
        without: &HashSet<NodeId>,
    ) -> Vec<Joined> {
        let mut members: HashSet<NodeId> = seeds.iter().copied().collect();
        let mut queue: Vec<NodeId> = seeds.to_vec();
        let mut joined = Vec::new();
        let mut next = 0;
        while next < queue.len() {
            let mut candidates: Vec<NodeId> =
                self.view.interests_of(queue[next]).map(|(_, interest, _)| interest.owned()).collect();
            next += 1;
            candidates.sort_unstable();
            candidates.dedup();
            for candidate in candidates {
                if members.contains(&candidate) || without.contains(&candidate) {
                    continue;
                }
                if let Some(step) = self.step(candidate, &members, wanted) {
                    members.insert(candidate);
                    queue.push(candidate);
                    joined.push(Joined { node: candidate, step });
                }
            }
        }
        joined
    }

    /// How an entity joins the members, if it does.
    fn step(&mut self, node: NodeId, members: &HashSet<NodeId>, wanted: Certainty) -> Option<Step> {
        let joining = self.joining;
        for &layer in joining.layers {
            let column = self.column(node, layer);
            let mut holders: Vec<&Holder> =
                column.holders.iter().filter(|holder| holder.high > 0 && members.contains(&holder.owner)).collect();
            let passes = |holders: &[&Holder]| joining.threshold.is_met(joining.total(column, holders, wanted));
            if holders.is_empty() || !passes(&holders) {
                continue;
            }
            holders.sort_by_key(|holder| std::cmp::Reverse((holder.inner_low, holder.inner_high)));
            let needed = (1..=holders.len()).find(|&count| passes(&holders[..count])).unwrap_or(holders.len());
            return Some(Step::Holdings(layer, holders[..needed].iter().map(|holder| holder.owner).collect()));
        }
        if !joining.rights {
            return None;
        }
        let rights = self.control.rights(node);
        let mut rights =
            rights.into_iter().filter(|(owner, certainty, _)| *certainty >= wanted && members.contains(owner));
        rights.next().map(|(_, _, edge)| Step::Right(edge))
    }

    /// What certain and possible members hold of an entity together, the larger layer at each end.
    pub(crate) fn aggregate(
        &mut self,
        node: NodeId,
        layers: &[Layer],
        certain: &HashSet<NodeId>,
        possible: &HashSet<NodeId>,
    ) -> PercentRange {
        let joining = self.joining;
        let mut sum: Option<Sum> = None;
        for &layer in layers {
            let of_layer = joining.sum(self.column(node, layer), certain, possible);
            sum = Some(sum.map_or(of_layer, |sum| sum.larger(of_layer)));
        }
        sum.unwrap_or_default().range()
    }

    /// Whether the shares stated in an entity sum to more than the whole, in any of the layers.
    pub(crate) fn is_over_subscribed(&mut self, node: NodeId) -> bool {
        self.joining.layers.iter().any(|&layer| self.column(node, layer).over_subscribed)
    }

    /// The steps that lead from the seeds down to `subject`.
    pub(crate) fn because(&mut self, seeds: &[NodeId], joined: &[Joined], subject: NodeId) -> Vec<Because<'g>> {
        let steps: HashMap<NodeId, &Joined> = joined.iter().map(|entry| (entry.node, entry)).collect();
        let mut needed = HashSet::from([subject]);
        let mut queue = vec![subject];
        while let Some(node) = queue.pop() {
            let holders = match steps.get(&node).map(|entry| &entry.step) {
                Some(Step::Holdings(_, holders)) => holders.clone(),
                Some(Step::Right(edge)) => vec![self.view.graph().interest(*edge).owner()],
                None => continue,
            };
            let new = holders.into_iter().filter(|holder| !seeds.contains(holder) && needed.insert(*holder));
            queue.extend(new);
        }
        let chain = joined.iter().filter(|entry| needed.contains(&entry.node));
        chain.flat_map(|entry| self.reasons(entry)).collect()
    }

    fn reasons(&mut self, entry: &Joined) -> Vec<Because<'g>> {
        match &entry.step {
            Step::Holdings(layer, holders) => {
                holders.iter().map(|&holder| self.holding(holder, entry.node, *layer)).collect()
            }
            Step::Right(edge) => {
                let interest = self.view.graph().interest(*edge);
                vec![Because::new(self.view, interest.owner(), entry.node, interest.kind().as_str(), None, &[*edge])]
            }
        }
    }

    /// What one holder has of an entity in a layer, with its evidence.
    pub(crate) fn holding(&mut self, holder: NodeId, owned: NodeId, layer: Layer) -> Because<'g> {
        let edges = column::evidence(self.view.layer(layer), holder, owned);
        let share = self.stated(holder, owned, layer);
        let kind = if layer == Layer::Votes { "votes" } else { "capital" };
        Because::new(self.view, holder, owned, kind, share, &edges)
    }

    /// The rights in an entity that give control without a share: the owner, how sure, the interest.
    pub(crate) fn rights(&mut self, node: NodeId) -> Vec<(NodeId, Certainty, EdgeId)> {
        self.control.rights(node)
    }

    /// The share that the sources state.
    fn stated(&mut self, holder: NodeId, owned: NodeId, layer: Layer) -> Option<ShareRange> {
        let holders = &self.column(owned, layer).holders;
        holders.iter().find(|entry| entry.owner == holder).map(|entry| entry.stated)
    }
}

impl Joining {
    /// The bounds of a holder for a comparison with a threshold, in parts per billion.
    fn inner(&self, holder: &Holder) -> (u64, u64) {
        match self.as_stated {
            true => (holder.stated.inner_min().into(), holder.stated.inner_max().into()),
            false => (holder.inner_low.into(), holder.inner_high.into()),
        }
    }

    /// What a group holds together: for certain, or at best.
    fn total(&self, column: &Column, group: &[&Holder], wanted: Certainty) -> u64 {
        let (mut low, mut high) = (0, 0);
        for ends in group.iter().map(|holder| self.inner(holder)) {
            (low, high) = (low + ends.0, high + ends.1);
        }
        let (mut all_low, mut all_high) = (0, 0);
        for ends in column.holders.iter().map(|holder| self.inner(holder)) {
            (all_low, all_high) = (all_low + ends.0, all_high + ends.1);
        }
        match wanted {
            Certainty::Certain if column.complete => low.max(WHOLE.saturating_sub(all_high - high)),
            Certainty::Certain => low,
            _ if self.as_stated => high.min(WHOLE),
            _ => high.min(WHOLE.saturating_sub(all_low - low)),
        }
    }

    /// `[Σ low of the certain, min(Σ high of the possible, 1 − Σ low of the others)]` in one layer, ends as stated.
    fn sum(&self, column: &Column, certain: &HashSet<NodeId>, possible: &HashSet<NodeId>) -> Sum {
        let mut sum = Sum::default();
        let (mut others_low, mut others_low_open) = (0, false);
        let (mut others_high, mut others_high_open) = (0, false);
        for holder in &column.holders {
            let (low, low_open) = match self.as_stated {
                true => (holder.stated.min().ppb(), holder.stated.min_open()),
                false => (holder.low, holder.low_open),
            };
            if certain.contains(&holder.owner) {
                sum.low += u64::from(low);
                sum.low_open |= low_open;
            } else {
                others_high += u64::from(holder.high);
                others_high_open |= holder.high_open;
            }
            if possible.contains(&holder.owner) {
                sum.high += u64::from(holder.high);
                sum.high_open |= holder.high_open;
            } else {
                others_low += u64::from(low);
                others_low_open |= low_open;
            }
        }
        let rest = if self.as_stated { WHOLE } else { WHOLE.saturating_sub(others_low) };
        if sum.high > rest {
            (sum.high, sum.high_open) = (rest, others_low_open && !self.as_stated);
        }
        let forced = WHOLE.saturating_sub(others_high);
        if column.complete && forced > sum.low && !self.as_stated {
            (sum.low, sum.low_open) = (forced, others_high_open);
        }
        sum
    }
}

/// A range of a sum, in parts per billion.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    low: u64,
    high: u64,
    low_open: bool,
    high_open: bool,
}

impl Sum {
    fn larger(self, other: Self) -> Self {
        let (low, low_open) = (self.low, self.low_open).max((other.low, other.low_open));
        let (high, high_open) = match self.high.cmp(&other.high) {
            std::cmp::Ordering::Equal => (self.high, self.high_open && other.high_open),
            std::cmp::Ordering::Greater => (self.high, self.high_open),
            std::cmp::Ordering::Less => (other.high, other.high_open),
        };
        Self { low, high, low_open, high_open }
    }

    fn range(self) -> PercentRange {
        let (min, max) = (self.low as f64 / 1e7, self.high.max(self.low) as f64 / 1e7);
        let open = min < max;
        PercentRange { min, max, min_open: open && self.low_open, max_open: open && self.high_open }
    }
}
