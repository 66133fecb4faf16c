//! What chart is asked for, and the command line that draws the same.

use super::data::Data;
use super::failure::Failure;
use super::query::Query;
use crate::diagram::Diagram;
use crate::diagram::layout::{Geometry, LayoutOptions, layout};
use crate::escape::shell;
use crate::export::chart::{self, ChartOptions, Comparison};
use crate::graph::{NodeId, View};
use crate::model::{AsOf, Confidence, Day, Layer, Share};
use crate::query::neighbourhood::{Cut, Reach, Side, default_down};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The parameters of a chart.
pub(super) const PARAMETERS: [&str; 21] = [
    "subject",
    "as_of",
    "layer",
    "min_confidence",
    "up",
    "down",
    "min_share",
    "only_control",
    "path_to",
    "history",
    "compare_to",
    "side_by_side",
    "cluster",
    "max_boxes",
    "listed",
    "hide",
    "expand_owners",
    "expand_holdings",
    "keep",
    "no_sources",
    "to",
];

/// The most boxes that a chart of the page may be asked for.
const MOST_BOXES: usize = 1_000;

/// A chart that is asked for.
pub(super) struct Asked {
    subject: Option<NodeId>,
    as_of: AsOf,
    layer: Layer,
    min_confidence: Confidence,
    compare_to: Option<Day>,
    side_by_side: bool,
    options: ChartOptions,
    /// Where boxes stood before, by id.
    kept: BTreeMap<String, i32>,
    abandoned: Arc<AtomicBool>,
}

impl Asked {
    pub(super) fn of(data: &Data, query: &Query) -> Result<Self, Failure> {
        let node = |name| query.one(name).map(|id| data.node(id)).transpose();
        let nodes = |name| query.all(name).map(|id| data.node(id)).collect::<Result<Vec<_>, _>>();
        let owners = nodes("expand_owners")?.into_iter().map(|node| (node, Side::Owners));
        let holdings = nodes("expand_holdings")?.into_iter().map(|node| (node, Side::Holdings));
        let reach = Reach {
            up: levels(query, "up")?.unwrap_or(u32::MAX),
            down: levels(query, "down")?.unwrap_or(default_down(query.one("path_to").is_some())),
            parties: boxes(query)?,
            expanded: owners.chain(holdings).collect(),
        };
        let cut = Cut {
            min_share: percent(query, "min_share")?,
            only_control: query.is_on("only_control")?,
            path_to: node("path_to")?,
            hidden: nodes("hide")?.into_iter().collect(),
            ended: query.is_on("history")?,
        };
        let compare_to = match query.parsed("compare_to")? {
            Some(AsOf::Day(day)) => Some(day),
            Some(AsOf::All) => return Err(Failure::usage("a comparison is of two days")),
            None => None,
        };
        let asked = Self {
            subject: node("subject")?,
            as_of: query.parsed("as_of")?.unwrap_or(data.as_of),
            layer: layer(query)?,
            min_confidence: query.parsed("min_confidence")?.unwrap_or(Confidence::Low),
            compare_to,
            side_by_side: query.is_on("side_by_side")?,
            options: ChartOptions {
                reach,
                cut,
                cluster_by_jurisdiction: by_jurisdiction(query)?,
                without_sources: query.is_on("no_sources")?,
                listed: nodes("listed")?.into_iter().collect(),
            },
            kept: query.all("keep").map(kept).collect::<Result<_, _>>()?,
            abandoned: Arc::clone(query.abandoned()),
        };
        asked.fits_together()
    }

    /// What the command line refuses is refused here, so that every chart has a command that draws it.
    fn fits_together(self) -> Result<Self, Failure> {
        let compared = self.compare_to.is_some();
        let wrong = [
            (compared && self.options.cut.ended, "history is of one day: leave out compare_to"),
            (self.side_by_side && !compared, "side_by_side needs another day: compare_to"),
            (
                self.side_by_side && self.options.cluster_by_jurisdiction,
                "side_by_side has frames of its own: leave out cluster",
            ),
            (self.subject.is_none() && self.options.cut.path_to.is_some(), "path_to needs a subject"),
        ];
        match wrong.iter().find(|(wrong, _)| *wrong) {
            Some((_, sentence)) => Err(Failure::usage(*sentence)),
            None => Ok(self),
        }
    }

    /// The view of the chart's day.
    pub(super) fn view<'d>(&'d self, data: &'d Data) -> View<'d> {
        data.view(self.as_of, self.layer, self.min_confidence).unless(&self.abandoned)
    }

    /// The chart.
    pub(super) fn diagram(&self, view: View<'_>) -> Result<Diagram, Failure> {
        let comparison = if self.side_by_side { Comparison::SideBySide } else { Comparison::Changes };
        Ok(chart::draw(view, self.subject, self.compare_to.map(comparison), &self.options)?)
    }

