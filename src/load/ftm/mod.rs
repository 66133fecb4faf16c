//! FollowTheMoney entities: JSON Lines, a JSON array, or `targets.nested.json` with whole neighbours inside.

mod few;
mod links;
mod members;
mod parties;
mod record;
mod schemata;

use super::intake::Intake;
use super::keys;
use super::notes::Notes;
use super::numbered::Numbered;
use super::pieces::{self, Reading};
use super::records;
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::builder::foreseen::Id;
use crate::graph::table::Key;
use crate::model::{PartialDate, Source, ftm_id};
use crate::problem::Rule;
use few::Few;
use foldhash::quality::FixedState;
use links::LinkSaid;
use members::Parser;
use parties::{KnownDetails, PartySaid};
use record::{Record, Text};
use schemata::Role;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::io::BufRead;
use std::ops::Deref;

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
    let (name, rules) = (intake.name, (intake.limits, intake.keys));
    let location = intake.at(0);
    let mut entities = Reader { intake, location, sources: None, links: Numbered::default(), unknown: HashSet::new() };
    pieces::read(&mut entities, name, head, reader, rules)
}

/// One input on its way into the graph.
struct Reader<'i, 'l> {
    intake: &'i mut Intake<'l>,
    /// The place of the record at hand.
    location: Location,
    /// The dataset of the record before with its position: mostly all have the same one.
    sources: Option<(String, Option<u32>)>,
    /// Links that were read, by a hash of their id: a nested export repeats them with each neighbour.
    links: Numbered<u128>,
    /// Schemata that were reported.
    unknown: HashSet<String>,
}

/// A record of the input, as far as it can be read by itself.
struct Parsed<'t> {
    line: u64,
    text: Cow<'t, str>,
    /// The entity, or why there is none.
    entity: Result<Entity<'t>, Refusal>,
    /// Those that stand inside it.
    inner: Vec<Entity<'t>>,
}

/// An entity, or one that stands inside it.
struct Entity<'t> {
    id: Id<'t>,
    schema: Cow<'t, str>,
    datasets: Few<Text<'t>>,
    said: Said<'t>,
}

/// What an entity says, by the role of its schema.
enum Said<'t> {
    Party(PartySaid<'t>),
    Link(LinkSaid<'t>),
    Beside,
    Unknown,
    /// Nothing of use, for this reason.
    Nothing(Refusal),
}

/// Why a record cannot be used.
type Refusal = String;

impl<'t> Entity<'t> {
    /// Adds the ids of the parties that it speaks of.
    fn ids<'e>(&'e self, ids: &mut Vec<Key<'e>>) {
        match &self.said {
            Said::Party(_) => ids.push(self.id.key()),
            Said::Link(link) => link.ends.iter().for_each(|end| ids.extend(end.iter().map(Id::key))),
            Said::Beside | Said::Unknown | Said::Nothing(_) => {}
        }
    }

    /// What stands for its id, where it is a link.
    fn link(&self) -> Option<u128> {
        match &self.said {
            Said::Link(link) => Some(link.hash),
            Said::Party(_) | Said::Beside | Said::Unknown | Said::Nothing(_) => None,
        }
    }

    /// Reads an entity by itself; those that stand inside it are put at the end of `rest`.
    fn of(record: &mut Record<'t>, rest: &mut Vec<Record<'t>>, known: &mut KnownDetails) -> Self {
        if let Some(id) = ftm_id::original(&record.id) {
            record.id = id.into();
        }
        rest.append(&mut record.properties.nested);
        let said = match schemata::role(&record.schema) {
            _ if record.id.trim().is_empty() => Said::Nothing("has an empty id".to_owned()),
            Some(Role::Party(kind)) => Said::Party(PartySaid::of(record, kind, known)),
            Some(Role::Asset) => Said::Party(PartySaid::asset(record, known)),
            Some(Role::Link(link)) => Said::Link(LinkSaid::of(record, link)),
            Some(Role::Beside) => Said::Beside,
            None => Said::Unknown,
        };
        let (id, schema) = (std::mem::take(&mut record.id), std::mem::take(&mut record.schema));
        Entity { id: id.into(), schema, datasets: std::mem::take(&mut record.datasets), said }
    }
}

impl Reading for Reader<'_, '_> {
    type Parser = Parser;
    type Parsed<'t> = Parsed<'t>;
    type Room<'t> = Record<'t>;

    fn parser(&self) -> Parser {
        Parser::default()
    }

    fn parse<'t>(parser: &mut Parser, own: &mut Record<'t>, record: records::Record<'t>) -> Parsed<'t> {
        let line = record.line;
        let text = match record.text {
            Ok(text) => text,
            Err(broken) => {
                return Parsed { line, text: broken.text.into(), entity: Err(broken.reason), inner: Vec::new() };
            }
        };
        let (mut rest, mut inner) = (Vec::new(), Vec::new());
        own.clear();
        let entity = match parser.record(text, own) {
            Ok(()) => Ok(Entity::of(own, &mut rest, &mut parser.details)),
            Err(error) => {
                Err(keys::reason(&error, text).unwrap_or_else(|| format!("is no FollowTheMoney entity: {error}")))
            }
        };
        while let Some(mut record) = rest.pop() {
            inner.push(Entity::of(&mut record, &mut rest, &mut parser.details));
        }
        Parsed { line, text: text.into(), entity, inner }
    }

    fn fold(&mut self, parsed: Parsed<'_>) -> Result<()> {
        self.fold_all(&mut vec![parsed])
    }

