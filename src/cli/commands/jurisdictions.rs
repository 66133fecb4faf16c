//! `cuibono jurisdictions`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;

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
        let mut table = Table::new(COLUMNS);
        table.rows = answer
            .jurisdictions
            .iter()
            .map(|row| {
                let facts: Vec<String> = row.facts.iter().map(|fact| format!("{} {}", fact.date, fact.text)).collect();
                vec![
                    Cell::text(row.code),
                    Cell::both(row.name.unwrap_or("(unknown code)"), row.name.unwrap_or("")),
                    Cell::text(row.entities.to_string()),
                    Cell::lines(facts.iter().map(|fact| fact.trim())).with_raw(facts.join("; ")),
                    Cell::text(row.sources.join(" ")),
                ]
            })
            .collect();
        let around = subject.map_or("all entities".to_owned(), |subject| session.title(subject));
        let report = Report::new(&answer, "jurisdictions", table).heading(format!("Jurisdictions of {around}"));
        session.report(report)
    }
}
