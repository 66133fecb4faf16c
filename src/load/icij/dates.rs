//! Dates in the many ways in which the leaked registers write them.

use crate::model::{DateBound, PartialDate};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads `2006-03-23`, `2006`, `23-MAR-2006`, `Mar 23, 2006`, `23/03/2006`, `23.03.2006`, `2006/03/23`. Where day and
/// month could be either, the day comes first; `03/23/2006` can only be March.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        // A time of day may follow.
        [a, b, c, ..] => day(a, b, c),
        [month, year] => build(number(year, 4)?, month_of(month).or_else(|| number(month, 2))?, None),
        _ => None,
    }
}

fn day(a: &str, b: &str, c: &str) -> Option<PartialDate> {
    if let Some(year) = number(a, 4).filter(|_| a.len() == 4) {
        return build(year, month_of(b).or_else(|| number(b, 2))?, number(c, 2));
    }
    let year = number(c, 4).filter(|_| c.len() == 4)?;
    if let Some(month) = month_of(b) {
        return build(year, month, Some(number(a, 2)?));
    }
    if let Some(month) = month_of(a) {
        return build(year, month, Some(number(b, 2)?));
    }
    let (first, second) = (number(a, 2)?, number(b, 2)?);
    build(year, second, Some(first)).or_else(|| build(year, first, Some(second)))
}

fn month_of(text: &str) -> Option<u32> {
    let start = text.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| *month == start)?;
    Some(month as u32 + 1)
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let fits = text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn build(year: u32, month: u32, day: Option<u32>) -> Option<PartialDate> {
    let text = match day {
        Some(day) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("{year:04}-{month:02}"),
    };
    text.parse().ok()
}

/// One end of a relationship; a text that is no date leaves it open, and is given back.
pub(super) fn bound(text: &str) -> (DateBound, Option<&str>) {
    match (text, date(text)) {
        ("", _) => (DateBound::Missing, None),
        (_, Some(date)) => (DateBound::On(date), None),
        (text, None) => (DateBound::Between { not_before: None, not_after: None }, Some(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn every_way_to_write_a_date_is_read() {
        for (text, meant) in [
            ("2006-03-23", "2006-03-23"),
            ("2006-03-23T00:00:00", "2006-03-23"),
            ("2006", "2006"),
            ("23-MAR-2006", "2006-03-23"),
            ("Mar 23, 2006", "2006-03-23"),
            ("March 3, 2006 12:30", "2006-03-03"),
            ("23/03/2006", "2006-03-23"),
            ("03/04/2006", "2006-04-03"),
            ("03/23/2006", "2006-03-23"),
            ("23.03.2006", "2006-03-23"),
            ("2006/3/23", "2006-03-23"),
            ("MAR 2006", "2006-03"),
        ] {
            assert_eq!(date(text).map(|date| date.to_string()).as_deref(), Some(meant), "{text}");
        }
        for wrong in ["", "23-MAR-06", "31/02/2006", "99/99/2006", "soon", "Mar", "0", "é3-MAR-2006", "1234567"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }
}
