//! A large circle as triangular factors: the expected visits of every member without a table of all pairs.
//!
//! `I − W` of a circle is an M-matrix whose rows are dominated by their diagonal, so that it can be eliminated in any
//! order without looking for pivots. Members with few neighbours go first (minimum degree: Tinney & Walker, Proc. IEEE 55,
//! 1967), which leaves circles of companies nearly as sparse as they were; a core in which everybody has come to be linked with
//! many is inverted as a whole. How often each member pays itself, the diagonal of the inverse, follows from the factors
//! alone (Takahashi, Fagan & Chin, 8th PICA Conference, 1973), in sums of numbers of one sign.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Cells of the factors above which a circle is left alone, and of what is left to eliminate: each some hundred megabytes.
const MOST_CELLS: usize = 1 << 22;
const MOST_LEFT: usize = 1 << 23;

/// Members of the largest core that is inverted.
const LARGEST_CORE: usize = 4_096;

/// A core that is larger is given up once its least linked member has more neighbours than this.
const MOST_LINKED: usize = 1_000;

/// What is left is taken as the core once its least linked member is linked with one in so many of the others.
const CORE_SPARSITY: usize = 20;

/// Pivot below which a matrix is taken for singular.
const SINGULAR: f64 = 1e-13;

/// Pivot below which a circle leaks so little that rounding would show: it is left to ways that measure their error.
const LEAST_PIVOT: f64 = 1e-5;

/// `I − W = L D U`, by places in the order of elimination; `D` is diagonal but for the core, which comes last.
pub(super) struct Factor {
    /// The place of each member.
    places: Vec<u32>,
    /// `D` before the core.
    pivots: Vec<f64>,
    /// Where the cells of each place before the core begin, and the end of the last.
    starts: Vec<usize>,
    /// What lies behind the diagonal, by place and within it in order.
    cells: Vec<Cell>,
    core: Core,
}

/// A pair of places, the first of which is that in whose list it stands.
#[derive(Clone, Copy)]
struct Cell {
    /// The second place.
    to: u32,
    /// `U` at (first, second).
    upper: f64,
    /// `L` at (second, first).
    lower: f64,
}

/// The inverse of what is left when all other members are eliminated, which is that part of the whole inverse.
struct Core {
    size: usize,
    inverse: Vec<f64>,
}

/// A share of one member in another, by number: `W` at (owned, owner).
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub owned: u32,
    pub owner: u32,
    pub weight: f64,
}

/// What is left of a row and a column while members are eliminated.
#[derive(Clone, Copy)]
struct Left {
    other: u32,
    /// At (own, other) and (other, own).
    row: f64,
    column: f64,
}

impl Factor {
    /// Factors `I − W` of so many members; `None` where it is nearly singular, where the factors are not sparse, and where the
    /// time is over.
    pub(super) fn of(size: usize, steps: &[Step], overdue: impl Fn() -> bool) -> Option<Self> {
        let (mut left, mut diagonal) = symmetric(size, steps);
        let mut links: usize = left.iter().map(Vec::len).sum();
        let mut queue: BinaryHeap<Reverse<(usize, u32)>> =
            left.iter().zip(0..).map(|(list, member)| Reverse((list.len(), member))).collect();
        let mut factor = Self {
            places: vec![u32::MAX; size],
            pivots: Vec::new(),
            starts: vec![0],
            cells: Vec::new(),
            core: Core { size: 0, inverse: Vec::new() },
        };
        while let Some(Reverse((degree, member))) = queue.pop() {
            let is_gone = factor.places[member as usize] != u32::MAX;
            if is_gone || degree != left[member as usize].len() {
                continue;
            }
            let left_over = size - factor.pivots.len();
            if left_over <= LARGEST_CORE && degree * CORE_SPARSITY >= left_over {
                break;
            }
            let neighbours = std::mem::take(&mut left[member as usize]);
            links -= degree;
            let pivot = diagonal[member as usize];
            let too_many = degree > MOST_LINKED || links > MOST_LEFT || factor.cells.len() + degree > MOST_CELLS;
            if pivot < LEAST_PIVOT || too_many || factor.pivots.len() % 64 == 63 && overdue() {
                return None;
            }
            for neighbour in &neighbours {
                let list = &mut left[neighbour.other as usize];
                diagonal[neighbour.other as usize] -= neighbour.column * neighbour.row / pivot;
                links -= list.len();
                *list = eliminated(list, member, neighbour, &neighbours, pivot);
                links += list.len();
                queue.push(Reverse((list.len(), neighbour.other)));
            }
            factor.push(member, pivot, &neighbours);
        }
        factor.invert_core(&left, &diagonal, overdue)?;
        factor.sort();
        Some(factor)
    }

