//! GLEIF: LEI records (Level 1), relationships (Level 2) and reporting exceptions, as CSV, XML or API answers.
//!
//! Three spellings of the same facts. [`csv`], [`xml`] and [`api`] only cut a record into [`values::Values`]; what a record
//! means stands once, in [`party`], [`relationship`] and [`exception`]. So the same record gives the same graph, however
//! it is written.

mod api;
mod csv;
mod exception;
mod party;
mod relationship;
mod rows;
mod values;
mod xml;

use super::intake::Intake;
use super::{limit, too_long};
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::table::Key;
use crate::model::entity::EntityDetails;
use crate::model::identifier::{self, LEI};
use crate::model::{EntityKind, Fact, PartialDate, Source};
use crate::problem::Rule;
use exception::Exception;
use party::Party;
use relationship::Relationship;
use std::borrow::Cow;
use std::io::BufRead;
use values::{Level, Values};

/// The id of the source of everything that GLEIF states.
const SOURCE: &str = "GLEIF";

/// How much of a rejected record is kept.
const KEPT_TEXT: usize = 4000;

/// Whether the first bytes of an input look like this format.
pub(super) fn recognises(head: &str) -> bool {
    match head.bytes().next() {
        Some(b'<') => xml::recognises(head),
        Some(b'{' | b'[') => api::recognises(head),
        _ => csv::recognises(head),
    }
}

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut filing = Filing::new(intake);
    match head.trim_ascii_start().first() {
        Some(b'<') => xml::read(&mut filing, reader),
        Some(b'{' | b'[') => api::read(&mut filing, head, reader),
        _ => csv::read(&mut filing, head, reader),
    }
}

/// What one input tells, on its way into the graph.
struct Filing<'f, 'l> {
    intake: &'f mut Intake<'l>,
    /// The day of the file, as its header gives it.
    published: Option<PartialDate>,
    /// Position of the source.
    source: Option<u32>,
}

impl<'f, 'l> Filing<'f, 'l> {
    fn new(intake: &'f mut Intake<'l>) -> Self {
        let source = Source {
            id: SOURCE.to_owned(),
            title: "Global LEI Index".to_owned(),
            publisher: Some("Global Legal Entity Identifier Foundation (GLEIF)".to_owned()),
            url: Some("https://www.gleif.org/en/lei-data/gleif-golden-copy".to_owned()),
            ..Source::default()
        };
        intake.builder.source(source, &Location::of(intake.name));
        let source = intake.builder.source_position(SOURCE);
        Self { intake, published: None, source }
    }

    /// Takes records in, each after those before it.
    fn take_all(&mut self, records: Vec<Record<'_>>) -> Result<()> {
        let mut location = Location::of(self.intake.name);
        let ids: Vec<Key<'_>> = records.iter().flat_map(Record::ids).map(Key::of).collect();
        let mut nodes = Vec::with_capacity(ids.len());
        self.intake.builder.nodes_of(&ids, &location, &mut nodes)?;
        let mut nodes = nodes.into_iter();
        records.into_iter().try_for_each(|record| self.take(record, &mut nodes, &mut location))
    }

    /// Takes in one record alone.
    fn take_one(&mut self, record: Record<'_>) -> Result<()> {
        self.take_all(vec![record])
    }

    /// Takes a record in, or rejects it with what is wrong. `nodes` begins with those of its ids, `location` is that of any
    /// record of the input.
    fn take(
        &mut self,
        record: Record<'_>,
        nodes: &mut impl Iterator<Item = NodeId>,
        location: &mut Location,
    ) -> Result<()> {
        location.line = Some(record.line);
        let id = location.record.get_or_insert_default();
        id.clear();
        id.push_str(&record.id);
        if id.is_empty() {
            location.record = None;
        }
        for finding in record.findings.0 {
            self.intake.problem(Rule::UnreadableValue, location.clone(), finding);
        }
        match record.said {
            Ok(Said::Entity(party)) => {
                if let Some(node) = nodes.next() {
                    party.add(self, node, location)?;
                }
            }
            Ok(Said::Relationship(relationship)) => {
                if let (Some(child), Some(parent)) = (nodes.next(), nodes.next()) {
                    relationship.add(self, (child, parent), record.line, location)?;
                }
            }
            Ok(Said::Exception(exception)) => exception.add(self, record.line, location)?,
            Err(Rejected { reason, text }) => return self.reject(location.clone(), &reason, &text),
        }
        self.intake.accept();
        Ok(())
    }

    fn reject(&mut self, location: Location, reason: &str, text: &str) -> Result<()> {
        self.intake.reject(location, reason, cut(text))
    }

    fn location(&self, level: Level, values: &Values<'_>, line: u64) -> Location {
        let location = self.intake.at(line);
        let id = values.id(level);
        if id.is_empty() { location } else { location.in_record(id) }
    }

    /// The entity of an LEI, with the LEI as its identifier.
    fn party(&mut self, lei: &str, location: &Location) -> Result<NodeId> {
        let node = self.intake.builder.mention(Mention { id: lei, ..Mention::default() }, location)?;
        self.identify(node, lei, location)?;
        Ok(node)
    }

    fn identify(&mut self, node: NodeId, lei: &str, location: &Location) -> Result<()> {
        self.intake.builder.identifier_of_id(node, (LEI, lei), location)
    }

