//! Who owns an entity, and what an entity holds: directly, effectively, by control.

use super::chains::{Chains, StatedLink, UnknownLink};
use super::control::{Certainty, ControlGraph, Threshold};
use super::effective::{Chance, End, Target, chances};
use super::ends::{ClosedGroup, Unaccounted, circular_groups, closed_group_shares, unaccounted};
use super::integrated::Integrated;
use super::region::Region;
use super::register_statements::{RegisterStatement, register_statements};
use super::walk::{Side, distances, marks_above, marks_below};
use super::{InterestAnswer, NodeMap, NodeSet, PercentRange, in_time, members, one_day};
use crate::error::{ErrorKind, Result};
use crate::graph::{EdgeId, Entity, NodeId, View};
use crate::model::{AsOf, Layer, Mark, Marks, ShareRange};
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// Which rows of an answer are wanted. The numbers always come from the whole view.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rows {
    /// Only those with a direct interest.
    pub direct: bool,
    /// Only ultimate owners.
    pub ultimate: bool,
    /// Only those whose effective share can reach this, in percent.
    pub min_share: Option<f64>,
    /// Only those at most this many interests away.
    pub depth: Option<u32>,
}

/// The answer to "who owns X?".
#[derive(Debug, Clone, Serialize)]
pub struct Owners<'g> {
    /// The entity asked about; a group's first member.
    pub subject: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// The layer.
    pub layer: Layer,
    /// The owners, certain control first, then by share.
    pub owners: Vec<OwnerRow<'g>>,
    /// What neither ultimate owners nor closed circles hold.
    pub unaccounted: Unaccounted,
    /// Circles among the owners, as ids.
    pub circular_groups: Vec<Vec<&'g str>>,
    /// Circles that nobody outside holds, with what ends in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closed_groups: Vec<ClosedGroup<'g>>,
    /// What registers say of the owners of the subject, and of those where chains end, without naming anybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub register_statements: Vec<RegisterStatement<'g>>,
    /// Whether the time limit stopped the computation: then a range may be wider than what the sources allow, never
    /// narrower, and control that was not settled stands as possible.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// One owner of the subject.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerRow<'g> {
    /// The owner.
    pub entity: Entity<'g>,
    /// What it holds itself, as stated; absent where it holds nothing itself.
    pub direct: Option<ShareRange>,
    /// What it holds through all chains.
    pub effective: PercentRange,
    /// Whether it controls the subject.
    pub control: Certainty,
    /// Whether nobody owns it in turn.
    pub ultimate: bool,
    /// The fewest interests between.
    pub distance: u32,
    /// Whether it controls without any share.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub control_only: bool,
    /// The last share that a source states on the strongest chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_stated: Option<StatedLink<'g>>,
    /// The first link on that chain of which nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_unknown: Option<UnknownLink<'g>>,
    /// Whether an approximate share went into it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
    /// The cautions of the interests between.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// The owner's own interests in the subject and in others on the way down to it.
    pub interests: Vec<InterestAnswer<'g>>,
    /// How many more such interests there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_interests: usize,
}

/// Interests of its own that the row of an owner lists.
const INTERESTS_SHOWN: usize = 20;

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl<'g> OwnerRow<'g> {
    /// Identifiers of the sources of the owner's own interests.
    pub fn sources(&self) -> Vec<&'g str> {
        let sources: BTreeSet<&str> = self.interests.iter().flat_map(|i| i.sources).map(String::as_str).collect();
        sources.into_iter().collect()
    }

    /// The name of an entity of the same graph by its id.
    pub fn name_of(&self, id: &'g str) -> &'g str {
        self.entity.by_id(id).map_or(id, Entity::name)
    }
}

/// The answer to "what does Y hold?".
#[derive(Debug, Clone, Serialize)]
pub struct Holdings<'g> {
    /// The owner asked about; a group's first member.
    pub subject: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// The layer.
    pub layer: Layer,
    /// What it holds, certain control first, then by share.
    pub holdings: Vec<HoldingRow<'g>>,
    /// Whether the time limit stopped the computation: then a range may be wider than what the sources allow, never
    /// narrower.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Cautions that concern the whole answer.
    pub warnings: Vec<String>,
}

