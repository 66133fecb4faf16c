//! Two-way compressed adjacency: for each entity what it holds and who holds it, in flat arrays.

use super::columns::Interest;
use super::pages::Zeroed;
use super::side_by_side::side_by_side;
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
        let interest = |edge: usize| Interest::from_words(interests[edge]);
        let outgoing = || {
            let lists = Lists::of(nodes, interests.len(), |edge| (interest(edge).owner(), (edge as u32).to_ne_bytes()));
            lists.finish()
        };
        let incoming = || {
            let owned = |edge: usize| {
                let interest = interest(edge);
                (interest.owned(), (u64::from(interest.owner().0) << 32 | edge as u64).to_ne_bytes())
            };
            Lists::of(nodes, interests.len(), owned).sorted()
        };
        let (incoming, outgoing) = side_by_side(interests.len(), incoming, outgoing);
        Self { outgoing, incoming }
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

/// Lists while they are made; each number as its bytes.
struct Lists<const N: usize> {
    /// Where each list begins, and the last one ends.
    offsets: Zeroed,
    items: Zeroed,
}

impl<const N: usize> Lists<N> {
    /// Stable counting sort of so many items, each told with its key.
    fn of(keys: usize, count: usize, item: impl Fn(usize) -> (NodeId, [u8; N])) -> Self {
        let mut lists = Self { offsets: Zeroed::of((keys + 1) * 4), items: Zeroed::of(count * N) };
        let (offsets, items) = (lists.offsets.values_mut(), lists.items.values_mut());
        for number in 0..count {
            post_increment(&mut offsets[item(number).0.index()]);
        }
        let mut total = 0;
        for offset in offsets.iter_mut() {
            let count = u32::from_ne_bytes(*offset);
            *offset = u32::to_ne_bytes(total);
            total += count;
        }
        for number in 0..count {
            let (key, item) = item(number);
            items[post_increment(&mut offsets[key.index()]) as usize] = item;
        }
        // Each offset has moved to the end of its list, which is where the next one starts.
        offsets.rotate_right(1);
        offsets[0] = [0; 4];
        lists
    }
}

impl Lists<4> {
    fn finish(self) -> Edges {
        Edges { offsets: self.offsets.finish().into(), edges: self.items.finish().into() }
    }
}

impl Lists<8> {
    /// The lower halves of the items, each list in the order of all of them. Owners stand beside the edges while these are
    /// sorted: to look each of them up costs more than to write it.
    fn sorted(mut self) -> Edges {
        let pair = |item: &[u8; 8]| u64::from_ne_bytes(*item);
        let pairs = self.items.values_mut();
        let mut edges = Zeroed::of(pairs.len() * 4);
        let all = edges.values_mut();
        for list in self.offsets.values().windows(2) {
            let list = u32::from_ne_bytes(list[0]) as usize..u32::from_ne_bytes(list[1]) as usize;
            let pairs = &mut pairs[list.clone()];
            pairs.sort_unstable_by_key(pair);
            all[list].iter_mut().zip(pairs).for_each(|(edge, item)| *edge = (pair(item) as u32).to_ne_bytes());
        }
        Edges { offsets: self.offsets.finish().into(), edges: edges.finish().into() }
    }
}

fn post_increment(number: &mut [u8; 4]) -> u32 {
    let before = u32::from_ne_bytes(*number);
    *number = (before + 1).to_ne_bytes();
    before
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
