//! The Beneficial Ownership Data Standard, every version.

use super::run::cuibono;
use super::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::{OwnershipGraph, Stake};
use cuibono::load::Loader;
use cuibono::model::DateBound;
use cuibono::problem::Rule;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// An entity statement of 0.4.
fn entity(id: &str, name: &str, date: &str) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "entity", "recordStatus": "new",
        "declarationSubject": id, "statementDate": date,
        "recordDetails": {"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": name}})
}

/// A person statement of 0.4.
fn person(id: &str, name: &str, date: &str) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "person", "recordStatus": "new",
        "declarationSubject": "acme", "statementDate": date,
        "recordDetails": {"isComponent": false, "personType": "knownPerson", "names": [{"type": "legal", "fullName": name}]}})
}

/// A relationship statement of 0.4.
fn relationship(id: &str, date: &str, status: &str, pair: (&str, &str), interests: Value) -> Value {
    json!({"statementId": format!("{id}-{date}"), "recordId": id, "recordType": "relationship", "recordStatus": status,
        "declarationSubject": pair.1, "statementDate": date,
        "recordDetails": {"isComponent": false, "interestedParty": pair.0, "subject": pair.1, "interests": interests}})
}

fn shares(percent: u32, start: &str) -> Value {
    json!({"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": percent}, "startDate": start})
}

fn lines(statements: &[Value]) -> String {
    statements.iter().map(|statement| format!("{statement}\n")).collect()
}

fn graph(statements: &[Value]) -> OwnershipGraph {
    read_text("test.jsonl", &lines(statements))
}

/// Owner, kind, share and dates of every interest, in order.
fn dated(graph: &OwnershipGraph) -> Vec<String> {
    let line = |stake: Stake<'_>| {
        let interest = stake.interest();
        format!("{} {} {} [{}, {})", stake.owner().id(), interest.kind(), interest.share(), stake.start(), stake.end())
    };
    let mut lines: Vec<String> = graph.edges().map(|edge| line(graph.stake(edge))).collect();
    lines.sort();
    lines
}

fn problems(graph: &OwnershipGraph) -> Vec<String> {
    graph
        .problems()
        .iter()
        .map(|problem| format!("{} {}: {}", problem.rule.id(), problem.location, problem.message))
        .collect()
}

/// Owners of `acme` on a day: id, effective share.
fn owners(statements: &[Value], day: &str) -> Vec<(String, f64, f64)> {
    let answer = cuibono(&format!("owners-of acme --as-of {day}")).stdin(lines(statements)).json();
    let row = |row: &Value| {
        let number = |end: &str| row["effective"][end].as_f64().expect("a number");
        (row["entity"]["id"].as_str().expect("an id").to_owned(), number("min"), number("max"))
    };
    answer["owners"].as_array().expect("owners").iter().map(row).collect()
}

fn exactly(id: &str, percent: f64) -> (String, f64, f64) {
    (id.to_owned(), percent, percent)
}

#[test]
fn what_0_4_says_of_parties_is_kept() {
    let mut company = entity("acme", "Acme Ltd", "2020-01-01");
    company["recordDetails"] = json!({"entityType": {"type": "registeredEntity", "details": "Private Limited Company"},
        "name": "Acme Ltd", "alternateNames": ["ACME"], "jurisdiction": {"name": "United Kingdom", "code": "GB"},
        "identifiers": [{"scheme": "GB-COH", "id": "01234567"}, {"schemeName": "Trade register", "id": "7"}, {"scheme": "XI-LEI"}],
        "foundingDate": "1990-02-01", "dissolutionDate": "2021-01-01", "publicListing": {"hasPublicListing": true}});
    let mut ann = person("ann", "Ann Lee", "2020-01-01");
    ann["recordDetails"] = json!({"personType": "knownPerson",
        "names": [{"type": "alternative", "fullName": "Annie Lee"}, {"type": "legal", "fullName": "Ann Lee"},
            {"type": "former", "givenName": "Ann", "familyName": "Roe"}],
        "nationalities": [{"name": "France"}, {"name": "Spain", "code": "ES"}], "birthDate": "1970-05", "deathDate": "2019",
        "politicalExposure": {"status": "isPep"}});
    let graph = graph(&[company, ann]);
    let acme = graph.entity(graph.node_by_id("acme").expect("acme"));
    assert_eq!((acme.name(), acme.kind().as_str(), acme.jurisdiction()), ("Acme Ltd", "company", Some("GB")));
    let identifiers: Vec<String> = acme.identifiers().map(|identifier| identifier.to_string()).collect();
    assert_eq!(identifiers, ["GB-COH:01234567", "Trade register (no code):7"]);
    assert_eq!(acme.founded().map(|date| date.to_string()).as_deref(), Some("1990-02-01"));
    assert_eq!(acme.dissolved().map(|date| date.to_string()).as_deref(), Some("2021-01-01"));
    assert_eq!(acme.details().legal_form.as_deref(), Some("Private Limited Company"));
    assert_eq!(acme.details().aliases, ["ACME"]);
    assert_eq!(acme.details().facts[0].text, "Its securities are publicly listed");
    let ann = graph.entity(graph.node_by_id("ann").expect("ann"));
    assert_eq!((ann.name(), ann.kind().as_str(), ann.jurisdiction()), ("Ann Lee", "person", Some("FR")));
    assert_eq!(ann.founded().map(|date| date.to_string()).as_deref(), Some("1970-05"));
    assert_eq!(ann.dissolved().map(|date| date.to_string()).as_deref(), Some("2019"));
    assert_eq!(
        (&ann.details().aliases[..], &ann.details().former_names[..]),
        (&["Annie Lee".to_owned()][..], &["Ann Roe".to_owned()][..])
    );
    assert_eq!(ann.details().topics, ["role.pep"]);
}

