//! Linear systems of chances that depend on one another.

/// Unknowns up to which a system is solved densely.
const DENSE: usize = 600;

/// `x = weights · x + constant`
pub(super) struct System {
    pub weights: Vec<Vec<(usize, f64)>>,
    pub constant: Vec<f64>,
}

impl System {
    pub(super) fn new(size: usize) -> Self {
        Self { weights: vec![Vec::new(); size], constant: vec![0.0; size] }
    }

    /// The unknowns; not finite where the system is singular.
    pub(super) fn solve(&self, overdue: impl Fn() -> bool) -> Vec<f64> {
        if self.constant.len() <= DENSE { self.eliminate() } else { self.sweep(overdue) }
    }

    /// Gaussian elimination with partial pivoting.
    fn eliminate(&self) -> Vec<f64> {
        let size = self.constant.len();
        let mut matrix = vec![0.0; size * (size + 1)];
        let width = size + 1;
        for (row, weights) in self.weights.iter().enumerate() {
            matrix[row * width + row] = 1.0;
            weights.iter().for_each(|&(column, weight)| matrix[row * width + column] -= weight);
            matrix[row * width + size] = self.constant[row];
        }
        for pivot in 0..size {
            let best = (pivot..size)
                .max_by(|&a, &b| matrix[a * width + pivot].abs().total_cmp(&matrix[b * width + pivot].abs()));
            let best = best.unwrap_or(pivot);
            if best != pivot {
                (0..width).for_each(|column| matrix.swap(pivot * width + column, best * width + column));
            }
            let (above, below) = matrix.split_at_mut((pivot + 1) * width);
            let pivot_row = &above[pivot * width..];
            for row in below.chunks_exact_mut(width) {
                let factor = row[pivot] / pivot_row[pivot];
                if factor != 0.0 {
                    row[pivot..].iter_mut().zip(&pivot_row[pivot..]).for_each(|(cell, p)| *cell -= factor * p);
                }
            }
        }
        let mut solution = vec![0.0; size];
        for row in (0..size).rev() {
            let known: f64 = (row + 1..size).map(|column| matrix[row * width + column] * solution[column]).sum();
            solution[row] = (matrix[row * width + size] - known) / matrix[row * width + row];
        }
        solution
    }

    /// Gauss–Seidel from zero, for systems too large to eliminate densely; stops when a sweep changes nothing.
    fn sweep(&self, overdue: impl Fn() -> bool) -> Vec<f64> {
        let mut solution = vec![0.0; self.constant.len()];
        for round in 0..1_000_000 {
            let mut change: f64 = 0.0;
            for row in 0..solution.len() {
                let mut own = 1.0;
                let mut sum = self.constant[row];
                for &(column, weight) in &self.weights[row] {
                    if column == row { own -= weight } else { sum += weight * solution[column] }
                }
                let value = sum / own;
                change = change.max((value - solution[row]).abs());
                solution[row] = value;
            }
            if change < 1e-16 || round % 16 == 15 && overdue() {
                break;
            }
        }
        solution
    }
}
