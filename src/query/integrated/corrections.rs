//! What the walk finds too much for owners that are crowded at a circle.

use super::Integrated;
use super::walk::Walk;
use crate::error::Result;
use crate::query::block::Block;
use crate::query::effective::{Chance, End, Solver, Target};
use crate::query::in_time;
use std::rc::Rc;

/// Chances that are kept for crowded owners.
const KEPT_CHANCES: usize = 1 << 24;

/// What a crowded owner really has in a circle.
pub(super) struct Correction {
    /// For each member.
    chances: Vec<Chance>,
    /// For each member what the walk finds too much.
    excess: Vec<f64>,
}

impl Integrated<'_> {
    /// Takes away what the walk found too much for an owner that is crowded at one circle; `false` where an open bound
    /// plays a part, so that it must be solved by itself.
    pub(super) fn correct(
        &mut self,
        owner: u32,
        high: &Walk,
        blocks: &[Rc<Block>],
        share: &mut Chance,
    ) -> Result<bool> {
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
}
