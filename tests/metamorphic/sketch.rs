//! Random small graphs as documents in the native format, which can say everything.

use crate::random::Random;
use cuibono::graph::OwnershipGraph;
use cuibono::load::Loader;
use serde_json::{Value, json};

/// The random numbers of one graph.
pub fn seeded(seed: u64) -> Random {
    Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 0x6d)
}

/// How many graphs a property is put to.
pub fn cases() -> u64 {
    std::env::var("CUIBONO_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(80)
}

/// What a graph is made of.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub entities: Vec<Value>,
    pub interests: Vec<Value>,
}

const KINDS: [&str; 9] = [
    "shareholding",
    "shareholding",
    "shareholding",
    "votingRights",
    "generalPartner",
    "limitedPartner",
    "appointmentOfBoard",
    "rightsToProfitOrIncome",
    "otherInfluenceOrControl",
];

impl Sketch {
    /// From 3 to 8 parties with all that may be said of interests.
    pub fn rich(seed: u64) -> Self {
        let random = &mut seeded(seed);
        let parties = 3 + random.below(6);
        let mut sketch =
            Self { entities: (0..parties).map(|number| party(number, random)).collect(), interests: Vec::new() };
        for number in 0..parties + random.below(8) {
            let (owner, owned) = (random.below(parties), random.below(parties));
            sketch.interests.push(interest(number, owner, owned, random));
        }
        sketch
    }

    /// The same with nominees and those whom they hold for.
    pub fn with_nominees(mut self, seed: u64) -> Self {
        let random = &mut seeded(seed ^ 0x6e6f);
        let parties = self.entities.len();
        for number in 0..1 + random.below(3) {
            let (owner, owned) = (random.below(parties), random.below(parties));
            let mut row = interest(self.interests.len() + number, owner, owned, random);
            row["kind"] = json!(random.pick(&["nominee", "nominator"]));
            self.interests.push(row);
        }
        self
    }

    /// Direct shareholdings with exact shares that sum to the whole at most, one row for each pair, circles included.
    pub fn exact(seed: u64) -> Self {
        let random = &mut seeded(seed);
        let parties = 3 + random.below(5);
        let mut sketch = Self { entities: (0..parties).map(company).collect(), interests: Vec::new() };
        for owned in 0..parties {
            let mut left = 100;
            let mut owners: Vec<usize> = (0..parties).filter(|owner| *owner != owned && !random.one_in(2)).collect();
            random.shuffle(&mut owners);
            for owner in owners.into_iter().take(3) {
                let share = random.below(left + 1);
                if share == 0 {
                    continue;
                }
                left -= share;
                let number = sketch.interests.len();
                sketch.interests.push(json!({
                    "id": format!("i{number}"), "owner": id(owner), "owned": id(owned), "kind": "shareholding",
                    "share": share, "directness": "direct",
                }));
            }
        }
        sketch
    }

    /// Shareholdings in bands with open ends, at most three in an entity and none over-subscribed; some are indirect, some
    /// entities have no other owners. None has all but a whole: a circle that only such a bound keeps from being closed has
    /// ends that no bound moved inside comes near to.
    pub fn banded(seed: u64) -> Self {
        let random = &mut seeded(seed ^ 0x6261);
        let parties = 3 + random.below(4);
        let mut sketch = Self { entities: (0..parties).map(company).collect(), interests: Vec::new() };
        for owned in 0..parties {
            let mut owners: Vec<usize> = (0..parties).collect();
            random.shuffle(&mut owners);
            let mut direct_highs = 0;
            for owner in owners.into_iter().take(random.below(4)) {
                let (low, high) = ([0, 10, 25, 31][random.below(4)], [31, 40, 50, 75, 100][random.below(5)]);
                let open = |random: &mut Random| low < high && random.one_in(2);
                let number = sketch.interests.len();
                let directness = random.pick(&["direct", "direct", "direct", "indirect"]);
                direct_highs += if *directness == "direct" { high } else { 0 };
                sketch.interests.push(json!({
                    "id": format!("i{number}"), "owner": id(owner), "owned": id(owned), "kind": "shareholding",
                    "directness": directness, "share":
                        {"min": low, "max": high, "min_open": open(random), "max_open": high < 100 && open(random)},
                }));
            }
            // With slack, lest what is moved inside cannot make up the whole.
            if direct_highs > 110 && random.one_in(3) {
                sketch.entities[owned]["owners_complete"] = true.into();
            }
        }
        sketch
    }

