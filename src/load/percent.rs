//! Shares as tables and free text write them.

use crate::model::share::ShareError;
use crate::model::{Share, ShareRange};

/// Reads what [`ShareRange::parse`] reads, with a decimal comma too: `33,3`, `33,3-50`, `(33,3;50]`.
///
/// In an interval with one comma the comma separates its ends, as the command line writes it.
pub(super) fn share(text: &str) -> Result<ShareRange, ShareError> {
    if let Some(share) = plain(text.as_bytes()) {
        return Ok(ShareRange::exact(share));
    }
    if memchr::memchr(b',', text.as_bytes()).is_none() {
        return ShareRange::parse(text);
    }
    let interval = text.trim_start().starts_with(['(', '[']) && !text.contains(';');
    if interval || text.contains('.') {
        return ShareRange::parse(text);
    }
    ShareRange::parse(&text.replace(',', "."))
}

/// The share that nearly all texts are: one to three digits, perhaps a point or a comma and one to seven more.
fn plain(text: &[u8]) -> Option<Share> {
    let point = text.iter().position(|byte| matches!(byte, b'.' | b','));
    let (whole, decimals) = match point {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &b"0"[..]),
    };
    if !(1..=3).contains(&whole.len()) || !(1..=7).contains(&decimals.len()) {
        return None;
    }
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
    };
    let ppb = number(whole)? * 10_000_000 + number(decimals)? * 10u64.pow(7 - decimals.len() as u32);
    (ppb <= u64::from(Share::WHOLE.ppb())).then(|| Share::from_ppb(ppb as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_what_the_long_way_makes_of_them() {
        let mut seen = 0;
        for whole in ["0", "7", "00", "025", "33", "99", "100", "101", "1000", ""] {
            for decimals in ["", ".", ".5", ".25", ".3333333", ".33333335", ".0000001", ".9999999", ".x", "0"] {
                let text = format!("{whole}{decimals}");
                let long = ShareRange::parse(&text);
                assert_eq!(share(&text), long, "{text}");
                seen += usize::from(plain(text.as_bytes()).is_some());
            }
        }
        assert_eq!(seen, 41);
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_can_be_nothing_else() {
        for (written, meant) in [
            ("33,3", "33.3"),
            ("51,5 %", "51.5"),
            (">25,5", ">25.5"),
            ("33,3-50,25", "33.3-50.25"),
            ("(33,3;50]", "(33.3,50]"),
            ("(25,50]", "(25,50]"),
            ("12.5", "12.5"),
        ] {
            assert_eq!(share(written), ShareRange::parse(meant), "{written}");
        }
        for wrong in ["1,2,3", "1.000,5", ",", "(1,2,3]"] {
            assert_eq!(share(wrong), Err(ShareError::NotANumber), "{wrong}");
        }
        assert_eq!(share("250,5"), Err(ShareError::AboveWhole));
    }
}
