//! What this program kept of an interest in a remark, where a format has no place for it.

use crate::model::interest::InterestDetails;
use crate::model::{Confidence, DateBound, Mark, Marks, Remark};

/// A bound that a remark tells more closely than the date in the format.
pub(super) fn bound(remark: Option<&Remark>, word: &str, otherwise: DateBound) -> DateBound {
    remark.and_then(|remark| remark.get(word)?.parse().ok()).unwrap_or(otherwise)
}

/// How far an interest can be relied upon.
pub(super) fn confidence(remark: Option<&Remark>) -> Confidence {
    remark.and_then(|remark| remark.get("confidence")?.parse().ok()).unwrap_or_default()
}

/// The marks of an interest.
pub(super) fn marks(remark: Option<&Remark>) -> Marks {
    let stated = [Mark::Approximate, Mark::Derived, Mark::Inferred, Mark::Contested, Mark::DatesInferred];
    let has =
        |mark: Mark| Marks::NONE.with(mark, true).words().any(|word| remark.is_some_and(|remark| remark.has(word)));
    stated.into_iter().fold(Marks::NONE, |marks, mark| marks.with(mark, has(mark)))
}

/// Adds the texts of a remark to what is told of an interest.
pub(super) fn texts(remark: Option<&Remark>, details: &mut InterestDetails) {
    let owned = |word| remark.and_then(|remark| remark.get(word)).map(str::to_owned);
    details.reason = owned("reason");
    details.date_note = owned("date-note");
}
