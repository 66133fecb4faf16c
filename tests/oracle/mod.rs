//! A slow and obvious reference for the numbers and verdicts of the engine, for graphs of at most seven entities.
//!
//! It shares no code with the crate and takes no short cut: every vertex of every company's polytope of feasible
//! shares is visited, every linear system is solved in whole numbers (fraction-free elimination in `i128`, overflow
//! panics), every fixpoint starts from nothing and grows. Each item quotes the sentence of the semantics page that it
//! implements ("S:"); where a sentence leaves room, the reading is marked ("Reading:").
//!
//! Not modelled: nominees and nominators, rival accounts of different statements, confidence, bounds of dates
//! (`not_before` / `not_after`), `--open-world`, approximate shares. Callers pass a view: rows of one account, one day.
#![allow(dead_code, clippy::needless_range_loop)]

use std::collections::{BTreeMap, BTreeSet};

/// S: "shares are integers inside (parts per billion; sums in 64 bits)". 100 % is `ONE`.
pub const ONE: i64 = 1_000_000_000;

/// Reading: a circular group that nobody outside holds ends the chain as an owner without owners does, so all that
/// reaches the group is the group's, also what its members leave to unknown holders. `false`: only what can never leave
/// the group is the group's, the rest is unaccounted.
pub const GROUP_COUNTS_WHOLE: bool = true;

/// More combinations of vertices than this are refused: the graph is not for this reference.
pub const MAX_COMBINATIONS: usize = 50_000;

// ------------------------------------------------------------------------------------------------------------- graph

/// One interest. S: "a directed edge owner → owned. It has a kind, a share range [min, max] in percent (exact when both
/// are equal; ends may be open …; unknown is [0, 100] …)".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    pub owner: usize,
    pub owned: usize,
    pub min: i64,
    pub max: i64,
    pub min_open: bool,
    pub max_open: bool,
    pub kind: &'static str,
    pub indirect: bool,
    pub contested: bool,
    /// appointmentOfBoard: a majority; manager: named as controlling by a source.
    pub decisive: bool,
    pub start: Option<String>,
    pub end: Option<String>,
}

impl Interest {
    pub fn range(owner: usize, owned: usize, min: i64, max: i64) -> Self {
        Interest {
            owner,
            owned,
            min,
            max,
            min_open: false,
            max_open: false,
            kind: "shareholding",
            indirect: false,
            contested: false,
            decisive: false,
            start: None,
            end: None,
        }
    }
    pub fn exact(owner: usize, owned: usize, share: i64) -> Self {
        Self::range(owner, owned, share, share)
    }
    pub fn of_kind(owner: usize, owned: usize, kind: &'static str) -> Self {
        Interest { kind, ..Self::range(owner, owned, 0, ONE) }
    }
    pub fn is_point(&self) -> bool {
        self.min == self.max
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    pub names: Vec<String>,
    /// `company` unless said otherwise; no rule of this reference looks at it.
    pub kinds: Vec<&'static str>,
    /// S: "An entity whose register is complete ("owners_complete": true …) has no remainder."
    pub complete: Vec<bool>,
    pub interests: Vec<Interest>,
}

impl Graph {
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        let mut g = Graph { names: Vec::new(), kinds: Vec::new(), complete: Vec::new(), interests: Vec::new() };
        for name in names {
            g.add(name);
        }
        g
    }
    pub fn add(&mut self, name: String) -> usize {
        self.names.push(name);
        self.kinds.push("company");
        self.complete.push(false);
        self.names.len() - 1
    }
    pub fn len(&self) -> usize {
        self.names.len()
    }
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
    pub fn index(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no entity {name}"))
    }
    pub fn has_indirect(&self) -> bool {
        self.interests.iter().any(|i| i.indirect)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Capital,
    Votes,
}

/// Where open ends lie. S: "an open bound lies one unit inside, so that (50, 75] is certainly more than half and
/// [50, 75] is not … What is printed is the stated bound … never the unit."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// as printed: the closure of the range
    Stated,
    /// this many units inside
    Inside(i64),
}

impl Ends {
    fn low(self, i: &Interest) -> i64 {
        match self {
            Ends::Inside(e) if i.min_open => i.min + e,
            _ => i.min,
        }
    }
    fn high(self, i: &Interest) -> i64 {
        match self {
            Ends::Inside(e) if i.max_open => i.max - e,
            _ => i.max,
        }
    }
}