    fn push(&mut self, member: u32, pivot: f64, neighbours: &[Left]) {
        self.places[member as usize] = self.pivots.len() as u32;
        self.pivots.push(pivot);
        let cell = |left: &Left| Cell { to: left.other, upper: left.row / pivot, lower: left.column / pivot };
        self.cells.extend(neighbours.iter().map(cell));
        self.starts.push(self.cells.len());
    }

    /// Gives the members that are left their places, and inverts what is left of the matrix.
    fn invert_core(&mut self, left: &[Vec<Left>], diagonal: &[f64], overdue: impl Fn() -> bool) -> Option<()> {
        let first = self.pivots.len();
        let members: Vec<usize> = (0..left.len()).filter(|&member| self.places[member] == u32::MAX).collect();
        let size = members.len();
        if size > LARGEST_CORE {
            return None;
        }
        members.iter().zip(first..).for_each(|(&member, place)| self.places[member] = place as u32);
        let mut inverse = vec![0.0; size * size];
        for (&member, row) in members.iter().zip(inverse.chunks_exact_mut(size.max(1))) {
            row[self.places[member] as usize - first] = diagonal[member];
            left[member].iter().for_each(|left| row[self.places[left.other as usize] as usize - first] = left.row);
        }
        let is_inverted = invert_with(&mut inverse, size, LEAST_PIVOT, overdue);
        self.core = Core { size, inverse };
        is_inverted.then_some(())
    }

    /// Members become places, once all have one.
    fn sort(&mut self) {
        self.cells.iter_mut().for_each(|cell| cell.to = self.places[cell.to as usize]);
        for range in self.starts.windows(2) {
            self.cells[range[0]..range[1]].sort_unstable_by_key(|cell| cell.to);
        }
    }

    fn of_place(&self, place: usize) -> &[Cell] {
        &self.cells[self.starts[place]..self.starts[place + 1]]
    }

    /// The expected visits of each member, when so much begins at some of them: `(I − W)^-1` from the left.
    pub(super) fn visits(&self, masses: &[(usize, f64)]) -> Vec<f64> {
        let mut values = vec![0.0; self.places.len()];
        masses.iter().for_each(|&(member, mass)| values[self.places[member] as usize] += mass);
        for (place, pivot) in self.pivots.iter().enumerate() {
            let value = values[place];
            if value != 0.0 {
                self.of_place(place).iter().for_each(|cell| values[cell.to as usize] -= cell.upper * value);
                values[place] = value / pivot;
            }
        }
        let of_core = &mut values[self.pivots.len()..];
        if of_core.iter().any(|value| *value != 0.0) {
            let passed = self.core.visits(of_core);
            of_core.copy_from_slice(&passed);
        }
        for place in (0..self.pivots.len()).rev() {
            let known: f64 = self.of_place(place).iter().map(|cell| cell.lower * values[cell.to as usize]).sum();
            values[place] -= known;
        }
        self.places.iter().map(|&place| values[place as usize]).collect()
    }

