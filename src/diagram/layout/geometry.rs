//! The result of a layout: whole-pixel coordinates that every writer and test uses.

use serde::{Deserialize, Serialize};

use crate::diagram::text::Weight;

/// A place on the page; x grows to the right, y downwards, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
}

/// An axis-parallel rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
}

impl Rect {
    /// The x coordinate of the right edge.
    #[must_use]
    pub const fn right(&self) -> i32 {
        self.x + self.width
    }

    /// The y coordinate of the lower edge.
    #[must_use]
    pub const fn bottom(&self) -> i32 {
        self.y + self.height
    }

    /// Whether the two rectangles share more than an edge.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    fn shift(&mut self, dx: i32, dy: i32) {
        self.x += dx;
        self.y += dy;
    }
}

/// Which point of a text its x coordinate names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The left end, whatever the writing direction.
    #[default]
    Start,
    /// The middle.
    Middle,
}

/// One line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What is written.
    pub text: String,
    /// Position of the anchor on the base line.
    pub at: Point,
    /// Font size in pixels.
    pub size: i32,
    /// Normal or bold.
    pub weight: Weight,
    /// What `at` means.
    pub anchor: Anchor,
    /// Whether the text is of second rank (drawn in a muted colour).
    pub muted: bool,
}

impl Text {
    fn shift(&mut self, dx: i32, dy: i32) {
        self.at.x += dx;
        self.at.y += dy;
    }
}

/// Where a box stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxGeometry {
    /// Outline.
    pub rect: Rect,
    /// Name and further lines.
    pub texts: Vec<Text>,
    /// Row of the box, counted from the top of its component.
    pub rank: usize,
}

/// Where a label stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelGeometry {
    /// The room the label takes.
    pub rect: Rect,
    /// Its lines of text.
    pub texts: Vec<Text>,
}

/// Where a line runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineGeometry {
    /// Corners from the owner to the owned party; the arrow head is at the last one.
    /// Every piece is horizontal or vertical.
    pub points: Vec<Point>,
    /// The label, if the line has one.
    pub label: Option<LabelGeometry>,
    /// The line closes a circle and so runs upwards.
    pub upward: bool,
}

/// Where a cluster frame stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterGeometry {
    /// The frame.
    pub rect: Rect,
    /// Its heading.
    pub text: Text,
}

/// One entry of the legend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegendGeometry {
    /// What the sample shows.
    pub entry: crate::diagram::legend::Entry,
    /// Room of the sample.
    pub sample: Rect,
    /// What it means.
    pub text: Text,
}

/// A laid-out chart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Geometry {
    /// Width of the page in pixels.
    pub width: i32,
    /// Height of the page in pixels.
    pub height: i32,
    /// The part of the page that holds boxes and lines.
    pub chart: Rect,
    /// One for each box of the diagram, in its order.
    pub boxes: Vec<BoxGeometry>,
    /// One for each line of the diagram, in its order.
    pub lines: Vec<LineGeometry>,
    /// One for each cluster of the diagram that holds a box, with its index.
    pub clusters: Vec<(usize, ClusterGeometry)>,
    /// Heading and as-of line.
    pub header: Vec<Text>,
    /// Legend entries.
    pub legend: Vec<LegendGeometry>,
    /// Omissions and numbered sources below the chart.
    pub notes: Vec<Text>,
}

impl Geometry {
    /// Moves boxes, lines and clusters (not the texts of the page).
    pub(super) fn shift_chart(&mut self, dx: i32, dy: i32) {
        self.chart.shift(dx, dy);
        self.boxes.iter_mut().for_each(|geometry| geometry.shift(dx, dy));
        self.lines.iter_mut().for_each(|geometry| geometry.shift(dx, dy));
        for (_, cluster) in &mut self.clusters {
            cluster.rect.shift(dx, dy);
            cluster.text.shift(dx, dy);
        }
    }
}

impl BoxGeometry {
    pub(super) fn shift(&mut self, dx: i32, dy: i32) {
        self.rect.shift(dx, dy);
        self.texts.iter_mut().for_each(|text| text.shift(dx, dy));
    }
}

impl LineGeometry {
    pub(super) fn shift(&mut self, dx: i32, dy: i32) {
        for point in &mut self.points {
            point.x += dx;
            point.y += dy;
        }
        if let Some(label) = &mut self.label {
            label.rect.shift(dx, dy);
            label.texts.iter_mut().for_each(|text| text.shift(dx, dy));
        }
    }
}
