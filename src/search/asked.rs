//! How far a name resembles a text whose words need not be right.

use crate::search::fuzzy::has_digits;
use crate::search::index::NameIndex;
use crate::search::normalise::MAX_TOKENS;
use crate::search::query::{Query, Word};
use crate::search::sections::Sections;

/// Words of a misspelt text that are looked for.
const MAX_WORDS: usize = 12;
/// Resemblance below which a name is not a match.
pub(super) const LEAST: f32 = 0.45;
/// The most that a name without a number that was asked for resembles the text: it may be suggested, and is not meant.
const OTHER_NUMBER: f32 = 0.75;

/// A word of a misspelt text with the words it may stand for.
pub(super) struct AskedWord<'q> {
    word: &'q Word,
    /// The last word may be unfinished.
    unfinished: bool,
    has_digits: bool,
    alike: Vec<(u32, f32)>,
    /// Entries in the lists of all of them.
    pub(super) spread: usize,
    weight: f32,
}

impl<'q> AskedWord<'q> {
    fn new(index: &NameIndex, word: &'q Word, unfinished: bool) -> Self {
        let sections = &index.sections;
        let has_digits = has_digits(word.text.as_bytes());
        let alike = index.resemblance().alike(sections, word.text.as_bytes(), unfinished);
        let spread = alike.iter().map(|(token, _)| frequency(sections, *token)).sum::<usize>() + word.spread(sections);
        let weight = weight(sections, word.token().map_or(1, |token| frequency(sections, token)));
        Self { word, unfinished, has_digits, alike, spread, weight }
    }

    /// Names with the word or one of those it may stand for, the likeliest word first.
    pub(super) fn names<'s>(&self, sections: &'s Sections) -> impl Iterator<Item = u32> + use<'s> {
        let mut alike = self.alike.clone();
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let own = self.word.token().map_or(self.word.range.clone(), |token| token..token + 1);
        let ranges = std::iter::once(own).chain(alike.into_iter().map(|(token, _)| token..token + 1));
        ranges.flat_map(|range| sections.lists().with_any(&range).iter().copied())
    }

    /// From 0 to 1: how well `token` stands for the word.
    fn resemblance(&self, token: u32) -> f32 {
        if self.word.is(token) {
            return 1.0;
        }
        let alike = self.alike.binary_search_by_key(&token, |(other, _)| *other).map_or(0.0, |at| self.alike[at].1);
        let begun = match self.unfinished {
            true => 0.95,
            false if self.has_digits => 0.0,
            false => 0.8,
        };
        if self.word.begins(token) { alike.max(begun) } else { alike }
    }
}

/// A text whose words need not be right.
pub(super) struct Asked<'q> {
    pub(super) words: Vec<AskedWord<'q>>,
    weight: f32,
}

impl<'q> Asked<'q> {
    pub(super) fn new(index: &NameIndex, query: &'q Query) -> Self {
        let core = query.core_words();
        let is_last = |i: usize| query.core.start + i + 1 == query.words.len();
        let words: Vec<AskedWord> =
            core.iter().take(MAX_WORDS).enumerate().map(|(i, word)| AskedWord::new(index, word, is_last(i))).collect();
        let weight = words.iter().map(|word| word.weight).sum();
        Self { words, weight }
    }

    /// From 0 to 1: mostly how well the words of the text are found, and a little how much of the name
    /// they make up. Rare words count for more.
    pub(super) fn resemblance(&self, sections: &Sections, query: &Query, name: u32) -> f32 {
        let tokens = sections.core_tokens(name);
        let mut by_word = [0f32; MAX_WORDS];
        let mut by_token = [0f32; 2 * MAX_TOKENS];
        for (token, of_token) in tokens.iter().zip(&mut by_token) {
            for (word, of_word) in self.words.iter().zip(&mut by_word) {
                let resemblance = word.resemblance(*token);
                *of_word = of_word.max(resemblance);
                *of_token = of_token.max(resemblance);
            }
        }
        let found = self.words.iter().zip(by_word).map(|(word, best)| word.weight * best).sum::<f32>() / self.weight;
        if found < LEAST {
            return 0.0;
        }
        let lacks_number = self.words.iter().zip(by_word).any(|(word, best)| word.has_digits && best == 0.0);
        let most = if lacks_number { OTHER_NUMBER } else { 1.0 };
        let resemblance = f32::min(0.85 * found + 0.15 * covered(sections, tokens, &by_token), most);
        if query.agrees_in_form(sections, name) { resemblance } else { 0.78 * resemblance }
    }
}

/// How much of a name is found, rare words counting for more.
fn covered(sections: &Sections, tokens: &[u32], found: &[f32]) -> f32 {
    let (mut covered, mut all) = (0.0, 0.0);
    for (token, found) in tokens.iter().zip(found) {
        let weight = weight(sections, frequency(sections, *token));
        all += weight;
        covered += weight * found;
    }
    covered / f32::max(all, 1.0)
}

/// In how many names a token occurs.
pub(super) fn frequency(sections: &Sections, token: u32) -> usize {
    sections.lists().with_token(token).len()
}

/// What a word that is this frequent tells.
fn weight(sections: &Sections, frequency: usize) -> f32 {
    let names = sections.name_count();
    ((names + 1) / (frequency + 1)).max(1).ilog2() as f32 + 1.0
}
