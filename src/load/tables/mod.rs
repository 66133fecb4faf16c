//! The program's own tables: what `convert` writes as CSV and as JSON Lines, read back without a loss.
//!
//! Both are rows of named cells. [`rows`] makes entities, interests, sources and jurisdictions of them, whatever the
//! syntax; the columns are those of `docs/columns.md`.

pub(super) mod csv;
pub(super) mod jsonl;
mod rows;

use crate::model::PartialDate;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// Why a cell cannot be used.
type Wrong = String;

/// The cells of a row by the names of their columns. A cell that is not there is empty.
trait Cells {
    /// Text; `None` where there is none.
    fn text(&self, column: &str) -> Result<Option<Cow<'_, str>>, Wrong>;
    /// Several texts.
    fn list(&self, column: &str) -> Result<Vec<String>, Wrong>;
    /// A number.
    fn number(&self, column: &str) -> Result<Option<f64>, Wrong>;
    /// Yes or no; no where nothing stands.
    fn flag(&self, column: &str) -> Result<bool, Wrong>;
    /// Something with parts of its own.
    fn parts<T: DeserializeOwned + Default>(&self, column: &str) -> Result<T, Wrong>;

    /// Text that may not be missing.
    fn needed(&self, column: &str) -> Result<Cow<'_, str>, Wrong> {
        self.text(column)?.filter(|text| !text.is_empty()).ok_or_else(|| format!("gives no {column}"))
    }

    /// A year, a month or a day.
    fn date(&self, column: &str) -> Result<Option<PartialDate>, Wrong> {
        let text = self.text(column)?;
        text.map(|text| text.parse().map_err(|error| format!("{column} {text:?} {error}"))).transpose()
    }

    /// A whole number.
    fn count(&self, column: &str) -> Result<Option<u32>, Wrong> {
        let wrong = |number: f64| format!("{column} {number} is no whole number from 0 to {}", u32::MAX);
        let whole = |number: f64| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        match self.number(column)? {
            Some(number) if !whole(number) => Err(wrong(number)),
            number => Ok(number.map(|number| number as u32)),
        }
    }

    /// A word of a list.
    fn word<T: std::str::FromStr>(&self, column: &str, what: &str) -> Result<Option<T>, Wrong> {
        let text = self.text(column)?;
        text.map(|text| text.parse().map_err(|_| format!("{column} {text:?} is no {what}"))).transpose()
    }
}

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Entities,
    Interests,
    Sources,
    Jurisdictions,
}
