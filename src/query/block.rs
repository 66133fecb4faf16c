//! What a walk through a circle needs, found once: the chances of getting from each member to each other, and the links
//! that lead out.

use super::column::WHOLE;
use super::effective::{Chance, End, Solver, Target};
use super::factor::{Factor, Step, invert};
use super::in_time;
use super::region::{Link, Region};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Members from which on a circle is factored where that can be done: making a table of all pairs takes longer than most
/// questions do.
const FACTORED: usize = 64;

/// Members up to which there is a table of all pairs.
const LARGEST_TABLE: usize = 2_048;

/// A walk that enters a factored circle by so many members or fewer keeps the chances from each for the next walk.
const FEW: usize = 8;

/// What a walk through a circle needs.
pub(super) struct Block {
    pub members: Vec<u32>,
    hits: Hits,
    pub outside: Vec<OutsideLink>,
    /// Owners to whom several links lead out of a circle that has no one matrix: what the walk finds for them is too much.
    pub crowded: Vec<u32>,
}

/// The chances of ever getting from one member to another.
enum Hits {
    Table(Table),
    /// For circles without open bounds inside.
    Factored(Factored),
}

/// The chances as they follow from factors.
struct Factored {
    factor: Factor,
    /// How often each member is visited from itself.
    returns: Vec<f64>,
    /// The chances from members that were asked for, so long as they are not too many.
    rows: RefCell<HashMap<usize, Rc<[f64]>>>,
}

impl Factored {
    fn new(factor: Factor) -> Self {
        let returns = factor.returns();
        Self { factor, returns, rows: RefCell::default() }
    }

    fn solved(&self, entering: &[(usize, f64)]) -> Vec<f64> {
        let visits = self.factor.visits(entering);
        visits.iter().zip(&self.returns).map(|(visits, returns)| visits / returns).collect()
    }

    fn row(&self, entry: usize) -> Rc<[f64]> {
        let mut rows = self.rows.borrow_mut();
        if rows.len() * self.returns.len() > LARGEST_TABLE * LARGEST_TABLE {
            rows.clear();
        }
        rows.entry(entry).or_insert_with(|| self.solved(&[(entry, 1.0)]).into()).clone()
    }

    fn hits_from(&self, entering: &[(usize, f64)]) -> Vec<f64> {
        if entering.len() > FEW {
            return self.solved(entering);
        }
        let mut chances = vec![0.0; self.returns.len()];
        for &(entry, mass) in entering {
            chances.iter_mut().zip(&*self.row(entry)).for_each(|(sum, hit)| *sum += mass * hit);
        }
        chances
    }
}

/// The chances for all pairs of so many members.
struct Table {
    size: usize,
    /// `[entry][member]`
    hits: Vec<f64>,
    /// Whether that chance is only approached; empty where no bound inside is open.
    opens: Vec<bool>,
}

