//! What is suspicious in one interest.

use super::Finding;
use crate::error::Location;
use crate::graph::{EdgeId, Entity, OwnershipGraph, Stake};
use crate::model::{DateBound, EntityKind, PartialDate};
use crate::problem::Rule;

/// Every finding about one interest.
pub(super) fn findings(graph: &OwnershipGraph, edge: EdgeId) -> Vec<Finding> {
    let stake = graph.stake(edge);
    [dates(stake), share(stake), parties(stake)].into_iter().flatten().chain(lifetimes(stake)).collect()
}

fn place(stake: Stake<'_>) -> String {
    Location::of(stake.input()).at_line(u64::from(stake.record())).in_record(stake.id()).to_string()
}

fn pair(stake: Stake<'_>) -> String {
    format!("{} in {}", stake.owner().id(), stake.owned().id())
}

fn dates(stake: Stake<'_>) -> Vec<Finding> {
    let (start, end) = (stake.start(), stake.end());
    let mut findings = Vec::new();
    if start.is_missing() && end.is_missing() {
        let message = format!("{} has neither start nor end", pair(stake));
        findings.push(Finding::new(Rule::Undated, place(stake), message));
    }
    if let (DateBound::On(start), DateBound::On(end)) = (start, end)
        && end.first_day_out() <= start.first_day()
    {
        let message = format!("{} ends ({end}) no later than it starts ({start})", pair(stake));
        findings.push(Finding::new(Rule::EndBeforeStart, place(stake), message));
    }
    if let (DateBound::On(start), Some(stated)) = (start, stake.stated())
        && stated.last_day() < start.first_day()
    {
        let message = format!("{} starts ({start}) after it was stated ({stated})", pair(stake));
        findings.push(Finding::new(Rule::StatedBeforeStart, place(stake), message));
    }
    findings
}

fn share(stake: Stake<'_>) -> Vec<Finding> {
    let interest = stake.interest();
    let mut findings = Vec::new();
    if interest.kind().is_capital() && interest.share().is_unknown() {
        let message = format!("the {} of {} is not stated", interest.kind().words(), pair(stake));
        findings.push(Finding::new(Rule::UnknownShare, place(stake), message));
    }
    findings
}

fn parties(stake: Stake<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if stake.owned().kind() == EntityKind::Person {
        let message = format!("{}: a natural person cannot be held", pair(stake));
        findings.push(Finding::new(Rule::PersonHeld, place(stake), message));
    }
    if stake.owned().kind() == EntityKind::Unknown {
        let message = format!("{}: what is held is not named", pair(stake));
        findings.push(Finding::new(Rule::UnnamedHeld, place(stake), message));
    }
    findings
}

/// An interest outside the life of one of its parties.
fn lifetimes(stake: Stake<'_>) -> impl Iterator<Item = Finding> {
    let outside = move |entity: Entity<'_>| {
        let too_early = |founded: PartialDate| {
            let ended = matches!(stake.end(), DateBound::On(end) if end.first_day_out() <= founded.first_day());
            ended.then(|| format!("ended ({}) before {} was founded or born ({founded})", stake.end(), entity.id()))
        };
        let too_late = |dissolved: PartialDate| {
            let begun = matches!(stake.start(), DateBound::On(start) if start.first_day() > dissolved.last_day());
            begun.then(|| {
                format!("starts ({}) after {} was dissolved or died ({dissolved})", stake.start(), entity.id())
            })
        };
        entity.founded().and_then(too_early).or_else(|| entity.dissolved().and_then(too_late))
    };
    let wrong = [stake.owner(), stake.owned()].into_iter().filter_map(outside).collect::<Vec<_>>();
    wrong
        .into_iter()
        .map(move |what| Finding::new(Rule::OutsideLifetime, place(stake), format!("{} {what}", pair(stake))))
}
