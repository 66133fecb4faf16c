//! The directed graph: owners point to what they own, one edge per interest.
//!
//! [`OwnershipGraph`] is immutable and holds flat columns: a two-way compressed adjacency ([`csr`]), one packed row per
//! interest ([`columns`]) and an arena of text. petgraph's own `Graph` walks several times slower at register size and
//! its `Csr` holds neither parallel nor incoming edges, hence an own adjacency that implements petgraph's visit traits
//! ([`petgraph`]). What few entities and interests have (notes, facts, sources) stands in sparse tables beside them.

pub mod builder;
pub mod columns;
pub mod csr;
pub mod merge;
mod pages;
pub mod petgraph;
pub mod scc;
pub mod view;

mod accounts;
mod arena;
mod by_hash;
mod column;
mod entities;
mod identifiers;
mod interests;
mod notes;
mod prefixed;
mod registry;
pub(crate) mod repeated;
pub(crate) mod side_by_side;
mod spool;
pub(crate) mod stored;
pub(crate) mod table;
mod texts;

pub use builder::GraphBuilder;
pub use columns::Interest;
pub use merge::{Joined, Verdict};
pub use view::View;

use crate::columnar::Column;
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::model::{DateBound, EntityKind, Identifier, PartialDate, Source};
use crate::problem::ProblemLog;
use accounts::Accounts;
use columns::Knowledge;
use csr::{Adjacency, EdgeIds};
use entities::Entities;
use identifiers::Identifiers;
use interests::Interests;
use notes::Notes;
pub(crate) use registry::Registry;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use std::borrow::Cow;
use std::collections::HashMap;

/// An entity of one graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NodeId(pub(crate) u32);

/// An interest of one graph: its position in the order of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EdgeId(pub(crate) u32);

impl NodeId {
    /// The position as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl EdgeId {
    /// The position as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One account of one or more stakes: interests that a source states together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Account {
    /// When it was stated.
    pub stated: Option<PartialDate>,
    /// When the statement was published.
    pub published: Option<PartialDate>,
    /// When the source was retrieved.
    pub retrieved: Option<PartialDate>,
    /// The source that states it, by position, where the interests name none of their own.
    pub source: Option<u32>,
    /// Whether rows of one pair add up whatever they are (plain edges files).
    pub rows_add: bool,
}

/// An input and what was read from it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InputSummary {
    /// Its name: a path, `<stdin>`, the archive and the member.
    pub name: String,
    /// The name of its format.
    pub format: String,
    /// Records that were read.
    pub records: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Where and why it broke off, if only what stands before that was read: an answer from it is partial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

/// All entities and interests of the given data, with their sources. Immutable, cheap to share between threads.
#[derive(Debug, Default)]
pub struct OwnershipGraph {
    entities: Entities,
    entity_details: Notes<EntityDetails>,
    merged: merge::Records,
    identifiers: Identifiers,
    adjacency: Adjacency,
    interests: Interests,
    accounts: Accounts,
    /// Accounts for which the dates of their source do not stand in.
    dated: Vec<std::ops::Range<u32>>,
    jurisdiction_codes: Vec<String>,
    inputs: Vec<InputSummary>,
    registry: Registry,
    /// The index of names that was stored beside the graph, where there is one.
    names: HashMap<String, Column>,
}

impl OwnershipGraph {
    /// Number of entities.
    pub fn node_count(&self) -> usize {
        self.entities.count()
    }

    /// Number of interests.
    pub fn edge_count(&self) -> usize {
        self.interests.count()
    }

