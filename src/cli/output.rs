//! Where answers go, and in which format.

use super::args::Global;
use super::exit::Exit;
use super::table::Table;
use super::{interrupt, limits, terminal};
use crate::error::{Error, Result};
use crate::escape::csv::Cells;
use crate::escape::markdown::MarkdownText;
use crate::escape::terminal::TerminalLine;
use crate::escape::visible::{brief, spelled};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// The formats of `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OutputFormat {
    /// Aligned columns for people.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a row.
    Jsonl,
    /// Comma-separated values with a header row.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// How text cells are written to CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum CsvCells {
    /// An apostrophe goes before what a spreadsheet would take for a formula.
    #[default]
    Safe,
    /// The exact text.
    Raw,
}

impl From<CsvCells> for Cells {
    fn from(cells: CsvCells) -> Self {
        match cells {
            CsvCells::Safe => Cells::Safe,
            CsvCells::Raw => Cells::Raw,
        }
    }
}

/// An answer in all forms.
pub struct Report<'a> {
    /// Lines above the table.
    pub heading: Vec<String>,
    /// The rows.
    pub table: Table,
    /// Lines below the table.
    pub notes: Vec<String>,
    /// What the answer cannot know.
    caveats: Vec<String>,
    /// Makes the whole answer, when a script wants it.
    json: Box<dyn Fn() -> serde_json::Result<serde_json::Value> + 'a>,
    /// Where the rows stand within the answer.
    rows: &'static str,
}

impl<'a> Report<'a> {
    /// A report on a serialisable answer, whose rows stand under the key `rows`.
    pub fn new(answer: &'a impl Serialize, rows: &'static str, table: Table) -> Self {
        let json = Box::new(move || serde_json::to_value(answer));
        Self { heading: Vec::new(), table, notes: Vec::new(), caveats: Vec::new(), json, rows }
    }

    /// Adds a line above the table.
    #[must_use]
    pub fn heading(mut self, line: impl Into<String>) -> Self {
        self.heading.push(line.into());
        self
    }

    /// Adds lines below the table.
    #[must_use]
    pub fn notes(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(lines);
        self
    }

    /// Adds what the answer cannot know: below the table, and among the warnings of the JSON.
    #[must_use]
    pub fn caveats(mut self, caveats: &[String]) -> Self {
        self.notes.extend(caveats.iter().map(|caveat| format!("Warning: {caveat}")));
        self.caveats.extend_from_slice(caveats);
        self
    }

    /// The whole answer, with `cut` rows less.
    fn json(&self, cut: usize) -> Result<serde_json::Value> {
        let mut json = (self.json)().map_err(unwritable)?;
        if let Some(answer) = json.as_object_mut().filter(|_| !self.caveats.is_empty()) {
            let warnings = answer.entry("warnings").or_insert_with(|| serde_json::Value::Array(Vec::new()));
            let warnings = warnings.as_array_mut().into_iter();
            warnings.for_each(|warnings| warnings.extend(self.caveats.iter().map(|caveat| caveat.as_str().into())));
        }
        if cut > 0 {
            if let Some(rows) = json.get_mut(self.rows).and_then(|rows| rows.as_array_mut()) {
                rows.truncate(rows.len().saturating_sub(cut));
            }
            if let Some(answer) = json.as_object_mut() {
                answer.insert("partial".to_owned(), true.into());
            }
        }
        Ok(json)
    }
}

/// What to say where an answer does not become CSV.
pub fn no_csv(error: io::Error) -> Error {
    Error::usage(format!("the answer cannot be written as CSV: {error}"))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::usage(format!("the answer cannot be written as JSON: {error}"))
}

/// How a run ends whose answer was cut by so many rows; it is said where it was.
pub fn cut_at_the_limit(rows: usize) -> Exit {
    if rows == 0 {
        return Exit::Answer;
    }
    terminal::tell(format!("stopped at --limit: {rows} more rows are left out, the answer is partial"));
    Exit::Limit
}

/// Writes answers to standard output.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The format.
    pub format: OutputFormat,
    /// How CSV cells are written.
    pub csv: CsvCells,
    /// Rows at most.
    pub limit: Option<usize>,
    /// Whether nothing is told beside the answer.
    pub quiet: bool,
}

impl Output {
    /// As the options ask.
    pub fn of(global: &Global) -> Self {
        Self { format: global.format, csv: global.csv, limit: global.limit, quiet: global.quiet }
    }

    /// Writes a report; rows beyond the limit are left out, said, and give exit code 5.
    pub fn report(&self, mut report: Report<'_>) -> Result<Exit> {
        let cut = report.table.rows.len().saturating_sub(self.limit.unwrap_or(usize::MAX));
        report.table.rows.truncate(report.table.rows.len() - cut);
        let bytes = match self.format {
            OutputFormat::Table => self.text(&report).into_bytes(),
            OutputFormat::Json => json(&report.json(cut)?, true)?,
            OutputFormat::Jsonl => lines(&report, cut)?,
            OutputFormat::Markdown => self.markdown(&report).into_bytes(),
            OutputFormat::Csv => self.csv(&report.table)?,
        };
        write_out(&bytes)?;
        Ok(cut_at_the_limit(cut))
    }