    /// How often each member is visited from itself: the diagonal of `(I − W)^-1`.
    pub(super) fn returns(&self) -> Vec<f64> {
        let first = self.pivots.len();
        let mut diagonal = vec![0.0; self.places.len()];
        diagonal[first..].iter_mut().enumerate().for_each(|(at, visits)| *visits = self.core.at(at, at));
        // The inverse where the factors have cells: `upper` at (first, second), `lower` at (second, first).
        let mut inverse = self.cells.clone();
        let mut known = Vec::new();
        for place in (0..first).rev() {
            let (of_place, behind) = inverse.split_at_mut(self.starts[place + 1]);
            let own = &mut of_place[self.starts[place]..];
            let factors = self.of_place(place);
            own.iter_mut().for_each(|cell| (cell.upper, cell.lower) = (0.0, 0.0));
            for (at, factor) in factors.iter().enumerate() {
                let visits = diagonal[factor.to as usize];
                own[at].upper -= factor.upper * visits;
                own[at].lower -= factor.lower * visits;
                self.known(factor.to as usize, &factors[at + 1..], (behind, self.starts[place + 1]), &mut known);
                for (other, &(upper, lower)) in (at + 1..).zip(&known) {
                    own[other].upper -= factor.upper * upper;
                    own[at].upper -= factors[other].upper * lower;
                    own[other].lower -= factor.lower * lower;
                    own[at].lower -= factors[other].lower * upper;
                }
            }
            let back: f64 = factors.iter().zip(&*own).map(|(factor, cell)| factor.upper * cell.lower).sum();
            diagonal[place] = 1.0 / self.pivots[place] - back;
        }
        self.places.iter().map(|&place| diagonal[place as usize]).collect()
    }

    /// What the inverse holds at (first, second) and (second, first) for a place and others behind it; `behind` are its cells from
    /// a number on.
    fn known(&self, first: usize, others: &[Cell], (behind, base): (&[Cell], usize), known: &mut Vec<(f64, f64)>) {
        let core = self.pivots.len();
        known.clear();
        if first >= core {
            let in_core = others.iter().map(|other| other.to as usize - core);
            known.extend(in_core.map(|other| (self.core.at(first - core, other), self.core.at(other, first - core))));
            return;
        }
        // Whoever is left behind together is linked, so that every pair is found.
        let mut cells = behind[self.starts[first] - base..self.starts[first + 1] - base].iter();
        let found = others.iter().map_while(|other| cells.find(|cell| cell.to == other.to));
        known.extend(found.map(|cell| (cell.upper, cell.lower)));
    }
}

impl Core {
    fn at(&self, from: usize, to: usize) -> f64 {
        self.inverse[from * self.size + to]
    }

    /// A row times the inverse.
    fn visits(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for (value, row) in values.iter().zip(self.inverse.chunks_exact(self.size)).filter(|(value, _)| **value != 0.0)
        {
            sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += value * cell);
        }
        sums
    }
}

/// Inverts a diagonally dominant matrix in place (Gauss–Jordan); `false` where it is singular, or the time over.
pub(super) fn invert(matrix: &mut [f64], size: usize, overdue: impl Fn() -> bool) -> bool {
    invert_with(matrix, size, SINGULAR, overdue)
}

/// The same, where no pivot may be smaller than the least.
fn invert_with(matrix: &mut [f64], size: usize, least: f64, overdue: impl Fn() -> bool) -> bool {
    for pivot in 0..size {
        let (above, rest) = matrix.split_at_mut(pivot * size);
        let (row, below) = rest.split_at_mut(size);
        let value = row[pivot];
        if value.abs() < least || pivot % 64 == 63 && overdue() {
            return false;
        }
        row[pivot] = 1.0;
        row.iter_mut().for_each(|cell| *cell /= value);
        for other in above.chunks_exact_mut(size).chain(below.chunks_exact_mut(size)) {
            let factor = std::mem::replace(&mut other[pivot], 0.0);
            if factor != 0.0 {
                other.iter_mut().zip(row.iter()).for_each(|(cell, p)| *cell -= factor * p);
            }
        }
    }
    true
}

/// The neighbours of each member in ascending order, whichever of the two holds the other, and the diagonal.
fn symmetric(size: usize, steps: &[Step]) -> (Vec<Vec<Left>>, Vec<f64>) {
    let mut left: Vec<Vec<Left>> = vec![Vec::new(); size];
    let mut diagonal = vec![1.0; size];
    for &Step { owned, owner, weight } in steps {
        if owned == owner {
            diagonal[owned as usize] -= weight;
        } else {
            left[owned as usize].push(Left { other: owner, row: -weight, column: 0.0 });
            left[owner as usize].push(Left { other: owned, row: 0.0, column: -weight });
        }
    }
    for list in &mut left {
        list.sort_unstable_by_key(|left| left.other);
        list.dedup_by(|next, kept| {
            let same = next.other == kept.other;
            if same {
                (kept.row, kept.column) = (kept.row + next.row, kept.column + next.column);
            }
            same
        });
    }
    (left, diagonal)
}

