//! A failure is never reported as "nothing found": what an answer cannot know stands in the answer.

use crate::run::{Folder, Run, cuibono};
use serde_json::Value;

const EDGES: &str = "owner,owned,share,start,end\nAnn,Acme,60,2015-03-01,2019-12-31\nAcme,Beta,80,2016,\n";

fn warnings(run: Run) -> Vec<String> {
    let answer: Value = run.json();
    let list = answer["warnings"].as_array().cloned().unwrap_or_default();
    list.iter().map(|warning| warning.as_str().expect("a sentence").to_owned()).collect()
}

#[test]
fn a_day_outside_of_the_data_is_said() {
    let outside =
        "outside-the-data: no interest counts on 2010-01-01; the dates in the data are 2015-03-01 to 2019-12-31";
    for command in [
        "owners-of Acme",
        "holdings-of Ann",
        "controllers-of Acme",
        "controlled-by Ann",
        "ultimate-controllers",
        "beneficial-owners-of Acme --rule fatf",
        "circular",
        "jurisdictions",
        "stats",
        "check",
        "search Acme",
        "show Acme",
        "sources",
        "paths Ann Beta",
        "explain Ann Beta",
        "close-links Acme",
        "effective-shares --min-share 1",
    ] {
        let end =
            cuibono(command).args(["--as-of", "2010-01-01"]).stdin(EDGES).args(["--format", "json"]).end().code(0);
        // The whole graph's controllers are rows of ids by promise.
        if command == "ultimate-controllers" {
            continue;
        }
        let answer = end.json();
        let said = answer["warnings"].as_array().is_some_and(|list| list.iter().any(|warning| warning == outside));
        assert!(said, "{command}: {answer}");
    }
    let table = cuibono("owners-of Acme --as-of 2010-01-01").stdin(EDGES).answers();
    table.has("Warning: outside-the-data: no interest counts on 2010-01-01");
    let csv = cuibono("owners-of Acme --as-of 2010-01-01 --format csv").stdin(EDGES).answers();
    assert!(csv.errors.contains("cuibono: warning: outside-the-data"), "{}", csv.errors);
    assert_eq!(csv.text().lines().count(), 1, "rows only");
    let quiet = cuibono("owners-of Acme --as-of 2010-01-01 --format csv --quiet").stdin(EDGES).answers();
    quiet.quiet();
}

