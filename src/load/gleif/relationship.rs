//! Level 2: who consolidates, manages or feeds whom.

use super::party::statement;
use super::values::{Field, Values};
use super::{Filing, Findings, Refused, in_capitals};
use crate::error::{Location, Result};
use crate::graph::columns::InterestParts;
use crate::graph::{Account, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::{Confidence, DateBound, Directness, Fact, InterestKind, Marks, PartialDate, ShareRange};
use std::borrow::Cow;

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

/// The interest that a record states.
pub(super) struct Relationship<'r> {
    child: End<'r>,
    parent: End<'r>,
    /// The id of the interest, in each of its lives.
    id: String,
    meaning: Meaning,
    /// What is told of a record that was taken back: it counts for nothing.
    withdrawn: Option<Fact>,
    stated: Option<PartialDate>,
    confidence: Confidence,
    details: InterestDetails,
    lives: Vec<(DateBound, DateBound)>,
}

/// One end of a relationship; one that is not named by an LEI keeps its number as id.
struct End<'r> {
    id: Cow<'r, str>,
    is_lei: bool,
}

impl<'r> End<'r> {
    fn read(values: &Values<'r>, id: Field, id_type: Field) -> Self {
        Self { id: in_capitals(values.text_of(id)), is_lei: matches!(values.get(id_type), "" | "LEI") }
    }

    /// An LEI is the entity's identifier too.
    fn identify(&self, filing: &mut Filing<'_, '_>, node: NodeId, location: &Location) -> Result<()> {
        if self.is_lei { filing.identify(node, &self.id, location) } else { Ok(()) }
    }
}

impl<'r> Relationship<'r> {
    pub(super) fn read(values: &Values<'r>, findings: &mut Findings) -> Result<Self, Refused> {
        let child = End::read(values, Field::Child, Field::ChildType);
        let parent = End::read(values, Field::Parent, Field::ParentType);
        for (end, name) in [(&child, "start node (the child)"), (&parent, "end node (the parent)")] {
            if end.id.is_empty() {
                return Err(Refused(format!("the relationship names no {name}")));
            }
        }
        let meaning = meaning_of(values.get(Field::RelationshipType))?;
        let stated = findings.date("LastUpdateDate", values.get(Field::LastUpdate));
        let id = [&*child.id, meaning.code, &*parent.id].join("-");
        if WITHDRAWN.contains(&values.get(Field::RegistrationStatus)) {
            let withdrawn = Some(withdrawn(values, meaning, &parent.id, stated));
            let (confidence, details) = (Confidence::High, InterestDetails::default());
            return Ok(Self { child, parent, id, meaning, withdrawn, stated, confidence, details, lives: Vec::new() });
        }
        let (confidence, details) = reliability(values);
        let lives = lives(findings, values, stated);
        Ok(Self { child, parent, id, meaning, withdrawn: None, stated, confidence, details, lives })
    }

    /// The ids of child and parent.
    pub(super) fn ids(&self) -> [&str; 2] {
        [&self.child.id, &self.parent.id]
    }

    pub(super) fn add(
        self,
        filing: &mut Filing<'_, '_>,
        (child, parent): (NodeId, NodeId),
        line: u64,
        location: &Location,
    ) -> Result<()> {
        self.child.identify(filing, child, location)?;
        self.parent.identify(filing, parent, location)?;
        if let Some(fact) = self.withdrawn {
            // What is told of an entity is told of it as a holder of an LEI, whatever the type of its number.
            filing.identify(child, &self.child.id, location)?;
            filing.fact(child, fact);
            return Ok(());
        }
        let (owner, owned) = match self.meaning.owner {
            Owner::EndNode => (parent, child),
            Owner::StartNode => (child, parent),
        };
        let account =
            Account { stated: self.stated, published: filing.published, source: filing.source, ..Account::default() };
        let account = filing.intake.builder.new_account(account)?;
        for (start, end) in self.lives {
            let parts = InterestParts {
                owner,
                owned,
                kind: self.meaning.kind,
                share: ShareRange::UNKNOWN,
                start,
                end,
                directness: self.meaning.directness,
                confidence: self.confidence,
                marks: Marks::NONE,
                controlling: false,
                account,
                input: filing.intake.input,
                record: u32::try_from(line).unwrap_or(u32::MAX),
            };
            let number = filing.intake.builder.interest(&parts)?;
            filing.intake.builder.interest_id(number, &self.id);
            filing.intake.builder.interest_details(number, self.details.clone());
        }
        Ok(())
    }
}

/// What a type of relationship means; nearly always it is written as it is known.
fn meaning_of(code: &str) -> Result<Meaning, Refused> {
    if let Some(meaning) = MEANINGS.into_iter().find(|known| known.code == code) {
        return Ok(meaning);
    }
    let code = code.to_ascii_uppercase();
    MEANINGS.into_iter().find(|known| same_code(known.code, &code)).ok_or_else(|| {
        let known: Vec<_> = MEANINGS.iter().map(|known| known.code).collect();
        Refused(format!("relationship type {code:?} is none of {}", known.join(", ")))
    })
}

/// Whether two codes are one but for hyphens and underscores: `IS_FUND-MANAGED_BY` is written both ways.
fn same_code(known: &str, code: &str) -> bool {
    let plain = |text: &str| text.bytes().map(|byte| if byte == b'-' { b'_' } else { byte }).collect::<Vec<_>>();
    known == code || plain(known) == plain(code)
}

/// What is told of a record that the register took back: it stays visible and counts for nothing.
fn withdrawn(values: &Values<'_>, meaning: Meaning, parent: &str, date: Option<PartialDate>) -> Fact {
    let (code, status) = (meaning.code, values.get(Field::RegistrationStatus));
    let text = format!("A relationship {code} {parent} was reported and taken back (record status {status}).");
    statement(text, date.map_or(DateBound::Missing, DateBound::On))
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
fn lives(findings: &mut Findings, values: &Values<'_>, updated: Option<PartialDate>) -> Vec<(DateBound, DateBound)> {
    let relations = periods(findings, values, "RELATIONSHIP_PERIOD");
    let accounting = periods(findings, values, "ACCOUNTING_PERIOD");
    let deleted = findings.date("DeletedAt", values.get(Field::Deleted));
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
fn periods(findings: &mut Findings, values: &Values<'_>, wanted: &str) -> Vec<Period> {
    let items = values.all(Field::PeriodType).filter(|&(_, period_type)| period_type == wanted);
    let periods = items.map(|(item, _)| Period {
        start: findings.date("period start", values.of_item(Field::PeriodStart, item)),
        end: findings.date("period end", values.of_item(Field::PeriodEnd, item)),
    });
    periods.filter(|period| period.start.is_some() || period.end.is_some()).collect()
}
