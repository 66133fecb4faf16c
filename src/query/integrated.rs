//! Effective shares of all owners of one entity at once.
//!
//! The low ends take one walk up: the expected visits of every owner (the Leontief series `N = (I − W)^-1`), divided by
//! the visits that an owner pays itself, `N_ii`. Circles are solved by an inverse that is kept, so that the next subject
//! below the same circle only multiplies. The high ends take the same walk with every share at the most that its column
//! leaves, which is exact unless two owners that lead to the same party compete for the same free rest; those parties,
//! and only those, are handed to [`effective`](super::effective).

use super::PercentRange;
use super::column::WHOLE;
use super::effective::{Chance, End, Target, chances};
use super::region::{Link, Region};
use crate::error::Result;
use crate::graph::NodeId;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// Members of a circle up to which its inverse is kept; above, each owner is solved by itself.
const KEPT: usize = 2_048;

/// The effective shares of all owners, for one region; keeps what one subject can reuse of another.
pub(crate) struct Integrated<'g> {
    region: Region<'g>,
    blocks: HashMap<(u32, End), Option<Block>>,
    columns: Vec<ColumnKind>,
    /// Whether a column is such that a walk does not give its ends.
    needs_solver: bool,
    scratch: Scratch,
}

/// What matters of a column for the high end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnKind {
    /// Every share is exact.
    Exact,
    /// Every owner can hold its most at the same time.
    Roomy,
    /// The same, but with an open bound that another owner's room may make up for.
    RoomyOpen,
    /// Two owners or more compete for the free rest.
    Contended,
}

/// The inverse of a circle, `visits[entry][member]`, and the links that lead out of it.
struct Block {
    members: Vec<u32>,
    visits: Vec<f64>,
    outside: Vec<OutsideLink>,
    /// Whether an open bound stands inside.
    has_open: bool,
}

/// A link from a member of a circle to an owner outside.
#[derive(Debug, Clone, Copy)]
struct OutsideLink {
    position: u32,
    owner: u32,
    weight: f64,
    open: bool,
}

/// What a walk knows of one entity.
#[derive(Debug, Clone, Copy)]
struct Slot {
    mass: f64,
    /// Whether an open bound stands on the way to the entity.
    open: bool,
    /// Whether nobody owns the entity.
    leaf: bool,
}

/// Arrays of the region's size, cleaned after each use where they were touched.
struct Scratch {
    slots: Vec<Slot>,
    touched: Vec<u32>,
    queued: Vec<bool>,
    queue: BinaryHeap<u32>,
    reached: Vec<u8>,
}

type Entities = HashSet<u32, foldhash::fast::RandomState>;

/// What one walk found.
#[derive(Default)]
struct Walk {
    /// Owners and their chances, in the order in which they were found.
    found: Vec<(u32, Chance)>,
    /// Whether a column on the way leaves its shares open to a range.
    ranges: bool,
    /// Columns on the way whose owners compete, or may make up for one another.
    contended: Vec<u32>,
    /// Members of circles with open bounds: whether theirs is open depends on where the walk first meets them.
    doubtful: Vec<u32>,
    /// Whether a circle on the way could not be walked through.
    blocked: bool,
}

impl<'g> Integrated<'g> {
    /// Prepares a region; linear.
    pub(crate) fn new(region: Region<'g>) -> Self {
        let count = region.len() as u32;
        Self {
            blocks: HashMap::new(),
            columns: (0..count).map(|entity| column_kind(&region, entity)).collect(),
            needs_solver: (0..count).any(|entity| needs_solver(&region, entity)),
            scratch: Scratch {
                slots: (0..count)
                    .map(|entity| Slot { mass: 0.0, open: false, leaf: region.owners(entity).is_empty() })
                    .collect(),
                touched: Vec::new(),
                queued: vec![false; count as usize],
                queue: BinaryHeap::new(),
                reached: vec![0; count as usize],
            },
            region,
        }
    }

