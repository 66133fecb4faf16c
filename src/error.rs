//! The one error type of the crate.
//!
//! An [`Error`] means that a question could not be answered or an input could not be read at all. What is merely wrong
//! *in* readable data is a [`Problem`](crate::problem::Problem): it is counted, listed by `check` and never stops a load.
//! Library code returns errors; a panic is a bug.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// Result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an [`Error`] is; the command line maps each kind to one exit code.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file could not be read or written.
    Io,
    /// The request itself makes no sense (a malformed date, an unknown rule, flags that exclude each other).
    Usage,
    /// The input is not what its format demands.
    Data,
    /// No entity answers to the given name.
    NotFound,
    /// Several entities answer equally well to the given name.
    Ambiguous,
    /// A limit (time, memory, count) was reached before the answer was complete.
    Limit,
}

/// Where in an input something was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Location {
    /// File name as given, or `<stdin>`, or `<built-in>`.
    pub source: String,
    /// Line, counted from 1.
    pub line: Option<u64>,
    /// Column, counted from 1.
    pub column: Option<u64>,
    /// The record concerned, as the input names it.
    pub record: Option<String>,
}

impl Location {
    /// A place in `source` that is not known more closely.
    pub fn of(source: impl Into<String>) -> Self {
        Self { source: source.into(), ..Self::default() }
    }

    /// The same place with a line number (from 1).
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same place with the name of the record.
    pub fn in_record(mut self, record: impl Into<String>) -> Self {
        self.record = Some(record.into());
        self
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        if let Some(record) = &self.record {
            write!(f, " ({record})")?;
        }
        Ok(())
    }
}

fn below(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n{line}")).collect()
}

/// An opaque error, one word wide; [`Error::kind`] tells what happened and [`Error::location`] where.
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
enum Inner {
    #[error("{action} {path}: {source}")]
    Io { action: &'static str, path: String, source: std::io::Error },
    #[error("{message}{}", below(more))]
    Plain { kind: ErrorKind, message: String, more: Vec<String> },
    #[error("{location}: {message}")]
    Data { location: Location, message: String, cut_off: bool },
}

impl Error {
    /// A failed file operation; `action` reads well before the path ("cannot read").
    pub fn io(action: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self(Box::new(Inner::Io { action, path: path.as_ref().display().to_string(), source }))
    }

    /// A request that makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::plain(ErrorKind::Usage, message)
    }

    /// Input that breaks the rules of its format.
    pub fn data(location: Location, message: impl Into<String>) -> Self {
        Self(Box::new(Inner::Data { location, message: message.into(), cut_off: false }))
    }

    /// Input that breaks off, or of which nothing can be read from some place on: what stands before it may be whole.
    pub(crate) fn cut_off(location: Location, message: impl Into<String>) -> Self {
        Self(Box::new(Inner::Data { location, message: message.into(), cut_off: true }))
    }

    /// Whether an input ended with this before it was complete, be it cut off, unreadable or too large.
    pub(crate) fn ends_input(&self) -> bool {
        match &*self.0 {
            Inner::Io { .. } => true,
            Inner::Plain { kind, .. } => *kind == ErrorKind::Limit,
            Inner::Data { cut_off, .. } => *cut_off,
        }
    }

    /// The same error with more to say about what is wrong in the input.
    pub(crate) fn and(mut self, more: &str) -> Self {
        if let Inner::Data { message, .. } | Inner::Plain { message, .. } = &mut *self.0 {
            message.push_str("; ");
            message.push_str(more);
        }
        self
    }

    /// An error of any kind without a place.
    pub fn plain(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::with_lines(kind, message, Vec::new())
    }

    /// The same with lines below it, such as what to do.
    pub fn with_lines(kind: ErrorKind, message: impl Into<String>, more: Vec<String>) -> Self {
        Self(Box::new(Inner::Plain { kind, message: message.into(), more }))
    }

    /// The message line by line. A line break within one comes from outside: whoever shows it takes it away.
    pub fn lines(&self) -> Vec<String> {
        match &*self.0 {
            Inner::Plain { message, more, .. } => std::iter::once(message).chain(more).cloned().collect(),
            other => vec![other.to_string()],
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Inner::Io { .. } => ErrorKind::Io,
            Inner::Plain { kind, .. } => *kind,
            Inner::Data { .. } => ErrorKind::Data,
        }
    }

    /// Where in the input it happened, for errors that concern input.
    pub fn location(&self) -> Option<&Location> {
        match &*self.0 {
            Inner::Data { location, .. } => Some(location),
            _ => None,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Inner::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
