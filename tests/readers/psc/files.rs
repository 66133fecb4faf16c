//! Statements, totals, broken rows, and the other forms of the register: stream, API, table of companies.

use super::*;

#[test]
fn statements_are_facts_and_some_speak_of_somebody() {
    let statement = |segment: &str, code: &str, more: &str| {
        row(
            segment,
            &format!(
                r#""kind":"persons-with-significant-control-statement","statement":"{code}","notified_on":"2017-03-01"{more}"#
            ),
        )
    };
    let graph = graph_of(&[
        statement("h1", "no-individual-or-entity-with-signficant-control", r#","ceased_on":"2019-02-01""#),
        statement("h2", "psc-exists-but-not-identified-partnership", r#","ceased_on":"2018-01-01""#),
        statement("h3", "restrictions-notice-issued-to-psc", r#","linked_psc_name":"Mr A""#),
        statement("h4", "something-new", ""),
        row(
            "h5",
            r#""kind":"exemptions","exemptions":{"psc_exempt_as_trading_on_uk_regulated_market":{"exemption_type":"x","items":[{"exempt_from":"2021-01-01"},{"exempt_from":"2017-01-01","exempt_to":"2018-01-01"}]}}"#,
        ),
    ]);
    assert_eq!(sizes(&graph), (5, 0, 2, 1, 1));
    assert_eq!(
        facts(&graph, "GB-COH-01234567"),
        [
            "2017-03-01 register-statement: The company states that it has no registrable person with significant \
             control. Withdrawn on 2019-02-01.",
            "2017-03-01 register-statement: The company states that it has a person with significant control whom it \
             has not identified. Withdrawn on 2018-01-01.",
            "2017-03-01 register-statement: The company states that it has restricted the interest of somebody who has \
             not answered it. The person concerned is Mr A.",
            "2017-03-01 register-statement: The register holds the statement \"something-new\".",
            "2021-01-01 register-statement: Need not state who has significant control: its shares are traded on a \
             regulated market of the United Kingdom.",
            "2017-01-01 register-statement: Need not state who has significant control: its shares are traded on a \
             regulated market of the United Kingdom. Ended on 2018-01-01.",
        ]
    );
    assert_eq!(interests(&graph), ["GB-COH-01234567-h2 unknownInterest ? GB-COH-01234567"]);
    assert_eq!(terms(&graph), ["unknownInterest [2017-03-01, 2018-01-01)"]);
    let expected =
        "psc.jsonl:4 unreadable-value: the statement \"something-new\" is not known; it is kept in its own words";
    assert_eq!(problems(&graph), [expected]);
}

#[test]
fn the_totals_row_tells_a_truncated_download() {
    let totals = |persons: u64, statements: u64| {
        format!(
            r#"{{"data":{{"kind":"totals#persons-of-significant-control-snapshot","persons_of_significant_control_count":{persons},"statements_count":{statements},"exemptions_count":0,"generated_at":"2024-11-22T03:43:03Z"}}}}"#
        )
    };
    let person = row("i1", &format!(r#"{PERSON},"natures_of_control":["ownership-of-shares-25-to-50-percent"]"#));
    let whole = graph_of(&[person.clone(), totals(1, 0)]);
    assert_eq!((sizes(&whole), problems(&whole)), ((2, 0, 2, 1, 0), Vec::new()));
    let cut = graph_of(&[person.clone(), totals(3, 1)]);
    assert_eq!(
        problems(&cut),
        [
            "psc.jsonl:2 totals-mismatch: the snapshot counts 3 persons, 1 statements and 0 exemptions; this input holds 1 \
          persons, 0 statements and 0 exemptions: the download is cut off, or this is one part of several"
        ]
    );
    // The first count may include the others.
    let statement = r#""kind":"persons-with-significant-control-statement","statement":"psc-details-not-confirmed""#;
    let inclusive = graph_of(&[person.clone(), row("i3", statement), totals(2, 1)]);
    assert_eq!(problems(&inclusive), Vec::<String>::new());
    // A row that cannot be read is no missing row.
    let bad = graph_of(&[person, row("i2", r#""kind":7"#), totals(2, 0)]);
    assert_eq!(counts(&bad), (2, 1));
    assert!(!problems(&bad).iter().any(|found| found.contains("totals-mismatch")));
}

#[test]
fn one_bad_record_costs_itself_only() {
    let folder = Folder::new();
    let good = |segment: &str| {
        row(
            segment,
            &format!(
                r#"{PERSON},"notified_on":"2016-13-01","natures_of_control":["ownership-of-shares-25-to-50-percent"]"#
            ),
        )
    };
    let rows = [
        good("j1"),
        "{\"company_number\":\"01234567\",\"data\":{".to_owned(),
        row("j2", r#""kind":"individual-director","name":"Dee""#),
        r#"{"data":{"kind":"individual-person-with-significant-control","name":"Nowhere"}}"#.to_owned(),
        row("j3", r#""name":"No Kind""#),
        row("j4", r#""kind":"individual-person-with-significant-control","natures_of_control":"all""#),
        "{\"a\":1}".to_owned(),
        good("j5"),
    ];
    let file = folder.write("psc.jsonl", rows.join("\n"));
    let rejects = folder.path().join("rejects.jsonl");
    cuibono("stats").data(&file).args(["--rejects"]).arg(&rejects).answers();
    let written = std::fs::read_to_string(&rejects).expect("rejects are written");
    let reasons: Vec<_> = written
        .lines()
        .map(|line| {
            let reject: serde_json::Value = serde_json::from_str(line).expect("JSON");
            format!("{}: {}", reject["line"], reject["reason"].as_str().unwrap_or(""))
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "2: is no record of the register: EOF while parsing an object",
            "3: the kind \"individual-director\" is none of the register's",
            "4: does not say of which company it is: company_number is missing, and so is the path",
            "5: names no kind: one such as individual-person-with-significant-control is needed",
            "6: is no record of the register: invalid type: string \"all\", expected a sequence",
            "7: is no record of the register: it holds neither \"data\" nor \"items\" nor a company",
        ]
    );
    let graph = read(&file);
    assert_eq!(sizes(&graph), (2, 6, 3, 2, 0));
    let unread: Vec<_> = problems(&graph).into_iter().filter(|found| found.contains("unreadable-value")).collect();
    assert_eq!(unread.len(), 2);
    let message = "notified_on \"2016-13-01\" is not a date: give a day (2019-03-14), a month (2019-03) or a year (2019); it \
                   is left out";
    assert!(unread[0].ends_with(message), "{}", unread[0]);
}

/// An event of the stream on one record of company 01234567.
fn event(kind: &str, timepoint: u64, published: &str, data: &str) -> String {
    format!(
        r#"{{"resource_uri":"/company/01234567/persons-with-significant-control/individual/l1","resource_kind":"company-psc-individual","resource_id":"l1","data":{{{data}}},"event":{{"type":"{kind}","timepoint":{timepoint},"published_at":"{published}T10:00:00"}}}}"#
    )
}

#[test]
fn later_events_end_what_earlier_ones_said() {
    let person = |natures: &str| format!(r#"{PERSON},"notified_on":"2020-01-01","natures_of_control":["{natures}"]"#);
    let first = event("changed", 1, "2020-01-05", &person("ownership-of-shares-25-to-50-percent"));
    let second = event("changed", 2, "2022-03-01", &person("ownership-of-shares-50-to-75-percent"));
    let replay = event("changed", 1, "2020-01-05", &person("ownership-of-shares-25-to-50-percent"));
    let graph = graph_of(&[first.clone(), second.clone(), replay]);
    assert_eq!(sizes(&graph), (3, 0, 2, 2, 0));
    assert_eq!(terms(&graph), ["shareholding [2020-01-01, 2022-03-01)", "shareholding [2020-01-01, )"]);

    let ceased = person("ownership-of-shares-50-to-75-percent") + r#","ceased_on":"2023-06-01""#;
    let third = event("changed", 3, "2023-06-09", &ceased);
    let graph = graph_of(&[first.clone(), second.clone(), third]);
    let expected = [
        "shareholding [2020-01-01, 2022-03-01)",
        "shareholding [2020-01-01, 2023-06-01)",
        "shareholding [2020-01-01, 2023-06-01)",
    ];
    assert_eq!(terms(&graph), expected);

    let graph = graph_of(&[first, second, event("deleted", 4, "2024-01-01", "")]);
    assert_eq!(terms(&graph), ["shareholding [2020-01-01, 2022-03-01)", "shareholding [2020-01-01, 2024-01-01)"]);
    assert_eq!(counts(&graph), (3, 0));
}

#[test]
fn lists_profiles_and_single_answers_of_the_api() {
    let item = |segment: &str| {
        format!(
            r#"{{{PERSON},"links":{{"self":"/company/01234567/persons-with-significant-control/individual/{segment}"}},"natures_of_control":["ownership-of-shares-25-to-50-percent"]}}"#
        )
    };
    let list = format!(
        r#"{{"items":[{},{{"kind":5}},{}],"total_results":3,"active_count":3,"ceased_count":0}}"#,
        item("m1"),
        item("m2")
    );
    let graph = read_text("list.json", &list);
    assert_eq!(sizes(&graph), (2, 1, 3, 2, 0));
    assert_eq!(
        problems(&graph),
        ["list.json:1 rejected-record: is no record of the register: invalid type: integer `5`, expected a string"]
    );
    let empty =
        r#"{"items":[],"links":{"self":"/company/01234567/persons-with-significant-control"},"total_results":0}"#;
    assert_eq!(sizes(&read_text("empty.json", empty)), (1, 0, 0, 0, 0));
    assert_eq!(sizes(&read_text("one.json", &item("m1"))), (1, 0, 2, 1, 0));
    let profile = r#"{"company_name":"ACME PLC","company_number":"1234567","type":"plc","company_status":"dissolved","date_of_creation":"1990-02-03","date_of_cessation":"2020-04-05","previous_company_names":[{"name":"OLD ACME"}]}"#;
    let graph = read_text("profile.json", profile);
    let acme = graph.entity(graph.node_by_id("GB-COH-01234567").expect("acme"));
    let dates = [acme.founded(), acme.dissolved()].map(|date| date.map(|date| date.to_string()).unwrap_or_default());
    assert_eq!((acme.name(), dates), ("ACME PLC", ["1990-02-03".to_owned(), "2020-04-05".to_owned()]));
    let details = acme.details();
    assert_eq!(details.legal_form.as_deref(), Some("Public limited company"));
    assert_eq!(details.note.as_deref(), Some("Status at Companies House: dissolved."));
    assert_eq!(details.former_names, ["OLD ACME"]);
}

const HEADER: &str = "CompanyName, CompanyNumber,RegAddress.PostTown,CompanyCategory,CompanyStatus,CountryOfOrigin,\
                      DissolutionDate,IncorporationDate,PreviousName_1.CONDATE, PreviousName_1.CompanyName";

#[test]
fn the_table_of_companies() {
    let text = format!(
        "{HEADER}\n\
         \"ACME \"\"A\"\" LTD\",\"01234567\",\"LEEDS\",\"Private Limited Company\",\"Active\",\"United Kingdom\",\"\",\"01/02/1990\",\"01/01/2000\",\"OLD LTD\"\n\
         \"SHORT\",\"00000002\"\n\
         \"NO NUMBER\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
         \"OPEN,\"00000003\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n\
         \"OVER\nTWO LINES\",\"SC1\",\"\",\"\",\"Liquidation\",\"\",\"\",\"31/02/1990\",\"\",\"\"\n\
         \"FAR CO\",\"FC000001\",\"\",\"\",\"Active\",\"LUXEMBOURG\",\"03/04/2020\",\"\",\"\",\"\"\n"
    );
    let graph = read_text("companies.csv", &text);
    assert_eq!(counts(&graph), (3, 3));
    let acme = graph.entity(graph.node_by_id("GB-COH-01234567").expect("acme"));
    assert_eq!((acme.name(), acme.jurisdiction()), ("ACME \"A\" LTD", Some("GB")));
    assert_eq!(acme.founded().map(|date| date.to_string()).as_deref(), Some("1990-02-01"));
    assert_eq!(acme.details().legal_form.as_deref(), Some("Private Limited Company"));
    assert_eq!(
        (acme.details().former_names.as_slice(), &acme.details().note),
        (["OLD LTD".to_owned()].as_slice(), &None)
    );
    let two = graph.entity(graph.node_by_id("GB-COH-SC000001").expect("two lines"));
    assert_eq!((two.name(), two.founded()), ("OVER\nTWO LINES", None));
    assert_eq!(two.details().note.as_deref(), Some("Status at Companies House: Liquidation."));
    let far = graph.entity(graph.node_by_id("GB-COH-FC000001").expect("far"));
    assert_eq!(
        (far.jurisdiction(), far.dissolved().map(|date| date.to_string()).as_deref()),
        (Some("LU"), Some("2020-04-03"))
    );
    let mut found = problems(&graph);
    found.sort();
    assert_eq!(
        found,
        [
            "companies.csv:3 rejected-record: has 2 cells where the header has 10",
            "companies.csv:4 rejected-record: the row has no CompanyNumber",
            "companies.csv:5 rejected-record: has 9 cells where the header has 10",
            "companies.csv:6 unreadable-value: IncorporationDate \"31/02/1990\" is no day such as 31/12/2020; it is left out",
        ]
    );
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_row() {
    let row = |name: &str, number: u32| format!("\"{name}\",\"{number:08}\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n");
    let mut text = format!("{HEADER}\n\"A\",\"00000009\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"B\n");
    (10..20).for_each(|number| text += &row("FINE", number));
    let graph = read_text("companies.csv", &text);
    assert_eq!((counts(&graph), graph.node_count()), ((10, 1), 10));
    let message = "companies.csv:2 rejected-record: a quote that opens in this row is never closed";
    assert_eq!(problems(&graph)[0], message);
}
