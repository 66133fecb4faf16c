//! `cuibono screen`

use super::controllers_of::reason;
use crate::cli::exit::Exit;
use crate::cli::lists::List;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::{Session, Whole};
use crate::cli::table::{Cell, Column};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::{Entity, NodeId};
use crate::query::rules::{Decides, Rule};
use crate::query::screen::{Blocked, Screening};
use serde::Serialize;

/// Which entities are blocked because listed parties own or control them (50 % rules)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The listed parties, one id or name per line; blank lines and lines that begin with # are skipped; - reads standard input
    #[arg(long, value_name = "FILE", required_unless_present = "listed_in_data")]
    listed: Option<String>,
    /// The rule: ofac, eu or uk (`cuibono rules` explains them); its text follows from the day
    #[arg(long, default_value = "ofac", value_name = "RULE")]
    rule: String,
    /// Parties that act jointly, separated by commas; for rules that do not add up unrelated holders; may be repeated
    #[arg(long, value_name = "PARTIES")]
    jointly: Vec<String>,
    /// Go on when a line matches nobody or several, and list it under `unmatched`
    #[arg(long)]
    allow_unmatched: bool,
    /// Go on when the list is empty
    #[arg(long)]
    allow_empty_list: bool,
    /// Entities that the data mark as listed count as listed too
    #[arg(long)]
    listed_in_data: bool,
    /// Refuse a list whose file was last changed more than this many days ago
    #[arg(long, value_name = "DAYS", requires = "listed")]
    max_list_age: Option<u64>,
}

/// A line of the list that names nobody, or several.
#[derive(Debug, Serialize)]
struct Unmatched<'g> {
    line: usize,
    text: String,
    /// Whom it may mean: all of these equally, or those that come nearest.
    candidates: Vec<Entity<'g>>,
    ambiguous: bool,
}

#[derive(Serialize)]
struct Answer<'a, 'g> {
    #[serde(flatten)]
    screening: &'a Screening<'g>,
    unmatched: &'a [Unmatched<'g>],
    /// Whether a party that is not among the blocked is clear as far as the data go.
    verdict: Verdict,
    /// Why that cannot be told.
    gaps: &'a [String],
}

/// What follows for a party that is not among the blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    /// The whole list was looked for in all of the data.
    Complete,
    /// Something was not read or not found: nothing follows.
    CannotTell,
}

