//! Records of one party become one row, and all others keep theirs: only numbers change.

use super::Merged;
use super::parties::{Member, Reason};
use super::records::{Other, RecordsBuilder};
use crate::graph::NodeId;
use crate::graph::builder::{Crowds, GraphBuilder};
use crate::graph::columns::{Knowledge, NO_JURISDICTION, Node};
use crate::graph::entities::EntitiesBuilder;
use crate::graph::notes::{Given, NotesBuilder};
use crate::graph::prefixed::Prefixed;
use crate::graph::side_by_side::side_by_side;
use crate::model::entity::EntityDetails;

/// What one entity is made of: the first record, by number, and those that are joined with it.
type Group<'m, 'k> = &'m [Member<'k>];

/// Groups whose records are looked up together.
const AT_ONCE: usize = 64;

/// Where records go.
struct Numbers {
    /// The new node of every old one.
    new: Vec<NodeId>,
    /// The old node whose row each new one gets.
    kept: Vec<u32>,
}

/// What some groups of records become.
#[derive(Default)]
struct Unions {
    /// The record that gives an entity its id, with the row of all.
    rows: Vec<(NodeId, Node)>,
    /// Records that were named after themselves, and now are after another one.
    named_after: Vec<(NodeId, NodeId)>,
    /// Details of entities, by their new numbers.
    details: Vec<(u32, Given)>,
}

/// What is known of all records.
struct Known<'r, 'd> {
    entities: &'r EntitiesBuilder,
    details: &'d NotesBuilder<EntityDetails>,
    /// Where the details of each stand.
    places: Vec<u32>,
}

impl Known<'_, '_> {
    /// Brings what is known of some records into reach: looked up together, they wait for memory at the same time.
    fn look_ahead(&self, nodes: &[NodeId]) {
        self.entities.look_ahead(nodes);
        self.details.look_ahead(nodes.iter().filter_map(|node| self.places.get(node.index()).copied()));
    }
}

/// Room to work on one group after the other.
#[derive(Default)]
struct Room<'m> {
    /// All records of a group in their order, with the reason why each is in it.
    ranked: Vec<(u32, Option<Reason<'m>>)>,
    nodes: Vec<NodeId>,
}

