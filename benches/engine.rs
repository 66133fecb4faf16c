//! Times the engine: `cargo bench --bench engine -- FOLDER …` on generated graphs, `-- shapes` on hostile ones.
//!
//! A FOLDER holds `edges.csv`, `edges_bands.csv` or an index in `index`, with a list of subjects in `queries.txt` and of controllers in
//! `sources.txt`, as the example `generate` writes them. `shapes` builds chains, stars, complete graphs and rings in
//! memory, from a fixed seed. Without an argument nothing is timed.
//!
//! Questions about one entity are timed one by one; those about the whole graph several times, and the shortest and the
//! median time are printed.

use cuibono::error::Result;
use cuibono::graph::{NodeId, OwnershipGraph, View};
use cuibono::load::Loader;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::matrix::{ControlMatrix, ViewMatrix};
use cuibono::query::owners::Rows;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a question about the whole graph is asked.
const REPETITIONS: usize = 5;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if arguments.is_empty() {
        println!("no folder given, nothing to time: see the head of benches/engine.rs");
    }
    for argument in arguments {
        if argument == "shapes" {
            shapes()?;
            continue;
        }
        for file in ["edges.csv", "edges_bands.csv", "index"] {
            let path = Path::new(&argument).join(file);
            if path.exists() {
                run(&path, Path::new(&argument))?;
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
    println!("  {} entities, {} interests", graph.node_count(), graph.edge_count());
    memory("loaded");
    let view = view(&graph);
    unprepared(view, &folder.join("queries.txt"))?;
    let nodes = |name: &str| -> Vec<NodeId> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        text.lines().filter_map(|id| graph.node_by_id(id)).collect()
    };
    control(view, &nodes("sources.txt"));
    memory("control done");
    shares(view, &nodes("queries.txt"))?;
    memory("all done");
    Ok(())
}

/// Owners of one entity after the other with their exact shares and what each controls, with nothing prepared: what a new process,
/// or a server that has just opened an index, can do at once.
fn unprepared(view: View<'_>, queries: &Path) -> Result<()> {
    let text = std::fs::read_to_string(queries).unwrap_or_default();
    let (mut times, mut total) = (Vec::new(), 0);
    for id in text.lines() {
        let start = Instant::now();
        if let Some(subject) = view.graph().node_by_id(id) {
            total += view.owners_of(subject, Rows::default())?.owners.len();
            times.push(start.elapsed());
        }
    }
    spread("owners of one, nothing prepared", &mut times, total);
    memory("asked");
    Ok(())
}

/// W4a and W4b: control of one party, and the ultimate controllers of all entities.
fn control(view: View<'_>, sources: &[NodeId]) {
    let mut control = whole("prepare control", || ControlMatrix::new(view, Threshold::default()));
    let (mut times, mut total) = (Vec::new(), 0);
    for &source in sources {
        let start = Instant::now();
        total += control.controlled_by(source, Certainty::Certain).len();
        times.push(start.elapsed());
    }
    spread("W4a controlled by one", &mut times, total);
    let roots = whole("W4b ultimate controllers", || control.controlling_roots());
    let start = Instant::now();
    let forest = control.forest();
    line("index of control, all pairs", start.elapsed());
    if let (Some(forest), [first, ..]) = (&forest, sources) {
        let start = Instant::now();
        let under = view.graph().nodes().filter(|&entity| forest.controls(*first, entity)).count();
        line("one controller against every entity, by that index", start.elapsed());
        println!("    {under} under it");
    }
    match roots {
        Some(roots) => {
            let controlled = roots.iter().enumerate().filter(|(entity, root)| root.index() != *entity).count();
            println!("    {controlled} controlled");
        }
        None => println!("    control is no forest here"),
    }
}

/// W2, W3 and W5: everybody above one entity, the shares of all its owners, the circles.
fn shares(view: View<'_>, subjects: &[NodeId]) -> Result<()> {
    let mut matrix = whole("prepare shares", || ViewMatrix::new(view));
    let (mut times, mut total) = (Vec::new(), 0);
    for &subject in subjects {
        let start = Instant::now();
        total += matrix.owners_above(subject).len();
        times.push(start.elapsed());
    }
    spread("W2 ancestors", &mut times, total);
    let groups = whole("W5 circular groups", || matrix.circular_groups());
    println!("    {} groups, largest {}", groups.len(), groups.iter().map(Vec::len).max().unwrap_or(0));
    if let Some(&subject) = subjects.iter().max_by_key(|&&subject| matrix.owners_above(subject).len()) {
        let start = Instant::now();
        matrix.effective_owners(subject)?;
        line("first effective shares below the largest circle", start.elapsed());
    }
    total = 0;
    for &subject in subjects {
        let start = Instant::now();
        total += matrix.effective_owners(subject)?.len();
        times.push(start.elapsed());
    }
    spread("W3 effective shares", &mut times, total);
    Ok(())
}

/// Graphs on which something that is fast on ordinary data may not be.
fn shapes() -> Result<()> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let chain = (1..100_000).map(|n| (n - 1, n, "60"));
    shape("chain of 100,000", chain, 99_999)?;
    shape("star of 1,000,000 owners", (1..=1_000_000).map(|n| (n, 0, "0.0001")), 0)?;
    let complete = (0..2_000).flat_map(|a| (0..2_000).filter(move |&b| a != b).map(move |b| (a, b, "0.05")));
    shape("complete graph of 2,000", complete, 0)?;
    for members in [2u64, 10, 100, 1_000, 10_000] {
        shape(&format!("ring of {members}"), (0..members).map(|n| (n, (n + 1) % members, "60")), 0)?;
        // A ring with three more owners each, so that majorities only come together.
        let mut rows = Vec::new();
        for n in 0..members {
            rows.push((n, (n + 1) % members, "30"));
            (0..3).for_each(|_| rows.push((random.below(members), n, "20")));
        }
        shape(&format!("component of {members}, four owners each"), rows, 0)?;
    }
    Ok(())
}

