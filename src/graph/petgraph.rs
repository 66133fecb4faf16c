//! petgraph's visit traits over the graph, so that its algorithms run on it unchanged.
//!
//! Everything written against petgraph's traits stands here. Of petgraph's algorithms, `tarjan_scc`,
//! `is_cyclic_directed` and `depth_first_search` recurse and overflow the stack on chains of 100,000: use
//! `kosaraju_scc`, or [`scc`](super::scc) of this crate.
//!
//! ```
//! use cuibono::graph::OwnershipGraph;
//! use petgraph::visit::{Bfs, Reversed};
//!
//! let graph = cuibono::load::built_in()?;
//! let nso = graph.node_by_id("nso-group-technologies-ltd").expect("in the data");
//! let mut owners = Bfs::new(Reversed(&graph), nso);
//! let mut count = 0;
//! while owners.next(Reversed(&graph)).is_some() {
//!     count += 1;
//! }
//! assert!(count > 20);
//! # Ok::<(), cuibono::error::Error>(())
//! ```

use super::csr::EdgeIds;
use super::{EdgeId, Interest, NodeId, OwnershipGraph, View};
use crate::model::EntityKind;
use crate::model::date::Presence;
use petgraph::visit::{
    Data, EdgeCount, EdgeFiltered, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges, IntoEdgesDirected,
    IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences, NodeCompactIndexable, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, Direction};
use std::iter::Map;
use std::ops::Range;

/// Which entities a walk has visited: one bit each.
#[derive(Debug, Clone)]
pub struct Visited(Vec<u64>);

impl VisitMap<NodeId> for Visited {
    fn visit(&mut self, node: NodeId) -> bool {
        let (word, bit) = (&mut self.0[node.index() / 64], 1 << (node.index() % 64));
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    fn is_visited(&self, node: &NodeId) -> bool {
        self.0[node.index() / 64] & 1 << (node.index() % 64) != 0
    }

    fn unvisit(&mut self, node: NodeId) -> bool {
        let (word, bit) = (&mut self.0[node.index() / 64], 1 << (node.index() % 64));
        let was = *word & bit != 0;
        *word &= !bit;
        was
    }
}

/// An edge as petgraph hands it to algorithms.
#[derive(Debug, Clone, Copy)]
pub struct InterestReference {
    edge: EdgeId,
    interest: Interest,
}

impl EdgeRef for InterestReference {
    type NodeId = NodeId;
    type EdgeId = EdgeId;
    type Weight = Interest;

    fn source(&self) -> NodeId {
        self.interest.owner()
    }

    fn target(&self) -> NodeId {
        self.interest.owned()
    }

    fn weight(&self) -> &Interest {
        &self.interest
    }

    fn id(&self) -> EdgeId {
        self.edge
    }
}

/// The edges at one end of an entity, with their interests.
#[derive(Debug, Clone)]
pub struct Edges<'g> {
    graph: &'g OwnershipGraph,
    edges: EdgeIds<'g>,
}

impl Iterator for Edges<'_> {
    type Item = InterestReference;

    fn next(&mut self) -> Option<InterestReference> {
        self.edges.next().map(|edge| InterestReference { edge, interest: self.graph.interest(edge) })
    }
}

/// The entities at the other end of the edges of one entity.
#[derive(Debug, Clone)]
pub struct Neighbors<'g> {
    edges: Edges<'g>,
    direction: Direction,
}

impl Iterator for Neighbors<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let reference = self.edges.next()?;
        Some(match self.direction {
            Direction::Outgoing => reference.interest.owned(),
            Direction::Incoming => reference.interest.owner(),
        })
    }
}

impl OwnershipGraph {
    fn edges_at(&self, node: NodeId, direction: Direction) -> Edges<'_> {
        let edges = match direction {
            Direction::Outgoing => self.adjacency.outgoing(node),
            Direction::Incoming => self.adjacency.incoming(node),
        };
        Edges { graph: self, edges }
    }
}

