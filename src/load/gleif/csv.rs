//! Golden copy files as CSV, columns by the names of their header.

use super::rows::{self, BrokenRow, Row, Rows, Stream};
use super::values::{Field, Level, Values};
use super::{Filing, KEPT_TEXT, Record};
use crate::error::{Error, Result};
use crate::load::row_pieces::{Piece, Pieces, SMALL};
use crate::load::rows::Place;
use crate::load::spare::Spare;
use crate::load::turns::{Turn, take_turns, threads};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead, Read};

/// Columns that are read.
struct Header {
    level: Level,
    /// What stands in each column, with the number of the item that it belongs to; nothing for one that is not read.
    columns: Vec<Option<(Field, u32)>>,
}

impl Header {
    /// The header that these names make, if it is one of the three files.
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Option<Self> {
        let columns: Vec<_> = names.map(column).collect();
        let has = |field| columns.iter().flatten().any(|&(known, _)| known == field);
        let level = if has(Field::Child) && has(Field::Parent) {
            Level::Relationship
        } else if has(Field::Lei) && has(Field::ExceptionCategory) {
            Level::Exception
        } else if has(Field::Lei) && has(Field::LegalName) {
            Level::Entity
        } else {
            return None;
        };
        Some(Self { level, columns })
    }

    /// Reads a record into `values`, which other records have used.
    fn record<'r>(&self, row: Result<Row<'r>, BrokenRow>, values: &mut Values<'r>) -> Record<'r> {
        values.clear();
        let read = row.and_then(|row| {
            let width = row.each_cell(|place, cell| {
                if let Some(&Some((field, item))) = self.columns.get(place) {
                    match cell.plain() {
                        Some(text) => values.push_borrowed(field, item, text),
                        None => values.push(field, item, cell.said()),
                    }
                }
            })?;
            Ok((row, width))
        });
        let (row, width) = match read {
            Ok(read) => read,
            Err(BrokenRow { line, reason, text }) => {
                return Record::rejected(self.level, &Values::default(), line, reason, &text);
            }
        };
        if width != self.columns.len() {
            let reason = format!("the row has {width} cells where the header has {}", self.columns.len());
            return Record::rejected(self.level, values, row.line, reason, row.text());
        }
        Record::read(self.level, values, row.line, || row.text().chars().take(KEPT_TEXT).collect())
    }

    /// Reads the records of a piece.
    fn records<'r>(&self, rows: Rows<'r>) -> Vec<Record<'r>> {
        let mut values = Values::default();
        rows.map(|row| self.record(row, &mut values)).collect()
    }
}

/// The field of a column: `Entity.OtherEntityNames.OtherEntityName.2.type` is the type of the second other name.
fn column(name: &str) -> Option<(Field, u32)> {
    let mut item = 0;
    let mut plain = String::with_capacity(name.len());
    for part in name.trim().split('.') {
        match part.parse() {
            Ok(number) => item = number,
            Err(_) => {
                plain.push_str(if plain.is_empty() { "" } else { "." });
                plain.push_str(&part.to_ascii_lowercase());
            }
        }
    }
    Field::named(&plain).map(|field| (field, item))
}

/// The separator of a header and its names.
fn names(head: &str) -> (u8, impl Iterator<Item = &str>) {
    let line = head.lines().next().unwrap_or("");
    let delimiter =
        [',', ';', '\t'].into_iter().max_by_key(|&sign| (line.matches(sign).count(), sign == ',')).unwrap_or(',');
    (delimiter as u8, line.split(delimiter).map(|name| name.trim().trim_matches('"')))
}

/// Whether the first line is the header of a golden copy file.
pub(super) fn recognises(head: &str) -> bool {
    Header::of(names(head).1).is_some()
}

/// Reads one file.
pub(super) fn read(filing: &mut Filing<'_, '_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let (name, limits) = (filing.intake.name, filing.intake.limits);
    let delimiter = names(&String::from_utf8_lossy(head.trim_ascii_start())).0;
    let mut rows = Stream::new(name, reader, delimiter, limits.record);
    let mut twice = None;
    let header = match rows.next()? {
        Some(Ok(row)) => cells(&row).ok().and_then(|cells| {
            twice = named_twice(&cells);
            Header::of(cells.iter().map(|cell| cell.as_ref()))
        }),
        _ => None,
    };
    if let Some(twice) = twice {
        return Err(Error::data(filing.intake.at(1), format!("the header names the column {twice:?} twice")));
    }
    let Some(header) = header else {
        let message = "the header is none of GLEIF's: LEI records begin with LEI,Entity.LegalName, relationships with \
                       Relationship.StartNode.NodeID, reporting exceptions with LEI,Exception.Category";
        return Err(Error::data(filing.intake.at(1), message));
    };
    let (ahead, line) = rows.ahead();
    let mut reader = io::Cursor::new(ahead).chain(reader);
    let row_end = |bytes: &[u8]| rows::last_row_end(bytes, delimiter);
    let mut pieces = Pieces::new(name, &mut reader, Place { line, byte: 0 }, limits, row_end);
    let buffers = Spare::default();
    let read_piece = |piece: Piece, turn: &Turn<'_, &mut Filing<'_, '_>>| {
        let records = header.records(Rows::of(&piece.bytes, piece.place.line, delimiter, limits.record));
        match turn.wait() {
            Some(mut filing) => filing.take_all(records)?,
            None => return Ok(()),
        }
        buffers.give_buffer(piece.bytes, limits.piece);
        Ok(())
    };
    take_turns(threads, SMALL, || pieces.next(buffers.take().unwrap_or_default()), &mut *filing, read_piece)?;
    let Some((mut rest, place)) = pieces.rest() else { return Ok(()) };
    let mut rows = Stream::new(name, &mut rest, delimiter, limits.record).starting_at_line(place.line);
    while let Some(row) = rows.next()? {
        filing.take_one(header.record(row, &mut Values::default()))?;
    }
    Ok(())
}

/// A column that is read and that a header names twice: which of them counts nobody can tell.
fn named_twice(names: &[Cow<'_, str>]) -> Option<String> {
    let mut seen = HashSet::new();
    let read = names.iter().map(|name| name.trim()).filter(|name| column(name).is_some());
    read.map(str::to_ascii_lowercase).find(|name| !seen.insert(name.clone()))
}

/// All cells of a row, those without text too.
fn cells<'r>(row: &Row<'r>) -> Result<Vec<Cow<'r, str>>, BrokenRow> {
    let mut cells = Vec::new();
    let count = row.each_cell(|place, cell| {
        cells.resize(place, Cow::Borrowed(""));
        cells.push(cell.said());
    })?;
    cells.resize(count, Cow::Borrowed(""));
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_dotted_names() {
        assert_eq!(column("Entity.OtherEntityNames.OtherEntityName.2.type"), Some((Field::OtherNameType, 2)));
        assert_eq!(column("Entity.SuccessorEntity.1.SuccessorLEI"), Some((Field::SuccessorLei, 1)));
        assert_eq!(column("Relationship.Period.3.startDate"), Some((Field::PeriodStart, 3)));
        assert_eq!(column("Exception.Reason.5"), Some((Field::ExceptionReason, 5)));
        assert_eq!(column("Entity.LegalAddress.City"), None);
    }
}
