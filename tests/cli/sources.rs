//! Answers that rest on some sources alone: what one forged source can bring about can be seen.

use crate::run::{Run, cuibono};
use std::collections::BTreeSet;

/// What ann holds stands in a register; a forged source has mallory hold the same, and says that ann does too.
const DATA: &str = r#"{"cuibono":1,
  "sources":[{"id":"register","title":"A register"},{"id":"forged","title":"A leak"}],
  "entities":[{"id":"ann","name":"Ann","kind":"person"},{"id":"mallory","name":"Mallory","kind":"person"},
              {"id":"acme","name":"Acme","kind":"company"}],
  "interests":[
    {"id":"1","owner":"ann","owned":"acme","kind":"shareholding","share":40,"start":"2020","sources":["register","forged"]},
    {"id":"2","owner":"mallory","owned":"acme","kind":"shareholding","share":60,"start":"2020","sources":["forged"]}]}"#;

fn owners(arguments: &str) -> BTreeSet<String> {
    let answer = run(arguments).json();
    let owners = answer["owners"].as_array().expect("owners").iter();
    owners.map(|row| row["entity"]["id"].as_str().expect("an id").to_owned()).collect()
}

fn run(arguments: &str) -> Run {
    cuibono("owners-of acme --as-of 2024-01-01").args(arguments.split_whitespace()).stdin(DATA)
}

#[test]
fn a_source_can_be_left_out_or_asked_alone() {
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(owners(""), set(&["ann", "mallory"]));
    assert_eq!(owners("--only-source register"), set(&["ann"]));
    assert_eq!(owners("--only-source forged"), set(&["ann", "mallory"]));
    assert_eq!(owners("--without-source forged"), set(&["ann"]));
    assert_eq!(owners("--without-source register"), set(&["ann", "mallory"]));
    assert_eq!(owners("--without-source register --without-source forged"), set(&[]));
    let stats = cuibono("stats --without-source forged").stdin(DATA).json();
    assert_eq!((&stats["entities"], &stats["interests"]), (&3.into(), &1.into()), "every command sees the same graph");
    let message = "cuibono: no source has the id \"leak\"; `cuibono sources` lists them";
    run("--only-source leak").fails(2, message);
}

#[test]
fn the_dataset_can_be_asked_what_one_source_says() {
    let whole = cuibono("stats").json()["interests"].as_u64().expect("a number");
    let one = cuibono("stats --only-source S73").json()["interests"].as_u64().expect("a number");
    let rest = cuibono("stats --without-source S73").json()["interests"].as_u64().expect("a number");
    assert!(one > 0 && one < whole && rest > 0 && rest < whole && one + rest >= whole, "{one}, {rest} of {whole}");
}
