//! Reader of the Beneficial Ownership Data Standard, 0.1 to 0.4: JSON Lines, arrays, single statements.
//!
//! Every statement is read by itself in the spelling that it uses, whatever version it claims; [`series`] settles what
//! statements say of each other when all inputs are read.

mod codes;
mod components;
mod history;
mod members;
mod number;
mod parties;
mod relationship;
mod remarks;
mod repair;
mod schema;
mod series;
mod share;
mod sources;
mod statement;
mod tail;
mod version;

pub(super) use series::Series;

use super::intake::Intake;
use super::keys::{self, Unique};
use super::notes::Notes;
use super::pieces::{self, Reading};
use super::records::Record;
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::builder::foreseen::Id;
use crate::graph::table::Key;
use crate::problem::Rule;
use schema::{Details, Statement, kept};
use serde::Deserialize;
use series::Seen;
use sources::Sources;
use statement::{Body, Head, Parser, Said};
use std::borrow::Cow;
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
    let (name, rules) = (intake.name, (intake.limits, intake.keys));
    let mut statements =
        Reader { location: intake.at(0), intake, series, sources: Sources::default(), record: String::new() };
    pieces::read(&mut statements, name, head, reader, rules)
}

/// What is common to all statements of one input.
struct Reader<'i, 'l> {
    intake: &'i mut Intake<'l>,
    series: &'i mut Series,
    sources: Sources,
    /// The place of the statement at hand, without its id.
    location: Location,
    /// The id of the statement at hand, as far as it is known.
    record: String,
}

/// A record of the input, as far as it can be read by itself.
struct Parsed<'t> {
    line: u64,
    text: Cow<'t, str>,
    /// The id of the statement, as far as it is known.
    id: Option<Cow<'t, str>>,
    /// What is to be reported before anything else.
    notes: Notes,
    outcome: Outcome<'t>,
}

#[expect(clippy::large_enum_variant, reason = "nearly all are read, and a box would cost each an allocation")]
enum Outcome<'t> {
    Said(Said<'t>),
    /// Members have the wrong form, for this reason.
    Unformed(String),
    Refused(String),
}

impl<'l> Reading for Reader<'_, 'l> {
    type Parser = Parser<'l>;
    type Parsed<'t> = Parsed<'t>;
    type Room<'t> = ();

    fn parser(&self) -> Parser<'l> {
        Parser::new(self.intake.name, self.series.keys.clone())
    }

    fn parse<'t>(parser: &mut Parser<'l>, (): &mut (), record: Record<'t>) -> Parsed<'t> {
        let line = record.line;
        let blank = |text, outcome| Parsed { line, text, id: None, notes: Notes::default(), outcome };
        let json = match record.text {
            Ok(json) => json,
            Err(broken) => return blank(broken.text.into(), Outcome::Refused(broken.reason)),
        };
        // Filled in place: a statement is too large to be handed around.
        let mut statement = Statement::default();
        let details = parser.statement(json, &mut statement).and_then(|()| match Version::of(&statement) {
            Version::Four => Ok(None),
            Version::ThroughThree => serde_json::from_str::<Details<'_>>(json).map(Some),
        });
        match details {
            Ok(details) => {
                let outcome =
                    parser.said(&statement, details.as_ref(), line).map_or_else(Outcome::Refused, Outcome::Said);
                Parsed { line, text: json.into(), id: kept(&statement.statement_id), notes: Notes::default(), outcome }
            }
            Err(error) => match keys::reason(&error, json) {
                Some(twice) => blank(json.into(), Outcome::Refused(twice)),
                None => blank(json.into(), Outcome::Unformed(no_statement(&error))),
            },
        }
    }

    fn fold(&mut self, mut parsed: Parsed<'_>) -> Result<()> {
        self.fold_one(&mut parsed, &[])
    }

    fn fold_all(&mut self, parsed: &mut Vec<Parsed<'_>>) -> Result<()> {
        // Whoever is looked up by anything but the id of a record may change who comes after.
        for run in parsed.chunk_by_mut(|one, other| one.records().is_some() == other.records().is_some()) {
            let nodes = self.look_ahead(run)?;
            let mut nodes = nodes.as_slice();
            for parsed in run {
                let own = nodes.split_off(..parsed.records().map_or(0, Iterator::count)).unwrap_or_default();
                self.fold_one(parsed, own)?;
            }
        }
        Ok(())
    }
}

impl<'t> Parsed<'t> {
    /// The ids of the records whose parties it is about; `None` where that does not follow from it alone.
    fn records(&self) -> Option<impl Iterator<Item = &Id<'t>>> {
        let ids = match &self.outcome {
            Outcome::Unformed(_) => return None,
            Outcome::Said(Said { body: Ok(Body::Party(party)), .. }) => [Some(party.id()), None],
            Outcome::Said(Said { body: Ok(Body::Relationship(relationship)), .. }) => relationship.records()?.map(Some),
            Outcome::Said(_) | Outcome::Refused(_) => [None, None],
        };
        Some(ids.into_iter().flatten())
    }
}

fn no_statement(error: &serde_json::Error) -> String {
    let text = error.to_string();
    format!("is no statement: {}", text.split(" at line ").next().unwrap_or(&text))
}

