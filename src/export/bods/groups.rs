//! Relationships: the interests of one owner in one entity that one account states.

use crate::export::losses::Losses;
use crate::graph::{EdgeId, OwnershipGraph, View};
use crate::model::date::Presence;
use crate::model::{Directness, EntityKind};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::ops::Range;

/// All relationships of a view, ordered by id.
pub(super) struct Groups<'g> {
    graph: &'g OwnershipGraph,
    edges: Vec<EdgeId>,
    ranges: Vec<Range<usize>>,
    /// How many apostrophes tell the id of a relationship from that of another record.
    apostrophes: HashMap<usize, usize>,
    /// The relationship of each interest of the graph.
    of_edge: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'g> Groups<'g> {
    pub(super) fn of(view: View<'g>, losses: &mut Losses) -> Self {
        let graph = view.graph();
        let mut edges = Vec::with_capacity(graph.edge_count());
        for edge in graph.edges() {
            let presence = view.presence(edge);
            if presence == Presence::Out {
                continue;
            }
            if graph.stake(edge).owned().kind() == EntityKind::Person {
                losses.add("interests in persons (left out)");
                continue;
            }
            losses.add_if(
                presence == Presence::Possible,
                "interests that are only possible on the day (written like those that are certain)",
            );
            edges.push(edge);
        }
        let key = |edge: &EdgeId| {
            let interest = graph.interest(*edge);
            (interest.account(), interest.owner(), interest.owned())
        };
        edges.sort_by_key(key);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for group in edges.chunk_by_mut(|a, b| key(a) == key(b)) {
            group.sort_by_cached_key(|&edge| (graph.stake(edge).id(), graph.interest(edge).kind()));
            let start = ranges.last().map_or(0, |range| range.end);
            ranges.push(start..start + group.len());
        }
        let order = |range: &Range<usize>| {
            let stake = graph.stake(edges[range.start]);
            (stake.given_id().is_none(), stake.given_id(), stake.input(), stake.record())
        };
        ranges.sort_by(|a, b| {
            let ends = |range: &Range<usize>| {
                let stake = graph.stake(edges[range.start]);
                (stake.owner().id(), stake.owned().id())
            };
            order(a).cmp(&order(b)).then_with(|| ends(a).cmp(&ends(b))).then(a.start.cmp(&b.start))
        });
        let mut of_edge = vec![NONE; graph.edge_count()];
        for (group, range) in ranges.iter().enumerate() {
            edges[range.clone()].iter().for_each(|edge| of_edge[edge.index()] = group as u32);
        }
        let mut groups = Self { graph, edges, ranges, apostrophes: HashMap::new(), of_edge };
        groups.settle_ids(losses);
        groups
    }

    /// Sees to it that no two records have one id.
    fn settle_ids(&mut self, losses: &mut Losses) {
        let hasher = foldhash::quality::FixedState::with_seed(0);
        let ids = self.graph.nodes().map(|node| hasher.hash_one(self.graph.entity(node).id()));
        let mut taken: HashSet<u64> = ids.collect();
        for group in 0..self.len() {
            let mut apostrophes = 0;
            // Equal hashes of different texts only add an apostrophe.
            while !taken.insert(hasher.hash_one(&*self.named(group, apostrophes))) {
                apostrophes += 1;
            }
            if apostrophes > 0 {
                losses.add("ids of interests that another record has too (told apart by an apostrophe)");
                self.apostrophes.insert(group, apostrophes);
            }
        }
    }

    fn named(&self, group: usize, apostrophes: usize) -> Cow<'g, str> {
        let id = self.graph.stake(self.edges[self.ranges[group].start]).id();
        if apostrophes == 0 { id } else { Cow::Owned(format!("{id}{}", "'".repeat(apostrophes))) }
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The interests of a relationship.
    pub(super) fn edges(&self, group: usize) -> &[EdgeId] {
        &self.edges[self.ranges[group].clone()]
    }

    /// Its id: that of its first interest.
    pub(super) fn id(&self, group: usize) -> Cow<'g, str> {
        self.named(group, self.apostrophes.get(&group).copied().unwrap_or_default())
    }

    /// The relationship to which an interest belongs.
    pub(super) fn group(&self, edge: EdgeId) -> Option<usize> {
        let group = self.of_edge[edge.index()];
        (group != NONE).then_some(group as usize)
    }

    /// Relationships that are held through others and say one thing.
    pub(super) fn indirect(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&group| {
            let kind = self.graph.interest(self.edges(group)[0]).kind();
            self.all(group, Directness::Indirect)
                && self.edges(group).iter().all(|&edge| self.graph.interest(edge).kind() == kind)
        })
    }

    /// Whether all interests of a relationship are held so.
    pub(super) fn all(&self, group: usize, directness: Directness) -> bool {
        self.edges(group).iter().all(|&edge| self.graph.interest(edge).directness() == directness)
    }
}
