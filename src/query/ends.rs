//! Where the chains above a subject end: at ultimate owners, in circles that nobody outside holds, with nobody known.

use super::PercentRange;
use super::column::WHOLE;
use super::effective::{Chance, End, Target, chances};
use super::owners::share_at;
use super::region::Region;
use crate::error::Result;
use crate::graph::NodeId;
use crate::model::EntityKind;
use serde::Serialize;
use std::collections::HashSet;

/// The share that nobody known ultimately holds.
#[derive(Debug, Clone, Serialize)]
pub struct Unaccounted {
    /// The range in percent.
    #[serde(flatten)]
    pub range: PercentRange,
    /// What is held by ultimate owners that the sources do not name; beside the range, not within it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_parties: Option<PercentRange>,
}

/// A circle that nobody outside holds.
#[derive(Debug, Clone, Serialize)]
pub struct ClosedGroup<'g> {
    /// Its members, as ids.
    pub members: Vec<&'g str>,
    /// The share of the subject that ends in it.
    pub share: PercentRange,
}

/// The chance that a walk ends neither at an ultimate owner nor in a closed group.
///
/// A closed group ends the chain even for its own members: of such a subject only its own remainder is unaccounted.
pub(crate) fn unaccounted(region: &Region<'_>, subject: NodeId) -> Result<Unaccounted> {
    let Some(local) = region.local(subject) else {
        return Ok(Unaccounted { range: PercentRange::default(), unknown_parties: None });
    };
    let ultimate = (0..region.len() as u32).filter(|&other| other != local && region.owners(other).is_empty());
    let kind = |other: u32| region.view.graph().entity(region.node(other)).kind();
    let unnamed: Vec<u32> = ultimate.clone().filter(|&other| kind(other) == EntityKind::Unknown).collect();
    let unknown_parties = if unnamed.is_empty() { None } else { Some(share_at(region, &unnamed, subject)?) };
    if closed_groups(region).any(|group| group.contains(&local)) {
        return Ok(Unaccounted { range: own_remainder(region, local), unknown_parties });
    }
    let ends: Vec<u32> = closed_groups(region).flatten().copied().chain(ultimate).collect();
    if ends.is_empty() {
        return Ok(Unaccounted {
            range: PercentRange { min: 100.0, max: 100.0, ..Default::default() },
            unknown_parties,
        });
    }
    let least = chances(region, Target::Ends(&ends), End::Low)?[local as usize];
    let most = chances(region, Target::Ends(&ends), End::High)?[local as usize];
    Ok(Unaccounted { range: PercentRange::from_chances(rest(most), rest(least)), unknown_parties })
}

/// The chance of the opposite.
fn rest(chance: Chance) -> Chance {
    Chance { value: 1.0 - chance.value, ..chance }
}

/// What nobody known holds of an entity itself.
fn own_remainder(region: &Region<'_>, local: u32) -> PercentRange {
    let (least, most) = region.remainder(local);
    let links = region.links(local);
    let chance = |ppb: u64, open| Chance { value: ppb as f64 / WHOLE as f64, open };
    PercentRange::from_chances(
        chance(least, least > 0 && links.iter().any(|link| link.high_open)),
        chance(most, most > 0 && links.iter().any(|link| link.low_open)),
    )
}

pub(crate) fn circular_groups<'g>(region: &Region<'g>) -> Vec<Vec<&'g str>> {
    let mut groups: Vec<Vec<&str>> = region.circular_groups().map(|members| ids(region, members)).collect();
    groups.sort();
    groups
}

fn ids<'g>(region: &Region<'g>, members: &[u32]) -> Vec<&'g str> {
    let graph = region.view.graph();
    let mut ids: Vec<&str> = members.iter().map(|&member| graph.entity(region.node(member)).id()).collect();
    ids.sort_unstable();
    ids
}

/// Circles that nobody outside holds.
fn closed_groups<'r>(region: &'r Region<'_>) -> impl Iterator<Item = &'r [u32]> {
    region.circular_groups().filter(|members| {
        let inside: HashSet<u32> = members.iter().copied().collect();
        members.iter().all(|&member| region.owners(member).iter().all(|owner| inside.contains(owner)))
    })
}

/// The share of the subject that ends in each closed group.
pub(crate) fn closed_group_shares<'g>(region: &Region<'g>, subject: NodeId) -> Result<Vec<ClosedGroup<'g>>> {
    let local = region.local(subject);
    let mut groups = Vec::new();
    for members in closed_groups(region) {
        let share = match local.filter(|local| members.contains(local)) {
            Some(local) => {
                let rest = own_remainder(region, local);
                PercentRange {
                    min: 100.0 - rest.max,
                    max: 100.0 - rest.min,
                    min_open: rest.max_open,
                    max_open: rest.min_open,
                }
            }
            None => share_at(region, members, subject)?,
        };
        if share.max > 0.0 {
            groups.push(ClosedGroup { members: ids(region, members), share });
        }
    }
    groups.sort_by(|a, b| a.members.cmp(&b.members));
    Ok(groups)
}
