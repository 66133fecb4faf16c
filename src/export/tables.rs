//! Tables as CSV: `entities.csv`, `interests.csv`, `sources.csv` and `jurisdictions.csv`. Nothing is lost, and the program
//! reads the folder back.

use super::columns::{Entities, Interests, Jurisdictions, Kind, Sources, Table};
use super::files::{Files, failed};
use super::losses::Losses;
use super::records::Records;
use crate::error::Result;
pub use crate::escape::csv::Cells;
use crate::escape::csv::CsvWriter;
use crate::graph::View;
use std::io;

/// The header of the last column, without content, that tells exact cells from safe ones.
pub const RAW: &str = "raw";

/// Writes what the view shows.
///
/// # Errors
///
/// If a file cannot be made or written to.
pub fn write(view: View<'_>, files: &mut dyn Files, cells: Cells, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    let marked = [
        table::<Entities>(files, cells, records.entities())?,
        table::<Interests>(files, cells, records.interests())?,
        table::<Sources>(files, cells, records.sources())?,
        table::<Jurisdictions>(files, cells, records.jurisdictions())?,
    ];
    losses.mark(marked.iter().sum());
    Ok(())
}

/// Writes a file, and tells how many of its cells were marked.
fn table<'g, T: Table>(files: &mut dyn Files, cells: Cells, rows: impl Iterator<Item = T::Row<'g>>) -> Result<usize> {
    let file = files.create(&format!("{}.csv", T::NAME))?;
    let written = || -> io::Result<usize> {
        let raw = (cells == Cells::Raw).then_some(RAW);
        let mut writer = CsvWriter::begin(file, cells, T::COLUMNS.iter().map(|column| column.name).chain(raw))?;
        for row in rows {
            for column in T::COLUMNS {
                let text = (column.value)(&row).plain().unwrap_or_default();
                match column.kind {
                    Kind::Number | Kind::Count => writer.number(&text)?,
                    _ => writer.text(&text)?,
                }
            }
            raw.map_or(Ok(()), |_| writer.text(""))?;
            writer.end_row()?;
        }
        let (mut file, marked) = writer.finish()?;
        file.flush()?;
        Ok(marked)
    };
    written().map_err(failed)
}
