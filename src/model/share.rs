//! Shares: integers inside, percent outside.
//!
//! A share is counted in parts per billion, so that thresholds are compared as integers and sums never round. An open
//! bound ("more than 25 %") is kept as the stated figure with a flag; [`ShareRange::inner_min`] and
//! [`ShareRange::inner_max`] give the figure one unit inside, which is what a comparison with a threshold needs.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::fmt;

/// A part of a whole, in parts per billion (0 to 1,000,000,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Share(u32);

/// Why a text or number is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// Not a number or a range of numbers.
    #[error("is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]")]
    NotANumber,
    /// Below nothing.
    #[error("is below 0 %")]
    Negative,
    /// More than everything.
    #[error("is above 100 %")]
    AboveWhole,
    /// The lower end is above the upper one.
    #[error("is upside down: its lower end is above its upper end")]
    UpsideDown,
}

impl From<ShareError> for crate::error::Error {
    /// Outside of a file, a malformed value is a malformed request.
    fn from(error: ShareError) -> Self {
        Self::usage(format!("the given text {error}"))
    }
}

impl Share {
    /// Nothing.
    pub const ZERO: Share = Share(0);
    /// Everything: 100 %.
    pub const WHOLE: Share = Share(1_000_000_000);

    /// From parts per billion; more than the whole is cut to the whole.
    pub const fn from_ppb(ppb: u32) -> Self {
        if ppb > Self::WHOLE.0 { Self::WHOLE } else { Self(ppb) }
    }

    /// From percent, rounded to the nearest unit.
    pub fn from_percent(percent: f64) -> Result<Self, ShareError> {
        if !percent.is_finite() {
            return Err(ShareError::NotANumber);
        }
        if percent < 0.0 {
            return Err(ShareError::Negative);
        }
        if percent > 100.0 {
            return Err(ShareError::AboveWhole);
        }
        Ok(Self((percent * 1e7).round() as u32))
    }

    /// In parts per billion.
    pub const fn ppb(self) -> u32 {
        self.0
    }

    /// In percent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 1e7
    }

    /// As a fraction of 1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 1e9
    }
}

/// What is known of a share: it lies between `min` and `max`.
///
/// The unknown share is `[0, 100]` %, which is neither 0 nor 100.
///
/// ```
/// use cuibono::model::ShareRange;
/// let band = ShareRange::parse("(25,50]")?;
/// assert_eq!(band.min().percent(), 25.0);
/// assert!(band.min_open() && !band.max_open());
/// assert_eq!(ShareRange::parse("")?, ShareRange::UNKNOWN);
/// # Ok::<(), cuibono::model::share::ShareError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShareRange {
    min: Share,
    max: Share,
    min_open: bool,
    max_open: bool,
}

impl ShareRange {
    /// Nothing is known: 0 to 100 %.
    pub const UNKNOWN: ShareRange =
        ShareRange { min: Share::ZERO, max: Share::WHOLE, min_open: false, max_open: false };
    /// Nothing is held.
    pub const ZERO: ShareRange = ShareRange::exact(Share::ZERO);

    /// A share that is known exactly.
    pub const fn exact(share: Share) -> Self {
        Self { min: share, max: share, min_open: false, max_open: false }
    }

    /// A range with ends that belong to it.
    pub fn closed(min: Share, max: Share) -> Result<Self, ShareError> {
        Self::new(min, max, false, false)
    }

    /// A range with open (`true`) or closed ends.
    pub fn new(min: Share, max: Share, min_open: bool, max_open: bool) -> Result<Self, ShareError> {
        let empty = min == max && (min_open || max_open);
        if min > max || empty {
            return Err(ShareError::UpsideDown);
        }
        Ok(Self { min, max, min_open, max_open })
    }

