//! The drawing model: what stands on a chart, independent of any ownership graph and of any output format.
//!
//! A [`Diagram`] is plain data. [`layout::layout`] turns it into a [`layout::Geometry`], the one set of
//! coordinates that every writer in [`crate::export`] uses. The visual grammar follows the Beneficial
//! Ownership Visualisation System (BOVS) of Open Ownership: owners above what they own, ownership solid,
//! control without ownership dashed, unknown dotted, unknown parties drawn as such.

pub mod layout;
pub mod legend;
pub mod style;
pub mod text;

use crate::escape::visible::{brief, visible};
use serde::{Deserialize, Serialize};

/// A chart ready to be laid out and written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Diagram {
    /// Heading of the chart, for instance the name of the subject. May be empty.
    pub title: String,
    /// Line below the heading, usually the as-of date. May be empty.
    pub subtitle: String,
    /// The parties, in the order in which they should be considered (earlier ones win ties).
    pub boxes: Vec<PartyBox>,
    /// The interests; one line for each, parallel ones included.
    pub lines: Vec<Line>,
    /// Groups of boxes drawn as frames, usually one for each jurisdiction. Empty: no frames.
    pub clusters: Vec<Cluster>,
    /// Whether a legend of the shapes and line styles in use is drawn.
    pub legend: bool,
    /// Numbered sources, printed below the chart.
    pub footnotes: Vec<Footnote>,
    /// What was left out, in words ("212 more holdings, 3 % in total"), printed below the chart.
    pub omissions: Vec<String>,
}

/// One party.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyBox {
    /// Stable identifier from outside. Any text; writers escape it or generate their own.
    pub id: String,
    /// Name as it is to be shown. May be empty; then "(no name)" is drawn.
    pub name: String,
    /// What sort of party it is; decides shape, outline colour and the word in the box.
    pub kind: PartyKind,
    /// Jurisdiction code (`VG`, `US-DE`, …); shown in every box, "?" if unknown.
    pub jurisdiction: Option<String>,
    /// Further short lines below the name.
    pub notes: Vec<String>,
    /// The party the chart is about.
    pub subject: bool,
    /// The party stands on a list the user asked about.
    pub listed: bool,
    /// The party is a member of a circle of holdings.
    pub in_circle: bool,
    /// The box stands for several parties.
    pub stack: bool,
    /// Difference to an earlier date, for change charts.
    pub change: Change,
    /// Full sentence for tooltips and screen readers. Empty: one is made from the other fields.
    pub tooltip: String,
    /// Numbers of [`Diagram::footnotes`] that back this party.
    pub footnotes: Vec<u32>,
    /// What is known of it beside, a sentence each; shown where there is room for it (HTML), not on the chart.
    pub evidence: Vec<String>,
}

/// What sort of party a box stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A registered or other legal entity.
    #[default]
    Company,
    /// A trust, foundation, nominee arrangement or the like.
    Arrangement,
    /// A state.
    State,
    /// A body of a state.
    StateBody,
    /// A party of which not even the name or kind is known.
    Unknown,
}

impl PartyKind {
    /// All kinds in the order used by legends.
    pub const ALL: [Self; 6] =
        [Self::Person, Self::Company, Self::Arrangement, Self::State, Self::StateBody, Self::Unknown];

    /// The word printed in the box.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Arrangement => "arrangement",
            Self::State => "state",
            Self::StateBody => "state body",
            Self::Unknown => "unknown",
        }
    }
}

/// One interest, drawn from the owner down to what it owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// Stable identifier from outside. Any text.
    pub id: String,
    /// Index of the owner in [`Diagram::boxes`].
    pub owner: usize,
    /// Index of the owned party in [`Diagram::boxes`].
    pub owned: usize,
    /// Text on the line, already formatted ("25–50 %", "?", "votes 60 %").
    pub label: String,
    /// What the line says: ownership, control or not known.
    pub style: LineStyle,
    /// Further qualities, each shown in form and word.
    pub marks: LineMarks,
    /// How strongly the line should point downwards when a circle has to be broken, in thousandths
    /// (a holding of 90 % would be 900). Zero means "no idea" and counts as 500.
    pub strength: u16,
    /// Difference to an earlier date, for change charts.
    pub change: Change,
    /// Full sentence for tooltips and screen readers. Empty: one is made from the other fields.
    pub tooltip: String,
    /// Numbers of [`Diagram::footnotes`] that back this line.
    pub footnotes: Vec<u32>,
    /// Identifiers of the statements behind it.
    pub statements: Vec<String>,
    /// The statements behind it, a sentence each; shown where there is room for it (HTML), not on the chart.
    pub evidence: Vec<String>,
}

