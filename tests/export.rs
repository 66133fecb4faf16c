//! The writers of BODS and FollowTheMoney: what stands in their files.

use cuibono::export::losses::Losses;
use cuibono::export::{bods, ftm};
use cuibono::graph::{OwnershipGraph, View};
use cuibono::load::Loader;
use cuibono::model::AsOf;
use serde_json::{Value, json};

fn graph(text: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read_text("data.json", text).expect("data");
    loader.finish().expect("a graph")
}

fn native(entities: Value, interests: Value) -> OwnershipGraph {
    let sources = json!([{
        "id": "S1", "title": "Register", "publisher": "Court", "date": "2020-05-01", "retrieved": "2020-06",
        "url": "https://register.example/1",
    }]);
    graph(&json!({"cuibono": 1, "sources": sources, "entities": entities, "interests": interests}).to_string())
}

type Write = fn(View<'_>, &mut dyn std::io::Write, &mut Losses) -> cuibono::error::Result<()>;

fn written(write: Write, view: View<'_>) -> (String, Vec<(&'static str, usize)>) {
    let (mut out, mut losses) = (Vec::new(), Losses::default());
    write(view, &mut out, &mut losses).expect("written");
    (String::from_utf8(out).expect("UTF-8"), losses.iter().collect())
}

fn statements(graph: &OwnershipGraph) -> Vec<Value> {
    serde_json::from_str(&written(bods::write, graph.view(AsOf::All)).0).expect("JSON")
}

