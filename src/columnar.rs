//! Columns of plain numbers and texts that can be owned or mapped from a file: what graph and name index are made of, and
//! what an index on disk holds.

use arrow_buffer::ScalarBuffer;
use std::collections::HashMap;

/// A column, laid out as Apache Arrow lays it out in memory.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Arrow's `UInt8`.
    U8(ScalarBuffer<u8>),
    /// Arrow's `UInt16`.
    U16(ScalarBuffer<u16>),
    /// Arrow's `UInt32`.
    U32(ScalarBuffer<u32>),
    /// Arrow's `UInt64`.
    U64(ScalarBuffer<u64>),
    /// Arrow's `LargeUtf8`: one offset more than texts.
    Text { offsets: ScalarBuffer<i64>, bytes: ScalarBuffer<u8> },
    /// Arrow's `List` of `UInt32`: one offset more than lists.
    Lists { offsets: ScalarBuffer<u32>, items: ScalarBuffer<u32> },
    /// Arrow's `FixedSizeList` of `UInt32`: rows of so many words.
    Rows { width: usize, words: ScalarBuffer<u32> },
}

impl Column {
    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Column::U8(values) => values.len(),
            Column::U16(values) => values.len(),
            Column::U32(values) => values.len(),
            Column::U64(values) => values.len(),
            Column::Text { offsets, .. } => offsets.len().saturating_sub(1),
            Column::Lists { offsets, .. } => offsets.len().saturating_sub(1),
            Column::Rows { width, words } => words.len() / (*width).max(1),
        }
    }
}

/// A table: columns of equal length under their names. Columns that say nothing are left out.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<(&'static str, Column)>,
}

impl Table {
    /// A table of the columns that are not empty.
    pub(crate) fn new(name: &str, columns: impl IntoIterator<Item = (&'static str, Column)>) -> Self {
        let columns = columns.into_iter().filter(|(_, column)| column.len() > 0).collect();
        Self { name: name.to_owned(), columns }
    }
}

/// Tables as they come from a file, to be taken apart. What is not there is empty.
#[derive(Debug, Default)]
pub(crate) struct Tables(HashMap<(String, String), Column>);

/// Why tables do not make a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit(pub(crate) String);

impl Tables {
    /// Adds a column of a table.
    pub(crate) fn insert(&mut self, table: &str, column: &str, values: Column) {
        self.0.insert((table.to_owned(), column.to_owned()), values);
    }

    fn take<T: Default>(
        &mut self,
        (table, column): (&str, &str),
        of: impl FnOnce(Column) -> Option<T>,
    ) -> Result<T, Unfit> {
        match self.0.remove(&(table.to_owned(), column.to_owned())) {
            None => Ok(T::default()),
            Some(values) => {
                of(values).ok_or_else(|| Unfit(format!("{table}.{column} has not the type that it must have")))
            }
        }
    }

    pub(crate) fn u8(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u8>, Unfit> {
        self.take(place, |column| if let Column::U8(values) = column { Some(values) } else { None })
    }

    pub(crate) fn u16(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u16>, Unfit> {
        self.take(place, |column| if let Column::U16(values) = column { Some(values) } else { None })
    }

    pub(crate) fn u32(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u32>, Unfit> {
        self.take(place, |column| if let Column::U32(values) = column { Some(values) } else { None })
    }

    pub(crate) fn u64(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u64>, Unfit> {
        self.take(place, |column| if let Column::U64(values) = column { Some(values) } else { None })
    }

    /// Offsets and bytes of texts.
    pub(crate) fn text(&mut self, place: (&str, &str)) -> Result<(ScalarBuffer<i64>, ScalarBuffer<u8>), Unfit> {
        self.take(place, |column| match column {
            Column::Text { offsets, bytes } => Some((offsets, bytes)),
            _ => None,
        })
    }

    /// Offsets and items of lists.
    pub(crate) fn lists(&mut self, place: (&str, &str)) -> Result<(ScalarBuffer<u32>, ScalarBuffer<u32>), Unfit> {
        self.take(place, |column| match column {
            Column::Lists { offsets, items } => Some((offsets, items)),
            _ => None,
        })
    }

    /// Rows of `width` words.
    pub(crate) fn rows(&mut self, place: (&str, &str), width: usize) -> Result<ScalarBuffer<u32>, Unfit> {
        self.take(place, |column| match column {
            Column::Rows { width: found, words } if found == width => Some(words),
            _ => None,
        })
    }

    /// Any column as it is.
    pub(crate) fn any(&mut self, (table, column): (&str, &str)) -> Option<Column> {
        self.0.remove(&(table.to_owned(), column.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_another_type_is_refused_and_a_missing_one_is_empty() {
        let mut tables = Tables::default();
        tables.insert("entities", "kind", Column::U16(vec![1].into()));
        tables.insert("entities", "row", Column::Rows { width: 2, words: vec![1, 2].into() });
        let refused = tables.u8(("entities", "kind"));
        assert_eq!(refused.unwrap_err(), Unfit("entities.kind has not the type that it must have".to_owned()));
        assert!(tables.rows(("entities", "row"), 3).is_err());
        assert_eq!(tables.u32(("entities", "founded")).map(|column| column.len()), Ok(0));
    }
}