/// S: "An interest is in the view of a day when start ≤ day < end: a full end date is the first day out … A partial date
/// covers its period: 2019 starts on 2019-01-01 and, as an end, is out from 2020-01-01. A missing start reaches back, a
/// missing end reaches on".
pub fn in_view(start: Option<&str>, end: Option<&str>, day: &str) -> bool {
    let first = |d: &str| match d.len() {
        4 => format!("{d}-01-01"),
        7 => format!("{d}-01"),
        _ => d.to_string(),
    };
    let out = |d: &str| {
        let year: i32 = d[..4].parse().unwrap();
        match d.len() {
            4 => format!("{:04}-01-01", year + 1),
            7 => {
                let month: i32 = d[5..7].parse().unwrap();
                if month == 12 { format!("{:04}-01-01", year + 1) } else { format!("{year:04}-{:02}-01", month + 1) }
            }
            _ => d.to_string(),
        }
    };
    start.is_none_or(|s| first(s).as_str() <= day) && end.is_none_or(|e| day < out(e).as_str())
}

/// S: "A source often shows only that an interest existed on a day: start {not_after: D, not_before: E}, end {not_before: D,
/// not_after: E} (either part may be missing). Between the bounds and, where the outer bound is missing, beyond the inner
/// one, the interest is *possible* … Outside the outer bounds it is out."
///
/// Such a date is written `outer~inner` here, each a full day, the outer one possibly empty. On the inner day itself the
/// interest is certain. Ask no question about the outer end day itself: the text leaves it open.
pub fn presence(start: Option<&str>, end: Option<&str>, day: &str) -> Certainty {
    let from = match start.and_then(|s| s.split_once('~')) {
        None => {
            if in_view(start, None, day) {
                Certainty::Certain
            } else {
                Certainty::None
            }
        }
        Some((_, inner)) if day >= inner => Certainty::Certain,
        Some((outer, _)) if day < outer => Certainty::None,
        Some(_) => Certainty::Possible,
    };
    let to = match end.and_then(|s| s.split_once('~')) {
        None => {
            if in_view(None, end, day) {
                Certainty::Certain
            } else {
                Certainty::None
            }
        }
        Some((_, inner)) if day <= inner => Certainty::Certain,
        Some((outer, _)) if !outer.is_empty() && day >= outer => Certainty::None,
        Some(_) => Certainty::Possible,
    };
    from.min(to)
}

/// The view of a day, with the dates taken off. S: "its low is 0 and its control at most possible".
pub fn view(g: &Graph, day: &str) -> Graph {
    let mut v = g.clone();
    v.interests.retain_mut(|i| {
        let there = presence(i.start.take().as_deref(), i.end.take().as_deref(), day);
        if there == Certainty::Possible {
            (i.min, i.min_open, i.contested) = (0, false, true);
        }
        there != Certainty::None
    });
    v
}

// ------------------------------------------------------------------------------------------------------------ layers

/// S: "capital, who gets the money: shareholding, limitedPartner, beneficiary, rights to profit, income or surplus."
const CAPITAL: [&str; 6] = [
    "shareholding",
    "limitedPartner",
    "beneficiaryOfLegalArrangement",
    "rightsToProfitOrIncome",
    "rightsToSurplusAssetsOnDissolution",
    "rightToProfitOrIncomeFromAssets",
];

/// What one pair holds in one layer, taken together.
///
/// S: "In one statement: disjoint holdings of the same kind add up (share classes); across kinds the largest counts (votes
/// and profit rights of one stake are one stake) … Rows of one plain edges file for one pair add." and "votes:
/// votingRights where stated for the pair (also a stated 0 …), else its shareholding, nothing else".
/// The rows of one pair in a `Graph` are one statement.
fn together(rows: &[&Interest], layer: Layer, ends: Ends, for_control: bool) -> Option<(i64, i64)> {
    let of_kind = |kind: &str| {
        let rows: Vec<_> = rows.iter().filter(|i| i.kind == kind).collect();
        if rows.is_empty() {
            return None;
        }
        // S: "A contested interest gives at most *possible*": for control its low is 0.
        let low = rows.iter().map(|i| if for_control && i.contested { 0 } else { ends.low(i) }).sum();
        Some((low, rows.iter().map(|i| ends.high(i)).sum()))
    };
    match layer {
        Layer::Votes => of_kind("votingRights").or_else(|| of_kind("shareholding")),
        Layer::Capital => {
            CAPITAL.iter().filter_map(|k| of_kind(k)).reduce(|a: (i64, i64), b| (a.0.max(b.0), a.1.max(b.1)))
        }
    }
}

