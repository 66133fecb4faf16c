//! Who is blocked under a 50 % rule.

use super::*;

pub fn status(g: &Graph, engine: &Engine, listed: &[usize]) -> Result<Vec<Certainty>, String> {
    let names: Vec<&str> = listed.iter().map(|&l| g.names[l].as_str()).collect();
    let rows = engine.screen(&names, "ofac", None)?;
    Ok(g.names
        .iter()
        .map(|n| match rows.get(n).map(|b| b.status.as_str()) {
            Some("certain" | "listed") => Certainty::Certain,
            Some(_) => Certainty::Possible,
            None => Certainty::None,
        })
        .collect())
}

#[test]
fn screening_equals_the_reference() {
    hold(ALL, |g, seed| {
        let engine = Engine::load(g);
        let mut listed = vec![seed as usize % g.len(), (seed / 7) as usize % g.len()];
        listed.sort();
        listed.dedup();
        let (certain, possible) = blocked(g, &listed, Test::AtLeast(ONE / 2));
        let names: Vec<&str> = listed.iter().map(|&l| g.names[l].as_str()).collect();
        let rows = engine.screen(&names, "ofac", None)?;
        for (j, name) in g.names.iter().enumerate() {
            let want = match (listed.contains(&j), certain[j], possible[j]) {
                (true, ..) => Some("listed"),
                (_, true, _) => Some("certain"),
                (_, _, true) => Some("possible"),
                _ => None,
            };
            let got = rows.get(name);
            that(got.map(|b| b.status.as_str()) == want, || {
                format!("{name}: {got:?} instead of {want:?}, listed {names:?}")
            })?;
            let own = g.interests.iter().any(|i| i.owner == j && i.owned == j);
            if let (Some(b), Some("certain" | "possible"), false, false) = (got, want, own, g.complete[j]) {
                let (low, high) = aggregate(g, &certain, &possible, j);
                let (low, high) = (low as f64 / P as f64, high as f64 / P as f64);
                that(b.aggregate.is_some_and(|a| close(a.min, low) && close(a.max, high)), || {
                    format!("{name}: aggregate {:?} instead of {low}..{high}, listed {names:?}", b.aggregate)
                })?;
            }
        }
        Ok(())
    });
}

/// One listed holder of plain shares: the 50 % rule is control at half or more.
#[test]
fn screening_one_holder_is_control_at_half_or_more() {
    hold(Allow { complete: true, oversubscribed: true, open: true, ..RANGES }, |g, seed| {
        let engine = Engine::load(g);
        let source = seed as usize % g.len();
        let mut by_list = status(g, &engine, &[source])?;
        by_list[source] = Certainty::None;
        let mut by_control = verdicts(g, &engine.controlled_by(&g.names[source], Test::AtLeast(ONE / 2))?);
        by_control[source] = Certainty::None;
        that(by_list == by_control, || format!("from {}: {by_list:?} and {by_control:?}", g.names[source]))
    });
}

/// Another listed party never unblocks anybody.
#[test]
fn a_longer_list_blocks_more() {
    hold(ALL, |g, seed| {
        let engine = Engine::load(g);
        let (a, b) = (seed as usize % g.len(), (seed as usize + 1) % g.len());
        let (short, long) = (status(g, &engine, &[a])?, status(g, &engine, &[a, b])?);
        that(short.iter().zip(&long).all(|(s, l)| s <= l), || format!("{short:?} with one, {long:?} with two"))
    });
}
