//! The entity loader: bytes → statements → graph.
//!
//! [`Loader`] takes any number of inputs (files, folders, standard input, readers), recognises the format of each from
//! its content and makes one graph of all.

mod bods;
mod edges;
mod format;
mod ftm;
mod gleif;
mod icij;
mod intake;
mod keys;
pub mod matches;
mod native;
mod nesting;
mod notes;
mod numbered;
mod percent;
mod pieces;
mod progress;
mod psc;
mod records;
mod remarks;
mod returns;
mod row_batch;
mod row_pieces;
mod rows;
mod scan;
mod shapes;
pub mod source;
mod spare;
mod tables;
mod turns;

pub use format::Format;
pub use keys::DuplicateKeys;
pub use progress::Progress;

use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::{GraphBuilder, OwnershipGraph, Verdict};
use crate::index;
use crate::problem::Rule;
use intake::{Intake, Rejects, Rules};
use progress::Metered;
use source::{Encoding, Input, Limits, Opening, Unread};
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

/// Reads inputs into one graph.
///
/// ```
/// use cuibono::load::Loader;
/// let mut loader = Loader::new();
/// loader.read_text("edges.csv", "owner,owned,share\nAnn,Acme,60\n")?;
/// let graph = loader.finish()?;
/// assert_eq!((graph.node_count(), graph.edge_count()), (2, 1));
/// # Ok::<(), cuibono::error::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Loader {
    builder: GraphBuilder,
    format: Option<Format>,
    opening: Opening,
    duplicate_keys: DuplicateKeys,
    keep_going: bool,
    rejects: Rejects,
    series: bods::Series,
    /// An index that was opened and nothing else so far: it answers as it is unless something is added to it.
    index: Option<(String, OwnershipGraph)>,
    read_anything: bool,
    progress: Arc<Progress>,
}

