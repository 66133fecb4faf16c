//! `cuibono controlled-by`

use super::controllers_of::{COLUMNS, ThresholdArgs, cells};
use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::error::Result;
use crate::query::caveats::About;

/// What an entity controls, certainly or possibly, and why
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The controller: an id, an identifier, a name or the start of one
    entity: String,
    #[command(flatten)]
    threshold: ThresholdArgs,
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().controlled_by(&[subject], self.threshold.threshold()?)?;
        let warnings = answer.warnings.iter().map(|warning| format!("Warning: {warning}"));
        let report = Report::of(&answer, ("controlled", &answer.controlled), COLUMNS, cells)
            .heading(format!("What {} controls", session.title(subject)))
            .heading(format!("as of {}", answer.as_of))
            .notes(warnings);
        session.report_on(subject, About::Holdings, report)
    }
}
