//! Shares, and everything else that is said of owners, equal the reference.

use super::*;

/// `owners-of` of every entity: who is listed, both ends of the effective share, control, unaccounted share.
fn owners_equal(g: &Graph, layer: Layer) -> Verdict {
    let engine = Engine::load(g);
    let effective = effective(g, layer);
    let control = control(g, HALF);
    for j in 0..g.len() {
        let subject = &g.names[j];
        let got = engine.owners_of(subject, layer, None)?;
        for i in (0..g.len()).filter(|&i| i != j) {
            let (name, want) = (&g.names[i], effective[i][j]);
            let listed = !want.max.is_zero() || control[i][j] != Certainty::None;
            let Some(row) = got.owners.get(name) else {
                that(!listed, || {
                    format!("{name} is not among the owners of {subject}: {} {:?}", want.max.percent(), control[i][j])
                })?;
                continue;
            };
            that(listed, || format!("{name} is listed as an owner of {subject}: {row:?}"))?;
            let e = row.effective;
            that(close(e.min, want.min.percent()) && close(e.max, want.max.percent()), || {
                format!(
                    "{layer:?} of {name} in {subject}: {}..{} instead of {}..{}",
                    e.min,
                    e.max,
                    want.min.percent(),
                    want.max.percent()
                )
            })?;
            that(row.control == control[i][j], || {
                format!("{name} controls {subject}: {:?} instead of {:?}", row.control, control[i][j])
            })?;
        }
        unaccounted_equals(g, layer, j, &got)?;
    }
    Ok(())
}

fn unaccounted_equals(g: &Graph, layer: Layer, j: usize, got: &Owners) -> Verdict {
    // A member of a closed group that leaves something to unknown holders: the definition says nothing about the part of
    // its own group that the walk starts in.
    if closed_groups(g, layer).iter().any(|m| m.contains(&j)) && unaccounted(g, layer, j).1 != Frac::ZERO {
        return Ok(());
    }
    let want = unaccounted(g, layer, j);
    let u = got.unaccounted;
    that(close(u.min, want.0.percent()) && close(u.max, want.1.percent()), || {
        let (name, a, b) = (&g.names[j], want.0.percent(), want.1.percent());
        format!("{layer:?} unaccounted of {name}: {}..{} instead of {a}..{b}", u.min, u.max)
    })
}

#[test]
fn points_equal_the_reference() {
    hold(POINTS, |g, _| owners_equal(g, Layer::Capital));
}

#[test]
fn ranges_equal_the_reference() {
    hold(RANGES, |g, _| owners_equal(g, Layer::Capital));
}

#[test]
fn complete_registers_equal_the_reference() {
    hold(Allow { complete: true, ..RANGES }, |g, _| owners_equal(g, Layer::Capital));
}

#[test]
fn over_subscribed_companies_equal_the_reference() {
    hold(Allow { oversubscribed: true, ..RANGES }, |g, _| {
        owners_equal(g, Layer::Capital)?;
        let engine = Engine::load(g);
        for (j, subject) in g.names.iter().enumerate() {
            let warned = engine.owners_of(subject, Layer::Capital, None)?.warnings;
            let warned = warned.iter().any(|w| w.contains("over-subscribed") && w.contains(subject.as_str()));
            let due = oversubscribed(g, Layer::Capital).contains(&j);
            that(warned == due, || format!("warning about {subject}: {warned}, due: {due}"))?;
        }
        Ok(())
    });
}

#[test]
fn indirect_interests_equal_the_reference() {
    hold(Allow { indirect: true, ..RANGES }, |g, _| owners_equal(g, Layer::Capital));
}

#[test]
fn layers_equal_the_reference() {
    hold(Allow { layers: true, ..RANGES }, |g, _| {
        owners_equal(g, Layer::Capital)?;
        owners_equal(g, Layer::Votes)
    });
}

#[test]
fn everything_equals_the_reference() {
    hold(ALL, |g, _| owners_equal(g, Layer::Capital));
}

/// The number is the one of the closed range (the unit never shows), and the end is marked open when it moves with it.
#[test]
fn open_ends_equal_the_reference() {
    let allow = Allow { open: true, parallel: false, self_holdings: false, ..RANGES };
    hold(allow, |g, _| owners_equal(g, Layer::Capital));
}

#[test]
fn open_ends_are_marked() {
    let allow = Allow { open: true, parallel: false, self_holdings: false, ..RANGES };
    hold(allow, |g, _| {
        let engine = Engine::load(g);
        let effective = effective(g, Layer::Capital);
        for (j, subject) in g.names.iter().enumerate() {
            let got = engine.owners_of(subject, Layer::Capital, None)?;
            for (i, name) in g.names.iter().enumerate().filter(|(i, _)| *i != j) {
                let (Some(row), want) = (got.owners.get(name), effective[i][j]) else {
                    continue;
                };
                let open = (row.effective.min_open, row.effective.max_open);
                that(open == (want.min_open, want.max_open), || {
                    format!("{name} in {subject}: open ends {open:?} instead of {want:?}")
                })?;
            }
        }
        Ok(())
    });
}

