//! Outlines of the kinds of party.

use super::geometry::{Point, Rect};
use crate::diagram::PartyKind;

/// Corner radius of persons, in pixels.
pub const PERSON_RADIUS: i32 = 18;
/// How far the sides of an arrangement's hexagon stand out, in pixels.
pub const NOTCH: i32 = 13;
/// How much is cut off the corners of a state's octagon, in pixels.
pub const CHAMFER: i32 = 10;

/// Corners of the outline if it is a polygon with slanted sides; `None` for (rounded) rectangles.
#[must_use]
pub fn polygon(kind: PartyKind, rect: Rect) -> Option<Vec<Point>> {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    let at = |x, y| Point { x, y };
    let cut = CHAMFER.min(rect.height / 3);
    let notch = NOTCH.min(rect.width / 4);
    match kind {
        PartyKind::Arrangement => {
            let middle = i32::midpoint(top, bottom);
            Some(vec![
                at(left + notch, top),
                at(right - notch, top),
                at(right, middle),
                at(right - notch, bottom),
                at(left + notch, bottom),
                at(left, middle),
            ])
        }
        PartyKind::State => Some(vec![
            at(left + cut, top),
            at(right - cut, top),
            at(right, top + cut),
            at(right, bottom - cut),
            at(right - cut, bottom),
            at(left + cut, bottom),
            at(left, bottom - cut),
            at(left, top + cut),
        ]),
        PartyKind::Person | PartyKind::Company | PartyKind::StateBody | PartyKind::Unknown => None,
    }
}

/// How far the outline's side lies inside its rectangle, `y` pixels below the upper edge.
#[must_use]
pub fn side_inset(kind: PartyKind, height: i32, y: i32) -> i32 {
    let near = y.min(height - y).max(0);
    match kind {
        PartyKind::Person if near < PERSON_RADIUS => {
            let missing = PERSON_RADIUS - near;
            PERSON_RADIUS - (PERSON_RADIUS * PERSON_RADIUS - missing * missing).isqrt()
        }
        PartyKind::Arrangement => NOTCH - NOTCH * near * 2 / height.max(1),
        PartyKind::State if near < CHAMFER => CHAMFER - near,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides() {
        assert_eq!(side_inset(PartyKind::Company, 40, 3), 0);
        assert_eq!(side_inset(PartyKind::Arrangement, 40, 20), 0);
        assert_eq!(side_inset(PartyKind::Arrangement, 40, 0), NOTCH);
        assert_eq!(side_inset(PartyKind::Person, 60, 30), 0);
        assert!(side_inset(PartyKind::Person, 60, 2) > 5);
        assert_eq!(polygon(PartyKind::State, Rect { x: 0, y: 0, width: 50, height: 40 }).map(|p| p.len()), Some(8));
    }
}
