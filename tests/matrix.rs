//! The prepared matrices against the questions that look things up as they go, which `properties` holds against the
//! reference: one matrix answers for every entity in turn, so that what one question leaves behind would show in the next.

#[path = "support/random.rs"]
mod random;

use cuibono::graph::{NodeId, OwnershipGraph, View};
use cuibono::load::Loader;
use cuibono::model::Share;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::matrix::{ControlMatrix, ViewMatrix};
use cuibono::query::owners::Rows;
use petgraph::visit::{Bfs, Reversed};
use random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const GRAPHS: u64 = 150;

/// Up to 14 entities, one row for each pair, shares that sum to at most the whole; bands and rights where asked for.
fn graph(seed: u64, bands: bool, rights: bool) -> OwnershipGraph {
    let mut random = Random(seed);
    let count = 3 + random.below(12);
    let mut rows = "owner,owned,share,kind\n".to_owned();
    for owned in 0..count {
        let mut left = 100;
        let mut owners = BTreeSet::new();
        for _ in 0..random.below(4) {
            let owner = random.below(count);
            if left < 2 || !owners.insert(owner) {
                continue;
            }
            let low = 1 + random.below(left);
            left -= low;
            let share = match random.below(3) {
                0 if bands => format!("{low}-{}", low + random.below(101 - low)),
                1 if bands => format!("\"({low},{}]\"", (low + 1 + random.below(101 - low)).min(100)),
                _ => low.to_string(),
            };
            let share = if share == "\"(100,100]\"" { "100".to_owned() } else { share };
            writeln!(rows, "n{owner},n{owned},{share},").expect("memory");
        }
        if rights && random.below(5) == 0 {
            let kind = ["generalPartner", "otherInfluenceOrControl", "parent"][random.below(3) as usize];
            writeln!(rows, "n{},n{owned},0,{kind}", random.below(count)).expect("memory");
        }
    }
    rows.push_str("z,zz,10,\n");
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &rows).unwrap_or_else(|error| panic!("graph {seed}: {error}\n{rows}"));
    loader.finish().expect("a graph")
}

fn view(graph: &OwnershipGraph) -> View<'_> {
    graph.view("2026-01-01".parse().expect("a day"))
}

#[test]
fn one_matrix_answers_for_every_entity_what_each_question_answers() {
    for seed in 0..GRAPHS {
        let graph = graph(seed, seed % 2 == 0, false);
        let mut matrix = ViewMatrix::new(view(&graph));
        for subject in graph.nodes() {
            let shares: BTreeMap<NodeId, _> = matrix
                .effective_owners(subject)
                .expect("shares")
                .into_iter()
                .filter(|(_, share)| share.max > 0.0)
                .collect();
            let answer = view(&graph).owners_of(subject, Rows::default()).expect("an answer");
            let rows = answer.owners.iter().filter(|row| row.effective.max > 0.0);
            let expected: BTreeMap<NodeId, _> = rows.map(|row| (row.entity.node(), row.effective)).collect();
            assert!(shares.keys().eq(expected.keys()), "graph {seed}, {subject:?}: {shares:?} {expected:?}");
            for (owner, share) in &shares {
                let other = expected[owner];
                let same = (share.min - other.min).abs() < 1e-9 && (share.max - other.max).abs() < 1e-9;
                let open = (share.min_open, share.max_open) == (other.min_open, other.max_open);
                assert!(same && open, "graph {seed}: {owner:?} in {subject:?}: {share:?} instead of {other:?}");
            }
        }
    }
}

