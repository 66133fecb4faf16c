//! Effective shares of all owners of one entity at once.
//!
//! The low ends take one walk up: the expected visits of every owner (the Leontief series `N = (I − W)^-1`), divided by
//! the visits that an owner pays itself, `N_ii`. Circles are solved by an inverse that is kept, so that the next subject
//! below the same circle only multiplies. The high ends take the same walk with every share at the most that its column
//! leaves, which is exact unless two owners that lead to the same party compete for the same free rest; those parties,
//! and only those, are handed to [`effective`](super::effective), and what it finds for a circle is kept.
//!
//! A circle whose members' owners compete has no one matrix for its high ends. But the best way to reach one member is
//! the same for whoever is asked about beyond that member; so one row of chances for each member serves every owner that
//! holds something of a single member, and the others are told apart and corrected.

use super::beyond::Beyond;
use super::block::{Block, OutsideLink, most, reached_twice, step};
use super::column::WHOLE;
use super::effective::{Chance, End, Solver, Target, Workspace};
use super::region::Region;
use super::{PercentRange, in_time};
use crate::error::{Error, ErrorKind, Result};
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::rc::Rc;

/// Members from which on what lies beyond a circle is laid out.
const LARGE: usize = 64;

/// Chances that are kept for crowded owners.
const KEPT_CHANCES: usize = 1 << 24;

/// The effective shares of all owners, for one region; keeps what one subject can reuse of another.
pub(crate) struct Integrated<'g> {
    region: Region<'g>,
    blocks: HashMap<(u32, End), Option<Rc<Block>>>,
    /// What lies beyond large circles, made at their first use; `None` where it is not laid out.
    laid: HashMap<(u32, End), Option<Rc<Laid>>>,
    corrections: HashMap<(u32, u32), Rc<Correction>>,
    spaces: [Workspace; 2],
    partial: bool,
    columns: Vec<ColumnKind>,
    needs: Vec<Needs>,
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

/// What an answer about an entity needs beyond a walk, because of its column or one above it. Nothing else in the region plays a
/// part: an answer from a part of the data that holds everybody above takes the same way.
#[derive(Debug, Clone, Copy, Default)]
struct Needs {
    solver: bool,
    floors: bool,
}

impl Needs {
    /// For each entity; linear.
    fn of(region: &Region<'_>) -> Vec<Self> {
        let mut needs = vec![Self::default(); region.len()];
        for members in region.components() {
            let mut all = Self::default();
            for &member in members {
                all.solver |= needs_solver(region, member);
                all.floors |= !region.floors_in(member).is_empty();
                all = region.owners(member).iter().fold(all, |all, &owner| all.and(needs[owner as usize]));
            }
            members.iter().for_each(|&member| needs[member as usize] = all);
        }
        needs
    }

    fn and(self, other: Self) -> Self {
        Self { solver: self.solver || other.solver, floors: self.floors || other.floors }
    }
}

/// Everything beyond a circle.
struct Laid {
    beyond: Beyond,
    /// Whether a range stands there.
    ranges: bool,
    /// Columns there whose owners compete.
    contended: Vec<u32>,
}

/// What a crowded owner really has in a circle.
struct Correction {
    /// For each member.
    chances: Vec<Chance>,
    /// For each member what the walk finds too much.
    excess: Vec<f64>,
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
    /// How many parts of the way leave an owner unsettled.
    unsettled: Vec<u8>,
    lows: Vec<Chance>,
    /// For each owner the place of what was last noted of it in an ancestry.
    last_held: Vec<u32>,
}

/// Some entities and everybody above them, with what each holds of them.
struct Ancestry {
    entities: Vec<u32>,
    held: Vec<Held>,
}

/// One thing that an owner holds.
struct Held {
    owned: u32,
    owner: u32,
    /// The place of another thing that it holds.
    next: u32,
}

/// No place in an ancestry.
const NOTHING: u32 = u32::MAX;

