//! What users type: dates, shares, kinds, identifiers, texts to search for.

use cuibono::graph::OwnershipGraph;
use cuibono::load::{self, Format};
use cuibono::model::{
    AsOf, Confidence, Day, Directness, EntityKind, Identifier, InterestKind, PartialDate, Remark, ShareRange, ftm_id,
    identifier, jurisdiction,
};
use cuibono::search::{EntityNames, Resolution, core_key, entity_with_name, key};
use std::fmt::Display;
use std::str::FromStr;
use std::sync::OnceLock;

/// Reads a text as everything that may be typed, and searches for it.
///
/// # Panics
///
/// Where something that was read does not come back from its own writing, or a search finds what is not there.
pub fn check(text: &str) {
    comes_back::<PartialDate>(text);
    comes_back::<Day>(text);
    comes_back::<EntityKind>(text);
    comes_back::<InterestKind>(text);
    let _ = (AsOf::from_str(text), Directness::from_str(text), Confidence::from_str(text), Format::from_str(text));
    days(text);
    shares(text);
    identifiers(text);
    let line = Remark::parse(text);
    if let Some(remark) = line {
        let _ = remark.to_string();
    }
    let mut remark = Remark::default();
    remark.add("word", text);
    assert_eq!(Remark::parse(&remark.to_string()), Some(remark));
    search(text);
}

fn comes_back<T: FromStr + Display + PartialEq + std::fmt::Debug>(text: &str)
where
    T::Err: std::fmt::Debug,
{
    if let Ok(value) = T::from_str(text) {
        assert_eq!(T::from_str(&value.to_string()).expect("what was written"), value);
    }
}

fn days(text: &str) {
    let Ok(date) = PartialDate::from_str(text) else { return };
    assert!(date.first_day() <= date.last_day());
    let _ = (date.first_day_out(), date.whole_day(), date.first_day().since_1970());
    let day = date.first_day();
    assert_eq!(day.next().previous(), day);
    assert_eq!(day.next().since_1970(), day.since_1970() + 1);
}

fn shares(text: &str) {
    let Ok(range) = ShareRange::parse(text) else { return };
    assert!(range.min() <= range.max() && range.inner_min() <= range.inner_max(), "{range:?}");
    let sum = range.plus(range);
    assert!(sum.min() <= sum.max() && sum.max() >= range.max());
    let exact = ShareRange::parse(&range.min().percent().to_string()).expect("a number");
    assert_eq!(exact.min(), range.min(), "a figure comes back");
}

fn identifiers(text: &str) {
    if let Some(identifier) = Identifier::parse(text) {
        let _ = identifier.key();
    }
    let _ = (identifier::is_lei(text), identifier::company_number(text));
    assert_eq!(ftm_id::original(&ftm_id::admitted(text)).unwrap_or_else(|| ftm_id::admitted(text)), text);
    let _ = (jurisdiction::name(text), jurisdiction::code(text), jurisdiction::is_known(text), core_key(text));
    let folded = key(text);
    assert_eq!(key(&folded), folded, "folded is folded");
}

/// Whoever is found is in the data; a name finds its entity.
fn search(text: &str) {
    let (graph, names) = data();
    let found = names.find(graph, text, 10);
    assert!(found.len() <= 10);
    assert!(found.iter().all(|hit| (0.0..=1.0).contains(&hit.score)), "{found:?}");
    for resolution in [names.index().resolve(text), names.index().resolve_whole(text)] {
        match resolution {
            Resolution::One(hit) => assert!((hit.node as usize) < graph.node_count()),
            Resolution::Ambiguous(hits) => assert!(hits.len() > 1),
            Resolution::None { did_you_mean } => assert!(did_you_mean.len() <= 20),
        }
    }
    let _ = entity_with_name(graph, text);
}

fn data() -> &'static (OwnershipGraph, EntityNames) {
    static DATA: OnceLock<(OwnershipGraph, EntityNames)> = OnceLock::new();
    DATA.get_or_init(|| {
        let graph = load::built_in().expect("the dataset that is compiled in");
        let names = EntityNames::of(&graph);
        (graph, names)
    })
}
