//! Runs petgraph's own algorithms on the ownership graph: `cargo run --example walk`.
//!
//! The graph implements petgraph's visit traits, so nothing is converted or copied first.

use cuibono::error::Result;
use cuibono::graph::NodeId;
use cuibono::load::Loader;
use petgraph::algo::dominators::simple_fast;
use petgraph::algo::kosaraju_scc;
use petgraph::visit::{Bfs, Reversed};
use std::fmt::Write;

/// A family holds an operating company through two funds that a trustee controls; two banks hold each other.
const CASE: &str = "\
owner,owned,share,start,end
family,trust,100,,
trust,fund-a,80,,
trust,fund-b,60,,
fund-a,works,50,,
fund-b,works,30,,
bank-1,bank-2,20,,
bank-2,bank-1,20,,
bank-1,works,20,,2020-01-01
";

/// What the algorithms find, line by line.
pub fn answer() -> Result<String> {
    let mut loader = Loader::new();
    loader.read_text("case.csv", CASE)?;
    let graph = loader.finish()?;
    let id = |node: NodeId| graph.entity(node).id();
    let node = |id: &str| graph.node_by_id(id).expect("in the case");
    let mut out = String::new();

    // Edges run from the owner to what it owns. Against them, breadth first: everybody above the works.
    let mut above = Vec::new();
    let mut search = Bfs::new(Reversed(&graph), node("works"));
    while let Some(found) = search.next(Reversed(&graph)) {
        above.push(id(found));
    }
    let _ = writeln!(out, "above the works: {}", above[1..].join(", "));

    // The same on a day: a view hands petgraph only the interests that existed then.
    let view = graph.view("2021-01-01".parse()?);
    let that_day = view.filtered();
    let mut above = Vec::new();
    let mut search = Bfs::new(Reversed(&that_day), node("works"));
    while let Some(found) = search.next(Reversed(&that_day)) {
        above.push(id(found));
    }
    let _ = writeln!(out, "above it in 2021: {}", above[1..].join(", "));

    // Strongly connected components: who holds one another in a circle. (petgraph's `tarjan_scc` recurses and overflows
    // the stack on long chains; `kosaraju_scc` does not.)
    for circle in kosaraju_scc(&graph).iter().filter(|component| component.len() > 1) {
        let mut members: Vec<&str> = circle.iter().map(|&node| id(node)).collect();
        members.sort_unstable();
        let _ = writeln!(out, "circle: {}", members.join(", "));
    }

    // Dominators: through whom every chain from the family to the works must pass.
    let dominators = simple_fast(&graph, node("family"));
    let on_every_chain: Vec<&str> = dominators.strict_dominators(node("works")).into_iter().flatten().map(id).collect();
    let _ = writeln!(out, "on every chain from the family to the works: {}", on_every_chain.join(", "));
    Ok(out)
}

/// Prints it.
pub fn main() -> Result<()> {
    print!("{}", answer()?);
    Ok(())
}
