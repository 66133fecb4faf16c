//! csv-spectrum through the reader of plain edges: cells are the texts that the corpus says they are.

use crate::shared::shared;
use crate::tally::tally;
use cuibono::load::Loader;
use serde_json::{Map, Value};

/// The header of an edges file that calls the columns of another table so that each cell can be found in the graph.
fn as_edges(text: &str) -> (String, usize) {
    const NAMES: [&str; 5] = ["owner", "owned", "owner_name", "owned_name", "source"];
    let (header, rows) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
    let width = header.split(',').count();
    (NAMES[..width].join(",") + rows, width)
}

#[test]
fn cells_are_what_the_corpus_says() {
    let Some(folder) = shared("hostile/csv-spectrum") else { return };
    let (mut exact, mut empty) = (0, 0);
    let mut names: Vec<_> = std::fs::read_dir(folder.join("csvs"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    for path in &names {
        let text = std::fs::read_to_string(path).expect("text");
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let answer = std::fs::read_to_string(folder.join("json").join(stem.clone() + ".json")).expect("an answer");
        let answer: Vec<Map<String, Value>> = serde_json::from_str(&answer).expect("JSON");
        let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
        let rows: Vec<Vec<&str>> = answer
            .iter()
            .map(|row| header.iter().map(|column| row[*column].as_str().expect("a text")).collect())
            .collect();
        let (edges, width) = as_edges(&text);
        let mut loader = Loader::new();
        let read = loader.read_text(&stem, &edges).and_then(|()| loader.finish());
        if rows.iter().any(|row| row[..2].iter().any(|cell| cell.trim().is_empty())) {
            let error = read.map(|_| ()).expect_err(&stem).to_string();
            assert!(error.contains(": names no owne"), "{stem}: {error}");
            empty += 1;
            continue;
        }
        let graph = read.unwrap_or_else(|error| panic!("{stem}: {error}"));
        assert_eq!(graph.edge_count(), rows.len(), "{stem}");
        for (edge, row) in graph.edges().zip(&rows) {
            let stake = graph.stake(edge);
            assert_eq!((stake.owner().id(), stake.owned().id()), (row[0].trim(), row[1].trim()), "{stem}");
            if width == 5 {
                assert_eq!((stake.owner().name(), stake.owned().name()), (row[2].trim(), row[3].trim()), "{stem}");
            }
        }
        exact += 1;
    }
    tally(
        "csv-spectrum as plain edges",
        names.len(),
        &[("the cells of the corpus", exact), ("an empty cell where a party is named: refused with its line", empty)],
    );
    assert_eq!(exact + empty, 11);
}
