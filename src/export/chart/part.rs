//! What a chart shows, as a graph of its own: for formats that hold data rather than pictures.

use crate::diagram::Diagram;
use crate::error::Result;
use crate::graph::{EdgeId, NodeId, OwnershipGraph, View};
use std::collections::HashSet;

/// The parties of a chart with the interests that its lines stand for, on the day of the view; stacks are left out.
///
/// # Errors
/// If the graph is a damaged index.
pub fn part(view: View<'_>, diagram: &Diagram) -> Result<OwnershipGraph> {
    let graph = view.graph();
    let drawn =
        |at: usize| diagram.boxes.get(at).filter(|party| !party.stack).and_then(|party| graph.node_by_id(&party.id));
    let nodes: Vec<Option<NodeId>> = (0..diagram.boxes.len()).map(drawn).collect();
    let pairs: HashSet<(NodeId, NodeId)> =
        diagram.lines.iter().filter_map(|line| Some((nodes[line.owner]?, nodes[line.owned]?))).collect();
    let mut edges: Vec<EdgeId> = Vec::new();
    for &owned in nodes.iter().flatten() {
        let of_chart = view.interests_in(owned).filter(|(_, interest, _)| pairs.contains(&(interest.owner(), owned)));
        edges.extend(of_chart.map(|(edge, ..)| edge));
    }
    edges.sort_unstable();
    edges.dedup();
    let mut nodes: Vec<NodeId> = nodes.into_iter().flatten().collect();
    nodes.sort_unstable();
    nodes.dedup();
    graph.part(&nodes, &edges)
}