    /// The region that was prepared.
    pub(crate) fn region(&self) -> &Region<'g> {
        &self.region
    }

    /// The effective share of every owner of `subject` whose share can be more than nothing, by local number.
    pub(crate) fn owners_of(&mut self, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
        if self.needs_solver || self.region.view.is_open_world() || !self.region.floors.is_empty() {
            return one_by_one(&self.region, subject);
        }
        let high = self.walk(subject, End::High);
        if high.blocked {
            return one_by_one(&self.region, subject);
        }
        if !high.ranges {
            let exact = |share: Chance| PercentRange::exact(share.value.min(1.0));
            return Ok(high.found.into_iter().map(|(owner, share)| (owner, exact(share))).collect());
        }
        let low = self.walk(subject, End::Low);
        if low.blocked {
            return one_by_one(&self.region, subject);
        }
        let lows: HashMap<u32, Chance, foldhash::fast::RandomState> = low.found.into_iter().collect();
        let least = |owner| lows.get(&owner).copied().unwrap_or_default();
        let mut shares: Vec<(u32, PercentRange)> =
            high.found.iter().map(|&(owner, share)| (owner, range(least(owner), share))).collect();
        let mut unsettled = self.reached_by_two(&high.contended);
        unsettled.extend(high.doubtful.into_iter().chain(low.doubtful));
        self.settle(subject, &unsettled, &mut shares)?;
        Ok(shares)
    }

    /// Solves by itself whoever the walks do not settle.
    fn settle(&self, subject: u32, unsettled: &Entities, shares: &mut [(u32, PercentRange)]) -> Result<()> {
        if unsettled.is_empty() {
            return Ok(());
        }
        let subject = self.region.node(subject);
        let near = Region::above(self.region.view, subject);
        for (owner, share) in shares.iter_mut().filter(|(owner, _)| unsettled.contains(owner)) {
            *share = share_of(&near, self.region.node(*owner), subject)?;
        }
        Ok(())
    }

    /// Everybody to whom two competing owners of one column lead.
    fn reached_by_two(&mut self, contended: &[u32]) -> Entities {
        let mut found = Entities::default();
        for &entity in contended {
            let competing = self.region.links(entity).iter().filter(|link| link.low != link.high);
            let mut touched: Vec<u32> = Vec::new();
            for link in competing {
                let mut stack = vec![link.owner];
                let mut seen = Vec::new();
                while let Some(owner) = stack.pop() {
                    let count = &mut self.scratch.reached[owner as usize];
                    if *count & 0x80 != 0 {
                        continue;
                    }
                    if *count == 0 {
                        touched.push(owner);
                    }
                    *count = (*count + 1).min(2) | 0x80;
                    seen.push(owner);
                    stack.extend_from_slice(self.region.owners(owner));
                }
                seen.into_iter().for_each(|owner| self.scratch.reached[owner as usize] &= 0x7f);
            }
            for owner in touched {
                if std::mem::take(&mut self.scratch.reached[owner as usize]) == 2 {
                    found.insert(owner);
                }
            }
        }
        found
    }

    /// Walks up from the subject, what is owned before its owners.
    fn walk(&mut self, subject: u32, end: End) -> Walk {
        let mut walk = Walk::default();
        self.scratch.add(&self.region, subject, Chance { value: 1.0, open: false });
        while let Some(number) = self.scratch.queue.pop() {
            self.scratch.queued[number as usize] = false;
            let members = self.region.component(number);
            for &member in members {
                walk.ranges |= self.columns[member as usize] != ColumnKind::Exact;
                if matches!(self.columns[member as usize], ColumnKind::Contended | ColumnKind::RoomyOpen) {
                    walk.contended.push(member);
                }
            }
            if self.region.is_circular(members) {
                self.walk_circle(number, subject, end, &mut walk);
            } else {
                self.walk_single(members[0], subject, end, &mut walk);
            }
            if walk.blocked {
                break;
            }
        }
        walk.found.extend(self.scratch.leaves(subject));
        self.scratch.clean();
        walk
    }

    fn walk_single(&mut self, entity: u32, subject: u32, end: End, walk: &mut Walk) {
        let region = &self.region;
        let chance = self.scratch.chance(entity);
        if entity != subject {
            walk.found.push((entity, chance));
        }
        for link in region.links(entity) {
            let (weight, open) = step(region, entity, link, end);
            self.scratch.add(region, link.owner, Chance { value: chance.value * weight, open: chance.open || open });
        }
    }

    /// Passes the mass that enters a circle on to those above it.
    fn walk_circle(&mut self, number: u32, subject: u32, end: End, walk: &mut Walk) {
        let region = &self.region;
        let (columns, blocks) = (&self.columns, &mut self.blocks);
        let block = blocks.entry((number, end)).or_insert_with(|| Block::of(region, number, end, columns));
        let Some(block) = block else {
            walk.blocked = true;
            return;
        };
        let size = block.members.len();
        let mut visits = vec![0.0; size];
        for (entry, &member) in block.members.iter().enumerate() {
            let mass = self.scratch.slots[member as usize].mass;
            if mass > 0.0 {
                let row = &block.visits[entry * size..(entry + 1) * size];
                visits.iter_mut().zip(row).for_each(|(sum, visit)| *sum += mass * visit);
            }
        }
        let entering = |member: u32| self.scratch.chance(member);
        let open = if block.has_open || block.members.iter().any(|&member| entering(member).open) {
            open_members(region, &block.members, end, entering)
        } else {
            vec![false; size]
        };
        if open.contains(&true) {
            walk.doubtful.extend(&block.members);
        }
        for (position, &member) in block.members.iter().enumerate() {
            if member != subject && visits[position] > 0.0 {
                let value = visits[position] / block.visits[position * size + position];
                walk.found.push((member, Chance { value, open: open[position] }));
            }
        }
        for link in &block.outside {
            let position = link.position as usize;
            let chance = Chance { value: visits[position] * link.weight, open: open[position] || link.open };
            self.scratch.add(region, link.owner, chance);
        }
    }
}

