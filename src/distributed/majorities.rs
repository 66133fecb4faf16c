//! Ultimate control by votes on many workers: what `query::forest` does on one.
//!
//! Each entity's column is decided where its interests were read, by the code of one machine, and only holders with
//! their certain votes travel to its home. Single majorities are followed by doubling. Then rounds put entities whose majority
//! only comes together in one group under the root of that group, until nothing changes anywhere. Entities that hold majorities
//! of one another are one class, whoever is asked first.

use super::engine::{Crew, Exchange, Message};
use super::part::Part;
use super::pointers::Ends;
use crate::graph::NodeId;
use crate::model::Layer;
use crate::query::column::{self, WHOLE};
use crate::query::control::{Certainty, ControlGraph, Threshold, may_have_rights};
use serde::{Deserialize, Serialize};

/// The votes in one entity, short.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Votes {
    number: u64,
    /// Whether its controllers may form more than one chain: rights without a share, over-subscribed or complete
    /// columns, and indirect interests, which need to know everybody above.
    is_irregular: bool,
    /// Who certainly holds more than nothing, in parts per billion.
    holders: Vec<(u64, u32)>,
}

impl Message for Votes {
    fn bytes(&self) -> usize {
        9 + 8 + self.holders.len() * 12
    }
}

/// The entities of one worker, as far as votes put them below one another.
pub(super) struct Majorities {
    /// The root above each entity, itself where nobody controls it.
    pub root: Vec<u64>,
    /// Entities that alone stand for a class of several: the ring of single majorities in which they are.
    pub in_ring: Vec<bool>,
    /// Roots that what is below them controls: only closures tell whether others are of their class.
    pub controlled_from_below: Vec<bool>,
    /// Entities where votes alone do not decide.
    pub irregular: Vec<bool>,
}

/// What is said of a holder.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct HolderIs {
    end: u64,
    /// Whether somebody may control it.
    may_be_controlled: bool,
}

impl Message for HolderIs {}

/// An entity no single holder of which has a majority, with its holders by their roots.
struct Undecided {
    slot: usize,
    groups: Vec<(u64, u64)>,
}

impl Majorities {
    /// Finds the roots of all entities; `count` is how many have their home here.
    pub(super) fn find(crew: &mut Crew<'_>, part: &Part, count: usize) -> Self {
        let (holders, irregular) = votes(crew, part, count);
        let mut pointers: Vec<u64> = (0..count).map(|slot| crew.number(slot)).collect();
        let mut undecided: Vec<usize> = Vec::new();
        for (slot, holders) in holders.iter().enumerate() {
            match holders.iter().find(|(_, low)| is_majority((*low).into())) {
                Some(&(holder, _)) => pointers[slot] = holder,
                None if is_majority(holders.iter().map(|&(_, low)| u64::from(low)).sum()) => undecided.push(slot),
                None => {}
            }
        }
        let Ends { end, in_ring } = Ends::of(crew, &pointers);
        let mut found = Self { root: end, in_ring, controlled_from_below: vec![false; count], irregular };
        let undecided = found.those_that_may_unite(crew, &pointers, &undecided, &holders);
        drop(holders);
        found.unite(crew, undecided);
        found
    }

    /// A group has one member that nobody controls, its root. So a majority comes together only if it does so from one
    /// holder and those others that may be controlled at all.
    fn those_that_may_unite(
        &self,
        crew: &mut Crew<'_>,
        pointers: &[u64],
        undecided: &[usize],
        holders: &[Vec<(u64, u32)>],
    ) -> Vec<Undecided> {
        let mut may_be_controlled: Vec<bool> =
            pointers.iter().enumerate().map(|(slot, &at)| at != crew.number(slot)).collect();
        undecided.iter().for_each(|&slot| may_be_controlled[slot] = true);
        let wanted = undecided.iter().flat_map(|&slot| holders[slot].iter().map(|&(holder, _)| holder)).collect();
        let known = crew.look_up("holders", wanted, |slot| HolderIs {
            end: self.root[slot],
            may_be_controlled: may_be_controlled[slot],
        });
        let mut kept = Vec::new();
        for &slot in undecided {
            let (mut together, mut largest) = (0, 0);
            for &(holder, low) in &holders[slot] {
                match known[&holder].may_be_controlled {
                    true => together += u64::from(low),
                    false => largest = largest.max(u64::from(low)),
                }
            }
            if is_majority(together + largest) {
                let groups = holders[slot].iter().map(|&(holder, low)| (known[&holder].end, u64::from(low)));
                kept.push(Undecided { slot, groups: merged(groups.collect()) });
            }
        }
        kept
    }

