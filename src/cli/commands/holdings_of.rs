//! `cuibono holdings-of`

use super::owners_of::RowArgs;
use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;
use crate::query::owners::HoldingRow;

/// What an entity holds: directly, through every chain, and by control
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The owner: an id, an identifier, a name or the start of one
    entity: String,
    #[command(flatten)]
    rows: RowArgs,
}

const COLUMNS: [Column; 14] = [
    Column::text("Control", "control"),
    Column::number("Effective", ""),
    Column::number("Direct", ""),
    Column::text("Entity", ""),
    Column::text("Cautions", "marks"),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::number("", "direct_min"),
    Column::number("", "direct_max"),
    Column::number("", "effective_min"),
    Column::number("", "effective_max"),
    Column::number("", "distance"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().holdings_of(&[subject], self.rows.rows(false)?)?;
        let mut table = Table::new(COLUMNS);
        table.rows = answer.holdings.iter().map(cells).collect();
        let warnings = answer.warnings.iter().map(|warning| format!("Warning: {warning}"));
        let report = Report::new(&answer, "holdings", table)?
            .heading(format!("What {} holds", session.title(subject)))
            .heading(format!("as of {}, {} layer", answer.as_of, answer.layer))
            .notes(warnings);
        session.output.report(report)
    }
}

fn cells(row: &HoldingRow<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let place = entity.jurisdiction().unwrap_or("?");
    let effective = if row.control_only { "control only".to_owned() } else { phrases::range(&row.effective) };
    let (low, high) = row.direct.map_or((String::new(), String::new()), |share| {
        (share.min().percent().to_string(), share.max().percent().to_string())
    });
    vec![
        Cell::text(phrases::certainty(row.control)),
        Cell::shown(effective),
        Cell::shown(phrases::stated(row.direct)),
        Cell::shown(format!("{}\n{}, {place}", entity.name(), entity.kind())),
        Cell::text(phrases::marks(row.marks)),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(low),
        Cell::raw(high),
        Cell::raw(row.effective.min.to_string()),
        Cell::raw(row.effective.max.to_string()),
        Cell::raw(row.distance.to_string()),
    ]
}
