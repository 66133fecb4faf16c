//! Effective shares: the chance that a walk from an entity up to its owners ever reaches somebody.
//!
//! This is integrated ownership (Brioschi, Buzzacchi & Colombo, J. Banking & Finance 13, 1989) net of the owner's own
//! loops (Baldone, Brioschi & Paleari 1998). With share ranges the matrix is an interval Markov chain; its least and
//! greatest reaching probabilities are attained by greedy columns (Givan, Leach & Dean, Artificial Intelligence 122,
//! 2000), so both ends are exact: one linear pass where there is no circle, policy iteration inside each strongly
//! connected component.

mod circular;
mod filling;
mod open;
mod policy;
mod reaching;

use super::circle::Circle;
use super::column::WHOLE;
use super::in_time;
use super::region::{Floor, Region};
use crate::error::Result;
pub(crate) use filling::{Filling, fill, may_hold_remainder};
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
