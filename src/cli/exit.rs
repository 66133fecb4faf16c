//! Exit codes, as scripts rely on them.

use crate::error::ErrorKind;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// An answer was given; an empty one is an answer.
    Answer = 0,
    /// No such entity, or findings present with `--fail-on`.
    Nothing = 1,
    /// The request makes no sense, or a file cannot be read or written.
    Usage = 2,
    /// The input data are bad.
    Data = 3,
    /// A name fits several entities.
    Ambiguous = 4,
    /// A limit was reached: the answer is partial.
    Limit = 5,
    /// The program has a bug: it stopped where it should not.
    Bug = 101,
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Io | ErrorKind::Usage => Exit::Usage,
            ErrorKind::Data => Exit::Data,
            ErrorKind::NotFound => Exit::Nothing,
            ErrorKind::Ambiguous => Exit::Ambiguous,
            ErrorKind::Limit => Exit::Limit,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
