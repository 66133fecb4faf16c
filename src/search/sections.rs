//! The index as flat arrays: nothing but offsets, numbers and text, so that it can be written to and
//! mapped from a file as it stands.
//!
//! Names are numbered by how likely they are meant (see [`quality`](Sections::quality)): a list of names in
//! ascending order is a list with the best first. Tokens are numbered in alphabetical order: the tokens
//! with a common start are a range, and so are their lists of names.

use std::ops::Range;
use std::sync::OnceLock;

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::index::NameKind;
use crate::search::intern::mix;
use crate::search::lists::Lists;
use crate::search::name_lists::{Cores, NameLists};
use crate::search::normalise::MAX_TOKENS;

/// Classes of quality.
pub(super) const CLASSES: usize = 256;

/// All arrays of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    /// Text of the tokens, in alphabetical order, and where each begins.
    pub(super) token_text: ScalarBuffer<u8>,
    pub(super) token_offsets: ScalarBuffer<u32>,
    /// The tokens of each name.
    pub(super) names: Lists,
    pub(super) nodes: ScalarBuffer<u32>,
    /// Which of the names given to the builder it was. Empty where that is the number of its node for all of them.
    pub(super) ordinals: ScalarBuffer<u32>,
    /// Kind and extent of the core, see [`pack`].
    pub(super) shapes: ScalarBuffer<u16>,
    /// The first name of each quality class.
    pub(super) quality_starts: ScalarBuffer<u32>,
    /// Names by their tokens and by their cores, made when they are first needed.
    pub(super) lists: OnceLock<NameLists>,
    pub(super) cores: OnceLock<Cores>,
    /// Nodes from which on there are none: a number that says otherwise is damaged.
    pub(super) node_limit: Option<u32>,
}

/// Where in a name a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Its core begins with the token.
    First = 0,
    /// Anywhere else.
    Later = 1,
}

const NAME_TOKENS: [&str; 2] = ["name_offsets", "name_tokens"];

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
    pub(super) fn columns(&self) -> Vec<(&'static str, Column)> {
        let mut columns = vec![
            ("token_text", Column::from(&self.token_text)),
            ("token_offsets", Column::from(&self.token_offsets)),
            ("nodes", Column::from(&self.nodes)),
            ("ordinals", Column::from(&self.ordinals)),
            ("shapes", Column::from(&self.shapes)),
            ("quality_starts", Column::from(&self.quality_starts)),
        ];
        columns.extend(self.names.columns(NAME_TOKENS));
        columns
    }

    /// The arrays of these columns, if there are all and their lengths fit together. What is in them is not looked at:
    /// every reader here takes a damaged number for one that leads nowhere.
    pub(super) fn from_columns(get: Get<'_>) -> Option<Self> {
        let token_offsets = get("token_offsets")?.get::<u32>()?;
        let nodes = get("nodes")?.get::<u32>()?;
        let (tokens, names) = (token_offsets.len().checked_sub(1)?, nodes.len());
        let sections = Self {
            token_text: get("token_text")?.get()?,
            token_offsets,
            names: Lists::from_columns(get, NAME_TOKENS, names)?,
            nodes,
            ordinals: get("ordinals")?.get()?,
            shapes: get("shapes")?.get()?,
            quality_starts: get("quality_starts")?.get()?,
            lists: OnceLock::from(NameLists::from_columns(tokens, get)?),
            cores: OnceLock::from(Cores::from_columns(names, get)?),
            node_limit: None,
        };
        let fits = sections.token_offsets.last().map(|end| *end as usize) == Some(sections.token_text.len())
            && (sections.ordinals.is_empty() || sections.ordinals.len() == names)
            && sections.shapes.len() == names
            && sections.quality_starts.len() == CLASSES;
        fits.then_some(sections)
    }

    pub(super) fn name_count(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn token_count(&self) -> usize {
        self.token_offsets.len().saturating_sub(1)
    }

    pub(super) fn token(&self, token: u32) -> &[u8] {
        let at = |i: usize| self.token_offsets.get(i).map_or(usize::MAX, |offset| *offset as usize);
        self.token_text.get(at(token as usize)..at(token as usize + 1)).unwrap_or(&[])
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

    /// Names by their tokens.
    pub(super) fn lists(&self) -> &NameLists {
        self.lists.get_or_init(|| NameLists::of(self))
    }

    /// Names by their cores.
    pub(super) fn cores(&self) -> &Cores {
        self.cores.get_or_init(|| Cores::of(self))
    }

    /// The tokens of a name; none where a damaged index gives it more than any name has.
    pub(super) fn name(&self, name: u32) -> &[u32] {
        let tokens = self.names.list(name as usize);
        if tokens.len() > 2 * MAX_TOKENS { &[] } else { tokens }
    }

    /// The node of a name.
    pub(super) fn node(&self, name: u32) -> Option<u32> {
        let node = *self.nodes.get(name as usize)?;
        self.node_limit.is_none_or(|limit| node < limit).then_some(node)
    }

    pub(super) fn ordinal(&self, name: u32) -> u32 {
        let ordinals = if self.ordinals.is_empty() { &self.nodes } else { &self.ordinals };
        ordinals.get(name as usize).copied().unwrap_or(u32::MAX)
    }

    fn shape(&self, name: u32) -> u16 {
        self.shapes.get(name as usize).copied().unwrap_or(0)
    }

    pub(super) fn kind(&self, name: u32) -> NameKind {
        match self.shape(name) >> 14 {
            0 => NameKind::Name,
            1 => NameKind::Alias,
            _ => NameKind::Former,
        }
    }

    /// Which tokens of a name are not its legal form.
    pub(super) fn core(&self, name: u32) -> Range<usize> {
        let shape = usize::from(self.shape(name));
        (shape >> 7 & 0x7f)..(shape & 0x7f)
    }

    /// The tokens of a name that are not its legal form.
    pub(super) fn core_tokens(&self, name: u32) -> &[u32] {
        self.name(name).get(self.core(name)).unwrap_or(&[])
    }

    /// From 0 to 1: how likely this name is meant, whatever was typed.
    pub(super) fn quality(&self, name: u32) -> f32 {
        let class = self.quality_starts.partition_point(|start| *start <= name).saturating_sub(1);
        1.0 - class.min(255) as f32 / 255.0
    }

    /// Bytes in all arrays, and in the lists that were made.
    pub(super) fn bytes(&self) -> usize {
        let arrays = self.columns().iter().map(|(_, column)| column.bytes().len()).sum::<usize>();
        let lists = self.lists.get().map_or(0, NameLists::bytes) + self.cores.get().map_or(0, Cores::bytes);
        arrays + lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_unpacked_as_packed() {
        let shapes = vec![pack(NameKind::Former, &(1..33)), pack(NameKind::Name, &(0..0))];
        let sections = Sections { shapes: shapes.into(), ..Sections::default() };
        assert_eq!((sections.kind(0), sections.core(0)), (NameKind::Former, 1..33));
        assert_eq!((sections.kind(1), sections.core(1)), (NameKind::Name, 0..0));
    }
}
