//! The columns of a large circle in local numbers, swept until nothing moves.
//!
//! A sweep improves one member after the other with the best column that the values found so far allow (Gauss–Seidel
//! value iteration). Before it is trusted the circle must leak: `patience` bounds the steps that a walk spends in it
//! under every feasible column. Then the best-column operator is a contraction, its fixpoint is unique, and values that
//! the last sweep moved by `d` at most lie within `d · patience` of it.

use super::column::WHOLE;
use super::effective::End;
use super::region::Region;
use std::collections::HashMap;
use std::ops::Range;

/// How far the values may lie from the true ones: of the size of one rounding.
const WANTED: f64 = 1e-15;

/// How far they may lie where rounding keeps the sweeps from settling: a hundredth of what is promised.
const ALLOWED: f64 = 1e-13;

/// Sweeps after which the circle is left to elimination.
const SWEEPS: usize = 20_000;

/// Sweeps with the same columns before they are chosen anew.
const FOLLOWED: usize = 12;

/// Sweeps between two lifts of all values.
const LIFTED: usize = 3;

/// Choices of columns after which values are only swept: sweeps alone cannot fail to settle.
const LIFTS: usize = 60;

/// The most steps that a walk may spend in a circle.
const PATIENCE: f64 = 1e6;

/// A circle, ready to be swept for one end.
pub(crate) struct Circle {
    members: Vec<u32>,
    outside: Vec<u32>,
    offsets: Vec<u32>,
    cells: Vec<Cell>,
    columns: Vec<Column>,
    end: End,
    patience: f64,
    /// About how many steps a walk has to go from each member.
    steps: Vec<f64>,
    has_open: bool,
}

/// One owner in a column, in parts per billion.
#[derive(Clone, Copy)]
struct Cell {
    /// A member's position, or the number of members plus the position among those outside.
    owner: u32,
    /// The share with which the sweep takes it, the low where the column has a choice.
    weight: f64,
    /// What it may get beyond.
    room: f64,
}

/// What is free in a column.
#[derive(Clone, Copy)]
struct Column {
    /// What is to be given beyond the lows and the least that nobody known holds.
    free: f64,
    /// The least that nobody known can hold.
    rest: f64,
    /// What nobody known may hold beyond.
    rest_room: f64,
    /// Whether the weights stand, as long as what nobody known holds is worth nothing.
    fixed: bool,
}

impl Circle {
    /// Prepares a circle; `None` where a walk may stay in it for too long.
    pub(crate) fn of(region: &Region<'_>, number: u32, end: End) -> Option<Self> {
        let mut members = region.component(number).to_vec();
        members.sort_unstable();
        let mut circle = Self {
            offsets: vec![0],
            cells: Vec::new(),
            columns: Vec::with_capacity(members.len()),
            outside: Vec::new(),
            end,
            patience: 0.0,
            steps: Vec::new(),
            has_open: false,
            members,
        };
        let mut numbers: HashMap<u32, u32, foldhash::fast::RandomState> =
            circle.members.iter().zip(0..).map(|(&member, position)| (member, position)).collect();
        for position in 0..circle.members.len() {
            circle.add(region, circle.members[position], end, &mut numbers);
        }
        (circle.patience, circle.steps) = circle.most_steps()?;
        Some(circle)
    }

    fn add(
        &mut self,
        region: &Region<'_>,
        member: u32,
        end: End,
        numbers: &mut HashMap<u32, u32, foldhash::fast::RandomState>,
    ) {
        let links = region.links(member);
        let (least, most) = region.remainder(member);
        let lows: u64 = links.iter().map(|link| u64::from(link.low)).sum();
        let free = WHOLE.saturating_sub(lows + least);
        let room = |low: u32, high: u32| free.min(u64::from(high - low));
        let wanted: u64 = links.iter().map(|link| room(link.low, link.high)).sum();
        let absorbed = most - least >= free;
        let roomy = wanted <= free && !region.view.is_open_world();
        let fixed = free == 0 || absorbed && (end == End::Low || roomy);
        for link in links {
            let next = (self.members.len() + self.outside.len()) as u32;
            let owner = *numbers.entry(link.owner).or_insert_with(|| {
                self.outside.push(link.owner);
                next
            });
            let room = room(link.low, link.high);
            let taken = if fixed && end == End::High { room } else { 0 };
            let weight = (u64::from(link.low) + taken) as f64;
            self.cells.push(Cell { owner, weight, room: (room - taken) as f64 });
            self.has_open |= link.low_open || link.high_open;
        }
        self.offsets.push(self.cells.len() as u32);
        let given = if fixed && end == End::High { wanted.min(free) } else { 0 };
        let (free, rest_room) = ((free - given) as f64, (most - least) as f64);
        self.columns.push(Column { free, rest: least as f64, rest_room, fixed });
    }

