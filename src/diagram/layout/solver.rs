//! One solver for ranks and coordinates: sums of absolute differences under difference constraints.
//!
//! Minimises `Σ weight·|x[a] − x[b] + offset|` subject to `x[v] − x[u] ≥ gap`. The dual of this problem is a
//! minimum-cost circulation whose node potentials are the wanted coordinates; it is solved with the primal
//! network simplex method (Ahuja, Magnanti, Orlin, *Network Flows*, 1993, chapter 11) with strongly feasible
//! trees (Cunningham 1976), which cannot cycle. All numbers are integers, so the answer is the same on
//! every machine. Using it for layered drawings follows Gansner, Koutsofios, North and Vo, "A technique for
//! drawing directed graphs" (1993).

use std::collections::VecDeque;

/// A set of constraints and wishes over `nodes` integer coordinates.
#[derive(Debug, Default, Clone)]
pub struct Program {
    nodes: usize,
    gaps: Vec<(usize, usize, i64)>,
    pulls: Vec<(usize, usize, i64, i64)>,
}

impl Program {
    /// A program over `nodes` coordinates without any constraint.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { nodes, ..Self::default() }
    }

    /// Adds one more coordinate and returns its index.
    pub fn add_node(&mut self) -> usize {
        self.nodes += 1;
        self.nodes - 1
    }

    /// Demands `x[right] − x[left] ≥ gap`.
    pub fn gap(&mut self, left: usize, right: usize, gap: i64) {
        self.gaps.push((left, right, gap));
    }

    /// Wishes `x[a] + offset = x[b]`, with the given cost for each unit of difference.
    pub fn pull(&mut self, a: usize, b: usize, offset: i64, weight: i64) {
        if a != b && weight > 0 {
            self.pulls.push((a, b, offset, weight));
        }
    }

    /// Number of coordinates.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Gives every wish the weight `change(difference, weight)`, the difference being that of `x`; returns
    /// whether any weight changed.
    pub fn reweight(&mut self, x: &[i64], change: impl Fn(i64, i64) -> i64) -> bool {
        let mut changed = false;
        for (a, b, offset, weight) in &mut self.pulls {
            let new = change((x[*a] - x[*b] + *offset).abs(), *weight).max(1);
            changed |= new != *weight;
            *weight = new;
        }
        changed
    }

    /// Optimal coordinates. `None` if the constraints contradict each other.
    #[must_use]
    pub fn solve(&self) -> Option<Vec<i64>> {
        self.feasible().map(|start| self.solve_from(&start))
    }

    /// Optimal coordinates, searched from `start`, which must satisfy all gaps.
    #[must_use]
    pub fn solve_from(&self, start: &[i64]) -> Vec<i64> {
        let mut network = Network::new(self, start);
        network.run();
        let mut x: Vec<i64> = network.potential[..self.nodes].iter().map(|p| -p).collect();
        let least = x.iter().copied().min().unwrap_or(0);
        x.iter_mut().for_each(|value| *value -= least);
        x
    }

    /// Smallest non-negative coordinates that satisfy all gaps; `None` if there is a positive circle.
    #[must_use]
    pub fn feasible(&self) -> Option<Vec<i64>> {
        let mut out = vec![Vec::new(); self.nodes];
        for &(u, v, gap) in &self.gaps {
            out[u].push((v, gap));
        }
        let mut x = vec![0i64; self.nodes];
        let mut queued = vec![true; self.nodes];
        let mut visits = vec![0usize; self.nodes];
        let mut queue: VecDeque<usize> = (0..self.nodes).collect();
        while let Some(u) = queue.pop_front() {
            queued[u] = false;
            visits[u] += 1;
            if visits[u] > self.nodes + 1 {
                return None;
            }
            for &(v, gap) in &out[u] {
                if x[v] < x[u] + gap {
                    x[v] = x[u] + gap;
                    if !std::mem::replace(&mut queued[v], true) {
                        queue.push_back(v);
                    }
                }
            }
        }
        Some(x)
    }
}

const NONE: u32 = u32::MAX;
const INFINITE: i64 = i64::MAX / 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Lower,
    Upper,
    Tree,
}

struct Arc {
    from: u32,
    to: u32,
    cost: i64,
    capacity: i64,
    flow: i64,
    state: State,
}

/// Circulation network with its current spanning tree.
struct Network {
    arcs: Vec<Arc>,
    parent: Vec<u32>,
    /// Arc that joins a node with its parent.
    link: Vec<u32>,
    depth: Vec<u32>,
    first_child: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    potential: Vec<i64>,
    /// Where the search for an entering arc goes on.
    cursor: usize,
    /// Arcs that may enter the tree (the artificial ones may not).
    real: usize,
}

