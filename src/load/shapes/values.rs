//! Where plain values end.

use super::Kind;

/// Digits with which a decimal number is exact, however it is read.
const MOST_DIGITS: usize = 15;

/// The length of the plain value that some bytes begin with; `None` where there is none, or one for the library.
pub(super) fn value_end(kind: Kind, bytes: &[u8]) -> Option<usize> {
    match kind {
        Kind::Text => text_end(bytes),
        Kind::Number => number_end(bytes),
        Kind::Flag => match bytes {
            [b't', b'r', b'u', b'e', ..] => Some(4),
            [b'f', b'a', b'l', b's', b'e', ..] => Some(5),
            _ => None,
        },
    }
}

/// Bytes that are looked at together: more than most strings have, so that the processor rarely guesses wrong where one ends.
const BLOCK: usize = 16;

/// Where a string without escapes ends.
fn text_end(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        if let Some(end) = no_text(block) {
            return ends_text(bytes, number * BLOCK + end);
        }
    }
    let end = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    ends_text(bytes, blocks.len() * BLOCK + end)
}

/// The first byte that no string can hold without an escape.
#[inline]
fn no_text(block: &[u8; BLOCK]) -> Option<usize> {
    let (halves, _) = block.as_chunks::<8>();
    let [first, second] = halves else { return None };
    let (first, second) = (ends_in(*first), ends_in(*second));
    if first | second == 0 {
        return None;
    }
    let (before, found) = if first == 0 { (8, second) } else { (0, first) };
    Some(before + found.trailing_zeros() as usize / 8)
}

/// The sums find a byte below another in a word ("Bit Twiddling Hacks", S. E. Anderson); only bytes after the first
/// one found may be found in error.
#[inline]
fn ends_in(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let word = u64::from_le_bytes(word);
    let (quote, escape) = (word ^ (ONES * u64::from(b'"')), word ^ (ONES * u64::from(b'\\')));
    below(quote, 1) | below(escape, 1) | below(word, 0x20)
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
