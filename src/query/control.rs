//! Who controls whom, certainly and possibly.
//!
//! An owner controls an entity when it and what it controls together hold more than the threshold of the votes, or when
//! one of them has a right that gives control without a share. Both kinds of step feed one least fixpoint (Mumick,
//! Pirahesh & Ramakrishnan, VLDB 1990, for the shares). With share ranges the certain fixpoint takes every share at its
//! low and the possible one the most favourable shares that leave every company's votes feasible; both are exact.

use super::column::{self, Column, WHOLE};
use crate::graph::{EdgeId, Interest, NodeId, View};
use crate::model::date::Presence;
use crate::model::interest::ControlRight;
use crate::model::{InterestKind, Layer, Share, ShareRange};
use serde::Serialize;
use std::collections::HashMap;

/// How sure it is that somebody controls somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Not even with the shares as favourable as the ranges allow.
    None,
    /// With some of the shares that the ranges allow.
    Possible,
    /// With all of them.
    Certain,
}

/// How much of the votes control takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// More than this.
    MoreThan(Share),
    /// This or more.
    AtLeast(Share),
}

impl Default for Threshold {
    /// More than half.
    fn default() -> Self {
        Threshold::MoreThan(Share::from_ppb(500_000_000))
    }
}

impl Threshold {
    /// Whether a sum of shares in parts per billion passes.
    pub(crate) fn is_met(self, total: u64) -> bool {
        match self {
            Threshold::MoreThan(limit) => total > u64::from(limit.ppb()),
            Threshold::AtLeast(limit) => total >= u64::from(limit.ppb()),
        }
    }
}

/// What gives control in one step.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// These members of the group hold enough of the votes together.
    Votes(Vec<NodeId>),
    /// A right without a share, or an indirect interest that suffices by itself.
    Right(EdgeId),
}

/// One entity that a group controls, and how it came to.
#[derive(Debug, Clone)]
pub(crate) struct Controlled {
    pub node: NodeId,
    pub step: Step,
}

/// The votes of an entity and the rights in it that give control without a share.
#[derive(Debug)]
struct Seat {
    column: Column,
    low: u64,
    high: u64,
    /// Owner, how sure the right is, and the interest.
    rights: Vec<(NodeId, Certainty, EdgeId)>,
}

/// Control in one view; remembers what it has looked up.
#[derive(Debug)]
pub(crate) struct ControlGraph<'g> {
    view: View<'g>,
    threshold: Threshold,
    seats: HashMap<NodeId, Seat>,
}

impl<'g> ControlGraph<'g> {
    pub(crate) fn new(view: View<'g>, threshold: Threshold) -> Self {
        Self { view: view.layer(Layer::Votes), threshold, seats: HashMap::new() }
    }

    fn seat(&mut self, node: NodeId) -> &Seat {
        let (view, threshold) = (self.view, self.threshold);
        self.seats.entry(node).or_insert_with(|| Seat::of(view, threshold, node))
    }

    /// Everything that the group controls, in the order in which it came under control. `within` bounds the search.
    pub(crate) fn closure(
        &mut self,
        group: &[NodeId],
        wanted: Certainty,
        within: Option<&HashMap<NodeId, u32>>,
    ) -> Vec<Controlled> {
        let mut members: HashMap<NodeId, ()> = group.iter().map(|&node| (node, ())).collect();
        let mut queue: Vec<NodeId> = group.to_vec();
        let mut controlled = Vec::new();
        let mut next = 0;
        while next < queue.len() {
            let holder = queue[next];
            next += 1;
            let mut candidates: Vec<NodeId> =
                self.view.interests_of(holder).map(|(_, interest, _)| interest.owned()).collect();
            candidates.sort_unstable();
            candidates.dedup();
            for candidate in candidates {
                let inside = within.is_none_or(|bounds| bounds.contains_key(&candidate));
                if !inside || members.contains_key(&candidate) {
                    continue;
                }
                let threshold = self.threshold;
                if let Some(step) = self.seat(candidate).taken_by(&members, wanted, threshold) {
                    members.insert(candidate, ());
                    queue.push(candidate);
                    controlled.push(Controlled { node: candidate, step });
                }
            }
        }
        controlled
    }

    /// Everybody who could control `subject`: all who hold votes or rights in it, and all above them.
    pub(crate) fn above(&mut self, subject: NodeId) -> Vec<NodeId> {
        let mut found = vec![subject];
        let mut seen: HashMap<NodeId, ()> = HashMap::from([(subject, ())]);
        let mut next = 0;
        while next < found.len() {
            let seat = self.seat(found[next]);
            let holders = seat.column.holders.iter().chain(&seat.column.floors);
            let owners = holders.filter(|holder| holder.high > 0).map(|holder| holder.owner);
            let owners: Vec<_> = owners.chain(seat.rights.iter().map(|&(owner, _, _)| owner)).collect();
            for owner in owners {
                if seen.insert(owner, ()).is_none() {
                    found.push(owner);
                }
            }
            next += 1;
        }
        found
    }

    /// The votes that somebody holds in somebody, as stated.
    pub(crate) fn votes(&mut self, owner: NodeId, owned: NodeId) -> Option<ShareRange> {
        let seat = self.seat(owned);
        seat.column.holders.iter().find(|holder| holder.owner == owner).map(|holder| holder.stated)
    }

