//! The sources of a chart, numbered in the order in which its lines name them.

use super::Chart;
use crate::diagram::Footnote;
use crate::graph::{EdgeId, OwnershipGraph};
use crate::model::Source;

impl<'g> Chart<'g> {
    /// The numbers of the sources of some interests.
    pub(super) fn footnote_numbers(&mut self, edges: &[EdgeId]) -> Vec<u32> {
        let graph: &'g OwnershipGraph = self.view.graph();
        let mut numbers = Vec::new();
        for source in edges.iter().flat_map(|&edge| graph.stake(edge).source_ids()) {
            let next = self.numbers.len() as u32 + 1;
            let number = *self.numbers.entry(source).or_insert(next);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        numbers
    }

    /// All sources that a line names.
    pub(super) fn footnotes(&self) -> Vec<Footnote> {
        let mut notes: Vec<Footnote> = self
            .numbers
            .iter()
            .map(|(id, &number)| Footnote {
                number,
                text: self.view.graph().source(id).map_or((*id).to_owned(), citation),
                url: self.view.graph().source(id).and_then(|source| source.url.clone()),
            })
            .collect();
        notes.sort_by_key(|note| note.number);
        notes
    }
}

/// A source as a footnote: `[S12] title, publisher, date`.
fn citation(source: &Source) -> String {
    let mut text = format!("[{}] {}", source.id, source.title);
    if let Some(publisher) = &source.publisher {
        text.push_str(", ");
        text.push_str(publisher);
    }
    if let Some(date) = source.date {
        text.push_str(&format!(", {date}"));
    }
    text
}
