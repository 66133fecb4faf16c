//! What walks through circles need, made at their first use and kept.

use super::Integrated;
use super::columns::ColumnKind;
use crate::query::beyond::Beyond;
use crate::query::block::{Block, OutsideLink};
use crate::query::effective::{End, Solver};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Members from which on what lies beyond a circle is laid out.
const LARGE: usize = 64;

/// Everything beyond a circle.
pub(super) struct Laid {
    pub beyond: Beyond,
    /// Whether a range stands there.
    pub ranges: bool,
    /// Columns there whose owners compete.
    pub contended: Vec<u32>,
}

impl Integrated<'_> {
    /// What a walk through a circle needs, made at its first use; `None` where there is no such thing: the circle is
    /// closed or too large.
    pub(super) fn block(&mut self, number: u32, end: End) -> Option<Rc<Block>> {
        if let Some(known) = self.blocks.get(&(number, end)) {
            return known.clone();
        }
        let members = self.region.component(number);
        let competes = members.iter().any(|&member| self.columns[member as usize].competes());
        let block = if end == End::High && competes {
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
    pub(super) fn laid(&mut self, number: u32, end: End, block: &Block) -> Option<Rc<Laid>> {
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
            self.columns[owner as usize].competes() && !rings.contains_key(&self.region.component_of(owner))
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