    fn fold_all(&mut self, parsed: &mut Vec<Parsed<'_>>) -> Result<()> {
        let (mut ids, mut links) = (Vec::with_capacity(2 * parsed.len()), Vec::with_capacity(parsed.len()));
        for entity in parsed.iter().flat_map(|parsed| parsed.entity.iter().chain(&parsed.inner)) {
            entity.ids(&mut ids);
            links.extend(entity.link());
        }
        let nodes = self.intake.builder.foresee(&ids);
        self.links.look_ahead(links.into_iter());
        let mut nodes = nodes.as_slice();
        parsed.iter_mut().try_for_each(|parsed| self.take(parsed, &mut nodes))
    }
}

impl Reader<'_, '_> {
    /// Takes a record after those before it. `nodes` begins with those of its ids, as far as they are known.
    fn take(&mut self, parsed: &mut Parsed<'_>, nodes: &mut &[Option<NodeId>]) -> Result<()> {
        self.location.line = Some(parsed.line);
        let entity = match &mut parsed.entity {
            Ok(entity) => entity,
            Err(reason) => return self.intake.reject(self.location.clone(), reason, &parsed.text),
        };
        let mut refusal = self.entity(entity, true, nodes)?;
        for entity in &mut parsed.inner {
            let inner = self.entity(entity, false, nodes)?;
            refusal = refusal.or(inner.map(|reason| format!("{} {}: {reason}", entity.schema, &*entity.id)));
        }
        match refusal {
            None => self.intake.accept(),
            Some(reason) => {
                self.intake.reject(self.location.clone().in_record(&*entity.id), reason, &parsed.text)?;
            }
        }
        Ok(())
    }

    /// Takes an entity after those before it, or says why it cannot be used.
    fn entity(&mut self, entity: &mut Entity<'_>, top: bool, nodes: &mut &[Option<NodeId>]) -> Result<Option<Refusal>> {
        let Entity { id, schema, datasets, said } = entity;
        match said {
            Said::Party(party) => self.party((id, next(nodes, 1).first().copied().flatten()), datasets, party)?,
            Said::Link(link) => {
                let [owners, owned] = &link.ends;
                let ends = next(nodes, owners.len() + owned.len());
                if self.is_new(link.hash) {
                    return self.link(id, datasets, link, ends);
                } else if top {
                    let message = format!("{schema} {} stands twice in this file; the first counts", &**id);
                    self.intake.problem(Rule::ConflictingDescription, self.location.clone(), message);
                }
            }
            Said::Beside => {}
            Said::Nothing(reason) => return Ok(Some(std::mem::take(reason))),
            Said::Unknown if schema.is_empty() && top => return Ok(Some("names no schema".to_owned())),
            Said::Unknown => {
                if !self.unknown.contains(&**schema) {
                    let message = format!("the schema {schema:?} is not known; its entities are passed over");
                    self.intake.problem(Rule::UnreadableValue, self.location.clone(), message);
                    self.unknown.insert(schema.clone().into_owned());
                }
            }
        }
        Ok(None)
    }

    fn is_new(&mut self, hash: u128) -> bool {
        let is_new = self.links.find(hash).is_none();
        if is_new {
            self.links.add(hash);
        }
        is_new
    }

    /// Adds the datasets of a record as sources; gives the position of the first one.
    fn sources(&mut self, datasets: &Few<Text<'_>>) -> Option<u32> {
        let first = datasets.first()?;
        if let (1, Some((last, position))) = (datasets.len(), &self.sources)
            && *last == first.0
        {
            return *position;
        }
        let builder = &mut *self.intake.builder;
        for dataset in datasets.iter().filter(|dataset| !dataset.0.is_empty()) {
            if !builder.has_source(&dataset.0) {
                let title = format!("FollowTheMoney dataset {}", dataset.0);
                builder.source(Source { id: dataset.0.to_string(), title, ..Source::default() }, &self.location);
            }
        }
        let position = builder.source_position(&first.0);
        self.sources = Some((first.0.to_string(), position));
        position
    }

    /// Reports what was noted of a record, at its place.
    fn report(&mut self, id: &str, notes: Notes) {
        let location = &self.location;
        notes.report(self.intake, || location.clone().in_record(id));
    }
}

/// Takes the first of some nodes.
fn next<'n>(nodes: &mut &'n [Option<NodeId>], count: usize) -> &'n [Option<NodeId>] {
    let (first, others) = nodes.split_at(count.min(nodes.len()));
    *nodes = others;
    first
}

/// Two independent hashes: the chance that an interest is lost to equal ones is far below that of broken memory.
fn hash(id: &str) -> u128 {
    let [one, other] = [0, 1].map(|seed| u128::from(FixedState::with_seed(seed).hash_one(id)));
    one << 64 | other
}

/// Dates, the earliest first. A single one needs no memory of its own.
enum Dates {
    One(PartialDate),
    Several(Vec<PartialDate>),
}

impl Deref for Dates {
    type Target = [PartialDate];

    fn deref(&self) -> &[PartialDate] {
        match self {
            Dates::One(date) => std::slice::from_ref(date),
            Dates::Several(dates) => dates,
        }
    }
}

/// The dates among some values, and the first value that is none.
fn dates<'v>(values: impl Iterator<Item = &'v str>) -> (Dates, Option<&'v str>) {
    let (mut first, mut more, mut unreadable) = (None, Vec::new(), None);
    for text in values {
        match text.parse::<PartialDate>() {
            Ok(date) if first.is_none() => first = Some(date),
            Ok(date) => more.push(date),
            Err(_) => unreadable = unreadable.or(Some(text)),
        }
    }
    let dates = match first {
        Some(date) if more.is_empty() => Dates::One(date),
        first => {
            more.extend(first);
            more.sort_unstable();
            more.dedup();
            Dates::Several(more)
        }
    };
    (dates, unreadable)
}