/// The shares that lead into one company.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// owner, low, high
    pub holders: Vec<(usize, i64, i64)>,
    /// What is held by nobody known, at least and at most.
    pub rest: (i64, i64),
    pub oversubscribed: bool,
}

#[derive(Clone, Debug)]
pub struct Columns {
    pub of: Vec<Column>,
    /// Floors: owner, entity, low, high.
    pub floors: Vec<(usize, usize, i64, i64)>,
}

/// The layer as columns, ends placed, over-subscription applied.
pub fn columns(g: &Graph, layer: Layer, ends: Ends, for_control: bool) -> Columns {
    let n = g.len();
    let pair = |i: usize, j: usize, indirect: bool| {
        let rows: Vec<&Interest> =
            g.interests.iter().filter(|x| x.owner == i && x.owned == j && x.indirect == indirect).collect();
        together(&rows, layer, ends, for_control)
    };
    // S: "Where the view holds no chain of direct interests from that owner to that entity, an indirect interest is a link
    // like any other. Where such a chain exists it is no link (nothing counts twice) but a floor".
    // Reading: the chain is one of the layer, of interests with max > 0.
    let mut direct = vec![vec![false; n]; n];
    for (i, row) in direct.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = pair(i, j, false).is_some_and(|(_, high)| high > 0);
        }
    }
    let chain = closure(&direct);
    let mut floors = Vec::new();
    let mut of = Vec::new();
    for j in 0..n {
        let mut holders = Vec::new();
        for i in 0..n {
            let mut share = pair(i, j, false);
            if let Some((low, high)) = pair(i, j, true) {
                if chain[i][j] {
                    floors.push((i, j, low, high));
                } else {
                    let (l, u) = share.unwrap_or((0, 0));
                    share = Some((l + low, u + high));
                }
            }
            if let Some((low, high)) = share {
                holders.push((i, low, high));
            }
        }
        // S: "if T = Σ l > 1 … Each stated share is then only an upper limit: l becomes max(0, l − (T − 1)), u stays …
        // Nothing is ever rescaled to 100."
        let total: i64 = holders.iter().map(|h| h.1).sum();
        let oversubscribed = total > ONE;
        if oversubscribed {
            for h in &mut holders {
                h.1 = (h.1 - (total - ONE)).max(0);
            }
        }
        // S: "The shares that lead into one j sum to at most 1; what is missing is held by nobody known."
        // Reading: a complete register whose highs do not reach 100 keeps the difference as its remainder.
        let most: i64 = holders.iter().map(|h| h.2).sum();
        let rest = if g.complete[j] { ((ONE - most).max(0), (ONE - most).max(0)) } else { (0, ONE) };
        of.push(Column { holders, rest, oversubscribed });
    }
    Columns { of, floors }
}

fn closure(edge: &[Vec<bool>]) -> Vec<Vec<bool>> {
    let n = edge.len();
    let mut reach = edge.to_vec();
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                reach[i][j] |= reach[i][k] && reach[k][j];
            }
        }
    }
    reach
}

/// Warnings of the kind `over-subscribed: j`. S: "Beyond a rounding tolerance of 0.05 points per holder the answer carries
/// the warning".
pub fn oversubscribed(g: &Graph, layer: Layer) -> Vec<usize> {
    let cols = columns(g, layer, Ends::Stated, false);
    (0..g.len())
        .filter(|&j| {
            let low = |i: usize| {
                let rows: Vec<_> = g.interests.iter().filter(|x| x.owner == i && x.owned == j).collect();
                together(&rows, layer, Ends::Stated, false).map_or(0, |r| r.0)
            };
            let holders = &cols.of[j].holders;
            let total: i64 = holders.iter().map(|h| low(h.0)).sum();
            cols.of[j].oversubscribed && total - ONE > holders.len() as i64 * (ONE / 2000)
        })
        .collect()
}

// ---------------------------------------------------------------------------------------------------------- vertices

