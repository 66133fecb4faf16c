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

    /// Of a column with so many values those at some positions, as [`pick`] does it.
    pub(crate) fn pick(&mut self, positions: &[u32], count: usize) {
        if !self.0.is_empty() {
            self.0.resize(count, T::default());
            pick(&mut self.0, positions);
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

/// Of some values those at `positions`, in that order. No position may be before the place to which its value goes.
pub(crate) fn pick<T: Copy>(values: &mut Vec<T>, positions: &[u32]) {
    let mut place = 0;
    for run in positions.chunk_by(|one, next| *next == one + 1) {
        let first = run[0] as usize;
        values.copy_within(first..first + run.len(), place);
        place += run.len();
    }
    values.truncate(positions.len());
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

    #[test]
    fn values_are_picked_in_place() {
        let mut column = ColumnBuilder::default();
        column.pick(&[1, 2], 3);
        column.set(1, 5);
        column.set(3, 7);
        column.pick(&[1, 5, 2, 3], 6);
        assert_eq!((column.clone().into_full(4), column.clone().into_full(5)), (vec![5, 0, 0, 7], vec![5, 0, 0, 7, 0]));
    }
}
