//! Statements, read by themselves: everything that no other statement changes.

use super::codes::{self, Subject};
use super::members::CommonMembers;
use super::parties::PartySaid;
use super::relationship::RelationshipSaid;
use super::remarks::Remarks;
use super::schema::{Details, Statement, Str, kept, text};
use super::series::{Keys, Moment, Status};
use super::tail::{self, Provenance, Tail};
use super::version::Version;
use crate::load::nesting;
use crate::load::notes::Notes;
use crate::load::shapes::{Fit, Shapes};
use crate::model::{PartialDate, Source};
use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

/// What one statement says.
#[derive(Debug)]
pub(super) struct Said<'t> {
    pub head: Head<'t>,
    /// Hashes of its id and of what it says, which tell whether it stands twice; `None` where it has no id.
    pub seen: Option<(u64, u32)>,
    /// What is to be reported of it as a whole.
    pub notes: Notes,
    pub source: Option<Arc<Source>>,
    /// What it says of its subject, or why that is of no use.
    pub body: Result<Body<'t>, String>,
    /// Statements that it replaces (0.1 to 0.3).
    pub replaces: Vec<Cow<'t, str>>,
}

#[derive(Debug)]
pub(super) enum Body<'t> {
    Party(PartySaid<'t>),
    Relationship(RelationshipSaid<'t>),
}

/// What a statement says of itself.
#[derive(Debug)]
pub(super) struct Head<'t> {
    pub version: Version,
    /// Its id, or its line where it has none.
    pub id: Cow<'t, str>,
    pub has_id: bool,
    /// The id of the record that it describes (0.4).
    pub record: Option<Cow<'t, str>>,
    pub moment: Moment,
    pub retrieved: Option<PartialDate>,
}

const STATUSES: [(&str, Status); 3] = [("new", Status::New), ("updated", Status::Updated), ("closed", Status::Closed)];

/// Reads statements by themselves.
#[derive(Debug)]
pub(super) struct Parser<'l> {
    /// The name of the input.
    name: &'l str,
    keys: Keys,
    /// How the statement before ended, where it ended with its provenance.
    tail: String,
    shapes: Shapes<CommonMembers>,
    /// The provenance of the statement at hand.
    provenance: Provenance,
}

impl Clone for Parser<'_> {
    /// What was read is of no use for other pieces.
    fn clone(&self) -> Self {
        Self::new(self.name, self.keys.clone())
    }
}

impl<'l> Parser<'l> {
    pub(super) fn new(name: &'l str, keys: Keys) -> Self {
        Self { name, keys, tail: String::new(), shapes: Shapes::default(), provenance: Provenance::default() }
    }

    /// Reads a statement into an empty one, and takes its provenance.
    pub(super) fn statement<'t>(&mut self, json: &'t str, statement: &mut Statement<'t>) -> serde_json::Result<()> {
        let head = json.strip_suffix(&*self.tail).filter(|_| !self.tail.is_empty());
        let fit = head.map(|head| self.shapes.scan(head, |place, value| place.fill(statement, value)));
        if fit == Some(Fit::Known) {
            return Ok(());
        }
        if fit != Some(Fit::Left) {
            nesting::check::<serde_json::Error>(json)?;
        }
        let (read, tail) = tail::read(json, &self.tail)?;
        *statement = read;
        if let (Some(head), Some(Fit::New), Tail::Known) = (head, fit, tail) {
            self.shapes.learn(head);
        }
        if tail != Tail::Known {
            self.came_from(statement);
            self.tail.clear();
        }
        if let Tail::From(start) = tail
            && self.provenance.notes.is_empty()
        {
            self.tail.push_str(&json[start..]);
        }
        Ok(())
    }

    /// Takes the provenance of a statement.
    pub(super) fn came_from(&mut self, statement: &Statement<'_>) {
        self.provenance = Provenance::of(statement, self.provenance.source.take());
    }

    /// What a statement says; up to 0.3 its details stand beside it. The error tells why it is no statement.
    pub(super) fn said<'t>(
        &mut self,
        statement: &Statement<'t>,
        details: Option<&Details<'t>>,
        line: u64,
    ) -> Result<Said<'t>, String> {
        let subject = subject(statement)?;
        let details = details.or(statement.record_details.as_ref()).ok_or("has no recordDetails")?;
        let id = text(&statement.statement_id);
        let seen = id.map(|id| (self.keys.short(id), content(statement, details)));
        let mut notes = Notes::default();
        let head = self.head(statement, line, &mut notes);
        let source = self.provenance.source.clone();
        let remarks = Remarks::of(&statement.annotations);
        let body = match subject {
            Subject::Entity => PartySaid::entity(&head, details, &remarks).map(Body::Party),
            Subject::Person => PartySaid::person(&head, details, &remarks).map(Body::Party),
            Subject::Relationship => RelationshipSaid::of(&head, details, &remarks, &self.keys).map(Body::Relationship),
        };
        let replaces = match head.version {
            Version::ThroughThree if head.has_id => statement.replaces_statements.0.iter().map(Str::trimmed).collect(),
            _ => Vec::new(),
        };
        Ok(Said { head, seen, notes, source, body, replaces })
    }

    fn head<'t>(&mut self, statement: &Statement<'t>, line: u64, notes: &mut Notes) -> Head<'t> {
        let version = Version::of(statement);
        let Provenance { claimed, published, retrieved, notes: of_provenance, .. } = &mut self.provenance;
        if let Some(claimed) = claimed.as_ref().filter(|claimed| version.contradicts(claimed)) {
            notes.unreadable(format!("bodsVersion {claimed:?} does not fit the members of the statement"));
        }
        let status = text(&statement.record_status).map(|code| {
            let known = STATUSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
            (code, known.map(|&(_, status)| status))
        });
        if let Some((code, None)) = status {
            notes.unreadable(format!("recordStatus {code:?} is none of new, updated, closed"));
        }
        let stated = date("statementDate", &statement.statement_date, notes);
        notes.append(of_provenance);
        let second = text(&statement.statement_date).map_or(0, second_of_day);
        let status = status.and_then(|(_, status)| status).unwrap_or_default();
        let moment = Moment::new(stated, second, *published, status);
        let id = kept(&statement.statement_id);
        let has_id = id.is_some();
        let id = id.unwrap_or_else(|| format!("{}:{line}", self.name).into());
        Head { version, id, has_id, record: kept(&statement.record_id), moment, retrieved: *retrieved }
    }
}

fn subject(statement: &Statement<'_>) -> Result<Subject, String> {
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

/// A date; what is none is noted.
pub(super) fn date(member: &str, date: &Option<Str<'_>>, notes: &mut Notes) -> Option<PartialDate> {
    let written = text(date)?;
    let date = written.parse::<PartialDate>();
    if let Err(error) = &date {
        notes.unreadable(format!("{member} {written:?} {error}"));
    }
    date.ok()
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
