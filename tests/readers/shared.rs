//! What the tests of all readers use.
#![allow(dead_code)]

use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use std::path::{Path, PathBuf};

/// A file or folder of the shared data; says so and gives `None` where they are missing.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    let root = std::env::var_os("CUIBONO_SHARED").map(|root| Path::new(&root).join("data").join(path));
    let found = root.into_iter().chain([full]).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: ../shared/data/{path} is not here");
    }
    found
}

/// The graph of one path.
pub fn read(path: &Path) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    loader.finish().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The graph of a text.
pub fn read_text(name: &str, text: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read_text(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    loader.finish().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Owner, kind, share and owned of every interest, by id, in order.
pub fn interests(graph: &OwnershipGraph) -> Vec<String> {
    let line = |edge| {
        let stake = graph.stake(edge);
        let interest = stake.interest();
        format!("{} {} {} {}", stake.owner().id(), interest.kind(), interest.share(), stake.owned().id())
    };
    let mut lines: Vec<String> = graph.edges().map(line).collect();
    lines.sort();
    lines
}

/// Records read and rejected, over all inputs.
pub fn counts(graph: &OwnershipGraph) -> (u64, u64) {
    graph
        .inputs()
        .iter()
        .fold((0, 0), |(records, rejected), input| (records + input.records, rejected + input.rejected))
}
