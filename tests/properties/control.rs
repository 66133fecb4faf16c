//! Control and ultimate controllers.

use super::*;

const TESTS: [Test; 4] = [HALF, Test::AtLeast(ONE / 2), Test::MoreThan(ONE / 4), Test::AtLeast(ONE / 4 * 3)];

#[test]
fn control_equals_the_reference() {
    hold(Allow { indirect: false, open: true, ..ALL }, |g, seed| {
        let engine = Engine::load(g);
        let test = TESTS[seed as usize % TESTS.len()];
        let want = control(g, test);
        for i in 0..g.len() {
            let got = verdicts(g, &engine.controlled_by(&g.names[i], test)?);
            that(got == want[i], || {
                format!("controlled by {} at {test:?}: {got:?} instead of {:?} ({:?})", g.names[i], want[i], g.names)
            })?;
        }
        let j = seed as usize % g.len();
        let got = engine.controllers_of(&g.names[j], test)?;
        for i in 0..g.len() {
            let c = got.get(&g.names[i]);
            let control = c.map_or(Certainty::None, |c| c.control);
            that(control == want[i][j], || format!("{} controls {}: {control:?}", g.names[i], g.names[j]))?;
            // In a mutual class the text leaves open which member carries the mark.
            if let Some(c) = c
                && mutual_class(&want, i).len() == 1
            {
                let top = is_ultimate_controller(&want, i);
                that(c.ultimate == Some(top), || {
                    format!("{} ultimate: {:?} instead of {top}", g.names[i], c.ultimate)
                })?;
            }
        }
        Ok(())
    });
}

/// An indirect interest that is a floor counts by itself, against the threshold, and is added to nothing.
#[test]
fn control_by_indirect_interests_equals_the_reference() {
    hold(Allow { indirect: true, ..RANGES }, |g, _| {
        let engine = Engine::load(g);
        let want = control(g, HALF);
        for i in 0..g.len() {
            let got = verdicts(g, &engine.controlled_by(&g.names[i], HALF)?);
            that(got == want[i], || format!("controlled by {}: {got:?} instead of {:?}", g.names[i], want[i]))?;
        }
        Ok(())
    });
}

/// The reference's own fixpoints against a search through every world: certain is control in all, possible in some.
#[test]
fn the_fixpoints_of_the_reference_are_exact() {
    hold(Allow { open: true, indirect: true, ..ALL }, |g, seed| {
        let test = TESTS[seed as usize % TESTS.len()];
        for i in 0..g.len() {
            let (always, some) = control_by_search(g, i, test);
            that(always == controlled(g, &[i], test, Certainty::Certain), || format!("certain, from {}", g.names[i]))?;
            let some: Vec<bool> = some.iter().map(Option::is_some).collect();
            that(some == controlled(g, &[i], test, Certainty::Possible), || format!("possible, from {}", g.names[i]))?;
        }
        Ok(())
    });
}

/// Possible control is attained: in a world that the search finds, written down as exact shares, it is certain.
#[test]
fn possible_control_is_attained() {
    hold(Allow { complete: true, ..RANGES }, |g, seed| {
        let engine = Engine::load(g);
        let source = seed as usize % g.len();
        let got = engine.controlled_by(&g.names[source], HALF)?;
        let worlds = control_by_search(g, source, HALF).1;
        let mut tried = 0;
        for j in (0..g.len()).filter(|&j| j != source) {
            let name = &g.names[j];
            that(got.contains_key(name) == worlds[j].is_some(), || format!("{name} from {}", g.names[source]))?;
            let Some(world) = worlds[j].as_ref().filter(|_| got[name] == Certainty::Possible && tried < 2) else {
                continue;
            };
            tried += 1;
            let mut exact = Graph { complete: vec![false; g.len()], interests: Vec::new(), ..g.clone() };
            for (owned, column) in world.iter().enumerate() {
                let known = column.iter().filter(|c| c.0 < g.len() && c.1 > 0);
                exact.interests.extend(known.map(|&(owner, w)| Interest::exact(owner, owned, w)));
            }
            let there = Engine::load(&exact).controlled_by(&g.names[source], HALF)?.get(name).copied();
            that(there == Some(Certainty::Certain), || format!("{name} in the world {}: {there:?}", show(&exact)))?;
        }
        Ok(())
    });
}

/// A higher threshold leaves fewer controlled; `≥ P` holds wherever `> P` does.
#[test]
fn control_falls_as_the_threshold_rises() {
    hold(ALL, |g, seed| {
        let engine = Engine::load(g);
        let source = &g.names[seed as usize % g.len()];
        let ladder = [
            Test::AtLeast(25 * P),
            Test::MoreThan(25 * P),
            Test::AtLeast(50 * P),
            Test::MoreThan(50 * P),
            Test::AtLeast(75 * P),
            Test::MoreThan(75 * P),
        ];
        let mut before: Option<Vec<Certainty>> = None;
        for test in ladder {
            let now = verdicts(g, &engine.controlled_by(source, test)?);
            if let Some(before) = before {
                let fewer = now.iter().zip(&before).all(|(n, b)| n <= b);
                that(fewer, || format!("from {source} at {test:?}: {now:?} after {before:?}"))?;
            }
            before = Some(now);
        }
        Ok(())
    });
}

/// By votes alone, strictly more than half, nothing over-subscribed: at most one ultimate controller each; and the rows are
/// those of the definition.
#[test]
fn ultimate_controllers_are_a_forest() {
    hold(Allow { complete: true, ..RANGES }, |g, _| {
        let rows = Engine::load(g).ultimate_controllers()?;
        let control = control(g, HALF);
        for (j, name) in g.names.iter().enumerate() {
            let mine: Vec<&String> = rows.iter().filter(|r| r.0 == *name).map(|r| &r.1).collect();
            that(mine.len() <= 1, || format!("{name}: {mine:?}"))?;
            // A member of a mutual class at the top: whether it is under itself is left open by the text.
            if mutual_class(&control, j).len() > 1 {
                continue;
            }
            let tops: BTreeSet<&String> = (0..g.len())
                .filter(|&i| control[i][j] == Certainty::Certain && is_ultimate_controller(&control, i))
                .map(|i| mutual_class(&control, i).into_iter().map(|m| &g.names[m]).min().unwrap())
                .collect();
            that(tops == mine.iter().copied().collect(), || format!("{name}: {mine:?} instead of {tops:?}"))?;
        }
        Ok(())
    });
}

/// With rights, `≥` and over-subscription there may be several; the rows are still those of the definition.
#[test]
fn ultimate_controllers_equal_the_reference() {
    hold(ALL, |g, _| {
        let rows = Engine::load(g).ultimate_controllers()?;
        let control = control(g, HALF);
        for (j, name) in g.names.iter().enumerate() {
            if mutual_class(&control, j).len() > 1 {
                continue;
            }
            let mine: BTreeSet<&String> = rows.iter().filter(|r| r.0 == *name).map(|r| &r.1).collect();
            let tops: BTreeSet<&String> = (0..g.len())
                .filter(|&i| control[i][j] == Certainty::Certain && is_ultimate_controller(&control, i))
                .map(|i| mutual_class(&control, i).into_iter().map(|m| &g.names[m]).min().unwrap())
                .collect();
            that(tops == mine, || format!("{name}: {mine:?} instead of {tops:?}"))?;
        }
        Ok(())
    });
}
