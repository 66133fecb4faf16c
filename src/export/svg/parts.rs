//! Pieces of the SVG that need no writer: paths, classes, samples for the legend.

use crate::diagram::layout::{Point, Rect};
use crate::diagram::legend::Entry;
use crate::diagram::style;
use crate::diagram::{Line, LineMarks, LineStyle, PartyBox};

/// Radius of the corners of lines, in pixels.
const BEND: i32 = 4;

/// One sheet of a stack, `step` pixels behind the front one; the stack as a whole fills `rect`.
pub(super) fn sheet(rect: Rect, stack: bool, step: i32) -> Rect {
    let spare = if stack { style::STACK } else { 0 };
    Rect { x: rect.x + step, y: rect.y + spare - step, width: rect.width - spare, height: rect.height - spare }
}

pub(super) fn sample_box(entry: Entry) -> Option<PartyBox> {
    let plain = PartyBox::default();
    match entry {
        Entry::Kind(kind) => Some(PartyBox { kind, ..plain }),
        Entry::Subject => Some(PartyBox { subject: true, ..plain }),
        Entry::Listed => Some(PartyBox { listed: true, ..plain }),
        _ => None,
    }
}

pub(super) fn sample_line(entry: Entry) -> Option<Line> {
    let marks = LineMarks::default();
    match entry {
        Entry::Style(style) => Some(Line { style, ..Line::default() }),
        Entry::Possible => Some(Line { marks: LineMarks { possible: true, ..marks }, ..Line::default() }),
        Entry::Ended => Some(Line { marks: LineMarks { ended: true, ..marks }, ..Line::default() }),
        Entry::Circle => Some(Line { marks: LineMarks { in_circle: true, ..marks }, ..Line::default() }),
        _ => None,
    }
}

pub(super) fn box_class(party: &PartyBox) -> String {
    let kind = party.kind.word().replace(' ', "-");
    let flags = [
        (party.subject, " subject"),
        (party.listed, " listed"),
        (party.in_circle, " in-circle"),
        (party.stack, " stack"),
    ];
    flags.iter().filter(|(set, _)| *set).fold(format!("box {kind}"), |class, (_, word)| class + word)
}

pub(super) fn line_class(line: &Line, upward: bool) -> String {
    let style = match line.style {
        LineStyle::Ownership => "line ownership",
        LineStyle::Control => "line control",
        LineStyle::Unknown => "line unknown",
    };
    let LineMarks { possible, contested, nominee, ended, in_circle } = line.marks;
    let flags = [
        (possible, " possible"),
        (contested, " contested"),
        (nominee, " nominee"),
        (ended, " ended"),
        (in_circle, " in-circle"),
        (upward, " upward"),
    ];
    flags.iter().filter(|(set, _)| *set).fold(style.to_owned(), |class, (_, word)| class + word)
}

/// Path data of a polyline with rounded corners.
pub(super) fn rounded(points: &[Point]) -> String {
    let Some(first) = points.first() else {
        return String::new();
    };
    let mut path = format!("M{} {}", first.x, first.y);
    for window in points.windows(3) {
        let [a, b, c] = window else { continue };
        let length = |p: &Point, q: &Point| (p.x - q.x).abs() + (p.y - q.y).abs();
        let cut = BEND.min(length(a, b) / 2).min(length(b, c) / 2);
        let towards = |p: &Point| Point { x: b.x + (p.x - b.x).signum() * cut, y: b.y + (p.y - b.y).signum() * cut };
        let (before, after) = (towards(a), towards(c));
        path += &format!("L{} {}Q{} {} {} {}", before.x, before.y, b.x, b.y, after.x, after.y);
    }
    if let [.., last] = points {
        path += &format!("L{} {}", last.x, last.y);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded() {
        let at = |x, y| Point { x, y };
        assert_eq!(rounded(&[at(0, 0), at(0, 10), at(20, 10)]), "M0 0L0 6Q0 10 4 10L20 10");
    }
}
