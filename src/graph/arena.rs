//! Text in one piece, and a hash index over it.

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// A text in an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    start: u32,
    len: u32,
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    text: String,
}

impl Arena {
    /// Appends a text; `None` when the arena is full (4 GiB).
    pub(crate) fn push(&mut self, text: &str) -> Option<Span> {
        let start = u32::try_from(self.text.len()).ok()?;
        let len = u32::try_from(text.len()).ok()?;
        start.checked_add(len)?;
        self.text.push_str(text);
        Some(Span { start, len })
    }

    /// The text at a span.
    pub(crate) fn get(&self, span: Span) -> &str {
        let start = span.start as usize;
        &self.text[start..start + span.len as usize]
    }
}

/// Numbers found by a text key that stands elsewhere. Keyed at random, as the keys come from outside.
#[derive(Debug, Default)]
pub(crate) struct Index {
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Index {
    /// The number filed under `key`.
    pub(crate) fn get<'a>(&self, key: &str, text_of: impl Fn(u32) -> &'a str) -> Option<u32> {
        let hash = self.hasher.hash_one(key);
        self.table.find(hash, |&number| text_of(number) == key).copied()
    }

    /// Files a number under a key that is not filed yet.
    pub(crate) fn insert<'a>(&mut self, key: &str, number: u32, text_of: impl Fn(u32) -> &'a str) {
        let hash = self.hasher.hash_one(key);
        let hasher = &self.hasher;
        self.table.insert_unique(hash, number, |&other| hasher.hash_one(text_of(other)));
    }
}
