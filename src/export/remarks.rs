//! What BODS and FollowTheMoney keep only as remarks: a line of free text that this program takes back.

use super::losses::Losses;
use crate::graph::{Entity, Stake};
use crate::model::{Confidence, DateBound, Day, Mark, Marks, PartialDate, Remark};

/// Marks that a source states; the others are drawn from the record itself.
const STATED: [Mark; 5] = [Mark::Approximate, Mark::Derived, Mark::Inferred, Mark::Contested, Mark::DatesInferred];

/// Starts the remark of an interest with what neither format has a place for.
pub(super) fn of_interest(stake: Stake<'_>, losses: &mut Losses) -> Remark {
    let mut remark = Remark::default();
    let interest = stake.interest();
    match interest.confidence() {
        Confidence::High => {}
        Confidence::Medium => remark.add("confidence", "medium"),
        Confidence::Low => remark.add("confidence", "low"),
    }
    let marks = STATED.into_iter().fold(Marks::NONE, |marks, mark| marks.with(mark, interest.marks().has(mark)));
    marks.words().for_each(|word| remark.flag(word, true));
    remark.flag("controlling", interest.is_controlling());
    losses.add_if(!remark.is_empty(), "cautions of interests (confidence, approximate, inferred …: kept as remarks)");
    for (word, bound) in [("start", stake.start()), ("end", stake.end())] {
        if let DateBound::Between { .. } = bound {
            let text = bound.to_string();
            remark.add(word, if text.is_empty() { "?".to_owned() } else { text });
            losses.add(
                "dates with bounds (written as the day from which, or by which, it is certain; bounds kept as remarks)",
            );
        }
    }
    for (word, text) in stake
        .details()
        .into_iter()
        .flat_map(|details| [("reason", details.reason.as_deref()), ("date-note", details.date_note.as_deref())])
    {
        text.into_iter().for_each(|text| remark.add(word, text));
    }
    remark
}

/// Starts the remark of an entity with what neither format has a place for.
pub(super) fn of_entity(entity: Entity<'_>, losses: &mut Losses) -> Remark {
    let mut remark = Remark::default();
    remark.flag("jurisdiction-inferred", entity.jurisdiction_inferred());
    remark.flag("owners-complete", entity.owners_complete());
    losses.add_if(!remark.is_empty(), "flags of entities (owners complete, jurisdiction inferred: kept as remarks)");
    if !entity.joined().is_empty() {
        losses.add("joined entities (their records are written as one)");
    }
    remark
}

/// The dates that stand for the start and the end of an interest in a format that knows only dates.
///
/// Where only bounds are known, the interest is said to last from the day on which it had certainly begun to the day by
/// which it had certainly ended. What is not said to have ended has no end.
pub(super) fn period(stake: Stake<'_>) -> (Option<PartialDate>, Option<PartialDate>) {
    let start = match stake.start() {
        DateBound::Missing => None,
        DateBound::On(date) => Some(date),
        DateBound::Between { not_after: Some(date), .. } => Some(date.last_day().into()),
        DateBound::Between { not_before, .. } => not_before.map(|date| date.first_day().into()),
    };
    let end = match stake.end() {
        DateBound::Missing => None,
        DateBound::On(date) => Some(date),
        DateBound::Between { not_after, .. } => not_after.map(|date| date.first_day_out().into()),
    };
    let bounded =
        matches!(stake.start(), DateBound::Between { .. }) || matches!(stake.end(), DateBound::Between { .. });
    match (start, end) {
        // Bounds that reach over one another leave no day on which it is certain.
        (Some(from), Some(to)) if bounded && from.first_day() > to.first_day_out() => (None, end),
        both => both,
    }
}

/// The first day of a start, the first day that is out of an end.
pub(super) fn days(period: (Option<PartialDate>, Option<PartialDate>)) -> (Option<Day>, Option<Day>) {
    (period.0.map(PartialDate::first_day), period.1.map(PartialDate::first_day_out))
}
