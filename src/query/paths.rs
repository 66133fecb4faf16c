//! The chains between two parties, strongest first.

use super::chains::Chains;
use super::control::{Certainty, ControlGraph, Threshold};
use super::region::Region;
use super::{PercentRange, column, one_day};
use crate::error::Result;
use crate::graph::scc::components;
use crate::graph::{EdgeId, Entity, NodeId, View};
use crate::model::{AsOf, ShareRange};
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

/// Partial chains looked at before the search gives up and says so.
const EFFORT: usize = 200_000;

/// The answer to "by which chains does X hold Y?".
#[derive(Debug, Clone, Serialize)]
pub struct Paths<'g> {
    /// The upper end.
    pub from: Entity<'g>,
    /// The lower end.
    pub to: Entity<'g>,
    /// The day.
    pub as_of: AsOf,
    /// The chains, strongest first; no entity stands twice in one.
    pub paths: Vec<Path<'g>>,
    /// Whether these are all.
    pub complete: bool,
}

/// One chain from an owner down to an entity.
#[derive(Debug, Clone, Serialize)]
pub struct Path<'g> {
    /// The entities, owner first.
    pub entities: Vec<Entity<'g>>,
    /// The step from each to the next.
    pub interests: Vec<PathStep<'g>>,
    /// The shares multiplied; 0 where a step gives control without a share.
    pub product: PercentRange,
}

/// One step of a chain: all counted interests of one pair.
#[derive(Debug, Clone, Serialize)]
pub struct PathStep<'g> {
    /// Who holds.
    pub owner: &'g str,
    /// Whom.
    pub owned: &'g str,
    /// How much, as stated; absent for control without a share.
    pub share: Option<ShareRange>,
    /// The kinds of the interests.
    pub kinds: Vec<&'static str>,
    /// Their identifiers.
    pub ids: Vec<String>,
    /// Identifiers of their sources.
    pub sources: Vec<&'g str>,
}

impl<'g> View<'g> {
    /// The chains from `from` down to `to`, at most `limit` of them, by falling product of upper bounds.
    ///
    /// A best-first search whose bound is the strongest remaining chain: the k best are found without listing the others.
    pub fn paths(self, from: NodeId, to: NodeId, limit: usize) -> Result<Paths<'g>> {
        one_day(self)?;
        let search = Search::new(self, to);
        let (found, complete) = search.run(from, to, limit);
        let paths = found.into_iter().map(|nodes| search.path(&nodes)).collect();
        Ok(Paths { from: self.graph().entity(from), to: self.graph().entity(to), as_of: self.as_of(), paths, complete })
    }
}

struct Search<'g> {
    view: View<'g>,
    region: Region<'g>,
    /// For each entity what it holds on the way to the end: the held entity and the upper bound of the share.
    below: HashMap<NodeId, Vec<(NodeId, f64)>>,
    /// Rights that give control without a share, by pair.
    rights: HashMap<(NodeId, NodeId), Vec<EdgeId>>,
    /// The strongest chain from each entity to the end.
    strength: HashMap<NodeId, f64>,
    /// The fewest steps from each entity to the end.
    hops: HashMap<NodeId, u32>,
    /// The circle that each entity stands in; of most, they alone.
    circles: HashMap<NodeId, u32>,
}

/// A chain that is being extended; the chain is read back through `parent`.
struct Partial {
    bound: f64,
    product: f64,
    steps: u32,
    /// The steps of the shortest chain that it may become.
    least: u32,
    number: usize,
}

