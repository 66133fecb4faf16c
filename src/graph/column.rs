//! Columns that need not reach to the end: what lies beyond is the default.

/// A column while it is filled. It costs nothing as long as every value is the default.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnBuilder<T>(Vec<T>);

impl<T: Copy + Default + PartialEq> ColumnBuilder<T> {
    /// The value at a position.
    pub(crate) fn get(&self, position: usize) -> T {
        at(&self.0, position)
    }

    /// Sets the value at a position.
    pub(crate) fn set(&mut self, position: usize, value: T) {
        if position >= self.0.len() {
            if value == T::default() {
                return;
            }
            self.0.resize(position + 1, T::default());
        }
        self.0[position] = value;
    }

    /// Sets the values at all positions from one on that was not reached before, up to `end`.
    pub(crate) fn fill(&mut self, start: usize, end: usize, value: T) {
        if value != T::default() {
            self.0.resize(start, T::default());
            self.0.resize(end, value);
        }
    }

    /// The values as far as they go.
    pub(crate) fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }

    /// The values up to `count`, or none where all are the default.
    pub(crate) fn into_full(mut self, count: usize) -> Vec<T> {
        if !self.0.is_empty() {
            self.0.resize(count, T::default());
        }
        self.0
    }
}

/// The value of a column at a position.
pub(crate) fn at<T: Copy + Default>(column: &[T], position: usize) -> T {
    column.get(position).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_defaults_stays_empty() {
        let mut column = ColumnBuilder::default();
        column.set(7, 0);
        assert_eq!(column.clone().into_full(9), [0; 0]);
        column.set(2, 5);
        assert_eq!((column.get(2), column.get(1), column.get(8)), (5, 0, 0));
        column.fill(4, 6, 0);
        assert_eq!(column.clone().into_full(4), [0, 0, 5, 0]);
        column.fill(4, 6, 9);
        assert_eq!(column.into_full(7), [0, 0, 5, 0, 9, 9, 0]);
    }
}
