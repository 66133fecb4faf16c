//! What the fuzz targets do. Everything that reads a graph must hold, whatever stood in the input.

pub mod http;
pub mod index_files;
pub mod pictures;
pub mod questions;
pub mod sinks;
pub mod small_graph;
pub mod typed;

use cuibono::load::{Format, Loader};

/// Reads bytes as one format, or as whatever they look like, and asks the resulting graph a few questions.
///
/// # Panics
///
/// Where something does not hold that holds for every graph.
pub fn read(format: Option<&str>, bytes: &[u8]) {
    let mut loader = Loader::new();
    if let Some(format) = format {
        loader = loader.format(format.parse::<Format>().expect("a format of this program"));
    }
    if loader.read_bytes("input", bytes).is_err() {
        return;
    }
    let Ok(graph) = loader.finish() else { return };
    for node in graph.nodes() {
        let entity = graph.entity(node);
        assert_eq!(graph.node_by_id(entity.id()), Some(node), "an id leads back to its entity");
    }
    for edge in graph.edges() {
        let share = graph.interest(edge).share();
        assert!(share.min() <= share.max(), "a range is the right way up");
    }
    let view = graph.view("2024-01-01".parse().expect("a day"));
    if graph.node_count() <= 200 {
        let _ = view.check();
        for node in graph.nodes().take(5) {
            let Ok(answer) = view.owners_of(node, Default::default()) else { continue };
            for owner in answer.owners {
                let effective = owner.effective;
                assert!(effective.min >= 0.0 && effective.min <= effective.max && effective.max <= 100.0);
            }
        }
    }
}
