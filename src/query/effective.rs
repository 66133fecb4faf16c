//! Effective shares: the chance that a walk from an entity up to its owners ever reaches somebody.
//!
//! This is integrated ownership (Brioschi, Buzzacchi & Colombo, J. Banking & Finance 13, 1989) net of the owner's own
//! loops (Baldone, Brioschi & Paleari 1998). With share ranges the matrix is an interval Markov chain; its least and
//! greatest reaching probabilities are attained by greedy columns (Givan, Leach & Dean, Artificial Intelligence 122,
//! 2000), so both ends are exact: one linear pass where there is no circle, policy iteration inside each strongly
//! connected component.

use super::attained::{self, Best, Part};
use super::circle::Circle;
use super::column::WHOLE;
use super::in_time;
use super::linear::System;
use super::region::{Floor, Link, Region};
use crate::error::{Error, ErrorKind, Result};
use crate::model::EntityKind;
use std::collections::HashMap;
use std::rc::Rc;

/// Which end of the range is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum End {
    Low,
    High,
}

/// What the walk is meant to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'a> {
    /// One of these owners (local numbers).
    Owners(&'a [u32]),
    /// One of these ends of chains (local numbers): floors and what nobody known holds play no part.
    Ends(&'a [u32]),
}

/// A chance, with whether it is only approached and not attained, because a bound on the way is open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Chance {
    pub value: f64,
    pub open: bool,
}

/// How much better a column must get before the policy changes: below this, ties would be switched for ever.
pub(super) const IMPROVEMENT: f64 = 1e-13;

/// Rounds of policy iteration after which the solver gives up; a handful is usual.
const ROUNDS: usize = 10_000;

/// Members of a component above which it is swept, with a certified error, and not eliminated.
const SWEPT: usize = 64;

/// The chance of reaching the target from every entity of the region.
pub(crate) fn chances(region: &Region<'_>, target: Target<'_>, end: End) -> Result<Vec<Chance>> {
    let mut solver = Solver::new(region, end, Workspace::new(region.len()));
    solver.aim(target);
    for (number, members) in region.components().enumerate() {
        if number % 1_024 == 0 || members.len() > 1 {
            in_time(region.view)?;
        }
        solver.component(number as u32, members)?;
    }
    Ok(solver.space.chances)
}

/// Arrays of a region's size and prepared circles, so that one target after the other can be aimed at.
#[derive(Default)]
pub(crate) struct Workspace {
    chances: Vec<Chance>,
    is_target: Vec<bool>,
    touched: Vec<u32>,
    circles: HashMap<u32, Option<Rc<Circle>>>,
}

impl Workspace {
    pub(crate) fn new(count: usize) -> Self {
        let (chances, is_target) = (vec![Chance::default(); count], vec![false; count]);
        Self { chances, is_target, touched: Vec::new(), circles: HashMap::new() }
    }
}

/// Computes the chances of reaching one target after the other; a workspace serves one end only.
pub(crate) struct Solver<'r, 'g> {
    region: &'r Region<'g>,
    for_owners: bool,
    end: End,
    space: Workspace,
    targets: Vec<u32>,
}

/// The column of one entity with every share fixed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filling {
    /// For each link, in parts per billion.
    pub weights: Vec<u64>,
    /// What nobody known holds, in parts per billion.
    pub remainder: u64,
}

impl<'r, 'g> Solver<'r, 'g> {
    pub(crate) fn new(region: &'r Region<'g>, end: End, space: Workspace) -> Self {
        Self { region, for_owners: true, end, space, targets: Vec::new() }
    }

    /// Gives the workspace back, clean.
    pub(crate) fn finish(mut self) -> Workspace {
        self.clean();
        self.space
    }

    fn clean(&mut self) {
        for entity in std::mem::take(&mut self.space.touched) {
            self.space.chances[entity as usize] = Chance::default();
            self.space.is_target[entity as usize] = false;
        }
    }

    /// Forgets the last target and takes the next.
    pub(crate) fn aim(&mut self, target: Target<'_>) {
        self.clean();
        let (Target::Owners(reached) | Target::Ends(reached)) = target;
        for &entity in reached {
            self.put(entity, Chance { value: 1.0, open: false });
            self.space.is_target[entity as usize] = true;
        }
        self.for_owners = matches!(target, Target::Owners(_));
        self.targets.clear();
        self.targets.extend(reached);
    }