impl GraphBase for OwnershipGraph {
    type NodeId = NodeId;
    type EdgeId = EdgeId;
}

impl Data for OwnershipGraph {
    type NodeWeight = EntityKind;
    type EdgeWeight = Interest;
}

impl GraphProp for OwnershipGraph {
    type EdgeType = Directed;
}

impl NodeCount for OwnershipGraph {
    fn node_count(&self) -> usize {
        self.node_count()
    }
}

impl EdgeCount for OwnershipGraph {
    fn edge_count(&self) -> usize {
        self.edge_count()
    }
}

impl NodeIndexable for OwnershipGraph {
    fn node_bound(&self) -> usize {
        self.node_count()
    }

    fn to_index(&self, node: NodeId) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> NodeId {
        NodeId(index as u32)
    }
}

impl NodeCompactIndexable for OwnershipGraph {}

impl Visitable for OwnershipGraph {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![0; self.node_count().div_ceil(64)])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.node_count().div_ceil(64), 0);
    }
}

impl IntoNodeIdentifiers for &OwnershipGraph {
    type NodeIdentifiers = Map<Range<u32>, fn(u32) -> NodeId>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.node_count() as u32).map(NodeId)
    }
}

/// The kinds, to be referred to: a column of the graph holds numbers.
static KINDS: [EntityKind; EntityKind::ALL.len()] = EntityKind::ALL;

/// Every entity with its kind.
#[derive(Debug, Clone)]
pub struct NodeReferences<'g> {
    graph: &'g OwnershipGraph,
    nodes: Range<u32>,
}

impl<'g> Iterator for NodeReferences<'g> {
    type Item = (NodeId, &'g EntityKind);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.next()?;
        let kind = self.graph.entity(NodeId(node)).kind();
        Some((NodeId(node), &KINDS[kind as usize]))
    }
}

impl<'g> IntoNodeReferences for &'g OwnershipGraph {
    type NodeRef = (NodeId, &'g EntityKind);
    type NodeReferences = NodeReferences<'g>;

    fn node_references(self) -> Self::NodeReferences {
        NodeReferences { graph: self, nodes: 0..self.node_count() as u32 }
    }
}

impl<'g> IntoEdgeReferences for &'g OwnershipGraph {
    type EdgeRef = InterestReference;
    type EdgeReferences = Edges<'g>;

    fn edge_references(self) -> Edges<'g> {
        Edges { graph: self, edges: self.adjacency.all() }
    }
}

impl<'g> IntoEdges for &'g OwnershipGraph {
    type Edges = Edges<'g>;

    fn edges(self, node: NodeId) -> Edges<'g> {
        self.edges_at(node, Direction::Outgoing)
    }
}

impl<'g> IntoEdgesDirected for &'g OwnershipGraph {
    type EdgesDirected = Edges<'g>;

    fn edges_directed(self, node: NodeId, direction: Direction) -> Edges<'g> {
        self.edges_at(node, direction)
    }
}

impl<'g> IntoNeighbors for &'g OwnershipGraph {
    type Neighbors = Neighbors<'g>;

    fn neighbors(self, node: NodeId) -> Neighbors<'g> {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'g> IntoNeighborsDirected for &'g OwnershipGraph {
    type NeighborsDirected = Neighbors<'g>;

    fn neighbors_directed(self, node: NodeId, direction: Direction) -> Neighbors<'g> {
        Neighbors { edges: self.edges_at(node, direction), direction }
    }
}

impl<'g> View<'g> {
    /// The graph as it stood on the day of the view, for petgraph's algorithms; nothing is copied.
    pub fn filtered(self) -> EdgeFiltered<&'g OwnershipGraph, impl Fn(InterestReference) -> bool> {
        EdgeFiltered(self.graph(), move |edge: InterestReference| self.presence(edge.id()) != Presence::Out)
    }
}
