//! Times the engine on a generated graph: `cargo bench --bench engine -- FOLDER`.
//!
//! FOLDER holds `edges.csv` or `edges_bands.csv` with a list of subjects in `queries.txt` and of controllers in
//! `sources.txt`, as the generator in the shared benchmark folder writes them. Without a folder nothing is timed.

use cuibono::error::Result;
use cuibono::graph::NodeId;
use cuibono::load::Loader;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::matrix::{ControlMatrix, ViewMatrix};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<()> {
    let folders: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if folders.is_empty() {
        println!("no folder given, nothing to time: see the head of benches/engine.rs");
    }
    for folder in folders {
        for file in ["edges.csv", "edges_bands.csv"] {
            let path = Path::new(&folder).join(file);
            if path.exists() {
                run(&path, Path::new(&folder))?;
            }
        }
    }
    Ok(())
}

fn run(path: &Path, folder: &Path) -> Result<()> {
    println!("{}", path.display());
    let start = Instant::now();
    let mut loader = Loader::new();
    loader.read(path)?;
    let graph = loader.finish()?;
    line("load", start.elapsed());
    let view = graph.view("2024-01-01".parse().expect("a date"));
    let start = Instant::now();
    let mut matrix = ViewMatrix::new(view);
    line("prepare", start.elapsed());

    let nodes = |name: &str| -> Vec<NodeId> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        text.lines().filter_map(|id| graph.node_by_id(id)).collect()
    };
    let subjects = nodes("queries.txt");
    let mut times = Vec::new();
    let mut total = 0;
    for &subject in &subjects {
        let start = Instant::now();
        total += matrix.owners_above(subject).len();
        times.push(start.elapsed());
    }
    spread("W2 ancestors", &mut times, total);

    if let Some(&subject) = subjects.iter().max_by_key(|&&subject| matrix.owners_above(subject).len()) {
        let start = Instant::now();
        matrix.effective_owners(subject)?;
        line("first effective shares below the largest circle", start.elapsed());
    }
    total = 0;
    for &subject in &subjects {
        let start = Instant::now();
        total += matrix.effective_owners(subject)?.len();
        times.push(start.elapsed());
    }
    spread("W3 effective shares", &mut times, total);

    let start = Instant::now();
    let mut control = ControlMatrix::new(view, Threshold::default());
    line("prepare control", start.elapsed());
    total = 0;
    for &source in &nodes("sources.txt") {
        let start = Instant::now();
        total += control.controlled_by(source, Certainty::Certain).len();
        times.push(start.elapsed());
    }
    spread("W4a controlled by one", &mut times, total);

    let start = Instant::now();
    let roots = control.controlling_roots();
    line("W4b ultimate controllers", start.elapsed());
    let controlled =
        roots.map(|roots| roots.iter().enumerate().filter(|(entity, root)| root.index() != *entity).count());
    println!("    {controlled:?} controlled");
    let start = Instant::now();
    let groups = matrix.circular_groups();
    line("W5 circular groups (components are part of prepare)", start.elapsed());
    println!("    {} groups, largest {}", groups.len(), groups.iter().map(Vec::len).max().unwrap_or(0));
    Ok(())
}

fn line(what: &str, time: Duration) {
    println!("  {what:<55} {:>12.3} ms", time.as_secs_f64() * 1e3);
}

fn spread(what: &str, times: &mut Vec<Duration>, total: usize) {
    times.sort();
    let micro = |time: Duration| time.as_secs_f64() * 1e6;
    let count = times.len().max(1);
    let mean = times.iter().map(|&time| micro(time)).sum::<f64>() / count as f64;
    let at = |part: f64| times.get(((count as f64 * part) as usize).min(count - 1)).map_or(0.0, |&time| micro(time));
    println!(
        "  {what:<30} p50 {:>9.2} µs  p99 {:>10.1} µs  max {:>10.1} µs  mean {mean:>9.2} µs  ({total} rows)",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    times.clear();
}
