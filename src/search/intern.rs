//! Tokens by number while an index is built.

/// Tokens, of lower-case ASCII letters and digits, in order of appearance. A word that was seen lately has the number that it had then; what was not may get a second
/// number, and those of one text come together when tokens are sorted. So all that is looked at for each token of a name
/// stays in the cache, however many tokens there are.
pub(super) struct Interner {
    /// The first letters of each token, see [`start`].
    starts: Vec<u64>,
    /// Where what a token has beyond them ends in `rests`.
    ends: Vec<u32>,
    rests: Vec<u8>,
    /// Letters of all tokens.
    text_bytes: usize,
    /// First letters and numbers of tokens seen lately, each in the place of its hash.
    recent: Box<[(u64, u32)]>,
}

/// Letters in a [`start`].
const START: usize = size_of::<u64>();
const RECENT_BITS: u32 = 14;
/// Letters from which on a token that begins with a digit is taken for a number of its name alone.
const LEAST_NUMBER: usize = 6;

impl Interner {
    pub(super) fn new() -> Self {
        // No token begins with nothing.
        let recent = vec![(0, 0); 1 << RECENT_BITS].into();
        Self { starts: Vec::new(), ends: Vec::new(), rests: Vec::new(), text_bytes: 0, recent }
    }

    /// Letters of all tokens, those with two numbers counted twice.
    pub(super) fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// The first letters of all tokens.
    pub(super) fn starts(&self) -> &[u64] {
        &self.starts
    }

    /// What the token with this number has beyond its [`start`].
    pub(super) fn rest(&self, number: u32) -> &[u8] {
        let i = number as usize;
        let from = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.rests[from..self.ends[i] as usize]
    }

    /// A number of `token`, new or old.
    pub(super) fn intern(&mut self, token: &[u8]) -> u32 {
        let start = start(token);
        let rest = token.get(START..).unwrap_or_default();
        if is_number(token) {
            return self.add(token, start, rest);
        }
        let last = rest.last_chunk().map_or(rest.len() as u64, |last| u64::from_le_bytes(*last));
        let place = mix(start ^ last.rotate_left(32), 0x9e37_79b9_7f4a_7c15) >> (u64::BITS - RECENT_BITS);
        let (found, number) = self.recent[place as usize];
        if found == start && (!goes_on(start) || self.rest(number) == rest) {
            return number;
        }
        let number = self.add(token, start, rest);
        self.recent[place as usize] = (start, number);
        number
    }

    fn add(&mut self, token: &[u8], start: u64, rest: &[u8]) -> u32 {
        let number = self.starts.len() as u32;
        self.starts.push(start);
        self.rests.extend_from_slice(rest);
        self.ends.push(self.rests.len() as u32);
        self.text_bytes += token.len();
        number
    }
}

/// Bits of a letter in a [`start`].
const LETTER_BITS: u32 = 6;
/// Bits of a [`start`].
pub(super) const START_BITS: u32 = LETTER_BITS * START as u32 + 1;
/// The same byte eight times.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The first eight letters and digits as a number that sorts as they do: six bits each, zero where there are fewer, and a last
/// bit where there are more.
pub(super) const fn start(token: &[u8]) -> u64 {
    let bytes = match token.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let (mut letters, mut i) = (0, 0);
            while i < token.len() {
                letters = letters << 8 | token[i] as u64;
                i += 1;
            }
            letters << ((8 * (START - token.len())) % 64)
        }
    };
    // Digits become 16 to 25, letters 33 to 58. Then pairs are put together, pairs of pairs, and the halves.
    let letters = bytes & (0x1f * EACH) | (bytes & (0x40 * EACH)) >> 1;
    let pairs = letters & 0x003f_003f_003f_003f | (letters & 0x3f00_3f00_3f00_3f00) >> 2;
    let fours = pairs & 0x0000_0fff_0000_0fff | (pairs & 0x0fff_0000_0fff_0000) >> 4;
    let eight = fours & 0x00ff_ffff | (fours & 0x00ff_ffff_0000_0000) >> 8;
    eight << 1 | (token.len() > START) as u64
}

/// The letters of a [`start`], zero where there are fewer than eight.
pub(super) fn letters(start: u64) -> [u8; START] {
    let eight = start >> 1;
    let fours = eight & 0x00ff_ffff | (eight << 8) & 0x00ff_ffff_0000_0000;
    let pairs = fours & 0x0000_0fff_0000_0fff | (fours << 4) & 0x0fff_0000_0fff_0000;
    let letters = pairs & 0x003f_003f_003f_003f | (pairs << 2) & 0x3f00_3f00_3f00_3f00;
    let are_letters = letters & (0x20 * EACH);
    let are_digits = letters & (0x10 * EACH) & !(are_letters >> 1);
    (letters + (are_letters << 1) + (are_digits << 1)).to_be_bytes()
}

/// Whether a token is likely a number of its name alone, which need not be looked up, nor drive out a word.
fn is_number(token: &[u8]) -> bool {
    token.len() >= LEAST_NUMBER && token[0].is_ascii_digit()
}

/// Whether a token that begins so goes on.
pub(super) fn goes_on(start: u64) -> bool {
    start & 1 == 1
}

/// Multiplies to 128 bits and folds the halves together.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    (wide as u64) ^ ((wide >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_seen_lately_keep_their_numbers() {
        let mut tokens = Interner::new();
        let words = ["a", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghij", "abcdefghijklmnopqrst", "0"];
        for _ in 0..3 {
            let numbers: Vec<u32> = words.iter().map(|word| tokens.intern(word.as_bytes())).collect();
            assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6]);
        }
        assert_eq!((tokens.intern(b"123456"), tokens.intern(b"123456"), tokens.starts().len()), (7, 8, 9));
        let rests: Vec<&[u8]> = (0..7).map(|number| tokens.rest(number)).collect();
        assert_eq!(rests, [&b""[..], b"", b"", b"i", b"ij", b"ijklmnopqrst", b""]);
        assert_eq!(tokens.text_bytes(), words.concat().len() + 12);
    }

    #[test]
    fn starts_sort_as_their_tokens() {
        let words: [&[u8]; 6] = [b"0", b"00", b"a", b"abcdefg", b"abcdefgh", b"abcdefghi"];
        assert!(words.map(start).is_sorted_by(|a, b| a < b));
        assert_eq!(start(b"abcdefgh") + 1, start(b"abcdefghi"));
        assert_eq!(start(b"abcdefghi"), start(b"abcdefghij"));
        assert!(start(b"zzzzzzzz") < 1 << START_BITS);
        assert_eq!(words.map(|word| goes_on(start(word))), [false, false, false, false, false, true]);
    }

    #[test]
    fn letters_come_back_from_a_start() {
        let alphabet = b"0123456789abcdefghijklmnopqrstuvwxyz";
        assert!(alphabet.map(|letter| start(&[letter])).is_sorted_by(|a, b| a < b));
        for token in alphabet.windows(8).chain(alphabet.windows(3)).chain([&b"z9"[..], b"0"]) {
            assert_eq!(letters(start(token))[..token.len()], *token);
            assert!(letters(start(token))[token.len()..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn however_many_tokens_there_are_each_is_kept() {
        let mut tokens = Interner::new();
        for word in (0..200_000u32).map(|i| format!("word{}", i % 90_000)) {
            let number = tokens.intern(word.as_bytes());
            let first = letters(tokens.starts()[number as usize]);
            assert_eq!([&first[..word.len().min(START)], tokens.rest(number)].concat(), word.as_bytes());
        }
    }
}
