//! Relationships between nodes: which of them are interests, and of what kind.

use super::table::Ends;
use super::{Reading, Refusal, Row, dates};
use crate::error::{Location, Result};
use crate::graph::Account;
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::load::intake::Intake;
use crate::model::interest::InterestDetails;
use crate::model::{Confidence, DateBound, Directness, InterestKind, Marks, ShareRange};
use crate::problem::Rule;

/// What parts of a link say of an officer, in lower case; every kind that is named counts.
const LINKS: [(&str, InterestKind); 34] = [
    ("beneficial owner", InterestKind::Shareholding),
    ("sharehold", InterestKind::Shareholding),
    ("share holder", InterestKind::Shareholding),
    ("stockhold", InterestKind::Shareholding),
    ("owner", InterestKind::Shareholding),
    ("trustee", InterestKind::Trustee),
    ("settlor", InterestKind::Settlor),
    ("settler", InterestKind::Settlor),
    ("protector", InterestKind::Protector),
    ("beneficiary", InterestKind::BeneficiaryOfLegalArrangement),
    ("general partner", InterestKind::GeneralPartner),
    ("limited partner", InterestKind::LimitedPartner),
    ("chairman", InterestKind::BoardChair),
    ("chairperson", InterestKind::BoardChair),
    ("director", InterestKind::BoardMember),
    ("board", InterestKind::BoardMember),
    ("foundation council", InterestKind::BoardMember),
    ("secretary", InterestKind::SeniorManagingOfficial),
    ("president", InterestKind::SeniorManagingOfficial),
    ("treasurer", InterestKind::SeniorManagingOfficial),
    ("chief executive", InterestKind::SeniorManagingOfficial),
    ("manager", InterestKind::SeniorManagingOfficial),
    ("founder", InterestKind::Founder),
    ("power of attorney", InterestKind::RightsGrantedByContract),
    ("signatory", InterestKind::RightsGrantedByContract),
    ("auditor", InterestKind::Adviser),
    ("accountant", InterestKind::Adviser),
    ("advisor", InterestKind::Adviser),
    ("adviser", InterestKind::Adviser),
    ("lawyer", InterestKind::Adviser),
    ("correspondent", InterestKind::Adviser),
    ("custodian", InterestKind::Adviser),
    ("resident agent", InterestKind::Adviser),
    ("registrar", InterestKind::Adviser),
];

/// Who acts for another holds nothing, whatever else the link says.
const NOMINEE: &str = "nominee";

/// Statuses of a relationship that is over.
const OVER: [&str; 5] = ["resigned", "former", "inactive", "ceased", "removed"];

/// Adds the interests of a relationship. Addresses and likenesses (`same_name_as`, `similar`, …) are none, and join
/// nobody.
pub(super) fn relation(
    reading: &mut Reading,
    intake: &mut Intake<'_>,
    row: &Row<'_>,
    ends: Ends,
    location: &Location,
) -> Result<Result<(), Refusal>> {
    let (start, end) = (row.get(ends.start), row.get(ends.end));
    for (column, id) in [(ends.start, start), (ends.end, end)] {
        if id.is_empty() {
            return Ok(Err(format!("has no {column}")));
        }
    }
    let (relation, link) = (row.get(ends.kind).to_ascii_lowercase(), row.get("link").to_lowercase());
    let kinds = match relation.as_str() {
        "" => return Ok(Err(format!("has no {}", ends.kind))),
        "officer_of" => kinds(&link),
        "intermediary_of" => vec![InterestKind::Adviser],
        // The first releases put the link in the place of the type (`shareholder of`).
        other if link.is_empty() && !other.contains('_') && is_link(other) => kinds(other),
        _ => return Ok(Ok(())),
    };
    let text = if link.is_empty() { &relation } else { &link };
    let dates = interval(intake, row, location);
    let source = reading.source(intake, row, location);
    let account = intake.builder.new_account(Account { source, ..Account::default() })?;
    let [owner, owned] = [start, end].map(|id| intake.builder.mention(Mention { id, ..Mention::default() }, location));
    let (owner, owned) = (owner?, owned?);
    for kind in kinds {
        let beneficial = kind == InterestKind::Shareholding && text.contains("beneficial");
        let number = intake.builder.interest(&InterestParts {
            owner,
            owned,
            kind,
            share: ShareRange::UNKNOWN,
            start: dates.0,
            end: dates.1,
            directness: if beneficial { Directness::Unknown } else { Directness::Direct },
            confidence: Confidence::High,
            marks: Marks::NONE,
            controlling: false,
            account,
            input: intake.input,
            record: location.line.unwrap_or_default() as u32,
        })?;
        // Where the kind does not say all that the link says, the link is kept.
        if beneficial || matches!(kind, InterestKind::UnknownInterest | InterestKind::Nominee) {
            let note = Some(text.clone()).filter(|note| !note.is_empty());
            intake.builder.interest_details(number, InterestDetails { note, ..InterestDetails::default() });
        }
    }
    Ok(Ok(()))
}

fn kinds(link: &str) -> Vec<InterestKind> {
    if link.contains(NOMINEE) {
        return vec![InterestKind::Nominee];
    }
    let mut kinds = Vec::new();
    for &(_, kind) in LINKS.iter().filter(|(part, _)| link.contains(part)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        kinds.push(InterestKind::UnknownInterest);
    }
    kinds
}

fn is_link(text: &str) -> bool {
    text.contains(NOMINEE) || LINKS.iter().any(|(part, _)| text.contains(part))
}

fn interval(intake: &mut Intake<'_>, row: &Row<'_>, location: &Location) -> (DateBound, DateBound) {
    let [start, mut end] = ["start_date", "end_date"].map(|column| {
        let (bound, unreadable) = dates::bound(row.get(column));
        if let Some(text) = unreadable {
            let message = format!("{column} {text:?} is no date that can be read; the day is left open");
            intake.problem(Rule::UnreadableValue, location.clone(), message);
        }
        bound
    });
    let status = row.get("status").to_lowercase();
    if end.is_missing() && OVER.iter().any(|word| status.contains(word)) {
        end = DateBound::Between { not_before: None, not_after: None };
    }
    (start, end)
}
