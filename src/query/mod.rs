//! Questions → answers with evidence. Every question is asked of a [`View`].

pub mod beneficial;
pub mod card;
pub mod caveats;
pub mod chains;
pub mod check;
pub mod circular;
pub mod close_links;
pub mod control;
pub mod control_forest;
pub mod controllers;
pub mod ends;
pub mod events;
pub mod explain;
pub(crate) mod forest;
pub mod group;
pub mod jurisdictions;
pub mod matrix;
pub mod neighbourhood;
pub mod owners;
pub mod paths;
pub mod power;
pub mod rules;
pub mod screen;
pub mod stats;
pub mod ultimate;
pub mod verdict;

mod attained;
pub(crate) mod beyond;
mod block;
pub(crate) mod cascade;
pub(crate) mod circle;
pub(crate) mod column;
pub(crate) mod effective;
mod factor;
pub(crate) mod integrated;
mod linear;
pub(crate) mod proof;
pub(crate) mod reach;
pub(crate) mod region;
pub mod register_statements;
pub(crate) mod votes;
pub(crate) mod walk;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::{NodeId, Stake, View};
use crate::model::date::Presence;
use crate::model::{AsOf, Confidence, DateBound, Directness, InterestKind, Marks, PartialDate, ShareRange};
use effective::Chance;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// A set of parties, or of what else this program has numbered: nobody can make the numbers collide on purpose.
pub(crate) type NodeSet<K = NodeId> = HashSet<K, foldhash::fast::RandomState>;

/// Something for each of some parties, or of what else this program has numbered.
pub(crate) type NodeMap<T, K = NodeId> = HashMap<K, T, foldhash::fast::RandomState>;

/// An error once the time for an answer is over.
pub(crate) fn in_time(view: View<'_>) -> Result<()> {
    match view.is_overdue() {
        false => Ok(()),
        true => Err(Error::plain(ErrorKind::Limit, "stopped at the time limit before the answer was complete")),
    }
}

/// A computed range in percent, exact at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PercentRange {
    /// The least it can be.
    pub min: f64,
    /// The most it can be.
    pub max: f64,
    /// Whether it is certainly more than `min`.
    pub min_open: bool,
    /// Whether it is certainly less than `max`.
    pub max_open: bool,
}

impl PercentRange {
    /// From chances between 0 and 1.
    pub(crate) fn from_chances(low: Chance, high: Chance) -> Self {
        let (min, mut max) = (percent(low.value), percent(high.value).max(percent(low.value)));
        if max - min <= SAME * max {
            max = min;
        }
        let open = min < max;
        Self { min, max, min_open: open && low.open, max_open: open && high.open }
    }

    /// From one chance between 0 and 1.
    pub(crate) fn exact(value: f64) -> Self {
        let percent = percent(value);
        Self { min: percent, max: percent, min_open: false, max_open: false }
    }

    /// The larger of two figures for one thing, end by end.
    pub(crate) fn larger(self, other: Self) -> Self {
        let (min, min_open) = match self.min.total_cmp(&other.min) {
            Ordering::Greater => (self.min, self.min_open),
            Ordering::Less => (other.min, other.min_open),
            Ordering::Equal => (self.min, self.min_open || other.min_open),
        };
        let (max, max_open) = match self.max.total_cmp(&other.max) {
            Ordering::Greater => (self.max, self.max_open),
            Ordering::Less => (other.max, other.max_open),
            Ordering::Equal => (self.max, self.max_open && other.max_open),
        };
        let open = min < max;
        Self { min, max, min_open: open && min_open, max_open: open && max_open }
    }

    /// Whether both ends are the same.
    pub fn is_exact(&self) -> bool {
        self.min == self.max
    }
}

/// Two ends that lie closer, in parts of themselves, are one: no range of shares in parts per billion is as narrow.
const SAME: f64 = 1e-14;

