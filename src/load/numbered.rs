//! Numbers for records that are known by hashes of their ids.

use hashbrown::HashTable;

/// A hash that nobody shares by chance.
pub(super) trait Hash: Copy + Eq {
    /// The part of it by which it is filed.
    fn short(self) -> u64;
}

impl Hash for u64 {
    fn short(self) -> u64 {
        self
    }
}

impl Hash for u128 {
    fn short(self) -> u64 {
        self as u64
    }
}

/// Hashes by number, in the order in which they were added. Most that are looked up are new, and then nothing but the
/// small table is looked at, which holds no more than the numbers.
#[derive(Debug)]
pub(super) struct Numbered<H> {
    numbers: HashTable<u32>,
    hashes: Vec<H>,
}

impl<H> Default for Numbered<H> {
    fn default() -> Self {
        Self { numbers: HashTable::new(), hashes: Vec::new() }
    }
}

impl<H: Hash> Numbered<H> {
    /// The number of a hash that was added.
    pub(super) fn find(&self, hash: H) -> Option<u32> {
        self.numbers.find(hash.short(), |&number| self.hashes[number as usize] == hash).copied()
    }

    /// Adds a hash that was not added yet, and tells its number.
    pub(super) fn add(&mut self, hash: H) -> u32 {
        let number = self.hashes.len() as u32;
        self.hashes.push(hash);
        self.numbers.insert_unique(hash.short(), number, |&number| self.hashes[number as usize].short());
        number
    }

    /// Brings what is known of some hashes into reach: looked up together, they wait for memory at the same time.
    pub(super) fn look_ahead(&self, hashes: impl Iterator<Item = H>) {
        std::hint::black_box(hashes.filter(|&hash| self.find(hash).is_some()).count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_that_share_the_filed_part_keep_their_own_numbers() {
        let mut numbered = Numbered::<u128>::default();
        let hashes: Vec<u128> = (0..5000).map(|number| (number << 64) | (number % 7)).collect();
        for (number, &hash) in hashes.iter().enumerate() {
            assert_eq!(numbered.find(hash), None);
            assert_eq!(numbered.add(hash), number as u32);
        }
        assert!(hashes.iter().zip(0..).all(|(&hash, number)| numbered.find(hash) == Some(number)));
        assert_eq!(numbered.find(7), None);
    }
}
