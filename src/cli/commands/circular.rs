//! `cuibono circular`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::circular::{CircularGroup, CircularGroups};
use crate::query::one_day;

/// Entities that own one another in a circle, or themselves
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) const COLUMNS: [Column; 4] = [
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
        let report = report(&answer).heading(format!("Circular groups as of {}, {} layer", answer.as_of, answer.layer));
        session.report(report)
    }
}

/// A row for each group.
pub(super) fn report<'a>(answer: &'a CircularGroups<'_>) -> Report<'a> {
    Report::of(answer, ("groups", &answer.groups), COLUMNS, cells)
}

fn cells(group: &CircularGroup<'_>) -> Vec<Cell> {
    let names: Vec<&str> = group.members.iter().map(|member| member.name()).collect();
    let ids: Vec<&str> = group.members.iter().map(|member| member.id()).collect();
    let outside = if group.closed { "no" } else { "yes" };
    vec![
        Cell::text(names.len().to_string()),
        Cell::both(outside, (!group.closed).to_string()),
        Cell::lines(&names),
        Cell::raw(ids.join(" ")),
    ]
}
