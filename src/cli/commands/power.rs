//! `cuibono power`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::model::Share;
use crate::query::caveats::About;
use crate::query::power::{At, HolderPower, Index};
use crate::query::rules::Limit;
use clap::ValueEnum;

/// How much say each direct holder of votes has: Shapley-Shubik or Banzhaf index
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
    /// Which index
    #[arg(long, value_enum, default_value = "shapley-shubik", value_name = "INDEX")]
    index: IndexArg,
    /// A coalition needs more than this share of all votes, in percent
    #[arg(long, value_name = "P", default_value_t = 50.0)]
    quota: f64,
    /// At which figure votes count that are only known as a range
    #[arg(long, value_enum, value_name = "FIGURE")]
    at: Option<AtArg>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IndexArg {
    ShapleyShubik,
    Banzhaf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AtArg {
    Low,
    Middle,
    High,
}

const COLUMNS: [Column; 9] = [
    Column::number("Index", ""),
    Column::number("Votes", ""),
    Column::text("Holder", ""),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::number("", "share_min"),
    Column::number("", "share_max"),
    Column::number("", "index"),
    Column::number("", "error"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let quota =
            Share::from_percent(self.quota).map_err(|error| Error::usage(format!("--quota {} {error}", self.quota)))?;
        let index = match self.index {
            IndexArg::ShapleyShubik => Index::ShapleyShubik,
            IndexArg::Banzhaf => Index::Banzhaf,
        };
        let at = self.at.map(|at| match at {
            AtArg::Low => At::Low,
            AtArg::Middle => At::Middle,
            AtArg::High => At::High,
        });
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().power(subject, index, Limit { share: quota, or_more: false }, at)?;
        let name = if index == Index::Banzhaf { "Banzhaf" } else { "Shapley–Shubik" };
        let silent = format!("Votes that nobody known holds take no part: {} %", phrases::percent(answer.not_voting));
        let report = Report::of(&answer, ("holders", &answer.holders), COLUMNS, cells)
            .heading(format!("Voting power in {}", session.title(subject)))
            .heading(format!("as of {}, {name} index, quota {}, {}", answer.as_of, answer.quota, answer.method))
            .notes((answer.not_voting > 0.0).then_some(silent))
            .notes(answer.warnings.iter().map(|warning| format!("Warning: {warning}")));
        session.report_on(subject, About::Owners, report)
    }
}

fn cells(row: &HolderPower<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let error = row.error.map(|error| format!(" ± {}", phrases::percent(error))).unwrap_or_default();
    let index = row.index.map_or("–".to_owned(), |index| format!("{}{error} %", phrases::percent(index)));
    let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    vec![
        Cell::shown(index),
        Cell::shown(phrases::range(&row.share)),
        Cell::party(entity),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(row.share.min.to_string()),
        Cell::raw(row.share.max.to_string()),
        Cell::raw(text(row.index)),
        Cell::raw(text(row.error)),
    ]
}
