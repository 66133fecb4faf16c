//! Data made to be slow: long chains, wide stars, parties of very many names. What would take the square of their size
//! would not end here; what an answer leaves out for that, it says.

use cuibono::graph::{NodeId, OwnershipGraph};
use cuibono::load::Loader;
use cuibono::model::AsOf;
use cuibono::query::PercentRange;
use cuibono::query::control::{Certainty, Threshold};
use cuibono::query::matrix::ViewMatrix;
use cuibono::query::owners::Rows;
use cuibono::query::rules::{Decides, Rule};
use cuibono::query::ultimate::UltimateController;

fn graph(rows: impl Iterator<Item = String>) -> OwnershipGraph {
    read("owner,owned,share,owner_kind\n", rows)
}

fn read(header: &str, rows: impl Iterator<Item = String>) -> OwnershipGraph {
    let text: String = std::iter::once(header.to_owned()).chain(rows).collect();
    let mut loader = Loader::new();
    loader.read_text("edges.csv", &text).expect("edges");
    loader.finish().expect("a graph")
}

fn node(graph: &OwnershipGraph, id: &str) -> NodeId {
    graph.node_by_id(id).unwrap_or_else(|| panic!("no {id}"))
}

fn day() -> AsOf {
    "2024-01-01".parse().expect("a day")
}

const LONG: usize = 30_000;

fn chain() -> OwnershipGraph {
    graph((0..LONG).map(|at| format!("c{at},c{},60,\n", at + 1)))
}

/// Steps that an answer with so many rows has at most.
const MOST_STEPS: usize = 100_000 + 9 * LONG;

#[test]
fn everybody_along_a_chain_controls_its_end_and_proofs_that_are_left_out_are_counted() {
    let graph = chain();
    let view = graph.view(day());
    let above = view.controllers_of(node(&graph, &format!("c{LONG}")), Threshold::default()).expect("an answer");
    assert_eq!(above.controllers.len(), LONG);
    assert!(above.controllers.iter().all(|row| row.control == Certainty::Certain));
    let ultimate: Vec<&str> = above.controllers.iter().filter(|row| row.ultimate).map(|row| row.entity.id()).collect();
    assert_eq!(ultimate, ["c0"]);
    let below = view.controlled_by(&[node(&graph, "c0")], Threshold::default()).expect("an answer");
    assert_eq!(below.controlled.len(), LONG);
    for (rows, warnings) in [(above.controllers, above.warnings), (below.controlled, below.warnings)] {
        let left_out = rows.iter().filter(|row| row.because.is_empty()).count();
        let expected = format!(
            "proofs-left-out: the steps that prove {left_out} rows would be too many; `cuibono explain` shows those of a pair"
        );
        assert_eq!(warnings, [expected]);
        assert!(rows.iter().map(|row| row.because.len()).sum::<usize>() <= MOST_STEPS);
        assert!(rows.iter().any(|row| row.because.len() > 20), "some are proved");
    }
}

#[test]
fn a_chain_below_a_listed_party_is_blocked_to_its_end() {
    let graph = chain();
    let rule = Rule::find("ofac", Decides::Blocking).expect("a rule");
    let screening = graph.view(day()).screen(&[node(&graph, "c0")], &[], rule).expect("an answer");
    assert_eq!(screening.blocked.len(), LONG + 1);
    let steps: usize = screening.blocked.iter().map(|row| row.because.len()).sum();
    assert!(steps <= MOST_STEPS, "{steps}");
    assert!(
        screening.warnings.iter().any(|warning| warning.starts_with("proofs-left-out: ")),
        "{:?}",
        screening.warnings
    );
}