/// Circles whose members' owners compete, with people beyond that hold of one member, of several, and of each other's
/// holdings; `large` makes circles that are swept instead of eliminated.
fn contended_circle(seed: u64, open: bool, large: bool) -> OwnershipGraph {
    let mut random = Random(seed);
    let count: u64 = if large { 66 + random.below(20) } else { 2 + random.below(5) };
    let outside = 3 + random.below(4) + count / 8;
    let mut rows = "owner,owned,share\n".to_owned();
    for owned in 0..count + 4 {
        let mut left = 96;
        let mut owners = BTreeSet::new();
        // A ring, with chords, self-holdings and people; the last four stand between people and circle, or below it.
        let ring = if owned < count { Some(format!("c{}", (owned + 1) % count)) } else { None };
        owners.extend(ring);
        for _ in 0..1 + random.below(3) {
            owners.insert(match random.below(7) {
                0..3 => format!("p{}", random.below(outside)),
                3 if owned < count => format!("h{}", random.below(2)),
                _ if owned < count + 2 && owned >= count => format!("p{}", random.below(outside)),
                _ => format!("c{}", random.below(count)),
            });
        }
        let name = match owned.checked_sub(count) {
            None => format!("c{owned}"),
            Some(at @ 0..2) => format!("h{at}"),
            Some(at) => format!("s{at}"),
        };
        for owner in owners {
            let low = 1 + random.below(left / 2);
            left -= low;
            let high = low + random.below(97 - low);
            let share = match random.below(3) {
                0 if low < high && open => format!("\"({low},{high}]\""),
                1 if low < high && open => format!("\"[{low},{high})\""),
                0 => low.to_string(),
                _ => format!("{low}-{high}"),
            };
            writeln!(rows, "{owner},{name},{share}").expect("memory");
        }
    }
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &rows).unwrap_or_else(|error| panic!("graph {seed}: {error}\n{rows}"));
    loader.finish().expect("a graph")
}

/// One matrix for all subjects against the general solver, which treats a group of one owner by itself.
fn is_what_the_solver_finds(graph: &OwnershipGraph, seed: u64) {
    let view = view(graph);
    let mut matrix = ViewMatrix::new(view);
    let large = graph.node_count() > 60;
    for subject in graph.nodes().filter(|subject| !large || subject.index() % 16 == 0) {
        let shares: BTreeMap<NodeId, _> = matrix.effective_owners(subject).expect("shares").into_iter().collect();
        for owner in graph.nodes().filter(|&owner| owner != subject && (!large || owner.index() % 5 < 2)) {
            let share = shares.get(&owner).copied().unwrap_or_default();
            let other = view.group_share(&[owner], subject).expect("a share").effective;
            let same = (share.min - other.min).abs() < 1e-9 && (share.max - other.max).abs() < 1e-9;
            let open = (share.min_open, share.max_open) == (other.min_open, other.max_open);
            let of = |node: NodeId| graph.entity(node).id();
            assert!(same && open, "graph {seed}: {} in {}: {share:?} instead of {other:?}", of(owner), of(subject));
        }
    }
}

#[test]
fn circles_whose_owners_compete_are_as_exact_as_one_owner_by_itself() {
    for seed in 0..2 * GRAPHS {
        is_what_the_solver_finds(&contended_circle(seed, false, false), seed);
    }
}

#[test]
fn open_bounds_in_circles_are_marked_as_for_one_owner_by_itself() {
    for seed in 0..2 * GRAPHS {
        is_what_the_solver_finds(&contended_circle(seed, true, false), seed);
    }
}

#[test]
fn large_circles_whose_owners_compete_are_as_exact_as_one_owner_by_itself() {
    for seed in 0..4 {
        is_what_the_solver_finds(&contended_circle(seed, seed % 2 == 0, true), seed);
    }
}

