//! Chances that are only approached, because a bound on the way is open.

use super::reaching::index_in;
use super::{End, Solver};
use crate::query::attained::{self, Best, Part};
use crate::query::region::Link;

impl Solver<'_, '_> {
    /// Whether the chance of an entity is only approached, as things stand with its owners.
    pub(crate) fn is_open(&self, entity: u32) -> bool {
        self.may_be_open(entity) && !self.best(entity, |owner| self.may_arrive(owner)).attained
    }

    /// Whether the target can be reached from somebody at all, as far as that is known.
    pub(super) fn may_arrive(&self, owner: u32) -> bool {
        self.space.chances[owner as usize].value > 0.0
    }

    /// Whether an open bound can play a part in the column of an entity.
    pub(super) fn may_be_open(&self, entity: u32) -> bool {
        let open = |link: &Link| link.low_open || link.high_open || self.space.chances[link.owner as usize].open;
        self.region.links(entity).iter().any(open) || self.has_floor(entity)
    }

    /// The best columns of an entity with the chances found so far, and its floor; `arrives` tells from whom the target is
    /// known to be reached.
    pub(super) fn best(&self, entity: u32, arrives: impl Fn(u32) -> bool) -> Best {
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

    /// Marks the members of a block whose chance is only approached: all but the largest set whose best columns lead to
    /// one another and, at the high end, to the target in the end.
    pub(super) fn open_in_block(&mut self, members: &[u32]) {
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
