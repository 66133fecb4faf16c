//! The same graph through every format that `convert` writes and the program reads, and through an index: the same answers.

use crate::graphs::described;
use crate::numbers::{assert_same, numbers};
use crate::sketch::{Sketch, cases};
use crate::tally::tally;
use cuibono::error::Result;
use cuibono::export::losses::Losses;
use cuibono::export::tables::{self, Cells};
use cuibono::export::{bods, ftm, jsonl};
use cuibono::graph::{OwnershipGraph, View};
use cuibono::index;
use cuibono::load::Loader;
use cuibono::model::AsOf;
use cuibono::query::owners::Rows;
use cuibono::search::EntityNames;
use std::collections::BTreeMap;
use std::io::Write;

type Writer = fn(View<'_>, &mut dyn Write, &mut Losses) -> Result<()>;

/// Formats of one file.
const FORMATS: [(&str, Writer); 3] = [("jsonl", jsonl::write), ("bods", bods::write), ("ftm", ftm::write)];

/// The graph as it comes back, and how much was told to be lost.
fn back(graph: &OwnershipGraph, write: Writer) -> (OwnershipGraph, usize) {
    let (mut out, mut losses) = (Vec::new(), Losses::default());
    write(graph.view(AsOf::All), &mut out, &mut losses).expect("memory");
    let mut loader = Loader::new();
    loader.read_bytes("out", &out).expect("what was written");
    (loader.finish().expect("a graph"), losses.iter().map(|(_, count)| count).sum())
}

fn back_from_tables(graph: &OwnershipGraph, cells: Cells) -> OwnershipGraph {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    tables::write(graph.view(AsOf::All), &mut files, cells, &mut Losses::default()).expect("memory");
    let mut loader = Loader::new();
    for (name, bytes) in &files {
        loader.read_bytes(name, bytes).expect("what was written");
    }
    loader.finish().expect("a graph")
}

#[test]
fn every_format_gives_the_same_answers() {
    let (mut same, mut told) = (0, 0);
    for (seed, sketch) in (0..cases()).flat_map(|seed| [(seed, Sketch::rich(seed)), (seed, Sketch::exact(seed))]) {
        let graph = sketch.graph();
        let before = numbers(&graph);
        for (format, write) in FORMATS {
            let (found, lost) = back(&graph, write);
            if lost > 0 {
                told += 1;
                continue;
            }
            assert_same(&before, &numbers(&found), &format!("{seed} through {format}: {sketch:#?}"));
            same += 1;
        }
        for cells in [Cells::Safe, Cells::Raw] {
            let found = back_from_tables(&graph, cells);
            assert_same(&before, &numbers(&found), &format!("{seed} through {cells:?} tables: {sketch:#?}"));
            assert_eq!(described(&graph), described(&found), "{seed} through {cells:?} tables");
            same += 1;
        }
    }
    assert!(same > 2 * told, "{same} the same, {told} with a loss that was told");
    let ends = [("the same answers", same), ("a loss that was told", told)];
    tally("random graphs written in five formats and read back", same + told, &ends);
}

#[test]
fn an_index_answers_as_the_data_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut questions = 0;
    for seed in 0..cases() / 4 {
        let graph = Sketch::rich(seed).graph();
        let place = folder.path().join(seed.to_string());
        index::write(&graph, &[], &place).expect("an index");
        let opened = index::open(&place).expect("an index").graph;
        assert_eq!(described(&graph), described(&opened), "{seed}");
        assert_same(&numbers(&graph), &numbers(&opened), &format!("{seed}"));
        let (names, stored) = (EntityNames::of(&graph), EntityNames::of(&opened));
        for (node, other) in graph.nodes().zip(opened.nodes()) {
            let [one, two] = [(&graph, node), (&opened, other)].map(|(graph, node)| {
                let view = graph.view("2020-06-15".parse().expect("a day"));
                let answers = (
                    view.owners_of(node, Rows::default()).expect("an answer"),
                    view.holdings_of(&[node], Rows::default()).expect("an answer"),
                    (view.card(node), graph.timeline(node), view.check()),
                );
                serde_json::to_string(&answers).expect("JSON")
            });
            assert_eq!(one, two, "{seed}");
            let found = |names: &EntityNames, graph| {
                serde_json::to_string(&names.find(graph, "anothr party 3", 9)).expect("JSON")
            };
            assert_eq!(found(&names, &graph), found(&stored, &opened));
            questions += 6;
        }
    }
    tally("questions to an index and to the data it was made of", questions, &[("the same answer", questions)]);
}
