//! Shares as tables and free text write them.

use crate::model::ShareRange;
use crate::model::share::ShareError;

/// Reads what [`ShareRange::parse`] reads, with a decimal comma too: `33,3`, `33,3-50`, `(33,3;50]`.
///
/// In an interval with one comma the comma separates its ends, as the command line writes it.
pub(super) fn share(text: &str) -> Result<ShareRange, ShareError> {
    if memchr::memchr(b',', text.as_bytes()).is_none() {
        return ShareRange::parse(text);
    }
    let interval = text.trim_start().starts_with(['(', '[']) && !text.contains(';');
    if interval || text.contains('.') {
        return ShareRange::parse(text);
    }
    ShareRange::parse(&text.replace(',', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

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