    /// The members, in the order of their values.
    pub(crate) fn members(&self) -> &[u32] {
        &self.members
    }

    /// Those outside whom the columns lead to.
    pub(crate) fn outside(&self) -> &[u32] {
        &self.outside
    }

    /// Whether a bound in it is open.
    pub(crate) fn has_open(&self) -> bool {
        self.has_open
    }

    /// The values of members and of those outside, to be swept.
    pub(crate) fn values(&self, value: impl Fn(u32) -> f64) -> Vec<f64> {
        self.members.iter().chain(&self.outside).map(|&entity| value(entity)).collect()
    }

    /// Sweeps the values of all members that are not kept; `worth` is that of what nobody known holds, `floor` the least
    /// value. Whether they are certain.
    pub(crate) fn settle(
        &self,
        values: &mut [f64],
        kept: impl Fn(u32) -> bool,
        worth: impl Fn(u32) -> f64,
        floor: impl Fn(u32) -> f64,
        overdue: impl Fn() -> bool,
    ) -> bool {
        let swept: Vec<(usize, f64, f64)> = (self.members.iter().enumerate())
            .filter(|(_, member)| !kept(**member))
            .map(|(position, &member)| (position, worth(member), floor(member)))
            .collect();
        let mut policy = Policy {
            weights: self.cells.iter().map(|cell| cell.weight).collect(),
            rests: vec![0.0; self.members.len()],
            order: Vec::new(),
        };
        let mut kept_steps = vec![0.0; values.len()];
        swept.iter().for_each(|&(position, ..)| kept_steps[position] = self.steps[position]);
        let mut least = f64::INFINITY;
        for round in 0..SWEEPS {
            let mut change: f64 = 0.0;
            for &(position, worth, floor) in &swept {
                self.improve(position, values, worth, &mut policy);
                change = change.max(self.step(position, values, floor, &policy));
            }
            let error = change * self.patience;
            if error <= WANTED || error <= ALLOWED && change >= least {
                return true;
            }
            least = least.min(change);
            if round % 16 == 15 && overdue() {
                return false;
            }
            // The columns rarely change: following them for a while costs less than choosing them anew.
            let leak: f64 = swept.iter().map(|&(position, ..)| self.leak(position, &kept_steps, &policy)).sum();
            for followed in 1..=FOLLOWED {
                if followed % LIFTED == 0 && round < LIFTS {
                    self.lift(values, &swept, &kept_steps, leak, &policy);
                }
                let moved = swept.iter().map(|&(position, _, floor)| self.step(position, values, floor, &policy));
                if moved.fold(0.0, f64::max) * self.patience <= WANTED {
                    break;
                }
            }
        }
        false
    }

