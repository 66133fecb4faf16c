//! What stands on a chart, and what its cuts leave out, held against the tables and against the definition.

use cuibono::diagram::{Change, Diagram, LineStyle};
use cuibono::export::chart::{ChartOptions, around, changes};
use cuibono::graph::{NodeId, OwnershipGraph};
use cuibono::load::Loader;
use cuibono::model::{AsOf, Share, ShareRange};
use cuibono::query::neighbourhood::{Cut, Reach};
use cuibono::query::owners::Rows;
use std::collections::BTreeSet;

fn graph(rows: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &format!("owner,owned,share,kind,start,end\n{rows}")).expect("edges");
    loader.finish().expect("a graph")
}

fn node(graph: &OwnershipGraph, id: &str) -> NodeId {
    graph.node_by_id(id).unwrap_or_else(|| panic!("no {id}"))
}

fn day(text: &str) -> AsOf {
    text.parse().expect("a day")
}

const DAY: &str = "2024-01-01";

fn everything() -> Reach {
    Reach { down: u32::MAX, parties: 1000, ..Reach::default() }
}

fn cut(cut: Cut) -> ChartOptions {
    ChartOptions { reach: everything(), cut, ..ChartOptions::default() }
}

fn names(diagram: &Diagram) -> BTreeSet<&str> {
    diagram.boxes.iter().map(|party| party.name.as_str()).collect()
}

/// `owner → owned` of all lines.
fn pairs(diagram: &Diagram) -> BTreeSet<String> {
    let name = |at: usize| diagram.boxes[at].name.as_str();
    diagram.lines.iter().map(|line| format!("{} → {}", name(line.owner), name(line.owned))).collect()
}

/// A graph of random holdings of a fixed seed.
fn random(seed: u64, parties: u64) -> OwnershipGraph {
    let mut state = seed;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut rows = String::new();
    let mut seen = BTreeSet::new();
    for _ in 0..parties * 3 / 2 {
        let (owner, owned) = (next(parties), next(parties));
        if seen.insert((owner, owned)) {
            rows.push_str(&format!("P{owner},P{owned},{},,,\n", 1 + next(40)));
        }
    }
    graph(&rows)
}

fn crowd() -> OwnershipGraph {
    let owners: String = (0..230).map(|i| format!("P{i},Acme,{},,,\n", if i < 2 { "25" } else { "0.2" })).collect();
    let holdings: String = (0..40).map(|i| format!("Acme,Sub{i},{},,,\n", 10 + i)).collect();
    graph(&(owners + &holdings))
}

#[test]
fn a_crowd_is_stacked_with_the_total_of_the_table() {
    let graph = crowd();
    let (view, acme) = (graph.view(day(DAY)), node(&graph, "Acme"));
    let diagram = around(view, acme, &ChartOptions::default()).expect("a chart");
    let stacks: Vec<_> = diagram.boxes.iter().filter(|party| party.stack).map(|party| party.name.as_str()).collect();
    assert_eq!(stacks, ["218 more owners", "28 more holdings"]);
    let label = |name: &str| {
        let at = diagram.boxes.iter().position(|party| party.name == name).expect("a box");
        diagram.lines.iter().find(|line| line.owner == at || line.owned == at).expect("a line").label.clone()
    };
    assert_eq!(label("28 more holdings"), "10–37 % each");
    let rows = view.owners_of(acme, Rows { direct: true, ..Rows::default() }).expect("owners");
    let of_table = rows.owners.iter().filter_map(|row| row.direct).reduce(ShareRange::plus).expect("a total");
    let drawn = diagram.lines.iter().filter(|line| diagram.boxes[line.owned].subject).map(|line| {
        ShareRange::parse(line.label.trim_end_matches(" in total")).unwrap_or_else(|_| panic!("{}", line.label))
    });
    assert_eq!(drawn.reduce(ShareRange::plus), Some(of_table));
    assert_eq!(label("218 more owners"), "43.6 % in total");
}

#[test]
fn little_room_keeps_the_nearest_and_the_rest_is_stacked() {
    let graph = crowd();
    for room in [1, 2, 3, 5, 8, 20, 150] {
        let reach = Reach { parties: room, ..Reach::default() };
        let options = ChartOptions { reach, ..ChartOptions::default() };
        let diagram = around(graph.view(day(DAY)), node(&graph, "Acme"), &options).expect("a chart");
        assert!(diagram.boxes.len() <= room.max(3), "{room}: {} boxes", diagram.boxes.len());
        let stacked = |side: &str| {
            let of_side = |name: &&str| name.ends_with(side);
            let number = |name: &str| name.split(' ').next().and_then(|word| word.parse::<usize>().ok());
            names(&diagram).into_iter().find(of_side).and_then(number).unwrap_or(0)
        };
        let alone = diagram.boxes.iter().filter(|party| !party.stack).count() - 1;
        let all = alone + stacked("more owners") + stacked("more holdings") + stacked("more owner");
        assert_eq!(all, 270, "{room}: nobody is lost");
    }
}

