//! Views: the graph on one day, in one layer, without copying anything.

use super::{EdgeId, Interest, NodeId, OwnershipGraph};
use crate::model::date::Presence;
use crate::model::{AsOf, Confidence, Day, InterestKind, Layer, Mark};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The graph as a question sees it: on a day, in a layer, from a confidence upward.
#[derive(Debug, Clone, Copy)]
pub struct View<'g> {
    graph: &'g OwnershipGraph,
    as_of: AsOf,
    layer: Layer,
    min_confidence: Confidence,
    open_world: bool,
    deadline: Option<Instant>,
    abandoned: Option<&'g AtomicBool>,
}

impl OwnershipGraph {
    /// The capital layer on a day.
    pub fn view(&self, as_of: AsOf) -> View<'_> {
        let (layer, min_confidence) = (Layer::Capital, Confidence::Low);
        View { graph: self, as_of, layer, min_confidence, open_world: false, deadline: None, abandoned: None }
    }
}

impl<'g> View<'g> {
    /// The same view of another layer.
    #[must_use]
    pub fn layer(self, layer: Layer) -> Self {
        Self { layer, ..self }
    }

    /// The same view without interests of less confidence.
    #[must_use]
    pub fn min_confidence(self, min_confidence: Confidence) -> Self {
        Self { min_confidence, ..self }
    }

    /// The same view, where the share that nobody known holds may belong to whoever is asked about.
    #[must_use]
    pub fn open_world(self, open_world: bool) -> Self {
        Self { open_world, ..self }
    }

    /// The same view, whose questions are to be answered by an instant: what is not settled by then is answered in
    /// part, with outer bounds, or ends in an error of the kind [`Limit`](crate::error::ErrorKind::Limit).
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same view, whose questions end as if their time were over once the switch is on: for who asks and may go away.
    #[must_use]
    pub fn unless(self, abandoned: &'g AtomicBool) -> Self {
        Self { abandoned: Some(abandoned), ..self }
    }

    /// The same view on another day.
    #[must_use]
    pub fn on(self, day: Day) -> Self {
        Self { as_of: AsOf::Day(day), ..self }
    }

    /// The same view of all recorded time.
    #[must_use]
    pub fn on_all_days(self) -> Self {
        Self { as_of: AsOf::All, ..self }
    }

    /// The graph that is looked at.
    pub fn graph(self) -> &'g OwnershipGraph {
        self.graph
    }

    /// The day.
    pub fn as_of(self) -> AsOf {
        self.as_of
    }

    /// The layer.
    pub fn current_layer(self) -> Layer {
        self.layer
    }

    /// Whether unknown remainders may belong to the party asked about.
    pub fn is_open_world(self) -> bool {
        self.open_world
    }

    /// Whether the time for an answer is over.
    pub fn is_overdue(self) -> bool {
        self.abandoned.is_some_and(|abandoned| abandoned.load(Ordering::Relaxed))
            || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Whether an interest exists on the day of the view.
    pub fn presence(self, edge: EdgeId) -> Presence {
        let interest = self.graph.interest(edge);
        if interest.confidence() < self.min_confidence {
            return Presence::Out;
        }
        match self.as_of {
            AsOf::All => Presence::Certain,
            AsOf::Day(day) => {
                let (start, end) = self.graph.dates(edge);
                start.begun(day).min(end.lasts(day))
            }
        }
    }

    /// The interests in `owned` that exist, or may exist, on the day.
    pub fn interests_in(self, owned: NodeId) -> impl Iterator<Item = (EdgeId, Interest, Presence)> {
        self.present(self.graph.held_in(owned))
    }

    /// The interests of `owner` that exist, or may exist, on the day.
    pub fn interests_of(self, owner: NodeId) -> impl Iterator<Item = (EdgeId, Interest, Presence)> {
        self.present(self.graph.held_by(owner))
    }

    fn present(self, edges: impl Iterator<Item = EdgeId>) -> impl Iterator<Item = (EdgeId, Interest, Presence)> {
        edges.filter_map(move |edge| match self.presence(edge) {
            Presence::Out => None,
            presence => Some((edge, self.graph.interest(edge), presence)),
        })
    }

    /// Whether an interest is at most possible: it may not exist on the day, or somebody disputes it.
    pub fn is_only_possible(interest: Interest, presence: Presence) -> bool {
        presence == Presence::Possible || interest.marks().has(Mark::Contested)
    }
}

impl Layer {
    /// Whether an interest of this kind counts in the layer.
    pub fn counts(self, kind: InterestKind) -> bool {
        match self {
            Layer::Capital => kind.is_capital(),
            Layer::Votes => matches!(kind, InterestKind::VotingRights | InterestKind::Shareholding),
        }
    }
}
