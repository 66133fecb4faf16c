//! What every command works on: the graph, the view, and the entities that the user means.

use super::args::Global;
use super::exit::Exit;
use super::limits;
use super::lists::List;
use super::loading::{is_partial, load, warn};
use super::output::{Output, OutputFormat, Report, write_out};
use super::phrases;
use super::terminal;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Entity, NodeId, OwnershipGraph, View};
use crate::model::{AsOf, Day};
use crate::query::caveats::{About, Caveat};
use crate::search::{EntityNames, Hit, Resolution, entity_with_name};
use serde::Serialize;
use std::cell::{Cell, OnceCell, RefCell};
use std::path::PathBuf;

/// The loaded data and the resolved options.
pub struct Session {
    /// The graph.
    pub graph: OwnershipGraph,
    /// Where answers go.
    pub output: Output,
    as_of: AsOf,
    pub(super) global: Global,
    names: OnceCell<EntityNames>,
    /// Whether a name was looked for already.
    has_sought_name: Cell<bool>,
    /// The lists that were read.
    lists: RefCell<Vec<PathBuf>>,
}

/// Whom a line of a list names.
pub enum Whole {
    /// One entity.
    One(NodeId),
    /// Several equally.
    Several(Vec<NodeId>),
    /// Nobody; these come nearest.
    None(Vec<NodeId>),
}

impl Whole {
    /// All whom it may be.
    pub fn nodes(&self) -> &[NodeId] {
        match self {
            Whole::One(node) => std::slice::from_ref(node),
            Whole::Several(nodes) | Whole::None(nodes) => nodes,
        }
    }
}

#[derive(Serialize)]
struct Candidates<'g> {
    query: &'g str,
    candidates: Vec<Entity<'g>>,
}

impl Session {
    /// Loads the given data, or the dataset that is compiled in.
    pub fn open(global: Global) -> Result<Self> {
        let graph = load(&global)?;
        warn(&graph, &global);
        let output = Output::of(&global);
        let as_of = global.as_of.unwrap_or_else(|| AsOf::Day(Day::today()));
        Ok(Self {
            graph,
            output,
            as_of,
            global,
            names: OnceCell::new(),
            has_sought_name: Cell::new(false),
            lists: RefCell::default(),
        })
    }

    /// What the local page answers from.
    #[cfg(feature = "serve")]
    pub fn into_data(self) -> Result<crate::serve::Data> {
        use crate::model::{Confidence, Layer};
        let (layer, least) = (Layer::from(self.global.layer), Confidence::from(self.global.min_confidence));
        if layer != Layer::Capital || least != Confidence::Low {
            return Err(Error::usage("--layer and --min-confidence are chosen on the page: leave them out"));
        }
        if self.global.limit.is_some() {
            return Err(Error::usage("--limit is about the rows of an answer: the page has --max-boxes of its own"));
        }
        let sources = [("--only-source", &self.global.only_source), ("--without-source", &self.global.without_source)];
        let option = |name: &str, value: String| [name.to_owned(), value];
        let path = |path: &PathBuf| path.display().to_string();
        let mut arguments: Vec<String> =
            self.global.data.iter().flat_map(|data| option("--data", path(data))).collect();
        arguments.extend(self.global.matches.iter().flat_map(|file| option("--matches", path(file))));
        arguments.extend(self.global.input_format.iter().flat_map(|format| option("--input-format", format.clone())));
        for (name, ids) in sources {
            arguments.extend(ids.iter().flat_map(|id| option(name, id.clone())));
        }
        arguments.extend(self.global.reading.arguments());
        arguments.extend(self.global.open_world.then(|| "--open-world".to_owned()));
        let names = self.names.into_inner().unwrap_or_else(|| EntityNames::of(&self.graph));
        Ok(crate::serve::Data {
            graph: self.graph,
            names,
            as_of: self.as_of,
            open_world: self.global.open_world,
            time: self.global.timeout.unwrap_or(crate::serve::TIME),
            arguments,
        })
    }

