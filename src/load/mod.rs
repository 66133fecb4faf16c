//! The entity loader: bytes → statements → graph.
//!
//! [`Loader`] takes any number of inputs (files, folders, standard input, readers), recognises the format of each from
//! its content and makes one graph of all.

mod edges;
mod native;
pub mod source;

use crate::error::{Error, ErrorKind, Location, Result};
use crate::graph::{GraphBuilder, OwnershipGraph};
use source::{Input, Limits};
use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

/// The formats that can be read.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The project's own JSON, as `data/nso-group.json` is written.
    Native,
    /// Plain edges CSV: one interest a row.
    Edges,
}

impl Format {
    /// Every format, in the order in which they are tried.
    pub const ALL: [Format; 2] = [Format::Native, Format::Edges];

    /// The name used by `--input-format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Native => "native",
            Format::Edges => "edges",
        }
    }

    /// The format that content looks like.
    fn of(text: &str) -> Option<Self> {
        match text.trim_start().as_bytes().first()? {
            b'{' | b'[' => Some(Format::Native),
            _ => Some(Format::Edges),
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|format| format.name()).collect();
            Error::usage(format!("unknown input format {text:?}: give one of {}", names.join(", ")))
        })
    }
}

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

    /// Reads a file, every file of a folder, or standard input (`-`).
    pub fn read(&mut self, path: &Path) -> Result<()> {
        let limits = self.limits.clone();
        source::open(path, &limits, &mut |input: Input| {
            let name = input.name.clone();
            self.read_text(&name, &input.text()?)
        })
    }

    /// Reads text that is already at hand; `name` stands for it in messages.
    pub fn read_text(&mut self, name: &str, text: &str) -> Result<()> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let format = match self.format.or_else(|| Format::of(text)) {
            Some(format) => format,
            None => {
                return Err(Error::data(Location::of(name), "is empty: there is nothing to read"));
            }
        };
        let input = self.builder.input(name)?;
        match format {
            Format::Native => native::read(&mut self.builder, input, name, text),
            Format::Edges => edges::read(&mut self.builder, input, name, text),
        }
    }

    /// The graph of everything that was read.
    pub fn finish(self) -> Result<OwnershipGraph> {
        self.builder.finish()
    }
}

/// The dataset that is compiled in: the structure around NSO Group.
pub fn built_in() -> Result<OwnershipGraph> {
    let mut loader = Loader::new().format(Format::Native);
    loader.read_text("<built-in>", include_str!("../../data/nso-group.json"))?;
    loader.finish()
}

/// Tells a record that stands twice in one input.
fn claim(seen: &mut HashMap<String, ()>, what: &str, id: &str, location: &Location) -> Result<()> {
    match seen.insert(id.to_owned(), ()) {
        None => Ok(()),
        Some(()) => Err(Error::data(location.clone(), format!("{what} {id:?} stands twice in this file"))),
    }
}

/// A limit that was reached while reading.
fn limit(name: &str, message: impl std::fmt::Display) -> Error {
    Error::plain(ErrorKind::Limit, format!("{name}: {message}"))
}
