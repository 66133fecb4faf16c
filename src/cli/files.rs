//! Files that are written as a whole or not at all, and never over an input.

use super::limits;
use super::session::Session;
use crate::error::{Error, Result};
use crate::export::files::Files;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file in the making, beside the one that it will replace.
pub struct Draft {
    target: PathBuf,
    temporary: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Draft {
    /// Begins a file. A link is followed; a device or a pipe is written to as it is.
    pub fn begin(target: &Path) -> Result<Self> {
        limits::begin_output();
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let special = fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let temporary = if special { target.clone() } else { beside(&target) };
        let opened = match special {
            true => File::options().write(true).open(&target),
            false => File::create(&temporary),
        };
        let file = opened.map_err(|error| missing_folder(&target, error))?;
        Ok(Self { target, temporary, file: Some(BufWriter::with_capacity(1 << 16, file)) })
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> Result<()> {
        let finished = self.settle();
        finished.map_err(|error| Error::io("cannot write", &self.target, error))
    }

    fn settle(&mut self) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if self.temporary != self.target {
            file.sync_all()?;
            fs::rename(&self.temporary, &self.target)?;
            self.temporary.clone_from(&self.target);
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(bytes.len()), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    /// What is half written goes away.
    fn drop(&mut self) {
        if self.temporary != self.target {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// A folder in the making: its files get their places when all are written.
pub struct DraftFolder {
    target: PathBuf,
    temporary: PathBuf,
    names: Vec<String>,
}

impl DraftFolder {
    /// Begins a folder.
    pub fn begin(target: &Path) -> Result<Self> {
        limits::begin_output();
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if target.exists() && !target.is_dir() {
            let error = io::Error::new(io::ErrorKind::NotADirectory, "it is a file, and this format needs a folder");
            return Err(Error::io("cannot write", &target, error));
        }
        let temporary = beside(&target);
        fs::create_dir(&temporary).map_err(|error| missing_folder(&target, error))?;
        Ok(Self { target, temporary, names: Vec::new() })
    }

    /// Puts the files where they belong; other files of the folder stay.
    pub fn finish(self) -> Result<()> {
        self.settle().map_err(|error| Error::io("cannot write", &self.target, error))
    }

    fn settle(&self) -> io::Result<()> {
        for name in &self.names {
            File::open(self.temporary.join(name))?.sync_all()?;
        }
        if !self.target.exists() {
            return fs::rename(&self.temporary, &self.target);
        }
        self.names.iter().try_for_each(|name| fs::rename(self.temporary.join(name), self.target.join(name)))
    }
}

impl Files for DraftFolder {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        let path = self.temporary.join(name);
        let file = File::create(&path).map_err(|error| Error::io("cannot write", &path, error))?;
        self.names.push(name.to_owned());
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
    }
}

impl Drop for DraftFolder {
    /// What is half written goes away.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    target.with_file_name(name)
}

fn missing_folder(target: &Path, error: io::Error) -> Error {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
            Error::usage(format!("cannot write {}: there is no folder {}", target.display(), folder.display()))
        }
        _ => Error::io("cannot write", target, error),
    }
}

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
    let folder = rejects.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let target = fs::canonicalize(rejects)
        .or_else(|_| Ok(fs::canonicalize(folder)?.join(rejects.file_name().unwrap_or_default())));
    let target: PathBuf = target.map_err(|error: io::Error| missing_folder(rejects, error))?;
    let read = inputs.into_iter().filter_map(|input| fs::canonicalize(input).ok());
    match read.into_iter().find(|input| target.starts_with(input)) {
        Some(input) => Err(Error::usage(format!(
            "cannot write the rejects to {}: {} is an input of this run; give another place",
            rejects.display(),
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
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => result,
    }
}