impl Table {
    fn row<'t, T>(&self, cells: &'t [T], entry: usize) -> &'t [T] {
        cells.get(entry * self.size..(entry + 1) * self.size).unwrap_or_default()
    }

    fn hit(&self, entry: usize, position: usize) -> f64 {
        self.hits[entry * self.size + position]
    }

    /// Whether the chance of getting from one member to another is only approached.
    fn is_open(&self, entry: usize, position: usize) -> bool {
        self.row(&self.opens, entry).get(position).is_some_and(|&open| open)
    }
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
    /// Whether its chances pass on as they are: no bound is open, and nobody's has to be corrected.
    pub(super) fn is_plain(&self) -> bool {
        let is_open = matches!(&self.hits, Hits::Table(table) if !table.opens.is_empty());
        !is_open && self.crowded.is_empty() && !self.outside.iter().any(|link| link.open)
    }

    /// The chance of ever reaching each member, when so much enters by some of them.
    pub(super) fn pass_on(&self, entering: &[(usize, Chance)]) -> Vec<Chance> {
        let masses = |open_only: bool| {
            let counts = entering.iter().filter(move |(_, chance)| chance.open || !open_only);
            counts.map(|&(entry, chance)| (entry, chance.value)).collect::<Vec<_>>()
        };
        let all = self.hits_from(&masses(false)).into_iter();
        let mut chances: Vec<Chance> = all.map(|value| Chance { value, open: false }).collect();
        let from_open = masses(true);
        if !from_open.is_empty() {
            chances.iter_mut().zip(self.hits_from(&from_open)).for_each(|(chance, value)| chance.open = value > 0.0);
        }
        if let Hits::Table(table) = &self.hits {
            for &(entry, _) in entering {
                let opens = table.row(&table.opens, entry);
                chances.iter_mut().zip(opens).for_each(|(chance, open)| chance.open |= open);
            }
        }
        chances
    }

    /// The same as plain numbers.
    pub(super) fn hits_from(&self, entering: &[(usize, f64)]) -> Vec<f64> {
        match &self.hits {
            Hits::Table(table) => {
                let mut chances = vec![0.0; table.size];
                for &(entry, mass) in entering {
                    chances.iter_mut().zip(table.row(&table.hits, entry)).for_each(|(sum, hit)| *sum += mass * hit);
                }
                chances
            }
            Hits::Factored(factored) => factored.hits_from(entering),
        }
    }

    /// The chance of ever reaching one member from each.
    pub(super) fn hits_of(&self, position: usize) -> Vec<f64> {
        match &self.hits {
            Hits::Table(table) => table.hits.iter().skip(position).step_by(table.size).copied().collect(),
            Hits::Factored(factored) => (0..self.members.len()).map(|entry| factored.row(entry)[position]).collect(),
        }
    }

    /// From the inverse of a circle in which every column is settled for this end: `N = (I − W)^-1` gives the expected
    /// visits, `N_km / N_mm` the chance of ever getting from `k` to `m`. `None` where the circle is closed, where it
    /// has neither factors nor a table, and where the time is over.
    pub(super) fn inverted(region: &Region<'_>, number: u32, end: End) -> Option<Self> {
        let mut links = Links::of(region, number, end);
        let (size, overdue) = (links.members.len(), || region.view.is_overdue());
        let is_factored = size >= FACTORED && !links.opens.contains(&true);
        let factor = if is_factored { Factor::of(size, &links.inside, overdue) } else { None };
        let (hits, returns) = match factor {
            Some(factor) => {
                let factored = Factored::new(factor);
                let returns = factored.returns.clone();
                (Hits::Factored(factored), returns)
            }
            None => {
                let (table, returns) = links.table(overdue)?;
                links.open_exits(&table);
                (Hits::Table(table), returns)
            }
        };
        let Links { members, mut outside, .. } = links;
        outside.iter_mut().for_each(|link| link.gain *= returns[link.position as usize]);
        Some(Self { members, hits, outside, crowded: Vec::new() })
    }

    /// For the high ends of a circle in which owners compete, or may make up for one another: member by member. `None` for
    /// circles that are too large.
    pub(super) fn solved(
        region: &Region<'_>,
        number: u32,
        solver: &mut Solver<'_, '_>,
        counts: &mut [u8],
    ) -> Option<Self> {
        let members = sorted_members(region, number);
        let size = members.len();
        if size > LARGEST_TABLE {
            return None;
        }
        let mut table = Table { size, hits: vec![0.0; size * size], opens: vec![false; size * size] };
        for (position, &member) in members.iter().enumerate() {
            in_time(region.view).ok()?;
            // Floors are their owner's alone: whoever is reached beyond has none of them.
            solver.aim(Target::Ends(&[member]));
            solver.component(number, &members).ok()?;
            for (entry, &from) in members.iter().enumerate() {
                let chance = solver.chance(from);
                let at = entry * size + position;
                (table.hits[at], table.opens[at]) = (chance.value, chance.open);
            }
        }
        if !table.opens.contains(&true) {
            table.opens.clear();
        }
        let mut outside = Vec::new();
        for position in 0..size {
            add_exits(region, solver, (&members, &table), position, &mut outside)?;
        }
        let starts: Vec<u32> = outside.iter().map(|link| link.owner).collect();
        let mut crowded = reached_twice(region, counts, &starts);
        crowded.sort_unstable();
        Some(Self { members, hits: Hits::Table(table), outside, crowded })
    }
}

fn sorted_members(region: &Region<'_>, number: u32) -> Vec<u32> {
    let mut members = region.component(number).to_vec();
    members.sort_unstable();
    members
}

/// The links of the members of a circle, each with the share that it counts for at one end.
struct Links {
    members: Vec<u32>,
    inside: Vec<Step>,
    /// Whether the bound of each of those inside is open.
    opens: Vec<bool>,
    outside: Vec<OutsideLink>,
}