/// All vertices of one column: `low ≤ w ≤ high` and `Σ w + rest = 1`. At a vertex at most one coordinate lies strictly
/// between its bounds; the remainder is a coordinate like the others. It is written last, under the index `remainder`.
pub fn vertices(c: &Column, remainder: usize) -> Vec<Vec<(usize, i64)>> {
    let mut coordinates = c.holders.clone();
    coordinates.push((remainder, c.rest.0, c.rest.1));
    let k = coordinates.len();
    let mut found = BTreeSet::new();
    for free in 0..k {
        for mask in 0u32..(1 << k) {
            if mask & (1 << free) != 0 {
                continue;
            }
            let mut w: Vec<(usize, i64)> = coordinates
                .iter()
                .enumerate()
                .map(|(x, c)| (c.0, if mask & (1 << x) != 0 { c.2 } else { c.1 }))
                .collect();
            let others: i64 = w.iter().enumerate().filter(|(x, _)| *x != free).map(|(_, c)| c.1).sum();
            w[free].1 = ONE - others;
            if coordinates[free].1 <= w[free].1 && w[free].1 <= coordinates[free].2 {
                found.insert(w);
            }
        }
    }
    assert!(!found.is_empty(), "no feasible shares: {c:?}");
    found.into_iter().collect()
}

/// One value of every share: per entity the owners with their parts, the remainder last.
pub type World = Vec<Vec<(usize, i64)>>;

/// How many worlds the vertices make.
pub fn combinations(cols: &Columns) -> usize {
    let n = cols.of.len();
    cols.of.iter().map(|c| vertices(c, n).len()).fold(1, usize::saturating_mul)
}

fn for_each_world(cols: &Columns, mut f: impl FnMut(&World)) {
    let n = cols.of.len();
    let choices: Vec<_> = cols.of.iter().map(|c| vertices(c, n)).collect();
    let total = choices.iter().map(Vec::len).fold(1, usize::saturating_mul);
    assert!(total <= MAX_COMBINATIONS, "{total} combinations of vertices are too many for this reference");
    let mut at = vec![0; n];
    loop {
        let world: World = at.iter().enumerate().map(|(j, &x)| choices[j][x].clone()).collect();
        f(&world);
        let Some(j) = (0..n).find(|&j| at[j] + 1 < choices[j].len()) else {
            return;
        };
        at[j] += 1;
        at[..j].fill(0);
    }
}

// --------------------------------------------------------------------------------------------------------- fractions

/// An exact number, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frac {
    pub n: i128,
    pub d: i128,
}

