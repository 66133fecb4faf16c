//! Fixpoints that start from a set of parties: whoever they hold enough of joins them, and so on.
//!
//! The 50 % rules and the majority-stake rule are this one least fixpoint with different parameters: which layers count,
//! how much it takes, whether rights that give control without a share count too, and whether over-subscribed entities are
//! cut back. Unlike [`ControlGraph`](super::control::ControlGraph) it may look at capital as well as at votes.

use super::PercentRange;
use super::column::{self, Column, Holder, WHOLE};
use super::control::{Certainty, ControlGraph, Threshold, grow};
use super::controllers::Because;
use super::proof::{Member, Proof};
use super::{NodeMap, NodeSet};
use crate::graph::{EdgeId, NodeId, View};
use crate::model::{Layer, ShareRange};
use std::cmp::Reverse;

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

impl Member for Joined {
    fn node(&self) -> NodeId {
        self.node
    }
}

/// The fixpoints of one view; remembers what it has looked up.
#[derive(Debug)]
pub(crate) struct Cascade<'g> {
    view: View<'g>,
    joining: Joining,
    control: ControlGraph<'g>,
    seats: NodeMap<Seat, (NodeId, Layer)>,
}

/// The holders of an entity in a layer, and what they have all together.
#[derive(Debug)]
struct Seat {
    column: Column,
    all: Ends,
    stated: Stated,
}

/// The ends of a sum of holdings for a comparison with a threshold, in parts per billion.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    low: u64,
    high: u64,
}

/// What the members of a set hold of one entity in one layer.
#[derive(Debug, Default)]
struct Tally {
    sum: Ends,
    holders: Vec<NodeId>,
}

impl Tally {
    fn add(&mut self, joining: &Joining, seat: &Seat, member: NodeId) {
        if let Some(holder) = seat.column.holder(member).filter(|holder| holder.high > 0) {
            self.sum = self.sum.plus(joining.inner(holder));
            self.holders.push(member);
        }
    }

    /// The fewest members that hold enough together, the largest first.
    fn step(&self, joining: &Joining, seat: &Seat, layer: Layer, wanted: Certainty) -> Option<Step> {
        if self.holders.is_empty() || !joining.suffices(seat, self.sum, wanted) {
            return None;
        }
        let mut holders: Vec<&Holder> = self.holders.iter().filter_map(|&owner| seat.column.holder(owner)).collect();
        holders.sort_by_key(|holder| (Reverse((holder.inner_low, holder.inner_high)), holder.owner));
        let mut sum = Ends::default();
        let mut needed = Vec::new();
        for holder in holders {
            sum = sum.plus(joining.inner(holder));
            needed.push(holder.owner);
            if joining.suffices(seat, sum, wanted) {
                break;
            }
        }
        Some(Step::Holdings(layer, needed))
    }
}

impl Ends {
    fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

impl<'g> Cascade<'g> {
    pub(crate) fn new(view: View<'g>, joining: Joining) -> Self {
        Self { view, joining, control: ControlGraph::new(view, joining.threshold), seats: NodeMap::default() }
    }

    /// Who holds an entity in a layer.
    pub(crate) fn column(&mut self, node: NodeId, layer: Layer) -> &Column {
        &self.seat(node, layer).column
    }

    fn seat(&mut self, node: NodeId, layer: Layer) -> &Seat {
        let (view, joining) = (self.view.layer(layer), self.joining);
        self.seats.entry((node, layer)).or_insert_with(|| {
            let column = column::column(view, node);
            let all = column.holders.iter().map(|holder| joining.inner(holder)).fold(Ends::default(), Ends::plus);
            let stated =
                column.holders.iter().map(|holder| joining.stated(holder)).fold(Stated::default(), Stated::plus);
            Seat { column, all, stated }
        })
    }

    /// Everything that joins the seeds, in the order of joining.
    pub(crate) fn closure(&mut self, seeds: &[NodeId], wanted: Certainty) -> Vec<Joined> {
        self.closure_without(seeds, wanted, &NodeSet::default())
    }

    /// The same, where some entities never join.
    pub(crate) fn closure_without(&mut self, seeds: &[NodeId], wanted: Certainty, without: &NodeSet) -> Vec<Joined> {
        let (view, joining) = (self.view, self.joining);
        let mut tallies: NodeMap<Tally, (NodeId, Layer)> = NodeMap::default();
        let join = |candidate: NodeId, member: NodeId| {
            if without.contains(&candidate) {
                return None;
            }
            // Every layer is told of the member, also when one of them already suffices.
            let mut step = None;
            for &layer in joining.layers {
                let seat = self.seat(candidate, layer);
                let tally = tallies.entry((candidate, layer)).or_default();
                tally.add(&joining, seat, member);
                step = step.or_else(|| tally.step(&joining, seat, layer, wanted));
            }
            step.or_else(|| self.right_of(candidate, member, wanted))
        };
        let grown = grow(view, seeds, join, |_| false);
        grown.into_iter().map(|(node, step)| Joined { node, step }).collect()
    }

    /// A right of a member that suffices without a share.
    fn right_of(&mut self, node: NodeId, member: NodeId, wanted: Certainty) -> Option<Step> {
        if !self.joining.rights {
            return None;
        }
        let mut rights = self.control.rights_of(node, member);
        rights.find(|&(certainty, _)| certainty >= wanted).map(|(_, edge)| Step::Right(edge))
    }

