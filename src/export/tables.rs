//! Tables as CSV: `entities.csv`, `interests.csv`, `sources.csv` and `jurisdictions.csv`. Nothing is lost, and the program
//! reads the folder back.

use super::columns::{Entities, Interests, Jurisdictions, Sources, Table};
use super::files::{Files, failed};
use super::losses::Losses;
use super::records::Records;
use crate::error::Result;
use crate::escape::csv::guarded;
use crate::graph::View;
use std::io;

/// How texts are written that a spreadsheet would take for a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cells {
    /// With an apostrophe in front, which the program takes away when it reads them back.
    #[default]
    Safe,
    /// As they are. A last column without content, `raw`, says so.
    Raw,
}

/// The header of the column that tells exact cells from safe ones.
pub const RAW: &str = "raw";

/// Writes what the view shows.
///
/// # Errors
///
/// If a file cannot be made or written to.
pub fn write(view: View<'_>, files: &mut dyn Files, cells: Cells, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    table::<Entities>(files, cells, records.entities())?;
    table::<Interests>(files, cells, records.interests())?;
    table::<Sources>(files, cells, records.sources())?;
    table::<Jurisdictions>(files, cells, records.jurisdictions())
}

fn table<'g, T: Table>(files: &mut dyn Files, cells: Cells, rows: impl Iterator<Item = T::Row<'g>>) -> Result<()> {
    let mut writer = csv::Writer::from_writer(files.create(&format!("{}.csv", T::NAME))?);
    let written = || -> io::Result<()> {
        let raw = (cells == Cells::Raw).then_some(RAW);
        writer.write_record(T::COLUMNS.iter().map(|column| column.name).chain(raw))?;
        for row in rows {
            for column in T::COLUMNS {
                let text = (column.value)(&row).plain().unwrap_or_default();
                let text = if cells == Cells::Safe { guarded(text) } else { text };
                writer.write_field(text.as_bytes())?;
            }
            // Ends the row: with the empty cell of the last column, where there is one.
            writer.write_record(raw.map(|_| ""))?;
        }
        writer.flush()
    };
    written().map_err(failed)
}
