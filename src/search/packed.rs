//! Lists of ascending numbers in few bytes: of each only how far it is from the one before.

use std::ops::Range;

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::parts::{each, parts};

/// Lists of numbers, list after list: first how many there are, then the distance of each from the one before, the first
/// from nothing. All of these stand in seven bits a byte, the lowest first; the eighth says that more follow.
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
    /// Where the bytes of all but the first number end, in those of its part.
    end: u32,
}

impl Packed {
    /// For each list those of `0..numbers` for which `lists_of` names it, as often as it does.
    pub(super) fn collect<I>(lists: usize, numbers: usize, lists_of: impl Fn(u32) -> I + Sync) -> Self
    where
        I: Iterator<Item = u32>,
    {
        let parts = each(parts(numbers), |part| pack(lists, part.start as u32..part.end as u32, &lists_of));
        let heads = heads(lists, &parts);
        let length = heads.iter().map(Vec::len).sum::<usize>() + parts.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let (mut offsets, mut all) = (Vec::with_capacity(lists + 1), Vec::with_capacity(length));
        offsets.push(0);
        let mut heads = heads.iter();
        for list in 0..lists {
            let mut add_head = || all.extend_from_slice(heads.next().map_or(&[], Vec::as_slice));
            add_head();
            for (shares, bytes) in parts.iter().filter(|(shares, _)| shares[list].count > 0) {
                let start = list.checked_sub(1).map_or(0, |before| shares[before].end);
                all.extend_from_slice(&bytes[start as usize..shares[list].end as usize]);
            }
            offsets.push(all.len() as u32);
        }
        Self { offsets: offsets.into(), bytes: all.into() }
    }
}