    /// The same with every open bound moved inside, by percentage points, and closed.
    pub fn moved_inside(&self, by: f64) -> Self {
        let mut moved = self.clone();
        for share in moved.interests.iter_mut().map(|interest| &mut interest["share"]) {
            for (bound, open, by) in [("min", "min_open", by), ("max", "max_open", -by)] {
                if share[open] == true {
                    share[bound] = (share[bound].as_f64().expect("a bound") + by).into();
                    share[open] = false.into();
                }
            }
        }
        moved
    }

    pub fn document(&self) -> String {
        json!({"cuibono": 1, "sources": [{"id": "S1", "title": "A paper"}], "entities": self.entities, "interests": self.interests})
            .to_string()
    }

    pub fn graph(&self) -> OwnershipGraph {
        read(&[("sketch.json", &self.document())])
    }

    /// Whether no interest joins two parties in this direction.
    pub fn lacks(&self, owner: &str, owned: &str) -> bool {
        !self.interests.iter().any(|interest| interest["owner"] == owner && interest["owned"] == owned)
    }
}

/// The graph of texts, in this order.
pub fn read(texts: &[(&str, &str)]) -> OwnershipGraph {
    let mut loader = Loader::new();
    for (name, text) in texts {
        loader.read_text(name, text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    loader.finish().expect("a graph")
}

pub fn id(number: usize) -> String {
    format!("p{number}")
}

fn company(number: usize) -> Value {
    json!({"id": id(number), "name": format!("Party {number}"), "kind": "company"})
}

fn party(number: usize, random: &mut Random) -> Value {
    let mut party = company(number);
    party["kind"] = (*random.pick(&["person", "company", "company", "company", "arrangement", "state"])).into();
    party["jurisdiction"] = (*random.pick(&["GB", "LU", "VG"])).into();
    if random.one_in(4) {
        party["owners_complete"] = true.into();
    }
    if random.one_in(4) {
        party["aliases"] = json!(["Another name", "=1+1"]);
    }
    if random.one_in(4) {
        party["founded"] = (*random.pick(&["1999", "2001-05", "2010-02-03"])).into();
    }
    party
}

fn interest(number: usize, owner: usize, owned: usize, random: &mut Random) -> Value {
    let mut interest = json!({
        "id": format!("i{number}"), "owner": id(owner), "owned": id(owned), "kind": random.pick(&KINDS),
        "confidence": random.pick(&["high", "high", "medium", "low"]),
        "directness": random.pick(&["direct", "direct", "unknown", "indirect"]),
    });
    let low = [0, 10, 25, 40, 50, 51, 75, 100][random.below(8)];
    match random.below(4) {
        0 => {}
        1 if low < 100 => {
            let high = (low + 25).min(100);
            interest["share"] =
                json!({"min": low, "max": high, "min_open": random.one_in(2), "max_open": random.one_in(2)});
        }
        _ => interest["share"] = low.into(),
    }
    if random.one_in(3) {
        interest["start"] = (*random.pick(&["2016", "2018-04", "2019-06-15"])).into();
    }
    match random.below(6) {
        0 => interest["end"] = (*random.pick(&["2019", "2020-04", "2021-06-15"])).into(),
        1 => interest["end"] = json!({"not_before": "2019-01-01", "not_after": "2021"}),
        _ => {}
    }
    for flag in ["approximate", "contested", "inferred"] {
        if random.one_in(8) {
            interest[flag] = true.into();
        }
    }
    if random.one_in(4) {
        interest["note"] = "a note; with = and %".into();
    }
    interest
}
