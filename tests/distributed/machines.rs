//! Machines as threads: each has its part of a graph and talks to the others over loopback.

use cuibono::distributed::{self, Cluster, Question, Scribe, Sight, Sink, UltimateRow, Volume};
use cuibono::error::Result;
use cuibono::graph::{EdgeId, NodeId, OwnershipGraph, View};
use cuibono::load::Loader;
use cuibono::model::{Confidence, Layer};
use cuibono::query::control::Threshold;
use cuibono::query::matrix::ViewMatrix;
use cuibono::query::rules::{Decides, Rule};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is asked, as text.
#[derive(Debug, Clone)]
pub enum Asked {
    Ultimate,
    Circular(Layer),
    Effective(f64, Layer),
    Screen(&'static str, Vec<String>),
}

pub fn sight(layer: Layer) -> Sight {
    Sight { as_of: "2024-06-01".parse().expect("a day"), layer, min_confidence: Confidence::Low, open_world: false }
}

impl Asked {
    pub fn sight(&self) -> Sight {
        match self {
            Asked::Circular(layer) | Asked::Effective(_, layer) => sight(*layer),
            _ => sight(Layer::Capital),
        }
    }

    fn question(&self) -> Question {
        let asked = self.clone();
        let scribe: Scribe = Arc::new(move |view, own| Ok(asked.rows(view, own)?.join("").into_bytes()));
        match self {
            Asked::Ultimate => Question::UltimateControllers(Arc::new(|rows: &[UltimateRow]| {
                let line = |row: &UltimateRow| format!("{} {} {}\n", row.entity, row.controller, row.mutual);
                Ok(rows.iter().map(line).collect::<String>().into_bytes())
            })),
            Asked::Circular(_) => Question::Circular(scribe),
            Asked::Effective(..) => Question::EffectiveShares(scribe),
            Asked::Screen(rule, listed) => {
                let listed = listed.iter().enumerate().map(|(at, id)| (at + 1, id.clone())).collect();
                Question::Screen(listed, Rule::find(rule, Decides::Blocking).expect("a rule"), scribe)
            }
        }
    }

    /// The rows of a view about some entities, a line each.
    pub fn rows(&self, view: View<'_>, own: &dyn Fn(NodeId) -> bool) -> Result<Vec<String>> {
        let line = |value: serde_json::Value| format!("{value}\n");
        Ok(match self {
            Asked::Ultimate => {
                let answer = view.ultimate_controllers(Threshold::default())?;
                answer.rows.iter().map(|r| format!("{} {} {}\n", r.entity.id(), r.controller.id(), r.mutual)).collect()
            }
            Asked::Circular(_) => {
                view.circular_groups().groups.iter().map(|group| line(serde_json::json!(group))).collect()
            }
            Asked::Effective(min_share, _) => {
                let mut rows = Vec::new();
                let name = |node| view.graph().entity(node);
                ViewMatrix::in_order(view).effective_pairs_in(own, *min_share, |owner, owned, share| {
                    rows.push(line(serde_json::json!([name(owner), name(owned), share])));
                })?;
                rows
            }
            Asked::Screen(rule, listed) => {
                let rule = Rule::find(rule, Decides::Blocking)?;
                let mut nodes: Vec<NodeId> = listed.iter().filter_map(|id| view.graph().node_by_id(id)).collect();
                nodes.sort_unstable();
                view.screen(&nodes, &[], rule)?.blocked.iter().map(|row| line(serde_json::json!(row))).collect()
            }
        })
    }

    /// What one machine answers that reads all parts one after the other.
    pub fn alone(&self, parts: &[OwnershipGraph]) -> Vec<String> {
        let graph = together(parts);
        let mut rows = self.rows(self.sight().on(&graph), &|_| true).expect("an answer");
        rows.sort_unstable();
        rows
    }
}

pub fn together(parts: &[OwnershipGraph]) -> OwnershipGraph {
    let mut loader = Loader::new();
    parts.iter().for_each(|part| loader.read_graph(copy(part)).expect("a part"));
    loader.finish().expect("a graph")
}

pub fn copy(graph: &OwnershipGraph) -> OwnershipGraph {
    let (nodes, edges): (Vec<NodeId>, Vec<EdgeId>) = (graph.nodes().collect(), graph.edges().collect());
    graph.part(&nodes, &edges).expect("a part")
}

/// A graph cut by owned entity; each part has the entities that it names.
pub fn cut(graph: &OwnershipGraph, parts: usize) -> Vec<OwnershipGraph> {
    let place = |edge: &EdgeId| {
        let id = graph.stake(*edge).owned().id();
        id.bytes().fold(7usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % parts
    };
    let of = |part: usize| {
        let edges: Vec<EdgeId> = graph.edges().filter(|edge| place(edge) == part).collect();
        let mut named = vec![false; graph.node_count()];
        for &edge in &edges {
            named[graph.interest(edge).owner().index()] = true;
            named[graph.interest(edge).owned().index()] = true;
        }
        // What is said of a company stands with its interests; whoever nobody holds stands somewhere.
        let nodes: Vec<NodeId> = graph.nodes().filter(|node| named[node.index()] || part == 0).collect();
        graph.part(&nodes, &edges).expect("a part")
    };
    (0..parts).map(of).collect()
}

/// What one process ended with: its rows, or its error.
pub type Ended = std::result::Result<(String, Vec<Volume>), String>;

/// Asks as many machines as there are parts; a part may be an error. What each of them ended with.
pub fn ask_all(asked: &Asked, parts: Vec<Result<OwnershipGraph>>, workers: usize) -> Vec<Ended> {
    let hosts = addresses(parts.len());
    let threads: Vec<_> = parts
        .into_iter()
        .enumerate()
        .map(|(process, part)| {
            let (asked, hosts) = (asked.clone(), hosts.clone());
            let patience = Duration::from_secs(60);
            std::thread::spawn(move || {
                let cluster = Cluster { hosts, process, workers, fingerprint: 1, patience };
                let rows = Arc::new(Mutex::new(Vec::new()));
                let connected = cluster.connect().map_err(|error| error.to_string())?;
                let sink: Sink = rows.clone();
                let volumes = distributed::answer(&cluster, connected, (part, asked.sight()), asked.question(), sink);
                let volumes = volumes.map_err(|error| error.to_string())?;
                let rows = rows.lock().expect("no panic").clone();
                Ok((String::from_utf8(rows).expect("text"), volumes))
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
}

/// The rows of all machines together, sorted.
pub fn ask(asked: &Asked, parts: &[OwnershipGraph], workers: usize) -> Vec<String> {
    let ended = ask_all(asked, parts.iter().map(|part| Ok(copy(part))).collect(), workers);
    let rows: Vec<String> = ended.into_iter().map(|ended| ended.expect("an answer").0).collect();
    let mut rows: Vec<String> = rows.iter().flat_map(|rows| rows.lines()).map(|line| format!("{line}\n")).collect();
    rows.sort_unstable();
    rows
}

/// Addresses on loopback that are free.
pub fn addresses(count: usize) -> Vec<String> {
    let listeners: Vec<TcpListener> = (0..count).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
    listeners.iter().map(|listener| listener.local_addr().expect("an address").to_string()).collect()
}
