//! Reader of the United Kingdom's register at Companies House: people with significant control and basic company data.
//!
//! One reader takes all the forms in which the register hands out the same records: the snapshot (a row a line, or rows
//! in an array), the stream of events, lists and profiles of the API, bundles of both, and the table of companies.

mod company;
mod head;
mod nature;
mod party;
mod place;
mod row;
mod statement;
mod stream;

pub(super) use head::recognises;

use super::intake::Intake;
use super::records::Records;
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::model::entity::EntityDetails;
use crate::model::identifier::{COMPANIES_HOUSE, company_number};
use crate::model::{EntityKind, EntityRecord, Fact, Identifier, PartialDate, Source};
use crate::problem::Rule;
use place::Places;
use row::{Data, Envelope, Profile, Text, text};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::BufRead;
use stream::Versions;

/// The id of the source that all records of the register share.
const SOURCE: &str = "companies-house";

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut register = Register::new(intake);
    let start = String::from_utf8_lossy(&head[..head.len().min(256)]);
    if head::is_company_table(start.trim_start()) {
        return company::read_table(&mut register, reader);
    }
    let (name, limit) = (register.intake.name, register.intake.limits.record);
    let mut records = Records::new(name, head, reader, limit);
    while let Some(record) = records.next()? {
        match record.text {
            Ok(text) => register.record(record.line, text)?,
            Err(broken) => {
                let location = register.intake.at(record.line);
                register.refuse(location, broken.reason, &broken.text)?;
            }
        }
    }
    register.check_totals();
    Ok(())
}

/// Whether a record was read, or why not.
enum Outcome {
    Taken,
    Refused(String),
}

/// Where a record stands and what its surroundings say of it.
struct Origin<'r> {
    /// The number of the company that the record is about.
    company: Option<&'r str>,
    /// Path or id under which the register keeps the record.
    path: Option<&'r str>,
    published: Option<PartialDate>,
    line: u64,
    /// Which of the records of one line it is.
    index: usize,
    location: Location,
}

/// The company whose records are being read.
struct Company {
    /// Its number as the records write it.
    written: String,
    id: String,
    node: NodeId,
}

/// How many records of each kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    persons: u64,
    statements: u64,
    exemptions: u64,
    refused: u64,
}

/// One input of the register on its way into the graph.
struct Register<'i, 'l> {
    intake: &'i mut Intake<'l>,
    source: Option<u32>,
    places: Places,
    company: Option<Company>,
    versions: Versions,
    seen: Counts,
    totals: Option<(Counts, Location)>,
}

impl<'i, 'l> Register<'i, 'l> {
    fn new(intake: &'i mut Intake<'l>) -> Self {
        let source = Source {
            id: SOURCE.to_owned(),
            title: "Register of people with significant control and of companies".to_owned(),
            publisher: Some("Companies House (United Kingdom)".to_owned()),
            url: Some("https://find-and-update.company-information.service.gov.uk/".to_owned()),
            ..Source::default()
        };
        intake.builder.source(source, &Location::of(intake.name));
        let source = intake.builder.source_position(SOURCE);
        Self {
            intake,
            source,
            places: Places::default(),
            company: None,
            versions: Versions::default(),
            seen: Counts::default(),
            totals: None,
        }
    }

    fn refuse(&mut self, location: Location, reason: impl Display, text: &str) -> Result<()> {
        self.seen.refused += 1;
        self.intake.reject(location, reason, text)
    }

    fn settle(&mut self, outcome: Outcome, location: Location, text: &str) -> Result<()> {
        match outcome {
            Outcome::Taken => self.intake.accept(),
            Outcome::Refused(reason) => self.refuse(location, reason, text)?,
        }
        Ok(())
    }

