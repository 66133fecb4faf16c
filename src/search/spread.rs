//! Things spread over buckets: the first pass of every sorting here, after which each bucket fits in the cache and is the work
//! of one thread.

use std::ops::Range;

use crate::search::parts::parts_for;

/// Things bucket after bucket, those of one bucket in the order in which they were given.
pub(super) struct Spread<T> {
    things: Vec<T>,
    /// Where each bucket begins, and the end of the last.
    starts: Vec<u32>,
}

impl<T: Copy + Default> Spread<T> {
    /// Spreads what `things` gives, each with its bucket; asked twice.
    pub(super) fn over<I>(buckets: usize, things: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (usize, T)>,
    {
        let mut places = vec![0u32; buckets + 1];
        things().for_each(|(bucket, _)| places[bucket] += 1);
        let mut total = 0;
        for place in &mut places {
            total += std::mem::replace(place, total);
        }
        let starts = places.clone();
        let mut spread = vec![T::default(); total as usize];
        things().for_each(|(bucket, thing)| {
            let place = &mut places[bucket];
            spread[*place as usize] = thing;
            *place += 1;
        });
        Self { things: spread, starts }
    }

    /// The things of some buckets in a row.
    pub(super) fn of(&self, buckets: Range<usize>) -> &[T] {
        &self.things[self.starts[buckets.start] as usize..self.starts[buckets.end] as usize]
    }
}

/// How many things several spreads have in buckets.
pub(super) fn count<T: Copy + Default>(spreads: &[Spread<T>], buckets: Range<usize>) -> usize {
    spreads.iter().map(|spread| spread.of(buckets.clone()).len()).sum()
}

/// Cuts the buckets that several spreads share into parts with about as many things.
pub(super) fn cut<T: Copy + Default>(spreads: &[Spread<T>], buckets: usize) -> Vec<Range<usize>> {
    let total = count(spreads, 0..buckets);
    let wanted = parts_for(total);
    let mut parts = Vec::with_capacity(wanted);
    let (mut from, mut before) = (0, 0);
    for bucket in 0..buckets {
        before += count(spreads, bucket..bucket + 1);
        if parts.len() + 1 < wanted && before >= total * (parts.len() + 1) / wanted {
            parts.push(from..bucket + 1);
            from = bucket + 1;
        }
    }
    parts.push(from..buckets);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_keep_their_order_within_buckets() {
        let spread = Spread::over(4, || [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd'), (0, 'e')].into_iter());
        assert_eq!(spread.of(0..1), ['b', 'e']);
        assert_eq!(spread.of(1..2), [] as [char; 0]);
        assert_eq!(spread.of(1..4), ['a', 'c', 'd']);
        assert_eq!(count(&[spread], 2..4), 3);
    }

    #[test]
    fn parts_hold_all_buckets_once_and_about_as_much() {
        let spreads: Vec<_> =
            (0..3).map(|k| Spread::over(100, move || (0..40_000).map(move |i| (i * i % 97 + k, i)))).collect();
        let parts = cut(&spreads, 100);
        assert!(parts[0].start == 0 && parts[parts.len() - 1].end == 100 && parts.len() == parts_for(120_000));
        assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        let share = 120_000 / parts.len();
        assert!(parts.iter().all(|part| count(&spreads, part.clone()).abs_diff(share) < 5000));
        let empty: [Spread<u8>; 0] = [];
        assert_eq!(cut(&empty, 7).as_slice(), std::slice::from_ref(&(0..7)));
    }
}