#[test]
fn entity_types_of_every_version_are_kinds() {
    for (kind, expected) in [
        ("registeredEntity", "company"),
        ("legalEntity", "company"),
        ("arrangement", "arrangement"),
        ("state", "state"),
        ("stateBody", "state-body"),
        ("anonymousEntity", "unknown"),
        ("unknownEntity", "unknown"),
    ] {
        let new = json!({"statementId": "s", "recordId": "e", "recordType": "entity", "recordDetails": {"entityType": {"type": kind}}});
        let old = json!({"statementID": "e", "statementType": "entityStatement", "entityType": kind});
        for statement in [new, old] {
            let graph = graph(&[statement]);
            assert_eq!(graph.entity(graph.node_by_id("e").expect("e")).kind().as_str(), expected, "{kind}");
        }
    }
}

#[test]
fn every_interest_of_a_relationship_is_read_with_its_provenance() {
    let interests_of = json!([
        {"type": "shareholding", "directOrIndirect": "direct", "share": {"exclusiveMinimum": 25, "maximum": 50},
            "startDate": "2019-03", "endDate": "2021"},
        {"type": "voting-rights", "directOrIndirect": "unknown", "share": {"minimum": 10, "maximum": 20}},
        {"share": {"exact": 5}, "directOrIndirect": "indirect", "beneficialOwnershipOrControl": true},
        {"type": "trusteeOfSomething", "directOrIndirect": "sideways", "startDate": "soon", "details": "held for a friend"},
    ]);
    let mut held = relationship("r", "2020-02-03T10:00:00Z", "new", ("ann", "acme"), interests_of);
    held["publicationDetails"] =
        json!({"publicationDate": "2020-03-04", "bodsVersion": "0.4", "publisher": {"name": "Register"}});
    held["source"] = json!({"type": "officialRegister", "url": "https://r.example/company/0123456", "retrievedAt": "2020-03-01T00:00:00Z", "assertedBy": null});
    let graph = graph(&[held, entity("acme", "Acme", "2020-01-01"), person("ann", "Ann", "2020-01-01")]);
    assert_eq!(
        dated(&graph),
        [
            "ann shareholding >25–50 % [2019-03, 2021)",
            "ann unknownInterest 5 % [, )",
            "ann unknownInterest ? [, )",
            "ann votingRights 10–20 % [, )",
        ]
    );
    for stake in graph.edges().map(|edge| graph.stake(edge)) {
        assert_eq!(stake.id(), "r-2020-02-03T10:00:00Z");
        assert_eq!(stake.record(), 1);
        let shown = |date: Option<cuibono::model::PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(
            [shown(stake.stated()), shown(stake.published()), shown(stake.retrieved())],
            ["2020-02-03", "2020-03-04", "2020-03-01"]
        );
        assert_eq!(stake.source_ids(), ["Register: https://r.example/"]);
    }
    assert_eq!(graph.sources().len(), 1);
    let place = "unreadable-value test.jsonl:1 (r-2020-02-03T10:00:00Z): ";
    assert_eq!(
        problems(&graph),
        [
            "interest type \"trusteeOfSomething\" is not on the code list; read as unknownInterest",
            "directOrIndirect \"sideways\" is none of direct, indirect, unknown; read as unknown",
            "startDate \"soon\" is not a date: give a day (2019-03-14), a month (2019-03) or a year (2019)",
        ]
        .map(|message| format!("{place}{message}"))
    );
    let notes: Vec<&str> = graph.edges().filter_map(|edge| graph.stake(edge).details()?.note.as_deref()).collect();
    assert_eq!(notes, ["Declared to be beneficial ownership or control", "held for a friend"]);
}

#[test]
fn an_interest_that_is_not_given_is_an_unknown_interest() {
    for interests_of in [json!([]), json!(null)] {
        let graph = graph(&[relationship("r", "2020-01-01", "new", ("ann", "acme"), interests_of)]);
        assert_eq!(interests(&graph), ["ann unknownInterest ? acme"]);
        let dangling: Vec<&str> =
            graph.problems().iter().filter(|p| p.rule == Rule::DanglingParty).map(|p| p.message.as_str()).collect();
        assert_eq!(
            dangling,
            ["acme is referred to, but no record describes it", "ann is referred to, but no record describes it"]
        );
    }
}

