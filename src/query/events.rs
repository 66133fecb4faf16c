//! What happened when: the timeline of an entity, and the difference between two days.

use super::NodeMap;
use super::control::{Certainty, ControlGraph, Threshold};
use super::owners::controllers;
use super::walk::{Side, distances};
use super::{InterestAnswer, presence_word};
use crate::error::Result;
use crate::graph::{EdgeId, Entity, NodeId, OwnershipGraph, View};
use crate::model::date::Presence;
use crate::model::{AsOf, DateBound, Day, Fact};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Event<'g> {
    /// When, as far as it is known.
    pub date: DateBound,
    /// What: `interest-start`, `interest-end`, `founded`, `dissolved`, `fact`, `control-gained`, …
    pub kind: &'static str,
    /// The entity it happened to.
    pub entity: Entity<'g>,
    /// What happened, in words.
    pub text: String,
    /// The interest concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interest: Option<InterestAnswer<'g>>,
    /// Identifiers of the sources.
    pub sources: Vec<&'g str>,
}

/// The events of one entity.
#[derive(Debug, Clone, Serialize)]
pub struct Timeline<'g> {
    /// The entity.
    pub subject: Entity<'g>,
    /// Its events, earliest first.
    pub events: Vec<Event<'g>>,
    /// Interests of which neither start nor end is stated; they give no event.
    pub undated_interests: Vec<String>,
}

/// What changed between two days.
#[derive(Debug, Clone, Serialize)]
pub struct Difference<'g> {
    /// The earlier day.
    pub from: Day,
    /// The later day.
    pub to: Day,
    /// The entity whose surroundings were compared; absent for the whole graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Entity<'g>>,
    /// The changes.
    pub events: Vec<Event<'g>>,
}

impl OwnershipGraph {
    /// Everything dated about an entity: its interests in both directions, its facts, its beginning and end.
    pub fn timeline(&self, subject: NodeId) -> Timeline<'_> {
        let entity = self.entity(subject);
        let mut events = Vec::new();
        let mut undated = Vec::new();
        let mut edges: BTreeSet<EdgeId> = self.held_in(subject).collect();
        edges.extend(self.held_by(subject));
        for edge in edges {
            let stake = self.stake(edge);
            if stake.start().representative().is_none() && stake.end().representative().is_none() {
                undated.push(stake.id().into_owned());
            }
            for (date, kind, verb) in
                [(stake.start(), "interest-start", "starts"), (stake.end(), "interest-end", "ends")]
            {
                if date.representative().is_some() {
                    events.push(interest_event(self, edge, date, kind, verb));
                }
            }
        }
        let details = entity.details();
        for (date, kind, text) in
            [(entity.founded(), "founded", "founded"), (entity.dissolved(), "dissolved", "dissolved")]
        {
            if let Some(date) = date {
                let text = format!("{} is {text}", entity.name());
                let sources = details.sources.iter().map(String::as_str).collect();
                events.push(Event { date: DateBound::On(date), kind, entity, text, interest: None, sources });
            }
        }
        events.extend(details.facts.iter().map(|fact| fact_event(entity, fact)));
        sort(&mut events);
        Timeline { subject: entity, events, undated_interests: undated }
    }
}

impl<'g> View<'g> {
    /// What changed between two days: interests that began, ended or became more or less certain, and around `subject`
    /// also who gained and lost control of it. The day of the view itself plays no part.
    ///
    /// # Errors
    /// If the time of the view is over before it is known who controlled the subject.
    pub fn difference(self, days: (Day, Day), subject: Option<NodeId>) -> Result<Difference<'g>> {
        let graph = self.graph();
        let (from, to) = (self.on(days.0), self.on(days.1));
        let near = subject.map(|subject| {
            let mut near = distances(from, subject, Side::Up);
            near.extend(distances(to, subject, Side::Up));
            near
        });
        let concerns =
            |edge: &EdgeId| near.as_ref().is_none_or(|near| near.contains_key(&graph.interest(*edge).owned()));
        let mut events: Vec<Event<'g>> = graph
            .edges()
            .filter(concerns)
            .filter_map(|edge| change(graph, edge, from.presence(edge), to.presence(edge)))
            .collect();
        sort(&mut events);
        if let Some(subject) = subject {
            events.extend(control_changes(from, to, days.1, subject)?);
        }
        Ok(Difference { from: days.0, to: days.1, subject: subject.map(|subject| graph.entity(subject)), events })
    }
}

