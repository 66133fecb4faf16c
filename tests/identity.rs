//! One party, many records: what is joined, what only may be, and the user's word on both.

use cuibono::graph::OwnershipGraph;
use cuibono::load::{Loader, matches};

fn graph(inputs: &[(&str, &str)], verdicts: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    let verdicts = matches::read("matches.csv", verdicts).unwrap_or_else(|error| panic!("{error}"));
    verdicts.into_iter().for_each(|verdict| loader.verdict(verdict));
    for (name, text) in inputs {
        loader.read_text(name, text).unwrap_or_else(|error| panic!("{error}"));
    }
    loader.finish().unwrap_or_else(|error| panic!("{error}"))
}

/// Owner and owned of every interest, by id.
fn pairs(graph: &OwnershipGraph) -> Vec<String> {
    let mut pairs: Vec<String> = graph
        .edges()
        .map(|edge| format!("{} {}", graph.stake(edge).owner().id(), graph.stake(edge).owned().id()))
        .collect();
    pairs.sort();
    pairs
}

const EDGES: &str = "owner,owned,share,owner_name,owned_name\n\
                     ann,acme,60,Ann Example,Acme Ltd\n\
                     acme-2,works,50,ACME Limited,Works GmbH\n";

#[test]
fn a_confirmed_pair_is_one_entity_and_nothing_is_lost() {
    let apart = graph(&[("edges.csv", EDGES)], "a,b,verdict\n");
    assert_eq!((apart.node_count(), pairs(&apart)), (4, vec!["acme-2 works".to_owned(), "ann acme".to_owned()]));
    let joined = graph(&[("edges.csv", EDGES)], "a,b,verdict,note\nacme,acme-2,same,seen in the register\n");
    assert_eq!((joined.node_count(), pairs(&joined)), (3, vec!["acme works".to_owned(), "ann acme".to_owned()]));
    let acme = joined.node_by_id("acme").expect("the id that stays");
    assert_eq!(joined.node_by_id("acme-2"), Some(acme), "the other id still leads there");
    let entity = joined.entity(acme);
    assert_eq!(entity.name(), "Acme Ltd");
    assert_eq!(entity.details().aliases, ["ACME Limited"]);
    let records: Vec<_> = entity.joined().iter().map(|record| (record.id.as_str(), record.reason.as_str())).collect();
    assert_eq!(records, [("acme-2", "confirmed")]);
    let ann = joined.node_by_id("ann").expect("an id");
    let view = joined.view("2024-01-01".parse().expect("a day"));
    let held = view.holdings_of(&[ann], Default::default()).expect("an answer");
    let works = held.holdings.iter().find(|row| row.entity.id() == "works").expect("held through the joined entity");
    assert_eq!((works.effective.min, works.effective.max), (30.0, 30.0));
}

#[test]
fn chains_of_verdicts_join_and_an_undone_one_parts_again() {
    let all = graph(
        &[("edges.csv", "owner,owned,share\na,x,10\nb,x,10\nc,x,10\nd,y,10\n")],
        "a,b,verdict\na,b,same\nc,b,same\nx,y,same\n",
    );
    assert_eq!(all.node_count(), 3);
    let undone = graph(
        &[("edges.csv", "owner,owned,share\na,x,10\nb,x,10\nc,x,10\nd,y,10\n")],
        "a,b,verdict\na,b,same\na,c,different\nc,b,same\nx,y,same\n",
    );
    assert_eq!(undone.node_count(), 4, "a and b are one, c stays apart from both");
    let (a, c) = (undone.node_by_id("a").expect("an id"), undone.node_by_id("c").expect("an id"));
    assert!(undone.are_kept_apart(a, c) && undone.node_by_id("b") == Some(a));
}

#[test]
fn the_order_of_records_does_not_decide_who_is_who() {
    let rows = ["b,x,10", "a,y,20", "c,z,30"];
    let verdicts = "a,b,verdict\nb,c,same\na,c,same\n";
    let mut seen = Vec::new();
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1]] {
        let text = format!("owner,owned,share\n{}\n{}\n{}\n", rows[order[0]], rows[order[1]], rows[order[2]]);
        seen.push(pairs(&graph(&[("edges.csv", &text)], verdicts)));
    }
    seen.dedup();
    assert_eq!(seen, [["a x", "a y", "a z"].map(str::to_owned)]);
}

#[test]
fn a_verdict_on_nobody_is_a_finding_and_a_wrong_one_an_error() {
    let stray = graph(&[("edges.csv", EDGES)], "a,b,verdict\nacme,nobody,same\n");
    let found: Vec<String> =
        stray.problems().iter().map(|found| format!("{}: {}", found.location, found.message)).collect();
    assert_eq!(found, ["matches.csv:2: speaks of \"nobody\", which no input mentions"]);
    for (text, message) in [
        ("x,y\n", "matches.csv:1: has no column \"a\"; a list of matches has the columns a,b,verdict"),
        ("a,b,verdict\nx,y,maybe\n", "matches.csv:2: the verdict \"maybe\" is neither same nor different"),
        ("a,b,verdict\nx,,same\n", "matches.csv:2: names only one party"),
    ] {
        assert_eq!(matches::read("matches.csv", text).expect_err("wrong").to_string(), message);
    }
}

#[test]
fn possible_matches_rest_on_names_places_and_dates() {
    let native = |entities: &str| {
        format!(r#"{{"cuibono":1,"sources":[{{"id":"S1","title":"T"}}],"entities":[{entities}],"interests":[]}}"#)
    };
    let person = |id: &str, name: &str, born: &str| {
        format!(r#"{{"id":"{id}","name":"{name}","kind":"person","jurisdiction":"GB","founded":"{born}"}}"#)
    };
    let list = [
        person("p1", "Mr John Paul Smith", "1970-05"),
        person("p2", "SMITH, John Paul", "1970-05"),
        person("p3", "John Paul Smith", "1981-01"),
        r#"{"id":"c1","name":"John Paul Smith","kind":"company","jurisdiction":"GB"}"#.to_owned(),
        r#"{"id":"k1","name":"Gamma S.A.","kind":"company","jurisdiction":"LU","identifiers":[{"scheme":"LU-RCS","id":"B1"}]}"#
            .to_owned(),
        r#"{"id":"k2","name":"Gamma SA","kind":"company","jurisdiction":"LU","identifiers":[{"scheme":"LU-RCS","id":"B2"}]}"#
            .to_owned(),
    ];
    let graph = graph(&[("data.json", &native(&list.join(",")))], "a,b,verdict\n");
    let found: Vec<_> = cuibono::search::possible_matches(&graph, 0.0)
        .into_iter()
        .map(|pair| (graph.entity(pair.a).id(), graph.entity(pair.b).id(), (pair.score * 100.0).round()))
        .collect();
    assert_eq!(found, [("p1", "p2", 100.0), ("p1", "p3", 20.0), ("p2", "p3", 20.0)]);
}
