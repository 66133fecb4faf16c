//! FollowTheMoney entities: JSON Lines, a JSON array, or `targets.nested.json` with whole neighbours inside.

mod links;
mod parties;
mod record;
mod schemata;

use super::intake::Intake;
use super::records::Records;
use crate::error::{Location, Result};
use crate::model::{PartialDate, Source, ftm_id};
use crate::problem::Rule;
use foldhash::quality::FixedState;
use record::{Record, Text};
use schemata::Role;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::io::BufRead;

/// Whether the first bytes of an input look like this format: an entity has `properties`, and a `schema` of the model.
pub(super) fn recognises(head: &str) -> bool {
    let head = head.strip_prefix('[').unwrap_or(head).trim_start();
    head.starts_with('{')
        && values_of(head, "\"properties\"").any(|value| value.starts_with('{'))
        && values_of(head, "\"schema\"").any(|value| {
            let name = value.strip_prefix('"').and_then(|rest| rest.split('"').next());
            name.is_some_and(|name| schemata::role(name).is_some())
        })
}

/// What follows each `"key":` in a text.
fn values_of<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(key)
        .filter_map(move |(at, _)| text[at + key.len()..].trim_start().strip_prefix(':'))
        .map(str::trim_start)
}

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut records = Records::new(intake.name, head, reader, intake.limits.record);
    let mut reading = Reading::default();
    while let Some(found) = records.next()? {
        let location = intake.at(found.line);
        let text = match found.text {
            Ok(text) => text,
            Err(broken) => {
                intake.reject(location, broken.reason, &broken.text)?;
                continue;
            }
        };
        match serde_json::from_str::<Record<'_>>(text) {
            Ok(record) => reading.take(intake, record, location, text)?,
            Err(error) => intake.reject(location, format!("is no FollowTheMoney entity: {error}"), text)?,
        }
    }
    Ok(())
}

/// What is known between the records of one input.
#[derive(Default)]
struct Reading {
    /// Links that were read, by a hash of their id: a nested export repeats them with each neighbour.
    links: HashSet<u128, FixedState>,
    unknown_schemata: HashSet<String>,
}

/// Why a record cannot be used.
type Refusal = String;

impl Reading {
    /// Reads a record and the whole entities that stand inside it.
    fn take(&mut self, intake: &mut Intake<'_>, record: Record<'_>, location: Location, text: &str) -> Result<()> {
        let id = record.id.clone();
        let mut refusal = None;
        let mut rest = vec![(record, true)];
        while let Some((mut record, top)) = rest.pop() {
            if let Some(id) = ftm_id::original(&record.id) {
                record.id = id.into();
            }
            rest.extend(std::mem::take(&mut record.properties.nested).into_iter().map(|inner| (inner, false)));
            if let Err(reason) = self.one(intake, &record, top, &location)? {
                refusal.get_or_insert(match top {
                    true => reason,
                    false => format!("{} {}: {reason}", record.schema, record.id),
                });
            }
        }
        match refusal {
            None => intake.accept(),
            Some(reason) => intake.reject(location.in_record(id), reason, text)?,
        }
        Ok(())
    }

    fn one(
        &mut self,
        intake: &mut Intake<'_>,
        record: &Record<'_>,
        top: bool,
        location: &Location,
    ) -> Result<Result<(), Refusal>> {
        if record.id.trim().is_empty() {
            return Ok(Err("has an empty id".to_owned()));
        }
        match schemata::role(&record.schema) {
            Some(Role::Party(kind)) => parties::party(intake, record, kind, location)?,
            Some(Role::Asset) => parties::asset(intake, record, location)?,
            Some(Role::Link(link)) => {
                if self.is_new(&record.id) {
                    return links::link(intake, record, link, location);
                } else if top {
                    let message =
                        format!("{} {} stands twice in this file; the first counts", record.schema, record.id);
                    intake.problem(Rule::ConflictingDescription, location.clone(), message);
                }
            }
            Some(Role::Beside) => {}
            None if record.schema.is_empty() && top => return Ok(Err("names no schema".to_owned())),
            None if self.unknown_schemata.insert(record.schema.clone().into_owned()) => {
                let message = format!("the schema {:?} is not known; its entities are passed over", record.schema);
                intake.problem(Rule::UnreadableValue, location.clone(), message);
            }
            None => {}
        }
        Ok(Ok(()))
    }

    /// Two independent hashes: the chance that an interest is lost to equal ones is far below that of broken memory.
    fn is_new(&mut self, id: &str) -> bool {
        let [one, other] = [0, 1].map(|seed| u128::from(FixedState::with_seed(seed).hash_one(id)));
        self.links.insert(one << 64 | other)
    }
}

/// Adds the datasets of a record as sources; gives the position of the first one.
fn sources(intake: &mut Intake<'_>, datasets: &[Text<'_>], location: &Location) -> Option<u32> {
    for dataset in datasets.iter().filter(|dataset| !dataset.0.is_empty()) {
        if !intake.builder.has_source(&dataset.0) {
            let title = format!("FollowTheMoney dataset {}", dataset.0);
            intake.builder.source(Source { id: dataset.0.to_string(), title, ..Source::default() }, location);
        }
    }
    intake.builder.source_position(&datasets.first()?.0)
}

/// The dates among some values, the earliest first, and the first value that is none.
fn dates<'v>(values: impl Iterator<Item = &'v str>) -> (Vec<PartialDate>, Option<&'v str>) {
    let (mut found, mut unreadable) = (Vec::new(), None);
    for text in values {
        match text.parse() {
            Ok(date) => found.push(date),
            Err(_) => unreadable = unreadable.or(Some(text)),
        }
    }
    found.sort_unstable();
    found.dedup();
    (found, unreadable)
}
