//! Level 2: who consolidates, manages or feeds whom.

use super::party::statement;
use super::values::{Field, Values};
use super::{Filing, Refused, Taken, lei_of};
use crate::error::{Location, Result};
use crate::graph::columns::InterestParts;
use crate::graph::{Account, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::{Confidence, DateBound, Directness, InterestKind, Marks, PartialDate, ShareRange};

/// Which end of a relationship holds the interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The end node: parent, head office, manager, umbrella.
    EndNode,
    /// The start node.
    StartNode,
}

/// What a type of relationship says about ownership.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    code: &'static str,
    kind: InterestKind,
    directness: Directness,
    owner: Owner,
}

/// The types of relationship.
///
/// - Consolidation is control by accounting rules (more than half, or in fact), not a share. The ultimate parent is indirect,
///   so that it is no second link beside the chain of direct parents.
/// - A branch is a part of its head office.
/// - A manager decides for a fund by mandate: control is possible, not certain.
/// - A sub-fund is a compartment of its umbrella. Whose bodies decide for it the record does not say, so the weakest kind
///   that is true: some influence, possible control.
/// - A feeder fund puts its money into the master fund: the *feeder* (start node) holds the units. Who votes them is not said,
///   so it is a right to profit and no shareholding.
const MEANINGS: [Meaning; 6] = [
    meaning("IS_DIRECTLY_CONSOLIDATED_BY", InterestKind::Parent, Directness::Direct, Owner::EndNode),
    meaning("IS_ULTIMATELY_CONSOLIDATED_BY", InterestKind::Parent, Directness::Indirect, Owner::EndNode),
    meaning("IS_INTERNATIONAL_BRANCH_OF", InterestKind::Parent, Directness::Direct, Owner::EndNode),
    meaning("IS_FUND-MANAGED_BY", InterestKind::Manager, Directness::Direct, Owner::EndNode),
    meaning("IS_SUBFUND_OF", InterestKind::OtherInfluenceOrControl, Directness::Direct, Owner::EndNode),
    meaning("IS_FEEDER_TO", InterestKind::RightsToProfitOrIncome, Directness::Direct, Owner::StartNode),
];

const fn meaning(code: &'static str, kind: InterestKind, directness: Directness, owner: Owner) -> Meaning {
    Meaning { code, kind, directness, owner }
}

/// Records that the register took back: they should never have been there.
const WITHDRAWN: [&str; 3] = ["ANNULLED", "DUPLICATE", "CANCELLED"];

/// What the validation of a record says about its reliability; everything else is high.
const CORROBORATION: [(&str, Confidence, &str); 3] = [
    ("PARTIALLY_CORROBORATED", Confidence::Medium, "only partly corroborated by documents"),
    ("ENTITY_SUPPLIED_ONLY", Confidence::Medium, "stated by the entity itself, not corroborated"),
    ("PENDING", Confidence::Low, "not validated yet"),
];

/// Adds the interest that a record states.
pub(super) fn add(filing: &mut Filing<'_, '_>, values: &Values<'_>, line: u64, location: &Location) -> Taken {
    let (child, parent) = (lei_of(values.get(Field::Child)), lei_of(values.get(Field::Parent)));
    for (end, name) in [(&child, "start node (the child)"), (&parent, "end node (the parent)")] {
        if end.is_empty() {
            return Ok(Err(Refused(format!("the relationship names no {name}"))));
        }
    }
    let code = values.get(Field::RelationshipType).to_ascii_uppercase();
    let Some(meaning) = MEANINGS.into_iter().find(|known| same_code(known.code, &code)) else {
        let known: Vec<_> = MEANINGS.iter().map(|known| known.code).collect();
        return Ok(Err(Refused(format!("relationship type {code:?} is none of {}", known.join(", ")))));
    };
    let child_node = node(filing, &child, values.get(Field::ChildType), location)?;
    let parent_node = node(filing, &parent, values.get(Field::ParentType), location)?;
    if WITHDRAWN.contains(&values.get(Field::RegistrationStatus)) {
        withdraw(filing, values, (&child, meaning.code, &parent), location)?;
        return Ok(Ok(()));
    }
    let (owner, owned) = match meaning.owner {
        Owner::EndNode => (parent_node, child_node),
        Owner::StartNode => (child_node, parent_node),
    };
    let stated = filing.date("LastUpdateDate", values.get(Field::LastUpdate), location);
    let account = Account { stated, published: filing.published, source: filing.source, ..Account::default() };
    let account = filing.intake.builder.new_account(account)?;
    let (confidence, details) = reliability(values);
    for (start, end) in lives(filing, values, stated, location) {
        let parts = InterestParts {
            owner,
            owned,
            kind: meaning.kind,
            share: ShareRange::UNKNOWN,
            start,
            end,
            directness: meaning.directness,
            confidence,
            marks: Marks::NONE,
            controlling: false,
            account,
            input: filing.intake.input,
            record: u32::try_from(line).unwrap_or(u32::MAX),
        };
        let number = filing.intake.builder.interest(&parts)?;
        filing.intake.builder.interest_id(number, &format!("{child}-{}-{parent}", meaning.code));
        filing.intake.builder.interest_details(number, details.clone());
    }
    Ok(Ok(()))
}

/// Whether two codes are one but for hyphens and underscores: `IS_FUND-MANAGED_BY` is written both ways.
fn same_code(known: &str, code: &str) -> bool {
    let plain = |text: &str| text.bytes().map(|byte| if byte == b'-' { b'_' } else { byte }).collect::<Vec<_>>();
    known == code || plain(known) == plain(code)
}

