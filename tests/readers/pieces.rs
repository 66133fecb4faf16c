//! Inputs that are read in pieces: the same graph, findings and rejects whatever the size of a piece.

use crate::graphs::described;
use cuibono::load::Loader;
use cuibono::load::source::Limits;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Rejects, to be looked at later.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a sink").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that reading tells: entities and interests in their order and in full, findings, rejects, counts.
#[derive(Debug, PartialEq)]
struct Outcome {
    order: Vec<String>,
    described: Vec<String>,
    problems: Vec<String>,
    rejects: Vec<String>,
    counts: (u64, u64),
}

/// Longer records are rejected.
const LONGEST: usize = 1500;

fn outcome(bytes: &[u8], piece: usize) -> Outcome {
    let sink = Sink::default();
    let limits = Limits { piece, record: LONGEST, ..Limits::default() };
    let mut loader = Loader::new().limits(limits).rejects(Box::new(sink.clone()));
    loader.read_bytes("test.json", bytes).expect("an input");
    let graph = loader.finish().expect("a graph");
    let mut order: Vec<String> = graph.nodes().map(|node| graph.entity(node).id().to_owned()).collect();
    order.extend(graph.edges().map(|edge| {
        let stake = graph.stake(edge);
        format!("{} {} {} {}", stake.record(), stake.owner().id(), stake.interest().kind(), stake.owned().id())
    }));
    let problems = graph.problems().iter();
    let rejects = sink.0.lock().expect("a sink");
    Outcome {
        order,
        described: described(&graph),
        problems: problems.map(|found| format!("{} {}: {}", found.location, found.rule.id(), found.message)).collect(),
        rejects: String::from_utf8_lossy(&rejects).lines().map(str::to_owned).collect(),
        counts: graph.inputs().iter().fold((0, 0), |sum, input| (sum.0 + input.records, sum.1 + input.rejected)),
    }
}

/// Lines as an array whose records stand on the same lines.
fn array(lines: &[String]) -> Vec<u8> {
    format!("[{}\n]\n", lines.join(",\n")).into_bytes()
}

/// Reads the lines in pieces of several sizes, the largest of which holds everything; gives what all agree upon.
#[track_caller]
fn in_pieces(lines: &[String], broken: &[&[u8]]) -> Outcome {
    let mut bytes = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(if number % 5 == 1 { b"\r\n" } else { b"\n" });
        if let Some(broken) = (number % 7 == 3).then(|| broken.get(number / 7 % broken.len().max(1))).flatten() {
            bytes.extend_from_slice(broken);
            bytes.push(b'\n');
        }
    }
    // The last line has no end.
    bytes.pop();
    let whole = outcome(&bytes, 1 << 20);
    for piece in [1, 100, 333, 2000, 5000, bytes.len() - 1, bytes.len()] {
        let pieces = outcome(&bytes, piece);
        assert_eq!(pieces.problems, whole.problems, "pieces of {piece} bytes");
        assert_eq!(pieces.rejects, whole.rejects, "pieces of {piece} bytes");
        assert_eq!(pieces.order, whole.order, "pieces of {piece} bytes");
        assert!(pieces == whole, "pieces of {piece} bytes");
    }
    whole
}

const BROKEN: [&[u8]; 5] = [b"{\"data\":", b"", b"  \t", b"{\"x\":\"\xff\"}", b"[1]"];

fn long() -> Vec<u8> {
    [b"{\"long\":\"".as_slice(), "é".repeat(LONGEST).as_bytes(), b"\"}"].concat()
}

