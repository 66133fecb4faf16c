//! Golden copy files as CSV, columns by the names of their header.

use super::rows::{self, BrokenRow, Row, Rows};
use super::values::{Field, Level, Values};
use super::{Filing, KEPT_TEXT, Record};
use crate::error::{Error, Location, Result};
use crate::load::row_pieces::{Piece, Pieces};
use crate::load::rows::Place;
use crate::load::turns::{Turn, take_turns, threads};
use std::io::{self, BufRead, Read};

/// Columns that are read, with the number of the item that a column belongs to.
struct Header {
    level: Level,
    columns: Vec<(usize, Field, u32)>,
    width: usize,
}

impl Header {
    /// The header that these names make, if it is one of the three files.
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Option<Self> {
        let mut columns = Vec::new();
        let mut width = 0;
        for (place, name) in names.enumerate() {
            width += 1;
            if let Some((field, item)) = column(name) {
                columns.push((place, field, item));
            }
        }
        let has = |field| columns.iter().any(|&(_, known, _)| known == field);
        let level = if has(Field::Child) && has(Field::Parent) {
            Level::Relationship
        } else if has(Field::Lei) && has(Field::ExceptionCategory) {
            Level::Exception
        } else if has(Field::Lei) && has(Field::LegalName) {
            Level::Entity
        } else {
            return None;
        };
        Some(Self { level, columns, width })
    }

    fn values<'r>(&self, row: &Row<'r>) -> Values<'r> {
        let mut values = Values::default();
        for &(place, field, item) in &self.columns {
            values.push(field, item, row.cell(place));
        }
        values
    }

    /// Reads the next record; `None` at the end.
    fn next(&self, rows: &mut Rows<'_>) -> Result<Option<Record>> {
        Ok(rows.next()?.map(|row| match row {
            Ok(row) => self.record(&row),
            Err(BrokenRow { line, reason, text }) => {
                Record::rejected(self.level, &Values::default(), line, reason, &text)
            }
        }))
    }

    fn record(&self, row: &Row<'_>) -> Record {
        let values = self.values(row);
        if row.len() != self.width {
            let reason = format!("the row has {} cells where the header has {}", row.len(), self.width);
            return Record::rejected(self.level, &values, row.line, reason, row.text());
        }
        Record::read(self.level, &values, row.line, || row.text().chars().take(KEPT_TEXT).collect())
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
    let mut rows = Rows::new(name, reader, delimiter, limits.record);
    let header = match rows.next()? {
        Some(Ok(row)) => {
            let cells: Vec<_> = (0..row.len()).map(|place| row.cell(place)).collect();
            Header::of(cells.iter().map(|cell| cell.as_ref()))
        }
        _ => None,
    };
    let Some(header) = header else {
        let message = "the header is none of GLEIF's: LEI records begin with LEI,Entity.LegalName, relationships with \
                       Relationship.StartNode.NodeID, reporting exceptions with LEI,Exception.Category";
        return Err(Error::data(filing.intake.at(1), message));
    };
    let (ahead, line) = rows.ahead();
    let mut reader = io::Cursor::new(ahead).chain(reader);
    let row_end = |bytes: &[u8]| rows::last_row_end(bytes, delimiter);
    let mut pieces = Pieces::new(name, &mut reader, Place { line, byte: 0 }, limits, row_end);
    let read_piece = |piece: Piece, turn: &Turn<'_, &mut Filing<'_, '_>>| {
        let mut bytes = &piece.bytes[..];
        let mut rows = Rows::new(name, &mut bytes, delimiter, limits.record).starting_at_line(piece.place.line);
        let mut records = Vec::new();
        while let Some(record) = header.next(&mut rows)? {
            records.push(record);
        }
        let Some(mut filing) = turn.wait() else { return Ok(()) };
        let mut location = Location::of(name);
        records.into_iter().try_for_each(|record| filing.take(record, &mut location))
    };
    take_turns(threads(), || pieces.next(), &mut *filing, read_piece)?;
    let Some((mut rest, place)) = pieces.rest() else { return Ok(()) };
    let mut rows = Rows::new(name, &mut rest, delimiter, limits.record).starting_at_line(place.line);
    while let Some(record) = header.next(&mut rows)? {
        filing.take_one(record)?;
    }
    Ok(())
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
