//! Text as it may be drawn: nothing that hides, reverses or piles up.

/// The mark drawn for a character that would be invisible or would disturb others.
pub const MARK: char = '␦';
/// Most combining marks kept on one character.
const MARKS_IN_A_ROW: usize = 4;

/// Whether `c` has no business in drawn text: control characters, bidirectional controls, zero-width and
/// other format characters, and code points that are not characters. The joiners U+200C and U+200D stay,
/// since scripts and emoji need them, and so do the Arabic and Syriac number signs.
#[must_use]
pub fn disturbs(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || is_format(c) && !matches!(c, '\u{200C}' | '\u{200D}' | '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}')
        || is_noncharacter(c)
}

/// Code points that Unicode reserves for ever.
#[must_use]
pub const fn is_noncharacter(c: char) -> bool {
    let code = c as u32;
    code & 0xFFFE == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF)
}

/// General category Cf, and the two separators Zl and Zp (Unicode 15).
#[must_use]
pub const fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}'
        | '\u{E0020}'..='\u{E007F}')
}

/// `text` on one line: runs of white space become one blank, disturbing characters a visible mark, and piles
/// of combining marks are cut.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut pile = 0;
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = !shown.is_empty();
            continue;
        }
        let combining = !c.is_ascii()
            && !disturbs(c)
            && unicode_width::UnicodeWidthChar::width(c) == Some(0)
            && !matches!(c, '\u{200C}' | '\u{200D}');
        pile = if combining { pile + 1 } else { 0 };
        if pile > MARKS_IN_A_ROW {
            continue;
        }
        if std::mem::take(&mut blank) {
            shown.push(' ');
        }
        shown.push(if disturbs(c) { MARK } else { c });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_nothing() {
        assert_eq!(visible("a\u{202E}b\u{200B}c\u{1b}[31m"), "a␦b␦c␦[31m");
        assert_eq!(visible(" Two\n\tlines\u{2028}and more "), "Two lines and more");
        assert_eq!(visible("نامه\u{200C}ای"), "نامه\u{200C}ای");
        assert_eq!(visible("👩\u{200D}🚀"), "👩\u{200D}🚀");
        assert_eq!(visible(&format!("Z{}x", "\u{301}".repeat(50))), format!("Z{}x", "\u{301}".repeat(4)));
    }
}