/// The arc that leaves the tree, and what is pushed.
struct Leaving {
    delta: i64,
    /// Node whose link leaves; `None` if the entering arc only changes its bound.
    node: Option<usize>,
    on_first_side: bool,
}

impl Network {
    fn new(program: &Program, start: &[i64]) -> Self {
        let n = program.nodes;
        let arc = |a: usize, b: usize, cost, capacity| Arc {
            from: a as u32,
            to: b as u32,
            cost,
            capacity,
            flow: 0,
            state: State::Lower,
        };
        let mut arcs = Vec::with_capacity(program.gaps.len() + 2 * program.pulls.len() + n);
        for &(a, b, offset, weight) in &program.pulls {
            arcs.push(arc(a, b, -offset, weight));
            arcs.push(arc(b, a, offset, weight));
        }
        for &(u, v, gap) in &program.gaps {
            arcs.push(arc(u, v, -gap, INFINITE));
        }
        let real = arcs.len();
        for (node, x) in start.iter().enumerate() {
            arcs.push(Arc { state: State::Tree, ..arc(node, n, *x, INFINITE) });
        }
        let mut network = Self {
            arcs,
            parent: vec![n as u32; n + 1],
            link: (0..=n).map(|node| (real + node) as u32).collect(),
            depth: vec![1; n + 1],
            first_child: vec![NONE; n + 1],
            next: vec![NONE; n + 1],
            previous: vec![NONE; n + 1],
            potential: start.iter().map(|x| -x).chain([0]).collect(),
            cursor: 0,
            real,
        };
        network.parent[n] = NONE;
        network.link[n] = NONE;
        network.depth[n] = 0;
        for node in (0..n).rev() {
            network.attach(node, n);
        }
        network
    }

    fn run(&mut self) {
        while let Some(entering) = self.entering() {
            self.pivot(entering);
        }
    }

    fn reduced_cost(&self, arc: &Arc) -> i64 {
        arc.cost + self.potential[arc.from as usize] - self.potential[arc.to as usize]
    }

    /// The worst violated arc of the next block that holds one.
    fn entering(&mut self) -> Option<usize> {
        let block = self.real.isqrt().max(24);
        let (mut best, mut worst, mut left) = (None, 0, block);
        let mut at = self.cursor;
        for _ in 0..self.real {
            let arc = &self.arcs[at];
            let violation = match arc.state {
                State::Tree => 0,
                State::Lower => self.reduced_cost(arc),
                State::Upper => -self.reduced_cost(arc),
            };
            if violation < worst {
                (best, worst) = (Some(at), violation);
            }
            at = if at + 1 == self.real { 0 } else { at + 1 };
            left -= 1;
            if left == 0 {
                if best.is_some() {
                    break;
                }
                left = block;
            }
        }
        self.cursor = at;
        best
    }

    fn pivot(&mut self, entering: usize) {
        let arc = &self.arcs[entering];
        let (first, second) = match arc.state {
            State::Upper => (arc.to as usize, arc.from as usize),
            _ => (arc.from as usize, arc.to as usize),
        };
        let join = self.join(first, second);
        let leaving = self.leaving(entering, first, second, join);
        self.push(entering, first, second, join, leaving.delta);
        match leaving.node {
            None => {
                let arc = &mut self.arcs[entering];
                arc.state = if arc.state == State::Lower { State::Upper } else { State::Lower };
            }
            Some(out) => {
                let gone = &mut self.arcs[self.link[out] as usize];
                gone.state = if gone.flow == 0 { State::Lower } else { State::Upper };
                self.arcs[entering].state = State::Tree;
                let (inside, outside) = if leaving.on_first_side { (first, second) } else { (second, first) };
                self.rehang(inside, outside, out, entering);
                self.refresh(inside, entering);
            }
        }
    }

