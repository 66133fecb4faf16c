//! The big list of naughty strings as names and ids through each writer and back.

use crate::run::{Folder, cuibono};
use crate::tally::tally;
use serde_json::json;
use std::collections::BTreeSet;

fn list() -> Vec<String> {
    let list = include_str!("../fixtures/naughty-strings/blns.json");
    serde_json::from_str(list).expect("a list of texts")
}

#[test]
fn naughty_names_and_ids_come_back_from_every_format_exactly() {
    let all = list();
    assert_eq!(all.len(), 515);
    let mut seen = BTreeSet::new();
    let names: Vec<&String> = all.iter().filter(|name| !name.trim().is_empty() && seen.insert(name.as_str())).collect();
    let entity =
        |(number, name): (usize, &&String)| json!({"id": format!("p{number} {name}"), "name": name, "kind": "person"});
    let interest = |(number, name): (usize, &&String)| json!({"id": format!("i{number}"), "owner": format!("p{number} {name}"), "owned": "company", "kind": "shareholding", "share": 0.1, "sources": ["S1"]});
    let mut entities: Vec<_> = names.iter().enumerate().map(entity).collect();
    entities.push(json!({"id": "company", "name": "Company", "kind": "company"}));
    let interests: Vec<_> = names.iter().enumerate().map(interest).collect();
    let document =
        json!({"cuibono": 1, "sources": [{"id": "S1", "title": "T"}], "entities": entities, "interests": interests});
    let folder = Folder::new();
    let native = folder.write("names.json", document.to_string());
    let pairs = |path: &std::path::Path| -> BTreeSet<(String, String)> {
        let graph = crate::shared::read(path);
        graph.nodes().map(|node| (graph.entity(node).id().to_owned(), graph.entity(node).name().to_owned())).collect()
    };
    let expected = pairs(&native);
    assert_eq!(expected.len(), names.len() + 1);
    // Readers of registers take no blanks around a name, that of BODS also none around an id.
    let trimmed = |id: fn(&str) -> &str| -> BTreeSet<(String, String)> {
        expected.iter().map(|(own, name)| (id(own).to_owned(), name.trim().to_owned())).collect()
    };
    let (of_bods, of_ftm) = (trimmed(str::trim), trimmed(|id| id));
    for (name, flags, expected) in [
        ("o.jsonl", "--to jsonl", &expected),
        ("safe", "--to csv", &expected),
        ("raw", "--to csv --csv raw", &expected),
        ("o.json", "--to bods", &of_bods),
        ("o.ftm.json", "--to ftm", &of_ftm),
    ] {
        let path = folder.path().join(name);
        cuibono(&format!("convert -q {flags} -o")).arg(&path).data(&native).answers();
        let found = pairs(&path);
        let lost: Vec<_> = expected.difference(&found).collect();
        assert!(
            lost.is_empty() && found.len() == expected.len(),
            "{flags}: {lost:?} became {:?}",
            found.difference(expected).collect::<Vec<_>>()
        );
        tally(
            &format!("Big list of naughty strings as names and ids, written and read back: convert {flags}"),
            all.len(),
            &[("exact", names.len()), ("blank, or the same as another one", all.len() - names.len())],
        );
    }
}