    /// Reads `25`, `25%`, `25-50`, `>50`, `>=50`, `<10`, `<=10` and `(25,50]`, all in percent. Empty text is unknown.
    pub fn parse(text: &str) -> Result<Self, ShareError> {
        let text = text.trim();
        if text.is_empty() || text == "?" || text.eq_ignore_ascii_case("unknown") {
            return Ok(Self::UNKNOWN);
        }
        if let Some(rest) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
            return Self::closed(parse_percent(rest)?, Share::WHOLE);
        }
        if let Some(rest) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
            return Self::closed(Share::ZERO, parse_percent(rest)?);
        }
        if let Some(rest) = text.strip_prefix('>') {
            return Self::new(parse_percent(rest)?, Share::WHOLE, true, false);
        }
        if let Some(rest) = text.strip_prefix('<') {
            return Self::new(Share::ZERO, parse_percent(rest)?, false, true);
        }
        if text.starts_with(['(', '[']) {
            return parse_interval(text);
        }
        if let Some((low, high)) = split_band(text) {
            return Self::closed(parse_percent(low)?, parse_percent(high)?);
        }
        parse_percent(text).map(Self::exact)
    }

    /// The lower end as stated.
    pub const fn min(self) -> Share {
        self.min
    }

    /// The upper end as stated.
    pub const fn max(self) -> Share {
        self.max
    }

    /// Whether the share is certainly more than `min`.
    pub const fn min_open(self) -> bool {
        self.min_open
    }

    /// Whether the share is certainly less than `max`.
    pub const fn max_open(self) -> bool {
        self.max_open
    }

    /// The smallest share that the range admits, in parts per billion: an open end lies one unit inside.
    pub const fn inner_min(self) -> u32 {
        self.min.0 + self.min_open as u32
    }

    /// The largest share that the range admits, in parts per billion.
    pub const fn inner_max(self) -> u32 {
        self.max.0 - self.max_open as u32
    }

    /// Whether the share is known exactly.
    pub fn is_exact(self) -> bool {
        self.min == self.max
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    /// Disjoint holdings taken together: ends add up, cut at the whole.
    pub fn plus(self, other: Self) -> Self {
        let (max, cut) = match self.max.0 + other.max.0 {
            sum if sum > Share::WHOLE.0 => (Share::WHOLE, true),
            sum => (Share(sum), false),
        };
        let (min, min_cut) = match self.min.0 + other.min.0 {
            sum if sum > Share::WHOLE.0 => (Share::WHOLE, true),
            sum => (Share(sum), false),
        };
        let min_open = !min_cut && min < max && (self.min_open || other.min_open);
        let max_open = !cut && min < max && (self.max_open || other.max_open);
        Self { min, max, min_open, max_open }
    }

    /// Two rights over one stake: each end is the larger of the two.
    pub fn larger(self, other: Self) -> Self {
        let (min, min_open) = match self.inner_min().cmp(&other.inner_min()) {
            std::cmp::Ordering::Less => (other.min, other.min_open),
            _ => (self.min, self.min_open),
        };
        let (max, max_open) = match self.inner_max().cmp(&other.inner_max()) {
            std::cmp::Ordering::Less => (other.max, other.max_open),
            _ => (self.max, self.max_open),
        };
        Self { min, max, min_open, max_open }
    }

    /// The smallest range that contains both.
    pub fn hull(self, other: Self) -> Self {
        let (min, min_open) = match self.inner_min().cmp(&other.inner_min()) {
            std::cmp::Ordering::Greater => (other.min, other.min_open),
            _ => (self.min, self.min_open),
        };
        let upper = self.larger(other);
        Self { min, max: upper.max, min_open, max_open: upper.max_open }
    }

    /// The same stake when it is not certain that it exists: the lower end is 0.
    pub fn possible(self) -> Self {
        Self { min: Share::ZERO, min_open: false, ..self }
    }

    /// Whether the two ranges have a share in common.
    pub fn meets(self, other: Self) -> bool {
        self.inner_min() <= other.inner_max() && other.inner_min() <= self.inner_max()
    }
}

/// A decimal number of percent, with an optional percent sign, as exact parts per billion.
///
/// Digits beyond the seventh decimal round to the nearest unit.
fn parse_percent(text: &str) -> Result<Share, ShareError> {
    let text = text.trim();
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    if number.starts_with('-') && number[1..].parse::<f64>().is_ok() {
        return if number[1..].parse() == Ok(0.0) { Ok(Share::ZERO) } else { Err(ShareError::Negative) };
    }
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '+') {
        return Err(ShareError::NotANumber);
    }
    number.parse::<f64>().map_err(|_| ShareError::NotANumber).and_then(Share::from_percent)
}

/// `25-50` and `25–50`, but not `-5`.
fn split_band(text: &str) -> Option<(&str, &str)> {
    let (low, high) = text.split_once('–').or_else(|| {
        let dash = text.char_indices().skip(1).find(|&(_, c)| c == '-')?.0;
        Some((&text[..dash], &text[dash + 1..]))
    })?;
    low.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '%' || c == '.').then_some((low, high))
}

