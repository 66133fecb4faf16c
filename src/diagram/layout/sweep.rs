//! One descent to an order with few crossings, by weighted medians and neighbour swaps.
//!
//! The layer-by-layer sweep and the transposition step follow Gansner, Koutsofios, North and Vo (1993);
//! crossings are counted with the accumulator tree of Barth, Jünger and Mutzel (2002).

use super::order::Net;

/// Sweeps of one start.
const SWEEPS: usize = 16;
/// Sweeps without improvement after which a start ends.
const PATIENCE: usize = 4;

/// What makes an order bad: crossings, and the way lines run sideways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub crossings: u64,
    pub stretch: u64,
}

impl Cost {
    /// Half places of sideways way that weigh as much as a crossing.
    const CROSSING: u64 = 8;

    pub const fn sum(self) -> u64 {
        self.crossings * Self::CROSSING + self.stretch
    }
}

/// One start of the search.
pub(super) struct Search<'a> {
    net: &'a Net,
    rows: Vec<Vec<u32>>,
    place: Vec<u32>,
    tree: Vec<u32>,
    ends: Vec<u64>,
    scratch: Scratch,
    /// Neighbours looked at so far.
    pub steps: usize,
}

/// Room for the sorted places of the neighbours of one row.
#[derive(Default)]
struct Scratch {
    places: Vec<u32>,
    /// For each node of the row: its number, and where its upper and lower neighbours begin and end.
    items: Vec<[u32; 4]>,
    keys: Vec<(u32, u64, u32)>,
    slots: Vec<usize>,
}

impl<'a> Search<'a> {
    pub fn new(net: &'a Net, rows: Vec<Vec<u32>>) -> Self {
        let mut place = vec![0; net.rank.len()];
        for row in &rows {
            row.iter().enumerate().for_each(|(at, node)| place[*node as usize] = at as u32);
        }
        Self { net, rows, place, tree: Vec::new(), ends: Vec::new(), scratch: Scratch::default(), steps: 0 }
    }