    /// Puts undecided entities under groups that hold a majority together, round by round, until nothing changes.
    fn unite(&mut self, crew: &mut Crew<'_>, mut undecided: Vec<Undecided>) {
        let itself: Vec<u64> = (0..self.root.len()).map(|slot| crew.number(slot)).collect();
        // Where former roots were put; everybody else is looked up by its former root.
        let mut up = itself.clone();
        let mut top = itself.clone();
        loop {
            let mut changes = 0;
            undecided.retain(|entity| {
                let own = itself[entity.slot];
                match entity.groups.iter().find(|&&(_, low)| is_majority(low)) {
                    Some(&(root, _)) if root == own => self.controlled_from_below[entity.slot] = true,
                    Some(&(root, _)) => {
                        up[entity.slot] = root;
                        changes += 1;
                    }
                    None => return true,
                }
                false
            });
            if crew.sum(changes) == 0 {
                break;
            }
            let ends = Ends::of(crew, &up);
            for slot in 0..up.len() {
                // Entities that were put under one another in the same round: one of them stays above the others.
                if ends.in_ring[slot] && ends.end[slot] == itself[slot] {
                    up[slot] = itself[slot];
                    self.controlled_from_below[slot] = true;
                }
            }
            top = ends.end;
            let wanted = undecided.iter().flat_map(|entity| entity.groups.iter().map(|&(root, _)| root)).collect();
            let tops = crew.look_up("groups", wanted, |slot| top[slot]);
            for entity in &mut undecided {
                entity.groups.iter_mut().for_each(|(root, _)| *root = tops[root]);
                entity.groups = merged(std::mem::take(&mut entity.groups));
            }
        }
        let former = self.root.clone();
        let tops = crew.look_up("groups", former, |slot| top[slot]);
        self.root.iter_mut().for_each(|root| *root = tops[root]);
    }
}

/// Decides the columns of this worker's companies and brings the votes to their homes: the holders of each entity, and where
/// votes alone do not decide.
fn votes(crew: &mut Crew<'_>, part: &Part, count: usize) -> (Vec<Vec<(u64, u32)>>, Vec<bool>) {
    let view = part.view().layer(Layer::Votes);
    let mut control = ControlGraph::new(view, Threshold::default());
    let mut votes = |node: NodeId| {
        let column = column::column(view, node);
        let has_rights = may_have_rights(view, node)
            && (control.rights(node).iter().any(|&(_, certainty, _)| certainty == Certainty::Certain)
                || view.interests_in(node).any(|(_, interest, _)| interest.is_indirect()));
        let holders = column.holders.iter().filter(|holder| holder.inner_low > 0);
        Votes {
            number: part.number(node),
            is_irregular: has_rights || column.over_subscribed || column.complete,
            holders: holders.map(|holder| (part.number(holder.owner), holder.inner_low)).collect(),
        }
    };
    let mut exchange = Exchange::<Votes>::new(crew, "votes");
    let home = |number: u64, peers: usize| (number % peers as u64) as usize;
    let peers = crew.peers();
    let companies: Vec<NodeId> = part.companies(crew).collect();
    let outgoing = companies.into_iter().map(|node| {
        let votes = votes(node);
        (home(votes.number, peers), votes)
    });
    let arrived = exchange.round(crew, outgoing).messages;
    let (mut holders, mut irregular) = (vec![Vec::new(); count], vec![false; count]);
    for votes in arrived {
        let slot = crew.slot(votes.number);
        holders[slot] = votes.holders;
        irregular[slot] = votes.is_irregular;
    }
    (holders, irregular)
}

/// The sums of each group.
fn merged(mut groups: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    groups.sort_unstable();
    groups.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    groups
}

fn is_majority(share: u64) -> bool {
    share * 2 > WHOLE
}
