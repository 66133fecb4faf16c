//! Dates as sources give them: often only a year, often only "seen by then".

use super::text::trim;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A calendar day.
///
/// Packed as `year << 9 | month << 5 | day`, so that days compare as integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Day {
    /// The day of the computer's clock and time zone.
    pub fn today() -> Self {
        let date = jiff::ZonedDateTime::now().date();
        Self::pack(date.year().max(0) as u32, date.month() as u32, date.day() as u32)
    }

    const fn pack(year: u32, month: u32, day: u32) -> Self {
        Self(year << 9 | month << 5 | day)
    }

    /// The day after this one.
    pub fn next(self) -> Self {
        let (year, month, day) = (self.0 >> 9, self.0 >> 5 & 15, self.0 & 31);
        if day < days_in(year, month) {
            Self::pack(year, month, day + 1)
        } else if month < 12 {
            Self::pack(year, month + 1, 1)
        } else {
            Self::pack(year + 1, 1, 1)
        }
    }

    /// The day before this one.
    pub fn previous(self) -> Self {
        let (year, month, day) = (self.0 >> 9, self.0 >> 5 & 15, self.0 & 31);
        if day > 1 {
            Self::pack(year, month, day - 1)
        } else if month > 1 {
            Self::pack(year, month - 1, days_in(year, month - 1))
        } else {
            Self::pack(year.saturating_sub(1), 12, 31)
        }
    }

    /// Days since 1 January 1970, as tables count them.
    pub fn since_1970(self) -> i32 {
        let (year, month, day) = ((self.0 >> 9) as i32, (self.0 >> 5 & 15) as i32, (self.0 & 31) as i32);
        // Years begin in March, so that the leap day is the last of its year.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 >> 9, self.0 >> 5 & 15, self.0 & 31)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a date: give a day (2019-03-14), a month (2019-03) or a year (2019)")]
pub struct DateError;

impl From<DateError> for crate::error::Error {
    /// Outside of a file, a malformed value is a malformed request.
    fn from(error: DateError) -> Self {
        Self::usage(format!("the given text {error}"))
    }
}

impl FromStr for Day {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        match PartialDate::from_str(text)? {
            date if date.day_of_month() != 0 => Ok(date.first_day()),
            _ => Err(DateError),
        }
    }
}

/// A year, a month or a day: what a source states, no more.
///
/// ```
/// use cuibono::model::PartialDate;
/// let march: PartialDate = "2019-03".parse()?;
/// assert_eq!(march.first_day().to_string(), "2019-03-01");
/// assert_eq!(march.last_day().to_string(), "2019-03-31");
/// # Ok::<(), cuibono::model::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate(u32);

impl PartialDate {
    const fn year(self) -> u32 {
        self.0 >> 9
    }

    const fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    const fn day_of_month(self) -> u32 {
        self.0 & 31
    }

    /// The first day of the stated period.
    pub const fn first_day(self) -> Day {
        let month = if self.month() == 0 { 1 } else { self.month() };
        let day = if self.day_of_month() == 0 { 1 } else { self.day_of_month() };
        Day::pack(self.year(), month, day)
    }

    /// The last day of the stated period.
    pub const fn last_day(self) -> Day {
        let month = if self.month() == 0 { 12 } else { self.month() };
        let day = if self.day_of_month() == 0 { days_in(self.year(), month) } else { self.day_of_month() };
        Day::pack(self.year(), month, day)
    }

    /// The day, where a whole date is stated and not only a month or a year.
    pub fn whole_day(self) -> Option<Day> {
        (self.day_of_month() != 0).then(|| self.first_day())
    }

    /// As an end date: the first day that is out. A full date is itself the first day out, a period is covered.
    pub fn first_day_out(self) -> Day {
        if self.day_of_month() == 0 { self.last_day().next() } else { self.first_day() }
    }

    /// A year, or a month of it; `None` where there is no such month.
    pub(crate) fn of_month(year: u32, month: Option<u32>) -> Option<Self> {
        let plausible = (1..=9999).contains(&year) && month.is_none_or(|month| (1..=12).contains(&month));
        plausible.then(|| Self(Day::pack(year, month.unwrap_or(0), 0).0))
    }

    /// The packed form, 0 for `None`.
    pub(crate) fn to_bits(date: Option<Self>) -> u32 {
        date.map_or(0, |date| date.0)
    }

    /// The inverse of [`PartialDate::to_bits`].
    pub(crate) fn from_bits(bits: u32) -> Option<Self> {
        (bits != 0).then_some(Self(bits))
    }
}

