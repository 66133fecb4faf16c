//! Beneficial Ownership Data Standard 0.4: a JSON array, a statement a line.
//!
//! Entities and persons come first, then relationships that are links of a chain, then all others. Every record keeps its
//! own id as `recordId`; a `statementId` is a hash of all that the statement says, so that the same data give the same
//! file and what changes gets a new id.
//!
//! A statement needs a date. It is the day on which it was made, else that on which it or its source was published or
//! retrieved, else that on which the interest began; a party takes the newest date of its sources, else of the interests
//! around it, else of the whole file. Where the data name no day at all stands [`UNDATED`]: a day that nobody takes for one.

mod chain;
mod groups;
mod parties;
mod relationships;
mod sources;
mod statement;

use super::files::failed;
use super::losses::Losses;
use crate::error::Result;
use crate::graph::View;
use crate::model::Day;
use groups::Groups;
use serde::Serialize;
use sha2::{Digest, Sha256};
use statement::{PUBLISHER, Publication, Statement, VERSION};
use std::collections::HashMap;
use std::io::{self, Write};

/// The date of statements of which no day is known.
pub const UNDATED: &str = "0001-01-01";

/// Writes what the view shows.
///
/// ```
/// use cuibono::{export::{bods, losses::Losses}, load::Loader, model::AsOf};
/// let mut loader = Loader::new();
/// loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\n")?;
/// let graph = loader.finish()?;
/// let mut out = Vec::new();
/// bods::write(graph.view(AsOf::All), &mut out, &mut Losses::default())?;
/// assert_eq!(String::from_utf8_lossy(&out).lines().count(), 5); // brackets, two parties, a relationship
/// # Ok::<(), cuibono::error::Error>(())
/// ```
///
/// # Errors
///
/// If `out` cannot be written to.
pub fn write(view: View<'_>, out: &mut dyn Write, losses: &mut Losses) -> Result<()> {
    let groups = Groups::of(view, losses);
    let mut writer = Writer { view, groups: &groups, losses, out: Array { out, first: true }, newest: None };
    writer.newest = writer.newest_date();
    writer.all().map_err(failed)
}

struct Writer<'g, 'w> {
    view: View<'g>,
    groups: &'w Groups<'g>,
    losses: &'w mut Losses,
    out: Array<'w>,
    /// The newest day on which anything was stated: what is in the file was known by then.
    newest: Option<Day>,
}

impl Writer<'_, '_> {
    fn all(&mut self) -> io::Result<()> {
        self.parties()?;
        let groups = self.groups;
        let chains: HashMap<usize, chain::Chain> = groups
            .indirect()
            .filter_map(|group| chain::of(self.view, groups, group).map(|chain| (group, chain)))
            .collect();
        let mut links = vec![false; groups.len()];
        chains.values().flat_map(|chain| &chain.links).for_each(|&link| links[link] = true);
        for components in [true, false] {
            for group in (0..groups.len()).filter(|&group| links[group] == components) {
                self.relationship(group, components, chains.get(&group))?;
            }
        }
        self.out.finish()
    }

    fn newest_date(&self) -> Option<Day> {
        let sources = self.view.graph().sources().iter().filter_map(|source| source.date);
        let stated = (0..self.groups.len()).filter_map(|group| self.stated(group));
        stated.chain(sources.map(|date| date.first_day())).max()
    }

    /// When the statement was published, else when everything in the file was known.
    fn publication(&self, published: Option<Day>) -> Publication {
        let date = published.or(self.newest).map_or_else(|| UNDATED.to_owned(), |day| day.to_string());
        Publication { publication_date: date, bods_version: VERSION, publisher: PUBLISHER }
    }

    fn date(&mut self, day: Option<Day>) -> String {
        self.losses.add_if(day.is_none(), "statements without any date (written as 0001-01-01)");
        day.map_or_else(|| UNDATED.to_owned(), |day| day.to_string())
    }
}

/// A JSON array with an element a line.
struct Array<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl Array<'_> {
    fn push<D: Serialize>(&mut self, statement: &Statement<'_, D>) -> io::Result<()> {
        let rest = serde_json::to_vec(statement)?;
        let id = Sha256::digest(&rest);
        self.out.write_all(if self.first { b"[\n" } else { b",\n" })?;
        self.first = false;
        self.out.write_all(b"{\"statementId\":\"")?;
        for byte in id.iter() {
            write!(self.out, "{byte:02x}")?;
        }
        self.out.write_all(b"\",")?;
        // The statement without the brace that opens it.
        self.out.write_all(&rest[1..])
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
