//! A graph of some entities of another, with some of their interests.

use super::GraphBuilder;
use super::absorb::Absorbed;
use crate::error::Result;
use crate::graph::{EdgeId, NodeId, OwnershipGraph};

impl OwnershipGraph {
    /// The graph of these entities with these interests among them, and everything that is known of either.
    ///
    /// # Errors
    /// If an interest leads to an entity that is not among them, or the graph is a damaged index.
    ///
    /// ```
    /// let mut loader = cuibono::load::Loader::new();
    /// loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\nBob,Acme,40\n")?;
    /// let graph = loader.finish()?;
    /// let node = |id| graph.node_by_id(id).expect("an entity");
    /// let of_ann: Vec<_> = graph.edges().filter(|&edge| graph.interest(edge).owner() == node("Ann")).collect();
    /// let part = graph.part(&[node("Ann"), node("Acme")], &of_ann)?;
    /// assert_eq!((part.node_count(), part.edge_count()), (2, 1));
    /// # Ok::<(), cuibono::error::Error>(())
    /// ```
    pub fn part(&self, nodes: &[NodeId], edges: &[EdgeId]) -> Result<OwnershipGraph> {
        let mut builder = GraphBuilder::new();
        builder.absorb_registry(self)?;
        let mut absorbed = Absorbed::new("the graph", self, builder.account_count(), 0);
        builder.inputs.extend(self.inputs.iter().cloned());
        builder.absorb_accounts(&absorbed)?;
        absorbed.nodes = vec![NodeId(u32::MAX); self.node_count()];
        for &node in nodes {
            absorbed.nodes[node.index()] = builder.absorb_entity(self, node, |_| "")?;
        }
        for &edge in edges {
            builder.absorb_interest(&absorbed, edge)?;
        }
        builder.finish()
    }
}
