//! From a view to a chart: which boxes, which lines, what stands on them.

use crate::diagram::{Cluster, Diagram, Footnote, Line, LineMarks, LineStyle, PartyBox, PartyKind};
use crate::graph::{EdgeId, NodeId, OwnershipGraph, View};
use crate::model::interest::ControlRight;
use crate::model::{AsOf, EntityKind, InterestKind, Layer, Mark, Marks, ShareRange, Source, jurisdiction};
use crate::query::column::{self, Holder};
use crate::query::neighbourhood::{Neighbourhood, Reach};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a chart shows beside its boxes and lines.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChartOptions {
    /// How far the chart reaches.
    pub reach: Reach,
    /// Whether the parties of one jurisdiction stand in a frame.
    pub cluster_by_jurisdiction: bool,
    /// Whether the sources are left out.
    pub without_sources: bool,
}

/// The chart of what stands around `subject`.
pub fn around(view: View<'_>, subject: NodeId, options: ChartOptions) -> Diagram {
    let neighbourhood = view.neighbourhood(subject, options.reach);
    let name = view.graph().entity(subject).name();
    compose(view, &neighbourhood, Some(subject), name.to_owned(), options)
}

/// The chart of the whole view.
pub fn whole(view: View<'_>, options: ChartOptions) -> Diagram {
    let graph = view.graph();
    let room = options.reach.parties;
    let in_view =
        |node: &NodeId| view.interests_in(*node).next().is_some() || view.interests_of(*node).next().is_some();
    let mut nodes: Vec<NodeId> = graph.nodes().filter(in_view).collect();
    let omitted = nodes.len().saturating_sub(room);
    nodes.truncate(room);
    compose(view, &Neighbourhood { nodes, omitted }, None, "All entities".to_owned(), options)
}

fn compose(
    view: View<'_>,
    neighbourhood: &Neighbourhood,
    subject: Option<NodeId>,
    title: String,
    options: ChartOptions,
) -> Diagram {
    let mut chart = Chart {
        view,
        index: neighbourhood.nodes.iter().enumerate().map(|(index, &node)| (node, index)).collect(),
        in_circle: circle_pairs(view, neighbourhood),
        numbers: BTreeMap::new(),
        lines: Vec::new(),
    };
    for &owned in &neighbourhood.nodes {
        chart.add_stakes(owned);
        chart.add_rights(owned);
    }
    let boxes = neighbourhood.nodes.iter().map(|&node| chart.party(node, subject)).collect();
    let day = match view.as_of() {
        AsOf::Day(day) => format!("as of {day}"),
        AsOf::All => "all of recorded time".to_owned(),
    };
    let mut diagram = Diagram {
        title,
        subtitle: day,
        boxes,
        footnotes: if options.without_sources { Vec::new() } else { chart.footnotes() },
        lines: chart.lines,
        legend: true,
        ..Diagram::default()
    };
    if options.without_sources {
        diagram.lines.iter_mut().for_each(|line| line.footnotes.clear());
    }
    if neighbourhood.omitted > 0 {
        diagram.omissions.push(format!("{} more parties are not drawn", neighbourhood.omitted));
    }
    if options.cluster_by_jurisdiction {
        diagram.cluster_by_jurisdiction();
        diagram.clusters.iter_mut().for_each(name_cluster);
    }
    diagram
}

fn name_cluster(cluster: &mut Cluster) {
    if let Some(name) = jurisdiction::name(&cluster.id) {
        cluster.label = format!("{} – {name}", cluster.id);
    }
}