/// What one walk found.
#[derive(Default)]
struct Walk {
    /// Owners and their chances, in the order in which they were found.
    found: Vec<(u32, Chance)>,
    /// Whether a column on the way leaves its shares open to a range.
    ranges: bool,
    /// Columns on the way whose owners compete, or may make up for one another.
    contended: Vec<u32>,
    /// Circles with crowded owners on the way, with the mass that enters their members.
    crowded: Vec<(u32, Vec<(usize, f64)>)>,
    /// Everybody reached.
    touched: Vec<u32>,
    /// A circle whose beyond is passed over in one go, with what everybody there gets.
    beyond: Option<(Rc<Laid>, Vec<f64>)>,
    /// Whether a circle on the way could not be walked through.
    blocked: bool,
}

impl<'g> Integrated<'g> {
    /// Prepares a region; linear.
    pub(crate) fn new(region: Region<'g>) -> Self {
        let count = region.len() as u32;
        Self {
            blocks: HashMap::new(),
            laid: HashMap::new(),
            corrections: HashMap::new(),
            spaces: [Workspace::new(count as usize), Workspace::new(count as usize)],
            partial: false,
            columns: (0..count).map(|entity| column_kind(&region, entity)).collect(),
            needs: Needs::of(&region),
            scratch: Scratch {
                slots: (0..count)
                    .map(|entity| Slot { mass: 0.0, open: false, leaf: region.owners(entity).is_empty() })
                    .collect(),
                touched: Vec::new(),
                queued: vec![false; count as usize],
                queue: BinaryHeap::new(),
                reached: vec![0; count as usize],
                unsettled: vec![0; count as usize],
                lows: vec![Chance::default(); count as usize],
                last_held: vec![NOTHING; count as usize],
            },
            region,
        }
    }

