//! Answers as lines of text, and changes of the data that may change none of them.

use crate::sketch::{Sketch, cases, id};
use crate::tally::tally;
use cuibono::graph::{NodeId, OwnershipGraph, View};
use cuibono::model::{Layer, Share};
use cuibono::query::PercentRange;
use cuibono::query::control::Threshold;
use cuibono::query::owners::Rows;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub const DAYS: [&str; 3] = ["2018-01-01", "2020-06-15", "2026-01-01"];

/// All figures of who owns and controls whom, whatever the order of the data.
pub fn numbers(graph: &OwnershipGraph) -> Vec<String> {
    let mut lines = Vec::new();
    for day in DAYS {
        for layer in [Layer::Capital, Layer::Votes] {
            let view = graph.view(day.parse().expect("a day")).layer(layer);
            graph.nodes().for_each(|subject| of(view, subject, &format!("{day} {layer:?}"), &mut lines));
        }
    }
    lines.sort();
    lines
}

fn of(view: View<'_>, subject: NodeId, head: &str, lines: &mut Vec<String>) {
    let name = view.graph().entity(subject).id();
    let owners = view.owners_of(subject, Rows::default()).expect("a view of one day");
    for row in &owners.owners {
        lines.push(format!(
            "{head} {name} < {} direct {:?} effective {} {:?} ultimate {} distance {} marks {:?}",
            row.entity.id(),
            row.direct.map(|share| share.to_string()),
            percent(&row.effective),
            row.control,
            row.ultimate,
            row.distance,
            row.marks,
        ));
    }
    lines.push(format!(
        "{head} {name} unaccounted {} {:?}",
        percent(&owners.unaccounted.range),
        owners.unaccounted.unknown_parties.as_ref().map(percent)
    ));
    lines.push(format!("{head} {name} circles {:?}", sets(&owners.circular_groups)));
    for group in &owners.closed_groups {
        lines.push(format!(
            "{head} {name} closed {:?} {}",
            sets(std::slice::from_ref(&group.members)),
            percent(&group.share)
        ));
    }
    let quarter = Threshold::AtLeast(Share::from_ppb(250_000_000));
    for row in view.controllers_of(subject, quarter).expect("a view of one day").controllers {
        lines.push(format!("{head} {name} controlled by {} {:?} {}", row.entity.id(), row.control, row.ultimate));
    }
}

/// A range to a part per billion; the digits behind depend on the order in which owners are added up.
fn percent(range: &PercentRange) -> String {
    let [above, below] = [range.min_open, range.max_open].map(|open| if open { "open" } else { "" });
    format!("{:.7}{above} to {:.7}{below}", range.min, range.max)
}

fn sets(groups: &[Vec<&str>]) -> Vec<Vec<String>> {
    let sorted = |group: &Vec<&str>| {
        let mut group: Vec<String> = group.iter().map(|&id| id.to_owned()).collect();
        group.sort();
        group
    };
    let mut groups: Vec<Vec<String>> = groups.iter().map(sorted).collect();
    groups.sort();
    groups
}

/// Fails with the first lines in which two answers differ.
#[track_caller]
pub fn assert_same(one: &[String], other: &[String], what: &str) {
    let only = |lines: &[String], others: &[String]| -> Vec<String> {
        lines.iter().filter(|line| !others.contains(line)).take(3).cloned().collect()
    };
    assert!(one == other, "{what}\nbefore: {:#?}\nafter: {:#?}", only(one, other), only(other, one));
}

/// The lines but for what is stated of the pair itself: that it is nothing is said.
fn without_direct(lines: &[String]) -> Vec<String> {
    let without = |line: &String| match (line.split_once(" direct "), line.split_once(" effective ")) {
        (Some((pair, _)), Some((_, figures))) => format!("{pair} {figures}"),
        _ => line.clone(),
    };
    lines.iter().map(without).collect()
}

#[test]
fn an_interest_of_nothing_changes_no_number() {
    let mut tried = 0;
    for seed in 0..cases() {
        let sketch = Sketch::rich(seed);
        let before = numbers(&sketch.graph());
        for owned in 0..sketch.entities.len() {
            let owner = (owned + 1) % sketch.entities.len();
            if !sketch.lacks(&id(owner), &id(owned)) {
                continue;
            }
            let mut more = sketch.clone();
            let (owner, owned) = (id(owner), id(owned));
            more.interests
                .push(json!({"id": "nothing", "owner": owner, "owned": owned, "kind": "shareholding", "share": 0}));
            let what = format!("{seed}: {owner} holds nothing in {owned}\n{sketch:#?}");
            assert_same(&without_direct(&before), &without_direct(&numbers(&more.graph())), &what);
            tried += 1;
        }
    }
    assert!(tried as u64 >= cases());
    tally("interests of 0 % put into random graphs, answers", tried, &[("no number changed", tried)]);
}

