//! What must not be written over, and standard output.

use super::drafts::missing_folder;
use super::session::Session;
use super::{interrupt, limits};
use crate::error::{Error, Result};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Refuses a target that is an input of this run, or a folder that holds one among the files to be written.
pub fn not_over_inputs(session: &Session, target: &Path, names: &[String]) -> Result<()> {
    let Ok(target) = fs::canonicalize(target) else { return Ok(()) };
    let targets: Vec<PathBuf> = match names {
        [] => vec![target.clone()],
        names => names.iter().map(|name| target.join(name)).chain([target.clone()]).collect(),
    };
    let inputs = session.input_files().into_iter().filter_map(|input| fs::canonicalize(input).ok());
    match inputs.into_iter().find(|input| targets.contains(input)) {
        Some(input) => Err(Error::usage(format!(
            "cannot write {}: {} is an input of this run; give another place",
            target.display(),
            input.display()
        ))),
        None => Ok(()),
    }
}

/// Refuses a file for rejects that is an input, or that lies in a folder which is read: it is written while inputs are.
pub fn rejects_beside_inputs<'p>(rejects: &Path, inputs: impl IntoIterator<Item = &'p PathBuf>) -> Result<()> {
    beside_inputs("the rejects to ", rejects, inputs)
}

/// The same for whatever is written while inputs are read.
pub fn beside_inputs<'p>(what: &str, file: &Path, inputs: impl IntoIterator<Item = &'p PathBuf>) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let target =
        fs::canonicalize(file).or_else(|_| Ok(fs::canonicalize(folder)?.join(file.file_name().unwrap_or_default())));
    let target: PathBuf = target.map_err(|error: io::Error| missing_folder(file, error))?;
    let read = inputs.into_iter().filter_map(|input| fs::canonicalize(input).ok());
    match read.into_iter().find(|input| target.starts_with(input)) {
        Some(input) => Err(Error::usage(format!(
            "cannot write {what}{}: {} is an input of this run; give another place",
            file.display(),
            input.display()
        ))),
        None => Ok(()),
    }
}

/// Standard output as it fills; a closed pipe ends the program quietly.
pub struct Piped(BufWriter<io::StdoutLock<'static>>);

impl Piped {
    /// Begins to write.
    pub fn begin() -> Self {
        limits::begin_output();
        Self(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

impl Write for Piped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        quiet(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        quiet(self.0.flush())
    }
}

fn quiet<T>(result: io::Result<T>) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => interrupt::leave(0),
        result => result,
    }
}
