//! The graph as tables, and tables as a graph: what an index on disk holds of it.

use super::accounts::Accounts;
use super::by_hash::ByHash;
use super::csr::{Adjacency, Edges};
use super::entities::Entities;
use super::identifiers::Identifiers;
use super::interests::Interests;
use super::merge::Records;
use super::notes::Notes;
use super::registry::Registry;
use super::table;
use super::texts::Texts;
use super::{EdgeId, EdgeIds, InputSummary, NodeId, OwnershipGraph};
use crate::columnar::{Column, Table, Tables, Unfit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What of a graph is no column and small.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Entities and interests.
    pub(crate) entities: u64,
    pub(crate) interests: u64,
    pub(crate) inputs: Vec<InputSummary>,
    jurisdiction_codes: Vec<String>,
    schemes: Vec<String>,
    kept_apart: Vec<(u32, u32)>,
    dated: Vec<Range<u32>>,
    id_seed: u64,
    /// Statements.
    pub(crate) accounts: u32,
}

/// The tables of the index of names, which stands beside the graph: the names and their words.
pub(crate) const NAMES: &str = "names";

/// The names by their words.
pub(crate) const NAME_LISTS: &str = "name_lists";

/// The names by all their words but the legal form.
pub(crate) const NAME_CORES: &str = "name_cores";

/// What finds misspelt words.
pub(crate) const RESEMBLANCES: &str = "resemblances";

fn text(texts: &Texts) -> Column {
    Column::Text { offsets: texts.offsets.clone(), bytes: texts.bytes.clone() }
}

fn texts(tables: &mut Tables, place: (&str, &str)) -> Result<Texts, Unfit> {
    let (offsets, bytes) = tables.text(place)?;
    Ok(Texts { offsets, bytes })
}

fn lists(edges: &Edges) -> Column {
    Column::Lists { offsets: edges.offsets.clone(), items: edges.edges.clone() }
}

fn edges(tables: &mut Tables, place: (&str, &str)) -> Result<Edges, Unfit> {
    let (offsets, edges) = tables.lists(place)?;
    Ok(Edges { offsets, edges })
}

fn notes<T: Serialize + DeserializeOwned + Clone>(name: &'static str, notes: &Notes<T>) -> Table {
    Table::new(name, [("number", Column::U32(notes.numbers.clone())), ("json", text(notes.texts()))])
}

fn noted<T>(tables: &mut Tables, name: &str) -> Result<Notes<T>, Unfit> {
    Ok(Notes::new(tables.u32((name, "number"))?, texts(tables, (name, "json"))?))
}

impl OwnershipGraph {
    /// Everything that is a column, in tables, but for the [look-ups](Self::look_ups). Only notes are copied.
    pub(crate) fn tables(&self) -> Vec<Table> {
        let (entities, interests, identifiers) = (&self.entities, &self.interests, &self.identifiers);
        vec![
            Table::new(
                "entities",
                [
                    ("id", text(&entities.ids)),
                    ("name", text(&entities.names)),
                    ("kind", Column::U8(entities.kinds.clone())),
                    ("jurisdiction", Column::U16(entities.jurisdictions.clone())),
                    ("knowledge", Column::U8(entities.knowledge.clone())),
                    ("namespace", Column::U8(entities.namespaces.clone())),
                    ("founded", Column::U32(entities.founded.clone())),
                    ("dissolved", Column::U32(entities.dissolved.clone())),
                    ("holds", lists(&self.adjacency.outgoing)),
                    ("held_in", lists(&self.adjacency.incoming)),
                ],
            ),
            notes("entity_details", &self.entity_details),
            Table::new(
                "interests",
                [
                    ("row", Column::Rows { width: 8, words: interests.rows.clone() }),
                    ("record", Column::U32(interests.records.clone())),
                    ("input", Column::U16(interests.inputs.clone())),
                    ("id", text(&interests.ids)),
                ],
            ),
            Table::new(
                "interest_bounds",
                [
                    ("interest", Column::U32(interests.bounded.clone())),
                    ("bounds", Column::Rows { width: 6, words: interests.bounds.clone() }),
                ],
            ),
            notes("interest_details", &interests.details),
            Table::new(
                "accounts",
                [
                    ("stated", Column::U32(self.accounts.stated.clone())),
                    ("context", Column::U32(self.accounts.contexts.clone())),
                ],
            ),
            Table::new("contexts", [("row", Column::Rows { width: 4, words: self.accounts.distinct.clone() })]),
            Table::new(
                "identifiers",
                [
                    ("entity", Column::U32(identifiers.nodes.clone())),
                    ("scheme", Column::U16(identifiers.numbers.clone())),
                    ("value", text(&identifiers.values)),
                ],
            ),
            Table::new(
                "other_ids",
                [
                    ("id", text(&self.merged.ids)),
                    ("entity", Column::U32(self.merged.nodes.clone())),
                    ("name", text(&self.merged.names)),
                    ("reason", text(&self.merged.reasons)),
                ],
            ),
            notes("joined", &self.merged.stated),
        ]
    }

    /// What finds a row by what is known of it. Some of it may have to be made first.
    pub(crate) fn look_ups(&self) -> Table {
        Table::of_lists(
            "lookup",
            vec![
                ("entities_by_id", Column::from(&self.entities.by_id.slots)),
                ("identifiers_of", Column::from(&self.identifiers.offsets)),
                ("identifiers_by_value", Column::from(&self.identifiers.by_value().0)),
                ("other_ids_of", Column::from(self.merged.by_node())),
            ],
        )
    }

