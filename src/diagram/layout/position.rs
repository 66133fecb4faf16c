//! Horizontal positions: an exact minimum of bends and line length that keeps the order of the rows.
//!
//! Boxes, ports and straight runs of long lines are coordinates of one [`Program`]. A port under a box may
//! move along the box; a port above a box is fixed by the slots of the labels. Straight lines weigh more than
//! boxes centred over what they own.

use super::layered::Layered;
use super::ports::Ports;
use super::solver::Program;

/// Free room between boxes, in pixels.
const BOX_GAP: i32 = 26;
/// Free room between a box and a passing line, in pixels.
const LINE_GAP: i32 = 14;
/// Distance of two passing lines, in pixels.
const RUN_GAP: i32 = 12;

/// Smallest distance of two ports that were moved, in pixels.
const PORT_GAP: i32 = 8;
/// Weight of a straight line; smaller weights centre boxes.
const STRAIGHT: i64 = 8;
/// How often weights are adapted.
const ROUNDS: usize = 3;

/// Positions in pixels, the smallest left edge being 0.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// Middle of each node.
    pub node: Vec<i32>,
    /// Where each segment leaves its upper node.
    pub out: Vec<i32>,
    /// Total width.
    pub width: i32,
}

/// Places all nodes and lower ports of `layered`.
pub(super) fn place(layered: &Layered, ports: &Ports) -> Positions {
    let mut builder = Builder::new(layered, ports);
    builder.keep_rows_apart();
    builder.keep_ports();
    builder.keep_lanes_apart();
    builder.wishes();
    let x = builder.solve().unwrap_or_else(|| vec![0; builder.program.nodes()]);
    builder.finish(&x)
}

struct Builder<'a> {
    layered: &'a Layered,
    ports: &'a Ports,
    program: Program,
    /// Coordinate of each node; bends of one straight run share theirs.
    node: Vec<usize>,
    /// Coordinate of the lower port of each segment.
    out: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(layered: &'a Layered, ports: &'a Ports) -> Self {
        let broken = broken_runs(layered);
        let mut program = Program::new(0);
        let mut node = vec![usize::MAX; layered.nodes.len()];
        let mut out = vec![usize::MAX; layered.segments.len()];
        for (at, data) in layered.nodes.iter().enumerate() {
            if data.party.is_some() {
                node[at] = program.add_node();
            }
        }
        for route in &layered.routes {
            for segment in &route.segments {
                let ends = layered.segments[*segment];
                if node[ends.bottom] == usize::MAX {
                    let straight = layered.is_inner(*segment) && !broken[*segment];
                    node[ends.bottom] = if straight { node[ends.top] } else { program.add_node() };
                }
                let port = layered.nodes[ends.top].party.is_some();
                out[*segment] = if port { program.add_node() } else { node[ends.top] };
            }
        }
        Self { layered, ports, program, node, out }
    }

    fn keep_rows_apart(&mut self) {
        for row in &self.layered.rows {
            for pair in row.windows(2) {
                let gap = self.separation(pair[0], pair[1]);
                self.program.gap(self.node[pair[0]], self.node[pair[1]], gap);
            }
        }
    }

    fn separation(&self, left: usize, right: usize) -> i64 {
        let is_box = |node: usize| self.layered.nodes[node].party.is_some();
        let free = match (is_box(left), is_box(right)) {
            (true, true) => BOX_GAP,
            (false, false) => RUN_GAP,
            _ => LINE_GAP,
        };
        i64::from(self.ports.right[left] + free + self.ports.left[right])
    }

    /// Lower ports stay under the flat part of their box, in order and apart.
    fn keep_ports(&mut self) {
        for (at, node) in self.layered.nodes.iter().enumerate() {
            if node.party.is_none() || node.down.is_empty() {
                continue;
            }
            let reach = i64::from(self.ports.flat[at]);
            let (first, last) = (node.down[0], node.down[node.down.len() - 1]);
            self.program.gap(self.node[at], self.out[first], -reach);
            self.program.gap(self.out[last], self.node[at], -reach);
            let pitch = i64::from(self.ports.pitch(at, node.down.len()));
            for pair in node.down.windows(2) {
                self.program.gap(self.out[pair[0]], self.out[pair[1]], pitch);
            }
        }
    }

    /// With clusters, everything of one lane stands left of everything of the next.
    fn keep_lanes_apart(&mut self) {
        let lanes = self.layered.nodes.iter().map(|node| node.lane).max().unwrap_or(0);
        if lanes == 0 {
            return;
        }
        let walls: Vec<usize> = (0..=lanes + 1).map(|_| self.program.add_node()).collect();
        for (at, node) in self.layered.nodes.iter().enumerate().filter(|(_, node)| node.party.is_some()) {
            let (left, right) = (i64::from(self.ports.left[at]), i64::from(self.ports.right[at]));
            self.program.gap(walls[node.lane], self.node[at], left + 20);
            self.program.gap(self.node[at], walls[node.lane + 1], right + 20);
        }
        for pair in walls.windows(2) {
            self.program.gap(pair[0], pair[1], 8);
            self.program.pull(pair[0], pair[1], 0, 1);
        }
    }

    fn wishes(&mut self) {
        for route in &self.layered.routes {
            let short = route.segments.len() == 1;
            for segment in &route.segments {
                let ends = self.layered.segments[*segment];
                let (top, bottom) = (self.out[*segment], self.node[ends.bottom]);
                let offset = self.ports.entry[*segment];
                let weight = if self.layered.is_inner(*segment) { 2 * STRAIGHT } else { STRAIGHT };
                self.program.pull(top, bottom, -i64::from(offset), weight);
                if self.layered.nodes[ends.top].party.is_some() {
                    self.program.pull(self.node[ends.top], bottom, 0, if short { 2 } else { 1 });
                }
            }
        }
    }

    /// Solves, then again with more weight on lines that are almost straight and less on those that bend anyway.
    fn solve(&mut self) -> Option<Vec<i64>> {
        let mut x = self.program.solve()?;
        for _ in 0..ROUNDS {
            let changed = self.program.reweight(&x, |difference, weight| match difference {
                _ if weight < STRAIGHT || difference == 0 => weight,
                1..=14 => (weight * 6).min(16 * STRAIGHT),
                15..=60 => weight,
                _ => (weight / 2).max(STRAIGHT / 2),
            });
            if !changed {
                break;
            }
            x = self.program.solve_from(&x);
        }
        Some(x)
    }

    fn finish(&self, x: &[i64]) -> Positions {
        let value = |at: &usize| i32::try_from(x[*at]).unwrap_or(i32::MAX / 8);
        let node: Vec<i32> = self.node.iter().map(value).collect();
        let out: Vec<i32> = self.out.iter().map(value).collect();
        let out = self.straightened(&node, out);
        let left = node.iter().zip(&self.ports.left).map(|(x, left)| x - left).min().unwrap_or(0);
        let right = node.iter().zip(&self.ports.right).map(|(x, right)| x + right).max().unwrap_or(0);
        Positions {
            node: node.iter().map(|x| x - left).collect(),
            out: out.iter().map(|x| x - left).collect(),
            width: right - left,
        }
    }
}

