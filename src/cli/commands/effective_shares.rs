//! `cuibono effective-shares`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::graph::{Entity, NodeId, View};
use crate::model::{AsOf, Layer};
use crate::query::matrix::ViewMatrix;
use crate::query::{PercentRange, one_day};
use serde::Serialize;

/// Every pair of an owner and what it holds whose effective share can reach a threshold, for the whole graph
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Leave out pairs whose effective share cannot reach this, in percent
    #[arg(long, value_name = "P", default_value_t = 25.0)]
    min_share: f64,
}

/// The pairs and what was asked.
#[derive(Serialize)]
pub(super) struct Answer<'g> {
    as_of: AsOf,
    layer: Layer,
    min_share: f64,
    pairs: Vec<Pair<'g>>,
}

#[derive(Serialize)]
struct Pair<'g> {
    owner: Entity<'g>,
    owned: Entity<'g>,
    effective: PercentRange,
}

pub(super) const COLUMNS: [Column; 7] = [
    Column::number("Effective", ""),
    Column::text("Owner", ""),
    Column::text("Owned", ""),
    Column::text("", "owner"),
    Column::text("", "owned"),
    Column::number("", "effective_min"),
    Column::number("", "effective_max"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let view = session.view();
        one_day(view)?;
        let answer = Answer::of(view, self.min_share, |_| true)?;
        let heading =
            format!("Effective shares of {} % or more as of {}, {} layer", self.min_share, answer.as_of, answer.layer);
        session.report(answer.report().heading(heading))
    }
}

impl<'g> Answer<'g> {
    /// The pairs whose owned entity is among some.
    pub(super) fn of(view: View<'g>, min_share: f64, among: impl Fn(NodeId) -> bool) -> Result<Self> {
        if !(0.0..=100.0).contains(&min_share) {
            return Err(Error::usage(format!("--min-share {min_share} is no percentage from 0 to 100")));
        }
        let mut pairs = Vec::new();
        ViewMatrix::in_order(view).effective_pairs_in(among, min_share, |owner, owned, effective| {
            let (owner, owned) = (view.graph().entity(owner), view.graph().entity(owned));
            pairs.push(Pair { owner, owned, effective });
        })?;
        Ok(Self { as_of: view.as_of(), layer: view.current_layer(), min_share, pairs })
    }

    /// The answer as a report.
    pub(super) fn report(&self) -> Report<'_> {
        Report::of(self, ("pairs", &self.pairs), COLUMNS, cells)
    }
}

fn cells(pair: &Pair<'_>) -> Vec<Cell> {
    vec![
        Cell::shown(phrases::range(&pair.effective)),
        Cell::shown(pair.owner.name()),
        Cell::shown(pair.owned.name()),
        Cell::raw(pair.owner.id()),
        Cell::raw(pair.owned.id()),
        Cell::raw(pair.effective.min.to_string()),
        Cell::raw(pair.effective.max.to_string()),
    ]
}
