//! Exact numbers, and linear systems in whole numbers.

/// An exact number, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frac {
    pub n: i128,
    pub d: i128,
}

pub fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

impl Frac {
    pub const ZERO: Frac = Frac { n: 0, d: 1 };
    pub const ONE: Frac = Frac { n: 1, d: 1 };
    pub fn new(n: i128, d: i128) -> Frac {
        let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
        let g = gcd(n, d).max(1);
        Frac { n: n / g, d: d / g }
    }
    pub fn complement(self) -> Frac {
        Frac { n: self.d - self.n, d: self.d }
    }
    pub fn percent(self) -> f64 {
        // Whole part and rest apart: both steps are exact enough for 1e-12 of a percent.
        let n = self.n.checked_mul(100).unwrap();
        (n / self.d) as f64 + (n % self.d) as f64 / self.d as f64
    }
    pub fn is_zero(self) -> bool {
        self.n == 0
    }
}

impl PartialOrd for Frac {
    fn partial_cmp(&self, other: &Frac) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Frac {
    fn cmp(&self, other: &Frac) -> std::cmp::Ordering {
        // By continued fractions, so that no product can overflow. No number here is negative.
        let (mut a, mut b) = ((self.n, self.d), (other.n, other.d));
        let mut turned = false;
        loop {
            let by_whole = (a.0 / a.1).cmp(&(b.0 / b.1));
            let (r, s) = (a.0 % a.1, b.0 % b.1);
            let by = by_whole.then_with(|| match (r, s) {
                (0, 0) => std::cmp::Ordering::Equal,
                (0, _) => std::cmp::Ordering::Less,
                (_, 0) => std::cmp::Ordering::Greater,
                _ => std::cmp::Ordering::Equal,
            });
            if by.is_ne() || r == 0 {
                return if turned { by.reverse() } else { by };
            }
            (a, b) = ((a.1, r), (b.1, s));
            turned = !turned;
        }
    }
}

/// Solves `A x = b` in whole numbers (Bareiss, both directions): returns `(numerators, determinant)`. The systems here are
/// non-singular M-matrices, whose leading minors are positive, so no pivot is ever exchanged.
pub fn solve(mut a: Vec<Vec<i128>>) -> (Vec<i128>, i128) {
    let n = a.len();
    let mut before = 1i128;
    for k in 0..n {
        let pivot = a[k][k];
        assert!(pivot > 0, "pivot {pivot}: not an M-matrix");
        for i in 0..n {
            if i == k {
                continue;
            }
            let factor = a[i][k];
            for j in 0..=n {
                if j == k {
                    continue;
                }
                let x = pivot.checked_mul(a[i][j]).expect("numbers too long");
                let y = factor.checked_mul(a[k][j]).expect("numbers too long");
                a[i][j] = (x - y) / before;
            }
            a[i][k] = 0;
            // The rows already done keep the common determinant on their diagonal.
            if i < k {
                a[i][i] = pivot;
            }
        }
        before = pivot;
    }
    (a.iter().map(|row| row[n]).collect(), before)
}
