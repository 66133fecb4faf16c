//! Folds statements into a graph.

mod absorb;
mod accounts;
mod crowd;
mod described;
pub(crate) mod foreseen;
mod nodes;
mod part;
mod placeholder;
pub(crate) mod revise;

use super::accounts::AccountsBuilder;
use super::columns::{Interest, InterestParts, Knowledge, NO_JURISDICTION};
use super::csr::Adjacency;
use super::entities::EntitiesBuilder;
use super::identifiers::IdentifiersBuilder;
use super::interests::{Interests, InterestsBuilder};
use super::merge::{self, HAND_WRITTEN, Joined, Verdict};
use super::notes::NotesBuilder;
use super::registry::Registry;
use super::side_by_side::side_by_side;
use super::{Account, InputSummary, NodeId, OwnershipGraph};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::jurisdiction::{self, JurisdictionRecord};
use crate::model::{EntityKind, EntityRecord, Identifier, InterestRecord, PartialDate, Source};
use crate::problem::{Problem, ProblemLog, Rule};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;

pub(super) use crowd::Crowds;
pub(crate) use described::{Described, Note};

/// What a row of a table says of a party in passing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mention<'a> {
    /// Identifier within the data.
    pub id: &'a str,
    /// Name, where the row gives one.
    pub name: Option<&'a str>,
    /// Kind, where the row gives one.
    pub kind: Option<EntityKind>,
    /// Jurisdiction, where the row gives one.
    pub jurisdiction: Option<&'a str>,
}

/// Collects entities, interests and sources in any order and makes an [`OwnershipGraph`] of them.
#[derive(Debug, Default)]
pub struct GraphBuilder {
    pub(super) entities: EntitiesBuilder,
    pub(super) entity_details: NotesBuilder<EntityDetails>,
    crowds: Crowds,
    pub(super) identifiers: IdentifiersBuilder,
    interests: InterestsBuilder,
    accounts: AccountsBuilder,
    dated: Vec<Range<u32>>,
    jurisdictions: Vec<JurisdictionRecord>,
    sources: Vec<Source>,
    source_by_id: HashMap<String, usize, foldhash::quality::RandomState>,
    inputs: Vec<InputSummary>,
    pub(super) problems: ProblemLog,
    /// Parties that were referred to before anybody described them, and where.
    unresolved: Vec<(NodeId, Location)>,
    statements: HashMap<(u16, String), u32>,
    jurisdiction_codes: Vec<String>,
    jurisdiction_by_code: HashMap<String, u16, foldhash::quality::RandomState>,
    /// The family of formats whose ids are being read, with the name that tells its ids from another family's.
    namespace: (u8, &'static str),
    /// Nodes whose id another family of formats uses for somebody else.
    renamed: HashMap<(u8, String), NodeId>,
    pub(super) verdicts: Vec<Verdict>,
    /// Nodes that stand for nobody in particular.
    placeholders: HashSet<NodeId>,
    /// Records that were joined when the data were written.
    joined: Vec<(NodeId, Vec<Joined>)>,
    /// How many bytes of interests may be in memory, and where the others go.
    spill: Option<(usize, PathBuf)>,
}

impl GraphBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers an input by name, in a hand-written format; its number marks the interests that come from it.
    pub fn input(&mut self, name: &str) -> Result<u16> {
        self.input_of(name, "native", (HAND_WRITTEN, ""))
    }

    /// Registers an input whose ids mean the same as in every input of the same family of formats, and nothing in others.
    pub(crate) fn input_of(&mut self, name: &str, format: &str, namespace: (u8, &'static str)) -> Result<u16> {
        let number = u16::try_from(self.inputs.len())
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 65,536 input files in one graph"))?;
        self.inputs.push(InputSummary { name: name.to_owned(), format: format.to_owned(), ..InputSummary::default() });
        self.namespace = namespace;
        Ok(number)
    }

    /// Notes how many records of an input were read and how many could not be.
    pub(crate) fn counted(&mut self, input: u16, records: u64, rejected: u64) {
        if let Some(summary) = self.inputs.get_mut(usize::from(input)) {
            summary.records += records;
            summary.rejected += rejected;
        }
    }

    /// Notes that only the beginning of an input was read, and why.
    pub(crate) fn broke_off(&mut self, input: u16, reason: String) {
        if let Some(summary) = self.inputs.get_mut(usize::from(input)) {
            summary.broken = Some(reason);
        }
    }

    /// Takes the user's word on whether two records are one party.
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(verdict);
    }

