//! `cuibono timeline`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::events::Event;

/// Everything dated about an entity: interests, facts, beginning and end
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
}

/// The columns of a list of events.
pub const COLUMNS: [Column; 5] = [
    Column::text("Date", "date"),
    Column::text("Event", "kind"),
    Column::text("What", "text"),
    Column::text("Sources", "sources"),
    Column::text("", "interest"),
];

/// The row of an event.
pub fn cells(event: &Event<'_>) -> Vec<Cell> {
    let date = event.date.to_string();
    vec![
        Cell::both(if date.is_empty() { "undated".to_owned() } else { date.clone() }, date),
        Cell::text(event.kind),
        Cell::text(event.text.as_str()),
        Cell::text(event.sources.join(" ")),
        Cell::raw(event.interest.as_ref().map_or("", |interest| interest.id.as_str())),
    ]
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let answer = session.graph.timeline(subject);
        let undated = match answer.undated_interests.len() {
            0 => None,
            count => Some(format!("{count} interests have no date: {}", answer.undated_interests.join(", "))),
        };
        let report = Report::of(&answer, ("events", &answer.events), COLUMNS, cells)
            .heading(format!("Timeline of {}", session.title(subject)))
            .notes(undated);
        session.report(report)
    }
}
