//! CSV and JSON Lines lose nothing.

use crate::data::{hostile, rich};
use crate::graphs::{assert_same, read};
use crate::run::{Folder, Run, cuibono};
use std::path::{Path, PathBuf};

/// The graph of some data written in a format and where it is.
fn converted(folder: &Folder, name: &str, data: &[&Path], flags: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    let run = data.iter().fold(Run::new().arg("convert"), |run, path| run.data(path));
    run.args(flags).arg("-q").arg("-o").arg(&path).answers().quiet();
    path
}

/// All formats that lose nothing.
fn lossless(folder: &Folder, data: &[&Path]) -> [PathBuf; 3] {
    [
        converted(folder, "out.jsonl", data, &[]),
        converted(folder, "safe", data, &["--to", "csv"]),
        converted(folder, "raw", data, &["--to", "csv", "--csv", "raw"]),
    ]
}

/// Reads data back from each format: the same graph, and written again the same bytes.
fn assert_round_trips(data: &[&Path]) {
    let folder = Folder::new();
    let before = read(data);
    let [jsonl, safe, raw] = lossless(&folder, data);
    let first = std::fs::read(&jsonl).expect("written");
    for path in [&jsonl, &safe, &raw] {
        assert_same(&before, &read(&[path]));
        let again = converted(&folder, "again.jsonl", &[path], &[]);
        assert!(std::fs::read(again).expect("written") == first, "{} reads as something else", path.display());
    }
}

#[test]
fn the_dataset_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_round_trips(&[&root.join("data/nso-group.json")]);
}

#[test]
fn hostile_texts_come_back() {
    let folder = Folder::new();
    assert_round_trips(&[&hostile(&folder)]);
}

#[test]
fn everything_that_an_interest_can_say_comes_back() {
    let folder = Folder::new();
    let path = rich(&folder);
    let graph = read(&[&path]);
    assert_eq!((graph.node_count(), graph.edge_count()), (3, 6));
    assert_round_trips(&[&path]);
}

#[test]
fn plain_edges_come_back_with_their_lines() {
    let folder = Folder::new();
    let edges = folder.write(
        "edges.csv",
        "owner,owned,share,source,owned_name\na,b,10,,\na,b,20,S1,\na,c,\"(25,50]\",S1,C Ltd\na,c,<10,,\nb,c,,S2,\n",
    );
    assert_round_trips(&[&edges]);
    let path = converted(&folder, "edges.jsonl", &[&edges], &[]);
    let text = std::fs::read_to_string(path).expect("written");
    let name = edges.display();
    assert!(text.contains(&format!("\"statement\":\"{name}:2\",\"statement_adds\":true")), "{text}");
    assert!(text.contains("\"id\":\"a\",\"name\":\"a\",\"kind\":\"company\"}"), "{text}");
}

/// Of rival statements the one read last counts: the order of reading comes back, whatever the order of ids.
#[test]
fn rivals_keep_their_order() {
    let folder = Folder::new();
    let one = folder.write("one.csv", "owner,owned,share\nx,y,10\nz,y,1\n");
    let two = folder.write("two.csv", "owner,owned,share\nx,w,5\nx,y,20\n");
    for (order, share) in [([&one, &two], 20.0), ([&two, &one], 10.0)] {
        let data = order.map(PathBuf::as_path);
        let out = Folder::new();
        for path in lossless(&out, &data) {
            let answer = cuibono("owners-of y --as-of 2024-01-01").data(&path).arg("-q").json();
            let rows = answer["owners"].as_array().expect("rows");
            let row = rows.iter().find(|row| row["entity"]["id"] == "x").expect("x owns y");
            assert_eq!(row["effective"]["max"], share, "{}", path.display());
        }
        assert_round_trips(&data);
    }
}

/// The same question, asked of the data and of what was made of them.
#[test]
fn answers_stay_the_same() {
    let folder = Folder::new();
    let built_in = [Path::new(env!("CARGO_MANIFEST_DIR")).join("data/nso-group.json")];
    let paths = lossless(&folder, &[&built_in[0]]);
    for day in ["2015-01-01", "2019-06-01", "2021-05-31", "2021-09-01", "2025-12-01"] {
        for question in ["owners-of NSO", "owners-of NSO --layer votes"] {
            let rows = |path: &Path| {
                let answer = cuibono(question).args(["--as-of", day, "-q"]).data(path).json();
                let rows = answer["owners"].as_array().expect("rows").iter();
                let mut rows: Vec<String> = rows
                    .map(|row| {
                        let (id, direct, effective) = (&row["entity"]["id"], &row["direct"], &row["effective"]);
                        format!("{id} {direct} {effective} {} {} {}", row["control"], row["ultimate"], row["distance"])
                    })
                    .collect();
                rows.sort();
                rows.push(format!("{} {}", answer["unaccounted"], answer["circular_groups"]));
                rows
            };
            let expected = rows(&built_in[0]);
            assert!(expected.len() > 3, "{day}: {expected:?}");
            paths.iter().for_each(|path| assert_eq!(rows(path), expected, "{question} on {day}: {}", path.display()));
        }
    }
}

#[test]
fn records_are_ordered_and_one_change_is_one_line() {
    let folder = Folder::new();
    let head = "owner,owned,share\n";
    let one = folder.write("edges.csv", format!("{head}b,a,10\nc,a,20\n"));
    let first = std::fs::read_to_string(converted(&folder, "1.jsonl", &[&one], &[])).expect("written");
    let two = folder.write("edges.csv", format!("{head}b,a,10\nc,a,21\n"));
    let second = std::fs::read_to_string(converted(&folder, "2.jsonl", &[&two], &[])).expect("written");
    let different = first.lines().zip(second.lines()).filter(|(a, b)| a != b).count();
    assert_eq!((first.lines().count(), second.lines().count(), different), (5, 5, 1));
}
