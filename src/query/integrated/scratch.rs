//! Arrays of the size of a region that one subject after another uses.

use super::ancestry::NOTHING;
use crate::query::effective::Chance;
use crate::query::region::Region;
use std::collections::BinaryHeap;

/// What a walk knows of one entity.
#[derive(Debug, Clone, Copy)]
struct Slot {
    mass: f64,
    /// Whether an open bound stands on the way to the entity.
    open: bool,
    /// Whether nobody owns the entity.
    leaf: bool,
}

/// Arrays of the region's size, cleaned after each use where they were touched.
pub(super) struct Scratch {
    slots: Vec<Slot>,
    pub touched: Vec<u32>,
    pub queued: Vec<bool>,
    pub queue: BinaryHeap<u32>,
    pub reached: Vec<u8>,
    /// How many parts of the way leave an owner unsettled.
    pub unsettled: Vec<u8>,
    pub lows: Vec<Chance>,
    /// For each owner the place of what was last noted of it in an ancestry.
    pub last_held: Vec<u32>,
}

impl Scratch {
    pub(super) fn new(region: &Region<'_>) -> Self {
        let count = region.len();
        let slot = |entity| Slot { mass: 0.0, open: false, leaf: region.owners(entity).is_empty() };
        Self {
            slots: (0..count as u32).map(slot).collect(),
            touched: Vec::new(),
            queued: vec![false; count],
            queue: BinaryHeap::new(),
            reached: vec![0; count],
            unsettled: vec![0; count],
            lows: vec![Chance::default(); count],
            last_held: vec![NOTHING; count],
        }
    }

    pub(super) fn chance(&self, entity: u32) -> Chance {
        let slot = &self.slots[entity as usize];
        Chance { value: slot.mass, open: slot.open }
    }

    /// Adds mass to an entity and sees to it that it is treated in its turn; those without owners need no turn.
    pub(super) fn add(&mut self, region: &Region<'_>, entity: u32, chance: Chance) {
        if chance.value == 0.0 {
            return;
        }
        let slot = &mut self.slots[entity as usize];
        if slot.mass == 0.0 {
            self.touched.push(entity);
            if !slot.leaf {
                let number = region.component_of(entity);
                if !std::mem::replace(&mut self.queued[number as usize], true) {
                    self.queue.push(number);
                }
            }
        }
        slot.mass += chance.value;
        slot.open |= chance.open;
    }

    /// Entities without owners that were reached.
    pub(super) fn leaves(&self, subject: u32) -> impl Iterator<Item = (u32, Chance)> {
        let leaves = self.touched.iter().filter(move |&&entity| entity != subject && self.slots[entity as usize].leaf);
        leaves.map(|&entity| (entity, self.chance(entity)))
    }

    pub(super) fn clean(&mut self) {
        for entity in self.touched.drain(..) {
            let slot = &mut self.slots[entity as usize];
            (slot.mass, slot.open) = (0.0, false);
        }
        for number in self.queue.drain() {
            self.queued[number as usize] = false;
        }
    }
}