#[test]
fn a_day_on_which_nothing_is_known_of_the_party_is_said() {
    let expected = "no-interest-on-the-day: none of 1 interests in Acme counts on 2020-06-01; \
                    the dates in the data are 2015-03-01 to 2019-12-31";
    for command in ["owners-of Acme", "controllers-of Acme", "beneficial-owners-of Acme --rule fatf"] {
        let said = warnings(cuibono(command).args(["--as-of", "2020-06-01"]).stdin(EDGES));
        assert!(said.iter().any(|warning| warning == expected), "{command}: {said:?}");
    }
    let said = warnings(cuibono("holdings-of Ann --as-of 2020-06-01").stdin(EDGES));
    assert!(
        said.iter().any(|warning| warning.starts_with("no-interest-on-the-day: none of 1 interests of Ann")),
        "{said:?}"
    );
    for command in ["owners-of Acme --as-of 2018-01-01", "owners-of Ann --as-of 2018-01-01", "show Acme --as-of all"] {
        assert_eq!(warnings(cuibono(command).stdin(EDGES)), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn a_day_that_has_not_come_is_said() {
    let said = warnings(cuibono("owners-of Beta --as-of 2999-01-01").stdin(EDGES));
    assert_eq!(said, ["future: 2999-01-01 has not come; what is not known to end by then is taken to last"]);
}

#[test]
fn data_without_interests_are_said() {
    let said = warnings(cuibono("stats").stdin("owner,owned,share\n"));
    assert_eq!(said, ["no-interests: the data hold no interest of anybody in anything"]);
}

#[test]
fn records_that_could_not_be_read_are_said_in_the_answer() {
    let folder = Folder::new();
    let entity = |id: &str| {
        format!(
            "{{\"statementId\":\"s{id}\",\"recordId\":\"{id}\",\"recordType\":\"entity\",\"declarationSubject\":\"{id}\",\
             \"recordDetails\":{{\"entityType\":{{\"type\":\"registeredEntity\"}},\"name\":\"{id}\",\"isComponent\":false}}}}\n"
        )
    };
    let text = format!("{}{{\"recordType\": 5}}\n{}", entity("one"), entity("two"));
    let path = folder.write("some.jsonl", text);
    let name = path.display();
    let expected = format!("rejected-records: 1 of 3 records of {name} could not be read");
    let said = warnings(cuibono("show one").data(&path));
    assert!(said.contains(&expected), "{said:?}");
    let index = folder.path().join("index");
    cuibono("index build -q -o").arg(&index).data(&path).answers();
    let said = warnings(cuibono("show one").data(&index));
    assert!(said.contains(&expected), "also from an index: {said:?}");
    cuibono("show one").data(&path).columns(400).answers().has(&format!("Warning: {expected}"));
}

const LISTED: &str = "owner,owned,share\nAnn,Acme,60\n";

#[test]
fn a_screening_with_gaps_cannot_tell() {
    let folder = Folder::new();
    let list = |text: &str| folder.write("list.txt", text).display().to_string();
    let screen = |more: &str, text: &str| {
        let run = cuibono("screen --as-of 2024-01-01").args(more.split_whitespace()).arg("--listed").arg(list(text));
        run.stdin(LISTED).json()
    };
    let whole = screen("", "Ann\n");
    assert_eq!((&whole["verdict"], &whole["gaps"]), (&"complete".into(), &Value::Array(Vec::new())));
    let unmatched = screen("--allow-unmatched", "Ann\nNobody of that name\n");
    assert_eq!(unmatched["verdict"], "cannot-tell");
    assert_eq!(unmatched["gaps"][0], "unmatched-lines: 1 lines of the list match no entity, or several");
    let empty = screen("--allow-empty-list", "# nobody\n");
    assert_eq!((&empty["verdict"], &empty["blocked"]), (&"cannot-tell".into(), &Value::Array(Vec::new())));
    let table = cuibono("screen --allow-empty-list --listed").arg(list("")).stdin(LISTED).answers();
    table.has("Cannot tell whether others are blocked: empty-list: nobody that is listed was looked for");
}

#[test]
fn an_old_list_is_refused_where_that_is_asked_for() {
    let folder = Folder::new();
    let list = folder.write("list.txt", "Ann\n");
    let run = || cuibono("screen --max-list-age 30 --listed").arg(&list).stdin(LISTED);
    run().answers();
    let days = std::time::Duration::from_secs(40 * 24 * 60 * 60 + 60);
    let old = std::time::SystemTime::now().checked_sub(days).expect("a time");
    std::fs::File::options().append(true).open(&list).expect("the list").set_modified(old).expect("a time");
    let name = list.display();
    let message = format!("{name} was last changed 40 days ago, more than --max-list-age 30: get the list anew");
    run().fails(2, &format!("cuibono: {message}"));
    cuibono("screen --max-list-age 50 --listed").arg(&list).stdin(LISTED).answers();
}

#[test]
fn data_with_more_rejects_than_allowed_are_refused() {
    let folder = Folder::new();
    let sound = r#"{"statementId":"a","recordId":"a","recordType":"entity","declarationSubject":"a","recordDetails":{"entityType":{"type":"registeredEntity"},"name":"A","isComponent":false}}"#;
    let path = folder.write("some.jsonl", format!("{sound}\n{{\"recordType\": 5}}\n{{\"recordType\": 6}}\n"));
    cuibono("show a --max-rejects 2").data(&path).answers();
    let message = "2 records cannot be read, more than --max-rejects 1; --rejects FILE lists them";
    cuibono("show a --max-rejects 1").data(&path).fails(3, &format!("cuibono: {}: {message}", path.display()));
}

#[test]
fn a_list_that_is_no_list_is_not_taken_for_nobody() {
    let folder = Folder::new();
    let run = |list: &std::path::Path| cuibono("holdings-of --group").arg(list).stdin(LISTED);
    let missing = folder.path().join("missing.txt");
    let shown = missing.display();
    run(&missing)
        .fails(1, &format!("cuibono: no entity answers to {:?}\n  nor is there a file {shown}", shown.to_string()));
    let end = run(folder.path()).end().code(2);
    assert!(end.errors.starts_with("cuibono: cannot read") && end.errors.contains("Is a directory"), "{}", end.errors);
    let empty = folder.write("empty.txt", "# nobody\n");
    run(&empty).fails(2, &format!("cuibono: {:?} names nobody", empty.display().to_string()));
    let latin = folder.write("latin.txt", b"Ann\nJos\xe9\n");
    run(&latin).fails(3, &format!("cuibono: {}:2: is not UTF-8 text", latin.display()));
    run(&folder.write("marked.txt", "\u{feff}Ann\n")).answers().has("Acme");
}

#[test]
fn a_list_is_not_written_over() {
    let folder = Folder::new();
    let list = folder.write("list.svg", "Ann\n");
    let end = cuibono("diagram Acme --listed").arg(&list).arg("-o").arg(&list).stdin(LISTED).end().code(2);
    assert!(end.errors.contains("is an input of this run; give another place"), "{}", end.errors);
    assert_eq!(std::fs::read_to_string(&list).expect("the list"), "Ann\n");
}

#[test]
fn no_option_about_data_is_ignored_with_the_data_that_are_compiled_in() {
    let folder = Folder::new();
    for options in ["--input-format bods", "--rejects r.jsonl", "--max-rejects 0", "--encoding latin1", "--keep-going"]
    {
        let end = cuibono(&format!("stats {options}")).current_dir(folder.path()).end().code(2);
        let option = options.split(' ').next().expect("an option");
        assert_eq!(end.errors, format!("cuibono: {option} is about the files of --data: give both\n"));
    }
    let list = folder.write("matches.csv", "a,b,verdict\nnorthpole-holdco-sarl,northpole-bidco-sarl,same\n");
    let joined = cuibono("stats --matches").arg(&list).json()["entities"].as_u64();
    let apart = cuibono("stats").json()["entities"].as_u64();
    assert_eq!(joined.map(|count| count + 1), apart, "the user's word counts here too");
    let latin = folder.write("latin.csv", b"a,b,verdict\nJos\xe9,x,same\n");
    cuibono("stats --matches").arg(&latin).fails(3, &format!("cuibono: {}:2: is not UTF-8 text", latin.display()));
}
