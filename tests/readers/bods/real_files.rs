//! Examples and tests of the standard, and real statements.

use super::*;

/// Every file below a path, in order.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files(entry)).collect()
}

/// Statements accepted and rejected over single files, and files that are wrong as a whole.
fn tally(folder: &Path) -> (u64, u64, usize) {
    let mut total = (0, 0, 0);
    for file in files(folder).iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let mut loader = Loader::new();
        let read = loader.read(file).and_then(|()| loader.finish());
        match read {
            Ok(graph) => {
                let (records, rejected) = counts(&graph);
                assert_eq!(graph.inputs()[0].format, "bods", "{}", file.display());
                total = (total.0 + records, total.1 + rejected, total.2);
            }
            Err(error) => {
                println!("{error}");
                total.2 += 1;
            }
        }
    }
    total
}

#[test]
fn every_official_example_is_read() {
    for (folder, expected) in [
        ("bods-standard/0.1/examples", (29, 0, 1)),
        ("bods-standard/0.2/examples", (99, 0, 0)),
        ("bods-standard/0.3/examples", (99, 0, 0)),
        ("bods-standard/0.4/examples", (119, 0, 0)),
        ("bods-v04-fixtures", (9, 0, 0)),
        ("register-sources-bods", (7, 0, 0)),
    ] {
        let Some(path) = shared(folder) else { return };
        assert_eq!(tally(&path), expected, "{folder}");
    }
}

#[test]
fn every_schema_test_is_read_or_refused() {
    for (folder, expected) in [
        ("bods-standard/0.4/schema-tests/valid-statements", (111, 0, 0)),
        ("bods-standard/0.4/schema-tests/invalid-statements", (173, 0, 19)),
    ] {
        let Some(path) = shared(folder) else { return };
        let (read, rejected, refused) = tally(&path);
        assert_eq!((read, rejected, refused), expected, "{folder}");
        let ends = [("read, as what they say of owners is clear", read as usize), ("refused with a reason", refused)];
        crate::counted::tally(&format!("{folder}, of the reader of BODS"), read as usize + refused, &ends);
    }
}

#[test]
fn real_statements_are_read_with_the_counts_of_their_origin() {
    let Some(path) = shared("opencheck/bods_data") else { return };
    let graph = read(&path);
    assert_eq!(counts(&graph), (1214, 0));
    assert_eq!(graph.inputs().len(), 19);
    assert!(graph.inputs().iter().all(|input| input.format == "bods"));
    let of_kind = |kind: &str| graph.nodes().filter(|&node| graph.entity(node).kind().as_str() == kind).count();
    // Of 544 statements on parties three stand in two files, 39 records share an identifier with another one, and two
    // relationships name nobody.
    assert_eq!(["company", "person", "unknown"].map(of_kind), [484, 18, 2]);
    assert_eq!(graph.node_count(), 504);
    let mut statements: Vec<String> = graph.edges().map(|edge| graph.stake(edge).id().into_owned()).collect();
    statements.sort();
    statements.dedup();
    assert_eq!((statements.len(), graph.edge_count()), (669, 1261), "one of 670 relationships stands in two files");
    let sources: Vec<&str> = graph.sources().iter().map(|source| source.id.as_str()).collect();
    assert_eq!(
        sources,
        [
            "Open Ownership: https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy",
            "Open Ownership: https://download.companieshouse.gov.uk/en_output.html",
        ]
    );
    assert_eq!(problems(&graph), [] as [String; 0]);
}

#[test]
fn a_chain_of_an_official_example_counts_once() {
    let Some(path) = shared("bods-standard/0.4/examples/bods-package-fi-soe.json") else { return };
    let answer = cuibono("owners-of 19f1c5afe9d7 --as-of 2024-01-01").data(path).json();
    let rows = answer["owners"].as_array().expect("owners");
    let of = |id: &str| rows.iter().find(|row| row["entity"]["id"] == id).unwrap_or_else(|| panic!("{id}: {answer}"));
    // The ministry holds 23.5 directly and 76.5 through a company; the state stands behind the ministry.
    for (id, percent) in [("0199c515a699", 76.5), ("7ff95ba3682c", 100.0), ("05ce06ec97b1", 100.0)] {
        assert_eq!(of(id)["effective"], json!({"min": percent, "max": percent}), "{id}");
        assert_eq!(of(id)["ultimate"], id == "05ce06ec97b1", "{id}");
    }
    // How much of the ministry is the state's is not stated, and a floor does not enter the unaccounted share.
    assert_eq!(answer["unaccounted"], json!({"min": 0.0, "max": 100.0}));
    assert_eq!(answer["warnings"], json!([]));
}

#[test]
fn other_formats_are_not_taken_for_statements() {
    for path in
        ["uk-psc/bods-stream-sample/sample_psc_stream.jsonl", "ftm", "gleif/gleif-rs", "hostile/json-test-suite"]
    {
        let Some(path) = shared(path) else { return };
        for file in files(&path) {
            let mut loader = Loader::new();
            let Ok(()) = loader.read(&file) else { continue };
            let Ok(graph) = loader.finish() else { continue };
            assert!(graph.inputs().iter().all(|input| input.format != "bods"), "{}", file.display());
        }
    }
}
