//! What stands behind a box or a line, in sentences.

use crate::graph::{Entity, Stake};
use crate::model::DateBound;

/// `S16-1: shareholding 70 %, 2019-03 to 2021-07, high confidence, stated 2021-05`
pub(super) fn of_interest(stake: Stake<'_>) -> String {
    let interest = stake.interest();
    let mut words = vec![format!("{}: {} {}", stake.id(), interest.kind().words(), interest.share())];
    match (known(stake.start()), known(stake.end())) {
        (None, None) => {}
        (Some(start), None) => words.push(format!("since {start}")),
        (None, Some(end)) => words.push(format!("until {end}")),
        (Some(start), Some(end)) => words.push(format!("{start} to {end}")),
    }
    words.extend(interest.marks().words().map(str::to_owned));
    words.push(format!("{} confidence", interest.confidence().as_str()));
    words.extend(stake.stated().map(|date| format!("stated {date}")));
    words.extend(stake.details().and_then(|details| details.note.clone()));
    words.join(", ")
}

/// Identifiers, other names, dates of a party.
pub(super) fn of_party(entity: Entity<'_>) -> Vec<String> {
    let details = entity.details();
    let mut sentences = Vec::new();
    let mut list = |what: &str, items: Vec<String>| {
        if !items.is_empty() {
            sentences.push(format!("{what}: {}", items.join(", ")));
        }
    };
    list("id", vec![entity.id().to_owned()]);
    list("identifiers", entity.identifiers().map(|identifier| identifier.to_string()).collect());
    list("also known as", details.aliases.clone());
    list("formerly", details.former_names.clone());
    list("note", details.note.iter().cloned().collect());
    sentences
}

fn known(date: DateBound) -> Option<String> {
    Some(date.to_string()).filter(|words| !words.is_empty())
}