/// Every member's own closure would be the whole ring. The right elsewhere makes that votes alone do not decide.
#[test]
fn a_long_ring_is_one_class() {
    let ring = (0..LONG).map(|at| format!("r{at:05},r{:05},51,\n", (at + 1) % LONG));
    let beside = ["r00077,below,60,\n", "partner,elsewhere,,generalPartner\n"].map(str::to_owned);
    let graph = read("owner,owned,share,kind\n", ring.chain(beside));
    let answer = graph.view(day()).ultimate_controllers(Threshold::default()).expect("an answer");
    let (of_ring, others): (Vec<&UltimateController<'_>>, Vec<_>) = answer.rows.iter().partition(|row| row.mutual);
    assert_eq!((of_ring.len(), others.len()), (LONG + 1, 1));
    assert!(of_ring.iter().all(|row| row.controller.id() == "r00000"));
}

/// Whoever stands so many steps above a member has the product of the shares on the way.
#[test]
fn a_long_ring_is_owned_by_all_its_members() {
    let ring = (0..LONG).map(|at| format!("r{at},r{},60,\n", (at + 1) % LONG));
    let graph = graph(ring.chain((0..LONG).step_by(100).map(|at| format!("p{at},r{at},20-40,\n"))));
    let view = graph.view(day());
    let owners = view.owners_of(node(&graph, "r510"), Rows::default()).expect("an answer").owners;
    let share = |id: &str| owners.iter().find(|row| row.entity.id() == id).map(|row| row.effective).unwrap_or_default();
    let wanted = |low: f64, high: f64, steps: i32| [low, high].map(|percent| percent * 0.6f64.powi(steps));
    for (id, [min, max]) in [
        ("r509", wanted(100.0, 100.0, 1)),
        ("r500", wanted(100.0, 100.0, 10)),
        ("r470", wanted(100.0, 100.0, 40)),
        ("p500", wanted(20.0, 40.0, 10)),
    ] {
        let found = share(id);
        assert!((found.min - min).abs() < 1e-9 && (found.max - max).abs() < 1e-9, "{id}: {found:?}");
    }
    let held = view.holdings_of(&[node(&graph, "p400")], Rows::default()).expect("an answer").holdings;
    assert_eq!(held.iter().filter(|row| row.effective.max >= 1.0).count(), 8, "40, 24, 14.4 and so on");
}

/// The shares in its first member are too many for any of them to be certain: it is a chain.
#[test]
fn a_long_ring_that_does_not_close_is_under_its_first_member() {
    let ring = (0..LONG).map(|at| format!("r{at:05},r{:05},51,\n", (at + 1) % LONG));
    let graph = read("owner,owned,share,kind\n", ring.chain(["outside,r00000,50,\n".to_owned()]));
    let answer = graph.view(day()).ultimate_controllers(Threshold::default()).expect("an answer");
    assert_eq!(answer.rows.len(), LONG - 1);
    assert!(answer.rows.iter().all(|row| row.controller.id() == "r00000" && !row.mutual));
}

#[test]
fn a_holder_of_very_many_is_proved_for_each() {
    let graph = graph((0..LONG).map(|at| format!("hub,o{at},60,\n")));
    let answer = graph.view(day()).controlled_by(&[node(&graph, "hub")], Threshold::default()).expect("an answer");
    assert_eq!(answer.controlled.len(), LONG);
    assert!(answer.controlled.iter().all(|row| row.because.len() == 1), "nothing is left out");
    assert_eq!(answer.warnings, Vec::<String>::new());
}

#[test]
fn a_company_of_very_many_persons_is_judged_under_every_rule() {
    let rows = (0..LONG).map(|at| format!("p{at},hub,{},person\n", if at == 7 { "40" } else { "0.001" }));
    let graph = graph(rows);
    for rule in ["eu-amlr", "fincen", "uk-psc", "fatf"] {
        let rule = Rule::find(rule, Decides::BeneficialOwner).expect("a rule");
        let answer = graph.view(day()).beneficial_owners_of(node(&graph, "hub"), rule, None).expect("an answer");
        assert_eq!(answer.candidates.len(), LONG, "{}", rule.id);
        let owners: Vec<&str> = answer.owners.iter().map(|row| row.entity.id()).collect();
        assert!(!owners.is_empty() && owners.iter().all(|owner| *owner == "p7"), "{}: {owners:?}", rule.id);
    }
}

#[test]
fn a_parent_with_an_indirect_interest_in_each_of_very_many_has_its_floor_in_each() {
    let interest = |number: String, owner: &str, owned: &str, share: &str, directness: &str| {
        format!(
            r#"{{"id":"{number}","owner":"{owner}","owned":"{owned}","kind":"shareholding","share":{share},"directness":"{directness}"}}"#
        )
    };
    let ids: Vec<String> = (0..LONG).map(|at| format!("o{at}")).collect();
    let mut interests = vec![interest("top".to_owned(), "parent", "holding", "60", "direct")];
    for id in &ids {
        interests.push(interest(format!("{id}-direct"), "holding", id, "50", "direct"));
        interests.push(interest(format!("{id}-indirect"), "parent", id, r#"{"min":40,"max":50}"#, "indirect"));
    }
    let entity = |id: &str| format!(r#"{{"id":"{id}","name":"{id}","kind":"company"}}"#);
    let entities: Vec<String> =
        ["parent", "holding"].into_iter().chain(ids.iter().map(String::as_str)).map(entity).collect();
    let text = format!(r#"{{"cuibono":1,"entities":[{}],"interests":[{}]}}"#, entities.join(","), interests.join(","));
    let mut loader = Loader::new();
    loader.read_text("group.json", &text).expect("a document");
    let graph = loader.finish().expect("a graph");
    let view = graph.view(day());
    let (parent, mut floors) = (node(&graph, "parent"), 0);
    let is_floor = |share: &PercentRange| (share.min, share.max) == (40.0, 50.0);
    let pairs = |owner, _, share: PercentRange| floors += usize::from(owner == parent && is_floor(&share));
    ViewMatrix::new(view).effective_pairs(25.0, pairs).expect("shares");
    assert_eq!(floors, LONG);
    let held = view.holdings_of(&[parent], Rows::default()).expect("an answer").holdings;
    assert_eq!(held.iter().filter(|row| is_floor(&row.effective)).count(), LONG);
}

#[test]
fn a_party_of_very_many_names_keeps_them_all_once() {
    let many = 100_000;
    let record = |id: usize, name: String| {
        format!(
            r#"{{"statementId":"{id}","recordId":"{id}","recordType":"entity","declarationSubject":"{id}","recordDetails":{{"entityType":{{"type":"registeredEntity"}},"name":"{name}","isComponent":false,"identifiers":[{{"scheme":"GB-COH","id":"01234567"}}]}}}}"#
        ) + "\n"
    };
    let text: String = (0..many).map(|at| record(at, format!("Name {}", at / 2))).collect();
    let mut loader = Loader::new();
    loader.read_text("names.jsonl", &text).expect("statements");
    let graph = loader.finish().expect("a graph");
    assert_eq!(graph.node_count(), 1);
    let party = graph.nodes().next().expect("one");
    assert_eq!(graph.entity(party).details().aliases.len(), many / 2 - 1);
}
