//! The Offshore Leaks database of the ICIJ: CSV files of nodes and relationships, in any order.

mod dates;
mod nodes;
mod relations;
mod table;

use super::intake::Intake;
use super::rows::{self, Rows, Step};
use crate::error::{Error, Location, Result};
use crate::model::Source;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::BufRead;
use table::{Layout, Table};

/// Whether the first bytes of an input look like this format: a header with the columns of one of its files.
pub(super) fn recognises(head: &str) -> bool {
    if head.starts_with(['{', '[', '<']) {
        return false;
    }
    let delimiter = rows::delimiter(head.as_bytes());
    let line = head.split(['\n', '\r']).next().unwrap_or_default();
    if !line.contains('"') && rows::separates_text(delimiter) {
        // A parser for one line would take longer than all else about a small table.
        let header: csv::StringRecord = line.split(char::from(delimiter)).collect();
        return Table::of(&header).is_some();
    }
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter);
    let first = reader.from_reader(head.as_bytes()).into_records().next();
    first.is_some_and(|row| row.is_ok_and(|row| Table::of(&row).is_some()))
}

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut rows = Rows::new(intake.name, reader, rows::delimiter(head), intake.limits);
    let mut location = Location::of(intake.name);
    let mut table: Option<Table> = None;
    let mut reading = Reading::default();
    loop {
        let step = rows.step()?;
        location.line = Some(rows.line());
        match (step, &table) {
            (Step::End, _) => return Ok(()),
            (Step::Unclosed, _) => return Err(rows.unclosed()),
            (Step::Broken(broken), _) => intake.reject(location.clone(), broken.reason, &broken.text)?,
            (Step::Row, None) => match Table::of(rows.row()) {
                Some(found) => {
                    if let Some(twice) = found.named_twice() {
                        return Err(Error::data(location, format!("the header names the column {twice:?} twice")));
                    }
                    table = Some(found);
                }
                None => {
                    let reason = "the header is none of the files of the Offshore Leaks database";
                    return intake.reject(location, reason, &rows.text());
                }
            },
            (Step::Row, Some(table)) => {
                let row = Row { table, cells: rows.row() };
                match reading.row(intake, &row, &location)? {
                    Ok(()) => intake.accept(),
                    Err(reason) => intake.reject(location.clone(), reason, &rows.text())?,
                }
            }
        }
    }
}

/// Why a row cannot be used.
type Refusal = String;

/// One row of a table.
struct Row<'r> {
    table: &'r Table,
    cells: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    fn get(&self, column: &str) -> &'r str {
        self.table.place(column).and_then(|place| self.cells.get(place)).unwrap_or("").trim()
    }

    /// A text without the marks of other formats that were left in it.
    fn text(&self, column: &str) -> Cow<'r, str> {
        let text = self.get(column).trim_matches(|c: char| c == '\\' || c.is_whitespace());
        if memchr::memchr3(b'&', b'<', b'\\', text.as_bytes()).is_none() {
            return Cow::Borrowed(text);
        }
        const LEFT: [(&str, &str); 8] = [
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
            ("<br>", " "),
            ("<br/>", " "),
            ("\\", ""),
        ];
        Cow::Owned(LEFT.iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain)))
    }
}

/// What is known between the rows of one input.
#[derive(Default)]
struct Reading {
    /// Position of the source of each `sourceID`.
    sources: HashMap<String, Option<u32>>,
    /// The code of each country name that occurred.
    places: HashMap<String, Option<&'static str>>,
}

impl Reading {
    fn row(&mut self, intake: &mut Intake<'_>, row: &Row<'_>, location: &Location) -> Result<Result<(), Refusal>> {
        let width = row.table.width;
        if row.cells.len() != width {
            return Ok(Err(format!("has {} cells where the header has {width}", row.cells.len())));
        }
        match row.table.layout {
            Layout::Relations(ends) => relations::relation(self, intake, row, ends, location),
            Layout::Addresses => Ok(Ok(())),
            Layout::Nodes(nodes) => nodes::node(self, intake, row, nodes, location),
        }
    }

    /// The source of a row: the leak that it comes from.
    fn source(&mut self, intake: &mut Intake<'_>, row: &Row<'_>, location: &Location) -> Option<u32> {
        let leak = row.get("sourceid");
        if leak.is_empty() {
            return None;
        }
        if let Some(&known) = self.sources.get(leak) {
            return known;
        }
        let id = source_id(leak);
        if !intake.builder.has_source(&id) {
            let title = format!("ICIJ Offshore Leaks: {leak}");
            let publisher = "International Consortium of Investigative Journalists".to_owned();
            let note = Some(row.text("valid_until").into_owned()).filter(|note| !note.is_empty());
            let source = Source { id: id.clone(), title, publisher: Some(publisher), note, ..Source::default() };
            intake.builder.source(source, location);
        }
        let position = intake.builder.source_position(&id);
        self.sources.insert(leak.to_owned(), position);
        position
    }
}

fn source_id(leak: &str) -> String {
    format!("icij:{leak}")
}
