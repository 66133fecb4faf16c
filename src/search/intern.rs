//! Tokens by number while an index is built.

/// Tokens in order of appearance. One that was seen lately has the number that it had then; one that was not may get a second
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
const RECENT_BITS: u32 = 15;

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
        let last = rest.last_chunk().map_or(rest.len() as u64, |last| u64::from_le_bytes(*last));
        let place = mix(start ^ last.rotate_left(32), 0x9e37_79b9_7f4a_7c15) >> (u64::BITS - RECENT_BITS);
        let (found, number) = self.recent[place as usize];
        if found == start && (!may_go_on(start) || self.rest(number) == rest) {
            return number;
        }
        let number = self.starts.len() as u32;
        self.starts.push(start);
        self.rests.extend_from_slice(rest);
        self.ends.push(self.rests.len() as u32);
        self.text_bytes += token.len();
        self.recent[place as usize] = (start, number);
        number
    }
}

/// The first eight letters as a number that sorts as they do; zeros where there are fewer.
pub(super) fn start(token: &[u8]) -> u64 {
    if let Some(first) = token.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let letters = token.iter().fold(0u64, |letters, byte| letters << 8 | u64::from(*byte));
    letters << (8 * (START - token.len())) % 64
}

/// Whether a token that begins so may be longer.
pub(super) fn may_go_on(start: u64) -> bool {
    start as u8 != 0
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
        let rests: Vec<&[u8]> = (0..7).map(|number| tokens.rest(number)).collect();
        assert_eq!(rests, [&b""[..], b"", b"", b"i", b"ij", b"ijklmnopqrst", b""]);
        assert_eq!(tokens.text_bytes(), words.concat().len());
    }

    #[test]
    fn starts_sort_as_their_tokens() {
        let words: [&[u8]; 6] = [b"0", b"00", b"a", b"abcdefg", b"abcdefgh", b"b"];
        assert!(words.map(start).is_sorted_by(|a, b| a < b));
        assert_eq!(start(b"abcdefgh"), start(b"abcdefghi"));
        assert_eq!(words.map(|word| may_go_on(start(word))), [false, false, false, false, true, false]);
    }

    #[test]
    fn however_many_tokens_there_are_each_is_kept() {
        let mut tokens = Interner::new();
        for word in (0..200_000u32).map(|i| format!("word{}", i % 90_000)) {
            let number = tokens.intern(word.as_bytes());
            let first = tokens.starts()[number as usize].to_be_bytes();
            let first = &first[..word.len().min(START)];
            assert_eq!([first, tokens.rest(number)].concat(), word.as_bytes());
        }
    }
}
