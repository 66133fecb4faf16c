//! What the server answers from.

use crate::error::Result;
use crate::graph::{NodeId, OwnershipGraph, View};
use crate::model::{AsOf, Confidence, Layer};
use crate::search::EntityNames;
use std::time::{Duration, Instant};

/// The longest time that an answer takes where nobody says otherwise.
pub const TIME: Duration = Duration::from_secs(10);

/// A graph with its names, and how it came to be here.
#[derive(Debug)]
pub struct Data {
    /// The graph.
    pub graph: OwnershipGraph,
    /// Its names.
    pub names: EntityNames,
    /// The day that is asked about where no other is.
    pub as_of: AsOf,
    /// Whether shares that nobody known holds may belong to whoever is asked about.
    pub open_world: bool,
    /// The longest time that an answer takes.
    pub time: Duration,
    /// The arguments that name the data on a command line: `--data`, a path, …; empty for the dataset that is compiled in.
    pub arguments: Vec<String>,
}

impl Data {
    /// The view that a question is put to; it ends when its time is over.
    pub(super) fn view(&self, as_of: AsOf, layer: Layer, min_confidence: Confidence) -> View<'_> {
        let view = self.graph.view(as_of).layer(layer).min_confidence(min_confidence).open_world(self.open_world);
        Instant::now().checked_add(self.time).map_or(view, |end| view.until(end))
    }

    /// Whether it is the dataset that is compiled in.
    pub(super) fn is_built_in(&self) -> bool {
        !self.arguments.iter().any(|argument| argument == "--data")
    }

    /// The entity of an id.
    pub(super) fn node(&self, id: &str) -> Result<NodeId, super::failure::Failure> {
        self.graph.node_by_id(id).ok_or_else(|| super::failure::Failure::no_entity(id))
    }
}
