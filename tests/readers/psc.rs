//! The United Kingdom's register: snapshot, stream, answers of the API, basic company data.

use crate::run::cuibono;
use crate::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::EntityKind;
use cuibono::problem::Rule;

fn dump(graph: &OwnershipGraph) {
    println!("{:?} nodes {} edges {}", counts(graph), graph.node_count(), graph.edge_count());
    for line in interests(graph) { println!("{line}"); }
    for node in graph.nodes() {
        let e = graph.entity(node);
        println!("{} | {} | {} | {:?} | {:?} | {:?}", e.id(), e.name(), e.kind(), e.jurisdiction(), e.identifiers().collect::<Vec<_>>(), e.details());
    }
    for problem in graph.problems().iter() { println!("{:?} {} {}", problem.rule, problem.location, problem.message); }
}

#[test]
fn scratch() {
    for path in ["uk-psc/psc-records", "uk-psc/api-bundles", "uk-psc/bods-stream-sample/sample_psc_stream.jsonl"] {
        let Some(path) = shared(path) else { return };
        println!("=== {}", path.display());
        dump(&read(&path));
    }
}