/// Makes one node of each party, in the order of their first records. `members` are those that are joined with an earlier
/// one, in order.
pub(super) fn unite(builder: &mut GraphBuilder, members: &[Member<'_>]) -> Merged {
    if members.is_empty() {
        return Merged::default();
    }
    let (mut numbers, by_root) = side_by_side(
        8 * members.len(),
        || Numbers::of(builder.entities.count(), members),
        || {
            let mut by_root = members.to_vec();
            by_root.sort_unstable_by_key(|member| (member.root, member.node));
            by_root
        },
    );
    let groups: Vec<Group<'_, '_>> = by_root.chunk_by(|a, b| a.root == b.root).collect();
    let GraphBuilder { entities, entity_details, .. } = builder;
    let known = Known { entities, details: entity_details, places: entity_details.places(entities.count()) };
    let (unions, [one, other]) = Unions::of(&known, &groups, &numbers.new);
    for (group, &(first, _)) in groups.iter().zip(&unions.rows) {
        let new = numbers.new[group[0].root as usize];
        numbers.kept[new.index()] = first.0;
    }
    let Unions { rows, named_after, details } = unions;
    let mut is_member = vec![false; numbers.new.len()];
    for group in &groups {
        is_member[group[0].root as usize] = true;
        group.iter().for_each(|member| is_member[member.node as usize] = true);
    }
    let ((), others) = side_by_side(
        8 * groups.len(),
        || entity_details.renumber(|old| numbers.new[old as usize].0, |old| is_member[old as usize], details),
        || RecordsBuilder::of(&one, &other),
    );
    // New rows stand under the old number of the first record of each before they move.
    rows.iter().for_each(|(first, row)| entities.set_row(*first, row));
    named_after.into_iter().for_each(|(first, after)| entities.name_after(first, after));
    *entities = std::mem::take(entities).reduced(&numbers.kept, &numbers.new);
    Merged { new_nodes: Some(numbers.new), others, ..Merged::default() }
}

impl Numbers {
    /// Each record that is joined with an earlier one gets the number of that; the others are counted.
    fn of(count: usize, members: &[Member<'_>]) -> Self {
        let (mut new, mut kept) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut start = 0;
        let mut keep = |range: std::ops::Range<u32>, new: &mut Vec<NodeId>| {
            new.extend((kept.len() as u32..).take(range.len()).map(NodeId));
            kept.extend(range);
        };
        for member in members {
            keep(start..member.node, &mut new);
            new.push(new[member.root as usize]);
            start = member.node + 1;
        }
        keep(start..count as u32, &mut new);
        Self { new, kept }
    }
}

impl Unions {
    /// What all groups become, which do not touch one another, and the records that are joined into others,
    /// in two lists by their ids.
    fn of<'r>(known: &Known<'r, '_>, groups: &[Group<'_, 'r>], new: &[NodeId]) -> (Self, [Vec<Other<'r>>; 2]) {
        let some = |groups: &[Group<'_, 'r>]| {
            let (mut unions, mut others, mut room) = (Self::default(), Vec::new(), Room::default());
            for groups in groups.chunks(AT_ONCE) {
                room.nodes.clear();
                for group in groups {
                    room.nodes.push(NodeId(group[0].root));
                    room.nodes.extend(group.iter().map(|member| NodeId(member.node)));
                }
                known.look_ahead(&room.nodes);
                for group in groups {
                    unions.add(known, group, new[group[0].root as usize], (&mut others, &mut room.ranked));
                }
            }
            others.sort_unstable_by(|one: &Other<'_>, other| one.id.cmp(&other.id));
            (unions, others)
        };
        let (first, second) = groups.split_at(groups.len() / 2);
        let ((mut all, one), (rest, other)) = side_by_side(8 * groups.len(), || some(first), || some(second));
        all.rows.extend(rest.rows);
        all.named_after.extend(rest.named_after);
        all.details.extend(rest.details);
        (all, [one, other])
    }

    /// One row of many: the first record's, completed by the others'. Their ids and names are kept.
    fn add<'r>(
        &mut self,
        known: &Known<'r, '_>,
        group: Group<'_, 'r>,
        new: NodeId,
        (others, ranked): (&mut Vec<Other<'r>>, &mut Vec<(u32, Option<Reason<'r>>)>),
    ) {
        let (entities, own) = (known.entities, group[0].root);
        ranked.clear();
        ranked.push((own, None));
        ranked.extend(group.iter().map(|member| (member.node, Some(member.reason))));
        ranked.sort_by(|one, other| rank(entities, one.0).cmp(&rank(entities, other.0)));
        let (first, reason_of_first) = (NodeId(ranked[0].0), ranked[0].1);
        let mut row = entities.row(first);
        let mut named_after = first;
        let mut details = Details::of(known, first);
        for &(node, reason) in &ranked[1..] {
            let node = NodeId(node);
            let (id, name) = (entities.id(node), entities.name(node));
            if let Some(reason) = reason.or(reason_of_first) {
                others.push(Other { id: Prefixed::new(id), name, reason, node: new });
            }
            let other = entities.row(node);
            if other.knowledge.has(Knowledge::NAMED) && name != entities.name(named_after) {
                if !row.knowledge.has(Knowledge::NAMED) {
                    named_after = node;
                } else {
                    details.add_alias(name);
                }
            }
            details.add_all(Details::of(known, node));
            complete(&mut row, &other);
        }
        if named_after != first {
            self.named_after.push((first, named_after));
        }
        self.rows.push((first, row));
        self.details.extend(details.given().map(|given| (new.0, given)));
    }
}

/// The record that gives an entity its id and its name: one that describes the party itself before one that mentions it,
/// then the family of formats, then the id, so that the order of inputs does not matter. The shorter id is that of the
/// party itself, the longer one that of a part it plays in another's record.
fn rank(entities: &EntitiesBuilder, node: u32) -> (bool, u8, usize, &str) {
    let node = NodeId(node);
    let id = entities.id(node);
    (!entities.knows(node, Knowledge::DECLARED), entities.namespace(node), id.len(), id)
}

