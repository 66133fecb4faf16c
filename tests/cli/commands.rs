//! Every command in every format: the fields that scripts rely on, and tables that fit.

use crate::run::{Run, cuibono, width};
use serde_json::Value;
use std::collections::BTreeSet;

const DAY: &str = "2021-05-31";

/// Each command that answers in rows: its arguments, and where the rows stand in its JSON.
pub const COMMANDS: [(&str, &str); 22] = [
    ("owners-of NSO", "owners"),
    ("holdings-of noal-scsp", "holdings"),
    ("controllers-of NSO", "controllers"),
    ("controlled-by noal-scsp", "controlled"),
    ("ultimate-controllers", "rows"),
    ("effective-shares --min-share 10", "pairs"),
    ("beneficial-owners-of NSO --rule eu-amlr", "owners"),
    ("explain operf NSO", "chains"),
    ("close-links noal-scsp", "links"),
    ("power triangle-holdings-sa", "holders"),
    ("paths noal-scsp NSO", "paths"),
    ("circular", "groups"),
    ("jurisdictions", "jurisdictions"),
    ("entities-in LU", "entities"),
    ("timeline NSO", "events"),
    ("diff --from 2021-05-31 --to 2021-09-01 NSO", "events"),
    ("search novalpina", "matches"),
    ("show noal-scsp", "interests"),
    ("matches --min-score 0", "matches"),
    ("sources", "sources"),
    ("check", "findings"),
    ("check --rules", "rules"),
];

fn ask(command: &str) -> Run {
    cuibono(command).args(["--as-of", DAY])
}

#[test]
fn json_lines_hold_the_rows_of_the_json() {
    // Rows of ids by promise: the whole graph is asked, and its answer may be millions of lines.
    let by_id = |command: &str| command == "ultimate-controllers";
    for (command, rows) in COMMANDS.into_iter().filter(|(command, _)| !by_id(command)) {
        let whole = ask(command).json();
        let expected = whole[rows].as_array().unwrap_or_else(|| panic!("{command}: no {rows} in {whole}"));
        let lines = ask(command).args(["--format", "jsonl"]).answers().quiet().lines_of_json();
        assert_eq!(&lines, expected, "{command}");
    }
    let stats = ask("stats").args(["--format", "jsonl"]).answers().quiet().lines_of_json();
    assert_eq!(stats, [ask("stats").json()]);
}

#[test]
fn csv_has_a_named_column_for_each_cell() {
    for (command, rows) in COMMANDS {
        let count = ask(command).json()[rows].as_array().map_or(0, Vec::len);
        let end = ask(command).args(["--format", "csv"]).answers().quiet();
        let mut reader = csv::Reader::from_reader(end.bytes.as_slice());
        let header = reader.headers().expect("a header").clone();
        assert!(header.iter().all(|name| !name.is_empty()), "{command}: {header:?}");
        let names: BTreeSet<&str> = header.iter().collect();
        assert_eq!(names.len(), header.len(), "{command}: {header:?}");
        let records = reader.records().collect::<Result<Vec<_>, _>>().expect("rows of one width");
        assert_eq!(records.len(), count, "{command}");
    }
}

#[test]
fn markdown_has_a_cell_for_each_column() {
    for (command, rows) in COMMANDS {
        let count = ask(command).json()[rows].as_array().map_or(0, Vec::len);
        let end = ask(command).args(["--format", "markdown"]).answers().quiet();
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        let table: Vec<&str> = end.text().lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(table.len(), count + 2, "{command}");
        assert!(table.iter().all(|line| bars(line) == bars(table[0])), "{command}\n{}", end.text());
    }
}

#[test]
fn tables_fit_the_terminal() {
    for (command, _) in COMMANDS.into_iter().chain([("stats", "")]) {
        for columns in [60, 80, 200] {
            let end = ask(command).columns(columns).answers().quiet();
            for line in end.text().lines() {
                assert!(width(line) <= columns, "{command} at {columns}: {line}");
                assert_eq!(line, line.trim_end(), "{command} at {columns}");
            }
        }
    }
}

#[test]
fn nothing_but_text_without_a_terminal() {
    for (command, _) in COMMANDS {
        ask(command).answers().quiet().lacks("\u{1b}");
    }
    let end = cuibono("owners-of qqqqzzzz --color never").end().code(1);
    assert!(!end.errors.contains('\u{1b}'), "{:?}", end.errors);
    let end = cuibono("owners-of qqqqzzzz --color always").end().code(1);
    assert!(end.errors.contains('\u{1b}'), "{:?}", end.errors);
}

