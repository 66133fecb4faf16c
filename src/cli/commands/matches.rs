//! `cuibono matches`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::graph::NodeId;
use crate::search::possible_matches;
use serde::Serialize;

/// Records that were joined into one entity, and records that may be one party
///
/// Joined are records with an equal identifier, such as an LEI or a company number. Possible matches rest on names, places
/// and dates and are never joined by themselves. To decide, write the list to a file (--format csv), put same or different
/// into the column verdict, and give the file with --matches: a pair called same is joined, a pair called different stays
/// apart, whatever its identifiers.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Leave out possible matches with a lower score (from 0 to 1)
    #[arg(long, value_name = "SCORE", default_value_t = 0.7)]
    min_score: f64,
}

#[derive(Serialize)]
struct Answer<'g> {
    /// Entities that were made of several records.
    joined_entities: usize,
    matches: Vec<Match<'g>>,
}

#[derive(Serialize)]
struct Match<'g> {
    /// `joined` or `possible`.
    status: &'static str,
    a: Party<'g>,
    b: Party<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    reasons: Vec<&'g str>,
}

#[derive(Serialize)]
struct Party<'g> {
    id: &'g str,
    name: &'g str,
}

const COLUMNS: [Column; 9] = [
    Column::text("Status", "status"),
    Column::number("Score", "score"),
    Column::text("Records", ""),
    Column::text("Why", "reasons"),
    Column::text("", "a"),
    Column::text("", "b"),
    Column::text("", "verdict"),
    Column::text("", "a_name"),
    Column::text("", "b_name"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(Error::usage("a score lies between 0 and 1"));
        }
        let graph = &session.graph;
        let party = |node: NodeId| {
            let entity = graph.entity(node);
            Party { id: entity.id(), name: entity.name() }
        };
        let mut matches = Vec::new();
        let mut joined_entities = 0;
        for node in graph.nodes() {
            let joined = graph.entity(node).joined();
            joined_entities += usize::from(!joined.is_empty());
            matches.extend(joined.iter().map(|record| Match {
                status: "joined",
                a: party(node),
                b: Party { id: &record.id, name: &record.name },
                score: None,
                reasons: vec![&record.reason],
            }));
        }
        matches.extend(possible_matches(graph, self.min_score).into_iter().map(|pair| Match {
            status: "possible",
            a: party(pair.a),
            b: party(pair.b),
            // Two decimals are all that the score means.
            score: Some((pair.score * 100.0).round() / 100.0),
            reasons: pair.reasons,
        }));
        let answer = Answer { joined_entities, matches };
        let possible = answer.matches.iter().filter(|found| found.status == "possible").count();
        let report = Report::of(&answer, ("matches", &answer.matches), COLUMNS, cells).heading(format!(
            "{joined_entities} entities were joined from several records; {possible} pairs may be one party"
        ));
        let how = "To decide: cuibono matches --format csv > matches.csv, write same or different into the column verdict, \
                   then give --matches matches.csv.";
        session.report(if possible > 0 { report.notes([how.to_owned()]) } else { report })
    }
}

fn cells(found: &Match<'_>) -> Vec<Cell> {
    let score = found.score.map_or_else(String::new, |score| format!("{score:.2}"));
    vec![
        Cell::text(found.status),
        Cell::text(score),
        Cell::lines([&found.a, &found.b].map(|party| format!("{} ({})", phrases::name(party.name), party.id))),
        Cell::text(found.reasons.join(", ")),
        Cell::raw(found.a.id),
        Cell::raw(found.b.id),
        Cell::raw(""),
        Cell::raw(found.a.name),
        Cell::raw(found.b.name),
    ]
}