impl From<Day> for PartialDate {
    fn from(day: Day) -> Self {
        Self(day.0)
    }
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    /// Reads `2019`, `2019-03`, `2019-03-14`; a time after `T` or a blank is cut off.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = trim(text).as_bytes();
        if let Some(day) = plain_day(text) {
            return Ok(day);
        }
        let end = text.iter().position(|byte| matches!(byte, b'T' | b' ')).unwrap_or(text.len());
        let (year, rest) = text[..end].split_first_chunk::<4>().ok_or(DateError)?;
        let (month, day) = match rest {
            [] => (None, None),
            [b'-', tens, ones] => (Some([*tens, *ones]), None),
            [b'-', tens, ones, b'-', day @ ..] => (Some([*tens, *ones]), Some(day.try_into().map_err(|_| DateError)?)),
            _ => return Err(DateError),
        };
        let (year, month, day) = (number(*year)?, month.map(number).transpose()?, day.map(number::<2>).transpose()?);
        let plausible = year > 0
            && month.is_none_or(|m| (1..=12).contains(&m))
            && day.is_none_or(|d| (1..=days_in(year, month.unwrap_or(1))).contains(&d));
        if !plausible {
            return Err(DateError);
        }
        Ok(Self(Day::pack(year, month.unwrap_or(0), day.unwrap_or(0)).0))
    }
}

/// A day as most dates are written, `2019-03-14`, and of those that every month has. What is none may be a date all the same.
fn plain_day(text: &[u8]) -> Option<PartialDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let (year, month, day) = (number([y1, y2, y3, y4]).ok()?, number([m1, m2]).ok()?, number([d1, d2]).ok()?);
    let is_day = year > 0 && (1..=12).contains(&month) && (1..=28).contains(&day);
    is_day.then(|| PartialDate(Day::pack(year, month, day).0))
}

/// The number that digits make.
fn number<const WIDTH: usize>(digits: [u8; WIDTH]) -> Result<u32, DateError> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(DateError);
    }
    Ok(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year())?;
        if self.month() != 0 {
            write!(f, "-{:02}", self.month())?;
        }
        if self.day_of_month() != 0 {
            write!(f, "-{:02}", self.day_of_month())?;
        }
        Ok(())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateText)
    }
}

/// Reads a date where it stands, without a copy of its text.
struct DateText;

impl Visitor<'_> for DateText {
    type Value = PartialDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PartialDate, E> {
        text.parse().map_err(|error| E::custom(format_args!("{text:?} {error}")))
    }
}

/// When something begins or ends, as far as a source tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(untagged)]
pub enum DateBound {
    /// On that day, or within that month or year.
    On(PartialDate),
    /// Only shown to lie between two dates; either may be missing.
    Between {
        /// The earliest date that is possible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<PartialDate>,
        /// The latest date that is possible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<PartialDate>,
    },
    /// Not stated.
    #[default]
    Missing,
}

/// Whether something exists on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It does not.
    Out,
    /// It may.
    Possible,
    /// It does.
    Certain,
}

impl DateBound {
    /// Whether nothing is stated.
    pub fn is_missing(&self) -> bool {
        matches!(self, DateBound::Missing)
    }

    /// Whether something with this *start* has begun on `day`.
    pub fn begun(self, day: Day) -> Presence {
        match self {
            DateBound::Missing => Presence::Certain,
            DateBound::On(date) if date.first_day() <= day => Presence::Certain,
            DateBound::On(_) => Presence::Out,
            DateBound::Between { not_before: Some(date), .. } if day < date.first_day() => Presence::Out,
            DateBound::Between { not_after: Some(date), .. } if day >= date.last_day() => Presence::Certain,
            DateBound::Between { .. } => Presence::Possible,
        }
    }

    /// Whether something with this *end* still lasts on `day`.
    ///
    /// Something seen on a day (`not_before`) certainly lasts on that very day.
    pub fn lasts(self, day: Day) -> Presence {
        match self {
            DateBound::Missing => Presence::Certain,
            DateBound::On(date) if day < date.first_day_out() => Presence::Certain,
            DateBound::On(_) => Presence::Out,
            DateBound::Between { not_after: Some(date), .. } if day >= date.first_day_out() => Presence::Out,
            DateBound::Between { not_before: Some(date), .. } if day <= date.first_day() => Presence::Certain,
            DateBound::Between { .. } => Presence::Possible,
        }
    }

    /// The date that stands for this bound in a list of events, the earliest one that is stated.
    pub fn representative(self) -> Option<PartialDate> {
        match self {
            DateBound::Missing => None,
            DateBound::On(date) => Some(date),
            DateBound::Between { not_before, not_after } => not_before.or(not_after),
        }
    }
}

impl fmt::Display for DateBound {
    /// `2019-03`, `≤ 2019-03`, `≥ 2019-03`, `2019-02…2019-03`; nothing where it is missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateBound::Missing | DateBound::Between { not_before: None, not_after: None } => Ok(()),
            DateBound::On(date) => write!(f, "{date}"),
            DateBound::Between { not_before: Some(a), not_after: Some(b) } => write!(f, "{a}…{b}"),
            DateBound::Between { not_before: Some(a), not_after: None } => write!(f, "≥ {a}"),
            DateBound::Between { not_before: None, not_after: Some(b) } => write!(f, "≤ {b}"),
        }
    }
}

/// The moment a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// One day.
    Day(Day),
    /// All of recorded time; only questions that give no numbers admit it.
    All,
}

impl FromStr for AsOf {
    type Err = DateError;