#[test]
fn statements_that_cannot_be_read_are_rejected_alone() {
    let held = |id: &str, share: Value| {
        relationship(
            id,
            "2020-01-01",
            "new",
            ("ann", "acme"),
            json!([shares(10, "2019"), {"type": "votingRights", "share": share}]),
        )
    };
    let mut nameless = held("no-subject", json!({}));
    nameless["recordDetails"].as_object_mut().expect("details").remove("subject");
    let mut company = entity("x", "X", "2020-01-01");
    company["recordType"] = json!("company");
    let mut text = lines(&[held("high", json!({"exact": 101})), held("upside", json!({"minimum": 50, "maximum": 25}))]);
    text += &lines(&[held("word", json!({"exact": "half"})), nameless, company]);
    text += "{\"statementId\": \"cut\", \"recordType\": \"entity\"\n";
    text += &lines(&[held("good", json!({"exact": 20}))]);
    let graph = read_text("test.jsonl", &text);
    assert_eq!(counts(&graph), (1, 6));
    assert_eq!(interests(&graph), ["ann shareholding 10 % acme", "ann votingRights 20 % acme"]);
    let rejected: Vec<String> =
        problems(&graph).into_iter().filter(|problem| problem.starts_with("rejected")).collect();
    assert_eq!(
        rejected,
        [
            "rejected-record test.jsonl:1 (high-2020-01-01): share.exact 101 is above 100 %",
            "rejected-record test.jsonl:2 (upside-2020-01-01): the share from 50 to 25 is upside down: its lower end is above its upper end",
            "rejected-record test.jsonl:3 (word-2020-01-01): share.exact \"half\" is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]",
            "rejected-record test.jsonl:4 (no-subject-2020-01-01): names no subject: give the id of a party, or the reason why it is not named",
            "rejected-record test.jsonl:5 (x-2020-01-01): recordType \"company\" is none of entity, person, relationship and their older names",
            "rejected-record test.jsonl:6: is no statement: EOF while parsing an object",
        ]
    );
}

#[test]
fn a_member_of_the_wrong_form_does_not_cost_the_statement() {
    let mut held = relationship("r", "2020-01-01", "new", ("ann", "acme"), json!([shares(10, "2019")]));
    held["source"] = json!("register");
    held["publicationDetails"] = json!(7);
    let graph = graph(&[held]);
    assert_eq!(interests(&graph), ["ann shareholding 10 % acme"]);
    let found: Vec<String> = problems(&graph).into_iter().filter(|problem| problem.contains("form")).collect();
    assert_eq!(
        found,
        [
            "unreadable-value test.jsonl:1 (r-2020-01-01): publicationDetails has not the form that the standard gives it and is not read",
            "unreadable-value test.jsonl:1 (r-2020-01-01): source has not the form that the standard gives it and is not read"
        ]
    );
}

#[test]
fn lines_arrays_and_single_statements_give_the_same_graph() {
    let all = [
        entity("acme", "Acme", "2020"),
        person("ann", "Ann", "2020"),
        relationship("r", "2020", "new", ("ann", "acme"), json!([shares(60, "2019")])),
    ];
    let array = serde_json::to_string_pretty(&json!(all)).expect("JSON");
    for text in [lines(&all), array] {
        let graph = read_text("test.json", &text);
        assert_eq!(counts(&graph), (3, 0));
        assert_eq!(interests(&graph), ["ann shareholding 60 % acme"]);
    }
    let single = read_text("test.json", &serde_json::to_string_pretty(&all[2]).expect("JSON"));
    assert_eq!(interests(&single), ["ann shareholding 60 % acme"]);
}

#[test]
fn a_later_version_ends_the_earlier_one_on_its_own_date() {
    let mut all = vec![
        entity("acme", "Acme", "2018-01-01"),
        person("ann", "Ann", "2018-01-01"),
        relationship("r", "2018-01-01", "new", ("ann", "acme"), json!([shares(60, "2015-01-01")])),
        relationship("r", "2020-06-01", "updated", ("ann", "acme"), json!([shares(40, "2015-01-01")])),
        relationship("r", "2022-06-01", "closed", ("ann", "acme"), json!([shares(40, "2015-01-01")])),
    ];
    for _ in 0..2 {
        assert_eq!(owners(&all, "2016-01-01"), [exactly("ann", 60.0)], "before the first statement");
        assert_eq!(owners(&all, "2020-05-31"), [exactly("ann", 60.0)]);
        assert_eq!(owners(&all, "2020-06-01"), [exactly("ann", 40.0)]);
        assert_eq!(owners(&all, "2022-05-31"), [exactly("ann", 40.0)]);
        assert_eq!(owners(&all, "2022-06-01"), []);
        assert_eq!(
            dated(&graph(&all)),
            [
                "ann shareholding 40 % [2020-06-01, 2022-06-01)",
                "ann shareholding 40 % [2020-06-01, 2022-06-01)",
                "ann shareholding 60 % [2015-01-01, 2020-06-01)",
            ],
            "nothing disappears"
        );
        all.reverse();
    }
}