/// What happened to an interest between two days, if anything.
fn change(graph: &OwnershipGraph, edge: EdgeId, before: Presence, after: Presence) -> Option<Event<'_>> {
    let stake = graph.stake(edge);
    match (before, after) {
        (before, after) if before == after => None,
        (Presence::Out, _) => Some(interest_event(graph, edge, stake.start(), "interest-start", "starts")),
        (_, Presence::Out) => Some(interest_event(graph, edge, stake.end(), "interest-end", "ends")),
        (before, after) => {
            let date = if after > before { stake.start() } else { stake.end() };
            let mut event = interest_event(graph, edge, date, "interest-certainty", "");
            let words = (presence_word(before), presence_word(after));
            event.text = format!("{} was {}, is {}", event.text.trim_end(), words.0, words.1);
            Some(event)
        }
    }
}

/// Who gained and who lost control of `subject` between two views.
fn control_changes<'g>(from: View<'g>, to: View<'g>, day: Day, subject: NodeId) -> Result<Vec<Event<'g>>> {
    let graph = to.graph();
    let at = |view: View<'g>| controllers(&mut ControlGraph::new(view, Threshold::default()), subject);
    let (before, after) = (at(from)?, at(to)?);
    let nodes: BTreeSet<NodeId> = before.keys().chain(after.keys()).copied().collect();
    let status = |map: &NodeMap<Certainty>, node| map.get(&node).copied().unwrap_or(Certainty::None);
    let mut events = Vec::new();
    for node in nodes {
        let (was, is) = (status(&before, node), status(&after, node));
        let kind = match is.cmp(&was) {
            std::cmp::Ordering::Equal => continue,
            std::cmp::Ordering::Greater => "control-gained",
            std::cmp::Ordering::Less => "control-lost",
        };
        let (owner, owned) = (graph.entity(node), graph.entity(subject));
        let text = format!("control of {} by {}: was {}, is {}", owned.name(), owner.name(), was.as_str(), is.as_str());
        let date = DateBound::Between { not_before: None, not_after: Some(day.into()) };
        events.push(Event { date, kind, entity: owner, text, interest: None, sources: Vec::new() });
    }
    Ok(events)
}

fn interest_event<'g>(
    graph: &'g OwnershipGraph,
    edge: EdgeId,
    date: DateBound,
    kind: &'static str,
    verb: &str,
) -> Event<'g> {
    let stake = graph.stake(edge);
    let interest = stake.interest();
    let share = if interest.kind().is_capital() || !interest.share().is_unknown() {
        format!(" ({})", interest.share())
    } else {
        String::new()
    };
    let (owner, owned) = (stake.owner(), stake.owned());
    Event {
        date,
        kind,
        entity: owned,
        text: format!("{} → {}: {}{share} {verb}", owner.name(), owned.name(), interest.kind().words()),
        interest: Some(InterestAnswer::of(stake)),
        sources: stake.source_ids().iter().map(String::as_str).collect(),
    }
}

fn fact_event<'g>(entity: Entity<'g>, fact: &'g Fact) -> Event<'g> {
    let text = if fact.contested { format!("{} (contested)", fact.text) } else { fact.text.clone() };
    let sources = fact.sources.iter().map(String::as_str).collect();
    Event { date: fact.date, kind: "fact", entity, text, interest: None, sources }
}

/// Earliest first; what has no date comes last.
fn sort(events: &mut [Event<'_>]) {
    events.sort_by_key(|event| {
        let date = event.date.representative();
        (date.is_none(), date.map(|date| date.first_day()))
    });
}

/// Whether a view is of all time.
pub(crate) fn is_all(view: View<'_>) -> bool {
    view.as_of() == AsOf::All
}
