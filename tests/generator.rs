//! The generator of benchmark data: the same bytes every time, and nothing in them that a reader refuses.

#[allow(dead_code, unreachable_pub)]
#[path = "../benches/generate/main.rs"]
mod generate;

use cuibono::load::Loader;
use generate::{Expected, Format, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every file of a set that was written to a folder of its own, which is emptied before.
fn set(name: &str, interests: u64, seed: u64) -> (PathBuf, Vec<Expected>, BTreeMap<String, Vec<u8>>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generator").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    let formats = Format::ALL.map(|(_, format)| format);
    let expected = generate::write(&World::new(interests, seed), &formats, &folder).expect("a set is written");
    let files = std::fs::read_dir(&folder).expect("the folder is there");
    let read = files.map(|file| {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a file is read"))
    });
    let files = read.collect();
    (folder, expected, files)
}

fn lines(file: &[u8]) -> u64 {
    file.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// FNV-1a of 64 bits.
fn hash(file: &[u8]) -> u64 {
    file.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let (_, _, first) = set("first", 500, 1);
    let (_, _, again) = set("again", 500, 1);
    let (_, _, other) = set("other", 500, 2);
    assert_eq!(first.len(), 11);
    assert!(first == again);
    for (name, bytes) in &first {
        assert!(other[name] != *bytes, "{name}");
    }
}

/// Who changes what is written raises the version: figures of two versions are not compared.
#[test]
fn the_bytes_are_those_of_this_version() {
    let (_, _, files) = set("version", 500, 1);
    let hashes: Vec<(&str, u64)> = files.iter().map(|(name, bytes)| (name.as_str(), hash(bytes))).collect();
    assert_eq!(generate::VERSION, "1");
    assert_eq!(hashes, HASHES);
}

const HASHES: [(&str, u64); 11] = [
    ("bods.jsonl", 0x3b72_4efa_0223_4a57),
    ("edges.csv", 0x96c6_656f_349a_e2da),
    ("edges_bands.csv", 0x9e0d_d8b9_5348_d6a9),
    ("ftm.jsonl", 0xbb9e_978a_3c7a_9070),
    ("gleif_lei.csv", 0xd9d4_103a_5bb0_0aa2),
    ("gleif_rr.csv", 0xc2fa_204d_3592_412c),
    ("nodes.csv", 0x4f97_e237_1724_5fc5),
    ("psc.jsonl", 0xc6e8_709e_59ed_f47c),
    ("queries.txt", 0x2a02_8251_c700_1604),
    ("sources.txt", 0x1bd5_3951_0b29_caf9),
    ("stats.txt", 0x686a_6a86_43fc_85d8),
];

#[test]
fn sizes_are_those_asked_for() {
    for interests in [10, 100, 2_000, 20_000] {
        let (_, expected, files) = set(&format!("size-{interests}"), interests, 1);
        for file in ["edges.csv", "edges_bands.csv", "bods.jsonl", "ftm.jsonl"] {
            let found = expected.iter().find(|expected| expected.file == file).expect("an expectation");
            assert_eq!(found.interests, interests, "{file}");
        }
        assert_eq!(lines(&files["edges.csv"]), interests + 1);
        let queries = lines(&files["queries.txt"]);
        assert!((1..=1_000).contains(&queries) && (interests < 2_000 || queries > 800), "{queries}");
        assert_eq!(lines(&files["sources.txt"]), queries);
    }
}

/// The numbers are those that the generator has counted while it wrote.
#[test]
fn every_file_is_read_without_a_reject() {
    let (folder, expected, _) = set("read", 2_000, 1);
    assert_eq!(expected.len(), 7);
    for Expected { file, entities, interests } in expected {
        let mut loader = Loader::new();
        if file == "gleif_rr.csv" {
            // Relationships name entities that the other file describes.
            loader.read(&folder.join("gleif_lei.csv")).expect("gleif_lei.csv is read");
        }
        loader.read(&folder.join(file)).expect("a file is read");
        let graph = loader.finish().expect("a graph");
        for input in graph.inputs() {
            assert_eq!(input.rejected, 0, "{file}");
        }
        assert_eq!(graph.edge_count() as u64, interests, "{file}");
        if file != "gleif_rr.csv" {
            assert_eq!(graph.node_count() as u64, entities, "{file}");
        }
        assert_eq!(graph.problems().len(), 0, "{file}");
    }
}

#[test]
fn statements_hold_what_the_standard_demands() {
    let (_, expected, files) = set("standard", 2_000, 4);
    let text = std::str::from_utf8(&files["bods.jsonl"]).expect("UTF-8");
    let (mut known, mut statements) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    for line in text.lines() {
        let statement: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let id = statement["statementId"].as_str().expect("an id").to_owned();
        assert!((32..=64).contains(&id.len()) && statements.insert(id), "{line}");
        assert!(known.contains(&statement["declarationSubject"]) || statement["recordType"] == "entity", "{line}");
        let details = &statement["recordDetails"];
        assert_eq!(details["isComponent"], false);
        match statement["recordType"].as_str() {
            Some("entity") => assert_eq!(details["entityType"]["type"], "registeredEntity"),
            Some("person") => assert_eq!(details["personType"], "knownPerson"),
            _ => {
                assert_eq!(statement["recordType"], "relationship");
                assert!(known.contains(&details["subject"]) && known.contains(&details["interestedParty"]), "{line}");
                let share = details["interests"][0]["share"].as_object().expect("a share");
                assert!(share.contains_key("exact") || share.len() == 2, "{line}");
            }
        }
        assert!(known.insert(statement["recordId"].clone()), "{line}");
    }
    let counted = &expected.iter().find(|expected| expected.file == "bods.jsonl").expect("an expectation");
    assert_eq!(known.len() as u64, counted.entities + counted.interests);
}
