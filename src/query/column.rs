//! Who holds an entity in one layer: a column of the ownership matrix.
//!
//! Several interests of one pair are taken together here, rival accounts decided, nominees looked through, indirect
//! interests set apart and over-subscribed entities cut back, as `semantics` defines it.

use super::NodeSet;
use crate::graph::{EdgeId, Interest, NodeId, View};
use crate::model::date::Presence;
use crate::model::{Confidence, InterestKind, Layer, Mark, Marks, Share, ShareRange};
use std::collections::{HashMap, VecDeque};

/// The whole in parts per billion.
pub(crate) const WHOLE: u64 = 1_000_000_000;

/// Rounding that a sum of shares may carry for each holder before it counts as over-subscribed: 0.05 points.
const TOLERANCE_PER_HOLDER: u64 = 500_000;

/// One owner of the entity, with all its counted interests taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Holder {
    pub owner: NodeId,
    /// What the sources state.
    pub stated: ShareRange,
    /// The lower bound that is left when the entity is over-subscribed, in parts per billion, as stated.
    pub low: u32,
    /// The upper bound in parts per billion, as stated.
    pub high: u32,
    /// Whether the lower bound is open.
    pub low_open: bool,
    /// Whether the upper bound is open.
    pub high_open: bool,
    /// The lower bound for a comparison with a threshold: an open one lies one unit inside.
    pub inner_low: u32,
    /// The upper bound for a comparison with a threshold.
    pub inner_high: u32,
    pub marks: Marks,
}

impl Holder {
    fn new(owner: NodeId, stated: ShareRange, marks: Marks) -> Self {
        Self {
            owner,
            stated,
            low: stated.min().ppb(),
            high: stated.max().ppb(),
            low_open: stated.min_open(),
            high_open: stated.max_open(),
            inner_low: stated.inner_min(),
            inner_high: stated.inner_max(),
            marks,
        }
    }
}

/// All owners of one entity in one layer.
#[derive(Debug, Default)]
pub(crate) struct Column {
    /// Owners whose shares lead into the entity, ordered by node.
    pub holders: Vec<Holder>,
    /// Indirect interests that a chain of direct ones already carries: lower limits for their owners, no links.
    pub floors: Vec<Holder>,
    /// Whether all owners are stated.
    pub complete: bool,
    /// Whether the stated shares sum to more than the whole, beyond rounding.
    pub over_subscribed: bool,
}

impl Column {
    /// What somebody has of the entity.
    pub(crate) fn holder(&self, owner: NodeId) -> Option<&Holder> {
        self.holders.binary_search_by_key(&owner, |holder| holder.owner).ok().map(|at| &self.holders[at])
    }

    /// The least and the most that nobody known can hold, in parts per billion.
    pub(crate) fn remainder(&self) -> (u64, u64) {
        let low: u64 = self.holders.iter().map(|holder| u64::from(holder.low)).sum();
        let high: u64 = self.holders.iter().map(|holder| u64::from(holder.high)).sum();
        let least = WHOLE.saturating_sub(high);
        let most = WHOLE.saturating_sub(low);
        if self.complete { (least, least) } else { (0, most) }
    }
}

/// An interest that counts in the layer.
#[derive(Clone, Copy)]
struct Entry {
    owner: NodeId,
    interest: Interest,
    only_possible: bool,
}

/// The column of `owned` in the layer of the view.
pub(crate) fn column(view: View<'_>, owned: NodeId) -> Column {
    let mut column = Column { complete: view.graph().entity(owned).owners_complete(), ..Column::default() };
    // The interests in an entity stand in the order of their owners.
    for (_, interest, presence) in view.interests_in(owned) {
        let last = column.holders.last().map(|holder| holder.owner);
        match Part::of(view, interest, presence) {
            Part::Link(row) if last.is_none_or(|last| last < row.owner) => column.holders.push(row.holder()),
            Part::Nothing => {}
            _ => return gathered(view, owned),
        }
    }
    cut_back(&mut column);
    column
}

