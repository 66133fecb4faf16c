//! One character at a time: what it means for a search key.

/// What one character of a name does to the key being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit; the lower-case byte.
    Letter(u8),
    /// Ends a token.
    Space,
    /// Ends a token, and may join initials: `N.S.O.`, `A/S`.
    Dot,
    /// Joins what stands around it: `O'Connor`.
    Joiner,
    /// The word "and".
    And,
}

/// The class of an ASCII character; control characters other than white space vanish like joiners.
pub(super) fn ascii_class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' => Class::Letter(byte),
        b'A'..=b'Z' => Class::Letter(byte | 0x20),
        b'.' | b'/' => Class::Dot,
        b'\'' | b'`' => Class::Joiner,
        b'&' => Class::And,
        b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
        0..=0x1f | 0x7f => Class::Joiner,
        _ => Class::Space,
    }
}

/// True for characters that nobody sees: bidirectional controls, zero-width characters, variation
/// selectors, tags, C1 controls, and the vowel points that Hebrew and Arabic may leave out.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x80..=0x84 | 0x86..=0x9f
        | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
        | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
        | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
        || is_optional_point(c)
}

/// Vowel points and lengthening marks that the same name is written with and without.
fn is_optional_point(c: char) -> bool {
    matches!(u32::from(c),
        0x591..=0x5bd | 0x5bf..=0x5c7 | 0x610..=0x61a | 0x640 | 0x64b..=0x65f | 0x670
        | 0x6d6..=0x6ed | 0xfb1e)
}

/// True for combining marks, which change a letter but are none.
pub(super) fn is_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36f | 0x483..=0x489 | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff | 0x3099..=0x309a | 0xfe20..=0xfe2f)
}

/// Puts a letter and the mark after it together where the pair transliterates differently from the
/// letter alone: Cyrillic short i, and voiced kana.
///
/// Everything else that Unicode composes loses its mark in transliteration anyway.
pub(super) fn compose(letter: char, mark: char) -> Option<char> {
    let step = match (letter, mark) {
        ('и', '\u{306}') => return Some('й'),
        ('И', '\u{306}') => return Some('Й'),
        ('う', '\u{3099}') => return Some('ゔ'),
        ('ウ', '\u{3099}') => return Some('ヴ'),
        (_, '\u{3099}') if is_voiceable(letter) => 1,
        (_, '\u{309a}') if is_h_kana(letter) => 2,
        _ => return None,
    };
    char::from_u32(u32::from(letter) + step)
}

/// Kana whose voiced form is the next code point.
fn is_voiceable(c: char) -> bool {
    let code = u32::from(c);
    let hiragana = if (0x30a1..=0x30f6).contains(&code) { code - 0x60 } else { code };
    match hiragana {
        0x304b..=0x3062 => hiragana % 2 == 1,
        0x3064..=0x3069 => hiragana % 2 == 0,
        0x306f..=0x307d => (hiragana - 0x306f).is_multiple_of(3),
        _ => false,
    }
}

/// Kana of the h row, which also have a form with p.
fn is_h_kana(c: char) -> bool {
    let code = u32::from(c);
    let hiragana = if (0x30a1..=0x30f6).contains(&code) { code - 0x60 } else { code };
    (0x306f..=0x307d).contains(&hiragana) && (hiragana - 0x306f).is_multiple_of(3)
}

/// Puts two conjoining Hangul letters (or a syllable and a final) together.
pub(super) fn compose_hangul(first: char, second: char) -> Option<char> {
    let (a, b) = (u32::from(first), u32::from(second));
    match (a, b) {
        (0x1100..=0x1112, 0x1161..=0x1175) => char::from_u32(0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28),
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (a - 0xac00).is_multiple_of(28) => char::from_u32(a + (b - 0x11a7)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voiced_kana_are_composed() {
        let marks = [('か', '\u{3099}', 'が'), ('ジ', '\u{3099}', '\0'), ('シ', '\u{3099}', 'ジ')];
        for (letter, mark, whole) in marks {
            assert_eq!(compose(letter, mark).unwrap_or('\0'), whole);
        }
        assert_eq!(compose('つ', '\u{3099}'), Some('づ'));
        assert_eq!(compose('ハ', '\u{309a}'), Some('パ'));
        assert_eq!(compose('ホ', '\u{3099}'), Some('ボ'));
        assert_eq!(compose('ま', '\u{3099}'), None);
    }

    #[test]
    fn hangul_letters_become_syllables() {
        let open = compose_hangul('\u{1112}', '\u{1161}');
        assert_eq!(open, Some('하'));
        assert_eq!(open.and_then(|c| compose_hangul(c, '\u{11ab}')), Some('한'));
        assert_eq!(compose_hangul('한', '\u{11ab}'), None);
    }

    #[test]
    fn direction_marks_are_invisible_and_letters_are_not() {
        assert!("\u{202e}\u{2066}\u{200d}\u{feff}\u{e0041}\u{ad}".chars().all(is_invisible));
        assert!(!"aжא字 -".chars().any(is_invisible));
    }
}