    /// Whether the user said anything of who is one party.
    pub(crate) fn has_verdicts(&self) -> bool {
        !self.verdicts.is_empty()
    }

    /// Notes a finding about the data.
    pub fn problem(&mut self, rule: Rule, location: Location, message: String) {
        self.problems.push(Problem { rule, location, message });
    }

    /// Adds a source; the first one with an id stays.
    pub fn source(&mut self, source: Source, location: &Location) {
        match self.source_by_id.get(&source.id) {
            Some(&known) if is_bare(&self.sources[known]) => self.sources[known] = source,
            Some(&known) if self.sources[known] != source && !is_bare(&source) => {
                let message =
                    format!("source {} is described differently elsewhere; the first description stays", source.id);
                self.problem(Rule::ConflictingDescription, location.clone(), message);
            }
            Some(_) => {}
            None => {
                self.source_by_id.insert(source.id.clone(), self.sources.len());
                self.sources.push(source);
            }
        }
    }

    /// The publication date of a source that was added.
    pub fn source_date(&self, id: &str) -> Option<PartialDate> {
        self.source_by_id.get(id).and_then(|&index| self.sources[index].date)
    }

    /// The position of a source, for accounts whose interests name none of their own.
    pub(crate) fn source_position(&self, id: &str) -> Option<u32> {
        self.source_by_id.get(id).map(|&position| position as u32)
    }

    /// The position of a source that is mentioned; its description may follow.
    pub(crate) fn mentioned_source(&mut self, id: &str) -> u32 {
        if let Some(position) = self.source_position(id) {
            return position;
        }
        let bare = Source { id: id.to_owned(), title: id.to_owned(), ..Source::default() };
        self.source(bare, &Location::default());
        self.sources.len() as u32 - 1
    }

    /// Whether a source with this id was added.
    pub fn has_source(&self, id: &str) -> bool {
        self.source_by_id.contains_key(id)
    }

    /// Adds what the data say about a jurisdiction.
    pub fn jurisdiction(&mut self, record: JurisdictionRecord, location: &Location) -> Result<()> {
        self.jurisdiction_code(&record.code, location)?;
        match self.jurisdictions.iter_mut().find(|known| known.code == record.code) {
            Some(known) => {
                known.facts.extend(record.facts);
                known.sources.extend(record.sources);
                known.note = known.note.take().or(record.note);
            }
            None => self.jurisdictions.push(record),
        }
        Ok(())
    }

    /// The number of a jurisdiction code; an unknown code is kept and reported once.
    fn jurisdiction_code(&mut self, code: &str, location: &Location) -> Result<u16> {
        if let Some(&number) = self.jurisdiction_by_code.get(code) {
            return Ok(number);
        }
        if !jurisdiction::is_known(code) {
            let message =
                format!("unknown jurisdiction {code:?}: not in ISO 3166 and no known register code; kept as it is");
            self.problem(Rule::UnknownJurisdiction, location.clone(), message);
        }
        self.new_jurisdiction_code(code, location)
    }

    /// A number for a jurisdiction code that has none.
    fn new_jurisdiction_code(&mut self, code: &str, location: &Location) -> Result<u16> {
        let number = u16::try_from(self.jurisdiction_codes.len())
            .ok()
            .filter(|&number| number != NO_JURISDICTION)
            .ok_or_else(|| Error::data(location.clone(), "more than 65,534 different jurisdiction codes"))?;
        self.jurisdiction_codes.push(code.to_owned());
        self.jurisdiction_by_code.insert(code.to_owned(), number);
        Ok(number)
    }

