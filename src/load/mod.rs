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
pub mod matches;
mod native;
mod notes;
mod numbered;
mod percent;
mod pieces;
mod progress;
mod psc;
mod records;
mod remarks;
mod row_batch;
mod row_pieces;
mod rows;
mod shapes;
pub mod source;
mod tables;
mod turns;

pub use format::Format;
pub use progress::Progress;

use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::{GraphBuilder, OwnershipGraph, Verdict};
use crate::index;
use intake::{Intake, Rejects};
use progress::Metered;
use source::{Input, Limits};
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
    limits: Limits,
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
        self.limits = limits;
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

    /// Reads a file, every file of a folder, an index, or standard input (`-`).
    pub fn read(&mut self, path: &Path) -> Result<()> {
        if index::is_index(path) {
            let graph = index::open(path)?.graph;
            return self.take_in(path.display().to_string(), graph);
        }
        let limits = self.limits.clone();
        source::open(path, &limits, &mut |input: Input<'_>| {
            let Input { name, head, mut reader } = input;
            self.read_input(&name, &head, &mut *reader)
        })
    }

    /// Reads text that is already at hand; `name` stands for it in messages.
    pub fn read_text(&mut self, name: &str, text: &str) -> Result<()> {
        let mut text = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
        self.read_input(name, text, &mut text)
    }

    /// Reads bytes that are already at hand, decompressed and decoded like those of a file.
    pub fn read_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let limits = self.limits.clone();
        source::open_bytes(name, bytes, &limits, &mut |input: Input<'_>| {
            let Input { name, head, mut reader } = input;
            self.read_input(&name, &head, &mut *reader)
        })
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
        let Some(format) = self.format.or_else(|| Format::of(head)) else {
            return Err(Error::data(Location::of(name), "is empty: there is nothing to read"));
        };
        self.absorb_index()?;
        self.read_anything = true;
        let input = self.builder.input_of(name, format.name(), format.namespace())?;
        let reader = &mut Metered { inner: reader, progress: &self.progress };
        let mut intake = Intake::new(&mut self.builder, input, name, (&self.limits, &self.progress), &mut self.rejects);
        match format {
            Format::Native if is_jsonl(head) => tables::jsonl::read(&mut intake, head, reader),
            Format::Native => native::read(&mut intake, reader),
            Format::Tables => tables::csv::read(&mut intake, reader),
            Format::Edges => edges::read(&mut intake, head, reader),
            Format::Bods => bods::read(&mut intake, head, reader, &mut self.series),
            Format::Psc => psc::read(&mut intake, head, reader),
            Format::Gleif => gleif::read(&mut intake, head, reader),
            Format::Ftm => ftm::read(&mut intake, head, reader),
            Format::Icij => icij::read(&mut intake, head, reader),
        }?;
        intake.finish()
    }

    /// Reads a document in the native format where it stands, without a copy of it.
    fn read_native(&mut self, name: &str, text: &str) -> Result<()> {
        let input = self.builder.input_of(name, Format::Native.name(), Format::Native.namespace())?;
        let mut intake = Intake::new(&mut self.builder, input, name, (&self.limits, &self.progress), &mut self.rejects);
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
    loader.read_native("<built-in>", include_str!("../../data/nso-group.json"))?;
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

/// A limit that was reached while reading.
fn limit(name: &str, message: impl std::fmt::Display) -> Error {
    Error::plain(ErrorKind::Limit, format!("{name}: {message}"))
}
