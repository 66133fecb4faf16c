//! The columns of all interests: while they are gathered, and as they stand in the graph.

use super::column::{ColumnBuilder, at};
use super::columns::{Interest, InterestParts};
use super::notes::{Notes, NotesBuilder};
use super::side_by_side::side_by_side;
use super::spool::Spool;
use super::texts::{Texts, TextsBuilder};
use super::{EdgeId, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::{DateBound, PartialDate};
use arrow_buffer::ScalarBuffer;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Words of a row.
const WORDS: usize = 8;

/// The columns of all interests, in the order in which they were read.
#[derive(Debug, Default)]
pub(crate) struct Interests {
    /// Eight words each, see [`Interest`].
    pub(super) rows: ScalarBuffer<u32>,
    /// Lines or record numbers within the input, from 1.
    pub(super) records: ScalarBuffer<u32>,
    pub(super) inputs: ScalarBuffer<u16>,
    /// The ids that the data give, or nothing at all where they give none.
    pub(super) ids: Texts,
    /// The interests whose start or end is known only within bounds, in order, with the bounds.
    pub(super) bounded: ScalarBuffer<u32>,
    pub(super) bounds: ScalarBuffer<u32>,
    pub(super) details: Notes<InterestDetails>,
}

impl Interests {
    pub(super) fn count(&self) -> usize {
        self.rows.len() / 8
    }

    pub(super) fn rows(&self) -> &[[u32; WORDS]] {
        self.rows.as_chunks::<WORDS>().0
    }

    pub(super) fn get(&self, edge: EdgeId) -> Interest {
        Interest::from_words(at(self.rows.as_chunks::<8>().0, edge.index()))
    }

    pub(super) fn record(&self, edge: EdgeId) -> u32 {
        at(&self.records, edge.index())
    }

    pub(super) fn input(&self, edge: EdgeId) -> u16 {
        at(&self.inputs, edge.index())
    }

    /// When an interest began and ended.
    pub(super) fn dates(&self, edge: EdgeId) -> (DateBound, DateBound) {
        let interest = self.get(edge);
        if !interest.has_bounds() {
            return (interest.plain_start(), interest.plain_end());
        }
        let row = self.bounded.binary_search(&edge.0).ok().and_then(|at| self.bounds.as_chunks::<6>().0.get(at));
        row.map_or_else(Default::default, |&[a, b, c, d, e, f]| (bound([a, b, c]), bound([d, e, f])))
    }
}

const MISSING: u32 = 0;
const ON: u32 = 1;
const BETWEEN: u32 = 2;

/// A bound as three words: which of its forms, and up to two dates.
fn words(bound: DateBound) -> [u32; 3] {
    match bound {
        DateBound::Missing => [MISSING, 0, 0],
        DateBound::On(date) => [ON, PartialDate::to_bits(Some(date)), 0],
        DateBound::Between { not_before, not_after } => {
            [BETWEEN, PartialDate::to_bits(not_before), PartialDate::to_bits(not_after)]
        }
    }
}

fn bound([form, first, second]: [u32; 3]) -> DateBound {
    let (first, second) = (PartialDate::from_bits(first), PartialDate::from_bits(second));
    match (form, first) {
        (ON, Some(date)) => DateBound::On(date),
        (BETWEEN, not_before) => DateBound::Between { not_before, not_after: second },
        _ => DateBound::Missing,
    }
}

/// Interests while they are gathered; the number of each is its edge.
#[derive(Debug, Default)]
pub(super) struct InterestsBuilder {
    /// Eight words each.
    rows: Spool<u32>,
    records: Spool<u32>,
    inputs: ColumnBuilder<u16>,
    ids: TextsBuilder,
    bounds: BTreeMap<u32, (DateBound, DateBound)>,
    pub(super) details: NotesBuilder<InterestDetails>,
}

impl InterestsBuilder {
    pub(super) fn count(&self) -> usize {
        self.rows.len() / WORDS
    }

    pub(super) fn get(&self, number: u32) -> Interest {
        let row = self.rows.read(number as usize * WORDS, WORDS);
        Interest::from_words(row.as_array().copied().unwrap_or_default())
    }

    pub(super) fn record(&self, number: u32) -> u32 {
        self.records.read(number as usize, 1)[0]
    }

    /// Bytes in memory that can be moved into a file.
    pub(super) fn bytes_in_memory(&self) -> usize {
        self.rows.bytes_in_memory() + self.records.bytes_in_memory()
    }

    /// Moves the largest columns into temporary files.
    pub(super) fn spill(&mut self, folder: &Path) {
        self.rows.spill(folder);
        self.records.spill(folder);
    }

    pub(super) fn input(&self, number: u32) -> u16 {
        self.inputs.get(number as usize)
    }

    pub(super) fn dates(&self, number: u32) -> (DateBound, DateBound) {
        let interest = self.get(number);
        self.bounds.get(&number).copied().unwrap_or((interest.plain_start(), interest.plain_end()))
    }

    /// Adds an interest; `None` when there are too many.
    pub(super) fn push(&mut self, parts: &InterestParts) -> Option<u32> {
        let number = u32::try_from(self.count()).ok()?;
        let interest = Interest::new(parts);
        if interest.has_bounds() {
            self.bounds.insert(number, (parts.start, parts.end));
        }
        self.rows.extend(&interest.words());
        self.records.extend(&[parts.record]);
        self.inputs.set(number as usize, parts.input);
        Some(number)
    }

    /// Adds interests of one input whose dates stand in their rows, each with its record; `None` when there are too many.
    /// Gives the number of the first.
    pub(super) fn extend(
        &mut self,
        rows: impl ExactSizeIterator<Item = Interest>,
        records: impl ExactSizeIterator<Item = u32>,
        input: u16,
    ) -> Option<u32> {
        let first = self.count();
        let end = first + rows.len();
        u32::try_from(end.saturating_sub(1)).ok()?;
        self.rows.extend_rows(rows.map(Interest::words));
        self.records.extend_rows(records.map(|record| [record]));
        self.inputs.fill(first, end, input);
        Some(first as u32)
    }

    /// Puts an interest in the place of another.
    pub(super) fn set(&mut self, number: u32, parts: &InterestParts) {
        let interest = Interest::new(parts);
        self.bounds.remove(&number);
        if interest.has_bounds() {
            self.bounds.insert(number, (parts.start, parts.end));
        }
        self.rows.write(number as usize * WORDS, &interest.words());
        self.records.write(number as usize, &[parts.record]);
        self.inputs.set(number as usize, parts.input);
    }

    /// Changes the row of an interest.
    pub(super) fn change(&mut self, number: u32, change: impl FnOnce(&mut Interest)) {
        let mut interest = self.get(number);
        change(&mut interest);
        self.rows.write(number as usize * WORDS, &interest.words());
    }

    /// Gives the parties of all interests their new numbers.
    pub(super) fn renumber(&mut self, new: &[NodeId]) {
        let renumbered = |row: Interest| row.between(new[row.owner().index()], new[row.owned().index()]);
        for number in 0..(self.rows.in_file() / WORDS) as u32 {
            self.change(number, |row| *row = renumbered(*row));
        }
        let renumber = |rows: &mut [[u32; WORDS]]| {
            rows.iter_mut().for_each(|row| *row = renumbered(Interest::from_words(*row)).words());
        };
        let rows = self.rows.in_memory_mut().as_chunks_mut().0;
        let (count, half) = (rows.len(), rows.len() / 2);
        let (first, second) = rows.split_at_mut(half);
        side_by_side(count, || renumber(first), || renumber(second));
    }

    /// Gives the interest that was added last an id.
    pub(super) fn set_id(&mut self, number: u32, id: &str) {
        self.ids.fill_to(number as usize);
        self.ids.push(id);
    }

    /// The columns. Fails where a temporary file failed.
    pub(super) fn finish(mut self) -> io::Result<Interests> {
        let count = self.count();
        self.ids.fill_to(count);
        let bounds = self.bounds.values().map(|&(start, end)| [words(start), words(end)]);
        Ok(Interests {
            bounded: self.bounds.keys().copied().collect::<Vec<_>>().into(),
            bounds: bounds.collect::<Vec<_>>().into_flattened().into_flattened().into(),
            rows: self.rows.finish()?,
            records: self.records.finish()?,
            inputs: self.inputs.into_full(count).into(),
            ids: self.ids.finish(),
            details: self.details.finish(&InterestDetails::default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Confidence, Directness, InterestKind, Marks, ShareRange};

    fn parts(number: u32) -> InterestParts {
        InterestParts {
            owner: NodeId(number),
            owned: NodeId(number + 1),
            kind: InterestKind::Shareholding,
            share: ShareRange::UNKNOWN,
            start: DateBound::Missing,
            end: DateBound::Missing,
            directness: Directness::Direct,
            confidence: Confidence::High,
            marks: Marks::NONE,
            controlling: false,
            account: 0,
            input: 3,
            record: number * 2,
        }
    }

    #[test]
    fn interests_added_together_are_those_added_one_by_one() {
        let (mut single, mut together) = (InterestsBuilder::default(), InterestsBuilder::default());
        for first in [0, 50] {
            let numbers: Vec<_> = (first..first + 50).map(|number| single.push(&parts(number))).collect();
            let row = |number: u32| Interest::new(&parts(0)).between(NodeId(number), NodeId(number + 1));
            let rows = (first..first + 50).map(row);
            let records = (first..first + 50).map(|number| number * 2);
            assert_eq!(together.extend(rows, records, 3), numbers[0]);
        }
        let columns = |builder: InterestsBuilder| {
            let interests = builder.finish().unwrap_or_default();
            (interests.rows.to_vec(), interests.records.to_vec(), interests.inputs.to_vec())
        };
        let together = columns(together);
        assert_eq!(together, columns(single));
        assert_eq!((together.0.len(), together.1[99], together.2[99]), (800, 198, 3));
    }

    #[test]
    fn parties_are_renumbered_in_memory_and_in_a_file() {
        let mut builder = InterestsBuilder::default();
        for number in 0..100 {
            if number == 40 {
                builder.spill(&std::env::temp_dir());
            }
            assert_eq!(builder.push(&parts(number)), Some(number));
        }
        let new: Vec<NodeId> = (0..101).map(|old| NodeId(old * 3)).collect();
        builder.renumber(&new);
        for number in 0..100 {
            let row = builder.get(number);
            assert_eq!((row.owner().0, row.owned().0), (number * 3, number * 3 + 3));
        }
    }

    #[test]
    fn bounds_come_back_from_their_words() {
        let date = |text: &str| text.parse().ok();
        for given in [
            DateBound::Missing,
            date("2020-02").map_or(DateBound::Missing, DateBound::On),
            DateBound::Between { not_before: None, not_after: date("2021") },
            DateBound::Between { not_before: date("2019-01-02"), not_after: None },
            DateBound::Between { not_before: None, not_after: None },
        ] {
            assert_eq!(bound(words(given)), given);
        }
    }
}