    /// States the chance of an entity, as if it had been computed.
    pub(crate) fn put(&mut self, entity: u32, chance: Chance) {
        self.space.touched.push(entity);
        self.space.chances[entity as usize] = chance;
    }

    /// What was computed for an entity, or nothing.
    pub(crate) fn chance(&self, entity: u32) -> Chance {
        self.space.chances[entity as usize]
    }

    /// Computes the chances of a component; everybody that it leads to must be settled.
    pub(crate) fn component(&mut self, number: u32, members: &[u32]) -> Result<()> {
        match members {
            [single] if !self.region.owners(*single).contains(single) => {
                if !self.space.is_target[*single as usize] {
                    let chance = self.single(*single);
                    self.put(*single, chance);
                }
                Ok(())
            }
            members => {
                self.space.touched.extend(members);
                self.block(number, members)
            }
        }
    }

    /// An entity outside every circle.
    fn single(&self, entity: u32) -> Chance {
        let links = self.region.links(entity);
        let reached = links.iter().any(|link| self.space.chances[link.owner as usize] != Chance::default());
        if !reached && !self.is_open_world() {
            return self.floor(entity).unwrap_or_default();
        }
        if !self.may_be_open(entity) {
            return Chance { value: self.value(entity, &self.fill(entity)), open: false };
        }
        let best = self.best(entity, |owner| self.may_arrive(owner));
        Chance { value: best.value, open: !best.attained }
    }

