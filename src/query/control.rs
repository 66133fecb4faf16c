//! Who controls whom, certainly and possibly.
//!
//! An owner controls an entity when it and what it controls together hold more than the threshold of the votes, or when
//! one of them has a right that gives control without a share. Both kinds of step feed one least fixpoint (Mumick,
//! Pirahesh & Ramakrishnan, VLDB 1990, for the shares). With share ranges the certain fixpoint takes every share at its
//! low and the possible one the most favourable shares that leave every company's votes feasible; both are exact.

use super::column::{self, Column, WHOLE};
use super::each_once;
use super::proof::Member;
use super::{NodeMap, NodeSet};
use crate::graph::{EdgeId, Interest, NodeId, View};
use crate::model::date::Presence;
use crate::model::interest::ControlRight;
use crate::model::{InterestKind, Layer, Share, ShareRange};
use serde::Serialize;
use std::cmp::Reverse;

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

impl Certainty {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Certainty::None => "none",
            Certainty::Possible => "possible",
            Certainty::Certain => "certain",
        }
    }
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

impl Member for Controlled {
    fn node(&self) -> NodeId {
        self.node
    }
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
    seats: NodeMap<Seat>,
}

impl<'g> ControlGraph<'g> {
    pub(crate) fn new(view: View<'g>, threshold: Threshold) -> Self {
        Self { view: view.layer(Layer::Votes), threshold, seats: NodeMap::default() }
    }

    fn seat(&mut self, node: NodeId) -> &Seat {
        let (view, threshold) = (self.view, self.threshold);
        self.seats.entry(node).or_insert_with(|| Seat::of(view, threshold, node))
    }

    /// Everything that the group controls, in the order in which it came under control.
    pub(crate) fn closure(&mut self, group: &[NodeId], wanted: Certainty) -> Vec<Controlled> {
        self.closure_until(group, wanted, |_| true, |_| false)
    }

    /// The closure as far as the first entity at which the question is settled; only what is `inside` is looked at.
    pub(crate) fn closure_until(
        &mut self,
        group: &[NodeId],
        wanted: Certainty,
        inside: impl Fn(NodeId) -> bool,
        settles: impl Fn(NodeId) -> bool,
    ) -> Vec<Controlled> {
        let (view, threshold) = (self.view, self.threshold);
        let mut tallies: NodeMap<Tally> = NodeMap::default();
        let join = |candidate: NodeId, member: NodeId| {
            if !inside(candidate) {
                return None;
            }
            let seat = self.seat(candidate);
            let tally = tallies.entry(candidate).or_default();
            tally.add(seat, member, wanted);
            tally.step(seat, wanted, threshold)
        };
        let grown = grow(view, group, join, settles);
        grown.into_iter().map(|(node, step)| Controlled { node, step }).collect()
    }

    /// Those who control one of `entities` alone: whatever comes under control first does so by one party, so that nobody
    /// else of a single party's making need be asked. One pass over the columns.
    pub(crate) fn sole_controllers(&mut self, entities: &[NodeId], wanted: Certainty) -> NodeSet {
        let threshold = self.threshold;
        let mut found = NodeSet::default();
        for &entity in entities {
            let seat = self.seat(entity);
            let suffices = |holder: &&column::Holder| {
                let total = seat.total(holder.inner_low.into(), holder.inner_high.into(), wanted);
                holder.high > 0 && threshold.is_met(total)
            };
            found.extend(seat.column.holders.iter().filter(suffices).map(|holder| holder.owner));
            let rights = seat.rights.iter().filter(|(_, certainty, _)| *certainty >= wanted);
            found.extend(rights.map(|&(owner, _, _)| owner));
        }
        found
    }

    /// Whether the group controls an entity.
    pub(crate) fn controls(&mut self, group: &[NodeId], entity: NodeId, wanted: Certainty) -> bool {
        let closure = self.closure_until(group, wanted, |_| true, |node| node == entity);
        closure.last().is_some_and(|entry| entry.node == entity)
    }

    /// Everybody who could control `subject`: all who hold votes or rights in it, and all above them.
    pub(crate) fn above(&mut self, subject: NodeId) -> Vec<NodeId> {
        let mut found = vec![subject];
        let mut seen = NodeSet::from_iter([subject]);
        let mut next = 0;
        while next < found.len() {
            for owner in self.owners(found[next]) {
                if seen.insert(owner) {
                    found.push(owner);
                }
            }
            next += 1;
        }
        found
    }

    /// All who hold votes or rights in an entity.
    pub(crate) fn owners(&mut self, node: NodeId) -> Vec<NodeId> {
        let seat = self.seat(node);
        let holders = seat.column.holders.iter().chain(&seat.column.floors);
        let owners = holders.filter(|holder| holder.high > 0).map(|holder| holder.owner);
        owners.chain(seat.rights.iter().map(|&(owner, _, _)| owner)).collect()
    }

    /// The votes that somebody holds in somebody, as stated.
    pub(crate) fn votes(&mut self, owner: NodeId, owned: NodeId) -> Option<ShareRange> {
        self.seat(owned).column.holder(owner).map(|holder| holder.stated)
    }

    /// The rights in an entity that give control without a share: the owner, how sure, the interest.
    pub(crate) fn rights(&mut self, node: NodeId) -> Vec<(NodeId, Certainty, EdgeId)> {
        self.seat(node).rights.clone()
    }

    /// The rights of one owner in an entity, the surest first.
    pub(crate) fn rights_of(&mut self, node: NodeId, owner: NodeId) -> impl Iterator<Item = (Certainty, EdgeId)> {
        self.seat(node).rights_of(owner)
    }

