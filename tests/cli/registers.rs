//! Registers through the program: several formats at once, records that cannot be read, the same facts in two spellings.

use crate::run::{Folder, cuibono};
use serde_json::Value;

/// A person with a band in a company, as the UK register writes it.
const PSC: &str = r#"{"company_number":"01234567","data":{"kind":"individual-person-with-significant-control","name":"Mrs Ann Example","natures_of_control":["ownership-of-shares-50-to-75-percent"],"notified_on":"2020-01-01","links":{"self":"/company/01234567/persons-with-significant-control/individual/abc"}}}"#;

/// The same company in the tables of GLEIF, with a parent.
const LEI: &str = "\"LEI\",\"Entity.LegalName\",\"Entity.LegalJurisdiction\",\"Entity.RegistrationAuthority.RegistrationAuthorityID\",\"Entity.RegistrationAuthority.RegistrationAuthorityEntityID\"\n\
                   \"213800WAVVOPS85N2205\",\"EXAMPLE WORKS LIMITED\",\"GB\",\"RA000585\",\"1234567\"\n\
                   \"5493001KJTIIGC8Y1R12\",\"EXAMPLE HOLDING AG\",\"CH\",\"\",\"\"\n";
const RR: &str = "\"Relationship.StartNode.NodeID\",\"Relationship.StartNode.NodeIDType\",\"Relationship.EndNode.NodeID\",\"Relationship.EndNode.NodeIDType\",\"Relationship.RelationshipType\",\"Relationship.RelationshipStatus\"\n\
                  \"213800WAVVOPS85N2205\",\"LEI\",\"5493001KJTIIGC8Y1R12\",\"LEI\",\"IS_DIRECTLY_CONSOLIDATED_BY\",\"ACTIVE\"\n";