/// A circle of 80 with chords; above it a hundred companies, some of them in small circles or holding themselves, and their
/// owners; below it a subject that two members hold, and one of those above.
fn beyond_a_circle(seed: u64, bands: bool) -> OwnershipGraph {
    let mut random = Random(seed);
    let mut rows = "owner,owned,share\n".to_owned();
    for member in 0..80 {
        let (next, chord, above) = ((member + 1) % 80, (member + 7 + random.below(60)) % 80, random.below(100));
        let share = if bands && member % 3 == 0 { "30-45" } else { "30" };
        for (owner, share) in [(format!("r{next}"), "20"), (format!("r{chord}"), "10"), (format!("x{above}"), share)] {
            if owner != format!("r{member}") {
                writeln!(rows, "{owner},r{member},{share}").expect("memory");
            }
        }
    }
    for above in 0..100 {
        for _ in 0..2 {
            writeln!(rows, "p{},x{above},{}", random.below(60), 1 + random.below(20)).expect("memory");
        }
        match random.below(6) {
            0 => writeln!(rows, "x{above},x{above},10").expect("memory"),
            1 if above > 0 => {
                let other = random.below(above);
                writeln!(rows, "x{other},x{above},15\nx{above},x{other},5").expect("memory");
            }
            2 if above > 0 => writeln!(rows, "x{},x{above},25", random.below(above)).expect("memory"),
            _ => {}
        }
    }
    rows.push_str("r0,s,50\nr5,s,20\nx3,s,5\n");
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &rows).unwrap_or_else(|error| panic!("graph {seed}: {error}"));
    loader.finish().unwrap_or_else(|error| panic!("graph {seed}: {error}"))
}

#[test]
fn what_lies_beyond_a_large_circle_is_as_exact_as_one_owner_by_itself() {
    let mut found = 0;
    for (seed, bands) in (0..8).map(|seed| (seed, seed % 2 == 1)) {
        let graph = beyond_a_circle(seed, bands);
        let view = view(&graph);
        let mut matrix = ViewMatrix::new(view);
        for subject in ["s", "r9"].map(|id| graph.node_by_id(id).expect("an id")) {
            let shares: BTreeMap<NodeId, _> = matrix.effective_owners(subject).expect("shares").into_iter().collect();
            for owner in graph.nodes().filter(|&owner| owner != subject && owner.index() % 3 == seed as usize % 3) {
                let share = shares.get(&owner).copied().unwrap_or_default();
                let other = view.group_share(&[owner], subject).expect("a share").effective;
                let same = (share.min - other.min).abs() < 1e-9 && (share.max - other.max).abs() < 1e-9;
                assert!(same, "graph {seed}: {:?}: {share:?} instead of {other:?}", graph.entity(owner));
                found += usize::from(share.min > 0.0);
            }
        }
    }
    assert!(found > 500, "{found}: hardly anybody owns anything");
}

#[test]
fn everybody_above_is_what_petgraph_finds() {
    for seed in 0..GRAPHS {
        let graph = graph(seed, false, false);
        let mut matrix = ViewMatrix::new(view(&graph));
        for subject in graph.nodes() {
            let above: BTreeSet<NodeId> = matrix.owners_above(subject).into_iter().collect();
            let mut walk = Bfs::new(Reversed(&graph), subject);
            let found = std::iter::from_fn(|| walk.next(Reversed(&graph)));
            let expected: BTreeSet<NodeId> = found.filter(|&node| node != subject).collect();
            assert_eq!(above, expected, "graph {seed}, {subject:?}");
        }
        assert_circles(&graph, &format!("graph {seed}"));
    }
}

/// Circular groups are what petgraph finds.
fn assert_circles(graph: &OwnershipGraph, what: &str) {
    let mut groups = ViewMatrix::new(view(graph)).circular_groups();
    groups.iter_mut().for_each(|group| group.sort());
    groups.sort();
    let itself = |node: NodeId| graph.held_by(node).any(|edge| graph.interest(edge).owned() == node);
    let mut expected = petgraph::algo::kosaraju_scc(graph);
    expected.retain(|group| group.len() > 1 || itself(group[0]));
    expected.iter_mut().for_each(|group| group.sort());
    expected.sort();
    assert_eq!(groups, expected, "{what}");
    let mut answer: Vec<usize> = view(graph).circular_groups().groups.iter().map(|group| group.members.len()).collect();
    answer.sort();
    let mut sizes: Vec<usize> = expected.iter().map(Vec::len).collect();
    sizes.sort();
    assert_eq!(answer, sizes, "{what}");
}

