//! Jurisdictions as a part of the graph.

use super::walk::{Side, distances};
use crate::graph::{Entity, NodeId, View};
use crate::model::Fact;
use crate::model::jurisdiction;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// The jurisdictions in which parties sit, or of which the data tell something.
#[derive(Debug, Clone, Serialize)]
pub struct Jurisdictions<'g> {
    /// The entity around which they were looked for; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Entity<'g>>,
    /// One row a code, those with most entities first.
    pub jurisdictions: Vec<JurisdictionRow<'g>>,
}

/// One jurisdiction.
#[derive(Debug, Clone, Serialize)]
pub struct JurisdictionRow<'g> {
    /// ISO 3166 code, or the code that the data use.
    pub code: &'g str,
    /// English name, where the code is known.
    pub name: Option<&'static str>,
    /// Number of entities that sit there.
    pub entities: usize,
    /// Identifiers of the sources that name it.
    pub sources: Vec<&'g str>,
    /// Facts about it.
    #[serde(skip_serializing_if = "<[Fact]>::is_empty")]
    pub facts: &'g [Fact],
    /// Anything a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'g str>,
}

/// The entities that sit in one jurisdiction.
#[derive(Debug, Clone, Serialize)]
pub struct EntitiesIn<'g> {
    /// The code asked about.
    pub jurisdiction: String,
    /// Its English name.
    pub name: Option<&'static str>,
    /// The entities, by id.
    pub entities: Vec<Entity<'g>>,
}

impl<'g> View<'g> {
    /// The jurisdictions of all entities, or of `subject` with everybody above and below it on the day.
    pub fn jurisdictions(self, subject: Option<NodeId>) -> Jurisdictions<'g> {
        let graph = self.graph();
        let near: Option<HashSet<NodeId>> = subject.map(|subject| {
            let up = distances(self, subject, Side::Up);
            let down = distances(self, subject, Side::Down);
            up.into_keys().chain(down.into_keys()).collect()
        });
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for node in graph.nodes().filter(|node| near.as_ref().is_none_or(|near| near.contains(node))) {
            if let Some(code) = graph.entity(node).jurisdiction() {
                *counts.entry(code).or_default() += 1;
            }
        }
        if near.is_none() {
            graph.jurisdictions().iter().for_each(|record| {
                counts.entry(&record.code).or_default();
            });
        }
        let mut rows: Vec<JurisdictionRow<'g>> = counts
            .into_iter()
            .map(|(code, entities)| {
                let record = graph.jurisdictions().iter().find(|record| record.code == code);
                JurisdictionRow {
                    code,
                    name: jurisdiction::name(code),
                    entities,
                    sources: record.map_or(Vec::new(), |record| record.sources.iter().map(String::as_str).collect()),
                    facts: record.map_or(&[], |record| &record.facts),
                    note: record.and_then(|record| record.note.as_deref()),
                }
            })
            .collect();
        rows.sort_by(|a, b| b.entities.cmp(&a.entities).then(a.code.cmp(b.code)));
        Jurisdictions { subject: subject.map(|subject| graph.entity(subject)), jurisdictions: rows }
    }

    /// The entities that sit in a jurisdiction; a country includes its subdivisions (`US` finds `US-DE`).
    pub fn entities_in(self, code: &str) -> EntitiesIn<'g> {
        let graph = self.graph();
        let inside = |other: &str| {
            other.eq_ignore_ascii_case(code)
                || other.split_once('-').is_some_and(|(country, _)| country.eq_ignore_ascii_case(code))
        };
        let mut entities: Vec<Entity<'g>> = graph
            .nodes()
            .map(|node| graph.entity(node))
            .filter(|entity| entity.jurisdiction().is_some_and(inside))
            .collect();
        entities.sort_by_key(|entity| entity.id());
        EntitiesIn { jurisdiction: code.to_ascii_uppercase(), name: jurisdiction::name(code), entities }
    }
}
