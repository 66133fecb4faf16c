//! What holds of answers whatever the data are, and what must not change when these are written otherwise.

use super::screening::status;
use super::*;

/// At point shares: ultimate owners, closed groups and the unaccounted share add up to exactly 100.
#[test]
fn nothing_is_lost_at_point_shares() {
    hold(POINTS, |g, _| {
        let engine = Engine::load(g);
        let top = ultimate(g, Layer::Capital);
        for (j, subject) in g.names.iter().enumerate() {
            let got = engine.owners_of(subject, Layer::Capital, None)?;
            let closed = closed_groups(g, Layer::Capital);
            if closed.iter().any(|m| m.contains(&j)) && unaccounted(g, Layer::Capital, j).1 != Frac::ZERO {
                continue;
            }
            let ultimate: f64 = got.owners.values().filter(|h| h.ultimate == Some(true)).map(|h| h.effective.max).sum();
            let counted = (0..g.len()).filter(|&i| i != j && top[i] && got.owners.contains_key(&g.names[i])).count();
            let marked = got.owners.values().filter(|h| h.ultimate == Some(true)).count();
            that(counted == marked, || format!("{subject}: {marked} ultimate owners instead of {counted}"))?;
            let groups: f64 = closed
                .iter()
                .map(|m| if m.contains(&j) { 100.0 } else { group_share(g, Layer::Capital, m, j).1.percent() })
                .sum();
            let u = got.unaccounted;
            that(close(u.min, u.max), || format!("{subject}: unaccounted {u:?} at point shares"))?;
            // The group's share is the reference's: the answer names the group, not its figure.
            let sum = ultimate + groups + u.max;
            that((sum - 100.0).abs() <= 1e-8, || format!("{subject}: {ultimate} + {groups} + {} = {sum}", u.max))?;
        }
        Ok(())
    });
}

/// No share above 100, no range upside down, certain implies possible by construction of the answer; exact shares give
/// exact answers.
#[test]
fn answers_are_sane() {
    hold(ALL, |g, _| {
        let engine = Engine::load(g);
        let exact = g.interests.iter().all(|i| i.is_point() || i.kind != "shareholding")
            && oversubscribed(g, Layer::Capital).is_empty();
        for subject in &g.names {
            let got = engine.owners_of(subject, Layer::Capital, None)?;
            for (name, h) in &got.owners {
                let e = h.effective;
                let sane = 0.0 <= e.min && e.min <= e.max && e.max <= 100.0;
                that(sane, || format!("{name} in {subject}: {e:?}"))?;
                that(!exact || close(e.min, e.max), || format!("{name} in {subject}: {e:?} from exact shares"))?;
            }
            let u = got.unaccounted;
            that(0.0 <= u.min && u.min <= u.max && u.max <= 100.0, || format!("{subject}: unaccounted {u:?}"))?;
        }
        Ok(())
    });
}

/// Narrowing a range narrows every answer: less is feasible. Only where the narrowed low does not over-subscribe the
/// company (a higher low of one holder would lower the lows of the others), a complete register can still be filled, and no
/// interest vanishes (which would change who counts as an end of the chain).
#[test]
fn narrowing_a_range_narrows_every_answer() {
    hold(ALL, |g, seed| {
        let r = &mut Random(seed);
        let wide: Vec<usize> = (0..g.interests.len())
            .filter(|&x| g.interests[x].kind == "shareholding" && !g.interests[x].is_point())
            .collect();
        if wide.is_empty() {
            return Ok(());
        }
        let mut narrow = g.clone();
        let i = &mut narrow.interests[*r.pick(&wide)];
        let (min, max) = (i.min / P, i.max / P);
        let a = min + r.upto(max - min);
        let b = a + r.upto(max - a);
        (i.min, i.max) = (a * P, b * P);
        let j = i.owned;
        let sound = [Layer::Capital, Layer::Votes].iter().all(|&l| {
            !columns(&narrow, l, Ends::Inside(1), true).of[j].oversubscribed
                && !columns(g, l, Ends::Inside(1), true).of[j].oversubscribed
        });
        if b == 0 || !sound || !fits(&narrow) {
            return Ok(());
        }
        let (old, new) = (Engine::load(g), Engine::load(&narrow));
        for (k, subject) in g.names.iter().enumerate() {
            let (a, b) = (old.owners_of(subject, Layer::Capital, None)?, new.owners_of(subject, Layer::Capital, None)?);
            let inside = |a: (f64, f64), b: (f64, f64)| b.0 >= a.0 - TOLERANCE && b.1 <= a.1 + TOLERANCE;
            for (i, (a, b)) in shares(g, &a).into_iter().zip(shares(g, &b)).enumerate() {
                that(i == k || inside(a, b), || {
                    format!("{} in {subject}: {a:?} became {b:?} in\n{}", g.names[i], show(&narrow))
                })?;
            }
            let (a, b) = (a.unaccounted, b.unaccounted);
            that(inside((a.min, a.max), (b.min, b.max)), || format!("unaccounted of {subject}: {a:?} became {b:?}"))?;
            let (a, b) = (old.controlled_by(subject, HALF)?, new.controlled_by(subject, HALF)?);
            decides(&verdicts(g, &a), &verdicts(g, &b), subject)?;
        }
        decides(&status(g, &old, &[0])?, &status(g, &new, &[0])?, "screening")
    });
}

