//! Answers of several machines against those of one, on hundreds of random graphs and on the golden cases.

use crate::graphs::{Kind, random};
use crate::machines::{Asked, ask, ask_all, copy, cut};
use crate::support;
use cuibono::error::{Error, Location};
use cuibono::load::Loader;
use cuibono::model::Layer;

fn cases() -> u64 {
    std::env::var("CUIBONO_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

fn questions(listed: &[String]) -> Vec<Asked> {
    vec![
        Asked::Ultimate,
        Asked::Circular(Layer::Capital),
        Asked::Circular(Layer::Votes),
        Asked::Effective(0.0, Layer::Capital),
        Asked::Effective(25.0, Layer::Votes),
        Asked::Screen("ofac", listed.to_vec()),
        Asked::Screen("eu", listed.to_vec()),
    ]
}

/// Asks everything of random graphs of a kind; tells how many rows were compared.
fn compare(kind: Kind) -> usize {
    let mut rows = 0;
    for seed in 0..cases() {
        let graph = random(seed, kind);
        let listed: Vec<String> = graph.nodes().take(2).map(|node| graph.entity(node).id().to_owned()).collect();
        let parts = cut(&graph, 1 + seed as usize % 3);
        let workers = 1 + seed as usize % 2 + usize::from(parts.len() == 1);
        for asked in questions(&listed) {
            let (several, alone) = (ask(&asked, &parts, workers), asked.alone(&parts));
            let differ = several.iter().zip(&alone).find(|(one, other)| one != other);
            let run = format!("{kind:?}, seed {seed}, {} parts, {workers} workers: {asked:?}", parts.len());
            assert!(several == alone, "{run}: {} and {} rows, first {differ:?}", several.len(), alone.len());
            rows += alone.len();
        }
    }
    rows
}

#[test]
fn votes_alone() {
    let rows = compare(Kind::Votes);
    assert!(rows as u64 > 100 * cases(), "{rows} rows");
}

#[test]
fn ranges_and_circles() {
    let rows = compare(Kind::Ranges);
    assert!(rows as u64 > 100 * cases(), "{rows} rows");
}

#[test]
fn rights_accounts_dates_and_indirect_interests() {
    let rows = compare(Kind::Wild);
    assert!(rows as u64 > 15 * cases(), "{rows} rows");
}

#[test]
fn the_golden_cases() {
    let cases = match support::cases::load() {
        Ok(cases) => cases,
        Err(why) => {
            println!("skipped: {why}");
            return;
        }
    };
    let mut rows = 0;
    for case in &cases {
        let graph = support::cases::graph(case);
        let mut loader = Loader::new();
        let (name, text) = match support::plain(&graph) {
            true => ("case.csv", support::csv(&graph)),
            false => ("case.json", support::native(&graph)),
        };
        loader.read_text(name, &text).unwrap_or_else(|error| panic!("{}: {error}", case.id));
        let graph = loader.finish().expect("a graph");
        let parts = cut(&graph, 2);
        let listed: Vec<String> = graph.nodes().take(2).map(|node| graph.entity(node).id().to_owned()).collect();
        for asked in questions(&listed) {
            let (several, alone) = (ask(&asked, &parts, 1), asked.alone(&parts));
            assert_eq!(several, alone, "{}: {asked:?}", case.id);
            rows += alone.len();
        }
    }
    assert!(rows > 10 * cases.len(), "{rows} rows of {} cases", cases.len());
}

/// What several machines answer about rows of a CSV file.
fn ultimate(rows: &str) -> Vec<String> {
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &format!("owner,owned,share,kind\n{rows}")).expect("edges");
    let parts = cut(&loader.finish().expect("a graph"), 2);
    let rows = ask(&Asked::Ultimate, &parts, 2);
    assert_eq!(rows, Asked::Ultimate.alone(&parts));
    rows.iter().map(|row| row.trim().to_owned()).collect()
}

#[test]
fn mutual_majorities_are_one_class_and_do_not_oscillate() {
    let rows = ultimate("B,A,60,\nA,B,60,\nA,C,30,\nB,C,30,\nC,D,51,\n");
    assert_eq!(rows, ["A A true", "B A true", "C A true", "D A true"]);
    let ring = "B,A,60,\nC,B,60,\nD,C,60,\nE,D,60,\nA,E,60,\nC,X,30,\nE,X,30,\n";
    assert_eq!(ultimate(ring).len(), 6);
    assert!(ultimate(ring).iter().all(|row| row.ends_with(" A true")));
}

#[test]
fn a_root_that_is_controlled_from_below_stands_with_its_class() {
    // R holds B, which holds C; B and C together hold R: R and B control one another.
    let rows = ultimate("R,B,60,\nB,C,60,\nB,R,30,\nC,R,30,\n");
    assert_eq!(rows, ["B B true", "C B true", "R B true"]);
    // Both come under the other in the same round.
    let rows = ultimate("P,A1,60,\nP,A2,60,\nQ,B1,60,\nQ,B2,60,\nB1,P,30,\nB2,P,30,\nA1,Q,30,\nA2,Q,30,\n");
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.ends_with(" P true")), "{rows:?}");
}

#[test]
fn a_long_row_of_majorities_that_come_together_one_after_the_other() {
    let rows: String =
        (0..60).map(|at| format!("n{at},s{at},60,\nn{at},n{next},30,\ns{at},n{next},30,\n", next = at + 1)).collect();
    let rows = ultimate(&rows);
    assert_eq!(rows.len(), 120);
    assert!(rows.iter().all(|row| row.ends_with(" n0 false")));
}

#[test]
fn a_part_that_cannot_be_read_ends_the_run_on_all_machines() {
    let parts = cut(&random(1, Kind::Votes), 3);
    let unread = Error::data(Location::of("part-1.csv").at_line(7), "is no share");
    let mut given: Vec<_> = parts.iter().map(|part| Ok(copy(part))).collect();
    given[1] = Err(unread);
    let ended: Vec<String> =
        ask_all(&Asked::Ultimate, given, 2).into_iter().map(|ended| ended.expect_err("an error")).collect();
    let told = "process 1 ended the run: part-1.csv:7: is no share";
    assert_eq!(ended, [told, "part-1.csv:7: is no share", told]);
}

#[test]
fn interests_in_one_entity_in_two_parts_are_refused() {
    let parts = ["Ann,Acme,60\n", "Bob,Acme,40\n"].map(|row| {
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &format!("owner,owned,share\n{row}")).expect("edges");
        Ok(loader.finish().expect("a graph"))
    });
    let ended = ask_all(&Asked::Ultimate, parts.into(), 1);
    let why = "interests in \"Acme\" stand in the parts of process 0 and of process 1; all interests in one entity belong \
               into the parts of one process";
    assert!(ended.iter().all(|ended| ended.as_ref().is_err_and(|error| error.contains(why))), "{ended:?}");
}

#[test]
fn whoever_is_listed_must_be_there() {
    let parts = cut(&random(2, Kind::Votes), 2);
    let asked = Asked::Screen("ofac", vec!["e00".to_owned(), "nobody".to_owned()]);
    let ended = ask_all(&asked, parts.iter().map(|part| Ok(copy(part))).collect(), 1);
    let why = "line 2 of the list: no entity has the id \"nobody\"";
    assert!(ended.iter().all(|ended| ended.as_ref().is_err_and(|error| error.contains(why))), "{ended:?}");
}
