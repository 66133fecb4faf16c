//! Statements that replace others, and records that end.

use super::*;

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