/// One entity that the subject holds.
#[derive(Debug, Clone, Serialize)]
pub struct HoldingRow<'g> {
    /// The held entity.
    pub entity: Entity<'g>,
    /// What the subject holds itself, as stated.
    pub direct: Option<ShareRange>,
    /// What it holds through all chains.
    pub effective: PercentRange,
    /// Whether it controls the entity.
    pub control: Certainty,
    /// The fewest interests between.
    pub distance: u32,
    /// Whether it controls without any share.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub control_only: bool,
    /// Whether an approximate share went into it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
    /// The cautions of the interests between.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
}

impl<'g> View<'g> {
    /// Who owns `subject`, with effective shares exact at both ends.
    ///
    /// ```
    /// use cuibono::load::Loader;
    /// use cuibono::query::owners::Rows;
    /// let mut loader = Loader::new();
    /// loader.read_text("edges.csv", "owner,owned,share\nAnn,Hold,60\nHold,Acme,50\n")?;
    /// let graph = loader.finish()?;
    /// let view = graph.view("2024-01-01".parse().expect("a date"));
    /// let acme = graph.node_by_id("Acme").expect("read above");
    /// let answer = view.owners_of(acme, Rows::default())?;
    /// let ann = answer.owners.iter().find(|row| row.entity.id() == "Ann").expect("an owner");
    /// assert_eq!((ann.effective.min, ann.effective.max), (30.0, 30.0));
    /// assert_eq!(answer.unaccounted.range.min, 70.0);
    /// # Ok::<(), cuibono::error::Error>(())
    /// ```
    pub fn owners_of(self, subject: NodeId, rows: Rows) -> Result<Owners<'g>> {
        one_day(self)?;
        let region = Region::above(self, subject);
        let mut control = ControlGraph::new(self, Threshold::default());
        let (statuses, mut partial) = controllers_in_time(&mut control, subject, || self.is_overdue());
        let mut candidates: BTreeSet<NodeId> = statuses.keys().copied().collect();
        candidates.extend((0..region.len() as u32).map(|local| region.node(local)));
        candidates.remove(&subject);

