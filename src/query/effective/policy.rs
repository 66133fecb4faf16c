//! Policy iteration over the columns of a circle.

use super::filling::Filling;
use super::reaching::index_in;
use super::{End, IMPROVEMENT, Solver};
use crate::error::{Error, ErrorKind, Result};
use crate::query::column::WHOLE;
use crate::query::in_time;
use crate::query::linear::System;

/// Rounds of policy iteration after which the solver gives up; a handful is usual.
const ROUNDS: usize = 10_000;

impl Solver<'_, '_> {
    /// Policy iteration (Howard 1960): solve the linear system of the current columns, improve each column, until no
    /// column gets strictly better.
    pub(super) fn iterate(&mut self, active: &[u32]) -> Result<()> {
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
}