    /// One value of the input, which may hold many records of the register.
    fn record(&mut self, line: u64, text: &str) -> Result<()> {
        match serde_json::from_str::<Envelope<'_>>(text) {
            Ok(envelope) => self.envelope(&envelope, line, text),
            Err(error) => self.refuse(self.intake.at(line), not_a_record(&error), text),
        }
    }

    fn envelope(&mut self, envelope: &Envelope<'_>, line: u64, raw: &str) -> Result<()> {
        let company = text(&envelope.company_number);
        if envelope.data.is_some() || envelope.event.is_some() {
            return self.row(envelope, line, raw);
        }
        if let Some(items) = &envelope.items {
            let path = envelope.links.as_ref().and_then(|links| text(&links.this));
            if items.is_empty() {
                // An answer too: the register has nobody.
                self.intake.accept();
            }
            return self.items(items, company.or(path.and_then(company_in)), line, 0);
        }
        if envelope.profile.is_some() || envelope.pscs.is_some() || envelope.psc_statements.is_some() {
            return self.bundle(envelope, line);
        }
        if envelope.company_row.is_some() {
            return self.parsed(raw, line, raw, company::json_row);
        }
        if envelope.company_name.is_some() {
            return self.parsed(raw, line, raw, company::profile);
        }
        if envelope.natures_of_control.is_some() || envelope.kind.is_some() || envelope.statement.is_some() {
            return self.parsed(raw, line, raw, |register, data, location| {
                let path = own_path(data);
                let company = path.and_then(company_in);
                register.data(data, &Origin { company, path, published: None, line, index: 0, location })
            });
        }
        let reason = "is no record of the register: it holds neither \"data\" nor \"items\" nor a company";
        self.refuse(self.intake.at(line), reason, raw)
    }

    /// Reads a text again as what it turned out to be.
    fn parsed<'t, T: Deserialize<'t>>(
        &mut self,
        json: &'t str,
        line: u64,
        raw: &str,
        take: impl FnOnce(&mut Self, &T, Location) -> Result<Outcome>,
    ) -> Result<()> {
        let location = self.intake.at(line);
        let outcome = match serde_json::from_str(json) {
            Ok(record) => take(self, &record, location.clone())?,
            Err(error) => Outcome::Refused(not_a_record(&error)),
        };
        self.settle(outcome, location, raw)
    }

    /// A row of a snapshot, or an event of the stream.
    fn row(&mut self, envelope: &Envelope<'_>, line: u64, raw: &str) -> Result<()> {
        let location = self.intake.at(line);
        let path = text(&envelope.resource_uri);
        if text(&envelope.resource_kind) == Some("company-profile") {
            return self.parsed(raw, line, raw, company::profile_event);
        }
        let nothing = Data::default();
        let data = envelope.data.as_ref().unwrap_or(&nothing);
        let path = path.or_else(|| own_path(data));
        let event = envelope.event.as_ref();
        let dated = event.and_then(|event| text(&event.published_at)).or_else(|| text(&envelope.content_date));
        let published = dated.and_then(|date| date.parse().ok());
        let company = text(&envelope.company_number).or_else(|| path.and_then(company_in));
        let origin = Origin { company, path, published, line, index: 0, location: location.clone() };
        let outcome = match event {
            Some(event) => self.event(event, data, &origin)?,
            None => self.data(data, &origin)?,
        };
        self.settle(outcome, location, raw)
    }

    /// The profile of a company with its lists.
    fn bundle(&mut self, envelope: &Envelope<'_>, line: u64) -> Result<()> {
        let company = text(&envelope.company_number);
        if let Some(value) = &envelope.profile {
            let location = self.intake.at(line);
            let outcome = match Profile::deserialize(value) {
                Ok(mut profile) => {
                    profile.company_number = profile.company_number.or_else(|| {
                        envelope.company_number.as_ref().map(|Text(number)| Text(Cow::Borrowed(number.as_ref())))
                    });
                    company::profile(self, &profile, location.clone())?
                }
                Err(error) => Outcome::Refused(not_a_record(&error)),
            };
            self.settle(outcome, location, &value.to_string())?;
        }
        let mut index = 0;
        for list in [&envelope.pscs, &envelope.psc_statements].into_iter().flatten() {
            self.items(&list.items, company, line, index)?;
            index += list.items.len();
        }
        Ok(())
    }

    /// The records of a list, each by itself.
    fn items(&mut self, items: &[Value], company: Option<&str>, line: u64, first: usize) -> Result<()> {
        for (index, item) in items.iter().enumerate() {
            let location = self.intake.at(line);
            let outcome = match Data::deserialize(item) {
                Ok(data) => {
                    let path = own_path(&data);
                    let company = company.or_else(|| path.and_then(company_in));
                    let location = location.clone();
                    let index = first + index;
                    self.data(&data, &Origin { company, path, published: None, line, index, location })?
                }
                Err(error) => Outcome::Refused(not_a_record(&error)),
            };
            self.settle(outcome, location, &item.to_string())?;
        }
        Ok(())
    }

    /// The record itself, whatever it came in.
    fn data(&mut self, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let kind = text(&data.kind).unwrap_or("");
        if kind.starts_with("totals#") {
            self.totals = Some((Counts::stated(data), origin.location.clone()));
            return Ok(Outcome::Taken);
        }
        let Some(number) = origin.company else {
            let reason = "does not say of which company it is: company_number is missing, and so is the path";
            return Ok(Outcome::Refused(reason.to_owned()));
        };
        if let Some(code) = text(&data.statement) {
            self.seen.statements += 1;
            self.enter(number, &origin.location)?;
            return self.statement(code, data, origin);
        }
        if kind == "exemptions" {
            self.seen.exemptions += 1;
            self.enter(number, &origin.location)?;
            return self.exemptions(data, origin);
        }
        let Some(role) = party::Role::of(kind) else {
            let reason = match kind {
                "" => "names no kind: one such as individual-person-with-significant-control is needed".to_owned(),
                kind => format!("the kind {kind:?} is none of the register's"),
            };
            return Ok(Outcome::Refused(reason));
        };
        self.seen.persons += 1;
        self.enter(number, &origin.location)?;
        self.party(role, data, origin)
    }

    /// Turns to a company; the rows of one stand together.
    fn enter(&mut self, written: &str, location: &Location) -> Result<()> {
        if self.company.as_ref().is_some_and(|company| company.written == written) {
            return Ok(());
        }
        let number = company_number(written).unwrap_or_else(|| written.to_owned());
        let record = EntityRecord {
            id: format!("{COMPANIES_HOUSE}-{number}"),
            kind: EntityKind::Company,
            jurisdiction: is_domestic(&number).then(|| place::UK.to_owned()),
            identifiers: vec![Identifier { scheme: COMPANIES_HOUSE.to_owned(), id: number }],
            ..EntityRecord::default()
        };
        let id = record.id.clone();
        let node = self.intake.builder.entity(record, location)?;
        self.company = Some(Company { written: written.to_owned(), id, node });
        Ok(())
    }

    /// The company that was turned to last.
    fn current(&self, location: &Location) -> Result<&Company> {
        self.company.as_ref().ok_or_else(|| Error::data(location.clone(), "names no company"))
    }

    /// The id of a record of the current company: the last part of its path, its etag, or where it stands.
    fn own_id(&self, data: &Data<'_>, origin: &Origin<'_>) -> Result<String> {
        let company = &self.current(&origin.location)?.id;
        let last = origin.path.and_then(|path| path.rsplit('/').next()).filter(|last| !last.is_empty());
        Ok(match last.or_else(|| text(&data.etag)) {
            Some(own) => format!("{company}-{own}"),
            None => format!("{company}-{}.{}.{}", self.intake.input, origin.line, origin.index),
        })
    }

    /// Adds facts to the current company.
    fn add_facts(&mut self, facts: Vec<Fact>, location: &Location) -> Result<()> {
        let record = EntityRecord {
            id: self.current(location)?.id.clone(),
            kind: EntityKind::Company,
            details: EntityDetails { facts, ..EntityDetails::EMPTY },
            ..EntityRecord::default()
        };
        self.intake.builder.entity(record, location).map(|_| ())
    }

    /// A date of the record; what is no date is reported and left out.
    fn date(&mut self, field: &Option<Text<'_>>, what: &str, location: &Location) -> Option<PartialDate> {
        let stated = text(field)?;
        match stated.parse() {
            Ok(date) => Some(date),
            Err(error) => {
                self.unreadable(location, format!("{what} {stated:?} {error}; it is left out"));
                None
            }
        }
    }

    fn unreadable(&mut self, location: &Location, message: String) {
        self.intake.problem(Rule::UnreadableValue, location.clone(), message);
    }

    /// Holds the totals row of a snapshot against what was read.
    fn check_totals(&mut self) {
        let Some((stated, location)) = self.totals.take() else { return };
        let seen = self.seen;
        // A refused row does not always tell what it was; whether the first count includes the others is not documented.
        let by_kind = if seen.refused == 0 { seen == stated } else { seen.sum() == stated.sum() };
        let fits = by_kind || seen.sum() == stated.persons;
        if !fits {
            let message = format!(
                "the snapshot counts {stated}; this input holds {seen}: the download is cut off, or this is one part of \
                 several"
            );
            self.intake.problem(Rule::TotalsMismatch, location, message);
        }
    }
}

