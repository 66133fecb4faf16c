//! Each rule of `check`: data that break it, and the same data put right.

use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use cuibono::problem::Rule;
use std::collections::{BTreeMap, BTreeSet};

fn graph(name: &str, text: &str) -> OwnershipGraph {
    let mut loader = Loader::new();
    loader.read_text(name, text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    loader.finish().unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn counts(graph: &OwnershipGraph) -> BTreeMap<&'static str, usize> {
    graph.view("2024-01-01".parse().expect("a day")).check().counts
}

/// Native data with the given entities and interests, each a JSON object without its braces.
fn native(entities: &[&str], interests: &[&str]) -> String {
    let list = |items: &[&str]| items.iter().map(|item| format!("{{{item}}}")).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"cuibono":1,"sources":[{{"id":"S1","title":"A register"}}],"entities":[{}],"interests":[{}]}}"#,
        list(entities),
        list(interests)
    )
}

const A: &str = r#""id":"a","name":"Alpha","kind":"company""#;
const B: &str = r#""id":"b","name":"Beta","kind":"company""#;
const PERSON: &str = r#""id":"p","name":"Pat","kind":"person""#;

/// An interest of `owner` in `owned`, dated and with a source, with further fields.
fn interest(owner: &str, owned: &str, more: &str) -> String {
    format!(
        r#""id":"{owner}-{owned}","owner":"{owner}","owned":"{owned}","kind":"shareholding","start":"2020-01-01","sources":["S1"]{more}"#
    )
}

