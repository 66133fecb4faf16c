//! The program's CSV tables: entities, interests, sources and jurisdictions, each in a file of its own.

use super::rows::Rows;
use super::{Cells, Table, Wrong};
use crate::error::{Error, Result};
use crate::escape::csv::unguarded;
use crate::load::intake::Intake;
use crate::load::rows::{Rows as Lines, Step};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::BufRead;

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

/// Reads one input, row by row.
pub(in crate::load) fn read(intake: &mut Intake<'_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut lines = Lines::new(intake.name, reader, b',', intake.limits);
    let wrong = |message: &str| Error::data(intake.at(1), message);
    let header = match lines.step()? {
        Step::Row => lines.row().clone(),
        Step::Broken(broken) => return Err(wrong(&broken.reason)),
        Step::Unclosed => return Err(lines.unclosed()),
        Step::End => return Err(wrong("is empty: there is no header row")),
    };
    let table = table_of(header.iter()).ok_or_else(|| {
        wrong("is none of the tables that `cuibono convert --to csv` writes; docs/columns.md lists their columns")
    })?;
    let mut places = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        if places.insert(name.to_owned(), place).is_some() && !name.is_empty() {
            return Err(wrong(&format!("the header names the column {name:?} twice")));
        }
    }
    let columns = Columns { places, raw: header.iter().any(|name| name == RAW) };
    let mut rows = Rows::new(intake.builder, "tables");
    let read = read_all(intake, &mut lines, (table, &columns, header.len()), &mut rows);
    // Also where the input breaks off: what was read may be wanted alone.
    rows.finish(intake.builder);
    read
}

fn read_all(
    intake: &mut Intake<'_>,
    lines: &mut Lines<'_>,
    (table, columns, width): (Table, &Columns, usize),
    rows: &mut Rows,
) -> Result<()> {
    loop {
        match lines.step()? {
            Step::End => return Ok(()),
            Step::Unclosed => return Err(lines.unclosed()),
            Step::Broken(broken) => intake.reject(intake.at(lines.line()), broken.reason, &broken.text)?,
            Step::Row if lines.row().len() != width => {
                let message = format!("has {} cells where the header has {width}", lines.row().len());
                intake.reject(intake.at(lines.line()), message, &lines.text())?;
            }
            Step::Row => {
                let row = Row { columns, row: lines.row() };
                rows.add(intake, table, &row, lines.line(), || lines.text())?;
            }
        }
    }
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