#[test]
fn what_is_below_the_least_share_is_counted_with_its_total() {
    let graph = graph("A,X,60,,,\nB,X,4.5,,,\nC,X,3.25,,,\nD,X,0-2,,,\nE,X,1-9,,,\nF,A,2,,,\n");
    let options = cut(Cut { min_share: Share::from_percent(5.0).expect("a share"), ..Cut::default() });
    let diagram = around(graph.view(day(DAY)), node(&graph, "X"), &options).expect("a chart");
    assert_eq!(names(&diagram), BTreeSet::from(["A", "E", "X"]), "E can reach the share");
    assert_eq!(diagram.omissions, ["3 owners of X below 5 %, 7.75–9.75 % in total", "1 owner of A below 5 %, 2 %"]);
}

#[test]
fn only_control_keeps_blocks_that_one_party_votes_together() {
    let graph = graph(
        "T,A,100,,,\nT,B,100,,,\nA,C,30,,,\nB,C,30,,,\nZ,C,40,,,\nW,T,10,,,\nR,C,,appointmentOfBoard,,\nN,A,,nominee,,\n",
    );
    let options = cut(Cut { only_control: true, ..Cut::default() });
    let diagram = around(graph.view(day(DAY)), node(&graph, "C"), &options).expect("a chart");
    let expected = ["A → C", "B → C", "R → C", "T → A", "T → B"].map(str::to_owned);
    assert_eq!(pairs(&diagram), BTreeSet::from(expected));
    assert_eq!(diagram.omissions, ["3 interests that give nobody control"]);
    let all = around(graph.view(AsOf::All), node(&graph, "C"), &options);
    assert!(all.is_err(), "control is of one day");
}

/// Every party on a chart of chains lies on one, by enumeration of walks; and every one on a chain is there.
#[test]
fn a_chart_of_chains_holds_the_parties_of_all_chains() {
    let mut with_chains = 0;
    for seed in 0..60 {
        let graph = random(seed, 12);
        let view = graph.view(day(DAY));
        let nodes: Vec<NodeId> = graph.nodes().collect();
        let owns = |a: NodeId, b: NodeId| view.interests_of(a).any(|(_, interest, _)| interest.owned() == b);
        let reaches = |from: NodeId, to: NodeId| {
            let (mut seen, mut stack) = (BTreeSet::from([from]), vec![from]);
            while let Some(at) = stack.pop() {
                stack.extend(nodes.iter().copied().filter(|&next| owns(at, next) && seen.insert(next)));
            }
            seen.contains(&to)
        };
        let (subject, other) = (nodes[0], nodes[nodes.len() / 2]);
        let on_chain = |node: NodeId| {
            reaches(subject, node) && reaches(node, other) || reaches(other, node) && reaches(node, subject)
        };
        let options = cut(Cut { path_to: Some(other), ..Cut::default() });
        let diagram = around(view, subject, &options).expect("a chart");
        let expected: BTreeSet<&str> = nodes
            .iter()
            .filter(|&&node| on_chain(node) || node == subject)
            .map(|&node| graph.entity(node).name())
            .collect();
        assert_eq!(names(&diagram), expected, "seed {seed}");
        with_chains += usize::from(expected.len() > 2);
    }
    assert!(with_chains > 20, "{with_chains}");
}

#[test]
fn ended_interests_are_ghosts_with_their_end() {
    let graph = graph(
        "A,X,60,,2010-01-01,2019-05-01\nB,X,60,,2019-05-01,\nC,A,100,,2001-01-01,2005-01-01\nD,X,5,,2030-01-01,\n",
    );
    let options = cut(Cut { ended: true, ..Cut::default() });
    let diagram = around(graph.view(day(DAY)), node(&graph, "X"), &options).expect("a chart");
    let ghosts: Vec<_> = diagram.lines.iter().filter(|line| line.marks.ended).map(|line| line.label.as_str()).collect();
    assert_eq!(ghosts, ["60 % until 2019-05-01", "100 % until 2005-01-01"]);
    assert_eq!(names(&diagram), BTreeSet::from(["A", "B", "C", "X"]), "D has not begun");
    let without = around(graph.view(day(DAY)), node(&graph, "X"), &cut(Cut::default())).expect("a chart");
    assert_eq!(names(&without), BTreeSet::from(["B", "X"]));
}

#[test]
fn a_line_that_was_there_before_is_not_new_when_its_party_comes() {
    let graph = graph(
        "Old,X,70,,2010-01-01,2020-01-01\nNew,X,60,,2020-01-01,\nTop,New,100,,2000-01-01,\nS,X,20,,2000-01-01,2020-01-01\nS,X,30,,2020-01-01,\n",
    );
    let views = [graph.view(day("2015-01-01")), graph.view(day(DAY))];
    let diagram = changes(views, Some(node(&graph, "X")), &cut(Cut::default())).expect("a chart");
    let name = |at: usize| diagram.boxes[at].name.as_str();
    let found: BTreeSet<_> = diagram
        .lines
        .iter()
        .map(|line| (name(line.owner), name(line.owned), line.label.as_str(), line.change))
        .collect();
    let expected = BTreeSet::from([
        ("New", "X", "60 %", Change::Added),
        ("Old", "X", "70 %", Change::Removed),
        ("S", "X", "20 % → 30 %", Change::Changed),
        ("Top", "New", "100 %", Change::None),
    ]);
    assert_eq!(found, expected);
    assert_eq!(diagram.subtitle, "changes from 2015-01-01 to 2024-01-01");
}

