//! `cuibono close-links`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::model::Share;
use crate::query::close_links::CloseLink;
use crate::query::rules::Limit;

/// Which entities are closely linked with one by capital: 20 % or more either way, or a third party with as much of both
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
    /// The share that makes a close link, in percent, in place of the rule's figure
    #[arg(long, value_name = "P")]
    at_least: Option<f64>,
}

const COLUMNS: [Column; 12] = [
    Column::text("Status", "status"),
    Column::text("Link", "link"),
    Column::text("Entity", ""),
    Column::number("Share", ""),
    Column::text("Through", ""),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::text("", "via"),
    Column::number("", "share_min"),
    Column::number("", "share_max"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().close_links(subject, self.limit()?)?;
        let report = Report::of(&answer, ("links", &answer.links), COLUMNS, cells)
            .heading(format!("Close links of {}", session.title(subject)))
            .heading(format!("as of {}, {} of the capital; {}", answer.as_of, answer.threshold, answer.version.source))
            .notes(answer.warnings.iter().map(|warning| format!("Warning: {warning}")));
        session.report(report)
    }

    fn limit(&self) -> Result<Option<Limit>> {
        let share = self.at_least.map(|percent| {
            Share::from_percent(percent).map_err(|error| Error::usage(format!("--at-least {percent} {error}")))
        });
        Ok(share.transpose()?.map(|share| Limit { share, or_more: true }))
    }
}

fn cells(row: &CloseLink<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let via = match (&row.via, &row.share_in_subject) {
        (Some(via), Some(share)) => format!("{}, which has {} of the subject", via.name(), phrases::range(share)),
        _ => String::new(),
    };
    vec![
        Cell::text(row.status),
        Cell::text(row.link.as_str()),
        Cell::party(entity),
        Cell::shown(phrases::range(&row.share)),
        Cell::shown(via),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(row.via.map_or("", |via| via.id())),
        Cell::raw(row.share.min.to_string()),
        Cell::raw(row.share.max.to_string()),
    ]
}
