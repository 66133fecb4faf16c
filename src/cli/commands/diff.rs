//! `cuibono diff`

use super::timeline::{COLUMNS, cells};
use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::model::{AsOf, Day};
use std::str::FromStr;

/// What changed between two days
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The earlier day
    #[arg(long, value_name = "DATE", value_parser = AsOf::from_str)]
    from: AsOf,
    /// The later day
    #[arg(long, value_name = "DATE", value_parser = AsOf::from_str)]
    to: AsOf,
    /// Only what lies above this entity, and who gained or lost control of it
    entity: Option<String>,
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = self.entity.as_deref().map(|entity| session.resolve(entity)).transpose()?;
        let (from, to) = (day("--from", self.from)?, day("--to", self.to)?);
        if to < from {
            return Err(Error::usage(format!("--from {from} is later than --to {to}")));
        }
        let answer = session.view().difference((from, to), subject)?;
        let around = subject.map_or("all data".to_owned(), |subject| session.title(subject));
        let report = Report::of(&answer, ("events", &answer.events), COLUMNS, cells)
            .heading(format!("What changed around {around}"))
            .heading(format!("from {from} to {to}"));
        session.report(report)
    }
}

fn day(flag: &str, as_of: AsOf) -> Result<Day> {
    match as_of {
        AsOf::Day(day) => Ok(day),
        AsOf::All => Err(Error::usage(format!("{flag} takes one day, not all"))),
    }
}