        let chains = Chains::up_from(&region, subject);
        let distances = distances(self, subject, Side::Up);
        let mut or_whole = |found: Result<Unaccounted>| settle_for_less(self, &mut partial, found, whole_unaccounted);
        let unaccounted = or_whole(unaccounted(&region, subject))?;
        let closed_groups = closed_group_shares(&region, subject);
        let closed_groups = settle_for_less(self, &mut partial, closed_groups, Vec::new)?;
        let mut answer = Owners {
            subject: self.graph().entity(subject),
            as_of: self.as_of(),
            layer: self.current_layer(),
            owners: Vec::new(),
            unaccounted,
            circular_groups: circular_groups(&region),
            closed_groups,
            register_statements: Vec::new(),
            partial: false,
            warnings: warnings(&region, &mut control, subject),
        };
        let mut integrated = Integrated::new(region);
        let shares: HashMap<u32, PercentRange> = match integrated.region().local(subject) {
            Some(local) => integrated.owners_of(local)?.into_iter().collect(),
            None => HashMap::new(),
        };
        answer.partial = partial || integrated.is_partial();
        if answer.partial {
            answer.warnings.push(PARTIAL.to_owned());
        }
        let region = integrated.region();
        let marks = marks_above(region, subject);
        let directs: NodeMap<ShareRange> = directs_in(region, subject);
        for node in candidates {
            let status = statuses.get(&node).copied().unwrap_or(Certainty::None);
            let reached = region.local(node).and_then(|local| Some((local, marks[local as usize]?)));
            // In an open world anybody may hold what nobody known holds; it is an answer about those from whom a chain leads.
            let effective = reached.and_then(|(local, _)| shares.get(&local)).copied().unwrap_or_default();
            if effective.max == 0.0 && status == Certainty::None {
                continue;
            }
            let marks = reached.map_or(Marks::NONE, |(_, marks)| marks);
            let control_only = effective.max == 0.0;
            let (last_stated, first_unknown) =
                if effective.is_exact() { (None, None) } else { chains.stated(region, node) };
            let (interests, more_interests) = interests_towards(self, node, &distances);
            answer.owners.push(OwnerRow {
                entity: self.graph().entity(node),
                direct: directs.get(&node).copied(),
                effective,
                control: status,
                ultimate: is_ultimate(region, node),
                distance: distances.get(&node).copied().unwrap_or(0),
                control_only,
                last_stated,
                first_unknown,
                approx: marks.has(Mark::Approximate),
                marks,
                interests,
                more_interests,
            });
        }
        answer.owners.sort_by(by_weight);
        let ends = answer.owners.iter().filter(|row| row.ultimate).map(|row| row.entity.node());
        answer.register_statements = register_statements(self, std::iter::once(subject).chain(ends));
        answer.owners.retain(|row| {
            (!rows.direct || row.direct.is_some() || row.distance == 1)
                && (!rows.ultimate || row.ultimate)
                && rows.depth.is_none_or(|depth| row.distance <= depth)
                && rows.min_share.is_none_or(|least| row.effective.max >= least)
        });
        Ok(answer)
    }

    /// What `owners` together hold; a single owner is the usual case.
    pub fn holdings_of(self, owners: &[NodeId], rows: Rows) -> Result<Holdings<'g>> {
        one_day(self)?;
        let owners = &members(owners)?;
        let region = Region::below(self, owners);
        let locals: Vec<u32> = owners.iter().filter_map(|&owner| region.local(owner)).collect();
        let mut distances: NodeMap<u32> = NodeMap::default();
        for (node, steps) in owners.iter().flat_map(|&owner| super::walk::distances(self, owner, Side::Down)) {
            distances.entry(node).and_modify(|least| *least = steps.min(*least)).or_insert(steps);
        }
        let mut partial = false;
        let low = chances(&region, Target::Owners(&locals), End::Low);
        let low = settle_for_less(self, &mut partial, low, || vec![Chance::default(); region.len()])?;
        let high = chances(&region, Target::Owners(&locals), End::High);
        let high = settle_for_less(self, &mut partial, high, || {
            let below = |local: u32| if distances.contains_key(&region.node(local)) { 1.0 } else { 0.0 };
            (0..region.len() as u32).map(|local| Chance { value: below(local), open: false }).collect()
        })?;
        let mut control = ControlGraph::new(self, Threshold::default());
        let possible = control.closure(owners, Certainty::Possible);
        let certain = control.closure(owners, Certainty::Certain);
        let mut statuses: NodeMap<Certainty> = NodeMap::default();
        statuses.extend(possible.iter().map(|entry| (entry.node, Certainty::Possible)));
        statuses.extend(certain.iter().map(|entry| (entry.node, Certainty::Certain)));

        let marks = marks_below(&region, &locals);
        let mut candidates: BTreeSet<NodeId> = statuses.keys().copied().collect();
        candidates.extend((0..region.len() as u32).map(|local| region.node(local)));
        let mut holdings = Vec::new();
        let group: NodeSet = owners.iter().copied().collect();
        for node in candidates.into_iter().filter(|node| !group.contains(node)) {
            let local = region.local(node);
            let reached = local.and_then(|local| Some((local as usize, marks[local as usize]?)));
            // In an open world anybody may hold what nobody known holds; it is an answer about those whom a chain leads to.
            let effective = reached
                .map_or(PercentRange::default(), |(local, _)| PercentRange::from_chances(low[local], high[local]));
            let status = statuses.get(&node).copied().unwrap_or(Certainty::None);
            if effective.max == 0.0 && status == Certainty::None {
                continue;
            }
            let marks = reached.map_or(Marks::NONE, |(_, marks)| marks);
            let direct = owners.iter().filter_map(|&owner| direct(&region, owner, node));
            holdings.push(HoldingRow {
                entity: self.graph().entity(node),
                direct: direct.reduce(ShareRange::plus),
                effective,
                control: status,
                distance: distances.get(&node).copied().unwrap_or(0),
                control_only: effective.max == 0.0,
                approx: marks.has(Mark::Approximate),
                marks,
            });
        }
        holdings.sort_by(|a, b| weight_order((a.control, &a.effective, a.entity), (b.control, &b.effective, b.entity)));
        holdings.retain(|row| {
            (!rows.direct || row.direct.is_some() || row.distance == 1)
                && rows.depth.is_none_or(|depth| row.distance <= depth)
                && rows.min_share.is_none_or(|least| row.effective.max >= least)
        });
        let shown: NodeSet = holdings.iter().map(|row| row.entity.node()).collect();
        Ok(Holdings {
            subject: self.graph().entity(owners[0]),
            as_of: self.as_of(),
            layer: self.current_layer(),
            holdings,
            partial,
            warnings: region_warnings(&region, |local| shown.contains(&region.node(local)))
                .into_iter()
                .chain(partial.then(|| PARTIAL.to_owned()))
                .collect(),
        })
    }
}

