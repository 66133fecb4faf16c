//! Which members of a circle reach the target at all, whatever their columns are or with the best of them.

use super::Solver;
use crate::query::column::WHOLE;
use crate::query::region::Link;

impl Solver<'_, '_> {
    /// Whether nothing outside the block leads to the target, so that every chance in it is 0.
    pub(super) fn constant_in(&self, block: &[u32]) -> bool {
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
    pub(super) fn can_reach(&self, block: &[u32]) -> Vec<u32> {
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
    pub(super) fn step_towards(&self, entity: u32, reached: impl Fn(u32) -> bool) -> Option<usize> {
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
    pub(super) fn cannot_avoid(&self, block: &[u32]) -> Vec<u32> {
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
}

pub(super) fn index_in(sorted: &[u32], entity: u32, flags: &[bool]) -> bool {
    sorted.binary_search(&entity).is_ok_and(|position| flags[position])
}