/// The node of one end; ends that are not named by an LEI keep their number as id.
fn node(filing: &mut Filing<'_, '_>, id: &str, id_type: &str, location: &Location) -> Result<NodeId> {
    if matches!(id_type, "" | "LEI") {
        return filing.party(id, location);
    }
    filing.other_party(id, location)
}

/// Notes a record that the register took back: it stays visible and counts for nothing.
fn withdraw(
    filing: &mut Filing<'_, '_>,
    values: &Values<'_>,
    (child, code, parent): (&str, &str, &str),
    location: &Location,
) -> Result<()> {
    let date = filing.date("LastUpdateDate", values.get(Field::LastUpdate), location);
    let status = values.get(Field::RegistrationStatus);
    let text = format!("A relationship {code} {parent} was reported and taken back (record status {status}).");
    let fact = statement(text, date.map_or(DateBound::Missing, DateBound::On));
    filing.fact(child, fact, location)
}

/// How far a record can be relied upon and what a reader should know of it.
fn reliability(values: &Values<'_>) -> (Confidence, InterestDetails) {
    let corroboration = values.get(Field::Corroboration);
    let weak = CORROBORATION.iter().find(|(code, _, _)| *code == corroboration);
    let mut confidence = weak.map_or(Confidence::High, |&(_, confidence, _)| confidence);
    let mut reasons: Vec<&str> = weak.map(|&(_, _, reason)| reason).into_iter().collect();
    if values.get(Field::RegistrationStatus) == "LAPSED" {
        confidence = confidence.min(Confidence::Medium);
        reasons.push("the record lapsed: it was not renewed");
    }
    if !matches!(values.get(Field::RelationshipStatus), "ACTIVE" | "INACTIVE") {
        confidence = confidence.min(Confidence::Medium);
        reasons.push("whether it is active is not stated");
    }
    let details = InterestDetails {
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
        note: quantifiers(values),
        ..InterestDetails::default()
    };
    (confidence, details)
}

/// Stated amounts as they stand. They are no shares: consolidation counts whole, and 1.00 and 100 both mean "all".
fn quantifiers(values: &Values<'_>) -> Option<String> {
    let amounts = values.all(Field::Amount).map(|(item, amount)| {
        let units = values.of_item(Field::Units, item);
        format!("{amount} {units}").trim_end().to_owned()
    });
    let amounts: Vec<_> = amounts.collect();
    (!amounts.is_empty())
        .then(|| format!("Accounting consolidation, stated amount: {}; not taken as a share.", amounts.join(", ")))
}

/// One of the periods of a relationship.
#[derive(Debug, Clone, Copy)]
struct Period {
    start: Option<PartialDate>,
    end: Option<PartialDate>,
}

/// When the interest began and ended: once for each time that the relationship lasted.
///
/// Only a relationship period says when it began. The accounting period that consolidates the child shows that it had begun
/// by the end of that period. A relationship that is no longer active, without an end, ended at some time up to the
/// last update; one that the register deleted ended by that day.
fn lives(
    filing: &mut Filing<'_, '_>,
    values: &Values<'_>,
    updated: Option<PartialDate>,
    location: &Location,
) -> Vec<(DateBound, DateBound)> {
    let relations = periods(filing, values, "RELATIONSHIP_PERIOD", location);
    let accounting = periods(filing, values, "ACCOUNTING_PERIOD", location);
    let deleted = filing.date("DeletedAt", values.get(Field::Deleted), location);
    let inactive = values.get(Field::RelationshipStatus) == "INACTIVE";
    let last_seen = accounting.iter().filter_map(|period| period.start).max();
    let open_end = |start: Option<PartialDate>| match (deleted, inactive) {
        (Some(deleted), false) => between(start.max(last_seen).max(updated), Some(deleted)),
        (_, true) => between(start.max(last_seen), updated.or(deleted)),
        (None, false) => DateBound::Missing,
    };
    if relations.is_empty() {
        let shown = accounting.iter().filter_map(|period| period.end).min();
        let start = shown.map_or(DateBound::Missing, |shown| between(None, Some(shown)));
        return vec![(start, open_end(None))];
    }
    let life = |period: &Period| {
        let start = period.start.map_or(DateBound::Missing, DateBound::On);
        (start, period.end.map_or_else(|| open_end(period.start), DateBound::On))
    };
    relations.iter().map(life).collect()
}

/// Bounds that do not contradict each other: of two that do, the outer one stays.
fn between(not_before: Option<PartialDate>, not_after: Option<PartialDate>) -> DateBound {
    let not_before = not_before.filter(|&before| not_after.is_none_or(|after| before <= after));
    DateBound::Between { not_before, not_after }
}

/// The periods of one type that have a date.
fn periods(filing: &mut Filing<'_, '_>, values: &Values<'_>, wanted: &str, location: &Location) -> Vec<Period> {
    let items = values.all(Field::PeriodType).filter(|&(_, period_type)| period_type == wanted);
    let periods = items.map(|(item, _)| Period {
        start: filing.date("period start", values.of_item(Field::PeriodStart, item), location),
        end: filing.date("period end", values.of_item(Field::PeriodEnd, item), location),
    });
    periods.filter(|period| period.start.is_some() || period.end.is_some()).collect()
}
