//! Keys that stand twice in one object: whichever value would count, it is never the reader that chooses in silence.

use crate::fixtures::{BODS, FTM, NATIVE};
use crate::tally::tally;
use cuibono::load::{DuplicateKeys, Format, Loader};
use serde_json::{Value, json};

/// What a text says under a choice: the error, or everything in the graph and how many records were rejected.
fn told(format: Format, text: &str, keys: DuplicateKeys) -> Result<String, String> {
    let mut loader = Loader::new().format(format).duplicate_keys(keys);
    loader.read_text("x", text).map_err(|error| error.to_string())?;
    let graph = loader.finish().map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    cuibono::export::jsonl::write(
        graph.view(cuibono::model::AsOf::All),
        &mut lines,
        &mut cuibono::export::losses::Losses::default(),
    )
    .expect("memory");
    let (_, rejected) = crate::shared::counts(&graph);
    let first = graph.problems().iter().find(|problem| problem.rule == cuibono::problem::Rule::RejectedRecord);
    match first {
        Some(problem) if rejected > 0 => Err(problem.message.clone()),
        _ => Ok(String::from_utf8(lines).expect("text")),
    }
}

/// A value as text, in which the member at `target` is written once with each of the values.
fn written(value: &Value, path: &mut Vec<String>, target: &[String], values: &[&Value]) -> String {
    match value {
        Value::Object(members) => {
            let mut parts = Vec::new();
            // The records that `convert` writes are known by how they begin.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| (*key != "cuibono", *key != "type"));
            for (key, member) in members {
                path.push(key.clone());
                if path == target {
                    parts.extend(values.iter().map(|value| format!("{}:{value}", json!(key))));
                } else {
                    parts.push(format!("{}:{}", json!(key), written(member, path, target, values)));
                }
                path.pop();
            }
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let mut parts = Vec::new();
            for (place, item) in items.iter().enumerate() {
                path.push(place.to_string());
                parts.push(written(item, path, target, values));
                path.pop();
            }
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    }
}

/// The paths of all members.
fn members(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, member)| (key.clone(), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(place, item)| (place.to_string(), item)).collect(),
        _ => return,
    };
    for (key, child) in children {
        path.push(key);
        if value.is_object() {
            found.push(path.clone());
        }
        members(child, path, found);
        path.pop();
    }
}

/// Another value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.parse::<u32>() {
            Ok(number) => json!((number + 1).to_string()),
            Err(_) => json!(format!("{text} too")),
        },
        Value::Number(number) => number.as_u64().map_or(json!(1.5), |number| json!(number + 1)),
        Value::Bool(flag) => json!(!flag),
        Value::Array(items) => Value::Array(items.iter().map(other).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), other(value))).collect())
        }
        Value::Null => json!("x"),
    }
}

