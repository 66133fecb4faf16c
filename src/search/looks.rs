//! Names that look like a text, whatever letters they are made of.

use super::entities::{Match, other_names};
use crate::graph::OwnershipGraph;
use crate::model::lookalike::look;

/// Entities with a name, alias or former name that looks like the text (Unicode Technical Standard 39), at most `max`, in the
/// order of the data. For people who search; nobody is joined by it.
#[must_use]
pub fn looking_like<'g>(graph: &'g OwnershipGraph, text: &str, max: usize) -> Vec<Match<'g>> {
    let wanted = look(text);
    if wanted[0].is_empty() {
        return Vec::new();
    }
    let alike = |name: &&str| look(name).iter().zip(&wanted).any(|(key, wanted)| key == wanted);
    let found = graph.nodes().filter_map(|node| {
        let entity = graph.entity(node);
        let name = std::iter::once(entity.name()).chain(other_names(entity).map(|(name, _)| name)).find(alike)?;
        Some(Match::new(entity, 1.0, name.to_owned(), if name == text { "exact" } else { "looks-like" }))
    });
    found.take(max).collect()
}
