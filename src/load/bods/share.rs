//! Shares: exact, or between bounds that belong to the range or do not.

use super::schema::{Number, ShareObject, TextOr};
use super::version::Version;
use crate::model::share::ShareError;
use crate::model::{Share, ShareRange};

/// The range that a share object states; nothing stated is the unknown share. The error says what is wrong.
pub(super) fn range(share: Option<&TextOr<'_, ShareObject>>, version: Version) -> Result<ShareRange, String> {
    let share = match share {
        None => return Ok(ShareRange::UNKNOWN),
        Some(TextOr::Text(text)) => {
            return Err(format!("share {text:?} is no object: give exact, or minimum and maximum"));
        }
        Some(TextOr::Object(share)) => share,
    };
    let lower = lower(share)?;
    let upper = upper(share, version)?;
    if let Some(exact) = percent("exact", &share.exact)? {
        let below = lower.is_some_and(|(bound, _)| exact < bound);
        let above = upper.is_some_and(|(bound, _)| exact > bound);
        if below || above {
            return Err("the exact share lies outside of its minimum and maximum: give one of them".to_owned());
        }
        return Ok(ShareRange::exact(exact));
    }
    let (min, min_open) = lower.unwrap_or((Share::ZERO, false));
    let (max, max_open) = upper.unwrap_or((Share::WHOLE, false));
    // Publishers repeat an exact share as both bounds, which with an open end would leave nothing.
    if min == max && lower.is_some() && upper.is_some() && version == Version::ThroughThree {
        return Ok(ShareRange::exact(min));
    }
    let wrong = |error: ShareError| format!("the share from {min} to {max} {error}");
    ShareRange::new(min, max, min_open, max_open).map_err(wrong)
}

/// The lower bound, and whether it is open: the tighter one where both spellings are given.
fn lower(share: &ShareObject) -> Result<Option<(Share, bool)>, String> {
    let flagged = Number::is_true(&share.exclusive_minimum);
    let minimum = percent("minimum", &share.minimum)?.map(|bound| (bound, flagged));
    let exclusive = number("exclusiveMinimum", &share.exclusive_minimum)?.map(|bound| (bound, true));
    Ok(minimum.max(exclusive))
}

/// The upper bound, and whether it is open. Through 0.3 it is open unless the statement says otherwise; a whole is not,
/// as no publisher means to leave sole owners out.
fn upper(share: &ShareObject, version: Version) -> Result<Option<(Share, bool)>, String> {
    let maximum = percent("maximum", &share.maximum)?.map(|bound| {
        let open = match share.exclusive_maximum {
            Some(Number::Flag(flag)) => flag,
            _ => version == Version::ThroughThree && bound < Share::WHOLE,
        };
        (bound, open)
    });
    let exclusive = number("exclusiveMaximum", &share.exclusive_maximum)?.map(|bound| (bound, true));
    Ok(match (maximum, exclusive) {
        (Some(closed), Some(open)) => Some(if open.0 <= closed.0 { open } else { closed }),
        (closed, open) => closed.or(open),
    })
}

/// A bound that may also be a flag, which is no number of percent.
fn number(member: &str, value: &Option<Number>) -> Result<Option<Share>, String> {
    match value {
        Some(Number::Flag(_)) => Ok(None),
        value => percent(member, value),
    }
}

fn percent(member: &str, value: &Option<Number>) -> Result<Option<Share>, String> {
    let share = match value {
        None => return Ok(None),
        Some(Number::Text(text)) if text.trim().is_empty() => return Ok(None),
        // Computed shares carry noise (26.150000000000002), which must not push a whole beyond 100.
        Some(Number::Value(percent)) => Share::from_percent((percent * 1e7).round() / 1e7),
        Some(Number::Flag(_) | Number::Text(_)) => Err(ShareError::NotANumber),
    };
    let shown = || match value {
        Some(Number::Value(number)) => number.to_string(),
        Some(Number::Flag(flag)) => flag.to_string(),
        Some(Number::Text(text)) => format!("{text:?}"),
        None => String::new(),
    };
    share.map(Some).map_err(|error| format!("share.{member} {} {error}", shown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, version: Version) -> Result<ShareRange, String> {
        range(Some(&serde_json::from_str(json).expect(json)), version)
    }

    #[test]
    fn bounds_are_read_in_the_style_of_each_version() {
        use Version::{Four, ThroughThree};
        for (json, version, meant) in [
            (r#"{"exact": 26.150000000000002}"#, Four, "26.15"),
            (r#"{"exact": 100.00000000000001}"#, Four, "100"),
            (r#"{"exact": "12.5 %"}"#, Four, "12.5"),
            (r#"{"exact": 30, "minimum": 30, "maximum": 30}"#, ThroughThree, "30"),
            (r#"{"minimum": 30, "maximum": 30}"#, ThroughThree, "30"),
            (r#"{"minimum": 30, "maximum": 30}"#, Four, "30"),
            (r#"{"minimum": 25, "maximum": 50}"#, Four, "[25,50]"),
            (r#"{"minimum": 25, "maximum": 50}"#, ThroughThree, "[25,50)"),
            (r#"{"minimum": 75, "maximum": 100}"#, ThroughThree, "[75,100]"),
            (
                r#"{"minimum": 25, "maximum": 50, "exclusiveMinimum": true, "exclusiveMaximum": false}"#,
                ThroughThree,
                "(25,50]",
            ),
            (r#"{"minimum": 25, "maximum": 50, "exclusiveMinimum": true}"#, Four, "(25,50]"),
            (r#"{"exclusiveMinimum": 25, "maximum": 50}"#, Four, "(25,50]"),
            (r#"{"exclusiveMinimum": 25, "exclusiveMaximum": 75}"#, Four, "(25,75)"),
            (r#"{"minimum": 25, "exclusiveMinimum": 25, "maximum": 50}"#, Four, "(25,50]"),
            (r#"{"minimum": 25}"#, Four, "[25,100]"),
            (r#"{"maximum": 10}"#, Four, "[0,10]"),
            (r#"{}"#, Four, ""),
            (r#"{"minimum": "", "maximum": ""}"#, Four, ""),
        ] {
            assert_eq!(read(json, version), Ok(ShareRange::parse(meant).expect(meant)), "{json}");
        }
    }

    #[test]
    fn what_is_no_share_is_refused_with_its_reason() {
        for (json, reason) in [
            ("50", "share \"50\" is no object: give exact, or minimum and maximum"),
            (r#"{"exact": 101}"#, "share.exact 101 is above 100 %"),
            (r#"{"minimum": -1}"#, "share.minimum -1 is below 0 %"),
            (
                r#"{"exact": "most"}"#,
                "share.exact \"most\" is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]",
            ),
            (
                r#"{"minimum": true}"#,
                "share.minimum true is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]",
            ),
            (
                r#"{"minimum": 50, "maximum": 25}"#,
                "the share from 50 to 25 is upside down: its lower end is above its upper end",
            ),
            (
                r#"{"exact": 60, "maximum": 50}"#,
                "the exact share lies outside of its minimum and maximum: give one of them",
            ),
        ] {
            assert_eq!(read(json, Version::Four), Err(reason.to_owned()), "{json}");
        }
    }
}