    /// The rows of a report, as CSV or else as lines of JSON, and how many cells were marked.
    #[cfg(feature = "distributed")]
    pub fn rows(&self, report: &Report<'_>) -> Result<(Vec<u8>, usize)> {
        match self.format {
            OutputFormat::Csv => report.table.csv(self.csv.into()).map_err(no_csv),
            _ => Ok((lines(report, 0)?, 0)),
        }
    }

    /// Says how many cells are not the exact text.
    pub fn tell_of_marks(&self, cells: usize) {
        let (what, exact) = match cells {
            0 => return,
            1 => ("1 cell got an apostrophe, so that no spreadsheet takes it for a formula".to_owned(), "it"),
            _ => (format!("{cells} cells got an apostrophe, so that no spreadsheet takes them for formulas"), "them"),
        };
        if !self.quiet {
            terminal::tell(format!("{what}; --csv raw writes {exact} exactly"));
        }
    }

    fn csv(&self, table: &Table) -> Result<Vec<u8>> {
        let (bytes, marked) = table.csv(self.csv.into()).map_err(no_csv)?;
        self.tell_of_marks(marked);
        Ok(bytes)
    }

    fn text(&self, report: &Report<'_>) -> String {
        let mut out = String::new();
        let width = width();
        let fitted = |line: &String| wrap(&spelled(&brief(line, LONG_LINE)), usize::from(width));
        out.extend(report.heading.iter().map(fitted));
        if report.table.rows.is_empty() {
            out.push_str("\n  (nothing)\n");
        } else {
            out.push_str(&report.table.render(width));
        }
        out.extend(report.notes.iter().map(fitted));
        out
    }

    fn markdown(&self, report: &Report<'_>) -> String {
        let escape = |line: &str| MarkdownText::new(&brief(line, LONG_LINE));
        let mut out: String = report.heading.iter().map(|line| format!("{}\n\n", escape(line))).collect();
        out.push_str(&report.table.markdown());
        report.notes.iter().for_each(|line| out.push_str(&format!("\n{}\n", escape(line))));
        out
    }
}

/// One line for each row of the answer.
fn lines(report: &Report<'_>, cut: usize) -> Result<Vec<u8>> {
    let answer = report.json(cut)?;
    let mut out = Vec::new();
    match answer.get(report.rows).and_then(|rows| rows.as_array()) {
        Some(rows) => {
            for row in rows {
                out.extend(json(row, false)?);
            }
        }
        None => out.extend(json(&answer, false)?),
    }
    Ok(out)
}

fn json(value: &serde_json::Value, pretty: bool) -> Result<Vec<u8>> {
    let bytes = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = bytes.map_err(unwritable)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes to standard output in one go. A closed pipe ends the program quietly.
pub fn write_out(bytes: &[u8]) -> Result<()> {
    limits::begin_output();
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => interrupt::leave(0),
        Err(error) => Err(Error::io("cannot write to", "<stdout>", error)),
        Ok(()) => Ok(()),
    }
}

/// The width to which tables are fitted: that of the terminal, of `COLUMNS`, or 120.
fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| width);
    let width = if io::stdout().is_terminal() { columns.or_else(terminal) } else { columns };
    width.unwrap_or(120).clamp(40, 400)
}

/// Breaks a line at blanks so that it fits, continuation lines indented. A word that no line can hold is cut.
fn wrap(line: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let length = unicode_width::UnicodeWidthStr::width(word);
        if used > 0 && used + 1 + length > width {
            used = break_line(&mut out);
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        for c in word.chars() {
            let length = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
            if used + length > width {
                used = break_line(&mut out);
            }
            out.push(c);
            used += length;
        }
    }
    out.split('\n').map(|line| format!("{}\n", TerminalLine::of_table(line))).collect()
}

/// Most graphemes of a line above or below a table.
const LONG_LINE: usize = 2_000;

/// Columns by which continuation lines stand in.
const INDENT: usize = 2;

fn break_line(out: &mut String) -> usize {
    out.push_str("\n  ");
    INDENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_nothing_but_blanks() {
        assert_eq!(wrap("one two three", 20), "one two three\n");
        assert_eq!(wrap("one two three", 8), "one two\n  three\n");
        assert_eq!(wrap("a 12345678901 b", 6), "a\n  1234\n  5678\n  901\n  b\n");
        assert_eq!(wrap("名前 名前", 6), "名前\n  名前\n");
        assert_eq!(wrap("", 6), "\n");
    }
}
