//! From rows and tracks to coordinates: pieces of the chart, packed side by side.

use petgraph::unionfind::UnionFind;

use super::geometry::{Anchor, BoxGeometry, ClusterGeometry, Geometry, LabelGeometry, LineGeometry, Point, Rect, Text};
use super::lanes::{Lanes, lanes};
use super::layered::{Hint, Layered, Piece, Route};
use super::order::Order;
use super::ports::{LABEL_GAP, LOOP_REACH, Ports};
use super::position::{Positions, place};
use super::rank::{Pull, rank};
use super::route::{LABEL_LIFT, Tracks, tracks};
use super::sizes::Block;
use super::{LayoutOptions, order, shape, sizes};
use crate::diagram::Diagram;
use crate::diagram::style::SMALL_SIZE;
use crate::diagram::text::{self, Weight};
use crate::escape::visible::visible;

/// What a crossing costs, in pixels of line.
const CROSSING_PRICE: i64 = 250;
/// What a sideways piece costs besides its length, in pixels of line.
const BEND_PRICE: i64 = 40;
/// Room between pieces, in pixels.
const PIECE_GAP: i32 = 44;
/// Height of the headings of lanes, in pixels.
const LANE_HEAD: i32 = 26;
/// Room below the last box of a lane, in pixels.
const LANE_FOOT: i32 = 14;

/// What is to be drawn.
struct Plan<'a> {
    diagram: &'a Diagram,
    options: &'a LayoutOptions,
    boxes: &'a [Block],
    lanes: &'a Lanes,
}

/// Lays out all boxes and lines; the chart starts at (0, 0).
pub(super) fn chart(diagram: &Diagram, options: &LayoutOptions) -> Geometry {
    let boxes = sizes::boxes(diagram);
    let mut geometry = Geometry {
        boxes: vec![BoxGeometry::default(); diagram.boxes.len()],
        lines: vec![LineGeometry::default(); diagram.lines.len()],
        ..Geometry::default()
    };
    let lanes = lanes(diagram);
    let pieces = pieces(diagram, lanes.cluster.len() > 1);
    let plan = Plan { diagram, options, boxes: &boxes, lanes: &lanes };
    let sizes: Vec<(i32, i32)> = pieces.iter().map(|piece| draw(piece, &plan, &mut geometry)).collect();
    let (places, width, height) = pack(&sizes);
    for (piece, place) in pieces.iter().zip(places) {
        piece.boxes.iter().for_each(|index| geometry.boxes[*index].shift(place.x, place.y));
        piece.lines.iter().for_each(|index| geometry.lines[*index].shift(place.x, place.y));
    }
    geometry.chart = Rect { x: 0, y: 0, width, height };
    geometry
}

/// Connected pieces; the one with the subject first, then by size.
fn pieces(diagram: &Diagram, joined: bool) -> Vec<Piece> {
    let mut sets = UnionFind::<usize>::new(diagram.boxes.len());
    for line in &diagram.lines {
        sets.union(line.owner, line.owned);
    }
    let mut number = vec![usize::MAX; diagram.boxes.len()];
    let mut pieces: Vec<Piece> = Vec::new();
    let mut of_box = Vec::with_capacity(diagram.boxes.len());
    for index in 0..diagram.boxes.len() {
        let set = if joined { 0 } else { sets.find_mut(index) };
        if number[set] == usize::MAX {
            number[set] = pieces.len();
            pieces.push(Piece::default());
        }
        pieces[number[set]].boxes.push(index);
        of_box.push(number[set]);
    }
    for (index, line) in diagram.lines.iter().enumerate() {
        pieces[of_box[line.owner]].lines.push(index);
    }
    let subject = |piece: &Piece| piece.boxes.iter().any(|index| diagram.boxes[*index].subject);
    pieces.sort_by_key(|piece| (!subject(piece), std::cmp::Reverse(piece.boxes.len())));
    pieces
}

