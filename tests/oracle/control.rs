//! Control as a fixpoint that grows from nothing.

use super::*;

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

pub fn grow(n: usize, seeds: &[usize], mut joins: impl FnMut(&[bool], usize) -> bool) -> Vec<bool> {
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
pub fn group_low(c: &Column, set: &[bool]) -> i64 {
    let inside: i64 = c.holders.iter().filter(|h| set[h.0]).map(|h| h.1).sum();
    let others: i64 = c.holders.iter().filter(|h| !set[h.0]).map(|h| h.2).sum();
    inside.max(ONE - c.rest.1 - others)
}

/// S: "in j the group's best total is min(Σ u of the group, 1 − Σ l of the others)".
pub fn group_high(c: &Column, set: &[bool]) -> i64 {
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
