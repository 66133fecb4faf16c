//! Numbers that look random and are the same on every machine: integer arithmetic only.

/// The odd number next to 2⁶⁴ divided by the golden ratio, by which splitmix64 steps.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014).
pub fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A sequence of draws. What is said of an entity is drawn from a sequence of its own, so it need not be kept.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// The draws for the thing with number `index` among those of one `subject` (what is drawn for).
    pub fn of(seed: u64, subject: u64, index: u64) -> Self {
        Self(mix(mix(seed.wrapping_add(subject.wrapping_mul(STEP))).wrapping_add(index.wrapping_mul(STEP))))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `end`, which is at most 2³².
    pub fn below(&mut self, end: u64) -> u64 {
        ((self.next() >> 32) * end) >> 32
    }

    /// A number below `end`, small ones much more often: the third power of an even draw, so that the number of times
    /// that a number comes up falls by a power of it.
    pub fn skewed_below(&mut self, end: u64) -> u64 {
        let even = self.next() >> 32;
        let cube = (((even * even) >> 32) * even) >> 32;
        (cube * end) >> 32
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// An order of the numbers below `size` that is not theirs, and needs no memory: a Feistel network, walked until it
/// falls below `size`.
#[derive(Debug, Clone)]
pub struct Shuffle {
    size: u64,
    half: u32,
    keys: [u64; 4],
}

impl Shuffle {
    pub fn new(seed: u64, size: u64) -> Self {
        let bits = 64 - size.saturating_sub(1).leading_zeros();
        let mut draws = Draws::of(seed, 0, size);
        Self { size, half: bits.div_ceil(2).max(1), keys: std::array::from_fn(|_| draws.next()) }
    }

    pub fn at(&self, position: u64) -> u64 {
        let mut number = self.round(position);
        while number >= self.size {
            number = self.round(number);
        }
        number
    }

    fn round(&self, number: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right.wrapping_add(key)) & mask));
        }
        (left << self.half) | right
    }
}

/// A set of numbers below a size, one bit each.
#[derive(Debug)]
pub struct Seen(Vec<u64>);

impl Seen {
    pub fn new(size: u64) -> Self {
        Self(vec![0; (size / 64 + 1) as usize])
    }

    /// Whether `number` was not in the set; it is afterwards.
    pub fn add(&mut self, number: u64) -> bool {
        let (word, bit) = ((number / 64) as usize, 1 << (number % 64));
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_are_those_of_splitmix64() {
        // The first outputs of the published generator for the seed 1234567.
        let mut draws = Draws(1_234_567);
        assert_eq!(draws.next(), 6_457_827_717_110_365_317);
        assert_eq!(draws.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_shuffle_holds_every_number_once() {
        for size in [1, 2, 3, 10, 1_000, 4_097] {
            let shuffle = Shuffle::new(7, size);
            let mut numbers: Vec<u64> = (0..size).map(|position| shuffle.at(position)).collect();
            assert!(size < 10 || !numbers.is_sorted());
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn a_set_tells_what_is_new() {
        let mut seen = Seen::new(130);
        assert!(seen.add(129) && seen.add(0) && !seen.add(129));
    }
}