#[test]
fn other_ids_change_nothing_but_ids() {
    let mut tried = 0;
    for seed in 0..cases() {
        let sketch = Sketch::rich(seed);
        // In the same order as before: ties are broken by ids.
        let parties = 0..sketch.entities.len();
        let renamed = parties.fold(sketch.document(), |text, number| {
            text.replace(&format!("\"p{number}\""), &format!("\"=HYPERLINK(9)\\\" \u{202e}q{number}\""))
        });
        let after = numbers(&crate::sketch::read(&[("renamed.json", &renamed)]));
        let after: Vec<String> = after
            .iter()
            .map(|line| line.replace("=HYPERLINK(9)\\\" \\u{202e}q", "p").replace("=HYPERLINK(9)\" \u{202e}q", "p"))
            .collect();
        assert_same(&numbers(&sketch.graph()), &after, &format!("{seed}"));
        tried += 1;
    }
    tally("random graphs under hostile ids, answers", tried, &[("nothing but ids changed", tried)]);
}

/// Exact holdings in two rows of one statement: sums stay.
#[test]
fn a_holding_in_two_rows_is_the_holding() {
    let mut tried = 0;
    for seed in 0..cases() {
        let sketch = Sketch::exact(seed);
        let before = numbers(&sketch.graph());
        for number in (0..sketch.interests.len()).step_by(4) {
            let share = sketch.interests[number]["share"].as_u64().expect("a share");
            let mut split = sketch.clone();
            let mut second = split.interests[number].clone();
            (split.interests[number]["share"], second["share"]) = ((share / 3).into(), (share - share / 3).into());
            (split.interests[number]["statement"], second["statement"]) = ("both".into(), "both".into());
            second["id"] = "second".into();
            split.interests.insert(0, second);
            assert_same(&before, &numbers(&split.graph()), &format!("{seed}: row {number} of {sketch:#?}"));
            tried += 1;
        }
    }
    tally("holdings of random graphs in two rows, answers", tried, &[("no number changed", tried)]);
}

/// From above and from below it is the same pair: the same share and the same control, whether or not what nobody known
/// holds may be anybody's.
#[test]
fn holdings_are_what_owners_are() {
    type Pairs = BTreeSet<(NodeId, NodeId, String)>;
    let (mut tried, mut open) = (0, 0);
    for seed in 0..cases() {
        let graph = Sketch::rich(seed).with_nominees(seed).graph();
        for (layer, open_world) in [Layer::Capital, Layer::Votes].into_iter().flat_map(|l| [(l, false), (l, true)]) {
            let view = graph.view("2020-06-15".parse().expect("a day")).layer(layer).open_world(open_world);
            let figures = |effective: &PercentRange, how| format!("{} {how:?}", percent(effective));
            let (mut above, mut below): (Pairs, Pairs) = Default::default();
            for node in graph.nodes() {
                let owners = view.owners_of(node, Rows::default()).expect("a view of one day").owners;
                above.extend(owners.iter().map(|row| (row.entity.node(), node, figures(&row.effective, row.control))));
                let held = view.holdings_of(&[node], Rows::default()).expect("a view of one day").holdings;
                below.extend(held.iter().map(|row| (node, row.entity.node(), figures(&row.effective, row.control))));
            }
            assert_eq!(above, below, "seed {seed}, {layer:?}, open world {open_world}");
            (tried, open) = (tried + above.len(), open + usize::from(open_world) * above.len());
        }
    }
    assert!(open > tried / 3, "{open} of {tried}");
    tally("pairs of random graphs seen from above and from below", tried, &[("the same figures", tried)]);
}
/// An end is open where the same graph with its open bounds moved a little inside, and closed, does not reach it.
#[test]
fn an_end_is_open_where_bounds_inside_do_not_reach_it() {
    let (mut tried, mut open) = (0, 0);
    for seed in 0..cases() {
        let sketch = Sketch::banded(seed);
        let (graph, inside) = (sketch.graph(), sketch.moved_inside(0.2).graph());
        for open_world in [false, true] {
            let day = DAYS[1].parse().expect("a day");
            for node in graph.nodes() {
                let owners = |graph: &OwnershipGraph| -> BTreeMap<NodeId, PercentRange> {
                    let view = graph.view(day).open_world(open_world);
                    let owners = view.owners_of(node, Rows::default()).expect("a view of one day").owners;
                    owners.iter().map(|row| (row.entity.node(), row.effective)).collect()
                };
                let moved = owners(&inside);
                for (owner, stated) in owners(&graph) {
                    let within = moved.get(&owner).copied().unwrap_or_default();
                    let differ = [within.min > stated.min + 1e-11, within.max < stated.max - 1e-11];
                    if stated.min < stated.max {
                        let pair = format!("seed {seed}, {open_world}, {owner:?} in {node:?}");
                        assert_eq!([stated.min_open, stated.max_open], differ, "{pair}: {stated:?} {within:?}");
                        (tried, open) = (tried + 1, open + usize::from(differ[0] || differ[1]));
                    }
                }
            }
        }
    }
    assert!(open > tried / 8 && open < tried, "{open} of {tried}");
    tally("ranges of random graphs with bounds moved inside", tried, &[("open where that shows", tried)]);
}
