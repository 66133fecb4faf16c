//! Layers, and who holds how much of a company in one: columns, with the vertices of what they leave open.

use super::*;

/// S: "capital, who gets the money: shareholding, limitedPartner, beneficiary, rights to profit, income or surplus."
pub const CAPITAL: [&str; 6] = [
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
pub fn together(rows: &[&Interest], layer: Layer, ends: Ends, for_control: bool) -> Option<(i64, i64)> {
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

pub fn closure(edge: &[Vec<bool>]) -> Vec<Vec<bool>> {
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

pub fn for_each_world(cols: &Columns, mut f: impl FnMut(&World)) {
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
