//! Text as it may be drawn: nothing that hides, reverses or piles up.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The mark drawn for a character that would be invisible or would disturb others.
pub const MARK: char = '␦';
/// Most combining marks kept on one character.
const MARKS_IN_A_ROW: usize = 4;

/// Whether `c` has no business in drawn text, whatever stands beside it: control characters, bidirectional controls,
/// zero-width and other format characters, blanks that are no white space, and code points that are not characters. The
/// joiners U+200C and U+200D stay, since scripts and emoji need them, and so do the Arabic and Syriac number signs.
#[must_use]
pub fn disturbs(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || is_format(c) && !is_joiner(c) && !matches!(c, '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}')
        || is_blank(c)
        || is_noncharacter(c)
}

/// Whether a text holds anything that [`visible`] would mark.
#[must_use]
pub fn hides(text: &str) -> bool {
    !text.is_ascii() && marked(text).any(|(_, disturbs)| disturbs) || text.bytes().any(|b| b.is_ascii_control())
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

/// Letters and marks without ink: the Hangul fillers, the empty Braille pattern, and what Unicode says to ignore.
const fn is_blank(c: char) -> bool {
    matches!(c, '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2065}' | '\u{2800}' | '\u{3164}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}' | '\u{E0002}'..='\u{E001F}' | '\u{E0080}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
}

/// Letters of scripts that have neither joiners nor variants: Latin, Greek, Cyrillic, Armenian, Hebrew.
fn never_joins(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\0'..='\u{5FF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A640}'..='\u{A7FF}' | '\u{FF21}'..='\u{FF5A}')
}

const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether an invisible character does nothing between these two: a joiner or a selector of variants where the script has
/// none, which can only hide one name behind another.
fn idle(before: Option<char>, c: char, after: Option<char>) -> bool {
    let base = before.filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation() && !never_joins(*c));
    match c {
        // Digits and the signs # and * become emoji by a selector.
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => base.is_none() && !matches!(before, Some('#' | '*')),
        c if is_joiner(c) => {
            let joins = |c: char| !c.is_whitespace() && !c.is_ascii() && !never_joins(c) && !is_joiner(c);
            !base.is_some_and(joins) || !after.is_some_and(joins)
        }
        _ => false,
    }
}

/// Each character, and whether it disturbs where it stands.
fn marked(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = None;
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let disturbs = disturbs(c) || !c.is_ascii() && idle(before, c, chars.peek().copied());
        before = Some(c);
        Some((c, disturbs))
    })
}

/// `text` on one line: runs of white space become one blank, disturbing characters a visible mark, and piles
/// of combining marks are cut. Where nothing but marks would be left, each says what it stands for.
#[must_use]
pub fn visible(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let shown = one_line(text, |shown, _| shown.push(MARK));
    let blank = shown.contains(MARK) && shown.chars().all(|c| c == MARK || c == ' ');
    if blank { spelled(text) } else { shown }
}

/// As [`visible`], but each mark says what it stands for: `⟦U+200B⟧`.
#[must_use]
pub fn spelled(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    one_line(text, |shown, c| shown.push_str(&format!("⟦U+{:04X}⟧", u32::from(c))))
}

/// Whether a text is shown as it is: printable ASCII whose blanks stand alone between words, as most texts are.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let printable = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let ends = [bytes.first(), bytes.last()];
    printable && !ends.contains(&Some(&b' ')) && !bytes.windows(2).any(|pair| pair == b"  ")
}

fn one_line(text: &str, mark: impl Fn(&mut String, char)) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut pile = 0;
    let mut blank = false;
    for (c, disturbs) in marked(text) {
        if c.is_whitespace() {
            blank = !shown.is_empty();
            continue;
        }
        let combining = !c.is_ascii() && !disturbs && !is_joiner(c) && UnicodeWidthChar::width(c) == Some(0);
        pile = if combining { pile + 1 } else { 0 };
        if pile > MARKS_IN_A_ROW {
            continue;
        }
        if std::mem::take(&mut blank) {
            shown.push(' ');
        }
        if disturbs { mark(&mut shown, c) } else { shown.push(c) }
    }
    shown
}

