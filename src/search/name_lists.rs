//! Which names have a word or a core: lists of names, the best first.

use std::ops::Range;

use arrow_buffer::ScalarBuffer;

use crate::columnar::{Column, Get};
use crate::search::lists::Lists;
use crate::search::sections::{Place, Sections, fingerprint};

/// Tokens whose first names are summed up in one number.
pub(super) const BLOCK: u32 = 64;

const POSTINGS: [&str; 2] = ["posting_offsets", "postings"];
const BLOCK_BESTS: &str = "block_bests";
const CORES: [&str; 2] = ["core_offsets", "cores"];

/// Names by their tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct NameLists {
    /// Two lists of names for each token: those whose core begins with it, then the others that hold it.
    postings: Lists,
    /// The best name in the lists of each [`BLOCK`] of tokens, of both kinds of lists in turn; `u32::MAX` for none.
    block_bests: ScalarBuffer<u32>,
}

/// Names by the fingerprint of their core.
#[derive(Clone, Debug, Default)]
pub(super) struct Cores(Lists);

impl NameLists {
    pub(super) fn of(sections: &Sections) -> Self {
        let postings = postings(sections);
        let block_bests = block_bests(&postings, sections.token_count() as u32).into();
        Self { postings, block_bests }
    }

    pub(super) fn columns(&self) -> Vec<(&'static str, Column)> {
        let mut columns = vec![(BLOCK_BESTS, Column::from(&self.block_bests))];
        columns.extend(self.postings.columns(POSTINGS));
        columns
    }

    /// The lists of these columns for so many tokens, if they are there and their lengths fit together.
    pub(super) fn from_columns(tokens: usize, get: Get<'_>) -> Option<Self> {
        let postings = Lists::from_columns(get, POSTINGS, tokens * 2)?;
        let lists = Self { postings, block_bests: get(BLOCK_BESTS)?.get()? };
        (lists.block_bests.len() == tokens.div_ceil(BLOCK as usize) * 2).then_some(lists)
    }

    /// Names in all lists of tokens together.
    pub(super) fn len(&self) -> usize {
        self.postings.items.len()
    }

    /// Names that have `token` in this place, best first.
    pub(super) fn at(&self, place: Place, token: u32) -> &[u32] {
        at(&self.postings, place, token)
    }

    /// No name at this place of the tokens `block * BLOCK..` is better than this one; `None` where there is none.
    pub(super) fn block_best(&self, place: Place, block: u32) -> Option<u32> {
        let best = self.block_bests.get(block as usize * 2 + place as usize);
        best.copied().filter(|best| *best != u32::MAX)
    }

    /// All names with `token`, those whose core begins with it first.
    pub(super) fn with_token(&self, token: u32) -> &[u32] {
        self.with_any(&(token..token + 1))
    }

    /// All names with a token of `range`, not in order, some of them twice.
    pub(super) fn with_any(&self, range: &Range<u32>) -> &[u32] {
        self.postings.range(range.start as usize * 2..range.end as usize * 2)
    }

    /// Bytes in all lists.
    pub(super) fn bytes(&self) -> usize {
        self.postings.bytes() + self.block_bests.len() * 4
    }
}

impl Cores {
    pub(super) fn of(sections: &Sections) -> Self {
        let names = sections.name_count();
        let lists = core_lists(names);
        let list = |name: u32| (core_list(sections.core_tokens(name), lists) as u32, name);
        Self(Lists::collect(lists, names, |names: Range<u32>| names.map(list)))
    }

    pub(super) fn columns(&self) -> Vec<(&'static str, Column)> {
        self.0.columns(CORES).into()
    }

    /// The lists of these columns for so many names, if they are there and their lengths fit together.
    pub(super) fn from_columns(names: usize, get: Get<'_>) -> Option<Self> {
        Lists::from_columns(get, CORES, core_lists(names)).map(Self)
    }

    /// Names whose core may be these tokens; the caller compares.
    pub(super) fn with(&self, tokens: &[u32]) -> &[u32] {
        self.0.list(core_list(tokens, self.0.len()))
    }

    /// Bytes in all lists.
    pub(super) fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

fn at(postings: &Lists, place: Place, token: u32) -> &[u32] {
    postings.list(token as usize * 2 + place as usize)
}

fn postings(sections: &Sections) -> Lists {
    let of_names = |names: Range<u32>| names.flat_map(|name| name_postings(sections, name));
    Lists::collect(sections.token_count() * 2, sections.name_count(), of_names)
}

/// The lists one name goes to; a token that occurs twice counts once.
fn name_postings(sections: &Sections, name: u32) -> impl Iterator<Item = (u32, u32)> {
    let (tokens, first) = (sections.name(name), sections.core(name).start);
    let is_new = move |i: usize| i == first || (tokens[i] != tokens[first] && !tokens[..i].contains(&tokens[i]));
    (0..tokens.len()).filter(move |i| is_new(*i)).map(move |i| (tokens[i] * 2 + u32::from(i != first), name))
}

fn block_bests(postings: &Lists, tokens: u32) -> Vec<u32> {
    let block = |block: u32| {
        let tokens = block * BLOCK..((block + 1) * BLOCK).min(tokens);
        let best = move |place| tokens.clone().filter_map(|token| at(postings, place, token).first().copied()).min();
        [Place::First, Place::Later].map(best).map(|best| best.unwrap_or(u32::MAX))
    };
    (0..tokens.div_ceil(BLOCK)).flat_map(block).collect()
}

/// How many lists so many names are spread over by the fingerprint of their core.
fn core_lists(names: usize) -> usize {
    (names / 3).max(1)
}

/// The list of so many for a core.
fn core_list(tokens: &[u32], lists: usize) -> usize {
    (fingerprint(tokens) % lists.max(1) as u64) as usize
}
