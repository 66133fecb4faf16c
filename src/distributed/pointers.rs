//! Where chains of pointers end, in rounds that double how far everybody sees.
//!
//! Entities that point at one another in a ring have no end: the smallest number of a ring stands for it. To take one's
//! holder's label over and over would go round in such a ring for ever; here every ring is found as a ring.

use super::engine::{Crew, Message};
use serde::{Deserialize, Serialize};

/// What an entity sees so far.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Sight {
    /// Where it has got to.
    at: u64,
    /// The smallest number on the way there, the start left out.
    smallest: u64,
    /// Whether that is an end.
    is_end: bool,
}

impl Message for Sight {}

/// The ends of all chains, for the entities of one worker.
pub(super) struct Ends {
    /// Of each entity where its chain ends: an entity that points at itself, or the smallest number of a ring.
    pub end: Vec<u64>,
    /// Whether it is in a ring of several.
    pub in_ring: Vec<bool>,
}

impl Ends {
    /// Follows `pointers`; an entity that points at itself is an end.
    pub(super) fn of(crew: &mut Crew<'_>, pointers: &[u64]) -> Self {
        let mut sights: Vec<Sight> = (0..pointers.len())
            .map(|slot| {
                let at = pointers[slot];
                Sight { at, smallest: at, is_end: at == crew.number(slot) }
            })
            .collect();
        let mut moving: Vec<usize> = (0..sights.len()).filter(|&slot| !sights[slot].is_end).collect();
        let mut before = u64::MAX;
        loop {
            let count = crew.sum(moving.len() as u64);
            // Each round brings the next of a chain to its end: where none comes, all that is left runs into rings.
            if count == 0 || count == before {
                break;
            }
            before = count;
            double(crew, &mut sights, &moving);
            moving.retain(|&slot| !sights[slot].is_end);
        }
        let mut ends = Self { end: sights.iter().map(|sight| sight.at).collect(), in_ring: vec![false; sights.len()] };
        if before != u64::MAX && crew.sum(moving.len() as u64) > 0 {
            ends.close_rings(crew, pointers, &moving);
        }
        ends
    }

    /// Finds the rings into which these entities run.
    fn close_rings(&mut self, crew: &mut Crew<'_>, pointers: &[u64], moving: &[usize]) {
        let count = crew.sum(moving.len() as u64);
        let mut sights: Vec<Sight> = pointers.iter().map(|&at| Sight { at, smallest: at, is_end: false }).collect();
        let mut seen = 1;
        // No ring is longer than all that run into rings.
        while seen < count {
            double(crew, &mut sights, moving);
            seen *= 2;
        }
        // Everybody has got into a ring, and who is in one has gone all around it: whoever is got to is in a ring, and
        // everybody in a ring is got to.
        let reached = moving.iter().map(|&slot| sights[slot].at).collect();
        let mut in_ring = vec![false; pointers.len()];
        let smallest = crew.look_up("doubling", reached, |slot| {
            in_ring[slot] = true;
            sights[slot].smallest
        });
        self.in_ring = in_ring;
        moving.iter().for_each(|&slot| self.end[slot] = smallest[&sights[slot].at]);
    }
}

/// Everybody who is not at an end goes as far again.
fn double(crew: &mut Crew<'_>, sights: &mut [Sight], moving: &[usize]) {
    let asked = moving.iter().map(|&slot| sights[slot].at).collect();
    let before: &[Sight] = sights;
    let answers = crew.look_up("doubling", asked, |slot| before[slot]);
    for &slot in moving {
        let sight = sights[slot];
        let further = answers[&sight.at];
        sights[slot] = Sight { at: further.at, smallest: sight.smallest.min(further.smallest), is_end: further.is_end };
    }
}
