//! What is suspicious in one entity, and in entities together.

use super::Finding;
use crate::graph::{Entity, NodeId, OwnershipGraph};
use crate::model::identifier::{COMPANIES_HOUSE, LEI, company_number, is_lei};
use crate::model::{Directness, EntityKind, Identifier, InterestKind};
use crate::problem::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// Every finding about one entity.
pub(super) fn findings(graph: &OwnershipGraph, node: NodeId) -> Vec<Finding> {
    let entity = graph.entity(node);
    let mut findings: Vec<Finding> = entity.identifiers().filter_map(|number| misshapen(entity, &number)).collect();
    findings.extend(isolated(graph, entity));
    findings.extend(super::names::findings(entity));
    findings.extend(lifetime(entity));
    findings.extend(lone_ultimate_parent(graph, node));
    findings
}

fn finding(rule: Rule, entity: Entity<'_>, message: String) -> Finding {
    Finding::new(rule, entity.id().to_owned(), message)
}

fn isolated(graph: &OwnershipGraph, entity: Entity<'_>) -> Option<Finding> {
    let alone = graph.held_in(entity.node()).len() == 0 && graph.held_by(entity.node()).len() == 0;
    alone.then(|| finding(Rule::Isolated, entity, format!("{} takes part in no interest", entity.id())))
}

/// A number whose form its scheme does not allow: ISO 17442 for LEIs, eight characters at Companies House.
fn misshapen(entity: Entity<'_>, number: &Identifier) -> Option<Finding> {
    let value = number.id.trim();
    let wrong = match number.scheme.to_ascii_uppercase().as_str() {
        LEI | "LEI" => (!is_lei(value)).then_some("its length or its check digits are wrong"),
        COMPANIES_HOUSE => company_number(value).is_none().then_some("Companies House gives eight characters"),
        _ if value.is_empty() => Some("it is empty"),
        _ => None,
    }?;
    let message = format!("{number} on {} is no such number: {wrong}", entity.id());
    Some(finding(Rule::MisshapenIdentifier, entity, message))
}

fn lifetime(entity: Entity<'_>) -> Option<Finding> {
    let (founded, dissolved) = (entity.founded()?, entity.dissolved()?);
    let wrong = dissolved.last_day() < founded.first_day();
    wrong.then(|| {
        let message = format!("{} ended ({dissolved}) before it began ({founded})", entity.id());
        finding(Rule::EndBeforeStart, entity, message)
    })
}

/// An ultimate parent without a direct one: GLEIF asks for both, or for the reason why one is missing.
fn lone_ultimate_parent(graph: &OwnershipGraph, node: NodeId) -> Option<Finding> {
    let parents = || {
        let interests = graph.held_in(node).map(|edge| graph.interest(edge));
        interests.filter(|interest| interest.kind() == InterestKind::Parent)
    };
    let ultimate = parents().find(|interest| interest.directness() == Directness::Indirect)?;
    let direct = graph.held_in(node).any(|edge| !graph.interest(edge).is_indirect());
    (!direct).then(|| {
        let entity = graph.entity(node);
        let parent = graph.entity(ultimate.owner());
        let message = format!("{} has the ultimate parent {} and no direct one", entity.id(), parent.id());
        finding(Rule::LoneUltimateParent, entity, message)
    })
}

/// Entities that share a number and were not joined.
pub(super) fn duplicate_identifiers(graph: &OwnershipGraph) -> Vec<Finding> {
    let mut holders: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for node in graph.nodes() {
        let entity = graph.entity(node);
        for identifier in entity.identifiers() {
            let key = identifier.key().unwrap_or_else(|| identifier.to_string());
            holders.entry(key).or_default().insert(entity.id());
        }
    }
    let shared = holders.into_iter().filter(|(_, ids)| ids.len() > 1);
    shared
        .map(|(identifier, ids)| {
            let ids: Vec<&str> = ids.into_iter().collect();
            let message = format!("{identifier} stands on {}", ids.join(", "));
            Finding::new(Rule::DuplicateIdentifier, identifier, message)
        })
        .collect()
}

/// Records that were joined although their names have nothing in common.
pub(super) fn joined_unlike_names(entity: Entity<'_>) -> Option<Finding> {
    let unlike = entity.joined().iter().find(|record| {
        let (own, other) = (plain(entity.name()), plain(&record.name));
        !own.is_empty()
            && !other.is_empty()
            && record.name != record.id
            && !own.contains(&other)
            && !other.contains(&own)
    })?;
    let message = format!(
        "{} ({}) was joined with {} ({}): {}",
        entity.id(),
        entity.name(),
        unlike.id,
        unlike.name,
        unlike.reason
    );
    (entity.kind() != EntityKind::Unknown).then(|| finding(Rule::JoinedUnlikeNames, entity, message))
}

/// The first word of a name, by which two spellings of one name agree.
fn plain(name: &str) -> String {
    let word = name.split(|c: char| !c.is_alphanumeric()).find(|word| word.len() > 2).unwrap_or("");
    word.to_lowercase()
}