/// A fraction as percent, without the last-digit noise of binary arithmetic: 0.07 gives 7, not 7.000000000000001.
fn percent(fraction: f64) -> f64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0; // adding and taking away 1.5 · 2^52 rounds to a whole number
    let percent = fraction * 100.0;
    let rounded = ((percent * 1e9 + MAGIC) - MAGIC) / 1e9;
    if (percent - rounded).abs() <= 1e-13 * percent.max(1.0) { rounded } else { percent }
}

impl From<ShareRange> for PercentRange {
    fn from(range: ShareRange) -> Self {
        Self {
            min: range.min().percent(),
            max: range.max().percent(),
            min_open: range.min_open(),
            max_open: range.max_open(),
        }
    }
}

impl Serialize for PercentRange {
    /// `{"min": 12.5, "max": 37.5, "min_open": true}`; the flags only where an end is open.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 2 + usize::from(self.min_open) + usize::from(self.max_open);
        let mut out = serializer.serialize_struct("PercentRange", fields)?;
        out.serialize_field("min", &self.min)?;
        out.serialize_field("max", &self.max)?;
        if self.min_open {
            out.serialize_field("min_open", &true)?;
        }
        if self.max_open {
            out.serialize_field("max_open", &true)?;
        }
        out.end()
    }
}

/// An interest as answers print it.
#[derive(Debug, Clone, Serialize)]
pub struct InterestAnswer<'g> {
    /// Identifier within the data.
    pub id: String,
    /// Identifier of the owner.
    pub owner: &'g str,
    /// Identifier of the owned entity.
    pub owned: &'g str,
    /// What right it is.
    pub kind: InterestKind,
    /// How much, as stated.
    pub share: ShareRange,
    /// When it began.
    #[serde(skip_serializing_if = "DateBound::is_missing")]
    pub start: DateBound,
    /// When it ended.
    #[serde(skip_serializing_if = "DateBound::is_missing")]
    pub end: DateBound,
    /// Whether it is held directly.
    pub directness: Directness,
    /// How far it can be relied upon.
    pub confidence: Confidence,
    /// Why that far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'g str>,
    /// Its cautions.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// Anything a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'g str>,
    /// Identifiers of its sources.
    pub sources: &'g [String],
    /// The input and the number of its record.
    pub record: String,
    /// When it was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<PartialDate>,
    /// When the statement was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PartialDate>,
    /// When the source was retrieved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<PartialDate>,
}

impl<'g> InterestAnswer<'g> {
    /// From an interest of a graph.
    pub fn of(stake: Stake<'g>) -> Self {
        let interest = stake.interest();
        let details = stake.details();
        Self {
            id: stake.id().into_owned(),
            owner: stake.owner().id(),
            owned: stake.owned().id(),
            kind: interest.kind(),
            share: interest.share(),
            start: stake.start(),
            end: stake.end(),
            directness: interest.directness(),
            confidence: interest.confidence(),
            reason: details.and_then(|details| details.reason.as_deref()),
            marks: interest.marks(),
            note: details.and_then(|details| details.note.as_deref()),
            sources: stake.source_ids(),
            record: format!("{}:{}", stake.input(), stake.record()),
            stated: stake.stated(),
            published: stake.published(),
            retrieved: stake.retrieved(),
        }
    }
}

/// The members of a group in their order, each once.
pub(crate) fn each_once(nodes: &[NodeId]) -> Vec<NodeId> {
    let mut seen = HashSet::with_capacity(nodes.len());
    nodes.iter().copied().filter(|&node| seen.insert(node)).collect()
}

/// Those whose shares a question adds up: at least one, each once.
pub(crate) fn members(group: &[NodeId]) -> Result<Vec<NodeId>> {
    match group {
        [] => Err(Error::usage("a group has at least one member")),
        group => Ok(each_once(group)),
    }
}

/// A question for numbers needs one day.
pub(crate) fn one_day(view: View<'_>) -> Result<()> {
    match view.as_of() {
        AsOf::Day(_) => Ok(()),
        AsOf::All => Err(Error::usage("a question for numbers needs one day: give --as-of a date instead of all")),
    }
}

/// The word for how sure it is that an interest exists.
pub(crate) fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Out => "no",
        Presence::Possible => "possible",
        Presence::Certain => "certain",
    }
}
