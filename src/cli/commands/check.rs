//! `cuibono check`

use crate::cli::exit::Exit;
use crate::cli::output::{CsvCells, Output, OutputFormat, Report};
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::model::AsOf;
use crate::problem::{Rule, Severity};
use crate::query::check::Finding;
use clap::ValueEnum;
use serde::Serialize;

/// What is wrong, contradictory or missing in the data
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End with exit code 1 when a finding of this severity or a graver one is present
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Explain the rules instead
    #[arg(long)]
    pub rules: bool,
}

/// From which severity on `check` fails.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
}

impl From<FailOn> for Severity {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        }
    }
}

#[derive(Serialize)]
struct Rules {
    rules: Vec<RuleRow>,
}

#[derive(Serialize)]
struct RuleRow {
    rule: &'static str,
    severity: Severity,
    explanation: &'static str,
}

const COLUMNS: [Column; 4] = [
    Column::text("Severity", "severity"),
    Column::text("Rule", "rule"),
    Column::text("Record", "record"),
    Column::text("Finding", "message"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let view = match session.as_of_given() {
            Some(_) => session.view(),
            None => session.graph.view(AsOf::All),
        };
        let answer = view.check();
        let counts = answer.counts.iter().map(|(rule, count)| format!("{rule}: {count}"));
        let report = Report::of(&answer, ("findings", &answer.findings), COLUMNS, cells)
            .heading(format!("Findings about the data, shares judged as of {}", answer.as_of))
            .notes(counts);
        let exit = session.report(report)?;
        let fails = self.fail_on.is_some_and(|level| answer.reaches(level.into()));
        Ok(if fails && exit == Exit::Answer { Exit::Nothing } else { exit })
    }

    /// Explains the rules.
    pub fn explain(&self, format: OutputFormat) -> Result<Exit> {
        let rules = Rule::all().map(|rule| RuleRow {
            rule: rule.id(),
            severity: rule.severity(),
            explanation: rule.explanation(),
        });
        let answer = Rules { rules: rules.collect() };
        let columns = [
            Column::text("Rule", "rule"),
            Column::text("Severity", "severity"),
            Column::text("Explanation", "explanation"),
        ];
        let row =
            |row: &RuleRow| vec![Cell::text(row.rule), Cell::text(word(row.severity)), Cell::text(row.explanation)];
        let output = Output { format, csv: CsvCells::Safe, limit: None, quiet: false };
        output.report(&Report::of(&answer, ("rules", &answer.rules), columns, row))
    }
}

fn cells(finding: &Finding) -> Vec<Cell> {
    vec![
        Cell::text(word(finding.severity)),
        Cell::text(finding.rule),
        Cell::text(finding.record.as_str()),
        Cell::text(finding.message.as_str()),
    ]
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
