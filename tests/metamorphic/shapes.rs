//! Shapes far beyond what registers hold, asked on a thread whose stack is a fortieth of the usual one: nothing recurses on the
//! size of the data, and everything ends in good time.

use crate::sketch::read;
use crate::tally::tally;
use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::export::chart::{self, ChartOptions};
use cuibono::graph::{NodeId, OwnershipGraph, View};
use cuibono::query::control::Threshold;
use cuibono::query::matrix::{ControlMatrix, ViewMatrix};
use cuibono::query::neighbourhood::Reach;
use cuibono::query::owners::Rows;
use cuibono::query::rules::RULES;
use cuibono::search::{EntityNames, possible_matches};
use std::fmt::Write;
use std::time::{Duration, Instant};

const STACK: usize = 256 * 1024;

/// Far more than these questions take on a slow machine without optimisation that does other things as well.
const PATIENCE: Duration = Duration::from_secs(900);

/// Runs on a thread with a small stack, and holds it against the clock.
fn on_a_small_stack(work: impl FnOnce() -> usize + Send + 'static) -> usize {
    let begin = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    let asked = thread.join().expect("no panic");
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    asked
}

fn view(graph: &OwnershipGraph) -> View<'_> {
    graph.view("2026-01-01".parse().expect("a day"))
}

fn node(graph: &OwnershipGraph, id: &str) -> NodeId {
    graph.node_by_id(id).expect(id)
}

/// Questions about everybody at once; how many were asked.
fn asked_of_all(graph: &OwnershipGraph) -> usize {
    let view = view(graph);
    view.check();
    view.stats();
    view.circular_groups();
    view.ultimate_controllers(Threshold::default()).expect("an answer");
    ControlMatrix::new(view, Threshold::default()).controlling_roots();
    ViewMatrix::new(view).circular_groups();
    let _ = EntityNames::of(graph).index().resolve("n7");
    possible_matches(graph, 0.9);
    view.jurisdictions(None);
    9
}

/// Questions about one pair; how many were asked.
fn asked_of(graph: &OwnershipGraph, top: &str, bottom: &str) -> usize {
    let (view, top, bottom) = (view(graph), node(graph, top), node(graph, bottom));
    let nearby =
        ChartOptions { reach: Reach { up: 3, down: 3, parties: 60, ..Reach::default() }, ..ChartOptions::default() };
    for subject in [top, bottom] {
        let diagram = chart::around(view, subject, &nearby).expect("a chart");
        layout(&diagram, &LayoutOptions::default()).expect("a layout");
        view.card(subject);
        graph.timeline(subject);
    }
    view.paths(top, bottom, 3).expect("an answer");
    view.group_share(&[top], bottom).expect("an answer");
    view.controlled_by(&[top], Threshold::default()).expect("an answer");
    let ofac = RULES.iter().find(|rule| rule.id == "ofac").expect("a rule");
    view.screen(&[top], &[], ofac).expect("an answer");
    12
}

/// A million companies, each the only holding of the one before.
#[test]
fn a_chain_of_a_million() {
    const LENGTH: usize = 1_000_000;
    let asked = on_a_small_stack(|| {
        let mut rows = "owner,owned,share\n".to_owned();
        (0..LENGTH).for_each(|number| writeln!(rows, "n{number},n{},100", number + 1).expect("memory"));
        let graph = read(&[("chain.csv", &rows)]);
        assert_eq!((graph.node_count(), graph.edge_count()), (LENGTH + 1, LENGTH));
        let last = format!("n{LENGTH}");
        let share = view(&graph).group_share(&[node(&graph, "n0")], node(&graph, &last)).expect("an answer");
        assert_eq!((share.effective.min, share.effective.max), (100.0, 100.0));
        let paths = view(&graph).paths(node(&graph, "n0"), node(&graph, "n1000"), 2).expect("an answer");
        assert_eq!((paths.paths.len(), paths.paths[0].interests.len(), paths.complete), (1, 1000, true));
        asked_of_all(&graph) + asked_of(&graph, "n0", "n5000") + 2
    });
    tally("questions to a chain of a million on a stack of 256 KB", asked, &[("answered", asked)]);
}

/// A hundred thousand owners of one company, which holds a hundred thousand others.
#[test]
fn a_star_of_a_hundred_thousand() {
    const RAYS: usize = 100_000;
    let asked = on_a_small_stack(|| {
        let mut rows = "owner,owned,share\n".to_owned();
        (0..RAYS).for_each(|number| writeln!(rows, "n{number},hub,0.001\nhub,m{number},60").expect("memory"));
        let graph = read(&[("star.csv", &rows)]);
        let hub = node(&graph, "hub");
        let owners = view(&graph).owners_of(hub, Rows::default()).expect("an answer");
        assert_eq!(owners.owners.len(), RAYS);
        assert_eq!((owners.unaccounted.range.min, owners.unaccounted.range.max), (0.0, 0.0));
        let holdings = view(&graph).holdings_of(&[hub], Rows::default()).expect("an answer");
        assert_eq!(holdings.holdings.len(), RAYS);
        asked_of_all(&graph) + asked_of(&graph, "n5", "m5") + asked_of(&graph, "n5", "hub") + 2
    });
    tally("questions to a star of 100,000 on a stack of 256 KB", asked, &[("answered", asked)]);
}

/// Three hundred companies, each of which holds a bit of every other.
#[test]
fn a_complete_graph_of_three_hundred() {
    const SIZE: usize = 300;
    let asked = on_a_small_stack(|| {
        let mut rows = "owner,owned,share\n".to_owned();
        for owned in 0..SIZE {
            for owner in (0..SIZE).filter(|owner| *owner != owned) {
                writeln!(rows, "n{owner},n{owned},0.3").expect("memory");
            }
        }
        let graph = read(&[("complete.csv", &rows)]);
        assert_eq!(graph.edge_count(), SIZE * (SIZE - 1));
        assert_eq!(view(&graph).circular_groups().groups.len(), 1);
        let owners = view(&graph).owners_of(node(&graph, "n0"), Rows::default()).expect("an answer");
        let first = owners.owners[0].effective;
        assert_eq!(owners.owners.len(), SIZE - 1);
        // By symmetry all hold the same, and nobody knows who holds the rest.
        assert!(owners.owners.iter().all(|row| (row.effective.min - first.min).abs() < 1e-6), "{first:?}");
        asked_of_all(&graph) + asked_of(&graph, "n0", "n1") + 2
    });
    tally("questions to a complete graph of 300 on a stack of 256 KB", asked, &[("answered", asked)]);
}

/// A ring of a hundred thousand that nobody outside holds.
#[test]
fn a_ring_of_a_hundred_thousand() {
    const LENGTH: usize = 100_000;
    let asked = on_a_small_stack(|| {
        let mut rows = "owner,owned,share\n".to_owned();
        (0..LENGTH).for_each(|number| writeln!(rows, "n{number},n{},100", (number + 1) % LENGTH).expect("memory"));
        let graph = read(&[("ring.csv", &rows)]);
        assert_eq!(view(&graph).circular_groups().groups.len(), 1);
        asked_of_all(&graph) + 1
    });
    tally("questions to a closed ring of 100,000 on a stack of 256 KB", asked, &[("answered", asked)]);
}