    /// The region that was prepared.
    pub(crate) fn region(&self) -> &Region<'g> {
        &self.region
    }

    /// Whether the time was over before an answer was settled: some ranges are wider than they need to be.
    pub(crate) fn is_partial(&self) -> bool {
        self.partial
    }

    /// What a failed computation means: outer bounds once the time is over, else an error.
    fn settle_for_less(&mut self, error: Error) -> Result<()> {
        if error.kind() != ErrorKind::Limit || !self.region.view.is_overdue() {
            return Err(error);
        }
        self.partial = true;
        Ok(())
    }

    /// The effective share of every owner of `subject` whose share can be more than nothing, by local number.
    pub(crate) fn owners_of(&mut self, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
        let needs = self.needs[subject as usize];
        if needs.solver || self.region.view.is_open_world() {
            return self.one_by_one(subject);
        }
        if needs.floors {
            return self.beside_floors(subject);
        }
        self.by_links(subject)
    }

    /// The effective shares where floors play no part: those of the walk.
    fn by_links(&mut self, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
        let high = self.walk(subject, End::High);
        if high.blocked {
            return self.one_by_one(subject);
        }
        if !high.ranges {
            let exact = |share: Chance| PercentRange::exact(share.value.min(1.0));
            return Ok(high.found.into_iter().map(|(owner, share)| (owner, exact(share))).collect());
        }
        let low = self.walk(subject, End::Low);
        if low.blocked {
            return self.one_by_one(subject);
        }
        let lows = &mut self.scratch.lows;
        low.found.iter().for_each(|&(owner, share)| lows[owner as usize] = share);
        let mut shares = high.found.clone();
        self.settle(subject, &high, &mut shares)?;
        let lows = &mut self.scratch.lows;
        Ok(shares
            .into_iter()
            .map(|(owner, share)| (owner, range(std::mem::take(&mut lows[owner as usize]), share)))
            .collect())
    }

    /// The effective shares where some owners have floors: these are solved by themselves.
    fn beside_floors(&mut self, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
        let above = self.above(&[subject]);
        let floors = above.iter().flat_map(|&entity| self.region.floors_in(entity));
        let mut owners: Vec<u32> = floors.map(|floor| floor.owner).filter(|&owner| owner != subject).collect();
        owners.sort_unstable();
        owners.dedup();
        let mut shares = self.by_links(subject)?;
        shares.retain(|(owner, _)| owners.binary_search(owner).is_err());
        let ancestry = self.enter(above);
        let solved = self.solve(subject, &owners, false, &ancestry, &mut shares);
        self.leave(&ancestry);
        solved.map(|()| shares)
    }

    /// Solves by itself, or corrects, whoever the walk to the high ends does not settle.
    fn settle(&mut self, subject: u32, high: &Walk, shares: &mut [(u32, Chance)]) -> Result<()> {
        const BY_ITSELF: u8 = 2;
        let mut unsettled = self.reached_by_two(&high.contended);
        unsettled.iter().for_each(|&owner| self.scratch.unsettled[owner as usize] = BY_ITSELF);
        let blocks: Vec<Rc<Block>> =
            high.crowded.iter().filter_map(|(number, _)| self.blocks.get(&(*number, End::High))?.clone()).collect();
        for &owner in blocks.iter().flat_map(|block| &block.crowded) {
            let times = &mut self.scratch.unsettled[owner as usize];
            *times = (*times + 1).min(BY_ITSELF);
            unsettled.push(owner);
        }
        if unsettled.is_empty() {
            return Ok(());
        }
        let mut single: Vec<(usize, u32)> = Vec::new();
        let mut by_itself: Vec<usize> = Vec::new();
        for (at, (owner, share)) in shares.iter().enumerate() {
            match self.scratch.unsettled[*owner as usize] {
                0 => {}
                1 if !share.open => single.push((at, *owner)),
                _ => by_itself.push(at),
            }
        }
        unsettled.iter().for_each(|&owner| self.scratch.unsettled[owner as usize] = 0);
        for (at, owner) in single {
            match self.correct(owner, high, &blocks, &mut shares[at].1) {
                Ok(true) => {}
                Ok(false) => by_itself.push(at),
                Err(error) => self.settle_for_less(error)?,
            }
        }
        if by_itself.is_empty() {
            return Ok(());
        }
        let ancestry = self.enter(high.touched.clone());
        let mut solved = Ok(());
        for at in by_itself {
            let (owner, walked) = shares[at];
            match self.chance_at(owner, subject, End::High, &ancestry) {
                Ok(chance) => shares[at].1 = chance,
                // What the walk found is an upper bound.
                Err(error) => {
                    shares[at].1 = Chance { open: false, ..walked };
                    solved = solved.and(self.settle_for_less(error));
                }
            }
        }
        self.leave(&ancestry);
        solved
    }

    /// Takes away what the walk found too much for an owner that is crowded at one circle; `false` where an open bound
    /// plays a part, so that it must be solved by itself.
    fn correct(&mut self, owner: u32, high: &Walk, blocks: &[Rc<Block>], share: &mut Chance) -> Result<bool> {
        for ((number, entering), block) in high.crowded.iter().zip(blocks) {
            if block.crowded.binary_search(&owner).is_err() {
                continue;
            }
            let correction = self.correction(*number, block, owner)?;
            if entering.iter().any(|&(entry, _)| correction.chances[entry].open) {
                return Ok(false);
            }
            let excess: f64 = entering.iter().map(|&(entry, mass)| mass * correction.excess[entry]).sum();
            share.value -= excess;
        }
        Ok(true)
    }

    /// What a crowded owner has in a circle; kept for the next subject below it.
    fn correction(&mut self, number: u32, block: &Rc<Block>, owner: u32) -> Result<Rc<Correction>> {
        if let Some(known) = self.corrections.get(&(number, owner)) {
            return Ok(known.clone());
        }
        in_time(self.region.view)?;
        let above = self.above(&block.members);
        let ancestry = self.enter(above);
        let components = self.between(owner, &ancestry);
        self.leave(&ancestry);
        let mut solver = Solver::new(&self.region, End::High, std::mem::take(&mut self.spaces[1]));
        solver.aim(Target::Owners(&[owner]));
        let solved = components.iter().try_for_each(|&part| solver.component(part, self.region.component(part)));
        let size = block.members.len();
        let chances: Vec<Chance> = block.members.iter().map(|&member| solver.chance(member)).collect();
        let mut excess: Vec<f64> = chances.iter().map(|chance| -chance.value).collect();
        for link in &block.outside {
            let beyond = link.gain * solver.chance(link.owner).value;
            if beyond > 0.0 {
                let hits = block.hits_of(link.position as usize);
                excess.iter_mut().zip(hits).for_each(|(excess, hit)| *excess += hit * beyond);
            }
        }
        self.spaces[1] = solver.finish();
        solved?;
        let correction = Rc::new(Correction { chances, excess });
        if self.corrections.len() * size < KEPT_CHANCES {
            self.corrections.insert((number, owner), correction.clone());
        }
        Ok(correction)
    }

    /// The chance of reaching an owner from the subject.
    fn chance_at(&mut self, owner: u32, subject: u32, end: End, ancestry: &Ancestry) -> Result<Chance> {
        in_time(self.region.view)?;
        let components = self.between(owner, ancestry);
        let space = &mut self.spaces[usize::from(end == End::High)];
        let mut solver = Solver::new(&self.region, end, std::mem::take(space));
        solver.aim(Target::Owners(&[owner]));
        let solved = components.iter().try_for_each(|&part| solver.component(part, self.region.component(part)));
        let chance = solver.chance(subject);
        *space = solver.finish();
        solved.map(|()| chance)
    }

    /// Each owner by itself: the way for open worlds, complete registers and circles that cannot be walked through.
    fn one_by_one(&mut self, subject: u32) -> Result<Vec<(u32, PercentRange)>> {
        let above = self.above(&[subject]);
        let exact = !self.region.view.is_open_world()
            && !self.needs[subject as usize].floors
            && above.iter().all(|&entity| self.columns[entity as usize] == ColumnKind::Exact);
        let owners: Vec<u32> = above.iter().copied().filter(|&owner| owner != subject).collect();
        let ancestry = self.enter(above);
        let mut shares = Vec::new();
        let solved = self.solve(subject, &owners, exact, &ancestry, &mut shares);
        self.leave(&ancestry);
        solved.map(|()| shares)
    }

    /// Solves some owners by themselves, at one end alone where every share is exact.
    fn solve(
        &mut self,
        subject: u32,
        owners: &[u32],
        exact: bool,
        ancestry: &Ancestry,
        shares: &mut Vec<(u32, PercentRange)>,
    ) -> Result<()> {
        for (at, &owner) in owners.iter().enumerate() {
            let low = self.chance_at(owner, subject, End::Low, ancestry);
            let high = match &low {
                Ok(low) if exact => Ok(*low),
                _ => self.chance_at(owner, subject, End::High, ancestry),
            };
            match (low, high) {
                (Ok(low), Ok(high)) if high.value > 0.0 => shares.push((owner, PercentRange::from_chances(low, high))),
                (Ok(_), Ok(_)) => {}
                (Err(error), _) | (_, Err(error)) => {
                    shares.extend(self.outer_bounds(subject, &owners[at..]));
                    return self.settle_for_less(error);
                }
            }
        }
        Ok(())
    }

    /// What is certain without solving anything: what a walk at the lows finds, and the whole.
    fn outer_bounds(&mut self, subject: u32, owners: &[u32]) -> Vec<(u32, PercentRange)> {
        let walk = self.walk(subject, End::Low);
        let found: HashMap<u32, Chance> = if walk.blocked { HashMap::new() } else { walk.found.into_iter().collect() };
        let low = |owner: &u32| found.get(owner).map_or(0.0, |chance| chance.value.min(1.0));
        let whole = Chance { value: 1.0, open: false };
        let bounds = |owner: &u32| range(Chance { value: low(owner), open: false }, whole);
        owners.iter().map(|owner| (*owner, bounds(owner))).collect()
    }

    /// Some entities and everybody above them, over floors as well.
    fn above(&mut self, starts: &[u32]) -> Vec<u32> {
        let region = &self.region;
        let mut found = starts.to_vec();
        starts.iter().for_each(|&start| self.scratch.reached[start as usize] = 1);
        let mut next = 0;
        while let Some(&entity) = found.get(next) {
            let floors = region.floors_in(entity).iter().map(|floor| floor.owner);
            for owner in region.owners(entity).iter().copied().chain(floors) {
                if std::mem::replace(&mut self.scratch.reached[owner as usize], 1) == 0 {
                    found.push(owner);
                }
            }
            next += 1;
        }
        found.iter().for_each(|&entity| self.scratch.reached[entity as usize] = 0);
        found
    }

    /// Notes what each owner of some entities holds of them, until they are left.
    fn enter(&mut self, entities: Vec<u32>) -> Ancestry {
        let (region, scratch) = (&self.region, &mut self.scratch);
        let mut held = Vec::with_capacity(entities.len());
        for &owned in &entities {
            let floors = region.floors_in(owned).iter().map(|floor| floor.owner);
            for owner in region.owners(owned).iter().copied().chain(floors) {
                let next = std::mem::replace(&mut scratch.last_held[owner as usize], held.len() as u32);
                held.push(Held { owned, owner, next });
            }
        }
        Ancestry { entities, held }
    }

    fn leave(&mut self, ancestry: &Ancestry) {
        ancestry.held.iter().for_each(|held| self.scratch.last_held[held.owner as usize] = NOTHING);
    }

    /// The components between an owner and the entities of an ancestry, owners first; in an open world all of these, since
    /// what nobody known holds may be the owner's.
    fn between(&mut self, owner: u32, ancestry: &Ancestry) -> Vec<u32> {
        let (region, scratch) = (&self.region, &mut self.scratch);
        let mut found = vec![region.component_of(owner)];
        scratch.queued[found[0] as usize] = true;
        let mut add = |found: &mut Vec<u32>, entity: u32| {
            let number = region.component_of(entity);
            if !std::mem::replace(&mut scratch.queued[number as usize], true) {
                found.push(number);
            }
        };
        if region.view.is_open_world() {
            ancestry.entities.iter().for_each(|&entity| add(&mut found, entity));
        }
        let mut next = 0;
        while let Some(&number) = found.get(next) {
            for &member in region.component(number) {
                let mut at = scratch.last_held[member as usize];
                while let Some(held) = ancestry.held.get(at as usize) {
                    add(&mut found, held.owned);
                    at = held.next;
                }
            }
            next += 1;
        }
        found.iter().for_each(|&number| scratch.queued[number as usize] = false);
        found.sort_unstable();
        found
    }

    /// Everybody to whom two competing owners of one column lead.
    fn reached_by_two(&mut self, contended: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for &entity in contended {
            let competing = self.region.links(entity).iter().filter(|link| link.low != link.high);
            let starts: Vec<u32> = competing.map(|link| link.owner).collect();
            found.extend(reached_twice(&self.region, &mut self.scratch.reached, &starts));
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
            walk.ranges |= members.iter().any(|&member| self.columns[member as usize] != ColumnKind::Exact);
            if self.region.is_circular(members) {
                self.walk_circle(number, subject, end, &mut walk);
            } else {
                if matches!(self.columns[members[0] as usize], ColumnKind::Contended | ColumnKind::RoomyOpen) {
                    walk.contended.push(members[0]);
                }
                self.walk_single(members[0], subject, end, &mut walk);
            }
            if walk.blocked {
                break;
            }
        }
        walk.found.extend(self.scratch.leaves(subject));
        if !walk.contended.is_empty() || !walk.crowded.is_empty() {
            walk.touched.extend(&self.scratch.touched);
        }
        self.scratch.clean();
        walk.add_beyond();
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
        let Some(block) = self.block(number, end) else {
            walk.blocked = true;
            return;
        };
        let enters = |(entry, &member): (usize, &u32)| {
            let chance = self.scratch.chance(member);
            (chance.value != 0.0).then_some((entry, chance))
        };
        let entering: Vec<(usize, Chance)> = block.members.iter().enumerate().filter_map(enters).collect();
        let chances = block.pass_on(&entering);
        for (&member, chance) in block.members.iter().zip(&chances) {
            if member != subject && chance.value > 0.0 {
                walk.found.push((member, *chance));
            }
        }
        walk.touched.extend(&block.members);
        if !block.crowded.is_empty() {
            walk.crowded.push((number, entering.iter().map(|&(entry, chance)| (entry, chance.value)).collect()));
        }
        if walk.beyond.is_none()
            && !chances.iter().any(|chance| chance.open)
            && let Some(laid) = self.laid(number, end, &block)
        {
            walk.ranges |= laid.ranges;
            walk.contended.extend(&laid.contended);
            let masses = laid.beyond.pass_on(&chances);
            walk.beyond = Some((laid, masses));
            return;
        }
        for link in &block.outside {
            let position = link.position as usize;
            let Chance { value, open } = chances[position];
            let chance = Chance { value: value * link.gain, open: open || link.open };
            self.scratch.add(&self.region, link.owner, chance);
        }
    }

    /// What a walk through a circle needs, made at its first use; `None` where there is no such thing: the circle is
    /// closed or too large.
    fn block(&mut self, number: u32, end: End) -> Option<Rc<Block>> {
        if let Some(known) = self.blocks.get(&(number, end)) {
            return known.clone();
        }
        let members = self.region.component(number);
        let competes =
            |member: &u32| matches!(self.columns[*member as usize], ColumnKind::Contended | ColumnKind::RoomyOpen);
        let block = if end == End::High && members.iter().any(competes) {
            let mut solver = Solver::new(&self.region, end, std::mem::take(&mut self.spaces[1]));
            let block = Block::solved(&self.region, number, &mut solver, &mut self.scratch.reached);
            self.spaces[1] = solver.finish();
            block
        } else {
            Block::inverted(&self.region, number, end)
        };
        let block = block.map(Rc::new);
        self.blocks.insert((number, end), block.clone());
        block
    }

    /// What lies beyond a large circle, laid out at its first use.
    fn laid(&mut self, number: u32, end: End, block: &Block) -> Option<Rc<Laid>> {
        if block.members.len() < LARGE {
            return None;
        }
        if let Some(known) = self.laid.get(&(number, end)) {
            return known.clone();
        }
        let laid = self.lay_out(end, block).map(Rc::new);
        self.laid.insert((number, end), laid.clone());
        laid
    }

    fn lay_out(&mut self, end: End, block: &Block) -> Option<Laid> {
        // Circles beyond are small, so that the blocks that are made for them lay out nothing in their turn.
        let mut rings = HashMap::new();
        for number in self.circles_beyond(&block.outside) {
            let small = self.region.component(number).len() < LARGE;
            let ring = small.then(|| self.block(number, end)).flatten();
            rings.insert(number, ring.filter(|ring| ring.is_plain())?);
        }
        let beyond = Beyond::of(&self.region, end, &block.outside, &rings)?;
        let ranges = beyond.owners().iter().any(|&owner| self.columns[owner as usize] != ColumnKind::Exact);
        let contended = beyond.owners().iter().copied().filter(|&owner| {
            let competes = matches!(self.columns[owner as usize], ColumnKind::Contended | ColumnKind::RoomyOpen);
            competes && !rings.contains_key(&self.region.component_of(owner))
        });
        let contended = contended.collect();
        Some(Laid { beyond, ranges, contended })
    }

    /// The circles above the ends of some links.
    fn circles_beyond(&self, outside: &[OutsideLink]) -> Vec<u32> {
        let mut seen: HashSet<u32> = outside.iter().map(|link| self.region.component_of(link.owner)).collect();
        let mut queue: Vec<u32> = seen.iter().copied().collect();
        let mut circles = Vec::new();
        while let Some(number) = queue.pop() {
            let members = self.region.component(number);
            if self.region.is_circular(members) {
                circles.push(number);
            }
            let above = members.iter().flat_map(|&member| self.region.owners(member));
            queue.extend(above.map(|&owner| self.region.component_of(owner)).filter(|number| seen.insert(*number)));
        }
        circles
    }
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

impl Walk {
    /// Adds what is found beyond a circle to what is found otherwise.
    fn add_beyond(&mut self) {
        let Some((laid, masses)) = self.beyond.take() else { return };
        let beyond = &laid.beyond;
        if !self.contended.is_empty() || !self.crowded.is_empty() {
            self.touched.extend(beyond.owners());
        }
        let others = std::mem::take(&mut self.found);
        self.found.reserve_exact(beyond.owners().len() + others.len());
        self.found.extend(beyond.found(&masses));
        for (owner, chance) in others {
            match beyond.place(owner) {
                Some(place) => {
                    let known = &mut self.found[place].1;
                    known.value += chance.value;
                    known.open |= chance.open;
                }
                None => self.found.push((owner, chance)),
            }
        }
        self.found.retain(|(_, chance)| chance.value > 0.0);
    }
}

/// Whether a walk does not give the ends of a column: in a complete register with ranges, where what one owner does not hold
/// another must, and beside a share that is only known to be more than nothing.
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
