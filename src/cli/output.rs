//! Where answers go, and in which format.

use super::args::Global;
use super::exit::Exit;
use super::table::{self, Cell, Column, Table};
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

/// Writes a row of an answer as a line of JSON.
type RowWriter<'a> = dyn Fn(usize, &mut dyn Write) -> serde_json::Result<()> + 'a;

/// An answer in all forms. Its rows are made one by one as they are written: there may be millions.
pub struct Report<'a> {
    /// Lines above the table.
    pub heading: Vec<String>,
    /// Lines below the table.
    pub notes: Vec<String>,
    /// What the answer cannot know.
    caveats: Vec<String>,
    columns: Vec<Column>,
    /// How many rows there are.
    count: usize,
    /// Makes the cells of a row.
    cells: Box<dyn Fn(usize) -> Vec<Cell> + 'a>,
    /// Writes a row for a script, where that does not take the whole answer.
    row: Option<Box<RowWriter<'a>>>,
    /// Makes the whole answer, when a script wants it.
    json: Box<dyn Fn() -> serde_json::Result<serde_json::Value> + 'a>,
    /// Where the rows stand within the answer.
    key: &'static str,
}

impl<'a> Report<'a> {
    /// A report on a serialisable answer, in which `rows` stand under `key`.
    pub fn of<R: Serialize>(
        answer: &'a impl Serialize,
        (key, rows): (&'static str, &'a [R]),
        columns: impl Into<Vec<Column>>,
        cells: impl Fn(&'a R) -> Vec<Cell> + 'a,
    ) -> Self {
        Self {
            heading: Vec::new(),
            notes: Vec::new(),
            caveats: Vec::new(),
            columns: columns.into(),
            count: rows.len(),
            cells: Box::new(move |row| cells(&rows[row])),
            row: Some(Box::new(move |row, out| line(&rows[row], out))),
            json: Box::new(move || serde_json::to_value(answer)),
            key,
        }
    }

    /// A report whose few rows, under `key` in the answer or nowhere, are shown in a table of another form.
    pub fn new(answer: &'a impl Serialize, key: &'static str, table: Table) -> Self {
        let none: &[()] = &[];
        let Table { columns, rows } = table;
        let count = rows.len();
        let cells = Box::new(move |row: usize| rows[row].clone());
        Self { count, cells, row: None, ..Self::of(answer, (key, none), columns, |()| Vec::new()) }
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

    /// The first rows as a table.
    fn table(&self, kept: usize) -> Table {
        Table { columns: self.columns.clone(), rows: (0..kept).map(|row| (self.cells)(row)).collect() }
    }

    /// The first rows as lines of JSON; those that cannot be had one by one are taken from the whole answer, which is one line
    /// where it has none.
    fn lines(&self, kept: usize, out: &mut dyn Write) -> io::Result<()> {
        if let Some(write) = &self.row {
            return (0..kept).try_for_each(|row| Ok(write(row, out)?));
        }
        let answer = self.json(self.count - kept).map_err(io::Error::other)?;
        let rows = answer.get(self.key).and_then(|rows| rows.as_array());
        let mut rows = rows.map_or(std::slice::from_ref(&answer), Vec::as_slice).iter();
        rows.try_for_each(|row| Ok(line(row, out)?))
    }

    /// The first rows as CSV, and how many cells were marked.
    fn csv(&self, kept: usize, cells: Cells, out: &mut dyn Write) -> io::Result<usize> {
        table::csv(&self.columns, (0..kept).map(|row| (self.cells)(row)), cells, out)
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
            if let Some(rows) = json.get_mut(self.key).and_then(|rows| rows.as_array_mut()) {
                rows.truncate(rows.len().saturating_sub(cut));
            }
            if let Some(answer) = json.as_object_mut() {
                answer.insert("partial".to_owned(), true.into());
            }
        }
        Ok(json)
    }
}

/// What to say where rows do not become text.
#[cfg(feature = "distributed")]
pub fn no_rows(error: io::Error) -> Error {
    Error::usage(format!("the rows cannot be written: {error}"))
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
    pub fn report(&self, report: &Report<'_>) -> Result<Exit> {
        let kept = report.count.min(self.limit.unwrap_or(usize::MAX));
        let cut = report.count - kept;
        match self.format {
            OutputFormat::Table => write_out(self.text(report, kept).as_bytes())?,
            OutputFormat::Json => write_out(&json(&report.json(cut)?)?)?,
            OutputFormat::Markdown => write_out(self.markdown(report, kept).as_bytes())?,
            OutputFormat::Jsonl => to_standard_output(|out| report.lines(kept, out))?,
            OutputFormat::Csv => {
                let marked = to_standard_output(|out| report.csv(kept, self.csv.into(), out))?;
                self.tell_of_marks(marked);
            }
        }
        Ok(cut_at_the_limit(cut))
    }

    /// The rows of a report, as CSV or else as lines of JSON, and how many cells were marked.
    #[cfg(feature = "distributed")]
    pub fn rows(&self, report: &Report<'_>) -> Result<(Vec<u8>, usize)> {
        let mut bytes = Vec::new();
        let written = match self.format {
            OutputFormat::Csv => report.csv(report.count, self.csv.into(), &mut bytes),
            _ => report.lines(report.count, &mut bytes).map(|()| 0),
        };
        let marked = written.map_err(no_rows)?;
        Ok((bytes, marked))
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

    fn text(&self, report: &Report<'_>, kept: usize) -> String {
        let mut out = String::new();
        let width = width();
        let fitted = |line: &String| wrap(&spelled(&brief(line, LONG_LINE)), usize::from(width));
        out.extend(report.heading.iter().map(fitted));
        if kept == 0 {
            out.push_str("\n  (nothing)\n");
        } else {
            out.push_str(&report.table(kept).render(width));
        }
        out.extend(report.notes.iter().map(fitted));
        out
    }

    fn markdown(&self, report: &Report<'_>, kept: usize) -> String {
        let escape = |line: &str| MarkdownText::new(&brief(line, LONG_LINE));
        let mut out: String = report.heading.iter().map(|line| format!("{}\n\n", escape(line))).collect();
        out.push_str(&report.table(kept).markdown());
        report.notes.iter().for_each(|line| out.push_str(&format!("\n{}\n", escape(line))));
        out
    }
}

fn line(row: &impl Serialize, out: &mut dyn Write) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.write_all(b"\n").map_err(serde_json::Error::io)
}

fn json(value: &serde_json::Value) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(unwritable)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes to standard output in one go. A closed pipe ends the program quietly.
pub fn write_out(bytes: &[u8]) -> Result<()> {
    to_standard_output(|out| out.write_all(bytes))
}

/// The same piece by piece.
fn to_standard_output<T>(write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<T> {
    limits::begin_output();
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|written| out.flush().map(|()| written)) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => interrupt::leave(0),
        Err(error) => Err(Error::io("cannot write to", "<stdout>", error)),
        Ok(written) => Ok(written),
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