    /// Whether an entity certainly controls itself: with what it controls it holds enough of its own votes.
    pub(crate) fn controls_itself(&mut self, node: NodeId) -> bool {
        let closure = self.closure(&[node], Certainty::Certain);
        self.is_held_by(node, closure.iter().map(|entry| entry.node).chain([node]))
    }

    /// Whether some parties together certainly hold enough of an entity.
    pub(crate) fn is_held_by(&mut self, node: NodeId, group: impl Iterator<Item = NodeId>) -> bool {
        let threshold = self.threshold;
        let seat = self.seat(node);
        let mut tally = Tally::default();
        group.for_each(|member| tally.add(seat, member, Certainty::Certain));
        tally.step(seat, Certainty::Certain, threshold).is_some()
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
        rights.sort_by_key(|&(owner, certainty, edge)| (owner, Reverse(certainty), edge));
        let low = column.holders.iter().map(|holder| u64::from(holder.inner_low)).sum();
        let high = column.holders.iter().map(|holder| u64::from(holder.inner_high)).sum();
        Seat { column, low, high, rights }
    }
}

/// What the members of a group have in one entity.
#[derive(Debug, Default)]
struct Tally {
    low: u64,
    high: u64,
    holders: Vec<NodeId>,
    right: Option<(Certainty, EdgeId)>,
}

impl Tally {
    /// Counts what one more member has.
    fn add(&mut self, seat: &Seat, member: NodeId, wanted: Certainty) {
        if let Some(holder) = seat.column.holder(member).filter(|holder| holder.high > 0) {
            self.low += u64::from(holder.inner_low);
            self.high += u64::from(holder.inner_high);
            self.holders.push(member);
        }
        for (certainty, edge) in seat.rights_of(member).filter(|&(certainty, _)| certainty >= wanted) {
            if self.right.is_none_or(|(known, _)| certainty > known) {
                self.right = Some((certainty, edge));
            }
        }
    }

    /// How the group takes control, if it does: by votes if they suffice, else by a right.
    fn step(&self, seat: &Seat, wanted: Certainty, threshold: Threshold) -> Option<Step> {
        if self.holders.is_empty() || !threshold.is_met(seat.total(self.low, self.high, wanted)) {
            return self.right.map(|(_, edge)| Step::Right(edge));
        }
        let mut holders: Vec<&column::Holder> =
            self.holders.iter().filter_map(|&owner| seat.column.holder(owner)).collect();
        holders.sort_by_key(|holder| (Reverse((holder.inner_low, holder.inner_high)), holder.owner));
        let (mut low, mut high) = (0, 0);
        let mut needed = Vec::new();
        for holder in holders {
            low += u64::from(holder.inner_low);
            high += u64::from(holder.inner_high);
            needed.push(holder.owner);
            if threshold.is_met(seat.total(low, high, wanted)) {
                break;
            }
        }
        Some(Step::Votes(needed))
    }
}

impl Seat {
    /// The rights of one owner, the surest first.
    fn rights_of(&self, owner: NodeId) -> impl Iterator<Item = (Certainty, EdgeId)> {
        let first = self.rights.partition_point(|&(other, _, _)| other < owner);
        let own = self.rights[first..].iter().take_while(move |&&(other, _, _)| other == owner);
        own.map(|&(_, certainty, edge)| (certainty, edge))
    }

    /// What a group that holds this much has together: for certain, or at best.
    fn total(&self, low: u64, high: u64, wanted: Certainty) -> u64 {
        match wanted {
            // Never more than at best, where the holders of a complete register do not reach the whole.
            Certainty::Certain if self.column.complete => low.max(WHOLE.saturating_sub(self.high - high).min(high)),
            Certainty::Certain => low,
            _ => high.min(WHOLE.saturating_sub(self.low - low)),
        }
    }
}

/// The least set that contains the seeds and whatever joins it, in the order of joining, with how it joined.
///
/// A work list: `join` is asked once for each entity and each member that has an interest in it, so that a tally for each
/// entity makes the whole linear in what the members hold. It ends early at an entity that `settles` the question.
pub(crate) fn grow<S>(
    view: View<'_>,
    seeds: &[NodeId],
    mut join: impl FnMut(NodeId, NodeId) -> Option<S>,
    settles: impl Fn(NodeId) -> bool,
) -> Vec<(NodeId, S)> {
    // What somebody holds counts once, however often they are named.
    let mut queue = each_once(seeds);
    let mut members: NodeSet = queue.iter().copied().collect();
    let mut joined = Vec::new();
    let mut next = 0;
    while next < queue.len() {
        let member = queue[next];
        next += 1;
        for candidate in held(view, member) {
            if members.contains(&candidate) {
                continue;
            }
            if let Some(step) = join(candidate, member) {
                members.insert(candidate);
                queue.push(candidate);
                joined.push((candidate, step));
                if settles(candidate) {
                    return joined;
                }
            }
        }
    }
    joined
}

/// Everything in which somebody has an interest, each once.
fn held(view: View<'_>, holder: NodeId) -> Vec<NodeId> {
    let mut held: Vec<NodeId> = view.interests_of(holder).map(|(_, interest, _)| interest.owned()).collect();
    held.sort_unstable();
    held.dedup();
    held
}

/// Whether an entity has interests that may give control without a share, or by an indirect interest alone.
pub(crate) fn may_have_rights(view: View<'_>, node: NodeId) -> bool {
    let gives = |interest: Interest| interest.is_indirect() || interest.kind().control_right() > ControlRight::None;
    view.interests_in(node).any(|(_, interest, _)| gives(interest))
}

/// What a right without a share says about control. `alone` tells whether no other party holds the same role.
fn right(interest: Interest, presence: Presence, alone: bool) -> Certainty {
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
