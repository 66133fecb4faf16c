//! `cuibono circular`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;
use crate::query::one_day;

/// Entities that own one another in a circle, or themselves
#[derive(Debug, clap::Args)]
pub struct Args {}

const COLUMNS: [Column; 4] = [
    Column::number("Members", "size"),
    Column::text("Held from outside", "held_from_outside"),
    Column::text("Entities", ""),
    Column::text("", "members"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        one_day(session.view())?;
        let answer = session.view().circular_groups();
        let mut table = Table::new(COLUMNS);
        table.rows = answer
            .groups
            .iter()
            .map(|group| {
                let names: Vec<&str> = group.members.iter().map(|member| member.name()).collect();
                let ids: Vec<&str> = group.members.iter().map(|member| member.id()).collect();
                let outside = if group.closed { "no" } else { "yes" };
                vec![
                    Cell::text(names.len().to_string()),
                    Cell::both(outside, (!group.closed).to_string()),
                    Cell::lines(&names),
                    Cell::raw(ids.join(" ")),
                ]
            })
            .collect();
        let report = Report::new(&answer, "groups", table)
            .heading(format!("Circular groups as of {}, {} layer", answer.as_of, answer.layer));
        session.report(report)
    }
}
