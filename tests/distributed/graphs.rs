//! Small random graphs, as the program's JSON Lines.

use crate::random::Random;
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use serde_json::{Value, json};

/// How wild a graph is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Exact votes only: circles, majorities that come together, entities that control one another.
    Votes,
    /// The same with ranges, and small numbers with many digits.
    Ranges,
    /// Everything: rights, several accounts, nominees, indirect interests, dates, complete and over-subscribed columns.
    Wild,
}

const RIGHTS: [&str; 12] = [
    "parent",
    "generalPartner",
    "appointmentOfBoard",
    "trustee",
    "manager",
    "otherInfluenceOrControl",
    "settlor",
    "boardMember",
    "votingRights",
    "limitedPartner",
    "nominee",
    "nominator",
];

pub fn random(seed: u64, kind: Kind) -> OwnershipGraph {
    let random = &mut Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 0xc1);
    let count = if kind == Kind::Wild { 3 + random.below(9) } else { 3 + random.below(40) };
    let id = |number: u64| format!("e{:02}", number * 37 % 97);
    let mut lines: Vec<Value> = (0..count)
        .map(|number| {
            let kind_of = if random.one_in(4) { "person" } else { "company" };
            let complete = kind == Kind::Wild && random.one_in(12);
            json!({"cuibono": 1, "type": "entity", "id": id(number), "name": format!("Name of {number}"),
                "kind": kind_of, "jurisdiction": if random.one_in(2) { json!("GB") } else { Value::Null },
                "owners_complete": complete})
        })
        .collect();
    for owned in 0..count {
        if random.one_in(4) {
            continue;
        }
        let owners = if random.one_in(2) { 1 } else { 1 + random.below(4) };
        let mut left = 100.0;
        for _ in 0..owners {
            // Mostly from a few, so that shares come together and circles close.
            let owner = if random.one_in(3) { random.below(count) } else { random.below(count.min(6)) };
            let most = if kind == Kind::Wild && random.one_in(6) { 100.0 } else { left };
            let share = match random.below(4) {
                0 => f64::from(most > 50.0) * 51.0,
                1 => most / 2.0,
                _ => (most * (random.below(1000) as f64) / 1000.0 * 1e7).round() / 1e7,
            };
            left = f64::max(left - share, 0.0);
            lines.push(interest(random, kind, (&id(owner), &id(owned)), share));
        }
    }
    let text: String = lines.into_iter().map(line).collect();
    let mut loader = Loader::new();
    loader.read_text("random.jsonl", &text).expect("the lines");
    loader.finish().expect("a graph")
}

/// The version and the type come first, so that the format is recognised.
fn line(mut record: Value) -> String {
    let members = record.as_object_mut().expect("an object");
    let kind = members.remove("type").expect("a type");
    members.remove("cuibono");
    format!("{{\"cuibono\":1,\"type\":{kind},{}\n", &record.to_string()[1..])
}

fn interest(random: &mut Random, kind: Kind, (owner, owned): (&str, &str), share: f64) -> Value {
    let mut line = json!({"cuibono": 1, "type": "interest", "owner": owner, "owned": owned, "kind": "shareholding",
        "min": share, "max": share});
    if kind != Kind::Votes && random.one_in(3) {
        line["max"] = json!(f64::min(100.0, share + random.below(30) as f64));
        if line["max"] != line["min"] && random.one_in(2) {
            line["min_open"] = json!(true);
        }
    }
    if kind != Kind::Wild {
        return line;
    }
    if random.one_in(3) {
        line["kind"] = json!(random.pick(&RIGHTS));
    }
    match random.below(8) {
        0 => line["directness"] = json!("indirect"),
        1 => line["contested"] = json!(true),
        2 => line["start"] = json!("2030-01-01"),
        3 => line["end_not_before"] = json!("2020-01-01"),
        4 => line["confidence"] = json!("low"),
        5 => line["statement"] = json!(format!("s{}", random.below(3))),
        _ => {}
    }
    line
}