#[test]
fn the_dates_of_interests_come_before_those_of_statements() {
    let version =
        |date: &str, status: &str, interests: Value| relationship("r", date, status, ("ann", "acme"), interests);
    let cases = [
        (
            "a change with a date of its own",
            vec![
                version("2018-01-01", "new", json!([shares(60, "2015")])),
                version("2020-06-01", "updated", json!([shares(40, "2019-02-01")])),
            ],
            vec!["ann shareholding 40 % [2019-02-01, )", "ann shareholding 60 % [2015, 2019-02-01)"],
        ),
        (
            "an end stated later",
            vec![
                version("2018-01-01", "new", json!([shares(60, "2015")])),
                version(
                    "2020-06-01",
                    "updated",
                    json!([{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}, "startDate": "2015", "endDate": "2019-02-01"}]),
                ),
            ],
            vec!["ann shareholding 60 % [2015, 2019-02-01)", "ann shareholding 60 % [2015, 2019-02-01)"],
        ),
        (
            "an end stated before",
            vec![
                version(
                    "2018-01-01",
                    "new",
                    json!([{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}, "endDate": "2017"}]),
                ),
                version("2020-06-01", "closed", json!([])),
            ],
            vec!["ann shareholding 60 % [, 2017)", "ann unknownInterest ? [2020-06-01…2020-06-01, ≤ 2020-06-01)"],
        ),
        (
            "no dates at all",
            vec![
                version(
                    "2018-01-01",
                    "new",
                    json!([{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}}]),
                ),
                version(
                    "2020-06-01",
                    "updated",
                    json!([{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 40}}]),
                ),
            ],
            vec!["ann shareholding 40 % [2020-06-01, )", "ann shareholding 60 % [, 2020-06-01)"],
        ),
        (
            "a right that is gone and a new one",
            vec![
                version("2018-01-01", "new", json!([shares(60, "2015")])),
                version(
                    "2020-06-01",
                    "updated",
                    json!([{"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 60}, "startDate": "2019"}]),
                ),
            ],
            vec!["ann shareholding 60 % [2015, 2020-06-01)", "ann votingRights 60 % [2019, )"],
        ),
        (
            "a correction on the same day",
            vec![
                version("2018-01-01T10:00:00Z", "new", json!([shares(60, "2015")])),
                version("2018-01-01T11:00:00Z", "new", json!([shares(50, "2015")])),
            ],
            vec!["ann shareholding 50 % [2015, )", "ann shareholding 60 % [2018-01-01…2018-01-01, ≤ 2018-01-01)"],
        ),
        (
            "back to an earlier share",
            vec![
                version("2018-01-01", "new", json!([shares(60, "2015")])),
                version("2019-01-01", "updated", json!([shares(40, "2015")])),
                version("2020-01-01", "updated", json!([shares(40, "2015")])),
                version("2021-01-01", "updated", json!([shares(60, "2015")])),
            ],
            vec![
                "ann shareholding 40 % [2019-01-01, 2020-01-01)",
                "ann shareholding 40 % [2019-01-01, 2021-01-01)",
                "ann shareholding 60 % [2015, 2019-01-01)",
                "ann shareholding 60 % [2021-01-01, )",
            ],
        ),
    ];
    for (case, mut statements, expected) in cases {
        assert_eq!(dated(&graph(&statements)), expected, "{case}");
        statements.reverse();
        assert_eq!(dated(&graph(&statements)), expected, "{case}, read backwards");
        let findings = cuibono("check --as-of all").stdin(lines(&statements)).json();
        assert_eq!(findings["counts"].get("end-before-start"), None, "{case}: {findings}");
    }
}

#[test]
fn a_lone_closed_record_ends_on_its_day_unless_it_states_an_end() {
    let closed = |interests: Value| graph(&[relationship("r", "2020-06-01", "closed", ("ann", "acme"), interests)]);
    assert_eq!(dated(&closed(json!([shares(60, "2015")]))), ["ann shareholding 60 % [2015, 2020-06-01)"]);
    let own_end = json!([{"type": "shareholding", "startDate": "2015", "endDate": "2024-09-13"}]);
    assert_eq!(dated(&closed(own_end)), ["ann shareholding ? [2015, 2024-09-13)"]);
}

#[test]
fn records_of_parties_have_a_history_too() {
    let mut all = [
        entity("acme", "Old Ltd", "2018-01-01"),
        entity("acme", "Acme Ltd", "2020-01-01"),
        entity("acme", "Middle Ltd", "2019-01-01"),
    ];
    all[1]["recordDetails"]["entityType"] = json!({"type": "arrangement"});
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let graph = graph(&order.map(|at: usize| all[at].clone()));
        let acme = graph.entity(graph.node_by_id("acme").expect("acme"));
        assert_eq!((acme.name(), acme.kind().as_str()), ("Acme Ltd", "arrangement"), "{order:?}");
        let mut former = acme.details().former_names.clone();
        former.sort();
        assert_eq!(former, ["Middle Ltd", "Old Ltd"], "{order:?}");
        assert!(problems(&graph).is_empty(), "a change is no conflict: {:?}", problems(&graph));
    }
}

