//! `cuibono beneficial-owners-of`

use super::controllers_of::reason;
use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::model::Share;
use crate::query::beneficial::{BeneficialOwners, Candidate, OwnerRow};
use crate::query::caveats::About;
use crate::query::rules::{Decides, Limit, Rule};
use crate::query::verdict::{SettledBy, Verdict};

/// Who is a beneficial owner of an entity under a rule of law
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
    /// The rule: eu-amlr, fincen, uk-psc or fatf (`cuibono rules` explains them); its text follows from the day
    #[arg(long, value_name = "RULE")]
    rule: String,
    /// Ownership counts when it is more than this, in percent, in place of the rule's figure
    #[arg(long, value_name = "P", conflicts_with = "at_least")]
    threshold: Option<f64>,
    /// Ownership counts when it is this or more, in percent, in place of the rule's figure
    #[arg(long, value_name = "P")]
    at_least: Option<f64>,
}

const COLUMNS: [Column; 13] = [
    Column::text("Status", "status"),
    Column::text("Party", ""),
    Column::number("Share", ""),
    Column::text("Test", ""),
    Column::text("Because", "because"),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::text("", "measure"),
    Column::text("", "article"),
    Column::number("", "share_min"),
    Column::number("", "share_max"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let rule = Rule::find(&self.rule, Decides::BeneficialOwner)?;
        let subject = session.resolve(&self.entity)?;
        let answer = session.view().beneficial_owners_of(subject, rule, self.limit()?)?;
        let report = Report::of(&answer, ("owners", &answer.owners), COLUMNS, cells)
            .heading(format!("Beneficial owners of {}", session.title(subject)))
            .heading(format!("{}: {}", rule.title, answer.version.reading))
            .heading(format!("as of {}, text of {}; {}", answer.as_of, answer.version.from, answer.version.source))
            .notes(notes(&answer));
        session.report_on(subject, About::Owners, report)
    }

    fn limit(&self) -> Result<Option<Limit>> {
        let Some(percent) = self.threshold.or(self.at_least) else {
            return Ok(None);
        };
        let share =
            Share::from_percent(percent).map_err(|error| Error::usage(format!("the threshold {percent} {error}")))?;
        Ok(Some(Limit { share, or_more: self.at_least.is_some() }))
    }
}

fn cells(row: &OwnerRow<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let because: Vec<String> = row.because.iter().map(reason).collect();
    let passed_over = "not registrable: a registrable company stands between";
    vec![
        Cell::text(row.status.as_str()),
        Cell::party(entity).and_line((row.registrable == Some(false)).then_some(passed_over)),
        Cell::shown(phrases::range(&row.share)),
        Cell::lines([format!("{} {}", row.measure, row.threshold), row.article.to_string()]),
        Cell::lines(&because).with_raw(because.join("; ")),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(row.measure),
        Cell::raw(row.article),
        Cell::raw(row.share.min.to_string()),
        Cell::raw(row.share.max.to_string()),
    ]
}

fn notes(answer: &BeneficialOwners<'_>) -> Vec<String> {
    let mut notes: Vec<String> = answer.candidates.iter().filter_map(settled).collect();
    for row in &answer.unresolved {
        let share = phrases::range(&row.share);
        notes.push(format!(
            "Nobody is stated behind {}, which would qualify ({} {share}, {})",
            row.entity.name(),
            row.measure,
            row.article
        ));
    }
    let none = answer.candidates.iter().filter(|candidate| candidate.verdict == Verdict::NotMet).count();
    if none > 0 {
        notes.push(format!("Not met by {none} further parties; --format json lists them."));
    }
    notes.extend(answer.warnings.iter().map(|warning| format!("Warning: {warning}")));
    notes
}

/// `Cannot tell for X: settled by the share of X in A (?): met from 62.5 %`
fn settled(candidate: &Candidate<'_>) -> Option<String> {
    if candidate.verdict != Verdict::CannotTell {
        return None;
    }
    let settled = candidate.tests.iter().find_map(|finding| finding.settled_by.as_ref())?;
    Some(format!("Cannot tell for {}: {}", candidate.entity.name(), words(settled)))
}

fn words(settled: &SettledBy<'_>) -> String {
    if let Some(note) = settled.note {
        return format!("settled by {note}");
    }
    let pair = format!("{} in {}", settled.owner.name(), settled.owned.name());
    let what = match settled.share {
        Some(share) => format!("the share of {pair} (stated: {share})"),
        None => format!("the weight of the right of {pair}"),
    };
    let met = settled.met_from.map(|share| format!("; met from {} %", phrases::percent(share)));
    let not = settled.not_met_below.map(|share| format!("; not met below {} %", phrases::percent(share)));
    format!("settled by {what}{}{}", met.unwrap_or_default(), not.unwrap_or_default())
}
