//! All tokens of all readers in alphabetical order: spread over the three letters they begin with, then sorted side by side.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering as Memory};

use arrow_buffer::ScalarBuffer;

use crate::search::intern::{Interner, may_go_on};
use crate::search::parts::each;
use crate::search::spread::{Spread, count, cut};

/// The distinct tokens, and what the readers' numbers became.
pub(super) struct Dictionary {
    text: Vec<u8>,
    offsets: Vec<u32>,
    numbers: Vec<Vec<AtomicU32>>,
}

/// A token of a reader.
#[derive(Clone, Copy, Default)]
struct Entry {
    start: u64,
    number: u32,
    reader: u8,
    /// It is not the one before it.
    is_new: bool,
}

/// Ranks of letters: digits, letters, and nothing.
const RANKS: usize = 37;
const BUCKETS: usize = RANKS * RANKS * RANKS;

/// Tokens of some buckets in a row, sorted.
struct Sorted {
    entries: Vec<Entry>,
    tokens: usize,
    text_bytes: usize,
}

impl Dictionary {
    /// The tokens of readers, each of which has numbers of its own.
    pub(super) fn of(readers: &[&Interner]) -> Self {
        let spread: Vec<_> = each(readers.iter().zip(0..).collect(), |(interner, reader)| spread(interner, reader));
        let sorted = each(cut(&spread, BUCKETS), |buckets| Sorted::of(readers, &spread, buckets));
        drop(spread);
        let numbers = |reader: &&Interner| reader.starts().iter().map(|_| AtomicU32::new(0)).collect();
        let mut dictionary = Self {
            text: vec![0; sorted.iter().map(|part| part.text_bytes).sum()],
            offsets: vec![0; sorted.iter().map(|part| part.tokens).sum::<usize>() + 1],
            numbers: readers.iter().map(numbers).collect(),
        };
        dictionary.lay_out(readers, sorted);
        dictionary
    }

    fn lay_out(&mut self, readers: &[&Interner], sorted: Vec<Sorted>) {
        let (mut text, mut ends) = (self.text.as_mut_slice(), &mut self.offsets[1..]);
        let (mut first_byte, mut first_token) = (0, 0);
        let mut places = Vec::with_capacity(sorted.len());
        for part in sorted {
            let (tokens, text_bytes) = (part.tokens, part.text_bytes);
            let (text_of_part, text_behind) = text.split_at_mut(text_bytes);
            let (ends_of_part, ends_behind) = ends.split_at_mut(tokens);
            (text, ends) = (text_behind, ends_behind);
            places.push(Place { part, text: text_of_part, ends: ends_of_part, first_byte, first_token });
            first_byte += text_bytes as u32;
            first_token += tokens as u32;
        }
        each(places, |place| place.fill(readers, &self.numbers));
    }

    /// Text of the tokens, in alphabetical order, and where each begins.
    pub(super) fn finish(self) -> (ScalarBuffer<u8>, ScalarBuffer<u32>) {
        (self.text.into(), self.offsets.into())
    }

    /// The place in alphabetical order of what a reader gave this number.
    pub(super) fn number(&self, reader: u8, number: u32) -> u32 {
        self.numbers[usize::from(reader)][number as usize].load(Memory::Relaxed)
    }
}

impl Sorted {
    fn of(readers: &[&Interner], spread: &[Spread<Entry>], buckets: Range<usize>) -> Self {
        let mut sorted = Self { entries: Vec::with_capacity(count(spread, buckets.clone())), tokens: 0, text_bytes: 0 };
        for bucket in buckets {
            let from = sorted.entries.len();
            spread.iter().for_each(|spread| sorted.entries.extend_from_slice(spread.of(bucket..bucket + 1)));
            sort(&mut sorted.entries[from..], readers);
            sorted.mark(from, readers);
        }
        sorted
    }

    /// Finds the first of each token from an entry on.
    fn mark(&mut self, from: usize, readers: &[&Interner]) {
        let mut last: Option<Entry> = None;
        for entry in &mut self.entries[from..] {
            let rest = rest(entry, readers);
            entry.is_new = last.is_none_or(|last| last.start != entry.start || self::rest(&last, readers) != rest);
            if entry.is_new {
                self.tokens += 1;
                self.text_bytes += letters(entry.start) + rest.len();
                last = Some(*entry);
            }
        }
    }
}

/// Where some sorted tokens are to be written.
struct Place<'d> {
    part: Sorted,
    text: &'d mut [u8],
    ends: &'d mut [u32],
    first_byte: u32,
    first_token: u32,
}

