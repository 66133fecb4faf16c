//! `cuibono holdings-of`

use super::owners_of::RowArgs;
use crate::cli::exit::Exit;
use crate::cli::limits;
use crate::cli::output::Report;
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::Result;
use crate::export::tree::Growth;
use crate::graph::{Entity, NodeId};
use crate::query::caveats::About;
use crate::query::owners::{HoldingRow, Holdings};
use serde::Serialize;

/// What an entity holds: directly, through every chain, and by control
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The owner: an id, an identifier, a name or the start of one
    #[arg(required_unless_present = "group")]
    entity: Option<String>,
    #[command(flatten)]
    rows: RowArgs,
    /// Several owners as one: a file with one per line, or ids and names separated by commas
    #[arg(long, value_name = "FILE-or-LIST")]
    group: Option<String>,
    /// A tree of the stated interests instead of a table
    #[arg(long, conflicts_with = "group")]
    tree: bool,
}

#[derive(Serialize)]
struct Answer<'a, 'g> {
    #[serde(flatten)]
    holdings: &'a Holdings<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Group<'g>>,
}

#[derive(Serialize)]
struct Group<'g> {
    members: Vec<Entity<'g>>,
}

const COLUMNS: [Column; 14] = [
    Column::text("Control", "control"),
    Column::number("Effective", ""),
    Column::number("Direct", ""),
    Column::text("Entity", ""),
    Column::text("Cautions", "marks"),
    Column::text("", "id"),
    Column::text("", "name"),
    Column::text("", "kind"),
    Column::text("", "jurisdiction"),
    Column::number("", "direct_min"),
    Column::number("", "direct_max"),
    Column::number("", "effective_min"),
    Column::number("", "effective_max"),
    Column::number("", "distance"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let owners = self.owners(session)?;
        if let (true, [owner]) = (self.tree, owners.as_slice()) {
            return super::tree::write(session, *owner, Growth::Holdings, &self.rows);
        }
        let answer = session.view_in_time().holdings_of(&owners, self.rows.rows(false)?)?;
        let warnings = answer.warnings.iter().map(|warning| format!("Warning: {warning}"));
        let members = || owners.iter().map(|&owner| session.graph.entity(owner)).collect();
        let group = self.group.is_some().then(|| Group { members: members() });
        let titles: Vec<String> = owners.iter().map(|&owner| session.title(owner)).collect();
        let verb = if owners.len() > 1 { "hold together" } else { "holds" };
        let whole = Answer { holdings: &answer, group };
        let report = Report::of(&whole, ("holdings", &answer.holdings), COLUMNS, cells)
            .heading(format!("What {} {verb}", titles.join(", ")))
            .heading(format!("as of {}, {} layer", answer.as_of, answer.layer))
            .notes(warnings);
        let end = match owners.as_slice() {
            [owner] => session.report_on(*owner, About::Holdings, report)?,
            _ => session.report(report)?,
        };
        Ok(if answer.partial { limits::answered_in_part() } else { end })
    }

    /// The entity and the members of the group.
    fn owners(&self, session: &Session) -> Result<Vec<NodeId>> {
        let entity = self.entity.as_ref().map(|entity| session.resolve(entity)).transpose()?;
        let group = self.group.as_ref().map(|group| session.resolve_list(group)).transpose()?.unwrap_or_default();
        let others = group.into_iter().filter(|&member| Some(member) != entity);
        Ok(entity.into_iter().chain(others).collect())
    }
}

fn cells(row: &HoldingRow<'_>) -> Vec<Cell> {
    let entity = row.entity;
    let effective = if row.control_only { "control only".to_owned() } else { phrases::range(&row.effective) };
    let (low, high) = row.direct.map_or((String::new(), String::new()), |share| {
        (share.min().percent().to_string(), share.max().percent().to_string())
    });
    vec![
        Cell::text(row.control.as_str()),
        Cell::shown(effective),
        Cell::shown(phrases::stated(row.direct)),
        Cell::party(entity),
        Cell::text(phrases::marks(row.marks)),
        Cell::raw(entity.id()),
        Cell::raw(entity.name()),
        Cell::raw(entity.kind().as_str()),
        Cell::raw(entity.jurisdiction().unwrap_or("")),
        Cell::raw(low),
        Cell::raw(high),
        Cell::raw(row.effective.min.to_string()),
        Cell::raw(row.effective.max.to_string()),
        Cell::raw(row.distance.to_string()),
    ]
}
