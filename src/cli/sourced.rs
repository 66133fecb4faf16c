//! The graph as some of its sources alone would have it.

use super::args::Global;
use crate::error::{Error, Result};
use crate::graph::{EdgeId, NodeId, OwnershipGraph};
use std::collections::HashSet;

/// The same graph without the interests that the user does not want to rest on. All entities stay.
pub fn by_sources(graph: OwnershipGraph, global: &Global) -> Result<OwnershipGraph> {
    if global.only_source.is_empty() && global.without_source.is_empty() {
        return Ok(graph);
    }
    let (only, without) = (known(&graph, &global.only_source)?, known(&graph, &global.without_source)?);
    let counts = |edge: &EdgeId| {
        let sources = graph.stake(*edge).source_ids();
        let is_wanted = only.is_empty() || sources.iter().any(|id| only.contains(id.as_str()));
        // An interest of no known source does not rest on those that are left out.
        let has_another = sources.is_empty() || sources.iter().any(|id| !without.contains(id.as_str()));
        is_wanted && has_another
    };
    let (nodes, edges): (Vec<NodeId>, Vec<EdgeId>) = (graph.nodes().collect(), graph.edges().filter(counts).collect());
    graph.part(&nodes, &edges)
}

fn known<'i>(graph: &OwnershipGraph, ids: &'i [String]) -> Result<HashSet<&'i str>> {
    match ids.iter().find(|id| graph.source(id).is_none()) {
        Some(id) => Err(Error::usage(format!("no source has the id {id:?}; `cuibono sources` lists them"))),
        None => Ok(ids.iter().map(String::as_str).collect()),
    }
}
