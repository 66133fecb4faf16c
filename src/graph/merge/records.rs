//! The records behind the entities of a graph: under which other ids these are known, and which records were joined.

use super::Joined;
use super::parties::Reason;
use crate::graph::NodeId;
use crate::graph::column::at;
use crate::graph::notes::Notes;
use crate::graph::prefixed::Prefixed;
use crate::graph::texts::{Texts, TextsBuilder};
use arrow_buffer::ScalarBuffer;
use elsa::sync::FrozenMap;
use std::fmt;
use std::fmt::Write;
use std::sync::OnceLock;

/// Columns of the records that are known under ids of their own, in the order of these.
#[derive(Default)]
pub(in crate::graph) struct Records {
    pub(in crate::graph) ids: Texts,
    /// The entity of each.
    pub(in crate::graph) nodes: ScalarBuffer<u32>,
    pub(in crate::graph) names: Texts,
    /// Why each was joined; nothing for an id that is only known.
    pub(in crate::graph) reasons: Texts,
    /// Their places, entity by entity. Put in order when somebody asks.
    by_node: OnceLock<ScalarBuffer<u32>>,
    /// Records that were joined before the data were written.
    pub(in crate::graph) stated: Notes<Vec<Joined>>,
    /// Pairs that the user calls different, the smaller number first.
    pub(in crate::graph) kept_apart: Vec<(NodeId, NodeId)>,
    /// What was asked for once stays, so that answers can refer to it.
    read: FrozenMap<u32, Vec<Joined>>,
}

impl Records {
    /// Records that lie ready in columns.
    pub(in crate::graph) fn of_columns(
        (ids, nodes): (Texts, ScalarBuffer<u32>),
        (names, reasons): (Texts, Texts),
        by_node: ScalarBuffer<u32>,
        stated: Notes<Vec<Joined>>,
        kept_apart: Vec<(NodeId, NodeId)>,
    ) -> Self {
        let by_node = by_node.into();
        Self { ids, nodes, names, reasons, by_node, stated, kept_apart, read: FrozenMap::new() }
    }

    /// The entity that an id leads to which is not its own.
    pub(in crate::graph) fn find(&self, id: &str) -> Option<NodeId> {
        self.ids.position_in_order(id).and_then(|at| self.nodes.get(at)).copied().map(NodeId)
    }

    /// The places of the records, entity by entity.
    pub(in crate::graph) fn by_node(&self) -> &ScalarBuffer<u32> {
        self.by_node.get_or_init(|| {
            let mut places: Vec<u32> = (0..self.nodes.len() as u32).collect();
            places.sort_by_key(|&place| at(&self.nodes, place as usize));
            places.into()
        })
    }

    /// The records that were joined into an entity, in the order of their ids.
    pub(in crate::graph) fn joined(&self, node: NodeId) -> &[Joined] {
        if let Some(known) = self.read.get(&node.0) {
            return known;
        }
        let by_node = self.by_node();
        let of = |place: &u32| at(&self.nodes, *place as usize);
        let first = by_node.partition_point(|place| of(place) < node.0);
        let own = by_node[first..].iter().take_while(|place| of(place) == node.0);
        // Places ascend: one that stands again, as only a made-up file has it, is passed over.
        let mut last = None;
        let own = own.filter(|&&place| {
            let comes_next = last < Some(place);
            last = last.max(Some(place));
            comes_next
        });
        let mut joined = own.filter_map(|&place| self.record(place as usize)).peekable();
        let stated = self.stated.get(node.0).map_or(&[][..], Vec::as_slice);
        if joined.peek().is_none() {
            return stated;
        }
        let mut all: Vec<Joined> = joined.collect();
        if !stated.is_empty() {
            all.extend(stated.iter().cloned());
            all.sort();
            all.dedup();
        }
        self.read.insert(node.0, all)
    }

    fn record(&self, place: usize) -> Option<Joined> {
        let [id, name, reason] = [&self.ids, &self.names, &self.reasons].map(|texts| texts.get(place).to_owned());
        (!reason.is_empty()).then_some(Joined { id, name, reason })
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("count", &self.nodes.len()).finish()
    }
}

