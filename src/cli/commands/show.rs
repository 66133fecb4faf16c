//! `cuibono show`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::card::{Card, DatedInterest};

/// One entity with all its statements and sources, whatever their day
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
}

const COLUMNS: [Column; 8] = [
    Column::text("On day", "on_day"),
    Column::text("Interest", ""),
    Column::text("Dates", ""),
    Column::text("Confidence", "confidence"),
    Column::text("Sources", "sources"),
    Column::text("", "id"),
    Column::text("", "owner"),
    Column::text("", "owned"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let subject = session.resolve(&self.entity)?;
        let view = session.view();
        let card = view.card(subject);
        let mut report =
            Report::of(&card, ("interests", &card.interests), COLUMNS, |interest| cells(session, interest))
                .heading(session.title(subject));
        report.heading.extend(lines(&card));
        report.notes.extend(card.details.facts.iter().map(|fact| {
            format!("{} {}: {} [{}]", fact.date, fact.kind, fact.text, fact.sources.join(" ")).trim_start().to_owned()
        }));
        report.notes.extend(card.source_list.iter().map(|source| super::sources::line(source)));
        session.report(report)
    }
}

fn cells(session: &Session, dated: &DatedInterest<'_>) -> Vec<Cell> {
    let interest = &dated.interest;
    let name = |id: &str| session.graph.node_by_id(id).map_or(id, |node| session.graph.entity(node).name()).to_owned();
    let what = match dated.direction {
        "owns" => format!("→ {}", name(interest.owned)),
        _ => format!("← {}", name(interest.owner)),
    };
    let share = if interest.kind.is_capital() || !interest.share.is_unknown() {
        format!(" {}", interest.share)
    } else {
        String::new()
    };
    let marks = phrases::marks(interest.marks);
    let marks = (!marks.is_empty()).then(|| format!("({marks})"));
    let kind = format!("{} {}{share}", interest.id, interest.kind.words());
    let dates = format!("{} to {}", or(interest.start.to_string()), or(interest.end.to_string()));
    vec![
        Cell::text(dated.on_day),
        Cell::lines([what, kind].into_iter().chain(marks)),
        Cell::shown(dates),
        Cell::text(format!("{:?}", interest.confidence).to_lowercase()),
        Cell::text(interest.sources.join(" ")),
        Cell::raw(interest.id.as_str()),
        Cell::raw(interest.owner),
        Cell::raw(interest.owned),
    ]
}

fn or(date: String) -> String {
    if date.is_empty() { "?".to_owned() } else { date }
}

/// What is known of the entity itself, a line each.
fn lines(card: &Card<'_>) -> Vec<String> {
    let details = card.details;
    let list = |label: &str, names: &[String]| (!names.is_empty()).then(|| format!("{label}: {}", names.join("; ")));
    let numbers: Vec<String> = card.identifiers.iter().map(ToString::to_string).collect();
    [
        card.mixed_script.map(|word| format!("mixed script: the word {word} holds letters that only look alike")),
        details.legal_form.as_ref().map(|form| format!("legal form: {form}")),
        list("also known as", &details.aliases),
        list("formerly", &details.former_names),
        list("identifiers", &numbers),
        card.founded.map(|date| format!("founded: {date}")),
        card.dissolved.map(|date| format!("dissolved: {date}")),
        details.listed.then(|| "listed".to_owned()),
        list("topics", &details.topics),
        details.note.clone(),
    ]
    .into_iter()
    .flatten()
    .chain(card.joined.iter().map(|joined| format!("joined with {} ({}): {}", joined.id, joined.name, joined.reason)))
    .collect()
}
