//! `cuibono entities-in`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Entity;
use crate::model::jurisdiction;

/// The entities that sit in a jurisdiction
#[derive(Debug, clap::Args)]
pub struct Args {
    /// ISO 3166 code or English name; a country includes its subdivisions
    jurisdiction: String,
}

/// The columns of a plain list of entities.
pub const COLUMNS: [Column; 4] = [
    Column::text("Id", "id"),
    Column::text("Name", "name"),
    Column::text("Kind", "kind"),
    Column::text("In", "jurisdiction"),
];

/// The row of an entity in a plain list.
pub fn cells(entity: Entity<'_>) -> Vec<Cell> {
    let place = entity.jurisdiction();
    vec![
        Cell::text(entity.id()),
        Cell::text(entity.name()),
        Cell::text(entity.kind().as_str()),
        Cell::both(place.unwrap_or("?"), place.unwrap_or("")),
    ]
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let code = jurisdiction::code(&self.jurisdiction).unwrap_or(&self.jurisdiction);
        let answer = session.view().entities_in(code);
        if answer.entities.is_empty() && answer.name.is_none() {
            let message = format!("no jurisdiction {code:?}: give a code such as LU or US-DE, or an English name");
            return Err(Error::plain(ErrorKind::NotFound, message));
        }
        let name = answer.name.unwrap_or("unknown code");
        let report = Report::of(&answer, ("entities", &answer.entities), COLUMNS, |&entity| cells(entity))
            .heading(format!("Entities in {} ({name})", answer.jurisdiction));
        session.report(report)
    }
}