impl<'g> Search<'g> {
    fn new(view: View<'g>, to: NodeId) -> Self {
        let region = Region::above(view, to);
        let mut control = ControlGraph::new(view, Threshold::default());
        let everyone: HashSet<NodeId> =
            control.above(to).into_iter().chain((0..region.len() as u32).map(|local| region.node(local))).collect();
        let mut below: HashMap<NodeId, Vec<(NodeId, f64)>> = HashMap::new();
        let mut rights: HashMap<(NodeId, NodeId), Vec<EdgeId>> = HashMap::new();
        for &owned in &everyone {
            if let Some(local) = region.local(owned) {
                for link in region.links(local) {
                    let step = (owned, f64::from(link.high) / 1e9);
                    below.entry(region.node(link.owner)).or_default().push(step);
                }
            }
            for (owner, certainty, edge) in control.rights(owned) {
                if certainty > Certainty::None {
                    rights.entry((owner, owned)).or_default().push(edge);
                    let steps = below.entry(owner).or_default();
                    // Those in one entity are added one after the other.
                    if steps.last().is_none_or(|&(last, _)| last != owned) {
                        steps.push((owned, 0.0));
                    }
                }
            }
        }
        below.values_mut().for_each(|steps| steps.sort_by_key(|&(node, _)| node));
        let chains = Chains::up_from(&region, to);
        let strength =
            (0..region.len() as u32).map(|local| (region.node(local), chains.strength[local as usize])).collect();
        let (hops, circles) = (hops(&below, to), circles(&everyone, &below));
        Self { view, region, below, rights, strength, hops, circles }
    }

    /// Chains as entities from owner to owned, and whether these are all.
    fn run(&self, from: NodeId, to: NodeId, limit: usize) -> (Vec<Vec<NodeId>>, bool) {
        let mut parents: Vec<(Option<usize>, NodeId)> = vec![(None, from)];
        let bound = self.strength.get(&from).copied().unwrap_or(0.0);
        let mut heap = BinaryHeap::from([Partial { bound, product: 1.0, steps: 0, least: 0, number: 0 }]);
        let mut found = Vec::new();
        while let Some(partial) = heap.pop() {
            let end = parents[partial.number].1;
            if end == to && partial.steps > 0 {
                if found.len() == limit {
                    return (found, false);
                }
                found.push(chain(&parents, partial.number));
                continue;
            }
            for &(next, share) in self.below.get(&end).map_or(&[][..], Vec::as_slice) {
                if self.stands_in(&parents, partial.number, next) && !(next == to && from == to) {
                    continue;
                }
                let product = partial.product * share;
                let bound = product * self.strength.get(&next).copied().unwrap_or(0.0);
                parents.push((Some(partial.number), next));
                let steps = partial.steps + 1;
                let least = steps + self.hops.get(&next).copied().unwrap_or(0);
                heap.push(Partial { bound, product, steps, least, number: parents.len() - 1 });
            }
            if parents.len() > EFFORT {
                return (found, false);
            }
        }
        (found, true)
    }

    /// Whether a chain leads over an entity already. Its part within one circle is in one piece, so that only that is looked
    /// through: a long chain outside of circles takes no time for each of its steps.
    fn stands_in(&self, parents: &[(Option<usize>, NodeId)], number: usize, node: NodeId) -> bool {
        let circle = self.circles.get(&node);
        let mut at = Some(number);
        while let Some((before, known)) = at.map(|number| parents[number]) {
            if known == node {
                return true;
            }
            if self.circles.get(&known) != circle {
                return false;
            }
            at = before;
        }
        false
    }

    fn path(&self, nodes: &[NodeId]) -> Path<'g> {
        let graph = self.view.graph();
        let interests: Vec<PathStep<'g>> = nodes.windows(2).map(|pair| self.step(pair[0], pair[1])).collect();
        let mut product = PercentRange { min: 100.0, max: 100.0, min_open: false, max_open: false };
        for step in &interests {
            let share = step.share.unwrap_or(ShareRange::ZERO);
            product.min *= share.min().fraction();
            product.max *= share.max().fraction();
            product.min_open |= share.min_open();
            product.max_open |= share.max_open();
        }
        let open = product.min < product.max;
        product.min_open &= open;
        product.max_open &= open;
        Path { entities: nodes.iter().map(|&node| graph.entity(node)).collect(), interests, product }
    }

    fn step(&self, owner: NodeId, owned: NodeId) -> PathStep<'g> {
        let graph = self.view.graph();
        let column = self.region.local(owned).map(|local| self.region.column(local));
        let holders = column.iter().flat_map(|column| &column.holders);
        let holder = holders.into_iter().find(|holder| holder.owner == owner && holder.high > 0);
        let edges = match holder {
            Some(_) => column::evidence(self.view, owner, owned),
            None => self.rights.get(&(owner, owned)).cloned().unwrap_or_default(),
        };
        let mut sources: Vec<&str> =
            edges.iter().flat_map(|&edge| graph.stake(edge).source_ids()).map(String::as_str).collect();
        sources.sort_unstable();
        sources.dedup();
        PathStep {
            owner: graph.entity(owner).id(),
            owned: graph.entity(owned).id(),
            share: holder.map(|holder| holder.stated),
            kinds: edges.iter().map(|&edge| graph.interest(edge).kind().as_str()).collect(),
            ids: edges.iter().map(|&edge| graph.stake(edge).id().into_owned()).collect(),
            sources,
        }
    }
}

