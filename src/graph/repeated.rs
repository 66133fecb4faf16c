//! Which hashes stand more than once, without putting them in order.

/// Hashes that stand more than once among others, and a few more: one bit stands for several.
pub(crate) struct Repeated {
    bits: Vec<u64>,
    shift: u32,
}

/// Bits for each hash: so few others are taken for repeated ones.
const BITS: usize = 16;

impl Repeated {
    /// Those among some hashes, of which all bits are left to chance.
    pub(crate) fn among(hashes: impl Iterator<Item = u64> + Clone) -> Self {
        let words = (hashes.clone().count() * BITS / 64 + 1).next_power_of_two();
        let shift = 64 - (words * 64).trailing_zeros();
        let (mut once, mut repeated) = (vec![0; words], Self { bits: vec![0; words], shift });
        for hash in hashes {
            let (word, bit) = repeated.place(hash);
            repeated.bits[word] |= once[word] & bit;
            once[word] |= bit;
        }
        repeated
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let bit = hash >> self.shift;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    /// Whether a hash may be one of them; one that is always is.
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_held_and_little_else() {
        for count in [0u64, 1, 2, 1000, 100_000] {
            let hash = |number: u64| {
                number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
            };
            let all = (0..count).chain((0..count).step_by(10)).map(hash);
            let repeated = Repeated::among(all);
            assert!((0..count).step_by(10).all(|number| repeated.may_hold(hash(number))));
            let others = (0..count).filter(|number| number % 10 != 0 && repeated.may_hold(hash(*number))).count();
            assert!(others as u64 <= count / 8, "{others} of {count}");
        }
    }
}
