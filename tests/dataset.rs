//! The dataset that is compiled in: valid, complete in its references, and saying what its sources say.

#[path = "support/schema.rs"]
mod schema;

use cuibono::graph::OwnershipGraph;
use cuibono::model::AsOf;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const DATA: &str = include_str!("../data/nso-group.json");
const SCHEMA: &str = include_str!("../data/cuibono.schema.json");

fn data() -> Value {
    serde_json::from_str(DATA).expect("the dataset is JSON")
}

fn rows<'v>(data: &'v Value, key: &str) -> &'v Vec<Value> {
    data[key].as_array().unwrap_or_else(|| panic!("no list {key}"))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn graph() -> OwnershipGraph {
    cuibono::load::built_in().expect("the dataset loads")
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("the schema is JSON")
}

#[test]
fn it_follows_the_schema() {
    let errors = schema::errors(&schema(), &data());
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_schema_and_the_loader_refuse_the_same_mistakes() {
    let (schema, fits) = (schema(), |schema: &Value, data: &Value| schema::errors(schema, data).is_empty());
    let loads = |data: &Value| {
        let mut loader = cuibono::load::Loader::new();
        loader.read_text("case.json", &data.to_string()).and_then(|()| loader.finish()).is_ok()
    };
    let minimal = serde_json::json!({
        "cuibono": 1,
        "sources": [{"id": "S1", "title": "A register"}],
        "entities": [{"id": "a", "name": "A", "kind": "company"}, {"id": "b", "name": "B", "kind": "person"}],
        "interests": [{"id": "i", "owner": "b", "owned": "a", "kind": "shareholding", "share": 60, "sources": ["S1"]}],
    });
    assert!(fits(&schema, &minimal) && loads(&minimal));
    let mistakes: [(&str, Value); 11] = [
        ("/cuibono", 2.into()),
        ("/entities/0/kind", "firm".into()),
        ("/entities/0/name", Value::Null),
        ("/entities/0", serde_json::json!({"id": "a", "name": "A", "kind": "company", "colour": "red"})),
        ("/interests/0/kind", "love".into()),
        ("/interests/0/share", 250.into()),
        ("/interests/0/share", (-5).into()),
        ("/interests/0/share", "many".into()),
        ("/interests/0/sources", "S1".into()),
        ("/interests/0/owner", Value::Null),
        ("/sources/0", serde_json::json!({"title": "no id"})),
    ];
    for (place, wrong) in mistakes {
        let mut data = minimal.clone();
        *data.pointer_mut(place).expect("a place in the case") = wrong.clone();
        assert!(!fits(&schema, &data), "the schema accepts {wrong} at {place}");
        assert!(!loads(&data), "the loader accepts {wrong} at {place}");
    }
}

#[test]
fn no_identifier_stands_for_two_things() {
    let data = data();
    for (key, id) in [("sources", "id"), ("entities", "id"), ("interests", "id"), ("jurisdictions", "code")] {
        let ids: Vec<&str> = rows(&data, key).iter().filter_map(|row| row[id].as_str()).collect();
        assert_eq!(ids.len(), rows(&data, key).len(), "{key} without {id}");
        assert_eq!(BTreeSet::from_iter(&ids).len(), ids.len(), "{key}");
    }
    let mut numbers = BTreeMap::new();
    for entity in rows(&data, "entities") {
        for identifier in entity["identifiers"].as_array().into_iter().flatten() {
            let other = numbers.insert(identifier.to_string(), &entity["id"]);
            assert!(other.is_none(), "{identifier} of {} and {other:?}", entity["id"]);
        }
    }
}

/// Every list of source ids in the file, with the place where it stands.
fn source_lists<'v>(value: &'v Value, place: &str, found: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let place = format!("{place}/{key}");
                match key.as_str() {
                    "sources" if member.as_array().is_some_and(|list| list.iter().all(Value::is_string)) => {
                        found.push((place, member));
                    }
                    _ => source_lists(member, &place, found),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| source_lists(item, &format!("{place}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_source_that_is_used_is_listed() {
    let data = data();
    let known: BTreeSet<&str> = rows(&data, "sources").iter().filter_map(|source| source["id"].as_str()).collect();
    let mut lists = Vec::new();
    source_lists(&data, "", &mut lists);
    assert!(lists.len() > 200, "only {} lists of sources", lists.len());
    for (place, list) in lists {
        for id in texts(list) {
            assert!(known.contains(id), "{place} names source {id}, which is not listed");
        }
        assert_eq!(texts(list).collect::<BTreeSet<_>>().len(), texts(list).count(), "{place} names a source twice");
    }
}

#[test]
fn everything_that_is_said_has_a_source() {
    let data = data();
    for interest in rows(&data, "interests") {
        assert!(texts(&interest["sources"]).count() > 0, "interest {} has no source", interest["id"]);
    }
    for key in ["entities", "jurisdictions"] {
        for row in rows(&data, key) {
            assert!(texts(&row["sources"]).count() > 0, "{} has no source", row["id"]);
            for fact in row["facts"].as_array().into_iter().flatten() {
                assert!(texts(&fact["sources"]).count() > 0, "{fact} has no source");
            }
        }
    }
    for source in rows(&data, "sources") {
        let place = source["url"].is_string() || texts(&source["urls"]).count() > 0;
        // Two sources were read in excerpts that carry no address of their own; their notes say what is known of them.
        let excused = source["read"] == "excerpt" && source["note"].is_string();
        assert!(source["title"].is_string() && (place || excused), "{source}");
    }
}

#[test]
fn what_is_not_certain_gives_its_reason() {
    for interest in rows(&data(), "interests") {
        let weak = interest["confidence"].as_str().is_some_and(|confidence| confidence != "high");
        let reason = interest["reason"].as_str().is_some_and(|reason| !reason.is_empty());
        assert!(reason || !weak, "interest {} is of less confidence and gives no reason", interest["id"]);
    }
}

#[test]
fn it_loads_without_a_warning() {
    let graph = graph();
    assert!(graph.problems().is_empty(), "{:?}", graph.problems());
    let data = data();
    assert_eq!(graph.node_count(), rows(&data, "entities").len());
    assert_eq!(graph.edge_count(), rows(&data, "interests").len());
    assert_eq!(graph.sources().len(), rows(&data, "sources").len());
}

#[test]
fn all_parties_of_the_first_source_stand_in_it() {
    let graph = graph();
    for id in [
        "nso-group-technologies-ltd",
        "q-cyber-technologies-ltd",
        "q-cyber-technologies-sarl",
        "triangle-holdings-sa",
        "osy-technologies-sarl",
        "novalpina-capital-llp",
        "francisco-partners",
        "south-yorkshire-pensions-authority",
        "east-riding-pension-fund",
        "operf",
        "alaska-permanent-fund-corporation",
    ] {
        assert!(graph.node_by_id(id).is_some(), "{id}");
    }
}

#[test]
fn all_eight_jurisdictions_are_listed_and_two_name_nobody() {
    let graph = graph();
    let answer = graph.view(AsOf::All).jurisdictions(None);
    let row = |code: &str| {
        answer.jurisdictions.iter().find(|row| row.code == code).unwrap_or_else(|| panic!("{code} is not listed"))
    };
    for code in ["VG", "BG", "KY", "CY", "IL", "LU", "GB", "US"] {
        let named = row(code).facts.iter().any(|fact| fact.sources.iter().any(|source| source == "S01"));
        assert!(named, "{code} has no fact of the source that lists the eight");
    }
    for code in ["VG", "KY"] {
        assert_eq!(row(code).entities, 0, "{code}");
    }
    // Nine companies were named by the government of Luxembourg alone.
    assert!(row("LU").entities >= 9);
}

#[test]
fn facts_are_those_of_the_sources() {
    let data = data();
    let interest = |id: &str| {
        rows(&data, "interests").iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no interest {id}"))
    };
    // 70 % of Triangle Holdings, with rival accounts beside it.
    assert_eq!((&interest("R09")["owner"], &interest("R09")["share"]), (&"noal-scsp".into(), &70.into()));
    assert_eq!(interest("R09-S57")["share"], 60);
    assert_eq!(interest("R09-S07")["share"], 66.67);
    // The general partner changed on one day.
    assert_eq!(interest("R20")["end"], "2021-08-27");
    assert_eq!(interest("R21")["start"], "2021-08-27");
    // Votes suspended, not shares sold.
    assert_eq!((&interest("R26b")["kind"], &interest("R26b")["share"]), (&"votingRights".into(), &0.into()));
    // Oregon's part of the fund; the fund is not controlled by its limited partners.
    assert_eq!((&interest("L01")["kind"], &interest("L01")["share"]), (&"limitedPartner".into(), &19.7.into()));
    assert_eq!(interest("R30")["share"], 100);
    // The figure of the purchase of 2025 was not published.
    assert_eq!((&interest("R33")["kind"], &interest("R33")["share"]), (&"parent".into(), &Value::Null));
}

#[test]
fn two_companies_of_almost_one_name_stay_apart() {
    let graph = graph();
    let place = |id: &str| graph.entity(graph.node_by_id(id).expect("in the data")).jurisdiction();
    assert_eq!(place("q-cyber-technologies-ltd"), Some("IL"));
    assert_eq!(place("q-cyber-technologies-sarl"), Some("LU"));
}

#[test]
fn offers_that_came_to_nothing_are_no_interests() {
    let graph = graph();
    for edge in graph.edges() {
        let owner = graph.stake(edge).owner();
        let shown = format!("{} {}", owner.id(), owner.name()).to_lowercase();
        assert!(!shown.contains("blackstone") && !shown.contains("finback"), "{shown}");
    }
}