/// Which members of a circle are reached over an open bound, inside it or before it.
fn open_members(region: &Region<'_>, members: &[u32], end: End, entering: impl Fn(u32) -> Chance) -> Vec<bool> {
    let mut open: Vec<bool> = members.iter().map(|&member| entering(member).open).collect();
    let mut reached: Vec<bool> = members.iter().map(|&member| entering(member).value > 0.0).collect();
    let mut queue: Vec<usize> = (0..members.len()).filter(|&position| reached[position]).collect();
    while let Some(position) = queue.pop() {
        for link in region.links(members[position]) {
            let Ok(owner) = members.binary_search(&link.owner) else { continue };
            let (weight, is_open) = step(region, members[position], link, end);
            let becomes_open = (open[position] || is_open) && !open[owner];
            if weight > 0.0 && (!reached[owner] || becomes_open) {
                reached[owner] = true;
                open[owner] |= becomes_open;
                queue.push(owner);
            }
        }
    }
    open
}

impl Scratch {
    fn chance(&self, entity: u32) -> Chance {
        let slot = &self.slots[entity as usize];
        Chance { value: slot.mass, open: slot.open }
    }

    /// Adds mass to an entity and sees to it that it is treated in its turn; those without owners need no turn.
    fn add(&mut self, region: &Region<'_>, entity: u32, chance: Chance) {
        if chance.value == 0.0 {
            return;
        }
        let slot = &mut self.slots[entity as usize];
        if slot.mass == 0.0 {
            self.touched.push(entity);
            if !slot.leaf {
                let number = region.component_of(entity);
                if !std::mem::replace(&mut self.queued[number as usize], true) {
                    self.queue.push(number);
                }
            }
        }
        slot.mass += chance.value;
        slot.open |= chance.open;
    }

    /// Entities without owners that were reached.
    fn leaves(&self, subject: u32) -> impl Iterator<Item = (u32, Chance)> {
        let leaves = self.touched.iter().filter(move |&&entity| entity != subject && self.slots[entity as usize].leaf);
        leaves.map(|&entity| (entity, self.chance(entity)))
    }

    fn clean(&mut self) {
        for entity in self.touched.drain(..) {
            let slot = &mut self.slots[entity as usize];
            (slot.mass, slot.open) = (0.0, false);
        }
        for number in self.queue.drain() {
            self.queued[number as usize] = false;
        }
    }
}

impl Block {
    /// The inverse of a circle, or `None` where there is none: the circle is closed, too large, or its owners compete.
    fn of(region: &Region<'_>, number: u32, end: End, columns: &[ColumnKind]) -> Option<Self> {
        let mut members = region.component(number).to_vec();
        members.sort_unstable();
        let size = members.len();
        let competes = |member: &u32| columns[*member as usize] == ColumnKind::Contended;
        if size > KEPT || end == End::High && members.iter().any(competes) {
            return None;
        }
        let mut matrix = vec![0.0; size * size];
        let mut outside = Vec::new();
        let mut has_open = false;
        for (owned, &member) in members.iter().enumerate() {
            matrix[owned * size + owned] += 1.0;
            for link in region.links(member) {
                let (weight, open) = step(region, member, link, end);
                match members.binary_search(&link.owner) {
                    Ok(owner) => {
                        matrix[owned * size + owner] -= weight;
                        has_open |= open;
                    }
                    Err(_) => outside.push(OutsideLink { position: owned as u32, owner: link.owner, weight, open }),
                }
            }
        }
        invert(&mut matrix, size).then_some(Self { members, visits: matrix, outside, has_open })
    }
}