#[test]
fn one_control_matrix_answers_for_every_controller() {
    for seed in 0..GRAPHS {
        let graph = graph(seed, seed % 2 == 0, seed % 3 == 0);
        let mut matrix = ControlMatrix::new(view(&graph), Threshold::default());
        for controller in graph.nodes() {
            let answer = view(&graph).controlled_by(&[controller], Threshold::default()).expect("an answer");
            for wanted in [Certainty::Possible, Certainty::Certain] {
                let found: BTreeSet<NodeId> = matrix.controlled_by(controller, wanted).into_iter().collect();
                let rows = answer.controlled.iter().filter(|row| row.control >= wanted);
                let expected: BTreeSet<NodeId> = rows.map(|row| row.entity.node()).collect();
                assert_eq!(found, expected, "graph {seed}, {controller:?}, {wanted:?}");
            }
        }
    }
}

#[test]
fn the_root_of_an_entity_controls_it_and_is_controlled_by_nobody_above_it() {
    let mut forests = 0;
    for seed in 0..GRAPHS {
        let graph = graph(seed, seed % 2 == 0, false);
        let mut matrix = ControlMatrix::new(view(&graph), Threshold::default());
        let Some(roots) = matrix.controlling_roots() else { continue };
        forests += 1;
        for entity in graph.nodes() {
            let root = roots[entity.index()];
            let mut controls =
                |controller, entity| matrix.controlled_by(controller, Certainty::Certain).contains(&entity);
            assert!(root == entity || controls(root, entity), "graph {seed}: {root:?} above {entity:?}");
            for other in graph.nodes().filter(|&other| other != root && other != entity) {
                let beyond = controls(other, entity) && !controls(root, other);
                assert!(!beyond, "graph {seed}: {other:?} controls {entity:?} and not through {root:?}");
            }
        }
    }
    assert!(forests > GRAPHS / 2, "only {forests} of {GRAPHS} graphs are forests");
}

/// More entities with more owners each: up to 60, of whom many together make a majority, some groups wide.
fn wide_graph(seed: u64, count: u64, most_owners: u64) -> OwnershipGraph {
    let mut random = Random(seed);
    let mut rows = "owner,owned,share\n".to_owned();
    // Some hold nearly everywhere, so that long and short lists of holdings meet.
    let hubs = 1 + random.below(4);
    for owned in 0..count {
        let mut left = 100;
        let mut owners = BTreeSet::new();
        for _ in 0..random.below(most_owners) {
            let owner = if random.below(3) == 0 { random.below(hubs) } else { random.below(count) };
            let largest = if random.below(8) == 0 { 80 } else { 30 };
            let share = 1 + random.below(largest);
            if share <= left && owners.insert(owner) {
                left -= share;
                writeln!(rows, "n{owner},n{owned},{share}").expect("memory");
            }
        }
    }
    rows.push_str("z,zz,10\n");
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &rows).unwrap_or_else(|error| panic!("graph {seed}: {error}\n{rows}"));
    loader.finish().expect("a graph")
}

/// What `controller` controls by the definition, all shares being exact: look at every entity until none joins.
fn controlled_by_definition(
    graph: &OwnershipGraph,
    controller: NodeId,
    is_met: impl Fn(u64) -> bool,
) -> BTreeSet<NodeId> {
    let mut members = BTreeSet::from([controller]);
    loop {
        let joins = |entity: &NodeId| {
            let of_group = |edge: &cuibono::graph::EdgeId| members.contains(&graph.interest(*edge).owner());
            let mut held = graph.held_in(*entity).filter(of_group).peekable();
            held.peek().is_some() && is_met(held.map(|edge| u64::from(graph.interest(edge).share().min().ppb())).sum())
        };
        let new: Vec<NodeId> = graph.nodes().filter(|entity| !members.contains(entity)).filter(joins).collect();
        if new.is_empty() {
            members.remove(&controller);
            return members;
        }
        members.extend(new);
    }
}