    /// What certain and possible members hold of an entity together, the larger layer at each end.
    pub(crate) fn aggregate(
        &mut self,
        node: NodeId,
        layers: &[Layer],
        certain: &NodeSet,
        possible: &NodeSet,
    ) -> PercentRange {
        let joining = self.joining;
        let mut sum: Option<Sum> = None;
        for &layer in layers {
            let of_layer = joining.sum(self.seat(node, layer), certain, possible);
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
        self.because_of(&Proof::of(seeds, joined), subject, usize::MAX).unwrap_or_default()
    }

    /// The same for one of many; nothing where it takes more than so many steps.
    pub(crate) fn because_of(
        &mut self,
        proof: &Proof<'_, Joined>,
        subject: NodeId,
        most: usize,
    ) -> Option<Vec<Because<'g>>> {
        let graph = self.view.graph();
        let chain = proof.chain_to(subject, most, |entry| match &entry.step {
            Step::Holdings(_, holders) => holders.clone(),
            Step::Right(edge) => vec![graph.interest(*edge).owner()],
        })?;
        Some(chain.into_iter().flat_map(|entry| self.reasons(entry)).collect())
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
        self.column(owned, layer).holder(holder).map(|entry| entry.stated)
    }
}

impl Joining {
    /// What a holder has, for a comparison with a threshold.
    fn inner(&self, holder: &Holder) -> Ends {
        match self.as_stated {
            true => Ends { low: holder.stated.inner_min().into(), high: holder.stated.inner_max().into() },
            false => Ends { low: holder.inner_low.into(), high: holder.inner_high.into() },
        }
    }

    /// Whether a group that holds this much together holds enough: for certain, or at best.
    fn suffices(&self, seat: &Seat, group: Ends, wanted: Certainty) -> bool {
        self.threshold.is_met(match wanted {
            Certainty::Certain if seat.column.complete => {
                group.low.max(WHOLE.saturating_sub(seat.all.high - group.high))
            }
            Certainty::Certain => group.low,
            _ if self.as_stated => group.high.min(WHOLE),
            _ => group.high.min(WHOLE.saturating_sub(seat.all.low - group.low)),
        })
    }

    /// `[Σ low of the certain, min(Σ high of the possible, 1 − Σ low of the others)]` in one layer, ends as stated.
    fn sum(&self, seat: &Seat, certain: &NodeSet, possible: &NodeSet) -> Sum {
        let (mut sum, mut of_certain, mut of_possible) = (Sum::default(), Stated::default(), Stated::default());
        for holder in seat.among(certain, possible) {
            let stated = self.stated(holder);
            if certain.contains(&holder.owner) {
                of_certain = of_certain.plus(stated);
            }
            if possible.contains(&holder.owner) {
                of_possible = of_possible.plus(stated);
            }
        }
        (sum.low, sum.low_open) = (of_certain.low, of_certain.low_open > 0);
        (sum.high, sum.high_open) = (of_possible.high, of_possible.high_open > 0);
        let (beside_certain, beside_possible) = (seat.stated.minus(of_certain), seat.stated.minus(of_possible));
        let rest = if self.as_stated { WHOLE } else { WHOLE.saturating_sub(beside_possible.low) };
        if sum.high > rest {
            (sum.high, sum.high_open) = (rest, beside_possible.low_open > 0 && !self.as_stated);
        }
        let forced = WHOLE.saturating_sub(beside_certain.high);
        if seat.column.complete && forced > sum.low && !self.as_stated {
            (sum.low, sum.low_open) = (forced, beside_certain.high_open > 0);
        }
        sum
    }

    /// What a holder has, ends as stated.
    fn stated(&self, holder: &Holder) -> Stated {
        let (low, low_open) = match self.as_stated {
            true => (holder.stated.min().ppb(), holder.stated.min_open()),
            false => (holder.low, holder.low_open),
        };
        Stated {
            low: low.into(),
            high: holder.high.into(),
            low_open: low_open.into(),
            high_open: holder.high_open.into(),
        }
    }
}

impl Seat {
    /// The holders among two sets, each once, by whichever way is shorter: a party that is asked about has few, and a
    /// company may have very many.
    fn among<'s>(&'s self, certain: &'s NodeSet, possible: &'s NodeSet) -> Box<dyn Iterator<Item = &'s Holder> + 's> {
        let holders = &self.column.holders;
        if certain.len() + possible.len() >= holders.len() / 8 {
            return Box::new(holders.iter());
        }
        let members = certain.iter().chain(possible.iter().filter(|node| !certain.contains(node)));
        Box::new(members.filter_map(|&node| self.column.holder(node)))
    }
}

/// Shares added up, and how many of them have an open end.
#[derive(Debug, Clone, Copy, Default)]
struct Stated {
    low: u64,
    high: u64,
    low_open: u32,
    high_open: u32,
}

impl Stated {
    fn plus(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            high: self.high + other.high,
            low_open: self.low_open + other.low_open,
            high_open: self.high_open + other.high_open,
        }
    }

    /// What is left without a part.
    fn minus(self, part: Self) -> Self {
        Self {
            low: self.low - part.low,
            high: self.high - part.high,
            low_open: self.low_open - part.low_open,
            high_open: self.high_open - part.high_open,
        }
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
