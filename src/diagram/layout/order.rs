//! The order of the nodes in each row: few crossings by weighted medians and neighbour swaps.
//!
//! The descent in [`super::sweep`] is started several times, first from seeded shuffles, then from slightly
//! shaken versions of the best order so far; the best few orders are handed on. The seeds are fixed, so the
//! same chart always gets the same orders.

use super::layered::Layered;
use super::sweep::{Cost, Search};

/// Starts from scratch before the best order is shaken.
const FRESH: usize = 3;
/// One of this many nodes of a row is moved by a shake.
const SHAKEN: usize = 25;
/// Most orders that are handed on.
const KEPT: usize = 6;
/// All orders handed on together have about this many segments.
const KEPT_SEGMENTS: usize = 900;
/// Most starts.
const STARTS: usize = 96;
/// Steps (neighbours looked at) all starts together may take; about 4 ns each.
const STEPS: usize = 2_000_000;
/// Further steps for each segment, so that large charts get a few starts too.
const STEPS_PER_SEGMENT: usize = 7_000;

/// A good order of all rows.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Number of crossings.
    pub crossings: u64,
    rows: Vec<Vec<u32>>,
}

impl Order {
    /// Gives `layered` this order and sorts its ports accordingly.
    pub fn apply(&self, layered: &mut Layered) {
        let row = |row: &Vec<u32>| row.iter().map(|node| *node as usize).collect();
        layered.rows = self.rows.iter().map(row).collect();
        layered.renumber();
        layered.sort_ports();
    }
}

/// The best few orders found, best first; at least one.
pub(super) fn orders(layered: &Layered) -> Vec<Order> {
    let net = Net::new(layered);
    let mut left = STEPS + STEPS_PER_SEGMENT * layered.segments.len();
    let kept = (KEPT_SEGMENTS / layered.segments.len().max(1)).clamp(1, KEPT);
    let mut found: Vec<(Cost, Vec<Vec<u32>>)> = Vec::new();
    for start in 0..STARTS {
        let rows = match found.first() {
            Some((_, rows)) if start >= FRESH && start % 4 != 0 => net.shaken(rows, start as u64),
            _ => net.initial(&layered.rows, start as u64),
        };
        let mut search = Search::new(&net, rows);
        let next = search.run(start);
        // A later order goes before an equally good one, so that the search moves on.
        let at = found.partition_point(|(cost, _)| cost.sum() < next.0.sum());
        if found.get(at).is_none_or(|(_, rows)| *rows != next.1) {
            found.insert(at, next);
            found.truncate(kept);
        }
        left = left.saturating_sub(search.steps);
        if left == 0 {
            break;
        }
    }
    found.into_iter().map(|(cost, rows)| Order { crossings: cost.crossings, rows }).collect()
}

/// Neighbour lists of all nodes, packed.
pub(super) struct Lists {
    start: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn new(lists: impl Iterator<Item = Vec<u32>>) -> Self {
        let (mut start, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            start.push(items.len() as u32);
        }
        Self { start, items }
    }

    pub fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.items[self.start[node] as usize..self.start[node + 1] as usize]
    }
}

/// What the search needs to know of the rows.
pub(super) struct Net {
    pub up: Lists,
    pub down: Lists,
    pub lane: Vec<u32>,
    pub rank: Vec<u32>,
    pub lanes: bool,
    /// Earlier place of each node that had one; such nodes keep their order.
    pub kept: Vec<Option<i32>>,
    pub keeping: bool,
}

impl Net {
    fn new(layered: &Layered) -> Self {
        let nodes = layered.nodes.iter();
        let top = |segment: &usize| layered.segments[*segment].top as u32;
        let bottom = |segment: &usize| layered.segments[*segment].bottom as u32;
        Self {
            up: Lists::new(nodes.clone().map(|node| node.up.iter().map(top).collect())),
            down: Lists::new(nodes.clone().map(|node| node.down.iter().map(bottom).collect())),
            lane: nodes.clone().map(|node| node.lane as u32).collect(),
            rank: nodes.clone().map(|node| node.rank as u32).collect(),
            lanes: nodes.clone().any(|node| node.lane > 0),
            kept: nodes.clone().map(|node| node.kept).collect(),
            keeping: nodes.clone().any(|node| node.kept.is_some()),
        }
    }

