//! `cuibono jurisdictions`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::jurisdictions::JurisdictionRow;

/// The jurisdictions of all entities, or of one and everybody above and below it
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only around this entity
    entity: Option<String>,
}

const COLUMNS: [Column; 5] = [
    Column::text("Code", "code"),
    Column::text("Jurisdiction", "name"),
    Column::number("Entities", "entities"),
    Column::text("Facts", "facts"),
    Column::text("Sources", "sources"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = self.entity.as_deref().map(|entity| session.resolve(entity)).transpose()?;
        let answer = session.view().jurisdictions(subject);
        let around = subject.map_or("all entities".to_owned(), |subject| session.title(subject));
        let report = Report::of(&answer, ("jurisdictions", &answer.jurisdictions), COLUMNS, cells);
        session.report(report.heading(format!("Jurisdictions of {around}")))
    }
}

fn cells(row: &JurisdictionRow<'_>) -> Vec<Cell> {
    let facts: Vec<String> = row.facts.iter().map(|fact| format!("{} {}", fact.date, fact.text)).collect();
    vec![
        Cell::text(row.code),
        Cell::both(row.name.unwrap_or("(unknown code)"), row.name.unwrap_or("")),
        Cell::text(row.entities.to_string()),
        Cell::lines(facts.iter().map(|fact| fact.trim())).with_raw(facts.join("; ")),
        Cell::text(row.sources.join(" ")),
    ]
}
