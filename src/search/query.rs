//! A text as the words that are looked for.

use std::ops::Range;

use crate::search::legal;
use crate::search::normalise::Folded;
use crate::search::sections::Sections;

/// Numbers no token: a word that no name has.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// One word of the text.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// Tokens that begin with it.
    pub(super) range: Range<u32>,
    /// The first of them is the word itself.
    known: bool,
    /// Short forms of legal forms that it may become when it is finished.
    pub(super) also: Vec<u32>,
}

impl Word {
    pub(super) fn new(sections: &Sections, text: &str) -> Self {
        let range = sections.tokens_with(text.as_bytes());
        let known = !range.is_empty() && sections.token(range.start) == text.as_bytes();
        Self { text: text.to_owned(), range, known, also: Vec::new() }
    }

    /// The token that is the word.
    pub(super) fn token(&self) -> Option<u32> {
        self.known.then_some(self.range.start)
    }

    pub(super) fn is(&self, token: u32) -> bool {
        self.known && token == self.range.start
    }

    /// True when `token` begins with the word, or is the short form of what does.
    pub(super) fn begins(&self, token: u32) -> bool {
        self.range.contains(&token) || self.also.contains(&token)
    }

    /// The tokens that begin with the word and are longer.
    pub(super) fn longer(&self) -> Range<u32> {
        self.range.start + u32::from(self.known)..self.range.end
    }

    /// How many entries the lists of its tokens have.
    pub(super) fn spread(&self, sections: &Sections) -> usize {
        let also = self.also.iter().map(|token| sections.lists().with_token(*token).len());
        sections.lists().with_any(&self.range).len() + also.sum::<usize>()
    }

    /// True when no token begins with it.
    pub(super) fn is_lost(&self) -> bool {
        self.range.is_empty() && self.also.is_empty()
    }
}

/// A text, read.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) words: Vec<Word>,
    /// The words that are not legal form.
    pub(super) core: Range<usize>,
}

impl Query {
    pub(super) fn parse(sections: &Sections, text: &str) -> Self {
        let mut folded = Folded::new();
        folded.fold(text);
        let mut words: Vec<Word> = folded.tokens().map(|token| Word::new(sections, token)).collect();
        if let Some(last) = words.last_mut() {
            let mut also: Vec<u32> =
                legal::unfinished(&last.text).filter_map(|form| sections.token_number(form.as_bytes())).collect();
            also.dedup();
            last.also = also;
        }
        Self { words, core: folded.core() }
    }

    pub(super) fn core_words(&self) -> &[Word] {
        &self.words[self.core.clone()]
    }

    /// The words, without a legal form that stands before the name.
    pub(super) fn words_from_core(&self) -> &[Word] {
        &self.words[self.core.start..]
    }

    /// The words of the legal form, as tokens.
    pub(super) fn forms(&self) -> impl Iterator<Item = u32> {
        let outside = self.words.iter().enumerate().filter(|(i, _)| !self.core.contains(i));
        outside.map(|(_, word)| word.token().unwrap_or(UNKNOWN))
    }

    /// True unless text and name both have a legal form and neither holds the other.
    pub(super) fn agrees_in_form(&self, sections: &Sections, name: u32) -> bool {
        let core = sections.core(name);
        let tokens = sections.name(name);
        let outside = || (0..tokens.len()).filter(|i| !core.contains(i)).map(|i| tokens[i]);
        self.forms().all(|form| outside().any(|token| token == form))
            || outside().all(|token| self.forms().any(|form| form == token))
    }

    /// The same text with a space of its core put in or left out, where that gives known words.
    pub(super) fn respaced(&self, sections: &Sections) -> Vec<Self> {
        let mut variants = Vec::new();
        for i in self.core.clone().take(MAX_RESPACED) {
            self.push_joined(sections, i, &mut variants);
            self.push_split(sections, i, &mut variants);
        }
        variants.truncate(MAX_RESPACED);
        variants
    }

    fn push_joined(&self, sections: &Sections, i: usize, variants: &mut Vec<Self>) {
        if i + 1 >= self.core.end {
            return;
        }
        let joined = Word::new(sections, &format!("{}{}", self.words[i].text, self.words[i + 1].text));
        if !joined.is_lost() {
            variants.push(self.with(i..i + 2, vec![joined]));
        }
    }

    fn push_split(&self, sections: &Sections, i: usize, variants: &mut Vec<Self>) {
        let text = &self.words[i].text;
        let is_last = i + 1 == self.words.len();
        for at in 1..text.len().min(MAX_SPLIT) {
            let (left, right) = (Word::new(sections, &text[..at]), Word::new(sections, &text[at..]));
            let fits = left.known && (right.known || (is_last && at + 2 < text.len() && !right.is_lost()));
            if fits {
                variants.push(self.with(i..i + 1, vec![left, right]));
            }
        }
    }

    fn with(&self, at: Range<usize>, words: Vec<Word>) -> Self {
        let mut changed = self.clone();
        changed.core.end = changed.core.end + words.len() - at.len();
        changed.words.splice(at, words);
        changed
    }
}

/// Variants of spacing tried for one text.
const MAX_RESPACED: usize = 16;
/// Letters of a word within which it is split.
const MAX_SPLIT: usize = 40;
