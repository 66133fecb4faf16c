//! Tables as people read them, as CSV and as Markdown.

use super::phrases;
use crate::escape::csv::{Cells, CsvWriter};
use crate::escape::markdown::MarkdownText;
use crate::escape::terminal::TerminalLine;
use crate::escape::visible::{brief, spelled};
use crate::graph::Entity;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, TableStyle};
use std::io::{self, Write};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The heading that people read; an empty one leaves the column to CSV.
    pub title: &'static str,
    /// The name in CSV; an empty one leaves the column to people.
    pub key: &'static str,
    /// Whether it holds numbers.
    pub number: bool,
}

impl Column {
    /// A column of text for people and for CSV.
    pub const fn text(title: &'static str, key: &'static str) -> Self {
        Self { title, key, number: false }
    }

    /// A column of numbers for people and for CSV.
    pub const fn number(title: &'static str, key: &'static str) -> Self {
        Self { title, key, number: true }
    }
}

/// A cell: what people read, line by line, and what CSV holds.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// A line break within a line comes from outside, and begins no other.
    shown: Vec<String>,
    raw: String,
}

impl Cell {
    /// The same text for both.
    pub fn text(text: impl Into<String>) -> Self {
        let raw = text.into();
        Self { shown: vec![raw.clone()], raw }
    }

    /// A text for people, another for CSV.
    pub fn both(shown: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { shown: vec![shown.into()], raw: raw.into() }
    }

    /// For people only.
    pub fn shown(shown: impl Into<String>) -> Self {
        Self { shown: vec![shown.into()], raw: String::new() }
    }

    /// Lines for people only.
    pub fn lines<S: ToString>(lines: impl IntoIterator<Item = S>) -> Self {
        Self { shown: lines.into_iter().map(|line| line.to_string()).collect(), raw: String::new() }
    }

    /// A party for people: its name, and below it its kind and jurisdiction.
    pub fn party(entity: Entity<'_>) -> Self {
        let about = format!("{}, {}", entity.kind(), entity.jurisdiction().unwrap_or("?"));
        Self::lines([phrases::name(entity.name()).into_owned(), about])
    }

    /// For CSV only.
    pub fn raw(raw: impl Into<String>) -> Self {
        Self { shown: Vec::new(), raw: raw.into() }
    }

    /// The same with a text for CSV.
    pub fn with_raw(self, raw: impl Into<String>) -> Self {
        Self { raw: raw.into(), ..self }
    }

    /// The same with a further line for people, if there is one.
    pub fn and_line(mut self, line: Option<&str>) -> Self {
        self.shown.extend(line.map(str::to_owned));
        self
    }

    /// The lines, harmless and of a length that can be read.
    fn harmless(&self) -> Vec<String> {
        self.shown.iter().map(|line| spelled(&brief(line, LONG_LINE))).collect()
    }

    fn markdown(&self) -> MarkdownText {
        MarkdownText::new(&self.shown.iter().map(|line| brief(line, LONG_LINE)).collect::<Vec<_>>().join(" "))
    }
}

/// Most graphemes of a line of a cell.
const LONG_LINE: usize = 500;

/// A rule under the headings.
const PLAIN: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The same, and a fainter rule between rows that are several lines high.
const RULED: TableStyle = PLAIN.row_separator(LineStyle::none().fill('╌').junction('╌'));

/// Rows under columns.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    fn shown(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| !column.title.is_empty())
    }

    /// As text of at most `width` columns; outside strings are made harmless for a terminal.
    pub fn render(&self, width: u16) -> String {
        let mut table = comfy_table::Table::new();
        let high = |row: &Vec<Cell>| self.shown().any(|(index, _)| row[index].shown.len() > 1);
        table.load_style(if self.rows.iter().any(high) { RULED } else { PLAIN });
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(self.shown().map(|(_, column)| column.title).collect::<Vec<_>>());
        for row in &self.rows {
            table.add_row(self.shown().map(|(index, _)| row[index].harmless().join("\n")).collect::<Vec<_>>());
        }
        for (place, (_, column)) in self.shown().enumerate() {
            if let Some(shown) = table.column_mut(place) {
                shown.set_padding((u16::from(place > 0), 1));
                if column.number {
                    shown.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        let mut out = String::new();
        for line in table.lines() {
            out.push_str(&format!("{}\n", TerminalLine::of_table(&line)));
        }
        out
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        let titles: Vec<&str> = self.shown().map(|(_, column)| column.title).collect();
        let rules: Vec<&str> = self.shown().map(|(_, column)| if column.number { "---:" } else { "---" }).collect();
        let mut out = format!("| {} |\n| {} |\n", titles.join(" | "), rules.join(" | "));
        for row in &self.rows {
            let cells: Vec<String> = self.shown().map(|(index, _)| row[index].markdown().to_string()).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        out
    }
}

/// Rows as CSV with a header row, and how many cells were marked because a spreadsheet would take them for a formula.
pub fn csv(
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    cells: Cells,
    out: impl Write,
) -> io::Result<usize> {
    let kept: Vec<(usize, &Column)> = columns.iter().enumerate().filter(|(_, column)| !column.key.is_empty()).collect();
    let mut writer = CsvWriter::begin(out, cells, kept.iter().map(|(_, column)| column.key))?;
    for row in rows {
        for &(index, column) in &kept {
            let raw = &row[index].raw;
            if column.number { writer.number(raw) } else { writer.text(raw) }?;
        }
        writer.end_row()?;
    }
    writer.finish().map(|(_, marked)| marked)
}