    /// Every entity, in the order of the data.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.node_count() as u32).map(NodeId)
    }

    /// Every interest, in the order of the data.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = EdgeId> + use<> {
        (0..self.edge_count() as u32).map(EdgeId)
    }

    /// The entity at a node.
    pub fn entity(&self, node: NodeId) -> Entity<'_> {
        Entity { graph: self, node }
    }

    /// The numbers of an interest.
    pub fn interest(&self, edge: EdgeId) -> Interest {
        self.interests.get(edge)
    }

    /// The interest with everything that is known of it.
    pub fn stake(&self, edge: EdgeId) -> Stake<'_> {
        Stake { graph: self, edge }
    }

    /// The interests that `owner` holds.
    pub fn held_by(&self, owner: NodeId) -> EdgeIds<'_> {
        self.adjacency.outgoing(owner)
    }

    /// The interests held in `owned`, in the order of their owners.
    pub fn held_in(&self, owned: NodeId) -> EdgeIds<'_> {
        self.adjacency.incoming(owned)
    }

    /// The entity with exactly this id.
    pub fn node_by_id(&self, id: &str) -> Option<NodeId> {
        self.entities.find(id).or_else(|| self.merged.find(id))
    }

    /// The entities that carry an identifier, given as `scheme:value` or as the bare value, in any case, with or without
    /// leading zeros.
    pub fn nodes_by_identifier(&self, identifier: &str) -> Vec<NodeId> {
        self.identifiers.find(identifier)
    }

    /// Every source, in the order of the data.
    pub fn sources(&self) -> &[Source] {
        &self.registry.get().sources
    }

    /// The source with this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.registry.source(id)
    }

    /// What the data say about jurisdictions themselves.
    pub fn jurisdictions(&self) -> &[JurisdictionRecord] {
        &self.registry.get().jurisdictions
    }

    /// The inputs that were read, with their counts.
    pub fn inputs(&self) -> &[InputSummary] {
        &self.inputs
    }

    /// Whether the graph was opened from an index.
    pub fn is_stored(&self) -> bool {
        self.registry.is_stored()
    }

    /// A column of the index of names that was stored beside the graph.
    pub(crate) fn stored_names(&self, column: &str) -> Option<Column> {
        self.names.get(column).cloned()
    }

    /// What was found wrong while reading.
    pub fn problems(&self) -> &ProblemLog {
        &self.registry.get().problems
    }

    /// The account to which an interest belongs.
    pub(crate) fn account(&self, interest: Interest) -> Account {
        self.accounts.get(interest.account())
    }

    /// When an interest began and ended.
    pub(crate) fn dates(&self, edge: EdgeId) -> (DateBound, DateBound) {
        self.interests.dates(edge)
    }
}

/// An entity with access to all that is known of it. Serialises as `{"id", "name", "kind", "jurisdiction"}`.
#[derive(Clone, Copy)]
pub struct Entity<'g> {
    graph: &'g OwnershipGraph,
    node: NodeId,
}

impl<'g> Entity<'g> {
    /// Its node.
    pub fn node(self) -> NodeId {
        self.node
    }

    /// The entity of the same graph with another id.
    pub fn by_id(self, id: &str) -> Option<Entity<'g>> {
        self.graph.node_by_id(id).map(|node| self.graph.entity(node))
    }

    /// Its identifier within the data.
    pub fn id(self) -> &'g str {
        self.graph.entities.ids.get(self.node.index())
    }

    /// Its name.
    pub fn name(self) -> &'g str {
        self.graph.entities.name(self.node)
    }

    /// Whether an input told its name, so that it is not merely called by its id.
    #[cfg(feature = "distributed")]
    pub(crate) fn is_named(self) -> bool {
        self.graph.entities.knows(self.node, Knowledge::NAMED)
    }

    /// Whether an input told its kind.
    #[cfg(feature = "distributed")]
    pub(crate) fn kind_is_told(self) -> bool {
        self.graph.entities.knows(self.node, Knowledge::KIND)
    }

    /// What kind of party it is.
    pub fn kind(self) -> EntityKind {
        self.graph.entities.kind(self.node)
    }

    /// The code of its jurisdiction, as the data give it.
    pub fn jurisdiction(self) -> Option<&'g str> {
        let number = self.graph.entities.jurisdiction(self.node);
        self.graph.jurisdiction_codes.get(usize::from(number)).map(String::as_str)
    }

    /// Whether the jurisdiction is inferred.
    pub fn jurisdiction_inferred(self) -> bool {
        self.graph.entities.knows(self.node, Knowledge::JURISDICTION_INFERRED)
    }

    /// Whether all its owners are stated.
    pub fn owners_complete(self) -> bool {
        self.graph.entities.knows(self.node, Knowledge::OWNERS_COMPLETE)
    }

    /// Everything else.
    pub fn details(self) -> &'g EntityDetails {
        self.graph.entity_details.get(self.node.0).unwrap_or(const { &EntityDetails::EMPTY })
    }

    /// Whether it has aliases or former names: less work than reading its details.
    pub fn has_other_names(self) -> bool {
        let notes = &self.graph.entity_details;
        if let Some(details) = notes.at_hand(self.node.0) {
            return !(details.aliases.is_empty() && details.former_names.is_empty());
        }
        let text = notes.text(self.node.0);
        text.is_some_and(|text| ["\"aliases\":", "\"former_names\":"].iter().any(|member| text.contains(member)))
    }

    /// Its official numbers.
    pub fn identifiers(self) -> impl Iterator<Item = Identifier> + use<'g> {
        self.graph.identifiers.of(self.node)
    }

    /// When it was founded or born.
    pub fn founded(self) -> Option<PartialDate> {
        PartialDate::from_bits(column::at(&self.graph.entities.founded, self.node.index()))
    }

    /// When it was dissolved or died.
    pub fn dissolved(self) -> Option<PartialDate> {
        PartialDate::from_bits(column::at(&self.graph.entities.dissolved, self.node.index()))
    }

    /// The further records that were joined into this entity.
    pub fn joined(self) -> &'g [Joined] {
        self.graph.merged.joined(self.node)
    }
}

