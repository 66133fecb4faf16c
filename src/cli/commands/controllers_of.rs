//! `cuibono controllers-of`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::model::Share;
use crate::query::caveats::About;
use crate::query::control::Threshold;
use crate::query::controllers::{Because, ControlRow};

/// Who controls an entity, certainly or possibly, and why
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
    #[command(flatten)]
    threshold: ThresholdArgs,
}

/// How much of the votes control takes.
#[derive(Debug, Clone, clap::Args)]
pub struct ThresholdArgs {
    /// Control takes more than this share of the votes, in percent [default: 50]
    #[arg(long, value_name = "P", conflicts_with = "at_least")]
    threshold: Option<f64>,
    /// Control takes this share of the votes or more, in percent
    #[arg(long, value_name = "P")]
    at_least: Option<f64>,
}

impl ThresholdArgs {
    /// The threshold that is wanted.
    pub fn threshold(&self) -> Result<Threshold> {
        let share = |flag: &str, percent: f64| {
            Share::from_percent(percent).map_err(|error| Error::usage(format!("{flag} {percent} {error}")))
        };
        match (self.threshold, self.at_least) {
            (_, Some(percent)) => Ok(Threshold::AtLeast(share("--at-least", percent)?)),
            (Some(percent), None) => Ok(Threshold::MoreThan(share("--threshold", percent)?)),
            (None, None) => Ok(Threshold::default()),
        }
    }
}

/// The columns of a list of controllers or controlled entities.
pub const COLUMNS: [Column; 8] = [
    Column::text("Control", "control"),
    Column::text("Ultimate", "ultimate"),
    Column::text("Party", ""),
    Column::text("Because", "because"),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().controllers_of(subject, self.threshold.threshold()?)?;
        let itself = answer.controls_itself.then(|| "It controls itself through what it controls.".to_owned());
        let warnings = answer.warnings.iter().map(|warning| format!("Warning: {warning}"));
        let report = Report::of(&answer, ("controllers", &answer.controllers), COLUMNS, cells)
            .heading(format!("Who controls {}", session.title(subject)))
            .heading(format!("as of {}", answer.as_of))
            .notes(itself.into_iter().chain(warnings));
        session.report_on(subject, About::Owners, report)
    }
}

/// The row of a controller or a controlled entity.
pub fn cells(row: &ControlRow<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let because: Vec<String> = row.because.iter().map(reason).collect();
    let ultimate = if row.ultimate { "yes" } else { "no" };
    vec![
        Cell::text(row.control.as_str()),
        Cell::both(ultimate, row.ultimate.to_string()),
        Cell::party(entity),
        Cell::lines(&because).with_raw(because.join("; ")),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
    ]
}

/// `NOAL SCSp holds 70 % of the votes in Triangle Holdings S.A. [S12 S16]`
pub fn reason(step: &Because<'_>) -> String {
    let what = match &step.share {
        Some(share) if step.kind == "capital" => format!("holds {share} of"),
        Some(share) => format!("holds {share} of the votes in"),
        None => format!("is {} of", words(step.kind)),
    };
    let sources = if step.sources.is_empty() { String::new() } else { format!(" [{}]", step.sources.join(" ")) };
    format!("{} {what} {}{sources}", step.owner.name(), step.owned.name())
}

fn words(kind: &str) -> &str {
    kind.parse::<crate::model::InterestKind>().map_or(kind, |kind| kind.words())
}
