//! Two-way compressed adjacency: for each entity what it holds and who holds it, in flat arrays.

use super::columns::Interest;
use super::pages::Zeroed;
use super::side_by_side::side_by_side;
use super::{EdgeId, NodeId};
use arrow_buffer::ScalarBuffer;

/// Lists whose owners are looked up in a row, so that the waits for memory overlap.
const AT_ONCE: usize = 1 << 10;

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
        let outgoing = || Lists::of(nodes, interests.len(), end(|edge| edge.owner())).finish();
        let incoming = || {
            let mut lists = Lists::of(nodes, interests.len(), end(|edge| edge.owned()));
            lists.sort_by_key(|edge| interests[edge as usize][0]);
            lists.finish()
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
struct Lists {
    /// Where each list begins, and the last one ends.
    offsets: Zeroed,
    edges: Zeroed,
}

impl Lists {
    /// Stable counting sort of `0..count` by key.
    fn of(keys: usize, count: usize, key: impl Fn(usize) -> NodeId) -> Self {
        let mut lists = Self { offsets: Zeroed::of((keys + 1) * 4), edges: Zeroed::of(count * 4) };
        let (offsets, edges) = (lists.offsets.values_mut(), lists.edges.values_mut());
        for item in 0..count {
            post_increment(&mut offsets[key(item).index()]);
        }
        let mut total = 0;
        for offset in offsets.iter_mut() {
            let count = u32::from_ne_bytes(*offset);
            *offset = u32::to_ne_bytes(total);
            total += count;
        }
        for item in 0..count {
            let place = post_increment(&mut offsets[key(item).index()]);
            edges[place as usize] = (item as u32).to_ne_bytes();
        }
        // Each offset has moved to the end of its list, which is where the next one starts.
        offsets.rotate_right(1);
        offsets[0] = [0; 4];
        lists
    }

    /// Sorts each list by key, equal ones by number. Takes eight bytes for each edge of [`AT_ONCE`] lists.
    fn sort_by_key(&mut self, key: impl Fn(u32) -> u32) {
        let offsets: &[[u8; 4]] = self.offsets.values();
        let edges = self.edges.values_mut();
        let mut keyed: Vec<u64> = Vec::new();
        for first in (0..offsets.len().saturating_sub(1)).step_by(AT_ONCE) {
            let lists = &offsets[first..offsets.len().min(first + AT_ONCE + 1)];
            let place = |offset: &[u8; 4]| u32::from_ne_bytes(*offset) as usize;
            let (start, end) = (place(&lists[0]), place(&lists[lists.len() - 1]));
            let of_lists = &mut edges[start..end];
            keyed.clear();
            keyed.extend(of_lists.iter().map(|edge| {
                let edge = u32::from_ne_bytes(*edge);
                u64::from(key(edge)) << 32 | u64::from(edge)
            }));
            for list in lists.windows(2) {
                keyed[place(&list[0]) - start..place(&list[1]) - start].sort_unstable();
            }
            of_lists.iter_mut().zip(&keyed).for_each(|(edge, keyed)| *edge = (*keyed as u32).to_ne_bytes());
        }
    }

    fn finish(self) -> Edges {
        Edges { offsets: self.offsets.finish().into(), edges: self.edges.finish().into() }
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
    fn edges_of_many_lists_and_of_one_are_sorted_as_few_are() {
        let owner_of = |edge: u32| edge.wrapping_mul(2_654_435_761) % 50;
        for owned in [3 * AT_ONCE as u32, 1] {
            let interests: Vec<[u32; 8]> =
                (0..70_000u32).map(|number| [owner_of(number), number * 31 % owned, 0, 0, 0, 0, 0, 0]).collect();
            let adjacency = Adjacency::build(3 * AT_ONCE, &interests);
            let mut wanted = vec![Vec::new(); 3 * AT_ONCE];
            (0..70_000u32).for_each(|edge| wanted[interests[edge as usize][1] as usize].push(edge));
            for (list, mut wanted) in (0..).zip(wanted) {
                wanted.sort_by_key(|&edge| interests[edge as usize][0]);
                let found: Vec<u32> = adjacency.incoming(NodeId(list)).map(|edge| edge.0).collect();
                assert_eq!(found, wanted, "{list} of {owned}");
            }
            let of_owner = |owner: u32| (0..70_000u32).filter(move |&edge| owner_of(edge) == owner);
            for owner in 0..50 {
                assert!(adjacency.outgoing(NodeId(owner)).map(|edge| edge.0).eq(of_owner(owner)), "{owner}");
            }
        }
    }
}