fn keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no {key:?} in {value}");
    }
}

fn is_entity(value: &Value) {
    let found: Vec<&String> = value.as_object().unwrap_or_else(|| panic!("no entity: {value}")).keys().collect();
    assert_eq!(
        BTreeSet::from_iter(found.iter().map(|key| key.as_str())),
        ["id", "jurisdiction", "kind", "name"].into()
    );
    assert!(value["id"].is_string() && value["name"].is_string() && value["kind"].is_string(), "{value}");
    assert!(value["jurisdiction"].is_string() || value["jurisdiction"].is_null(), "{value}");
}

fn is_range(value: &Value) {
    let (min, max) = (value["min"].as_f64().expect("min"), value["max"].as_f64().expect("max"));
    assert!(0.0 <= min && min <= max && max <= 100.0, "{value}");
    for key in value.as_object().expect("a range").keys() {
        assert!(["min", "max", "min_open", "max_open", "unknown_parties"].contains(&key.as_str()), "{value}");
    }
}

fn each<'v>(value: &'v Value, rows: &str) -> impl Iterator<Item = &'v Value> {
    let rows = value[rows].as_array().unwrap_or_else(|| panic!("no {rows} in {value}"));
    assert!(!rows.is_empty(), "nothing to look at");
    rows.iter()
}

#[test]
fn owners_and_holdings_in_json() {
    let answer = ask("owners-of NSO").json();
    is_entity(&answer["subject"]);
    is_range(&answer["unaccounted"]);
    keys(&answer, &["as_of", "circular_groups", "warnings"]);
    for row in each(&answer, "owners") {
        is_entity(&row["entity"]);
        is_range(&row["effective"]);
        keys(row, &["direct"]);
        assert!(row["direct"].is_null() || row["direct"]["min"].is_number(), "{row}");
        assert!(["certain", "possible", "none"].contains(&row["control"].as_str().expect("a word")), "{row}");
        assert!(row["ultimate"].is_boolean() && row["distance"].is_u64(), "{row}");
    }
    let answer = ask("holdings-of noal-scsp").json();
    is_entity(&answer["subject"]);
    for row in each(&answer, "holdings") {
        is_entity(&row["entity"]);
        is_range(&row["effective"]);
        keys(row, &["direct", "control", "distance"]);
    }
}

#[test]
fn control_in_json() {
    for (command, rows) in [("controllers-of NSO", "controllers"), ("controlled-by noal-scsp", "controlled")] {
        let answer = ask(command).json();
        is_entity(&answer["subject"]);
        for row in each(&answer, rows) {
            is_entity(&row["entity"]);
            assert!(["certain", "possible"].contains(&row["control"].as_str().expect("a word")), "{row}");
            assert!(row["ultimate"].is_boolean(), "{row}");
            assert!(each(row, "because").all(|step| step["owner"]["id"].is_string()), "{row}");
        }
    }
}

#[test]
fn paths_and_circles_in_json() {
    let answer = ask("paths noal-scsp NSO").json();
    assert_eq!(answer["complete"], true);
    for path in each(&answer, "paths") {
        let (entities, interests) = (path["entities"].as_array(), path["interests"].as_array());
        let (entities, interests) = (entities.expect("entities"), interests.expect("interests"));
        entities.iter().for_each(is_entity);
        assert_eq!(entities.len(), interests.len() + 1);
        is_range(&path["product"]);
    }
    let ring = "owner,owned,share\nA,B,40\nB,C,40\nC,A,40\nD,D,5\nE,A,10\n";
    let answer = cuibono("circular").stdin(ring).json();
    let groups: Vec<Vec<&str>> = each(&answer, "groups")
        .map(|group| each(group, "members").map(|member| member["id"].as_str().expect("an id")).collect())
        .collect();
    assert_eq!(groups, [vec!["A", "B", "C"], vec!["D"]]);
    let owners = cuibono("owners-of A").stdin(ring).json();
    assert_eq!(owners["circular_groups"], serde_json::json!([["A", "B", "C"]]));
}

