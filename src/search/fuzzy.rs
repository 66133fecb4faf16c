//! Words that resemble a word: three-letter pieces to find them, counted slips to judge them.
//!
//! Only distinct words are looked at, never names, so that the work hardly grows with the number of names. Numbers are
//! exact: with another digit they are those of somebody else, alone and within a word.

use std::ops::Range;

use crate::columnar::{Column, Get};
use crate::search::distance::{MAX_LEN, slips};
use crate::search::lists::Lists;
use crate::search::packed::{Packed, PackedList};
use crate::search::parts::{each, parts};
use crate::search::sections::Sections;

/// Pieces that all of the letters and digits and the edge of a word can make.
const PIECES: usize = 37 * 37 * 37;
/// Entries of the lists of pieces read for one word.
const MAX_READ: usize = 400_000;
/// Words compared letter by letter for one word.
const MAX_COMPARED: usize = 1_000;
/// Resembling words used for one word.
const MAX_ALIKE: usize = 48;
/// Resemblance of words below which they are not used.
const LEAST: f32 = 0.65;
/// Resemblance of a word that holds the one typed.
const HOLDING: f32 = 0.75;
/// Resemblance of words with the same consonants.
const SAME_SOUND: f32 = 0.7;
/// Fewest consonants that make a sound worth comparing.
const LEAST_SOUND: usize = 3;

/// Words counted at a time.
const COUNTED: usize = 1 << 15;
const PIECE_COLUMNS: [&str; 2] = ["piece_offsets", "pieces"];
const SOUND_COLUMNS: [&str; 2] = ["sound_offsets", "sounds"];

/// Lists of words by what they have in common.
#[derive(Debug, Default)]
pub(super) struct Resemblance {
    /// Words by three-letter piece but for the first, which words have that stand side by side in the alphabet.
    pieces: Packed,
    /// Words by fingerprint of their consonants.
    sounds: Lists,
}

impl Resemblance {
    pub(super) fn build(sections: &Sections) -> Self {
        let is_word = |token: &u32| !is_number(sections.token(*token));
        let tokens = parts(sections.token_count());
        let words =
            each(tokens, |part| (part.start as u32..part.end as u32).filter(is_word).collect::<Vec<_>>()).concat();
        let lists = (words.len() / 2).max(1);
        let sound = |token: &u32| Some((sound_list(sections.token(*token), lists)?, *token));
        let sounds = each(parts(words.len()), |part| words[part].iter().filter_map(sound).collect::<Vec<_>>()).concat();
        let of_part = |part: Range<u32>| sounds[part.start as usize..part.end as usize].iter().copied();
        Self {
            pieces: Packed::collect(PIECES, &words, |token| pieces(sections.token(token)).skip(1)),
            sounds: Lists::collect(lists, sounds.len(), of_part),
        }
    }

    pub(super) fn columns(&self) -> Vec<(&'static str, Column)> {
        self.pieces.columns(PIECE_COLUMNS).into_iter().chain(self.sounds.columns(SOUND_COLUMNS)).collect()
    }

    pub(super) fn from_columns(get: Get<'_>) -> Option<Self> {
        let pieces = Packed::from_columns(get, PIECE_COLUMNS, PIECES)?;
        let lists = get(SOUND_COLUMNS[0])?.len().checked_sub(1)?;
        Some(Self { pieces, sounds: Lists::from_columns(get, SOUND_COLUMNS, lists)? })
    }

    pub(super) fn bytes(&self) -> usize {
        self.pieces.bytes() + self.sounds.bytes()
    }

    /// Words that resemble `typed`, with how much, in alphabetical order; `typed` itself is left out.
    pub(super) fn alike(&self, sections: &Sections, typed: &[u8], unfinished: bool) -> Vec<(u32, f32)> {
        if typed.len() < 3 || typed.len() > MAX_LEN || is_number(typed) {
            return Vec::new();
        }
        let mut alike: Vec<(u32, f32)> = Vec::new();
        for token in self.sharing_pieces(sections, typed, unfinished) {
            alike.extend(judge(typed, sections.token(token), unfinished).map(|sim| (token, sim)));
        }
        alike.extend(self.sounding_like(sections, typed).map(|token| (token, SAME_SOUND)));
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut kept: Vec<(u32, f32)> = Vec::with_capacity(MAX_ALIKE);
        for (token, sim) in alike {
            if kept.len() < MAX_ALIKE && !kept.iter().any(|(other, _)| *other == token) {
                kept.push((token, sim));
            }
        }
        kept.sort_by_key(|(token, _)| *token);
        kept
    }