    /// `all`, a day, or a month or year (its first day).
    fn from_str(text: &str) -> Result<Self, DateError> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(AsOf::All);
        }
        PartialDate::from_str(text).map(|date| AsOf::Day(date.first_day()))
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AsOf::Day(day) => write!(f, "{day}"),
            AsOf::All => f.write_str("all"),
        }
    }
}

impl Serialize for AsOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect(text)
    }

    fn date(text: &str) -> PartialDate {
        text.parse().expect(text)
    }

    #[test]
    fn a_partial_date_covers_its_period() {
        assert_eq!(date("2019").first_day(), day("2019-01-01"));
        assert_eq!(date("2019").first_day_out(), day("2020-01-01"));
        assert_eq!(date("2020-02").last_day(), day("2020-02-29"));
        assert_eq!(date("2021-08-27").first_day_out(), day("2021-08-27"));
        assert_eq!(date("2021-12").first_day_out(), day("2022-01-01"));
    }

    /// A time behind it lets every part of a date be read by itself.
    #[test]
    fn a_date_is_the_same_with_a_time() {
        let numbers = |last: usize| (0..=last).map(|number| format!("{number:02}"));
        let months: Vec<String> = numbers(14).chain(["1-", "-1", "/1", "1:", "é"].map(str::to_owned)).collect();
        for year in ["0000", "0001", "2023", "2024", "20:4", "9999"] {
            for text in months.iter().flat_map(|month| numbers(33).map(move |day| format!("{year}-{month}-{day}"))) {
                let with_time = format!("{text}T00:00:00Z").parse::<PartialDate>();
                assert_eq!(text.parse::<PartialDate>().ok(), with_time.ok(), "{text}");
            }
        }
    }

    #[test]
    fn days_are_counted_and_walked() {
        for (text, count) in [("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2024-02-29", 19_782)] {
            assert_eq!(day(text).since_1970(), count, "{text}");
            assert_eq!(day(text).next().previous(), day(text));
            assert_eq!(day(text).previous().since_1970(), count - 1);
        }
        assert_eq!((date("2019-03").whole_day(), date("2019-03-01").whole_day()), (None, Some(day("2019-03-01"))));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "19",
            "2019-13",
            "2023-02-29",
            "2019-3-1",
            "0000",
            "2019-03-14-1",
            "Mars",
            "20190301",
            "2019-",
            "2019-03-1",
        ] {
            assert_eq!(PartialDate::from_str(text), Err(DateError), "{text}");
        }
        assert_eq!(date("2024-06-01T12:00:00Z"), date("2024-06-01"));
        assert_eq!(date("\u{a0}2024-06 \u{e9}t\u{e9}"), date("2024-06"));
    }

    #[test]
    fn every_form_of_a_bound_is_read_from_json() {
        let read = |json: &str| serde_json::from_str::<DateBound>(json).map_err(|error| error.to_string());
        let between =
            |a: Option<&str>, b: Option<&str>| DateBound::Between { not_before: a.map(date), not_after: b.map(date) };
        assert_eq!(read("null"), Ok(DateBound::Missing));
        assert_eq!(read("\"2019-0\\u0033\""), Ok(DateBound::On(date("2019-03"))));
        assert_eq!(read("{\"not_after\": \"2019\"}"), Ok(between(None, Some("2019"))));
        assert_eq!(read("{\"not_before\": \"2018-05\", \"not_after\": null}"), Ok(between(Some("2018-05"), None)));
        assert_eq!(read("{}"), Ok(between(None, None)));
        let refused = "data did not match any variant of untagged enum DateBound";
        for json in ["2019", "\"2019-13\"", "[]", "{\"not_after\": \"then\"}"] {
            assert_eq!(read(json), Err(refused.to_owned()), "{json}");
        }
        let refused = serde_json::from_str::<PartialDate>("2019").map_err(|error| error.to_string());
        assert_eq!(refused, Err("invalid type: integer `2019`, expected a string at line 1 column 4".to_owned()));
    }

    #[test]
    fn a_plain_interval_is_half_open() {
        let (start, end) = (DateBound::On(date("2019")), DateBound::On(date("2021-08-27")));
        assert_eq!(start.begun(day("2018-12-31")), Presence::Out);
        assert_eq!(start.begun(day("2019-01-01")), Presence::Certain);
        assert_eq!(end.lasts(day("2021-08-26")), Presence::Certain);
        assert_eq!(end.lasts(day("2021-08-27")), Presence::Out);
    }

    #[test]
    fn what_was_only_seen_is_possible_beyond_the_sighting() {
        let seen = DateBound::Between { not_before: Some(date("2019-02")), not_after: Some(date("2019-03-31")) };
        assert_eq!(seen.begun(day("2019-01-31")), Presence::Out);
        assert_eq!(seen.begun(day("2019-02-01")), Presence::Possible);
        assert_eq!(seen.begun(day("2019-03-31")), Presence::Certain);
        let still = DateBound::Between { not_before: Some(date("2025-06-15")), not_after: None };
        assert_eq!(still.lasts(day("2025-06-15")), Presence::Certain);
        assert_eq!(still.lasts(day("2040-01-01")), Presence::Possible);
    }
}