impl Links {
    fn of(region: &Region<'_>, number: u32, end: End) -> Self {
        let members = sorted_members(region, number);
        let (mut inside, mut opens, mut outside) = (Vec::new(), Vec::new(), Vec::new());
        for (&member, position) in members.iter().zip(0..) {
            for link in region.links(member) {
                let (weight, open) = step(region, member, link, end);
                match members.binary_search(&link.owner) {
                    Ok(owner) if weight > 0.0 => {
                        inside.push(Step { owned: position, owner: owner as u32, weight });
                        opens.push(open);
                    }
                    Ok(_) => {}
                    Err(_) => outside.push(OutsideLink { position, owner: link.owner, gain: weight, open }),
                }
            }
        }
        Self { members, inside, opens, outside }
    }

    /// The chances for all pairs, and how often each member is visited from itself; `None` where the circle is closed or too large.
    fn table(&self, overdue: impl Fn() -> bool) -> Option<(Table, Vec<f64>)> {
        let size = self.members.len();
        if size > LARGEST_TABLE {
            return None;
        }
        let mut hits = vec![0.0; size * size];
        (0..size).for_each(|member| hits[member * size + member] = 1.0);
        self.inside.iter().for_each(|step| hits[step.owned as usize * size + step.owner as usize] -= step.weight);
        if !invert(&mut hits, size, overdue) {
            return None;
        }
        let returns: Vec<f64> = (0..size).map(|member| hits[member * size + member]).collect();
        for row in hits.chunks_exact_mut(size) {
            row.iter_mut().zip(&returns).for_each(|(hit, visits)| *hit /= visits);
        }
        let opens = if self.opens.contains(&true) { self.open_ways() } else { Vec::new() };
        Some((Table { size, hits, opens }, returns))
    }

    /// Marks the links outside that are only approached because of open bounds inside.
    fn open_exits(&mut self, table: &Table) {
        if table.opens.is_empty() {
            return;
        }
        for link in &mut self.outside {
            // Only what comes back to the member before it leaves plays a part.
            let around = self.inside.iter().zip(&self.opens).filter(|(step, _)| step.owned == link.position);
            let position = link.position as usize;
            let mut back = around.filter(|(step, _)| table.hit(step.owner as usize, position) > 0.0);
            link.open |= back.any(|(step, &open)| open || table.is_open(step.owner as usize, position));
        }
    }

    /// `[entry][member]`: whether some way from an entry that ends where it first meets a member passes an open bound.
    fn open_ways(&self) -> Vec<bool> {
        let size = self.members.len();
        let mut below: Vec<Vec<(usize, bool)>> = vec![Vec::new(); size];
        for (step, &open) in self.inside.iter().zip(&self.opens) {
            below[step.owner as usize].push((step.owned as usize, open));
        }
        let mut opens = vec![false; size * size];
        for member in 0..size {
            let mut reached = vec![false; size];
            reached[member] = true;
            let mut stack = vec![member];
            while let Some(owner) = stack.pop() {
                let beyond = owner != member && opens[owner * size + member];
                for &(owned, is_open) in below[owner].iter().filter(|(owned, _)| *owned != member) {
                    let open = &mut opens[owned * size + member];
                    let opened = (is_open || beyond) && !*open;
                    *open |= opened;
                    if !std::mem::replace(&mut reached[owned], true) || opened {
                        stack.push(owned);
                    }
                }
            }
        }
        opens
    }
}

/// Adds the links out of one member: each gets the most it can, what is then free goes to those from whom the walk is
/// likeliest to come back. `None` where it comes back for certain.
fn add_exits(
    region: &Region<'_>,
    solver: &mut Solver<'_, '_>,
    (members, table): (&[u32], &Table),
    position: usize,
    outside: &mut Vec<OutsideLink>,
) -> Option<()> {
    let member = members[position];
    let mut back: Vec<(f64, bool, &Link)> = Vec::new();
    let mut out: Vec<&Link> = Vec::new();
    for link in region.links(member) {
        match members.binary_search(&link.owner) {
            Ok(owner) => back.push((table.hit(owner, position), table.is_open(owner, position), link)),
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
        outside.push(OutsideLink { position: position as u32, owner: link.owner, gain: gain.min(1.0), open });
    }
    Some(())
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
