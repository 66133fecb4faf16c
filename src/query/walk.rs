//! Walks up and down a view: how far parties are apart, and which cautions lie between them.

use super::NodeMap;
use super::region::Region;
use crate::graph::{Interest, NodeId, View};
use crate::model::interest::ControlRight;
use crate::model::{Layer, Marks, Share};
use std::collections::VecDeque;

/// For each entity the marks of all links on the ways from it down to the subject; nothing where no way leads.
pub(crate) fn marks_above(region: &Region<'_>, subject: NodeId) -> Vec<Option<Marks>> {
    let mut marks = vec![None; region.len()];
    let Some(local) = region.local(subject) else { return marks };
    marks[local as usize] = Some(Marks::NONE);
    let add = |marks: &mut [Option<Marks>], owner: u32, more: Marks| {
        let all = Some(marks[owner as usize].unwrap_or(Marks::NONE).union(more));
        std::mem::replace(&mut marks[owner as usize], all) != all
    };
    let components: Vec<&[u32]> = region.components().collect();
    for component in components.into_iter().rev() {
        let mut changed = component.to_vec();
        while let Some(entity) = changed.pop() {
            let Some(below) = marks[entity as usize] else { continue };
            for link in region.links(entity) {
                let is_new = add(&mut marks, link.owner, link.marks.union(below));
                if is_new && component.len() > 1 && region.component_of(link.owner) == region.component_of(entity) {
                    changed.push(link.owner);
                }
            }
        }
    }
    // A floor is that of its owner alone: whoever stands above the owner has none of it.
    let by_links: Vec<(u32, Marks)> = region
        .floors()
        .iter()
        .filter_map(|floor| Some((floor.owner, floor.holder.marks.union(marks[floor.owned as usize]?))))
        .collect();
    by_links.into_iter().for_each(|(owner, more)| _ = add(&mut marks, owner, more));
    marks
}

/// For each entity the marks of all links on the ways down to it from the owners; nothing where no way leads.
pub(crate) fn marks_below(region: &Region<'_>, owners: &[u32]) -> Vec<Option<Marks>> {
    let mut marks = vec![None; region.len()];
    let mut is_owner = vec![false; region.len()];
    for &owner in owners {
        marks[owner as usize] = Some(Marks::NONE);
        is_owner[owner as usize] = true;
    }
    let floors = owners.iter().flat_map(|&owner| region.floors_of(owner));
    for floor in floors.filter(|floor| !is_owner[floor.owned as usize]) {
        let known = marks[floor.owned as usize].unwrap_or(Marks::NONE);
        marks[floor.owned as usize] = Some(known.union(floor.holder.marks));
    }
    for component in region.components() {
        let within = held_within(region, component);
        let mut unsettled = component.to_vec();
        while let Some(entity) = unsettled.pop() {
            if is_owner[entity as usize] {
                continue;
            }
            let ways = region.links(entity).iter().filter_map(|link| Some((link, marks[link.owner as usize]?)));
            let all = ways.fold(marks[entity as usize], |all: Option<Marks>, (link, above)| {
                Some(all.unwrap_or(Marks::NONE).union(link.marks).union(above))
            });
            if std::mem::replace(&mut marks[entity as usize], all) != all {
                let first = within.partition_point(|&(owner, _)| owner < entity);
                let held = within[first..].iter().take_while(|(owner, _)| *owner == entity);
                unsettled.extend(held.map(|(_, owned)| owned));
            }
        }
    }
    marks
}

/// The members of a circle with each member that they hold, by holder.
fn held_within(region: &Region<'_>, circle: &[u32]) -> Vec<(u32, u32)> {
    if circle.len() == 1 {
        return Vec::new();
    }
    let number = region.component_of(circle[0]);
    let owners = |&owned: &u32| region.owners(owned).iter().map(move |&owner| (owner, owned));
    let mut within: Vec<_> =
        circle.iter().flat_map(owners).filter(|&(owner, _)| region.component_of(owner) == number).collect();
    within.sort_unstable();
    within
}

/// The direction of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Up,
    Down,
}

/// The fewest interests between `start` and everybody above or below, over shares and rights that give control.
pub(crate) fn distances(view: View<'_>, start: NodeId, side: Side) -> NodeMap<u32> {
    let mut found = NodeMap::from_iter([(start, 0)]);
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

#[cfg(test)]
mod tests {
    use crate::load::Loader;
    use crate::model::Mark;

    #[test]
    fn what_several_owners_are_said_to_hold_bears_the_cautions_of_all() {
        let interest = |id: &str, owner: &str, owned: &str, more: &str| {
            format!(r#"{{"id":"{id}","owner":"{owner}","owned":"{owned}","kind":"shareholding","share":30{more}}}"#)
        };
        let rows = [
            interest("1", "A", "H", ""),
            interest("2", "B", "H", ""),
            interest("3", "H", "T", ""),
            interest("4", "A", "T", r#","directness":"indirect","approximate":true"#),
            interest("5", "B", "T", r#","directness":"indirect","inferred":true"#),
        ];
        let entities = ["A", "B", "H", "T"].map(|id| format!(r#"{{"id":"{id}","name":"{id}","kind":"company"}}"#));
        let mut loader = Loader::new();
        let text = format!(r#"{{"cuibono":1,"entities":[{}],"interests":[{}]}}"#, entities.join(","), rows.join(","));
        loader.read_text("group.json", &text).expect("a document");
        let graph = loader.finish().expect("a graph");
        let node = |id: &str| graph.node_by_id(id).expect("an entity");
        let view = graph.view("2026-01-01".parse().expect("a day"));
        let held = view.holdings_of(&[node("A"), node("B")], Default::default()).expect("an answer").holdings;
        let target = held.iter().find(|row| row.entity.id() == "T").expect("a row");
        assert!(target.marks.has(Mark::Approximate) && target.marks.has(Mark::Inferred), "{:?}", target.marks);
    }
}
