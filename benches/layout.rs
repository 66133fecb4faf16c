//! How long charts take to lay out, and how good they are: `cargo bench --bench layout`.
//!
//! Charts are made up from a fixed seed: a tree with a quarter as many further holdings, circles among them.

use cuibono::diagram::layout::quality::quality;
use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::diagram::{Diagram, Line, PartyBox};
use cuibono::export::svg;
use std::time::{Duration, Instant};

const RUNS: usize = 9;

fn main() {
    println!("| boxes | lines | layout, shortest | median | SVG | crossings | overlaps |");
    println!("|---|---|---|---|---|---|---|");
    for boxes in [40, 150, 500] {
        let diagram = chart(boxes);
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("a valid chart");
        let times = timed(|| drop(layout(&diagram, &LayoutOptions::default())));
        let writing = timed(|| drop(svg::to_string(&diagram, &geometry)));
        let found = quality(&geometry);
        let overlaps = found.lines_through_boxes + found.label_on_label + found.label_on_box;
        println!(
            "| {boxes} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {} | {overlaps} |",
            diagram.lines.len(),
            milliseconds(times[0]),
            milliseconds(times[RUNS / 2]),
            milliseconds(writing[RUNS / 2]),
            found.crossings,
        );
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn timed(work: impl Fn()) -> Vec<Duration> {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..RUNS).map(time).collect();
    times.sort_unstable();
    times
}

fn chart(boxes: usize) -> Diagram {
    let mut state = 1_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    };
    let mut lines = Vec::new();
    for index in 1..boxes {
        let near = below(index.min(12)) + index.saturating_sub(12);
        lines.push(if below(3) == 0 { (index, near) } else { (near, index) });
    }
    for _ in 0..boxes / 4 {
        let (a, b) = (below(boxes), below(boxes));
        lines.push((a, if below(2) == 0 { usize::midpoint(a, b) } else { b }));
    }
    let line = |&(owner, owned): &(usize, usize)| Line {
        owner,
        owned,
        label: format!("{} %", 1 + (owner * 7 + owned) % 99),
        strength: below(1000) as u16,
        ..Line::default()
    };
    let party = |index| PartyBox {
        id: format!("p{index}"),
        name: format!("Harbour City Developments {index}"),
        jurisdiction: Some("VG".into()),
        ..PartyBox::default()
    };
    Diagram { lines: lines.iter().map(line).collect(), boxes: (0..boxes).map(party).collect(), ..Diagram::default() }
}
