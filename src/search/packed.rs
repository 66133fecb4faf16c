//! Lists of ascending numbers in few bytes: of each only how far it is from the one before.

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::parts::{each, equal_parts, threads_for};

/// Lists of numbers, list after list: first how many there are, then the distance of each from the one before it, of the first
/// from zero. Each of these stands in groups of seven bits, the lowest first, with an eighth bit where more follow.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed {
    /// Where each list begins, and the end of the last.
    offsets: ScalarBuffer<u32>,
    bytes: ScalarBuffer<u8>,
}

/// What one part of the numbers adds to a list.
#[derive(Clone, Copy, Default)]
struct Share {
    count: u32,
    first: u32,
    last: u32,
    /// Where its bytes stand in those of the part.
    start: u32,
    end: u32,
}

/// What one part of the numbers adds to all lists.
struct Part {
    shares: Vec<Share>,
    bytes: Vec<u8>,
}

impl Packed {
    /// For each list those of `numbers`, which are in ascending order, for which `lists_of` names it, as often as it does.
    pub(super) fn collect<I>(lists: usize, numbers: &[u32], lists_of: impl Fn(u32) -> I + Sync) -> Self
    where
        I: Iterator<Item = u32>,
    {
        let parts = each(equal_parts(numbers.len(), threads_for(numbers.len())), |part| {
            Part::of(lists, &numbers[part], &lists_of)
        });
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.bytes.len() + lists).sum());
        let mut offsets = Vec::with_capacity(lists + 1);
        offsets.push(0);
        for list in 0..lists {
            push_list(&mut bytes, list, &parts);
            offsets.push(bytes.len() as u32);
        }
        bytes.shrink_to_fit();
        Self { offsets: offsets.into(), bytes: bytes.into() }
    }

    /// The lists of these two columns, if there are so many and they fit together as far as their ends tell.
    pub(super) fn from_columns(get: Get<'_>, names: [&'static str; 2], lists: usize) -> Option<Self> {
        let offsets = get(names[0])?.get::<u32>()?;
        let bytes = get(names[1])?.get::<u8>()?;
        let fits = offsets.len() == lists + 1 && offsets[0] == 0 && offsets[lists] as usize == bytes.len();
        fits.then_some(Self { offsets, bytes })
    }

    pub(super) fn columns(&self, names: [&'static str; 2]) -> [(&'static str, Column); 2] {
        [(names[0], Column::from(&self.offsets)), (names[1], Column::from(&self.bytes))]
    }

    /// The numbers of one list. None where there are none or where the list is damaged.
    pub(super) fn list(&self, list: usize) -> PackedList<'_> {
        let at = |i: usize| self.offsets.get(i).map_or(self.bytes.len(), |offset| *offset as usize);
        let mut rest = self.bytes.get(at(list)..at(list + 1)).unwrap_or_default();
        let count = take(&mut rest).unwrap_or(0);
        // Each number has a byte at least.
        PackedList { len: rest.len().min(count as usize), last: 0, rest }
    }

    pub(super) fn bytes(&self) -> usize {
        self.offsets.len() * 4 + self.bytes.len()
    }
}

/// What is left of a list.
pub(super) struct PackedList<'p> {
    len: usize,
    last: u32,
    rest: &'p [u8],
}

impl PackedList<'_> {
    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

impl Iterator for PackedList<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.len = self.len.checked_sub(1)?;
        self.last = self.last.wrapping_add(take(&mut self.rest)?);
        Some(self.last)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.len))
    }
}

impl Part {
    fn of<I>(lists: usize, numbers: &[u32], lists_of: impl Fn(u32) -> I) -> Self
    where
        I: Iterator<Item = u32>,
    {
        let mut shares = vec![Share::default(); lists];
        for &number in numbers {
            for list in lists_of(number) {
                let share = &mut shares[list as usize];
                if share.count == 0 {
                    (share.first, share.last) = (number, number);
                }
                // The first is there as a distance of zero: a zero written behind the list before it does no harm.
                share.end += width(number - share.last);
                share.last = number;
                share.count += 1;
            }
        }
        let mut total = 0;
        for share in &mut shares {
            // What it takes becomes where it begins; that moves to the end as numbers are put there.
            (share.start, share.last) = (total, share.first);
            total += std::mem::replace(&mut share.end, total);
        }
        let mut bytes = vec![0; total as usize + 1];
        for &number in numbers {
            for list in lists_of(number) {
                let share = &mut shares[list as usize];
                put(&mut bytes, &mut share.end, number - share.last);
                share.last = number;
            }
        }
        Self { shares, bytes }
    }

