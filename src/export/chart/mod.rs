//! From a view to a chart: which boxes, which lines, what stands on them.

mod changes;
mod circles;
mod evidence;
mod footnotes;
mod left_out;
mod lines;
mod part;
mod stacks;
pub mod table;

pub use changes::{changes, side_by_side};
pub use part::part;

use crate::diagram::{Cluster, Diagram, Line, PartyBox, PartyKind};
use crate::error::{Error, Result};
use crate::graph::{NodeId, OwnershipGraph, View};
use crate::model::{AsOf, Day, EntityKind, Share, ShareRange, jurisdiction};
use crate::query::caveats::{About, Caveat};
use crate::query::neighbourhood::{Cut, Neighbourhood, Reach};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a chart shows.
#[derive(Debug, Clone, Default)]
pub struct ChartOptions {
    /// How far the chart reaches.
    pub reach: Reach,
    /// What is left out of it.
    pub cut: Cut,
    /// Whether the parties of one jurisdiction stand in a frame.
    pub cluster_by_jurisdiction: bool,
    /// Whether the sources are left out.
    pub without_sources: bool,
    /// Parties to be marked as listed, beside those that the data mark.
    pub listed: HashSet<NodeId>,
}

/// What a chart is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The changes between the day of the view and this one, on one chart.
    Changes(Day),
    /// The charts of the day of the view and of this one, side by side.
    SideBySide(Day),
}

/// The chart of what stands around `subject`, or of the whole view, as it is asked for; of two days the earlier comes first.
///
/// # Errors
/// If a comparison, or only lines of control, are asked for and the view is of all days.
pub fn draw(
    view: View<'_>,
    subject: Option<NodeId>,
    comparison: Option<Comparison>,
    options: &ChartOptions,
) -> Result<Diagram> {
    let Some(comparison) = comparison else {
        return of_one_day(view, subject, options);
    };
    let AsOf::Day(day) = view.as_of() else {
        return Err(Error::usage("a comparison is of two days: give --as-of a date instead of all"));
    };
    let on = |other: Day| [view.on(other.min(day)), view.on(other.max(day))];
    match comparison {
        Comparison::Changes(other) => changes(on(other), subject, options),
        Comparison::SideBySide(other) => side_by_side(on(other), subject, options),
    }
}

fn of_one_day(view: View<'_>, subject: Option<NodeId>, options: &ChartOptions) -> Result<Diagram> {
    match subject {
        Some(subject) => around(view, subject, options),
        None => whole(view, options),
    }
}

/// The chart of what stands around `subject`.
///
/// # Errors
/// If only lines of control are asked for and the view is of all days.
pub fn around(view: View<'_>, subject: NodeId, options: &ChartOptions) -> Result<Diagram> {
    let neighbourhood = view.neighbourhood(subject, &options.reach, &options.cut)?;
    Ok(compose(view, &neighbourhood, Some(subject), options))
}

/// The chart of the whole view, or of as much of it as there is room for.
///
/// # Errors
/// As with [`around`].
pub fn whole(view: View<'_>, options: &ChartOptions) -> Result<Diagram> {
    let (nodes, omitted) = first_parties(&[view], options);
    let neighbourhood = view.among(nodes, &options.cut)?;
    let mut diagram = compose(view, &neighbourhood, None, options);
    omit(&mut diagram, omitted);
    Ok(diagram)
}

