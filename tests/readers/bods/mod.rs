//! The Beneficial Ownership Data Standard, every version.

mod components;
mod history;
mod real_files;
mod statements;
mod unknown;

use super::run::cuibono;
use super::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::{OwnershipGraph, Stake};
use cuibono::load::Loader;
use cuibono::model::DateBound;
use cuibono::problem::Rule;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// An entity statement of 0.4.
fn entity(id: &str, name: &str, date: &str) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "entity", "recordStatus": "new",
        "declarationSubject": id, "statementDate": date,
        "recordDetails": {"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": name}})
}

/// A person statement of 0.4.
fn person(id: &str, name: &str, date: &str) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "person", "recordStatus": "new",
        "declarationSubject": "acme", "statementDate": date,
        "recordDetails": {"isComponent": false, "personType": "knownPerson", "names": [{"type": "legal", "fullName": name}]}})
}

/// A relationship statement of 0.4.
fn relationship(id: &str, date: &str, status: &str, pair: (&str, &str), interests: Value) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "relationship", "recordStatus": status,
        "declarationSubject": pair.1, "statementDate": date,
        "recordDetails": {"isComponent": false, "interestedParty": pair.0, "subject": pair.1, "interests": interests}})
}

fn shares(percent: u32, start: &str) -> Value {
    json!({"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": percent}, "startDate": start})
}

fn lines(statements: &[Value]) -> String {
    statements.iter().map(|statement| format!("{statement}\n")).collect()
}

fn graph(statements: &[Value]) -> OwnershipGraph {
    read_text("test.jsonl", &lines(statements))
}

/// Owner, kind, share and dates of every interest, in order.
fn dated(graph: &OwnershipGraph) -> Vec<String> {
    let line = |stake: Stake<'_>| {
        let interest = stake.interest();
        format!("{} {} {} [{}, {})", stake.owner().id(), interest.kind(), interest.share(), stake.start(), stake.end())
    };
    let mut lines: Vec<String> = graph.edges().map(|edge| line(graph.stake(edge))).collect();
    lines.sort();
    lines
}

fn problems(graph: &OwnershipGraph) -> Vec<String> {
    graph
        .problems()
        .iter()
        .map(|problem| format!("{} {}: {}", problem.rule.id(), problem.location, problem.message))
        .collect()
}

/// Owners of `acme` on a day: id, effective share.
fn owners(statements: &[Value], day: &str) -> Vec<(String, f64, f64)> {
    let answer = cuibono(&format!("owners-of acme --as-of {day}")).stdin(lines(statements)).json();
    let row = |row: &Value| {
        let number = |end: &str| row["effective"][end].as_f64().expect("a number");
        (row["entity"]["id"].as_str().expect("an id").to_owned(), number("min"), number("max"))
    };
    answer["owners"].as_array().expect("owners").iter().map(row).collect()
}

fn exactly(id: &str, percent: f64) -> (String, f64, f64) {
    (id.to_owned(), percent, percent)
}