/// What an interest is to the column of an entity in which each owner has one direct interest, as most have: nothing to
/// take together, to decide or to look through.
enum Part {
    Link(Row),
    /// It does not count in the layer.
    Nothing,
    /// It has to be seen together with others.
    Involved,
}

/// One owner of an entity, short.
#[derive(Clone, Copy)]
struct Row {
    owner: NodeId,
    share: ShareRange,
    marks: Marks,
}

impl Row {
    fn holder(self) -> Holder {
        Holder::new(self.owner, self.share, self.marks)
    }
}

impl Part {
    fn of(view: View<'_>, interest: Interest, presence: Presence) -> Self {
        let kind = interest.kind();
        if matches!(kind, InterestKind::Nominee | InterestKind::Nominator) {
            Part::Involved
        } else if !view.current_layer().counts(kind) {
            Part::Nothing
        } else if interest.is_indirect() {
            Part::Involved
        } else {
            let entry =
                Entry { owner: interest.owner(), interest, only_possible: View::is_only_possible(interest, presence) };
            Part::Link(Row { owner: entry.owner, share: entry.share(), marks: entry.marks() })
        }
    }
}

/// Something else than one direct interest an owner leads to the entity, so that its column is gathered by itself.
const INVOLVED: u8 = 1;

/// An interest that does not count in the layer leads to the entity.
const OTHER_INTERESTS: u8 = 2;

/// Calls for every entity in turn with its column, and with whether there are other interests in it than the direct ones
/// that count in the layer.
///
/// Reads the interests in the order in which they stand, as to look them up entity by entity is one cache miss each.
pub(crate) fn each(view: View<'_>, mut call: impl FnMut(NodeId, &Column, bool)) {
    let graph = view.graph();
    let mut ends = Vec::with_capacity(graph.node_count());
    let mut total = 0u32;
    for node in graph.nodes() {
        ends.push(total);
        total += graph.held_in(node).len() as u32;
    }
    let nobody = Row { owner: NodeId::default(), share: ShareRange::ZERO, marks: Marks::NONE };
    let mut rows = vec![nobody; total as usize];
    let mut notes = vec![0u8; graph.node_count()];
    for edge in graph.edges() {
        let presence = view.presence(edge);
        if presence == Presence::Out {
            continue;
        }
        let interest = graph.interest(edge);
        let owned = interest.owned().index();
        match Part::of(view, interest, presence) {
            Part::Link(row) => {
                rows[ends[owned] as usize] = row;
                ends[owned] += 1;
            }
            Part::Nothing => notes[owned] |= OTHER_INTERESTS,
            Part::Involved => notes[owned] |= INVOLVED | OTHER_INTERESTS,
        }
    }
    let (mut column, mut start) = (Column::default(), 0);
    for node in graph.nodes() {
        let own = &mut rows[start..ends[node.index()] as usize];
        if !own.is_sorted_by_key(|row| row.owner) {
            own.sort_unstable_by_key(|row| row.owner);
        }
        start += graph.held_in(node).len();
        let note = notes[node.index()];
        if note & INVOLVED != 0 || own.windows(2).any(|pair| pair[0].owner == pair[1].owner) {
            column = gathered(view, node);
        } else {
            column.holders.clear();
            column.holders.extend(own.iter().map(|row| row.holder()));
            column.floors.clear();
            column.complete = graph.entity(node).owners_complete();
            column.over_subscribed = false;
            cut_back(&mut column);
        }
        call(node, &column, note & OTHER_INTERESTS != 0);
    }
}

