//! Later versions of a relationship end earlier ones, and begin where those end.

use super::series::Version;
use crate::graph::{GraphBuilder, Interest};
use crate::model::{DateBound, PartialDate};
use std::collections::HashSet;

const ENDED: &str = "A later statement of the same relationship ends it";
const CLIPPED: &str = "An earlier statement of the same relationship holds until this one";
const RESTATED: &str = "Restated on the same day: the later statement counts in its place";

/// Pairs of interests that are compared for two statements; beyond, the later statement only ends the earlier one.
const MOST_COMPARED: u64 = 1_000_000;

/// Later versions of relationships end earlier ones.
pub(super) struct History<'b> {
    builder: &'b mut GraphBuilder,
    /// Interests whose start follows from an earlier version.
    clipped: HashSet<u32>,
    /// Interests whose end follows from a later version.
    ended: HashSet<u32>,
    /// Interests that never held.
    void: HashSet<u32>,
}

impl<'b> History<'b> {
    pub(super) fn new(builder: &'b mut GraphBuilder) -> Self {
        Self { builder, clipped: HashSet::new(), ended: HashSet::new(), void: HashSet::new() }
    }

    /// The earlier version holds until the later one was stated, unless the dates of the interests tell more.
    pub(super) fn supersede(&mut self, older: &Version, newer: &Version) {
        let day = newer.moment.day();
        let few = u64::from(older.count) * u64::from(newer.count) <= MOST_COMPARED;
        let mut unmatched: Vec<u32> = newer.interests().filter(|_| few).collect();
        for number in older.interests() {
            let matched = self.counterpart(number, &unmatched);
            unmatched.retain(|&other| Some(other) != matched);
            let Some(day) = day.filter(|&day| older.moment.day() != Some(day)) else {
                self.make_void(number, day);
                continue;
            };
            if self.void.contains(&number) {
                continue;
            }
            let begun = older.moment.stated();
            let relation = matched.map(|other| (other, self.relation(number, other, begun)));
            self.end(number, day, relation);
            if let Some((other, relation)) = relation {
                self.continue_with(number, other, relation, day);
            }
        }
        let restated = day.is_none() || older.moment.day() == day;
        for number in unmatched {
            let (start, end) = self.builder.interest_dates(number);
            if let (true, Some(day)) = (start.is_missing() && !restated, day) {
                self.clip(number, DateBound::On(day), end);
            }
        }
    }

    /// The interest of a later version that tells what became of one: of the same kind, as like it as there is.
    fn counterpart(&self, number: u32, others: &[u32]) -> Option<u32> {
        let interest = self.builder.stated_interest(number);
        let start = self.builder.interest_dates(number).0;
        let of_kind =
            others.iter().copied().filter(|&other| self.builder.stated_interest(other).kind() == interest.kind());
        of_kind.max_by_key(|&other| {
            let same_start = self.builder.interest_dates(other).0 == start;
            (is_restated(interest, self.builder.stated_interest(other)), same_start, std::cmp::Reverse(other))
        })
    }

    fn relation(&self, number: u32, other: u32, stated: Option<PartialDate>) -> Relation {
        let (interest, later) = (self.builder.stated_interest(number), self.builder.stated_interest(other));
        if is_restated(interest, later) {
            return Relation::Restated;
        }
        let known_since = match self.builder.interest_dates(number).0 {
            DateBound::On(start) => Some(start),
            _ => stated,
        };
        match self.builder.interest_dates(other).0 {
            DateBound::On(start) if known_since.is_some_and(|known| start.first_day() > known.first_day()) => {
                Relation::ChangedOn(start)
            }
            _ => Relation::Changed,
        }
    }

    /// Ends an interest of the earlier version, unless it states its own end.
    fn end(&mut self, number: u32, day: PartialDate, relation: Option<(u32, Relation)>) {
        let (start, end) = self.builder.interest_dates(number);
        if !end.is_missing() && !self.ended.contains(&number) {
            return;
        }
        let later_end = relation.map(|(other, _)| self.builder.interest_dates(other).1);
        let changed = match relation {
            Some((_, Relation::ChangedOn(date))) => Some(PartialDate::from(date.first_day())),
            _ => None,
        };
        let told = [end, later_end.unwrap_or_default()].into_iter().filter_map(on);
        let last = told.chain(changed).chain([day]).min_by_key(|date| date.first_day_out()).unwrap_or(day);
        self.ended.insert(number);
        self.set(number, start, DateBound::On(last), ENDED);
    }

    /// Lets the later version begin where the earlier one ends.
    fn continue_with(&mut self, number: u32, other: u32, relation: Relation, day: PartialDate) {
        let (_, end) = self.builder.interest_dates(other);
        match relation {
            Relation::Restated if self.clipped.contains(&number) => {
                let (start, _) = self.builder.interest_dates(number);
                self.clip(other, start, end);
            }
            Relation::Changed if on(end).is_none_or(|end| end.first_day_out() > day.first_day()) => {
                self.clip(other, DateBound::On(day), end);
            }
            _ => {}
        }
    }

    fn clip(&mut self, number: u32, start: DateBound, end: DateBound) {
        self.clipped.insert(number);
        self.set(number, start, end, CLIPPED);
    }

    /// Sets dates; an interest that would end before it begins never held.
    fn set(&mut self, number: u32, start: DateBound, end: DateBound, note: &str) {
        match (on(start), on(end)) {
            (Some(from), Some(to)) if to.first_day_out() <= from.first_day() => self.make_void(number, Some(from)),
            _ => self.builder.infer_dates(number, start, end, note),
        }
    }

    /// Keeps an interest as a record that counts on no day.
    fn make_void(&mut self, number: u32, day: Option<PartialDate>) {
        if !self.void.insert(number) {
            return;
        }
        let day = day.or_else(|| on(self.builder.interest_dates(number).0));
        let (start, end) = no_day(day);
        self.builder.infer_dates(number, start, end, RESTATED);
    }
}

/// How an interest of a later version follows one of an earlier version.
#[derive(Debug, Clone, Copy)]
enum Relation {
    /// It says the same again.
    Restated,
    /// It says something else, with a date on which that began.
    ChangedOn(PartialDate),
    /// It says something else.
    Changed,
}

fn is_restated(interest: Interest, later: Interest) -> bool {
    interest.kind() == later.kind()
        && interest.share() == later.share()
        && interest.directness() == later.directness()
        && (interest.owner(), interest.owned()) == (later.owner(), later.owned())
}

fn on(bound: DateBound) -> Option<PartialDate> {
    match bound {
        DateBound::On(date) => Some(date),
        _ => None,
    }
}

/// Dates between which there is no day. Bounds, not plain dates, as the statement itself is not at fault.
pub(super) fn no_day(day: Option<PartialDate>) -> (DateBound, DateBound) {
    let day = day.map(|day| PartialDate::from(day.first_day())).or_else(|| "0001-01-01".parse().ok());
    (DateBound::Between { not_before: day, not_after: day }, DateBound::Between { not_before: None, not_after: day })
}
