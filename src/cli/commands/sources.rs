//! `cuibono sources`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::model::Source;
use serde::Serialize;

/// The sources of the data
#[derive(Debug, clap::Args)]
pub struct Args {}

#[derive(Serialize)]
struct Sources<'g> {
    sources: &'g [Source],
}

const COLUMNS: [Column; 5] = [
    Column::text("Id", "id"),
    Column::text("Date", "date"),
    Column::text("Title", "title"),
    Column::text("Publisher", "publisher"),
    Column::text("Where", "url"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let answer = Sources { sources: session.graph.sources() };
        session.report(Report::of(&answer, ("sources", answer.sources), COLUMNS, cells).heading("Sources"))
    }
}

fn cells(source: &Source) -> Vec<Cell> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let url = source.url.clone().or_else(|| source.urls.first().cloned()).unwrap_or_default();
    vec![
        Cell::text(source.id.as_str()),
        Cell::text(source.date.map(|date| date.to_string()).unwrap_or_default()),
        Cell::text(source.title.as_str()),
        Cell::text(text(&source.publisher)),
        Cell::text(url),
    ]
}

/// A source on one line: `S12: title, publisher, date, url`.
pub fn line(source: &Source) -> String {
    let date = source.date.map(|date| date.to_string());
    let url = source.url.clone().or_else(|| source.urls.first().cloned());
    let parts = [Some(source.title.clone()), source.publisher.clone(), date, url];
    format!("{}: {}", source.id, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
