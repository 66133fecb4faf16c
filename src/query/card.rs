//! One entity with everything that is stated of it, whatever its day.

use super::{InterestAnswer, presence_word};
use crate::graph::{EdgeId, Entity, Joined, NodeId, View};
use crate::model::entity::EntityDetails;
use crate::model::lookalike::mixed_script_word;
use crate::model::{AsOf, Identifier, PartialDate, Source};
use serde::Serialize;
use std::collections::BTreeSet;

/// All that is known of an entity.
#[derive(Debug, Serialize)]
pub struct Card<'g> {
    /// The entity.
    pub entity: Entity<'g>,
    /// The day against which interests are held.
    pub as_of: AsOf,
    /// A word of its name that mixes scripts, such as Latin and Cyrillic: it may stand for another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed_script: Option<&'g str>,
    /// Its numbers in registers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// When it came to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founded: Option<PartialDate>,
    /// When it ceased to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<PartialDate>,
    /// Whether all its owners are stated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub owners_complete: bool,
    /// Everything else.
    #[serde(flatten)]
    pub details: &'g EntityDetails,
    /// The records that were joined into this entity, and why.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub joined: &'g [Joined],
    /// What is held in it, then what it holds.
    pub interests: Vec<DatedInterest<'g>>,
    /// The sources that any of this names.
    pub source_list: Vec<&'g Source>,
}

/// An interest, seen from one of its parties on a day.
#[derive(Debug, Serialize)]
pub struct DatedInterest<'g> {
    /// `owns` or `owned-by`, seen from the entity.
    pub direction: &'static str,
    /// Whether it exists on the day.
    pub on_day: &'static str,
    /// The interest.
    #[serde(flatten)]
    pub interest: InterestAnswer<'g>,
}

impl<'g> View<'g> {
    /// Everything that is stated of an entity.
    pub fn card(self, subject: NodeId) -> Card<'g> {
        let graph = self.graph();
        let entity = graph.entity(subject);
        let dated = |edge: EdgeId, direction| {
            let interest = InterestAnswer::of(graph.stake(edge));
            DatedInterest { direction, on_day: presence_word(self.presence(edge)), interest }
        };
        let mut interests: Vec<DatedInterest<'g>> =
            graph.held_in(subject).map(|edge| dated(edge, "owned-by")).collect();
        interests.extend(graph.held_by(subject).map(|edge| dated(edge, "owns")));
        let ids: BTreeSet<&str> = interests
            .iter()
            .flat_map(|interest| interest.interest.sources)
            .chain(&entity.details().sources)
            .chain(entity.details().facts.iter().flat_map(|fact| &fact.sources))
            .map(String::as_str)
            .collect();
        Card {
            entity,
            as_of: self.as_of(),
            mixed_script: mixed_script_word(entity.name()),
            identifiers: entity.identifiers().collect(),
            founded: entity.founded(),
            dissolved: entity.dissolved(),
            owners_complete: entity.owners_complete(),
            details: entity.details(),
            joined: entity.joined(),
            interests,
            source_list: ids.into_iter().filter_map(|id| graph.source(id)).collect(),
        }
    }
}
