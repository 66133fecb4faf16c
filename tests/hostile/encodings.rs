//! Text that is no UTF-8: refused or rejected with its place, or decoded by the encoding that the user names.

use crate::fixtures::{BODS, EDGES, FTM};
use crate::run::{Folder, cuibono};
use crate::shared::{counts, told};
use cuibono::load::Loader;

fn names(bytes: &[u8], encoding: Option<&str>) -> Result<Vec<String>, String> {
    let mut loader = Loader::new();
    if let Some(encoding) = encoding {
        loader = loader.encoding(encoding.parse().expect("an encoding"));
    }
    let read = loader.read_bytes("e.csv", bytes).and_then(|()| loader.finish());
    let graph = read.map_err(|error| error.to_string())?;
    let mut names: Vec<String> = graph.nodes().map(|node| graph.entity(node).name().to_owned()).collect();
    names.sort();
    Ok(names)
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    mark.then_some('\u{feff}')
        .into_iter()
        .chain(text.chars())
        .flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
        .flat_map(unit)
        .collect()
}

#[test]
fn marks_are_followed_and_every_other_encoding_must_be_named() {
    let text = "owner,owned,share\nSociété Ü,ООО 日本,50\n";
    let expected = Ok(vec!["Société Ü".to_owned(), "ООО 日本".to_owned()]);
    assert_eq!(names(text.as_bytes(), None), expected);
    assert_eq!(names(format!("\u{feff}{text}").as_bytes(), None), expected);
    assert_eq!(names(text.as_bytes(), Some("utf-8")), expected);
    for (unit, label) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"), (u16::to_be_bytes, "utf-16be")] {
        assert_eq!(names(&utf16(text, unit, true), None), expected, "{label}");
        assert_eq!(names(&utf16(text, unit, false), Some(label)), expected, "{label}");
        // A mark says more than an option that was given for other files.
        assert_eq!(names(&utf16(text, unit, true), Some("windows-1252")), expected, "{label}");
        let guess =
            format!("e.csv: looks like text in {label} without a byte order mark; if it is, give --encoding {label}");
        assert_eq!(names(&utf16(text, unit, false), None), Err(guess));
    }
    let no_text = "if it is another encoding, name it, for example --encoding windows-1252";
    let latin = b"owner,owned\nSoci\xe9t\xe9,B\n";
    assert_eq!(names(latin, None), Err(format!("e.csv:2: is not UTF-8 text (byte 16); {no_text}")));
    for label in ["windows-1252", "latin1", "ISO-8859-15"] {
        assert_eq!(names(latin, Some(label)), Ok(vec!["B".to_owned(), "Société".to_owned()]), "{label}");
    }
    assert_eq!(
        names(b"owner,owned\n\xce\xce\xce,B\n", Some("windows-1251")),
        Ok(vec!["B".to_owned(), "ООО".to_owned()])
    );
    let wrong = names(b"owner,owned\n\x81\xff,B\n", Some("shift_jis"));
    assert_eq!(wrong, Err("e.csv: is damaged or cut off: it is no text in Shift_JIS before byte 14".to_owned()));
}

/// The same rows whatever ends them.
#[test]
fn line_ends_make_no_difference() {
    let whole = told("e.csv", EDGES.as_bytes(), usize::MAX);
    for end in ["\r\n", "\r"] {
        let other = told("e.csv", EDGES.replace('\n', end).as_bytes(), usize::MAX);
        assert_eq!(other, whole, "{end:?}");
    }
    for end in ["\n", "\r\n", "\r"] {
        let wrong = ["owner,owned,share", "A,B,1", "A,C,x", ""].join(end);
        let error = names(wrong.as_bytes(), None).expect_err("no share");
        assert!(error.starts_with("e.csv:3: share \"x\" is not a share"), "{end:?}: {error}");
    }
    for lines in [BODS, FTM] {
        let whole = told("x.json", (lines.join("\n") + "\n").as_bytes(), usize::MAX);
        assert!(!whole.starts_with("error"), "{whole}");
        assert_eq!(told("x.json", (lines.join("\r\n") + "\r\n").as_bytes(), usize::MAX), whole);
    }
}

/// A byte that is no text costs its record, in every format that is read record by record.
#[test]
fn bytes_that_are_no_text_cost_their_record_only() {
    let broken = |text: &str, from: &str, to: &[u8]| {
        let at = text.find(from).expect("a place");
        [&text.as_bytes()[..at], to, &text.as_bytes()[at + from.len()..]].concat()
    };
    let mut tried = 0;
    // A lone byte, an overlong slash, half a surrogate pair, more than there is, and a sequence that is cut.
    for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"] {
        for fixture in crate::fixtures::all() {
            let Ok(text) = std::str::from_utf8(&fixture.bytes) else { continue };
            let Some(name) = ["Ann", "Smith", "ACME", "Doe", "TIAN", "Shareholder of", "Acme"]
                .into_iter()
                .find(|name| text.contains(name))
            else {
                continue;
            };
            let data = broken(text, name, bytes);
            let mut loader = Loader::new();
            let read = loader.read_bytes(&fixture.name, &data).and_then(|()| loader.finish());
            tried += 1;
            match read {
                Err(error) => {
                    let message = error.to_string();
                    let told = message.contains("is not UTF-8 text (byte ")
                        || message.contains("is no XML")
                        || message.contains("which no input describes");
                    assert!(told, "{}: {message}", fixture.name);
                }
                Ok(graph) => {
                    assert!(counts(&graph).1 > 0, "{} with {bytes:?}", fixture.name);
                }
            }
        }
    }
    assert!(tried > 130, "{tried}");
}

#[test]
fn the_option_reaches_the_reader() {
    let folder = Folder::new();
    let path = folder.write("e.csv", b"owner,owned\nSoci\xe9t\xe9,B\n");
    cuibono("owners-of B --encoding latin1 --format csv").data(&path).answers().has("Société");
    let end = cuibono("owners-of B --encoding klingon").data(&path).end().code(2);
    assert!(end.errors.contains("unknown encoding \"klingon\""), "{}", end.errors);
}
