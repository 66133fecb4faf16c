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

mod ancestry;
mod circles;
mod columns;
mod corrections;
mod scratch;
mod walk;

use super::block::Block;
use super::effective::{Chance, End, Solver, Target, Workspace};
use super::region::Region;
use super::{PercentRange, in_time};
use crate::error::{Error, ErrorKind, Result};
use ancestry::Ancestry;
use circles::Laid;
use columns::{ColumnKind, Needs};
use corrections::Correction;
use scratch::Scratch;
use std::collections::HashMap;
use std::rc::Rc;
use walk::Walk;

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
            columns: (0..count).map(|entity| ColumnKind::of(&region, entity)).collect(),
            needs: Needs::of(&region),
            scratch: Scratch::new(&region),
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
}

fn range(low: Chance, high: Chance) -> PercentRange {
    let cut = |chance: Chance| Chance { value: chance.value.min(1.0), ..chance };
    PercentRange::from_chances(cut(low), cut(high))
}
