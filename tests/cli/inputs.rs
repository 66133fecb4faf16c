//! Where data may come from: files, folders, standard input, archives, several at once.

use crate::run::{Folder, Run, cuibono};
use std::io::Write;

const EDGES: &str = "owner,owned,share\nann,acme,60\n";

/// Ann owns 60 % of Acme, whatever way the file came in.
#[track_caller]
fn tells_of_ann(run: Run) {
    let answer = run.json();
    assert_eq!(answer["owners"][0]["entity"]["id"], "ann");
    assert_eq!(answer["owners"][0]["effective"]["min"], 60.0);
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).expect("written to memory");
    encoder.finish().expect("written to memory")
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("written to memory");
        archive.write_all(text.as_bytes()).expect("written to memory");
    }
    archive.finish().expect("written to memory").into_inner()
}

#[test]
fn files_in_every_wrapping() {
    let folder = Folder::new();
    let files = [
        folder.write("edges.csv", EDGES),
        folder.write("edges.csv.gz", gzip(EDGES)),
        folder.write("edges.csv.zst", zstd(EDGES)),
        folder.write("edges.zip", zip(&[("edges.csv", EDGES)])),
        // The content decides, not the name.
        folder.write("no-ending", gzip(EDGES)),
        folder.write("two.gz", [gzip("owner,owned,share\n"), gzip("ann,acme,60\n")].concat()),
        folder.write("semicolons.csv", EDGES.replace(',', ";")),
        folder.write("tabs.tsv", EDGES.replace(',', "\t")),
        folder.write("windows.csv", format!("\u{feff}{}", EDGES.replace('\n', "\r\n"))),
        folder.write("shouting.csv", EDGES.replace("owner,owned,share", "OWNER, Owned ,Share")),
        folder.write(
            "utf16.csv",
            [0xfeff].into_iter().chain(EDGES.encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        ),
    ];
    for file in files {
        tells_of_ann(cuibono("owners-of acme").data(file));
    }
}

#[test]
fn standard_input_in_every_wrapping() {
    for bytes in [EDGES.into(), gzip(EDGES), zstd(EDGES), zip(&[("a/b.csv", EDGES)])] {
        tells_of_ann(cuibono("owners-of acme").stdin(bytes));
    }
}

#[test]
fn several_inputs_are_one_graph() {
    let folder = Folder::new();
    let first = folder.write("1.csv", EDGES);
    let second = folder.write("more/2.csv", "owner,owned,share,owner_name\nbob,ann,50,Bob\n");
    folder.write("more/.hidden.csv", "not,read\n");
    folder.write("more/picture.svg", "<svg/>");
    let native = folder.write(
        "3.json",
        r#"{"cuibono": 1, "entities": [{"id": "acme", "name": "Acme Ltd", "kind": "company", "jurisdiction": "GB"}], "interests": []}"#,
    );
    let bob = |run: Run| {
        let answer = run.json();
        let rows = answer["owners"].as_array().expect("rows").clone();
        let row = rows.iter().find(|row| row["entity"]["id"] == "bob").expect("bob");
        assert_eq!((row["effective"]["min"].as_f64(), &row["entity"]["name"]), (Some(30.0), &"Bob".into()));
        answer
    };
    bob(cuibono("owners-of acme").data(&first).data(&second));
    bob(cuibono("owners-of acme").data(folder.path()));
    bob(cuibono("owners-of acme").stdin("owner,owned,share,owner_name\nbob,ann,50,Bob\n").data(&first));
    bob(cuibono("owners-of acme")
        .stdin(zip(&[("1.csv", EDGES), ("2.csv", "owner,owned,share,owner_name\nbob,ann,50,Bob\n")])));
    let answer = bob(cuibono("owners-of").arg("Acme Ltd").data(&first).data(&second).data(&native));
    assert_eq!(
        answer["subject"],
        serde_json::json!({"id": "acme", "name": "Acme Ltd", "kind": "company", "jurisdiction": "GB"})
    );
}

#[test]
fn the_format_may_be_forced() {
    cuibono("stats --input-format native").stdin(EDGES).end().code(3);
    tells_of_ann(cuibono("owners-of acme --input-format edges").stdin(EDGES));
}

#[test]
fn an_inner_quote_is_a_character() {
    let edges = "owner,owned,share,owner_name\nann,acme,60,5\" pipes\n";
    let answer = cuibono("owners-of acme").stdin(edges).json();
    assert_eq!(answer["owners"][0]["entity"]["name"], "5\" pipes");
}

#[test]
fn a_header_without_rows_is_an_empty_graph() {
    let stats = cuibono("stats").stdin("owner,owned,share\n").json();
    assert_eq!((&stats["entities"], &stats["interests"]), (&0.into(), &0.into()));
}

#[test]
fn the_built_in_data_can_be_read_from_its_file() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nso-group.json");
    let question = "owners-of NSO --as-of 2021-05-31 --format csv";
    assert!(cuibono(question).data(file).answers().bytes == cuibono(question).answers().bytes);
}

#[test]
fn an_unpacked_size_is_bounded() {
    let bomb = gzip(&" ".repeat(4 << 20));
    let end = cuibono("stats --max-memory 1M").stdin(bomb).end().code(5);
    assert!(end.bytes.is_empty(), "{}", end.text());
}
