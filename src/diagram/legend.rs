//! What the legend of a chart holds: only what the chart uses, each in words.

use serde::{Deserialize, Serialize};

use super::{Diagram, LineStyle, PartyKind};

/// One sample of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// A box of this kind.
    Kind(PartyKind),
    /// The subject's box.
    Subject,
    /// A listed party's box.
    Listed,
    /// A line of this style.
    Style(LineStyle),
    /// A line that holds only under assumptions.
    Possible,
    /// An ended line.
    Ended,
    /// A line of a circle.
    Circle,
}

impl Entry {
    /// What the sample means.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.word(),
            Self::Subject => "subject of the chart",
            Self::Listed => "listed party",
            Self::Style(LineStyle::Ownership) => "ownership (? = share not known)",
            Self::Style(LineStyle::Control) => "control without ownership",
            Self::Style(LineStyle::Unknown) => "share or kind not known",
            Self::Possible => "possible, not certain",
            Self::Ended => "ended",
            Self::Circle => "part of a circle (↺ closes it upwards)",
        }
    }
}

/// The entries `diagram` needs, in fixed order. `upward`: some line closes a circle upwards.
#[must_use]
pub fn entries(diagram: &Diagram, upward: bool) -> Vec<Entry> {
    let (boxes, lines) = (&diagram.boxes, &diagram.lines);
    let mut entries: Vec<Entry> = PartyKind::ALL
        .into_iter()
        .filter(|kind| boxes.iter().any(|party| party.kind == *kind))
        .map(Entry::Kind)
        .collect();
    let mut add = |used: bool, entry| {
        if used {
            entries.push(entry);
        }
    };
    add(boxes.iter().any(|party| party.subject), Entry::Subject);
    add(boxes.iter().any(|party| party.listed), Entry::Listed);
    for style in [LineStyle::Ownership, LineStyle::Control, LineStyle::Unknown] {
        add(lines.iter().any(|line| line.style == style), Entry::Style(style));
    }
    add(lines.iter().any(|line| line.marks.possible), Entry::Possible);
    add(lines.iter().any(|line| line.marks.ended), Entry::Ended);
    add(upward || lines.iter().any(|line| line.marks.in_circle), Entry::Circle);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::{Line, PartyBox};

    #[test]
    fn only_what_is_used() {
        let mut diagram = Diagram { boxes: vec![PartyBox::default()], ..Diagram::default() };
        assert_eq!(entries(&diagram, false), [Entry::Kind(PartyKind::Company)]);
        diagram.lines.push(Line { style: LineStyle::Control, ..Line::default() });
        assert!(entries(&diagram, false).contains(&Entry::Style(LineStyle::Control)));
        assert_eq!(entries(&Diagram::default(), false), []);
    }
}