    /// The view that the options ask for.
    pub fn view(&self) -> View<'_> {
        self.view_on(self.as_of)
    }

    /// The same on another day.
    pub fn view_on(&self, as_of: AsOf) -> View<'_> {
        self.graph
            .view(as_of)
            .layer(self.global.layer.into())
            .min_confidence(self.global.min_confidence.into())
            .open_world(self.global.open_world)
    }

    /// The same view with the time limit: for commands that answer in part once it is over.
    pub fn view_in_time(&self) -> View<'_> {
        match limits::deadline() {
            Some(deadline) => self.view().until(deadline),
            None => self.view(),
        }
    }

    /// The files and folders that this run reads, those within folders and archives included.
    pub fn input_files(&self) -> Vec<PathBuf> {
        let given = self.global.data.iter().chain(&self.global.matches).chain(&self.global.rejects).cloned();
        let given = given.chain(self.lists.borrow().clone());
        // Inputs of which nothing was read are only named by the tables that were made of them.
        let read = self.graph.inputs().iter().filter(|input| input.records + input.rejected > 0);
        let found = read.flat_map(|input| {
            let name = input.name.as_str();
            std::iter::once(name).chain(name.rsplit_once('!').map(|(archive, _)| archive)).map(PathBuf::from)
        });
        given.chain(found).collect()
    }

    /// Writes an answer, with what it cannot know.
    pub fn report(&self, report: Report<'_>) -> Result<Exit> {
        self.report_with(report, self.view().caveats())
    }

    /// The same for an answer about the interests in a party, or of it.
    pub fn report_on(&self, party: NodeId, about: About, report: Report<'_>) -> Result<Exit> {
        let view = self.view();
        let mut caveats = view.caveats();
        caveats.extend(view.caveat_on(party, about));
        self.report_with(report, caveats)
    }

    fn report_with(&self, report: Report<'_>, caveats: Vec<Caveat<'_>>) -> Result<Exit> {
        let caveats: Vec<String> = caveats.iter().map(ToString::to_string).collect();
        let has_no_place = matches!(self.output.format, OutputFormat::Csv | OutputFormat::Jsonl);
        if has_no_place && !self.global.quiet {
            caveats.iter().for_each(|caveat| terminal::tell(format!("warning: {caveat}")));
        }
        self.output.report(&report.caveats(&caveats))
    }

    /// How a run ends that would end so if all inputs had been read to their ends.
    pub fn settled(&self, end: Result<Exit>) -> Result<Exit> {
        if !is_partial(&self.graph) {
            return end;
        }
        match end {
            Ok(Exit::Answer) => Ok(Exit::Limit),
            // Whoever is not found may stand in the part that was not read.
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::plain(ErrorKind::Limit, error.to_string())),
            end => end,
        }
    }

    /// Whether `--as-of` was given.
    pub fn as_of_given(&self) -> Option<AsOf> {
        self.global.as_of
    }

    /// The names of all entities.
    pub fn names(&self) -> &EntityNames {
        self.names.get_or_init(|| EntityNames::of(&self.graph))
    }

    /// The entity that the user means: by id, identifier, name, alias, or an inexact form of one. Never a guess.
    pub fn resolve(&self, text: &str) -> Result<NodeId> {
        if let Some(node) = self.graph.node_by_id(text) {
            return Ok(node);
        }
        match self.graph.nodes_by_identifier(text).as_slice() {
            [] => {}
            [node] => return Ok(*node),
            several => return Err(self.ambiguous(text, several.to_vec())),
        }
        if let Some(node) = self.named(text) {
            return Ok(node);
        }
        match self.names().index().resolve(text) {
            Resolution::One(hit) => Ok(NodeId(hit.node)),
            Resolution::Ambiguous(hits) => Err(self.ambiguous(text, nodes(&hits))),
            Resolution::None { did_you_mean } => Err(self.not_found(text, &did_you_mean)),
        }
    }

    /// The entity with this whole name, where no index of names is needed to tell. Asked once: from the second name on an
    /// index is faster.
    fn named(&self, text: &str) -> Option<NodeId> {
        let is_first = self.names.get().is_none() && !self.has_sought_name.replace(true);
        if is_first { entity_with_name(&self.graph, text) } else { None }
    }

    /// The entities of a list: a file with one id or name per line, or ids and names separated by commas.
    pub fn resolve_list(&self, list: &str) -> Result<Vec<NodeId>> {
        let given = List::read_or_split(list)?;
        self.lists.borrow_mut().extend(given.file().map(PathBuf::from));
        let resolve = |(_, text): (usize, &str)| self.resolve(text).map_err(|error| no_file_either(list, error));
        let mut nodes = given.lines().map(resolve).collect::<Result<Vec<_>>>()?;
        let mut seen = std::collections::HashSet::new();
        nodes.retain(|node| seen.insert(*node));
        if nodes.is_empty() {
            return Err(Error::usage(format!("{} names nobody", quoted(list))));
        }
        Ok(nodes)
    }

    /// The entities whose id, identifier or whole name the text is: nothing is completed and nothing corrected.
    pub fn resolve_whole(&self, text: &str) -> Whole {
        if let Some(node) = self.graph.node_by_id(text) {
            return Whole::One(node);
        }
        match self.graph.nodes_by_identifier(text).as_slice() {
            [] => {}
            [node] => return Whole::One(*node),
            several => return Whole::Several(several.to_vec()),
        }
        if let Some(node) = self.named(text) {
            return Whole::One(node);
        }
        match self.names().index().resolve_whole(text) {
            Resolution::One(hit) => Whole::One(NodeId(hit.node)),
            Resolution::Ambiguous(hits) => Whole::Several(nodes(&hits)),
            Resolution::None { did_you_mean } => Whole::None(nodes(&did_you_mean)),
        }
    }

    fn not_found(&self, text: &str, near: &[Hit]) -> Error {
        let message = format!("no entity answers to {}", quoted(text));
        let mut more = Vec::new();
        if !near.is_empty() {
            more.push("  did you mean".to_owned());
            more.extend(near.iter().map(|hit| format!("    {}", self.described(NodeId(hit.node)))));
        }
        Error::with_lines(ErrorKind::NotFound, message, more)
    }

    fn ambiguous(&self, text: &str, nodes: Vec<NodeId>) -> Error {
        let candidates: Vec<Entity<'_>> = nodes.iter().map(|&node| self.graph.entity(node)).collect();
        let message = format!("{} fits several entities:", quoted(text));
        let mut more: Vec<String> =
            candidates.iter().map(|entity| format!("    {}", self.described(entity.node()))).collect();
        let ids = candidates.iter().map(|entity| entity.id());
        if let Some(repeat) = ids.filter_map(|id| super::repeat_with(text, id)).next() {
            more.extend(["  say which one by its id, for example".to_owned(), format!("    {repeat}")]);
        }
        if matches!(self.output.format, OutputFormat::Json | OutputFormat::Jsonl) {
            let answer = Candidates { query: text, candidates };
            if let Ok(mut bytes) = serde_json::to_vec_pretty(&answer) {
                bytes.push(b'\n');
                // The error itself follows on standard error; a closed pipe has nobody to tell.
                let _ = write_out(&bytes);
            }
        }
        Error::with_lines(ErrorKind::Ambiguous, message, more)
    }

    /// `id  name (kind, jurisdiction)`
    pub fn described(&self, node: NodeId) -> String {
        let entity = self.graph.entity(node);
        let place = entity.jurisdiction().unwrap_or("?");
        format!("{}  {} ({}, {place})", entity.id(), phrases::name(entity.name()), entity.kind())
    }

    /// `Name (kind, jurisdiction; id)` for headings.
    pub fn title(&self, node: NodeId) -> String {
        let entity = self.graph.entity(node);
        let place = entity.jurisdiction().unwrap_or("jurisdiction unknown");
        format!("{} ({}, {place}; {})", phrases::name(entity.name()), entity.kind(), entity.id())
    }
}

/// Somebody who meant a file learns that there is none.
fn no_file_either(list: &str, error: Error) -> Error {
    let looks_like_a_file = list.contains(['/', '\\', '.']) && !std::path::Path::new(list).exists();
    if error.kind() != ErrorKind::NotFound || !looks_like_a_file {
        return error;
    }
    let mut lines = error.lines().into_iter();
    let message = lines.next().unwrap_or_default();
    Error::with_lines(error.kind(), message, lines.chain([format!("  nor is there a file {list}")]).collect())
}

fn nodes(hits: &[Hit]) -> Vec<NodeId> {
    hits.iter().map(|hit| NodeId(hit.node)).collect()
}

/// What the user asked for, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", phrases::name(text).replace('"', "\\\""))
}
