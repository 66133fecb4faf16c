//! The table twin of a chart: its parties and lines as rows, with the same words and totals.

use crate::diagram::{Diagram, Footnote, LineStyle, PartyBox};
use crate::escape::csv::{Cells, CsvWriter};
use serde::Serialize;
use std::io;

/// A chart as tables.
#[derive(Debug, Serialize)]
pub struct ChartTable<'d> {
    /// Heading of the chart.
    pub title: &'d str,
    /// The day, and what the chart is restricted to.
    pub subtitle: &'d str,
    /// A row for each line of the chart.
    pub interests: Vec<Row<'d>>,
    /// What is left out, in words.
    pub omissions: &'d [String],
    /// The numbered sources.
    pub sources: &'d [Footnote],
}

/// A party of a row.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Party<'d> {
    /// Its id; of a stack a description.
    pub id: &'d str,
    /// Its name.
    pub name: &'d str,
    /// Its kind in a word.
    pub kind: &'static str,
    /// The code of its jurisdiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<&'d str>,
}

/// A line of the chart.
#[derive(Debug, Serialize)]
pub struct Row<'d> {
    /// Its name within the picture: `l1`, `l2`, …
    pub line: String,
    /// Who holds.
    pub owner: Party<'d>,
    /// In whom.
    pub owned: Party<'d>,
    /// What stands on the line.
    pub label: &'d str,
    /// `ownership`, `control` or `unknown`.
    pub style: LineStyle,
    /// `possible`, `contested`, `ended`, `+ new`, …
    pub marks: Vec<&'static str>,
    /// The numbers of its sources.
    pub sources: &'d [u32],
    /// The statements behind it.
    pub evidence: &'d [String],
}

/// The tables of a chart.
#[must_use]
pub fn of(diagram: &Diagram) -> ChartTable<'_> {
    let party = |at: usize| party(&diagram.boxes[at]);
    let rows = diagram.lines.iter().enumerate().map(|(index, line)| Row {
        line: format!("l{}", index + 1),
        owner: party(line.owner),
        owned: party(line.owned),
        label: &line.label,
        style: line.style,
        marks: line.mark_words(),
        sources: &line.footnotes,
        evidence: &line.evidence,
    });
    ChartTable {
        title: &diagram.title,
        subtitle: &diagram.subtitle,
        interests: rows.collect(),
        omissions: &diagram.omissions,
        sources: &diagram.footnotes,
    }
}

/// The tables of a chart as one JSON document.
///
/// # Errors
/// If they cannot be written, which memory does not refuse.
pub fn json(diagram: &Diagram) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(&of(diagram))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The rows of a chart as CSV, in which no cell is a formula to a spreadsheet.
///
/// # Errors
/// If a row cannot be written, which memory does not refuse.
pub fn csv(diagram: &Diagram) -> io::Result<Vec<u8>> {
    let header = [
        "line",
        "owner",
        "owner_name",
        "owner_kind",
        "owner_jurisdiction",
        "owned",
        "owned_name",
        "owned_kind",
        "owned_jurisdiction",
        "label",
        "style",
        "marks",
        "sources",
        "evidence",
    ];
    let mut out = CsvWriter::begin(Vec::new(), Cells::Safe, header)?;
    for row in of(diagram).interests {
        let sources: Vec<&str> = diagram
            .footnotes
            .iter()
            .filter(|note| row.sources.contains(&note.number))
            .map(|note| note.text.as_str())
            .collect();
        let cells = [
            row.line.as_str(),
            row.owner.id,
            row.owner.name,
            row.owner.kind,
            row.owner.jurisdiction.unwrap_or(""),
            row.owned.id,
            row.owned.name,
            row.owned.kind,
            row.owned.jurisdiction.unwrap_or(""),
            row.label,
            row.style.as_str(),
            &row.marks.join("; "),
            &sources.join("; "),
            &row.evidence.join("; "),
        ];
        cells.iter().try_for_each(|cell| out.text(cell))?;
        out.end_row()?;
    }
    Ok(out.finish()?.0)
}

fn party(party: &PartyBox) -> Party<'_> {
    Party {
        id: &party.id,
        name: party.shown_name(),
        kind: party.kind.word(),
        jurisdiction: party.jurisdiction.as_deref().filter(|code| !code.is_empty()),
    }
}
