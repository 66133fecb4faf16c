//! Tables as people read them, as CSV and as Markdown.

use crate::escape;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, TableStyle};

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

/// A cell: what people read, and what CSV holds.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    shown: String,
    raw: String,
}

impl Cell {
    /// The same text for both.
    pub fn text(text: impl Into<String>) -> Self {
        let raw = text.into();
        Self { shown: raw.clone(), raw }
    }

    /// A text for people, another for CSV.
    pub fn both(shown: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { shown: shown.into(), raw: raw.into() }
    }

    /// For people only.
    pub fn shown(shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), raw: String::new() }
    }

    /// For CSV only.
    pub fn raw(raw: impl Into<String>) -> Self {
        Self { shown: String::new(), raw: raw.into() }
    }
}

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
        let high = |row: &Vec<Cell>| self.shown().any(|(index, _)| row[index].shown.contains('\n'));
        table.load_style(if self.rows.iter().any(high) { RULED } else { PLAIN });
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        table.set_header(self.shown().map(|(_, column)| column.title).collect::<Vec<_>>());
        for row in &self.rows {
            table.add_row(self.shown().map(|(index, _)| lines(&row[index].shown)).collect::<Vec<_>>());
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
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        let titles: Vec<&str> = self.shown().map(|(_, column)| column.title).collect();
        let rules: Vec<&str> = self.shown().map(|(_, column)| if column.number { "---:" } else { "---" }).collect();
        let mut out = format!("| {} |\n| {} |\n", titles.join(" | "), rules.join(" | "));
        for row in &self.rows {
            let cells: Vec<String> = self.shown().map(|(index, _)| escape::markdown::cell(&row[index].shown)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        out
    }

    /// As CSV with a header row; `safe` disarms what a spreadsheet would take for a formula.
    pub fn csv(&self, safe: bool) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let kept: Vec<(usize, &Column)> =
            self.columns.iter().enumerate().filter(|(_, column)| !column.key.is_empty()).collect();
        writer.write_record(kept.iter().map(|(_, column)| column.key))?;
        for row in &self.rows {
            writer.write_record(kept.iter().map(|&(index, column)| {
                let raw = &row[index].raw;
                if safe && !column.number { escape::csv::text_cell(raw) } else { raw.into() }.into_owned()
            }))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Each line of a cell made harmless; line breaks that the program itself put there stay.
fn lines(text: &str) -> String {
    text.split('\n').map(escape::visible::visible).collect::<Vec<_>>().join("\n")
}
