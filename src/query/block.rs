//! What a walk through a circle needs, found once: the chances of getting from each member to each other, and the links
//! that lead out.

use super::column::WHOLE;
use super::effective::{Chance, End, Solver, Target};
use super::in_time;
use super::region::{Link, Region};

/// What a walk through a circle needs.
pub(super) struct Block {
    pub members: Vec<u32>,
    /// `hits[entry][member]`, the chance of ever reaching a member.
    pub hits: Vec<f64>,
    /// Whether that chance is only approached; empty where no bound inside is open.
    pub opens: Vec<bool>,
    pub outside: Vec<OutsideLink>,
    /// Owners to whom several links lead out of a circle that has no one matrix: what the walk finds for them is too much.
    pub crowded: Vec<u32>,
}

/// A link from a member of a circle to an owner outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutsideLink {
    pub position: u32,
    pub owner: u32,
    /// The chance of leaving by this link once its member is reached.
    pub gain: f64,
    pub open: bool,
}

impl Block {
    fn new(members: Vec<u32>, hits: Vec<f64>, opens: Vec<bool>) -> Self {
        Self { members, hits, opens, outside: Vec::new(), crowded: Vec::new() }
    }

    /// Whether its chances pass on as they are: no bound is open, and nobody's has to be corrected.
    pub(super) fn is_plain(&self) -> bool {
        self.opens.is_empty() && self.crowded.is_empty() && !self.outside.iter().any(|link| link.open)
    }

    /// From the inverse of a circle in which every column is settled for this end: `N = (I − W)^-1` gives the expected
    /// visits, `N_km / N_mm` the chance of ever getting from `k` to `m`.
    pub(super) fn inverted(region: &Region<'_>, number: u32, end: End) -> Option<Self> {
        let mut members = region.component(number).to_vec();
        members.sort_unstable();
        let size = members.len();
        let mut matrix = vec![0.0; size * size];
        let mut outside = Vec::new();
        let mut steps = Vec::new();
        for (owned, &member) in members.iter().enumerate() {
            matrix[owned * size + owned] += 1.0;
            for link in region.links(member) {
                let (weight, open) = step(region, member, link, end);
                match members.binary_search(&link.owner) {
                    Ok(owner) => {
                        matrix[owned * size + owner] -= weight;
                        if weight > 0.0 {
                            steps.push(Step { owned, owner, open });
                        }
                    }
                    Err(_) => {
                        outside.push(OutsideLink { position: owned as u32, owner: link.owner, gain: weight, open })
                    }
                }
            }
        }
        if !invert(&mut matrix, size, || region.view.is_overdue()) {
            return None;
        }
        let returns: Vec<f64> = (0..size).map(|member| matrix[member * size + member]).collect();
        for row in matrix.chunks_exact_mut(size) {
            row.iter_mut().zip(&returns).for_each(|(hit, visits)| *hit /= visits);
        }
        outside.iter_mut().for_each(|link| link.gain *= returns[link.position as usize]);
        let mut block = Self::new(members, matrix, Vec::new());
        block.outside = outside;
        if steps.iter().any(|step| step.open) {
            block.opens = open_ways(&steps, size);
            for link in &mut block.outside {
                let position = link.position as usize;
                // Only what comes back to the member before it leaves plays a part.
                let back = |step: &&Step| block.hits[step.owner * size + position] > 0.0;
                let around = steps.iter().filter(|step| step.owned == position).filter(back);
                link.open |= around.into_iter().any(|step| step.open || block.opens[step.owner * size + position]);
            }
        }
        Some(block)
    }

    /// For the high ends of a circle in which owners compete, or may make up for one another: member by member.
    pub(super) fn solved(
        region: &Region<'_>,
        number: u32,
        solver: &mut Solver<'_, '_>,
        counts: &mut [u8],
    ) -> Option<Self> {
        let mut members = region.component(number).to_vec();
        members.sort_unstable();
        let size = members.len();
        let (mut hits, mut opens) = (vec![0.0; size * size], vec![false; size * size]);
        for (position, &member) in members.iter().enumerate() {
            in_time(region.view).ok()?;
            // Floors are their owner's alone: whoever is reached beyond has none of them.
            solver.aim(Target::Ends(&[member]));
            solver.component(number, &members).ok()?;
            for (entry, &from) in members.iter().enumerate() {
                let chance = solver.chance(from);
                (hits[entry * size + position], opens[entry * size + position]) = (chance.value, chance.open);
            }
        }
        let mut block = Self::new(members, hits, opens);
        if !block.opens.contains(&true) {
            block.opens.clear();
        }
        for position in 0..size {
            block.add_exits(region, solver, position)?;
        }
        let starts: Vec<u32> = block.outside.iter().map(|link| link.owner).collect();
        block.crowded = reached_twice(region, counts, &starts);
        block.crowded.sort_unstable();
        Some(block)
    }

    /// Whether the chance of getting from one member to another is only approached.
    fn is_open(&self, entry: usize, position: usize) -> bool {
        self.opens.get(entry * self.members.len() + position).is_some_and(|&open| open)
    }

