//! Reader of the Beneficial Ownership Data Standard, 0.1 to 0.4: JSON Lines, arrays, single statements.
//!
//! Every statement is read by itself in the spelling that it uses, whatever version it claims; [`series`] settles what
//! statements say of each other when all inputs are read.

mod codes;
mod components;
mod history;
mod parties;
mod relationship;
mod remarks;
mod repair;
mod schema;
mod series;
mod share;
mod sources;
mod version;

pub(super) use series::Series;

use super::intake::Intake;
use super::records::Records;
use crate::error::{Location, Result};
use crate::model::{Identifier, PartialDate, ShareRange};
use crate::problem::Rule;
use codes::Subject;
use remarks::Remarks;
use schema::{Details, Statement, Str, text};
use serde::Deserialize;
use series::{Moment, Seen, Status};
use sources::Sources;
use std::hash::{BuildHasher, Hash, Hasher};
use std::io::BufRead;
use version::Version;

/// Members that no other format has; a statement has at least two of them.
const MEMBERS: [&str; 7] = [
    "\"statementId\"",
    "\"statementID\"",
    "\"statementType\"",
    "\"recordType\"",
    "\"recordDetails\"",
    "\"declarationSubject\"",
    "\"interestedParty\"",
];

/// Whether the first bytes of an input look like this format.
pub(super) fn recognises(head: &str) -> bool {
    head.starts_with(['{', '[']) && MEMBERS.into_iter().filter(|member| head.contains(member)).count() >= 2
}

/// Reads one input.
pub(super) fn read(
    intake: &mut Intake<'_>,
    head: &[u8],
    reader: &mut (dyn BufRead + Send),
    series: &mut Series,
) -> Result<()> {
    let (name, limit) = (intake.name, intake.limits.record);
    let mut records = Records::new(name, head, reader, limit);
    let mut reader = Reader {
        location: intake.at(0),
        intake,
        series,
        sources: Sources::default(),
        line: 0,
        record: String::new(),
        next_interest: 0,
        shares: Vec::new(),
        identifier: Identifier { scheme: String::new(), id: String::new() },
        remarks: Remarks::default(),
    };
    reader.next_interest = reader.intake.builder.interest_count();
    while let Some(record) = records.next()? {
        reader.line = record.line;
        reader.location.line = Some(record.line);
        reader.record.clear();
        match record.text {
            Ok(text) => reader.statement(text)?,
            Err(broken) => reader.reject(broken.reason, &broken.text)?,
        }
    }
    Ok(())
}

/// What is common to all statements of one input.
struct Reader<'i, 'l> {
    intake: &'i mut Intake<'l>,
    series: &'i mut Series,
    sources: Sources,
    /// The place of the statement at hand, without its id.
    location: Location,
    line: u64,
    /// The id of the statement at hand, as far as it is known.
    record: String,
    next_interest: u32,
    shares: Vec<ShareRange>,
    identifier: Identifier,
    /// What this program kept of the statement at hand when it wrote it.
    remarks: Remarks,
}

/// What a statement says of itself.
struct Head<'s> {
    version: Version,
    /// Its id, or its line where it has none.
    id: &'s str,
    has_id: bool,
    /// The id of the record that it describes (0.4).
    record: Option<&'s str>,
    moment: Moment,
    retrieved: Option<PartialDate>,
    source: Option<u32>,
}

const STATUSES: [(&str, Status); 3] = [("new", Status::New), ("updated", Status::Updated), ("closed", Status::Closed)];

