//! Everything that lies beyond a large circle, in one block of memory.
//!
//! Whoever owns shares in a circle gets the same from each visit of a member, whichever subject lies below. So the links
//! beyond are laid out once, in the order in which a walk takes them, and every later walk passes over them in one go.

use super::block::{Block, OutsideLink, step};
use super::effective::{Chance, End};

use super::region::Region;
use std::collections::HashMap;
use std::rc::Rc;

/// Entities beyond a circle from which on laying them out pays.
const MANY: usize = 128;

/// The links beyond a circle, where no open bound stands there, and no circle but small ones with settled columns.
pub(super) struct Beyond {
    /// Everybody beyond, what is owned before its owners.
    owners: Vec<u32>,
    places: HashMap<u32, u32, foldhash::fast::RandomState>,
    /// Where what enters members of further circles is gathered, behind the places of the owners.
    entries: HashMap<u32, u32, foldhash::fast::RandomState>,
    exits: Vec<Way>,
    ways: Vec<Way>,
}

/// A link, from a member of the circle or from somebody beyond.
struct Way {
    from: u32,
    to: u32,
    weight: f64,
}

/// Further circles on the way, by the number of their components.
type Rings = HashMap<u32, Rc<Block>>;

impl Beyond {
    /// Lays out what lies beyond the given links; `None` where that cannot be done or does not pay. `rings` holds every
    /// circle there.
    pub(super) fn of(region: &Region<'_>, end: End, outside: &[OutsideLink], rings: &Rings) -> Option<Self> {
        if outside.iter().any(|link| link.open) {
            return None;
        }
        let mut beyond = Self {
            owners: Vec::new(),
            places: HashMap::default(),
            entries: HashMap::default(),
            exits: Vec::new(),
            ways: Vec::new(),
        };
        outside.iter().for_each(|link| beyond.find(link.owner));
        let mut next = 0;
        while let Some(&entity) = beyond.owners.get(next) {
            region.owners(entity).iter().for_each(|&owner| beyond.find(owner));
            next += 1;
        }
        if beyond.owners.len() < MANY {
            return None;
        }
        beyond.owners.sort_unstable_by_key(|&entity| std::cmp::Reverse(region.component_of(entity)));
        beyond.places = beyond.owners.iter().zip(0..).map(|(&owner, place)| (owner, place)).collect();
        let members = rings.values().flat_map(|ring| &ring.members).copied();
        beyond.entries = members.zip(beyond.owners.len() as u32..).collect();
        for link in outside {
            let to = beyond.entry(link.owner);
            beyond.exits.push(Way { from: link.position, to, weight: link.gain });
        }
        beyond.lay_ways(region, end, rings)?;
        Some(beyond)
    }

    /// Lays the links in the order of the owners; `None` where a bound is open.
    fn lay_ways(&mut self, region: &Region<'_>, end: End, rings: &Rings) -> Option<()> {
        for at in 0..self.owners.len() {
            let entity = self.owners[at];
            if let Some(ring) = rings.get(&region.component_of(entity)) {
                // All members stand together: the first one brings the whole circle.
                if at == 0 || region.component_of(self.owners[at - 1]) != region.component_of(entity) {
                    self.lay_ring(ring);
                }
                continue;
            }
            for link in region.links(entity) {
                let (weight, open) = step(region, entity, link, end);
                if open {
                    return None;
                }
                let to = self.entry(link.owner);
                self.ways.push(Way { from: at as u32, to, weight });
            }
        }
        Some(())
    }

    fn lay_ring(&mut self, ring: &Block) {
        for (entry, &entering) in ring.members.iter().enumerate() {
            let from = self.entry(entering);
            let hits = ring.members.iter().zip(ring.hits_from(&[(entry, 1.0)])).filter(|(_, hit)| *hit > 0.0);
            self.ways.extend(hits.map(|(member, weight)| Way { from, to: self.places[member], weight }));
        }
        for link in &ring.outside {
            let from = self.places[&ring.members[link.position as usize]];
            let to = self.entry(link.owner);
            self.ways.push(Way { from, to, weight: link.gain });
        }
    }

    /// Where what reaches somebody from below is gathered.
    fn entry(&self, owner: u32) -> u32 {
        self.entries.get(&owner).copied().unwrap_or_else(|| self.places[&owner])
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

    /// What everybody beyond gets from the chances of the members; more may follow the owners' own.
    pub(super) fn pass_on(&self, members: &[Chance]) -> Vec<f64> {
        let mut masses = vec![0.0; self.owners.len() + self.entries.len()];
        self.exits.iter().for_each(|way| masses[way.to as usize] += members[way.from as usize].value * way.weight);
        self.ways.iter().for_each(|way| masses[way.to as usize] += masses[way.from as usize] * way.weight);
        masses
    }

    /// The owners with what they get.
    pub(super) fn found(&self, masses: &[f64]) -> impl Iterator<Item = (u32, Chance)> {
        self.owners.iter().zip(masses).map(|(&owner, &value)| (owner, Chance { value, open: false }))
    }
}