/// The column of any entity.
fn gathered(view: View<'_>, owned: NodeId) -> Column {
    let mut direct = Vec::new();
    let mut indirect = Vec::new();
    let mut nomination = Nomination::default();
    for (_, interest, presence) in view.interests_in(owned) {
        nomination.note(interest);
        if !view.current_layer().counts(interest.kind()) {
            continue;
        }
        let only_possible = View::is_only_possible(interest, presence);
        let entry = Entry { owner: interest.owner(), interest, only_possible };
        if interest.is_indirect() { indirect.push(entry) } else { direct.push(entry) }
    }
    let mut column = Column { complete: view.graph().entity(owned).owners_complete(), ..Column::default() };
    if !indirect.is_empty() {
        let above = among_owners_above(view, owned, indirect.iter().map(|entry| entry.owner).collect());
        let (floors, links): (Vec<_>, Vec<_>) = indirect.into_iter().partition(|entry| above.contains(&entry.owner));
        direct.extend(links);
        column.floors = stakes(view, floors);
    }
    column.holders = stakes(view, direct);
    nomination.apply(&mut column.holders);
    cut_back(&mut column);
    column
}

/// The interests of one pair that count in the layer, for evidence.
pub(crate) fn evidence(view: View<'_>, owner: NodeId, owned: NodeId) -> Vec<EdgeId> {
    let counts = |interest: Interest| {
        view.current_layer().counts(interest.kind())
            || matches!(interest.kind(), InterestKind::Nominee | InterestKind::Nominator)
    };
    let counting = of_pair(view, owner, owned).into_iter().filter(|&(_, interest)| counts(interest));
    counting.map(|(edge, _)| edge).collect()
}

/// The interests of one pair in their order, found on the side that has fewer to look through.
fn of_pair(view: View<'_>, owner: NodeId, owned: NodeId) -> Vec<(EdgeId, Interest)> {
    let is_pair = |&(_, interest, _): &(EdgeId, Interest, _)| interest.owner() == owner && interest.owned() == owned;
    let graph = view.graph();
    let mut edges: Vec<(EdgeId, Interest)> = if graph.held_by(owner).len() < graph.held_in(owned).len() {
        view.interests_of(owner).filter(is_pair).map(|(edge, interest, _)| (edge, interest)).collect()
    } else {
        view.interests_in(owned).filter(is_pair).map(|(edge, interest, _)| (edge, interest)).collect()
    };
    edges.sort_unstable_by_key(|&(edge, _)| edge);
    edges
}

/// The interests of one pair that do not count because another account of the same stake does.
pub(crate) fn set_aside(view: View<'_>, owner: NodeId, owned: NodeId) -> Vec<EdgeId> {
    let mut edges = of_pair(view, owner, owned);
    edges.retain(|(_, interest)| view.current_layer().counts(interest.kind()));
    if edges.iter().any(|(_, interest)| !interest.is_indirect()) {
        edges.retain(|(_, interest)| !interest.is_indirect());
    }
    let is_votes = |interest: Interest| interest.kind() == InterestKind::VotingRights;
    if view.current_layer() == Layer::Votes && edges.iter().any(|&(_, interest)| is_votes(interest)) {
        edges.retain(|&(_, interest)| is_votes(interest));
    }
    let mut confidence: HashMap<u32, Confidence> = HashMap::new();
    for (_, interest) in &edges {
        let known = confidence.entry(interest.account()).or_insert(interest.confidence());
        *known = interest.confidence().max(*known);
    }
    let rank = |interest: Interest| {
        let account = interest.account();
        (confidence.get(&account).copied(), view.graph().account(interest).stated, account)
    };
    let counts = edges.iter().max_by_key(|(_, interest)| rank(*interest)).map(|(_, interest)| interest.account());
    edges.iter().filter(|(_, interest)| Some(interest.account()) != counts).map(|&(edge, _)| edge).collect()
}