#[test]
fn replaced_statements_of_earlier_versions_end_and_their_parties_are_one() {
    let company = |id: &str, name: &str, replaces: Value| json!({"statementID": id, "statementType": "entityStatement", "statementDate": "2018-01-01", "entityType": "registeredEntity", "name": name, "replacesStatements": replaces});
    let person = |id: &str| json!({"statementID": id, "statementType": "personStatement", "personType": "knownPerson", "names": [{"fullName": id}]});
    let held = |id: &str, date: &str, owner: &str, owned: &str, percent: u32, replaces: Value| {
        json!({"statementID": id, "statementType": "ownershipOrControlStatement", "statementDate": date,
            "subject": {"describedByEntityStatement": owned}, "interestedParty": {"describedByPersonStatement": owner},
            "interests": [{"type": "shareholding", "interestLevel": "direct", "share": {"exact": percent}, "startDate": "2016-04-06"}],
            "replaceStatements": replaces})
    };
    let mut all = vec![
        company("e1", "Old", json!([])),
        company("e2", "Middle", json!(["e1"])),
        company("acme", "Acme", json!(["e2"])),
        person("ann"),
        person("bob"),
        held("o1", "2017-01-01", "ann", "e1", 100, json!(["gone"])),
        held("o2", "2018-01-05", "ann", "e2", 50, json!(["o1"])),
        held("o3", "2018-01-05", "bob", "acme", 50, json!(["o1"])),
    ];
    for _ in 0..2 {
        let graph = graph(&all);
        let acme = graph.entity(graph.node_by_id("acme").expect("acme"));
        assert_eq!(acme.name(), "Acme");
        assert_eq!(graph.node_by_id("e1"), graph.node_by_id("acme"), "one party");
        let mut former = acme.details().former_names.clone();
        former.sort();
        assert_eq!((former, acme.details().aliases.len()), (vec!["Middle".to_owned(), "Old".to_owned()], 0));
        assert_eq!(
            dated(&graph),
            [
                "ann shareholding 100 % [2016-04-06, 2018-01-05)",
                "ann shareholding 50 % [2018-01-05, )",
                "bob shareholding 50 % [2018-01-05, )",
            ]
        );
        all.reverse();
    }
}

#[test]
fn a_statement_read_twice_counts_once() {
    let held = relationship("r", "2020-01-01", "new", ("ann", "acme"), json!([shares(60, "2015")]));
    let mut republished = held.clone();
    republished["publicationDetails"] = json!({"publicationDate": "2021-01-01", "bodsVersion": "0.4"});
    let same = graph(&[held.clone(), republished]);
    assert_eq!((counts(&same), interests(&same).len()), ((2, 0), 1));
    let mut different = held.clone();
    different["recordDetails"]["interestedParty"] = json!("bob");
    different["recordId"] = json!("r2");
    let both = graph(&[held, different]);
    assert_eq!(interests(&both), ["ann shareholding 60 % acme", "bob shareholding 60 % acme"]);
    let found: Vec<String> = problems(&both).into_iter().filter(|problem| problem.starts_with("repeated")).collect();
    assert_eq!(
        found,
        [
            "repeated-statement test.jsonl:2 (r-2020-01-01): statement \"r-2020-01-01\" stands twice with different content; both are kept"
        ]
    );
}

#[test]
fn a_series_may_lie_in_several_files() {
    let mut loader = Loader::new();
    let later = relationship("r", "2020-06-01", "updated", ("ann", "acme"), json!([shares(40, "2015")]));
    let earlier = relationship("r", "2018-01-01", "new", ("ann", "acme"), json!([shares(60, "2015")]));
    loader.read_text("2020.json", &later.to_string()).expect("2020");
    loader.read_text("2018.json", &earlier.to_string()).expect("2018");
    let graph = loader.finish().expect("a graph");
    assert_eq!(dated(&graph), ["ann shareholding 40 % [2020-06-01, )", "ann shareholding 60 % [2015, 2020-06-01)"]);
}

/// Ann holds Acme through Holding; the statement about Ann sums up the two links.
fn chain(first_link: Value, primary: Value) -> Vec<Value> {
    let mut all = vec![
        entity("acme", "Acme", "2020-01-01"),
        entity("holding", "Holding", "2020-01-01"),
        person("ann", "Ann", "2020-01-01"),
        relationship("link-1", "2020-01-01", "new", ("holding", "acme"), json!([shares(60, "2019")])),
        relationship("link-2", "2020-01-01", "new", ("ann", "holding"), first_link),
        relationship("primary", "2020-01-01", "new", ("ann", "acme"), primary),
    ];
    all[3]["recordDetails"]["isComponent"] = json!(true);
    all[4]["recordDetails"]["isComponent"] = json!(true);
    all[5]["recordDetails"]["componentRecords"] = json!(["holding", "link-1", "link-2"]);
    all
}

