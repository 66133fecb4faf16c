//! What a statement says, and which are refused.

use super::*;

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
