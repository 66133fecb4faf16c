//! Who ultimately controls every entity of the graph.

use super::NodeMap;
use super::column::WHOLE;
use super::control::{Certainty, ControlGraph, Threshold};
use super::reach::Reach;
use super::votes::VoteMatrix;
use super::{forest, one_day};
use crate::error::Result;
use crate::graph::scc::{self, Components};
use crate::graph::{Entity, NodeId, View};
use crate::model::AsOf;
use serde::Serialize;
use std::collections::HashMap;

/// The ultimate controllers of all entities.
#[derive(Debug, Clone, Serialize)]
pub struct UltimateControllers<'g> {
    /// The day.
    pub as_of: AsOf,
    /// One row for each entity and ultimate controller, in the order of the data; none for entities without one.
    pub rows: Vec<UltimateController<'g>>,
}

/// One ultimate controller of one entity.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct UltimateController<'g> {
    /// The controlled entity.
    pub entity: Entity<'g>,
    /// Who certainly controls it, with nobody outside its own mutual-control class above; of such a class the member with
    /// the smallest id.
    pub controller: Entity<'g>,
    /// Whether the controller stands for a class of entities that control one another.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mutual: bool,
}

impl<'g> View<'g> {
    /// The certain ultimate controllers of every entity that has one.
    ///
    /// By votes and more than half there is at most one each; with rights that give control without a share, a threshold
    /// of "or more" and over-subscribed entities there may be several. A member of a mutual-control class has the class
    /// itself above it, under the smallest id of its members.
    pub fn ultimate_controllers(self, threshold: Threshold) -> Result<UltimateControllers<'g>> {
        one_day(self)?;
        let votes = VoteMatrix::new(self, threshold);
        if votes.is_forest() {
            return Ok(UltimateControllers { as_of: self.as_of(), rows: by_votes(self, votes) });
        }
        let tops = Tops::find(self, threshold);
        let graph = self.graph();
        let mut rows = Vec::new();
        for entity in graph.nodes() {
            let mut controllers: Vec<&Top> =
                tops.of[entity.index()].iter().map(|&top| &tops.all[top as usize]).filter(|top| top.ultimate).collect();
            controllers.sort_by_key(|top| graph.entity(top.smallest).id());
            rows.extend(controllers.into_iter().map(|top| UltimateController {
                entity: graph.entity(entity),
                controller: graph.entity(top.smallest),
                mutual: top.mutual,
            }));
        }
        Ok(UltimateControllers { as_of: self.as_of(), rows })
    }
}

/// The rows where control is a forest: every entity under the class of its root.
fn by_votes<'g>(view: View<'g>, votes: VoteMatrix) -> Vec<UltimateController<'g>> {
    let graph = view.graph();
    let roots = forest::roots(&votes);
    // Of each class the member with the smallest id: looked for once, since a class may hold as many as there are rows.
    let leader = |class: Vec<u32>| {
        let mutual = class.len() > 1;
        let members = class.into_iter().map(|member| graph.entity(NodeId(member)));
        members.min_by_key(|member| member.id()).map(|leader| (leader, mutual))
    };
    let leaders: HashMap<u32, (Entity<'g>, bool)> =
        classes(votes, &roots).into_iter().filter_map(|(root, class)| Some((root, leader(class)?))).collect();
    let mut rows = Vec::new();
    for (entity, &root) in roots.iter().enumerate() {
        let (controller, mutual) = leaders.get(&root).copied().unwrap_or((graph.entity(NodeId(root)), false));
        if root as usize != entity || mutual {
            rows.push(UltimateController { entity: graph.entity(NodeId(entity as u32)), controller, mutual });
        }
    }
    rows
}