/// The stated range of the pair, the ends of chains, the circular groups, the fewest interests between.
#[test]
fn the_other_columns_equal_the_reference() {
    hold(Allow { complete: true, open: true, ..RANGES }, |g, _| {
        let layer = Layer::Capital;
        let engine = Engine::load(g);
        let (edge, top, groups) = (edges(g, layer), ultimate(g, layer), circular_groups(g, layer));
        let named = |m: &Vec<usize>| -> BTreeSet<String> { m.iter().map(|&i| g.names[i].clone()).collect() };
        let all: BTreeSet<BTreeSet<String>> = groups.iter().map(named).collect();
        let circular = engine.circular()?;
        that(circular == all, || format!("circular: {circular:?} instead of {all:?}"))?;
        for (j, subject) in g.names.iter().enumerate() {
            let got = engine.owners_of(subject, layer, None)?;
            for (i, name) in g.names.iter().enumerate().filter(|(i, _)| *i != j) {
                let Some(row) = got.owners.get(name) else {
                    continue;
                };
                let rows: Vec<&Interest> = g.interests.iter().filter(|x| x.owner == i && x.owned == j).collect();
                direct_equals(name, subject, row, &rows)?;
                if !rows.is_empty() || row.control == Certainty::None {
                    that(row.ultimate == Some(top[i]), || {
                        format!("{name} in {subject}: ultimate {:?} instead of {}", row.ultimate, top[i])
                    })?;
                }
                let want = distance(&edge, i, j);
                that(row.distance == want, || format!("{name} to {subject}: {:?} instead of {want:?}", row.distance))?;
            }
            // Every circle that is named is one; every closed group that can be met above is named.
            that(got.circular_groups.is_subset(&all), || format!("{subject}: circles {:?}", got.circular_groups))?;
            for m in closed_groups(g, layer) {
                let met = m.contains(&j) || !group_share(g, layer, &m, j).1.is_zero();
                that(!met || got.circular_groups.contains(&named(&m)), || {
                    format!("{subject}: {:?} is not among the circles", named(&m))
                })?;
            }
        }
        Ok(())
    });
}

fn direct_equals(name: &str, subject: &str, row: &Held, rows: &[&Interest]) -> Verdict {
    let Some(first) = rows.first() else {
        return that(row.direct.is_none(), || format!("{name} in {subject}: direct {:?} instead of none", row.direct));
    };
    let sum = |f: fn(&Interest) -> i64| rows.iter().map(|i| f(i)).sum::<i64>() as f64 / P as f64;
    let (min, max) = (sum(|i| i.min), sum(|i| i.max));
    let right = row.direct.is_some_and(|d| {
        let ends = rows.len() > 1 || (d.min_open, d.max_open) == (first.min_open, first.max_open);
        close(d.min, min) && close(d.max, max) && ends
    });
    that(right, || format!("{name} in {subject}: direct {:?} instead of {min}..{max}", row.direct))
}

fn distance(edge: &[Vec<bool>], from: usize, to: usize) -> Option<u64> {
    let mut seen = vec![false; edge.len()];
    seen[from] = true;
    for steps in 1..=edge.len() as u64 {
        let next: Vec<bool> = (0..edge.len()).map(|k| (0..edge.len()).any(|x| seen[x] && edge[x][k])).collect();
        if next[to] {
            return Some(steps);
        }
        seen.iter_mut().zip(next).for_each(|(s, n)| *s |= n);
    }
    None
}

/// `holdings-of` and `owners-of` say the same of every pair.
#[test]
fn downwards_and_upwards_agree() {
    hold(ALL, |g, _| {
        let engine = Engine::load(g);
        let up: Vec<Owners> =
            g.names.iter().map(|n| engine.owners_of(n, Layer::Capital, None)).collect::<Result<_, _>>()?;
        for (i, owner) in g.names.iter().enumerate() {
            let down = engine.holdings_of(owner, Layer::Capital)?;
            for (j, owned) in g.names.iter().enumerate().filter(|(j, _)| *j != i) {
                match (up[j].owners.get(owner), down.get(owned)) {
                    (None, None) => {}
                    (Some(a), Some(b)) => {
                        let same = close(a.effective.min, b.effective.min)
                            && close(a.effective.max, b.effective.max)
                            && a.control == b.control
                            && a.direct == b.direct
                            && a.distance == b.distance;
                        that(same, || format!("{owner} in {owned}: up {a:?}, down {b:?}"))?;
                    }
                    (a, b) => return Err(format!("{owner} in {owned}: up {a:?}, down {b:?}")),
                }
            }
        }
        Ok(())
    });
}
