//! Answers of GLEIF's API (JSON:API): a record or a page of records under `data`.

use super::values::{Field, Level, Values};
use super::{Filing, Record, day};
use crate::error::Result;
use crate::load::keys::{self, EXACT, Unique};
use crate::load::records::{Broken, Records};
use serde_json::Value;
use std::borrow::Cow;
use std::io::BufRead;

/// The types of resource that are read.
const TYPES: [(&str, Level); 3] = [
    ("lei-records", Level::Entity),
    ("relationship-records", Level::Relationship),
    ("reporting-exceptions", Level::Exception),
];

/// Where the fields stand within `attributes`; `[]` goes through an array.
const PATHS: [(&str, Field); 38] = [
    ("lei", Field::Lei),
    ("entity.legalName.name", Field::LegalName),
    ("entity.otherNames[].name", Field::OtherName),
    ("entity.otherNames[].type", Field::OtherNameType),
    ("entity.transliteratedOtherNames[].name", Field::TransliteratedName),
    ("entity.legalAddress.country", Field::Country),
    ("entity.registeredAt.id", Field::Authority),
    ("entity.registeredAs", Field::AuthorityNumber),
    ("entity.jurisdiction", Field::Jurisdiction),
    ("entity.category", Field::Category),
    ("entity.legalForm.id", Field::LegalFormCode),
    ("entity.legalForm.other", Field::LegalForm),
    ("entity.status", Field::EntityStatus),
    ("entity.creationDate", Field::Created),
    ("entity.expiration.date", Field::Expired),
    ("entity.successorEntity.lei", Field::SuccessorLei),
    ("entity.successorEntity.name", Field::SuccessorName),
    ("entity.successorEntities[].lei", Field::SuccessorLei),
    ("entity.successorEntities[].name", Field::SuccessorName),
    ("registration.lastUpdateDate", Field::LastUpdate),
    ("registration.status", Field::RegistrationStatus),
    ("registration.corroborationLevel", Field::Corroboration),
    ("relationship.startNode.id", Field::Child),
    ("relationship.startNode.type", Field::ChildType),
    ("relationship.endNode.id", Field::Parent),
    ("relationship.endNode.type", Field::ParentType),
    ("relationship.type", Field::RelationshipType),
    ("relationship.status", Field::RelationshipStatus),
    ("relationship.periods[].startDate", Field::PeriodStart),
    ("relationship.periods[].endDate", Field::PeriodEnd),
    ("relationship.periods[].type", Field::PeriodType),
    ("relationship.quantifiers[].amount", Field::Amount),
    ("relationship.quantifiers[].units", Field::Units),
    ("category", Field::ExceptionCategory),
    ("reason", Field::ExceptionReason),
    ("reference", Field::ExceptionReference),
    ("reference[]", Field::ExceptionReference),
    ("extension.deletedAt", Field::Deleted),
];

/// Whether the first bytes look like an answer of the API, or like a record out of one.
pub(super) fn recognises(head: &str) -> bool {
    let resource = |(name, _): &(&str, Level)| {
        let quoted = format!("\"{name}\"");
        head.match_indices(&quoted).any(|(at, _)| head[..at].trim_end().ends_with(':'))
    };
    let answer = head.contains("\"goldenCopy\"") && head.contains("\"publishDate\"");
    answer || TYPES.iter().any(resource) && head.contains("\"attributes\"")
}

/// Reads one input: an answer, a list of them, or one a line.
pub(super) fn read(filing: &mut Filing<'_, '_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let (name, rules) = (filing.intake.name, (filing.intake.limits.record, filing.intake.keys));
    let mut records = Records::new(name, head, reader, rules);
    while let Some(record) = records.next()? {
        let line = record.line;
        let parsed = record.text.and_then(|text| {
            serde_json::from_str::<Unique>(text).map_err(|error| {
                let reason = keys::reason(&error, text).unwrap_or_else(|| format!("is no JSON: {error}"));
                Broken { reason, text: text.to_owned() }
            })
        });
        match parsed {
            Ok(Unique(answer)) => add(filing, &answer, line)?,
            Err(Broken { reason, text }) => {
                let location = filing.intake.at(line);
                filing.reject(location, &reason, &text)?;
            }
        }
    }
    Ok(())
}

/// Adds what an answer holds. A page without records is an answer too.
fn add(filing: &mut Filing<'_, '_>, answer: &Value, line: u64) -> Result<()> {
    let published = at(answer, "meta.goldenCopy.publishDate").and_then(Value::as_str);
    filing.published = published.and_then(day);
    if answer.get("data").is_none() {
        return add_resource(filing, answer, line);
    }
    for part in ["data", "included"] {
        match answer.get(part) {
            None | Some(Value::Null) => {}
            Some(Value::Array(resources)) => {
                resources.iter().try_for_each(|resource| add_resource(filing, resource, line))?;
            }
            Some(resource) => add_resource(filing, resource, line)?,
        }
    }
    Ok(())
}

fn add_resource(filing: &mut Filing<'_, '_>, resource: &Value, line: u64) -> Result<()> {
    let kind = resource.get("type").and_then(Value::as_str).unwrap_or("");
    let level = TYPES.iter().find(|(name, _)| *name == kind).map(|&(_, level)| level);
    match (level, resource.get("attributes")) {
        (Some(level), Some(attributes)) => {
            let values = match values(level, attributes) {
                Ok(values) => values,
                Err(reason) => return refuse(filing, resource, line, &reason),
            };
            filing.take_one(Record::read(level, &values, line, || resource.to_string()))
        }
        (Some(_), None) => refuse(filing, resource, line, "the record has no \"attributes\""),
        (None, _) => {
            let known = TYPES.map(|(name, _)| name).join(", ");
            refuse(filing, resource, line, &format!("the record's type {kind:?} is none of {known}"))
        }
    }
}

fn refuse(filing: &mut Filing<'_, '_>, resource: &Value, line: u64, reason: &str) -> Result<()> {
    let mut location = filing.intake.at(line);
    if let Some(id) = resource.get("id").and_then(Value::as_str) {
        location = location.in_record(id);
    }
    filing.reject(location, reason, &resource.to_string())
}

fn values(level: Level, attributes: &Value) -> Result<Values<'_>, String> {
    let mut values = Values::default();
    for (path, field) in PATHS {
        // A record of an entity has no field of these names today; should it get one, it is no exception.
        let of_exception =
            matches!(field, Field::ExceptionCategory | Field::ExceptionReason | Field::ExceptionReference);
        if of_exception && level != Level::Exception {
            continue;
        }
        match path.split_once("[]") {
            None => push(&mut values, field, 0, at(attributes, path))?,
            Some((array, rest)) => {
                let items = at(attributes, array).and_then(Value::as_array);
                for (item, value) in items.into_iter().flatten().enumerate() {
                    push(&mut values, field, item as u32 + 1, at(value, rest.trim_start_matches('.')))?;
                }
            }
        }
    }
    Ok(values)
}

fn push<'v>(values: &mut Values<'v>, field: Field, item: u32, value: Option<&'v Value>) -> Result<(), String> {
    match value {
        Some(Value::String(text)) => values.push(field, item, Cow::Borrowed(text)),
        Some(Value::Number(number))
            if number.is_f64() && number.as_f64().is_none_or(|number| number.abs() >= EXACT) =>
        {
            return Err(format!("the number {number} has too many digits to be exact: put it in quotes"));
        }
        Some(Value::Number(number)) => values.push(field, item, Cow::Owned(number.to_string())),
        _ => {}
    }
    Ok(())
}

/// The value at a dotted path; the empty path is the value itself.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}
