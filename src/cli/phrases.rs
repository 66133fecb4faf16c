//! How numbers and marks read in tables.

use crate::escape::visible::brief;
use crate::model::{Marks, ShareRange};
use crate::query::PercentRange;
use std::borrow::Cow;

/// Percent with at most two decimals, never rounded to look like a threshold: `49.99…` stays below 50.
pub fn percent(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == value || (rounded - value).abs() < 1e-9 {
        return format!("{rounded}");
    }
    let text = format!("{value:.2}");
    let crosses = [0.0, 10.0, 25.0, 50.0, 75.0, 100.0].contains(&rounded);
    if crosses { format!("{}{}", if value < rounded { "<" } else { ">" }, rounded) } else { text }
}

/// `12.5 %`, `12.5–37.5 %`, `> 25–50 %`.
pub fn range(range: &PercentRange) -> String {
    if range.is_exact() {
        return format!("{} %", percent(range.min));
    }
    let open = if range.min_open { ">" } else { "" };
    let closed = if range.max_open { "<" } else { "" };
    format!("{open}{}–{closed}{} %", percent(range.min), percent(range.max))
}

/// A stated share, `–` where there is none.
pub fn stated(share: Option<ShareRange>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| share.to_string())
}

/// The marks in words, separated by commas.
pub fn marks(marks: Marks) -> String {
    marks.words().collect::<Vec<_>>().join(", ")
}

/// Most graphemes of a name in a sentence or a cell.
const LONG_NAME: usize = 200;

/// A name as it stands in a sentence: a long one is cut, and says how much is left out.
pub fn name(name: &str) -> Cow<'_, str> {
    if name.trim().is_empty() { Cow::Borrowed("(no name)") } else { brief(name, LONG_NAME) }
}

/// Names of a chain, a line for each.
pub fn chain(names: &[&str]) -> Vec<String> {
    let last = names.len().saturating_sub(1);
    let arrow = |at: usize| if at < last { " →" } else { "" };
    names.iter().enumerate().map(|(at, text)| format!("{}{}", name(text), arrow(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_next_to_a_threshold_does_not_look_like_it() {
        assert_eq!(percent(50.0), "50");
        assert_eq!(percent(49.999_9), "<50");
        assert_eq!(percent(50.000_1), ">50");
        assert_eq!(percent(33.333_333), "33.33");
        assert_eq!(percent(12.5), "12.5");
    }
}
