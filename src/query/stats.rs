//! The size of what is loaded.

use super::region::Region;
use crate::graph::{InputSummary, View};
use crate::model::{AsOf, EntityKind, InterestKind};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts over a view.
#[derive(Debug, Clone, Serialize)]
pub struct Stats<'g> {
    /// The day.
    pub as_of: AsOf,
    /// Entities.
    pub entities: usize,
    /// Entities by kind.
    pub entities_by_kind: BTreeMap<&'static str, usize>,
    /// Interests in the data, of whatever day.
    pub interests: usize,
    /// Interests that exist, or may exist, on the day.
    pub interests_on_day: usize,
    /// Interests by kind.
    pub interests_by_kind: BTreeMap<&'static str, usize>,
    /// Different jurisdictions, those without entities included.
    pub jurisdictions: usize,
    /// Sources.
    pub sources: usize,
    /// Sets of entities that are connected by interests, whatever their direction and day.
    pub components: usize,
    /// Members of the largest such set.
    pub largest_component: usize,
    /// Circular groups on the day.
    pub circular_groups: usize,
    /// Members of the largest circular group.
    pub largest_circular_group: usize,
    /// The names of the inputs.
    pub inputs: Vec<&'g str>,
    /// What was read from each of them.
    pub input_counts: &'g [InputSummary],
}

impl<'g> View<'g> {
    /// Counts entities, interests, jurisdictions, sources, components and circles.
    pub fn stats(self) -> Stats<'g> {
        let graph = self.graph();
        let mut entities_by_kind = BTreeMap::new();
        for node in graph.nodes() {
            *entities_by_kind.entry(EntityKind::as_str(graph.entity(node).kind())).or_default() += 1;
        }
        let mut interests_by_kind = BTreeMap::new();
        let mut interests_on_day = 0;
        for edge in graph.edges() {
            *interests_by_kind.entry(InterestKind::as_str(graph.interest(edge).kind())).or_default() += 1;
            interests_on_day += usize::from(self.presence(edge) != crate::model::date::Presence::Out);
        }
        let sizes = connected(self);
        let region = Region::whole(self);
        let circles: Vec<usize> = region.circular_groups().map(<[u32]>::len).collect();
        Stats {
            as_of: self.as_of(),
            entities: graph.node_count(),
            entities_by_kind,
            interests: graph.edge_count(),
            interests_on_day,
            interests_by_kind,
            jurisdictions: self.jurisdictions(None).jurisdictions.len(),
            sources: graph.sources().len(),
            components: sizes.len(),
            largest_component: sizes.iter().copied().max().unwrap_or(0),
            circular_groups: circles.len(),
            largest_circular_group: circles.into_iter().max().unwrap_or(0),
            inputs: graph.inputs().iter().map(|input| input.name.as_str()).collect(),
            input_counts: graph.inputs(),
        }
    }
}

/// The sizes of the weakly connected components, by union–find of petgraph.
fn connected(view: View<'_>) -> Vec<usize> {
    let graph = view.graph();
    let mut sets = petgraph::unionfind::UnionFind::<u32>::new(graph.node_count());
    for edge in graph.edges() {
        let interest = graph.interest(edge);
        // A damaged index may name parties that are not there.
        let _ = sets.try_union(interest.owner().0, interest.owned().0);
    }
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    sets.into_labeling().into_iter().for_each(|label| *sizes.entry(label).or_default() += 1);
    sizes.into_values().collect()
}
