//! Converted and read back: the same parties and interests.

use cuibono::export::losses::Losses;
use cuibono::export::{bods, ftm};
use cuibono::graph::{OwnershipGraph, View};
use cuibono::load::{Format, Loader};
use cuibono::model::AsOf;
use std::path::Path;

type Write = fn(View<'_>, &mut dyn std::io::Write, &mut Losses) -> cuibono::error::Result<()>;

const FORMATS: [(Format, Write); 2] = [(Format::Bods, bods::write), (Format::Ftm, ftm::write)];

fn read(name: &str, text: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read_text(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    loader.finish().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The graph as it comes back from a format, recognised by its content, without a reject or a problem of reading.
#[track_caller]
fn back(graph: &OwnershipGraph, format: Format, write: Write) -> OwnershipGraph {
    let mut out = Vec::new();
    write(graph.view(AsOf::All), &mut out, &mut Losses::default()).expect("written");
    let text = String::from_utf8(out).expect("UTF-8");
    let found = read("out", &text);
    let input = &found.inputs()[0];
    assert_eq!((input.format.as_str(), input.rejected), (format.name(), 0));
    found
}

/// Entities by id with all that both formats hold or keep.
fn entities(graph: &OwnershipGraph) -> Vec<String> {
    let mut lines: Vec<String> = graph
        .nodes()
        .map(|node| {
            let entity = graph.entity(node);
            let mut numbers: Vec<String> = entity.identifiers().map(|number| number.to_string()).collect();
            numbers.sort();
            let more = entity.details();
            format!(
                "{} {:?} {} {:?} {numbers:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
                entity.id(),
                entity.name(),
                entity.kind(),
                entity.jurisdiction(),
                entity.founded(),
                entity.dissolved(),
                more.aliases,
                more.former_names,
                more.topics,
                more.legal_form,
                more.listed,
            )
        })
        .collect();
    lines.sort();
    lines
}

/// Interests, whatever their order and number.
fn interests(graph: &OwnershipGraph) -> Vec<String> {
    let mut lines: Vec<String> = graph
        .edges()
        .map(|edge| {
            let stake = graph.stake(edge);
            let interest = stake.interest();
            format!(
                "{} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
                stake.owner().id(),
                interest.kind(),
                stake.owned().id(),
                interest.share(),
                stake.start(),
                stake.end(),
                interest.directness(),
                interest.confidence(),
                interest.marks(),
                interest.is_controlling(),
                stake.details().and_then(|details| details.reason.as_ref()),
            )
        })
        .collect();
    lines.sort();
    lines
}

#[track_caller]
fn assert_same(what: &str, one: Vec<String>, other: Vec<String>) {
    let lost: Vec<&String> = one.iter().filter(|line| other.binary_search(line).is_err()).take(4).collect();
    let new: Vec<&String> = other.iter().filter(|line| one.binary_search(line).is_err()).take(4).collect();
    assert!(lost.is_empty() && new.is_empty(), "{what}\nlost: {lost:#?}\nnew: {new:#?}");
    assert_eq!(one.len(), other.len(), "{what}");
}

#[track_caller]
fn comes_back(graph: &OwnershipGraph) {
    for (format, write) in FORMATS {
        let found = back(graph, format, write);
        assert_same(&format!("entities through {}", format.name()), entities(graph), entities(&found));
        assert_same(&format!("interests through {}", format.name()), interests(graph), interests(&found));
    }
}

#[test]
fn the_compiled_in_dataset_comes_back() {
    let graph = cuibono::load::built_in().expect("the dataset");
    assert_eq!((graph.node_count(), graph.edge_count()), (83, 79));
    comes_back(&graph);
}

#[test]
fn every_kind_share_and_date_comes_back() {
    let kinds = cuibono::model::InterestKind::ALL;
    let shares =
        [r#""12.5""#, r#""(25,50]""#, r#""[25,50)""#, r#""25-50""#, r#"">50""#, r#""<10""#, r#""33.3333333""#, r#""""#];
    let dates = [
        r#""start": "2019", "end": "2020-02""#,
        r#""start": "2019-03-14", "end": "2020-02-29""#,
        r#""start": {"not_after": "2019-03"}, "end": {"not_before": "2020"}"#,
        r#""start": {"not_before": "2018", "not_after": "2019-03-01"}, "end": {"not_before": "2020", "not_after": "2021"}"#,
        r#""start": {"not_before": "2018-02"}"#,
        r#""directness": "indirect""#,
        r#""directness": "unknown", "confidence": "medium", "approximate": true, "contested": true"#,
        r#""majority": true, "derived": true, "inferred": true, "dates_inferred": true, "reason": "so; it = is""#,
    ];
    let mut rows = Vec::new();
    for (number, kind) in kinds.iter().enumerate() {
        let (share, date) = (shares[number % shares.len()], dates[(number / 3) % dates.len()]);
        let owned = ["c", "t", "n"][number % 3];
        rows.push(format!(
            r#"{{"id": "R{number}", "owner": "p", "owned": "{owned}", "kind": "{kind}", "share": {share}, {date}}}"#
        ));
    }
    let entities = r#"[
        {"id": "p", "name": "P", "kind": "person", "jurisdiction": "US-DE", "founded": "1970", "topics": ["role.pep", "own.topic"],
         "identifiers": [{"scheme": "GBR-PASSPORT", "id": "1"}, {"scheme": "XX", "id": "a; b=c"}]},
        {"id": "c", "name": "C", "kind": "company", "jurisdiction": "US-DE", "founded": "2001-05", "dissolved": "2020",
         "aliases": ["CC"], "former_names": ["Old; C"], "legal_form": "Inc", "listed": true, "topics": ["sanction"],
         "identifiers": [{"scheme": "GB-COH", "id": "01234567"}, {"scheme": "XI-LEI", "id": "213800WAVVOPS85N2205"}]},
        {"id": "t", "name": "T", "kind": "arrangement"},
        {"id": "n", "name": "Not named", "kind": "unknown"},
        {"id": "GB: s", "name": "S", "kind": "state"},
        {"id": "b'", "name": "B", "kind": "state-body"}]"#;
    let text = format!(r#"{{"cuibono": 1, "entities": {entities}, "interests": [{}]}}"#, rows.join(","));
    let graph = read("kinds.json", &text);
    assert_eq!((graph.node_count(), graph.edge_count()), (6, 31));
    comes_back(&graph);
}

/// Interests of one statement are one statement again: what adds up, adds up.
#[test]
fn statements_of_several_interests_stay_together() {
    let text = r#"{"cuibono": 1, "entities": [{"id": "a", "name": "A", "kind": "company"}, {"id": "b", "name": "B", "kind": "company"}],
        "interests": [
            {"id": "R1", "owner": "a", "owned": "b", "kind": "shareholding", "share": 20, "statement": "S", "start": "2001-01-01"},
            {"id": "R2", "owner": "a", "owned": "b", "kind": "shareholding", "share": 10, "statement": "S", "start": "2001-01-01"}]}"#;
    let graph = read("two.json", text);
    for (format, write) in FORMATS {
        let found = back(&graph, format, write);
        let (owned, view) = (found.node_by_id("b").expect("b"), found.view("2020-01-01".parse().expect("a day")));
        let answer = view.owners_of(owned, cuibono::query::owners::Rows::default()).expect("an answer");
        assert_eq!(answer.owners[0].effective.min, 30.0, "{}", format.name());
    }
}

/// The registers and datasets of the shared folder, where it is.
#[test]
fn real_files_come_back() {
    let root = std::env::var_os("CUIBONO_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    for path in ["data/opencheck/bods_data", "data/ftm/yente", "data/bods-standard/0.4/examples"] {
        let path = root.join(path);
        if !path.exists() {
            println!("skipped: {} is not here", path.display());
            continue;
        }
        let mut loader = Loader::new();
        loader.read(&path).expect("read");
        let graph = loader.finish().expect("a graph");
        assert!(graph.edge_count() > 10, "{}", path.display());
        for (format, write) in FORMATS {
            let found = back(&graph, format, write);
            let pairs = |graph: &OwnershipGraph| {
                let mut lines: Vec<String> = graph
                    .edges()
                    .filter(|&edge| graph.stake(edge).owned().kind() != cuibono::model::EntityKind::Person)
                    .map(|edge| {
                        let (stake, interest) = (graph.stake(edge), graph.interest(edge));
                        let (owner, owned) = (stake.owner().id().to_owned(), stake.owned().id().to_owned());
                        format!("{owner} {} {owned} {:?}", interest.kind(), interest.share())
                    })
                    .collect();
                lines.sort();
                lines
            };
            assert_same(&format!("{} through {}", path.display(), format.name()), pairs(&graph), pairs(&found));
        }
    }
}
