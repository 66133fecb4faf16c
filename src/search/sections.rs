//! The index as flat arrays: nothing but offsets, numbers and text, so that it can be written to and
//! mapped from a file as it stands.
//!
//! Names are numbered by how likely they are meant (see [`quality`](Sections::quality)): a list of names in
//! ascending order is a list with the best first. Tokens are numbered in alphabetical order: the tokens
//! with a common start are a range, and so are their lists of names.

use std::ops::Range;

use crate::search::index::NameKind;
use crate::search::intern::mix;

/// Items in lists, list after list.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Where each list begins, and the end of the last.
    pub(super) offsets: Vec<u32>,
    pub(super) items: Vec<u32>,
}

impl Lists {
    /// Sorts `pairs` of (list, item) into lists, keeping the order within each: two passes, linear time.
    pub(super) fn collect<I>(lists: usize, pairs: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (u32, u32)>,
    {
        let mut offsets = vec![0u32; lists + 1];
        for (list, _) in pairs() {
            offsets[list as usize] += 1;
        }
        let mut total = 0u32;
        for offset in &mut offsets {
            total += std::mem::replace(offset, total);
        }
        let mut items = vec![0u32; total as usize];
        for (list, item) in pairs() {
            let place = &mut offsets[list as usize];
            items[*place as usize] = item;
            *place += 1;
        }
        offsets.rotate_right(1);
        offsets[0] = 0;
        Self { offsets, items }
    }

    /// The items of one list.
    pub(super) fn list(&self, list: usize) -> &[u32] {
        self.range(list..list + 1)
    }

    /// The items of several lists in a row.
    pub(super) fn range(&self, lists: Range<usize>) -> &[u32] {
        let at = |i: usize| self.offsets.get(i).map_or(self.items.len(), |offset| *offset as usize);
        self.items.get(at(lists.start)..at(lists.end)).unwrap_or(&[])
    }

    fn bytes(&self) -> usize {
        (self.offsets.len() + self.items.len()) * 4
    }
}

/// All arrays of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    /// Text of the tokens, in alphabetical order, and where each begins.
    pub(super) token_text: Vec<u8>,
    pub(super) token_offsets: Vec<u32>,
    /// Two lists of names for each token: those whose core begins with it, then the others that hold it.
    pub(super) postings: Lists,
    /// The tokens of each name.
    pub(super) names: Lists,
    pub(super) nodes: Vec<u32>,
    /// Which of the names given to the builder it was.
    pub(super) ordinals: Vec<u32>,
    /// Kind and extent of the core, see [`pack`].
    pub(super) shapes: Vec<u16>,
    /// The first name of each quality class.
    pub(super) quality_starts: Vec<u32>,
    /// Names by the fingerprint of their core.
    pub(super) cores: Lists,
}

/// A kind and an extent of at most 33 tokens in 16 bits.
pub(super) fn pack(kind: NameKind, core: &Range<usize>) -> u16 {
    (kind as u16) << 14 | (core.start as u16 & 0x7f) << 7 | (core.end as u16 & 0x7f)
}

/// A fingerprint of tokens by number.
pub(super) fn fingerprint(tokens: &[u32]) -> u64 {
    let start = mix(tokens.len() as u64 ^ 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db);
    tokens.iter().fold(start, |hash, token| mix(hash ^ u64::from(*token), 0x9e37_79b9_7f4a_7c15))
}