/// The pairs of parties whose line is part of a circle.
fn circle_pairs(view: View<'_>, neighbourhood: &Neighbourhood) -> HashSet<(NodeId, NodeId)> {
    let columns: Vec<Vec<NodeId>> = neighbourhood
        .nodes
        .iter()
        .map(|&node| {
            let holders = column::column(view, node).holders;
            holders.into_iter().filter(|holder| holder.high > 0).map(|holder| holder.owner).collect()
        })
        .collect();
    let index: HashMap<NodeId, u32> =
        neighbourhood.nodes.iter().enumerate().map(|(index, &node)| (node, index as u32)).collect();
    let lists: Vec<Vec<u32>> =
        columns.iter().map(|owners| owners.iter().filter_map(|owner| index.get(owner).copied()).collect()).collect();
    let components = crate::graph::scc::components(lists.len(), |node| &lists[node as usize]);
    let mut group = vec![0; lists.len()];
    for (number, members) in components.iter().enumerate() {
        members.iter().for_each(|&member| group[member as usize] = number);
    }
    let mut pairs = HashSet::new();
    for (owned, owners) in lists.iter().enumerate() {
        for &owner in owners {
            if group[owned] == group[owner as usize] {
                pairs.insert((neighbourhood.nodes[owner as usize], neighbourhood.nodes[owned]));
            }
        }
    }
    pairs
}

struct Chart<'g> {
    view: View<'g>,
    index: HashMap<NodeId, usize>,
    in_circle: HashSet<(NodeId, NodeId)>,
    /// Footnote number by source id.
    numbers: BTreeMap<&'g str, u32>,
    lines: Vec<Line>,
}

impl<'g> Chart<'g> {
    fn party(&self, node: NodeId, subject: Option<NodeId>) -> PartyBox {
        let entity = self.view.graph().entity(node);
        PartyBox {
            id: entity.id().to_owned(),
            name: entity.name().to_owned(),
            kind: kind(entity.kind()),
            jurisdiction: entity.jurisdiction().map(str::to_owned),
            subject: subject == Some(node),
            listed: entity.details().listed,
            in_circle: self.in_circle.iter().any(|&(owner, owned)| owner == node || owned == node),
            ..PartyBox::default()
        }
    }

    /// One line for each owner with a share, all its interests taken together.
    fn add_stakes(&mut self, owned: NodeId) {
        let capital = column::column(self.view.layer(Layer::Capital), owned);
        let votes = column::column(self.view.layer(Layer::Votes), owned);
        for holder in capital.holders.iter().filter(|holder| holder.high > 0) {
            let vote = votes.holders.iter().find(|other| other.owner == holder.owner);
            let edges = column::evidence(self.view.layer(Layer::Capital), holder.owner, owned);
            let label = self.stake_label(holder, vote, &edges);
            self.add_line(holder.owner, owned, label, share_style(holder.stated), holder.marks, &edges);
        }
        for holder in votes.holders.iter().filter(|holder| holder.high > 0) {
            if !capital.holders.iter().any(|other| other.owner == holder.owner && other.high > 0) {
                let edges = column::evidence(self.view.layer(Layer::Votes), holder.owner, owned);
                let label = format!("votes {}", figure(self.view, holder, &edges));
                self.add_line(holder.owner, owned, label, LineStyle::Control, holder.marks, &edges);
            }
        }
    }

    fn stake_label(&self, holder: &Holder, vote: Option<&Holder>, edges: &[EdgeId]) -> String {
        let kinds = edges.iter().map(|&edge| self.view.graph().interest(edge).kind());
        let mut label = match kinds.clone().next() {
            Some(kind)
                if kind != InterestKind::Shareholding && !kinds.clone().any(|k| k == InterestKind::Shareholding) =>
            {
                format!("{} {}", kind.words(), figure(self.view, holder, edges))
            }
            _ => figure(self.view, holder, edges),
        };
        if let Some(vote) = vote.filter(|vote| vote.stated != holder.stated) {
            label = format!("{label} (votes {})", vote.stated);
        }
        label
    }