/// Lines off by no more than this are straightened if their ports have room, in pixels.
const SNAP: i32 = 12;

impl Builder<'_> {
    /// Moves lower ports a little beyond their usual reach where that makes a line straight.
    fn straightened(&self, node: &[i32], mut out: Vec<i32>) -> Vec<i32> {
        for (at, data) in self.layered.nodes.iter().enumerate().filter(|(_, data)| data.party.is_some()) {
            for (place, segment) in data.down.iter().enumerate() {
                let goal = node[self.layered.segments[*segment].bottom] + self.ports.entry[*segment];
                let left = place.checked_sub(1).and_then(|before| data.down.get(before));
                let free = left.is_none_or(|other| out[*other] + PORT_GAP <= goal)
                    && data.down.get(place + 1).is_none_or(|other| goal + PORT_GAP <= out[*other]);
                let between = (node[at] - goal).abs() <= self.ports.flat[at] + self.ports.spare[at];
                if (out[*segment] - goal).abs() <= SNAP && free && between {
                    out[*segment] = goal;
                }
            }
        }
        out
    }
}

/// Segments between bends that have to bend, since another such segment crosses them.
fn broken_runs(layered: &Layered) -> Vec<bool> {
    let mut broken = vec![false; layered.segments.len()];
    for row in layered.rows.iter().skip(1) {
        let inner: Vec<(usize, usize, usize)> = row
            .iter()
            .flat_map(|node| &layered.nodes[*node].up)
            .filter(|segment| layered.is_inner(**segment))
            .map(|segment| {
                let ends = layered.segments[*segment];
                (layered.place[ends.top], layered.place[ends.bottom], *segment)
            })
            .collect();
        break_crossed(&inner, &mut broken);
    }
    broken
}

/// Marks segments, most crossed first, until no unmarked pair crosses.
fn break_crossed(inner: &[(usize, usize, usize)], broken: &mut [bool]) {
    let cross = |a: &(usize, usize, usize), b: &(usize, usize, usize)| (a.0 < b.0) != (a.1 < b.1) && a.2 != b.2;
    loop {
        let open: Vec<_> = inner.iter().filter(|item| !broken[item.2]).collect();
        let crossed = |item: &&(usize, usize, usize)| open.iter().filter(|other| cross(item, other)).count();
        let worst = open.iter().map(|item| (crossed(item), std::cmp::Reverse(item.2))).max();
        match worst {
            Some((count, std::cmp::Reverse(segment))) if count > 0 => broken[segment] = true,
            _ => return,
        }
    }
}
