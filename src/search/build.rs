//! How an index of names is built: names are folded and their tokens numbered side by side, then both get their final order.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::search::dictionary::Dictionary;
use crate::search::index::NameKind;
use crate::search::intern::Interner;
use crate::search::lists::Lists;
use crate::search::normalise::Folded;
use crate::search::parts::{each, equal_parts, parts, parts_for, threads_for};
use crate::search::sections::{CLASSES, Sections, pack};
use crate::search::spread::{Spread, count, cut};

/// One name as it was given.
pub(super) struct Given<'n> {
    pub(super) node: u32,
    pub(super) name: &'n str,
    pub(super) kind: NameKind,
    pub(super) weight: u32,
}

/// A name as read, before names and tokens have their final numbers.
#[derive(Clone, Copy)]
struct Raw {
    /// Quality class, weight and node: names in ascending order of this are names with the best first.
    order: u64,
    ordinal: u32,
    /// Where its tokens begin among those of its part.
    first_token: u32,
    shape: u16,
    tokens: u8,
    /// The reader that numbered its tokens.
    reader: u8,
}

impl Raw {
    fn rank(&self) -> (u64, u32) {
        (self.order, self.ordinal)
    }

    /// A coarse rank: the class, and within it the weight to four binary digits.
    fn bucket(&self) -> usize {
        let weight = 0xff_ffff - (self.order >> 32 & 0xff_ffff) as u32;
        let below_first_digit = weight.max(1).ilog2();
        let digits = (weight << 4 >> below_first_digit) & 0xf;
        (self.order >> 56) as usize * 16 + (15 - digits as usize)
    }
}

const BUCKETS: usize = CLASSES * 16;

/// Arrays are addressed with 32 bits; names beyond that, some thousand millions of words, are left out.
const MAX_TOTAL: usize = u32::MAX as usize - 4096;
/// Names taken from the giver at a time, for each thread: few enough to stay in the cache.
const BATCH: usize = 1 << 14;
/// Names that a thread takes at a time.
const PIECE: usize = 1 << 10;

/// The arrays of an index of these names.
pub(super) fn build<'n>(mut names: impl Iterator<Item = Given<'n>>) -> Sections {
    let threads = threads_for(usize::MAX);
    let mut readers: Vec<Reader> = (0..threads).map(|i| Reader::new(i as u8, MAX_TOTAL / threads)).collect();
    let mut all = Names::default();
    let mut given = 0u32;
    let size = BATCH * readers.len();
    let mut batch: Vec<Given> = names.by_ref().take(size).collect();
    while !batch.is_empty() {
        let next = read(&mut readers, &batch, given, || names.by_ref().take(size).collect());
        given = given.saturating_add(batch.len() as u32);
        let mut parts: Vec<(usize, Part)> = readers.iter_mut().flat_map(|reader| reader.parts.drain(..)).collect();
        parts.sort_unstable_by_key(|(piece, _)| *piece);
        parts.into_iter().for_each(|(_, part)| all.take(part));
        batch = next;
    }
    all.finish(&readers)
}

/// Lets the readers read a batch piece by piece, while the next is taken from the giver, which may not leave its thread.
fn read<'n>(
    readers: &mut [Reader],
    batch: &[Given<'n>],
    ordinal: u32,
    next: impl FnOnce() -> Vec<Given<'n>>,
) -> Vec<Given<'n>> {
    let helpers = if batch.len() < BATCH / 4 { 0 } else { readers.len() - 1 };
    let Some((first, others)) = readers.split_first_mut() else {
        return Vec::new();
    };
    let pieces = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for reader in others.iter_mut().take(helpers) {
            scope.spawn(|| reader.read(batch, ordinal, &pieces));
        }
        let next = next();
        first.read(batch, ordinal, &pieces);
        next
    })
}

/// Folds names and numbers their tokens.
struct Reader {
    number: u8,
    folded: Folded,
    interner: Interner,
    /// Letters of its tokens from which on names are left out.
    most_text: usize,
    /// What it made of pieces of the batch.
    parts: Vec<(usize, Part)>,
}