impl Sections {
    pub(super) fn name_count(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn token_count(&self) -> usize {
        self.token_offsets.len().saturating_sub(1)
    }

    pub(super) fn token(&self, token: u32) -> &[u8] {
        let i = token as usize;
        &self.token_text[self.token_offsets[i] as usize..self.token_offsets[i + 1] as usize]
    }

    /// The tokens that begin with `start`; the first of them may be `start` itself.
    pub(super) fn tokens_with(&self, start: &[u8]) -> Range<u32> {
        let count = self.token_count() as u32;
        let from = self.partition(0..count, |token| token < start);
        from..self.partition(from..count, |token| token.starts_with(start))
    }

    /// The number of a token, if any name has it.
    pub(super) fn token_number(&self, token: &[u8]) -> Option<u32> {
        let at = self.partition(0..self.token_count() as u32, |other| other < token);
        ((at as usize) < self.token_count() && self.token(at) == token).then_some(at)
    }

    /// The first token of `range` for which `before` is false.
    fn partition(&self, range: Range<u32>, before: impl Fn(&[u8]) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.token(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Names whose core begins with `token`, best first.
    pub(super) fn beginning_with(&self, token: u32) -> &[u32] {
        self.postings.list(token as usize * 2)
    }

    /// Names that hold `token` elsewhere, best first.
    pub(super) fn holding(&self, token: u32) -> &[u32] {
        self.postings.list(token as usize * 2 + 1)
    }

    /// All names with a token of `range`, not in order, some of them twice.
    pub(super) fn with_any(&self, range: &Range<u32>) -> &[u32] {
        self.postings.range(range.start as usize * 2..range.end as usize * 2)
    }

    pub(super) fn name(&self, name: u32) -> &[u32] {
        self.names.list(name as usize)
    }

    pub(super) fn kind(&self, name: u32) -> NameKind {
        match self.shapes[name as usize] >> 14 {
            0 => NameKind::Name,
            1 => NameKind::Alias,
            _ => NameKind::Former,
        }
    }

    /// Which tokens of a name are not its legal form.
    pub(super) fn core(&self, name: u32) -> Range<usize> {
        let shape = usize::from(self.shapes[name as usize]);
        (shape >> 7 & 0x7f)..(shape & 0x7f)
    }

    /// From 0 to 1: how likely this name is meant, whatever was typed.
    pub(super) fn quality(&self, name: u32) -> f32 {
        let class = self.quality_starts.partition_point(|start| *start <= name).saturating_sub(1);
        1.0 - class.min(255) as f32 / 255.0
    }

    /// Names whose core may be these tokens; the caller compares.
    pub(super) fn with_core(&self, tokens: &[u32]) -> &[u32] {
        self.cores.list(self.core_list(tokens))
    }

    /// The list of [`cores`](Self::cores) for a core.
    pub(super) fn core_list(&self, tokens: &[u32]) -> usize {
        (fingerprint(tokens) % core_lists(self.name_count()) as u64) as usize
    }

    /// Bytes in all arrays.
    pub(super) fn bytes(&self) -> usize {
        let lists = self.postings.bytes() + self.names.bytes() + self.cores.bytes();
        let words = self.token_offsets.len() + self.nodes.len() + self.ordinals.len() + self.quality_starts.len();
        lists + words * 4 + self.shapes.len() * 2 + self.token_text.len()
    }
}

/// How many lists names are spread over by the fingerprint of their core.
pub(super) fn core_lists(names: usize) -> usize {
    (names / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_the_order_of_their_items() {
        let pairs = [(2, 10), (0, 11), (2, 12), (0, 13), (3, 14)];
        let lists = Lists::collect(5, || pairs.iter().copied());
        assert_eq!(lists.list(0), [11, 13]);
        assert_eq!(lists.list(1), [0u32; 0]);
        assert_eq!(lists.list(2), [10, 12]);
        assert_eq!(lists.range(2..5), [10, 12, 14]);
        assert_eq!(lists.list(9), [0u32; 0]);
        assert_eq!(Lists::collect(1, || [].into_iter()).list(0), [0u32; 0]);
    }

    #[test]
    fn shapes_are_unpacked_as_packed() {
        let shapes = vec![pack(NameKind::Former, &(1..33)), pack(NameKind::Name, &(0..0))];
        let sections = Sections { shapes, ..Sections::default() };
        assert_eq!((sections.kind(0), sections.core(0)), (NameKind::Former, 1..33));
        assert_eq!((sections.kind(1), sections.core(1)), (NameKind::Name, 0..0));
    }
}
