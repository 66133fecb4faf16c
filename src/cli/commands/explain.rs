//! `cuibono explain`

use super::controllers_of::reason;
use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::explain::{Chain, Equation, Explanation};

/// Where a figure comes from: chains, arithmetic, equations, proof of control, statements and sources
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The owner: an id, an identifier, a name or the start of one
    owner: String,
    /// The entity that it owns or controls
    entity: String,
    /// Show at most this many chains, strongest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    chains: usize,
}

const COLUMNS: [Column; 5] = [
    Column::text("Chain", "chain"),
    Column::text("Arithmetic", "arithmetic"),
    Column::text("Sources", "sources"),
    Column::number("", "product_min"),
    Column::number("", "product_max"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let owner = session.resolve(&self.owner)?;
        let entity = session.resolve(&self.entity)?;
        let answer = session.view().explain(owner, entity, self.chains)?;
        let share = phrases::range(&answer.effective);
        let report = Report::of(&answer, ("chains", &answer.chains), COLUMNS, cells)
            .heading(format!("{} has an effective share of {share} in {}", session.title(owner), session.title(entity)))
            .heading(format!("as of {}, {} layer", answer.as_of, answer.layer))
            .notes(sums(&answer))
            .notes(equations(&answer))
            .notes(control(&answer))
            .notes(evidence(&answer));
        session.report(report)
    }
}

fn cells(chain: &Chain<'_>) -> Vec<Cell> {
    let names: Vec<&str> = chain.path.entities.iter().map(|entity| entity.name()).collect();
    let ids: Vec<&str> = chain.path.entities.iter().map(|entity| entity.id()).collect();
    let sources: Vec<String> = chain.path.interests.iter().map(|step| step.sources.join(" ")).collect();
    vec![
        Cell::lines(phrases::chain(&names)).with_raw(ids.join(" ")),
        Cell::text(&chain.arithmetic),
        Cell::lines(&sources).with_raw(sources.join("; ")),
        Cell::raw(chain.path.product.min.to_string()),
        Cell::raw(chain.path.product.max.to_string()),
    ]
}

fn sums(answer: &Explanation<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let shares = answer.chains.iter().filter(|chain| chain.path.interests.iter().all(|step| step.share.is_some()));
    let count = shares.count();
    if count > 1 {
        let which = if answer.chains_complete { "All" } else { "The strongest" };
        let mut note = format!("{which} {count} chains of shares add up to {}", phrases::range(&answer.sum));
        if answer.sum.max > answer.effective.max {
            note.push_str("; not all of them can be at their highest at once");
        }
        notes.push(note + ".");
    }
    if !answer.chains_complete {
        notes.push("There are more chains: --chains shows more.".to_owned());
    }
    if answer.circular {
        notes.push(
            "Entities between own one another: walks round the circle count too, so the share solves this system."
                .to_owned(),
        );
    }
    notes
}

/// In a circle the whole system; elsewhere what the chains alone do not show.
fn equations(answer: &Explanation<'_>) -> Vec<String> {
    let says_more = |equation: &&Equation<'_>| {
        let last = equation.entity.node() == answer.entity.node() && equation.terms.len() > 1;
        equation.circle || equation.capped || equation.floor || last
    };
    let mut notes: Vec<String> = answer.equations.iter().filter(says_more).map(line).collect();
    if !answer.equations_complete {
        notes.push("There are more equations than are shown.".to_owned());
    }
    notes
}

fn line(equation: &Equation<'_>) -> String {
    let end = match equation.end {
        "low" => "At least: ",
        "high" => "At most: ",
        _ => "",
    };
    let capped = if equation.capped { " (all owners together cannot hold more than 100 %)" } else { "" };
    format!("{end}{}{capped}", equation.text)
}

fn control(answer: &Explanation<'_>) -> Vec<String> {
    let votes = phrases::range(&answer.votes);
    let mut notes = vec![format!(
        "Control: {}; {} and what it controls hold {votes} of the votes.",
        answer.control.as_str(),
        answer.owner.name()
    )];
    notes.extend(answer.because.iter().map(|step| format!("  {}", reason(step))));
    notes
}

fn evidence(answer: &Explanation<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for rival in &answer.set_aside {
        let sources = rival.sources.join(" ");
        notes.push(format!("Set aside: {} in {}: {} [{sources}]", rival.owner, rival.owned, rival.share));
    }
    notes.extend(answer.sources.iter().map(|source| format!("{}: {}", source.id, source.title)));
    notes
}