    /// The rows in the order of a walk through the net; from start 1 on the walk is shuffled.
    fn initial(&self, rows: &[Vec<usize>], start: u64) -> Vec<Vec<u32>> {
        let mut random = Random(start.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
        let mut roots: Vec<u32> = rows.iter().flatten().map(|node| *node as u32).collect();
        if start > 0 {
            random.shuffle(&mut roots);
        }
        let mut ordered = vec![Vec::new(); rows.len()];
        let mut seen = vec![false; self.rank.len()];
        for root in roots {
            self.walk(root, start, &mut random, &mut seen, &mut ordered);
        }
        for row in &mut ordered {
            row.sort_by_key(|node| self.lane[*node as usize]);
            self.restore(row);
        }
        ordered
    }

    /// The best rows so far with some nodes at other places.
    fn shaken(&self, rows: &[Vec<u32>], start: u64) -> Vec<Vec<u32>> {
        let mut random = Random(start.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x2545_F491);
        let mut rows = rows.to_vec();
        for row in &mut rows {
            for _ in 0..row.len().div_ceil(SHAKEN) {
                let from = (random.next() % row.len() as u64) as usize;
                let to = (random.next() % row.len() as u64) as usize;
                let node = row.remove(from);
                row.insert(to, node);
            }
            row.sort_by_key(|node| self.lane[*node as usize]);
            self.restore(row);
        }
        rows
    }

    /// Puts the nodes of a row that have an earlier place back into their earlier order.
    pub fn restore(&self, row: &mut [u32]) {
        if !self.keeping {
            return;
        }
        let key = |node: &u32| self.kept[*node as usize].map(|x| (self.lane[*node as usize], x, *node));
        let mut kept: Vec<_> = row.iter().filter_map(key).collect();
        kept.sort_unstable();
        let slots = row.iter_mut().filter(|node| self.kept[**node as usize].is_some());
        slots.zip(kept).for_each(|(slot, (_, _, node))| *slot = node);
    }

    /// Whether two neighbours may change places.
    pub fn may_swap(&self, left: u32, right: u32) -> bool {
        let (left, right) = (left as usize, right as usize);
        self.lane[left] == self.lane[right] && !(self.kept[left].is_some() && self.kept[right].is_some())
    }

    fn walk(&self, root: u32, start: u64, random: &mut Random, seen: &mut [bool], rows: &mut [Vec<u32>]) {
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if std::mem::replace(&mut seen[node as usize], true) {
                continue;
            }
            rows[self.rank[node as usize] as usize].push(node);
            let mut around: Vec<u32> = self.up.of(node).iter().chain(self.down.of(node)).copied().collect();
            if start > 0 {
                random.shuffle(&mut around);
            }
            stack.extend(around.into_iter().rev().filter(|other| !seen[*other as usize]));
        }
    }
}

/// A small fixed generator (SplitMix64), so that results do not depend on any crate version.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn shuffle(&mut self, list: &mut [u32]) {
        for at in (1..list.len()).rev() {
            list.swap(at, (self.next() % (at as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layered::{Hint, Piece};
    use super::super::rank::{Pull, rank};
    use super::*;

    fn ordered(nodes: usize, pairs: &[(usize, usize)]) -> Layered {
        let pulls: Vec<Pull> =
            pairs.iter().map(|(owner, owned)| Pull { owner: *owner, owned: *owned, strength: 500 }).collect();
        let piece = Piece { boxes: (0..nodes).collect(), lines: (0..pairs.len()).collect() };
        let mut layered = Layered::new(&piece, &pulls, &rank(nodes, &pulls), &|_| Hint::default());
        orders(&layered)[0].apply(&mut layered);
        layered
    }

    /// Number of crossings of the order of `layered`.
    fn crossings(layered: &Layered) -> u64 {
        let rows = layered.rows.iter().map(|row| row.iter().map(|node| *node as u32).collect()).collect();
        Search::new(&Net::new(layered), rows).crossings()
    }

    #[test]
    fn planar_rows_come_out_without_crossings() {
        let layered = ordered(8, &[(0, 7), (1, 6), (2, 5), (3, 4), (0, 4), (1, 7), (2, 6)]);
        assert_eq!(crossings(&layered), 0);
    }

    #[test]
    fn counts_what_cannot_be_avoided() {
        let layered = ordered(6, &[(0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)]);
        assert_eq!(crossings(&layered), 9);
    }
}