impl Reader<'_, '_> {
    fn statement(&mut self, json: &str) -> Result<()> {
        match serde_json::from_str::<Statement<'_>>(json) {
            Ok(statement) if Version::of(&statement) == Version::Four => self.read(&statement, None, json),
            Ok(statement) => match serde_json::from_str::<Details<'_>>(json) {
                Ok(details) => self.read(&statement, Some(&details), json),
                Err(error) => self.mend(json, error),
            },
            Err(error) => self.mend(json, error),
        }
    }

    /// Reads a statement of which members have the wrong form, without those that it can do without.
    fn mend(&mut self, json: &str, error: serde_json::Error) -> Result<()> {
        let reason = |error: &serde_json::Error| {
            let text = error.to_string();
            format!("is no statement: {}", text.split(" at line ").next().unwrap_or(&text))
        };
        let Ok(mut value) = serde_json::from_str::<serde_json::Value>(json) else {
            return self.reject(reason(&error), json);
        };
        let dropped = repair::drop_unreadable(&mut value);
        let statement = match Statement::deserialize(&value) {
            Ok(statement) => statement,
            Err(error) => return self.reject(reason(&error), json),
        };
        self.record.push_str(text(&statement.statement_id).unwrap_or_default());
        for member in dropped {
            self.unreadable(&format!("{member} has not the form that the standard gives it and is not read"));
        }
        if Version::of(&statement) == Version::Four {
            return self.read(&statement, None, json);
        }
        match Details::deserialize(&value) {
            Ok(details) => self.read(&statement, Some(&details), json),
            Err(error) => self.reject(reason(&error), json),
        }
    }

    /// Reads a statement; up to 0.3 its details stand beside it.
    fn read(&mut self, statement: &Statement<'_>, details: Option<&Details<'_>>, json: &str) -> Result<()> {
        let id = text(&statement.statement_id);
        self.record.clear();
        self.record.push_str(id.unwrap_or_default());
        let subject = match self.subject(statement) {
            Ok(subject) => subject,
            Err(reason) => return self.reject(reason, json),
        };
        let Some(details) = details.or(statement.record_details.as_ref()) else {
            return self.reject("has no recordDetails", json);
        };
        if let Some(id) = id {
            match self.series.seen(id, content(statement, details)) {
                Seen::First => {}
                Seen::Same => {
                    self.intake.accept();
                    return Ok(());
                }
                Seen::Different => {
                    let location = self.place();
                    let message = format!("statement {id:?} stands twice with different content; both are kept");
                    self.intake.problem(Rule::RepeatedStatement, location, message);
                }
            }
        }
        let place = if id.is_none() { format!("{}:{}", self.intake.name, self.line) } else { String::new() };
        let head = self.head(statement, id.unwrap_or(&place));
        let head = Head { has_id: id.is_some(), ..head };
        self.remarks = Remarks::of(&statement.annotations);
        let read = match subject {
            Subject::Entity => self.entity(&head, details)?,
            Subject::Person => self.person(&head, details)?,
            Subject::Relationship => self.relationship(&head, details)?,
        };
        match read {
            Ok(()) => {
                self.replaces(&head, subject, statement);
                self.intake.accept();
                Ok(())
            }
            Err(reason) => self.reject(reason, json),
        }
    }

    fn subject(&self, statement: &Statement<'_>) -> Result<Subject, String> {
        let (member, code) = match text(&statement.record_type) {
            Some(code) => ("recordType", Some(code)),
            None => ("statementType", text(&statement.statement_type)),
        };
        let Some(code) = code else {
            return Err("has neither recordType nor statementType: it does not say what it describes".to_owned());
        };
        codes::record_type(code)
            .ok_or_else(|| format!("{member} {code:?} is none of entity, person, relationship and their older names"))
    }

    fn head<'s>(&mut self, statement: &'s Statement<'_>, id: &'s str) -> Head<'s> {
        let version = Version::of(statement);
        if let Some(claimed) = version.contradicts(statement) {
            self.unreadable(&format!("bodsVersion {claimed:?} does not fit the members of the statement"));
        }
        let publication = statement.publication_details.as_ref();
        let status = text(&statement.record_status).map(|code| {
            let known = STATUSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
            (code, known.map(|&(_, status)| status))
        });
        if let Some((code, None)) = status {
            self.unreadable(&format!("recordStatus {code:?} is none of new, updated, closed"));
        }
        let stated = self.date("statementDate", &statement.statement_date);
        let second = text(&statement.statement_date).map_or(0, second_of_day);
        let published = publication.and_then(|details| self.date("publicationDate", &details.publication_date));
        let status = status.and_then(|(_, status)| status).unwrap_or_default();
        let moment = Moment::new(stated, second, published, status);
        let retrieved = statement.source.as_ref().and_then(|source| self.date("retrievedAt", &source.retrieved_at));
        let source = self.sources.of(statement, self.intake, &self.location);
        Head { version, id, has_id: true, record: text(&statement.record_id), moment, retrieved, source }
    }

    /// Notes what a statement of 0.1 to 0.3 replaces.
    fn replaces(&mut self, head: &Head<'_>, subject: Subject, statement: &Statement<'_>) {
        let replaced = &statement.replaces_statements;
        if replaced.0.is_empty() || !head.has_id || head.version == Version::Four {
            return;
        }
        if subject == Subject::Relationship {
            return self.replaces_relationships(head, replaced);
        }
        for Str(older) in &replaced.0 {
            self.series.replaces_party(head.id, older.trim(), self.place());
        }
    }

    /// A date; what is none is reported.
    fn date(&mut self, member: &str, date: &Option<Str<'_>>) -> Option<PartialDate> {
        let written = text(date)?;
        match written.parse() {
            Ok(date) => Some(date),
            Err(error) => {
                let error: crate::model::date::DateError = error;
                self.unreadable(&format!("{member} {written:?} {error}"));
                None
            }
        }
    }

    /// The place of the statement at hand.
    fn place(&self) -> Location {
        let record = (!self.record.is_empty()).then(|| self.record.clone());
        Location { record, ..self.location.clone() }
    }

    /// Reports something that the statement counts without.
    fn unreadable(&mut self, message: &str) {
        let location = self.place();
        self.intake.problem(Rule::UnreadableValue, location, message);
    }

    fn reject(&mut self, reason: impl std::fmt::Display, json: &str) -> Result<()> {
        self.intake.reject(self.place(), reason, json)
    }
}

/// What a statement says, whoever publishes it when.
fn content(statement: &Statement<'_>, details: &Details<'_>) -> u32 {
    // Fixed, so that the same statements are told apart in every run.
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    text(&statement.statement_id).hash(&mut hasher);
    text(&statement.record_id).hash(&mut hasher);
    text(&statement.record_status).hash(&mut hasher);
    text(&statement.statement_date).hash(&mut hasher);
    details.hash(&mut hasher);
    hasher.finish() as u32
}

/// The second of the day in a date with a time, `2021-09-11T14:02:11Z`.
fn second_of_day(date: &str) -> u32 {
    let Some((_, time)) = date.split_once(['T', ' ']) else { return 0 };
    let mut parts = time.split(':').map(|part| part.get(..2).and_then(|two| two.parse::<u32>().ok()).unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next() * 60 + next()) * 60 + next()
}
