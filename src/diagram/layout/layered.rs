//! One connected piece of the chart as rows of boxes and bends.

use super::rank::{Pull, Ranking};

/// A node of a row.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Index of the box in the diagram; `None` for the bend of a long line.
    pub party: Option<usize>,
    pub rank: usize,
    /// Segments to the row above, in the order of their ports once the rows are ordered.
    pub up: Vec<usize>,
    /// Segments to the row below, likewise.
    pub down: Vec<usize>,
    /// Nodes stay in the order of their lanes; all zero without clusters.
    pub lane: usize,
    /// Earlier horizontal place; such nodes stay in that order.
    pub kept: Option<i32>,
}

/// A piece of a line between neighbouring rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub route: usize,
    pub top: usize,
    pub bottom: usize,
}

/// The way of one line through the rows, from top to bottom.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Index of the line in the diagram.
    pub line: usize,
    /// The owner is at the bottom.
    pub upward: bool,
    pub segments: Vec<usize>,
}

/// Rows of nodes with the lines between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Layered {
    pub nodes: Vec<Node>,
    pub segments: Vec<Segment>,
    pub routes: Vec<Route>,
    pub rows: Vec<Vec<usize>>,
    /// Place of each node in its row.
    pub place: Vec<usize>,
    /// Lines from a box to itself, by node.
    pub loops: Vec<Vec<usize>>,
}

/// Where a box has to stand in its row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hint {
    /// Number of its lane.
    pub lane: usize,
    /// Where it stood before.
    pub kept: Option<i32>,
}

/// A connected piece: boxes and lines by their index in the diagram.
#[derive(Debug, Default, Clone)]
pub(super) struct Piece {
    pub boxes: Vec<usize>,
    pub lines: Vec<usize>,
}

impl Layered {
    /// Builds the rows. `pulls` are the lines of the piece with local box numbers.
    pub fn new(piece: &Piece, pulls: &[Pull], ranking: &Ranking, hint: &dyn Fn(usize) -> Hint) -> Self {
        let mut layered = Self { loops: vec![Vec::new(); piece.boxes.len()], ..Self::default() };
        for (local, party) in piece.boxes.iter().enumerate() {
            layered.push_node(Some(*party), ranking.rank[local], hint(*party));
        }
        for ((line, pull), upward) in piece.lines.iter().zip(pulls).zip(&ranking.upward) {
            if pull.owner == pull.owned {
                layered.loops[pull.owner].push(*line);
            } else {
                layered.push_route(*line, *pull, *upward);
            }
        }
        layered.renumber();
        layered
    }

    fn push_node(&mut self, party: Option<usize>, rank: usize, hint: Hint) -> usize {
        if self.rows.len() <= rank {
            self.rows.resize(rank + 1, Vec::new());
        }
        let Hint { lane, kept } = hint;
        self.nodes.push(Node { party, rank, up: Vec::new(), down: Vec::new(), lane, kept });
        self.rows[rank].push(self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn push_route(&mut self, line: usize, pull: Pull, upward: bool) {
        let (top, bottom) = if upward { (pull.owned, pull.owner) } else { (pull.owner, pull.owned) };
        let route = self.routes.len();
        let (lane, last) = (self.nodes[bottom].lane, self.nodes[bottom].rank);
        let mut segments = Vec::new();
        let mut from = top;
        for rank in self.nodes[top].rank + 1..=last {
            let to = if rank == last { bottom } else { self.push_node(None, rank, Hint { lane, kept: None }) };
            let segment = self.segments.len();
            self.segments.push(Segment { route, top: from, bottom: to });
            self.nodes[from].down.push(segment);
            self.nodes[to].up.push(segment);
            segments.push(segment);
            from = to;
        }
        self.routes.push(Route { line, upward, segments });
    }

    /// Makes `place` agree with `rows`.
    pub fn renumber(&mut self) {
        self.place.resize(self.nodes.len(), 0);
        for row in &self.rows {
            for (place, node) in row.iter().enumerate() {
                self.place[*node] = place;
            }
        }
    }

    /// Sorts the ports of all nodes by the place of the other end.
    pub fn sort_ports(&mut self) {
        let (segments, place) = (&self.segments, &self.place);
        for node in &mut self.nodes {
            node.up.sort_by_key(|segment| (place[segments[*segment].top], segments[*segment].route));
            node.down.sort_by_key(|segment| (place[segments[*segment].bottom], segments[*segment].route));
        }
    }

    /// Whether the segment joins two bends.
    pub fn is_inner(&self, segment: usize) -> bool {
        let Segment { top, bottom, .. } = self.segments[segment];
        self.nodes[top].party.is_none() && self.nodes[bottom].party.is_none()
    }
}