/// The rule, data that break it once, and data that keep it.
fn cases() -> Vec<(Rule, String, String)> {
    let two = |a: &str, b: &str, more: &str| native(&[a, b], &[&interest("a", "b", more)]);
    let share = r#","share":60"#;
    let fine = two(A, B, share);
    vec![
        (
            Rule::OverSubscribed,
            "owner,owned,share\nx,z,60\ny,z,60\n".into(),
            "owner,owned,share\nx,z,60\ny,z,40\n".into(),
        ),
        (
            Rule::RivalAccounts,
            native(&[A, B], &[&interest("a", "b", share), &interest("a", "b", r#","share":20"#).replace("a-b", "c")]),
            native(
                &[A, B],
                &[&interest("a", "b", share), &interest("a", "b", r#","share":"50-70""#).replace("a-b", "c")],
            ),
        ),
        (Rule::Circle, "owner,owned,share\nx,y,10\ny,x,10\n".into(), "owner,owned,share\nx,y,10\n".into()),
        (Rule::UnknownJurisdiction, two(&format!("{A},\"jurisdiction\":\"QQ\""), B, share), fine.clone()),
        (
            Rule::ConflictingDescription,
            "owner,owned,owner_name\nx,y,One\nx,z,Two\n".into(),
            "owner,owned,owner_name\nx,y,One\nx,z,One\n".into(),
        ),
        (
            Rule::KindsCollide,
            "owner,owned,owner_kind\nx,y,person\nx,z,company\n".into(),
            "owner,owned,owner_kind\nx,y,arrangement\nx,z,company\n".into(),
        ),
        (
            Rule::DuplicateIdentifier,
            two(
                &format!(r#"{A},"identifiers":[{{"scheme":"GB-COH","id":"1234"}}]"#),
                &format!(r#"{B},"identifiers":[{{"scheme":"GB-COH","id":"00001234"}}]"#),
                share,
            ),
            fine.clone(),
        ),
        (Rule::Undated, two(A, B, share).replace(r#""start":"2020-01-01","#, ""), fine.clone()),
        (Rule::EndBeforeStart, two(A, B, r#","share":60,"end":"2019-05""#), two(A, B, r#","share":60,"end":"2021""#)),
        (
            Rule::IndirectBesideChain,
            native(
                &[A, B, PERSON],
                &[
                    &interest("a", "b", share),
                    &interest("p", "a", share),
                    &interest("p", "b", r#","share":30,"directness":"indirect""#),
                ],
            ),
            native(
                &[A, B, PERSON],
                &[&interest("a", "b", share), &interest("p", "b", r#","share":30,"directness":"indirect""#)],
            ),
        ),
        (Rule::NoSource, two(A, B, share).replace(r#""sources":["S1"]"#, r#""sources":[]"#), fine.clone()),
        (Rule::Isolated, native(&[A, B, PERSON], &[&interest("a", "b", share)]), fine.clone()),
        (
            Rule::StatedBeforeStart,
            two(A, B, r#","share":60,"stated":"2019""#),
            two(A, B, r#","share":60,"stated":"2020""#),
        ),
        (Rule::UnknownShare, two(A, B, ""), fine.clone()),
        (
            Rule::PersonHeld,
            native(&[A, PERSON], &[&interest("a", "p", share)]),
            native(&[A, PERSON], &[&interest("p", "a", share)]),
        ),
        (
            Rule::UnnamedHeld,
            two(A, &B.replace("company", "unknown"), share),
            two(&A.replace("company", "unknown"), B, share),
        ),
        (
            Rule::OutsideLifetime,
            two(A, &format!(r#"{B},"dissolved":"2019""#), share),
            two(A, &format!(r#"{B},"dissolved":"2020""#), share),
        ),
        (
            Rule::MisshapenIdentifier,
            two(&format!(r#"{A},"identifiers":[{{"scheme":"XI-LEI","id":"5493001KJTIIGC8Y1R13"}}]"#), B, share),
            two(&format!(r#"{A},"identifiers":[{{"scheme":"XI-LEI","id":"5493001KJTIIGC8Y1R12"}}]"#), B, share),
        ),
        (Rule::HiddenCharacter, two(&A.replace("Alpha", "Al\u{202e}pha"), B, share), fine.clone()),
        (
            Rule::MixedScriptName,
            two(&A.replace("Alpha", "Аlpha"), B, share),
            two(&A.replace("Alpha", "Альфа Ltd"), B, share),
        ),
        (
            Rule::LooksLikeAnotherName,
            two(&A.replace("Alpha", "АО"), &B.replace("Beta", "AO"), share),
            two(&A.replace("Alpha", "A.O."), &B.replace("Beta", "AO"), share),
        ),
        (
            Rule::LoneUltimateParent,
            two(A, B, r#","directness":"indirect""#).replace("shareholding", "parent"),
            two(A, B, r#","directness":"direct""#).replace("shareholding", "parent"),
        ),
        (Rule::IncompleteRegister, two(A, &format!(r#"{B},"owners_complete":true"#), share), fine),
    ]
}

/// Rules that only a register's reader or a list of matches can break; their tests stand beside those readers.
const OF_READERS: [Rule; 12] = [
    Rule::BrokenOff,
    Rule::UnreadInput,
    Rule::SeveralBands,
    Rule::TotalsMismatch,
    Rule::RepeatedStatement,
    Rule::UnreadColumn,
    Rule::FractionShares,
    Rule::UnreadableValue,
    Rule::RejectedRecord,
    Rule::DanglingParty,
    Rule::UnknownMatch,
    Rule::JoinedUnlikeNames,
];

#[test]
fn every_rule_is_broken_once_and_kept_once() {
    for (rule, broken, kept) in cases() {
        let name = if broken.starts_with('{') { "data.json" } else { "data.csv" };
        assert_eq!(counts(&graph(name, &broken)).get(rule.id()), Some(&1), "{} in {broken}", rule.id());
        assert_eq!(counts(&graph(name, &kept)).get(rule.id()), None, "{} in {kept}", rule.id());
    }
}

#[test]
fn no_rule_is_without_a_test() {
    let tested: BTreeSet<Rule> = cases().into_iter().map(|(rule, _, _)| rule).chain(OF_READERS).collect();
    let untested: Vec<&str> = Rule::all().filter(|rule| !tested.contains(rule)).map(|rule| rule.id()).collect();
    assert!(untested.is_empty(), "{untested:?}");
    let ids: BTreeSet<&str> = Rule::all().map(Rule::id).collect();
    assert_eq!(ids.len(), Rule::all().len(), "two rules share an id");
}