/// The classes of those roots that others may control, each with its root.
fn classes(votes: VoteMatrix, roots: &[u32]) -> HashMap<u32, Vec<u32>> {
    let mut classes = HashMap::new();
    let mut open = Vec::new();
    for root in (0..votes.len() as u32).filter(|&entity| roots[entity as usize] == entity) {
        if votes.sums(root).low * 2 > WHOLE {
            match ring(&votes, root) {
                Some(ring) => _ = classes.insert(root, ring),
                None => open.push(root),
            }
        }
    }
    if !open.is_empty() {
        let mut reach = Reach::new(votes);
        classes.extend(open.into_iter().map(|root| (root, class_of(&mut reach, root))));
    }
    classes
}

/// The class of a root above which there are only single majorities: whoever controls an entity controls, or is, the
/// holder of its majority, so that the class is the ring of those holders.
fn ring(votes: &VoteMatrix, root: u32) -> Option<Vec<u32>> {
    let mut ring = vec![root];
    loop {
        let last = ring[ring.len() - 1];
        let majority = votes.holders(last).iter().find(|vote| u64::from(vote.low) * 2 > WHOLE)?.holder;
        if majority == root {
            return Some(ring);
        }
        // No root holds a majority of a root: the ring closes at the root, or the data are not what they seem.
        if ring.len() > votes.len() {
            return None;
        }
        ring.push(majority);
    }
}

/// The entities that control `root` and are controlled by it, with itself.
fn class_of(reach: &mut Reach, root: u32) -> Vec<u32> {
    let below = reach.closure(root, Certainty::Certain);
    let mut class = vec![root];
    class.extend(below.into_iter().filter(|&other| reach.closure(other, Certainty::Certain).contains(&root)));
    class
}

/// A candidate whose closure was computed, standing for its mutual-control class.
struct Top {
    node: NodeId,
    smallest: NodeId,
    mutual: bool,
    /// Nobody outside the class controls it.
    ultimate: bool,
    /// Whether it controls itself with what it controls: otherwise nobody of that controls it.
    controls_itself: bool,
}

/// Closures from the top down: what an entity of another component controls is controlled no less by whoever controls
/// that one, so that its own closure need not be looked at.
struct Tops<'g> {
    control: ControlGraph<'g>,
    all: Vec<Top>,
    number: NodeMap<u32>,
    /// For each entity the tops that control it, or in whose class it is.
    of: Vec<Vec<u32>>,
    /// For each entity its component of interests.
    component: Vec<u32>,
    /// The entities that were looked at, those that were found to be in the class of a top with that.
    visited: NodeMap<Option<u32>>,
}

impl<'g> Tops<'g> {
    fn find(view: View<'g>, threshold: Threshold) -> Self {
        let count = view.graph().node_count();
        let components = components(view);
        let mut component = vec![0; count];
        for (number, members) in components.iter().enumerate() {
            members.iter().for_each(|&member| component[member as usize] = number as u32);
        }
        let control = ControlGraph::new(view, threshold);
        let mut tops = Self {
            control,
            all: Vec::new(),
            number: NodeMap::default(),
            of: vec![Vec::new(); count],
            component,
            visited: NodeMap::default(),
        };
        components.members.iter().for_each(|&node| tops.visit(NodeId(node)));
        tops
    }

    fn visit(&mut self, node: NodeId) {
        if self.control.view().interests_of(node).next().is_none() || self.visited.contains_key(&node) {
            return;
        }
        self.visited.insert(node, None);
        let above = self.of[node.index()].clone();
        let component = self.component[node.index()];
        if above.iter().any(|&top| self.component[self.all[top as usize].node.index()] != component) {
            return;
        }
        if above.is_empty() {
            let below = self.control.closure(&[node], Certainty::Certain);
            let below: Vec<NodeId> = below.iter().map(|entry| entry.node).collect();
            self.add(node, &below);
            // Who came under control last is nearest to those who control the top in turn: from there a ring is climbed member
            // by member, and not gone round for each of them.
            for entity in below.into_iter().rev() {
                if self.component[entity.index()] == component {
                    self.visit(entity);
                }
            }
        } else if above.iter().all(|&top| self.all[top as usize].controls_itself && self.controls(node, top)) {
            above.iter().for_each(|&top| self.join(top, node));
        }
    }

