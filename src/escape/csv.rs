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

/// As [`text_cell`], but so that [`unguarded`] gives the exact text back: a text that looks guarded is guarded once more.
pub fn guarded(text: std::borrow::Cow<'_, str>) -> std::borrow::Cow<'_, str> {
    if starts_formula(&text) { std::borrow::Cow::Owned(format!("'{text}")) } else { text }
}

/// The text of a cell that [`guarded`] made.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| starts_formula(text)).unwrap_or(cell)
}

/// Whether a spreadsheet might take a text for a formula, apostrophes in front left aside.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches([' ', '\u{a0}', '\'']).starts_with(TRIGGERS)
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

    #[test]
    fn a_guard_can_be_taken_away() {
        for text in ["", "a", "'", "'a", "=1", "'=1", "''=1", " =1", "' =1", "'' '@x", "-", "\t", "it's"] {
            let cell = guarded(text.into());
            assert_eq!(unguarded(&cell), text, "{cell}");
            assert!(!cell.trim_start_matches([' ', '\u{a0}']).starts_with(TRIGGERS), "{cell}");
        }
    }
}