/// Who controls the subject, of all who could.
///
/// Candidates are asked nearest first, so that one who controls a known controller is settled at that step.
///
/// # Errors
/// If the time of the view is over before all are found.
pub(crate) fn controllers(control: &mut ControlGraph<'_>, subject: NodeId) -> Result<NodeMap<Certainty>> {
    let view = control.view();
    let (statuses, _) = controllers_in_time(control, subject, || view.is_overdue());
    in_time(view)?;
    Ok(statuses)
}

/// The same until the time is over: from then on whoever is not settled counts as possible. With whether it was over.
fn controllers_in_time(
    control: &mut ControlGraph<'_>,
    subject: NodeId,
    overdue: impl Fn() -> bool,
) -> (NodeMap<Certainty>, bool) {
    let above = control.above(subject);
    let within: NodeSet = above.iter().copied().collect();
    let mut statuses = NodeMap::default();
    for wanted in [Certainty::Possible, Certainty::Certain] {
        let mut known: NodeSet = NodeSet::from_iter([subject]);
        let able = control.sole_controllers(&above, wanted);
        for &candidate in above.iter().filter(|&&node| node != subject && able.contains(&node)) {
            if overdue() {
                let others = above.iter().filter(|&&node| node != subject);
                others.for_each(|&node| _ = statuses.entry(node).or_insert(Certainty::Possible));
                return (statuses, true);
            }
            let inside = |node| within.contains(&node);
            let closure = control.closure_until(&[candidate], wanted, inside, |node| known.contains(&node));
            if closure.last().is_some_and(|entry| known.contains(&entry.node)) {
                known.insert(candidate);
                statuses.insert(candidate, wanted);
            }
        }
    }
    (statuses, false)
}

/// What a partial answer says.
const PARTIAL: &str = "partial: stopped at the time limit; ranges not settled by then are wider than need be, control not settled is possible";

/// A safe answer in place of one that the time did not allow, which is then noted.
fn settle_for_less<T>(view: View<'_>, partial: &mut bool, found: Result<T>, safe: impl FnOnce() -> T) -> Result<T> {
    match found {
        Err(error) if error.kind() == ErrorKind::Limit && view.is_overdue() => {
            *partial = true;
            Ok(safe())
        }
        found => found,
    }
}

fn whole_unaccounted() -> Unaccounted {
    let range = PercentRange { max: 100.0, ..PercentRange::default() };
    Unaccounted { range, unknown_parties: None }
}

/// The effective share of a set of owners in `subject`.
pub(crate) fn share_at(region: &Region<'_>, owners: &[u32], subject: NodeId) -> Result<PercentRange> {
    let Some(local) = region.local(subject) else {
        return Ok(PercentRange::default());
    };
    let low = chances(region, Target::Owners(owners), End::Low)?;
    let high = chances(region, Target::Owners(owners), End::High)?;
    Ok(PercentRange::from_chances(low[local as usize], high[local as usize]))
}

