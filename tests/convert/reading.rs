//! What is wrong in tables that are read back.

use crate::graphs;
use crate::run::{Folder, Run};
use cuibono::load::Loader;
use serde_json::Value;

/// Line and reason of every record that could not be read.
fn rejects(folder: &Folder, name: &str, text: &str) -> Vec<(u64, String)> {
    let path = folder.write(name, text);
    let list = folder.path().join("rejects.jsonl");
    Run::new().args(["stats", "-q", "--rejects"]).arg(&list).data(&path).answers();
    let text = std::fs::read_to_string(list).expect("a list");
    let line = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
    let read =
        |record: Value| (record["line"].as_u64().expect("a line"), record["reason"].as_str().unwrap_or("").to_owned());
    text.lines().map(line).map(read).collect()
}

#[test]
fn a_bad_record_does_not_cost_the_rest() {
    let folder = Folder::new();
    let text = "\
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"a\",\"name\":\"A\",\"kind\":\"person\"}
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"b\",\"name\":\"B\",\"kind\":\"dog\"}
{\"cuibono\":2,\"type\":\"entity\",\"id\":\"c\"}
{\"cuibono\":1,\"type\":\"thing\"}
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"d\",\"name\":
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"e\",\"name\":\"E\",\"kind\":\"company\",\"identifiers\":[\"x\"]}
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"f\",\"name\":\"F\",\"kind\":\"company\",\"founded\":\"19\"}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"owned\":\"g\",\"kind\":\"shareholding\",\"min\":60,\"max\":50}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"owned\":\"g\",\"kind\":\"shareholding\",\"min\":101}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"kind\":\"shareholding\"}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"owned\":\"g\",\"kind\":\"shareholding\",\"start\":\"2020\",\"start_not_after\":\"2021\"}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"owned\":\"g\",\"kind\":\"shareholding\",\"record\":1.5}
{\"cuibono\":1,\"type\":\"interest\",\"owner\":\"a\",\"owned\":\"g\",\"kind\":\"shareholding\",\"sources\":\"S1\"}
{\"cuibono\":1,\"type\":\"entity\",\"id\":\"g\",\"name\":\"G\",\"kind\":\"company\"}
";
    let found = rejects(&folder, "data.jsonl", text);
    let expected = [
        (2, "kind \"dog\" is no kind of entity"),
        (3, "is of version 2; this program reads version 1"),
        (4, "has a type that is none of entity, interest, source, jurisdiction"),
        (5, "is no JSON object: EOF while parsing a value at line 1 column 45"),
        (6, "identifier \"x\" is not scheme:value"),
        (7, "founded \"19\" is not a date: give a day (2019-03-14), a month (2019-03) or a year (2019)"),
        (8, "the range 60-50 is upside down: its lower end is above its upper end"),
        (9, "min 101 is above 100 %"),
        (10, "gives no owned"),
        (11, "gives both start and bounds for it"),
        (12, "record 1.5 is no whole number from 0 to 4294967295"),
        (13, "sources is no list of texts"),
    ];
    assert_eq!(found, expected.map(|(line, reason)| (line, reason.to_owned())));
}

#[test]
fn tables_may_be_edited_by_hand() {
    let folder = Folder::new();
    // Other columns, another order, words in capitals.
    folder.write("t/entities.csv", "kind,id,owners_complete,name,colour\nperson,a,FALSE,'=A,red\ncompany,b,TRUE,'B,\n");
    folder.write(
        "t/interests.csv",
        "id,owner,owned,kind,min,statement_adds\n1,a,b,voting-rights,50,\n2,a,b,shareholding,,\n",
    );
    let graph = graphs::read(&[&folder.path().join("t")]);
    let (a, b) = (graph.node_by_id("a").expect("a"), graph.node_by_id("b").expect("b"));
    assert_eq!((graph.entity(a).name(), graph.entity(b).name()), ("=A", "'B"));
    assert!(graph.entity(b).owners_complete() && !graph.entity(a).owners_complete());
    let mut shares: Vec<String> =
        graph.edges().map(|edge| format!("{} {}", graph.stake(edge).id(), graph.interest(edge).share())).collect();
    shares.sort();
    assert_eq!(shares, ["1 50–100 %", "2 ?"]);
}

#[test]
fn bad_rows_are_counted_and_named() {
    let folder = Folder::new();
    let text = "id,name,kind,owners_complete\na,A,person,maybe\nb,B\nc,C,company,\n";
    let expected = [
        (2, "owners_complete \"maybe\" is neither true nor false".to_owned()),
        (3, "has 2 cells where the header has 4".to_owned()),
    ];
    assert_eq!(rejects(&folder, "entities.csv", text), expected);
}

#[test]
fn a_quote_that_is_never_closed_is_bounded() {
    let limits = cuibono::load::source::Limits { record: 100_000, ..Default::default() };
    let mut loader = Loader::new().limits(limits);
    let text = format!("id,name,kind,owners_complete\na,\"A{}", ",x\n".repeat(200_000));
    let error = loader.read_text("entities.csv", &text).expect_err("too long");
    assert_eq!(
        error.to_string(),
        "entities.csv:2: a quote that opens in this row is never closed: the rest of the file would be one cell"
    );
}