    /// A party that a record says exists and does not name.
    fn unnamed(&mut self, id: &str, name: &str, location: &Location) -> Result<NodeId> {
        let mention = Mention { id, name: Some(name), kind: Some(EntityKind::Unknown), jurisdiction: None };
        self.intake.builder.mention(mention, location)
    }

    /// Adds a fact about an entity.
    fn fact(&mut self, node: NodeId, fact: Fact) {
        self.intake.builder.entity_details(node, EntityDetails { facts: vec![fact], ..EntityDetails::EMPTY });
    }
}

/// A record that was read by itself, on any thread, to be taken in when it is its turn.
struct Record<'r> {
    line: u64,
    /// How the record is called in messages; empty where nothing names it.
    id: Cow<'r, str>,
    findings: Findings,
    said: Result<Said<'r>, Rejected>,
}

/// What a record says.
#[expect(clippy::large_enum_variant, reason = "one at a time, and a box would cost an allocation")]
enum Said<'r> {
    Entity(Party<'r>),
    Relationship(Relationship<'r>),
    Exception(Exception),
}

/// What is wrong with a record, and its text.
struct Rejected {
    reason: String,
    text: String,
}

impl<'r> Record<'r> {
    /// Reads a record; `text` gives its text where it is rejected.
    fn read(level: Level, values: &Values<'r>, line: u64, text: impl FnOnce() -> String) -> Self {
        if values.are_too_many() {
            let reason = format!("the record has more than {} values", Values::MOST);
            return Self::rejected(level, values, line, reason, &text());
        }
        let mut findings = Findings::default();
        let said = match level {
            Level::Entity => Party::read(values, &mut findings).map(Said::Entity),
            Level::Relationship => Relationship::read(values, &mut findings).map(Said::Relationship),
            Level::Exception => Exception::read(values, &mut findings).map(Said::Exception),
        };
        let said = said.map_err(|Refused(reason)| Rejected { reason, text: cut(&text()).to_owned() });
        Self { line, id: values.id(level), findings, said }
    }

    /// A record of which nothing is taken in.
    fn rejected(level: Level, values: &Values<'r>, line: u64, reason: String, text: &str) -> Self {
        let said = Err(Rejected { reason, text: cut(text).to_owned() });
        Self { line, id: values.id(level), findings: Findings::default(), said }
    }

    /// The ids of the parties of which it speaks by itself, in the order in which they come into the graph.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let ids = match &self.said {
            Ok(Said::Entity(party)) => [Some(party.lei()), None],
            Ok(Said::Relationship(relationship)) => relationship.ids().map(Some),
            Ok(Said::Exception(_)) | Err(_) => [None, None],
        };
        ids.into_iter().flatten()
    }
}

/// Values of a record that mean nothing; the record goes on without them.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    /// The day that a value gives; what is no date is a finding.
    fn date(&mut self, field: &str, text: &str) -> Option<PartialDate> {
        if text.is_empty() {
            return None;
        }
        let date = day(text);
        if date.is_none() {
            self.0.push(format!("{field} {text:?} is no date: the record is read without it; give 2019-03-14"));
        }
        date
    }
}

/// Why a record cannot be read.
struct Refused(String);

impl Refused {
    fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// The day of a date with or without time and zone (`2012-11-29T00:00:00.000Z`, `2012-11-29+01:00`).
fn day(text: &str) -> Option<PartialDate> {
    let date = match text.as_bytes().get(10) {
        Some(b'T' | b' ' | b'+' | b'-' | b'Z') => &text[..10],
        _ => text,
    };
    date.parse().ok()
}

/// A code as it is compared, such as an LEI: in capitals.
fn in_capitals(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Owned(text.to_ascii_uppercase()),
        false => text,
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(KEPT_TEXT)]
}

/// A limit that an input passes.
fn too_large(filing: &Filing<'_, '_>, line: u64) -> Error {
    limit(&filing.intake.at(line).to_string(), too_long(filing.intake.limits.record))
}

/// The scheme of a number that a registration authority of GLEIF's list gave: its org-id code where numbers of that
/// register are written the same way, so that they join records of other sources; else the authority's own code.
fn scheme_of(authority: Cow<'_, str>) -> Cow<'_, str> {
    const REGISTERS: [(&str, &str); 11] = [
        ("RA000585", identifier::COMPANIES_HOUSE), // England and Wales
        ("RA000586", identifier::COMPANIES_HOUSE), // Northern Ireland
        ("RA000587", identifier::COMPANIES_HOUSE), // Scotland
        ("RA000170", "DK-CVR"),
        ("RA000188", "FI-PRO"),
        ("RA000402", "IE-CRO"),
        ("RA000432", "LU-RCS"),
        ("RA000463", "NL-KVK"),
        ("RA000472", "NO-BRC"),
        ("RA000473", "NO-BRC"),
        ("RA000192", "FR-RCS"),
    ];
    let known = REGISTERS.iter().find(|(code, _)| *code == authority);
    known.map_or(authority, |&(_, scheme)| Cow::Borrowed(scheme))
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn dates_come_with_times_zones_and_blanks() {
        for text in
            ["2012-11-29", "2012-11-29T00:00:00.000Z", "2012-11-29T23:59:59+02:00", "2012-11-29Z", "2012-11-29 "]
        {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some("2012-11-29"), "{text}");
        }
        for wrong in ["", "29.11.2012", "2012-13-01", "2012-11-2é", "20121129"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
