//! Numbers and what looks like numbers: ids stay texts, shares are exact or refused.

use crate::run::{Folder, cuibono};
use crate::shared::{counts, interests, read_text};
use cuibono::load::Loader;

/// Ids that spreadsheets and parsers like to take for numbers.
const IDS: [&str; 16] = [
    "00123456",
    "1E10",
    "1e5",
    "0x10",
    "123456789012345678901234567890",
    "1.0",
    "-0",
    "+1",
    "NaN",
    "Infinity",
    "1_000",
    "1,000",
    "2020-01-01",
    "TRUE",
    "null",
    "９",
];

#[test]
fn ids_stay_as_they_are_written_through_every_format() {
    let folder = Folder::new();
    let rows: String = IDS.iter().map(|id| format!("\"{id}\",\"of {id}\",5\n")).collect();
    let edges = folder.write("e.csv", format!("owner,owned,share\n{rows}"));
    let mut expected: Vec<String> = IDS.iter().map(|id| format!("{id} shareholding 5 % of {id}")).collect();
    expected.sort();
    for (name, flags) in [
        ("o.jsonl", "--to jsonl"),
        ("safe", "--to csv"),
        ("raw", "--to csv --csv raw"),
        ("o.json", "--to bods"),
        ("o.ftm.json", "--to ftm"),
    ] {
        let path = folder.path().join(name);
        cuibono(&format!("convert -q {flags} -o")).arg(&path).data(&edges).answers();
        let graph = crate::shared::read(&path);
        assert_eq!(interests(&graph), expected, "{flags}");
    }
}

/// A number that does not fit is no id: two different ones would be one.
#[test]
fn numbers_with_too_many_digits_are_no_ids() {
    let big = ["12345678901234567890123", "12345678901234567890124", "1e400", "1.5"];
    for number in &big {
        let bods = format!(
            r#"{{"statementId":{number},"declarationSubject":"r","recordId":"r","recordType":"person","recordDetails":{{}}}}"#
        );
        let ftm = format!(r#"{{"id":{number},"schema":"Person","properties":{{"name":["A"]}}}}"#);
        for text in [bods, ftm] {
            let mut loader = Loader::new();
            let read = loader.read_text("x.json", &(text.clone() + "\n" + &text + "\n"));
            assert!(read.is_err(), "{text}");
        }
    }
    let ftm = |number: &str| {
        format!(
            "{}\n{}\n",
            r#"{"id":"a","schema":"Company","properties":{"name":["A"]}}"#,
            format_args!(
                r#"{{"id":"b","schema":"Company","properties":{{"name":["B"],"registrationNumber":[{number}]}}}}"#
            )
        )
    };
    assert_eq!(counts(&read_text("x.json", &ftm("1234567890123456789"))), (2, 0));
    assert_eq!(counts(&read_text("x.json", &ftm("12345678901234567890123"))), (1, 1));
    let gleif = |number: &str| {
        format!(
            r#"{{"data":[{{"type":"lei-records","id":"x","attributes":{{"lei":"9999TESTTOP000000076","entity":{{"legalName":{{"name":"T"}}}}}}}},{{"type":"lei-records","id":"x","attributes":{{"lei":"9999TESTCHILD0000011","entity":{{"legalName":{{"name":"A"}},"registeredAs":{number}}}}}}}]}}"#
        )
    };
    assert_eq!(counts(&read_text("x.json", &gleif("1234567890123456789"))), (2, 0));
    assert_eq!(counts(&read_text("x.json", &gleif("12345678901234567890123"))), (1, 1));
}

/// What a share may not be, in each spelling of each format: refused, rejected or told, and never a number.
#[test]
fn shares_that_are_no_percent_are_never_numbers() {
    let wrong = [
        "1e400", "-1e400", "NaN", "nan", "Infinity", "inf", "-5", "250", "1e3", "0x10", "25,5,5", "1.2.3", "--5", "5-",
        "٥٠", "１０",
    ];
    for text in wrong {
        let edges = format!("owner,owned,share\nA,B,\"{text}\"\n");
        let mut loader = Loader::new();
        assert!(loader.read_text("e.csv", &edges).is_err(), "edges: {text}");
        let native = crate::fixtures::NATIVE.replace(r#"{"min": 25, "max": 60}"#, &format!("\"{text}\""));
        assert!(Loader::new().read_text("n.json", &native).is_err(), "native: {text}");
        let records = format!(
            r#"{{"cuibono":1,"type":"interest","owner":"a","owned":"b","kind":"shareholding","min":{text},"max":{text}}}"#
        );
        assert!(Loader::new().read_text("r.jsonl", &records).is_err(), "records: {text}");
        let tables = format!("id,owner,owned,kind,statement_adds,min,max\ni,a,b,shareholding,,\"{text}\",\"{text}\"\n");
        assert!(Loader::new().read_text("t.csv", &tables).is_err(), "tables: {text}");
        for value in [format!("\"{text}\""), text.to_owned()] {
            let lines =
                crate::fixtures::BODS.join("\n").replace(r#"{"exact":60}"#, &format!(r#"{{"exact":{value}}}"#)) + "\n";
            let graph = read_text("b.jsonl", &lines);
            let (_, rejected) = counts(&graph);
            let told = graph.problems().iter().any(|problem| problem.rule.id() == "unreadable-value");
            let known = interests(&graph).iter().any(|line| !line.contains('?') && !line.contains("unknown"));
            assert!(rejected > 0 || told, "BODS {value}: {:?}", interests(&graph));
            assert!(rejected > 0 || !known || told, "BODS {value}");
        }
        let lines = crate::fixtures::FTM.join("\n").replace("\"60\"", &format!("\"{text}\"")) + "\n";
        let graph = read_text("f.json", &lines);
        let told = graph.problems().iter().any(|problem| problem.rule.id() == "unreadable-value");
        assert!(told || counts(&graph).1 > 0, "FollowTheMoney {text}: {:?}", interests(&graph));
    }
}

/// Minus nothing is nothing, and a decimal comma is one only where it can be nothing else.
#[test]
fn odd_spellings_of_plain_shares_are_exact() {
    let share = |cell: &str, delimiter: char| {
        let text = format!("owner{delimiter}owned{delimiter}share\nA{delimiter}B{delimiter}\"{cell}\"\n");
        let mut loader = Loader::new();
        loader
            .read_text("e.csv", &text)
            .and_then(|()| loader.finish())
            .map(|graph| interests(&graph)[0].clone())
            .map_err(|error| error.to_string())
    };
    for (cell, read) in [
        ("-0", "0 %"),
        ("25,5", "25.5 %"),
        ("25.50%", "25.5 %"),
        ("33.333333333", "33.3333333 %"),
        ("00.5", "0.5 %"),
        ("100.0", "100 %"),
    ] {
        assert_eq!(share(cell, ';').as_deref(), Ok(format!("A shareholding {read} B").as_str()), "{cell}");
    }
    // Read as thousands it would be no percent.
    assert_eq!(share("1,000", ';').as_deref(), Ok("A shareholding 1 % B"));
    for cell in ["1.000,5", "1,000.5", "1 000", "1,0,0", "25.5,0"] {
        assert!(share(cell, ';').is_err_and(|error| error.contains("is not a share")), "{cell}");
    }
}
