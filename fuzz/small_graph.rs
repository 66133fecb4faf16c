//! A small graph made of bytes: every kind of party and interest, dates, ranges, circles, several rows of one pair.

use arbitrary::{Arbitrary, Unstructured};
use cuibono::graph::OwnershipGraph;
use cuibono::load::{Format, Loader};
use cuibono::model::{EntityKind, InterestKind};
use serde_json::{Value, json};

/// What a graph is made from.
#[derive(Debug)]
pub struct SmallGraph {
    /// The text after the head of each name.
    pub names: Vec<String>,
    parties: u8,
    complete: u16,
    kinds: u64,
    holdings: Vec<Holding>,
}

/// One interest.
#[derive(Debug, Arbitrary)]
struct Holding {
    owner: u8,
    owned: u8,
    kind: u8,
    low: u8,
    width: u8,
    open: u8,
    flags: u8,
    trust: u8,
    start: u8,
    end: u8,
}

const JURISDICTIONS: [&str; 4] = ["GB", "DE", "LU", "VG"];
const CONFIDENCES: [&str; 4] = ["high", "high", "medium", "low"];

/// The most interests of a graph.
const MOST: usize = 24;

impl<'a> Arbitrary<'a> for SmallGraph {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let (parties, complete, kinds) = (2 + u8::arbitrary(u)? % 9, u.arbitrary()?, u.arbitrary()?);
        let count = u.int_in_range(0..=MOST)?;
        let holdings = (0..count).map(|_| Holding::arbitrary(u)).collect::<Result<_, _>>()?;
        let names = (0..u8::arbitrary(u)? % 4).map(|_| u.arbitrary()).collect::<Result<_, _>>()?;
        Ok(Self { names, parties, complete, kinds, holdings })
    }
}

impl SmallGraph {
    /// Whether a share is stated of an indirect interest: then shares of one company may overlap.
    pub fn has_overlaps(&self) -> bool {
        self.holdings.iter().any(|holding| holding.flags & 1 != 0)
    }

    /// The graph, where the reader takes it.
    pub fn build(&self) -> Option<OwnershipGraph> {
        let mut loader = Loader::new().format(Format::Native);
        loader.read_text("input", &self.document().to_string()).ok()?;
        Some(loader.finish().expect("a graph of whatever was read"))
    }

    /// The document in the native format.
    fn document(&self) -> Value {
        let entities: Vec<Value> = (0..self.parties).map(|number| self.entity(number)).collect();
        let interests = self.holdings.iter().enumerate();
        let interests: Vec<Value> = interests.map(|(number, holding)| self.interest(number, holding)).collect();
        json!({"cuibono": 1, "entities": entities, "interests": interests})
    }

    fn entity(&self, number: u8) -> Value {
        let kind = EntityKind::ALL[(self.kinds >> (4 * number.min(15)) & 15) as usize % EntityKind::ALL.len()];
        let name = self.names.get(usize::from(number)).map_or("", String::as_str);
        json!({
            "id": id(number),
            "name": format!("Party {number} {name}"),
            "kind": kind,
            "jurisdiction": JURISDICTIONS[usize::from(number) % JURISDICTIONS.len()],
            "owners_complete": self.complete >> number & 1 != 0,
        })
    }

    fn interest(&self, number: usize, holding: &Holding) -> Value {
        // Shares of capital are what most rules are about.
        let kind = match holding.kind {
            0..128 => InterestKind::Shareholding,
            kind => InterestKind::ALL[usize::from(kind) % InterestKind::ALL.len()],
        };
        let flag = |bit: u8| holding.flags >> bit & 1 != 0;
        let directness = match (flag(0), flag(1)) {
            (true, _) => "indirect",
            (false, true) => "unknown",
            (false, false) => "direct",
        };
        let mut interest = json!({
            "id": format!("i{number}"),
            "owner": id(holding.owner % self.parties),
            "owned": id(holding.owned % self.parties),
            "kind": kind,
            "directness": directness,
            "contested": flag(2) && flag(3),
            "controlling": flag(4) && flag(5),
            "majority": flag(6) && flag(7),
            "approximate": flag(2),
            "confidence": CONFIDENCES[usize::from(holding.trust & 3)],
        });
        if holding.trust & 4 == 0 {
            interest["share"] = share(holding);
        }
        set_date(&mut interest, "start", holding.start);
        set_date(&mut interest, "end", holding.end);
        interest
    }
}

/// The id of a party.
pub fn id(number: u8) -> String {
    format!("party-{number}")
}

fn share(holding: &Holding) -> Value {
    const FIGURES: [f64; 16] = [
        0.0,
        5.0,
        10.0,
        20.0,
        24.9,
        25.0,
        33.333_333_3,
        40.0,
        49.999_999_9,
        50.0,
        50.000_000_1,
        51.0,
        60.0,
        75.0,
        90.0,
        100.0,
    ];
    let low = FIGURES[usize::from(holding.low & 15)];
    let high = (low + f64::from(holding.width >> 4 & 7) * 12.5).min(100.0);
    let open = high > low;
    json!({"min": low, "max": high, "min_open": open && holding.open & 1 != 0, "max_open": open && holding.open & 2 != 0})
}

/// No date at all, a day, a month, a year, or a date between two others.
fn set_date(interest: &mut Value, key: &str, code: u8) {
    let year = 2015 + i32::from(code & 7);
    let date = match code >> 3 & 3 {
        0 => format!("{year}"),
        1 => format!("{year}-06"),
        _ => format!("{year}-06-15"),
    };
    interest[key] = match code >> 5 {
        0 => Value::from(date),
        1 => json!({"not_before": date}),
        2 => json!({"not_after": date}),
        3 => json!({"not_before": date, "not_after": format!("{}", year + 1)}),
        _ => return,
    };
}
