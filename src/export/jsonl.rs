//! JSON Lines: one record a line, ordered by id, keys in a fixed order, so that versions compare well line by line.
//!
//! Nothing is lost, and the program reads it back. Keys are those of [`columns`](super::columns); what is not known, is
//! empty or is `false` is left out.

use super::columns::{Entities, Interests, Jurisdictions, Sources, Table, Value};
use super::files::failed;
use super::losses::Losses;
use super::records::Records;
use crate::error::Result;
use crate::graph::View;
use std::io::{self, Write};

/// The version of the format, the first member of every line.
const VERSION: u32 = 1;

/// Writes what the view shows.
///
/// ```
/// use cuibono::{export::{jsonl, losses::Losses}, load::Loader, model::AsOf};
/// let mut loader = Loader::new();
/// loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\n")?;
/// let graph = loader.finish()?;
/// let mut out = Vec::new();
/// jsonl::write(graph.view(AsOf::All), &mut out, &mut Losses::default())?;
/// assert!(String::from_utf8_lossy(&out).starts_with("{\"cuibono\":1,\"type\":\"entity\",\"id\":\"Acme\""));
/// # Ok::<(), cuibono::error::Error>(())
/// ```
///
/// # Errors
///
/// If `out` cannot be written to.
pub fn write(view: View<'_>, out: &mut dyn Write, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    let mut written = || {
        rows::<Sources>(out, records.sources())?;
        rows::<Jurisdictions>(out, records.jurisdictions())?;
        rows::<Entities>(out, records.entities())?;
        rows::<Interests>(out, records.interests())?;
        out.flush()
    };
    written().map_err(failed)
}

fn rows<'g, T: Table>(out: &mut dyn Write, rows: impl Iterator<Item = T::Row<'g>>) -> io::Result<()> {
    let mut line = Vec::new();
    for row in rows {
        line.clear();
        write!(line, "{{\"cuibono\":{VERSION},\"type\":\"{}\"", T::ONE)?;
        for column in T::COLUMNS {
            let value = (column.value)(&row);
            let empty = match &value {
                Value::Nothing | Value::Flag(false) => true,
                Value::List(items) => items.is_empty(),
                _ => false,
            };
            if !empty {
                write!(line, ",\"{}\":", column.name)?;
                json(&mut line, value)?;
            }
        }
        line.extend_from_slice(b"}\n");
        out.write_all(&line)?;
    }
    Ok(())
}

fn json(line: &mut Vec<u8>, value: Value<'_>) -> io::Result<()> {
    match value {
        Value::Nothing => serde_json::to_writer(line, &())?,
        Value::Text(text) => serde_json::to_writer(line, &text)?,
        Value::List(items) => serde_json::to_writer(line, &items)?,
        // Whole percents without a point, as hands write them.
        Value::Number(number) => write!(line, "{number}")?,
        Value::Count(count) => write!(line, "{count}")?,
        Value::Flag(flag) => write!(line, "{flag}")?,
        Value::Date(date) => serde_json::to_writer(line, &date)?,
        Value::Json(value) => serde_json::to_writer(line, &value)?,
    }
    Ok(())
}
