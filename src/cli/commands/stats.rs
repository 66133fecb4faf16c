//! `cuibono stats`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;

/// Counts of entities, interests, jurisdictions, sources, components and circles
#[derive(Debug, clap::Args)]
pub struct Args {}

const COLUMNS: [Column; 2] = [Column::text("What", "what"), Column::number("Count", "count")];

/// Inputs that the heading names; the JSON has them all.
const INPUTS_SHOWN: usize = 4;

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let answer = session.view().stats();
        let mut table = Table::new(COLUMNS);
        let mut row = |what: &str, count: usize| table.rows.push(vec![Cell::text(what), Cell::text(count.to_string())]);
        row("entities", answer.entities);
        answer.entities_by_kind.iter().for_each(|(kind, &count)| row(&format!("· {kind}"), count));
        row("interests", answer.interests);
        row("· on the day", answer.interests_on_day);
        answer.interests_by_kind.iter().for_each(|(kind, &count)| row(&format!("· {kind}"), count));
        row("jurisdictions", answer.jurisdictions);
        row("sources", answer.sources);
        row("components", answer.components);
        row("· entities in the largest", answer.largest_component);
        row("circular groups", answer.circular_groups);
        row("· members of the largest", answer.largest_circular_group);
        let shown = answer.inputs.iter().take(INPUTS_SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = match answer.inputs.len().saturating_sub(INPUTS_SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more inputs"),
        };
        let heading = format!("Statistics as of {}: {shown}{more}", answer.as_of);
        let report = Report::new(&answer, "", table).heading(heading);
        session.report(report)
    }
}