impl Counts {
    fn stated(data: &Data<'_>) -> Self {
        Self {
            persons: data.persons_of_significant_control_count.unwrap_or(0),
            statements: data.statements_count.unwrap_or(0),
            exemptions: data.exemptions_count.unwrap_or(0),
            refused: 0,
        }
    }

    fn sum(self) -> u64 {
        [self.persons, self.statements, self.exemptions, self.refused].into_iter().fold(0, u64::saturating_add)
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} persons, {} statements and {} exemptions", self.persons, self.statements, self.exemptions)?;
        if self.refused > 0 {
            write!(f, ", and {} records that cannot be read", self.refused)?;
        }
        Ok(())
    }
}

/// Whether a number is that of a body of the United Kingdom: overseas entities and the branches of foreign companies
/// are only registered there.
fn is_domestic(number: &str) -> bool {
    !["OE", "FC", "SF", "NF", "BR"].iter().any(|prefix| number.starts_with(prefix))
}

/// The path of a record in the register.
fn own_path<'r>(data: &'r Data<'_>) -> Option<&'r str> {
    data.links.as_ref().and_then(|links| text(&links.this))
}

/// The company number in a path of the register.
fn company_in(path: &str) -> Option<&str> {
    path.strip_prefix("/company/")?.split('/').next().filter(|number| !number.is_empty())
}

fn not_a_record(error: &serde_json::Error) -> String {
    let message = error.to_string();
    format!("is no record of the register: {}", message.split(" at line ").next().unwrap_or(&message))
}