/// What a line says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineStyle {
    /// A share in the owned party; solid.
    #[default]
    Ownership,
    /// Control without ownership; dashed.
    Control,
    /// It is not known what the interest is, or how large; dotted.
    Unknown,
}

impl LineStyle {
    /// The word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ownership => "ownership",
            Self::Control => "control",
            Self::Unknown => "unknown",
        }
    }
}

/// Qualities of a line besides its style.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct LineMarks {
    /// Follows from the data only under assumptions.
    pub possible: bool,
    /// Sources disagree.
    pub contested: bool,
    /// Held by a nominee.
    pub nominee: bool,
    /// No longer in force on the as-of date; drawn as a ghost.
    pub ended: bool,
    /// Part of a circle of holdings.
    pub in_circle: bool,
}

/// Difference of a box or line between two dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// No difference, or no comparison asked for.
    #[default]
    None,
    /// Only at the later date.
    Added,
    /// Only at the earlier date.
    Removed,
    /// At both dates, with different content.
    Changed,
}

impl Change {
    /// The sign and word printed on the chart, if any.
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Added => Some("+ new"),
            Self::Removed => Some("− gone"),
            Self::Changed => Some("± changed"),
        }
    }
}

/// A frame around boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cluster {
    /// Stable identifier from outside. Any text.
    pub id: String,
    /// Text on the frame ("VG – British Virgin Islands").
    pub label: String,
    /// Indexes into [`Diagram::boxes`]; a box belongs to at most one cluster (the first that names it).
    pub boxes: Vec<usize>,
}

/// A numbered source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Footnote {
    /// The number used on the chart.
    pub number: u32,
    /// Text of the source.
    pub text: String,
    /// Where it can be read.
    pub url: Option<String>,
}

impl Diagram {
    /// Puts every box into a frame of its jurisdiction, in order of first appearance.
    /// Boxes without a jurisdiction stay outside.
    pub fn cluster_by_jurisdiction(&mut self) {
        let mut clusters: Vec<Cluster> = Vec::new();
        for (index, party) in self.boxes.iter().enumerate() {
            let Some(code) = party.jurisdiction.as_deref().filter(|code| !code.is_empty()) else {
                continue;
            };
            match clusters.iter_mut().find(|cluster| cluster.id == code) {
                Some(cluster) => cluster.boxes.push(index),
                None => clusters.push(Cluster { id: code.into(), label: code.into(), boxes: vec![index] }),
            }
        }
        self.clusters = clusters;
    }

    /// Sentence for assistive technology and tooltips about the box `index`.
    #[must_use]
    pub fn box_sentence(&self, index: usize) -> String {
        let Some(party) = self.boxes.get(index) else {
            return String::new();
        };
        if !party.tooltip.is_empty() {
            return party.tooltip.clone();
        }
        let mut words = vec![brief(party.shown_name(), LONG_NAME).into_owned(), party.kind.word().to_owned()];
        words.extend(party.jurisdiction.clone());
        words.extend(party.flag_words().into_iter().map(str::to_owned));
        words.extend(party.notes.iter().cloned());
        words.join(", ")
    }