    /// Whether an entity certainly controls a top: settled where it controls anybody who does.
    fn controls(&mut self, node: NodeId, top: u32) -> bool {
        let (visited, first) = (&self.visited, self.all[top as usize].node);
        let is_in_class = |entity: NodeId| entity == first || visited.get(&entity) == Some(&Some(top));
        let found = self.control.closure_until(&[node], Certainty::Certain, |_| true, is_in_class);
        found.last().is_some_and(|entry| is_in_class(entry.node))
    }

    /// A new top; earlier tops below it are none.
    fn add(&mut self, node: NodeId, below: &[NodeId]) {
        let number = self.all.len() as u32;
        for entity in below {
            if let Some(&top) = self.number.get(entity) {
                self.all[top as usize].ultimate = false;
            }
            self.of[entity.index()].push(number);
        }
        let is_near = |entity: &NodeId| self.component[entity.index()] == self.component[node.index()];
        let controls_itself =
            below.iter().any(is_near) && self.control.is_held_by(node, below.iter().copied().chain([node]));
        self.all.push(Top { node, smallest: node, mutual: false, ultimate: true, controls_itself });
        self.number.insert(node, number);
    }

    /// `node` and the top control one another.
    fn join(&mut self, top: u32, node: NodeId) {
        self.visited.insert(node, Some(top));
        let graph = self.control.view().graph();
        let first = self.all[top as usize].node;
        if !self.of[first.index()].contains(&top) {
            self.of[first.index()].push(top);
        }
        let top = &mut self.all[top as usize];
        top.mutual = true;
        if graph.entity(node).id() < graph.entity(top.smallest).id() {
            top.smallest = node;
        }
    }
}

/// Components of the interests of the view, owners before what they own.
fn components(view: View<'_>) -> Components {
    let graph = view.graph();
    let mut owners: Vec<u32> = Vec::with_capacity(graph.edge_count());
    let mut offsets = vec![0];
    for node in graph.nodes() {
        owners.extend(view.interests_in(node).map(|(_, interest, _)| interest.owner().0));
        offsets.push(owners.len());
    }
    scc::components(graph.node_count(), |node| &owners[offsets[node as usize]..offsets[node as usize + 1]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Loader;

    fn controllers(rows: &str) -> HashMap<String, Vec<String>> {
        let mut loader = Loader::new();
        loader.read_text("edges.csv", &format!("owner,owned,share,kind\n{rows}")).expect("edges");
        let graph = loader.finish().expect("graph");
        let view = graph.view("2024-01-01".parse().expect("day"));
        let answer = view.ultimate_controllers(Threshold::default()).expect("answer");
        let mut map: HashMap<String, Vec<String>> = HashMap::new();
        for row in &answer.rows {
            map.entry(row.entity.id().to_owned()).or_default().push(row.controller.id().to_owned());
        }
        map
    }

    #[test]
    fn a_chain_ends_at_its_top_and_half_is_not_enough() {
        let all = controllers("P,A,60,\nA,B,60,\nX,C,50,\nY,C,50,\n");
        assert_eq!(all["A"], ["P"]);
        assert_eq!(all["B"], ["P"]);
        assert!(!all.contains_key("C") && !all.contains_key("P"));
    }

    #[test]
    fn a_mutual_class_stands_under_its_smallest_id() {
        let all = controllers("B,A,60,\nA,B,60,\nA,C,30,\nB,C,30,\n");
        assert_eq!((&all["A"], &all["B"], &all["C"]), (&vec!["A".into()], &vec!["A".into()], &vec!["A".into()]));
    }

    #[test]
    fn rights_give_a_second_ultimate_controller() {
        let all = controllers("P,A,60,\nG,A,,generalPartner\n");
        assert_eq!(all["A"], ["G", "P"]);
    }

    #[test]
    fn a_ring_below_a_holder_is_under_that_holder() {
        let all = controllers("A,B,60,\nB,A,45,\nP,A,55,\n");
        assert_eq!((&all["A"], &all["B"]), (&vec!["P".into()], &vec!["P".into()]));
    }
}