fn entities(graph: &OwnershipGraph) -> Vec<Value> {
    let (text, _) = written(ftm::write, graph.view(AsOf::All));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn pair() -> OwnershipGraph {
    native(
        json!([
            {"id": "ann", "name": "Ann Ott", "kind": "person", "founded": "1970-03", "topics": ["role.pep"]},
            {"id": "acme", "name": "Acme Ltd", "kind": "company", "jurisdiction": "GB", "aliases": ["Acme"],
             "identifiers": [{"scheme": "GB-COH", "id": "01234567"}, {"scheme": "Trade register", "id": "7"}],
             "founded": "2001", "sources": ["S1"]},
        ]),
        json!([{"id": "R1", "owner": "ann", "owned": "acme", "kind": "shareholding",
                "share": {"min": 25, "max": 50, "min_open": true}, "start": "2015-02-03", "end": "2019",
                "sources": ["S1"], "note": "Held in trust."}]),
    )
}

#[test]
fn a_statement_of_each_type_in_full() {
    let mut found = statements(&pair());
    for statement in &mut found {
        let id = statement["statementId"].as_str().expect("an id").to_owned();
        assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        statement.as_object_mut().expect("an object").remove("statementId");
    }
    let publication = json!({"publicationDate": "2020-05-01", "bodsVersion": "0.4", "publisher": {"name": "cuibono"}});
    let source = json!({"description": "Register", "url": "https://register.example/1", "retrievedAt": "2020-06-01",
                        "assertedBy": [{"name": "Court"}]});
    let comment = |target: &str, text: &str| json!([{"statementPointerTarget": target, "motivation": "commenting", "description": text}]);
    assert_eq!(
        found,
        [
            json!({"statementDate": "2020-05-01", "declarationSubject": "acme", "recordId": "acme",
                   "recordType": "entity", "recordStatus": "new",
                   "recordDetails": {
                       "isComponent": false, "entityType": {"type": "registeredEntity"}, "name": "Acme Ltd",
                       "alternateNames": ["Acme"], "jurisdiction": {"name": "United Kingdom", "code": "GB"},
                       "identifiers": [{"id": "01234567", "scheme": "GB-COH"}, {"id": "7", "schemeName": "Trade register"}],
                       "foundingDate": "2001-01-01"},
                   "publicationDetails": publication, "source": source,
                   "annotations": comment("/recordDetails", "cuibono: founded=2001")}),
            json!({"statementDate": "2020-05-01", "declarationSubject": "ann", "recordId": "ann",
                   "recordType": "person", "recordStatus": "new",
                   "recordDetails": {
                       "isComponent": false, "personType": "knownPerson",
                       "names": [{"type": "legal", "fullName": "Ann Ott"}], "birthDate": "1970-03",
                       "politicalExposure": {"status": "isPep"}},
                   "publicationDetails": publication}),
            json!({"statementDate": "2020-05-01", "declarationSubject": "acme", "recordId": "R1",
                   "recordType": "relationship", "recordStatus": "new",
                   "recordDetails": {
                       "isComponent": false, "subject": "acme", "interestedParty": "ann",
                       "interests": [{"type": "shareholding", "directOrIndirect": "direct", "details": "Held in trust.",
                                      "share": {"exclusiveMinimum": 25, "maximum": 50},
                                      "startDate": "2015-02-03", "endDate": "2020-01-01"}]},
                   "publicationDetails": publication, "source": source,
                   "annotations": comment("/recordDetails/interests/0", "cuibono: end=2019")}),
        ]
    );
}

#[test]
fn an_entity_of_followthemoney_of_each_schema_in_full() {
    assert_eq!(
        entities(&pair()),
        [
            json!({"id": "acme", "caption": "Acme Ltd", "schema": "Company", "datasets": ["S1"], "properties": {
                "name": ["Acme Ltd"], "alias": ["Acme"], "jurisdiction": ["gb"], "incorporationDate": ["2001"],
                "registrationNumber": ["01234567", "7"],
                "description": ["cuibono: identifier=GB-COH:01234567; identifier=Trade register:7"]}}),
            json!({"id": "ann", "caption": "Ann Ott", "schema": "Person", "datasets": ["cuibono"], "properties": {
                "name": ["Ann Ott"], "birthDate": ["1970-03"], "topics": ["role.pep"]}}),
            json!({"id": "R1", "schema": "Ownership", "datasets": ["S1"], "properties": {
                "owner": ["ann"], "asset": ["acme"], "percentage": ["(25,50]"], "startDate": ["2015-02-03"],
                "endDate": ["2019"], "modifiedAt": ["2020-05-01"], "summary": ["Held in trust."]}}),
        ]
    );
}

/// Kinds that a standard has not, and where they are written.
#[test]
fn own_kinds_keep_their_name() {
    let kinds = [
        ("generalPartner", "controlByLegalFramework", "Control"),
        ("limitedPartner", "rightsToProfitOrIncome", "Ownership"),
        ("parent", "otherInfluenceOrControl", "Control"),
        ("manager", "otherInfluenceOrControl", "Control"),
        ("founder", "unknownInterest", "UnknownLink"),
        ("affiliate", "unknownInterest", "UnknownLink"),
        ("lender", "unknownInterest", "UnknownLink"),
        ("adviser", "unknownInterest", "UnknownLink"),
        // Roles of a trust, in what is none.
        ("trustee", "otherInfluenceOrControl", "Control"),
        ("nominee", "unknownInterest", "Control"),
    ];
    for (kind, code, schema) in kinds {
        let graph = native(
            json!([{"id": "a", "name": "A", "kind": "company"}, {"id": "b", "name": "B", "kind": "company"}]),
            json!([{"id": "R", "owner": "a", "owned": "b", "kind": kind}]),
        );
        let interest = &statements(&graph)[2]["recordDetails"]["interests"][0];
        assert_eq!((&interest["type"], &interest["details"]), (&json!(code), &json!(format!("cuibono:{kind}"))));
        let link = &entities(&graph)[2];
        assert_eq!(link["schema"], schema, "{kind}");
        assert_eq!(link["properties"]["description"], json!([format!("cuibono: kind={kind}")]));
    }
}

#[test]
fn a_trust_is_one_by_its_roles_and_each_unknown_party_is_its_own_record() {
    let graph = native(
        json!([{"id": "t", "name": "T", "kind": "arrangement"}, {"id": "u1", "name": "Not named", "kind": "unknown"},
               {"id": "u2", "name": "Not named", "kind": "unknown"}]),
        json!([{"id": "R1", "owner": "u1", "owned": "t", "kind": "trustee"},
               {"id": "R2", "owner": "u2", "owned": "t", "kind": "settlor"}]),
    );
    let found = statements(&graph);
    let types: Vec<&Value> = found[..3].iter().map(|statement| &statement["recordDetails"]["entityType"]).collect();
    assert_eq!(
        types,
        [
            &json!({"type": "arrangement", "subtype": "trust"}),
            &json!({"type": "unknownEntity"}),
            &json!({"type": "unknownEntity"})
        ]
    );
    assert_eq!(found[1]["recordDetails"]["unspecifiedEntityDetails"]["reason"], "informationUnknownToPublisher");
    let parties: Vec<&Value> =
        found[3..].iter().map(|statement| &statement["recordDetails"]["interestedParty"]).collect();
    assert_eq!(parties, ["u1", "u2"]);
    assert_eq!(found[3]["recordDetails"]["interests"][0]["type"], "trustee");
}

#[test]
fn an_indirect_interest_lists_its_chain_after_the_links() {
    let company = |id: &str| json!({"id": id, "name": id, "kind": "company"});
    let held = |id: &str, owner: &str, owned: &str, directness: &str| json!({"id": id, "owner": owner, "owned": owned, "kind": "shareholding", "share": 60, "directness": directness});
    let graph = native(
        json!(["a", "b", "c", "d"].map(company)),
        json!([
            held("R0", "a", "c", "indirect"),
            held("R1", "a", "b", "direct"),
            held("R2", "b", "c", "direct"),
            held("R3", "c", "d", "direct"),
            held("R4", "b", "d", "direct"),
            held("R5", "a", "d", "indirect")
        ]),
    );
    let found = statements(&graph);
    let order: Vec<(&str, bool, &Value)> = found[4..]
        .iter()
        .map(|statement| {
            let details = &statement["recordDetails"];
            let id = statement["recordId"].as_str().expect("an id");
            (id, details["isComponent"] == true, &details["componentRecords"])
        })
        .collect();
    let (none, chain, shorter) = (Value::Null, json!(["b", "R1", "R2"]), json!(["b", "R1", "R4"]));
    assert_eq!(
        order,
        [
            ("R1", true, &none),
            ("R2", true, &none),
            ("R4", true, &none),
            ("R0", false, &chain),
            ("R3", false, &none),
            ("R5", false, &shorter)
        ]
    );
}

#[test]
fn the_same_data_in_another_order_give_the_same_bytes() {
    let edges = |rows: [&Value; 3]| {
        let company = |id: &str| json!({"id": id, "name": id, "kind": "company"});
        native(json!(["a", "b", "c"].map(company)), json!(rows))
    };
    let held =
        |id: &str, owner: &str, owned: &str| json!({"id": id, "owner": owner, "owned": owned, "kind": "shareholding"});
    let given = [held("R1", "a", "b"), held("R2", "b", "c"), held("R3", "c", "a")];
    let rows = given.each_ref();
    let one = edges(rows);
    for write in [bods::write as Write, ftm::write as Write] {
        let first = written(write, one.view(AsOf::All)).0;
        assert_eq!(first, written(write, one.view(AsOf::All)).0);
        assert_eq!(first, written(write, edges([rows[2], rows[0], rows[1]]).view(AsOf::All)).0);
    }
    let ids: Vec<Value> = statements(&one).into_iter().map(|statement| statement["statementId"].clone()).collect();
    let distinct: std::collections::BTreeSet<String> = ids.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), 6);
}