    fn share(&self, list: usize) -> (Share, &[u8]) {
        let share = self.shares[list];
        // Without the distance of the first, which is another one in the whole.
        (share, self.bytes.get(share.start as usize + 1..share.end as usize).unwrap_or_default())
    }
}

/// Puts together what the parts have of a list.
fn push_list(bytes: &mut Vec<u8>, list: usize, parts: &[Part]) {
    let count = parts.iter().map(|part| part.shares[list].count).sum();
    if count == 0 {
        return;
    }
    push(bytes, count);
    let mut last = 0;
    for (share, others) in parts.iter().map(|part| part.share(list)).filter(|(share, _)| share.count > 0) {
        push(bytes, share.first - last);
        bytes.extend_from_slice(others);
        last = share.last;
    }
}

/// How many bytes a number takes.
fn width(number: u32) -> u32 {
    // Without branches: most take one byte or two, in no order that could be foreseen.
    1 + u32::from(number >= 1 << 7)
        + u32::from(number >= 1 << 14)
        + u32::from(number >= 1 << 21)
        + u32::from(number >= 1 << 28)
}

fn push(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Writes a number where it has its place, and moves that on. May write a zero behind it.
fn put(bytes: &mut [u8], at: &mut u32, mut number: u32) {
    let mut place = *at as usize;
    *at += width(number);
    while number >= 1 << 14 {
        bytes[place] = number as u8 | 0x80;
        number >>= 7;
        place += 1;
    }
    let goes_on = u8::from(number >= 0x80) << 7;
    bytes[place..place + 2].copy_from_slice(&[number as u8 & 0x7f | goes_on, (number >> 7) as u8]);
}

/// Takes the number with which bytes begin.
fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_widths_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, u32::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|number| push(&mut bytes, *number));
        assert_eq!(bytes.len(), 2 + 1 + 2 + 2 + 3 + 3 + 4 + 4 + 5 + 5);
        let mut rest = bytes.as_slice();
        let taken: Vec<u32> = std::iter::from_fn(|| take(&mut rest)).collect();
        assert_eq!(taken, numbers);
    }

    #[test]
    fn lists_are_what_was_collected_in_however_many_parts() {
        // Number 5 stands twice in its list; list 3 is empty.
        let lists_of = |number: u32| {
            let twice = (number == 5).then_some(number % 7);
            [number % 7, number % 1000 * 10].into_iter().filter(|list| *list != 3).chain(twice)
        };
        let numbers: Vec<u32> = (0..100_000).collect();
        let packed = Packed::collect(10_000, &numbers, lists_of);
        for list in 0..10_000 {
            let of = |number: u32| lists_of(number).filter(move |of| *of == list).map(move |_| number);
            let expected: Vec<u32> = (0..100_000).flat_map(of).collect();
            assert_eq!(packed.list(list as usize).len(), expected.len());
            assert_eq!(packed.list(list as usize).collect::<Vec<_>>(), expected, "{list}");
            if list == 12 {
                break;
            }
        }
        assert_eq!(packed.list(5).take(3).collect::<Vec<_>>(), [5, 5, 12]);
        assert_eq!((packed.list(3).len(), packed.list(10_001).count()), (0, 0));
        // The other lists: a hundred numbers each, a thousand apart, with how many there are.
        assert_eq!(packed.bytes(), 40_004 + packed.offsets[10_000] as usize);
        assert_eq!(packed.list(9_990).collect::<Vec<_>>()[..3], [999, 1999, 2999]);
        let odd = Packed::collect(10, &[1, 3, 5], std::iter::once);
        assert_eq!([1, 2, 3].map(|list| odd.list(list).collect::<Vec<_>>()), [vec![1], vec![], vec![3]]);
        assert_eq!(packed.offsets[9_991] - packed.offsets[9_990], 1 + 2 * 100);
    }

    #[test]
    fn damaged_lists_end_where_their_bytes_do() {
        let list = |bytes: &[u8]| -> Vec<u32> {
            let offsets = vec![0, bytes.len() as u32].into();
            Packed { offsets, bytes: bytes.to_vec().into() }.list(0).collect()
        };
        assert_eq!(list(&[2, 7, 1]), [7, 8]);
        assert_eq!(list(&[200, 1, 7, 1]), [7, 8]);
        assert_eq!(list(&[2, 7, 0x81]), [7]);
        assert_eq!(list(&[0xff; 20]).len(), 3);
        assert_eq!(list(&[]), [] as [u32; 0]);
        let offsets = Packed { offsets: vec![0, 9, 1].into(), bytes: vec![1, 7].into() };
        assert!((0..4).all(|list| offsets.list(list).count() == 0));
    }
}
