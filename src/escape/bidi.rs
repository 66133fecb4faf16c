//! Text from right to left beside text from left to right.

/// Characters written from right to left.
#[must_use]
pub const fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
}

/// First strong isolate, and its end.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Sets runs of words that are written from right to left apart from what stands beside them, so that a number, a bracket
/// or a neighbouring column keeps its place. Two blanks end a run: they stand between columns.
#[must_use]
pub fn isolated(line: &str) -> String {
    if !line.chars().any(is_rtl) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len() + 12);
    let mut rest = line;
    while let Some(start) = rest.find(is_rtl) {
        let end = start + run(&rest[start..]);
        out.push_str(&rest[..start]);
        out.extend([ISOLATE.0]);
        out.push_str(&rest[start..end]);
        out.extend([ISOLATE.1]);
        rest = &rest[end..];
    }
    out + rest
}

/// How many bytes belong to the run that a text begins with: up to the last character from right to left that is parted from the
/// one before by no more than a sign and a blank. Brackets and digits part.
fn run(text: &str) -> usize {
    let (mut end, mut between) = (0, String::new());
    for (at, c) in text.char_indices() {
        let accent = unicode_width::UnicodeWidthChar::width(c) == Some(0) && between.is_empty();
        if is_rtl(c) || accent {
            end = at + c.len_utf8();
            between.clear();
            continue;
        }
        between.push(c);
        if c.is_alphanumeric() || "()[]{}<>⟦⟧│".contains(c) || between == "  " || between.chars().count() > 2 {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_turns_nothing_around_it() {
        let (on, off) = ISOLATE;
        assert_eq!(isolated("שלום עולם (company, IL; 7)"), format!("{on}שלום עולם{off} (company, IL; 7)"));
        assert_eq!(isolated("50 % of شركة 24"), format!("50 % of {on}شركة{off} 24"));
        assert_eq!(isolated("שלום  עולם"), format!("{on}שלום{off}  {on}עולם{off}"));
        assert_eq!(isolated("بـ\"ب\" - x"), format!("{on}بـ\"ب{off}\" - x"));
    }
}
