//! The order of the nodes in each row: few crossings by weighted medians and neighbour swaps.
//!
//! The layer-by-layer sweep and the transposition step follow Gansner, Koutsofios, North and Vo (1993);
//! crossings are counted with the accumulator tree of Barth, Jünger and Mutzel (2002). The search is started
//! several times from seeded shuffles and the best order wins; the seeds are fixed, so the same chart always
//! gets the same order.

use super::layered::Layered;

/// Sweeps of one start.
const SWEEPS: usize = 14;
/// Sweeps without improvement after which a start ends.
const PATIENCE: usize = 4;
/// Rough number of steps all starts together may take.
const BUDGET: usize = 1_600_000;

/// Orders the rows of `layered` and sorts its ports accordingly.
pub(super) fn order(layered: &mut Layered) {
    let net = Net::new(layered);
    let work = (net.edges + net.rank.len()) * SWEEPS;
    let starts = (BUDGET / work.max(1)).clamp(2, 48);
    let mut best: Option<(u64, Vec<Vec<usize>>)> = None;
    for start in 0..starts {
        let found = Search::new(&net, net.initial(&layered.rows, start as u64)).run(start);
        if best.as_ref().is_none_or(|(crossings, _)| found.0 < *crossings) {
            let done = found.0 == 0;
            best = Some(found);
            if done {
                break;
            }
        }
    }
    if let Some((_, rows)) = best {
        layered.rows = rows;
    }
    layered.renumber();
    layered.sort_ports();
}

/// Number of crossings of the current order of `layered`.
pub(super) fn crossings(layered: &Layered) -> u64 {
    let net = Net::new(layered);
    Search::new(&net, layered.rows.clone()).crossings()
}

/// Neighbour lists of all nodes.
struct Net {
    up: Vec<Vec<usize>>,
    down: Vec<Vec<usize>>,
    lane: Vec<usize>,
    rank: Vec<usize>,
    edges: usize,
}

impl Net {
    fn new(layered: &Layered) -> Self {
        let nodes = layered.nodes.iter();
        let top = |segment: &usize| layered.segments[*segment].top;
        let bottom = |segment: &usize| layered.segments[*segment].bottom;
        Self {
            up: nodes.clone().map(|node| node.up.iter().map(top).collect()).collect(),
            down: nodes.clone().map(|node| node.down.iter().map(bottom).collect()).collect(),
            lane: nodes.clone().map(|node| node.lane).collect(),
            rank: nodes.map(|node| node.rank).collect(),
            edges: layered.segments.len(),
        }
    }

    /// The rows in the order of a walk through the net; from start 1 on the walk is shuffled.
    fn initial(&self, rows: &[Vec<usize>], start: u64) -> Vec<Vec<usize>> {
        let mut random = Random(start.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
        let mut roots: Vec<usize> = rows.iter().flatten().copied().collect();
        if start > 0 {
            random.shuffle(&mut roots);
        }
        let mut ordered = vec![Vec::new(); rows.len()];
        let mut seen = vec![false; self.rank.len()];
        for root in roots {
            self.walk(root, start, &mut random, &mut seen, &mut ordered);
        }
        for row in &mut ordered {
            row.sort_by_key(|node| self.lane[*node]);
        }
        ordered
    }

    fn walk(&self, root: usize, start: u64, random: &mut Random, seen: &mut [bool], rows: &mut [Vec<usize>]) {
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if std::mem::replace(&mut seen[node], true) {
                continue;
            }
            rows[self.rank[node]].push(node);
            let mut around: Vec<usize> = self.up[node].iter().chain(&self.down[node]).copied().collect();
            if start > 0 {
                random.shuffle(&mut around);
            }
            stack.extend(around.into_iter().rev().filter(|other| !seen[*other]));
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

    fn shuffle(&mut self, list: &mut [usize]) {
        for at in (1..list.len()).rev() {
            list.swap(at, (self.next() % (at as u64 + 1)) as usize);
        }
    }
}

/// One start of the search.
struct Search<'a> {
    net: &'a Net,
    rows: Vec<Vec<usize>>,
    place: Vec<usize>,
    tree: Vec<u32>,
    ends: Vec<(usize, usize)>,
}

impl<'a> Search<'a> {
    fn new(net: &'a Net, rows: Vec<Vec<usize>>) -> Self {
        let mut place = vec![0; net.rank.len()];
        for row in &rows {
            row.iter().enumerate().for_each(|(at, node)| place[*node] = at);
        }
        Self { net, rows, place, tree: Vec::new(), ends: Vec::new() }
    }

    fn run(mut self, start: usize) -> (u64, Vec<Vec<usize>>) {
        let mut best = (self.crossings(), self.rows.clone());
        let mut idle = 0;
        for sweep in 0..SWEEPS {
            self.sweep((sweep + start) % 2 == 0, sweep % 4 >= 2);
            self.transpose();
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
                idle = 0;
            } else {
                idle += 1;
            }
            if idle >= PATIENCE || best.0 == 0 {
                break;
            }
        }
        best
    }

    fn sweep(&mut self, downwards: bool, flip: bool) {
        let rows = self.rows.len();
        for step in 1..rows {
            let row = if downwards { step } else { rows - 1 - step };
            self.sort_row(row, downwards, flip);
        }
    }

