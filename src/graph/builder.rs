//! Folds statements into a graph.

mod placeholder;
pub(crate) mod revise;

use super::arena::{Arena, Index, Span};
use super::columns::{Interest, InterestParts, NO_JURISDICTION, Node};
use super::csr::Adjacency;
use super::merge::{self, HAND_WRITTEN, Joined, Verdict};
use super::{Account, EdgeId, InputSummary, NodeId, OwnershipGraph};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::jurisdiction::{self, JurisdictionRecord};
use crate::model::{DateBound, EntityKind, EntityRecord, Identifier, InterestRecord, PartialDate, Source};
use crate::problem::{Problem, Rule};
use std::collections::{HashMap, HashSet};

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
    graph: OwnershipGraph,
    /// Whether a node was declared, or mentioned with a name, a kind and a jurisdiction; else where it was referred to.
    known: Vec<Knowledge>,
    unresolved: Vec<(NodeId, Location)>,
    accounts: HashMap<(u16, String), u32>,
    jurisdiction_codes: HashMap<String, u16>,
    /// The family of formats whose ids are being read, with the name that tells its ids from another family's.
    namespace: (u8, &'static str),
    /// Nodes whose id another family of formats uses for somebody else.
    renamed: HashMap<(u8, String), NodeId>,
    verdicts: Vec<Verdict>,
    /// Records that were joined when the data were written.
    joined: Vec<(NodeId, Vec<Joined>)>,
    /// Nodes that stand for nobody in particular.
    placeholders: HashSet<NodeId>,
    ids: Vec<Span>,
    bounds: HashMap<u32, (DateBound, DateBound)>,
    details: HashMap<u32, InterestDetails>,
}