/// The charts of two days with the same parties on both.
fn on_two_days(views: [View<'_>; 2], subject: Option<NodeId>, options: &ChartOptions) -> Result<[Diagram; 2]> {
    let [first, second] = views;
    let (found, omitted) = match subject {
        Some(subject) => (first.neighbourhoods(second, subject, &options.reach, &options.cut)?, 0),
        None => {
            let (nodes, omitted) = first_parties(&views, options);
            (first.both_among(second, nodes, &options.cut)?, omitted)
        }
    };
    let mut diagrams = [compose(first, &found[0], subject, options), compose(second, &found[1], subject, options)];
    omit(&mut diagrams[1], omitted);
    Ok(diagrams)
}

/// The first parties that hold something or are held in one of the views, and how many there are beyond.
fn first_parties(views: &[View<'_>], options: &ChartOptions) -> (Vec<NodeId>, usize) {
    let held = |view: &View<'_>, node| view.interests_in(node).next().is_some();
    let holds = |view: &View<'_>, node| view.interests_of(node).next().is_some();
    let in_view = |node: &NodeId| {
        !options.cut.hidden.contains(node) && views.iter().any(|view| held(view, *node) || holds(view, *node))
    };
    let graph = views[0].graph();
    let mut nodes: Vec<NodeId> = graph.nodes().filter(in_view).collect();
    let omitted = nodes.len().saturating_sub(options.reach.parties);
    nodes.truncate(options.reach.parties);
    (nodes, omitted)
}

fn omit(diagram: &mut Diagram, parties: usize) {
    if parties > 0 {
        diagram.omissions.push(format!("{parties} more parties"));
    }
}

fn compose(view: View<'_>, found: &Neighbourhood, subject: Option<NodeId>, options: &ChartOptions) -> Diagram {
    let index = found.nodes.iter().enumerate().map(|(index, &node)| (node, index)).collect();
    let mut chart = Chart {
        view,
        index,
        pairs: found.ties.iter().map(|tie| (tie.owner, tie.owned)).collect(),
        in_circle: circles::pairs(found),
        with_ended: options.cut.ended,
        numbers: BTreeMap::new(),
        lines: Vec::new(),
    };
    for &owned in &found.nodes {
        chart.add_lines(owned);
    }
    let mut boxes: Vec<PartyBox> = found.nodes.iter().map(|&node| chart.party(node, subject, options)).collect();
    for stack in &found.stacks {
        chart.lines.push(stacks::line(stack, chart.index[&stack.of], boxes.len()));
        boxes.push(stacks::party(view, stack));
    }
    let mut diagram = Diagram {
        title: subject.map_or("All entities".to_owned(), |node| view.graph().entity(node).name().to_owned()),
        subtitle: subtitle(day(view), view, &options.cut),
        boxes,
        footnotes: if options.without_sources { Vec::new() } else { chart.footnotes() },
        lines: chart.lines,
        legend: true,
        omissions: omissions(view, found, subject, &options.cut),
        ..Diagram::default()
    };
    if options.without_sources {
        diagram.lines.iter_mut().for_each(|line| line.footnotes.clear());
    }
    if options.cluster_by_jurisdiction {
        diagram.cluster_by_jurisdiction();
        diagram.clusters.iter_mut().for_each(name_cluster);
    }
    diagram
}

/// What the chart does not show: what was cut, and what the data do not say.
fn omissions(view: View<'_>, found: &Neighbourhood, subject: Option<NodeId>, cut: &Cut) -> Vec<String> {
    let mut words = left_out::words(view, &found.left_out, cut);
    words.extend(view.caveats().iter().map(Caveat::omission));
    let caveat = |about| subject.and_then(|subject| view.caveat_on(subject, about)).filter(|_| !cut.ended);
    words.extend([About::Owners, About::Holdings].into_iter().filter_map(caveat).map(|caveat| caveat.omission()));
    words
}

/// The day, and what the chart is restricted to.
fn subtitle(day: String, view: View<'_>, cut: &Cut) -> String {
    let mut words = vec![day];
    if cut.min_share > Share::ZERO {
        words.push(format!("interests from {}", ShareRange::exact(cut.min_share)));
    }
    if cut.only_control {
        words.push("only control".to_owned());
    }
    if let Some(party) = cut.path_to {
        words.push(format!("chains between it and {}", view.graph().entity(party).name()));
    }
    if cut.ended {
        words.push("with ended interests".to_owned());
    }
    words.join(" · ")
}

fn day(view: View<'_>) -> String {
    match view.as_of() {
        AsOf::Day(day) => format!("as of {day}"),
        AsOf::All => "all of recorded time".to_owned(),
    }
}

fn name_cluster(cluster: &mut Cluster) {
    if let Some(name) = jurisdiction::name(&cluster.id) {
        cluster.label = format!("{} – {name}", cluster.id);
    }
}

struct Chart<'g> {
    view: View<'g>,
    index: HashMap<NodeId, usize>,
    /// The owner and the owned of all ties that are drawn.
    pairs: HashSet<(NodeId, NodeId)>,
    in_circle: HashSet<(NodeId, NodeId)>,
    with_ended: bool,
    /// Footnote number by source id.
    numbers: BTreeMap<&'g str, u32>,
    lines: Vec<Line>,
}

impl Chart<'_> {
    fn party(&self, node: NodeId, subject: Option<NodeId>, options: &ChartOptions) -> PartyBox {
        let graph: &OwnershipGraph = self.view.graph();
        let entity = graph.entity(node);
        PartyBox {
            id: entity.id().to_owned(),
            name: entity.name().to_owned(),
            kind: kind(entity.kind()),
            jurisdiction: entity.jurisdiction().map(str::to_owned),
            subject: subject == Some(node),
            listed: entity.details().listed || options.listed.contains(&node),
            in_circle: self.in_circle.iter().any(|&(owner, owned)| owner == node || owned == node),
            evidence: evidence::of_party(entity),
            ..PartyBox::default()
        }
    }
}

fn kind(kind: EntityKind) -> PartyKind {
    match kind {
        EntityKind::Person => PartyKind::Person,
        EntityKind::Company => PartyKind::Company,
        EntityKind::Arrangement => PartyKind::Arrangement,
        EntityKind::State => PartyKind::State,
        EntityKind::StateBody => PartyKind::StateBody,
        EntityKind::Unknown => PartyKind::Unknown,
    }
}