#[test]
fn hostile_names_and_ids_stay_valid() {
    let name = "\"Quote\\ \u{202e}bidi\u{2028}\n{\"a\":1}]\u{0}😀";
    let graph = native(
        json!([{"id": name, "name": name, "kind": "company"}, {"id": "R1", "name": "", "kind": "person"}]),
        json!([{"id": "R1", "owner": "R1", "owned": name, "kind": "shareholding", "share": 100}]),
    );
    let found = statements(&graph);
    let ids: Vec<&str> = found.iter().map(|statement| statement["recordId"].as_str().expect("an id")).collect();
    assert_eq!((found[0]["recordDetails"]["name"].as_str(), ids), (Some(name), vec![name, "R1", "R1'"]));
    let links = entities(&graph);
    assert_eq!(links.len(), 3);
    assert_eq!(
        links[2]["properties"]["asset"],
        json!([links.iter().find(|entity| entity["caption"] == name).expect("it")["id"]])
    );
    assert_eq!(links[2]["id"], "cuibono.R1.27..id", "told apart from the person R1");
}

#[test]
fn what_is_lost_is_counted() {
    let graph = native(
        json!([{"id": "a", "name": "A", "kind": "person", "facts": [{"kind": "birth", "text": "Born."}]},
               {"id": "b", "name": "B", "kind": "arrangement", "founded": "2001"}]),
        json!([{"id": "R1", "owner": "a", "owned": "b", "kind": "shareholding", "start": {"not_after": "2020-05"},
                "confidence": "low"},
               {"id": "R2", "owner": "b", "owned": "a", "kind": "affiliate"}]),
    );
    let (text, losses) = written(bods::write, graph.view(AsOf::All));
    let count = |losses: &[(&str, usize)], begin: &str| {
        losses.iter().filter(|(what, _)| what.starts_with(begin)).map(|(_, count)| count).sum::<usize>()
    };
    for begin in ["cautions of", "dates with bounds", "dates of entities", "facts", "interests in persons"] {
        assert_eq!(count(&losses, begin), 1, "{begin}: {losses:?}");
    }
    let found: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert_eq!(found.len(), 3, "the interest in a person is left out");
    assert_eq!(found[2]["recordDetails"]["interests"][0]["startDate"], "2020-05-31");
    assert_eq!(found[2]["annotations"][0]["description"], "cuibono: confidence=low; start=≤ 2020-05");
    let (_, losses) = written(ftm::write, graph.view(AsOf::All));
    assert_eq!(
        (count(&losses, "kinds of party"), count(&losses, "kinds of interest"), count(&losses, "facts")),
        (1, 1, 1)
    );
}

#[test]
fn a_day_leaves_out_what_was_over_and_no_date_is_invented() {
    let mut loader = Loader::new();
    loader.read_text("e.csv", "owner,owned,share,end\na,b,10,2019-01-01\nc,b,20,\n").expect("edges");
    let graph = loader.finish().expect("a graph");
    let (text, losses) = written(bods::write, graph.view("2020-01-01".parse().expect("a day")));
    let found: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert_eq!(found.iter().filter(|statement| statement["recordType"] == "relationship").count(), 1);
    assert!(found.iter().all(|statement| statement["statementDate"] == bods::UNDATED), "{text}");
    assert!(losses.contains(&("statements without any date (written as 0001-01-01)", 4)), "{losses:?}");
    let empty = native(json!([]), json!([]));
    assert_eq!(written(bods::write, empty.view(AsOf::All)).0, "[]\n");
}
