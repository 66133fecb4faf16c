//! What is written of a view, in an order that does not depend on the order of the inputs.

use super::losses::Losses;
use crate::graph::{EdgeId, Entity, NodeId, OwnershipGraph, Stake, View};
use crate::model::Source;
use crate::model::date::Presence;
use crate::model::jurisdiction::JurisdictionRecord;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// An interest with what ties it to others.
#[derive(Debug, Clone)]
pub struct InterestRow<'g> {
    /// The interest.
    pub stake: Stake<'g>,
    /// What interests of one statement have in common; `None` where a statement has one interest.
    pub statement: Option<Cow<'g, str>>,
    /// The place of the statement among all that have a rival, by the order in which they were read.
    pub order: Option<u32>,
    /// Whether interests of one pair add up within the statement.
    pub adds: bool,
}

/// Everything of a view, ordered by id.
#[derive(Debug)]
pub struct Records<'g> {
    graph: &'g OwnershipGraph,
    nodes: Vec<NodeId>,
    edges: Vec<EdgeId>,
    /// For each statement of several interests the first of them.
    labels: HashMap<u32, Label>,
    orders: HashMap<u32, u32>,
}

/// The interest whose id stands for a statement, and how many apostrophes tell it from an equal one.
#[derive(Debug, Clone, Copy)]
struct Label {
    edge: EdgeId,
    apostrophes: usize,
}

impl<'g> Records<'g> {
    /// The interests of the view and all entities, sources and jurisdictions of its graph.
    pub fn of(view: View<'g>, losses: &mut Losses) -> Self {
        let graph = view.graph();
        let mut nodes: Vec<NodeId> = graph.nodes().collect();
        nodes.sort_unstable_by_key(|&node| graph.entity(node).id());
        let mut edges = Vec::with_capacity(graph.edge_count());
        for edge in graph.edges() {
            let presence = view.presence(edge);
            losses.add_if(presence == Presence::Possible, POSSIBLE);
            if presence != Presence::Out {
                edges.push(edge);
            }
        }
        edges.sort_unstable_by(|&a, &b| {
            let (a, b) = (graph.stake(a), graph.stake(b));
            (a.given_id().is_none(), a.given_id(), a.input(), a.record())
                .cmp(&(b.given_id().is_none(), b.given_id(), b.input(), b.record()))
                .then_with(|| (a.owner().id(), a.owned().id()).cmp(&(b.owner().id(), b.owned().id())))
                .then_with(|| a.interest().kind().cmp(&b.interest().kind()))
                .then_with(|| a.edge().cmp(&b.edge()))
        });
        let labels = labels(graph, &edges);
        let orders = orders(graph, &edges);
        Self { graph, nodes, edges, labels, orders }
    }

    /// The entities.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = Entity<'g>> {
        self.nodes.iter().map(|&node| self.graph.entity(node))
    }

    /// The interests.
    pub fn interests(&self) -> impl ExactSizeIterator<Item = InterestRow<'g>> {
        self.edges.iter().map(|&edge| self.row(edge))
    }

    fn row(&self, edge: EdgeId) -> InterestRow<'g> {
        let stake = self.graph.stake(edge);
        let number = stake.interest().account();
        let statement = self.labels.get(&number).map(|label| label_text(self.graph, *label));
        let adds = self.graph.account(stake.interest()).rows_add;
        InterestRow { stake, statement, order: self.orders.get(&number).copied(), adds }
    }

    /// The sources.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &'g Source> {
        let mut sources: Vec<&Source> = self.graph.sources().iter().collect();
        sources.sort_by_key(|source| &source.id);
        sources.into_iter()
    }

    /// What the data say about jurisdictions.
    pub fn jurisdictions(&self) -> impl ExactSizeIterator<Item = &'g JurisdictionRecord> {
        let mut records: Vec<&JurisdictionRecord> = self.graph.jurisdictions().iter().collect();
        records.sort_by_key(|record| &record.code);
        records.into_iter()
    }
}

const POSSIBLE: &str = "interests that are only possible on the day (written like those that are certain)";

fn label_text(graph: &OwnershipGraph, label: Label) -> Cow<'_, str> {
    match label.apostrophes {
        0 => graph.stake(label.edge).id(),
        count => Cow::Owned(format!("{}{}", graph.stake(label.edge).id(), "'".repeat(count))),
    }
}

/// Names for the statements of several interests: the id of their first interest.
fn labels(graph: &OwnershipGraph, edges: &[EdgeId]) -> HashMap<u32, Label> {
    let mut firsts: HashMap<u32, (EdgeId, bool)> = HashMap::new();
    for &edge in edges {
        let account = graph.interest(edge).account();
        firsts.entry(account).and_modify(|(_, several)| *several = true).or_insert((edge, false));
    }
    let several = edges.iter().filter(|&&edge| firsts.get(&graph.interest(edge).account()) == Some(&(edge, true)));
    let mut taken: HashSet<u64> = HashSet::new();
    let mut labels = HashMap::new();
    for &edge in several {
        let mut label = Label { edge, apostrophes: 0 };
        // Equal hashes of different texts only add an apostrophe.
        while !taken.insert(hash(&label_text(graph, label))) {
            label.apostrophes += 1;
        }
        labels.insert(graph.interest(edge).account(), label);
    }
    labels
}

/// The same in every run.
fn hash(text: &str) -> u64 {
    use std::hash::BuildHasher;
    foldhash::quality::FixedState::with_seed(0).hash_one(text)
}

/// The order of reading among statements that speak of one pair.
fn orders(graph: &OwnershipGraph, edges: &[EdgeId]) -> HashMap<u32, u32> {
    let pair = |edge: &EdgeId| {
        let interest = graph.interest(*edge);
        (interest.owner(), interest.owned(), interest.account())
    };
    let mut pairs: Vec<(NodeId, NodeId, u32)> = edges.iter().map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let rivals = pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|pair| pair.len() > 1);
    let mut accounts: Vec<u32> = rivals.flatten().map(|&(.., account)| account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts.into_iter().zip(1..).collect()
}