#[test]
fn a_share_that_crosses_the_least_one_changed_and_did_not_come() {
    let graph = graph("A,X,3,,2000-01-01,2020-01-01\nA,X,8,,2020-01-01,\n");
    let views = [graph.view(day("2015-01-01")), graph.view(day(DAY))];
    let options = cut(Cut { min_share: Share::from_percent(5.0).expect("a share"), ..Cut::default() });
    let diagram = changes(views, Some(node(&graph, "X")), &options).expect("a chart");
    let labels: Vec<_> = diagram.lines.iter().map(|line| (line.label.as_str(), line.change)).collect();
    assert_eq!(labels, [("3 % → 8 %", Change::Changed)]);
}

/// The NSO structure: what a comparison marks as come or gone agrees with `diff`.
#[test]
fn changes_agree_with_the_table_of_changes() {
    let graph = cuibono::load::built_in().expect("the dataset");
    let nso = node(&graph, "nso-group-technologies-ltd");
    let (from, to) = ("2019-01-01", "2021-05-31");
    let diagram =
        changes([graph.view(day(from)), graph.view(day(to))], Some(nso), &cut(Cut::default())).expect("a chart");
    let gone: BTreeSet<&str> =
        diagram.boxes.iter().filter(|party| party.change == Change::Removed).map(|party| party.name.as_str()).collect();
    assert_eq!(gone, BTreeSet::from(["Francisco Partners", "Founders and staff of NSO Group"]));
    let certain = |at: &str, line: &&cuibono::diagram::Line| {
        let (owner, owned) = (&diagram.boxes[line.owner].id, &diagram.boxes[line.owned].id);
        let view = graph.view(day(at));
        let exists = view.interests_in(node(&graph, owned)).any(|(_, i, _)| graph.entity(i.owner()).id() == owner);
        exists && line.style != LineStyle::Control
    };
    let moved =
        |change| diagram.lines.iter().filter(move |line| line.change == change && line.style != LineStyle::Control);
    assert!(moved(Change::Removed).count() >= 2 && moved(Change::Added).count() >= 5);
    assert!(moved(Change::Removed).all(|line| certain(from, &line) && !certain(to, &line)));
    assert!(moved(Change::Added).all(|line| certain(to, &line) && !certain(from, &line)));
}

/// An interest that may not exist on the day keeps its figure and the look of a share; only an unknown share is dotted.
#[test]
fn a_possible_interest_with_a_known_share_is_not_drawn_as_unknown() {
    let graph = cuibono::load::built_in().expect("the dataset");
    let nso = node(&graph, "nso-group-technologies-ltd");
    let diagram = around(graph.view(day("2019-06-01")), nso, &ChartOptions::default()).expect("a chart");
    let possible = |label: &str| {
        let line = diagram.lines.iter().find(|line| line.label == label && line.marks.possible);
        line.unwrap_or_else(|| panic!("no possible {label}")).style
    };
    assert_eq!((possible("100 %"), possible("?")), (LineStyle::Ownership, LineStyle::Unknown));
}

/// A picture is passed on without the messages of the run that made it.
#[test]
fn what_the_data_do_not_say_stands_in_the_picture() {
    let drawn = |graph: &OwnershipGraph, on: &str| {
        let options = cut(Cut::default());
        around(graph.view(day(on)), node(graph, "Acme"), &options).expect("a chart").omissions
    };
    let dated = graph("Ann,Acme,60,,2015-03-01,2019-12-31\nAcme,Beta,50,,2015-06-01,\n");
    let other_days = |which: &str, dates: &str| format!("{which} of other days; the dates in the data are {dates}");
    assert_eq!(drawn(&dated, "2018-01-01"), Vec::<String>::new());
    assert_eq!(drawn(&dated, "2021-01-01"), [other_days("owners", "2015-03-01 to 2019-12-31")]);
    let before = [
        other_days("interests", "2015-03-01 to 2019-12-31"),
        other_days("owners", "2015-03-01 to 2019-12-31"),
        other_days("holdings", "2015-06-01"),
    ];
    assert_eq!(drawn(&dated, "2010-01-01"), before);

    let party = |id: &str| {
        format!(
            r#"{{"statementId":"{id}","recordId":"{id}","recordType":"entity","declarationSubject":"{id}","recordDetails":{{"entityType":{{"type":"registeredEntity"}},"name":"Acme","isComponent":false}}}}"#
        )
    };
    let mut loader = Loader::new();
    let text = format!("{}\n{{\"recordType\":5}}\n", party("Acme"));
    loader.read_text("secret project/register.jsonl", &text).expect("statements");
    let partly = loader.finish().expect("a graph");
    let said = drawn(&partly, DAY);
    assert_eq!(said[0], "1 of 2 records of register.jsonl, which could not be read", "no folder is given away");
}
