//! What is wrong in an input is said with the file, the place and the reason, and ends with exit code 3.

use crate::run::{Folder, cuibono};

/// Runs over a file of this name and content and compares the whole message.
#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, message: &str) {
    let folder = Folder::new();
    folder.write(name, content);
    cuibono("stats").data(name).current_dir(folder.path()).fails(3, &format!("cuibono: {message}"));
}

/// Two companies and these interests in the native format.
fn native(interests: &str) -> String {
    format!(
        r#"{{"cuibono": 1,
 "sources": [{{"id": "S1", "title": "A register"}}],
 "entities": [{{"id": "a", "name": "A", "kind": "company"}}, {{"id": "b", "name": "B", "kind": "company"}}],
 "interests": [{interests}]}}"#
    )
}

/// One interest from a to b with this share.
fn with_share(share: &str) -> String {
    native(&format!(
        r#"{{"id": "i1", "owner": "a", "owned": "b", "kind": "shareholding", "share": {share}, "sources": ["S1"]}}"#
    ))
}

#[test]
fn files_that_are_not_there() {
    let folder = Folder::new();
    cuibono("stats")
        .data("nowhere.csv")
        .current_dir(folder.path())
        .fails(2, "cuibono: cannot read nowhere.csv: No such file or directory (os error 2)");
    folder.write("empty/readme.md", "nothing to read");
    cuibono("stats").data("empty").current_dir(folder.path()).fails(
        3,
        "cuibono: empty: holds no file that can be read \
         (looked for .json, .jsonl, .ndjson, .csv, .tsv, .txt, .xml, .parquet, .gz, .zst, .zip)",
    );
}

#[test]
fn files_that_are_no_text() {
    refused("empty.csv", "", "empty.csv: is empty: there is nothing to read");
    refused("blank.csv", " \n\n", "blank.csv: is empty: there is nothing to read");
    refused(
        "latin1.csv",
        b"owner,owned\nA,Soci\xe9t\xe9\n",
        "latin1.csv:2: is not UTF-8 text (byte 18); if it is another encoding, name it, for example \
         --encoding windows-1252",
    );
    refused("half.csv", b"\xff\xfea", "half.csv: is damaged or cut off: it is no text in UTF-16LE before byte 3");
}