#[test]
fn groups_of_many_members_are_those_of_the_definition() {
    let percent = |percent: u32| Share::from_ppb(percent * 10_000_000);
    let thresholds = [10, 25, 50].map(percent);
    for seed in 0..60 {
        let graph = wide_graph(seed, 20 + seed % 40, 4 + seed % 12);
        for (limit, at_least) in thresholds.into_iter().flat_map(|limit| [(limit, false), (limit, true)]) {
            let threshold = if at_least { Threshold::AtLeast(limit) } else { Threshold::MoreThan(limit) };
            let is_met = |sum| if at_least { sum >= u64::from(limit.ppb()) } else { sum > u64::from(limit.ppb()) };
            let mut matrix = ControlMatrix::new(view(&graph), threshold);
            for controller in graph.nodes() {
                let expected = controlled_by_definition(&graph, controller, is_met);
                for wanted in [Certainty::Certain, Certainty::Possible] {
                    let list = matrix.controlled_by(controller, wanted);
                    let found: BTreeSet<NodeId> = list.iter().copied().collect();
                    assert_eq!(found.len(), list.len(), "graph {seed}: somebody stands twice");
                    assert_eq!(found, expected, "graph {seed}, {controller:?}, {threshold:?}, {wanted:?}");
                }
            }
        }
    }
}