#[test]
fn places_in_json() {
    let answer = ask("jurisdictions").json();
    for row in each(&answer, "jurisdictions") {
        assert!(row["code"].is_string() && row["name"].is_string() && row["entities"].is_u64(), "{row}");
    }
    let around = ask("jurisdictions NSO").json();
    is_entity(&around["subject"]);
    let answer = ask("entities-in Luxembourg").json();
    assert!(each(&answer, "entities").all(|row| row["jurisdiction"] == "LU"));
    cuibono("entities-in Atlantis")
        .fails(1, "cuibono: no jurisdiction \"Atlantis\": give a code such as LU or US-DE, or an English name");
    // A place where a source knows of entities without naming any is an answer, not a mistake.
    ask("entities-in VG").answers().quiet().has("(nothing)");
}

#[test]
fn events_in_json() {
    for command in ["timeline NSO", "diff --from 2021-05-31 --to 2021-09-01 NSO", "diff --from 2019 --to 2022"] {
        let answer = cuibono(command).json();
        for event in each(&answer, "events") {
            keys(event, &["date", "kind", "sources", "text"]);
        }
        let concern_interests = each(&answer, "events").filter(|event| event.get("interest").is_some()).count();
        assert!(concern_interests > 0, "{command}");
    }
    let change = cuibono("diff --from 2021-08-26 --to 2021-08-27").json();
    let started: Vec<&str> = each(&change, "events").filter_map(|event| event["interest"]["id"].as_str()).collect();
    assert!(started.contains(&"R20") && started.contains(&"R21"), "{started:?}");
    cuibono("diff --from 2022 --to 2019").fails(2, "cuibono: --from 2022-01-01 is later than --to 2019-01-01");
    cuibono("diff --from all --to 2019").fails(2, "cuibono: --from takes one day, not all");
}

