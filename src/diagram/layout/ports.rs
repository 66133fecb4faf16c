//! Ports and label slots: where lines may touch a box, and how much room a box with its labels needs.
//!
//! Each line that ends at the upper edge of a box has a slot there, as wide as its label; the label stands to
//! the right of its line, directly above the box. Slots do not overlap and nothing but these lines passes
//! through the strip of the slots, so labels can touch neither each other nor boxes nor foreign lines.

use super::layered::Layered;
use super::sizes::{Block, inset, least_inset};
use crate::diagram::Diagram;

/// Distance from a line to its label, in pixels.
pub(super) const LABEL_GAP: i32 = 5;
/// Distance from a label to the next line, in pixels.
const SLOT_GAP: i32 = 10;
/// Smallest distance of two ports of a box, in pixels.
const PITCH: i32 = 16;
/// Smallest distance where there are very many, in pixels.
const NARROW_PITCH: i32 = 8;
/// How far a self-holding stands out from its box, in pixels.
pub(super) const LOOP_REACH: i32 = 18;

/// Sizes of nodes and places of upper ports.
#[derive(Debug, Default)]
pub(super) struct Ports {
    /// Width of the box of each node (0 for bends).
    pub width: Vec<i32>,
    /// Height of the box of each node (0 for bends).
    pub height: Vec<i32>,
    /// Room needed to the left of the middle of each node.
    pub left: Vec<i32>,
    /// Room needed to the right of the middle of each node, labels included.
    pub right: Vec<i32>,
    /// How far lower ports may be from the middle.
    pub flat: Vec<i32>,
    /// How much further they may go to make a line straight.
    pub spare: Vec<i32>,
    /// Offset of the lower end of each segment from the middle of its lower node.
    pub entry: Vec<i32>,
    /// Height of the label of the line of each segment that ends at a box, else 0.
    pub label_height: Vec<i32>,
}

impl Ports {
    /// Sizes for ordered rows.
    pub fn new(layered: &Layered, diagram: &Diagram, boxes: &[Block], labels: &[Block]) -> Self {
        let (nodes, segments) = (layered.nodes.len(), layered.segments.len());
        let zero = |count| vec![0; count];
        let mut ports = Self {
            width: zero(nodes),
            height: zero(nodes),
            left: zero(nodes),
            right: zero(nodes),
            flat: zero(nodes),
            spare: zero(nodes),
            entry: zero(segments),
            label_height: zero(segments),
        };
        for at in 0..nodes {
            if let Some(party) = layered.nodes[at].party {
                let kind = diagram.boxes[party].kind;
                ports.measure(at, layered, inset(kind), &boxes[party], labels);
                ports.spare[at] = inset(kind) - least_inset(kind);
            }
        }
        ports
    }

    fn measure(&mut self, at: usize, layered: &Layered, inset: i32, block: &Block, labels: &[Block]) {
        let node = &layered.nodes[at];
        let label = |segment: usize| &labels[layered.routes[layered.segments[segment].route].line];
        let mut x = 0;
        let mut last = 0;
        for segment in &node.up {
            self.entry[*segment] = x;
            self.label_height[*segment] = label(*segment).height;
            last = x;
            x += (LABEL_GAP + label(*segment).width + SLOT_GAP).max(PITCH);
        }
        let overhang = x - last - SLOT_GAP;
        let below = i32::try_from(node.down.len()).unwrap_or(i32::MAX / 64).saturating_sub(1) * NARROW_PITCH;
        let width = block.width.max(last + 2 * inset).max(below + 2 * inset);
        let width = width + width % 2;
        for segment in &node.up {
            self.entry[*segment] -= last / 2;
        }
        self.width[at] = width;
        self.height[at] = block.height;
        self.flat[at] = width / 2 - inset;
        self.left[at] = width / 2;
        self.right[at] = (width / 2).max(last - last / 2 + overhang);
        let loops = layered.loops.get(at).map_or(&[][..], Vec::as_slice);
        self.height[at] = self.height[at].max(i32::try_from(loops.len()).unwrap_or(64) * 26 + 4);
        if let Some(widest) = loops.iter().map(|line| labels[*line].width).max() {
            self.right[at] = self.right[at].max(width / 2 + LOOP_REACH + LABEL_GAP + widest + 4);
        }
    }

    /// Smallest distance of `count` lower ports of a node.
    pub fn pitch(&self, at: usize, count: usize) -> i32 {
        let gaps = i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX).max(1);
        (2 * self.flat[at] / gaps).min(PITCH)
    }
}