    /// Sentence for assistive technology and tooltips about the line `index`.
    #[must_use]
    pub fn line_sentence(&self, index: usize) -> String {
        let Some(line) = self.lines.get(index) else {
            return String::new();
        };
        if !line.tooltip.is_empty() {
            return line.tooltip.clone();
        }
        let name = |i: usize| self.boxes.get(i).map_or("?".into(), |party| brief(party.shown_name(), LONG_NAME));
        let verb = match line.style {
            LineStyle::Ownership => "owns",
            LineStyle::Control => "controls",
            LineStyle::Unknown => "has an interest of unknown size or kind in",
        };
        let mut text = format!("{} {verb} {}", name(line.owner), name(line.owned));
        let words = line.mark_words();
        if !line.label.is_empty() {
            text = format!("{text}: {}", line.label);
        }
        if !words.is_empty() {
            text = format!("{text} ({})", words.join(", "));
        }
        text
    }
}

/// Most graphemes of a name in a drawing.
const LONG_NAME: usize = 500;

impl PartyBox {
    /// The name, or "(no name)" where it is empty or blank.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        if self.name.trim().is_empty() { "(no name)" } else { &self.name }
    }

    /// The name as it is drawn: nothing in it hides, and what nobody could read is cut with a count.
    #[must_use]
    pub fn drawn_name(&self) -> String {
        visible(&brief(self.shown_name(), LONG_NAME))
    }

    /// The kind and the code of the jurisdiction ("company · LU"), "?" where that is not known; of a stack the kind alone,
    /// as its parties may sit in several.
    #[must_use]
    pub fn meta(&self) -> String {
        let code = self.jurisdiction.as_deref().filter(|code| !code.trim().is_empty());
        match code {
            None if self.stack => self.kind.word().to_owned(),
            code => format!("{} · {}", self.kind.word(), visible(code.unwrap_or("?"))),
        }
    }

    /// Words for the flags that are set.
    #[must_use]
    pub fn flag_words(&self) -> Vec<&'static str> {
        let flags = [(self.listed, "listed"), (self.in_circle, "↺ circle")];
        let mut words: Vec<_> = flags.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect();
        words.extend(self.change.word());
        words
    }
}

impl Line {
    /// Words for the marks that are set.
    #[must_use]
    pub fn mark_words(&self) -> Vec<&'static str> {
        let LineMarks { possible, contested, nominee, ended, in_circle: _ } = self.marks;
        let nominee = nominee && !self.label.contains("nominee");
        let marks = [(nominee, "nominee"), (possible, "possible"), (contested, "contested"), (ended, "ended")];
        let mut words: Vec<_> = marks.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect();
        words.extend(self.change.word());
        words
    }
}

/// Footnote numbers as superscript digits, separated by commas ("¹˒²").
#[must_use]
pub fn superscript(numbers: &[u32]) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| c.to_digit(10).and_then(|d| DIGITS.get(d as usize)).copied().unwrap_or(c);
    let parts: Vec<String> = numbers.iter().map(|n| n.to_string().chars().map(digit).collect()).collect();
    parts.join("\u{2009}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_both_ends_and_never_invent_a_number() {
        let mut diagram = Diagram {
            boxes: vec![
                PartyBox { name: "Ann".into(), kind: PartyKind::Person, ..PartyBox::default() },
                PartyBox { name: " ".into(), jurisdiction: Some("VG".into()), ..PartyBox::default() },
            ],
            lines: vec![Line { owned: 1, label: "?".into(), ..Line::default() }],
            ..Diagram::default()
        };
        assert_eq!(diagram.line_sentence(0), "Ann owns (no name): ?");
        assert_eq!(diagram.box_sentence(1), "(no name), company, VG");
        assert_eq!(diagram.line_sentence(9), "");
        diagram.cluster_by_jurisdiction();
        assert_eq!(diagram.clusters.len(), 1);
        assert_eq!(diagram.clusters[0].boxes, [1]);
    }

    #[test]
    fn superscripts() {
        assert_eq!(superscript(&[1, 12]), "¹\u{2009}¹²");
        assert_eq!(superscript(&[]), "");
    }

    #[test]
    fn survives_json() {
        let diagram = Diagram { boxes: vec![PartyBox::default()], legend: true, ..Diagram::default() };
        let text = serde_json::to_string(&diagram).expect("serialises");
        assert_eq!(serde_json::from_str::<Diagram>(&text).expect("parses"), diagram);
        assert!(serde_json::from_str::<Diagram>("{}").is_ok());
    }
}