    /// One line for each owner with rights that may give control without a share.
    fn add_rights(&mut self, owned: NodeId) {
        let mut rights: BTreeMap<NodeId, Vec<EdgeId>> = BTreeMap::new();
        for (edge, interest, _) in self.view.interests_in(owned) {
            let drawn =
                interest.kind().control_right() > ControlRight::None || interest.kind() == InterestKind::Nominee;
            if drawn {
                rights.entry(interest.owner()).or_default().push(edge);
            }
        }
        for (owner, edges) in rights {
            let graph = self.view.graph();
            let mut words: Vec<&str> = edges.iter().map(|&edge| graph.interest(edge).kind().words()).collect();
            words.dedup();
            let mut marks = Marks::NONE;
            let mut certain = false;
            for (edge, interest, presence) in self.view.interests_in(owned).filter(|(edge, _, _)| edges.contains(edge))
            {
                let only_possible = View::is_only_possible(interest, presence);
                marks = marks.union(graph.interest(edge).marks());
                certain |= !only_possible;
            }
            let marks = marks.with(Mark::PossibleOnDay, !certain && !marks.has(Mark::Contested));
            self.add_line(owner, owned, words.join(", "), LineStyle::Control, marks, &edges);
        }
    }

    fn add_line(
        &mut self,
        owner: NodeId,
        owned: NodeId,
        label: String,
        style: LineStyle,
        marks: Marks,
        edges: &[EdgeId],
    ) {
        let (Some(&from), Some(&to)) = (self.index.get(&owner), self.index.get(&owned)) else {
            return;
        };
        let graph = self.view.graph();
        let ids: Vec<_> = edges.iter().map(|&edge| graph.stake(edge).id().into_owned()).collect();
        let nominee = edges.iter().any(|&edge| graph.interest(edge).kind() == InterestKind::Nominee);
        let share = edges.iter().map(|&edge| graph.interest(edge).share().max().ppb()).max().unwrap_or(0);
        let footnotes = self.footnote_numbers(edges);
        self.lines.push(Line {
            id: ids.join("+"),
            owner: from,
            owned: to,
            label,
            style,
            marks: LineMarks {
                possible: marks.has(Mark::PossibleOnDay),
                contested: marks.has(Mark::Contested),
                nominee,
                ended: false,
                in_circle: self.in_circle.contains(&(owner, owned)),
            },
            strength: (share / 1_000_000) as u16,
            footnotes,
            ..Line::default()
        });
    }

    fn footnote_numbers(&mut self, edges: &[EdgeId]) -> Vec<u32> {
        let graph: &'g OwnershipGraph = self.view.graph();
        let mut numbers = Vec::new();
        for source in edges.iter().flat_map(|&edge| graph.stake(edge).source_ids()) {
            let next = self.numbers.len() as u32 + 1;
            let number = *self.numbers.entry(source).or_insert(next);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        numbers
    }

    fn footnotes(&self) -> Vec<Footnote> {
        let mut notes: Vec<Footnote> = self
            .numbers
            .iter()
            .map(|(id, &number)| Footnote {
                number,
                text: self.view.graph().source(id).map_or((*id).to_owned(), citation),
            })
            .collect();
        notes.sort_by_key(|note| note.number);
        notes
    }
}

/// A source as a footnote: `[S12] title, publisher, date`.
fn citation(source: &Source) -> String {
    let mut text = format!("[{}] {}", source.id, source.title);
    if let Some(publisher) = &source.publisher {
        text.push_str(", ");
        text.push_str(publisher);
    }
    if let Some(date) = source.date {
        text.push_str(&format!(", {date}"));
    }
    text
}

/// The share as it stands on a line: `≈ 70 %`, `25–50 %`, `?`. That an interest may not exist on the day is said in a word
/// of its own, so that a single one keeps the figure that its source states.
fn figure(view: View<'_>, holder: &Holder, edges: &[EdgeId]) -> String {
    let share = match edges {
        [edge] if holder.marks.has(Mark::PossibleOnDay) => view.graph().interest(*edge).share(),
        _ => holder.stated,
    };
    if holder.marks.has(Mark::Approximate) { format!("≈ {share}") } else { share.to_string() }
}

fn share_style(share: ShareRange) -> LineStyle {
    if share.is_unknown() { LineStyle::Unknown } else { LineStyle::Ownership }
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