pub(super) const COLUMNS: [Column; 10] = [
    Column::text("Status", "status"),
    Column::number("Held by blocked", ""),
    Column::text("Party", ""),
    Column::text("Because", "because"),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::number("", "aggregate_min"),
    Column::number("", "aggregate_max"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let rule = Rule::find(&self.rule, Decides::Blocking)?;
        let (listed, unmatched) = self.listed(session)?;
        let jointly = self.jointly.iter().map(|set| session.resolve_list(set)).collect::<Result<Vec<_>>>()?;
        let screening = session.view().screen(&listed, &jointly, rule)?;
        let gaps = self.gaps(session, &listed, &unmatched);
        let verdict = if gaps.is_empty() { Verdict::Complete } else { Verdict::CannotTell };
        let whole = Answer { screening: &screening, unmatched: &unmatched, verdict, gaps: &gaps };
        let cannot_tell = |gap: &String| format!("Cannot tell whether others are blocked: {gap}");
        let report = report(&whole, &screening)
            .heading(format!("{}: {}", rule.title, screening.version.reading))
            .heading(format!(
                "as of {}, text of {}; {}",
                screening.as_of, screening.version.from, screening.version.source
            ))
            .notes(unmatched.iter().map(|line| format!("Not matched: line {}: {}", line.line, line.text)))
            .notes(gaps.iter().map(cannot_tell))
            .notes(screening.warnings.iter().map(|warning| format!("Warning: {warning}")));
        session.report(report)
    }

    /// Why nothing follows for a party that is not among the blocked.
    fn gaps(&self, session: &Session, listed: &[NodeId], unmatched: &[Unmatched<'_>]) -> Vec<String> {
        let mut gaps: Vec<String> = session.view().caveats().iter().map(ToString::to_string).collect();
        if listed.is_empty() {
            gaps.push("empty-list: nobody that is listed was looked for".to_owned());
        }
        if !unmatched.is_empty() {
            gaps.push(format!("unmatched-lines: {} lines of the list match no entity, or several", unmatched.len()));
        }
        gaps
    }

    /// Refuses a list that is older than it may be.
    fn in_time(&self, file: &str) -> Result<()> {
        let Some(most) = self.max_list_age else { return Ok(()) };
        if file == "-" {
            return Err(Error::usage("--max-list-age needs a file: standard input has no age"));
        }
        let changed = std::fs::metadata(file).and_then(|metadata| metadata.modified());
        let changed = changed.map_err(|error| Error::io("cannot read", file, error))?;
        // A file of the future is new.
        let days = changed.elapsed().map_or(0, |age| age.as_secs() / DAY);
        if days <= most {
            return Ok(());
        }
        let message =
            format!("{file} was last changed {days} days ago, more than --max-list-age {most}: get the list anew");
        Err(Error::usage(message))
    }

    /// The listed parties, and the lines that name nobody or several.
    fn listed<'g>(&self, session: &'g Session) -> Result<(Vec<NodeId>, Vec<Unmatched<'g>>)> {
        let mut listed = Vec::new();
        let mut unmatched = Vec::new();
        if let Some(file) = &self.listed {
            let list = List::read(file)?;
            self.in_time(file)?;
            for (line, text) in list.lines() {
                match session.resolve_whole(text) {
                    Whole::One(node) => listed.push(node),
                    found if self.allow_unmatched => unmatched.push(not_matched(session, line, text, found)),
                    found => return Err(refused(session, file, line, text, &found)),
                }
            }
            if listed.is_empty() && unmatched.is_empty() && !self.allow_empty_list && !self.listed_in_data {
                let message = "the list is empty; --allow-empty-list if that is meant";
                return Err(Error::data(Location::of(file.as_str()), message));
            }
        }
        if self.listed_in_data {
            listed.extend(session.graph.nodes().filter(|&node| session.graph.entity(node).details().listed));
        }
        listed.sort_unstable();
        listed.dedup();
        Ok((listed, unmatched))
    }
}

/// A row for each blocked party, of an answer that holds the screening.
pub(super) fn report<'a>(answer: &'a impl Serialize, screening: &'a Screening<'_>) -> Report<'a> {
    Report::of(answer, ("blocked", &screening.blocked), COLUMNS, cells)
}

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

fn not_matched<'g>(session: &'g Session, line: usize, text: &str, found: Whole) -> Unmatched<'g> {
    let ambiguous = matches!(found, Whole::Several(_));
    let candidates = found.nodes().iter().map(|&node| session.graph.entity(node)).collect();
    Unmatched { line, text: text.to_owned(), candidates, ambiguous }
}

fn refused(session: &Session, file: &str, line: usize, text: &str, found: &Whole) -> Error {
    let (kind, what) = match found {
        Whole::None(_) => (ErrorKind::NotFound, "no entity has this id or name"),
        _ => (ErrorKind::Ambiguous, "several entities have this name"),
    };
    let message = format!("{file}:{line}: {what}: {text:?}");
    let mut more = Vec::new();
    if !found.nodes().is_empty() {
        more.push(if kind == ErrorKind::NotFound { "  did you mean" } else { "  say which one by its id" }.to_owned());
        more.extend(found.nodes().iter().map(|&node| format!("    {}", session.described(node))));
    }
    more.push("  --allow-unmatched goes on without such lines".to_owned());
    Error::with_lines(kind, message, more)
}

fn cells(row: &Blocked<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let because: Vec<String> = row.because.iter().map(reason).collect();
    vec![
        Cell::text(row.status.as_str()),
        Cell::shown(phrases::range(&row.aggregate)),
        Cell::party(entity),
        Cell::lines(&because).with_raw(because.join("; ")),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(row.aggregate.min.to_string()),
        Cell::raw(row.aggregate.max.to_string()),
    ]
}
