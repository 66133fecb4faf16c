//! Layered layout: owners above what they own, orthogonal lines, a slot of its own for every label.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981): break circles and choose rows (`rank`), order
//! each row (`order`), reserve ports and label slots (`ports`), place everything sideways (`position`),
//! route the lines (`route`), and put title, legend and notes around the chart (`sheet`). All arithmetic
//! is in integers and all seeds are fixed: the same diagram gives the same geometry on every machine.

mod assemble;
mod geometry;
mod lanes;
mod layered;
mod order;
mod ports;
mod position;
pub mod quality;
mod rank;
mod route;
pub mod shape;
mod sheet;
mod sizes;
mod solver;
mod sweep;

pub use geometry::{
    Anchor, BoxGeometry, ClusterGeometry, Geometry, LabelGeometry, LegendGeometry, LineGeometry, Point, Rect, Text,
};

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Diagram;

/// Most boxes that are laid out; above this a chart cannot be read and the caller should cut it.
pub const MAX_BOXES: usize = 5_000;
/// Most lines that are laid out.
pub const MAX_LINES: usize = 20_000;

/// Wishes for a layout.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LayoutOptions {
    /// Where boxes stood on an earlier chart, by id; they keep their order from left to right.
    pub previous: BTreeMap<String, i32>,
}

impl LayoutOptions {
    /// Wishes that boxes stay in the order they have on an earlier chart (for a reader who adds to it).
    #[must_use]
    pub fn keeping(diagram: &Diagram, geometry: &Geometry) -> Self {
        let middle = |party: &BoxGeometry| party.rect.x + party.rect.width / 2;
        let places = diagram.boxes.iter().zip(&geometry.boxes);
        Self { previous: places.map(|(party, place)| (party.id.clone(), middle(place))).collect() }
    }

    fn kept(&self, id: &str) -> Option<i32> {
        self.previous.get(id).copied()
    }
}

/// Why a diagram cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// A line names a box that does not exist.
    #[error("line {line} names box {index}, but the diagram has {boxes} boxes")]
    NoSuchBox {
        /// Index of the line.
        line: usize,
        /// The index it names.
        index: usize,
        /// Number of boxes.
        boxes: usize,
    },
    /// There is more than can be drawn.
    #[error("{boxes} boxes and {lines} lines are too many for a chart (at most {MAX_BOXES} and {MAX_LINES})")]
    TooLarge {
        /// Number of boxes.
        boxes: usize,
        /// Number of lines.
        lines: usize,
    },
}

/// Computes where everything on the chart stands.
///
/// # Errors
/// If a line names a box that does not exist, or if there are more boxes or lines than can be drawn.
pub fn layout(diagram: &Diagram, options: &LayoutOptions) -> Result<Geometry, LayoutError> {
    check(diagram)?;
    let mut geometry = assemble::chart(diagram, options);
    sheet::frame(diagram, &mut geometry);
    Ok(geometry)
}

fn check(diagram: &Diagram) -> Result<(), LayoutError> {
    let (boxes, lines) = (diagram.boxes.len(), diagram.lines.len());
    if boxes > MAX_BOXES || lines > MAX_LINES {
        return Err(LayoutError::TooLarge { boxes, lines });
    }
    for (line, data) in diagram.lines.iter().enumerate() {
        if let Some(index) = [data.owner, data.owned].into_iter().find(|index| *index >= boxes) {
            return Err(LayoutError::NoSuchBox { line, index, boxes });
        }
    }
    Ok(())
}