impl Reader {
    fn new(number: u8, most_text: usize) -> Self {
        Self { number, folded: Folded::new(), interner: Interner::new(), most_text, parts: Vec::new() }
    }

    /// Reads pieces of a batch of names for as long as there are any that nobody has taken.
    fn read(&mut self, batch: &[Given<'_>], ordinal: u32, pieces: &AtomicUsize) {
        loop {
            let piece = pieces.fetch_add(1, Ordering::Relaxed);
            let Some(names) = batch.chunks(PIECE).nth(piece) else {
                return;
            };
            let mut part = Part { tokens: Vec::with_capacity(names.len() * 2), names: Vec::with_capacity(names.len()) };
            for (given, ordinal) in names.iter().zip(ordinal.saturating_add((piece * PIECE) as u32)..) {
                self.add(given, ordinal, &mut part);
            }
            self.parts.push((piece, part));
        }
    }

    fn add(&mut self, given: &Given<'_>, ordinal: u32, part: &mut Part) {
        self.folded.fold(given.name);
        if self.folded.is_empty() || self.interner.text_bytes() > self.most_text {
            return;
        }
        let first_token = part.tokens.len() as u32;
        let mut letters = 0;
        for token in self.folded.tokens() {
            letters += token.len();
            part.tokens.push(self.interner.intern(token.as_bytes()));
        }
        let shape = pack(given.kind, &self.folded.core());
        let class = quality_class(given.weight, given.kind, letters);
        let order =
            u64::from(class) << 56 | u64::from(0xff_ffff - given.weight.min(0xff_ffff)) << 32 | u64::from(given.node);
        let tokens = self.folded.len() as u8;
        part.names.push(Raw { order, ordinal, first_token, shape, tokens, reader: self.number });
    }
}

/// What a reader makes of a piece of a batch.
#[derive(Default)]
struct Part {
    tokens: Vec<u32>,
    names: Vec<Raw>,
}

/// Everything read so far, in the order given. The number of a name is that of its part and, in the lower bits, its place there.
#[derive(Default)]
struct Names {
    parts: Vec<Part>,
    names: usize,
    tokens: usize,
}

/// Bits of the place of a name in its part.
const PLACE_BITS: u32 = PIECE.ilog2();
/// Parts that the other bits can tell apart.
const MAX_PARTS: usize = 1 << (u32::BITS - PLACE_BITS);

impl Names {
    fn take(&mut self, part: Part) {
        let fits = self.tokens + part.tokens.len() <= MAX_TOTAL && self.parts.len() < MAX_PARTS;
        if fits && !part.names.is_empty() {
            self.names += part.names.len();
            self.tokens += part.tokens.len();
            self.parts.push(part);
        }
    }

    fn part(&self, number: u32) -> &Part {
        &self.parts[(number >> PLACE_BITS) as usize]
    }

    fn name(&self, number: u32) -> &Raw {
        &self.part(number).names[(number & ((1 << PLACE_BITS) - 1)) as usize]
    }

    fn tokens(&self, number: u32) -> &[u32] {
        let name = self.name(number);
        &self.part(number).tokens[name.first_token as usize..][..usize::from(name.tokens)]
    }

    fn finish(self, readers: &[Reader]) -> Sections {
        let mut sections = Sections::default();
        let dictionary = Dictionary::of(&readers.iter().map(|reader| &reader.interner).collect::<Vec<_>>());
        let order = self.order();
        let class_start = |class: u64| order.partition_point(|name| self.name(*name).order >> 56 < class) as u32;
        sections.quality_starts = (0..CLASSES as u64).map(class_start).collect();
        self.lay_out(&order, &dictionary, &mut sections);
        drop((self, order));
        (sections.token_text, sections.token_offsets) = dictionary.finish();
        sections
    }

