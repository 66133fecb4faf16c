//! Cells of a CSV file.

/// What a spreadsheet may take for the start of a formula.
const TRIGGERS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A text cell that no spreadsheet takes for a formula: an apostrophe goes before a character that would start one.
///
/// Numbers are written as numbers and do not come through here.
pub fn text_cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.trim_start_matches([' ', '\u{a0}']).starts_with(TRIGGERS) {
        std::borrow::Cow::Owned(format!("'{text}"))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_other_text_is_left_alone() {
        assert_eq!(text_cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(text_cell(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(text_cell("Müller & Söhne"), "Müller & Söhne");
    }
}
