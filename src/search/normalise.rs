//! Names as search keys: one plain spelling for the many ways a name is written.
//!
//! A key is lower-case ASCII letters and digits in tokens. On the way there
//!
//! - other scripts are transliterated (`Газпром` → `gazprom`), accents and presentation forms go,
//! - invisible and direction-changing characters vanish, punctuation separates,
//! - dotted initials become a word (`N.S.O.` → `nso`), apostrophes join (`O'Connor` → `oconnor`),
//! - `&` becomes `and`, and legal forms get one spelling (`Limited` → `ltd`, `S.à r.l.` → `sarl`).
//!
//! The key of a name is for finding it; it is never shown and never proves that two parties are one.

use std::ops::Range;

use any_ascii::any_ascii_char;

use crate::search::chars::{self, Class};
use crate::search::legal;

/// Tokens kept of one name; what follows counts through a fingerprint only.
pub(crate) const MAX_TOKENS: usize = 32;
/// Bytes of a key kept of one name.
const MAX_BYTES: usize = 512;
/// Longest run of letters kept as one token.
const MAX_TOKEN_BYTES: usize = 128;
/// Bytes of a name that are folded; the rest is fingerprinted.
const MAX_INPUT: usize = 4096;

/// A name as tokens, reusable for name after name.
///
/// ```
/// use cuibono::search::Folded;
///
/// let mut name = Folded::new();
/// name.fold("N.S.O. Group Technologies Limited");
/// assert_eq!(name.tokens().collect::<Vec<_>>(), ["nso", "group", "technologies", "ltd"]);
/// assert_eq!(name.core_key(), "nso group technologies");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Folded {
    text: String,
    tokens: Vec<(u32, u32)>,
    core: Range<usize>,
    /// The first token is a legal form recognised by its script.
    script_form_first: bool,
}

impl Folded {
    /// Nothing folded yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Folds `name`, forgetting what was folded before.
    ///
    /// The work is bounded: of a name beyond some thousand characters the rest is only fingerprinted, so
    /// that two long names are still told apart by their ends.
    pub fn fold(&mut self, name: &str) {
        self.text.clear();
        self.tokens.clear();
        self.script_form_first = false;
        let mut folder = Folder::new(self);
        let read = folder.read(name);
        folder.end_token(false);
        if self.tokens.is_empty() && read == name.len() {
            self.fold_signs(name);
        }
        if read < name.len() {
            self.push_fingerprint(&name.as_bytes()[read..]);
        }
        legal::fold_forms(self);
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// True when nothing visible was folded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokens in order, legal forms included.
    #[must_use]
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tokens.iter().map(|&(start, end)| &self.text[start as usize..end as usize])
    }

    /// Where the tokens stand that are not legal form. Never empty unless the name is.
    #[must_use]
    pub fn core(&self) -> Range<usize> {
        self.core.clone()
    }

    /// All tokens, separated by single spaces.
    #[must_use]
    pub fn key(&self) -> String {
        self.join(0..self.len())
    }

    /// The tokens without the legal form, separated by single spaces.
    #[must_use]
    pub fn core_key(&self) -> String {
        self.join(self.core())
    }

    fn join(&self, range: Range<usize>) -> String {
        self.tokens().skip(range.start).take(range.len()).collect::<Vec<_>>().join(" ")
    }

    /// The token at `i`, empty beyond the end.
    pub(super) fn token(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |&(start, end)| &self.text[start as usize..end as usize])
    }

    /// True when `words` stand at `i`.
    pub(super) fn has_at(&self, i: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(k, word)| self.token(i + k) == *word)
    }

    /// Puts `word` in the place of the tokens `from..to`.
    pub(super) fn replace(&mut self, from: usize, to: usize, word: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(word);
        let token = (start, self.text.len() as u32);
        match self.tokens.get_mut(from) {
            Some(place) if to == from + 1 => *place = token,
            _ => drop(self.tokens.splice(from..to, [token])),
        }
    }

    /// Says which tokens are the name without its legal form.
    pub(super) fn set_core(&mut self, start: usize, end: usize) {
        self.core = start..end;
    }

    /// Puts a legal form that its script writes before the name behind it: both orders are in use.
    pub(super) fn move_script_form(&mut self) {
        if self.script_form_first {
            self.tokens.rotate_left(1);
        }
    }

    /// Names of signs alone (`???`, `!!!`) keep their signs, as code points, so that they can be found.
    fn fold_signs(&mut self, name: &str) {
        let is_sign = |c: &char| !c.is_whitespace() && !c.is_control() && !chars::is_invisible(*c);
        let mut visible = name.chars().filter(is_sign);
        let mut sign = String::new();
        for c in visible.by_ref().take(MAX_TOKEN_BYTES / 8) {
            sign.push('u');
            sign.extend(c.escape_unicode().filter(char::is_ascii_hexdigit));
        }
        if !sign.is_empty() {
            self.replace(0, 0, &sign);
        }
        if visible.next().is_some() {
            self.push_fingerprint(name.as_bytes());
        }
    }

    /// Adds a token that stands for the unread rest of a very long name.
    fn push_fingerprint(&mut self, rest: &[u8]) {
        let end = self.tokens.len().min(MAX_TOKENS - 1);
        self.tokens.truncate(end);
        self.replace(end, end, &format!("x{:016x}", fingerprint(rest)));
    }
}