    /// Where everything stands; boxes that stood on an earlier chart keep their order.
    pub(super) fn geometry(&self, diagram: &Diagram) -> Result<Geometry, Failure> {
        let mut options = LayoutOptions::default();
        options.previous.clone_from(&self.kept);
        layout(diagram, &options).map_err(|error| Failure::usage(error.to_string()))
    }

    /// The command line that draws the same chart; nothing where an id in it cannot be written on one.
    pub(super) fn command(&self, data: &Data) -> Option<String> {
        let id = |node: NodeId| data.graph.entity(node).id();
        let mut words: Vec<String> = ["cuibono", "diagram"].map(str::to_owned).into();
        // An equals sign keeps a value that begins with a dash from being taken for an option.
        let mut option = |name: &str, value: &str| words.push(format!("--{name}={value}"));
        option("as-of", &self.as_of.to_string());
        let (reach, cut) = (&self.options.reach, &self.options.cut);
        if self.layer == Layer::Votes {
            option("layer", "votes");
        }
        if self.min_confidence > Confidence::Low {
            option("min-confidence", self.min_confidence.as_str());
        }
        if reach.up != u32::MAX {
            option("up", &reach.up.to_string());
        }
        if reach.down != default_down(cut.path_to.is_some()) {
            option("down", &reach.down.to_string());
        }
        if reach.parties != Reach::default().parties {
            option("max-boxes", &reach.parties.to_string());
        }
        for &(node, side) in &reach.expanded {
            option(if side == Side::Owners { "expand-owners" } else { "expand-holdings" }, id(node));
        }
        sorted(cut.hidden.iter().map(|&node| id(node))).iter().for_each(|id| option("hide", id));
        if cut.min_share > Share::ZERO {
            option("min-share", &cut.min_share.percent().to_string());
        }
        if let Some(party) = cut.path_to {
            option("path-to", id(party));
        }
        if let Some(day) = self.compare_to {
            option("compare-to", &day.to_string());
        }
        let listed = sorted(self.options.listed.iter().map(|&node| id(node)));
        // Commas divide the list.
        if listed.iter().any(|id| id.contains(',')) {
            return None;
        }
        if !listed.is_empty() {
            option("listed", &listed.join(","));
        }
        let switches = [
            (cut.only_control, "--only-control"),
            (cut.ended, "--history"),
            (self.side_by_side, "--side-by-side"),
            (self.options.cluster_by_jurisdiction, "--cluster=jurisdiction"),
            (self.options.without_sources, "--no-sources"),
        ];
        words.extend(switches.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
        words.extend(data.arguments.iter().cloned());
        words.push("--output=chart.svg".to_owned());
        match self.subject {
            Some(subject) => words.extend(["--", id(subject)].map(str::to_owned)),
            None => words.push("--all".to_owned()),
        }
        shell::command(words.iter().map(String::as_str))
    }
}

fn sorted<'g>(ids: impl Iterator<Item = &'g str>) -> Vec<&'g str> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids
}

pub(super) fn layer(query: &Query) -> Result<Layer, Failure> {
    match query.one("layer") {
        None | Some("capital") => Ok(Layer::Capital),
        Some("votes") => Ok(Layer::Votes),
        Some(other) => Err(Failure::usage(format!("{other:?} is no layer: capital or votes"))),
    }
}

fn levels(query: &Query, name: &str) -> Result<Option<u32>, Failure> {
    if query.one(name) == Some("all") { Ok(Some(u32::MAX)) } else { query.parsed(name) }
}

fn percent(query: &Query, name: &str) -> Result<Share, Failure> {
    let percent: f64 = query.parsed(name)?.unwrap_or(0.0);
    Share::from_percent(percent).map_err(|error| Failure::usage(format!("{name} {error}")))
}

fn boxes(query: &Query) -> Result<usize, Failure> {
    match query.parsed("max_boxes")? {
        None => Ok(Reach::default().parties),
        Some(boxes) if (1..=MOST_BOXES).contains(&boxes) => Ok(boxes),
        Some(_) => Err(Failure::usage(format!("max_boxes is from 1 to {MOST_BOXES} here"))),
    }
}

fn by_jurisdiction(query: &Query) -> Result<bool, Failure> {
    match query.one("cluster") {
        None => Ok(false),
        Some("jurisdiction") => Ok(true),
        Some(other) => Err(Failure::usage(format!("parties are put into frames by jurisdiction, not by {other:?}"))),
    }
}

/// `id:120`, where a box stood.
fn kept(text: &str) -> Result<(String, i32), Failure> {
    let place = text.rsplit_once(':').and_then(|(id, x)| Some((id.to_owned(), x.parse().ok()?)));
    place.ok_or_else(|| Failure::usage(format!("keep is an id, a colon and a number, not {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_behind() {
        assert_eq!(kept("GB:123:45").ok(), Some(("GB:123".to_owned(), 45)));
        assert!(kept("x").is_err() && kept("x:y").is_err());
    }
}
