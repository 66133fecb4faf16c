//! Real rows, answers and events.

use super::*;

#[test]
fn the_real_rows_of_the_snapshot() {
    let Some(folder) = shared("uk-psc/psc-records") else { return };
    // 19 rows, 16 totals rows, 3 rows of companies, of which one company stands twice.
    let graph = read(&folder);
    assert_eq!(sizes(&graph), (38, 0, 37, 32, 1));
    let (totals, others): (Vec<_>, Vec<_>) =
        graph.problems().iter().partition(|problem| problem.rule == Rule::TotalsMismatch);
    assert_eq!((totals.len(), others.len()), (16, 0), "each file is a cut of the whole snapshot");
    let company = graph.entity(graph.node_by_id("GB-COH-08209948").expect("! LTD"));
    assert_eq!((company.name(), company.details().facts.len()), ("! LTD", 1));
    assert_eq!(company.founded().map(|date| date.to_string()).as_deref(), Some("2012-09-11"));
    let government = graph.entity(graph.node_by_id("GB-COH-OE031044-28NaTOioatSpvI7hNY3qz_fKYoI").expect("a state"));
    assert_eq!((government.kind(), government.jurisdiction()), (EntityKind::State, Some("CZ")));
    let minnesota = graph.entity(graph.node_by_id("GB-COH-02847483-YIVGZxjcS8tcf-5WdYZBtTTW-so").expect("an insurer"));
    let number = minnesota.identifiers().next().map(|number| number.to_string());
    assert_eq!(number.as_deref(), Some("registration number (Minnesota, Usa):41-0406690"));
    for (file, expected) in [
        ("psc-data-1.json", (3, 0, 2, 1, 0)),
        ("psc-data-2.json", (2, 0, 2, 2, 0)),
        ("psc-data-3.json", (2, 0, 2, 2, 0)),
        ("psc-data-4.json", (2, 0, 2, 1, 0)),
        ("psc-data-5.json", (2, 0, 2, 1, 0)),
        ("psc-data-6.json", (2, 0, 2, 2, 0)),
        ("psc-data-7.json", (2, 0, 2, 1, 1)),
        ("psc-data-8.json", (4, 0, 6, 6, 0)),
        ("psc-data-9.json", (2, 0, 2, 1, 0)),
        ("psc-data-10.json", (2, 0, 2, 2, 0)),
        ("psc-data-11.json", (2, 0, 2, 4, 0)),
        ("psc-data-12.json", (2, 0, 2, 3, 0)),
        ("psc-data-13.json", (2, 0, 2, 1, 0)),
        ("psc-data-14.json", (2, 0, 2, 2, 0)),
        ("psc-data-15.json", (2, 0, 2, 2, 0)),
        ("psc-data-16.json", (2, 0, 2, 1, 0)),
        ("basic-company-data-1.csv", (1, 0, 1, 0, 0)),
        ("company-data-1.json", (2, 0, 2, 0, 0)),
    ] {
        assert_eq!(sizes(&read(&folder.join(file))), expected, "{file}");
    }
}

#[test]
fn the_real_bundles_of_the_api() {
    let Some(folder) = shared("uk-psc/api-bundles") else { return };
    // 15 profiles, 29 persons, 2 statements. Of the 16 records of corporate owners, 12 are of companies with a bundle.
    let graph = read(&folder);
    assert_eq!(counts(&graph), (46, 0));
    assert_eq!((graph.node_count(), graph.edge_count(), unknown_parties(&graph)), (32, 58, 0));
    assert_eq!(facts(&graph, "GB-COH-05819262").len(), 1);
    let owners = |company: &str| {
        let answer = cuibono("owners-of").arg(company).args(["--as-of", "2026-06-01"]).data(&folder).json();
        let line = |owner: &serde_json::Value| {
            let (entity, range) = (&owner["entity"], &owner["effective"]);
            format!(
                "{} {} {}-{}",
                entity["name"].as_str().unwrap_or(""),
                owner["control"].as_str().unwrap_or(""),
                range["min"],
                range["max"]
            )
        };
        answer["owners"].as_array().map_or(Vec::new(), |owners| owners.iter().map(line).collect::<Vec<_>>())
    };
    assert_eq!(
        owners("GB-COH:00036624"),
        ["ROUNDHOUSE CAPITAL HOLDINGS LIMITED certain 75.0-100.0", "Mr Thomas Dan Friedkin certain 56.25-100.0"]
    );
    assert_eq!(
        owners("NEWCASTLE UNITED LIMITED"),
        [
            "PZ NEWCO LIMITED certain 75.0-100.0",
            "NCUK INVESTMENT LIMITED certain 56.25-100.0",
            "Public Investment Fund certain 42.1875-100.0",
        ]
    );
    assert!(owners("KEMBLE WATER HOLDINGS LIMITED").is_empty());
}

#[test]
fn the_sample_of_the_stream() {
    let Some(file) = shared("uk-psc/bods-stream-sample/sample_psc_stream.jsonl") else { return };
    let graph = read(&file);
    // 41 events on 39 records: one record changed twice.
    assert_eq!(sizes(&graph), (41, 0, 78, 41, 1));
    let marcus: Vec<_> = terms(&graph).into_iter().filter(|line| line.ends_with("2026-06-10)")).collect();
    assert_eq!(marcus.len(), 3, "the correction and the end close what was said before");
    assert_eq!(problems(&graph), Vec::<String>::new());
}

#[test]
fn rejected_files_and_other_formats() {
    let mut loader = Loader::new();
    let error = loader
        .read_text("psc.jsonl", "{\"company_number\":\"1\",\"data\":{\"kind\":\"x\"}}\n")
        .expect_err("nothing is read");
    assert_eq!(
        error.to_string(),
        "psc.jsonl:1: the kind \"x\" is none of the register's; none of the 1 records of this input could be read"
    );
}