    /// The words that share the most pieces with `typed`.
    fn sharing_pieces(&self, sections: &Sections, typed: &[u8], unfinished: bool) -> Vec<u32> {
        let (lists, pieces, skipped) = self.lists_to_read(sections, typed, unfinished);
        let least = pieces.saturating_sub(3 * max_slips(typed.len()) + skipped).max(1);
        let lists: Vec<Vec<u32>> = lists.into_iter().map(Sharing::words).collect();
        let mut sharing = in_several(lists.iter().map(Vec::as_slice).collect(), least, sections.token_count());
        if sharing.len() > MAX_COMPARED {
            sharing.select_nth_unstable_by_key(MAX_COMPARED, |(token, count)| (u8::MAX - count, *token));
            sharing.truncate(MAX_COMPARED);
        }
        sharing.into_iter().map(|(token, _)| token).collect()
    }

    /// The lists of the pieces of `typed` that fit the budget, how many pieces there are, and how many
    /// were skipped: the commonest.
    fn lists_to_read(&self, sections: &Sections, typed: &[u8], unfinished: bool) -> (Vec<Sharing<'_>>, usize, usize) {
        let count = typed.len() - usize::from(unfinished);
        let first = Sharing::Beginning(sections.tokens_with(&typed[..typed.len().min(2)]));
        let others = pieces(typed).take(count).skip(1).map(|piece| Sharing::Piece(self.pieces.list(piece as usize)));
        let mut lists: Vec<Sharing<'_>> = std::iter::once(first).chain(others).collect();
        lists.sort_by_key(Sharing::len);
        let mut budget = MAX_READ;
        let fitting = lists.iter().take_while(|list| {
            let fits = list.len() <= budget;
            budget = budget.saturating_sub(list.len());
            fits
        });
        let kept = fitting.count();
        lists.truncate(kept);
        (lists, count, count - kept)
    }

    /// Words with the same consonants.
    fn sounding_like<'s>(&'s self, sections: &'s Sections, typed: &[u8]) -> impl Iterator<Item = u32> + 's {
        let sound = Sound::of(typed);
        let list = sound_list(typed, self.sounds.len());
        let words = list.map_or(&[][..], |list| self.sounds.list(list as usize));
        let words = words.iter().copied().take(MAX_COMPARED);
        let typed = typed.to_vec();
        words.filter(move |token| {
            let word = sections.token(*token);
            word != typed.as_slice() && !have_other_digits(&typed, word) && Sound::of(word) == sound
        })
    }
}

/// The words that share a piece with the word typed.
enum Sharing<'p> {
    /// The edge and the first two letters.
    Beginning(Range<u32>),
    Piece(PackedList<'p>),
}

impl Sharing<'_> {
    fn len(&self) -> usize {
        match self {
            Sharing::Beginning(words) => words.len(),
            Sharing::Piece(words) => words.len(),
        }
    }

    fn words(self) -> Vec<u32> {
        match self {
            Sharing::Beginning(words) => words.collect(),
            Sharing::Piece(words) => words.collect(),
        }
    }
}

