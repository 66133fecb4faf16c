//! Many lists in two flat arrays.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::parts::{each, parts};

/// Items in lists, list after list.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Where each list begins, and the end of the last.
    pub(super) offsets: ScalarBuffer<u32>,
    pub(super) items: ScalarBuffer<u32>,
}

impl Lists {
    /// Sorts the pairs of (list, item) that `pairs` gives of the things `0..things` into lists, keeping their order within
    /// each: two passes, linear time, in parts.
    pub(super) fn collect<I>(lists: usize, things: usize, pairs: impl Fn(Range<u32>) -> I + Sync) -> Self
    where
        I: Iterator<Item = (u32, u32)>,
    {
        let pairs = |part: &Range<usize>| pairs(part.start as u32..part.end as u32);
        let mut parts = each(parts(things), |part| {
            let mut counts = vec![0u32; lists];
            pairs(&part).for_each(|(list, _)| counts[list as usize] += 1);
            (part, counts)
        });
        let (mut offsets, mut total) = (Vec::with_capacity(lists + 1), 0u32);
        for list in 0..lists {
            offsets.push(total);
            // What a part counted becomes the place of its first item.
            for (_, counts) in &mut parts {
                total += std::mem::replace(&mut counts[list], total);
            }
        }
        offsets.push(total);
        // Every place is written once, by one of the threads: atomics are what lets all of them write into one array.
        let items: Vec<AtomicU32> = (0..total).map(|_| AtomicU32::new(0)).collect();
        each(parts, |(part, mut places)| {
            for (list, item) in pairs(&part) {
                let place = &mut places[list as usize];
                items[*place as usize].store(item, Ordering::Relaxed);
                *place += 1;
            }
        });
        let items: Vec<u32> = items.into_iter().map(AtomicU32::into_inner).collect();
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