    /// The rights in an entity that give control without a share: the owner, how sure, the interest.
    pub(crate) fn rights(&mut self, node: NodeId) -> Vec<(NodeId, Certainty, EdgeId)> {
        self.seat(node).rights.clone()
    }

    /// Whether an entity certainly controls itself: with what it controls it holds enough of its own votes.
    pub(crate) fn controls_itself(&mut self, node: NodeId) -> bool {
        let closure = self.closure(&[node], Certainty::Certain, None);
        let mut group: HashMap<NodeId, ()> = closure.iter().map(|entry| (entry.node, ())).collect();
        group.insert(node, ());
        let threshold = self.threshold;
        self.seat(node).taken_by(&group, Certainty::Certain, threshold).is_some()
    }

    /// Whether the votes of an entity are over-subscribed.
    pub(crate) fn is_over_subscribed(&mut self, node: NodeId) -> bool {
        self.seat(node).column.over_subscribed
    }

    /// The view in the votes layer.
    pub(crate) fn view(&self) -> View<'g> {
        self.view
    }
}

impl Seat {
    fn of(view: View<'_>, threshold: Threshold, node: NodeId) -> Self {
        let column = column::column(view, node);
        let mut rights: Vec<(NodeId, Certainty, EdgeId)> = Vec::new();
        let mut trustees: Vec<NodeId> = Vec::new();
        let mut nominators: Vec<NodeId> = Vec::new();
        for (_, interest, _) in view.interests_in(node) {
            let sole = match interest.kind() {
                InterestKind::Trustee => &mut trustees,
                InterestKind::Nominator => &mut nominators,
                _ => continue,
            };
            if !sole.contains(&interest.owner()) {
                sole.push(interest.owner());
            }
        }
        for (edge, interest, presence) in view.interests_in(node) {
            let alone = match interest.kind() {
                InterestKind::Trustee => trustees.len() == 1,
                InterestKind::Nominator => nominators.len() == 1,
                _ => true,
            };
            let certainty = right(interest, presence, alone);
            if certainty > Certainty::None {
                rights.push((interest.owner(), certainty, edge));
            }
        }
        for floor in &column.floors {
            let certainty = if threshold.is_met(floor.inner_low.into()) {
                Certainty::Certain
            } else if threshold.is_met(floor.inner_high.into()) {
                Certainty::Possible
            } else {
                continue;
            };
            let edges = column::evidence(view, floor.owner, node);
            let edge = edges.into_iter().find(|&edge| view.graph().interest(edge).is_indirect());
            rights.extend(edge.map(|edge| (floor.owner, certainty, edge)));
        }
        let low = column.holders.iter().map(|holder| u64::from(holder.inner_low)).sum();
        let high = column.holders.iter().map(|holder| u64::from(holder.inner_high)).sum();
        Seat { column, low, high, rights }
    }

    /// How the group takes control, if it does.
    fn taken_by(&self, group: &HashMap<NodeId, ()>, wanted: Certainty, threshold: Threshold) -> Option<Step> {
        let right = self
            .rights
            .iter()
            .filter(|(owner, certainty, _)| *certainty >= wanted && group.contains_key(owner))
            .max_by_key(|&&(_, certainty, edge)| (certainty, std::cmp::Reverse(edge)));
        let mut holders: Vec<_> =
            self.column.holders.iter().filter(|holder| holder.high > 0 && group.contains_key(&holder.owner)).collect();
        let passes = |holders: &[&column::Holder]| threshold.is_met(self.total(holders, wanted));
        if holders.is_empty() || !passes(&holders) {
            return right.map(|&(_, _, edge)| Step::Right(edge));
        }
        holders.sort_by_key(|holder| std::cmp::Reverse((holder.inner_low, holder.inner_high)));
        let needed = (1..=holders.len()).find(|&count| passes(&holders[..count])).unwrap_or(holders.len());
        Some(Step::Votes(holders[..needed].iter().map(|holder| holder.owner).collect()))
    }

    /// What the group holds together: for certain, or at best.
    fn total(&self, group: &[&column::Holder], wanted: Certainty) -> u64 {
        let low: u64 = group.iter().map(|holder| u64::from(holder.inner_low)).sum();
        let high: u64 = group.iter().map(|holder| u64::from(holder.inner_high)).sum();
        match wanted {
            Certainty::Certain if self.column.complete => low.max(WHOLE.saturating_sub(self.high - high)),
            Certainty::Certain => low,
            _ => high.min(WHOLE.saturating_sub(self.low - low)),
        }
    }
}

/// What a right without a share says about control. `alone` tells whether no other party holds the same role.
fn right(interest: &Interest, presence: Presence, alone: bool) -> Certainty {
    let majority = || interest.share().inner_min() > 500_000_000 && !interest.share().is_unknown();
    let stated = match interest.kind() {
        InterestKind::AppointmentOfBoard if interest.is_controlling() || majority() => ControlRight::Certain,
        InterestKind::Manager if interest.is_controlling() => ControlRight::Certain,
        InterestKind::Trustee | InterestKind::Nominator if !alone => ControlRight::Possible,
        kind => kind.control_right(),
    };
    match stated {
        ControlRight::None => Certainty::None,
        ControlRight::Certain if column::is_certain(interest, presence) => Certainty::Certain,
        _ => Certainty::Possible,
    }
}
