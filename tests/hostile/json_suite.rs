//! JSONTestSuite on the readers themselves: as whole files, and within records of every format.

use crate::shared::{counts, shared};
use crate::tally::tally;
use cuibono::load::{Format, Loader};
use std::path::Path;

/// How the reading of something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Refused,
    Rejected,
    Read,
}

fn read(format: Format, bytes: &[u8]) -> End {
    let mut loader = Loader::new().format(format);
    match loader.read_bytes("suite.json", bytes).and_then(|()| loader.finish()) {
        Err(_) => End::Refused,
        Ok(graph) if counts(&graph).1 > 0 => End::Rejected,
        Ok(_) => End::Read,
    }
}

/// The cases of a folder of the suite by their names.
fn cases(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<_> = paths
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path).expect("a file"))
        })
        .collect();
    cases.sort();
    cases
}

/// Records of each format before and behind the place of a value: one that is not read, and one that is a name.
const RECORDS: [(Format, &str, &str, &str); 7] = [
    (
        Format::Bods,
        "a member that is not read",
        r#"{"statementId":"s","declarationSubject":"r","recordId":"r","recordType":"person","recordDetails":{"personType":"knownPerson"},"unread":"#,
        "}",
    ),
    (
        Format::Bods,
        "a name",
        r#"{"statementId":"s","declarationSubject":"r","recordId":"r","recordType":"entity","recordDetails":{"entityType":{"type":"registeredEntity"},"name":"#,
        "}}",
    ),
    (
        Format::Psc,
        "a member that is not read",
        r#"{"company_number":"01234567","data":{"kind":"individual-person-with-significant-control","name":"Ann","unread":"#,
        "}}",
    ),
    (
        Format::Ftm,
        "a property that is not read",
        r#"{"id":"a","schema":"Person","properties":{"name":["Ann"],"unread":"#,
        "}}",
    ),
    (Format::Ftm, "a name", r#"{"id":"a","schema":"Person","properties":{"name":"#, "}}"),
    (
        Format::Gleif,
        "a member that is not read",
        r#"{"data":{"type":"lei-records","id":"x","attributes":{"lei":"9999TESTCHILD0000011","entity":{"legalName":{"name":"A"}},"unread":"#,
        "}}}",
    ),
    (
        Format::Native,
        "a member that is not read",
        r#"{"cuibono":1,"type":"entity","id":"a","name":"A","kind":"person","unread":"#,
        "}",
    ),
];

/// Files of the suite as they are: none of them is data of a register, and none that is no JSON is taken for it.
#[test]
fn files_of_the_suite_are_no_data() {
    let Some(folder) = shared("hostile/json-test-suite/test_parsing") else { return };
    let (mut tried, mut refused, mut rejected, mut read_well) = (0, 0, 0, Vec::new());
    for (name, bytes) in cases(&folder) {
        for format in [Format::Bods, Format::Psc, Format::Ftm, Format::Gleif, Format::Native] {
            tried += 1;
            match read(format, &bytes) {
                End::Refused => refused += 1,
                End::Rejected => rejected += 1,
                End::Read => read_well.push((name.clone(), format)),
            }
        }
    }
    // An empty array is a file without records, also in another encoding or with blanks.
    for (name, format) in &read_well {
        let is_empty = [
            "y_structure_whitespace_array.json",
            "y_array_empty.json",
            "y_array_arraysWithSpaces.json",
            "y_array_empty-string.json",
        ];
        assert!(!name.starts_with("n_") && is_empty.contains(&name.as_str()), "{name} as {}", format.name());
    }
    tally(
        "JSONTestSuite, each file as a file of BODS, the UK register, FollowTheMoney, GLEIF and the native format",
        tried,
        &[
            ("refused with a reason", refused),
            ("rejected and counted", rejected),
            ("an empty array: no records", read_well.len()),
        ],
    );
    assert_eq!(tried, 318 * 5);
}

/// Texts of the suite as values within a record between two good ones.
#[test]
fn no_record_is_read_around_what_is_no_json() {
    let Some(folder) = shared("hostile/json-test-suite/test_parsing") else { return };
    let cases = cases(&folder);
    for (format, what, before, behind) in RECORDS {
        let (mut ends, mut free, mut good_ones) = ([0; 6], Vec::new(), Vec::new());
        for (name, bytes) in &cases {
            let good = |id: &str| {
                [before.replace("\"s\"", &format!("\"{id}\"")).as_bytes(), b"null", behind.as_bytes()].concat()
            };
            let record = [before.as_bytes(), bytes.trim_ascii(), behind.as_bytes()].concat();
            // The program's own records come in lines only.
            let (open, close): (&[u8], &[u8]) = if format == Format::Native { (b"", b"\n") } else { (b"[", b"]") };
            for layout in [[good("1"), record.clone(), good("2")].join(&b'\n'), [open, &record, close].concat()] {
                let end = read(format, &layout);
                let is_read = end == End::Read;
                match name.as_bytes()[0] {
                    b'n' => {
                        assert!(
                            !is_read,
                            "{name} within {what} of {}: {}",
                            format.name(),
                            String::from_utf8_lossy(&layout)
                        );
                        ends[0] += 1;
                    }
                    b'y' => {
                        ends[if is_read { 1 } else { 2 }] += 1;
                        // What goes over several lines is no line.
                        let in_line = !bytes.trim_ascii().contains(&b'\n');
                        let twice = name.contains("duplicated_key");
                        good_ones.extend((!is_read && in_line && !twice).then(|| name.clone()));
                    }
                    _ => {
                        ends[if is_read { 3 } else { 4 }] += 1;
                        free.extend(is_read.then(|| name.trim_end_matches(".json")));
                    }
                }
            }
        }
        tally(
            &format!("JSONTestSuite within {what} of {}", format.name()),
            2 * cases.len(),
            &[
                ("no JSON: rejected or refused", ends[0]),
                ("JSON: read", ends[1]),
                ("JSON, but not of the form that the member has: rejected", ends[2]),
                ("free to choose: read", ends[3]),
                ("free to choose: rejected", ends[4]),
            ],
        );
        free.dedup();
        println!("{} {what}: {ends:?} {free:?}", format.name());
        if what == "a member that is not read" {
            assert_eq!(good_ones, [""; 0], "{what} of {}", format.name());
            assert!(ends[1] >= 2 * 95 - 6, "{what} of {}: {}", format.name(), ends[1]);
        }
    }
}

/// Texts that parsers are known to read in different ways: here as values of a name and of a member that is not read.
#[test]
fn texts_that_parsers_change_are_exact_or_rejected() {
    let Some(folder) = shared("hostile/json-test-suite/test_transform") else { return };
    let cases = cases(&folder);
    assert_eq!(cases.len(), 22);
    let (mut rejected, mut exact) = (0, 0);
    for (name, bytes) in &cases {
        let text = String::from_utf8_lossy(bytes);
        for (format, _, before, behind) in RECORDS.into_iter().filter(|(_, what, ..)| *what == "a name") {
            let mut loader = Loader::new().format(format);
            let record = [before.as_bytes(), bytes.trim_ascii(), behind.as_bytes()].concat();
            let graph = loader.read_bytes("t.json", &record).and_then(|()| loader.finish());
            let Ok(graph) = graph else {
                rejected += 1;
                continue;
            };
            let node = graph.nodes().next().expect("a party");
            let found = graph.entity(node).name().to_owned();
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let strings = serde_json::from_str::<Vec<String>>(&text).ok();
            let is_exact = match strings {
                Some(strings) => strings.contains(&found) || found == graph.entity(node).id(),
                None => {
                    found.chars().filter(char::is_ascii_digit).collect::<String>() == digits
                        || found == graph.entity(node).id()
                }
            };
            assert!(is_exact, "{name} in {}: {text} became {found:?}", format.name());
            exact += 1;
        }
    }
    tally(
        "JSONTestSuite, texts that parsers change, as names",
        rejected + exact,
        &[("rejected", rejected), ("read exactly, or the name not read and its party called by its id", exact)],
    );
}
