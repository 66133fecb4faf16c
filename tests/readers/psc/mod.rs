//! The United Kingdom's register: snapshot, stream, answers of the API, basic company data.

mod files;
mod parties;
mod real_files;

use crate::run::{Folder, cuibono};
use crate::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::EntityKind;
use cuibono::problem::Rule;

const PERSON: &str = r#""kind":"individual-person-with-significant-control","name":"Ms Ann Lee""#;

/// A row of the snapshot about company 01234567; `data` are further fields of its data.
fn row(segment: &str, data: &str) -> String {
    let path = format!("/company/01234567/persons-with-significant-control/x/{segment}");
    format!(r#"{{"company_number":"01234567","data":{{"links":{{"self":"{path}"}},{data}}}}}"#)
}

fn graph_of(rows: &[String]) -> OwnershipGraph {
    read_text("psc.jsonl", &format!("{}\n", rows.join("\n")))
}

/// Place, rule and message of each finding.
fn problems(graph: &OwnershipGraph) -> Vec<String> {
    graph.problems().iter().map(|found| format!("{} {}: {}", found.location, found.rule.id(), found.message)).collect()
}

/// Start, end and note of each interest, in the order of the rows.
fn terms(graph: &OwnershipGraph) -> Vec<String> {
    let mut edges: Vec<_> = graph.edges().collect();
    edges.sort_by_key(|&edge| (graph.stake(edge).record(), graph.interest(edge).kind()));
    let line = |edge| {
        let stake = graph.stake(edge);
        let note = stake.details().and_then(|details| details.note.as_deref()).unwrap_or("");
        format!("{} [{}, {}) {}", stake.interest().kind(), stake.start(), stake.end(), note).trim_end().to_owned()
    };
    edges.into_iter().map(line).collect()
}

fn facts(graph: &OwnershipGraph, id: &str) -> Vec<String> {
    let entity = graph.entity(graph.node_by_id(id).expect(id));
    entity.details().facts.iter().map(|fact| format!("{} {}: {}", fact.date, fact.kind, fact.text)).collect()
}

fn unknown_parties(graph: &OwnershipGraph) -> usize {
    graph.nodes().filter(|&node| graph.entity(node).kind() == EntityKind::Unknown).count()
}

/// Records, rejects, entities, interests, unknown parties.
fn sizes(graph: &OwnershipGraph) -> (u64, u64, usize, usize, usize) {
    let (records, rejected) = counts(graph);
    (records, rejected, graph.node_count(), graph.edge_count(), unknown_parties(graph))
}
