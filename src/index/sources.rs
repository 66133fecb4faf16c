//! The files from which an index is made: how they were before they were read, and their sums.

use super::manifest::Origin;
use crate::error::{Error, ErrorKind, Location, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// Something from which an index is made, noted before it is read.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    /// Nothing of what is no regular file: who reads standard input or a pipe takes it away from who comes after.
    stamp: Option<Stamp>,
}

/// What changes of a regular file when somebody writes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    /// Where the system knows it.
    modified: Option<SystemTime>,
}

impl Stamp {
    /// `None` of what is no regular file.
    pub(crate) fn of(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self { bytes: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Notes how files are before they are read. `-` stands for standard input.
pub fn sources(files: &[PathBuf]) -> Result<Vec<Source>> {
    let source = |path: &PathBuf| {
        let stamp = if path == Path::new("-") {
            None
        } else {
            Stamp::of(&fs::metadata(path).map_err(|error| Error::io("cannot read", path, error))?)
        };
        Ok(Source { path: path.clone(), stamp })
    };
    files.iter().map(source).collect()
}

/// What an index says of its sources. Fails where one is not any more what it was; ends early once `stop` is set.
pub(super) fn origins(sources: &[Source], stop: &AtomicBool) -> Result<Vec<Origin>> {
    sources.iter().map(|source| source.origin(stop)).collect()
}

impl Source {
    fn origin(&self, stop: &AtomicBool) -> Result<Origin> {
        let name = self.path.display().to_string();
        let Some(noted @ Stamp { bytes, modified }) = self.stamp else {
            return Ok(Origin { name, bytes: None, sha256: None, modified: None });
        };
        let failed = |error| Error::io("cannot read", &self.path, error);
        let file = File::open(&self.path).map_err(failed)?;
        let check = || match Stamp::of(&file.metadata().map_err(failed)?) == Some(noted) {
            true => Ok(()),
            false => {
                let message = "changed while the index was built; build it again when nobody writes to it";
                Err(Error::data(Location::of(name.as_str()), message))
            }
        };
        check()?;
        let Some(sha256) = sum(&file, stop).map_err(failed)? else {
            return Err(Error::plain(ErrorKind::Io, "the sums of the files were given up"));
        };
        check()?;
        let modified = modified.and_then(|time| jiff::Timestamp::try_from(time).ok());
        let modified = modified.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        Ok(Origin { name, bytes: Some(bytes), sha256: Some(sha256), modified })
    }
}

/// SHA-256 of a file in hexadecimal digits; `None` when it was stopped.
fn sum(mut file: &File, stop: &AtomicBool) -> io::Result<Option<String>> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    while !stop.load(Ordering::Relaxed) {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