/// The items below `end` that are in at least so many of the lists, which are in ascending order, and in how many.
///
/// Counted range by range, so that the counts stay in the cache and nothing grows with the number of words.
fn in_several(mut lists: Vec<&[u32]>, least: usize, end: usize) -> Vec<(u32, u8)> {
    let mut found = Vec::new();
    let mut counts = vec![0u8; COUNTED.min(end)];
    while let Some(next) = lists.iter().filter_map(|list| list.first().copied()).min() {
        let start = next as usize / COUNTED * COUNTED;
        let place = |item: &u32| (*item as usize).wrapping_sub(start);
        let mut range: Vec<&[u32]> = Vec::with_capacity(lists.len());
        for list in &mut lists {
            let below = list.iter().take_while(|item| (**item as usize) < start + COUNTED).count();
            range.push(&list[..below]);
            *list = &list[below..];
        }
        for item in range.iter().copied().flatten() {
            if let Some(count) = counts.get_mut(place(item)) {
                *count = count.saturating_add(1);
            }
        }
        for item in range.iter().copied().flatten() {
            let count = counts.get_mut(place(item)).map_or(0, std::mem::take);
            if usize::from(count) >= least && (*item as usize) < end {
                found.push((*item, count));
            }
        }
    }
    found
}

/// How many slips are forgiven in a word of this many letters.
fn max_slips(letters: usize) -> usize {
    match letters {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

/// How much `word` resembles `typed`, if it does.
fn judge(typed: &[u8], word: &[u8], unfinished: bool) -> Option<f32> {
    if typed == word || word.is_empty() || have_other_digits(typed, word) {
        return None;
    }
    let letters = typed.len().max(word.len()) as f32;
    let whole = slips(typed, word, max_slips(typed.len()), false).map(|slips| 1.0 - slips as f32 / letters);
    let begun = || {
        let slips = slips(typed, word, max_slips(typed.len()), true).filter(|_| unfinished)?;
        Some(0.97 - slips as f32 / typed.len() as f32)
    };
    let held = || (typed.len() >= 4 && word.windows(typed.len()).any(|part| part == typed)).then_some(HOLDING);
    let first_letter = if typed[0] == word[0] { 0.0 } else { 0.03 };
    let sim = whole.map(|sim| sim - first_letter).or_else(begun).or_else(held)?;
    (sim >= LEAST).then_some(sim)
}

/// The three-letter pieces of a word, its edges counted as letters.
fn pieces(word: &[u8]) -> impl Iterator<Item = u32> {
    let letter = |i: usize| word.get(i).map_or(0, |byte| u32::from(LETTER_NUMBERS[usize::from(*byte)]));
    let (mut before, mut this) = (0, letter(0));
    (0..word.len()).map(move |i| {
        let next = letter(i + 1);
        let piece = (before * 37 + this) * 37 + next;
        (before, this) = (this, next);
        piece
    })
}

const LETTER_NUMBERS: [u8; 256] = {
    let (mut numbers, mut byte) = ([0; 256], 0);
    while byte < 256 {
        numbers[byte] = match byte as u8 {
            letter @ b'a'..=b'z' => letter - b'a' + 1,
            digit @ b'0'..=b'9' => digit - b'0' + 27,
            _ => 0,
        };
        byte += 1;
    }
    numbers
};

/// Whether a word is a number, or a code of digits with some letters in it.
fn is_number(word: &[u8]) -> bool {
    2 * digits(word).count() > word.len()
}

fn digits(word: &[u8]) -> impl Iterator<Item = &u8> {
    word.iter().filter(|letter| letter.is_ascii_digit())
}

pub(super) fn has_digits(word: &[u8]) -> bool {
    digits(word).next().is_some()
}

/// Whether two words have digits both, and not the same.
fn have_other_digits(one: &[u8], other: &[u8]) -> bool {
    has_digits(one) && has_digits(other) && !digits(one).eq(digits(other))
}

/// The list of so many that a word belongs to by its consonants; `None` when it has too few.
fn sound_list(word: &[u8], lists: usize) -> Option<u32> {
    let sound = Sound::of(word);
    (sound.length >= LEAST_SOUND).then(|| (sound.code % lists.max(1) as u64) as u32)
}

/// What remains of a word when vowels, doubled letters and differences of spelling are left out: enough
/// to bring scripts without vowels and rival transliterations together (`Yeltsin`, `Eltsin`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sound {
    /// The consonants in base 37, modulo 2⁶⁴.
    code: u64,
    length: usize,
}

impl Sound {
    fn of(word: &[u8]) -> Self {
        let mut sound = Self { code: 0, length: 0 };
        let mut last = 0;
        for (i, byte) in word.iter().enumerate() {
            let next = word.get(i + 1).copied().unwrap_or(0);
            let heard = heard(*byte, next, i == 0);
            if heard != 0 && heard != last {
                let number = LETTER_NUMBERS[usize::from(heard)];
                sound.code = sound.code.wrapping_mul(37).wrapping_add(u64::from(number));
                sound.length += 1;
            }
            last = heard;
        }
        sound
    }
}

/// The consonant a letter stands for before `next`; 0 for none.
fn heard(byte: u8, next: u8, first: bool) -> u8 {
    match (byte, next) {
        (b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'v', _) => 0,
        (b'p', b'h') => b'f',
        (b'k' | b'g', b'h') => 0,
        (b'h', _) if !first => 0,
        (b'c' | b'q' | b'x', _) => b'k',
        (b'z', _) => b's',
        (b'j', _) => b'g',
        _ => byte,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{NameIndex, NameKind};

    fn alike(words: &[&str], typed: &str) -> Vec<(String, f32)> {
        let names = words.iter().zip(0..).map(|(word, node)| (node, *word, NameKind::Name));
        let index = NameIndex::build(names, |_| 0);
        let found = index.resemblance().alike(&index.sections, typed.as_bytes(), false);
        let text = |token| String::from_utf8_lossy(index.sections.token(token)).into_owned();
        found.into_iter().map(|(token, sim)| (text(token), sim)).collect()
    }

    #[test]
    fn misspelt_words_are_found() {
        let words = ["novalpina", "northpole", "technologies", "holding", "nso", "lavie"];
        for (typed, word) in [
            ("novaplina", "novalpina"),
            ("novalpna", "novalpina"),
            ("norhtpole", "northpole"),
            ("tecnologys", "technologies"),
            ("holdings", "holding"),
            ("lavy", "lavie"),
            ("pole", "northpole"),
        ] {
            let found = alike(&words, typed);
            assert_eq!(found.first().map_or("", |(found, _)| found.as_str()), if typed == "lavy" { "" } else { word });
        }
    }

    #[test]
    fn rival_transliterations_sound_alike() {
        assert_eq!(Sound::of(b"yeltsin"), Sound::of(b"eltsin"));
        assert_eq!(Sound::of(b"muhammad"), Sound::of(b"mohamed"));
        assert_eq!(Sound::of(b"mhmd"), Sound::of(b"muhammad"));
        assert_ne!(Sound::of(b"capital"), Sound::of(b"holding"));
        assert_eq!(alike(&["khodorkovsky", "holding"], "hodorkovskii").len(), 1);
        assert_eq!(alike(&["mohammed", "holding"], "mhmd"), [("mohammed".to_owned(), SAME_SOUND)]);
    }

    #[test]
    fn numbers_are_exact_and_words_with_digits_are_words() {
        assert!([&b"03411393"[..], b"5493007pf500r080kj38", b"fc0123", b"2"].iter().all(|number| is_number(number)));
        assert!(![&b"21st"[..], b"1stnational", b"abc123", b"northpole", b""].iter().any(|word| is_number(word)));
        let words = ["03411393", "fc0123", "1stnational", "brand2market", "2021", "hrb1024", "abc123"];
        for number in
            ["03411394", "0341139", "fc0124", "411393", "2012", "hrb124", "abc124", "abcd0123", "brand3market"]
        {
            assert_eq!(alike(&words, number), [], "{number}");
        }
        for (typed, word) in [("1stnationl", "1stnational"), ("brand2markt", "brand2market"), ("abcc123", "abc123")] {
            assert_eq!(alike(&words, typed).first().map(|(word, _)| word.as_str()), Some(word));
        }
    }

    #[test]
    fn every_piece_has_a_list() {
        let largest = pieces(b"999").max();
        assert!(largest.is_some_and(|piece| (piece as usize) < PIECES));
        assert_eq!(pieces(b"").count(), 0);
        assert_eq!(pieces(b"abc").count(), 3);
    }
}
