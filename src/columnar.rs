//! Columns of plain numbers and texts that can be owned or mapped from a file: what graph and name index are made of, and
//! what an index on disk holds.

use arrow_buffer::{ArrowNativeType, ScalarBuffer};
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

    /// The numbers, if they are of this width.
    pub(crate) fn get<T: Number>(&self) -> Option<ScalarBuffer<T>> {
        T::of(self).cloned()
    }

    /// The numbers of a column of numbers as they lie in memory.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Column::U8(values) => values.inner(),
            Column::U16(values) => values.inner(),
            Column::U32(values) => values.inner(),
            Column::U64(values) => values.inner(),
            _ => &[],
        }
    }

    /// A column of the same kind of numbers with other bytes.
    #[cfg(test)]
    pub(crate) fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        let buffer = arrow_buffer::Buffer::from(bytes);
        match self {
            Column::U8(_) => Column::U8(buffer.into()),
            Column::U16(_) => Column::U16(buffer.into()),
            Column::U32(_) => Column::U32(buffer.into()),
            _ => Column::U64(buffer.into()),
        }
    }
}

/// A kind of number of which there are columns.
pub(crate) trait Number: ArrowNativeType {
    /// The numbers of a column, if they are of this kind.
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>>;
    /// A column of such numbers.
    fn column(values: ScalarBuffer<Self>) -> Column;
}

impl Number for u8 {
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>> {
        if let Column::U8(values) = column { Some(values) } else { None }
    }

    fn column(values: ScalarBuffer<Self>) -> Column {
        Column::U8(values)
    }
}

impl Number for u16 {
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>> {
        if let Column::U16(values) = column { Some(values) } else { None }
    }

    fn column(values: ScalarBuffer<Self>) -> Column {
        Column::U16(values)
    }
}

impl Number for u32 {
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>> {
        if let Column::U32(values) = column { Some(values) } else { None }
    }

    fn column(values: ScalarBuffer<Self>) -> Column {
        Column::U32(values)
    }
}

impl Number for u64 {
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>> {
        if let Column::U64(values) = column { Some(values) } else { None }
    }

    fn column(values: ScalarBuffer<Self>) -> Column {
        Column::U64(values)
    }
}

impl<T: Number> From<&ScalarBuffer<T>> for Column {
    fn from(values: &ScalarBuffer<T>) -> Self {
        T::column(values.clone())
    }
}

/// Gives the column of a name, where there is one.
pub(crate) type Get<'g> = &'g mut dyn FnMut(&'static str) -> Option<Column>;

/// Columns under their names.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<(&'static str, Column)>,
    /// Whether the columns are of any lengths: then each is the one list of one row.
    pub(crate) one_row: bool,
}

impl Table {
    /// A table of columns of equal length; those that are empty say nothing and are left out.
    pub(crate) fn new(name: &'static str, columns: impl IntoIterator<Item = (&'static str, Column)>) -> Self {
        let columns = columns.into_iter().filter(|(_, column)| column.len() > 0).collect();
        Self { name, columns, one_row: false }
    }

    /// Columns of numbers of any lengths, the empty ones too.
    pub(crate) fn of_lists(name: &'static str, columns: Vec<(&'static str, Column)>) -> Self {
        Self { name, columns, one_row: true }
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
        self.take(place, |column| column.get())
    }

    pub(crate) fn u16(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u16>, Unfit> {
        self.take(place, |column| column.get())
    }

    pub(crate) fn u32(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u32>, Unfit> {
        self.take(place, |column| column.get())
    }

    pub(crate) fn u64(&mut self, place: (&str, &str)) -> Result<ScalarBuffer<u64>, Unfit> {
        self.take(place, |column| column.get())
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

    /// Every column of a table by its name.
    pub(crate) fn all_of(&mut self, table: &str) -> HashMap<String, Column> {
        let columns = self.0.extract_if(|(of, _), _| of == table);
        columns.map(|((_, name), column)| (name, column)).collect()
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
