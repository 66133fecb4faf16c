//! Random graphs of what a property allows.

use super::*;

/// What a random graph may contain.
#[derive(Clone, Copy)]
pub struct Allow {
    pub ranges: bool,
    pub circles: bool,
    pub self_holdings: bool,
    pub complete: bool,
    pub oversubscribed: bool,
    pub open: bool,
    pub indirect: bool,
    /// several rows of one pair
    pub parallel: bool,
    /// control without a share, contested rights
    pub rights: bool,
    /// limited partners, stated voting rights
    pub layers: bool,
}

pub const POINTS: Allow = Allow {
    ranges: false,
    circles: true,
    self_holdings: true,
    complete: false,
    oversubscribed: false,
    open: false,
    indirect: false,
    parallel: true,
    rights: false,
    layers: false,
};
pub const RANGES: Allow = Allow { ranges: true, ..POINTS };
/// Everything that both formats and the reference share, except open ends and indirect interests.
pub const ALL: Allow = Allow { complete: true, oversubscribed: true, rights: true, layers: true, ..RANGES };

pub const RIGHTS: [&str; 16] = [
    "parent",
    "generalPartner",
    "appointmentOfBoard",
    "controlByLegalFramework",
    "controlViaCompanyRulesOrArticles",
    "trustee",
    "manager",
    "otherInfluenceOrControl",
    "rightsGrantedByContract",
    "settlor",
    "protector",
    "unknownInterest",
    "boardMember",
    "founder",
    "affiliate",
    "seniorManagingOfficial",
];

/// A graph of 3 to 6 entities with whole percents, small enough for the reference.
pub fn random(seed: u64, allow: Allow) -> Graph {
    let r = &mut Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 0xb5);
    loop {
        let n = 3 + r.upto(3) as usize;
        let mut names: Vec<String> = (0..n).map(|i| format!("ent-{}", (b'a' + i as u8) as char)).collect();
        r.shuffle(&mut names);
        let mut g = Graph::new(names);
        let companies = 1 + r.upto(n as i64 - 1) as usize;
        for j in 0..companies {
            let mut owners: Vec<usize> =
                (0..n)
                    .filter(|&i| {
                        if i == j { allow.self_holdings && r.one_in(8) } else { i > j || allow.circles && r.one_in(2) }
                    })
                    .collect();
            r.shuffle(&mut owners);
            owners.truncate(1 + r.upto(2) as usize);
            let full = allow.complete && r.one_in(4);
            let over = allow.oversubscribed && !full && r.one_in(4);
            let mut left = if over { 160 } else { 100 };
            let first = g.interests.len();
            for (x, &i) in owners.iter().enumerate() {
                let most = left.min(100);
                // Often a figure around which rules turn; the last holder often takes all that is left.
                let mut low = *r.pick(&[0, 5, 20, 25, 30, 40, 45, 50, 50, 55, 60, 75, 90, 100]);
                if low > most || x + 1 == owners.len() && r.one_in(3) {
                    low = most;
                }
                left -= low;
                let mut high = low;
                if allow.ranges && !r.one_in(3) {
                    high = (low + *r.pick(&[5, 10, 25, 25, 50, 100])).min(100);
                }
                if high == 0 {
                    high = if allow.ranges { 10 } else { continue };
                }
                let mut row = Interest::range(i, j, low * P, high * P);
                // Not at the ends of the scale, where an effective share can jump.
                if allow.open && high > low {
                    row.min_open = low > 0 && left > 5 && r.one_in(2);
                    row.max_open = high < 100 && r.one_in(2);
                }
                if allow.parallel && !row.min_open && !row.max_open && r.one_in(5) {
                    // Exact rows, so that no reading of "several bands" can matter.
                    if row.is_point() && row.min >= 2 * P {
                        let part = (1 + r.upto(row.min / P - 2)) * P;
                        g.interests.push(Interest::exact(i, j, part));
                        row = Interest::exact(i, j, row.min - part);
                    }
                }
                g.interests.push(row);
            }
            let highs: i64 = g.interests[first..].iter().map(|i| i.max).sum();
            g.complete[j] = full && highs >= ONE;
        }
        if allow.indirect {
            for _ in 0..1 + r.upto(1) {
                let (i, j) = (r.upto(n as i64 - 1) as usize, r.upto(companies as i64 - 1) as usize);
                let room: i64 = ONE - g.interests.iter().filter(|x| x.owned == j).map(|x| x.min).sum::<i64>();
                let low = r.upto(room.max(0) / P) * P;
                let high = if allow.ranges && r.one_in(2) { (low + 20 * P).min(ONE) } else { low };
                if i != j && high > 0 && !g.interests.iter().any(|x| x.owner == i && x.owned == j && x.indirect) {
                    g.interests.push(Interest { indirect: true, ..Interest::range(i, j, low, high) });
                }
            }
        }
        if allow.rights {
            for _ in 0..r.upto(2) {
                let (i, j) = (r.upto(n as i64 - 1) as usize, r.upto(companies as i64 - 1) as usize);
                let kind = *r.pick(&RIGHTS);
                if i == j || g.interests.iter().any(|x| x.owner == i && x.owned == j) {
                    continue;
                }
                let decisive = ["appointmentOfBoard", "manager"].contains(&kind) && r.one_in(2);
                let contested = r.one_in(6);
                g.interests.push(Interest { decisive, contested, ..Interest::of_kind(i, j, kind) });
            }
        }
        if allow.layers && r.one_in(2) {
            let (i, j) = (r.upto(n as i64 - 1) as usize, r.upto(companies as i64 - 1) as usize);
            let room: i64 = ONE - g.interests.iter().filter(|x| x.owned == j).map(|x| x.min).sum::<i64>();
            let has = g.interests.iter().any(|x| x.owner == i && x.owned == j);
            if i != j && !has && room >= 10 * P && !g.complete[j] {
                let kind = *r.pick(&["limitedPartner", "rightsToProfitOrIncome"]);
                g.interests.push(Interest { kind, ..Interest::exact(i, j, 10 * P) });
            } else if i != j && has && !g.complete[j] {
                let share = *r.pick(&[0, 0, 10, 51]) * P;
                let others: i64 = g
                    .interests
                    .iter()
                    .filter(|x| x.owned == j && x.owner != i && x.kind == "shareholding")
                    .map(|x| x.min)
                    .sum();
                if others + share <= ONE
                    && g.interests.iter().any(|x| x.owner == i && x.owned == j && x.kind == "shareholding")
                {
                    g.interests.push(Interest { kind: "votingRights", ..Interest::exact(i, j, share) });
                }
            }
        }
        r.shuffle(&mut g.interests);
        let everybody = (0..n).all(|e| g.interests.iter().any(|i| i.owner == e || i.owned == e));
        if everybody && fits(&g) {
            return g;
        }
    }
}

/// Small enough, and nothing that the definitions leave open: at least one share, no open lows that fill a company.
pub fn fits(g: &Graph) -> bool {
    !g.interests.is_empty()
        && [Layer::Capital, Layer::Votes].iter().all(|&layer| {
            let cols = columns(g, layer, Ends::Stated, false);
            let full = (0..g.len()).any(|j| {
                let open = g.interests.iter().any(|i| i.owned == j && i.min_open);
                open && cols.of[j].holders.iter().map(|h| h.1).sum::<i64>() + 5 * P > ONE
            });
            let feasible =
                (0..g.len()).all(|j| !g.complete[j] || cols.of[j].holders.iter().map(|h| h.2).sum::<i64>() >= ONE);
            !full && feasible && combinations(&cols) <= 1500
        })
}