    /// Adds an entity with its description. Described before, it keeps the first description and gains what is new.
    pub fn entity(&mut self, record: EntityRecord, location: &Location) -> Result<NodeId> {
        let mention = Mention {
            id: &record.id,
            name: Some(&record.name),
            kind: Some(record.kind),
            jurisdiction: record.jurisdiction.as_deref(),
        };
        let node = self.mention(mention, location)?;
        let entities = &mut self.entities;
        if record.jurisdiction_inferred {
            entities.note(node, Knowledge::JURISDICTION_INFERRED, true);
        }
        if record.owners_complete {
            entities.note(node, Knowledge::OWNERS_COMPLETE, true);
        }
        entities.note(node, Knowledge::DECLARED, true);
        self.lifetime(node, record.founded, record.dissolved);
        for identifier in &record.identifiers {
            self.identifier(node, identifier, location)?;
        }
        self.entity_details(node, record.details);
        Ok(node)
    }

    /// Adds an entity as a row of a table mentions it.
    pub fn mention(&mut self, mention: Mention<'_>, location: &Location) -> Result<NodeId> {
        let node = self.node(mention.id, location)?;
        self.told(node, mention, location)?;
        Ok(node)
    }

    /// Adds what a row says of an entity in passing.
    pub(crate) fn told(&mut self, node: NodeId, mention: Mention<'_>, location: &Location) -> Result<()> {
        if let Some(name) = mention.name.filter(|name| !name.is_empty()) {
            self.name(node, name, location)?;
        }
        if let Some(kind) = mention.kind {
            self.kind(node, kind, location);
        }
        if let Some(code) = mention.jurisdiction.filter(|code| !code.is_empty()) {
            self.place(node, code, location)?;
        }
        Ok(())
    }

    /// Adds what few entities have to one that was mentioned.
    pub(crate) fn entity_details(&mut self, node: NodeId, details: EntityDetails) {
        if details != EntityDetails::EMPTY {
            let crowds = &mut self.crowds;
            self.entity_details.merge(node.0, details, |known, new| crowds.merge(node.0, known, new));
        }
    }

    /// Adds details that are written already, as the JSON of [`EntityDetails`].
    pub(crate) fn entity_text(&mut self, node: NodeId, details: &str) {
        let crowds = &mut self.crowds;
        self.entity_details.merge_text(node.0, details, |known, new| crowds.merge(node.0, known, new));
    }

    /// Notes that the jurisdiction of an entity is inferred.
    pub(crate) fn place_is_inferred(&mut self, node: NodeId) {
        self.entities.note(node, Knowledge::JURISDICTION_INFERRED, true);
    }

    /// Notes that all owners of an entity are stated.
    pub(crate) fn owners_are_complete(&mut self, node: NodeId) {
        self.entities.note(node, Knowledge::OWNERS_COMPLETE, true);
    }

    /// Notes when an entity began and ended to be, as far as nobody told before.
    fn lifetime(&mut self, node: NodeId, founded: Option<PartialDate>, dissolved: Option<PartialDate>) {
        let entities = &mut self.entities;
        if founded.is_some() && entities.founded(node) == 0 {
            entities.set_founded(node, PartialDate::to_bits(founded));
        }
        if dissolved.is_some() && entities.dissolved(node) == 0 {
            entities.set_dissolved(node, PartialDate::to_bits(dissolved));
        }
    }

    /// Adds an official number to an entity.
    pub(crate) fn identifier(&mut self, node: NodeId, identifier: &Identifier, location: &Location) -> Result<()> {
        self.identifier_of(node, (&identifier.scheme, &identifier.id), location)
    }

    /// Adds an official number to an entity, given as scheme and value.
    pub(crate) fn identifier_of(
        &mut self,
        node: NodeId,
        (scheme, value): (&str, &str),
        location: &Location,
    ) -> Result<()> {
        self.identifiers.push(node, scheme, value).ok_or_else(|| too_many_schemes(location))
    }

    /// The same with the number after which an entity is named: mentioned again, it adds nothing.
    pub(crate) fn identifier_of_id(
        &mut self,
        node: NodeId,
        (scheme, value): (&str, &str),
        location: &Location,
    ) -> Result<()> {
        self.identifiers.push_once(node, scheme, value).ok_or_else(|| too_many_schemes(location))
    }

