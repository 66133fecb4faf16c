//! Orthogonal routes: in which track of the channel between two rows each line runs sideways.
//!
//! Two wires whose spans overlap cross least in one of the two possible orders; the tracks follow a linear
//! order that violates few of these preferences. Vertical pieces that would lie on each other count as a
//! hundred crossings.

use super::layered::Layered;
use super::ports::Ports;
use super::position::Positions;
use super::rank::{Pull, linear_order};

/// Distance of two tracks, in pixels.
const TRACK: i32 = 10;
/// Room between boxes and the first track, in pixels; holds the heads of upward arrows.
const ABOVE: i32 = 15;
/// Room between the last track and the labels, in pixels.
const BELOW: i32 = 6;
/// Room for an arrow head without label, in pixels.
const HEAD: i32 = 14;
/// Distance of a label from the box below it, in pixels.
pub(super) const LABEL_LIFT: i32 = 4;
/// Lines nearer than this look like one, in pixels.
const NEAR: i32 = 7;

/// Vertical positions of rows and tracks.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Upper edge of the boxes of each row.
    pub row_top: Vec<i32>,
    /// Height of the track of each segment; straight ones hold their own but do not use it.
    pub track: Vec<i32>,
    /// Total height.
    pub height: i32,
}

/// A line between two rows.
#[derive(Debug, Clone, Copy)]
struct Wire {
    segment: usize,
    top: i32,
    bottom: i32,
}

impl Wire {
    fn span(&self) -> (i32, i32) {
        (self.top.min(self.bottom), self.top.max(self.bottom))
    }

    /// Whether the sideways pieces would touch in one track.
    fn meets(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.span(), other.span());
        a <= d + NEAR && c <= b + NEAR
    }

    fn covers(&self, x: i32) -> bool {
        let (a, b) = self.span();
        a < x && x < b
    }

    /// Crossings of the two wires if `self` runs above `other`.
    fn cost_above(&self, other: &Self) -> i64 {
        let clash = if (self.bottom - other.top).abs() < NEAR { 100 } else { 0 };
        clash + i64::from(other.covers(self.bottom)) + i64::from(self.covers(other.top))
    }
}

/// Assigns tracks and stacks the rows.
pub(super) fn tracks(layered: &Layered, ports: &Ports, positions: &Positions) -> Tracks {
    let mut tracks = Tracks { track: vec![0; layered.segments.len()], ..Tracks::default() };
    let mut y = 0;
    for (rank, row) in layered.rows.iter().enumerate() {
        if rank > 0 {
            let wires = wires(layered, ports, positions, row);
            let used = channel(&wires, y + ABOVE, &mut tracks.track);
            y += ABOVE + if used > 0 { (used - 1) * TRACK + BELOW } else { 0 };
        }
        y += strip_height(layered, ports, row);
        tracks.row_top.push(y);
        y += row.iter().map(|node| ports.height[*node]).max().unwrap_or(0);
    }
    tracks.height = y;
    tracks
}

fn wires(layered: &Layered, ports: &Ports, positions: &Positions, row: &[usize]) -> Vec<Wire> {
    let segments = row.iter().flat_map(|node| layered.nodes[*node].up.iter().map(move |segment| (*node, *segment)));
    segments
        .map(|(node, segment)| Wire {
            segment,
            top: positions.out[segment],
            bottom: positions.node[node] + ports.entry[segment],
        })
        .collect()
}

fn strip_height(layered: &Layered, ports: &Ports, row: &[usize]) -> i32 {
    let entering = row.iter().filter(|node| layered.nodes[**node].party.is_some());
    let labels = entering.flat_map(|node| layered.nodes[*node].up.iter().map(|segment| ports.label_height[*segment]));
    labels.map(|height| if height > 0 { height + LABEL_LIFT + 4 } else { HEAD }).max().unwrap_or(0)
}

/// Gives the bent wires of a channel their tracks; returns how many tracks are used.
fn channel(wires: &[Wire], top: i32, track: &mut [i32]) -> i32 {
    let bent: Vec<Wire> = wires.iter().filter(|wire| wire.top != wire.bottom).copied().collect();
    let mut preferences = Vec::new();
    for (a, left) in bent.iter().enumerate() {
        for (b, right) in bent.iter().enumerate().skip(a + 1) {
            if left.meets(right) {
                let gain = right.cost_above(left) - left.cost_above(right);
                match gain {
                    0 => {}
                    1.. => preferences.push(Pull { owner: a, owned: b, strength: gain }),
                    _ => preferences.push(Pull { owner: b, owned: a, strength: -gain }),
                }
            }
        }
    }
    let all: Vec<usize> = (0..bent.len()).collect();
    let mut level = vec![0; bent.len()];
    let mut used = 0;
    let mut done: Vec<usize> = Vec::new();
    for wire in linear_order(&all, &preferences) {
        let below = done.iter().filter(|other| bent[**other].meets(&bent[wire])).map(|other| level[*other] + 1);
        level[wire] = below.max().unwrap_or(0);
        used = used.max(level[wire] + 1);
        track[bent[wire].segment] = top + level[wire] * TRACK;
        done.push(wire);
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_wires_do_not_cross() {
        let wire = |segment, top, bottom| Wire { segment, top, bottom };
        let wires = [wire(0, 0, 100), wire(1, 20, 200), wire(2, 50, 50)];
        let mut track = vec![0; 3];
        assert_eq!(channel(&wires, 5, &mut track), 2);
        assert!(track[0] > track[1], "the right one must run above: {track:?}");
    }

    #[test]
    fn wires_that_do_not_meet_share_a_track() {
        let wire = |segment, top, bottom| Wire { segment, top, bottom };
        let mut track = vec![0; 2];
        assert_eq!(channel(&[wire(0, 0, 40), wire(1, 60, 90)], 0, &mut track), 1);
    }

    #[test]
    fn clashing_verticals_are_avoided() {
        let lower = Wire { segment: 0, top: 0, bottom: 100 };
        let upper = Wire { segment: 1, top: 100, bottom: 200 };
        assert!(lower.cost_above(&upper) >= 100);
        assert!(upper.cost_above(&lower) < 100);
    }
}
