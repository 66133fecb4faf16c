//! The United Kingdom's register: snapshot, stream, answers of the API, basic company data.

use crate::run::{Folder, cuibono};
use crate::shared::{counts, interests, read, read_text, shared};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::model::EntityKind;
use cuibono::problem::Rule;

const PERSON: &str = r#""kind":"individual-person-with-significant-control","name":"Ms Ann Lee""#;

/// A row of the snapshot about company 01234567; `data` are further fields of its data.
fn row(segment: &str, data: &str) -> String {
    let path = format!("/company/01234567/persons-with-significant-control/x/{segment}");
    format!(r#"{{"company_number":"01234567","data":{{"links":{{"self":"{path}"}},{data}}}}}"#)
}

fn graph_of(rows: &[String]) -> OwnershipGraph {
    read_text("psc.jsonl", &format!("{}\n", rows.join("\n")))
}

/// Place, rule and message of each finding.
fn problems(graph: &OwnershipGraph) -> Vec<String> {
    graph.problems().iter().map(|found| format!("{} {}: {}", found.location, found.rule.id(), found.message)).collect()
}

/// Start, end and note of each interest, in the order of the rows.
fn terms(graph: &OwnershipGraph) -> Vec<String> {
    let mut edges: Vec<_> = graph.edges().collect();
    edges.sort_by_key(|&edge| (graph.stake(edge).record(), graph.interest(edge).kind()));
    let line = |edge| {
        let stake = graph.stake(edge);
        let note = stake.details().and_then(|details| details.note.as_deref()).unwrap_or("");
        format!("{} [{}, {}) {}", stake.interest().kind(), stake.start(), stake.end(), note).trim_end().to_owned()
    };
    edges.into_iter().map(line).collect()
}

fn facts(graph: &OwnershipGraph, id: &str) -> Vec<String> {
    let entity = graph.entity(graph.node_by_id(id).expect(id));
    entity.details().facts.iter().map(|fact| format!("{} {}: {}", fact.date, fact.kind, fact.text)).collect()
}

fn unknown_parties(graph: &OwnershipGraph) -> usize {
    graph.nodes().filter(|&node| graph.entity(node).kind() == EntityKind::Unknown).count()
}

/// Records, rejects, entities, interests, unknown parties.
fn sizes(graph: &OwnershipGraph) -> (u64, u64, usize, usize, usize) {
    let (records, rejected) = counts(graph);
    (records, rejected, graph.node_count(), graph.edge_count(), unknown_parties(graph))
}

#[test]
fn a_person_with_bands_dates_and_a_birth_month() {
    let graph = graph_of(&[
        row(
            "a1",
            &format!(
                r#"{PERSON},"nationality":"British,Irish","country_of_residence":"Spain",
                "date_of_birth":{{"month":7,"year":1985}},"notified_on":"2016-04-06","ceased_on":"2020-01-31",
                "natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-50-to-75-percent-as-trust",
                "right-to-appoint-and-remove-directors"]"#
            )
            .replace('\n', " "),
        ),
        row(
            "a2",
            r#""kind":"individual-person-with-significant-control","name_elements":{"title":"Mr","forename":"Bo","surname":"Day"},"nationality":"Atlantean","natures_of_control":["significant-influence-or-control"]"#,
        ),
    ]);
    assert_eq!(sizes(&graph), (2, 0, 3, 4, 0));
    assert_eq!(
        interests(&graph),
        [
            "GB-COH-01234567-a1 appointmentOfBoard ? GB-COH-01234567",
            "GB-COH-01234567-a1 shareholding >25–50 % GB-COH-01234567",
            "GB-COH-01234567-a1 votingRights >50–75 % GB-COH-01234567",
            "GB-COH-01234567-a2 otherInfluenceOrControl ? GB-COH-01234567",
        ]
    );
    assert_eq!(
        terms(&graph),
        [
            "shareholding [2016-04-06, 2020-01-31)",
            "votingRights [2016-04-06, 2020-01-31) Held through a trust that the party controls.",
            "appointmentOfBoard [2016-04-06, 2020-01-31)",
            "otherInfluenceOrControl [, )",
        ]
    );
    let ann = graph.entity(graph.node_by_id("GB-COH-01234567-a1").expect("a1"));
    assert_eq!((ann.name(), ann.kind(), ann.jurisdiction()), ("Ms Ann Lee", EntityKind::Person, Some("GB")));
    assert_eq!(ann.founded().map(|date| date.to_string()).as_deref(), Some("1985-07"));
    let bo = graph.entity(graph.node_by_id("GB-COH-01234567-a2").expect("a2"));
    assert_eq!((bo.name(), bo.jurisdiction()), ("Mr Bo Day", None));
    let company = graph.entity(graph.node_by_id("GB-COH-01234567").expect("the company"));
    assert_eq!((company.kind(), company.jurisdiction()), (EntityKind::Company, Some("GB")));
    let numbers: Vec<_> = company.identifiers().map(|number| number.to_string()).collect();
    assert_eq!(numbers, ["GB-COH:01234567"]);
    let edge = graph.edges().next().expect("an interest");
    assert_eq!(graph.stake(edge).source_ids(), ["companies-house"]);
    assert!(problems(&graph).is_empty(), "{:?}", problems(&graph));
}

