//! GraphML and GEXF, parsed back.

use crate::data::{hostile, names, rich};
use crate::run::{End, Folder, Run, cuibono};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};

/// A node or an edge: its XML attributes, and the attributes of the graph by name.
type Element = (BTreeMap<String, String>, BTreeMap<String, String>);

struct Network {
    nodes: Vec<Element>,
    edges: Vec<Element>,
}

fn xml_attributes(start: &BytesStart<'_>) -> BTreeMap<String, String> {
    let attributes = start.attributes().map(|attribute| attribute.expect("an attribute"));
    let unescaped = |value: &str| quick_xml::escape::unescape(value).expect("references").into_owned();
    attributes.map(|attribute| (attribute.key.as_ref().to_owned(), unescaped(&attribute.value))).collect()
}

/// Reads either format: declarations are `key` or `attribute`, values `data` or `attvalue`.
fn parse(text: &str) -> Network {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut titles, mut network) = (BTreeMap::new(), Network { nodes: Vec::new(), edges: Vec::new() });
    let (mut in_edges, mut key) = (false, None);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return network,
            Event::Start(start) | Event::Empty(start) => {
                let mut of = xml_attributes(&start);
                match start.name().as_ref() {
                    "key" => drop(titles.insert(of["id"].clone(), of["attr.name"].clone())),
                    "attribute" => drop(titles.insert(of["id"].clone(), of["title"].clone())),
                    "node" => network.nodes.push((of, BTreeMap::new())),
                    "edge" => {
                        in_edges = true;
                        network.edges.push((of, BTreeMap::new()));
                    }
                    "data" => key = of.remove("key"),
                    "attvalue" => {
                        let last = if in_edges { network.edges.last_mut() } else { network.nodes.last_mut() };
                        let known = last.expect("an element").1.insert(titles[&of["for"]].clone(), of["value"].clone());
                        assert_eq!(known, None);
                    }
                    _ => {}
                }
            }
            Event::End(end) if end.name().as_ref() == "data" => key = None,
            Event::Text(text) => {
                if let Some(key) = &key {
                    let last = if in_edges { network.edges.last_mut() } else { network.nodes.last_mut() };
                    let value = last.expect("an element").1.entry(titles[key].clone()).or_default();
                    value.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(key) = &key {
                    let last = if in_edges { network.edges.last_mut() } else { network.nodes.last_mut() };
                    let value = last.expect("an element").1.entry(titles[key].clone()).or_default();
                    let name: &str = &reference;
                    value.push_str(&quick_xml::escape::unescape(&format!("&{name};")).expect("a reference"));
                }
            }
            _ => {}
        }
    }
}

fn both(run: impl Fn() -> Run) -> [(Network, End); 2] {
    ["graphml", "gexf"].map(|format| {
        let end = run().args(["convert", "--to", format]).answers();
        (parse(end.text()), end)
    })
}

#[test]
fn the_dataset_is_whole() {
    for (network, end) in both(Run::new) {
        assert_eq!((network.nodes.len(), network.edges.len()), (83, 79));
        let ids: BTreeSet<&String> = network.nodes.iter().map(|(of, _)| &of["id"]).collect();
        assert_eq!(ids.len(), 83);
        for (of, _) in &network.edges {
            assert!(ids.contains(&of["source"]) && ids.contains(&of["target"]), "{of:?}");
        }
        let (of, values) = network.edges.iter().find(|(_, values)| values["interest_id"] == "L07").expect("L07");
        assert_eq!((of["source"].as_str(), of["target"].as_str()), ("alaska-permanent-fund-corporation", "noal-scsp"));
        assert_eq!(values["kind"], "limitedPartner");
        assert_eq!((&values["start_not_before"][..], &values["start_not_after"][..]), ("2017-08-23", "2021-05-31"));
        assert!(!values.contains_key("min") && !values.contains_key("weight"), "no share is stated: {values:?}");
        assert!(end.errors.contains("cannot hold: 96 descriptions of sources"), "{}", end.errors);
        assert!(end.errors.contains("cannot hold: 9 records on jurisdictions"), "{}", end.errors);
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let folder = Folder::new();
    let path = hostile(&folder);
    let allowed = |c: char| c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}') || matches!(c, '\t' | '\n' | '\r');
    let clean = |text: &String| -> String { text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect() };
    let mut expected: BTreeSet<String> = names().iter().map(clean).collect();
    expected.insert("Company".to_owned());
    let count = names().into_iter().collect::<BTreeSet<_>>().len();
    for (network, end) in both(|| Run::new().data(&path)) {
        assert_eq!((network.nodes.len(), network.edges.len()), (count + 1, count));
        let found: BTreeSet<String> = network.nodes.iter().map(|(_, values)| values["name"].clone()).collect();
        let lost: Vec<_> = expected.difference(&found).collect();
        assert!(lost.is_empty(), "{lost:?}");
        let ids: BTreeSet<&String> = network.nodes.iter().map(|(of, _)| &of["id"]).collect();
        assert_eq!(ids.len(), count + 1, "ids stay different");
        let plain = |id: &&String| id.chars().all(|c| c.is_ascii_alphanumeric() || "-.:_".contains(c));
        assert!(ids.iter().all(plain));
        assert!(end.errors.contains("texts with control characters (each written as U+FFFD)"), "{}", end.errors);
    }
}

#[test]
fn weights_and_spans_are_never_made_up() {
    let folder = Folder::new();
    let path = rich(&folder);
    let [(graphml, _), (gexf, end)] = both(|| Run::new().data(&path));
    let weights: Vec<Option<&str>> =
        graphml.edges.iter().map(|(_, values)| values.get("weight").map(String::as_str)).collect();
    assert_eq!(weights, [None, None, None, Some("33.3333333"), Some("0"), None]);
    let (_, band) = &graphml.edges[0];
    assert_eq!((&band["min"][..], &band["max"][..], &band["min_open"][..]), ("25", "50", "true"));
    let part = |of: &BTreeMap<String, String>, name: &str| of.get(name).cloned().unwrap_or_default();
    let spans: Vec<_> =
        gexf.edges.iter().map(|(of, _)| ["weight", "start", "end"].map(|name| part(of, name))).collect();
    // The end is the first day out in the data and the last day in here; an interest that ends when it begins has no span.
    let expected =
        [["", "", "2021-05-05"], ["", "2019-01-01", ""], ["", "", ""], ["33.3333333", "", ""], ["0", "", ""]];
    assert_eq!(spans[..5], expected.map(|row| row.map(str::to_owned)));
    assert!(end.errors.contains("2 inexact dates on its time line"), "{}", end.errors);
    assert!(end.errors.contains("1 interests that end when they begin"), "{}", end.errors);
    assert_eq!(gexf.edges[0].1["start_date"], "?");
}

#[test]
fn a_day_leaves_out_what_does_not_exist_then() {
    let all = parse(cuibono("convert --to graphml").answers().text());
    let end = cuibono("convert --to graphml --as-of 2021-05-31").answers();
    let day = parse(end.text());
    let stats = cuibono("stats --as-of 2021-05-31").json();
    assert_eq!(day.edges.len() as u64, stats["interests_on_day"].as_u64().expect("a count"));
    assert_eq!(day.nodes.len(), all.nodes.len());
    assert!(end.errors.contains("interests that are only possible on the day"), "{}", end.errors);
    assert_eq!(
        cuibono("convert --to graphml --as-of all").answers().bytes,
        cuibono("convert --to graphml").answers().bytes
    );
}
