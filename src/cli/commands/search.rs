//! `cuibono search`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::search::{Match, looking_like};
use serde::Serialize;

/// Find entities by name, alias, former name or identifier, exactly or nearly
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to look for
    text: String,
    /// Matches at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    max: usize,
    /// Find names that look like the text, such as those with Cyrillic letters in place of Latin ones
    #[arg(long)]
    looks_like: bool,
}

#[derive(Serialize)]
struct Matches<'g> {
    query: &'g str,
    matches: Vec<Match<'g>>,
}

const COLUMNS: [Column; 8] = [
    Column::number("Score", "score"),
    Column::text("Id", "id"),
    Column::text("Name", "name"),
    Column::text("Kind", "kind"),
    Column::text("In", "jurisdiction"),
    Column::text("Matched", "matched_name"),
    Column::text("How", "reason"),
    Column::text("", "mixed_script"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let matches = match self.looks_like {
            true => looking_like(&session.graph, &self.text, self.max),
            false => session.names().find(&session.graph, &self.text, self.max),
        };
        let answer = Matches { query: &self.text, matches };
        let like = if self.looks_like { "that look like" } else { "like" };
        let report = Report::of(&answer, ("matches", &answer.matches), COLUMNS, cells);
        session.report(report.heading(format!("Entities {like} {:?}", self.text)))
    }
}

fn cells(found: &Match<'_>) -> Vec<Cell> {
    let place = found.entity.jurisdiction();
    vec![
        Cell::both(format!("{:.2}", found.score), found.score.to_string()),
        Cell::text(found.entity.id()),
        Cell::text(found.entity.name()).and_line(found.mixed_script.map(|_| "(mixed script)")),
        Cell::text(found.entity.kind().as_str()),
        Cell::both(place.unwrap_or("?"), place.unwrap_or("")),
        Cell::text(found.matched_name.as_str()),
        Cell::text(found.reason),
        Cell::raw(found.mixed_script.unwrap_or("")),
    ]
}
