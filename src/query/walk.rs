//! Walks up and down a view: how far parties are apart, and which cautions lie between them.

use super::region::Region;
use crate::graph::{Interest, NodeId, View};
use crate::model::interest::ControlRight;
use crate::model::{Layer, Marks, Share};
use std::collections::{HashMap, VecDeque};

/// For each entity the marks of all links on the ways from it down to the subject.
pub(crate) fn marks_above(region: &Region<'_>, subject: NodeId) -> Vec<Marks> {
    let mut marks = vec![Marks::NONE; region.len()];
    let mut reached = vec![false; region.len()];
    let Some(local) = region.local(subject) else { return marks };
    reached[local as usize] = true;
    let components: Vec<&[u32]> = region.components().collect();
    for component in components.into_iter().rev() {
        loop {
            let mut changed = false;
            for &entity in component {
                if !reached[entity as usize] {
                    continue;
                }
                for link in region.links(entity) {
                    let owner = link.owner as usize;
                    let all = marks[owner].union(link.marks).union(marks[entity as usize]);
                    changed |= !reached[owner] || all != marks[owner];
                    reached[owner] = true;
                    marks[owner] = all;
                }
            }
            if !changed || component.len() == 1 {
                break;
            }
        }
    }
    for floor in &region.floors {
        let all = marks[floor.owner as usize].union(floor.holder.marks).union(marks[floor.owned as usize]);
        marks[floor.owner as usize] = all;
    }
    marks
}

/// For each entity the marks of all links on the ways down to it from the owners.
pub(crate) fn marks_below(region: &Region<'_>, owners: &[u32]) -> Vec<Marks> {
    let mut marks = vec![Marks::NONE; region.len()];
    let mut reached = vec![false; region.len()];
    owners.iter().for_each(|&owner| reached[owner as usize] = true);
    for floor in region.floors.iter().filter(|floor| owners.contains(&floor.owner)) {
        reached[floor.owned as usize] = true;
        marks[floor.owned as usize] = floor.holder.marks;
    }
    for component in region.components() {
        loop {
            let mut changed = false;
            for &entity in component.iter().filter(|entity| !owners.contains(entity)) {
                let at = entity as usize;
                for link in region.links(entity) {
                    if !reached[link.owner as usize] {
                        continue;
                    }
                    let all = marks[at].union(link.marks).union(marks[link.owner as usize]);
                    changed |= all != marks[at] || !reached[at];
                    marks[at] = all;
                    reached[at] = true;
                }
            }
            if !changed || component.len() == 1 {
                break;
            }
        }
    }
    marks
}

/// The direction of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Up,
    Down,
}

/// The fewest interests between `start` and everybody above or below, over shares and rights that give control.
pub(crate) fn distances(view: View<'_>, start: NodeId, side: Side) -> HashMap<NodeId, u32> {
    let mut found = HashMap::from([(start, 0)]);
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let next = found[&node] + 1;
        let mut step = |other: NodeId, interest: Interest| {
            let kind = interest.kind();
            let shares = Layer::Capital.counts(kind) || Layer::Votes.counts(kind);
            let counts = shares && interest.share().max() > Share::ZERO || kind.control_right() > ControlRight::None;
            if counts && !found.contains_key(&other) {
                found.insert(other, next);
                queue.push_back(other);
            }
        };
        match side {
            Side::Up => view.interests_in(node).for_each(|(_, interest, _)| step(interest.owner(), interest)),
            Side::Down => view.interests_of(node).for_each(|(_, interest, _)| step(interest.owned(), interest)),
        }
    }
    found
}
