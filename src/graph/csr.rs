//! Two-way compressed adjacency: for each entity what it holds and who holds it, in flat arrays.

use super::columns::Interest;
use super::{EdgeId, NodeId};
use arrow_buffer::ScalarBuffer;

/// For each entity the edges that start there, in the order in which they were read, and those that end there, in the order
/// of their owners, so that what one owner holds stands together.
#[derive(Debug, Clone, Default)]
pub struct Adjacency {
    pub(super) outgoing: Edges,
    pub(super) incoming: Edges,
}

/// Lists of edges, one for each entity, as Arrow lays lists out.
#[derive(Debug, Clone, Default)]
pub(super) struct Edges {
    pub(super) offsets: ScalarBuffer<u32>,
    pub(super) edges: ScalarBuffer<u32>,
}

/// The edges at one end of an entity.
pub type EdgeIds<'g> = std::iter::Map<std::iter::Copied<std::slice::Iter<'g, u32>>, fn(u32) -> EdgeId>;

impl Adjacency {
    /// Builds both directions, side by side. Linear: two counting sorts.
    pub(crate) fn build(nodes: usize, interests: &[[u32; 8]]) -> Self {
        let end = |of: fn(Interest) -> NodeId| move |edge: usize| of(Interest::from_words(interests[edge]));
        let outgoing = || {
            let (offsets, edges) = counting_sort(nodes, interests.len(), end(|edge| edge.owner()));
            Edges { offsets: offsets.into(), edges: edges.into() }
        };
        let incoming = || {
            let (offsets, mut edges) = counting_sort(nodes, interests.len(), end(|edge| edge.owned()));
            let owner = |edge: &u32| (interests[*edge as usize][0], *edge);
            for list in offsets.windows(2) {
                let list = &mut edges[list[0] as usize..list[1] as usize];
                if !list.is_sorted_by_key(owner) {
                    list.sort_unstable_by_key(owner);
                }
            }
            Edges { offsets: offsets.into(), edges: edges.into() }
        };
        if interests.len() < SIDE_BY_SIDE {
            return Self { outgoing: outgoing(), incoming: incoming() };
        }
        std::thread::scope(|scope| {
            let incoming = scope.spawn(incoming);
            let outgoing = outgoing();
            let incoming = incoming.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Self { outgoing, incoming }
        })
    }

    /// The edges that start at `node`.
    pub fn outgoing(&self, node: NodeId) -> EdgeIds<'_> {
        self.outgoing.of(node)
    }

    /// Every edge, by owner.
    pub fn all(&self) -> EdgeIds<'_> {
        edge_ids(&self.outgoing.edges)
    }

    /// The edges that end at `node`.
    pub fn incoming(&self, node: NodeId) -> EdgeIds<'_> {
        self.incoming.of(node)
    }
}

/// Edges from which on a second thread pays.
const SIDE_BY_SIDE: usize = 1 << 16;

impl Edges {
    fn of(&self, node: NodeId) -> EdgeIds<'_> {
        let edges = match self.offsets.get(node.index()..node.index().saturating_add(2)) {
            Some(&[start, end]) => self.edges.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        };
        edge_ids(edges)
    }
}

fn edge_ids(edges: &[u32]) -> EdgeIds<'_> {
    edges.iter().copied().map(EdgeId as fn(u32) -> EdgeId)
}

/// Stable counting sort of `0..count` by key: where each list begins, and the lists.
fn counting_sort(keys: usize, count: usize, key: impl Fn(usize) -> NodeId) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0u32; keys + 1];
    for item in 0..count {
        offsets[key(item).index()] += 1;
    }
    let mut total = 0;
    for offset in &mut offsets {
        total += std::mem::replace(offset, total);
    }
    let mut sorted = vec![0u32; count];
    for item in 0..count {
        let slot = &mut offsets[key(item).index()];
        sorted[*slot as usize] = item as u32;
        *slot += 1;
    }
    // Each offset has moved to the end of its list, which is where the next one starts.
    offsets.rotate_right(1);
    offsets[0] = 0;
    (offsets, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_edges_and_both_directions_are_kept() {
        let interests = [(2, 0), (1, 0), (2, 0), (0, 0)].map(|(owner, owned)| [owner, owned, 0, 0, 0, 0, 0, 0]);
        let adjacency = Adjacency::build(3, &interests);
        let edges = |edges: EdgeIds<'_>| edges.map(|edge| edge.0).collect::<Vec<_>>();
        assert_eq!(edges(adjacency.outgoing(NodeId(2))), [0, 2]);
        assert_eq!(edges(adjacency.incoming(NodeId(0))), [3, 1, 0, 2]);
        assert_eq!(adjacency.incoming(NodeId(1)).len(), 0);
        assert_eq!(adjacency.incoming(NodeId(9)).len(), 0);
    }

    #[test]
    fn many_edges_are_sorted_as_few_are() {
        let interests: Vec<[u32; 8]> =
            (0..70_000u32).map(|number| [number % 7, number * 31 % 1000, 0, 0, 0, 0, 0, 0]).collect();
        let adjacency = Adjacency::build(1000, &interests);
        let mut wanted: Vec<u32> = (0..70_000).filter(|&number| interests[number as usize][1] == 62).collect();
        wanted.sort_by_key(|&number| interests[number as usize][0]);
        assert_eq!(adjacency.incoming(NodeId(62)).map(|edge| edge.0).collect::<Vec<_>>(), wanted);
        assert_eq!(adjacency.outgoing(NodeId(3)).len(), 10_000);
    }
}
