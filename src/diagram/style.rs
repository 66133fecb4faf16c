//! Colours, sizes and dash patterns shared by all writers, so that a chart looks the same everywhere.
//!
//! The palette is based on Okabe and Ito's colour-blind safe set; colours are used for outlines on a neutral
//! fill, so that text keeps its contrast, and never carry a meaning alone.

use super::{Change, Line, LineStyle, PartyBox, PartyKind};

/// Colour of text.
pub const INK: &str = "#1B1F24";
/// Colour of second-rank text; contrast 7:1 on the fill.
pub const MUTED: &str = "#4A5159";
/// Fill of boxes.
pub const FILL: &str = "#FFFFFF";
/// Fill of the subject's box.
pub const SUBJECT_FILL: &str = "#FFF3D1";
/// Background of the page.
pub const PAPER: &str = "#FFFFFF";
/// Outline of listed parties.
pub const LISTED: &str = "#C43E00";
/// Colour of lines and boxes that are no longer in force.
pub const GHOST: &str = "#8A9099";
/// Outline of cluster frames.
pub const CLUSTER: &str = "#B4BAC2";
/// Fill of cluster frames.
pub const CLUSTER_FILL: &str = "#F5F6F8";

/// Font size of names, in pixels.
pub const NAME_SIZE: i32 = 13;
/// Font size of everything else, in pixels.
pub const SMALL_SIZE: i32 = 11;
/// Font size of the heading, in pixels.
pub const TITLE_SIZE: i32 = 18;
/// How far the sheets of a stack stand out behind it, in pixels.
pub const STACK: i32 = 8;
/// Corner radius of rectangular boxes.
pub const CORNER: i32 = 3;

/// Outline colour of a kind of party.
#[must_use]
pub const fn kind_colour(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "#0072B2",
        PartyKind::Company => "#3A424B",
        PartyKind::Arrangement => "#A66F00",
        PartyKind::State | PartyKind::StateBody => "#A2497D",
        PartyKind::Unknown => "#8A6100",
    }
}

/// How a stroke is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// `#RRGGBB`.
    pub colour: &'static str,
    /// Tenths of a pixel.
    pub tenths: i32,
    /// SVG dash pattern; empty means solid.
    pub dash: &'static str,
}

impl Stroke {
    /// Stroke width in pixels as text ("1.4").
    #[must_use]
    pub fn width(&self) -> String {
        format!("{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

/// Outline of a box.
#[must_use]
pub fn box_stroke(party: &PartyBox) -> Stroke {
    let tenths = if party.subject || party.listed { 30 } else { 15 };
    let dash = match (party.kind, party.change) {
        (_, Change::Removed) => "2 5",
        (PartyKind::Unknown, _) => "1.5 4",
        _ => "",
    };
    let colour = match party.change {
        Change::Removed => GHOST,
        _ if party.listed => LISTED,
        _ => kind_colour(party.kind),
    };
    Stroke { colour, tenths, dash }
}

/// Stroke of a line.
#[must_use]
pub fn line_stroke(line: &Line) -> Stroke {
    let ended = line.marks.ended || line.change == Change::Removed;
    let (mut colour, mut dash) = match line.style {
        LineStyle::Ownership => ("#2B3138", ""),
        LineStyle::Control => ("#7B3294", "7 4"),
        LineStyle::Unknown => ("#8A6100", "2 3.5"),
    };
    if line.marks.possible {
        dash = match line.style {
            LineStyle::Ownership => "12 3 2 3",
            LineStyle::Control => "7 3 2 3",
            LineStyle::Unknown => dash,
        };
    }
    if ended {
        (colour, dash) = (GHOST, "2 5");
    }
    let tenths = match (line.marks.in_circle, line.change) {
        (_, Change::Added | Change::Changed) => 26,
        (true, _) => 22,
        _ => 14,
    };
    Stroke { colour, tenths, dash }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn styles_differ_by_dash_and_not_only_by_colour() {
        let dash = |style| line_stroke(&Line { style, ..Line::default() }).dash;
        let all: HashSet<_> = [LineStyle::Ownership, LineStyle::Control, LineStyle::Unknown].map(dash).into();
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn widths_print_as_decimals() {
        assert_eq!(Stroke { colour: INK, tenths: 14, dash: "" }.width(), "1.4");
    }
}