#[test]
fn components_and_their_primary_count_once() {
    for directness in ["indirect", "unknown", "direct"] {
        let primary = json!([{"type": "shareholding", "directOrIndirect": directness, "share": {"exact": 30}, "startDate": "2019"}]);
        let all = chain(json!([shares(50, "2019")]), primary);
        assert_eq!(owners(&all, "2020-01-01"), [exactly("holding", 60.0), exactly("ann", 30.0)], "{directness}");
        let answer = cuibono("owners-of acme --as-of 2020-01-01").stdin(lines(&all)).json();
        assert_eq!(answer["unaccounted"], json!({"min": 70.0, "max": 70.0}), "{directness}: {answer}");
        assert_eq!(answer["warnings"], json!([]), "{directness}");
    }
}

#[test]
fn a_link_whose_kind_is_not_given_does_not_let_a_share_count_twice() {
    let primary = || json!([{"type": "shareholding", "directOrIndirect": "indirect", "share": {"exact": 30}, "startDate": "2019"}]);
    let control = json!([{"type": "otherInfluenceOrControl", "directOrIndirect": "direct"}]);
    for link in [json!([]), json!([{"directOrIndirect": "unknown"}]), control] {
        let mut all = chain(link, primary());
        for _ in 0..2 {
            let answer = cuibono("owners-of acme --as-of 2020-01-01").stdin(lines(&all)).json();
            let rows = answer["owners"].as_array().expect("owners");
            let of = |id: &str| {
                rows.iter().find(|row| row["entity"]["id"] == id).unwrap_or_else(|| panic!("{id}: {answer}"))
            };
            assert_eq!(of("holding")["effective"], json!({"min": 60.0, "max": 60.0}));
            assert_eq!(of("holding")["ultimate"], false, "Ann stands behind it");
            assert_eq!(
                of("ann")["effective"],
                json!({"min": 30.0, "max": 60.0}),
                "a floor, and at most what Holding has"
            );
            all.reverse();
        }
    }
    let graph = graph(&chain(json!([]), primary()));
    assert_eq!(
        interests(&graph),
        [
            "ann shareholding 30 % acme",
            "ann shareholding ? holding",
            "ann unknownInterest ? holding",
            "holding shareholding 60 % acme",
        ]
    );
}

