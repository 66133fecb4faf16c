//! Parties that are not named, and owners that there are none of.

use super::*;

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