impl Place<'_> {
    fn fill(self, readers: &[&Interner], numbers: &[Vec<AtomicU32>]) {
        let (mut at, mut ends) = (0, self.ends.iter_mut());
        // The first entry is a new one.
        let mut token = self.first_token.wrapping_sub(1);
        for entry in &self.part.entries {
            if entry.is_new {
                token = token.wrapping_add(1);
                for part in [&entry.start.to_be_bytes()[..letters(entry.start)], rest(entry, readers)] {
                    self.text[at..at + part.len()].copy_from_slice(part);
                    at += part.len();
                }
                if let Some(end) = ends.next() {
                    *end = self.first_byte + at as u32;
                }
            }
            numbers[usize::from(entry.reader)][entry.number as usize].store(token, Memory::Relaxed);
        }
    }
}

/// The tokens of a reader by the letters they begin with.
fn spread(interner: &Interner, reader: u8) -> Spread<Entry> {
    let entry = move |(&start, number): (&u64, u32)| (bucket(start), Entry { start, number, reader, is_new: true });
    Spread::over(BUCKETS, || interner.starts().iter().zip(0..).map(entry))
}

/// Sorts the tokens of a bucket.
fn sort(entries: &mut [Entry], readers: &[&Interner]) {
    entries.sort_unstable_by_key(|entry| entry.start);
    let is_tie = |a: &Entry, b: &Entry| a.start == b.start && may_go_on(a.start);
    for ties in entries.chunk_by_mut(is_tie).filter(|ties| ties.len() > 1) {
        ties.sort_unstable_by(|a, b| by_rest(a, b, readers));
    }
}

fn by_rest(a: &Entry, b: &Entry, readers: &[&Interner]) -> Ordering {
    rest(a, readers).cmp(rest(b, readers))
}

fn rest<'r>(entry: &Entry, readers: &[&'r Interner]) -> &'r [u8] {
    if may_go_on(entry.start) { readers[usize::from(entry.reader)].rest(entry.number) } else { &[] }
}

/// How many letters stand in the start of a token.
fn letters(start: u64) -> usize {
    size_of::<u64>() - start.trailing_zeros() as usize / 8
}

/// Buckets of tokens in alphabetical order.
fn bucket(start: u64) -> usize {
    let rank = |shift: u32| RANK[usize::from((start >> shift) as u8)];
    (usize::from(rank(56)) * RANKS + usize::from(rank(48))) * RANKS + usize::from(rank(40))
}

/// Ranks of letters, in the order of their bytes: what is neither letter nor digit shares the rank of what stands before it.
const RANK: [u8; 256] = {
    let mut ranks = [0; 256];
    let mut byte = 1;
    while byte < 256 {
        let is_next = matches!(byte as u8, b'0'..=b'9' | b'a'..=b'z');
        ranks[byte] = ranks[byte - 1] + is_next as u8;
        byte += 1;
    }
    ranks
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens of all lengths, many of which share their first letters.
    fn word(i: u32) -> String {
        let number = i.wrapping_mul(2_654_435_761) % 40_009;
        match i % 4 {
            0 => format!("{number:08}"),
            1 => format!("technology{}", number % 611),
            2 => format!("{}", number % 97),
            _ => format!("ab{number}"),
        }
    }

    #[test]
    fn tokens_of_many_readers_are_sorted_and_numbered() {
        let mut readers: Vec<Interner> = (0..3).map(|_| Interner::new()).collect();
        let mut given = Vec::new();
        for i in 0..120_000u32 {
            let reader = (i / 1000 % 3) as u8;
            given.push((word(i), reader, readers[usize::from(reader)].intern(word(i).as_bytes())));
        }
        let dictionary = Dictionary::of(&readers.iter().collect::<Vec<_>>());
        let mut expected: Vec<&str> = given.iter().map(|(word, ..)| word.as_str()).collect();
        expected.sort_unstable();
        expected.dedup();
        assert!(expected.len() > 30_000 && dictionary.text == expected.concat().as_bytes());
        let token = |number: u32| {
            let [start, end] = [number, number + 1].map(|at| dictionary.offsets[at as usize] as usize);
            &dictionary.text[start..end]
        };
        assert!(
            given.iter().all(|(word, reader, number)| token(dictionary.number(*reader, *number)) == word.as_bytes())
        );
        assert_eq!(dictionary.offsets.len(), expected.len() + 1);
    }

    #[test]
    fn buckets_follow_the_alphabet() {
        let words: [&[u8]; 9] = [b"0", b"00", b"009", b"9zz", b"a", b"a0", b"az", b"zz", b"zzz"];
        assert!(words.map(|word| bucket(crate::search::intern::start(word))).is_sorted_by(|a, b| a < b));
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        assert_eq!((RANK[usize::from(b'/')], RANK[usize::from(b'0')], RANK[usize::from(b'`')]), (0, 1, 10));
    }

    #[test]
    fn no_tokens_make_an_empty_dictionary() {
        let dictionary = Dictionary::of(&[&Interner::new()]);
        assert!(dictionary.text.is_empty() && dictionary.offsets == [0]);
        assert_eq!(Dictionary::of(&[]).offsets, [0]);
    }
}
