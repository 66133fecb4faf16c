//! Reader of the United Kingdom's register at Companies House: people with significant control and basic company data.
//!
//! One reader takes all the forms in which the register hands out the same records: the snapshot (a row a line, or rows
//! in an array), the stream of events, lists and profiles of the API, bundles of both, and the table of companies.

mod company;
mod head;
mod hold;
mod members;
mod nature;
mod party;
mod place;
mod row;
mod statement;
mod stream;
mod totals;

pub(super) use head::recognises;

use super::intake::Intake;
use super::keys::{self, Unique};
use super::notes::Notes;
use super::pieces::{self, Reading};
use super::records::Record;
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::graph::builder::revise::{Description, Revision};
use crate::graph::table::Key;
use crate::model::entity::EntityDetails;
use crate::model::identifier::COMPANIES_HOUSE;
use crate::model::{EntityKind, EntityRecord, Fact, PartialDate, Source};
use crate::problem::Rule;
use party::{Parser, Party, Role};
use row::{Data, Envelope, Profile, Text, text};
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::BufRead;
use stream::Versions;
use totals::Counts;

/// The id of the source that all records of the register share.
const SOURCE: &str = "companies-house";

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut register = Register::new(intake);
    let start = String::from_utf8_lossy(&head[..head.len().min(256)]);
    if head::is_company_table(start.trim_start()) {
        return company::read_table(&mut register, reader);
    }
    let (name, rules) = (register.intake.name, (register.intake.limits, register.intake.keys));
    pieces::read(&mut register, name, head, reader, rules)?;
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
}

/// The company whose records are being read.
struct Company {
    /// Its number as the records write it.
    written: String,
    id: String,
    node: NodeId,
}

/// A value of the input, as far as it can be read by itself.
struct Parsed<'t> {
    line: u64,
    text: Cow<'t, str>,
    value: Value<'t>,
}