fn gcd(a: i128, b: i128) -> i128 {
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
fn solve(mut a: Vec<Vec<i128>>) -> (Vec<i128>, i128) {
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

// ------------------------------------------------------------------------------------------------------------ walks

/// S: "the chance that a walk which starts at j and steps from each entity to one of its owners with the chance of that
/// owner's share ever reaches i … With circles it is the solution of a linear system. Never above 100 %."
///
/// The chance to reach `targets`, from every entity, in one world. The least non-negative solution: entities from which no
/// target can be reached are 0 before anything is solved, what is left is non-singular. `stop[k]`: the walk ends at `k` and
/// is worth that much (for floors).
pub fn reach(world: &World, targets: &[bool], stop: &[Option<i64>]) -> Vec<Frac> {
    let n = world.len();
    let scale = {
        let mut g = ONE as i128;
        for &(_, w) in world.iter().flatten() {
            g = gcd(g, w as i128);
        }
        for s in stop.iter().flatten() {
            g = gcd(g, *s as i128);
        }
        g
    };
    let one = ONE as i128 / scale;
    let known = |k: usize| -> Option<i128> {
        if k < targets.len() && targets[k] {
            return Some(one);
        }
        if k >= n {
            return Some(0);
        }
        stop[k].map(|s| s as i128 / scale)
    };
    let mut can: Vec<bool> = (0..n).map(|k| known(k).is_some_and(|v| v > 0)).collect();
    loop {
        let next: Vec<bool> = (0..n)
            .map(|j| {
                can[j]
                    || known(j).is_none()
                        && world[j].iter().any(|&(k, w)| w > 0 && (k >= n && known(k) != Some(0) || k < n && can[k]))
            })
            .collect();
        if next == can {
            break;
        }
        can = next;
    }
    let open: Vec<usize> = (0..n).filter(|&j| known(j).is_none() && can[j]).collect();
    let place: BTreeMap<usize, usize> = open.iter().enumerate().map(|(x, &j)| (j, x)).collect();
    let mut a = vec![vec![0i128; open.len() + 1]; open.len()];
    for (x, &j) in open.iter().enumerate() {
        a[x][x] += one;
        for &(k, w) in &world[j] {
            let w = w as i128 / scale;
            if let Some(&y) = place.get(&k) {
                a[x][y] -= w;
            } else {
                a[x][open.len()] += w * known(k).unwrap_or(0);
            }
        }
    }
    let (numerators, determinant) = solve(a);
    (0..n)
        .map(|j| match (known(j), place.get(&j)) {
            (Some(v), _) => Frac::new(v, one),
            (None, Some(&x)) => Frac::new(numerators[x], determinant * one),
            (None, None) => Frac::ZERO,
        })
        .collect()
}

/// The same with the floors of one owner. S: "for that owner the value at that entity, and on the way to everything below
/// it, is the larger of the walk and the stated range". For fixed shares this is a stopping problem: at every entity with
/// a floor the walk may go on or be worth the floor; the best choice is among the subsets.
fn reach_with_floors(world: &World, targets: &[bool], floors: &[(usize, i64)]) -> Vec<Frac> {
    let n = world.len();
    let mut best = vec![Frac::ZERO; n];
    for mask in 0u32..(1 << floors.len()) {
        let mut stop = vec![None; n];
        for (x, &(e, value)) in floors.iter().enumerate() {
            if mask & (1 << x) != 0 {
                stop[e] = Some(stop[e].unwrap_or(0).max(value));
            }
        }
        for (b, v) in best.iter_mut().zip(reach(world, targets, &stop)) {
            *b = (*b).max(v);
        }
    }
    best
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub min: Frac,
    pub max: Frac,
    pub min_open: bool,
    pub max_open: bool,
}

impl Bound {
    const ZERO: Bound = Bound { min: Frac::ZERO, max: Frac::ZERO, min_open: false, max_open: false };
}

fn extremes(cols: &Columns, targets: &[bool], owner: Option<usize>) -> Vec<(Frac, Frac)> {
    let n = cols.of.len();
    let floors = |high: bool| -> Vec<(usize, i64)> {
        let own = cols.floors.iter().filter(|f| Some(f.0) == owner);
        own.map(|f| (f.1, if high { f.3 } else { f.2 })).collect()
    };
    let (low_floors, high_floors) = (floors(false), floors(true));
    let mut out: Vec<Option<(Frac, Frac)>> = vec![None; n];
    for_each_world(cols, |world| {
        let low = reach_with_floors(world, targets, &low_floors);
        let high =
            if high_floors == low_floors { low.clone() } else { reach_with_floors(world, targets, &high_floors) };
        for j in 0..n {
            let (a, b) = out[j].unwrap_or((low[j], high[j]));
            out[j] = Some((a.min(low[j]), b.max(high[j])));
        }
    });
    out.into_iter().map(Option::unwrap).collect()
}

/// The small step that stands for "inside" when a linear system is solved: a tenth of a percent where all shares are whole
/// percents (keeps the numbers short), else the unit. An end is open exactly when it moves with the step.
fn step(g: &Graph) -> i64 {
    if g.interests.iter().all(|i| i.min % (ONE / 100) == 0 && i.max % (ONE / 100) == 0) { ONE / 1000 } else { 1 }
}

/// S: "Range of the effective share: the smallest and the largest value over all feasible w … Both are exact bounds".
/// Joint share of a set of owners, in every entity.
pub fn effective_of_set(g: &Graph, layer: Layer, owners: &[usize]) -> Vec<Bound> {
    let mut targets = vec![false; g.len()];
    for &o in owners {
        targets[o] = true;
    }
    let owner = if let [one] = owners { Some(*one) } else { None };
    let at = |ends| extremes(&columns(g, layer, ends, false), &targets, owner);
    let stated = at(Ends::Stated);
    let any_open = g.interests.iter().any(|i| i.min_open || i.max_open);
    let inside = if any_open { at(Ends::Inside(step(g))) } else { stated.clone() };
    stated
        .into_iter()
        .zip(inside)
        .map(|(s, i)| Bound { min: s.0, max: s.1, min_open: s.0 != i.0, max_open: s.1 != i.1 })
        .collect()
}

/// Effective share of every owner in every entity: `[owner][owned]`. The diagonal means nothing.
pub fn effective(g: &Graph, layer: Layer) -> Vec<Vec<Bound>> {
    (0..g.len())
        .map(|i| {
            if g.interests.iter().any(|x| x.owner == i) {
                effective_of_set(g, layer, &[i])
            } else {
                vec![Bound::ZERO; g.len()]
            }
        })
        .collect()
}

/// `w` of each pair with max > 0: the edges of the layer, links included.
pub fn edges(g: &Graph, layer: Layer) -> Vec<Vec<bool>> {
    let mut edge = vec![vec![false; g.len()]; g.len()];
    for (j, c) in columns(g, layer, Ends::Stated, false).of.iter().enumerate() {
        for &(i, _, high) in &c.holders {
            edge[i][j] |= high > 0;
        }
    }
    edge
}

/// S: "Ultimate owner: an owner that has no owner in the layer and view (a self-holding counts as an owner)."
pub fn ultimate(g: &Graph, layer: Layer) -> Vec<bool> {
    let edge = edges(g, layer);
    (0..g.len()).map(|j| (0..g.len()).all(|i| !edge[i][j])).collect()
}

/// S: "Circular group: a strongly connected component of interests with max > 0 that has more than one member, or a
/// self-holding."
pub fn circular_groups(g: &Graph, layer: Layer) -> Vec<Vec<usize>> {
    let edge = edges(g, layer);
    let reach = closure(&edge);
    let mut groups = BTreeSet::new();
    for j in 0..g.len() {
        if reach[j][j] {
            groups.insert((0..g.len()).filter(|&k| k == j || reach[j][k] && reach[k][j]).collect::<Vec<_>>());
        }
    }
    groups.into_iter().collect()
}

/// S: "A group that nobody outside holds is the end of the chain: its members are not ultimate, the share is reported as
/// the group's."
pub fn closed_groups(g: &Graph, layer: Layer) -> Vec<Vec<usize>> {
    let edge = edges(g, layer);
    let mut groups = circular_groups(g, layer);
    groups.retain(|m| m.iter().all(|&j| (0..g.len()).all(|i| m.contains(&i) || !edge[i][j])));
    groups
}

/// S: "Unaccounted share of j: 1 minus ultimate owners minus such groups, a range … At point shares the three add up to
/// exactly 100." One joint range over all worlds (not the difference of the single ranges).
///
/// Reading: the walk first leaves `j`; so an entity without owners is unaccounted in full, and a member of a closed group
/// by the part that nobody known holds of it. Floors do not enter (S: "it enters neither the sums into the entity nor
/// `unaccounted`").
pub fn unaccounted(g: &Graph, layer: Layer, j: usize) -> (Frac, Frac) {
    let cols = columns(g, layer, Ends::Stated, false);
    let n = g.len();
    let mut targets = ultimate(g, layer);
    let closed = closed_groups(g, layer);
    for &m in closed.iter().flatten() {
        targets[m] = true;
    }
    let mut out: Option<(Frac, Frac)> = None;
    for_each_world(&cols, |world| {
        let value = if GROUP_COUNTS_WHOLE {
            // A walk that starts at a copy of j, so that j itself can be reached again.
            let mut w = world.clone();
            w.iter_mut().flatten().filter(|c| c.0 == n).for_each(|c| c.0 = n + 1);
            let mut start = world[j].clone();
            start.iter_mut().filter(|c| c.0 == n).for_each(|c| c.0 = n + 1);
            w.push(start);
            reach(&w, &targets, &vec![None; n + 1])[n].complement()
        } else {
            let mut t = vec![false; n + 1];
            t[n] = true;
            let end = |k: usize| (k != j && closed.iter().all(|m| !m.contains(&k)) && targets[k]).then_some(0);
            reach(world, &t, &(0..n).map(end).collect::<Vec<_>>())[j]
        };
        let (a, b) = out.unwrap_or((value, value));
        out = Some((a.min(value), b.max(value)));
    });
    out.unwrap()
}

/// Joint share of a closed group in an entity outside of it.
pub fn group_share(g: &Graph, layer: Layer, group: &[usize], j: usize) -> (Frac, Frac) {
    let b = effective_of_set(g, layer, group)[j];
    (b.min, b.max)
}

// ----------------------------------------------------------------------------------------------------------- control

/// S: "'More than --threshold P' is the test (default 50); --at-least P makes it ≥."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    MoreThan(i64),
    AtLeast(i64),
}

pub const HALF: Test = Test::MoreThan(ONE / 2);

impl Test {
    pub fn met(self, share: i64) -> bool {
        match self {
            Test::MoreThan(p) => share > p,
            Test::AtLeast(p) => share >= p,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    None,
    Possible,
    Certain,
}

/// The table "Control without share".
pub fn control_without_share(g: &Graph, i: &Interest) -> Certainty {
    let certain = match i.kind {
        "parent" | "generalPartner" | "controlByLegalFramework" | "controlViaCompanyRulesOrArticles" => {
            Certainty::Certain
        }
        "appointmentOfBoard" | "manager" if i.decisive => Certainty::Certain,
        "appointmentOfBoard" | "manager" => Certainty::Possible,
        "trustee" => {
            // "the sole trustee" / "one of several trustees"
            let all: BTreeSet<usize> =
                g.interests.iter().filter(|x| x.kind == "trustee" && x.owned == i.owned).map(|x| x.owner).collect();
            if all.len() == 1 { Certainty::Certain } else { Certainty::Possible }
        }
        "otherInfluenceOrControl"
        | "rightsGrantedByContract"
        | "conditionalRightsGrantedByContract"
        | "settlor"
        | "protector"
        | "unknownInterest"
        | "unpublishedInterest" => Certainty::Possible,
        _ => Certainty::None,
    };
    // "anything contested"
    if i.contested { certain.min(Certainty::Possible) } else { certain }
}

fn grow(n: usize, seeds: &[usize], mut joins: impl FnMut(&[bool], usize) -> bool) -> Vec<bool> {
    let mut set = vec![false; n];
    for &s in seeds {
        set[s] = true;
    }
    loop {
        let next: Vec<usize> = (0..n).filter(|&j| !set[j] && joins(&set, j)).collect();
        if next.is_empty() {
            return set;
        }
        for j in next {
            set[j] = true;
        }
    }
}

/// S: "certain: with every share at its low." For a complete register the low of a group is also what the others cannot
/// hold ("the smallest … value over all feasible w"): `max(Σ l of the group, 1 − rest − Σ u of the others)`.
fn group_low(c: &Column, set: &[bool]) -> i64 {
    let inside: i64 = c.holders.iter().filter(|h| set[h.0]).map(|h| h.1).sum();
    let others: i64 = c.holders.iter().filter(|h| !set[h.0]).map(|h| h.2).sum();
    inside.max(ONE - c.rest.1 - others)
}

/// S: "in j the group's best total is min(Σ u of the group, 1 − Σ l of the others)".
fn group_high(c: &Column, set: &[bool]) -> i64 {
    let inside: i64 = c.holders.iter().filter(|h| set[h.0]).map(|h| h.2).sum();
    let others: i64 = c.holders.iter().filter(|h| !set[h.0]).map(|h| h.1).sum();
    inside.min(ONE - c.rest.0 - others)
}

/// S: "i controls j when i and what i controls together hold more than half of the votes in j, or when i or something that i
/// controls has an interest that gives control without a share. One least fixpoint over both kinds of step". An indirect
/// interest that is a floor "counts by itself". The result holds the seeds.
pub fn controlled(g: &Graph, seeds: &[usize], test: Test, want: Certainty) -> Vec<bool> {
    let cols = columns(g, Layer::Votes, Ends::Inside(1), true);
    grow(g.len(), seeds, |set, j| {
        let share = match want {
            Certainty::Certain => group_low(&cols.of[j], set),
            _ => group_high(&cols.of[j], set),
        };
        let floor = cols
            .floors
            .iter()
            .any(|f| f.1 == j && set[f.0] && test.met(if want == Certainty::Certain { f.2 } else { f.3 }));
        let right = g.interests.iter().any(|i| i.owned == j && set[i.owner] && control_without_share(g, i) >= want);
        test.met(share) || floor || right
    })
}

/// `[source][entity]`; the diagonal is `None`.
pub fn control(g: &Graph, test: Test) -> Vec<Vec<Certainty>> {
    (0..g.len())
        .map(|i| {
            let certain = controlled(g, &[i], test, Certainty::Certain);
            let possible = controlled(g, &[i], test, Certainty::Possible);
            (0..g.len())
                .map(|j| match (i == j, certain[j], possible[j]) {
                    (true, ..) => Certainty::None,
                    (_, true, _) => Certainty::Certain,
                    (_, _, true) => Certainty::Possible,
                    _ => Certainty::None,
                })
                .collect()
        })
        .collect()
}

/// The same by search: the least fixpoint in every world of vertices. S: "Both fixpoints are exact." Returns for one source
/// who is controlled in every world (by certain rights only), and who in some world (by all rights), with that world.
pub fn control_by_search(g: &Graph, source: usize, test: Test) -> (Vec<bool>, Vec<Option<World>>) {
    let n = g.len();
    let cols = columns(g, Layer::Votes, Ends::Inside(1), true);
    let mut always = vec![true; n];
    let mut some: Vec<Option<World>> = vec![None; n];
    for_each_world(&cols, |world| {
        for want in [Certainty::Certain, Certainty::Possible] {
            let set = grow(n, &[source], |set, j| {
                let votes: i64 = world[j].iter().filter(|c| c.0 < n && set[c.0]).map(|c| c.1).sum();
                let floor = cols
                    .floors
                    .iter()
                    .any(|f| f.1 == j && set[f.0] && test.met(if want == Certainty::Certain { f.2 } else { f.3 }));
                let right =
                    g.interests.iter().any(|i| i.owned == j && set[i.owner] && control_without_share(g, i) >= want);
                test.met(votes) || floor || right
            });
            for j in 0..n {
                if want == Certainty::Certain {
                    always[j] &= set[j];
                } else if set[j] && some[j].is_none() {
                    some[j] = Some(world.clone());
                }
            }
        }
    });
    (always, some)
}

/// S: "Ultimate controller of j: a controller that nobody outside its own mutual-control class certainly controls." Whether
/// `c` is one, given certain control of all pairs.
pub fn is_ultimate_controller(control: &[Vec<Certainty>], c: usize) -> bool {
    let n = control.len();
    (0..n).all(|x| x == c || control[x][c] != Certainty::Certain || control[c][x] == Certainty::Certain)
}

/// Members of the mutual-control class of `c`.
pub fn mutual_class(control: &[Vec<Certainty>], c: usize) -> Vec<usize> {
    let both = |x: usize| control[x][c] == Certainty::Certain && control[c][x] == Certainty::Certain;
    (0..control.len()).filter(|&x| x == c || both(x)).collect()
}

// ---------------------------------------------------------------------------------------------------------- 50 % rule

/// S: "50 % rule: an entity is blocked when blocked entities together hold half of it or more, directly or through entities
/// that are themselves blocked (OFAC; the larger of capital and votes; control alone never blocks). The same fixpoint with
/// ≥, started from a list." Reading: the sums are formed per layer, the larger sum counts, step by step of one fixpoint.
/// Reading: a floor enters no sum and blocks nothing.
pub fn blocked(g: &Graph, listed: &[usize], test: Test) -> (Vec<bool>, Vec<bool>) {
    let layers = [Layer::Capital, Layer::Votes].map(|l| columns(g, l, Ends::Inside(1), true));
    let certain = grow(g.len(), listed, |set, j| layers.iter().any(|c| test.met(group_low(&c.of[j], set))));
    let possible = grow(g.len(), listed, |set, j| layers.iter().any(|c| test.met(group_high(&c.of[j], set))));
    (certain, possible)
}

/// "`aggregate` is `[Σ low, min(Σ high, 1 − Σ low of the others)]`" (command-line page). Reading: low over the certainly,
/// high over the possibly blocked holders, the larger layer at each end, open ends at their stated place.
pub fn aggregate(g: &Graph, certain: &[bool], possible: &[bool], j: usize) -> (i64, i64) {
    let layers = [Layer::Capital, Layer::Votes].map(|l| columns(g, l, Ends::Stated, true));
    let low = |c: &Columns| c.of[j].holders.iter().filter(|h| certain[h.0]).map(|h| h.1).sum::<i64>();
    (layers.iter().map(low).max().unwrap(), layers.iter().map(|c| group_high(&c.of[j], possible)).max().unwrap())
}

/// S: "Attributed share of i in j: what i holds directly plus what everything that i controls holds directly". Low with
/// what is certainly controlled, high with what possibly is.
pub fn attributed(g: &Graph, layer: Layer, i: usize, j: usize) -> (i64, i64) {
    let cols = columns(g, layer, Ends::Stated, false);
    let certain = controlled(g, &[i], HALF, Certainty::Certain);
    let possible = controlled(g, &[i], HALF, Certainty::Possible);
    let low = cols.of[j].holders.iter().filter(|h| certain[h.0] && h.0 != j).map(|h| h.1).sum();
    let high: i64 = cols.of[j].holders.iter().filter(|h| possible[h.0] && h.0 != j).map(|h| h.2).sum();
    (low, high.min(ONE))
}
