//! Everything that lies beyond a large circle, in one block of memory.
//!
//! Whoever owns shares in a circle gets the same from each visit of a member, whichever subject lies below. So the links
//! beyond are laid out once, in the order in which a walk takes them, and every later walk passes over them in one go.

use super::effective::{Chance, End};
use super::integrated::{OutsideLink, step};
use super::region::Region;
use std::collections::HashMap;

/// Entities beyond a circle from which on laying them out pays.
const MANY: usize = 128;

/// The links beyond a circle, where no further circle and no open bound stands there.
pub(super) struct Beyond {
    /// Everybody beyond, what is owned before its owners.
    owners: Vec<u32>,
    places: HashMap<u32, u32, foldhash::fast::RandomState>,
    exits: Vec<Way>,
    ways: Vec<Way>,
}

/// A link, from a member of the circle or from somebody beyond.
struct Way {
    from: u32,
    to: u32,
    weight: f64,
}

impl Beyond {
    /// Lays out what lies beyond the given links; `None` where that cannot be done or does not pay.
    pub(super) fn of(region: &Region<'_>, end: End, outside: &[OutsideLink]) -> Option<Self> {
        if outside.iter().any(|link| link.open) {
            return None;
        }
        let mut beyond = Self { owners: Vec::new(), places: HashMap::default(), exits: Vec::new(), ways: Vec::new() };
        outside.iter().for_each(|link| beyond.find(link.owner));
        let mut next = 0;
        while let Some(&entity) = beyond.owners.get(next) {
            if region.is_circular(region.component(region.component_of(entity))) {
                return None;
            }
            region.owners(entity).iter().for_each(|&owner| beyond.find(owner));
            next += 1;
        }
        if beyond.owners.len() < MANY {
            return None;
        }
        beyond.owners.sort_unstable_by_key(|&entity| std::cmp::Reverse(region.component_of(entity)));
        beyond.places = beyond.owners.iter().zip(0..).map(|(&owner, place)| (owner, place)).collect();
        for link in outside {
            beyond.exits.push(Way { from: link.position, to: beyond.places[&link.owner], weight: link.gain });
        }
        for (&entity, from) in beyond.owners.iter().zip(0..) {
            for link in region.links(entity) {
                let (weight, open) = step(region, entity, link, end);
                if open {
                    return None;
                }
                beyond.ways.push(Way { from, to: beyond.places[&link.owner], weight });
            }
        }
        Some(beyond)
    }

    fn find(&mut self, owner: u32) {
        let next = self.owners.len() as u32;
        if *self.places.entry(owner).or_insert(next) == next {
            self.owners.push(owner);
        }
    }

    /// Everybody beyond.
    pub(super) fn owners(&self) -> &[u32] {
        &self.owners
    }

    /// Where somebody beyond stands among the owners.
    pub(super) fn place(&self, owner: u32) -> Option<usize> {
        self.places.get(&owner).map(|&place| place as usize)
    }

    /// What everybody beyond gets from the chances of the members.
    pub(super) fn pass_on(&self, members: &[f64]) -> Vec<f64> {
        let mut masses = vec![0.0; self.owners.len()];
        self.exits.iter().for_each(|way| masses[way.to as usize] += members[way.from as usize] * way.weight);
        self.ways.iter().for_each(|way| masses[way.to as usize] += masses[way.from as usize] * way.weight);
        masses
    }

    /// The owners with what they get.
    pub(super) fn found(&self, masses: &[f64]) -> impl Iterator<Item = (u32, Chance)> {
        self.owners.iter().zip(masses).map(|(&owner, &value)| (owner, Chance { value, open: false }))
    }
}