/// Certain stays certain, and nobody new becomes possible.
fn decides(old: &[Certainty], new: &[Certainty], what: &str) -> Verdict {
    let fine = old.iter().zip(new).all(|(o, n)| match o {
        Certainty::Certain => *n == Certainty::Certain,
        Certainty::Possible => true,
        Certainty::None => *n == Certainty::None,
    });
    that(fine, || format!("{what}: {old:?} became {new:?}"))
}

/// The same of everything, under a translation of names.
fn same_answers(a: &Graph, b: &Graph, name: impl Fn(&str) -> String, ask: &[usize]) -> Verdict {
    let (one, other) = (Engine::load(a), Engine::load(b));
    same_of(a, &one, &other, name, ask)
}

fn same_of(a: &Graph, one: &Engine, other: &Engine, name: impl Fn(&str) -> String, ask: &[usize]) -> Verdict {
    let names: BTreeSet<String> = a.names.iter().map(|n| name(n)).collect();
    for &j in ask {
        let subject = &a.names[j];
        let (x, y) =
            (one.owners_of(subject, Layer::Capital, None)?, other.owners_of(&name(subject), Layer::Capital, None)?);
        for owner in a.names.iter().filter(|o| *o != subject) {
            let (p, q) = (x.owners.get(owner), y.owners.get(&name(owner)));
            let same = match (p, q) {
                (None, None) => true,
                (Some(p), Some(q)) => {
                    close(p.effective.min, q.effective.min)
                        && close(p.effective.max, q.effective.max)
                        && (p.effective.min_open, p.effective.max_open) == (q.effective.min_open, q.effective.max_open)
                        && p.control == q.control
                }
                _ => false,
            };
            that(same, || format!("{owner} in {subject}: {p:?}, then {q:?}"))?;
        }
        let (u, v) = (x.unaccounted, y.unaccounted);
        that(close(u.min, v.min) && close(u.max, v.max), || format!("unaccounted of {subject}: {u:?}, then {v:?}"))?;
        let x: BTreeMap<String, Certainty> =
            one.controlled_by(subject, HALF)?.into_iter().map(|(k, v)| (name(&k), v)).collect();
        let mut y = other.controlled_by(&name(subject), HALF)?;
        y.retain(|k, _| names.contains(k));
        that(x == y, || format!("controlled by {subject}: {x:?}, then {y:?}"))?;
    }
    Ok(())
}

fn everybody(g: &Graph) -> Vec<usize> {
    (0..g.len()).collect()
}

#[test]
fn renaming_and_reordering_change_nothing() {
    hold(Allow { open: true, indirect: true, ..ALL }, |g, seed| {
        let r = &mut Random(seed);
        let mut b = g.clone();
        r.shuffle(&mut b.interests);
        // Other places in the order of names as well as other names.
        let mut order = everybody(g);
        r.shuffle(&mut order);
        let new: BTreeMap<String, String> =
            g.names.iter().zip(&order).map(|(n, k)| (n.clone(), format!("party-{k}{k}"))).collect();
        b.names = g.names.iter().map(|n| new[n].clone()).collect();
        same_answers(g, &b, |n| new[n].clone(), &everybody(g))
    });
}

/// "Rows of one plain edges file for one pair add": one row or two, closed ranges and exact shares.
#[test]
fn splitting_an_interest_into_two_rows_changes_nothing() {
    hold(RANGES, |g, seed| {
        let r = &mut Random(seed);
        let mut b = g.clone();
        let x = r.upto(g.interests.len() as i64 - 1) as usize;
        let i = b.interests[x].clone();
        let part = |r: &mut Random, v: i64| r.upto(v / P) * P;
        let min = part(r, i.min);
        let max = (min + part(r, i.max - i.min)).min(i.max);
        b.interests[x] = Interest { min, max, ..i.clone() };
        b.interests.push(Interest { min: i.min - min, max: i.max - max, ..i });
        same_answers(g, &b, str::to_string, &everybody(g))
    });
}