impl Loader {
    /// A loader that recognises formats from content.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads every input in the given format, whatever it looks like.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Bounds what is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.opening.limits = limits;
        self
    }

    /// Takes text that has no byte order mark for text of this encoding instead of UTF-8.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.opening.encoding = Some(encoding);
        self
    }

    /// What becomes of JSON objects in which a key stands twice: their records are wrong if nothing else is said.
    #[must_use]
    pub fn duplicate_keys(mut self, keys: DuplicateKeys) -> Self {
        self.duplicate_keys = keys;
        self
    }

    /// Whether an input that breaks off or is damaged on the way counts as far as it could be read. The graph then tells
    /// so of the input ([`InputSummary::broken`](crate::graph::InputSummary::broken)), and what follows from it is partial.
    /// A document that is read as a whole counts whole or not at all.
    #[must_use]
    pub fn keep_going(mut self, keep_going: bool) -> Self {
        self.keep_going = keep_going;
        self
    }

    /// Writes every record that cannot be read to `sink`, one JSON object a line: file, line, record, reason, text.
    #[must_use]
    pub fn rejects(mut self, sink: Box<dyn Write + Send>) -> Self {
        self.rejects = Rejects::to(sink);
        self
    }

    /// Keeps interests in temporary files in `folder` when more than so many bytes of them are in memory. The graph is the
    /// same; what of it lies in a file is mapped.
    #[must_use]
    pub fn spill_beyond(mut self, bytes: usize, folder: &Path) -> Self {
        self.builder.spill_beyond(bytes, folder.to_owned());
        self
    }

    /// Tells `progress` how far reading has come.
    #[must_use]
    pub fn progress(mut self, progress: Arc<Progress>) -> Self {
        self.progress = progress;
        self
    }

    /// Takes the user's word on which records are one party and which are not.
    pub fn verdict(&mut self, verdict: Verdict) {
        self.builder.verdict(verdict);
    }

    /// Reads a file, every file of a folder, an index by its folder, or standard input (`-`).
    pub fn read(&mut self, path: &Path) -> Result<()> {
        if index::is_index(path) {
            let graph = index::open(path)?.graph;
            return self.take_in(path.display().to_string(), graph);
        }
        if index::is_head(path) {
            let message = format!("{} is the head of an index: name the folder that it stands in", path.display());
            return Err(Error::plain(ErrorKind::Usage, message));
        }
        let opening = self.opening.clone();
        let unread = source::open(path, &opening, &mut |input: Input<'_>| {
            let Input { name, head, mut reader } = input;
            self.read_input(&name, &head, &mut *reader)
        })?;
        self.report(unread);
        Ok(())
    }

    /// Reads text that is already at hand; `name` stands for it in messages.
    pub fn read_text(&mut self, name: &str, text: &str) -> Result<()> {
        let mut text = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
        self.read_input(name, text, &mut text)
    }

    /// Reads bytes that are already at hand, decompressed and decoded like those of a file.
    pub fn read_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let opening = self.opening.clone();
        let unread = source::open_bytes(name, bytes, &opening, &mut |input: Input<'_>| {
            let Input { name, head, mut reader } = input;
            self.read_input(&name, &head, &mut *reader)
        })?;
        self.report(unread);
        Ok(())
    }

    /// Says what was found and not read.
    fn report(&mut self, unread: Vec<Unread>) {
        for Unread { name, reason } in unread {
            self.builder.problem(Rule::UnreadInput, Location::of(name), reason.to_owned());
        }
    }

    /// Reads the dataset that is compiled in.
    pub fn read_built_in(&mut self) -> Result<()> {
        self.absorb_index()?;
        self.read_anything = true;
        self.read_native("<built-in>", include_str!("../../data/nso-group.json"))
    }

    /// Adds everything that a graph holds.
    pub fn read_graph(&mut self, graph: OwnershipGraph) -> Result<()> {
        self.take_in("<graph>".to_owned(), graph)
    }

    /// Adds a graph, for which `name` stands in messages.
    fn take_in(&mut self, name: String, graph: OwnershipGraph) -> Result<()> {
        if self.read_anything {
            self.absorb_index()?;
            return self.builder.absorb(&name, &graph, Format::family);
        }
        (self.read_anything, self.index) = (true, Some((name, graph)));
        Ok(())
    }

    /// Takes the index apart, to add something to it.
    fn absorb_index(&mut self) -> Result<()> {
        match self.index.take() {
            Some((name, graph)) => self.builder.absorb(&name, &graph, Format::family),
            None => Ok(()),
        }
    }

    fn read_input(&mut self, name: &str, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
        let found = Format::of(head);
        let is_empty = found.is_none() && head.trim_ascii().is_empty();
        let Some(format) = self.format.or(found).filter(|_| !is_empty) else {
            return Err(Error::data(Location::of(name), "is empty: there is nothing to read"));
        };
        self.absorb_index()?;
        self.read_anything = true;
        let input = self.builder.input_of(name, format.name(), format.namespace())?;
        let reader = &mut Metered { inner: reader, progress: &self.progress };
        let rules = Rules { limits: &self.opening.limits, keys: self.duplicate_keys };
        let mut intake = Intake::new(&mut self.builder, input, name, (rules, &self.progress), &mut self.rejects);
        let read = match format {
            Format::Native if is_jsonl(head) => tables::jsonl::read(&mut intake, head, reader),
            Format::Native => native::read(&mut intake, reader),
            Format::Tables => tables::csv::read(&mut intake, reader),
            Format::Edges => edges::read(&mut intake, head, reader),
            Format::Bods => bods::read(&mut intake, head, reader, &mut self.series),
            Format::Psc => psc::read(&mut intake, head, reader),
            Format::Gleif => gleif::read(&mut intake, head, reader),
            Format::Ftm => ftm::read(&mut intake, head, reader),
            Format::Icij => icij::read(&mut intake, head, reader),
        };
        match read {
            Ok(()) => intake.finish(),
            Err(error) if error.ends_input() => intake.break_off(error, self.keep_going),
            Err(error) => Err(error),
        }
    }

    /// Reads a document in the native format where it stands, without a copy of it.
    fn read_native(&mut self, name: &str, text: &str) -> Result<()> {
        let input = self.builder.input_of(name, Format::Native.name(), Format::Native.namespace())?;
        let rules = Rules { limits: &self.opening.limits, keys: DuplicateKeys::Error };
        let mut intake = Intake::new(&mut self.builder, input, name, (rules, &self.progress), &mut self.rejects);
        native::read_text(&mut intake, text)?;
        intake.finish()
    }

    /// The graph of everything that was read.
    pub fn finish(mut self) -> Result<OwnershipGraph> {
        self.rejects.flush()?;
        if !self.builder.has_verdicts()
            && let Some((_, graph)) = self.index.take()
        {
            return Ok(graph);
        }
        self.absorb_index()?;
        self.series.finish(&mut self.builder)?;
        self.builder.finish()
    }
}

/// The dataset that is compiled in: the structure around NSO Group.
pub fn built_in() -> Result<OwnershipGraph> {
    let mut loader = Loader::new();
    loader.read_built_in()?;
    loader.finish()
}

/// Whether an input in the native format is records and not a document.
fn is_jsonl(head: &[u8]) -> bool {
    tables::jsonl::recognises(&String::from_utf8_lossy(&head[..head.len().min(200)]))
}

/// The text of an input that must be held whole.
fn whole_text(intake: &Intake<'_>, reader: &mut (dyn BufRead + Send)) -> Result<String> {
    let mut bytes = Vec::new();
    source::read_whole(intake.name, reader, intake.limits, &mut bytes)?;
    source::utf8(intake.name, bytes)
}

/// A record that is longer than it may be.
fn too_long(limit: usize) -> String {
    source::told_by("--max-record", limit as u64, "the record is longer than this many bytes")
}

/// A limit that was reached while reading.
fn limit(name: &str, message: impl std::fmt::Display) -> Error {
    Error::plain(ErrorKind::Limit, format!("{name}: {message}"))
}