#[test]
fn shares_that_cannot_be() {
    let edges = |share: &str| format!("owner,owned,share\nA,B,10\nC,B,{share}\n");
    refused("e.csv", edges("250"), "e.csv:3: share \"250\" is above 100 %");
    refused("e.csv", edges("-5"), "e.csv:3: share \"-5\" is below 0 %");
    refused("e.csv", edges("50-25"), "e.csv:3: share \"50-25\" is upside down: its lower end is above its upper end");
    let no_share = "is not a share: give percent such as 25, 33.3, 25-50, >50, <=10 or (25,50]";
    for word in ["many", "NaN", "inf", "1e400", "0x10"] {
        refused("e.csv", edges(word), &format!("e.csv:3: share {word:?} {no_share}"));
    }
    refused(
        "e.csv",
        "owner,owned,min,max\nA,B,60,40\n",
        "e.csv:2: the range \"60-40\" is upside down: its lower end is above its upper end",
    );
    refused("n.json", with_share("250"), "n.json (i1): the share is above 100 %");
    refused("n.json", with_share("-5"), "n.json (i1): the share is below 0 %");
    refused(
        "n.json",
        with_share(r#"{"min": 60, "max": 40}"#),
        "n.json (i1): the share is upside down: its lower end is above its upper end",
    );
    refused("n.json", with_share("\"many\""), &format!("n.json (i1): the share {no_share}"));
}

#[test]
fn headers_and_rows_that_do_not_fit() {
    refused(
        "e.csv",
        "who,whom,share\nA,B,1\n",
        "e.csv:1: the header has no column \"owner\" (found: who, whom, share); \
         a plain edges file starts with owner,owned,share or owner,owned,min,max",
    );
    refused("e.csv", "owner,owner,owned\nA,B,C\n", "e.csv:1: the header names the column \"owner\" twice");
    refused("e.csv", "owner,owned,share\nA,B,5\nA,C\n", "e.csv:3: has 2 cells where the header has 3");
    refused("e.csv", "owner,owned,share\n,B,5\n", "e.csv:2: names no owner");
    let one = "the one record before that was read; give --keep-going for an answer from them alone";
    let open = "a quote that opens in this row is never closed: the rest of the file would be one cell";
    refused("e.csv", "owner,owned,share\nA,B,5\n\"C,B,5\nD,B,5\n", &format!("e.csv:3: {open}; {one}"));
    refused("e.csv", "owner,owned,source\nA,B,\"S1\nC,B,S2\n", &format!("e.csv:2: {open}"));
    refused(
        "e.csv",
        "owner,owned,share,min,max\nA,B,50,10,20\n",
        "e.csv:2: gives both a share and min or max: give one of them",
    );
    refused(
        "e.csv",
        "owner,owned,start\nA,B,2019-13-01\n",
        "e.csv:2: start \"2019-13-01\" is not a date: give a day (2019-03-14), a month (2019-03) or a year (2019)",
    );
    refused(
        "e.csv",
        "owner,owned,owner_kind\nA,B,firm\n",
        "e.csv:2: owner_kind \"firm\" is none of person, company, arrangement, state, state-body, unknown",
    );
    refused(
        "e.csv",
        "owner,owned,kind\nA,B,love\n",
        "e.csv:2: kind \"love\" is no kind of interest; see the README for the list",
    );
}

#[test]
fn json_that_is_broken() {
    refused(
        "n.json",
        "{\"cuibono\": 1,\n \"entities\": [\n  {\"id\": \"a\" \"name\": \"A\"}]}",
        "n.json:3:14: expected `,` or `}`",
    );
    refused("n.json", "{\"cuibono\": 1,\n \"entities\": [", "n.json:2:14: EOF while parsing a list");
    refused(
        "n.json",
        "{\"cuibono\": 1, \"entities\": [],\n \"interests\": [], \"colour\": 1}",
        "n.json:2:26: unknown field `colour`, expected one of `cuibono`, `$schema`, `title`, `description`, \
         `license`, `sources`, `jurisdictions`, `entities`, `interests`",
    );
    refused(
        "n.json",
        "{\"cuibono\": 2, \"entities\": [], \"interests\": []}",
        "n.json: is of version 2 of the format; this program reads version 1",
    );
    refused(
        "n.json",
        "[1, 2]",
        "n.json: is a JSON array; the native format is an object that begins with {\"cuibono\": 1",
    );
    refused(
        "n.json",
        "[".repeat(200_000),
        "n.json: is a JSON array; the native format is an object that begins with {\"cuibono\": 1",
    );
}

#[test]
fn nesting_without_end() {
    let deep = with_share(&"[".repeat(200_000));
    refused("n.json", deep, "n.json:4:214: recursion limit exceeded");
    let deep = format!("{{\"cuibono\": 1, \"entities\": {}", "[".repeat(200_000));
    refused("n.json", deep, "n.json:1:29: invalid type: sequence, expected a string");
}

#[test]
fn records_that_do_not_fit_together() {
    let interest = |owned: &str, sources: &str| {
        native(&format!(
            r#"{{"id": "i1", "owner": "a", "owned": "{owned}", "kind": "shareholding", "sources": [{sources}]}}"#
        ))
    };
    refused("n.json", interest("c", "\"S1\""), "n.json (i1): refers to entity \"c\", which no input describes");
    refused("n.json", interest("b", "\"S9\""), "n.json (i1): refers to source \"S9\", which is not listed");
    let twice = r#"{"id": "i1", "owner": "a", "owned": "b", "kind": "shareholding", "sources": ["S1"]}"#;
    refused("n.json", native(&format!("{twice}, {twice}")), "n.json (i1): interest \"i1\" stands twice in this file");
    let entity = r#"{"id": "a", "name": "A", "kind": "company"}"#;
    refused(
        "n.json",
        format!(r#"{{"cuibono": 1, "entities": [{entity}, {entity}], "interests": []}}"#),
        "n.json (a): entity \"a\" stands twice in this file",
    );
}

#[test]
fn archives_that_are_damaged() {
    refused(
        "e.csv.gz",
        b"\x1f\x8b\x08\x00abc",
        "e.csv.gz: is damaged or cut off: unexpected end of file (after 0 unpacked bytes)",
    );
    refused(
        "e.csv.zst",
        b"\x28\xb5\x2f\xfd\xff\xff\xff",
        "e.csv.zst: is damaged or cut off: unexpected end of file (after 0 unpacked bytes)",
    );
    refused("e.zip", b"PK\x03\x04abcdefg", "e.zip: is a damaged zip: invalid Zip archive: Could not find EOCD");
}

#[test]
fn an_unknown_jurisdiction_is_kept_with_a_warning() {
    let edges = "owner,owned,share,owner_jurisdiction\nA,B,50,QY\nC,B,10,QZ\n";
    let end = cuibono("owners-of B --format json").stdin(edges).answers();
    assert_eq!(
        end.errors,
        "cuibono: warning: <stdin>:2: unknown jurisdiction \"QY\": not in ISO 3166 and no known register code; kept as it is\n\
         cuibono: 1 more warning about the data; `cuibono check` lists both\n"
    );
    assert_eq!(end.json()["owners"][0]["entity"]["jurisdiction"], "QY");
    cuibono("owners-of B --quiet").stdin(edges).answers().quiet();
    cuibono("check --quiet").stdin(edges).answers().has("unknown-jurisdiction");
}

#[test]
fn a_message_cannot_command_the_terminal() {
    let end = cuibono("stats").stdin("owner,owned,share\nA,B,\u{1b}[31m\u{202e}9\n").end().code(3);
    assert!(!end.errors.contains(['\u{1b}', '\u{202e}']), "{:?}", end.errors);
}