/// A company put between an owner and what it owns, held by the owner in full, changes nothing for the others.
#[test]
fn a_wholly_owned_company_in_between_changes_nothing() {
    hold(Allow { parallel: false, complete: true, oversubscribed: true, ..RANGES }, |g, seed| {
        let mut b = g.clone();
        let x = seed as usize % g.interests.len();
        if g.interests[x].owner == g.interests[x].owned {
            return Ok(());
        }
        let between = b.add("between".to_string());
        let owner = std::mem::replace(&mut b.interests[x].owner, between);
        b.interests.push(Interest::exact(owner, between, ONE));
        same_answers(g, &b, str::to_string, &everybody(g))
    });
}

/// One more holder who may hold nothing (low 0), of a company with a free remainder: what was feasible stays feasible, so
/// no range of another owner gets narrower, no low moves at all, no possible control goes, no certain control comes or goes.
/// (With a low above 0 the others could lose: no such property.)
#[test]
fn a_holder_of_perhaps_nothing_takes_nothing_away() {
    let allow = Allow { oversubscribed: true, rights: true, ..RANGES };
    hold(allow, |g, seed| {
        let r = &mut Random(seed);
        let mut b = g.clone();
        let new = b.add("newcomer".to_string());
        let j = r.upto(g.len() as i64 - 1) as usize;
        b.interests.push(Interest::range(new, j, 0, 5 * P * (1 + r.upto(19))));
        let (old, more) = (Engine::load(g), Engine::load(&b));
        for (k, subject) in g.names.iter().enumerate() {
            let x = shares(g, &old.owners_of(subject, Layer::Capital, None)?);
            let y = shares(g, &more.owners_of(subject, Layer::Capital, None)?);
            for (i, (x, y)) in x.into_iter().zip(y).enumerate().filter(|(i, _)| *i != k) {
                that(close(x.0, y.0) && y.1 >= x.1 - TOLERANCE, || {
                    format!("{} in {subject}: {x:?} became {y:?}, newcomer in {}", g.names[i], g.names[j])
                })?;
            }
            let x = verdicts(g, &old.controlled_by(subject, HALF)?);
            let y = verdicts(g, &more.controlled_by(subject, HALF)?);
            that(x == y, || format!("controlled by {subject}: {x:?} became {y:?}, newcomer in {}", g.names[j]))?;
        }
        Ok(())
    });
}

/// A plain edges file and the native format say the same.
#[test]
fn both_formats_give_the_same_answers() {
    hold(Allow { open: true, layers: true, ..RANGES }, |g, seed| {
        if !support::plain(g) {
            return Ok(());
        }
        let (csv, native) = (Engine::load_csv(g), Engine::load_native(g));
        same_of(g, &csv, &native, str::to_string, &[seed as usize % g.len()])
    });
}

/// The answer as of a day is the answer about the interests of that day.
#[test]
fn a_day_is_the_graph_of_that_day() {
    hold(POINTS, |g, seed| {
        let r = &mut Random(seed);
        let mut dated = g.clone();
        let dates = ["2018", "2019", "2019-06", "2020", "2020-02", "2020-02-29", "2020-03-01", "2021-12-31"];
        for i in &mut dated.interests {
            let (a, b) = (r.upto(dates.len() as i64 - 1) as usize, r.upto(dates.len() as i64 - 1) as usize);
            i.start = (!r.one_in(3)).then(|| dates[a.min(b)].to_string());
            i.end = (!r.one_in(3)).then(|| dates[a.max(b)].to_string());
        }
        let engine = Engine::load(&dated);
        for day in ["2019-06-30", "2020-02-28", "2020-02-29", "2020-03-01", "2020-12-31"] {
            let today = view(&dated, day);
            let effective = effective(&today, Layer::Capital);
            let j = seed as usize % g.len();
            let got = engine.owners_of(&g.names[j], Layer::Capital, Some(day))?;
            for (i, s) in shares(g, &got).into_iter().enumerate().filter(|(i, _)| *i != j) {
                let want = effective[i][j].max.percent();
                that(close(s.0, want) && close(s.1, want), || {
                    format!("{day}: {} in {}: {s:?} instead of {want} in\n{}", g.names[i], g.names[j], show(&dated))
                })?;
            }
        }
        Ok(())
    });
}

