//! Data and questions made to take long: ids that collide, texts that look like patterns, more chains than anybody can list.

use crate::sketch::read;
use crate::tally::tally;
use cuibono::query::control::Threshold;
use cuibono::query::owners::Rows;
use cuibono::search::EntityNames;
use std::fmt::Write;
use std::time::{Duration, Instant};
use twox_hash::XxHash3_64;

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed())
}

/// Ids whose hashes under a seed agree in so many leading bits: all want the same place of any table up to that size.
fn colliding(seed: u64, bits: u32, count: usize) -> Vec<String> {
    let ids = (0_u64..).map(|number| format!("s{seed}x{number:x}"));
    ids.filter(|id| XxHash3_64::oneshot_with_seed(seed, id.as_bytes()) >> (64 - bits) == 0).take(count).collect()
}

fn edges(ids: &[String]) -> String {
    let mut rows = "owner,owned,share\n".to_owned();
    ids.iter().for_each(|id| writeln!(rows, "{id},hub,0.001").expect("memory"));
    rows
}

/// The hash of ids is part of the form of an index, so it can be known: ids that collide under it, and under those that are taken
/// instead, cost little more than others.
#[test]
fn ids_made_to_collide_are_read_like_others() {
    const SETS: u64 = 4;
    const OF_EACH: usize = 700;
    let hostile: Vec<String> = (0..SETS).flat_map(|seed| colliding(seed, 13, OF_EACH)).collect();
    let usual: Vec<String> = (0..hostile.len()).map(|number| format!("s0x{number:x}")).collect();
    let (_, expected) = timed(|| read(&[("usual.csv", &edges(&usual))]));
    let (graph, taken) = timed(|| read(&[("hostile.csv", &edges(&hostile))]));
    assert_eq!(graph.node_count(), hostile.len() + 1);
    for id in &hostile {
        assert_eq!(graph.node_by_id(id).map(|node| graph.entity(node).id()), Some(id.as_str()));
    }
    assert!(taken < expected * 20 + Duration::from_secs(1), "{taken:?} instead of {expected:?}");
    tally("ids made to collide", hostile.len(), &[("found by their id", hostile.len())]);
}

/// Texts that are slow where a search takes them for patterns, and names that come near to each other.
#[test]
fn no_text_takes_long_to_search_for() {
    let mut rows = "owner,owned,share,owner_name\n".to_owned();
    for number in 0..20_000 {
        let name = "a".repeat(1 + number % 60);
        writeln!(rows, "n{number},hub,0.001,{name} {} aaaa aaab {number}", "ab".repeat(number % 30)).expect("memory");
    }
    let graph = read(&[("names.csv", &rows)]);
    let names = EntityNames::of(&graph);
    let texts = [
        "(a+)+$".to_owned(),
        "(a|a)*b".to_owned(),
        "^(([a-z])+.)+[A-Z]([a-z])+$".to_owned(),
        ".*.*.*.*.*.*a".to_owned(),
        "(?:a{1,9999}){1,9999}".to_owned(),
        "[[[[[[\\".to_owned(),
        "a".repeat(5_000),
        "a ".repeat(5_000),
        "ab".repeat(2_000),
        "(a+)+$".repeat(2_000),
        "ǆ".repeat(5_000),
        "\u{301}".repeat(5_000),
        "?*%_".repeat(1_000),
    ];
    for text in &texts {
        let (_, taken) = timed(|| {
            names.find(&graph, text, 20);
            let _ = names.index().resolve(text);
            let _ = names.index().resolve_whole(text);
        });
        let shown: String = text.chars().take(20).collect();
        assert!(taken < Duration::from_secs(10), "{shown:?} took {taken:?}");
    }
    tally("texts that look like patterns, searched for", texts.len(), &[("answered in time", texts.len())]);
}

/// Forty floors of three companies, each held by all of the floor above: 3^40 chains.
#[test]
fn more_chains_than_anybody_can_list() {
    const FLOORS: usize = 40;
    let mut rows = "owner,owned,share\n".to_owned();
    for floor in 0..FLOORS {
        for owner in 0..3 {
            for owned in 0..3 {
                writeln!(rows, "f{floor}-{owner},f{}-{owned},30", floor + 1).expect("memory");
            }
        }
    }
    let graph = read(&[("floors.csv", &rows)]);
    let node = |id: &str| graph.node_by_id(id).expect(id);
    let (top, bottom) = (node("f0-0"), node(&format!("f{FLOORS}-0")));
    let view = graph.view("2026-01-01".parse().expect("a day"));
    let (_, taken) = timed(|| {
        for most in [0, 1, 10, 200] {
            let answer = view.paths(top, bottom, most).expect("an answer");
            assert!(!answer.complete && answer.paths.len() <= most);
            let shown = most.min(10);
            assert!(answer.paths.len() >= shown, "{} of {most}", answer.paths.len());
            assert!(answer.paths.iter().all(|path| path.interests.len() == FLOORS));
        }
        let explained = view.explain(top, bottom, 5).expect("an answer");
        assert!(!explained.chains_complete && explained.chains.len() == 5);
        let owners = view.owners_of(bottom, Rows::default()).expect("an answer");
        assert_eq!(owners.owners.len(), 3 * FLOORS);
        view.controllers_of(bottom, Threshold::default()).expect("an answer");
    });
    assert!(taken < Duration::from_secs(60), "{taken:?}");
    tally("questions about 3^40 chains", 7, &[("answered in time", 7)]);
}