/// Those of some parties from whom a chain of direct interests of the layer leads to `owned`, the nearest found first.
fn among_owners_above(view: View<'_>, owned: NodeId, mut wanted: NodeSet) -> NodeSet {
    let mut found = NodeSet::default();
    let mut seen = NodeSet::default();
    let mut queue = VecDeque::from([owned]);
    while let Some(node) = queue.pop_front() {
        for (_, interest, _) in view.interests_in(node) {
            let link = view.current_layer().counts(interest.kind())
                && !interest.is_indirect()
                && interest.share().max() > Share::ZERO;
            if link && seen.insert(interest.owner()) {
                queue.push_back(interest.owner());
                if let Some(owner) = wanted.take(&interest.owner()) {
                    found.insert(owner);
                }
            }
        }
        if wanted.is_empty() {
            break;
        }
    }
    found
}

/// Takes the interests of each owner together.
fn stakes(view: View<'_>, mut entries: Vec<Entry>) -> Vec<Holder> {
    entries.sort_by_key(|entry| entry.owner);
    entries.chunk_by(|a, b| a.owner == b.owner).map(|pair| stake(view, pair)).collect()
}

/// One owner's stake: rights of one statement are taken together, rival statements decided.
fn stake(view: View<'_>, pair: &[Entry]) -> Holder {
    let owner = pair[0].owner;
    if let [entry] = pair {
        return Holder::new(owner, entry.share(), entry.marks());
    }
    if view.current_layer() == Layer::Votes {
        let (votes, shares): (Vec<_>, Vec<_>) =
            pair.iter().partition(|entry| entry.interest.kind() == InterestKind::VotingRights);
        if !votes.is_empty() && !shares.is_empty() {
            let (range, marks) = account_that_counts(view, &votes);
            if votes.iter().all(|entry| entry.only_possible) {
                let (other, more) = account_that_counts(view, &shares);
                return Holder::new(owner, range.hull(other), marks.union(more));
            }
            return Holder::new(owner, range, marks);
        }
    }
    let (range, marks) = account_that_counts(view, pair);
    Holder::new(owner, range, marks)
}

/// The account with the highest confidence, among equals the newest, among those the one read last.
fn account_that_counts(view: View<'_>, entries: &[Entry]) -> (ShareRange, Marks) {
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| entry.interest.account());
    let mut best: Option<(_, ShareRange, Marks)> = None;
    let mut rival = false;
    for account in entries.chunk_by(|a, b| a.interest.account() == b.interest.account()) {
        let confidence = account.iter().map(|entry| entry.interest.confidence()).max();
        let stated = view.graph().account(account[0].interest).stated;
        let rank = (confidence, stated);
        let (range, marks) = account_total(view, account);
        if let Some((best_rank, best_range, _)) = &best {
            rival |= range != *best_range;
            if *best_rank > rank {
                continue;
            }
        }
        best = Some((rank, range, marks));
    }
    best.map_or((ShareRange::ZERO, Marks::NONE), |(_, range, marks)| (range, marks.with(Mark::Rival, rival)))
}

/// The interests of one pair in one statement: holdings of one kind add up, bands of one right do not, and across kinds
/// the largest counts.
fn account_total(view: View<'_>, account: &[Entry]) -> (ShareRange, Marks) {
    let rows_add = view.graph().account(account[0].interest).rows_add;
    let mut entries = account.to_vec();
    entries.sort_by_key(|entry| entry.interest.kind());
    let mut total: Option<ShareRange> = None;
    let mut marks = Marks::NONE;
    for kind in entries.chunk_by(|a, b| a.interest.kind() == b.interest.kind()) {
        let mut holdings: Option<ShareRange> = None;
        let mut band: Option<ShareRange> = None;
        for entry in kind {
            let share = entry.share();
            marks = marks.union(entry.marks());
            let stated = entry.interest.share();
            if rows_add || stated.is_exact() || stated.is_unknown() {
                holdings = Some(holdings.map_or(share, |sum| sum.plus(share)));
            } else {
                band = Some(band.map_or(share, |highest| higher_band(highest, share)));
            }
        }
        let of_kind = match (holdings, band) {
            (Some(sum), Some(band)) => sum.larger(band),
            (Some(range), None) | (None, Some(range)) => range,
            (None, None) => continue,
        };
        total = Some(total.map_or(of_kind, |largest| largest.larger(of_kind)));
    }
    (total.unwrap_or(ShareRange::ZERO), marks)
}

