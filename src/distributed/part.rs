//! The data of one process: a graph of its parts, and the numbers that its entities have in the whole run.

use super::engine::Crew;
use crate::graph::{EdgeId, NodeId, OwnershipGraph, View};
use crate::model::{AsOf, Confidence, DateBound, Layer, PartialDate};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a question looks at: the same in all processes.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    /// The day.
    pub as_of: AsOf,
    /// Money or votes.
    pub layer: Layer,
    /// Interests of less confidence are left out.
    pub min_confidence: Confidence,
    /// Whether what nobody known holds may belong to whoever is asked about.
    pub open_world: bool,
}

impl Sight {
    /// The view of a graph.
    pub fn on(self, graph: &OwnershipGraph) -> View<'_> {
        graph.view(self.as_of).layer(self.layer).min_confidence(self.min_confidence).open_world(self.open_world)
    }
}

/// What a process reads.
pub(super) struct Part {
    pub graph: OwnershipGraph,
    pub sight: Sight,
    /// The number of each entity in the run, once the directory gave it.
    numbers: Vec<AtomicU64>,
}

impl Part {
    pub(super) fn new(graph: OwnershipGraph, sight: Sight) -> Self {
        let numbers = graph.nodes().map(|_| AtomicU64::new(u64::MAX)).collect();
        Self { graph, sight, numbers }
    }

    pub(super) fn view(&self) -> View<'_> {
        self.sight.on(&self.graph)
    }

    /// The entities that one of the workers of this process sees to.
    pub(super) fn share_of(&self, crew: &Crew<'_>) -> Range<u32> {
        let count = self.graph.node_count();
        let bound = |place: usize| (count * place / crew.workers) as u32;
        bound(crew.place())..bound(crew.place() + 1)
    }

    /// The companies of that share in which somebody holds an interest, on whatever day.
    pub(super) fn companies(&self, crew: &Crew<'_>) -> impl Iterator<Item = NodeId> {
        self.share_of(crew).map(NodeId).filter(|&node| self.graph.held_in(node).len() > 0)
    }

    pub(super) fn number(&self, node: NodeId) -> u64 {
        self.numbers[node.index()].load(Ordering::Acquire)
    }

    pub(super) fn set_number(&self, node: NodeId, number: u64) {
        self.numbers[node.index()].store(number, Ordering::Release);
    }

    /// Everything that counts or may count in an entity on the day, of whatever layer, in the order of the data.
    pub(super) fn rows(&self, crew: &Crew<'_>, node: NodeId, evidence: bool) -> Vec<Row> {
        let mut edges: Vec<EdgeId> = self.view().interests_in(node).map(|(edge, ..)| edge).collect();
        edges.sort_unstable();
        edges.into_iter().map(|edge| self.row(crew.process(), edge, evidence)).collect()
    }

    /// An interest as it travels.
    pub(super) fn row(&self, process: usize, edge: EdgeId, evidence: bool) -> Row {
        let process = (process as u64) << 32;
        let (stake, interest) = (self.graph.stake(edge), self.graph.interest(edge));
        let account = self.graph.account(interest);
        let (start, end) = self.graph.dates(edge);
        Row {
            owner: self.number(interest.owner()),
            words: interest.words(),
            dates: [Bound::of(start), Bound::of(end)],
            place: process | u64::from(edge.0),
            account: process | u64::from(interest.account()),
            stated: PartialDate::to_bits(account.stated),
            rows_add: account.rows_add,
            evidence: evidence.then(|| (stake.id().into_owned(), stake.source_ids().to_vec())),
        }
    }
}

/// An interest on its way to another worker. Everything that its column is made of travels as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    pub owner: u64,
    pub words: [u32; 8],
    pub dates: [Bound; 2],
    /// Where it stands in the whole of the data.
    pub place: u64,
    pub account: u64,
    pub stated: u32,
    pub rows_add: bool,
    /// Its identifier and those of its sources.
    pub evidence: Option<(String, Vec<String>)>,
}

impl Row {
    /// Its size on the wire, roughly.
    pub(super) fn bytes(&self) -> usize {
        let texts =
            |(id, sources): &(String, Vec<String>)| id.len() + sources.iter().map(|s| s.len() + 8).sum::<usize>();
        8 + 32 + 18 + 8 + 8 + 4 + 2 + self.evidence.as_ref().map_or(0, texts)
    }
}

/// A [`DateBound`] in packed dates.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Bound {
    On(u32),
    Between(u32, u32),
    Missing,
}

impl Bound {
    pub(super) fn of(bound: DateBound) -> Self {
        match bound {
            DateBound::On(date) => Bound::On(PartialDate::to_bits(Some(date))),
            DateBound::Between { not_before, not_after } => {
                Bound::Between(PartialDate::to_bits(not_before), PartialDate::to_bits(not_after))
            }
            DateBound::Missing => Bound::Missing,
        }
    }

    pub(super) fn unpacked(self) -> DateBound {
        match self {
            Bound::On(date) => PartialDate::from_bits(date).map_or(DateBound::Missing, DateBound::On),
            Bound::Between(not_before, not_after) => DateBound::Between {
                not_before: PartialDate::from_bits(not_before),
                not_after: PartialDate::from_bits(not_after),
            },
            Bound::Missing => DateBound::Missing,
        }
    }
}