#[test]
fn direct_and_indirect_interests_of_one_statement_stay_apart() {
    let primary = json!([
        {"type": "shareholding", "directOrIndirect": "indirect", "share": {"exact": 30}, "startDate": "2019"},
        {"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 10}, "startDate": "2019"},
    ]);
    let all = chain(json!([shares(50, "2019")]), primary);
    assert_eq!(owners(&all, "2020-01-01"), [exactly("holding", 60.0), exactly("ann", 40.0)]);
}

#[test]
fn parties_that_are_not_named_are_each_their_own() {
    let missing = |id: &str, reason: &str| {
        let mut statement = relationship(id, "2020-01-01", "new", ("", "acme"), json!([shares(30, "2019")]));
        statement["recordDetails"]["interestedParty"] = json!({"reason": reason, "description": "asked twice"});
        statement
    };
    let code = "subjectUnableToConfirmOrIdentifyBeneficialOwner";
    let all = [
        entity("acme", "Acme", "2020-01-01"),
        missing("a", code),
        missing("b", code),
        missing("c", "interested-party-exempt-from-disclosure"),
    ];
    let graph = graph(&all);
    let named: Vec<String> = graph
        .edges()
        .map(|edge| graph.stake(edge).owner())
        .map(|owner| format!("{} {} {}", owner.id(), owner.kind(), owner.name()))
        .collect();
    assert_eq!(
        named,
        [
            "a-2020-01-01#interestedParty unknown Party not named: the subject is unable to confirm or identify the beneficial owner",
            "b-2020-01-01#interestedParty unknown Party not named: the subject is unable to confirm or identify the beneficial owner",
            "c-2020-01-01#interestedParty unknown Party not named: the interested party is exempt from disclosure",
        ]
    );
    let acme = graph.entity(graph.node_by_id("acme").expect("acme"));
    assert_eq!(acme.details().facts.len(), 2, "the same answer twice is one fact");
    assert_eq!(
        acme.details().facts[0].text,
        "An interested party is not named: the subject is unable to confirm or identify the beneficial owner (subjectUnableToConfirmOrIdentifyBeneficialOwner): asked twice"
    );
    assert!(problems(&graph).is_empty(), "{:?}", problems(&graph));
}

#[test]
fn no_beneficial_owners_is_an_answer_and_nobody_is_made_up() {
    let mut statement = relationship("r", "2020-01-01", "new", ("", "acme"), json!(null));
    statement["recordDetails"]["interestedParty"] = json!({"reason": "noBeneficialOwners"});
    let graph = graph(&[entity("acme", "Acme", "2020-01-01"), statement]);
    assert_eq!((graph.node_count(), graph.edge_count()), (1, 0));
    let fact = &graph.entity(graph.node_by_id("acme").expect("acme")).details().facts[0];
    assert_eq!(
        (fact.kind.as_str(), fact.text.as_str()),
        ("register-statement", "Declared to have no beneficial owners (noBeneficialOwners)")
    );
    assert_eq!(fact.date, DateBound::On("2020-01-01".parse().expect("a date")));
}

#[test]
fn anonymous_records_are_unknown_parties_named_by_the_reason() {
    let anonymous = json!({"statementID": "p", "statementType": "personStatement", "personType": "anonymousPerson",
        "unspecifiedPersonDetails": {"reason": "interested-party-exempt-from-disclosure"}});
    let older = json!({"statementID": "e", "statementType": "entityStatement", "entityType": "anonymousEntity", "missingInfoReason": "withheld by law"});
    let graph = graph(&[anonymous, older]);
    let named: Vec<_> =
        graph.nodes().map(|node| (graph.entity(node).kind().as_str(), graph.entity(node).name())).collect();
    assert_eq!(
        named,
        [
            ("unknown", "Person not named: the interested party is exempt from disclosure"),
            ("unknown", "Entity not named: withheld by law")
        ]
    );
}

#[test]
fn earlier_versions_write_codes_bounds_and_parties_in_their_own_way() {
    let held = |id: &str, kind: &str, share: Value| {
        json!({"statementID": id, "statementType": "ownershipOrControlStatement", "isComponent": false,
            "subject": {"describedByEntityStatement": "e"}, "interestedParty": {"unspecified": {"reason": "unknown"}},
            "interests": [{"type": kind, "interestLevel": "direct", "share": share}]})
    };
    let company = json!({"statementID": "e", "statementType": "entityStatement", "entityType": "registeredEntity", "name": "E", "incorporatedInJurisdiction": {"code": "DK"}});
    let graph = graph(&[
        held(
            "a",
            "shareholding",
            json!({"minimum": 25, "maximum": 50, "exclusiveMinimum": true, "exclusiveMaximum": false}),
        ),
        held("b", "voting-rights", json!({"minimum": 25, "maximum": 50})),
        held("c", "influence-or-control", json!({})),
        held("d", "settlor-of-trust", json!({"exact": 30, "minimum": 30, "maximum": 30})),
        company,
    ]);
    assert_eq!(
        interests(&graph),
        [
            "a#interestedParty shareholding >25–50 % e",
            "b#interestedParty votingRights 25–<50 % e",
            "c#interestedParty otherInfluenceOrControl ? e",
            "d#interestedParty settlor 30 % e",
        ]
    );
    assert_eq!(graph.entity(graph.node_by_id("e").expect("e")).jurisdiction(), Some("DK"));
}

#[test]
fn trustees_and_nominees_keep_their_roles() {
    let roles = ["settlor", "trustee", "protector", "beneficiaryOfLegalArrangement", "nominee", "nominator"];
    let statements: Vec<Value> = roles
        .iter()
        .map(|role| {
            relationship(
                role,
                "2020-01-01",
                "new",
                ("ann", "trust"),
                json!([{"type": role, "directOrIndirect": "direct"}]),
            )
        })
        .collect();
    let expected: Vec<String> = {
        let mut lines: Vec<String> = roles.iter().map(|role| format!("ann {role} ? trust")).collect();
        lines.sort();
        lines
    };
    assert_eq!(interests(&graph(&statements)), expected);
}

#[test]
fn other_formats_are_not_taken_for_statements() {
    for path in
        ["uk-psc/bods-stream-sample/sample_psc_stream.jsonl", "ftm", "gleif/gleif-rs", "hostile/json-test-suite"]
    {
        let Some(path) = shared(path) else { return };
        for file in files(&path) {
            let mut loader = Loader::new();
            let Ok(()) = loader.read(&file) else { continue };
            let Ok(graph) = loader.finish() else { continue };
            assert!(graph.inputs().iter().all(|input| input.format != "bods"), "{}", file.display());
        }
    }
}

/// Every file below a path, in order.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files(entry)).collect()
}

/// Statements accepted and rejected over single files, and files that are wrong as a whole.
fn tally(folder: &Path) -> (u64, u64, usize) {
    let mut total = (0, 0, 0);
    for file in files(folder).iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let mut loader = Loader::new();
        let read = loader.read(file).and_then(|()| loader.finish());
        match read {
            Ok(graph) => {
                let (records, rejected) = counts(&graph);
                assert_eq!(graph.inputs()[0].format, "bods", "{}", file.display());
                total = (total.0 + records, total.1 + rejected, total.2);
            }
            Err(error) => {
                println!("{error}");
                total.2 += 1;
            }
        }
    }
    total
}

