//! What registers say of owners without naming any: that there is nobody to name, or why somebody is not named.
//!
//! Such a statement is an answer and no gap: where a chain ends because the register says that nobody has significant
//! control, the reader must see that it says so.

use crate::graph::{Entity, NodeId, View};
use crate::model::date::Presence;
use crate::model::fact::REGISTER_STATEMENT;
use crate::model::{AsOf, DateBound};
use serde::Serialize;

/// A register's words on the owners of one entity.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterStatement<'g> {
    /// Whose owners it speaks of.
    pub entity: Entity<'g>,
    /// Since when.
    #[serde(skip_serializing_if = "DateBound::is_missing")]
    pub date: DateBound,
    /// What it says.
    pub text: &'g str,
    /// Identifiers of the sources.
    pub sources: &'g [String],
}

/// The statements that hold on the day of the view.
pub(crate) fn register_statements<'g>(
    view: View<'g>,
    entities: impl IntoIterator<Item = NodeId>,
) -> Vec<RegisterStatement<'g>> {
    let entities = entities.into_iter().map(|node| view.graph().entity(node));
    let holds = |date: DateBound, end: DateBound| match view.as_of() {
        AsOf::Day(day) => date.begun(day) != Presence::Out && end.lasts(day) != Presence::Out,
        AsOf::All => true,
    };
    let of_entity = |entity: Entity<'g>| {
        let facts = entity.details().facts.iter().filter(|fact| fact.kind == REGISTER_STATEMENT);
        let current = facts.filter(move |fact| holds(fact.date, fact.end));
        current.map(move |fact| RegisterStatement { entity, date: fact.date, text: &fact.text, sources: &fact.sources })
    };
    entities.flat_map(of_entity).collect()
}
