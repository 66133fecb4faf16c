//! Records of one party become one row, and all others keep theirs: only numbers change.

use super::parties::{Member, Reason};
use super::{Joined, Merged};
use crate::graph::NodeId;
use crate::graph::builder::{Crowds, GraphBuilder};
use crate::graph::columns::{Knowledge, NO_JURISDICTION, Node};
use crate::graph::notes::NotesBuilder;
use crate::graph::prefixed::Prefixed;
use crate::graph::side_by_side::side_by_side;
use crate::graph::texts::TextsBuilder;
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
    details: Vec<(u32, String)>,
    /// Records that were joined into others, with the new numbers of those.
    others: Vec<(NodeId, NodeId)>,
    joined: NotesBuilder<Vec<Joined>>,
}

/// Makes one node of each party, in the order of their first records. `members` are those that are joined with an earlier
/// one, in order.
pub(super) fn unite(builder: &mut GraphBuilder, members: &[Member<'_>]) -> Merged {
    if members.is_empty() {
        return Merged::default();
    }
    let mut numbers = Numbers::of(builder.entities.count(), members);
    let mut by_root = members.to_vec();
    by_root.sort_unstable_by_key(|member| (member.root, member.node));
    let groups: Vec<Group<'_, '_>> = by_root.chunk_by(|a, b| a.root == b.root).collect();
    let unions = Unions::of(builder, &groups, &numbers.new);
    let other_ids = unions.other_ids(builder);
    for (group, &(first, _)) in groups.iter().zip(&unions.rows) {
        let new = numbers.new[group[0].root as usize];
        numbers.kept[new.index()] = first.0;
    }
    let joined = unions.settle(builder, &groups, &numbers);
    let entities = std::mem::take(&mut builder.entities);
    builder.entities = entities.reduced(&numbers.kept, &numbers.new);
    Merged { new_nodes: Some(numbers.new), other_ids, joined, ..Merged::default() }
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
    /// What all groups become: they do not touch one another.
    fn of(builder: &GraphBuilder, groups: &[Group<'_, '_>], new: &[NodeId]) -> Self {
        let some = |groups: &[Group<'_, '_>]| {
            let (mut unions, mut nodes) = (Self::default(), Vec::new());
            for groups in groups.chunks(AT_ONCE) {
                nodes.clear();
                nodes.extend(groups.iter().flat_map(|group| group.iter().map(|member| NodeId(member.node))));
                builder.entities.look_ahead(&nodes);
                groups.iter().for_each(|group| unions.add(builder, group, new[group[0].root as usize]));
            }
            unions
        };
        let (first, second) = groups.split_at(groups.len() / 2);
        let (mut all, rest) = side_by_side(8 * groups.len(), || some(first), || some(second));
        all.rows.extend(rest.rows);
        all.named_after.extend(rest.named_after);
        all.details.extend(rest.details);
        all.others.extend(rest.others);
        all.joined.append(rest.joined);
        all
    }

    /// One row of many: the first record's, completed by the others'. Their ids and names are kept.
    fn add(&mut self, builder: &GraphBuilder, group: Group<'_, '_>, new: NodeId) {
        let (entities, own) = (&builder.entities, group[0].root);
        let mut all: Vec<(u32, Option<Reason<'_>>)> = vec![(own, None)];
        all.extend(group.iter().map(|member| (member.node, Some(member.reason))));
        all.sort_by_cached_key(|&(node, _)| rank(builder, node));
        let (first, reason_of_first) = (NodeId(all[0].0), all[0].1);
        let mut row = entities.row(first);
        let mut named_after = first;
        let mut details = Details::of(builder, first);
        let mut joined = Vec::with_capacity(group.len());
        for &(node, reason) in &all[1..] {
            let node = NodeId(node);
            let (id, name) = (entities.id(node), entities.name(node));
            if let Some(reason) = reason.or(reason_of_first) {
                joined.push(Joined { id: id.to_owned(), name: name.to_owned(), reason: reason.to_string() });
                self.others.push((node, new));
            }
            let other = entities.row(node);
            if other.knowledge.has(Knowledge::NAMED) && name != entities.name(named_after) {
                if !row.knowledge.has(Knowledge::NAMED) {
                    named_after = node;
                } else {
                    details.add_alias(name);
                }
            }
            details.add_all(Details::of(builder, node));
            complete(&mut row, &other);
        }
        if named_after != first {
            self.named_after.push((first, named_after));
        }
        self.rows.push((first, row));
        self.details.extend(details.text().map(|text| (new.0, text)));
        joined.sort();
        self.joined.insert(new.0, joined);
    }

    /// The ids of the records that were joined into others, in order, each with the new number of its entity.
    fn other_ids(&self, builder: &GraphBuilder) -> (TextsBuilder, Vec<u32>) {
        let id = |node: &NodeId| Prefixed::new(builder.entities.id(*node));
        let mut ids: Vec<(Prefixed<'_>, NodeId)> = self.others.iter().map(|(old, new)| (id(old), *new)).collect();
        ids.sort_unstable();
        let mut texts = TextsBuilder::default();
        ids.iter().for_each(|(id, _)| texts.push(id.text));
        (texts, ids.iter().map(|(_, node)| node.0).collect())
    }

    /// Writes the new rows, still under the old number of the first record of each; what is kept of the others is given
    /// back.
    fn settle(
        self,
        builder: &mut GraphBuilder,
        groups: &[Group<'_, '_>],
        numbers: &Numbers,
    ) -> NotesBuilder<Vec<Joined>> {
        let entities = &mut builder.entities;
        self.rows.iter().for_each(|(first, row)| entities.set_row(*first, row));
        for (first, after) in self.named_after {
            entities.name_after(first, after);
        }
        let mut members = vec![false; numbers.new.len()];
        for group in groups {
            members[group[0].root as usize] = true;
            group.iter().for_each(|member| members[member.node as usize] = true);
        }
        let (is_member, new) = (|number: u32| members[number as usize], |number: u32| numbers.new[number as usize].0);
        builder.entity_details.renumber(new, is_member, self.details);
        self.joined
    }
}

/// The record that gives an entity its id and its name: one that describes the party itself before one that mentions it,
/// then the family of formats, then the id, so that the order of inputs does not matter. The shorter id is that of the
/// party itself, the longer one that of a part it plays in another's record.
fn rank(builder: &GraphBuilder, node: u32) -> (bool, u8, usize, &str) {
    let (entities, node) = (&builder.entities, NodeId(node));
    let id = entities.id(node);
    (!entities.knows(node, Knowledge::DECLARED), entities.namespace(node), id.len(), id)
}

/// The details of some records together, read only where there is more than one text of them.
#[derive(Default)]
struct Details<'b> {
    /// As they are written, as long as nobody read them.
    written: Option<&'b str>,
    read: Option<EntityDetails>,
    crowds: Crowds,
}

impl<'b> Details<'b> {
    /// Those of one record.
    fn of(builder: &'b GraphBuilder, node: NodeId) -> Self {
        let notes = &builder.entity_details;
        Self { written: notes.written(node.0), read: notes.changed(node.0).cloned(), crowds: Crowds::default() }
    }

    fn is_none(&self) -> bool {
        self.written.is_none() && self.read.is_none()
    }

    fn read(&mut self) -> &mut EntityDetails {
        let written = self.written.take();
        self.read.get_or_insert_with(|| written.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
    }

    fn add_alias(&mut self, name: &str) {
        let mut crowds = std::mem::take(&mut self.crowds);
        crowds.add_alias(0, self.read(), name);
        self.crowds = crowds;
    }

    fn add_all(&mut self, mut more: Self) {
        // Lists lose their doubles where they are added to others, be those empty.
        let plain = more.read.is_none() && more.written.is_none_or(|text| !text.contains('['));
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

    fn text(self) -> Option<String> {
        match self.read {
            Some(details) => (details != EntityDetails::EMPTY).then(|| serde_json::to_string(&details).ok()).flatten(),
            None => self.written.map(str::to_owned),
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
        let written = |text| Details { written: Some(text), ..Details::default() };
        let mut details = Details::default();
        details.add_all(written(r#"{"note":"a"}"#));
        details.add_all(Details::default());
        assert!(details.read.is_none());
        assert_eq!(details.text().as_deref(), Some(r#"{"note":"a"}"#));
        let mut details = Details::default();
        details.add_all(written(r#"{"aliases":["a","b","a"]}"#));
        details.add_alias("b");
        details.add_alias("c");
        assert_eq!(details.text().as_deref(), Some(r#"{"aliases":["a","b","c"]}"#));
        assert_eq!(Details::default().text(), None);
    }
}
