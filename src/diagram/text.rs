//! Text measuring and wrapping with the metrics of the fonts that are embedded for PNG output.
//!
//! Widths are whole pixels, rounded up, computed with integers from the horizontal advances of DejaVu
//! Sans, so that the same text has the same width on every machine. Characters the font lacks count one
//! em if they are wide (East Asian Width) and a little over half an em otherwise.

use std::sync::OnceLock;

use crate::escape::visible::brief;
use ttf_parser::Face;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// DejaVu Sans, regular; licence in `src/diagram/fonts/LICENSE`.
pub const REGULAR: &[u8] = include_bytes!("fonts/DejaVuSans.ttf");
/// DejaVu Sans, bold; licence in `src/diagram/fonts/LICENSE`.
pub const BOLD: &[u8] = include_bytes!("fonts/DejaVuSans-Bold.ttf");
/// Family name of the embedded fonts, named in every picture.
pub const FAMILY: &str = "DejaVu Sans";

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Normal weight.
    #[default]
    Regular,
    /// Bold.
    Bold,
}

fn face(weight: Weight) -> Option<&'static Face<'static>> {
    static REGULAR_FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    static BOLD_FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    let (cell, bytes) = match weight {
        Weight::Regular => (&REGULAR_FACE, REGULAR),
        Weight::Bold => (&BOLD_FACE, BOLD),
    };
    cell.get_or_init(|| Face::parse(bytes, 0).ok()).as_ref()
}

/// Whether the embedded fonts can draw `c`.
#[must_use]
pub fn has_glyph(c: char) -> bool {
    c.is_whitespace()
        || UnicodeWidthChar::width(c).unwrap_or(0) == 0 && !c.is_control()
        || [Weight::Regular, Weight::Bold].iter().all(|w| face(*w).is_some_and(|f| f.glyph_index(c).is_some()))
}

/// Advance of one character in thousandths of an em.
fn advance(c: char, weight: Weight) -> i32 {
    let columns = UnicodeWidthChar::width(c).unwrap_or(1);
    if columns == 0 {
        return 0;
    }
    let known = face(weight).and_then(|f| {
        let glyph = f.glyph_index(c)?;
        Some(i32::from(f.glyph_hor_advance(glyph)?) * 1000 / i32::from(f.units_per_em()).max(1))
    });
    known.unwrap_or(if columns > 1 { 1000 } else { 650 })
}

/// Width of `text` in pixels at font size `size` (pixels), rounded up.
#[must_use]
pub fn width(text: &str, size: i32, weight: Weight) -> i32 {
    let total: i64 = text.chars().map(|c| i64::from(advance(c, weight))).sum();
    let pixels = (total * i64::from(size) + 999) / 1000;
    i32::try_from(pixels).unwrap_or(i32::MAX / 4).min(1_000_000)
}

/// Most graphemes of a text that is laid out.
const LONGEST: usize = 2_000;

/// Breaks `text` into at most `max_lines` lines no wider than `max_width` pixels, at blanks, slashes and hyphens where
/// possible, else between graphemes; what does not fit is cut and marked with "…".
/// With two lines and enough room the break is chosen so that both are about equally long.
#[must_use]
pub fn wrap(text: &str, max_width: i32, max_lines: usize, size: i32, weight: Weight) -> Vec<String> {
    let text = brief(text, LONGEST);
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.as_str();
    let measure = |s: &str| width(s, size, weight);
    if measure(clean) <= max_width || max_lines < 2 {
        return vec![cut(clean, max_width, size, weight)];
    }
    if let Some(pair) = balanced(clean, max_width, &measure) {
        return pair;
    }
    greedy(clean, max_width, max_lines, size, weight)
}

/// Pixels of evenness that a break at a blank is worth more than one inside a word.
const INSIDE_WORD: i32 = 40;

/// Where a line may end: after blanks, and after a slash or hyphen inside a word.
fn break_places(text: &str) -> impl Iterator<Item = usize> {
    let after = |(at, c): (usize, char)| at + c.len_utf8();
    text.char_indices().filter(|(_, c)| matches!(c, ' ' | '/' | '-')).map(after).filter(|at| *at < text.len())
}

