//! `cuibono show`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::Result;
use crate::graph::{EdgeId, Entity, Joined, View};
use crate::model::entity::EntityDetails;
use crate::model::{AsOf, Identifier, PartialDate, Source};
use crate::query::{InterestAnswer, presence_word};
use serde::Serialize;
use std::collections::BTreeSet;

/// One entity with all its statements and sources, whatever their day
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    entity: String,
}

#[derive(Serialize)]
struct Card<'g> {
    entity: Entity<'g>,
    as_of: AsOf,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    founded: Option<PartialDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dissolved: Option<PartialDate>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    owners_complete: bool,
    #[serde(flatten)]
    details: &'g EntityDetails,
    /// The records that were joined into this entity, and why.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    joined: &'g [Joined],
    interests: Vec<DatedInterest<'g>>,
    source_list: Vec<&'g Source>,
}

#[derive(Serialize)]
struct DatedInterest<'g> {
    /// `owns` or `owned-by`, seen from the entity.
    direction: &'static str,
    /// Whether it exists on the day.
    on_day: &'static str,
    #[serde(flatten)]
    interest: InterestAnswer<'g>,
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
        let entity = session.graph.entity(subject);
        let mut interests: Vec<DatedInterest<'_>> =
            session.graph.held_in(subject).map(|edge| dated(view, edge, "owned-by")).collect();
        interests.extend(session.graph.held_by(subject).map(|edge| dated(view, edge, "owns")));
        let ids: BTreeSet<&str> = interests
            .iter()
            .flat_map(|interest| interest.interest.sources)
            .chain(&entity.details().sources)
            .chain(entity.details().facts.iter().flat_map(|fact| &fact.sources))
            .map(String::as_str)
            .collect();
        let source_list = ids.into_iter().filter_map(|id| session.graph.source(id)).collect();
        let card = Card {
            entity,
            as_of: view.as_of(),
            identifiers: entity.identifiers().collect(),
            founded: entity.founded(),
            dissolved: entity.dissolved(),
            owners_complete: entity.owners_complete(),
            details: entity.details(),
            joined: entity.joined(),
            interests,
            source_list,
        };
        let mut table = Table::new(COLUMNS);
        table.rows = card.interests.iter().map(|interest| cells(session, interest)).collect();
        let mut report = Report::new(&card, "interests", table).heading(session.title(subject));
        report.heading.extend(lines(&card));
        report.notes.extend(card.details.facts.iter().map(|fact| {
            format!("{} {}: {} [{}]", fact.date, fact.kind, fact.text, fact.sources.join(" ")).trim_start().to_owned()
        }));
        report.notes.extend(card.source_list.iter().map(|source| super::sources::line(source)));
        session.output.report(report)
    }
}

fn dated<'g>(view: View<'g>, edge: EdgeId, direction: &'static str) -> DatedInterest<'g> {
    let interest = InterestAnswer::of(view.graph().stake(edge));
    DatedInterest { direction, on_day: presence_word(view.presence(edge)), interest }
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
    let marks = if marks.is_empty() { marks } else { format!("\n({marks})") };
    let dates = format!("{} to {}", or(interest.start.to_string()), or(interest.end.to_string()));
    vec![
        Cell::text(dated.on_day),
        Cell::shown(format!("{what}\n{} {}{share}{marks}", interest.id, interest.kind.words())),
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
