//! Tokens by number while an index is built.

use std::hash::{BuildHasher, RandomState};

/// Distinct tokens in order of appearance, all text in one arena.
pub(super) struct Interner {
    text: Vec<u8>,
    ends: Vec<u32>,
    /// Open addressing; 0 is empty, else token number + 1 with part of the hash.
    slots: Vec<(u32, u32)>,
    seed: u64,
}

impl Interner {
    pub(super) fn new() -> Self {
        // Seeded anew each time, so that no input can be made to collide; numbers do not depend on it.
        let seed = RandomState::new().hash_one(0u8) | 1;
        Self { text: Vec::new(), ends: Vec::new(), slots: vec![(0, 0); 1 << 8], seed }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// The token with this number.
    pub(super) fn token(&self, number: u32) -> &[u8] {
        let i = number as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.text[start..self.ends[i] as usize]
    }

    /// The number of `token`, new or old.
    pub(super) fn intern(&mut self, token: &[u8]) -> u32 {
        let hash = self.hash(token);
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (0, _) => return self.add(token, at, tag),
                (number, found) if found == tag && self.token(number - 1) == token => {
                    return number - 1;
                }
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn add(&mut self, token: &[u8], at: usize, tag: u32) -> u32 {
        self.text.extend_from_slice(token);
        self.ends.push(self.text.len() as u32);
        let number = self.ends.len() as u32;
        self.slots[at] = (number, tag);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        number - 1
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        let mut slots = vec![(0u32, 0u32); size];
        for number in 0..self.ends.len() as u32 {
            let hash = self.hash(self.token(number));
            let mut at = hash as usize & (size - 1);
            while slots[at].0 != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = (number + 1, (hash >> 32) as u32);
        }
        self.slots = slots;
    }

    fn hash(&self, token: &[u8]) -> u64 {
        let mut hash = self.seed ^ token.len() as u64;
        for chunk in token.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            hash = mix(hash ^ u64::from_le_bytes(word), self.seed ^ 0x9e37_79b9_7f4a_7c15);
        }
        mix(hash, 0xd6e8_feb8_6659_fd93)
    }
}

/// Multiplies to 128 bits and folds the halves together.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    (wide as u64) ^ ((wide >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_appearance() {
        let mut tokens = Interner::new();
        let words: Vec<String> = (0..5000).map(|i| format!("word{i}")).collect();
        for (i, word) in words.iter().enumerate() {
            assert_eq!(tokens.intern(word.as_bytes()) as usize, i);
        }
        for (i, word) in words.iter().enumerate() {
            assert_eq!(tokens.intern(word.as_bytes()) as usize, i);
            assert_eq!(tokens.token(i as u32), word.as_bytes());
        }
        assert_eq!(tokens.len(), 5000);
    }
}
