//! All tokens of all readers in alphabetical order: spread over what they begin with, then sorted side by side.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use arrow_buffer::ScalarBuffer;

use crate::search::intern::{Interner, START_BITS, goes_on, letters};
use crate::search::parts::each;
use crate::search::spread::{Spread, count, cut};

/// The distinct tokens, and what the readers' numbers became.
pub(super) struct Dictionary {
    text: Vec<u8>,
    offsets: Vec<u32>,
    numbers: Vec<AtomicU32>,
    /// The first of each reader's numbers.
    bases: Vec<u32>,
}

/// Bits of a start by which tokens are spread.
const MOST_BUCKET_BITS: u32 = 18;
/// How many of the bits of a number these are fewer.
const BITS_FEWER: u32 = 3;
const _: () = assert!(START_BITS - MOST_BUCKET_BITS + u32::BITS <= u64::BITS);

/// The tokens of all readers, numbered reader after reader.
///
/// An entry is one of them within its bucket: the bits of its start that the bucket does not tell, then its number.
struct Tokens<'r> {
    readers: &'r [&'r Interner],
    bases: Vec<u32>,
    number_bits: u32,
    bucket_bits: u32,
}

impl<'r> Tokens<'r> {
    fn of(readers: &'r [&'r Interner]) -> Self {
        let (mut bases, mut total) = (Vec::with_capacity(readers.len()), 0);
        for reader in readers {
            bases.push(total);
            total += reader.starts().len() as u32;
        }
        let number_bits = u32::BITS - total.leading_zeros();
        let bucket_bits = number_bits.saturating_sub(BITS_FEWER).min(MOST_BUCKET_BITS);
        Self { readers, bases, number_bits, bucket_bits }
    }

    fn count(&self) -> usize {
        self.readers.iter().map(|reader| reader.starts().len()).sum()
    }

    fn buckets(&self) -> usize {
        1 << self.bucket_bits
    }

    /// The tokens of a reader by what they begin with.
    fn spread(&self, reader: usize) -> Spread<u64> {
        let kept_bits = START_BITS - self.bucket_bits;
        let entry = |(start, number): (&u64, u32)| {
            let kept = start & ((1 << kept_bits) - 1);
            ((start >> kept_bits) as usize, kept << self.number_bits | u64::from(number))
        };
        Spread::over(self.buckets(), || self.readers[reader].starts().iter().zip(self.bases[reader]..).map(entry))
    }

    /// The start of an entry of a bucket.
    fn start(&self, bucket: usize, entry: u64) -> u64 {
        (bucket as u64) << (START_BITS - self.bucket_bits) | entry >> self.number_bits
    }

    fn number(&self, entry: u64) -> u32 {
        (entry & ((1 << self.number_bits) - 1)) as u32
    }

    /// What a token has beyond its start.
    fn rest(&self, entry: u64) -> &'r [u8] {
        if !goes_on(entry >> self.number_bits) {
            return &[];
        }
        let number = self.number(entry);
        let reader = self.bases.partition_point(|base| *base <= number) - 1;
        self.readers[reader].rest(number - self.bases[reader])
    }

    /// Whether two entries of a bucket have one start.
    fn begin_alike(&self, a: u64, b: u64) -> bool {
        (a ^ b) >> self.number_bits == 0
    }

    /// Whether two entries of a bucket are one token.
    fn are_one(&self, a: u64, b: u64) -> bool {
        self.begin_alike(a, b) && self.rest(a) == self.rest(b)
    }

    fn sort(&self, bucket: &mut [u64]) {
        bucket.sort_unstable();
        let alike = bucket.chunk_by_mut(|a, b| self.begin_alike(*a, *b));
        for ties in alike.filter(|ties| ties.len() > 1 && goes_on(ties[0] >> self.number_bits)) {
            ties.sort_unstable_by(|a, b| self.rest(*a).cmp(self.rest(*b)));
        }
    }
}

/// Tokens of some buckets in a row, sorted.
struct Sorted {
    buckets: Range<usize>,
    entries: Vec<u64>,
    /// How many entries each bucket has.
    lengths: Vec<u32>,
    tokens: usize,
    text_bytes: usize,
}

