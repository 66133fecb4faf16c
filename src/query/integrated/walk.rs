//! The walk up from a subject, what is owned before its owners.

use super::Integrated;
use super::circles::Laid;
use super::columns::ColumnKind;
use crate::query::block::step;
use crate::query::effective::{Chance, End};
use std::rc::Rc;

/// What one walk found.
#[derive(Default)]
pub(super) struct Walk {
    /// Owners and their chances, in the order in which they were found.
    pub found: Vec<(u32, Chance)>,
    /// Whether a column on the way leaves its shares open to a range.
    pub ranges: bool,
    /// Columns on the way whose owners compete, or may make up for one another.
    pub contended: Vec<u32>,
    /// Circles with crowded owners on the way, with the mass that enters their members.
    pub crowded: Vec<(u32, Vec<(usize, f64)>)>,
    /// Everybody reached.
    pub touched: Vec<u32>,
    /// A circle whose beyond is passed over in one go, with what everybody there gets.
    beyond: Option<(Rc<Laid>, Vec<f64>)>,
    /// Whether a circle on the way could not be walked through.
    pub blocked: bool,
}

impl Integrated<'_> {
    /// Walks up from the subject, what is owned before its owners.
    pub(super) fn walk(&mut self, subject: u32, end: End) -> Walk {
        let mut walk = Walk::default();
        self.scratch.add(&self.region, subject, Chance { value: 1.0, open: false });
        while let Some(number) = self.scratch.queue.pop() {
            self.scratch.queued[number as usize] = false;
            let members = self.region.component(number);
            walk.ranges |= members.iter().any(|&member| self.columns[member as usize] != ColumnKind::Exact);
            if self.region.is_circular(members) {
                self.walk_circle(number, subject, end, &mut walk);
            } else {
                if self.columns[members[0] as usize].competes() {
                    walk.contended.push(members[0]);
                }
                self.walk_single(members[0], subject, end, &mut walk);
            }
            if walk.blocked {
                break;
            }
        }
        walk.found.extend(self.scratch.leaves(subject));
        if !walk.contended.is_empty() || !walk.crowded.is_empty() {
            walk.touched.extend(&self.scratch.touched);
        }
        self.scratch.clean();
        walk.add_beyond();
        walk
    }

    fn walk_single(&mut self, entity: u32, subject: u32, end: End, walk: &mut Walk) {
        let region = &self.region;
        let chance = self.scratch.chance(entity);
        if entity != subject {
            walk.found.push((entity, chance));
        }
        for link in region.links(entity) {
            let (weight, open) = step(region, entity, link, end);
            self.scratch.add(region, link.owner, Chance { value: chance.value * weight, open: chance.open || open });
        }
    }

    /// Passes the mass that enters a circle on to those above it.
    fn walk_circle(&mut self, number: u32, subject: u32, end: End, walk: &mut Walk) {
        let Some(block) = self.block(number, end) else {
            walk.blocked = true;
            return;
        };
        let enters = |(entry, &member): (usize, &u32)| {
            let chance = self.scratch.chance(member);
            (chance.value != 0.0).then_some((entry, chance))
        };
        let entering: Vec<(usize, Chance)> = block.members.iter().enumerate().filter_map(enters).collect();
        let chances = block.pass_on(&entering);
        for (&member, chance) in block.members.iter().zip(&chances) {
            if member != subject && chance.value > 0.0 {
                walk.found.push((member, *chance));
            }
        }
        walk.touched.extend(&block.members);
        if !block.crowded.is_empty() {
            walk.crowded.push((number, entering.iter().map(|&(entry, chance)| (entry, chance.value)).collect()));
        }
        if walk.beyond.is_none()
            && !chances.iter().any(|chance| chance.open)
            && let Some(laid) = self.laid(number, end, &block)
        {
            walk.ranges |= laid.ranges;
            walk.contended.extend(&laid.contended);
            let masses = laid.beyond.pass_on(&chances);
            walk.beyond = Some((laid, masses));
            return;
        }
        for link in &block.outside {
            let position = link.position as usize;
            let Chance { value, open } = chances[position];
            let chance = Chance { value: value * link.gain, open: open || link.open };
            self.scratch.add(&self.region, link.owner, chance);
        }
    }
}

impl Walk {
    /// Adds what is found beyond a circle to what is found otherwise.
    fn add_beyond(&mut self) {
        let Some((laid, masses)) = self.beyond.take() else { return };
        let beyond = &laid.beyond;
        if !self.contended.is_empty() || !self.crowded.is_empty() {
            self.touched.extend(beyond.owners());
        }
        let others = std::mem::take(&mut self.found);
        self.found.reserve_exact(beyond.owners().len() + others.len());
        self.found.extend(beyond.found(&masses));
        for (owner, chance) in others {
            match beyond.place(owner) {
                Some(place) => {
                    let known = &mut self.found[place].1;
                    known.value += chance.value;
                    known.open |= chance.open;
                }
                None => self.found.push((owner, chance)),
            }
        }
        self.found.retain(|(_, chance)| chance.value > 0.0);
    }
}