#[expect(clippy::large_enum_variant, reason = "nearly all are parties, and a box would cost each an allocation")]
enum Value<'t> {
    /// A row of a snapshot about somebody who has control.
    Party(Party<'t>),
    /// Anything else.
    Other(Box<Envelope<'t>>),
    Broken(String),
}

/// One input of the register on its way into the graph.
struct Register<'i, 'l> {
    intake: &'i mut Intake<'l>,
    source: Option<u32>,
    parser: Parser,
    /// The place of the value at hand.
    location: Location,
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
            parser: Parser::new(intake.input),
            location: Location::of(intake.name),
            intake,
            source,
            company: None,
            versions: Versions::default(),
            seen: Counts::default(),
            totals: None,
        }
    }

    /// Turns to the next value of the input.
    fn turn_to(&mut self, line: u64) {
        self.location.line = Some(line);
    }

    fn refuse(&mut self, reason: impl Display, text: &str) -> Result<()> {
        self.seen.refused += 1;
        self.intake.reject(self.location.clone(), reason, text)
    }

    fn settle(&mut self, outcome: Outcome, text: &str) -> Result<()> {
        match outcome {
            Outcome::Taken => self.intake.accept(),
            Outcome::Refused(reason) => self.refuse(reason, text)?,
        }
        Ok(())
    }

    /// One value of the input, which may hold many records of the register.
    fn envelope(&mut self, envelope: &Envelope<'_>, line: u64, raw: &str) -> Result<()> {
        if envelope.data.is_some() || envelope.event.is_some() {
            return self.row(envelope, line, raw);
        }
        if let Some(items) = &envelope.items {
            let path = envelope.links.as_ref().and_then(|links| text(&links.this));
            let company = text(&envelope.company_number).or_else(|| path.and_then(company_in));
            if items.is_empty() {
                // An answer too: the register has nobody.
                self.intake.accept();
            }
            return self.items(items, company, line, 0);
        }
        if envelope.profile.is_some() || envelope.pscs.is_some() || envelope.psc_statements.is_some() {
            return self.bundle(envelope, line);
        }
        if envelope.company_row.is_some() {
            return self.parsed(raw, company::json_row);
        }
        if envelope.company_name.is_some() {
            return self.parsed(raw, company::profile);
        }
        if envelope.natures_of_control.is_some() || envelope.kind.is_some() || envelope.statement.is_some() {
            return self.parsed(raw, |register, data: &Data<'_>| {
                let path = own_path(data);
                let company = path.and_then(company_in);
                register.data(data, &Origin { company, path, published: None, line, index: 0 })
            });
        }
        let reason = "is no record of the register: it holds neither \"data\" nor \"items\" nor a company";
        self.refuse(reason, raw)
    }

    /// Reads a text again as what it turned out to be.
    fn parsed<'t, T: Deserialize<'t>>(
        &mut self,
        json: &'t str,
        take: impl FnOnce(&mut Self, &T) -> Result<Outcome>,
    ) -> Result<()> {
        let outcome = match serde_json::from_str(json) {
            Ok(record) => take(self, &record)?,
            Err(error) => Outcome::Refused(keys::reason(&error, json).unwrap_or_else(|| not_a_record(&error))),
        };
        self.settle(outcome, json)
    }

    /// A row of a snapshot, or an event of the stream.
    fn row(&mut self, envelope: &Envelope<'_>, line: u64, raw: &str) -> Result<()> {
        if text(&envelope.resource_kind) == Some("company-profile") {
            return self.parsed(raw, company::profile_event);
        }
        let nothing = Data::default();
        let data = envelope.data.as_ref().unwrap_or(&nothing);
        let origin = Origin::of(envelope, data, line);
        let outcome = match &envelope.event {
            Some(event) => self.event(event, data, &origin)?,
            None => self.data(data, &origin)?,
        };
        self.settle(outcome, raw)
    }

    /// The profile of a company with its lists.
    fn bundle(&mut self, envelope: &Envelope<'_>, line: u64) -> Result<()> {
        let company = text(&envelope.company_number);
        if let Some(Unique(value)) = &envelope.profile {
            let outcome = match Profile::deserialize(value) {
                Ok(mut profile) => {
                    profile.company_number = profile.company_number.or_else(|| {
                        envelope.company_number.as_ref().map(|Text(number)| Text(Cow::Borrowed(number.as_ref())))
                    });
                    company::profile(self, &profile)?
                }
                Err(error) => Outcome::Refused(not_a_record(&error)),
            };
            self.settle(outcome, &value.to_string())?;
        }
        let mut index = 0;
        for list in [&envelope.pscs, &envelope.psc_statements].into_iter().flatten() {
            self.items(&list.items, company, line, index)?;
            index += list.items.len();
        }
        Ok(())
    }

    /// The records of a list, each by itself.
    fn items(&mut self, items: &[Unique], company: Option<&str>, line: u64, first: usize) -> Result<()> {
        for (index, Unique(item)) in items.iter().enumerate() {
            let outcome = match Data::deserialize(item) {
                Ok(data) => {
                    let (path, index) = (own_path(&data), first + index);
                    let company = company.or_else(|| path.and_then(company_in));
                    self.data(&data, &Origin { company, path, published: None, line, index })?
                }
                Err(error) => Outcome::Refused(not_a_record(&error)),
            };
            self.settle(outcome, &item.to_string())?;
        }
        Ok(())
    }

    /// The record itself, whatever it came in.
    fn data(&mut self, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let kind = text(&data.kind).unwrap_or("");
        if kind.starts_with("totals#") {
            self.totals = Some((Counts::stated(data), self.location.clone()));
            return Ok(Outcome::Taken);
        }
        let Some(number) = origin.company else {
            let reason = "does not say of which company it is: company_number is missing, and so is the path";
            return Ok(Outcome::Refused(reason.to_owned()));
        };
        if let Some(code) = text(&data.statement) {
            self.seen.statements += 1;
            self.enter(number, Key::of(&party::company_id(number)), None)?;
            return self.statement(code, data, origin);
        }
        if kind == "exemptions" {
            self.seen.exemptions += 1;
            self.enter(number, Key::of(&party::company_id(number)), None)?;
            return self.exemptions(data);
        }
        let Some(role) = Role::of(kind) else {
            let reason = match kind {
                "" => "names no kind: one such as individual-person-with-significant-control is needed".to_owned(),
                kind => format!("the kind {kind:?} is none of the register's"),
            };
            return Ok(Outcome::Refused(reason));
        };
        let mut party = self.parser.party(role, number.into(), data, origin);
        self.party(&mut party, [None, None])?;
        Ok(Outcome::Taken)
    }

    /// Turns to a company, of which the node may be foreseen; the rows of one stand together.
    fn enter(&mut self, written: &str, id: Key<'_>, foreseen: Option<NodeId>) -> Result<()> {
        if self.company.as_ref().is_some_and(|company| company.written == written) {
            return Ok(());
        }
        let number = &id.text()[COMPANIES_HOUSE.len() + 1..];
        let description = Description {
            name: None,
            kind: EntityKind::Company,
            jurisdiction: is_domestic(number).then_some(place::UK),
            founded: None,
            dissolved: None,
        };
        let builder = &mut *self.intake.builder;
        let node = builder.node_foreseen(id, foreseen, &self.location)?;
        builder.describe_node(node, &description, Revision::Equal, &self.location)?;
        builder.identifier_of(node, (COMPANIES_HOUSE, number), &self.location)?;
        let (mut own, mut own_id) =
            self.company.take().map(|company| (company.written, company.id)).unwrap_or_default();
        own.clear();
        own.push_str(written);
        own_id.clear();
        own_id.push_str(id.text());
        self.company = Some(Company { written: own, id: own_id, node });
        Ok(())
    }

    /// The company that was turned to last.
    fn current(&self) -> Result<&Company> {
        self.company.as_ref().ok_or_else(|| Error::data(self.location.clone(), "names no company"))
    }

    /// Adds facts to the current company.
    fn add_facts(&mut self, facts: Vec<Fact>) -> Result<()> {
        let record = EntityRecord {
            id: self.current()?.id.clone(),
            kind: EntityKind::Company,
            details: EntityDetails { facts, ..EntityDetails::EMPTY },
            ..EntityRecord::default()
        };
        self.intake.builder.entity(record, &self.location).map(|_| ())
    }

    /// A date of the record; what is no date is reported and left out.
    fn date(&mut self, field: &Option<Text<'_>>, what: &str) -> Option<PartialDate> {
        let mut notes = Notes::default();
        let date = row::date(field, what, &mut notes);
        self.report(notes);
        date
    }

    /// Reports what was noted of the value at hand.
    fn report(&mut self, notes: Notes) {
        notes.report(self.intake, || self.location.clone());
    }

    fn unreadable(&mut self, message: String) {
        self.intake.problem(Rule::UnreadableValue, self.location.clone(), message);
    }
}

