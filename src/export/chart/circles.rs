//! Which lines of a chart are part of a circle of holdings.

use crate::graph::NodeId;
use crate::query::neighbourhood::Neighbourhood;
use std::collections::{HashMap, HashSet};

/// The pairs of owner and owned whose line is part of a circle.
pub(super) fn pairs(found: &Neighbourhood) -> HashSet<(NodeId, NodeId)> {
    let index: HashMap<NodeId, u32> =
        found.nodes.iter().enumerate().map(|(index, &node)| (node, index as u32)).collect();
    let mut owners: Vec<Vec<u32>> = vec![Vec::new(); found.nodes.len()];
    let holdings = || found.ties.iter().filter(|tie| tie.share.is_some() && !tie.ended);
    for tie in holdings() {
        owners[index[&tie.owned] as usize].push(index[&tie.owner]);
    }
    let mut group = vec![0; owners.len()];
    for (number, members) in
        crate::graph::scc::components(owners.len(), |node| &owners[node as usize]).iter().enumerate()
    {
        members.iter().for_each(|&member| group[member as usize] = number);
    }
    let group = |node| group[index[&node] as usize];
    holdings().filter(|tie| group(tie.owner) == group(tie.owned)).map(|tie| (tie.owner, tie.owned)).collect()
}