/// Inverts a diagonally dominant matrix in place (Gauss–Jordan); `false` where it is singular.
fn invert(matrix: &mut [f64], size: usize) -> bool {
    for pivot in 0..size {
        let (above, rest) = matrix.split_at_mut(pivot * size);
        let (row, below) = rest.split_at_mut(size);
        let value = row[pivot];
        if value.abs() < 1e-13 {
            return false;
        }
        row[pivot] = 1.0;
        row.iter_mut().for_each(|cell| *cell /= value);
        for other in above.chunks_exact_mut(size).chain(below.chunks_exact_mut(size)) {
            let factor = std::mem::replace(&mut other[pivot], 0.0);
            if factor != 0.0 {
                other.iter_mut().zip(row.iter()).for_each(|(cell, p)| *cell -= factor * p);
            }
        }
    }
    true
}

/// The share with which a walk takes a link, its low or the most that its column leaves, and whether that is only
/// approached.
fn step(region: &Region<'_>, owned: u32, link: &Link, end: End) -> (f64, bool) {
    let (ppb, open) = match end {
        End::Low => (u64::from(link.low), link.low_open),
        End::High => {
            let (most, takes_all) = most(region, owned, link);
            let others_open = region.open_lows(owned) > u32::from(link.low_open);
            (most, link.high_open && most == u64::from(link.high) || takes_all && others_open)
        }
    };
    (ppb as f64 / WHOLE as f64, open)
}

/// The most that an owner can hold while the others keep their lows, and whether that takes all that is free.
fn most(region: &Region<'_>, owned: u32, link: &Link) -> (u64, bool) {
    let (low, high) = (u64::from(link.low), u64::from(link.high));
    if low == high {
        return (high, false);
    }
    let room = low + region.free(owned);
    (high.min(room), room <= high)
}

/// A complete register with ranges, where what one owner does not hold another must, or a share that is only known to be
/// more than nothing.
fn needs_solver(region: &Region<'_>, entity: u32) -> bool {
    region.has_bound_slack(entity) || region.links(entity).iter().any(|link| link.low == 0 && link.low_open)
}

fn column_kind(region: &Region<'_>, entity: u32) -> ColumnKind {
    let links = region.links(entity);
    if links.iter().all(|link| link.low == link.high && !link.low_open && !link.high_open) {
        return ColumnKind::Exact;
    }
    let wanted: u64 = links.iter().map(|link| most(region, entity, link).0).sum();
    let competing = links.iter().filter(|link| link.low != link.high).count();
    match competing {
        0 | 1 => ColumnKind::Roomy,
        _ if wanted > WHOLE => ColumnKind::Contended,
        _ if links.iter().any(|link| link.low_open || link.high_open) => ColumnKind::RoomyOpen,
        _ => ColumnKind::Roomy,
    }
}

fn range(low: Chance, high: Chance) -> PercentRange {
    let cut = |chance: Chance| Chance { value: chance.value.min(1.0), ..chance };
    PercentRange::from_chances(cut(low), cut(high))
}

/// Each owner by itself: the way for floors, open worlds, complete registers and circles that have no inverse.
fn one_by_one(region: &Region<'_>, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
    let near = Region::above(region.view, region.node(subject));
    let others = (0..near.len() as u32).map(|local| near.node(local)).filter(|&node| node != region.node(subject));
    let mut shares = Vec::new();
    for node in others {
        let share = share_of(&near, node, region.node(subject))?;
        if share.max > 0.0
            && let Some(local) = region.local(node)
        {
            shares.push((local, share));
        }
    }
    Ok(shares)
}

/// The effective share of one owner in a subject, both ends.
fn share_of(region: &Region<'_>, owner: NodeId, subject: NodeId) -> Result<PercentRange> {
    let (Some(owner), Some(subject)) = (region.local(owner), region.local(subject)) else {
        return Ok(PercentRange::default());
    };
    let low = chances(region, Target::Owners(&[owner]), End::Low)?[subject as usize];
    let high = chances(region, Target::Owners(&[owner]), End::High)?[subject as usize];
    Ok(PercentRange::from_chances(low, high))
}