    /// Takes the column that is best with the values found so far.
    fn improve(&self, position: usize, values: &[f64], worth: f64, policy: &mut Policy) {
        let column = self.columns[position];
        if column.fixed && worth == 0.0 {
            return;
        }
        let cells = self.range(position);
        let of_rest = cells.end;
        let order = &mut policy.order;
        order.clear();
        order.extend(cells.clone().map(|at| (values[self.cells[at].owner as usize], at)));
        order.push((worth, of_rest));
        match self.end {
            End::High => order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))),
            End::Low => order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))),
        }
        let mut free = column.free;
        for &(_, at) in order.iter() {
            let more = free.min(if at == of_rest { column.rest_room } else { self.cells[at].room });
            free -= more;
            match at == of_rest {
                true => policy.rests[position] = (column.rest + more) * worth,
                false => policy.weights[at] = self.cells[at].weight + more,
            }
        }
    }

    /// What the steps of a walk lose at a member.
    fn leak(&self, position: usize, steps: &[f64], policy: &Policy) -> f64 {
        steps[position] - self.held(position, steps, policy) / WHOLE as f64
    }

    /// Lifts all values by a multiple of the steps that a walk still has to go, so that what is missing sums to nothing:
    /// sweeps are slow only at what all members have in common.
    fn lift(&self, values: &mut [f64], swept: &[(usize, f64, f64)], steps: &[f64], leak: f64, policy: &Policy) {
        let missing = |&(position, ..): &(usize, f64, f64)| {
            (self.held(position, values, policy) + policy.rests[position]) / WHOLE as f64 - values[position]
        };
        let lift = swept.iter().map(missing).sum::<f64>() / leak;
        if lift.is_finite() {
            for &(position, ..) in swept {
                values[position] = (values[position] + lift * steps[position]).clamp(0.0, 1.0);
            }
        }
    }

    #[inline]
    fn held(&self, position: usize, values: &[f64], policy: &Policy) -> f64 {
        let cells = self.range(position);
        let weights = &policy.weights[cells.clone()];
        self.cells[cells].iter().zip(weights).map(|(cell, weight)| weight * values[cell.owner as usize]).sum()
    }

    /// Moves the value of a member to what its column gives, and tells by how much.
    #[inline]
    fn step(&self, position: usize, values: &mut [f64], floor: f64, policy: &Policy) -> f64 {
        let held = self.held(position, values, policy);
        let value = ((held + policy.rests[position]) / WHOLE as f64).max(floor).min(1.0);
        let moved = (value - values[position]).abs();
        values[position] = value;
        moved
    }

    /// An upper bound of the steps that a walk spends in the circle whatever the columns are.
    ///
    /// Steps `t` that a sweep moves by half a step at most satisfy `W t ≤ t - 1/2` for every feasible `W`; so the sum of
    /// all powers of `W` is at most `2 t`.
    fn most_steps(&self) -> Option<(f64, Vec<f64>)> {
        let mut steps = vec![0.0; self.members.len() + self.outside.len()];
        let mut order = Vec::new();
        for _ in 0..SWEEPS {
            let mut change: f64 = 0.0;
            let mut most: f64 = 0.0;
            for position in 0..self.members.len() {
                let next = 1.0 + self.longest(position, &steps, &mut order);
                change = change.max(next - steps[position]);
                most = most.max(next);
                steps[position] = next;
            }
            if change <= 0.5 {
                return Some((2.0 * most, steps));
            }
            if most > PATIENCE {
                break;
            }
        }
        None
    }

    /// The most steps after the next, under the column that keeps a walk longest.
    fn longest(&self, position: usize, steps: &[f64], order: &mut Vec<(f64, f64)>) -> f64 {
        let cells = self.cells(position);
        let column = self.columns[position];
        let held: f64 = cells.iter().map(|cell| cell.weight * steps[cell.owner as usize]).sum();
        if column.fixed {
            return held / WHOLE as f64;
        }
        order.clear();
        order.extend(cells.iter().map(|cell| (steps[cell.owner as usize], cell.room)));
        order.push((0.0, column.rest_room));
        (held + given(column.free, order)) / WHOLE as f64
    }

    fn cells(&self, position: usize) -> &[Cell] {
        &self.cells[self.range(position)]
    }

    #[inline]
    fn range(&self, position: usize) -> Range<usize> {
        self.offsets[position] as usize..self.offsets[position + 1] as usize
    }
}

/// The columns that a sweep follows.
struct Policy {
    /// For each cell.
    weights: Vec<f64>,
    /// For each member what the part that nobody known holds is worth.
    rests: Vec<f64>,
    order: Vec<(f64, usize)>,
}

/// What the free part of a column is worth when it goes first to the worthiest.
fn given(mut free: f64, order: &mut [(f64, f64)]) -> f64 {
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut value = 0.0;
    for &(worth, room) in order.iter() {
        let more = room.min(free);
        free -= more;
        value += more * worth;
    }
    value
}
