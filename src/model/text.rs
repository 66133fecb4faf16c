//! Texts as the data write them.

/// A text without blanks around it. Most have none, which their first and last letters tell.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
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