fn higher_band(a: ShareRange, b: ShareRange) -> ShareRange {
    let rank = |range: ShareRange| (range.inner_min(), range.inner_max());
    if rank(b) > rank(a) { b } else { a }
}

impl Entry {
    fn share(&self) -> ShareRange {
        let stated = self.interest.share();
        if self.only_possible { stated.possible() } else { stated }
    }

    fn marks(&self) -> Marks {
        self.interest.marks().with(Mark::PossibleOnDay, self.only_possible && !self.contested())
    }

    fn contested(&self) -> bool {
        self.interest.marks().has(Mark::Contested)
    }
}

/// Nominees of one entity, and those for whom they hold.
#[derive(Default)]
struct Nomination {
    nominees: Vec<(NodeId, ShareRange, Marks)>,
    nominators: Vec<(NodeId, ShareRange, Marks)>,
}

impl Nomination {
    fn note(&mut self, interest: Interest) {
        let side = match interest.kind() {
            InterestKind::Nominee => &mut self.nominees,
            InterestKind::Nominator => &mut self.nominators,
            _ => return,
        };
        side.push((interest.owner(), interest.share(), interest.marks()));
    }

    /// What a nominee holds counts for its nominator; without a stated one it stays with nobody known.
    ///
    /// Where an entity names a nominator but no nominee, the entity itself is the vehicle and the nominator stands
    /// behind all of it.
    fn apply(self, holders: &mut Vec<Holder>) {
        if self.nominees.is_empty() && self.nominators.is_empty() {
            return;
        }
        let mut held = Vec::new();
        for (nominee, share, marks) in &self.nominees {
            let own = holders.iter().position(|holder| holder.owner == *nominee);
            match own.map(|index| holders.remove(index)) {
                Some(holder) => held.push((holder.stated, holder.marks.union(*marks))),
                None => held.push((*share, *marks)),
            }
        }
        let [(nominator, share, marks)] = self.nominators.as_slice() else {
            return;
        };
        if held.is_empty() {
            let whole = if share.is_unknown() { ShareRange::exact(Share::WHOLE) } else { *share };
            held.push((whole, *marks));
        }
        let own = holders.iter().position(|holder| holder.owner == *nominator).map(|index| holders.remove(index));
        let start = own.map_or((ShareRange::ZERO, *marks), |holder| (holder.stated, holder.marks));
        let (range, marks) =
            held.into_iter().fold(start, |(sum, all), (range, marks)| (sum.plus(range), all.union(marks)));
        holders.push(Holder::new(*nominator, range, marks));
        holders.sort_by_key(|holder| holder.owner);
    }
}

/// Where the stated shares sum to more than the whole, each becomes only an upper limit.
fn cut_back(column: &mut Column) {
    let excess = |low: fn(&Holder) -> u32| {
        column.holders.iter().map(|holder| u64::from(low(holder))).sum::<u64>().saturating_sub(WHOLE)
    };
    let (stated, inner) = (excess(|holder| holder.low), excess(|holder| holder.inner_low));
    if inner == 0 {
        return;
    }
    column.over_subscribed = stated > TOLERANCE_PER_HOLDER * column.holders.len() as u64;
    let cut = |low: u32, excess: u64| u64::from(low).saturating_sub(excess) as u32;
    for holder in &mut column.holders {
        holder.low = cut(holder.low, stated);
        holder.inner_low = cut(holder.inner_low, inner);
        // An open bound lies a unit inside, and that is what is cut off first.
        holder.low_open = false;
    }
}

/// Whether an interest exists with certainty on the day of the view.
pub(crate) fn is_certain(interest: Interest, presence: Presence) -> bool {
    !View::is_only_possible(interest, presence)
}
