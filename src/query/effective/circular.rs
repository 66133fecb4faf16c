//! Strongly connected components: their chances depend on one another.

use super::{Chance, End, Solver};
use crate::error::Result;
use crate::query::circle::Circle;
use crate::query::in_time;
use std::rc::Rc;

/// Members of a component above which it is swept, with a certified error, and not eliminated.
const SWEPT: usize = 64;

impl Solver<'_, '_> {
    /// A strongly connected component: its chances depend on one another.
    pub(super) fn block(&mut self, number: u32, members: &[u32]) -> Result<()> {
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
    pub(super) fn sweep(&mut self, number: u32, block: &[u32]) -> bool {
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
}
