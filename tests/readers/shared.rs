//! What the tests of all readers use.
#![allow(dead_code)]

use cuibono::export::{jsonl, losses::Losses};
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::load::source::Limits;
use cuibono::model::AsOf;
use std::fmt::Write;
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

/// Everything that a text says when it is read in pieces of so many bytes: the error, or entities and interests in their
/// order, findings, records that were refused.
pub fn told(name: &str, text: &[u8], piece: usize) -> String {
    let mut loader = Loader::new().limits(Limits { piece, ..Limits::default() });
    let graph = match loader.read_bytes(name, text).and_then(|()| loader.finish()) {
        Ok(graph) => graph,
        Err(error) => return format!("error: {error}"),
    };
    let mut told = format!("{:?}\n", counts(&graph));
    for problem in graph.problems().iter() {
        writeln!(told, "{:?} {}: {}", problem.rule, problem.location, problem.message).expect("memory");
    }
    graph.nodes().for_each(|node| writeln!(told, "{}", graph.entity(node).id()).expect("memory"));
    for edge in graph.edges() {
        let stake = graph.stake(edge);
        writeln!(told, "{:?} line {} stated {:?}", stake.interest(), stake.record(), stake.stated()).expect("memory");
    }
    let mut lines = Vec::new();
    jsonl::write(graph.view(AsOf::All), &mut lines, &mut Losses::default()).expect("memory");
    told + &String::from_utf8(lines).expect("text")
}

/// Checks that a text says the same in pieces of any size, and gives what it says.
pub fn told_in_any_pieces(name: &str, text: &[u8]) -> String {
    let whole = told(name, text, usize::MAX);
    for piece in [1, 2, 3, 7, 30, 100, 333, 1000, 5000] {
        assert_eq!(told(name, text, piece), whole, "in pieces of {piece} bytes");
    }
    whole
}
