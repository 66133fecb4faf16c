//! Graphs as lines of text, so that two can be held against each other.
#![allow(dead_code)]

use cuibono::graph::{Entity, OwnershipGraph, Stake};
use cuibono::load::Loader;
use std::path::Path;

/// The graph of one or several paths, in this order.
pub fn read(paths: &[&Path]) -> OwnershipGraph {
    let mut loader = Loader::new();
    for path in paths {
        loader.read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    loader.finish().expect("a graph")
}

/// Everything that a graph tells of its entities, interests, sources and jurisdictions, whatever the order of the data.
pub fn described(graph: &OwnershipGraph) -> Vec<String> {
    let mut lines: Vec<String> = graph.nodes().map(|node| entity(graph.entity(node))).collect();
    lines.extend(graph.edges().map(|edge| interest(graph.stake(edge))));
    lines.extend(graph.sources().iter().map(|source| format!("{source:?}")));
    lines.extend(graph.jurisdictions().iter().map(|record| format!("{record:?}")));
    lines.sort();
    lines
}

fn entity(entity: Entity<'_>) -> String {
    let identifiers: Vec<String> = entity.identifiers().map(|number| format!("{number:?}")).collect();
    format!(
        "entity {:?} {:?} {} {:?} {} {:?} {:?} {:?} {} {:?} {:?}",
        entity.id(),
        entity.name(),
        entity.kind(),
        entity.jurisdiction(),
        entity.jurisdiction_inferred(),
        identifiers,
        entity.founded(),
        entity.dissolved(),
        entity.owners_complete(),
        entity.details(),
        entity.joined(),
    )
}

fn interest(stake: Stake<'_>) -> String {
    let interest = stake.interest();
    let share = interest.share();
    let details = stake.details();
    let texts = details.map(|details| (&details.reason, &details.note, &details.date_note));
    format!(
        "interest {:?} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?} {} {} {:?}",
        stake.id(),
        stake.owner().id(),
        stake.owned().id(),
        interest.kind(),
        (share.min().ppb(), share.max().ppb(), share.min_open(), share.max_open()),
        stake.start(),
        stake.end(),
        interest.directness(),
        interest.confidence(),
        interest.marks(),
        interest.is_controlling(),
        stake.stated(),
        stake.published(),
        stake.retrieved(),
        stake.source_ids(),
        stake.input(),
        stake.record(),
        // Details without any text are none.
        texts.filter(|(reason, note, dates)| reason.is_some() || note.is_some() || dates.is_some()),
    )
}

/// Fails with the first lines in which two graphs differ.
#[track_caller]
pub fn assert_same(one: &OwnershipGraph, other: &OwnershipGraph) {
    let (one, other) = (described(one), described(other));
    let missing: Vec<&String> = one.iter().filter(|line| other.binary_search(line).is_err()).take(3).collect();
    let added: Vec<&String> = other.iter().filter(|line| one.binary_search(line).is_err()).take(3).collect();
    assert!(missing.is_empty() && added.is_empty(), "lost: {missing:#?}\nnew: {added:#?}");
    assert_eq!(one.len(), other.len());
}