/// Lays out one piece at (0, 0) and returns its size.
fn draw(piece: &Piece, plan: &Plan<'_>, geometry: &mut Geometry) -> (i32, i32) {
    let Plan { diagram, options, boxes, lanes } = *plan;
    let pulls = pulls(piece, diagram);
    let ranking = rank(piece.boxes.len(), &pulls);
    let mut layered = Layered::new(piece, &pulls, &ranking, &|party| Hint {
        lane: lanes.of_box[party],
        kept: options.kept(&diagram.boxes[party].id),
    });
    let labels = labels(diagram, &layered);
    let mut best: Option<(i64, Placed)> = None;
    for order in order::orders(&layered) {
        order.apply(&mut layered);
        let placed = Placed::new(&layered, plan, &labels, order);
        let cost = placed.cost(&layered);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, placed));
        }
    }
    let Some((_, Placed { order, ports, positions, tracks })) = best else {
        return (0, 0);
    };
    order.apply(&mut layered);
    let head = if lanes.cluster.len() > 1 { LANE_HEAD } else { 0 };
    let pen = Pen { layered: &layered, ports: &ports, positions: &positions, tracks: &tracks, labels: &labels, head };
    pen.boxes(boxes, geometry);
    pen.lines(diagram, geometry);
    if head > 0 {
        pen.clusters(diagram, lanes, geometry);
        return (positions.width, tracks.height + head + LANE_FOOT);
    }
    (positions.width, tracks.height)
}

/// One way to place a piece.
struct Placed {
    order: Order,
    ports: Ports,
    positions: Positions,
    tracks: Tracks,
}

impl Placed {
    fn new(layered: &Layered, plan: &Plan<'_>, labels: &[Block], order: Order) -> Self {
        let ports = Ports::new(layered, plan.diagram, plan.boxes, labels);
        let positions = place(layered, &ports);
        let tracks = tracks(layered, &ports, &positions);
        Self { order, ports, positions, tracks }
    }

    /// How far lines run sideways, in pixels, with a price for each bend, each crossing and the width.
    fn cost(&self, layered: &Layered) -> i64 {
        let mut cost = i64::try_from(self.order.crossings).unwrap_or(i64::MAX / 1000) * CROSSING_PRICE;
        for (segment, steps) in self.tracks.steps.iter().enumerate() {
            let mut x = self.positions.out[segment];
            for step in steps {
                cost += i64::from((step.x - x).abs()) + BEND_PRICE;
                x = step.x;
            }
        }
        cost + i64::from(self.positions.width) * layered.rows.len() as i64 / 4
    }
}

/// Labels of the lines of a piece, by index in the diagram; those of other lines stay empty.
fn labels(diagram: &Diagram, layered: &Layered) -> Vec<Block> {
    let mut labels = vec![Block::default(); diagram.lines.len()];
    for route in &layered.routes {
        labels[route.line] = sizes::label(&diagram.lines[route.line], route.upward);
    }
    for line in layered.loops.iter().flatten() {
        labels[*line] = sizes::label(&diagram.lines[*line], false);
    }
    labels
}

fn pulls(piece: &Piece, diagram: &Diagram) -> Vec<Pull> {
    let local = |index: usize| piece.boxes.binary_search(&index).unwrap_or(0);
    let strength = |strength: u16| {
        if strength == 0 { 500 } else { i64::from(strength.min(1000)) }
    };
    let lines = piece.lines.iter().map(|line| &diagram.lines[*line]);
    lines
        .map(|line| Pull {
            owner: local(line.owner),
            owned: local(line.owned),
            strength: strength(line.strength) + 100,
        })
        .collect()
}

/// Turns rows and tracks of a piece into coordinates.
struct Pen<'a> {
    layered: &'a Layered,
    ports: &'a Ports,
    positions: &'a Positions,
    tracks: &'a Tracks,
    labels: &'a [Block],
    head: i32,
}