impl Reading for Register<'_, '_> {
    type Parser = Parser;
    type Parsed<'t> = Parsed<'t>;
    type Room<'t> = ();

    fn parser(&self) -> Parser {
        self.parser.clone()
    }

    fn parse<'t>(parser: &mut Parser, (): &mut (), record: Record<'t>) -> Parsed<'t> {
        let line = record.line;
        let text = match record.text {
            Ok(text) => text,
            Err(broken) => return Parsed { line, text: broken.text.into(), value: Value::Broken(broken.reason) },
        };
        let mut envelope = Envelope::default();
        let value = match parser.rows.row(text, &mut envelope) {
            Ok(()) => match parser.row(&envelope, line) {
                Some(party) => Value::Party(party),
                None => Value::Other(Box::new(envelope)),
            },
            Err(error) => Value::Broken(keys::reason(&error, text).unwrap_or_else(|| not_a_record(&error))),
        };
        Parsed { line, text: text.into(), value }
    }

    fn fold(&mut self, parsed: Parsed<'_>) -> Result<()> {
        self.fold_all(&mut vec![parsed])
    }

    fn fold_all(&mut self, parsed: &mut Vec<Parsed<'_>>) -> Result<()> {
        let mut ids = Vec::with_capacity(2 * parsed.len());
        for parsed in parsed.iter() {
            if let Value::Party(party) = &parsed.value {
                ids.extend([party.id.company(), party.id.whole()]);
            }
        }
        let nodes = self.intake.builder.foresee(&ids);
        let mut nodes = nodes.as_chunks().0.iter().copied();
        parsed.iter_mut().try_for_each(|parsed| self.take(parsed, &mut nodes))
    }
}

impl Register<'_, '_> {
    /// Takes a value after those before it. `nodes` are those of the parties from here on, as far as they are foreseen.
    fn take(&mut self, parsed: &mut Parsed<'_>, nodes: &mut impl Iterator<Item = [Option<NodeId>; 2]>) -> Result<()> {
        self.turn_to(parsed.line);
        match &mut parsed.value {
            Value::Party(party) => {
                self.party(party, nodes.next().unwrap_or_default())?;
                self.intake.accept();
                Ok(())
            }
            Value::Other(envelope) => self.envelope(envelope, parsed.line, &parsed.text),
            Value::Broken(reason) => self.refuse(reason, &parsed.text),
        }
    }
}

impl<'r> Origin<'r> {
    /// What the envelope of a row or an event says of its data.
    fn of(envelope: &'r Envelope<'_>, data: &'r Data<'_>, line: u64) -> Self {
        let path = text(&envelope.resource_uri).or_else(|| own_path(data));
        let event = envelope.event.as_ref();
        let dated = event.and_then(|event| text(&event.published_at)).or_else(|| text(&envelope.content_date));
        let published = dated.and_then(|date| date.parse().ok());
        let company = text(&envelope.company_number).or_else(|| path.and_then(company_in));
        Origin { company, path, published, line, index: 0 }
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
