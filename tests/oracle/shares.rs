//! Effective shares and what nobody is known to hold: walks through every world.

use super::*;

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
pub fn reach_with_floors(world: &World, targets: &[bool], floors: &[(usize, i64)]) -> Vec<Frac> {
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

pub fn extremes(cols: &Columns, targets: &[bool], owner: Option<usize>) -> Vec<(Frac, Frac)> {
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
pub fn step(g: &Graph) -> i64 {
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