fn direct(region: &Region<'_>, owner: NodeId, owned: NodeId) -> Option<ShareRange> {
    let column = region.column(region.local(owned)?);
    column.holders.iter().find(|holder| holder.owner == owner).map(|holder| holder.stated)
}

/// What `owner` holds, or may hold, of those from whom a way leads down to the subject, nearest first and at most
/// [`INTERESTS_SHOWN`]; and how many more there are.
fn interests_towards<'g>(view: View<'g>, owner: NodeId, on_the_way: &NodeMap<u32>) -> (Vec<InterestAnswer<'g>>, usize) {
    let counted = view.interests_of(owner).filter(|&(_, interest, _)| super::neighbourhood::is_drawn(interest));
    let mut near: Vec<(u32, EdgeId)> = counted
        .filter_map(|(edge, interest, _)| on_the_way.get(&interest.owned()).map(|&distance| (distance, edge)))
        .collect();
    near.sort_unstable();
    let more = near.len().saturating_sub(INTERESTS_SHOWN);
    near.truncate(INTERESTS_SHOWN);
    (near.into_iter().map(|(_, edge)| InterestAnswer::of(view.graph().stake(edge))).collect(), more)
}

/// Nobody owns it in the layer and view; a self-holding counts as an owner.
fn is_ultimate(region: &Region<'_>, node: NodeId) -> bool {
    match region.local(node) {
        Some(local) => region.owners(local).is_empty(),
        None => super::column::column(region.view, node).holders.iter().all(|holder| holder.high == 0),
    }
}

fn warnings(region: &Region<'_>, control: &mut ControlGraph<'_>, subject: NodeId) -> Vec<String> {
    let mut warnings = region_warnings(region, |_| true);
    for node in control.above(subject) {
        let warning = format!("over-subscribed: {}", region.view.graph().entity(node).id());
        if control.is_over_subscribed(node) && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    warnings
}

/// Over-subscribed entities and rival accounts among those that `concerns` picks.
fn region_warnings(region: &Region<'_>, concerns: impl Fn(u32) -> bool) -> Vec<String> {
    let graph = region.view.graph();
    let mut warnings = Vec::new();
    for local in (0..region.len() as u32).filter(|&local| concerns(local)) {
        let id = graph.entity(region.node(local)).id();
        if region.is_over_subscribed(local) {
            warnings.push(format!("over-subscribed: {id}"));
        }
        if !region.links(local).iter().any(|link| link.marks.has(Mark::Rival)) {
            continue;
        }
        let column = region.column(local);
        for holder in column.holders.iter().filter(|holder| holder.marks.has(Mark::Rival)) {
            let owner = graph.entity(holder.owner).id();
            warnings
                .push(format!("rival accounts: {owner} in {id}: {} counts, another statement differs", holder.stated));
        }
    }
    warnings
}

/// What each owner of the subject holds itself.
fn directs_in(region: &Region<'_>, subject: NodeId) -> NodeMap<ShareRange> {
    let column = region.local(subject).map(|local| region.column(local)).unwrap_or_default();
    column.holders.iter().map(|holder| (holder.owner, holder.stated)).collect()
}

fn by_weight(a: &OwnerRow<'_>, b: &OwnerRow<'_>) -> Ordering {
    weight_order((a.control, &a.effective, a.entity), (b.control, &b.effective, b.entity))
}

/// Certain control before possible, then the larger share, then by id.
fn weight_order(
    (control_a, share_a, entity_a): (Certainty, &PercentRange, Entity<'_>),
    (control_b, share_b, entity_b): (Certainty, &PercentRange, Entity<'_>),
) -> Ordering {
    control_b
        .cmp(&control_a)
        .then(share_b.min.total_cmp(&share_a.min))
        .then(share_b.max.total_cmp(&share_a.max))
        .then(entity_a.id().cmp(entity_b.id()))
}