/// FNV-1a: the same on every machine and in every version.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The search key of a name, legal form kept: what two spellings of one name share.
///
/// ```
/// use cuibono::search::key;
///
/// assert_eq!(key("Q Cyber Technologies S.à r.l."), "q cyber technologies sarl");
/// assert_eq!(key("ООО «Газпром»"), "ooo gazprom");
/// ```
#[must_use]
pub fn key(name: &str) -> String {
    let mut folded = Folded::new();
    folded.fold(name);
    folded.key()
}

/// The search key of a name, legal form dropped.
///
/// ```
/// assert_eq!(cuibono::search::core_key("Johnson & Johnson, Inc."), "johnson and johnson");
/// ```
#[must_use]
pub fn core_key(name: &str) -> String {
    let mut folded = Folded::new();
    folded.fold(name);
    folded.core_key()
}

/// Reads a name character by character into tokens.
struct Folder<'f> {
    out: &'f mut Folded,
    /// Where the token being read begins.
    start: usize,
    /// Source letters in it; digits count double, so that they are never initials.
    letters: u32,
    /// The last token is made of initials and a dot follows it.
    open_initials: bool,
    /// The last token is made of initials.
    initials: bool,
}

impl<'f> Folder<'f> {
    fn new(out: &'f mut Folded) -> Self {
        Self { out, start: 0, letters: 0, open_initials: false, initials: false }
    }

    /// Reads until the end or a limit; how many bytes were read.
    fn read(&mut self, name: &str) -> usize {
        let bytes = name.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if self.is_full(at) {
                return at;
            }
            if bytes[at].is_ascii_alphanumeric() {
                at += self.run(&name[at..]);
            } else if bytes[at].is_ascii() {
                self.ascii(bytes[at], 1);
                at += 1;
            } else {
                at += self.other(&name[at..]);
            }
        }
        at
    }

    fn is_full(&self, at: usize) -> bool {
        at >= MAX_INPUT || self.out.text.len() >= MAX_BYTES || self.out.tokens.len() >= MAX_TOKENS
    }

    /// Reads the ASCII letters and digits that `rest` begins with; how many.
    fn run(&mut self, rest: &str) -> usize {
        let room = MAX_TOKEN_BYTES.saturating_sub(self.out.text.len() - self.start).max(1);
        let length = rest.bytes().take(room).take_while(u8::is_ascii_alphanumeric).count();
        if length == 1 {
            self.ascii(rest.as_bytes()[0], 1);
            return 1;
        }
        let from = self.out.text.len();
        self.out.text.push_str(&rest[..length]);
        self.out.text[from..].make_ascii_lowercase();
        self.letters += 2;
        length
    }

    fn ascii(&mut self, byte: u8, letters: u32) {
        match chars::ascii_class(byte) {
            Class::Letter(letter) => {
                self.letters += if letter.is_ascii_digit() { 2 } else { letters };
                if self.out.text.len() - self.start >= MAX_TOKEN_BYTES {
                    self.end_token(false);
                }
                self.out.text.push(char::from(letter));
            }
            Class::Space => self.end_token(false),
            Class::Dot => self.end_token(true),
            Class::Joiner => {}
            Class::And => self.word("and"),
        }
    }

    /// Reads one character beyond ASCII, with what belongs to it; how many bytes that was.
    fn other(&mut self, rest: &str) -> usize {
        let mut following = rest.chars();
        let Some(mut c) = following.next() else {
            return rest.len();
        };
        if let Some((form, bytes)) = is_script_with_forms(c).then(|| legal::script_form(rest)).flatten() {
            self.word(form);
            self.out.script_form_first |= self.out.tokens.len() == 1;
            return bytes;
        }
        let mut used = c.len_utf8();
        for next in following.take(2) {
            let Some(whole) = chars::compose(c, next).or_else(|| chars::compose_hangul(c, next)) else {
                break;
            };
            c = whole;
            used += next.len_utf8();
        }
        self.transliterate(c);
        used
    }

    fn transliterate(&mut self, c: char) {
        if chars::is_invisible(c) || chars::is_mark(c) {
            return;
        }
        if c.is_whitespace() {
            return self.end_token(false);
        }
        if !c.is_alphanumeric() && is_apostrophe(c) {
            return;
        }
        let mut letters = 1;
        for byte in any_ascii_char(c).bytes() {
            self.ascii(byte, letters);
            letters = 0;
        }
    }

    /// Ends the token being read, joining it to the initials before it where it is one more.
    fn end_token(&mut self, dot: bool) {
        let end = self.out.text.len();
        if end == self.start {
            self.open_initials |= dot && self.initials;
            return;
        }
        let single = self.letters == 1;
        match self.out.tokens.last_mut() {
            Some(last) if single && self.open_initials => last.1 = end as u32,
            _ => self.out.tokens.push((self.start as u32, end as u32)),
        }
        self.initials = single;
        self.open_initials = single && dot;
        self.start = end;
        self.letters = 0;
    }

    /// A token of its own.
    fn word(&mut self, word: &str) {
        self.end_token(false);
        self.out.text.push_str(word);
        self.letters = 2;
        self.end_token(false);
    }
}

