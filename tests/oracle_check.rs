//! The reference against the golden cases and against itself, without the program.

mod oracle;
mod support;

use oracle::*;
use support::cases;
use support::plan::{Check, Set, plan};

fn close(got: Frac, want: f64) -> bool {
    (got.percent() - want).abs() <= 1e-9
}

fn set(v: &[bool]) -> Set {
    (0..v.len()).filter(|&i| v[i]).collect()
}

/// `None`: the reference does not know the question.
fn ask(g: &Graph, check: &Check) -> Option<Result<(), String>> {
    let verdict = |ok: bool, got: String| Some(if ok { Ok(()) } else { Err(format!("{check:?}: {got}")) });
    match check {
        Check::Effective { owner, owned, layer, min, max } => {
            let b = effective_of_set(g, *layer, &[*owner])[*owned];
            verdict(close(b.min, *min) && close(b.max, *max), format!("{b:?}"))
        }
        Check::Unaccounted { owned, min, max } => {
            let (a, b) = unaccounted(g, Layer::Capital, *owned);
            verdict(close(a, *min) && close(b, *max), format!("{a:?} {b:?}"))
        }
        Check::Controls { owner, test, certain, possible } => {
            let c = control(g, *test);
            let at_least = |least: Certainty| -> Set { (0..g.len()).filter(|&j| c[*owner][j] >= least).collect() };
            let (sure, maybe) = (at_least(Certainty::Certain), at_least(Certainty::Possible));
            verdict(sure == *certain && maybe == *possible, format!("{sure:?} {maybe:?}"))
        }
        Check::Control { owner, owned, test, is } => {
            let got = control(g, *test)[*owner][*owned];
            verdict(got == *is, format!("{got:?}"))
        }
        Check::Controllers { owned, test, certain } => {
            let c = control(g, *test);
            let got: Set = (0..g.len()).filter(|&i| c[i][*owned] == Certainty::Certain).collect();
            verdict(got == *certain, format!("{got:?}"))
        }
        Check::UltimateControllers { owned, test, are } => {
            let c = control(g, *test);
            let top = |i: usize| c[i][*owned] == Certainty::Certain && is_ultimate_controller(&c, i);
            let got: Set = (0..g.len()).filter(|&i| top(i)).collect();
            verdict(got == *are, format!("{got:?}"))
        }
        Check::Screen { rule, day, listed, certain, possible } => {
            let v = day.map_or_else(|| g.clone(), |d| view(g, d));
            let test = match *rule {
                // Before 2014-08-13 holdings of several listed parties were not added up: another question.
                "ofac" if day.is_some_and(|d| d < "2014-08-13") => return None,
                "ofac" => Test::AtLeast(ONE / 2),
                "eu" if day.is_none_or(|d| d >= "2024-07-03") => Test::AtLeast(ONE / 2),
                "eu" => HALF,
                _ => return None,
            };
            let (mut sure, mut maybe) = blocked(&v, listed, test);
            for &l in listed {
                sure[l] = false;
                maybe[l] = false;
            }
            verdict(set(&sure) == *certain && set(&maybe) == *possible, format!("{sure:?} {maybe:?}"))
        }
        Check::Beneficial { rule: "uk-psc", owned, owner, is, attributed: wanted } => {
            let (low, high) = attributed(g, Layer::Capital, *owner, *owned);
            let right = wanted.is_none_or(|s| close(Frac::new(low as i128, ONE as i128), s) && low == high);
            verdict((low > ONE / 4) == *is && right, format!("{low}"))
        }
        Check::Beneficial { rule: "fincen", owned, owner, is, .. } => {
            let b = effective_of_set(g, Layer::Capital, &[*owner])[*owned];
            verdict((b.min >= Frac::new(1, 4)) == *is, format!("{b:?}"))
        }
        Check::MinShare { owned, owner, least, shown } => {
            let b = effective_of_set(g, Layer::Capital, &[*owner])[*owned];
            verdict((b.max.percent() >= *least) == *shown, format!("{b:?}"))
        }
        Check::OverSubscribed { entity } => {
            verdict(oversubscribed(g, Layer::Capital).contains(entity), "no warning".into())
        }
        Check::Beneficial { .. } | Check::Power { .. } | Check::CloseLink { .. } => None,
    }
}

