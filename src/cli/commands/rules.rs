//! `cuibono rules`

use crate::cli::exit::Exit;
use crate::cli::output::{Output, Report};
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;
use crate::model::Layer;
use crate::query::rules::{Decides, Measure, RULES, Rule, Test, Version};
use serde::Serialize;

/// The rules of law that the program knows: tests, dates, sources
#[derive(Debug, clap::Args)]
pub struct Args {}

#[derive(Serialize)]
struct Answer {
    rules: &'static [Rule],
}

const COLUMNS: [Column; 7] = [
    Column::text("Rule", "rule"),
    Column::text("From", "from"),
    Column::text("Used by", "decides"),
    Column::text("Tests, any of which suffices", "tests"),
    Column::text("Adds up", "adds_up"),
    Column::text("Source", "source"),
    Column::text("", "reading"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, output: &Output) -> Result<Exit> {
        let mut table = Table::new(COLUMNS);
        table.rows = RULES.iter().flat_map(|rule| rule.versions.iter().map(|version| cells(rule, version))).collect();
        let whole = Answer { rules: RULES };
        let report = Report::new(&whole, "rules", table)
            .heading("Rules of law as parameters; not legal advice")
            .notes(["How each text was read: `cuibono rules --format json`.".to_owned()]);
        output.report(&report)
    }
}

fn cells(rule: &Rule, version: &Version) -> Vec<Cell> {
    let tests: Vec<String> = version.tests.iter().map(described).collect();
    let adds_up = match version.adds_up {
        crate::query::rules::AddsUp::Everybody => "everybody's holdings",
        crate::query::rules::AddsUp::OneParty => "one party with what it controls",
    };
    vec![
        Cell::lines([rule.id, rule.title]).with_raw(rule.id),
        Cell::text(version.from),
        Cell::text(command(rule.decides)),
        Cell::lines(&tests).with_raw(tests.join("; ")),
        Cell::text(adds_up),
        Cell::text(version.source),
        Cell::raw(version.reading),
    ]
}

fn command(decides: Decides) -> &'static str {
    match decides {
        Decides::Blocking => "screen",
        Decides::BeneficialOwner => "beneficial-owners-of",
        Decides::UltimateParent => "controllers-of",
        Decides::CloseLink => "close-links",
    }
}

/// `effective capital or votes ≥ 25 % (art. 52)`
fn described(test: &Test) -> String {
    let layers: Vec<String> = test.layers.iter().map(Layer::to_string).collect();
    let limit = test.limit;
    let what = match test.measure {
        Measure::Holdings => format!("{} held by the set {limit}", layers.join(" or ")),
        Measure::Effective => format!("effective {} {limit}", layers.join(" or ")),
        Measure::Attributed => format!("attributed {} {limit}", layers.join(" or ")),
        Measure::HeldByControlled => format!("{} held by what the party controls {limit}", layers.join(" or ")),
        Measure::InController => format!("effective {} {limit} in an entity that controls it", layers.join(" or ")),
        Measure::Control => format!("control: votes {limit} or a right"),
        Measure::Right => "a right that gives control".to_owned(),
        Measure::Office(_) => "senior managing official".to_owned(),
        Measure::OfficeIfNobody(_) => "senior managing official, where nobody else qualifies".to_owned(),
        Measure::Consolidation => "reported consolidating parent".to_owned(),
    };
    format!("{what} ({})", test.article)
}