    /// What is no column and small.
    pub(crate) fn head(&self) -> Head {
        Head {
            entities: self.node_count() as u64,
            interests: self.edge_count() as u64,
            inputs: self.inputs.clone(),
            jurisdiction_codes: self.jurisdiction_codes.clone(),
            schemes: self.identifiers.schemes.clone(),
            kept_apart: self.merged.kept_apart.iter().map(|&(a, b)| (a.0, b.0)).collect(),
            dated: self.dated.clone(),
            id_seed: self.entities.by_id.seed,
            accounts: self.accounts.count(),
        }
    }

    /// Sources, jurisdictions and problems, as JSON.
    pub(crate) fn registry_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self.registry.get())
    }

    /// Whether every interest joins two parties that are there, and stands once in the list of each.
    pub(crate) fn is_consistent(&self) -> bool {
        let count = self.node_count();
        let interest = |edge| self.interest(edge);
        self.edges().all(|edge| interest(edge).owner().index() < count && interest(edge).owned().index() < count)
            && self.are_listed(|node| self.held_by(node), |edge| interest(edge).owner())
            && self.are_listed(|node| self.held_in(node), |edge| interest(edge).owned())
    }

    /// Whether the lists hold every interest once, with the party that it belongs to.
    fn are_listed<'g>(&'g self, list: impl Fn(NodeId) -> EdgeIds<'g>, party: impl Fn(EdgeId) -> NodeId) -> bool {
        let mut listed = vec![false; self.edge_count()];
        let is_new = |listed: &mut Vec<bool>, edge: EdgeId| {
            listed.get_mut(edge.index()).is_some_and(|listed| !std::mem::replace(listed, true))
        };
        self.nodes().all(|node| list(node).all(|edge| is_new(&mut listed, edge) && party(edge) == node))
            && !listed.contains(&false)
    }

    /// The graph of such tables, if they fit together. Looks at no row: what is damaged further in has no effect on
    /// anything beyond the answers that touch it.
    pub(crate) fn of_tables(head: Head, tables: &mut Tables, registry: Registry) -> Result<Self, Unfit> {
        let entities = Entities {
            ids: texts(tables, ("entities", "id"))?,
            names: texts(tables, ("entities", "name"))?,
            kinds: tables.u8(("entities", "kind"))?,
            jurisdictions: tables.u16(("entities", "jurisdiction"))?,
            knowledge: tables.u8(("entities", "knowledge"))?,
            namespaces: tables.u8(("entities", "namespace"))?,
            founded: tables.u32(("entities", "founded"))?,
            dissolved: tables.u32(("entities", "dissolved"))?,
            by_id: table::Table { slots: tables.u64(("lookup", "entities_by_id"))?, seed: head.id_seed },
        };
        let interests = Interests {
            rows: tables.rows(("interests", "row"), 8)?,
            records: tables.u32(("interests", "record"))?,
            inputs: tables.u16(("interests", "input"))?,
            ids: texts(tables, ("interests", "id"))?,
            bounded: tables.u32(("interest_bounds", "interest"))?,
            bounds: tables.rows(("interest_bounds", "bounds"), 6)?,
            details: noted(tables, "interest_details")?,
        };
        let graph = Self {
            adjacency: Adjacency {
                outgoing: edges(tables, ("entities", "holds"))?,
                incoming: edges(tables, ("entities", "held_in"))?,
            },
            entities,
            interests,
            entity_details: noted(tables, "entity_details")?,
            merged: Records::of_columns(
                (texts(tables, ("other_ids", "id"))?, tables.u32(("other_ids", "entity"))?),
                (texts(tables, ("other_ids", "name"))?, texts(tables, ("other_ids", "reason"))?),
                tables.u32(("lookup", "other_ids_of"))?,
                noted(tables, "joined")?,
                head.kept_apart.iter().map(|&(a, b)| (NodeId(a), NodeId(b))).collect(),
            ),
            identifiers: Identifiers::of_columns(
                head.schemes.clone(),
                (
                    tables.u32(("identifiers", "entity"))?,
                    tables.u16(("identifiers", "scheme"))?,
                    texts(tables, ("identifiers", "value"))?,
                ),
                (tables.u32(("lookup", "identifiers_of"))?, ByHash(tables.u64(("lookup", "identifiers_by_value"))?)),
            ),
            accounts: Accounts {
                stated: tables.u32(("accounts", "stated"))?,
                contexts: tables.u32(("accounts", "context"))?,
                distinct: tables.rows(("contexts", "row"), 4)?,
                count: head.accounts,
            },
            dated: head.dated.clone(),
            jurisdiction_codes: head.jurisdiction_codes.clone(),
            inputs: head.inputs.clone(),
            registry,
            names: [NAMES, NAME_LISTS, NAME_CORES, RESEMBLANCES]
                .into_iter()
                .flat_map(|table| tables.all_of(table))
                .collect(),
        };
        let counts = (graph.node_count() as u64, graph.edge_count() as u64);
        if counts != (head.entities, head.interests) {
            let message = format!("holds {} entities and {} interests where it promises others", counts.0, counts.1);
            return Err(Unfit(message));
        }
        Ok(graph)
    }
}