/// The records of a file of each format that is JSON, and how they are put into one.
fn files() -> Vec<(&'static str, Format, Vec<Value>, bool)> {
    let parse =
        |texts: &[&str]| texts.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect::<Vec<Value>>();
    let person = r#"{"kind":"individual-person-with-significant-control","name":"Ms Ann Lee","name_elements":{"forename":"Ann","surname":"Lee"},"links":{"self":"/company/01234567/persons-with-significant-control/individual/a1"},"date_of_birth":{"month":7,"year":1985},"nationality":"British","natures_of_control":["ownership-of-shares-25-to-50-percent"],"notified_on":"2016-04-06","ceased_on":"2020-01-02"}"#;
    let firm = r#"{"kind":"corporate-entity-person-with-significant-control","name":"Top","links":{"self":"/company/01234567/persons-with-significant-control/corporate-entity/b2"},"identification":{"legal_form":"Limited","registration_number":"07654321","country_registered":"England"},"natures_of_control":["voting-rights-50-to-75-percent"]}"#;
    let exempt = r#"{"company_number":"01234567","data":{"kind":"exemptions","links":{"self":"/company/01234567/exemptions"},"exemptions":{"disclosure_transparency_rules_chapter_five_applies":{"exemption_type":"x","items":[{"exempt_from":"2016-04-06"}]}}}}"#;
    let row = |data: &str| format!(r#"{{"company_number":"01234567","data":{data}}}"#);
    let bundle = format!(
        r#"{{"company_number":"01234567","profile":{{"company_name":"ACME","company_number":"01234567","type":"ltd","previous_company_names":[{{"name":"OLD"}}]}},"pscs":{{"items":[{person},{firm}]}}}}"#
    );
    let list = format!(
        r#"{{"items":[{person},{firm}],"links":{{"self":"/company/01234567/persons-with-significant-control"}}}}"#
    );
    let table = r#"{"CompanyName":"ACME","CompanyNumber":"01234567","CompanyStatus":"Active","IncorporationDate":"01/02/1990"}"#;
    let lei = r#"{"data":{"type":"lei-records","id":"9999TESTCHILD0000011","attributes":{"lei":"9999TESTCHILD0000011","entity":{"legalName":{"name":"Smith"},"otherNames":[{"name":"OLD","type":"PREVIOUS_LEGAL_NAME"}],"jurisdiction":"GB","category":"GENERAL","status":"ACTIVE","creationDate":"1999-05-01"},"registration":{"status":"ISSUED"}}}}"#;
    let relationship = r#"{"data":[{"type":"relationship-records","attributes":{"relationship":{"startNode":{"id":"9999TESTCHILD0000011","type":"LEI"},"endNode":{"id":"9999TESTTOP000000076","type":"LEI"},"type":"IS_DIRECTLY_CONSOLIDATED_BY","status":"ACTIVE","periods":[{"startDate":"2015-03-08","type":"RELATIONSHIP_PERIOD"}]},"registration":{"status":"PUBLISHED"}}}]}"#;
    let nested = r#"{"id":"acme","schema":"Company","properties":{"name":["Acme"],"jurisdiction":["gb"],"ownershipAsset":[{"id":"o","schema":"Ownership","properties":{"owner":[{"id":"ann","schema":"Person","properties":{"name":["Ann"],"birthDate":["1970"]}}],"asset":["acme"],"percentage":["60"]}}]}}"#;
    let old = r#"{"statementID":"o-1","statementType":"ownershipOrControlStatement","subject":{"describedByEntityStatement":"e-1"},"interestedParty":{"describedByPersonStatement":"p-1"},"interests":[{"type":"shareholding","share":{"exact":60}}]}"#;
    let records = [
        r#"{"cuibono":1,"type":"entity","id":"a","name":"A","kind":"company","aliases":["AA"],"facts":[{"date":"2020","kind":"k","text":"t","sources":[]}]}"#,
        r#"{"cuibono":1,"type":"interest","id":"i","owner":"b","owned":"b","kind":"shareholding","min":10,"max":20,"start":"2020-01-02"}"#,
        r#"{"cuibono":1,"type":"entity","id":"b","name":"B","kind":"person"}"#,
        r#"{"cuibono":1,"type":"source","id":"S1","title":"T"}"#,
    ];
    vec![
        ("BODS 0.4", Format::Bods, parse(&BODS), true),
        ("BODS 0.1 to 0.3", Format::Bods, parse(&[old]), true),
        ("register rows", Format::Psc, parse(&[&row(person), &row(firm), exempt]), true),
        ("register answers", Format::Psc, parse(&[&bundle]), false),
        ("register lists", Format::Psc, parse(&[&list]), false),
        ("register company rows", Format::Psc, parse(&[table]), true),
        ("GLEIF answers", Format::Gleif, parse(&[lei, relationship]), true),
        ("FollowTheMoney", Format::Ftm, parse(&FTM), true),
        ("FollowTheMoney nested", Format::Ftm, parse(&[nested]), true),
        ("JSON Lines of convert", Format::Native, parse(&records), true),
        ("native document", Format::Native, parse(&[NATIVE]), false),
    ]
}

/// Every member of every record stands twice, with its own value and with another one. Where a member makes a difference,
/// its repetition is refused, and where the first or the last is chosen, the graph is that of this one alone.
#[test]
fn no_reader_chooses_among_two_values_in_silence() {
    let (mut tried, mut refused, mut unread) = (0, 0, 0);
    for (what, format, records, lines) in files() {
        for (number, record) in records.iter().enumerate() {
            let mut targets = Vec::new();
            members(record, &mut Vec::new(), &mut targets);
            let begins = |target: &Vec<String>| matches!(target[..], [ref key] if key == "cuibono" || key == "type");
            targets.retain(|target| what != "JSON Lines of convert" || !begins(target));
            for target in targets {
                let pointer = format!("/{}", target.join("/"));
                let own = record.pointer(&pointer).expect("a member");
                let another = other(own);
                // Behind others of their kind, whose shapes are known by then.
                let file = |values: &[&Value]| {
                    let text = |(place, record): (usize, &Value)| match place == number {
                        true => written(record, &mut Vec::new(), &target, values),
                        false => written(record, &mut Vec::new(), &[], &[]),
                    };
                    let texts: Vec<String> = records.iter().enumerate().map(text).collect();
                    texts.join("\n") + if lines { "\n" } else { "" }
                };
                let read = |values: &[&Value], keys| told(format, &file(values), keys);
                let (one, two) = (read(&[own], DuplicateKeys::Error), read(&[&another], DuplicateKeys::Error));
                let place = format!("{what}: {pointer} of record {number}");
                assert!(one.is_ok(), "{place}: {one:?}");
                tried += 1;
                for both in [[own, &another], [&another, own]] {
                    let found = read(&both, DuplicateKeys::Error);
                    if one != two {
                        // Where others refer to the record that is refused, the run ends with that.
                        let reason = found.expect_err(&place);
                        let told = reason.contains("stands twice in one object (byte ")
                            || reason.contains("which no input describes")
                            // The other value is refused by itself, and met first.
                            || two.is_err()
                            // Of the forms of a share none takes a key twice.
                            || reason.contains("a share is percent");
                        assert!(told, "{place}: {reason}");
                    }
                    let alone = |value| read(&[value], DuplicateKeys::Error);
                    assert_eq!(read(&both, DuplicateKeys::First), alone(both[0]), "{place}, the first");
                    assert_eq!(read(&both, DuplicateKeys::Last), alone(both[1]), "{place}, the last");
                }
                *(if one == two { &mut unread } else { &mut refused }) += 1;
            }
        }
    }
    tally(
        "Keys that stand twice in an object, for every member of records of every JSON format",
        tried,
        &[("refused with the key and its place", refused), ("a member that is not read", unread)],
    );
    assert!(refused > 100, "{refused} of {tried}");
}

#[test]
fn tables_whose_header_repeats_a_column_are_refused() {
    for (format, header, twice) in [
        (Format::Tables, "id,name,kind,owners_complete,name\nx,a,person,,b\n", "name"),
        (Format::Icij, "node_id,name,NAME,sourceID\n1,a,b,c\n", "name"),
        (Format::Gleif, "LEI,Entity.LegalName,Entity.LegalName\n9999TESTCHILD0000011,a,b\n", "entity.legalname"),
        (Format::Psc, "CompanyName, CompanyNumber,CompanyNumber\na,1,2\n", "CompanyNumber"),
        (Format::Edges, "owner,owned,owner\na,b,c\n", "owner"),
    ] {
        let error = told(format, header, DuplicateKeys::Error).expect_err(header);
        assert_eq!(error, format!("x:1: the header names the column {twice:?} twice"));
    }
}