/// The beginning of a text that is too long to be shown, and how much is left out: `Acme … +999700 characters`. Cut
/// between graphemes, so that no accent and no part of an emoji is lost.
#[must_use]
pub fn brief(text: &str, graphemes: usize) -> Cow<'_, str> {
    // As many bytes are no more graphemes.
    if text.len() <= graphemes {
        return Cow::Borrowed(text);
    }
    match text.grapheme_indices(true).nth(graphemes) {
        Some((end, _)) => {
            let left_out = text[end..].chars().count();
            Cow::Owned(format!("{}… +{left_out} characters", text[..end].trim_end()))
        }
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_are_those_that_nothing_changes() {
        let slowly = |text: &str| one_line(text, |shown, _| shown.push(MARK));
        for text in ["", " ", "a", "a b", " a", "a ", "a  b", "a\tb", "~", "\u{7f}", "é", "a\u{1b}[2J"] {
            assert_eq!(is_plain(text), slowly(text) == text && text.is_ascii(), "{text:?}");
        }
    }

    #[test]
    fn hides_nothing() {
        assert_eq!(visible("a\u{202E}b\u{200B}c\u{1b}[31m"), "a␦b␦c␦[31m");
        assert_eq!(spelled("a\u{202E}b\u{200B}c\u{1b}[31m"), "a⟦U+202E⟧b⟦U+200B⟧c⟦U+001B⟧[31m");
        assert_eq!(visible(" Two\n\tlines\u{2028}and more "), "Two lines and more");
        assert_eq!(visible(&format!("Z{}x", "\u{301}".repeat(50))), format!("Z{}x", "\u{301}".repeat(4)));
    }

    #[test]
    fn names_without_ink_can_be_told_apart() {
        for (name, shown) in
            [("\u{200B}", "⟦U+200B⟧"), ("\u{2060} \u{AD}", "⟦U+2060⟧ ⟦U+00AD⟧"), ("\u{3164}", "⟦U+3164⟧")]
        {
            assert_eq!(visible(name), shown);
        }
        assert_eq!(visible(" \u{3000}\u{A0}"), "");
    }

    /// Joiners and selectors of variants stay where they do something, and nowhere else.
    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        for kept in [
            "نامه\u{200C}ای",
            "क्\u{200D}ष",
            "👩\u{200D}🚀",
            "❤\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "葛\u{E0100}",
            "👩🏽\u{200D}🚀",
        ] {
            assert_eq!((visible(kept).as_str(), hides(kept)), (kept, false));
        }
        let marked = [
            ("Ac\u{200D}me", "Ac␦me"),
            ("А\u{200C}О", "А␦О"),
            ("ש\u{200D}ל", "ש␦ל"),
            ("نامه\u{200C}", "نامه␦"),
            ("\u{200D}ن", "␦ن"),
            ("ن\u{200C}\u{200C}ن", "ن␦␦ن"),
            ("a\u{FE0F}", "a␦"),
            ("\u{E0100}x", "␦x"),
        ];
        for (text, shown) in marked {
            assert_eq!((visible(text).as_str(), hides(text)), (shown, true));
        }
    }

    #[test]
    fn long_texts_end_in_a_count() {
        assert_eq!(brief("Acme", 4), "Acme");
        assert_eq!(brief("Zoë", 3), "Zoë");
        assert_eq!(brief("Zoe\u{308} 👩\u{200D}🚀 Ltd", 5), "Zoe\u{308} 👩\u{200D}🚀… +4 characters");
        assert_eq!(brief(&"x".repeat(1_000_000), 300), format!("{}… +999700 characters", "x".repeat(300)));
    }
}