impl Sorted {
    fn of(tokens: &Tokens<'_>, spread: &[Spread<u64>], buckets: Range<usize>) -> Self {
        let entries = Vec::with_capacity(count(spread, buckets.clone()));
        let lengths = Vec::with_capacity(buckets.len());
        let mut sorted = Self { buckets: buckets.clone(), entries, lengths, tokens: 0, text_bytes: 0 };
        for bucket in buckets {
            let from = sorted.entries.len();
            spread.iter().for_each(|spread| sorted.entries.extend_from_slice(spread.of(bucket..bucket + 1)));
            sorted.lengths.push((sorted.entries.len() - from) as u32);
            let entries = &mut sorted.entries[from..];
            tokens.sort(entries);
            for distinct in entries.chunk_by(|a, b| tokens.are_one(*a, *b)) {
                sorted.tokens += 1;
                sorted.text_bytes += length(tokens.start(bucket, distinct[0])) + tokens.rest(distinct[0]).len();
            }
        }
        sorted
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
    fn fill(self, tokens: &Tokens<'_>, numbers: &[AtomicU32]) {
        let (mut at, mut token) = (0, self.first_token);
        let (mut entries, mut ends) = (self.part.entries.as_slice(), self.ends.iter_mut());
        for (bucket, count) in self.part.buckets.zip(&self.part.lengths) {
            let (of_bucket, rest) = entries.split_at(*count as usize);
            entries = rest;
            for (distinct, end) in of_bucket.chunk_by(|a, b| tokens.are_one(*a, *b)).zip(&mut ends) {
                let start = tokens.start(bucket, distinct[0]);
                for part in [&letters(start)[..length(start)], tokens.rest(distinct[0])] {
                    self.text[at..at + part.len()].copy_from_slice(part);
                    at += part.len();
                }
                *end = self.first_byte + at as u32;
                // Every place is written once, by one of the threads: atomics are what lets all of them write into one array.
                distinct
                    .iter()
                    .for_each(|entry| numbers[tokens.number(*entry) as usize].store(token, Ordering::Relaxed));
                token += 1;
            }
        }
    }
}

impl Dictionary {
    /// The tokens of readers, each of which has numbers of its own.
    pub(super) fn of(readers: &[&Interner]) -> Self {
        let tokens = Tokens::of(readers);
        let spread: Vec<_> = each((0..readers.len()).collect(), |reader| tokens.spread(reader));
        let sorted = each(cut(&spread, tokens.buckets()), |buckets| Sorted::of(&tokens, &spread, buckets));
        drop(spread);
        let mut dictionary = Self {
            text: vec![0; sorted.iter().map(|part| part.text_bytes).sum()],
            offsets: vec![0; sorted.iter().map(|part| part.tokens).sum::<usize>() + 1],
            numbers: (0..tokens.count()).map(|_| AtomicU32::new(0)).collect(),
            bases: tokens.bases.clone(),
        };
        dictionary.lay_out(&tokens, sorted);
        dictionary
    }

    fn lay_out(&mut self, tokens: &Tokens<'_>, sorted: Vec<Sorted>) {
        let (mut text, mut ends) = (self.text.as_mut_slice(), &mut self.offsets[1..]);
        let (mut first_byte, mut first_token) = (0, 0);
        let mut places = Vec::with_capacity(sorted.len());
        for part in sorted {
            let (text_of_part, text_behind) = text.split_at_mut(part.text_bytes);
            let (ends_of_part, ends_behind) = ends.split_at_mut(part.tokens);
            (text, ends) = (text_behind, ends_behind);
            let bytes_behind = first_byte + text_of_part.len() as u32;
            let token_behind = first_token + ends_of_part.len() as u32;
            places.push(Place { part, text: text_of_part, ends: ends_of_part, first_byte, first_token });
            (first_byte, first_token) = (bytes_behind, token_behind);
        }
        each(places, |place| place.fill(tokens, &self.numbers));
    }

    /// Text of the tokens, in alphabetical order, and where each begins.
    pub(super) fn finish(self) -> (ScalarBuffer<u8>, ScalarBuffer<u32>) {
        (self.text.into(), self.offsets.into())
    }

    /// The place in alphabetical order of what a reader gave this number.
    pub(super) fn number(&self, reader: u8, number: u32) -> u32 {
        self.numbers[(self.bases[usize::from(reader)] + number) as usize].load(Ordering::Relaxed)
    }
}

/// How many letters a start has.
fn length(start: u64) -> usize {
    letters(start).iter().position(|letter| *letter == 0).unwrap_or(size_of::<u64>())
}

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
    fn no_tokens_make_an_empty_dictionary() {
        let dictionary = Dictionary::of(&[&Interner::new()]);
        assert!(dictionary.text.is_empty() && dictionary.offsets == [0]);
        assert_eq!(Dictionary::of(&[]).offsets, [0]);
    }
}