#[test]
fn golden_cases() {
    let all = match cases::load() {
        Ok(all) => all,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let (mut done, mut unknown) = (0, 0);
    let mut wrong = Vec::new();
    for case in &all {
        let plan = plan(case).unwrap();
        if plan.graph.len() > 16 {
            continue;
        }
        for check in &plan.checks {
            match ask(&plan.graph, check) {
                None => unknown += 1,
                Some(Ok(())) => done += 1,
                Some(Err(e)) => wrong.push(format!("{}: {e}", case.id)),
            }
        }
    }
    println!("{done} checks agree, {unknown} are not for the reference");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(done > 100);
}

const P: i64 = ONE / 100;

fn graph(names: &str, rows: &[(usize, usize, i64, i64)]) -> Graph {
    let mut g = Graph::new(names.split(' '));
    g.interests = rows.iter().map(|r| Interest::range(r.0, r.1, r.2 * P, r.3 * P)).collect();
    g
}

#[test]
fn a_closed_ring_is_nobodys_and_any_outside_share_takes_all() {
    // A and B own each other; R holds 0 to 10 of A; A's register is complete.
    let mut g = graph("R A B", &[(0, 1, 0, 10), (2, 1, 90, 100), (1, 2, 100, 100)]);
    g.complete = vec![false, true, true];
    let b = effective_of_set(&g, Layer::Capital, &[0])[2];
    assert_eq!((b.min, b.max), (Frac::ZERO, Frac::ONE));
    assert_eq!(circular_groups(&g, Layer::Capital), vec![vec![1, 2]]);
    assert!(closed_groups(&g, Layer::Capital).is_empty());
    assert_eq!(unaccounted(&g, Layer::Capital, 2), (Frac::ZERO, Frac::ONE));
}

#[test]
fn a_closed_group_is_the_end_of_the_chain() {
    // T is held by A in full, A and B hold 10 % of each other, nobody else is known.
    let g = graph("T A B", &[(1, 0, 100, 100), (2, 1, 10, 10), (1, 2, 10, 10)]);
    assert_eq!(closed_groups(&g, Layer::Capital), vec![vec![1, 2]]);
    assert_eq!(ultimate(&g, Layer::Capital), vec![false, false, false]);
    let whole = unaccounted(&g, Layer::Capital, 0);
    assert_eq!(whole.0.is_zero(), GROUP_COUNTS_WHOLE);
    assert!(unaccounted(&g, Layer::Capital, 1).0.percent() > 89.0);
}

#[test]
fn over_subscribed_shares_are_upper_limits() {
    // Two joint holders of 75 % each: T = 150, each low 25, each high 75 (and what the other's low leaves).
    let g = graph("X Y A", &[(0, 2, 75, 75), (1, 2, 75, 75)]);
    let b = effective_of_set(&g, Layer::Capital, &[0])[2];
    assert_eq!((b.min.percent(), b.max.percent()), (25.0, 75.0));
    let c = control(&g, HALF);
    assert_eq!((c[0][2], c[1][2]), (Certainty::Possible, Certainty::Possible));
    assert_eq!(oversubscribed(&g, Layer::Capital), vec![2]);
}

#[test]
fn an_indirect_interest_is_a_floor_where_a_direct_chain_exists() {
    // X 50 of A, A 50 of B, B 50 of C; X is said to hold 40 of B "indirectly".
    let mut g = graph("X A B C", &[(0, 1, 50, 50), (1, 2, 50, 50), (2, 3, 50, 50)]);
    g.interests.push(Interest { indirect: true, ..Interest::range(0, 2, 40 * P, 40 * P) });
    let b = effective_of_set(&g, Layer::Capital, &[0]);
    assert_eq!((b[2].min.percent(), b[3].max.percent()), (40.0, 20.0));
    assert_eq!(unaccounted(&g, Layer::Capital, 2).0.percent(), 75.0);
    // Without the chain it is a link.
    g.interests.remove(0);
    let b = effective_of_set(&g, Layer::Capital, &[0]);
    assert_eq!((b[2].min.percent(), b[3].max.percent()), (40.0, 20.0));
    assert_eq!(unaccounted(&g, Layer::Capital, 2).0.percent(), 10.0);
}

#[test]
fn open_ends_are_found_by_what_moves() {
    let mut g = graph("P A T", &[(0, 1, 25, 50), (1, 2, 75, 100)]);
    g.interests[0].min_open = true;
    let b = effective_of_set(&g, Layer::Capital, &[0])[2];
    assert_eq!((b.min.percent(), b.min_open, b.max.percent(), b.max_open), (18.75, true, 50.0, false));
}

#[test]
fn a_voting_right_of_nothing_suspends_the_votes_of_a_stake() {
    let mut g = graph("X A", &[(0, 1, 60, 60)]);
    g.interests.push(Interest { kind: "votingRights", ..Interest::exact(0, 1, 0) });
    assert_eq!(control(&g, HALF)[0][1], Certainty::None);
    assert_eq!(effective_of_set(&g, Layer::Capital, &[0])[1].min.percent(), 60.0);
}

#[test]
fn the_general_partner_controls_what_the_fund_holds() {
    // GP manages Fund without equity, Fund holds 70 of T; Q may be behind GP.
    let mut g = graph("Q GP Fund T", &[(2, 3, 70, 70)]);
    g.interests.push(Interest::of_kind(1, 2, "generalPartner"));
    g.interests.push(Interest::range(0, 1, 0, ONE));
    let c = control(&g, HALF);
    assert_eq!((c[1][3], c[0][3]), (Certainty::Certain, Certainty::Possible));
    assert!(is_ultimate_controller(&c, 1));
}

#[test]
fn days_of_the_view() {
    assert!(in_view(Some("2019"), Some("2019"), "2019-12-31"));
    assert!(!in_view(Some("2019"), Some("2019"), "2020-01-01"));
    assert!(!in_view(None, Some("2021-06-30"), "2021-06-30"));
    assert!(in_view(Some("2019-12"), Some("2019-12"), "2019-12-31"));
    assert!(!in_view(Some("2019-12-02"), None, "2019-12-01"));
}

#[test]
fn fractions_compare_without_products() {
    let big = i128::MAX / 200;
    assert!(Frac { n: 1, d: 3 } < Frac { n: 1, d: 2 });
    assert!(Frac { n: big, d: big - 1 } > Frac { n: big - 1, d: big - 1 });
    assert!(Frac { n: 5, d: 7 } > Frac { n: 2, d: 3 } && Frac { n: 3, d: 1 } > Frac { n: 5, d: 2 });
    assert_eq!(Frac { n: 2, d: 3 }.cmp(&Frac { n: 2, d: 3 }), std::cmp::Ordering::Equal);
}
