//! Two-way compressed adjacency: for each entity what it holds and who holds it, in flat arrays.

use super::{EdgeId, NodeId};
use std::ops::Range;

/// Offsets into edges ordered by owner, and for each owned entity the edges that lead to it.
#[derive(Debug, Default)]
pub struct Adjacency {
    out_offsets: Vec<u32>,
    in_offsets: Vec<u32>,
    in_edges: Vec<EdgeId>,
}

impl Adjacency {
    /// Builds both directions from the end points of all edges, and the order in which the edges must be stored.
    ///
    /// Linear: two counting sorts. The returned permutation lists, for each position in owner order, the number of the
    /// edge in the given order; edges of one owner keep their order.
    pub fn build(nodes: usize, ends: &[(NodeId, NodeId)]) -> (Self, Vec<u32>) {
        let (out_offsets, order) = counting_sort(nodes, ends.len(), |edge| ends[edge].0);
        let (in_offsets, in_edges) = counting_sort(nodes, ends.len(), |position| ends[order[position] as usize].1);
        let in_edges = in_edges.into_iter().map(EdgeId).collect();
        (Self { out_offsets, in_offsets, in_edges }, order)
    }

    /// The positions of the edges that start at `node`.
    pub fn outgoing(&self, node: NodeId) -> Range<u32> {
        self.out_offsets[node.index()]..self.out_offsets[node.index() + 1]
    }

    /// The edges that end at `node`.
    pub fn incoming(&self, node: NodeId) -> &[EdgeId] {
        let range = self.in_offsets[node.index()] as usize..self.in_offsets[node.index() + 1] as usize;
        &self.in_edges[range]
    }
}

/// Stable counting sort of `0..count` by key; returns the offset of each key and the sorted numbers.
fn counting_sort(keys: usize, count: usize, key: impl Fn(usize) -> NodeId) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0u32; keys + 1];
    for item in 0..count {
        offsets[key(item).index() + 1] += 1;
    }
    for index in 1..offsets.len() {
        offsets[index] += offsets[index - 1];
    }
    let mut next = offsets.clone();
    let mut sorted = vec![0u32; count];
    for item in 0..count {
        let slot = &mut next[key(item).index()];
        sorted[*slot as usize] = item as u32;
        *slot += 1;
    }
    (offsets, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_edges_and_both_directions_are_kept() {
        let ends = [(2, 0), (1, 0), (2, 0), (0, 0)].map(|(a, b)| (NodeId(a), NodeId(b)));
        let (adjacency, order) = Adjacency::build(3, &ends);
        assert_eq!(order, [3, 1, 0, 2]);
        assert_eq!(adjacency.outgoing(NodeId(2)), 2..4);
        assert_eq!(adjacency.incoming(NodeId(0)), [0, 1, 2, 3].map(EdgeId));
        assert!(adjacency.incoming(NodeId(1)).is_empty());
    }
}
