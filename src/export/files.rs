//! Formats of several files.

use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::io::Write;

/// Where a format of several files puts them: a folder, an archive, memory.
pub trait Files {
    /// Begins a file. The one before must be flushed and dropped.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>>;
}

/// Files in memory, for callers that have no folder.
impl Files for BTreeMap<String, Vec<u8>> {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        let file = self.entry(name.to_owned()).or_default();
        file.clear();
        Ok(Box::new(file))
    }
}

/// A failure to write, for want of a name: the caller knows where the bytes go.
pub(super) fn failed(error: std::io::Error) -> Error {
    Error::io("cannot write", "the output", error)
}