    /// The floors that the targets have at an entity.
    fn floors_in(&self, entity: u32) -> impl Iterator<Item = &'r Floor> {
        let floors = if self.for_owners { self.region.floors_in(entity) } else { &[] };
        let few = self.targets.len() < floors.len();
        let (targets, floors) = if few { (self.targets.as_slice(), [].as_slice()) } else { ([].as_slice(), floors) };
        let of_targets = targets.iter().filter_map(move |&owner| self.region.floor(owner, entity));
        of_targets.chain(floors.iter().filter(|floor| self.space.is_target[floor.owner as usize]))
    }

    fn has_floor(&self, entity: u32) -> bool {
        self.floors_in(entity).next().is_some()
    }

    /// The lower limit that indirect interests of the target set at an entity.
    fn floor(&self, entity: u32) -> Option<Chance> {
        let limits = self.floors_in(entity).map(|floor| {
            let (limit, open) = match self.end {
                End::Low => (floor.holder.low, floor.holder.low_open),
                End::High => (floor.holder.high, floor.holder.high_open),
            };
            Chance { value: f64::from(limit) / WHOLE as f64, open }
        });
        limits.max_by(|a, b| a.value.total_cmp(&b.value))
    }

    fn limit(&self, entity: u32) -> f64 {
        self.floor(entity).map_or(0.0, |floor| floor.value)
    }

    /// The bounds of the remainder of an entity, and what reaching it is worth.
    fn remainder(&self, entity: u32) -> (u64, u64, f64) {
        let (least, most) = self.region.remainder(entity);
        let worth = if self.end == End::High && self.may_hold_remainder(entity) { 1.0 } else { 0.0 };
        (least, most, worth)
    }

    fn may_hold_remainder(&self, entity: u32) -> bool {
        self.for_owners && may_hold_remainder(self.region, entity)
    }

    fn is_open_world(&self) -> bool {
        self.for_owners && self.region.view.is_open_world()
    }

    pub(crate) fn fill(&self, entity: u32) -> Filling {
        let (_, _, worth) = self.remainder(entity);
        fill(self.region, entity, self.end, &self.space.chances, worth)
    }

    /// What a column is worth with the chances found so far.
    fn value(&self, entity: u32, filling: &Filling) -> f64 {
        let (_, _, worth) = self.remainder(entity);
        let links = self.region.links(entity);
        let held: f64 = links
            .iter()
            .zip(&filling.weights)
            .map(|(link, &weight)| weight as f64 * self.space.chances[link.owner as usize].value)
            .sum();
        ((held + filling.remainder as f64 * worth) / WHOLE as f64).min(1.0)
    }

    /// Whether the chance of an entity is only approached, as things stand with its owners.
    pub(crate) fn is_open(&self, entity: u32) -> bool {
        self.may_be_open(entity) && !self.best(entity, |owner| self.may_arrive(owner)).attained
    }

    /// Whether the target can be reached from somebody at all, as far as that is known.
    fn may_arrive(&self, owner: u32) -> bool {
        self.space.chances[owner as usize].value > 0.0
    }

    /// Whether an open bound can play a part in the column of an entity.
    fn may_be_open(&self, entity: u32) -> bool {
        let open = |link: &Link| link.low_open || link.high_open || self.space.chances[link.owner as usize].open;
        self.region.links(entity).iter().any(open) || self.has_floor(entity)
    }

    /// The best columns of an entity with the chances found so far, and its floor; `arrives` tells from whom the target is
    /// known to be reached.
    fn best(&self, entity: u32, arrives: impl Fn(u32) -> bool) -> Best {
        let (least, most, worth) = self.remainder(entity);
        let nobody_known = Part {
            low: least,
            high: most,
            low_open: false,
            high_open: false,
            value: worth,
            attained: true,
            arrives: worth > 0.0,
        };
        let owners = self.region.links(entity).iter().map(|link| {
            let chance = self.space.chances[link.owner as usize];
            Part {
                low: link.low.into(),
                high: link.high.into(),
                low_open: link.low_open,
                high_open: link.high_open,
                value: chance.value,
                attained: !chance.open,
                arrives: arrives(link.owner),
            }
        });
        let walk = attained::best(owners.chain([nobody_known]).collect(), self.end);
        self.floor(entity).map_or(walk, |floor| walk.or_floor(floor, self.end))
    }

    /// A strongly connected component: its chances depend on one another.
    fn block(&mut self, number: u32, members: &[u32]) -> Result<()> {
        let mut block: Vec<u32> = members.iter().copied().filter(|&m| !self.space.is_target[m as usize]).collect();
        block.sort_unstable();
        for &entity in &block {
            self.space.chances[entity as usize] = Chance::default();
        }
        if members.len() > SWEPT && self.sweep(number, &block) {
            return Ok(());
        }
        in_time(self.region.view)?;
        let constant = self.constant_in(&block);
        let active: Vec<u32> = match constant {
            true => Vec::new(),
            false => match self.end {
                End::Low => self.cannot_avoid(&block),
                End::High => self.can_reach(&block),
            },
        };
        if !active.is_empty() {
            self.iterate(&active)?;
        }
        match self.end {
            End::Low => self.open_in_block(&block),
            End::High => self.open_in_block(&active),
        }
        Ok(())
    }

    /// Sweeps a large circle until its chances are certain to the last digits; `false` where that cannot be had.
    fn sweep(&mut self, number: u32, block: &[u32]) -> bool {
        let (region, end) = (self.region, self.end);
        let prepared = self.space.circles.entry(number).or_insert_with(|| Circle::of(region, number, end).map(Rc::new));
        let Some(circle) = prepared.clone() else { return false };
        let mut values = circle.values(|entity| self.space.chances[entity as usize].value);
        let settled = circle.settle(
            &mut values,
            |member| self.space.is_target[member as usize],
            |member| self.remainder(member).2,
            |member| self.limit(member),
            || region.view.is_overdue(),
        );
        if !settled {
            return false;
        }
        for (&member, &value) in circle.members().iter().zip(&values) {
            self.space.chances[member as usize].value = value;
        }
        let outside_open = circle.outside().iter().any(|&owner| self.space.chances[owner as usize].open);
        if circle.has_open() || outside_open || block.iter().any(|&member| self.has_floor(member)) {
            let plays = |&&member: &&u32| end == End::Low || self.may_arrive(member);
            let active: Vec<u32> = block.iter().filter(plays).copied().collect();
            self.open_in_block(&active);
        }
        true
    }

    /// Whether nothing outside the block leads to the target, so that every chance in it is 0.
    fn constant_in(&self, block: &[u32]) -> bool {
        if self.is_open_world() {
            return false;
        }
        let reached = |entity: &u32| {
            let links = self.region.links(*entity);
            let outside = |owner: u32| block.binary_search(&owner).is_err();
            links.iter().any(|link| outside(link.owner) && self.may_arrive(link.owner)) || self.has_floor(*entity)
        };
        !block.iter().any(reached)
    }

    /// Members from which some feasible column reaches the target: the others have chance 0 at the high end.
    ///
    /// Their order is by distance to the target, so that a first policy towards the target is at hand.
    fn can_reach(&self, block: &[u32]) -> Vec<u32> {
        let mut reached = vec![false; block.len()];
        let mut order = Vec::new();
        loop {
            let before = order.len();
            for (position, &entity) in block.iter().enumerate() {
                if !reached[position] && self.step_towards(entity, |owner| index_in(block, owner, &reached)).is_some() {
                    order.push(position);
                }
            }
            if order.len() == before {
                return order.into_iter().map(|position| block[position]).collect();
            }
            order[before..].iter().for_each(|&position| reached[position] = true);
        }
    }

    /// A way from `entity` one step closer to the target: the number of a link, or of the remainder (one past the last).
    fn step_towards(&self, entity: u32, reached: impl Fn(u32) -> bool) -> Option<usize> {
        let links = self.region.links(entity);
        let (_, most, worth) = self.remainder(entity);
        let free = WHOLE.saturating_sub(links.iter().map(|link| u64::from(link.low)).sum());
        let capacity = |link: &Link| u64::from(link.low) + free.min(u64::from(link.high - link.low));
        if worth > 0.0 && most > 0 || self.floors_in(entity).any(|floor| floor.holder.high > 0) {
            return Some(links.len());
        }
        links.iter().position(|link| capacity(link) > 0 && (self.may_arrive(link.owner) || reached(link.owner)))
    }

    /// Members that reach the target whatever the columns are: from the others a walk can be kept away for ever, so that
    /// their chance is 0 at the low end.
    fn cannot_avoid(&self, block: &[u32]) -> Vec<u32> {
        let mut avoids = vec![true; block.len()];
        loop {
            let leaving: Vec<usize> = (0..block.len())
                .filter(|&position| avoids[position] && !self.can_stay_away(block[position], block, &avoids))
                .collect();
            if leaving.is_empty() {
                let stay = block.iter().zip(&avoids).filter(|(_, avoids)| !**avoids);
                return stay.map(|(&entity, _)| entity).collect();
            }
            leaving.into_iter().for_each(|position| avoids[position] = false);
        }
    }

    fn can_stay_away(&self, entity: u32, block: &[u32], avoids: &[bool]) -> bool {
        if self.floors_in(entity).any(|floor| floor.holder.low > 0) {
            return false;
        }
        let (least, most, worth) = self.remainder(entity);
        let mut room = if worth == 0.0 {
            most
        } else if least > 0 {
            return false;
        } else {
            0
        };
        for link in self.region.links(entity) {
            let harmless = match block.binary_search(&link.owner) {
                Ok(position) => avoids[position],
                Err(_) => self.space.chances[link.owner as usize].value == 0.0,
            };
            if harmless {
                room += u64::from(link.high);
            } else if link.low > 0 {
                return false;
            }
        }
        room >= WHOLE
    }

    /// Policy iteration (Howard 1960): solve the linear system of the current columns, improve each column, until no
    /// column gets strictly better.
    fn iterate(&mut self, active: &[u32]) -> Result<()> {
        let mut policy = self.first_policy(active);
        let mut floored: Vec<bool> = active.iter().map(|&entity| self.limit(entity) > 0.0).collect();
        let mut sorted: Vec<(u32, usize)> = active.iter().enumerate().map(|(index, &entity)| (entity, index)).collect();
        sorted.sort_unstable();
        for _ in 0..ROUNDS {
            in_time(self.region.view)?;
            if !self.evaluate(active, &sorted, &policy, &floored) {
                break;
            }
            let mut changed = false;
            for (index, &entity) in active.iter().enumerate() {
                let current = self.value(entity, &policy[index]);
                let better = self.fill(entity);
                let value = self.value(entity, &better);
                let gain = if self.end == End::High { value - current } else { current - value };
                if gain > IMPROVEMENT && better != policy[index] {
                    policy[index] = better;
                    changed = true;
                }
                let walk = self.value(entity, &policy[index]);
                // As long as the walk is not better the floor stands: the walk may lead to nobody but by way of it.
                let limit = self.limit(entity);
                let now = limit > 0.0 && limit + IMPROVEMENT >= walk;
                changed |= now != floored[index];
                floored[index] = now;
            }
            if !changed {
                return Ok(());
            }
        }
        Err(Error::plain(ErrorKind::Limit, format!("a circular group of {} entities did not settle", active.len())))
    }

    /// A first policy under which every member gets to the target: at the high end each sends all it can one step
    /// closer, at the low end any column will do.
    fn first_policy(&self, active: &[u32]) -> Vec<Filling> {
        if self.end == End::Low {
            return active.iter().map(|&entity| self.fill(entity)).collect();
        }
        let mut sorted = active.to_vec();
        sorted.sort_unstable();
        let mut placed = vec![false; active.len()];
        let mut policy = Vec::with_capacity(active.len());
        for &entity in active {
            let step = self.step_towards(entity, |owner| index_in(&sorted, owner, &placed));
            policy.push(self.fill_towards(entity, step));
            if let Ok(position) = sorted.binary_search(&entity) {
                placed[position] = true;
            }
        }
        policy
    }

    /// The column that gives all that is free to one link first.
    fn fill_towards(&self, entity: u32, step: Option<usize>) -> Filling {
        let links = self.region.links(entity);
        let (least, most, _) = self.remainder(entity);
        let mut weights: Vec<u64> = links.iter().map(|link| u64::from(link.low)).collect();
        let mut free = WHOLE.saturating_sub(weights.iter().sum::<u64>() + least);
        let mut remainder = least;
        let mut give = |index: usize, free: &mut u64| match links.get(index) {
            Some(link) => {
                let more = (*free).min(u64::from(link.high) - weights[index]);
                weights[index] += more;
                *free -= more;
            }
            None => {
                let more = (*free).min(most - remainder);
                remainder += more;
                *free -= more;
            }
        };
        step.into_iter().chain([links.len()]).chain(0..links.len()).for_each(|index| give(index, &mut free));
        Filling { weights, remainder }
    }

    /// Solves the linear system of the current columns and stores the chances of its members; `false` where it has no
    /// solution.
    fn evaluate(&mut self, active: &[u32], sorted: &[(u32, usize)], policy: &[Filling], floored: &[bool]) -> bool {
        let position =
            |owner: u32| sorted.binary_search_by_key(&owner, |&(entity, _)| entity).ok().map(|at| sorted[at].1);
        let mut system = System::new(active.len());
        for (row, &entity) in active.iter().enumerate() {
            if floored[row] {
                system.constant[row] = self.limit(entity);
                continue;
            }
            let (_, _, worth) = self.remainder(entity);
            let mut constant = policy[row].remainder as f64 * worth;
            for (link, &weight) in self.region.links(entity).iter().zip(&policy[row].weights) {
                match position(link.owner) {
                    _ if weight == 0 => {}
                    Some(column) => system.weights[row].push((column, weight as f64 / WHOLE as f64)),
                    None => constant += weight as f64 * self.space.chances[link.owner as usize].value,
                }
            }
            system.constant[row] = constant / WHOLE as f64;
        }
        let view = self.region.view;
        let values = system.solve(|| view.is_overdue());
        for (&entity, value) in active.iter().zip(&values) {
            self.space.chances[entity as usize].value = value.clamp(0.0, 1.0);
        }
        values.iter().all(|value| value.is_finite())
    }

    /// Marks the members of a block whose chance is only approached: all but the largest set whose best columns lead to
    /// one another and, at the high end, to the target in the end.
    fn open_in_block(&mut self, members: &[u32]) {
        if !members.iter().any(|&member| self.may_be_open(member)) {
            return;
        }
        loop {
            self.open_until_stable(members);
            if self.end == End::Low {
                return;
            }
            let astray = self.going_astray(members);
            if astray.is_empty() {
                return;
            }
            astray.into_iter().for_each(|member| self.space.chances[member as usize].open = true);
        }
    }

    fn open_until_stable(&mut self, members: &[u32]) {
        loop {
            let mut changed = false;
            for &member in members {
                if !self.space.chances[member as usize].open && self.is_open(member) {
                    self.space.chances[member as usize].open = true;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Those among the members taken for attained whose best columns lead to one another alone.
    fn going_astray(&self, members: &[u32]) -> Vec<u32> {
        let mut inside = members.to_vec();
        inside.sort_unstable();
        let sorted: Vec<u32> = inside.iter().copied().filter(|&m| !self.space.chances[m as usize].open).collect();
        let mut arrived = vec![false; sorted.len()];
        loop {
            let mut changed = false;
            for position in 0..sorted.len() {
                let arrives = |owner: u32| match inside.binary_search(&owner) {
                    Ok(_) => index_in(&sorted, owner, &arrived),
                    Err(_) => self.may_arrive(owner),
                };
                if !arrived[position] && self.best(sorted[position], arrives).arrives {
                    arrived[position] = true;
                    changed = true;
                }
            }
            if !changed {
                return sorted.into_iter().zip(arrived).filter(|(_, arrived)| !arrived).map(|(m, _)| m).collect();
            }
        }
    }
}

fn index_in(sorted: &[u32], entity: u32, flags: &[bool]) -> bool {
    sorted.binary_search(&entity).is_ok_and(|position| flags[position])
}

/// Whether owners asked about may hold what nobody known holds of an entity: in an open world, and not of a person or state.
pub(crate) fn may_hold_remainder(region: &Region<'_>, entity: u32) -> bool {
    let kind = || region.view.graph().entity(region.node(entity)).kind();
    region.view.is_open_world() && !matches!(kind(), EntityKind::Person | EntityKind::State)
}

/// The feasible column that makes the chance of an entity smallest or largest: what is free goes first to whoever is worth
/// least or most. `worth` is what the remainder that nobody known holds is worth.
pub(crate) fn fill(region: &Region<'_>, entity: u32, end: End, chances: &[Chance], worth: f64) -> Filling {
    let links = region.links(entity);
    let (least, most) = region.remainder(entity);
    let mut weights: Vec<u64> = links.iter().map(|link| u64::from(link.low)).collect();
    let mut free = WHOLE.saturating_sub(weights.iter().sum::<u64>() + least);
    let mut remainder = least;
    if free == 0 {
        return Filling { weights, remainder };
    }
    let mut order: Vec<(f64, usize)> =
        links.iter().enumerate().map(|(index, link)| (chances[link.owner as usize].value, index)).collect();
    order.push((worth, links.len()));
    match end {
        End::Low => order.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))),
        End::High => order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))),
    }
    for (_, index) in order {
        let room = links.get(index).map_or(most - least, |link| u64::from(link.high - link.low));
        let more = free.min(room);
        free -= more;
        match weights.get_mut(index) {
            Some(weight) => *weight += more,
            None => remainder += more,
        }
    }
    Filling { weights, remainder }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Loader;

    /// A ring with chords, self-holdings and people, of ranges that compete.
    fn ring(seed: u32) -> String {
        let mut state = seed.wrapping_mul(2_654_435_761) | 1;
        let mut below = |end: u32| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state % end
        };
        let count = 3 + below(6);
        let mut rows = "owner,owned,share\n".to_owned();
        for owned in 0..count {
            let chord = below(count);
            for (owner, most) in [(format!("c{}", (owned + 1) % count), 40), (format!("p{}", below(4)), 20)] {
                let low = 1 + below(most);
                rows.push_str(&format!("{owner},c{owned},{low}-{}\n", low + below(50)));
            }
            if chord != (owned + 1) % count {
                let low = 1 + below(30);
                rows.push_str(&format!("c{chord},c{owned},{low}-{}\n", low + below(60)));
            }
        }
        rows
    }

    #[test]
    fn sweeping_finds_what_elimination_finds() {
        for (seed, open_world) in (0..200).map(|seed| (seed, seed % 3 == 0)) {
            let rows = ring(seed);
            let mut loader = Loader::new();
            loader.read_text("edges.csv", &rows).expect("rows");
            let graph = loader.finish().expect("a graph");
            let region = Region::whole(graph.view("2026-01-01".parse().expect("a day")).open_world(open_world));
            for (end, owner) in (0..region.len() as u32).flat_map(|owner| [(End::Low, owner), (End::High, owner)]) {
                let expected = chances(&region, Target::Owners(&[owner]), end).expect("chances");
                let mut solver = Solver::new(&region, end, Workspace::new(region.len()));
                solver.aim(Target::Owners(&[owner]));
                for (number, members) in region.components().enumerate() {
                    let block: Vec<u32> = members.iter().copied().filter(|&member| member != owner).collect();
                    match region.is_circular(members) {
                        true => assert!(solver.sweep(number as u32, &block), "{seed} does not settle"),
                        false => solver.component(number as u32, members).expect("chances"),
                    }
                }
                for entity in 0..region.len() as u32 {
                    let (found, expected) = (solver.chance(entity).value, expected[entity as usize].value);
                    assert!(
                        (found - expected).abs() < 1e-12,
                        "{seed}: {owner} in {entity}: {found} {expected}\n{rows}"
                    );
                }
            }
        }
    }
}
