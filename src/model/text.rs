//! Texts as the data write them.

use std::borrow::Cow;

/// A text without blanks around it. Most have none, which their first and last letters tell.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// A text without blanks around it, borrowed where the text is.
pub(crate) fn trimmed<'t>(text: &Cow<'t, str>) -> Cow<'t, str> {
    part(text, trim)
}

/// A part of a text, borrowed where the text is.
pub(crate) fn part<'t>(text: &Cow<'t, str>, part: impl FnOnce(&str) -> &str) -> Cow<'t, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(part(text)),
        Cow::Owned(text) => Cow::Owned(part(text).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::trim;

    #[test]
    fn blanks_of_every_kind_go() {
        for text in
            ["", " ", "a", " a", "a ", "ab", "a b", "\u{a0}é\u{3000}", "é ", "a\u{2003}", "a\n", "\tb", "a\u{7f}"]
        {
            assert_eq!(trim(text), text.trim(), "{text:?}");
        }
    }
}
