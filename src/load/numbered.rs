//! Numbers for records that are known by hashes of their ids.

use crate::graph::table::TableBuilder;

/// A hash that nobody shares by chance.
pub(super) trait Hash: Copy + Eq {
    /// The part of it by which it is filed.
    fn short(self) -> u32;
}

impl Hash for u64 {
    fn short(self) -> u32 {
        (self >> 32) as u32
    }
}

impl Hash for u128 {
    fn short(self) -> u32 {
        (self >> 32) as u32
    }
}

/// Hashes by number, in the order in which they were added. Most that are looked up are new, and then nothing but the
/// table is looked at.
#[derive(Debug)]
pub(super) struct Numbered<H> {
    numbers: TableBuilder,
    hashes: Vec<H>,
}

impl<H> Default for Numbered<H> {
    fn default() -> Self {
        Self { numbers: TableBuilder::default(), hashes: Vec::new() }
    }
}

impl<H: Hash> Numbered<H> {
    /// The number of a hash that was added.
    pub(super) fn find(&self, hash: H) -> Option<u32> {
        self.numbers.find(hash.short(), |number| self.hashes[number as usize] == hash)
    }

    /// Adds a hash that was not added yet, and tells its number.
    pub(super) fn add(&mut self, hash: H) -> u32 {
        let number = self.hashes.len() as u32;
        self.hashes.push(hash);
        // Hashes that collide as if made to are found all the same, only later.
        let _ = self.numbers.insert(hash.short(), number);
        number
    }

    /// Brings what is known of some hashes into reach: looked up together, they wait for memory at the same time.
    pub(super) fn look_ahead(&self, hashes: impl Iterator<Item = H>) {
        let tags: Vec<u32> = hashes.map(H::short).collect();
        let mut slots = Vec::new();
        self.numbers.fetch(&tags, &mut slots);
        let known = tags.iter().zip(&slots).filter_map(|(&tag, &slot)| self.numbers.suggested(tag, slot));
        // Each is read for its own sake, and none of the reads may be left out.
        known.for_each(|number| {
            std::hint::black_box(self.hashes[number as usize]);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_that_share_the_filed_part_keep_their_own_numbers() {
        let mut numbered = Numbered::<u128>::default();
        let hashes: Vec<u128> = (0..5000).map(|number| (number << 64) | (number % 7) << 32).collect();
        for (number, &hash) in hashes.iter().enumerate() {
            assert_eq!(numbered.find(hash), None);
            assert_eq!(numbered.add(hash), number as u32);
        }
        assert!(hashes.iter().zip(0..).all(|(&hash, number)| numbered.find(hash) == Some(number)));
        assert_eq!(numbered.find(7), None);
    }
}