#[test]
fn complete_registers_and_too_many_shares_are_judged_as_in_single_questions() {
    for seed in 0..GRAPHS {
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
        let mut loader = Loader::new();
        let count = 3 + random.below(8);
        let entities: Vec<String> = (0..count)
            .map(|n| {
                format!(r#"{{"id":"n{n}","name":"n{n}","kind":"company","owners_complete":{}}}"#, random.below(2) == 0)
            })
            .collect();
        let mut rows = "owner,owned,share\n".to_owned();
        for _ in 0..random.below(count * 3) {
            let low = random.below(60);
            let high = low + random.below(101 - low);
            let (owner, owned) = (random.below(count), random.below(count));
            writeln!(rows, "n{owner},n{owned},{low}-{high}").expect("memory");
        }
        rows.push_str("n0,n1,10\n");
        let native = format!(r#"{{"cuibono":1,"entities":[{}]}}"#, entities.join(","));
        loader.read_text("graph.json", &native).expect("entities");
        loader.read_text("edges.csv", &rows).expect("edges");
        let graph = loader.finish().expect("a graph");
        let threshold = match random.below(3) {
            0 => Threshold::default(),
            1 => Threshold::AtLeast(Share::from_ppb(500_000_000)),
            _ => Threshold::MoreThan(Share::from_ppb(250_000_000)),
        };
        let mut matrix = ControlMatrix::new(view(&graph), threshold);
        for controller in graph.nodes() {
            let answer = view(&graph).controlled_by(&[controller], threshold).expect("an answer");
            for wanted in [Certainty::Possible, Certainty::Certain] {
                let found: BTreeSet<NodeId> = matrix.controlled_by(controller, wanted).into_iter().collect();
                let rows = answer.controlled.iter().filter(|row| row.control >= wanted);
                let expected: BTreeSet<NodeId> = rows.map(|row| row.entity.node()).collect();
                assert_eq!(found, expected, "graph {seed}, {controller:?}, {wanted:?}, {threshold:?}");
            }
        }
    }
}

/// Every root with what stands under it is the root with what it controls.
fn assert_roots(graph: &OwnershipGraph, what: &str) {
    let mut matrix = ControlMatrix::new(view(graph), Threshold::default());
    let roots = matrix.controlling_roots().expect("a forest");
    let mut under: BTreeMap<NodeId, BTreeSet<NodeId>> = BTreeMap::new();
    for entity in graph.nodes().filter(|entity| roots[entity.index()] != *entity) {
        under.entry(roots[entity.index()]).or_default().insert(entity);
    }
    for entity in graph.nodes().filter(|entity| roots[entity.index()] == *entity) {
        let controlled: BTreeSet<NodeId> = matrix.controlled_by(entity, Certainty::Certain).into_iter().collect();
        assert_eq!(controlled, under.remove(&entity).unwrap_or_default(), "{what}, {entity:?}");
    }
    assert!(under.is_empty(), "{what}: a root that has a root");
}

#[test]
fn roots_and_circles_of_wide_and_of_large_graphs() {
    for seed in 0..60 {
        let graph = wide_graph(seed, 20 + seed % 40, 3 + seed % 6);
        assert_roots(&graph, &format!("graph {seed}"));
        assert_circles(&graph, &format!("graph {seed}"));
    }
    // Large enough for the second thread.
    let graph = wide_graph(61, 70_000, 3);
    assert_roots(&graph, "the large graph");
    assert_circles(&graph, "the large graph");
}

#[test]
fn majorities_that_come_together_one_after_the_other_take_no_round_each() {
    let mut rows = "owner,owned,share\n".to_owned();
    for n in 2..30_000 {
        // Every entity is held by the two before it, in an order in which no sweep meets owners first.
        let place = |n: u64| if n < 2 { n } else { 2 + n.wrapping_mul(7_919) % 30_011 };
        writeln!(rows, "e{},e{},30\ne{},e{},30", place(n - 1), place(n), place(n - 2), place(n)).expect("memory");
    }
    rows.push_str("e0,e1,60\n");
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &rows).expect("edges");
    let graph = loader.finish().expect("a graph");
    let roots = ControlMatrix::new(view(&graph), Threshold::default()).controlling_roots().expect("a forest");
    let top = graph.node_by_id("e0").expect("the top");
    assert_eq!(roots.iter().filter(|&&root| root == top).count(), 30_000);
}

/// Every pair of the index against the closure of each controller, and each immediate controller against the definition.
fn assert_forest(graph: &OwnershipGraph, what: &str) -> usize {
    let mut matrix = ControlMatrix::new(view(graph), Threshold::default());
    let Some(forest) = matrix.forest() else { return 0 };
    let mut controllers: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    let mut pairs = 0;
    for controller in graph.nodes() {
        let expected: BTreeSet<NodeId> = matrix.controlled_by(controller, Certainty::Certain).into_iter().collect();
        let found: BTreeSet<NodeId> = forest.controlled_by(controller).collect();
        assert_eq!(found, expected, "{what}: {:?}", graph.entity(controller));
        for entity in graph.nodes() {
            let said = forest.controls(controller, entity);
            assert_eq!(
                said,
                expected.contains(&entity),
                "{what}: {:?}",
                (graph.entity(controller), graph.entity(entity))
            );
        }
        pairs += expected.len();
        expected.into_iter().for_each(|entity| controllers.entry(entity).or_default().push(controller));
    }
    for entity in graph.nodes() {
        let all = controllers.get(&entity).cloned().unwrap_or_default();
        // Of the controllers outside the entity's own class the one that all the others control.
        let outside: Vec<NodeId> = all.into_iter().filter(|&other| !forest.controls(entity, other)).collect();
        let nearest =
            outside.iter().copied().filter(|&a| outside.iter().all(|&b| a == b || forest.controls(b, a))).min();
        assert_eq!(forest.immediate_controller(entity), nearest, "{what}: {:?}", graph.entity(entity));
    }
    pairs
}

#[test]
fn the_forest_of_control_holds_every_pair() {
    let small: usize =
        (0..2 * GRAPHS).map(|seed| assert_forest(&graph(seed, false, false), &format!("graph {seed}"))).sum();
    let wide: usize = (0..8).map(|seed| assert_forest(&wide_graph(seed, 200, 6), &format!("wide graph {seed}"))).sum();
    assert!(small > 300 && wide > 100, "{small} and {wide} pairs: hardly anybody controls anybody");
}

#[test]
fn pairs_above_a_threshold_are_those_of_every_single_question() {
    for seed in 0..40 {
        let graph = graph(seed, seed % 2 == 0, false);
        let mut matrix = ViewMatrix::new(view(&graph));
        let mut expected = Vec::new();
        for owned in graph.nodes() {
            let mut owners = matrix.effective_owners(owned).expect("shares");
            owners.sort_by_key(|(owner, _)| *owner);
            let above = owners.into_iter().filter(|(_, share)| share.max >= 25.0);
            expected.extend(above.map(|(owner, share)| (owner, owned, share)));
        }
        let mut found = Vec::new();
        matrix.effective_pairs(25.0, |owner, owned, share| found.push((owner, owned, share))).expect("shares");
        assert_eq!(found, expected, "graph {seed}");
    }
}
