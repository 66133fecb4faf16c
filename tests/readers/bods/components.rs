//! Links of a chain and the statement that sums them up.

use super::*;

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