#[test]
fn search_in_json() {
    let answer = cuibono("search").arg("Novalpina Capital Partners").json();
    let mut scores = Vec::new();
    for found in each(&answer, "matches") {
        is_entity(&found["entity"]);
        assert!(found["matched_name"].is_string(), "{found}");
        scores.push(found["score"].as_f64().expect("a number"));
    }
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn the_rest_in_json() {
    let stats = ask("stats").json();
    for key in ["entities", "interests", "jurisdictions", "sources", "components", "largest_circular_group"] {
        assert!(stats[key].is_u64(), "{key}: {stats}");
    }
    let check = cuibono("check").stdin("owner,owned,share\nA,B,60\nC,B,60\n").json();
    for finding in each(&check, "findings") {
        keys(finding, &["rule", "severity", "record", "message"]);
    }
    assert_eq!(check["counts"]["over-subscribed"], 1);
    let card = ask("show noal-scsp").json();
    is_entity(&card["entity"]);
    assert!(each(&card, "interests").all(|row| row["id"].is_string() && row["sources"].is_array()));
    assert!(each(&card, "source_list").all(|source| source["title"].is_string()));
}

#[test]
fn rows_are_chosen_and_numbers_are_not() {
    let chain = "owner,owned,share\nA,B,60\nB,C,50\nD,C,10\n";
    let rows = |flags: &str| {
        let answer = cuibono(&format!("owners-of C {flags}")).stdin(chain).json();
        let row = |row: &Value| {
            let id = row["entity"]["id"].as_str().expect("an id");
            format!("{id} {}", row["effective"]["min"].as_f64().expect("a number"))
        };
        let sorted: BTreeSet<String> = each(&answer, "owners").map(row).collect();
        Vec::from_iter(sorted).join(", ")
    };
    assert_eq!(rows(""), "A 30, B 50, D 10");
    assert_eq!(rows("--direct"), "B 50, D 10");
    assert_eq!(rows("--ultimate"), "A 30, D 10");
    assert_eq!(rows("--min-share 25"), "A 30, B 50");
    assert_eq!(rows("--depth 1"), "B 50, D 10");
}

#[test]
fn open_ends_are_marked_and_exact_shares_are_exact() {
    let answer = cuibono("owners-of B").stdin("owner,owned,share\nA,B,\"(25,50]\"\nC,B,33.3333333\n").json();
    let row = |id: &str| each(&answer, "owners").find(|row| row["entity"]["id"] == id).expect("a row").clone();
    assert_eq!(row("A")["direct"], serde_json::json!({"min": 25.0, "max": 50.0, "min_open": true}));
    assert_eq!(row("C")["effective"], serde_json::json!({"min": 33.3333333, "max": 33.3333333}));
}

#[test]
fn diagrams_in_every_format() {
    let begins = [
        ("dot", b"digraph".as_slice()),
        ("svg", b"<svg"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("pdf", b"%PDF-"),
        ("mmd", b"flowchart"),
        ("html", b"<!doctype html>"),
    ];
    for (format, start) in begins {
        let end = ask("diagram NSO").args(["--to", format]).answers().quiet();
        let text = String::from_utf8_lossy(&end.bytes);
        let text = text.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").trim_start();
        let begins = end.bytes.starts_with(start) || text.as_bytes().to_ascii_lowercase().starts_with(start);
        assert!(begins, "{format}: {}", text.chars().take(60).collect::<String>());
        if !["png", "pdf"].contains(&format) {
            assert!(text.contains("Triangle Holdings"), "{format}");
            // Mermaid has no place for a date yet.
            assert!(format == "mmd" || text.contains(DAY), "{format}");
        }
        let folder = crate::run::Folder::new();
        let path = folder.path().join(format!("nso.{format}"));
        let written = ask("diagram NSO").arg("-o").arg(&path).answers().quiet();
        assert!(written.bytes.is_empty() && std::fs::read(&path).expect("the file") == end.bytes, "{format}");
    }
}

#[test]
fn a_tree_of_owners_and_of_holdings() {
    let data = "owner,owned,share\nA,B,60\nC,B,40\nD,A,100\nB,D,5\n";
    let tree = |command: &str| cuibono(command).stdin(data).answers().text().to_owned();
    let expected = "as of 2021-05-31\n\
                    B (company · ?, ↺ circle)\n\
                    ├─ 60 %  A (company · ?, ↺ circle)\n\
                    │  └─ 100 %  D (company · ?, ↺ circle)\n\
                    │     └─ 5 %  B (company · ?, ↺ circle) ↺\n\
                    └─ 40 %  C (company · ?)\n";
    assert_eq!(tree("owners-of B --tree --as-of 2021-05-31"), expected);
    let expected = "as of 2021-05-31\nC (company · ?)\n└─ 40 %  B (company · ?)\n";
    assert_eq!(tree("holdings-of C --tree --direct --as-of 2021-05-31"), expected);
    cuibono("owners-of B --tree --format json")
        .stdin(data)
        .fails(2, "cuibono: --tree is text for people; leave out --format");
    cuibono("owners-of B --tree --min-share 5")
        .stdin(data)
        .fails(2, "cuibono: --min-share is about effective shares, which a tree does not show");
    let end = cuibono("owners-of B --tree --limit 2").stdin(data).end().code(5);
    assert_eq!(end.text().lines().count(), 4, "{}", end.text());
}

#[test]
fn cuts_and_comparisons_of_diagrams() {
    let svg = |arguments: &str| ask(&format!("diagram NSO {arguments}")).args(["--to", "svg"]).answers();
    let all = svg("");
    all.has("Yana Peel").has("Westbridge");
    svg("--only-control").has("only control").lacks("Yana Peel");
    svg("--min-share 30").has("below 30 %").has("NorthPole Newco");
    let chains = svg("--path-to Oregon");
    chains.has("Triangle Holdings").lacks("Westbridge").lacks("CNP Assurances");
    svg("--history").has("Francisco Partners").has("until 2019-03");
    svg("--compare-to 2019-01-01").has("− gone").has("+ new").has("changes from 2019-01-01 to");
    svg("--compare-to 2019-01-01 --side-by-side").has("as of 2019-01-01").lacks("− gone");
    svg("--listed Oregon").has("class=\"box state-body listed\"");
    for (arguments, message) in [
        ("--compare-to all", "a date instead of all"),
        ("--compare-to 2019-01-01 --history", "cannot be used with"),
        ("--side-by-side", "--compare-to"),
        ("--min-share 120", "--min-share"),
        ("--engine dot --to html", "Graphviz draws"),
    ] {
        let end = ask(&format!("diagram NSO {arguments}")).end().code(2);
        assert!(end.errors.contains(message) && end.bytes.is_empty(), "{arguments}: {}", end.errors);
    }
    ask("diagram NSO --path-to nobody-of-this-name").end().code(1);
}

#[test]
fn graphviz_lays_out_where_it_is_installed() {
    if std::process::Command::new("dot").arg("-V").output().is_err() {
        eprintln!("skipped: the program dot of Graphviz is not installed");
        return;
    }
    ask("diagram NSO --engine dot --to svg").answers().has("Generated by graphviz").has("Triangle");
    let png = ask("diagram NSO --engine dot --to png").answers();
    assert!(png.bytes.starts_with(b"\x89PNG"));
}
