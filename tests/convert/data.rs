//! Inputs of these tests.

use crate::run::Folder;
use serde_json::json;
use std::path::PathBuf;

/// Names from the list of naughty strings, and some that are worse for tables and markup.
pub fn names() -> Vec<String> {
    let list = include_str!("../fixtures/naughty-strings/blns.json");
    let mut names: Vec<String> = serde_json::from_str(list).expect("a list of texts");
    let more = [
        "a\nb",
        "a\r\nb",
        "a\rb",
        "a\tb",
        "\u{0}",
        "\u{1b}[2J",
        "\u{FFFE}",
        "]]>",
        "<![CDATA[",
        "&amp;",
        "=1+1",
        "'=1",
        "''=1",
        "' =1",
        "\t=1",
        "+1",
        "-1",
        "@x",
        "'",
        "\"",
        "\"\"",
        "tail\\",
        "\\\",x,y",
        "a;b",
        "a\\;b",
        ";",
        "\\e",
        " x ",
        ",",
        "a,b",
        "null",
        "true",
        "NaN",
        "_x20_",
        "a_xFF_",
        "raw",
        "\u{85}",
        "\u{2028}",
    ];
    names.extend(more.map(str::to_owned));
    names.retain(|name| !name.is_empty());
    names
}

/// A file in which each of the names is id, name, alias, note and identifier of a person, and note of an interest.
pub fn hostile(folder: &Folder) -> PathBuf {
    let names = names();
    let entity = |name: &String| {
        json!({"id": format!("p {name}"), "name": name, "kind": "person", "aliases": [name, "", "x"], "note": name,
               "identifiers": [{"scheme": name, "id": name}], "topics": [name]})
    };
    let interest = |(number, name): (usize, &String)| {
        json!({"id": format!("i{number} {name}"), "owner": format!("p {name}"), "owned": "company",
               "kind": "shareholding", "share": 0.1, "sources": ["S1"], "note": name, "reason": name})
    };
    let mut seen = std::collections::HashSet::new();
    let names: Vec<String> = names.into_iter().filter(|name| seen.insert(name.clone())).collect();
    let mut entities: Vec<_> = names.iter().map(entity).collect();
    entities.push(json!({"id": "company", "name": "Company", "kind": "company", "owners_complete": true,
        "facts": [{"date": "2020", "kind": "x;y", "text": names.concat(), "sources": ["S1"]}]}));
    let document = json!({
        "cuibono": 1,
        "sources": [{"id": "S1", "title": names.concat(), "url": "javascript:alert(1)", "urls": ["a;b", "c\\"]}],
        "jurisdictions": [{"code": "LU", "note": names.concat()}],
        "entities": entities,
        "interests": names.iter().enumerate().map(interest).collect::<Vec<_>>(),
    });
    folder.write("hostile.json", document.to_string())
}

/// Everything that an interest can say, and statements of several interests.
pub fn rich(folder: &Folder) -> PathBuf {
    let document = json!({
        "cuibono": 1,
        "sources": [{"id": "S1", "title": "A", "date": "2021-03"}, {"id": "S2", "title": "S2"}],
        "jurisdictions": [{"code": "US-DE", "facts": [{"kind": "law", "text": "x", "date": {"not_after": "2020"}}]}],
        "entities": [
            {"id": "a", "name": "A", "kind": "person", "founded": "1970-02", "jurisdiction": "LU",
             "jurisdiction_inferred": true},
            {"id": "b", "name": "B", "kind": "state-body", "listed": true, "legal_form": "SA", "dissolved": "2020-02-29"},
            {"id": "c", "name": "C", "kind": "unknown", "former_names": ["Old; Ltd"]},
        ],
        "interests": [
            {"id": "1", "owner": "a", "owned": "b", "kind": "shareholding", "share": "(25,50]", "start": {},
             "end": {"not_before": "2020", "not_after": "2021-05-06"}, "sources": ["S1"], "statement": "s"},
            {"id": "2", "owner": "a", "owned": "b", "kind": "votingRights", "share": "[10,20)", "start": "2019",
             "statement": "s", "sources": []},
            {"id": "3", "owner": "a", "owned": "c", "kind": "manager", "controlling": true, "statement": "s",
             "sources": ["S1", "S2"], "directness": "unknown", "confidence": "medium", "reason": "r"},
            {"id": "4", "owner": "b", "owned": "c", "kind": "shareholding", "share": 33.3333333, "approximate": true,
             "derived": true, "inferred": true, "contested": true, "dates_inferred": true, "date_note": "d",
             "directness": "indirect", "confidence": "low", "stated": "2022-01-01", "sources": ["S2"], "note": "n",
             "end": "2021-08-27", "start": "2021-08-27"},
            {"id": "5", "owner": "b", "owned": "c", "kind": "shareholding", "share": 0, "sources": ["S1"]},
            {"id": "6", "owner": "c", "owned": "c", "kind": "boardMember", "sources": ["S1"]},
        ],
    });
    folder.write("rich.json", document.to_string())
}
