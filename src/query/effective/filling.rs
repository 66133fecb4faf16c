//! Columns with every share fixed.

use super::{Chance, End, Solver};
use crate::model::EntityKind;
use crate::query::column::WHOLE;
use crate::query::region::Region;

/// The column of one entity with every share fixed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filling {
    /// For each link, in parts per billion.
    pub weights: Vec<u64>,
    /// What nobody known holds, in parts per billion.
    pub remainder: u64,
}

impl Solver<'_, '_> {
    pub(crate) fn fill(&self, entity: u32) -> Filling {
        let (_, _, worth) = self.remainder(entity);
        fill(self.region, entity, self.end, &self.space.chances, worth)
    }

    /// What a column is worth with the chances found so far.
    pub(super) fn value(&self, entity: u32, filling: &Filling) -> f64 {
        let (_, _, worth) = self.remainder(entity);
        let links = self.region.links(entity);
        let held: f64 = links
            .iter()
            .zip(&filling.weights)
            .map(|(link, &weight)| weight as f64 * self.space.chances[link.owner as usize].value)
            .sum();
        ((held + filling.remainder as f64 * worth) / WHOLE as f64).min(1.0)
    }

    /// The column that gives all that is free to one link first.
    pub(super) fn fill_towards(&self, entity: u32, step: Option<usize>) -> Filling {
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