    /// Sorts a row by the medians of its neighbours; nodes without neighbours keep their place.
    fn sort_row(&mut self, row: usize, downwards: bool, flip: bool) {
        let neighbours = if downwards { &self.net.up } else { &self.net.down };
        let mut keys: Vec<(usize, u64, usize)> = Vec::new();
        let mut slots = Vec::new();
        for (at, node) in self.rows[row].iter().enumerate() {
            if let Some(median) = median(&neighbours[*node], &self.place) {
                slots.push(at);
                keys.push((self.net.lane[*node], median, *node));
            }
        }
        if flip {
            keys.reverse();
        }
        keys.sort_by_key(|(lane, median, _)| (*lane, *median));
        for (slot, (_, _, node)) in slots.iter().zip(keys) {
            self.rows[row][*slot] = node;
        }
        let lane = &self.net.lane;
        self.rows[row].sort_by_key(|node| lane[*node]);
        for (at, node) in self.rows[row].iter().enumerate() {
            self.place[*node] = at;
        }
    }

    /// Swaps neighbours while that removes crossings.
    fn transpose(&mut self) {
        let mut dirty = vec![true; self.rows.len()];
        for _ in 0..12 {
            let mut any = false;
            for row in 0..self.rows.len() {
                if std::mem::replace(&mut dirty[row], false) && self.transpose_row(row) {
                    any = true;
                    let around = row.saturating_sub(1)..=(row + 1).min(self.rows.len() - 1);
                    dirty[around].fill(true);
                }
            }
            if !any {
                return;
            }
        }
    }

    fn transpose_row(&mut self, row: usize) -> bool {
        let places = |list: &Vec<usize>| {
            let mut places: Vec<usize> = list.iter().map(|other| self.place[*other]).collect();
            places.sort_unstable();
            places
        };
        let nodes = std::mem::take(&mut self.rows[row]);
        let mut items: Vec<_> =
            nodes.iter().map(|node| (*node, places(&self.net.up[*node]), places(&self.net.down[*node]))).collect();
        let mut any = false;
        for at in 1..items.len() {
            let (left, right) = (&items[at - 1], &items[at]);
            if self.net.lane[left.0] != self.net.lane[right.0] {
                continue;
            }
            let now = inversions(&left.1, &right.1) + inversions(&left.2, &right.2);
            if now > 0 && inversions(&right.1, &left.1) + inversions(&right.2, &left.2) < now {
                items.swap(at - 1, at);
                any = true;
            }
        }
        self.rows[row] = items.into_iter().map(|item| item.0).collect();
        for (at, node) in self.rows[row].iter().enumerate() {
            self.place[*node] = at;
        }
        any
    }

    fn crossings(&mut self) -> u64 {
        (1..self.rows.len()).map(|row| self.crossings_above(row)).sum()
    }

    fn crossings_above(&mut self, row: usize) -> u64 {
        self.ends.clear();
        for node in &self.rows[row] {
            let place = self.place[*node];
            self.ends.extend(self.net.up[*node].iter().map(|other| (self.place[*other], place)));
        }
        self.ends.sort_unstable();
        self.tree.clear();
        self.tree.resize(self.rows[row].len() + 1, 0);
        let mut crossings = 0u64;
        for (seen, (_, bottom)) in self.ends.iter().enumerate() {
            let mut not_right = 0;
            let mut at = bottom + 1;
            while at > 0 {
                not_right += self.tree[at];
                at &= at - 1;
            }
            crossings += seen as u64 - u64::from(not_right);
            at = bottom + 1;
            while at < self.tree.len() {
                self.tree[at] += 1;
                at += at & at.wrapping_neg();
            }
        }
        crossings
    }
}

/// Pairs `(a, b)` with `a > b`; both lists are sorted.
fn inversions(left: &[usize], right: &[usize]) -> usize {
    let (mut count, mut below) = (0, 0);
    for a in left {
        while below < right.len() && right[below] < *a {
            below += 1;
        }
        count += below;
    }
    count
}

/// Weighted median of the places of `neighbours`, times 1024.
fn median(neighbours: &[usize], place: &[usize]) -> Option<u64> {
    let mut places: Vec<u64> = neighbours.iter().map(|node| place[*node] as u64 * 1024).collect();
    places.sort_unstable();
    let (count, middle) = (places.len(), places.len() / 2);
    match count {
        0 => None,
        2 => Some(u64::midpoint(places[0], places[1])),
        _ if count % 2 == 1 => Some(places[middle]),
        _ => {
            let left = places[middle - 1] - places[0];
            let right = places[count - 1] - places[middle];
            match left + right {
                0 => Some(u64::midpoint(places[middle - 1], places[middle])),
                span => Some((places[middle - 1] * right + places[middle] * left) / span),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layered::Piece;
    use super::super::rank::{Pull, rank};
    use super::*;

    fn ordered(nodes: usize, pairs: &[(usize, usize)]) -> Layered {
        let pulls: Vec<Pull> =
            pairs.iter().map(|(owner, owned)| Pull { owner: *owner, owned: *owned, strength: 500 }).collect();
        let piece = Piece { boxes: (0..nodes).collect(), lines: (0..pairs.len()).collect() };
        let mut layered = Layered::new(&piece, &pulls, &rank(nodes, &pulls), &|_| 0);
        order(&mut layered);
        layered
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

    #[test]
    fn inversion_pairs() {
        assert_eq!(inversions(&[1, 5], &[0, 2, 9]), 3);
        assert_eq!(inversions(&[], &[1]), 0);
    }
}
