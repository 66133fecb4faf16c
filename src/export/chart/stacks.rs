//! Many owners or holdings of one party as one box.

use super::kind;
use crate::diagram::{Line, LineStyle, PartyBox, PartyKind};
use crate::graph::{Entity, View};
use crate::query::neighbourhood::{Side, Stack};
use std::collections::BTreeSet;

/// Names that a tooltip tells at most.
const NAMES: usize = 20;
/// Codes of jurisdictions that are told one by one.
const CODES: usize = 4;

/// The box of a stack.
pub(super) fn party(view: View<'_>, stack: &Stack) -> PartyBox {
    let graph = view.graph();
    let members = || stack.members.iter().map(|&node| graph.entity(node));
    let of = graph.entity(stack.of);
    let side = match stack.side {
        Side::Owners => "owner",
        Side::Holdings => "holding",
    };
    let name = counted(stack.members.len(), &format!("more {side}"));
    let names: Vec<&str> = members().take(NAMES).map(Entity::name).collect();
    let more = stack.members.len().saturating_sub(NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let codes: BTreeSet<&str> = members().map(|member| member.jurisdiction().unwrap_or("?")).collect();
    let notes = match codes.len() {
        1 if codes.contains("?") => "jurisdiction not known".to_owned(),
        0..=CODES => codes.iter().copied().collect::<Vec<_>>().join(", "),
        many => format!("{many} jurisdictions"),
    };
    PartyBox {
        id: format!("{side}s of {}", of.id()),
        tooltip: format!("{name} of {}: {}{rest}", of.name(), names.join(", ")),
        kind: common_kind(members()),
        notes: vec![notes],
        stack: true,
        name,
        ..PartyBox::default()
    }
}

/// `1 owner`, `3 owners`.
pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("{count} {word}") } else { format!("{count} {word}s") }
}

/// The kind that all members have, else that of a company, as most are.
fn common_kind<'g>(mut members: impl Iterator<Item = Entity<'g>>) -> PartyKind {
    let first = members.next().map_or(PartyKind::Company, |member| kind(member.kind()));
    if members.all(|member| kind(member.kind()) == first) { first } else { PartyKind::Company }
}

/// The line between a stack and the party that it is tied to, both by their places among the boxes.
pub(super) fn line(stack: &Stack, of: usize, place: usize) -> Line {
    let (owner, owned, together) = match stack.side {
        Side::Owners => (place, of, "in total"),
        Side::Holdings => (of, place, "each"),
    };
    let style = match stack.share {
        None => LineStyle::Control,
        Some(share) if share.is_unknown() => LineStyle::Unknown,
        Some(_) => LineStyle::Ownership,
    };
    let label = match stack.share {
        Some(share) if !share.is_unknown() && stack.members.len() > 1 => format!("{share} {together}"),
        Some(share) => share.to_string(),
        None => "control".to_owned(),
    };
    let strength = stack.share.map_or(0, |share| (share.max().ppb() / 1_000_000) as u16);
    Line { id: format!("stack {place}"), owner, owned, label, style, strength, ..Line::default() }
}
