//! Many lists in two flat arrays.

use std::ops::Range;

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::parts::{each, parts};
use crate::search::spread::{Spread, count, cut};

/// Ranges of lists that pairs are spread over, so many that a range of most indexes fits in the nearest cache, and so few that
/// the places where each goes on do.
const RANGE_COUNT_BITS: u32 = 10;
/// Lists below which a range need not be cut.
const LEAST_RANGE_BITS: u32 = 12;

/// Items in lists, list after list.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Where each list begins, and the end of the last.
    pub(super) offsets: ScalarBuffer<u32>,
    pub(super) items: ScalarBuffer<u32>,
}

impl Lists {
    /// Sorts the pairs of (list, item) that `pairs` gives of the things `0..things` into lists, keeping their order within
    /// each: linear time, in parts. Pairs are first spread over ranges of lists, so that what is written at a time is near.
    pub(super) fn collect<I>(lists: usize, things: usize, pairs: impl Fn(Range<u32>) -> I + Sync) -> Self
    where
        I: Iterator<Item = (u32, u32)>,
    {
        let range_bits =
            lists.checked_ilog2().map_or(0, |bits| bits.saturating_sub(RANGE_COUNT_BITS)).max(LEAST_RANGE_BITS);
        let ranges = (lists >> range_bits) + 1;
        let range = |pair: (u32, u32)| ((pair.0 >> range_bits) as usize, pair);
        let spread =
            each(parts(things), |part| Spread::over(ranges, || pairs(part.start as u32..part.end as u32).map(range)));
        let total = count(&spread, 0..ranges);
        let (mut offsets, mut items) = (vec![0u32; lists + 1], vec![0u32; total]);
        let (mut ends_left, mut items_left, mut first) = (&mut offsets[1..], items.as_mut_slice(), 0);
        let mut places = Vec::new();
        for ranges in cut(&spread, ranges) {
            let next_list = (ranges.end << range_bits).min(lists);
            let (ends, ends_behind) = ends_left.split_at_mut(next_list - (ranges.start << range_bits).min(lists));
            let (items, items_behind) = items_left.split_at_mut(count(&spread, ranges.clone()));
            (ends_left, items_left) = (ends_behind, items_behind);
            let begin = first;
            first += items.len() as u32;
            places.push(Place { ranges, ends, items, begin });
        }
        each(places, |place| place.fill(&spread, range_bits));
        Self { offsets: offsets.into(), items: items.into() }
    }

    /// The lists of these two columns, if there are so many and they fit together as far as their ends tell.
    pub(super) fn from_columns(get: Get<'_>, names: [&'static str; 2], lists: usize) -> Option<Self> {
        let offsets = get(names[0])?.get::<u32>()?;
        let items = get(names[1])?.get::<u32>()?;
        let fits = offsets.len() == lists + 1 && offsets[0] == 0 && offsets[lists] as usize == items.len();
        fits.then_some(Self { offsets, items })
    }

    pub(super) fn columns(&self, names: [&'static str; 2]) -> [(&'static str, Column); 2] {
        [(names[0], Column::from(&self.offsets)), (names[1], Column::from(&self.items))]
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The items of one list.
    pub(super) fn list(&self, list: usize) -> &[u32] {
        self.range(list..list + 1)
    }

    /// The items of several lists in a row. Empty where there are none or where the offsets are damaged.
    pub(super) fn range(&self, lists: Range<usize>) -> &[u32] {
        let at = |i: usize| self.offsets.get(i).map_or(self.items.len(), |offset| *offset as usize);
        self.items.get(at(lists.start)..at(lists.end)).unwrap_or(&[])
    }

    pub(super) fn bytes(&self) -> usize {
        (self.offsets.len() + self.items.len()) * 4
    }
}

/// Where the lists of some ranges in a row are to be written.
struct Place<'l> {
    ranges: Range<usize>,
    ends: &'l mut [u32],
    items: &'l mut [u32],
    /// Items that stand before.
    begin: u32,
}

impl Place<'_> {
    fn fill(self, spread: &[Spread<(u32, u32)>], range_bits: u32) {
        let Self { ranges, ends, mut items, mut begin } = self;
        for (range, ends) in ranges.zip(ends.chunks_mut(1 << range_bits)) {
            let pairs = || spread.iter().flat_map(|spread| spread.of(range..range + 1));
            let list = |pair: &(u32, u32)| pair.0 as usize & ((1 << range_bits) - 1);
            pairs().for_each(|pair| ends[list(pair)] += 1);
            // What was counted becomes the place of the first item, and that moves to the end as items are put there.
            let mut total = 0;
            for end in ends.iter_mut() {
                total += std::mem::replace(end, total);
            }
            for pair in pairs() {
                let end = &mut ends[list(pair)];
                items[*end as usize] = pair.1;
                *end += 1;
            }
            ends.iter_mut().for_each(|end| *end += begin);
            begin += total;
            items = &mut items[total as usize..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_the_order_of_their_items() {
        let pairs = [(2, 10), (0, 11), (2, 12), (0, 13), (3, 14)];
        let of = |range: Range<u32>| pairs[range.start as usize..range.end as usize].iter().copied();
        let lists = Lists::collect(5, 5, of);
        assert_eq!(lists.list(0), [11, 13]);
        assert_eq!(lists.list(1), [0u32; 0]);
        assert_eq!(lists.list(2), [10, 12]);
        assert_eq!(lists.range(2..5), [10, 12, 14]);
        assert_eq!(lists.list(9), [0u32; 0]);
        assert_eq!(Lists::collect(1, 0, |_| [].into_iter()).list(0), [0u32; 0]);
    }

    #[test]
    fn many_parts_make_the_lists_of_one() {
        let lists = Lists::collect(7, 100_000, |things| things.map(|thing| (thing.wrapping_mul(thing) % 7, thing)));
        for list in 0..7 {
            let expected: Vec<u32> = (0..100_000u32).filter(|thing| thing.wrapping_mul(*thing) % 7 == list).collect();
            assert_eq!(lists.list(list as usize), expected);
        }
    }

    #[test]
    fn damaged_offsets_give_empty_lists() {
        let lists = Lists { offsets: vec![0, 9, 1, u32::MAX, 2].into(), items: vec![7, 8].into() };
        assert!((0..6).all(|list| lists.list(list).is_empty()));
    }
}