/// Scripts for which [`legal::script_form`] knows forms: Hebrew, Arabic, Han, Hangul and the enclosed signs.
fn is_script_with_forms(c: char) -> bool {
    matches!(u32::from(c), 0x5d1 | 0x630 | 0x634 | 0x3200..=0x32ff | 0x4e00..=0x9fff | 0xac00..=0xd7a3)
}

/// Signs used as apostrophes or as Hebrew abbreviation marks.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '´' | '＇' | '׳' | '״')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names() {
        for (name, folded) in [
            ("NSO Group Technologies Ltd", "nso group technologies ltd"),
            ("N.S.O. Group Technologies Ltd", "nso group technologies ltd"),
            ("N. S. O. Group", "nso group"),
            ("J.P. Morgan & Co", "jp morgan and co"),
            ("Smith J.", "smith j"),
            ("Plan B S.A.", "plan b sa"),
            ("Version 3.5.1", "version 3 5 1"),
            ("O'Connor, Finbarr", "oconnor finbarr"),
            ("O’Connor", "oconnor"),
            ("CS-Circles Solutions", "cs circles solutions"),
            ("AT&T", "at and t"),
            ("  many   spaces\t\n", "many spaces"),
            ("William \"Beau\" Wrigley", "william beau wrigley"),
            ("Laboratoire X.O.", "laboratoire xo"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(key(name), folded, "{name}");
        }
    }

    #[test]
    fn other_scripts_are_transliterated() {
        for (name, folded) in [
            ("Газпром", "gazprom"),
            ("Борис Николаевич Ельцин", "boris nikolaevich eltsin"),
            ("Crédit Agricole Île-de-France", "credit agricole ile de france"),
            ("Weiß Straße", "weiss strasse"),
            ("İstanbul Işık", "istanbul isik"),
            ("Εθνική", "ethniki"),
            ("深圳", "shenzhen"),
            ("トヨタ", "toyota"),
            ("삼성", "samseong"),
            ("محمد", "mhmd"),
            ("שלו", "slv"),
            ("ＮＳＯ　Ｇｒｏｕｐ", "nso group"),
            ("𝐍𝐒𝐎 ﬁne", "nso fine"),
            ("Ю. А. Гагарин", "yua gagarin"),
        ] {
            assert_eq!(key(name), folded, "{name}");
        }
    }

    #[test]
    fn composed_and_decomposed_are_one() {
        for (one, other) in [
            ("é", "e\u{301}"),
            ("Ромашкой", "Ромашкои\u{306}"),
            ("ガ", "カ\u{3099}"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
            ("Å", "Å"),
            ("مُحَمَّد", "محمد"),
            ("חוּלִיוֹ", "חוליו"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }

    #[test]
    fn invisible_characters_do_not_matter() {
        assert_eq!(key("N\u{200b}S\u{202e}O\u{2069} \u{feff}Gr\u{ad}oup\u{e0041}"), "nso group");
        assert_eq!(key("NSO\0\u{1b}[31m"), "nso 31m");
        assert_eq!(key("\u{200b}\u{202e}\u{feff}"), "");
    }

    #[test]
    fn names_of_signs_keep_them() {
        assert_eq!(key("!!!"), "u21u21u21");
        assert_eq!(key("—"), "u2014");
        assert_ne!(key("???"), key("!!!"));
    }

    #[test]
    fn long_names_are_cut_and_still_told_apart() {
        let long = "word ".repeat(200_000);
        let mut folded = Folded::new();
        folded.fold(&long);
        assert!(folded.len() <= MAX_TOKENS + 1 && folded.key().len() < 1024);
        assert_ne!(key(&long), key(&format!("{long}x")));
        assert_eq!(key(&long), key(&long.clone()));
        let (letters, signs) = ("a".repeat(1_000_000), "\u{301}".repeat(1_000_000));
        assert!(key(&letters).len() < 1024 && key(&signs).len() < 1024);
    }

    #[test]
    fn a_key_is_its_own_key() {
        for name in ["NSO Group Technologies Ltd", "Acme GmbH & Co. KG", "ООО «Ромашка»", "株式会社トヨタ", "!!!"]
        {
            assert_eq!(key(&key(name)), key(name));
        }
    }
}
