//! FollowTheMoney, one entity a line: parties first, then the links between them.
//!
//! Who is owned must be an asset, so whoever somebody owns is a `Company`, whatever its kind. A link is an `Ownership`
//! where money or votes or any share are stated, a `Directorship` for officers, a `Control` for other rights that may
//! give control, else an `UnknownLink`. What the model has no property for stands as a [remark](crate::model::Remark) in
//! `description`. Ids stay as they are; those that the model does not admit are [rewritten](crate::model::ftm_id).

mod links;
mod parties;

use super::files::failed;
use super::losses::Losses;
use super::records::Records;
use crate::error::Result;
use crate::graph::{EdgeId, View};
use crate::model::ftm_id;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::{self, Write};

/// An entity of FollowTheMoney.
#[derive(Serialize)]
struct Entity<'s> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'s str>,
    schema: &'static str,
    properties: Properties<'s>,
    datasets: Vec<Cow<'s, str>>,
}

/// Properties with their values, none of them empty, none twice.
#[derive(Serialize, Default)]
#[serde(transparent)]
struct Properties<'s>(BTreeMap<&'static str, Vec<Cow<'s, str>>>);

impl<'s> Properties<'s> {
    fn add(&mut self, property: &'static str, value: impl Into<Cow<'s, str>>) {
        let value = value.into();
        if value.trim().is_empty() {
            return;
        }
        let values = self.0.entry(property).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// The dataset of what names none.
const DATASET: &str = "cuibono";

/// Writes what the view shows.
///
/// ```
/// use cuibono::{export::{ftm, losses::Losses}, load::Loader, model::AsOf};
/// let mut loader = Loader::new();
/// loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\n")?;
/// let graph = loader.finish()?;
/// let mut out = Vec::new();
/// ftm::write(graph.view(AsOf::All), &mut out, &mut Losses::default())?;
/// assert_eq!(String::from_utf8_lossy(&out).lines().count(), 3);
/// # Ok::<(), cuibono::error::Error>(())
/// ```
///
/// # Errors
///
/// If `out` cannot be written to.
pub fn write(view: View<'_>, out: &mut dyn Write, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    let owned = records
        .interests()
        .filter(|row| links::schema(row.stake) == links::Schema::Ownership)
        .map(|row| row.stake.interest().owned())
        .collect();
    let mut writer = Writer { out, losses, owned };
    let mut written = || {
        for entity in records.entities() {
            writer.party(entity)?;
        }
        let mut ids = Ids::default();
        records.entities().for_each(|entity| drop(ids.claim(entity.id())));
        let mut others: HashMap<EdgeId, String> = HashMap::new();
        for row in records.interests() {
            let id = ids.claim(&row.stake.id());
            writer
                .losses
                .add_if(id.is_some(), "ids of interests that another record has too (told apart by an apostrophe)");
            if let Some(id) = id {
                others.insert(row.stake.edge(), id);
            }
        }
        for row in records.interests() {
            let id = others.get(&row.stake.edge()).map_or_else(|| row.stake.id(), |id| Cow::Borrowed(id));
            writer.link(&row, &id)?;
        }
        writer.out.flush()
    };
    written().map_err(failed)
}

/// Ids that are taken.
#[derive(Default)]
struct Ids(HashSet<u64>);

impl Ids {
    /// Takes an id; `Some` other one if it is taken.
    fn claim(&mut self, id: &str) -> Option<String> {
        let hash = |text: &str| foldhash::quality::FixedState::with_seed(0).hash_one(text);
        if self.0.insert(hash(id)) {
            return None;
        }
        let mut other = format!("{id}'");
        while !self.0.insert(hash(&other)) {
            other.push('\'');
        }
        Some(other)
    }
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    losses: &'w mut Losses,
    /// Who is owned, and therefore must be an asset.
    owned: HashSet<crate::graph::NodeId>,
}

impl Writer<'_> {
    fn push(&mut self, entity: &Entity<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut *self.out, entity)?;
        self.out.write_all(b"\n")
    }

    fn id(&mut self, id: &str) -> String {
        let admitted = ftm_id::admitted(id);
        self.losses.add_if(admitted != id, "ids with characters that it does not admit (rewritten)");
        admitted
    }
}

/// The datasets that stand for the sources of a record.
fn datasets(ids: &[String]) -> Vec<Cow<'_, str>> {
    if ids.is_empty() {
        return vec![Cow::Borrowed(DATASET)];
    }
    ids.iter().map(|id| Cow::Borrowed(id.as_str())).collect()
}