/// The break that gives the most even two lines, if any break fits.
fn balanced(text: &str, max_width: i32, measure: &dyn Fn(&str) -> i32) -> Option<Vec<String>> {
    let breaks = break_places(text).map(|at| (text[..at].trim_end(), &text[at..]));
    let widest = |pair: &(&str, &str)| measure(pair.0).max(measure(pair.1));
    let inside_word = |pair: &(&str, &str)| i32::from(pair.0.ends_with(['/', '-'])) * INSIDE_WORD;
    let best = breaks.take(200).min_by_key(|pair| widest(pair) + inside_word(pair))?;
    (widest(&best) <= max_width).then(|| vec![best.0.to_owned(), best.1.to_owned()])
}

fn greedy(text: &str, max_width: i32, max_lines: usize, size: i32, weight: Weight) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while lines.len() + 1 < max_lines && !rest.is_empty() {
        let end = fitting_prefix(rest, max_width, size, weight);
        if end == rest.len() {
            break;
        }
        let places = break_places(rest).take_while(|at| *at <= end + 1);
        let fits = |at: &usize| width(rest[..*at].trim_end(), size, weight) <= max_width;
        let at = places.filter(fits).last().filter(|at| *at * 3 > end).unwrap_or(end);
        lines.push(rest[..at].trim_end().to_owned());
        rest = rest[at..].trim_start();
    }
    if !rest.is_empty() {
        lines.push(cut(rest, max_width, size, weight));
    }
    lines
}

/// `text` itself if it fits, else its longest prefix of whole graphemes followed by "…".
#[must_use]
pub fn cut(text: &str, max_width: i32, size: i32, weight: Weight) -> String {
    let text = &*brief(text, LONGEST);
    if width(text, size, weight) <= max_width {
        return text.to_owned();
    }
    let room = max_width - width("…", size, weight);
    let end = fitting_prefix(text, room, size, weight);
    format!("{}…", text[..end].trim_end())
}

/// Byte length of the longest prefix of whole graphemes within `max_width`; at least one grapheme.
fn fitting_prefix(text: &str, max_width: i32, size: i32, weight: Weight) -> usize {
    let mut end = 0;
    let mut used = 0i64;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.chars().map(|c| i64::from(advance(c, weight))).sum::<i64>();
        if end > 0 && used * i64::from(size) > i64::from(max_width) * 1000 {
            break;
        }
        end = at + grapheme.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_font() {
        assert_eq!(width("", 12, Weight::Regular), 0);
        assert!(width("WWWW", 12, Weight::Regular) > width("iiii", 12, Weight::Regular) * 2);
        assert!(width("Holding", 12, Weight::Bold) > width("Holding", 12, Weight::Regular));
        assert_eq!(width("陳大", 10, Weight::Regular), 20);
        assert_eq!(width("e\u{301}", 20, Weight::Regular), width("e", 20, Weight::Regular));
    }

    #[test]
    fn wraps_into_even_lines() {
        let lines = wrap("Sunrise Enterprises 2011 Limited", 140, 2, 12, Weight::Regular);
        assert_eq!(lines, ["Sunrise Enterprises", "2011 Limited"]);
        assert_eq!(wrap("Short", 140, 2, 12, Weight::Regular), ["Short"]);
        assert_eq!(wrap("", 140, 2, 12, Weight::Regular), [""]);
    }

    #[test]
    fn breaks_after_slashes() {
        assert_eq!(wrap("settlor/beneficiary", 90, 3, 11, Weight::Regular), ["settlor/", "beneficiary"]);
        assert_eq!(wrap("one two three four", 40, 9, 11, Weight::Regular), ["one", "two", "three", "four"]);
    }

    #[test]
    fn cuts_what_never_fits_and_says_so() {
        let long = "x".repeat(10_000);
        let lines = wrap(&long, 100, 2, 12, Weight::Regular);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|l| width(l, 12, Weight::Regular) <= 100));
    }

    #[test]
    fn knows_what_it_can_draw() {
        assert!("Łódź Ольга محمد שלום ↺ ¹".chars().all(has_glyph));
        assert!(!has_glyph('陳'));
    }
}
