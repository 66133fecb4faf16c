//! Answers as a tree, for a terminal: `owners-of --tree`, `holdings-of --tree`.

use super::owners_of::RowArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{OutputFormat, cut_at_the_limit, write_out};
use crate::cli::session::Session;
use crate::error::{Error, Result};
use crate::escape::terminal::TerminalLine;
use crate::export::chart::{self, ChartOptions};
use crate::export::tree::{Growth, to_string};
use crate::graph::NodeId;
use crate::query::neighbourhood::Reach;

/// Parties of a tree at most; what finds no room stands together on one line.
const PARTIES: usize = 500;

/// Writes the owners or the holdings of an entity as a tree.
pub(super) fn write(session: &Session, root: NodeId, growth: Growth, rows: &RowArgs) -> Result<Exit> {
    if session.output.format != OutputFormat::Table {
        return Err(Error::usage("--tree is text for people; leave out --format"));
    }
    if rows.min_share.is_some() {
        return Err(Error::usage("--min-share is about effective shares, which a tree does not show"));
    }
    let levels = if rows.direct { 1 } else { rows.depth.unwrap_or(u32::MAX) };
    let (up, down) = match growth {
        Growth::Owners => (levels, 0),
        Growth::Holdings => (0, levels),
    };
    let reach = Reach { up, down, parties: PARTIES, ..Reach::default() };
    let diagram = chart::around(session.view(), root, &ChartOptions { reach, ..ChartOptions::default() })?;
    let tree = to_string(&diagram, 0, growth);
    let mut lines = tree.lines();
    let limit = session.output.limit.map_or(usize::MAX, |limit| limit.saturating_add(1));
    let shown: String = lines
        .by_ref()
        .take(limit)
        .fold(String::new(), |text, line| format!("{text}{}\n", TerminalLine::of_table(line)));
    write_out(format!("{}\n{shown}", TerminalLine::new(&diagram.subtitle)).as_bytes())?;
    Ok(cut_at_the_limit(lines.count()))
}
