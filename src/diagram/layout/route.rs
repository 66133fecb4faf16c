//! Orthogonal routes: in which track of the channel between two rows each line runs sideways.
//!
//! Two wires whose spans overlap cross least in one of the two possible orders; the tracks follow a linear
//! order that violates few of these preferences. Vertical pieces that would lie on each other count as a
//! hundred crossings; if such a pair remains, one of the two lines makes a step aside first.

use super::geometry::Point;
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
/// Most steps aside in one channel.
const MOST_STEPS: usize = 24;
/// Lines nearer than this look like one, in pixels.
const NEAR: i32 = 7;

/// Vertical positions of rows and tracks.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Upper edge of the boxes of each row.
    pub row_top: Vec<i32>,
    /// Sideways pieces of each segment from top to bottom: where they end, and the height of their track.
    pub steps: Vec<Vec<Point>>,
    /// Total height.
    pub height: i32,
}

/// A line between two rows.
#[derive(Debug, Clone, Copy)]
struct Wire {
    segment: usize,
    top: i32,
    bottom: i32,
    /// 0, or the number of the piece of a line that makes steps.
    part: usize,
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

    /// Whether the wire's lower end would lie on the upper end of `other` if it ran above.
    fn clashes_above(&self, other: &Self) -> bool {
        self.segment != other.segment && (self.bottom - other.top).abs() < NEAR
    }

    /// Crossings of the two wires if `self` runs above `other`.
    fn cost_above(&self, other: &Self) -> i64 {
        if self.segment == other.segment {
            return if self.part < other.part { 0 } else { 10_000 };
        }
        let clash = if self.clashes_above(other) { 100 } else { 0 };
        clash + i64::from(other.covers(self.bottom)) + i64::from(self.covers(other.top))
    }
}

/// Assigns tracks and stacks the rows.
pub(super) fn tracks(layered: &Layered, ports: &Ports, positions: &Positions) -> Tracks {
    let mut tracks = Tracks { steps: vec![Vec::new(); layered.segments.len()], ..Tracks::default() };
    let mut y = 0;
    for (rank, row) in layered.rows.iter().enumerate() {
        if rank > 0 {
            let wires = wires(layered, ports, positions, row);
            let used = channel(&wires, y + ABOVE, &mut tracks.steps);
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
            part: 0,
        })
        .collect()
}

fn strip_height(layered: &Layered, ports: &Ports, row: &[usize]) -> i32 {
    let entering = row.iter().filter(|node| layered.nodes[**node].party.is_some());
    let labels = entering.flat_map(|node| layered.nodes[*node].up.iter().map(|segment| ports.label_height[*segment]));
    labels.map(|height| if height > 0 { height + LABEL_LIFT + 4 } else { HEAD }).max().unwrap_or(0)
}

/// Gives the bent wires of a channel their tracks; returns how many tracks are used.
fn channel(wires: &[Wire], top: i32, steps: &mut [Vec<Point>]) -> i32 {
    let mut bent: Vec<Wire> = wires.iter().filter(|wire| wire.top != wire.bottom).copied().collect();
    let mut levels = levels(&bent);
    for _ in 0..MOST_STEPS {
        let Some(clash) = find_clash(&bent, &levels) else {
            break;
        };
        if !step_aside(&mut bent, clash, wires) {
            break;
        }
        levels = self::levels(&bent);
    }
    let mut order: Vec<usize> = (0..bent.len()).collect();
    order.sort_by_key(|wire| bent[*wire].part);
    for wire in order {
        steps[bent[wire].segment].push(Point { x: bent[wire].bottom, y: top + levels[wire] * TRACK });
    }
    levels.iter().max().map_or(0, |most| most + 1)
}

/// The track of each wire, counted from above.
fn levels(bent: &[Wire]) -> Vec<i32> {
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
    let mut levels = vec![0; bent.len()];
    let mut done: Vec<usize> = Vec::new();
    for wire in linear_order(&all, &preferences) {
        let below = done.iter().filter(|other| bent[**other].meets(&bent[wire])).map(|other| levels[*other] + 1);
        levels[wire] = below.max().unwrap_or(0);
        done.push(wire);
    }
    levels
}

/// A wire whose upper end lies on the lower end of one that runs above it.
fn find_clash(bent: &[Wire], levels: &[i32]) -> Option<usize> {
    (0..bent.len()).find(|lower| {
        let above = |upper: &usize| levels[*upper] < levels[*lower] && bent[*upper].clashes_above(&bent[*lower]);
        (0..bent.len()).any(|upper| above(&upper))
    })
}

/// Splits a wire: it first goes to a free place nearby and on from there. Returns whether there is one.
fn step_aside(bent: &mut Vec<Wire>, wire: usize, wires: &[Wire]) -> bool {
    let Wire { segment, top, bottom, part } = bent[wire];
    let taken = |x: i32| {
        let near = |wire: &Wire| (wire.top - x).abs() < NEAR || (wire.bottom - x).abs() < NEAR;
        wires.iter().any(near) || bent.iter().any(near)
    };
    let way = (bottom - top).signum();
    let free = (NEAR..40 * NEAR).flat_map(|far| [top + way * far, top - way * far]).find(|x| !taken(*x));
    let Some(x) = free else { return false };
    for other in bent.iter_mut().filter(|other| other.segment == segment && other.part > part) {
        other.part += 1;
    }
    bent[wire].bottom = x;
    bent.push(Wire { segment, top: x, bottom, part: part + 1 });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(segment: usize, top: i32, bottom: i32) -> Wire {
        Wire { segment, top, bottom, part: 0 }
    }

    #[test]
    fn nested_wires_do_not_cross() {
        let wires = [wire(0, 0, 100), wire(1, 20, 200), wire(2, 50, 50)];
        let mut steps = vec![Vec::new(); 3];
        assert_eq!(channel(&wires, 5, &mut steps), 2);
        assert!(steps[0][0].y > steps[1][0].y, "the right one must run above: {steps:?}");
        assert!(steps[2].is_empty());
    }

    #[test]
    fn wires_that_do_not_meet_share_a_track() {
        let mut steps = vec![Vec::new(); 2];
        assert_eq!(channel(&[wire(0, 0, 40), wire(1, 60, 90)], 0, &mut steps), 1);
    }

    #[test]
    fn clashing_verticals_are_avoided() {
        let (lower, upper) = (wire(0, 0, 100), wire(1, 100, 200));
        assert!(lower.cost_above(&upper) >= 100);
        assert!(upper.cost_above(&lower) < 100);
    }

    #[test]
    fn wires_that_change_places_step_aside() {
        let mut steps = vec![Vec::new(); 2];
        channel(&[wire(0, 0, 100), wire(1, 100, 0)], 0, &mut steps);
        assert_eq!(steps[0].len() + steps[1].len(), 3, "{steps:?}");
    }
}