    /// The numbers of all names, the best first.
    fn order(&self) -> Vec<u32> {
        let runs = equal_parts(self.parts.len(), parts_for(self.names));
        let spread = each(runs, |run| {
            let numbered = |number: usize| ((number as u32) << PLACE_BITS..).zip(&self.parts[number].names);
            Spread::over(BUCKETS, || run.clone().flat_map(numbered).map(|(number, name)| (name.bucket(), number)))
        });
        let mut order = vec![0u32; self.names];
        let mut left = order.as_mut_slice();
        let places = cut(&spread, BUCKETS)
            .into_iter()
            .map(|buckets| (take(&mut left, count(&spread, buckets.clone())), buckets));
        each(places.collect(), |(mut place, buckets)| {
            for bucket in buckets {
                let numbers = take(&mut place, count(&spread, bucket..bucket + 1));
                let given = spread.iter().flat_map(|spread| spread.of(bucket..bucket + 1));
                numbers.iter_mut().zip(given).for_each(|(number, given)| *number = *given);
                // Names are mostly given in the order of their nodes, and then nothing is left to sort.
                let rank = |number: &u32| self.name(*number).rank();
                if !numbers.is_sorted_by_key(rank) {
                    numbers.sort_unstable_by_key(rank);
                }
            }
        });
        order
    }

    /// The arrays with an entry for each name.
    fn lay_out(&self, order: &[u32], dictionary: &Dictionary, sections: &mut Sections) {
        let names = order.len();
        let (mut nodes, mut ordinals, mut shapes) = (vec![0; names], vec![0; names], vec![0; names]);
        let (mut offsets, mut tokens) = (vec![0; names + 1], vec![0; self.tokens]);
        let mut left = LaidOut {
            nodes: &mut nodes,
            ordinals: &mut ordinals,
            shapes: &mut shapes,
            ends: &mut offsets[1..],
            tokens: &mut tokens,
            first_token: 0,
        };
        let tokens_of = |number: &u32| usize::from(self.name(*number).tokens);
        let lengths: Vec<usize> = each(parts(names), |part| order[part].iter().map(tokens_of).sum());
        let places = parts(names).into_iter().zip(lengths).map(|(part, tokens)| (left.take(part.len(), tokens), part));
        each(places.collect(), |(place, part)| place.fill(self, &order[part], dictionary));
        // Where every node has one name, nothing else is to be told.
        sections.ordinals = if ordinals == nodes { Vec::new() } else { ordinals }.into();
        sections.nodes = nodes.into();
        sections.shapes = shapes.into();
        sections.names = Lists { offsets: offsets.into(), items: tokens.into() };
    }
}

/// Where what is known of some names in a row is to be written.
#[derive(Default)]
struct LaidOut<'s> {
    nodes: &'s mut [u32],
    ordinals: &'s mut [u32],
    shapes: &'s mut [u16],
    ends: &'s mut [u32],
    tokens: &'s mut [u32],
    /// Tokens that stand before.
    first_token: u32,
}

impl<'s> LaidOut<'s> {
    /// Takes the place of the next so many names with so many tokens.
    fn take(&mut self, names: usize, tokens: usize) -> Self {
        let first_token = self.first_token;
        self.first_token += tokens as u32;
        Self {
            nodes: take(&mut self.nodes, names),
            ordinals: take(&mut self.ordinals, names),
            shapes: take(&mut self.shapes, names),
            ends: take(&mut self.ends, names),
            tokens: take(&mut self.tokens, tokens),
            first_token,
        }
    }

    fn fill(self, names: &Names, order: &[u32], dictionary: &Dictionary) {
        let places = self.nodes.iter_mut().zip(self.ordinals).zip(self.shapes).zip(self.ends);
        let mut at = 0;
        for (number, (((node, ordinal), shape), end)) in order.iter().zip(places) {
            let (name, tokens) = (names.name(*number), names.tokens(*number));
            (*node, *ordinal, *shape) = (name.order as u32, name.ordinal, name.shape);
            for (place, token) in self.tokens[at..].iter_mut().zip(tokens) {
                *place = dictionary.number(name.reader, *token);
            }
            at += tokens.len();
            *end = self.first_token + at as u32;
        }
    }
}

