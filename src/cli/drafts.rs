//! Files and folders in the making: written as a whole or not at all.

use super::{interrupt, limits};
use crate::error::{Error, Result};
use crate::export::files::Files;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::{Builder, NamedTempFile, TempDir};

/// How the names of unfinished files and folders end.
const UNFINISHED: &str = ".part";

/// A file in the making, beside the one that it will replace. One that is dropped unfinished goes away.
pub struct Draft {
    target: PathBuf,
    file: BufWriter<Place>,
}

/// Where the bytes go until the file is whole.
enum Place {
    Beside(NamedTempFile),
    /// A device or a pipe, which cannot be replaced.
    Itself(File),
}

impl Draft {
    /// Begins a file with an answer: from here on no limit ends the run. A link is followed; a device or a pipe is
    /// written to as it is.
    pub fn begin(target: &Path) -> Result<Self> {
        limits::begin_output();
        Self::during_the_run(target)
    }

    /// Begins a file that is written while limits still hold.
    fn during_the_run(target: &Path) -> Result<Self> {
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let place = Place::of(&target).map_err(|error| missing_folder(&target, error))?;
        Ok(Self { target, file: BufWriter::with_capacity(1 << 16, place) })
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<()> {
        let Self { target, file } = self;
        let place = file.into_inner().map_err(io::IntoInnerError::into_error);
        place.and_then(|place| place.settle(&target)).map_err(|error| Error::io("cannot write", &target, error))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Place {
    fn of(target: &Path) -> io::Result<Self> {
        let before = fs::metadata(target).ok();
        if before.as_ref().is_some_and(|before| !before.is_file() && !before.is_dir()) {
            return Ok(Place::Itself(File::options().write(true).open(target)?));
        }
        let file = beside(target, 0o666, |builder, folder| builder.tempfile_in(folder))?;
        interrupt::remove(file.path());
        if let Some(before) = before.filter(fs::Metadata::is_file) {
            file.as_file().set_permissions(before.permissions())?;
        }
        Ok(Place::Beside(file))
    }

    fn settle(self, target: &Path) -> io::Result<()> {
        if let Place::Beside(file) = self {
            file.as_file().sync_all()?;
            file.persist(target)?;
            sync_folder_of(target);
        }
        Ok(())
    }
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Place::Beside(file) => file.write(bytes),
            Place::Itself(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Place::Beside(file) => file.flush(),
            Place::Itself(file) => file.flush(),
        }
    }
}

/// A file in the making that somebody else writes to.
#[derive(Clone)]
pub struct LentDraft(Arc<Mutex<Option<Draft>>>);

impl LentDraft {
    /// Begins a file that is written while limits still hold.
    pub fn begin(target: &Path) -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Some(Draft::during_the_run(target)?)))))
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<()> {
        let draft = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        draft.map_or(Ok(()), Draft::finish)
    }

    fn with<T: Default>(&self, act: impl FnOnce(&mut Draft) -> io::Result<T>) -> io::Result<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map_or_else(|| Ok(T::default()), act)
    }
}

impl Write for LentDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|draft| draft.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Write::flush)
    }
}

/// A folder in the making: its files get their places when all are written. One that is dropped unfinished goes away.
pub struct DraftFolder {
    target: PathBuf,
    folder: TempDir,
    names: Vec<String>,
}

impl DraftFolder {
    /// Begins a folder with an answer: from here on no limit ends the run.
    pub fn begin(target: &Path) -> Result<Self> {
        limits::begin_output();
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        if target.exists() && !target.is_dir() {
            let error = io::Error::new(io::ErrorKind::NotADirectory, "it is a file, and this format needs a folder");
            return Err(Error::io("cannot write", &target, error));
        }
        let folder = beside(&target, 0o777, |builder, folder| builder.tempdir_in(folder));
        let folder = folder.map_err(|error| missing_folder(&target, error))?;
        interrupt::remove(folder.path());
        Ok(Self { target, folder, names: Vec::new() })
    }

    /// Puts the files where they belong; other files of the folder stay.
    pub fn finish(self) -> Result<()> {
        let Self { target, folder, names } = self;
        settle(folder, &names, &target).map_err(|error| Error::io("cannot write", &target, error))
    }
}

fn settle(folder: TempDir, names: &[String], target: &Path) -> io::Result<()> {
    for name in names {
        File::open(folder.path().join(name))?.sync_all()?;
    }
    if target.exists() {
        names.iter().try_for_each(|name| fs::rename(folder.path().join(name), target.join(name)))?;
        return folder.close();
    }
    fs::rename(folder.path(), target)?;
    // It has another name now: there is nothing to remove.
    let _ = folder.keep();
    sync_folder_of(target);
    Ok(())
}

impl Files for DraftFolder {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        let path = self.folder.path().join(name);
        let file = File::create_new(&path).map_err(|error| Error::io("cannot write", &path, error))?;
        self.names.push(name.to_owned());
        Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
    }
}

/// Makes something beside a target, with its name and an ending of its own that nobody can foresee, and with what the user's
/// mask leaves of these permissions, as every other file of theirs has.
fn beside<T>(target: &Path, mode: u32, make: impl FnOnce(&Builder<'_, '_>, &Path) -> io::Result<T>) -> io::Result<T> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    let mut builder = Builder::new();
    builder.prefix(&name).suffix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    make(&builder, folder_of(target))
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new name outlives a loss of power only once its folder is on the disk. The file is whole in any case, and not every
/// file system can be asked for more.
fn sync_folder_of(target: &Path) {
    let _ = File::open(folder_of(target)).and_then(|folder| folder.sync_all());
}

/// Says of a file that cannot be written whether it is its folder that is missing.
pub(super) fn missing_folder(target: &Path, error: io::Error) -> Error {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
            Error::usage(format!("cannot write {}: there is no folder {}", target.display(), folder.display()))
        }
        _ => Error::io("cannot write", target, error),
    }
}