fn ids(answer: &Value, rows: &str) -> Vec<String> {
    let rows = answer[rows].as_array().unwrap_or_else(|| panic!("no {rows} in {answer}"));
    rows.iter().map(|row| row["entity"]["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn two_registers_tell_of_one_company() {
    let folder = Folder::new();
    folder.write("psc.txt", format!("{PSC}\n"));
    folder.write("lei.csv", LEI);
    folder.write("rr.csv", RR);
    let ask = |arguments: &str| cuibono(arguments).data(folder.path()).args(["--as-of", "2024-01-01"]);
    // By the number of one register and by that of the other, with and without its zeros.
    for company in ["GB-COH:01234567", "GB-COH:1234567", "213800WAVVOPS85N2205"] {
        let answer = ask(&format!("controllers-of {company}")).json();
        let mut names = ids(&answer, "controllers");
        names.sort();
        assert_eq!(names, ["EXAMPLE HOLDING AG", "Mrs Ann Example"], "{company}");
    }
    let matches = ask("matches").json();
    assert_eq!(matches["joined_entities"], 1);
    assert_eq!(matches["matches"][0]["reasons"][0], "both carry GB-COH:01234567");
    let owners = ask("owners-of GB-COH:01234567").json();
    let ann = owners["owners"].as_array().expect("rows").iter().find(|row| row["entity"]["kind"] == "person");
    let ann = ann.unwrap_or_else(|| panic!("{owners}"));
    assert_eq!(ann["direct"]["min"], 50.0);
    assert_eq!((&ann["direct"]["min_open"], &ann["direct"]["max"]), (&true.into(), &75.0.into()));
    let record = ann["interests"][0]["record"].as_str().expect("a place");
    assert!(record.ends_with("psc.txt:1"), "{record}");
}

#[test]
fn the_users_word_undoes_what_a_number_joined() {
    let folder = Folder::new();
    folder.write("psc.txt", format!("{PSC}\n"));
    folder.write("lei.csv", LEI);
    let verdicts = Folder::new();
    let list = verdicts.write("matches.csv", "a,b,verdict\nGB-COH-01234567,213800WAVVOPS85N2205,different\n");
    let count = |answer: Value| answer["entities"].as_u64().expect("a number");
    let joined = count(cuibono("stats").data(folder.path()).json());
    let apart = count(cuibono("stats --matches").arg(&list).data(folder.path()).json());
    assert_eq!(apart, joined + 1);
}

#[test]
fn a_record_that_cannot_be_read_is_written_out_and_costs_nothing_else() {
    let folder = Folder::new();
    let data = folder.write("psc.txt", format!("{PSC}\n{{\"company_number\":\"0123\n{PSC}\nnot json at all\n"));
    let rejects = folder.path().join("rejects.jsonl");
    let end = cuibono("stats --format json --rejects").arg(&rejects).data(&data).end().code(0);
    assert!(end.errors.contains("2 of 4 records of"), "{}", end.errors);
    let written = std::fs::read_to_string(&rejects).expect("a file of rejects");
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
    assert_eq!(lines.iter().map(|line| line["line"].as_u64()).collect::<Vec<_>>(), [Some(2), Some(4)]);
    assert_eq!(lines[1]["text"], "not json at all");
    assert!(lines.iter().all(|line| line["reason"].as_str().is_some_and(|reason| !reason.is_empty())));
    cuibono("check --fail-on error").data(&data).end().code(1).has("rejected-record");
}

#[test]
fn rejects_never_go_over_an_input() {
    let folder = Folder::new();
    let data = folder.write("psc.txt", format!("{PSC}\n"));
    let before = std::fs::read(&data).expect("the input");
    for (rejects, read) in [(data.clone(), data.clone()), (data.clone(), folder.path().to_owned())] {
        let end = cuibono("stats --rejects").arg(&rejects).data(&read).end().code(2);
        assert!(end.errors.contains("is an input of this run"), "{}", end.errors);
        assert_eq!(std::fs::read(&data).expect("the input"), before);
    }
    let new = folder.path().join("rejects.jsonl");
    cuibono("stats --rejects").arg(&new).data(folder.path()).end().code(2);
    assert!(!new.exists(), "a file among the inputs would be read as one");
}

#[test]
fn records_with_one_number_and_unlike_names_are_told() {
    let names = |name: &str| {
        let folder = Folder::new();
        let other =
            PSC.replace("Mrs Ann Example", "Holding Ltd").replace("individual-person", "corporate-entity-person");
        let identified = r#""identification":{"country_registered":"England","registration_number":"07654321"},"name""#;
        let data = folder.write("psc.txt", format!("{}\n", other.replace("\"name\"", identified)));
        let lei = folder.write("lei.csv", LEI.replace("EXAMPLE WORKS LIMITED", name).replace("1234567", "7654321"));
        cuibono("check").data(&data).data(&lei).json()["counts"]["joined-unlike-names"].clone()
    };
    assert_eq!(names("SOMETHING ELSE LIMITED"), 1);
    assert_eq!(names("HOLDING LIMITED"), Value::Null);
}

#[test]
fn a_wrong_file_as_a_whole_is_bad_data() {
    let folder = Folder::new();
    let data =
        folder.write("psc.txt", "{\"company_number\":1,\"data\":{\"kind\":7}}\n{\"company_number\":2,\"data\":[]}\n");
    let end = cuibono("stats --input-format psc").data(&data).end().code(3);
    assert!(end.errors.contains("none of the 2 records of this input could be read"), "{}", end.errors);
}

#[test]
fn the_same_facts_give_the_same_answer_in_every_format() {
    let folder = Folder::new();
    let edges = folder.write(
        "edges.csv",
        "owner,owned,share,start,owner_name,owned_name,owner_kind\n\
         ann,hold,60,2020-01-01,Ann Example,Hold Ltd,person\n\
         hold,works,\"(25,50]\",2020-01-01,Hold Ltd,Works GmbH,company\n",
    );
    let statement = |id: &str, record: &str, kind: &str, details: &str| {
        format!(
            r#"{{"statementId":"{id:0>32}","statementDate":"2020-01-01","declarationSubject":"works","recordId":"{record}","recordType":"{kind}","recordDetails":{details}}}"#
        )
    };
    let entity =
        |name: &str| format!(r#"{{"isComponent":false,"entityType":{{"type":"registeredEntity"}},"name":"{name}"}}"#);
    let relationship = |owner: &str, owned: &str, share: &str| {
        format!(
            r#"{{"isComponent":false,"subject":"{owned}","interestedParty":"{owner}","interests":[{{"type":"shareholding","directOrIndirect":"direct","startDate":"2020-01-01","share":{share}}}]}}"#
        )
    };
    let bods = folder.write(
        "bods.jsonl",
        [
            statement("1", "ann", "person", r#"{"isComponent":false,"personType":"knownPerson","names":[{"type":"legal","fullName":"Ann Example"}]}"#),
            statement("2", "hold", "entity", &entity("Hold Ltd")),
            statement("3", "works", "entity", &entity("Works GmbH")),
            statement("4", "r1", "relationship", &relationship("ann", "hold", r#"{"exact":60}"#)),
            statement("5", "r2", "relationship", &relationship("hold", "works", r#"{"exclusiveMinimum":25,"maximum":50}"#)),
        ]
        .join("\n"),
    );
    let ftm = folder.write(
        "entities.ftm.json",
        [
            r#"{"id":"ann","schema":"Person","properties":{"name":["Ann Example"]}}"#,
            r#"{"id":"hold","schema":"Company","properties":{"name":["Hold Ltd"]}}"#,
            r#"{"id":"works","schema":"Company","properties":{"name":["Works GmbH"]}}"#,
            r#"{"id":"o1","schema":"Ownership","properties":{"owner":["ann"],"asset":["hold"],"percentage":["60"],"startDate":["2020-01-01"]}}"#,
            r#"{"id":"o2","schema":"Ownership","properties":{"owner":["hold"],"asset":["works"],"percentage":["(25,50]"],"startDate":["2020-01-01"]}}"#,
        ]
        .join("\n"),
    );
    let answer = |path: &std::path::Path| {
        let answer = cuibono("owners-of works --as-of 2024-01-01").data(path).json();
        let rows = answer["owners"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        let row = |row: &Value| {
            (row["entity"].clone(), row["direct"].clone(), row["effective"].clone(), row["control"].clone())
        };
        (rows.iter().map(row).collect::<Vec<_>>(), answer["unaccounted"].clone())
    };
    let expected = answer(&edges);
    assert_eq!(expected.0.len(), 2);
    assert_eq!(answer(&bods), expected);
    assert_eq!(answer(&ftm), expected);
}
