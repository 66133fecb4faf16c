//! `cuibono owners-of`

use crate::cli::exit::Exit;
use crate::cli::limits;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::export::tree::Growth;
use crate::model::{Mark, Share};
use crate::query::InterestAnswer;
use crate::query::caveats::About;
use crate::query::group::GroupShare;
use crate::query::owners::{OwnerRow, Owners, Rows};
use crate::query::register_statements::RegisterStatement;
use serde::Serialize;

/// Who owns an entity: directly, through every chain, and by control
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
    #[command(flatten)]
    rows: RowArgs,
    /// Only ultimate owners, those whom nobody owns in turn
    #[arg(long)]
    ultimate: bool,
    /// Several owners as one: a file with one per line, or ids and names separated by commas
    #[arg(long, value_name = "FILE-or-LIST")]
    group: Option<String>,
    /// A tree of the stated interests instead of a table
    #[arg(long, conflicts_with_all = ["ultimate", "group"])]
    tree: bool,
}

#[derive(Serialize)]
struct Answer<'a, 'g> {
    #[serde(flatten)]
    owners: &'a Owners<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupShare<'g>>,
}

/// Which rows are printed; all numbers come from the whole view.
#[derive(Debug, Clone, clap::Args)]
pub struct RowArgs {
    /// Only direct interests
    #[arg(long)]
    pub direct: bool,
    /// Only effective shares that can reach this, in percent
    #[arg(long, value_name = "P")]
    pub min_share: Option<f64>,
    /// Only parties at most this many interests away
    #[arg(long, value_name = "N")]
    pub depth: Option<u32>,
}

impl RowArgs {
    /// The rows that are wanted.
    pub fn rows(&self, ultimate: bool) -> Result<Rows> {
        if self.min_share.is_some_and(|share| !(0.0..=100.0).contains(&share)) {
            return Err(Error::usage("--min-share is percent: give a number from 0 to 100"));
        }
        Ok(Rows { direct: self.direct, ultimate, min_share: self.min_share, depth: self.depth })
    }
}

const COLUMNS: [Column; 15] = [
    Column::text("Control", "control"),
    Column::number("Effective", ""),
    Column::text("Owner", ""),
    Column::text("What is stated", ""),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::number("", "direct_min"),
    Column::number("", "direct_max"),
    Column::number("", "effective_min"),
    Column::number("", "effective_max"),
    Column::text("", "ultimate"),
    Column::number("", "distance"),
    Column::text("", "sources"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        if self.tree {
            return super::tree::write(session, subject, Growth::Owners, &self.rows);
        }
        let answer = session.view_in_time().owners_of(subject, self.rows.rows(self.ultimate)?)?;
        let members = self.group.as_ref().map(|group| session.resolve_list(group)).transpose()?;
        let group = members.map(|members| session.view().group_share(&members, subject)).transpose()?;
        let together = group.as_ref().map(together);
        let whole = Answer { owners: &answer, group };
        let report = Report::of(&whole, ("owners", &answer.owners), COLUMNS, cells)
            .heading(format!("Who owns {}", session.title(subject)))
            .heading(format!("as of {}, {} layer", answer.as_of, answer.layer))
            .notes(together)
            .notes(notes(&answer));
        let end = session.report_on(subject, About::Owners, report)?;
        Ok(if answer.partial { limits::answered_in_part() } else { end })
    }
}

/// `Together A and B hold 60 %; control: certain`
fn together(group: &GroupShare<'_>) -> String {
    let names: Vec<&str> = group.members.iter().map(|member| member.name()).collect();
    let control = group.control.as_str();
    format!("Together {} hold {}; control: {control}", names.join(", "), phrases::range(&group.effective))
}

fn cells(row: &OwnerRow<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let place = entity.jurisdiction().unwrap_or("?");
    let ultimate = if row.ultimate { ", ultimate" } else { "" };
    let direct = |end: fn(&crate::model::ShareRange) -> Share| {
        row.direct.map_or(String::new(), |share| end(&share).percent().to_string())
    };
    let sources: Vec<&str> = row.sources();
    vec![
        Cell::text(row.control.as_str()),
        Cell::shown(effective(row)),
        Cell::lines([phrases::name(entity.name()).into_owned(), format!("{}, {place}{ultimate}", entity.kind())]),
        Cell::lines(stated(row)),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(direct(|share| share.min())),
        Cell::raw(direct(|share| share.max())),
        Cell::raw(row.effective.min.to_string()),
        Cell::raw(row.effective.max.to_string()),
        Cell::raw(row.ultimate.to_string()),
        Cell::raw(row.distance.to_string()),
        Cell::raw(sources.join(" ")),
    ]
}

