//! Measures how well a chart is drawn, from its geometry alone. The tests hold every layout against these.

use super::geometry::{Geometry, Point, Rect};

/// Faults of a drawing; smaller is better, and only crossings can be unavoidable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quality {
    /// Points where two lines cross.
    pub crossings: usize,
    /// Pairs of a line and a box that is not at its ends where the line runs through the box.
    pub lines_through_boxes: usize,
    /// Pairs of boxes that overlap.
    pub box_on_box: usize,
    /// Pairs of labels that overlap.
    pub label_on_label: usize,
    /// Pairs of a label and a box that overlap.
    pub label_on_box: usize,
    /// Pairs of a label and a line (its own included) where the line runs through the label.
    pub label_on_line: usize,
    /// Pairs of pieces of different lines that lie on each other or nearly so.
    pub overlaid: usize,
    /// Corners of all lines.
    pub bends: usize,
    /// Sideways pieces so short that they look like a mistake.
    pub jogs: usize,
    /// Sum of the lengths of all lines, in pixels.
    pub length: i64,
}

/// Pieces nearer than this count as lying on each other, in pixels.
const NEAR: i32 = 3;

/// Sideways pieces shorter than this are jogs, in pixels.
const JOG: i32 = 8;

/// A horizontal or vertical piece of a line.
#[derive(Debug, Clone, Copy)]
struct Piece {
    line: usize,
    from: Point,
    to: Point,
}

impl Piece {
    fn upright(&self) -> bool {
        self.from.x == self.to.x
    }

    /// Whether the piece runs through the inside of `rect`.
    fn through(&self, rect: &Rect) -> bool {
        if self.upright() {
            let between = rect.x < self.from.x && self.from.x < rect.right();
            between && self.from.y < rect.bottom() && rect.y < self.to.y
        } else {
            let between = rect.y < self.from.y && self.from.y < rect.bottom();
            between && self.from.x < rect.right() && rect.x < self.to.x
        }
    }
}

/// Measures `geometry`.
#[must_use]
pub fn quality(geometry: &Geometry) -> Quality {
    let pieces = pieces(geometry);
    let rects: Vec<Rect> = geometry.boxes.iter().map(|party| party.rect).collect();
    let labels: Vec<Rect> = geometry.lines.iter().filter_map(|line| line.label.as_ref()).map(|l| l.rect).collect();
    let mut quality = Quality {
        box_on_box: overlaps(&rects),
        label_on_label: overlaps(&labels),
        label_on_box: labels.iter().map(|label| rects.iter().filter(|rect| label.overlaps(rect)).count()).sum(),
        label_on_line: labels.iter().map(|label| pieces.iter().filter(|piece| piece.through(label)).count()).sum(),
        lines_through_boxes: pieces.iter().map(|piece| passed(piece, &rects, geometry)).sum(),
        bends: geometry.lines.iter().map(|line| line.points.len().saturating_sub(2)).sum(),
        jogs: pieces.iter().filter(|p| !p.upright() && p.to.x - p.from.x < JOG).count(),
        length: pieces.iter().map(|p| i64::from(p.to.x - p.from.x + p.to.y - p.from.y)).sum(),
        ..Quality::default()
    };
    for (at, a) in pieces.iter().enumerate() {
        for b in pieces[at + 1..].iter().filter(|b| b.line != a.line) {
            match (a.upright(), b.upright()) {
                (true, false) => quality.crossings += usize::from(cross(b, a)),
                (false, true) => quality.crossings += usize::from(cross(a, b)),
                _ => quality.overlaid += usize::from(overlaid(a, b)),
            }
        }
    }
    quality
}

/// How many boxes the piece runs through; the box of a self-holding does not count.
fn passed(piece: &Piece, rects: &[Rect], geometry: &Geometry) -> usize {
    let points = &geometry.lines[piece.line].points;
    let holds = |rect: &Rect, point: Option<&Point>| {
        point.is_some_and(|p| (rect.x..=rect.right()).contains(&p.x) && (rect.y..=rect.bottom()).contains(&p.y))
    };
    let own = |rect: &Rect| holds(rect, points.first()) && holds(rect, points.last());
    rects.iter().filter(|rect| piece.through(rect) && !own(rect)).count()
}

/// All pieces, each from its smaller to its larger coordinate.
fn pieces(geometry: &Geometry) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (line, data) in geometry.lines.iter().enumerate() {
        for pair in data.points.windows(2) {
            let low = Point { x: pair[0].x.min(pair[1].x), y: pair[0].y.min(pair[1].y) };
            let high = Point { x: pair[0].x.max(pair[1].x), y: pair[0].y.max(pair[1].y) };
            pieces.push(Piece { line, from: low, to: high });
        }
    }
    pieces
}

fn overlaps(rects: &[Rect]) -> usize {
    rects.iter().enumerate().map(|(at, a)| rects[at + 1..].iter().filter(|b| a.overlaps(b)).count()).sum()
}

fn cross(level: &Piece, upright: &Piece) -> bool {
    level.from.x < upright.from.x
        && upright.from.x < level.to.x
        && upright.from.y < level.from.y
        && level.from.y < upright.to.y
}

fn overlaid(a: &Piece, b: &Piece) -> bool {
    if a.upright() {
        (a.from.x - b.from.x).abs() < NEAR && a.from.y < b.to.y && b.from.y < a.to.y
    } else {
        (a.from.y - b.from.y).abs() < NEAR && a.from.x < b.to.x && b.from.x < a.to.x
    }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::{BoxGeometry, LineGeometry};
    use super::*;

    fn line(points: &[(i32, i32)]) -> LineGeometry {
        let points = points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect();
        LineGeometry { points, ..LineGeometry::default() }
    }

    #[test]
    fn sees_faults() {
        let rect = Rect { x: 40, y: 40, width: 20, height: 20 };
        let geometry = Geometry {
            boxes: vec![BoxGeometry { rect, ..BoxGeometry::default() }],
            lines: vec![line(&[(0, 50), (100, 50)]), line(&[(30, 0), (30, 90), (70, 90)]), line(&[(31, 80), (31, 95)])],
            ..Geometry::default()
        };
        let found = quality(&geometry);
        assert_eq!((found.crossings, found.lines_through_boxes, found.overlaid), (1 + 1, 1, 1));
        assert_eq!(found.bends, 1);
    }

    #[test]
    fn touching_an_edge_is_no_fault() {
        let rect = Rect { x: 0, y: 10, width: 20, height: 20 };
        let geometry = Geometry {
            boxes: vec![BoxGeometry { rect, ..BoxGeometry::default() }],
            lines: vec![line(&[(10, 0), (10, 10)]), line(&[(0, 0), (0, 50)]), line(&[(10, 30), (10, 50)])],
            ..Geometry::default()
        };
        assert_eq!(quality(&geometry).lines_through_boxes, 0);
    }
}
