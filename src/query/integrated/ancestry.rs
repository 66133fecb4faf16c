//! Everybody above some entities, with what each holds of them.

use super::Integrated;
use crate::query::block::reached_twice;

/// Some entities and everybody above them, with what each holds of them.
pub(super) struct Ancestry {
    entities: Vec<u32>,
    held: Vec<Held>,
}

/// One thing that an owner holds.
struct Held {
    owned: u32,
    owner: u32,
    /// The place of another thing that it holds.
    next: u32,
}

/// No place in an ancestry.
pub(super) const NOTHING: u32 = u32::MAX;

impl Integrated<'_> {
    /// Some entities and everybody above them, over floors as well.
    pub(super) fn above(&mut self, starts: &[u32]) -> Vec<u32> {
        let region = &self.region;
        let mut found = starts.to_vec();
        starts.iter().for_each(|&start| self.scratch.reached[start as usize] = 1);
        let mut next = 0;
        while let Some(&entity) = found.get(next) {
            let floors = region.floors_in(entity).iter().map(|floor| floor.owner);
            for owner in region.owners(entity).iter().copied().chain(floors) {
                if std::mem::replace(&mut self.scratch.reached[owner as usize], 1) == 0 {
                    found.push(owner);
                }
            }
            next += 1;
        }
        found.iter().for_each(|&entity| self.scratch.reached[entity as usize] = 0);
        found
    }

    /// Notes what each owner of some entities holds of them, until they are left.
    pub(super) fn enter(&mut self, entities: Vec<u32>) -> Ancestry {
        let (region, scratch) = (&self.region, &mut self.scratch);
        let mut held = Vec::with_capacity(entities.len());
        for &owned in &entities {
            let floors = region.floors_in(owned).iter().map(|floor| floor.owner);
            for owner in region.owners(owned).iter().copied().chain(floors) {
                let next = std::mem::replace(&mut scratch.last_held[owner as usize], held.len() as u32);
                held.push(Held { owned, owner, next });
            }
        }
        Ancestry { entities, held }
    }

    pub(super) fn leave(&mut self, ancestry: &Ancestry) {
        ancestry.held.iter().for_each(|held| self.scratch.last_held[held.owner as usize] = NOTHING);
    }

    /// The components between an owner and the entities of an ancestry, owners first; in an open world all of these, since
    /// what nobody known holds may be the owner's.
    pub(super) fn between(&mut self, owner: u32, ancestry: &Ancestry) -> Vec<u32> {
        let (region, scratch) = (&self.region, &mut self.scratch);
        let mut found = vec![region.component_of(owner)];
        scratch.queued[found[0] as usize] = true;
        let mut add = |found: &mut Vec<u32>, entity: u32| {
            let number = region.component_of(entity);
            if !std::mem::replace(&mut scratch.queued[number as usize], true) {
                found.push(number);
            }
        };
        if region.view.is_open_world() {
            ancestry.entities.iter().for_each(|&entity| add(&mut found, entity));
        }
        let mut next = 0;
        while let Some(&number) = found.get(next) {
            for &member in region.component(number) {
                let mut at = scratch.last_held[member as usize];
                while let Some(held) = ancestry.held.get(at as usize) {
                    add(&mut found, held.owned);
                    at = held.next;
                }
            }
            next += 1;
        }
        found.iter().for_each(|&number| scratch.queued[number as usize] = false);
        found.sort_unstable();
        found
    }

    /// Everybody to whom two competing owners of one column lead.
    pub(super) fn reached_by_two(&mut self, contended: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for &entity in contended {
            let competing = self.region.links(entity).iter().filter(|link| link.low != link.high);
            let starts: Vec<u32> = competing.map(|link| link.owner).collect();
            found.extend(reached_twice(&self.region, &mut self.scratch.reached, &starts));
        }
        found
    }
}