    /// The links out of one member: each gets the most it can, what is then free goes to those from whom the walk is
    /// likeliest to come back. `None` where it comes back for certain.
    fn add_exits(&mut self, region: &Region<'_>, solver: &mut Solver<'_, '_>, position: usize) -> Option<()> {
        let size = self.members.len();
        let member = self.members[position];
        let mut back: Vec<(f64, bool, &Link)> = Vec::new();
        let mut out: Vec<&Link> = Vec::new();
        for link in region.links(member) {
            match self.members.binary_search(&link.owner) {
                Ok(owner) => back.push((self.hits[owner * size + position], self.is_open(owner, position), link)),
                Err(_) => out.push(link),
            }
        }
        back.sort_by(|a, b| b.0.total_cmp(&a.0));
        for link in out {
            let mut free = region.free(member);
            let taken = free.min(u64::from(link.high - link.low));
            free -= taken;
            let mut returns = 0.0;
            for (hit, _, link) in &back {
                let more = free.min(u64::from(link.high - link.low));
                free -= more;
                returns += (u64::from(link.low) + more) as f64 * hit;
            }
            let leaves = (WHOLE as f64 - returns) / WHOLE as f64;
            let gain = (u64::from(link.low) + taken) as f64 / WHOLE as f64 / leaves;
            if !gain.is_finite() || gain > 1.0 + 1e-9 {
                return None;
            }
            solver.aim(Target::Ends(&[link.owner]));
            back.iter().for_each(|(hit, open, link)| solver.put(link.owner, Chance { value: hit * gain, open: *open }));
            let open = solver.is_open(member);
            self.outside.push(OutsideLink { position: position as u32, owner: link.owner, gain: gain.min(1.0), open });
        }
        Some(())
    }
}

/// A link inside a circle, by positions.
struct Step {
    owned: usize,
    owner: usize,
    open: bool,
}

/// `[entry][member]`: whether some way from an entry that ends where it first meets a member passes an open bound.
fn open_ways(steps: &[Step], size: usize) -> Vec<bool> {
    let mut below: Vec<Vec<&Step>> = vec![Vec::new(); size];
    steps.iter().for_each(|step| below[step.owner].push(step));
    let mut opens = vec![false; size * size];
    for member in 0..size {
        let mut reached = vec![false; size];
        reached[member] = true;
        let mut stack = vec![member];
        while let Some(owner) = stack.pop() {
            let beyond = owner != member && opens[owner * size + member];
            for step in below[owner].iter().filter(|step| step.owned != member) {
                let open = &mut opens[step.owned * size + member];
                let opened = (step.open || beyond) && !*open;
                *open |= opened;
                if !std::mem::replace(&mut reached[step.owned], true) || opened {
                    stack.push(step.owned);
                }
            }
        }
    }
    opens
}

/// Inverts a diagonally dominant matrix in place (Gauss–Jordan); `false` where it is singular, or the time over.
fn invert(matrix: &mut [f64], size: usize, overdue: impl Fn() -> bool) -> bool {
    for pivot in 0..size {
        let (above, rest) = matrix.split_at_mut(pivot * size);
        let (row, below) = rest.split_at_mut(size);
        let value = row[pivot];
        if value.abs() < 1e-13 || pivot % 64 == 63 && overdue() {
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

/// The share with which a walk takes a link, its low or the most that its column leaves, and whether that is only
/// approached.
pub(super) fn step(region: &Region<'_>, owned: u32, link: &Link, end: End) -> (f64, bool) {
    let (ppb, open) = match end {
        End::Low => (u64::from(link.low), link.low_open),
        End::High => {
            let (most, takes_all) = most(region, owned, link);
            let others_open = region.open_lows(owned) > u32::from(link.low_open);
            (most, link.high_open && most == u64::from(link.high) || takes_all && others_open)
        }
    };
    (ppb as f64 / WHOLE as f64, open)
}

/// The most that an owner can hold while the others keep their lows, and whether that takes all that is free.
pub(super) fn most(region: &Region<'_>, owned: u32, link: &Link) -> (u64, bool) {
    let (low, high) = (u64::from(link.low), u64::from(link.high));
    if low == high {
        return (high, false);
    }
    let room = low + region.free(owned);
    (high.min(room), room <= high)
}

/// Everybody to whom two or more of the starts lead, each of them counted by itself.
pub(super) fn reached_twice(region: &Region<'_>, counts: &mut [u8], starts: &[u32]) -> Vec<u32> {
    const SEEN: u8 = 0x80;
    let mut touched: Vec<u32> = Vec::new();
    let (mut stack, mut seen) = (Vec::new(), Vec::new());
    for &start in starts {
        stack.push(start);
        while let Some(owner) = stack.pop() {
            let count = &mut counts[owner as usize];
            // Above somebody who is reached twice everybody is.
            if *count & SEEN != 0 || *count == 2 {
                continue;
            }
            if *count == 0 {
                touched.push(owner);
            }
            *count = (*count + 1) | SEEN;
            seen.push(owner);
            stack.extend_from_slice(region.owners(owner));
        }
        seen.drain(..).for_each(|owner| counts[owner as usize] &= !SEEN);
    }
    touched.retain(|&owner| std::mem::take(&mut counts[owner as usize]) == 2);
    touched
}
