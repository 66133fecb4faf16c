//! Where plain values end.

use super::Kind;

/// Digits with which a decimal number is exact, however it is read.
const MOST_DIGITS: usize = 15;

/// The length of the plain value that some bytes begin with; `None` where there is none, or one for the library.
pub(super) fn value_end(kind: Kind, bytes: &[u8]) -> Option<usize> {
    match kind {
        Kind::Text => text_end(bytes),
        Kind::Number => number_end(bytes),
        Kind::Flag => ["true", "false"].into_iter().find(|flag| bytes.starts_with(flag.as_bytes())).map(str::len),
    }
}

/// Where a string without escapes ends: eight bytes at a time, as most strings are short.
///
/// The sums find a byte below another in a word ("Bit Twiddling Hacks", S. E. Anderson); only bytes after the first
/// one found may be found in error.
fn text_end(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let (quote, escape) = (word ^ (ONES * u64::from(b'"')), word ^ (ONES * u64::from(b'\\')));
        let found = below(quote, 1) | below(escape, 1) | below(word, 0x20);
        if found != 0 {
            return ends_text(bytes, number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let end = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    ends_text(bytes, words.len() * 8 + end)
}

fn ends_text(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes[at] == b'"').then_some(at)
}

/// Where a number ends that has no exponent and few digits.
fn number_end(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(sign);
    if whole == 0 || (whole > 1 && bytes[sign] == b'0') {
        return None;
    }
    let end = sign + whole;
    if bytes.get(end) != Some(&b'.') {
        return (whole <= MOST_DIGITS).then_some(end);
    }
    let fraction = digits(end + 1);
    (fraction > 0 && whole + fraction <= MOST_DIGITS).then_some(end + 1 + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_with_its_quote_wherever_that_is() {
        for length in 0..40 {
            for filler in ["x", "é", "\u{7f}"] {
                let text = filler.repeat(length);
                for after in ["", ",", "\\\"\u{1}", "\"\"\"\"\"\"\"\"\"\"\"\""] {
                    assert_eq!(text_end(format!("{text}\"{after}").as_bytes()), Some(text.len()), "{text:?} {after:?}");
                }
                for other in ["", "\\\"", "\u{1f}\"", "\n\""] {
                    assert_eq!(text_end(format!("{text}{other}").as_bytes()), None, "{text:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn numbers_and_flags_end_where_json_ends_them() {
        for (bytes, end) in [
            ("7.57}", Some(4)),
            ("-0", Some(2)),
            ("0.5,", Some(3)),
            ("123456789012345", Some(15)),
            ("1234567890123456", None),
            ("1.234567890123456", None),
            ("01", None),
            ("1.", None),
            (".5", None),
            ("-", None),
            ("", None),
            ("1e5", Some(1)),
        ] {
            assert_eq!(value_end(Kind::Number, bytes.as_bytes()), end, "{bytes}");
        }
        let flags = ["true}", "false", "tru", "\"true\""].map(|bytes| value_end(Kind::Flag, bytes.as_bytes()));
        assert_eq!(flags, [Some(4), Some(5), None, None]);
    }
}