/// "A source often shows only that an interest existed on a day": between the bounds low 0, control at most possible.
#[test]
fn bounded_dates_make_an_interest_possible() {
    let allow = Allow { parallel: false, ..RANGES };
    hold(allow, |g, seed| {
        let r = &mut Random(seed);
        let mut dated = g.clone();
        for i in &mut dated.interests {
            i.start = r
                .pick(&[None, Some("2016-05-01"), Some("2016-01-01~2018-01-01"), Some("~2018-01-01")])
                .map(str::to_string);
            i.end = r
                .pick(&[None, Some("2022-05-01"), Some("2023-01-01~2020-01-01"), Some("~2020-01-01")])
                .map(str::to_string);
        }
        let engine = Engine::load_native(&dated);
        for day in ["2015-06-01", "2017-06-01", "2018-01-01", "2019-06-01", "2020-01-01", "2021-06-01", "2024-06-01"] {
            let today = view(&dated, day);
            let (effective, control) = (effective(&today, Layer::Capital), control(&today, HALF));
            let j = seed as usize % g.len();
            let got = engine.owners_of(&g.names[j], Layer::Capital, Some(day))?;
            for (i, s) in shares(g, &got).into_iter().enumerate().filter(|(i, _)| *i != j) {
                let (want, name) = (effective[i][j], &g.names[i]);
                that(close(s.0, want.min.percent()) && close(s.1, want.max.percent()), || {
                    let (a, b) = (want.min.percent(), want.max.percent());
                    format!("{day}: {name} in {}: {s:?} instead of {a}..{b} in\n{}", g.names[j], show(&dated))
                })?;
                let sees = got.owners.get(name).map_or(Certainty::None, |h| h.control);
                that(sees == control[i][j], || {
                    format!(
                        "{day}: {name} controls {}: {sees:?}, not {:?} in\n{}",
                        g.names[j],
                        control[i][j],
                        show(&dated)
                    )
                })?;
            }
        }
        Ok(())
    });
}

/// "A contested interest gives at most *possible*": for certain control it counts with its low at 0; nothing that was
/// possible becomes impossible.
#[test]
fn a_contested_interest_gives_at_most_possible() {
    hold(Allow { parallel: false, ..RANGES }, |g, seed| {
        let mut b = g.clone();
        let x = seed as usize % g.interests.len();
        b.interests[x].contested = true;
        let engine = Engine::load(&b);
        let (before, now) = (control(g, HALF), control(&b, HALF));
        for (i, source) in g.names.iter().enumerate() {
            let got = verdicts(g, &engine.controlled_by(source, HALF)?);
            for j in 0..g.len() {
                let fine = (got[j] == Certainty::Certain) == (now[i][j] == Certainty::Certain)
                    && (got[j] >= before[i][j].min(Certainty::Possible));
                that(fine, || {
                    format!(
                        "{source} controls {}: {:?}, {:?} before, in\n{}",
                        g.names[j],
                        got[j],
                        before[i][j],
                        show(&b)
                    )
                })?;
            }
        }
        Ok(())
    });
}

/// "In different statements they are rival or confirming accounts of one stake: the one with the highest confidence counts,
/// among equals the newest; the others stay as evidence".
#[test]
fn of_rival_accounts_the_best_then_the_newest_counts() {
    hold(Allow { parallel: false, self_holdings: false, ..RANGES }, |g, seed| {
        let x = seed as usize % g.interests.len();
        let one = Engine::load_native(g);
        let with = |base: &str, share: i64, confidence: &str, stated: &str| {
            let mut document = support::native_value(g);
            document["interests"][x]["stated"] = base.into();
            let mut rival = document["interests"][x].clone();
            rival["id"] = "rival".into();
            rival["statement"] = "rival".into();
            rival["share"] = share.into();
            rival["confidence"] = confidence.into();
            rival["stated"] = stated.into();
            document["interests"].as_array_mut().unwrap().push(rival);
            Engine::load_json(&document)
        };
        let ask = [g.interests[x].owned];
        // Weaker though newer, and as good though older: nothing changes.
        same_of(g, &one, &with("2019-01-01", 7, "medium", "2021-01-01"), str::to_string, &ask)?;
        same_of(g, &one, &with("2019-01-01", 7, "high", "2017-01-01"), str::to_string, &ask)?;
        // As good and newer: the other figure counts.
        let mut b = g.clone();
        let i = &mut b.interests[x];
        (i.min, i.max) = (P, P);
        same_of(g, &Engine::load_native(&b), &with("2019-01-01", 1, "high", "2021-01-01"), str::to_string, &ask)
    });
}