    fn name(&mut self, node: NodeId, name: &str, location: &Location) -> Result<()> {
        let differs = self.entities.name(node) != name;
        if !self.entities.knows(node, Knowledge::NAMED) {
            if differs {
                self.entities.set_name(node, name).ok_or_else(|| full(location))?;
            }
            self.entities.note(node, Knowledge::NAMED, true);
            return Ok(());
        }
        if differs {
            let (id, current) = (self.entities.id(node), self.entities.name(node));
            let message =
                format!("{id} is named {current:?} and {name:?}; the first name stays, the other is an alias");
            self.problem(Rule::ConflictingDescription, location.clone(), message);
            self.crowds.add_alias(node.0, self.entity_details.entry(node.0), name);
        }
        Ok(())
    }

    fn kind(&mut self, node: NodeId, kind: EntityKind, location: &Location) {
        let known = self.entities.kind(node);
        if !self.entities.knows(node, Knowledge::KIND) {
            self.entities.set_kind(node, kind);
            self.entities.note(node, Knowledge::KIND, true);
        } else if known != kind {
            let message = format!("{} is a {known} and a {kind}; the first kind stays", self.entities.id(node));
            let one_is_a_person = known == EntityKind::Person || kind == EntityKind::Person;
            let rule = if one_is_a_person { Rule::KindsCollide } else { Rule::ConflictingDescription };
            self.problem(rule, location.clone(), message);
        }
    }

    fn place(&mut self, node: NodeId, code: &str, location: &Location) -> Result<()> {
        let number = self.jurisdiction_code(code, location)?;
        let known = self.entities.jurisdiction(node);
        if known == NO_JURISDICTION {
            self.entities.set_jurisdiction(node, number);
        } else if known != number {
            let id = self.entities.id(node);
            let first = &self.jurisdiction_codes[usize::from(known)];
            let message = format!("{id} is placed in {first} and in {code}; the first jurisdiction stays");
            self.problem(Rule::ConflictingDescription, location.clone(), message);
        }
        Ok(())
    }

    /// The node that an interest refers to; whether it is declared is judged when all inputs are read.
    pub fn refer(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        let node = self.node(id, location)?;
        if !self.entities.knows(node, Knowledge::DECLARED) {
            self.unresolved.push((node, location.clone()));
        }
        Ok(node)
    }

    /// Notes records that were joined into an entity before the data were written.
    pub(crate) fn was_joined(&mut self, node: NodeId, records: Vec<Joined>) {
        self.joined.push((node, records));
    }

    /// Adds an interest between two nodes of this builder.
    pub(crate) fn interest(&mut self, parts: &InterestParts) -> Result<u32> {
        self.spill_if_due();
        self.interests.push(parts).ok_or_else(too_many_interests)
    }

    /// Adds interests of one input whose dates stand in their rows, each with its record, and gives the number of the first.
    pub(crate) fn interests_of(
        &mut self,
        input: u16,
        rows: impl ExactSizeIterator<Item = Interest>,
        records: impl ExactSizeIterator<Item = u32>,
    ) -> Result<u32> {
        self.spill_if_due();
        self.interests.extend(rows, records, input).ok_or_else(too_many_interests)
    }

    /// Keeps interests in temporary files in `folder` when more than so many bytes of them are in memory.
    pub(crate) fn spill_beyond(&mut self, bytes: usize, folder: PathBuf) {
        self.spill = Some((bytes, folder));
    }

    fn spill_if_due(&mut self) {
        if let Some((bytes, folder)) = &self.spill
            && self.interests.bytes_in_memory() > *bytes
        {
            self.interests.spill(folder);
        }
    }

    /// Puts an interest in the place of one that was added before, which a later statement corrects.
    pub(crate) fn replace_interest(&mut self, number: u32, parts: &InterestParts) {
        self.interests.set(number, parts);
    }

    /// Adds an interest as a record states it, in an account of its own or in that of `statement`.
    pub fn interest_record(
        &mut self,
        record: InterestRecord,
        statement: Option<&str>,
        (input, line): (u16, u32),
        location: &Location,
    ) -> Result<()> {
        let account = Account { stated: record.details.stated, ..Account::default() };
        let parts = InterestParts {
            owner: self.refer(&record.owner, location)?,
            owned: self.refer(&record.owned, location)?,
            kind: record.kind,
            share: record.share,
            start: record.start,
            end: record.end,
            directness: record.directness,
            confidence: record.confidence,
            marks: record.marks,
            controlling: record.controlling,
            account: match statement {
                Some(statement) => self.account(input, statement, account)?,
                None => self.new_account(account)?,
            },
            input,
            record: line,
        };
        let number = self.interest(&parts)?;
        if let Some(id) = &record.id {
            self.interest_id(number, id);
        }
        self.interest_details(number, record.details);
        Ok(())
    }

