//! Persons, companies, states, and what they hold.

use super::*;

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