/// Interval notation: `(25,50]`.
fn parse_interval(text: &str) -> Result<ShareRange, ShareError> {
    let min_open = text.starts_with('(');
    let max_open = text.ends_with(')');
    if !max_open && !text.ends_with(']') {
        return Err(ShareError::NotANumber);
    }
    let inner = text.get(1..text.len() - 1).ok_or(ShareError::NotANumber)?;
    let (low, high) = inner.split_once([',', ';']).ok_or(ShareError::NotANumber)?;
    ShareRange::new(parse_percent(low)?, parse_percent(high)?, min_open, max_open)
}

impl fmt::Display for Share {
    /// Percent without trailing zeros and without a sign: `33.3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.percent())
    }
}

impl fmt::Display for ShareRange {
    /// `70 %`, `25–50 %`, `>25–50 %` (more than 25), `> 50 %` or `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unknown() {
            return f.write_str("?");
        }
        if self.is_exact() {
            return write!(f, "{} %", self.min);
        }
        if self.max == Share::WHOLE && !self.max_open && self.min_open {
            return write!(f, "> {} %", self.min);
        }
        if self.min == Share::ZERO && !self.min_open && self.max_open {
            return write!(f, "< {} %", self.max);
        }
        let [above, below] =
            [(self.min_open, ">"), (self.max_open, "<")].map(|(open, mark)| if open { mark } else { "" });
        write!(f, "{above}{}–{below}{} %", self.min, self.max)
    }
}

impl Serialize for ShareRange {
    /// `{"min": 25.0, "max": 50.0, "min_open": true}` in percent; the flags only where an end is open.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 2 + usize::from(self.min_open) + usize::from(self.max_open);
        let mut out = serializer.serialize_struct("ShareRange", fields)?;
        out.serialize_field("min", &self.min.percent())?;
        out.serialize_field("max", &self.max.percent())?;
        if self.min_open {
            out.serialize_field("min_open", &true)?;
        }
        if self.max_open {
            out.serialize_field("max_open", &true)?;
        }
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> (f64, f64, bool, bool) {
        let range = ShareRange::parse(text).expect(text);
        (range.min().percent(), range.max().percent(), range.min_open(), range.max_open())
    }

    #[test]
    fn every_notation_of_the_command_line_is_read() {
        assert_eq!(percent("25"), (25.0, 25.0, false, false));
        assert_eq!(percent(" 33.3 % "), (33.3, 33.3, false, false));
        assert_eq!(percent("25-50"), (25.0, 50.0, false, false));
        assert_eq!(percent("25–50 %"), (25.0, 50.0, false, false));
        assert_eq!(percent(">50"), (50.0, 100.0, true, false));
        assert_eq!(percent(">=50"), (50.0, 100.0, false, false));
        assert_eq!(percent("<=10"), (0.0, 10.0, false, false));
        assert_eq!(percent("<10"), (0.0, 10.0, false, true));
        assert_eq!(percent("(25,50]"), (25.0, 50.0, true, false));
        assert_eq!(percent("[25, 50)"), (25.0, 50.0, false, true));
        assert_eq!(percent(""), (0.0, 100.0, false, false));
        assert_eq!(percent("-0"), (0.0, 0.0, false, false));
    }

    #[test]
    fn what_is_no_share_is_refused_with_its_reason() {
        for (text, error) in [
            ("250", ShareError::AboveWhole),
            ("-5", ShareError::Negative),
            ("50-25", ShareError::UpsideDown),
            ("(50,50]", ShareError::UpsideDown),
            ("abc", ShareError::NotANumber),
            ("NaN", ShareError::NotANumber),
            ("1e400", ShareError::NotANumber),
            ("inf", ShareError::NotANumber),
            ("(25,50", ShareError::NotANumber),
            ("(", ShareError::NotANumber),
            ("-é", ShareError::NotANumber),
        ] {
            assert_eq!(ShareRange::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn an_open_end_lies_one_unit_inside() {
        let band = ShareRange::parse("(50,75)").expect("band");
        assert_eq!((band.inner_min(), band.inner_max()), (500_000_001, 749_999_999));
    }

    #[test]
    fn holdings_add_and_rights_over_one_stake_do_not() {
        let (a, b) = (ShareRange::parse("(25,50]").expect("a"), ShareRange::parse("30").expect("b"));
        assert_eq!(a.plus(b), ShareRange::parse("(55,80]").expect("sum"));
        assert_eq!(a.larger(b), ShareRange::parse("30-50").expect("larger"));
        assert_eq!(ShareRange::UNKNOWN.plus(b), ShareRange::parse("30-100").expect("cut"));
    }
}
