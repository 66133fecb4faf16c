//! The program's CSV tables: entities, interests, sources and jurisdictions, each in a file of its own.

use super::rows::Rows;
use super::{Cells, Table, Wrong};
use crate::error::{Error, Location, Result};
use crate::escape::csv::unguarded;
use crate::load::intake::Intake;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Columns by which the tables are known, wherever they stand in the header.
const TELLING: [(Table, &[&str]); 4] = [
    (Table::Entities, &["id", "name", "kind", "owners_complete"]),
    (Table::Interests, &["id", "owner", "owned", "kind", "statement_adds"]),
    (Table::Sources, &["id", "title", "publisher", "retrieved"]),
    (Table::Jurisdictions, &["code", "sources", "facts", "note"]),
];

/// The header of the column that tells exact cells from those with an apostrophe before a formula.
const RAW: &str = "raw";

fn table_of<'c>(header: impl Iterator<Item = &'c str>) -> Option<Table> {
    let columns: Vec<&str> = header.map(|cell| cell.trim_matches('"')).collect();
    let fits = |(_, telling): &(Table, &[&str])| telling.iter().all(|column| columns.contains(column));
    TELLING.into_iter().find(fits).map(|(table, _)| table)
}

/// Whether the first bytes of an input are the header of such a table.
pub(in crate::load) fn recognises(head: &str) -> bool {
    head.lines().next().is_some_and(|header| table_of(header.split(',')).is_some())
}

/// A reader that stops where one row swallows more than a record may have, as a quote that is never closed does.
struct Budget<'r> {
    inner: &'r mut (dyn BufRead + Send),
    left: Rc<Cell<usize>>,
}

impl Read for Budget<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a row is longer than a record may be"));
        }
        let count = self.inner.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(count));
        Ok(count)
    }
}

/// Reads one input, row by row.
pub(in crate::load) fn read(intake: &mut Intake<'_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let (name, limit) = (intake.name, intake.limits.record);
    let left = Rc::new(Cell::new(limit));
    let budget = Budget { inner: reader, left: Rc::clone(&left) };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(budget);
    let mut record = csv::ByteRecord::new();
    let wrong = |line: u64, message: String| Error::data(Location::of(name).at_line(line), message);
    let mut next = |record: &mut csv::ByteRecord| {
        left.set(limit);
        reader.read_byte_record(record).map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            match error.into_kind() {
                csv::ErrorKind::Io(error) => crate::load::source::failed(name, error),
                kind => wrong(line, format!("{kind:?}")),
            }
        })
    };
    let header = match next(&mut record)? {
        true => csv::StringRecord::from_byte_record_lossy(record.clone()),
        false => return Err(wrong(1, "is empty: there is no header row".to_owned())),
    };
    let table = table_of(header.iter()).ok_or_else(|| {
        let message =
            "is none of the tables that `cuibono convert --to csv` writes; docs/columns.md lists their columns";
        wrong(1, message.to_owned())
    })?;
    let columns = Columns {
        places: header.iter().enumerate().map(|(place, name)| (name.to_owned(), place)).collect(),
        raw: header.iter().any(|name| name == RAW),
    };
    let mut rows = Rows::new(intake.builder, "tables");
    while next(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let message = format!("has {} cells where the header has {}", record.len(), header.len());
            intake.reject(intake.at(line), message, &shown(&record))?;
            continue;
        }
        match csv::StringRecord::from_byte_record(record) {
            Ok(row) => {
                rows.add(intake, table, &Row { columns: &columns, row: &row }, line, || shown(row.as_byte_record()))?;
                record = row.into_byte_record();
            }
            Err(error) => {
                record = error.into_byte_record();
                intake.reject(intake.at(line), "is not UTF-8 text", &shown(&record))?;
            }
        }
    }
    rows.finish(intake.builder);
    Ok(())
}

/// A row as text, for the list of rejects.
fn shown(record: &csv::ByteRecord) -> String {
    record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}

struct Columns {
    places: HashMap<String, usize>,
    raw: bool,
}

struct Row<'r> {
    columns: &'r Columns,
    row: &'r csv::StringRecord,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<Cow<'_, str>> {
        let cell = self.row.get(*self.columns.places.get(column)?)?;
        let cell = if self.columns.raw { Cow::Borrowed(cell) } else { unguarded(cell) };
        (!cell.is_empty()).then_some(cell)
    }
}

impl Cells for Row<'_> {
    fn text(&self, column: &str) -> Result<Option<Cow<'_, str>>, Wrong> {
        Ok(self.cell(column))
    }

    fn list(&self, column: &str) -> Result<Vec<String>, Wrong> {
        Ok(self.cell(column).map_or_else(Vec::new, |cell| split(&cell)))
    }

    fn number(&self, column: &str) -> Result<Option<f64>, Wrong> {
        let cell = self.cell(column);
        cell.map(|cell| cell.trim().parse().map_err(|_| format!("{column} {cell:?} is no number"))).transpose()
    }

    fn flag(&self, column: &str) -> Result<bool, Wrong> {
        match self.cell(column) {
            None => Ok(false),
            // Spreadsheets write the words in capitals.
            Some(cell) if cell.eq_ignore_ascii_case("false") => Ok(false),
            Some(cell) if cell.eq_ignore_ascii_case("true") => Ok(true),
            Some(cell) => Err(format!("{column} {cell:?} is neither true nor false")),
        }
    }

    fn parts<T: DeserializeOwned + Default>(&self, column: &str) -> Result<T, Wrong> {
        let cell = self.cell(column);
        cell.map_or(Ok(T::default()), |cell| serde_json::from_str(&cell).map_err(|error| format!("{column}: {error}")))
    }
}

/// The items of a list: joined by `;`, with `\;`, `\\` and `\e` (an empty item) within them.
fn split(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut chars = text.chars();
    let push = |items: &mut Vec<String>, c: char| {
        if let Some(item) = items.last_mut() {
            item.push(c);
        }
    };
    while let Some(c) = chars.next() {
        match c {
            ';' => items.push(String::new()),
            '\\' => match chars.next() {
                Some('e') | None => {}
                Some(c) => push(&mut items, c),
            },
            c => push(&mut items, c),
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::{recognises, split};

    #[test]
    fn lists_are_split_and_unescaped() {
        assert_eq!(split("a;b"), ["a", "b"]);
        assert_eq!(split("a\\;b;\\\\;\\e;c\\\\e"), ["a;b", "\\", "", "c\\e"]);
    }

    #[test]
    fn a_table_is_known_by_its_columns() {
        assert!(recognises("note,id,name,kind,owners_complete\n"));
        assert!(!recognises("owner,owned,share,kind,id\n"));
        assert!(!recognises("id,name,kind\n"));
    }
}