impl Reader<'_, '_> {
    /// Takes a statement, with the nodes of the records that it is about, as far as they are known.
    fn fold_one(&mut self, parsed: &mut Parsed<'_>, nodes: &[NodeId]) -> Result<()> {
        self.location.line = Some(parsed.line);
        self.record.clear();
        if let Outcome::Unformed(reason) = &mut parsed.outcome {
            let reason = std::mem::take(reason);
            return self.mend(&parsed.text, reason);
        }
        self.take(parsed, nodes)
    }

    /// Finds or adds the nodes that some statements are about: all of them together, as each look-up waits for memory.
    fn look_ahead(&mut self, parsed: &[Parsed<'_>]) -> Result<Vec<NodeId>> {
        let seen = parsed.iter().filter_map(|parsed| match &parsed.outcome {
            Outcome::Said(said) => said.seen.map(|(id, _)| id),
            Outcome::Unformed(_) | Outcome::Refused(_) => None,
        });
        self.series.look_ahead(seen);
        let ids: Vec<Key<'_>> = parsed.iter().filter_map(Parsed::records).flatten().map(Id::key).collect();
        let mut nodes = Vec::with_capacity(ids.len());
        self.intake.builder.nodes_of(&ids, &self.location, &mut nodes)?;
        Ok(nodes)
    }

    /// Reads a statement of which members have the wrong form, without those that it can do without.
    fn mend(&mut self, json: &str, reason: String) -> Result<()> {
        let mut value = match serde_json::from_str(json) {
            Ok(Unique(value)) => value,
            Err(error) => return self.reject(keys::reason(&error, json).unwrap_or(reason), json),
        };
        let dropped = repair::drop_unreadable(&mut value);
        let statement = match Statement::deserialize(&value) {
            Ok(statement) => statement,
            Err(error) => return self.reject(no_statement(&error), json),
        };
        let mut notes = Notes::default();
        for member in dropped {
            notes.unreadable(format!("{member} has not the form that the standard gives it and is not read"));
        }
        let details = match Version::of(&statement) {
            Version::Four => Ok(None),
            Version::ThroughThree => Details::deserialize(&value).map(Some),
        };
        let line = self.location.line.unwrap_or_default();
        let outcome = match details.map_err(|error| no_statement(&error)) {
            Ok(details) => {
                let mut parser = self.parser();
                parser.came_from(&statement);
                parser.said(&statement, details.as_ref(), line)
            }
            Err(reason) => Err(reason),
        };
        let outcome = outcome.map_or_else(Outcome::Refused, Outcome::Said);
        self.take(&mut Parsed { line, text: json.into(), id: kept(&statement.statement_id), notes, outcome }, &[])
    }

    /// Takes a statement after those before it.
    fn take(&mut self, parsed: &mut Parsed<'_>, nodes: &[NodeId]) -> Result<()> {
        self.record.push_str(parsed.id.as_deref().unwrap_or_default());
        self.report(std::mem::take(&mut parsed.notes));
        let said = match &mut parsed.outcome {
            Outcome::Said(said) => said,
            Outcome::Refused(reason) | Outcome::Unformed(reason) => return self.reject(reason, &parsed.text),
        };
        let seen = said.seen.map(|(id, content)| self.series.seen(id, content));
        match seen {
            None | Some((_, Seen::First)) => {}
            Some((_, Seen::Same)) => {
                self.intake.accept();
                return Ok(());
            }
            Some((_, Seen::Different)) => {
                let message =
                    format!("statement {:?} stands twice with different content; both are kept", said.head.id);
                self.intake.problem(Rule::RepeatedStatement, self.place(), message);
            }
        }
        self.report(std::mem::take(&mut said.notes));
        let source = said.source.as_ref();
        let source = source.and_then(|source| self.sources.position(source, self.intake.builder, &self.location));
        let is_relationship = matches!(said.body, Ok(Body::Relationship(_)));
        match &mut said.body {
            Ok(Body::Party(party)) => self.party(&said.head, seen.map(|(number, _)| number), party, nodes)?,
            Ok(Body::Relationship(relationship)) => self.relationship(&said.head, source, relationship, nodes)?,
            Err(reason) => return self.reject(reason, &parsed.text),
        }
        self.replaces(&said.head, is_relationship, &said.replaces);
        self.intake.accept();
        Ok(())
    }

    /// Notes what a statement of 0.1 to 0.3 replaces.
    fn replaces(&mut self, head: &Head<'_>, is_relationship: bool, replaced: &[Cow<'_, str>]) {
        for older in replaced {
            if is_relationship {
                self.series.replaces_relationship(self.series.key(&head.id), older);
            } else {
                self.series.replaces_party(&head.id, older, self.place());
            }
        }
    }

    /// The place of the statement at hand.
    fn place(&self) -> Location {
        let record = (!self.record.is_empty()).then(|| self.record.clone());
        Location { record, ..self.location.clone() }
    }

    /// Reports what was noted of the statement at hand.
    fn report(&mut self, notes: Notes) {
        let (record, location) = (&self.record, &self.location);
        notes.report(self.intake, || {
            let record = (!record.is_empty()).then(|| record.clone());
            Location { record, ..location.clone() }
        });
    }

    fn reject(&mut self, reason: impl std::fmt::Display, json: &str) -> Result<()> {
        self.intake.reject(self.place(), reason, json)
    }
}