/// What is left of the list of a neighbour once a member is eliminated: its own list without that member, and the other
/// neighbours, both in order.
fn eliminated(list: &[Left], member: u32, neighbour: &Left, neighbours: &[Left], pivot: f64) -> Vec<Left> {
    let (to, from) = (neighbour.column / pivot, neighbour.row / pivot);
    let mut new = neighbours
        .iter()
        .filter(|new| new.other != neighbour.other)
        .map(|new| Left { other: new.other, row: -to * new.row, column: -from * new.column })
        .peekable();
    let mut merged = Vec::with_capacity(list.len() + neighbours.len());
    for old in list.iter().filter(|old| old.other != member) {
        while let Some(new) = new.next_if(|new| new.other < old.other) {
            merged.push(new);
        }
        let both = new.next_if(|new| new.other == old.other);
        let (row, column) = both.map_or((0.0, 0.0), |new| (new.row, new.column));
        merged.push(Left { other: old.other, row: old.row + row, column: old.column + column });
    }
    merged.extend(new);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring with chords; what each member leaks is told in percent.
    fn circle(size: u32, chords: u32, leak: u32) -> Vec<Step> {
        let mut state = u64::from(size * 31 + chords) | 1;
        let mut below = |end: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % u64::from(end)) as u32
        };
        let mut steps = Vec::new();
        for owned in 0..size {
            let owners: Vec<u32> =
                std::iter::once((owned + 1) % size).chain((0..chords).map(|_| below(size))).collect();
            let weight = f64::from(100 - leak) / 100.0 / owners.len() as f64;
            steps.extend(owners.into_iter().map(|owner| Step { owned, owner, weight }));
        }
        steps
    }

    #[test]
    fn factors_give_what_the_inverse_holds() {
        for (size, chords, leak) in
            [(1, 0, 50), (2, 0, 10), (7, 1, 5), (40, 0, 1), (60, 2, 20), (90, 5, 1), (300, 1, 10)]
        {
            let steps = circle(size, chords, leak);
            let size = size as usize;
            let mut inverse = vec![0.0; size * size];
            (0..size).for_each(|member| inverse[member * size + member] = 1.0);
            steps.iter().for_each(|step| inverse[step.owned as usize * size + step.owner as usize] -= step.weight);
            assert!(invert(&mut inverse, size, || false));
            let factor = Factor::of(size, &steps, || false).expect("factors");
            let returns = factor.returns();
            let near = |found: f64, member: usize, other: usize| {
                let wanted = inverse[member * size + other];
                assert!((found - wanted).abs() < 1e-12 * wanted.max(1.0), "{size} {chords} {leak}: {found} {wanted}");
            };
            for (member, &visits) in returns.iter().enumerate() {
                near(visits, member, member);
                let row = factor.visits(&[(member, 1.0)]);
                (0..size).for_each(|other| near(row[other], member, other));
            }
        }
    }

    #[test]
    fn a_ring_stays_as_sparse_as_it_is() {
        let factor = Factor::of(100_000, &circle(100_000, 0, 40), || false).expect("factors");
        assert!(factor.cells.len() < 200_000);
        // From itself once, and once more with the chance of getting around, which is none.
        assert!(factor.returns().iter().all(|visits| (visits - 1.0).abs() < 1e-15));
        let visits = factor.visits(&[(5, 1.0)]);
        assert!((visits[4], visits[5], visits[7]) == (0.0, 1.0, 0.6 * 0.6));
    }

    #[test]
    fn closed_circles_and_late_ones_have_no_factors() {
        assert!(Factor::of(30, &circle(30, 1, 0), || false).is_none());
        // One member of a ring leaks a thousand-millionth: what comes out of it would be wrong in the eighth digit.
        let mut nearly = circle(30, 0, 0);
        nearly[7].weight -= 1e-9;
        assert!(Factor::of(30, &nearly, || false).is_none());
        assert!(Factor::of(300, &circle(300, 1, 10), || true).is_none());
    }
}