    /// Gives the interest that was added last the id that the data give it.
    pub(crate) fn interest_id(&mut self, number: u32, id: &str) {
        self.interests.set_id(number, id);
    }

    /// Adds what few interests have to one that was added.
    pub(crate) fn interest_details(&mut self, number: u32, details: InterestDetails) {
        if details != InterestDetails::default() {
            self.interests.details.insert(number, details);
        }
    }

    /// Adds details that are written already, as the JSON of [`InterestDetails`], to the interest that was added last.
    pub(crate) fn interest_text(&mut self, number: u32, details: &str) {
        self.interests.details.merge_text(number, details, |known, details| *known = details);
    }

    /// The graph. Fails where an interest refers to an entity that no input describes.
    pub fn finish(mut self) -> Result<OwnershipGraph> {
        for (node, location) in &self.unresolved {
            let knowledge = self.entities.knowledge(*node);
            if !knowledge.has(Knowledge::DECLARED) && !knowledge.has(Knowledge::NAMED) {
                let id = self.entities.id(*node);
                let message = format!("refers to entity {id:?}, which no input describes");
                return Err(Error::data(location.clone(), message));
            }
        }
        self.split_placeholders()?;
        let mut merged = merge::join(&mut self);
        self.report_dangling();
        if let Some(new) = merged.new_nodes() {
            self.interests.renumber(new);
        }
        for (node, records) in std::mem::take(&mut self.joined) {
            for record in &records {
                if self.entities.find(&record.id).is_none() {
                    merged.also_known(&record.id, node);
                }
            }
            merged.also_joined(node, records);
        }
        let nodes = self.entities.count();
        let (entities, numbers) = (self.entities, self.identifiers);
        let (identifiers, (entities, (interests, adjacency))) = side_by_side(
            nodes,
            || numbers.finish(nodes, |node| merged.node_of(node)),
            || {
                let interests = || {
                    let interests = self.interests.finish();
                    let rows = interests.as_ref().map_or(&[][..], Interests::rows);
                    let adjacency = Adjacency::build(nodes, rows);
                    (interests, adjacency)
                };
                side_by_side(nodes, || entities.finish(), interests)
            },
        );
        let interests = interests.map_err(|error| Error::io("cannot use", "a temporary file", error))?;
        Ok(OwnershipGraph {
            entities,
            entity_details: self.entity_details.finish(&EntityDetails::EMPTY),
            merged: merged.finish(),
            identifiers,
            adjacency,
            interests,
            accounts: self.accounts.finish(),
            dated: self.dated,
            jurisdiction_codes: self.jurisdiction_codes,
            inputs: self.inputs,
            names: HashMap::new(),
            registry: Registry::new(self.sources, self.jurisdictions, self.problems),
        })
    }

    /// Parties of registers that something refers to and nothing describes: they stay, under their ids.
    fn report_dangling(&mut self) {
        for node in (0..self.entities.count() as u32).map(NodeId) {
            let knowledge = self.entities.knowledge(node);
            let known = knowledge.has(Knowledge::DECLARED) || knowledge.has(Knowledge::NAMED);
            if self.entities.namespace(node) != HAND_WRITTEN && !known {
                let id = self.entities.id(node);
                let message = format!("{id} is referred to, but no record describes it");
                let location = Location::default().in_record(id);
                self.problems.push(Problem { rule: Rule::DanglingParty, location, message });
            }
        }
    }
}

/// Whether a source is only mentioned: it has a title for its id and nothing else.
fn is_bare(source: &Source) -> bool {
    *source == Source { id: source.id.clone(), title: source.id.clone(), ..Source::default() }
}

fn too_many_interests() -> Error {
    Error::plain(ErrorKind::Limit, "more than 4,294,967,295 interests in one graph")
}

fn too_many_schemes(location: &Location) -> Error {
    Error::data(location.clone(), "more than 65,536 different schemes of identifiers")
}

fn full(location: &Location) -> Error {
    Error::data(location.clone(), "more names and ids than one graph can hold (4 GiB of text)")
}