    pub fn run(&mut self, start: usize) -> (Cost, Vec<Vec<u32>>) {
        let mut best = (self.cost(), self.rows.clone());
        let mut idle = 0;
        for sweep in 0..SWEEPS {
            self.sweep((sweep + start).is_multiple_of(2), sweep % 4 >= 2);
            self.transpose();
            let cost = self.cost();
            if cost.sum() < best.0.sum() {
                best = (cost, self.rows.clone());
                idle = 0;
            } else {
                idle += 1;
            }
            if idle >= PATIENCE {
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
        let Scratch { keys, slots, places, .. } = &mut self.scratch;
        keys.clear();
        slots.clear();
        for (at, node) in self.rows[row].iter().enumerate() {
            self.steps += neighbours.of(*node).len() * 2 + 2;
            if let Some(median) = median(neighbours.of(*node), &self.place, places) {
                slots.push(at);
                keys.push((self.net.lane[*node as usize], median, *node));
            }
        }
        if flip {
            keys.reverse();
        }
        keys.sort_by_key(|(lane, median, _)| (*lane, *median));
        for (slot, (_, _, node)) in slots.iter().zip(keys) {
            self.rows[row][*slot] = *node;
        }
        if self.net.lanes {
            self.rows[row].sort_by_key(|node| self.net.lane[*node as usize]);
        }
        self.net.restore(&mut self.rows[row]);
        self.number(row);
    }

    fn number(&mut self, row: usize) {
        for (at, node) in self.rows[row].iter().enumerate() {
            self.place[*node as usize] = at as u32;
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
        self.gather(row);
        let Scratch { places, items, .. } = &self.scratch;
        let up = |item: &[u32; 4]| &places[item[1] as usize..item[2] as usize];
        let down = |item: &[u32; 4]| &places[item[2] as usize..item[3] as usize];
        let mut items = items.clone();
        let mut any = false;
        for at in 1..items.len() {
            let (left, right) = (&items[at - 1], &items[at]);
            let now = inversions(up(left), up(right)) + inversions(down(left), down(right));
            if now == 0 || !self.net.may_swap(left[0], right[0]) {
                continue;
            }
            if inversions(up(right), up(left)) + inversions(down(right), down(left)) < now {
                items.swap(at - 1, at);
                any = true;
            }
        }
        if any {
            self.rows[row].clear();
            self.rows[row].extend(items.iter().map(|item| item[0]));
            self.number(row);
        }
        any
    }

    /// Sorted places of all neighbours of a row.
    fn gather(&mut self, row: usize) {
        let Scratch { places, items, .. } = &mut self.scratch;
        places.clear();
        items.clear();
        for node in &self.rows[row] {
            let mut item = [*node, places.len() as u32, 0, 0];
            for (side, list) in [self.net.up.of(*node), self.net.down.of(*node)].into_iter().enumerate() {
                let begin = places.len();
                places.extend(list.iter().map(|other| self.place[*other as usize]));
                if list.len() > 1 {
                    places[begin..].sort_unstable();
                }
                item[side + 2] = places.len() as u32;
            }
            items.push(item);
        }
        self.steps += places.len() * 3;
    }

    fn cost(&mut self) -> Cost {
        Cost { crossings: self.crossings(), stretch: self.stretch() }
    }

    /// How far, in places from the middle of their rows, the ends of all segments are apart.
    fn stretch(&mut self) -> u64 {
        let mut stretch = 0;
        for pair in self.rows.windows(2) {
            let shift = pair[0].len() as i64 - pair[1].len() as i64;
            for (place, node) in pair[1].iter().enumerate() {
                for other in self.net.up.of(*node) {
                    let apart = 2 * (place as i64 - i64::from(self.place[*other as usize])) + shift;
                    stretch += apart.unsigned_abs();
                }
            }
        }
        stretch
    }

    pub fn crossings(&mut self) -> u64 {
        (1..self.rows.len()).map(|row| self.crossings_above(row)).sum()
    }

    fn crossings_above(&mut self, row: usize) -> u64 {
        self.ends.clear();
        for (place, node) in self.rows[row].iter().enumerate() {
            let pair = |other: &u32| (u64::from(self.place[*other as usize]) << 32) | place as u64;
            self.ends.extend(self.net.up.of(*node).iter().map(pair));
        }
        self.ends.sort_unstable();
        self.steps += self.ends.len() * 4;
        self.tree.clear();
        self.tree.resize(self.rows[row].len() + 1, 0);
        let mut crossings = 0u64;
        for (seen, pair) in self.ends.iter().enumerate() {
            let bottom = (pair & 0xFFFF_FFFF) as usize;
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
fn inversions(left: &[u32], right: &[u32]) -> usize {
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
fn median(neighbours: &[u32], place: &[u32], places: &mut Vec<u32>) -> Option<u64> {
    let at = |node: u32| u64::from(place[node as usize]) * 1024;
    match neighbours {
        [] => return None,
        [only] => return Some(at(*only)),
        [a, b] => return Some(u64::midpoint(at(*a), at(*b))),
        _ => {}
    }
    places.clear();
    places.extend(neighbours.iter().map(|node| place[*node as usize]));
    places.sort_unstable();
    let value = |index: usize| u64::from(places[index]) * 1024;
    let (count, middle) = (places.len(), places.len() / 2);
    if count % 2 == 1 {
        return Some(value(middle));
    }
    let (left, right) = (value(middle - 1) - value(0), value(count - 1) - value(middle));
    Some(match left + right {
        0 => u64::midpoint(value(middle - 1), value(middle)),
        span => (value(middle - 1) * right + value(middle) * left) / span,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversion_pairs() {
        assert_eq!(inversions(&[1, 5], &[0, 2, 9]), 3);
        assert_eq!(inversions(&[], &[1]), 0);
    }
}