/// Takes the first so many items of a slice.
fn take<'s, T>(slice: &mut &'s mut [T], count: usize) -> &'s mut [T] {
    slice.split_off_mut(..count).unwrap_or_default()
}

/// 0 (best) to 255: by weight in factors of two, then names before aliases and short before long.
fn quality_class(weight: u32, kind: NameKind, letters: usize) -> u8 {
    let heft = (u32::BITS - weight.leading_zeros()).min(15) as u8;
    let length = (letters / 5 + 2 * kind as usize).min(15) as u8;
    (15 - heft) << 4 | length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::NameIndex;
    use crate::search::NameKind::{Alias, Former, Name};

    /// Names enough for several threads, of nodes in no order and with all weights.
    fn many() -> Vec<(u32, String, NameKind)> {
        let word = |i: u32| format!("w{}", i.wrapping_mul(2_654_435_761) % 977);
        let name = |i: u32| {
            let node = i.wrapping_mul(7919) % 30_011;
            (node, format!("{} {} {}", word(i), word(i / 3), word(i + 5)), [Name, Alias, Former][i as usize % 3])
        };
        (0..70_000).map(name).collect()
    }

    #[test]
    fn names_are_numbered_best_first() {
        let names = many();
        let weight = |node: u32| node % 1000 * (node % 7);
        let index = NameIndex::build(names.iter().map(|(node, name, kind)| (*node, name.as_str(), *kind)), weight);
        let letters = |name: &str| name.bytes().filter(|byte| *byte != b' ').count();
        let mut expected: Vec<(u64, u32)> = Vec::new();
        for ((node, name, kind), ordinal) in names.iter().zip(0..) {
            let class = u64::from(quality_class(weight(*node), *kind, letters(name)));
            expected.push((class << 56 | u64::from(0xff_ffff - weight(*node)) << 32 | u64::from(*node), ordinal));
        }
        expected.sort_unstable();
        let numbered: Vec<u32> = expected.iter().map(|(_, ordinal)| *ordinal).collect();
        assert_eq!(index.sections.ordinals[..], numbered);
        let (number, ordinal) = (12_345u32, numbered[12_345] as usize);
        let tokens: Vec<&[u8]> = index.sections.name(number).iter().map(|token| index.sections.token(*token)).collect();
        assert_eq!(tokens.join(&b' '), names[ordinal].1.as_bytes());
    }

    #[test]
    fn what_name_it_was_is_kept_only_where_nodes_do_not_tell() {
        let words = ["acme", "nova", "zeta"];
        for first_node in [0, 1] {
            let given = words.iter().zip(first_node..).map(|(word, node)| (node, *word, Name));
            let sections = NameIndex::build(given, |node| node).sections;
            assert_eq!(sections.ordinals.is_empty(), first_node == 0);
            assert_eq!([0, 1, 2].map(|name| sections.ordinal(name)), [2, 1, 0]);
            assert_eq!(sections.ordinal(3), u32::MAX);
        }
    }

    #[test]
    fn buckets_follow_the_rank() {
        let raw = |class: u64, weight: u32| {
            let order = class << 56 | u64::from(0xff_ffff - weight) << 32;
            Raw { order, ordinal: 0, first_token: 0, shape: 0, tokens: 0, reader: 0 }
        };
        let class = |weight| u64::from(quality_class(weight, Name, 12));
        let weights = [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 1000, 70_000, 0xff_ffff];
        let buckets: Vec<usize> = weights.iter().map(|weight| raw(class(*weight), *weight).bucket()).collect();
        assert!(buckets.is_sorted_by(|a, b| a >= b), "{buckets:?}");
        assert!(raw(254, 1).bucket() < raw(255, 1).bucket() && raw(255, 0).bucket() < BUCKETS);
    }
}