impl Pen<'_> {
    fn top(&self, node: usize) -> i32 {
        self.tracks.row_top[self.layered.nodes[node].rank] + self.head
    }

    fn rect(&self, node: usize) -> Rect {
        let width = self.ports.width[node];
        let x = self.positions.node[node] - width / 2;
        Rect { x, y: self.top(node), width, height: self.ports.height[node] }
    }

    fn boxes(&self, blocks: &[Block], geometry: &mut Geometry) {
        for (at, node) in self.layered.nodes.iter().enumerate() {
            let Some(party) = node.party else { continue };
            let rect = self.rect(at);
            let spare = (rect.height - blocks[party].height) / 2;
            let texts =
                blocks[party].place(self.positions.node[at] - blocks[party].lean, rect.y + spare, Anchor::Middle);
            geometry.boxes[party] = BoxGeometry { rect, texts, rank: node.rank };
        }
    }

    fn lines(&self, diagram: &Diagram, geometry: &mut Geometry) {
        for route in &self.layered.routes {
            geometry.lines[route.line] = self.line(route);
        }
        for (node, loops) in self.layered.loops.iter().enumerate() {
            let mut y = self.top(node) + 6;
            for line in loops {
                let kind = diagram.boxes[diagram.lines[*line].owner].kind;
                geometry.lines[*line] = self.self_holding(node, *line, kind, y);
                y += 26;
            }
        }
    }

    fn line(&self, route: &Route) -> LineGeometry {
        let mut points = Vec::new();
        for (number, segment) in route.segments.iter().enumerate() {
            let ends = self.layered.segments[*segment];
            let top = self.positions.out[*segment];
            let bottom = self.positions.node[ends.bottom] + self.ports.entry[*segment];
            if number == 0 {
                points.push(Point { x: top, y: self.rect(ends.top).bottom() });
            }
            let mut x = top;
            for step in &self.tracks.steps[*segment] {
                let y = step.y + self.head;
                points.extend([Point { x, y }, Point { x: step.x, y }]);
                x = step.x;
            }
            if number + 1 == route.segments.len() {
                points.push(Point { x: bottom, y: self.top(ends.bottom) });
            }
        }
        let label = points.last().and_then(|end| self.label(route.line, end.x + LABEL_GAP, end.y - LABEL_LIFT));
        if route.upward {
            points.reverse();
        }
        LineGeometry { points, label, upward: route.upward }
    }

    /// The label of `line` with its lower left corner at the given place.
    fn label(&self, line: usize, left: i32, bottom: i32) -> Option<LabelGeometry> {
        let block = &self.labels[line];
        (!block.is_empty()).then(|| {
            let rect = Rect { x: left, y: bottom - block.height, width: block.width, height: block.height };
            LabelGeometry { rect, texts: block.place(left, rect.y, Anchor::Start) }
        })
    }

    fn self_holding(&self, node: usize, line: usize, kind: crate::diagram::PartyKind, y: i32) -> LineGeometry {
        let rect = self.rect(node);
        let side = |y: i32| rect.right() - shape::side_inset(kind, rect.height, y - rect.y);
        let (upper, lower, out) = (y, y + 18, rect.right() + LOOP_REACH);
        let points = vec![
            Point { x: side(upper), y: upper },
            Point { x: out, y: upper },
            Point { x: out, y: lower },
            Point { x: side(lower), y: lower },
        ];
        let half = self.labels[line].height / 2;
        let label = self.label(line, out + LABEL_GAP, i32::midpoint(upper, lower) + half);
        LineGeometry { points, label, upward: false }
    }

    fn clusters(&self, diagram: &Diagram, lanes: &Lanes, geometry: &mut Geometry) {
        for (lane, cluster) in lanes.cluster.iter().enumerate() {
            let Some(number) = *cluster else { continue };
            let members = self.layered.nodes.iter().enumerate();
            let members = members.filter(|(_, node)| node.party.is_some() && node.lane == lane);
            let edges = members.map(|(at, _)| {
                let x = self.positions.node[at];
                (x - self.ports.left[at], x + self.ports.right[at])
            });
            let Some((left, right)) = edges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
                continue;
            };
            let rect = Rect {
                x: left - 12,
                y: 0,
                width: right - left + 24,
                height: self.tracks.height + self.head + LANE_FOOT,
            };
            let text = text::cut(&visible(&diagram.clusters[number].label), rect.width - 12, SMALL_SIZE, Weight::Bold);
            let at = Point { x: rect.x + 8, y: 15 };
            let text = Text { text, at, size: SMALL_SIZE, weight: Weight::Bold, anchor: Anchor::Start, muted: true };
            geometry.clusters.push((number, ClusterGeometry { rect, text }));
        }
    }
}

/// Places rectangles in shelves of about page shape; returns corners and the total size.
fn pack(sizes: &[(i32, i32)]) -> (Vec<Point>, i32, i32) {
    let area: i64 = sizes.iter().map(|(w, h)| i64::from(w + PIECE_GAP) * i64::from(h + PIECE_GAP)).sum();
    let wanted = i32::try_from((area * 16 / 10).isqrt()).unwrap_or(i32::MAX / 8);
    let limit = sizes.iter().map(|(w, _)| *w).max().unwrap_or(0).max(wanted);
    let (mut x, mut y, mut shelf) = (0, 0, 0);
    let (mut width, mut places) = (0, Vec::with_capacity(sizes.len()));
    for (w, h) in sizes {
        if x > 0 && x + w > limit {
            y += shelf + PIECE_GAP;
            (x, shelf) = (0, 0);
        }
        places.push(Point { x, y });
        width = width.max(x + w);
        x += w + PIECE_GAP;
        shelf = shelf.max(*h);
    }
    (places, width, y + shelf)
}
