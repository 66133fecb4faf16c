//! `cuibono paths`

use crate::cli::exit::Exit;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::query::paths::Path;

/// The chains by which one entity holds another, strongest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The owner
    from: String,
    /// The owned entity
    to: String,
    /// Chains at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    max: usize,
}

const COLUMNS: [Column; 5] = [
    Column::number("Product", ""),
    Column::text("Chain", ""),
    Column::number("", "product_min"),
    Column::number("", "product_max"),
    Column::text("", "entities"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let (from, to) = (session.resolve(&self.from)?, session.resolve(&self.to)?);
        let answer = session.view().paths(from, to, self.max)?;
        let more = (!answer.complete).then(|| "There are more chains than these; --max shows more.".to_owned());
        let reverse = answer
            .paths
            .is_empty()
            .then(|| format!("No chain leads from {} down to {}.", session.title(from), session.title(to)));
        let report = Report::of(&answer, ("paths", &answer.paths), COLUMNS, cells)
            .heading(format!("How {} holds {}", session.title(from), session.title(to)))
            .heading(format!("as of {}", answer.as_of))
            .notes(more.into_iter().chain(reverse));
        session.report(report)
    }
}

fn cells(path: &Path<'_>) -> Vec<Cell> {
    let mut chain: Vec<String> = path.entities.first().map(|entity| entity.name().to_owned()).into_iter().collect();
    for (entity, step) in path.entities.iter().skip(1).zip(&path.interests) {
        let how = step.share.map_or_else(|| step.kinds.join(", "), |share| share.to_string());
        let sources = if step.sources.is_empty() { String::new() } else { format!(" [{}]", step.sources.join(" ")) };
        chain.push(format!("→ {how} → {}{sources}", phrases::name(entity.name())));
    }
    let ids: Vec<&str> = path.entities.iter().map(|entity| entity.id()).collect();
    vec![
        Cell::shown(phrases::range(&path.product)),
        Cell::lines(chain),
        Cell::raw(path.product.min.to_string()),
        Cell::raw(path.product.max.to_string()),
        Cell::raw(ids.join(" > ")),
    ]
}