#[test]
fn every_official_example_is_read() {
    for (folder, expected) in [
        ("bods-standard/0.1/examples", (29, 0, 1)),
        ("bods-standard/0.2/examples", (99, 0, 0)),
        ("bods-standard/0.3/examples", (99, 0, 0)),
        ("bods-standard/0.4/examples", (119, 0, 0)),
        ("bods-v04-fixtures", (9, 0, 0)),
        ("register-sources-bods", (7, 0, 0)),
    ] {
        let Some(path) = shared(folder) else { return };
        assert_eq!(tally(&path), expected, "{folder}");
    }
}

#[test]
fn every_schema_test_is_read_or_refused() {
    for (folder, expected) in [
        ("bods-standard/0.4/schema-tests/valid-statements", (111, 0, 0)),
        ("bods-standard/0.4/schema-tests/invalid-statements", (173, 0, 19)),
    ] {
        let Some(path) = shared(folder) else { return };
        let (read, rejected, refused) = tally(&path);
        assert_eq!((read, rejected, refused), expected, "{folder}");
        let ends = [("read, as what they say of owners is clear", read as usize), ("refused with a reason", refused)];
        crate::counted::tally(&format!("{folder}, of the reader of BODS"), read as usize + refused, &ends);
    }
}

#[test]
fn real_statements_are_read_with_the_counts_of_their_origin() {
    let Some(path) = shared("opencheck/bods_data") else { return };
    let graph = read(&path);
    assert_eq!(counts(&graph), (1214, 0));
    assert_eq!(graph.inputs().len(), 19);
    assert!(graph.inputs().iter().all(|input| input.format == "bods"));
    let of_kind = |kind: &str| graph.nodes().filter(|&node| graph.entity(node).kind().as_str() == kind).count();
    // Of 544 statements on parties three stand in two files, 39 records share an identifier with another one, and two
    // relationships name nobody.
    assert_eq!(["company", "person", "unknown"].map(of_kind), [484, 18, 2]);
    assert_eq!(graph.node_count(), 504);
    let mut statements: Vec<String> = graph.edges().map(|edge| graph.stake(edge).id().into_owned()).collect();
    statements.sort();
    statements.dedup();
    assert_eq!((statements.len(), graph.edge_count()), (669, 1261), "one of 670 relationships stands in two files");
    let sources: Vec<&str> = graph.sources().iter().map(|source| source.id.as_str()).collect();
    assert_eq!(
        sources,
        [
            "Open Ownership: https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy",
            "Open Ownership: https://download.companieshouse.gov.uk/en_output.html",
        ]
    );
    assert_eq!(problems(&graph), [] as [String; 0]);
}

#[test]
fn a_chain_of_an_official_example_counts_once() {
    let Some(path) = shared("bods-standard/0.4/examples/bods-package-fi-soe.json") else { return };
    let answer = cuibono("owners-of 19f1c5afe9d7 --as-of 2024-01-01").data(path).json();
    let rows = answer["owners"].as_array().expect("owners");
    let of = |id: &str| rows.iter().find(|row| row["entity"]["id"] == id).unwrap_or_else(|| panic!("{id}: {answer}"));
    // The ministry holds 23.5 directly and 76.5 through a company; the state stands behind the ministry.
    for (id, percent) in [("0199c515a699", 76.5), ("7ff95ba3682c", 100.0), ("05ce06ec97b1", 100.0)] {
        assert_eq!(of(id)["effective"], json!({"min": percent, "max": percent}), "{id}");
        assert_eq!(of(id)["ultimate"], id == "05ce06ec97b1", "{id}");
    }
    // How much of the ministry is the state's is not stated, and a floor does not enter the unaccounted share.
    assert_eq!(answer["unaccounted"], json!({"min": 0.0, "max": 100.0}));
    assert_eq!(answer["warnings"], json!([]));
}

#[test]
fn a_record_may_be_referred_to_by_one_of_its_statements() {
    let mut held = relationship("r", "2020-01-01", "new", ("", ""), json!([shares(60, "2019")]));
    held["recordDetails"]["interestedParty"] = json!({"describedByPersonStatement": "ann-2020-01-01"});
    held["recordDetails"]["subject"] = json!({"describedByEntityStatement": "acme-2020-01-01"});
    let mut all = [entity("acme", "Acme", "2020-01-01"), person("ann", "Ann", "2020-01-01"), held];
    for _ in 0..2 {
        let graph = graph(&all);
        assert_eq!(graph.node_count(), 2);
        let names: Vec<_> =
            graph.edges().map(|edge| (graph.stake(edge).owner().name(), graph.stake(edge).owned().name())).collect();
        assert_eq!(names, [("Ann", "Acme")]);
        assert!(problems(&graph).is_empty(), "{:?}", problems(&graph));
        all.reverse();
    }
}
