//! Questions about parties: the library's answers as they are.

use super::api::{Answer, json};
use super::asked::layer;
use super::data::Data;
use super::failure::Failure;
use super::query::Query;
use crate::escape::shell;
use crate::graph::{NodeId, View};
use crate::model::{AsOf, Confidence, Day};
use crate::query::control::Threshold;
use crate::query::owners::Rows;
use crate::query::rules::{Decides, RULES, Rule};
use serde_json::{Value, json as object};
use std::collections::BTreeMap;

/// Chains of a derivation that are shown.
const CHAINS: usize = 10;
/// Matches and chains that are given at most.
const MOST: usize = 200;

/// What is loaded.
pub(super) fn about(data: &Data, _: &Query) -> Result<Answer, Failure> {
    let graph = &data.graph;
    let inputs: Vec<Value> = graph
        .inputs()
        .iter()
        .map(|input| object!({"name": input.name, "format": input.format, "records": input.records, "rejected": input.rejected}))
        .collect();
    let rules: Vec<Value> = RULES
        .iter()
        .filter(|rule| rule.decides == Decides::BeneficialOwner)
        .map(|rule| object!({"id": rule.id, "title": rule.title}))
        .collect();
    let words = ["cuibono", "serve"].into_iter().chain(data.arguments.iter().map(String::as_str));
    json(&object!({
        "version": env!("CARGO_PKG_VERSION"),
        "as_of": data.as_of,
        "entities": graph.node_count(),
        "interests": graph.edge_count(),
        "sources": graph.sources().len(),
        "inputs": inputs,
        "warnings": graph.problems().len(),
        "built_in": data.is_built_in(),
        "subject": first_subject(data).map(|node| graph.entity(node)),
        "rules": rules,
        "command": shell::command(words),
    }))
}

/// The entity that the dataset which is compiled in is about.
fn first_subject(data: &Data) -> Option<NodeId> {
    data.is_built_in().then(|| data.graph.node_by_id("nso-group-technologies-ltd")).flatten()
}

/// Entities that a text may mean.
pub(super) fn search(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let text = query.one("q").unwrap_or_default();
    let max = query.parsed("limit")?.unwrap_or(12).min(MOST);
    let matches: Vec<Value> = data
        .names
        .find(&data.graph, text, max)
        .into_iter()
        .map(|found| {
            let identifiers: Vec<String> = found.entity.identifiers().map(|id| id.to_string()).collect();
            object!({
                "entity": found.entity,
                "matched_name": found.matched_name,
                "reason": found.reason,
                "score": found.score,
                "identifiers": identifiers,
                "born": found.entity.founded(),
                "mixed_script": found.mixed_script,
            })
        })
        .collect();
    json(&object!({"query": text, "matches": matches}))
}

fn view<'d>(data: &'d Data, query: &'d Query) -> Result<View<'d>, Failure> {
    let as_of = query.parsed("as_of")?.unwrap_or(data.as_of);
    let view = data.view(as_of, layer(query)?, query.parsed("min_confidence")?.unwrap_or(Confidence::Low));
    Ok(view.unless(query.abandoned()))
}

fn subject(data: &Data, query: &Query) -> Result<NodeId, Failure> {
    data.node(query.needed("id")?)
}

/// One entity with everything that is stated of it.
pub(super) fn entity(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let (view, node) = (view(data, query)?, subject(data, query)?);
    let counts = object!({"owners": view.interests_in(node).count(), "holdings": view.interests_of(node).count()});
    json(&object!({"entity": view.card(node), "counts": counts}))
}

pub(super) fn owners(data: &Data, query: &Query) -> Result<Answer, Failure> {
    json(&view(data, query)?.owners_of(subject(data, query)?, Rows::default())?)
}

pub(super) fn holdings(data: &Data, query: &Query) -> Result<Answer, Failure> {
    json(&view(data, query)?.holdings_of(&[subject(data, query)?], Rows::default())?)
}

pub(super) fn controllers(data: &Data, query: &Query) -> Result<Answer, Failure> {
    json(&view(data, query)?.controllers_of(subject(data, query)?, Threshold::default())?)
}

pub(super) fn timeline(data: &Data, query: &Query) -> Result<Answer, Failure> {
    json(&data.graph.timeline(subject(data, query)?))
}

pub(super) fn circular(data: &Data, query: &Query) -> Result<Answer, Failure> {
    json(&view(data, query)?.circular_groups())
}

pub(super) fn paths(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let (from, to) = (data.node(query.needed("from")?)?, data.node(query.needed("to")?)?);
    let limit = query.parsed("limit")?.unwrap_or(CHAINS).min(MOST);
    json(&view(data, query)?.paths(from, to, limit)?)
}

/// The beneficial owners under a rule of law.
pub(super) fn verdict(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let rule = Rule::find(query.needed("rule")?, Decides::BeneficialOwner)?;
    json(&view(data, query)?.beneficial_owners_of(subject(data, query)?, rule, None)?)
}

/// What is stated of one pair, and how its effective share and control are computed.
pub(super) fn evidence(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let (owner, owned) = (data.node(query.needed("owner")?)?, data.node(query.needed("owned")?)?);
    let view = view(data, query)?;
    let mut card = view.card(owned);
    card.interests
        .retain(|found| found.direction == "owned-by" && data.graph.node_by_id(found.interest.owner) == Some(owner));
    let source = |id: &String| data.graph.source(id).map_or_else(|| object!({"id": id}), |source| object!(source));
    let statements: Vec<Value> = card
        .interests
        .iter()
        .map(|found| {
            let mut statement = object!(found);
            statement["sources"] = found.interest.sources.iter().map(source).collect();
            statement
        })
        .collect();
    let computed = match view.as_of() {
        AsOf::Day(_) if owner != owned => Some(view.explain(owner, owned, CHAINS)?),
        _ => None,
    };
    json(&object!({
        "owner": data.graph.entity(owner),
        "owned": data.graph.entity(owned),
        "as_of": view.as_of(),
        "statements": statements,
        "computed": computed,
    }))
}

/// The days on which something changed around an entity, for marks on a scale of time.
pub(super) fn days(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let timeline = data.graph.timeline(subject(data, query)?);
    let mut days: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    for event in &timeline.events {
        if let Some(date) = event.date.representative() {
            days.entry(date.first_day()).or_default().push(format!("{} {}", event.date, event.text));
        }
    }
    let first = days.keys().next().copied();
    let days: Vec<Value> = days.into_iter().map(|(date, events)| object!({"date": date, "events": events})).collect();
    json(&object!({"days": days, "first": first, "last": Day::today()}))
}
