//! Whoever knows more knows it closer: no range grows, nothing certain becomes doubtful, nothing excluded becomes possible.

use crate::sketch::{Sketch, cases, seeded};
use crate::tally::tally;
use cuibono::graph::{NodeId, OwnershipGraph, View};
use cuibono::model::{AsOf, Layer, Share};
use cuibono::query::PercentRange;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::owners::Rows;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ROUNDING: f64 = 1e-7;

/// What is known of a pair.
struct Known {
    share: PercentRange,
    control: Certainty,
}

fn view(graph: &OwnershipGraph, layer: Layer) -> View<'_> {
    graph.view("2026-01-01".parse::<AsOf>().expect("a day")).layer(layer)
}

/// All pairs, and under each entity alone what nobody known holds.
fn known(graph: &OwnershipGraph, layer: Layer) -> BTreeMap<(String, String), Known> {
    let (mut all, view) = (BTreeMap::new(), view(graph, layer));
    let id = |node: NodeId| graph.entity(node).id().to_owned();
    for subject in graph.nodes() {
        let owners = view.owners_of(subject, Rows::default()).expect("a view of one day");
        for row in owners.owners {
            all.insert((row.entity.id().to_owned(), id(subject)), Known { share: row.effective, control: row.control });
        }
        let rest = Known { share: owners.unaccounted.range, control: Certainty::Possible };
        all.insert((String::new(), id(subject)), rest);
    }
    all
}

/// Whether whoever made the second table knew at least as much as whoever made the first.
#[track_caller]
fn assert_narrower(
    before: &BTreeMap<(String, String), Known>,
    after: &BTreeMap<(String, String), Known>,
    what: impl Fn() -> String,
) {
    let nothing = Known { share: PercentRange::default(), control: Certainty::None };
    for pair in before.keys().chain(after.keys()) {
        let (old, new) = (before.get(pair).unwrap_or(&nothing), after.get(pair).unwrap_or(&nothing));
        let within = old.share.min <= new.share.min + ROUNDING && new.share.max <= old.share.max + ROUNDING;
        assert!(within, "{pair:?}: {:?} became {:?}\n{}", old.share, new.share, what());
        let stays = old.control == Certainty::Possible || old.control == new.control;
        assert!(stays, "{pair:?}: {:?} became {:?}\n{}", old.control, new.control, what());
    }
}

/// The same data as three people know them: the first that there is a share, the second a range, the third the figure.
fn degrees(seed: u64) -> [Sketch; 3] {
    let random = &mut seeded(seed ^ 0xdead);
    let mut degrees = [Sketch::exact(seed), Sketch::exact(seed), Sketch::exact(seed)];
    for number in 0..degrees[2].interests.len() {
        let share = degrees[2].interests[number]["share"].as_u64().expect("a share");
        if random.one_in(3) {
            continue;
        }
        let low = share - random.below(share as usize + 1) as u64;
        let high = share + random.below(101 - share as usize) as u64;
        degrees[1].interests[number]["share"] = json!({"min": low, "max": high});
        match random.one_in(2) {
            true => degrees[0].interests[number]["share"] = Value::Null,
            false => degrees[0].interests[number]["share"] = json!({"min": low / 2, "max": (high + 100) / 2}),
        }
    }
    degrees
}

#[test]
fn more_knowledge_of_shares_only_narrows() {
    let mut tried = 0;
    for seed in 0..cases() {
        let sketches = degrees(seed);
        for layer in [Layer::Capital, Layer::Votes] {
            let tables = sketches.each_ref().map(|sketch| known(&sketch.graph(), layer));
            for step in [[0, 1], [1, 2], [0, 2]] {
                assert_narrower(&tables[step[0]], &tables[step[1]], || {
                    format!("{seed} {layer:?} {step:?} {sketches:#?}")
                });
                tried += 1;
            }
        }
    }
    tally("random graphs known more and more closely, answers", tried, &[("only narrowed", tried)]);
}

/// That nobody holds anything beside those who are named is knowledge, too.
#[test]
fn a_complete_register_only_narrows() {
    let mut tried = 0;
    for seed in 0..cases() {
        let mut sketch = degrees(seed)[1].clone();
        for number in 0..sketch.entities.len() {
            let id = sketch.entities[number]["id"].clone();
            let highs = sketch.interests.iter().filter(|interest| interest["owned"] == id);
            let highest: u64 =
                highs.map(|row| row["share"]["max"].as_u64().or(row["share"].as_u64()).unwrap_or(100)).sum();
            // A register that is complete and cannot reach the whole contradicts itself.
            if highest < 100 {
                continue;
            }
            let before = known(&sketch.graph(), Layer::Capital);
            sketch.entities[number]["owners_complete"] = true.into();
            let after = known(&sketch.graph(), Layer::Capital);
            assert_narrower(&before, &after, || format!("{seed}: {id} is complete {sketch:#?}"));
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
    tally("registers of random graphs declared complete, answers", tried, &[("only narrowed", tried)]);
}

/// A threshold that is harder to meet is met by fewer.
#[test]
fn a_higher_threshold_only_takes_control_away() {
    let mut tried = 0;
    for seed in 0..cases() {
        let graph = Sketch::rich(seed).graph();
        let view = view(&graph, Layer::Capital);
        for subject in graph.nodes() {
            let rows = |threshold| {
                let answer = view.controllers_of(subject, threshold).expect("a view of one day");
                let rows = answer.controllers.into_iter().map(|row| (row.entity.id().to_owned(), row.control));
                rows.collect::<BTreeMap<_, _>>()
            };
            let shares = [250_000_000, 500_000_000, 750_000_000].map(Share::from_ppb);
            let [first, second, third] = shares;
            let rising = [
                Threshold::AtLeast(first),
                Threshold::AtLeast(second),
                Threshold::MoreThan(second),
                Threshold::AtLeast(third),
            ];
            for pair in rising.windows(2) {
                let (easy, hard) = (rows(pair[0]), rows(pair[1]));
                for (id, control) in hard {
                    let before = easy.get(&id).copied().unwrap_or(Certainty::None);
                    assert!(before >= control, "{seed}: {id} {before:?} became {control:?}");
                }
                tried += 1;
            }
        }
    }
    tally("thresholds raised in random graphs, control", tried, &[("only less of it", tried)]);
}
