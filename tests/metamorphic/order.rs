//! The order of records says nothing: shuffled, they make the same graph.

use crate::graphs::described;
use crate::numbers::{assert_same, numbers};
use crate::random::Random;
use crate::sketch::{Sketch, cases, read, seeded};
use crate::tally::tally;
use cuibono::error::Result;
use cuibono::export::losses::Losses;
use cuibono::export::{bods, ftm, jsonl};
use cuibono::graph::{OwnershipGraph, View};
use cuibono::model::AsOf;
use serde_json::{Value, json};
use std::io::Write;

type Writer = fn(View<'_>, &mut dyn Write, &mut Losses) -> Result<()>;

const WRITERS: [Writer; 3] = [jsonl::write, bods::write, ftm::write];

/// What is written of a graph that says everything.
const RICH: &str = "a rich graph";

/// What a graph tells, but for the numbers of the records.
fn told(graph: &OwnershipGraph) -> Vec<String> {
    let mut lines: Vec<String> = described(graph).iter().map(|line| without_record(line)).collect();
    lines.sort();
    lines
}

/// A line of an interest begins with its id, which for plain edges is the place of the row, and ends with its input, the number
/// of the record in it, and its texts.
fn without_record(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    if words[0] == "interest" && words[1].starts_with("\"out:") {
        words[1] = "#";
    }
    if words[0] == "interest"
        && let Some(place) = words.iter().position(|word| *word == "out")
        && let Some(number) = words.get_mut(place + 1)
    {
        *number = "#";
    }
    words.join(" ")
}

/// The lines of a text in other orders, the first line where it stands if it is a header.
fn shuffled(text: &str, header: bool, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    random.shuffle(&mut lines[usize::from(header)..]);
    lines.join("\n") + "\n"
}

/// Reads a text in several orders: the same graph each time, and the same figures. Between undated rivals of one confidence their
/// order decides, so that figures are not looked at where a text may hold such.
#[track_caller]
fn order_is_free(text: &str, header: bool, seed: u64, what: &str) -> usize {
    let may_hold_rivals = what == RICH;
    let random = &mut seeded(seed ^ 0xbeef);
    let graph = read(&[("out", text)]);
    let (lines, figures) = (told(&graph), numbers(&graph));
    for _ in 0..3 {
        let other = shuffled(text, header, random);
        let found = read(&[("out", &other)]);
        assert_same(&lines, &told(&found), &format!("{what} {seed}:\n{text}\nin another order:\n{other}"));
        if !may_hold_rivals {
            assert_same(&figures, &numbers(&found), &format!("{what} {seed}:\n{text}\nin another order:\n{other}"));
        }
    }
    3
}

/// A JSON array as one value a line.
fn lines_of(bytes: &[u8]) -> String {
    let values: Vec<Value> = match serde_json::from_slice(bytes) {
        Ok(values) => values,
        Err(_) => return String::from_utf8(bytes.to_vec()).expect("text"),
    };
    values.iter().map(|value| format!("{value}\n")).collect()
}

#[test]
fn lines_of_every_format_may_stand_in_any_order() {
    let mut tried = 0;
    for seed in 0..cases() / 2 {
        let graph = Sketch::rich(seed).graph();
        for write in WRITERS {
            let mut out = Vec::new();
            write(graph.view(AsOf::All), &mut out, &mut Losses::default()).expect("memory");
            tried += order_is_free(&lines_of(&out), false, seed, RICH);
        }
        let sketch = Sketch::exact(seed);
        let rows = sketch.interests.iter().map(|row| format!("{},{},{}\n", row["owner"], row["owned"], row["share"]));
        let rows: String = rows.collect();
        tried += order_is_free(&format!("owner,owned,share\n{rows}"), true, seed, "edges");
    }
    tally("files of four formats in other orders of their lines", tried, &[("the same graph", tried)]);
}

/// Statements of 0.4 about one company: records with histories, some closed, some opened again.
fn histories(random: &mut Random) -> Vec<Value> {
    let statement = |kind: &str, record: &str, status: &str, date: &str, details: Value| {
        json!({"statementId": format!("{record}-{date}-{status}"), "recordId": record, "recordType": kind,
            "recordStatus": status, "declarationSubject": "acme", "statementDate": date, "recordDetails": details})
    };
    let company = |name: &str| json!({"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": name});
    let mut statements = vec![statement("entity", "acme", "new", "2015-01-01", company("Acme"))];
    if random.one_in(2) {
        statements.push(statement("entity", "acme", "updated", "2019-01-01", company("Acme Renamed")));
    }
    for owner in 0..1 + random.below(4) {
        let person = json!({"isComponent": false, "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": format!("Owner {owner}")}]});
        statements.push(statement("person", &format!("o{owner}"), "new", "2015-01-01", person));
        let record = format!("r{owner}");
        let mut year = 2016;
        for version in 0..1 + random.below(4) {
            let interests = json!([{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 5 + 5 * random.below(5)}}]);
            let details = json!({"isComponent": false, "interestedParty": format!("o{owner}"), "subject": "acme", "interests": interests});
            let status = if version == 0 { "new" } else { random.pick(&["updated", "updated", "closed"]) };
            statements.push(statement(
                "relationship",
                &record,
                status,
                &format!("{year}-0{}-01", 1 + random.below(9)),
                details,
            ));
            year += 1 + random.below(2);
            if status == "closed" {
                break;
            }
        }
    }
    statements
}

#[test]
fn replaced_and_closed_statements_may_stand_in_any_order() {
    let mut tried = 0;
    for seed in 0..cases() {
        let statements = histories(&mut seeded(seed));
        let text: String = statements.iter().map(|statement| format!("{statement}\n")).collect();
        tried += order_is_free(&text, false, seed, "histories");
    }
    tally("histories of BODS statements in other orders", tried, &[("the same graph", tried)]);
}

/// Statements of 0.2, which name those that they replace.
#[test]
fn statements_that_replace_others_may_stand_in_any_order() {
    let mut tried = 0;
    for seed in 0..cases() {
        let random = &mut seeded(seed);
        let id = |name: &str| format!("{name:-<36}");
        let mut statements = vec![
            json!({"statementID": id("acme"), "statementType": "entityStatement", "isComponent": false,
                "entityType": "registeredEntity", "name": "Acme", "statementDate": "2015-01-01"}),
            json!({"statementID": id("ann"), "statementType": "personStatement", "isComponent": false,
                "personType": "knownPerson", "names": [{"fullName": "Ann"}], "statementDate": "2015-01-01"}),
        ];
        for version in 0..2 + random.below(4) {
            let replaced: Vec<String> = (0..version).rev().take(1).map(|version| id(&format!("v{version}"))).collect();
            statements.push(json!({
                "statementID": id(&format!("v{version}")), "statementType": "ownershipOrControlStatement",
                "isComponent": false, "statementDate": format!("20{}-01-01", 16 + version),
                "subject": {"describedByEntityStatement": id("acme")},
                "interestedParty": {"describedByPersonStatement": id("ann")},
                "interests": [{"type": "shareholding", "interestLevel": "direct", "share": {"exact": 10 + random.below(80)}}],
                "replacesStatements": replaced,
            }));
        }
        let text: String = statements.iter().map(|statement| format!("{statement}\n")).collect();
        tried += order_is_free(&text, false, seed, "replaced");
    }
    tally("BODS statements that replace others, in other orders", tried, &[("the same graph", tried)]);
}