/// The details of some records together, read only where there is more than one text of them.
#[derive(Default)]
struct Details<'b> {
    /// As they are written, with their place, as long as nobody read them.
    written: Option<(u32, &'b str)>,
    read: Option<EntityDetails>,
    crowds: Crowds,
}

impl<'b> Details<'b> {
    /// Those of one record.
    fn of(known: &Known<'_, 'b>, node: NodeId) -> Self {
        let read = known.details.changed(node.0).cloned();
        let place = known.places.get(node.index()).copied().filter(|_| read.is_none());
        let written = place.and_then(|place| Some((place, known.details.written_at(place)?)));
        Self { written, read, crowds: Crowds::default() }
    }

    fn is_none(&self) -> bool {
        self.written.is_none() && self.read.is_none()
    }

    fn read(&mut self) -> &mut EntityDetails {
        let written = self.written.take();
        self.read
            .get_or_insert_with(|| written.and_then(|(_, text)| serde_json::from_str(text).ok()).unwrap_or_default())
    }

    fn add_alias(&mut self, name: &str) {
        let mut crowds = std::mem::take(&mut self.crowds);
        crowds.add_alias(0, self.read(), name);
        self.crowds = crowds;
    }

    fn add_all(&mut self, mut more: Self) {
        // Lists lose their doubles where they are added to others, be those empty.
        let plain = more.read.is_none() && more.written.is_none_or(|(_, text)| !text.contains('['));
        match self.is_none() && plain {
            true => *self = more,
            false if more.is_none() => {}
            false => {
                let (mut crowds, more) = (std::mem::take(&mut self.crowds), std::mem::take(more.read()));
                crowds.merge(0, self.read(), more);
                self.crowds = crowds;
            }
        }
    }

    fn given(self) -> Option<Given> {
        match self.read {
            Some(details) if details == EntityDetails::EMPTY => None,
            Some(details) => serde_json::to_string(&details).ok().map(Given::New),
            None => self.written.map(|(place, _)| Given::Old(place)),
        }
    }
}

fn complete(row: &mut Node, other: &Node) {
    let inferred = Knowledge::JURISDICTION_INFERRED;
    if row.jurisdiction == NO_JURISDICTION {
        row.jurisdiction = other.jurisdiction;
        row.knowledge = row.knowledge.without(inferred).with(inferred, other.knowledge.has(inferred));
    }
    if !row.knowledge.has(Knowledge::KIND) && other.knowledge.has(Knowledge::KIND) {
        row.kind = other.kind;
    }
    for bit in [Knowledge::OWNERS_COMPLETE, Knowledge::DECLARED, Knowledge::NAMED, Knowledge::KIND] {
        row.knowledge = row.knowledge.with(bit, other.knowledge.has(bit));
    }
    if row.founded == 0 {
        row.founded = other.founded;
    }
    if row.dissolved == 0 {
        row.dissolved = other.dissolved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_stay_are_counted_and_the_others_get_the_number_of_their_first() {
        let member = |root, node| Member { root, node, reason: Reason::Confirmed };
        let numbers = Numbers::of(7, &[member(0, 2), member(1, 3), member(0, 6)]);
        let new: Vec<u32> = numbers.new.iter().map(|node| node.0).collect();
        assert_eq!((new, numbers.kept), (vec![0, 1, 0, 1, 2, 3, 0], vec![0, 1, 4, 5]));
    }

    #[test]
    fn details_are_read_only_where_there_is_something_to_add() {
        let written = |place, text| Details { written: Some((place, text)), ..Details::default() };
        let mut details = Details::default();
        details.add_all(written(7, r#"{"note":"a"}"#));
        details.add_all(Details::default());
        assert!(details.read.is_none());
        assert_eq!(details.given(), Some(Given::Old(7)));
        let mut details = Details::default();
        details.add_all(written(7, r#"{"aliases":["a","b","a"]}"#));
        details.add_alias("b");
        details.add_alias("c");
        assert_eq!(details.given(), Some(Given::New(r#"{"aliases":["a","b","c"]}"#.to_owned())));
        assert_eq!(Details::default().given(), None);
    }
}