fn effective(row: &OwnerRow<'_>) -> String {
    if row.control_only {
        return "–".to_owned();
    }
    let about = if row.marks.has(Mark::Approximate) { "≈ " } else { "" };
    format!("{about}{}", phrases::range(&row.effective))
}

/// What the owner itself holds, with dates and sources, and where the chain below it becomes unknown.
fn stated(row: &OwnerRow<'_>) -> Vec<String> {
    let mut lines: Vec<String> = row.interests.iter().map(|interest| own_interest(row, interest)).collect();
    if let Some(unknown) = &row.first_unknown {
        match &row.last_stated {
            Some(link) if link.owner.node() != row.entity.node() => lines.push(format!(
                "last stated: {} holds {} of {}; below it: not stated",
                link.owner.name(),
                link.share,
                link.owned.name()
            )),
            Some(link) => lines.push(format!("below {}: not stated", link.owned.name())),
            None => lines.push(format!("{} in {}: not stated", unknown.owner.name(), unknown.owned.name())),
        }
    }
    let marks = phrases::marks(row.marks);
    if !marks.is_empty() {
        lines.push(format!("({marks})"));
    }
    lines
}

fn own_interest(row: &OwnerRow<'_>, interest: &InterestAnswer<'_>) -> String {
    let owned = row.name_of(interest.owned);
    let share = if interest.kind.is_capital() || !interest.share.is_unknown() {
        format!("{} of", interest.share)
    } else {
        "of".to_owned()
    };
    let kind = if interest.kind == crate::model::InterestKind::Shareholding { "" } else { interest.kind.words() };
    let dates = match (interest.start.to_string(), interest.end.to_string()) {
        (start, end) if start.is_empty() && end.is_empty() => String::new(),
        (start, end) if end.is_empty() => format!(", since {start}"),
        (start, end) if start.is_empty() => format!(", until {end}"),
        (start, end) => format!(", {start} to {end}"),
    };
    let sources =
        if interest.sources.is_empty() { String::new() } else { format!(" [{}]", interest.sources.join(" ")) };
    format!("{kind} {share} {owned}{dates}{sources}").trim_start().to_owned()
}

fn notes(answer: &Owners<'_>) -> Vec<String> {
    let mut notes = vec![format!("Held by nobody known: {}", phrases::range(&answer.unaccounted.range))];
    if let Some(unnamed) = &answer.unaccounted.unknown_parties {
        notes.push(format!("Held by ultimate owners without a name: {}", phrases::range(unnamed)));
    }
    for group in &answer.closed_groups {
        notes.push(format!(
            "Ends in a circle that nobody outside holds: {} {}",
            phrases::range(&group.share),
            group.members.join(", ")
        ));
    }
    for group in answer.circular_groups.iter() {
        notes.push(format!("Circle: {}", group.join(" ↔ ")));
    }
    if answer.owners.iter().any(|row| row.control_only) {
        notes.push("– under Effective: control without any share.".to_owned());
    }
    if answer.owners.iter().any(|row| !row.effective.is_exact()) {
        notes.push(
            "Each end of a range is attained by some shares that the sources allow; not all highs at once.".to_owned(),
        );
    }
    notes.extend(answer.register_statements.iter().map(register_statement));
    notes.extend(answer.warnings.iter().map(|warning| format!("Warning: {warning}")));
    notes.push("Sources: `cuibono sources`; everything on one party: `cuibono show ID`.".to_owned());
    notes
}

fn register_statement(statement: &RegisterStatement<'_>) -> String {
    let since = if statement.date.is_missing() { String::new() } else { format!(" ({})", statement.date) };
    format!("The register on {}{since}: {}", statement.entity.name(), statement.text)
}