    fn join(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth[a] >= self.depth[b] {
                a = self.parent[a] as usize;
            } else {
                b = self.parent[b] as usize;
            }
        }
        a
    }

    /// How much more can flow from `node` to its parent (`up`) or back.
    fn room(&self, node: usize, up: bool) -> i64 {
        let arc = &self.arcs[self.link[node] as usize];
        if (arc.from as usize == node) == up { arc.capacity - arc.flow } else { arc.flow }
    }

    fn leaving(&self, entering: usize, first: usize, second: usize, join: usize) -> Leaving {
        let mut best = Leaving { delta: self.arcs[entering].capacity, node: None, on_first_side: false };
        let mut node = first;
        while node != join {
            let room = self.room(node, false);
            if room < best.delta {
                best = Leaving { delta: room, node: Some(node), on_first_side: true };
            }
            node = self.parent[node] as usize;
        }
        node = second;
        while node != join {
            let room = self.room(node, true);
            if room <= best.delta {
                best = Leaving { delta: room, node: Some(node), on_first_side: false };
            }
            node = self.parent[node] as usize;
        }
        best
    }

    fn push(&mut self, entering: usize, first: usize, second: usize, join: usize, delta: i64) {
        if delta == 0 {
            return;
        }
        let arc = &mut self.arcs[entering];
        arc.flow += if arc.state == State::Upper { -delta } else { delta };
        for (start, up) in [(first, false), (second, true)] {
            let mut node = start;
            while node != join {
                let arc = &mut self.arcs[self.link[node] as usize];
                arc.flow += if (arc.from as usize == node) == up { delta } else { -delta };
                node = self.parent[node] as usize;
            }
        }
    }

    /// Makes `inside` the root of the subtree cut off above `out` and hangs it below `outside`.
    fn rehang(&mut self, inside: usize, outside: usize, out: usize, entering: usize) {
        let (mut node, mut parent, mut link) = (inside, outside, entering as u32);
        loop {
            let (old_parent, old_link) = (self.parent[node] as usize, self.link[node]);
            self.detach(node);
            self.parent[node] = parent as u32;
            self.link[node] = link;
            self.attach(node, parent);
            if node == out {
                break;
            }
            (parent, node, link) = (node, old_parent, old_link);
        }
    }

    fn detach(&mut self, node: usize) {
        let (before, after) = (self.previous[node], self.next[node]);
        if before == NONE {
            self.first_child[self.parent[node] as usize] = after;
        } else {
            self.next[before as usize] = after;
        }
        if after != NONE {
            self.previous[after as usize] = before;
        }
    }

    fn attach(&mut self, node: usize, parent: usize) {
        let old = self.first_child[parent];
        self.previous[node] = NONE;
        self.next[node] = old;
        if old != NONE {
            self.previous[old as usize] = node as u32;
        }
        self.first_child[parent] = node as u32;
    }

    /// New potentials and depths for the subtree at `top`, whose link has just entered.
    fn refresh(&mut self, top: usize, entering: usize) {
        let cost = self.reduced_cost(&self.arcs[entering]);
        let shift = if self.arcs[entering].from as usize == top { -cost } else { cost };
        let mut node = top;
        loop {
            self.potential[node] += shift;
            self.depth[node] = self.depth[self.parent[node] as usize] + 1;
            if self.first_child[node] != NONE {
                node = self.first_child[node] as usize;
                continue;
            }
            while node != top && self.next[node] == NONE {
                node = self.parent[node] as usize;
            }
            if node == top {
                return;
            }
            node = self.next[node] as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(program: &Program, x: &[i64]) -> i64 {
        program.pulls.iter().map(|&(a, b, offset, weight)| weight * (x[a] - x[b] + offset).abs()).sum()
    }

    #[test]
    fn straightens_and_keeps_gaps() {
        let mut program = Program::new(3);
        program.gap(0, 1, 10);
        program.pull(2, 0, 0, 1);
        program.pull(2, 1, 0, 5);
        let x = program.solve().expect("feasible");
        assert_eq!(x[2], x[1]);
        assert_eq!(x[1] - x[0], 10);
    }

    #[test]
    fn contradictions_are_reported() {
        let mut program = Program::new(2);
        program.gap(0, 1, 1);
        program.gap(1, 0, 1);
        assert!(program.solve().is_none());
        assert_eq!(Program::new(0).solve(), Some(vec![]));
    }

    /// Compares with exhaustive search on small generated programs.
    #[test]
    fn optimal_on_small_programs() {
        let mut seed = 7u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..300 {
            let mut program = Program::new(4);
            for (u, v) in [(0, 1), (1, 2), (0, 3), (2, 3)] {
                if random(2) == 0 {
                    program.gap(u, v, random(3) as i64);
                }
            }
            for _ in 0..5 {
                let (a, b) = (random(4) as usize, random(4) as usize);
                program.pull(a, b, random(5) as i64 - 2, random(4) as i64);
            }
            let solved = program.solve().expect("acyclic");
            assert!(program.gaps.iter().all(|&(u, v, gap)| solved[v] - solved[u] >= gap));
            let best = (0..9i64.pow(4))
                .map(|code| (0..4).map(|i| code / 9i64.pow(i) % 9).collect::<Vec<_>>())
                .filter(|x| program.gaps.iter().all(|&(u, v, gap)| x[v] - x[u] >= gap))
                .map(|x| cost(&program, &x))
                .min();
            assert_eq!(Some(cost(&program, &solved)), best);
        }
    }
}