fn psc(company: u32, segment: &str, data: &str) -> String {
    let path = format!("/company/{company:08}/persons-with-significant-control/x/{segment}");
    format!(r#"{{"company_number":"{company:08}","data":{{"links":{{"self":"{path}"}},{data}}}}}"#)
}

fn psc_rows() -> Vec<String> {
    let mut rows = Vec::new();
    for number in 0..120u32 {
        let company = 1_234_000 + number / 4;
        rows.push(match number % 9 {
            0 => psc(company, &format!("s{number}"), r#""kind":"persons-with-significant-control-statement","statement":"psc-exists-but-not-identified","notified_on":"2017-01-01""#),
            1 => psc(company, "e", r#""kind":"exemptions","exemptions":{"psc_exempt_as_shares_admitted_on_market":{"items":[{"exempt_from":"2017-13-01"}]}}"#),
            2 => psc(company, &format!("c{number}"), r#""kind":"corporate-entity-person-with-significant-control","name":"Top \"Tip\" Ltd","identification":{"legal_authority":"Companies Act 2006","legal_form":"Ltd","registration_number":"01234001"},"natures_of_control":["ownership-of-shares-25-to-50-percent","ownership-of-shares-50-to-75-percent"],"notified_on":"2016-04-06""#),
            3 => psc(company, &format!("u{number}"), r#""kind":"super-secure-person-with-significant-control""#),
            4 => psc(company, "same", r#""kind":"individual-person-with-significant-control","name":" Ann Lee ","nationality":"Irish","natures_of_control":["voting-rights-75-to-100-percent"],"notified_on":"2016-04-06","ceased_on":"soon""#),
            5 => psc(company, &format!("n{number}"), r#""kind":"legal-person-person-with-significant-control","name":"Local Authority","identification":{"legal_form":"Local Authority","country_registered":"Netherlands","registration_number":"12345678"},"natures_of_control":["something-new"],"ceased":true"#),
            6 => psc(company, "same", &format!(r#""kind":"individual-person-with-significant-control","name":"Bo {number}","date_of_birth":{{"month":13,"year":1985}},"natures_of_control":[]"#)),
            7 => format!(r#"{{"data":{{"kind":"individual-person-with-significant-control","name":"No company {number}"}}}}"#),
            _ => psc(company, &format!("o{number}"), r#""kind":"individual-officer","name":"None""#),
        });
    }
    rows.push(r#"{"data":{"kind":"totals#persons-of-significant-control-snapshot","persons_of_significant_control_count":1}}"#.to_owned());
    rows
}

#[test]
fn rows_of_the_united_kingdom_read_the_same_in_pieces_and_in_an_array() {
    let rows = psc_rows();
    let lines = in_pieces(&rows, &[]);
    assert_eq!(lines.counts, (95, 26));
    assert_eq!(lines, outcome(&array(&rows), 1));
    let long = long();
    let broken = in_pieces(&rows, &[BROKEN.as_slice(), &[&long]].concat());
    assert_eq!(broken.counts, (95, 37));
    assert_eq!(broken.order.len(), lines.order.len());
    assert!(
        broken.rejects.iter().any(|reject| reject.contains("longer than this many bytes: --max-record 1500")),
        "{:#?}",
        broken.rejects
    );
}

#[test]
fn events_of_the_stream_end_what_earlier_pieces_said() {
    let event = |number: u32| {
        let (id, kind) = (number % 5, if number % 11 == 10 { "deleted" } else { "changed" });
        let path = format!("/company/01234567/persons-with-significant-control/individual/{id}");
        format!(
            r#"{{"resource_kind":"company-psc-individual","resource_uri":"{path}","data":{{"kind":"individual-person-with-significant-control","name":"Ann {id}","natures_of_control":["ownership-of-shares-25-to-50-percent"],"notified_on":"2019-0{}-01"}},"event":{{"type":"{kind}","timepoint":{number},"published_at":"2020-0{}-01"}}}}"#,
            number % 3 + 1,
            number / 10 + 1,
        )
    };
    let events: Vec<String> = (0..60).map(event).collect();
    let lines = in_pieces(&events, &[]);
    assert_eq!(lines.counts, (60, 0));
    assert_eq!(lines.order.len(), 6 + 55);
    assert_eq!(lines, outcome(&array(&events), 1));
}

fn bods_statements() -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let tail = r#""publicationDetails":{"publicationDate":"2024-11-01","bodsVersion":"0.4","publisher":{"name":"A Register"}},"source":{"type":["officialRegister"],"description":"Owners","retrievedAt":"2024-10-31"}}"#;
    let other = r#""publicationDetails":{"publicationDate":"2024","bodsVersion":"0.2","publisher":{"name":"B Register"}},"source":{"url":"https://b.example/1234567"}}"#;
    for number in 0..150u32 {
        let (party, day) = (number % 20, number / 40 + 1);
        let tail = if number % 13 == 5 { other } else { tail };
        let head = |kind: &str, record: String| {
            let status = ["new", "updated", "closed", "odd"][(number as usize / 23) % 4];
            format!(
                r#"{{"statementId":"s{number}","recordId":"{record}","recordType":"{kind}","recordStatus":"{status}","statementDate":"2021-0{day}-01","recordDetails":"#
            )
        };
        lines.push(match number % 10 {
            0..3 => format!(
                r#"{}{{"entityType":{{"type":"registeredEntity"}},"name":"Acme {}","jurisdiction":{{"name":"France","code":"FR"}},"identifiers":[{{"id":"{party}","scheme":"FR-RCS"}},{{"id":"7"}}],"foundingDate":"1994-03-1{}"}},{tail}"#,
                head("entity", format!("e{party}")), number / 60, number % 11,
            ),
            3 => format!(
                r#"{}{{"personType":"knownPerson","names":[{{"type":"legal","fullName":"Ann \u00e9 {party}"}},{{"type":"former","givenName":"A","familyName":"B"}}],"nationalities":[{{"name":"Atlantis"}}],"birthDate":"1990"}},{tail}"#,
                head("person", format!("p{party}")),
            ),
            4..8 => format!(
                r#"{}{{"subject":"e{party}","interestedParty":"p{}","interests":[{{"type":"shareholding","directOrIndirect":"direct","beneficialOwnershipOrControl":{},"share":{{"exact":{}}},"startDate":"2020-0{day}-01"}},{{"type":"odd","details":"with a note"}}]}},{tail}"#,
                head("relationship", format!("r{}", number % 30)), number % 10, number % 3 == 0, number % 90,
            ),
            8 => format!(
                r#"{}{{"subject":"e{party}","interestedParty":{{"reason":"{}"}},"interests":[],"componentRecords":["r1"]}},{tail}"#,
                head("relationship", format!("n{number}")), if number % 20 == 8 { "noBeneficialOwners" } else { "unknown" },
            ),
            // As before, in other words, and of the wrong form.
            _ if number % 30 == 9 => lines[number as usize - 5].clone(),
            _ if number % 30 == 19 => lines[number as usize - 5].replace("shareholding", "votingRights"),
            _ => format!(r#"{}{{"name":"Mended","identifiers":7}},"annotations":[1],{tail}"#, head("entity", "mended".to_owned())),
        });
    }
    lines.push(
        r#"{"statementID":"o1","statementType":"entityStatement","name":"Old","entityType":"registeredEntity"}"#
            .to_owned(),
    );
    lines.push(r#"{"statementID":"o2","statementType":"entityStatement","name":"New","entityType":"registeredEntity","replacesStatements":["o1"]}"#.to_owned());
    lines.push(r#"{"statementId":"z","recordId":"z"}"#.to_owned());
    // Members that stand twice, and some that stand further in and only look like the end of the line before.
    lines.push(format!(
        r#"{{"statementId":"t1","recordId":"e1","recordType":"entity","source":{{}},"recordDetails":{{}},{tail}"#
    ));
    lines.push(format!(
        r#"{{"statementId":"t2","recordId":"e2","recordType":"entity","recordDetails":{{"x":{{{tail}}},{tail}"#
    ));
    lines
}

#[test]
fn statements_read_the_same_in_pieces_and_in_an_array() {
    let statements = bods_statements();
    let lines = in_pieces(&statements, &[]);
    assert_eq!(lines.counts, (153, 2));
    assert_eq!(lines, outcome(&array(&statements), 1));
    for rule in ["repeated-statement", "unreadable-value", "rejected-record"] {
        assert!(lines.problems.iter().any(|problem| problem.contains(rule)), "{rule}: {:#?}", lines.problems);
    }
    let (long, end) = (long(), statements[0].find("\"publicationDetails").expect("an end"));
    let unclosed = format!(r#"{{"recordId":"u","recordType":"entity","recordDetails":{{{}"#, &statements[0][end..]);
    let broken = in_pieces(&statements, &[BROKEN.as_slice(), &[&long, unclosed.as_bytes()]].concat());
    assert_eq!(broken.order.len(), lines.order.len());
    assert_eq!(broken.counts.0, lines.counts.0);
    assert!(broken.rejects.iter().any(|reject| reject.contains("EOF while parsing an object")));
}

fn ftm_entities() -> Vec<String> {
    let (rest, several) = (r#""datasets":["one"],"last_seen":"2024-11-01T00:00:00"}"#, r#""datasets":["two","one"]}"#);
    let mut lines: Vec<String> = Vec::new();
    for number in 0..120u32 {
        let party = number % 15;
        let rest = if number % 12 == 5 { several } else { rest };
        lines.push(match number % 8 {
            0 | 1 => format!(
                r#"{{"id":"c{party}","caption":"Acme {}","schema":"Company","properties":{{"name":["Acme \"{party}\"","Acme"],"jurisdiction":["fr"],"registrationNumber":["{number}"],"incorporationDate":["1994-03-14","soon"],"parent":["c{}"]}},{rest}"#,
                number / 50, party + 1,
            ),
            2 => format!(r#"{{"id":"p{party}","schema":"Person","properties":{{"firstName":["Ann"],"lastName":["{party}"],"nationality":["gb"],"topics":["sanction"]}},{rest}"#),
            3..6 => format!(
                r#"{{"id":"own{}","schema":"Ownership","properties":{{"owner":["p{party}","p1"],"asset":["c{}"],"percentage":["{}"],"startDate":["2015-07-07"],"role":["ultimately"]}},{rest}"#,
                number % 50, number % 4, ["about half", "250", "11.03", "51,5"][number as usize % 4],
            ),
            6 => format!(r#"{{"id":"n{party}","schema":"Company","properties":{{"ownershipAsset":[{{"id":"own{party}","schema":"Ownership","properties":{{"owner":["p2"],"asset":["n{party}"]}}}}]}},{rest}"#),
            _ => [r#"{"id":"x","schema":"Odd","properties":{}}"#, r#"{"id":"","schema":"Company","properties":{}}"#, r#"{"schema":"Company"}"#][number as usize % 3].to_owned(),
        });
    }
    lines
}

#[test]
fn entities_of_follow_the_money_read_the_same_in_pieces_and_in_an_array() {
    let entities = ftm_entities();
    let lines = in_pieces(&entities, &[]);
    assert!(lines.counts.0 > 80 && lines.counts.1 > 10, "{:?}", lines.counts);
    assert_eq!(lines, outcome(&array(&entities), 1));
    let long = long();
    let broken = in_pieces(&entities, &[BROKEN.as_slice(), &[&long]].concat());
    assert_eq!(broken.order.len(), lines.order.len());
}