/// What the inputs told of a node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Knowledge {
    pub declared: bool,
    pub named: bool,
    pub kind: bool,
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
        let number = u16::try_from(self.graph.inputs.len())
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 65,536 input files in one graph"))?;
        self.graph.inputs.push(InputSummary {
            name: name.to_owned(),
            format: format.to_owned(),
            ..InputSummary::default()
        });
        self.namespace = namespace;
        Ok(number)
    }

    /// Notes how many records of an input were read and how many could not be.
    pub(crate) fn counted(&mut self, input: u16, records: u64, rejected: u64) {
        if let Some(summary) = self.graph.inputs.get_mut(usize::from(input)) {
            summary.records += records;
            summary.rejected += rejected;
        }
    }

    /// Takes the user's word on whether two records are one party.
    pub fn verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(verdict);
    }

    /// Notes a finding about the data.
    pub fn problem(&mut self, rule: Rule, location: Location, message: String) {
        self.graph.problems.push(Problem { rule, location, message });
    }

    /// Adds a source; the first one with an id stays.
    pub fn source(&mut self, source: Source, location: &Location) {
        match self.graph.source_by_id.get(&source.id) {
            Some(&known) if is_bare(&self.graph.sources[known]) => self.graph.sources[known] = source,
            Some(&known) if self.graph.sources[known] != source && !is_bare(&source) => {
                let message =
                    format!("source {} is described differently elsewhere; the first description stays", source.id);
                self.problem(Rule::ConflictingDescription, location.clone(), message);
            }
            Some(_) => {}
            None => {
                self.graph.source_by_id.insert(source.id.clone(), self.graph.sources.len());
                self.graph.sources.push(source);
            }
        }
    }

    /// The publication date of a source that was added.
    pub fn source_date(&self, id: &str) -> Option<PartialDate> {
        self.graph.source_by_id.get(id).and_then(|&index| self.graph.sources[index].date)
    }

    /// The position of a source, for accounts whose interests name none of their own.
    pub(crate) fn source_position(&self, id: &str) -> Option<u32> {
        self.graph.source_by_id.get(id).map(|&position| position as u32)
    }

    /// The position of a source that is mentioned; its description may follow.
    pub(crate) fn mentioned_source(&mut self, id: &str) -> u32 {
        if let Some(position) = self.source_position(id) {
            return position;
        }
        let bare = Source { id: id.to_owned(), title: id.to_owned(), ..Source::default() };
        self.source(bare, &Location::default());
        self.graph.sources.len() as u32 - 1
    }

    /// Whether a source with this id was added.
    pub fn has_source(&self, id: &str) -> bool {
        self.graph.source_by_id.contains_key(id)
    }

    /// Adds what the data say about a jurisdiction.
    pub fn jurisdiction(&mut self, record: JurisdictionRecord, location: &Location) -> Result<()> {
        self.jurisdiction_code(&record.code, location)?;
        match self.graph.jurisdictions.iter_mut().find(|known| known.code == record.code) {
            Some(known) => {
                known.facts.extend(record.facts);
                known.sources.extend(record.sources);
                known.note = known.note.take().or(record.note);
            }
            None => self.graph.jurisdictions.push(record),
        }
        Ok(())
    }

    /// The number of a jurisdiction code; an unknown code is kept and reported once.
    fn jurisdiction_code(&mut self, code: &str, location: &Location) -> Result<u16> {
        if let Some(&number) = self.jurisdiction_codes.get(code) {
            return Ok(number);
        }
        if !jurisdiction::is_known(code) {
            let message =
                format!("unknown jurisdiction {code:?}: not in ISO 3166 and no known register code; kept as it is");
            self.problem(Rule::UnknownJurisdiction, location.clone(), message);
        }
        let number = u16::try_from(self.graph.jurisdiction_codes.len())
            .ok()
            .filter(|&number| number != NO_JURISDICTION)
            .ok_or_else(|| Error::data(location.clone(), "more than 65,534 different jurisdiction codes"))?;
        self.graph.jurisdiction_codes.push(code.to_owned());
        self.jurisdiction_codes.insert(code.to_owned(), number);
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
        let row = &mut self.graph.nodes[node.index()];
        row.jurisdiction_inferred |= record.jurisdiction_inferred;
        row.owners_complete |= record.owners_complete;
        row.founded = known_first(row.founded, record.founded);
        row.dissolved = known_first(row.dissolved, record.dissolved);
        self.known[node.index()].declared = true;
        for identifier in &record.identifiers {
            self.identifier(node, identifier, location)?;
        }
        if record.details != EntityDetails::EMPTY {
            let known = self.graph.node_details.entry(node).or_default();
            merge_details(known, record.details);
        }
        Ok(node)
    }

    /// Adds an entity as a row of a table mentions it.
    pub fn mention(&mut self, mention: Mention<'_>, location: &Location) -> Result<NodeId> {
        let node = self.node(mention.id, location)?;
        if let Some(name) = mention.name.filter(|name| !name.is_empty()) {
            self.name(node, name, location)?;
        }
        if let Some(kind) = mention.kind {
            self.kind(node, kind, location);
        }
        if let Some(code) = mention.jurisdiction.filter(|code| !code.is_empty()) {
            self.place(node, code, location)?;
        }
        Ok(node)
    }

    /// Adds an official number to an entity.
    pub(crate) fn identifier(&mut self, node: NodeId, identifier: &Identifier, location: &Location) -> Result<()> {
        let graph = &mut self.graph;
        graph.identifiers.push(node, identifier, &mut graph.text).ok_or_else(|| full(location))
    }

    /// The node of an id; a new one is named after its id until something better is known.
    fn node(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        let graph = &self.graph;
        let (nodes, text) = (&graph.nodes, &graph.text);
        match graph.node_by_id.get(id, |node| text.get(nodes[node as usize].id)) {
            Some(node) if nodes[node as usize].namespace == self.namespace.0 => Ok(NodeId(node)),
            Some(_) => {
                let (number, family) = self.namespace;
                if let Some(&node) = self.renamed.get(&(number, id.to_owned())) {
                    return Ok(node);
                }
                let node = self.new_node(&self.free_id(&format!("{family}:{id}")), location)?;
                self.renamed.insert((number, id.to_owned()), node);
                Ok(node)
            }
            None if id.is_empty() => Err(Error::data(location.clone(), "an entity has an empty id")),
            None => self.new_node(id, location),
        }
    }

    /// An id that no entity has, made from one that may be taken.
    fn free_id(&self, id: &str) -> String {
        let mut free = id.to_owned();
        while self.graph.node_by_id(&free).is_some() {
            free.push('\'');
        }
        free
    }

    fn new_node(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        let graph = &mut self.graph;
        let number = u32::try_from(graph.nodes.len()).map_err(|_| full(location))?;
        let span = graph.text.push(id).ok_or_else(|| full(location))?;
        graph.nodes.push(Node {
            id: span,
            name: span,
            kind: EntityKind::Company,
            jurisdiction: NO_JURISDICTION,
            jurisdiction_inferred: false,
            owners_complete: false,
            namespace: self.namespace.0,
            founded: 0,
            dissolved: 0,
        });
        self.known.push(Knowledge::default());
        let (nodes, text): (&[Node], &Arena) = (&graph.nodes, &graph.text);
        let by_id: &mut Index = &mut graph.node_by_id;
        by_id.insert(id, number, |node| text.get(nodes[node as usize].id));
        Ok(NodeId(number))
    }

    fn name(&mut self, node: NodeId, name: &str, location: &Location) -> Result<()> {
        let row = &self.graph.nodes[node.index()];
        let current = self.graph.text.get(row.name);
        if self.known[node.index()].named {
            if current != name {
                let id = self.graph.text.get(row.id);
                let message =
                    format!("{id} is named {current:?} and {name:?}; the first name stays, the other is an alias");
                self.problem(Rule::ConflictingDescription, location.clone(), message);
                let aliases = &mut self.graph.node_details.entry(node).or_default().aliases;
                if !aliases.iter().any(|alias| alias == name) {
                    aliases.push(name.to_owned());
                }
            }
            return Ok(());
        }
        if current != name {
            let span = self.graph.text.push(name).ok_or_else(|| full(location))?;
            self.graph.nodes[node.index()].name = span;
        }
        self.known[node.index()].named = true;
        Ok(())
    }

    fn kind(&mut self, node: NodeId, kind: EntityKind, location: &Location) {
        let row = &mut self.graph.nodes[node.index()];
        let known = &mut self.known[node.index()].kind;
        if !*known {
            row.kind = kind;
            *known = true;
        } else if row.kind != kind {
            let message =
                format!("{} is a {} and a {kind}; the first kind stays", self.graph.text.get(row.id), row.kind);
            self.problem(Rule::ConflictingDescription, location.clone(), message);
        }
    }

    fn place(&mut self, node: NodeId, code: &str, location: &Location) -> Result<()> {
        let number = self.jurisdiction_code(code, location)?;
        let row = &mut self.graph.nodes[node.index()];
        if row.jurisdiction == NO_JURISDICTION {
            row.jurisdiction = number;
        } else if row.jurisdiction != number {
            let id = self.graph.text.get(row.id);
            let first = &self.graph.jurisdiction_codes[usize::from(row.jurisdiction)];
            let message = format!("{id} is placed in {first} and in {code}; the first jurisdiction stays");
            self.problem(Rule::ConflictingDescription, location.clone(), message);
        }
        Ok(())
    }

    /// The node that an interest refers to; whether it is declared is judged when all inputs are read.
    pub fn refer(&mut self, id: &str, location: &Location) -> Result<NodeId> {
        let node = self.node(id, location)?;
        if !self.known[node.index()].declared {
            self.unresolved.push((node, location.clone()));
        }
        Ok(node)
    }

    /// The account under which interests that are stated together stand.
    pub(crate) fn account(&mut self, input: u16, statement: &str, account: Account) -> Result<u32> {
        if let Some(&number) = self.accounts.get(&(input, statement.to_owned())) {
            let known = &mut self.graph.accounts[number as usize];
            known.stated = known.stated.max(account.stated);
            return Ok(number);
        }
        let number = self.new_account(account)?;
        self.accounts.insert((input, statement.to_owned()), number);
        Ok(number)
    }

    /// An account that is nobody else's.
    pub(crate) fn new_account(&mut self, account: Account) -> Result<u32> {
        let number = u32::try_from(self.graph.accounts.len())
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 4,294,967,295 statements in one graph"))?;
        self.graph.accounts.push(account);
        Ok(number)
    }

    /// How many accounts there are: the number of the next one.
    pub(crate) fn account_count(&self) -> u32 {
        self.graph.accounts.len() as u32
    }

    /// The source of an account's interests that name none of their own.
    pub(crate) fn account_source(&self, account: u32) -> Option<&str> {
        let position = self.graph.accounts.get(account as usize)?.source?;
        self.graph.sources.get(position as usize).map(|source| source.id.as_str())
    }

    /// Interests that have no source, in accounts whose others have one: there each interest names its own.
    pub(crate) fn settle_sources(&mut self, sourceless: &HashSet<u32>) {
        if sourceless.is_empty() {
            return;
        }
        let mixed: HashSet<u32> =
            sourceless.iter().map(|&number| self.graph.interests[number as usize].account).collect();
        for (number, interest) in self.graph.interests.iter().enumerate() {
            let number = number as u32;
            if !mixed.contains(&interest.account) || sourceless.contains(&number) {
                continue;
            }
            let source = self.graph.accounts[interest.account as usize].source;
            let source = source.and_then(|position| self.graph.sources.get(position as usize));
            let sources = &mut self.details.entry(number).or_default().sources;
            if sources.is_empty() {
                sources.extend(source.map(|source| source.id.clone()));
            }
        }
        mixed.iter().for_each(|&account| self.graph.accounts[account as usize].source = None);
    }

    /// The dates of accounts from `first` on are all that is known: those of their sources do not stand in for them.
    pub(crate) fn dates_are_final(&mut self, first: u32) {
        self.graph.dated.push(first..self.account_count());
    }

    /// Puts accounts into the order in which they were first read: `ranks` lists accounts from number `first` on with
    /// their places among each other; all others keep theirs.
    pub(crate) fn reorder_accounts(&mut self, first: u32, mut ranks: Vec<(u64, u32)>) {
        let mut places: Vec<u32> = ranks.iter().map(|&(_, account)| account).collect();
        places.sort_unstable();
        ranks.sort_unstable();
        if ranks.iter().map(|&(_, account)| account).eq(places.iter().copied()) {
            return;
        }
        let moved: HashMap<u32, u32> = ranks.iter().zip(&places).map(|(&(_, old), &new)| (old, new)).collect();
        let old = self.graph.accounts.clone();
        moved.iter().for_each(|(&from, &to)| self.graph.accounts[to as usize] = old[from as usize]);
        for interest in self.graph.interests.iter_mut().filter(|interest| interest.account >= first) {
            interest.account = moved.get(&interest.account).copied().unwrap_or(interest.account);
        }
    }

    /// Notes records that were joined into an entity before the data were written.
    pub(crate) fn was_joined(&mut self, node: NodeId, records: Vec<Joined>) {
        self.joined.push((node, records));
    }

    /// Adds an interest between two nodes of this builder.
    pub(crate) fn interest(&mut self, parts: &InterestParts) -> Result<u32> {
        let number = u32::try_from(self.graph.interests.len())
            .map_err(|_| Error::plain(ErrorKind::Limit, "more than 4,294,967,295 interests in one graph"))?;
        let interest = Interest::new(parts);
        if interest.has_bounds() {
            self.bounds.insert(number, (parts.start, parts.end));
        }
        self.graph.interests.push(interest);
        Ok(number)
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
            self.interest_id(number, id, location)?;
        }
        self.interest_details(number, record.details);
        Ok(())
    }

    /// Gives an interest that was added the id that the data give it.
    pub(crate) fn interest_id(&mut self, number: u32, id: &str, location: &Location) -> Result<()> {
        self.ids.resize(self.graph.interests.len(), Span::default());
        self.ids[number as usize] = self.graph.text.push(id).ok_or_else(|| full(location))?;
        Ok(())
    }

    /// Adds what few interests have to one that was added.
    pub(crate) fn interest_details(&mut self, number: u32, details: InterestDetails) {
        if details != InterestDetails::default() {
            self.details.insert(number, details);
        }
    }

    /// The graph. Fails where an interest refers to an entity that no input describes.
    pub fn finish(mut self) -> Result<OwnershipGraph> {
        for (node, location) in &self.unresolved {
            if !self.known[node.index()].declared && !self.known[node.index()].named {
                let id = self.graph.text.get(self.graph.nodes[node.index()].id);
                let message = format!("refers to entity {id:?}, which no input describes");
                return Err(Error::data(location.clone(), message));
            }
        }
        self.split_placeholders()?;
        let new_nodes = merge::join(&mut self.graph, &mut self.known, &self.verdicts);
        self.report_dangling();
        let graph = &mut self.graph;
        if let Some(new_nodes) = &new_nodes {
            for interest in &mut graph.interests {
                interest.owner = new_nodes[interest.owner.index()];
                interest.owned = new_nodes[interest.owned.index()];
            }
        }
        let node_of = |node: NodeId| new_nodes.as_ref().map_or(node, |nodes| nodes[node.index()]);
        for (node, records) in std::mem::take(&mut self.joined) {
            for record in &records {
                if graph.node_by_id(&record.id).is_none() {
                    graph.other_ids.insert(record.id.clone(), node_of(node));
                }
            }
            let known = graph.joined.entry(node_of(node)).or_default();
            known.extend(records);
            known.sort();
            known.dedup();
        }
        graph.identifiers.settle(graph.nodes.len(), &graph.text, node_of);
        let ends: Vec<_> = graph.interests.iter().map(|interest| (interest.owner, interest.owned)).collect();
        let (adjacency, order) = Adjacency::build(graph.nodes.len(), &ends);
        drop(ends);
        graph.adjacency = adjacency;
        graph.interests = order.iter().map(|&number| graph.interests[number as usize]).collect();
        if !self.ids.is_empty() {
            self.ids.resize(order.len(), Span::default());
            graph.interest_ids = order.iter().map(|&number| self.ids[number as usize]).collect();
        }
        if !(self.bounds.is_empty() && self.details.is_empty()) {
            for (position, number) in order.iter().enumerate() {
                let edge = EdgeId(position as u32);
                self.bounds.remove(number).map(|dates| graph.interest_dates.insert(edge, dates));
                self.details.remove(number).map(|details| graph.interest_details.insert(edge, details));
            }
        }
        Ok(self.graph)
    }

    /// Parties of registers that something refers to and nothing describes: they stay, under their ids.
    fn report_dangling(&mut self) {
        for (number, known) in self.known.iter().enumerate() {
            let row = &self.graph.nodes[number];
            if row.namespace != HAND_WRITTEN && !known.declared && !known.named {
                let id = self.graph.text.get(row.id);
                let message = format!("{id} is referred to, but no record describes it");
                let location = Location::default().in_record(id);
                self.graph.problems.push(Problem { rule: Rule::DanglingParty, location, message });
            }
        }
    }
}

/// Whether a source is only mentioned: it has a title for its id and nothing else.
fn is_bare(source: &Source) -> bool {
    *source == Source { id: source.id.clone(), title: source.id.clone(), ..Source::default() }
}

/// The date that is known first, in its packed form.
fn known_first(known: u32, new: Option<PartialDate>) -> u32 {
    if known == 0 { PartialDate::to_bits(new) } else { known }
}

fn full(location: &Location) -> Error {
    Error::data(location.clone(), "more names and ids than one graph can hold (4 GiB of text)")
}

/// Adds to `known` what `new` knows beyond it.
pub(super) fn merge_details(known: &mut EntityDetails, new: EntityDetails) {
    fn add<T: PartialEq>(known: &mut Vec<T>, new: Vec<T>) {
        for item in new {
            if !known.contains(&item) {
                known.push(item);
            }
        }
    }
    known.legal_form = known.legal_form.take().or(new.legal_form);
    known.note = known.note.take().or(new.note);
    known.listed |= new.listed;
    add(&mut known.aliases, new.aliases);
    add(&mut known.former_names, new.former_names);
    add(&mut known.topics, new.topics);
    add(&mut known.sources, new.sources);
    add(&mut known.facts, new.facts);
}