/// Times every question on the interests `(owner, owned, share)`.
fn shape(what: &str, rows: impl IntoIterator<Item = (u64, u64, &'static str)>, subject: u64) -> Result<()> {
    let mut text = "owner,owned,share\n".to_owned();
    for (owner, owned, share) in rows {
        // Writing to a string does not fail.
        let _ = writeln!(text, "e{owner},e{owned},{share}");
    }
    let mut loader = Loader::new();
    let start = Instant::now();
    loader.read_text("edges.csv", &text)?;
    let graph = loader.finish()?;
    println!("{what}: {} entities, {} interests", graph.node_count(), graph.edge_count());
    line("load", start.elapsed());
    let node = |number: u64| graph.node_by_id(&format!("e{number}"));
    control(view(&graph), &[node(0), node(1), node(subject)].into_iter().flatten().collect::<Vec<_>>());
    let subjects: Vec<NodeId> = node(subject).into_iter().collect();
    shares(view(&graph), &subjects)?;
    memory("all done");
    Ok(())
}

fn view(graph: &OwnershipGraph) -> View<'_> {
    graph.view("2024-01-01".parse().expect("a date"))
}

/// A small generator (Marsaglia 2003, xorshift): the same graphs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Asks several times and prints the shortest and the median time.
fn whole<A>(what: &str, mut ask: impl FnMut() -> A) -> A {
    let mut times = Vec::with_capacity(REPETITIONS);
    loop {
        let start = Instant::now();
        let answer = ask();
        times.push(start.elapsed());
        if times.len() == REPETITIONS {
            times.sort();
            let milli = |time: Duration| time.as_secs_f64() * 1e3;
            let (least, median) = (milli(times[0]), milli(times[REPETITIONS / 2]));
            println!("  {what:<55} {least:>12.3} ms  median {median:>10.3} ms");
            return answer;
        }
    }
}

fn line(what: &str, time: Duration) {
    println!("  {what:<55} {:>12.3} ms", time.as_secs_f64() * 1e3);
}

/// The most memory that the process has held so far, where the system tells.
fn memory(when: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("  peak memory, {when}: {}", peak.map_or("unknown", str::trim));
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