impl Serialize for Entity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Entity", 4)?;
        out.serialize_field("id", self.id())?;
        out.serialize_field("name", self.name())?;
        out.serialize_field("kind", &self.kind())?;
        out.serialize_field("jurisdiction", &self.jurisdiction())?;
        out.end()
    }
}

impl std::fmt::Debug for Entity<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entity({:?}, {:?})", self.id(), self.name())
    }
}

/// An interest with access to all that is known of it.
#[derive(Clone, Copy)]
pub struct Stake<'g> {
    graph: &'g OwnershipGraph,
    edge: EdgeId,
}

impl<'g> Stake<'g> {
    /// Its edge.
    pub fn edge(self) -> EdgeId {
        self.edge
    }

    /// The identifier that the data give it, else its file and record number.
    pub fn id(self) -> Cow<'g, str> {
        match self.given_id() {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(format!("{}:{}", self.input(), self.record())),
        }
    }

    /// The identifier that the data give it.
    pub fn given_id(self) -> Option<&'g str> {
        Some(self.graph.interests.ids.get(self.edge.index())).filter(|id| !id.is_empty())
    }

    /// Its numbers.
    pub fn interest(self) -> Interest {
        self.graph.interest(self.edge)
    }

    /// Who holds it.
    pub fn owner(self) -> Entity<'g> {
        self.graph.entity(self.interest().owner())
    }

    /// Who is held.
    pub fn owned(self) -> Entity<'g> {
        self.graph.entity(self.interest().owned())
    }

    /// When it began.
    pub fn start(self) -> DateBound {
        self.graph.dates(self.edge).0
    }

    /// When it ended.
    pub fn end(self) -> DateBound {
        self.graph.dates(self.edge).1
    }

    /// The name of the input that states it.
    pub fn input(self) -> &'g str {
        self.graph
            .inputs
            .get(usize::from(self.graph.interests.input(self.edge)))
            .map_or("", |input| input.name.as_str())
    }

    /// The format of the input that states it.
    pub fn input_format(self) -> Option<&'g str> {
        self.graph.inputs.get(usize::from(self.graph.interests.input(self.edge))).map(|input| input.format.as_str())
    }

    /// Its line or record number within the input, from 1.
    pub fn record(self) -> u32 {
        self.graph.interests.record(self.edge)
    }

    /// Everything else.
    pub fn details(self) -> Option<&'g InterestDetails> {
        self.graph.interests.details.get(self.edge.0)
    }

    /// Identifiers of the sources that state it.
    pub fn source_ids(self) -> &'g [String] {
        match self.details() {
            Some(details) if !details.sources.is_empty() => &details.sources,
            _ => self.account_source().map_or(&[], |source| std::slice::from_ref(&source.id)),
        }
    }

    fn account_source(self) -> Option<&'g Source> {
        let position = self.graph.account(self.interest()).source?;
        self.graph.registry.get().sources.get(position as usize)
    }

    /// The source whose dates stand in for those of the statement.
    fn dating_source(self) -> Option<&'g Source> {
        let account = self.interest().account();
        let dated = self.graph.dated.iter().any(|accounts| accounts.contains(&account));
        if dated { None } else { self.account_source() }
    }

    /// When the statement was published, where that is told of the statement itself or of its source.
    pub fn published(self) -> Option<PartialDate> {
        let account = self.graph.account(self.interest());
        account.published.or_else(|| self.dating_source().and_then(|source| source.date))
    }

    /// When the source was retrieved.
    pub fn retrieved(self) -> Option<PartialDate> {
        let account = self.graph.account(self.interest());
        account.retrieved.or_else(|| self.dating_source().and_then(|source| source.retrieved))
    }

    /// When it was stated.
    pub fn stated(self) -> Option<PartialDate> {
        self.graph.account(self.interest()).stated
    }
}

impl std::fmt::Debug for Stake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stake({:?}, {:?} in {:?})", self.id(), self.owner(), self.owned())
    }
}