/// A bound to nine digits, as a number in the same order: equal chains are multiplied in different orders, and differ behind.
fn rounded(bound: f64) -> u64 {
    bound.to_bits() >> 20
}

/// The fewest steps from everybody to the end.
fn hops(below: &HashMap<NodeId, Vec<(NodeId, f64)>>, to: NodeId) -> HashMap<NodeId, u32> {
    let mut above: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    for (&owner, held) in below {
        held.iter().for_each(|&(owned, _)| above.entry(owned).or_default().push(owner));
    }
    let mut hops = HashMap::from([(to, 0)]);
    let mut queue = VecDeque::from([(to, 0)]);
    while let Some((node, steps)) = queue.pop_front() {
        for &owner in above.get(&node).map_or(&[][..], Vec::as_slice) {
            if let Entry::Vacant(entry) = hops.entry(owner) {
                entry.insert(steps + 1);
                queue.push_back((owner, steps + 1));
            }
        }
    }
    hops
}

/// Numbers the circles, and each entity outside of them.
fn circles(everyone: &HashSet<NodeId>, below: &HashMap<NodeId, Vec<(NodeId, f64)>>) -> HashMap<NodeId, u32> {
    let nodes: Vec<NodeId> = everyone.iter().copied().collect();
    let numbers: HashMap<NodeId, u32> = nodes.iter().copied().zip(0..).collect();
    let held = |node: &NodeId| below.get(node).map_or(&[][..], Vec::as_slice);
    let successors: Vec<Vec<u32>> = nodes
        .iter()
        .map(|node| held(node).iter().filter_map(|(owned, _)| numbers.get(owned).copied()).collect())
        .collect();
    let circles = components(nodes.len(), |node| &successors[node as usize]).numbers();
    nodes.into_iter().zip(circles).collect()
}

/// Reads a chain back through its parents.
fn chain(parents: &[(Option<usize>, NodeId)], number: usize) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut at = Some(number);
    while let Some(number) = at {
        nodes.push(parents[number].1);
        at = parents[number].0;
    }
    nodes.reverse();
    nodes
}

impl PartialEq for Partial {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Partial {}

impl Ord for Partial {
    /// The strongest first, then what may become the shortest chain. Of equals the longest is followed to its end before another
    /// is begun: where very many chains are equally strong, the first are found all the same.
    fn cmp(&self, other: &Self) -> Ordering {
        let stronger = rounded(self.bound).cmp(&rounded(other.bound));
        let shorter = other.least.cmp(&self.least);
        let further = self.steps.cmp(&other.steps);
        stronger.then(shorter).then(further).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Partial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use crate::load::Loader;
    use std::fmt::Write;

    /// Every company of a floor is held by both of the floor above: 2^30 chains, all equally strong but for rounding.
    #[test]
    fn some_of_very_many_equal_chains_are_found() {
        let mut rows = "owner,owned,share\n".to_owned();
        for floor in 0..30 {
            for pair in ["aa", "ab", "ba", "bb"] {
                writeln!(rows, "{}{floor},{}{},30", &pair[..1], &pair[1..], floor + 1).expect("memory");
            }
        }
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &rows).expect("edges");
        let graph = loader.finish().expect("graph");
        let node = |id: &str| graph.node_by_id(id).expect("an entity");
        let view = graph.view("2026-01-01".parse().expect("day"));
        let answer = view.paths(node("a0"), node("a30"), 3).expect("an answer");
        let chains: Vec<String> =
            answer.paths.iter().map(|path| path.entities.iter().map(|entity| &entity.id()[..1]).collect()).collect();
        let first = "a".repeat(31);
        assert_eq!(chains, [first.clone(), format!("{}ba", "a".repeat(29)), format!("{}baa", "a".repeat(28))]);
        assert!(!answer.complete);
    }
}