/// A record that is joined into another one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other<'r> {
    pub id: Prefixed<'r>,
    pub name: &'r str,
    pub reason: Reason<'r>,
    /// The entity that it becomes a part of.
    pub node: NodeId,
}

/// Records while they are put into the order of their ids.
#[derive(Debug, Default)]
pub(super) struct RecordsBuilder {
    ids: TextsBuilder,
    nodes: Vec<u32>,
    names: TextsBuilder,
    reasons: TextsBuilder,
}

impl RecordsBuilder {
    /// Records of two lists, each in order.
    pub(super) fn of(one: &[Other<'_>], other: &[Other<'_>]) -> Self {
        let mut all = Self::default();
        let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
        let mut reason = String::new();
        let next = std::iter::from_fn(|| match (one.peek(), other.peek()) {
            (Some(first), Some(second)) if second.id < first.id => other.next(),
            (Some(_), _) => one.next(),
            (None, _) => other.next(),
        });
        for record in next {
            reason.clear();
            // Writing into a text does not fail.
            let _ = write!(reason, "{}", record.reason);
            all.add(record.id.text, record.node.0, (record.name, &reason));
        }
        all
    }

    fn add(&mut self, id: &str, node: u32, (name, reason): (&str, &str)) {
        self.ids.push(id);
        self.nodes.push(node);
        self.names.push(name);
        self.reasons.push(reason);
    }

    /// Adds ids, in order, that lead to entities and belong to no record. Where one does, the record counts.
    pub(super) fn add_known<'k>(&mut self, known: impl Iterator<Item = (&'k str, NodeId)>) {
        let mut known = known.peekable();
        if known.peek().is_none() {
            return;
        }
        let old = std::mem::take(self);
        for (place, &node) in old.nodes.iter().enumerate() {
            let id = old.ids.get(place);
            while let Some((earlier, node)) = known.next_if(|&(known, _)| known < id) {
                self.add(earlier, node.0, ("", ""));
            }
            known.next_if(|&(known, _)| known == id);
            self.add(id, node, (old.names.get(place), old.reasons.get(place)));
        }
        known.for_each(|(id, node)| self.add(id, node.0, ("", "")));
    }

    pub(super) fn finish(self, stated: Notes<Vec<Joined>>, kept_apart: Vec<(NodeId, NodeId)>) -> Records {
        Records {
            ids: self.ids.finish(),
            nodes: self.nodes.into(),
            names: self.names.finish(),
            reasons: self.reasons.finish(),
            stated,
            kept_apart,
            ..Records::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::notes::NotesBuilder;

    fn other(id: &'static str, node: u32) -> Other<'static> {
        Other { id: Prefixed::new(id), name: "a name", reason: Reason::Confirmed, node: NodeId(node) }
    }

    #[test]
    fn records_are_found_by_their_ids_and_by_their_entities() {
        let mut builder = RecordsBuilder::of(&[other("b", 7), other("d", 2)], &[other("a", 2), other("c", 7)]);
        let known = ["", "aa", "b", "e"].map(|id| (id, NodeId(9)));
        builder.add_known(known.into_iter());
        let mut stated = NotesBuilder::default();
        let record = |id: &str, reason: &str| Joined { id: id.into(), name: "a name".into(), reason: reason.into() };
        stated.insert(7, vec![record("aa", "confirmed"), record("b", "confirmed")]);
        stated.insert(8, vec![record("x", "confirmed")]);
        let records = builder.finish(stated.finish(&Vec::new()), Vec::new());
        let found = ["", "a", "aa", "b", "c", "d", "e", "f"].map(|id| records.find(id).map(|node| node.0));
        assert_eq!(found, [Some(9), Some(2), Some(9), Some(7), Some(7), Some(2), Some(9), None]);
        let ids = |node| records.joined(NodeId(node)).iter().map(|record| record.id.as_str()).collect::<Vec<_>>();
        assert_eq!([2, 7, 8, 9, 1].map(ids), [vec!["a", "d"], vec!["aa", "b", "c"], vec!["x"], vec![], vec![]]);
        assert_eq!(records.joined(NodeId(7))[2], record("c", "confirmed"));
    }
}