#[test]
fn companies_join_their_own_records_by_number_and_foreign_ones_join_nothing() {
    let corporate = |segment: &str, name: &str, identification: &str| {
        row(
            segment,
            &format!(
                r#""kind":"corporate-entity-person-with-significant-control","name":"{name}","identification":{{{identification}}},"natures_of_control":["ownership-of-shares-75-to-100-percent"],"notified_on":"2017-01-01""#
            ),
        )
    };
    let own = r#"{"company_number":"00076543","data":{"kind":"persons-with-significant-control-statement","statement":"no-individual-or-entity-with-signficant-control","notified_on":"2017-01-01","links":{"self":"/company/00076543/persons-with-significant-control-statements/s1"}}}"#;
    let graph = graph_of(&[
        corporate(
            "b1",
            "Top Ltd",
            r#""country_registered":"England & Wales","registration_number":"76543","legal_form":"Limited Company""#,
        ),
        own.to_owned(),
        corporate("b2", "Nord GmbH", r#""country_registered":"Germany","registration_number":"00076543""#),
        corporate("b3", "Itself Ltd", r#""place_registered":"Companies House","registration_number":"1234567""#),
        corporate("b4", "Nobody Ltd", r#""country_registered":"England","registration_number":"n/a""#),
    ]);
    assert_eq!(
        interests(&graph),
        [
            "GB-COH-00076543 shareholding 75–100 % GB-COH-01234567",
            "GB-COH-01234567 shareholding 75–100 % GB-COH-01234567",
            "GB-COH-01234567-b2 shareholding 75–100 % GB-COH-01234567",
            "GB-COH-01234567-b4 shareholding 75–100 % GB-COH-01234567",
        ]
    );
    let top = graph.entity(graph.node_by_id("GB-COH-01234567-b1").expect("the other id still leads there"));
    assert_eq!((top.id(), top.name()), ("GB-COH-00076543", "Top Ltd"));
    assert_eq!(top.details().legal_form.as_deref(), Some("Limited Company"));
    assert_eq!(top.details().facts.len(), 1);
    assert_eq!(top.joined()[0].reason, "both carry GB-COH:00076543");
    let nord = graph.entity(graph.node_by_id("GB-COH-01234567-b2").expect("b2"));
    assert_eq!(nord.jurisdiction(), Some("DE"));
    let numbers: Vec<_> = nord.identifiers().map(|number| number.to_string()).collect();
    assert_eq!(numbers, ["registration number (Germany):00076543"]);
    let nobody = graph.entity(graph.node_by_id("GB-COH-01234567-b4").expect("b4"));
    assert_eq!(nobody.identifiers().count(), 0);
}

#[test]
fn states_and_their_bodies_are_no_companies() {
    let legal = |segment: &str, name: &str, form: &str, authority: &str| {
        row(
            segment,
            &format!(
                r#""kind":"legal-person-beneficial-owner","name":"{name}","is_sanctioned":true,"identification":{{"legal_form":"{form}","legal_authority":"{authority}"}},"natures_of_control":["ownership-of-shares-more-than-25-percent-registered-overseas-entity"]"#
            ),
        )
    };
    let graph = graph_of(&[
        legal("c1", "Government Of Ruritania", "Non-Uk Government", "Czech Republic"),
        legal("c2", "Kent County Council", "Local Authority", "England"),
        legal("c3", "Guild", "Corporation Sole", "Laws Of Somewhere"),
    ]);
    let kind = |id: &str| {
        let entity = graph.entity(graph.node_by_id(id).expect(id));
        (entity.kind(), entity.jurisdiction(), entity.details().listed)
    };
    assert_eq!(kind("GB-COH-01234567-c1"), (EntityKind::State, Some("CZ"), true));
    assert_eq!(kind("GB-COH-01234567-c2"), (EntityKind::StateBody, Some("GB"), true));
    assert_eq!(kind("GB-COH-01234567-c3"), (EntityKind::Company, None, true));
    assert_eq!(interests(&graph)[0], "GB-COH-01234567-c1 shareholding > 25 % GB-COH-01234567");
}

#[test]
fn an_overseas_entity_is_not_british() {
    let text = r#"{"company_number":"OE000123","data":{"kind":"individual-beneficial-owner","name":"Ann","links":{"self":"/company/OE000123/persons-with-significant-control/individual-beneficial-owner/d1"},"natures_of_control":["ownership-of-shares-more-than-25-percent-as-trust-registered-overseas-entity","registered-owner-as-nominee-person-scotland-registered-overseas-entity"]}}"#;
    let graph = read_text("psc.jsonl", &format!("{text}\n"));
    let entity = graph.entity(graph.node_by_id("GB-COH-OE000123").expect("the entity"));
    assert_eq!(entity.jurisdiction(), None);
    assert_eq!(
        terms(&graph),
        [
            "shareholding [, ) Held as a trustee of a trust.",
            "otherInfluenceOrControl [, ) The entity is the registered owner of land in Scotland as a nominee for this party.",
        ]
    );
}

#[test]
fn super_secure_persons_and_ends_without_a_date() {
    let secure = |segment: &str, more: &str| {
        row(
            segment,
            &format!(
                r#""kind":"super-secure-person-with-significant-control","description":"super-secure-persons-with-significant-control"{more}"#
            ),
        )
    };
    let dated = |text: String| text.replace("\"company_number\"", "\"ContentDate\":\"2024-12-19\",\"company_number\"");
    let graph = graph_of(&[
        secure("e1", r#","ceased":false"#),
        secure("e2", r#","ceased":true"#),
        secure("e3", r#","ceased":true,"notified_on":"2018-05-01""#),
        dated(secure("e4", r#","ceased":true,"notified_on":"2018-05-01""#)),
    ]);
    assert_eq!(sizes(&graph), (4, 0, 5, 4, 4));
    // Only the first certainly lasts; of the others it is known that, not when, they ended.
    assert_eq!(
        terms(&graph),
        [
            "unpublishedInterest [, )",
            "unpublishedInterest [, )",
            "unpublishedInterest [2018-05-01, ≥ 2018-05-01)",
            "unpublishedInterest [2018-05-01, 2018-05-01…2024-12-19)",
        ]
    );
    let party = graph.entity(graph.node_by_id("GB-COH-01234567-e1").expect("e1"));
    assert_eq!((party.name(), party.kind()), ("Person not named (exempt from disclosure)", EntityKind::Unknown));
}

#[test]
fn somebody_who_ceased_on_an_unknown_day_is_possible_until_the_publication() {
    let folder = Folder::new();
    let ceased = row(
        "f1",
        &format!(
            r#"{PERSON},"notified_on":"2018-05-01","ceased":true,"natures_of_control":["ownership-of-shares-75-to-100-percent"]"#
        ),
    );
    let text = ceased.replace("\"company_number\"", "\"ContentDate\":\"2024-12-19\",\"company_number\"");
    let file = folder.write("psc.jsonl", format!("{text}\n"));
    let share = |day: &str| {
        let answer = cuibono("owners-of GB-COH-01234567").args(["--as-of", day]).data(&file).json();
        answer["owners"].as_array().map_or(Vec::new(), |owners| {
            owners
                .iter()
                .map(|owner| (owner["effective"]["min"].as_f64(), owner["effective"]["max"].as_f64()))
                .collect()
        })
    };
    assert_eq!(share("2018-04-30"), []);
    assert_eq!(share("2018-05-01"), [(Some(75.0), Some(100.0))]);
    assert_eq!(share("2020-01-01"), [(Some(0.0), Some(100.0))]);
    assert_eq!(share("2024-12-19"), []);
}

#[test]
fn rights_that_are_unknown_doubled_or_missing() {
    let person = |segment: &str, natures: &str| {
        row(segment, &format!(r#"{PERSON},"natures_of_control":[{natures}],"notified_on":"2020-01-01""#))
    };
    let graph = graph_of(&[
        person("g1", r#""golden-share","ownership-of-shares-25-to-50-percent""#),
        person(
            "g2",
            r#""voting-rights-25-to-50-percent","voting-rights-75-to-100-percent","voting-rights-25-to-50-percent""#,
        ),
        person("g3", ""),
        person("g4", r#""ownership-of-shares-25-to-50-percent","ownership-of-shares-50-to-75-percent-as-firm""#),
    ]);
    assert_eq!(sizes(&graph), (4, 0, 5, 7, 0));
    assert_eq!(
        problems(&graph),
        [
            "psc.jsonl:1 unreadable-value: the nature of control \"golden-share\" is not known; it is kept as an unknown \
             interest",
            "psc.jsonl:2 several-bands: votingRights of >25–50 % and of 75–100 %; the highest band counts",
            "psc.jsonl:3 unreadable-value: the record states no nature of control",
        ]
    );
    assert!(interests(&graph).contains(&"GB-COH-01234567-g1 unknownInterest ? GB-COH-01234567".to_owned()));
    let folder = Folder::new();
    let file = folder.write(
        "psc.jsonl",
        person("g4", r#""ownership-of-shares-25-to-50-percent","ownership-of-shares-50-to-75-percent-as-firm""#) + "\n",
    );
    let answer = cuibono("owners-of GB-COH-01234567 --as-of 2021-01-01").data(file).json();
    assert_eq!(answer["owners"][0]["direct"]["min"], 50.0, "bands of one right do not add up");
    assert_eq!(answer["owners"][0]["direct"]["max"], 75.0);
}

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

#[test]
fn an_interest_that_ceases_before_it_was_notified_is_found_by_check() {
    let folder = Folder::new();
    let person = row(
        "k1",
        &format!(
            r#"{PERSON},"notified_on":"2020-01-02","ceased_on":"2019-01-01","natures_of_control":["ownership-of-shares-25-to-50-percent"]"#
        ),
    );
    let file = folder.write("psc.jsonl", person + "\n");
    let answer = cuibono("check").data(file).json();
    assert_eq!(answer["counts"]["end-before-start"], 1, "{answer}");
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
