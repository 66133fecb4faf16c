//! Writes an index: beside the old one first, in its place in one step.

use super::manifest::{FileEntry, Manifest};
use super::sources::{Source, origins};
use super::{HEAD, arrow, is_index, open};
use crate::columnar::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::OwnershipGraph;
use crate::graph::stored::{NAME_CORES, NAME_LISTS, NAMES, RESEMBLANCES};
use crate::mapped::map;
use crate::search::EntityNames;
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};

/// How the folders of tables begin.
const TABLES: &str = "tables-";

/// How folders and files begin that are still being written.
const UNFINISHED: &str = ".unfinished-";

/// The file of sources, jurisdictions and problems.
pub(super) const REGISTRY: &str = "registry.json";

/// The ending of a table.
pub(super) const ARROW: &str = ".arrow";

/// Writes a graph that was made from `sources` as an index into `folder`, which is made where it is missing. An index that stands
/// there answers until the new one is complete; anything else that stands there is left alone, and refused. So is a source that
/// was written to since it was [noted](super::sources()): the index would name another file than that from which it is made.
///
/// A graph that is given and not lent is taken down as soon as it is written, beside the work that is left.
pub fn write(graph: impl Borrow<OwnershipGraph> + Send + Sync, sources: &[Source], folder: &Path) -> Result<Manifest> {
    let failed = |error| Error::io("cannot write", folder, error);
    fs::create_dir_all(folder).map_err(failed)?;
    let occupied = fs::read_dir(folder).map_err(failed)?.flatten().any(|entry| !is_unfinished(&entry.path()));
    if occupied && !is_index(folder) {
        let message = format!("{} holds other files and no index: name a folder of its own", folder.display());
        return Err(Error::plain(ErrorKind::Usage, message));
    }
    let unfinished = Unfinished::begin(folder).map_err(failed)?;
    let head = graph.borrow().head();
    let stop = AtomicBool::new(false);
    let (files, origins) = thread::scope(|scope| {
        // The sums of the files need nothing but the files: taken where a core has nothing else to do.
        let origins = scope.spawn(|| origins(sources, &stop));
        let files = write_files(graph, &unfinished.0);
        stop.store(files.is_err(), Ordering::Relaxed);
        (files, joined(origins))
    });
    let (files, origins) = (files?, origins?);
    let tables = format!("{TABLES}{}", digest(&files));
    let manifest = Manifest::new(tables, head, files, origins);
    place(&unfinished.0, folder, &manifest).map_err(failed)?;
    Ok(manifest)
}

/// A folder that goes away unless it gets its place.
struct Unfinished(PathBuf);

impl Unfinished {
    fn begin(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("{UNFINISHED}{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_unfinished(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED))
}

fn write_files(graph: impl Borrow<OwnershipGraph> + Send + Sync, folder: &Path) -> Result<Vec<FileEntry>> {
    let graph = Arc::new(graph);
    // The disk has its time while names are put in order.
    let (tables, names) = thread::scope(|scope| {
        let of_tables = Arc::clone(&graph);
        let tables = scope.spawn(move || write_tables((*of_tables).borrow(), folder));
        let names = write_names(graph, folder);
        (joined(tables), names)
    });
    let (mut files, registry) = tables?;
    files.extend(names?);
    files.push(registry);
    Ok(files)
}

/// Writes the tables of names, each while the next is made.
fn write_names(graph: Arc<impl Borrow<OwnershipGraph> + Send + Sync>, folder: &Path) -> Result<[FileEntry; 4]> {
    let names = EntityNames::of((*graph).borrow());
    let write = |name, columns| write_table(&Table::of_lists(name, columns), folder);
    thread::scope(|scope| {
        // Who is done with it last takes it down, beside what is left to do.
        scope.spawn(|| drop(graph));
        let texts = scope.spawn(|| write(NAMES, names.columns()));
        let lists = names.index().list_columns();
        let lists = scope.spawn(|| write(NAME_LISTS, lists));
        let cores = names.index().core_columns();
        let cores = scope.spawn(|| write(NAME_CORES, cores));
        let resemblances = write(RESEMBLANCES, names.index().resemblance_columns());
        Ok([joined(texts)?, joined(lists)?, joined(cores)?, resemblances?])
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Writes what is not names: the tables, and the registry.
fn write_tables(graph: &OwnershipGraph, folder: &Path) -> Result<(Vec<FileEntry>, FileEntry)> {
    let tables = graph.tables();
    let mut files: Vec<FileEntry> = tables
        .iter()
        .filter(|table| !table.columns.is_empty())
        .map(|table| write_table(table, folder))
        .collect::<Result<_>>()?;
    files.push(write_table(&graph.look_ups(), folder)?);
    Ok((files, write_registry(graph, folder)?))
}

fn write_registry(graph: &OwnershipGraph, folder: &Path) -> Result<FileEntry> {
    let registry = graph.registry_json().map_err(|error| Error::plain(ErrorKind::Io, error.to_string()))?;
    let mut file = Checked::create(&folder.join(REGISTRY))?;
    file.write_all(&registry).map_err(|error| Error::io("cannot write", folder, error))?;
    let (bytes, crc32) = file.finish().map_err(|error| Error::io("cannot write", folder, error))?;
    Ok(FileEntry { name: REGISTRY.to_owned(), bytes, crc32, head_crc32: crc32 })
}

fn write_table(table: &Table, folder: &Path) -> Result<FileEntry> {
    let name = format!("{}{ARROW}", table.name);
    let path = folder.join(&name);
    let failed = |error| Error::io("cannot write", &path, error);
    let mut file = Checked::create(&path)?;
    arrow::write(table, &mut file).map_err(|error| Error::io("cannot write", &path, io::Error::other(error)))?;
    let (bytes, crc32) = file.finish().map_err(failed)?;
    let head_crc32 = arrow::head_crc32(&map(&path).map_err(failed)?);
    let head_crc32 = head_crc32.ok_or_else(|| failed(io::Error::other("what was written cannot be read back")))?;
    Ok(FileEntry { name, bytes, crc32, head_crc32 })
}

/// A file whose checksum is taken as it is written.
struct Checked {
    file: File,
    hasher: crc32fast::Hasher,
    bytes: u64,
}

impl Checked {
    fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| Error::io("cannot write", path, error))?;
        Ok(Self { file, hasher: crc32fast::Hasher::new(), bytes: 0 })
    }

    /// Sees to it that the bytes are on the disk, and tells their number and checksum.
    fn finish(self) -> io::Result<(u64, u32)> {
        self.file.sync_all()?;
        Ok((self.bytes, self.hasher.finalize()))
    }
}

impl Write for Checked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A name that follows from the contents of the files.
fn digest(files: &[FileEntry]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(format!("{} {} {:08x}\n", file.name, file.bytes, file.crc32));
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Gives the tables their place, then the head, which is when the new index begins to answer; then clears away the rest.
fn place(unfinished: &Path, folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let tables = folder.join(&manifest.folder);
    let is_there = tables.is_dir();
    if !(is_there && open::tables_are_sound(&tables, manifest)) {
        if is_there {
            // Equal by name and not by content: damaged, so that nothing is lost.
            fs::remove_dir_all(&tables)?;
        }
        fs::rename(unfinished, &tables)?;
    }
    let head = folder.join(format!("{UNFINISHED}{}.json", std::process::id()));
    let mut file = File::create(&head)?;
    file.write_all(manifest.sealed()?.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    fs::rename(&head, folder.join(HEAD))?;
    File::open(folder)?.sync_all()?;
    clear(folder, &manifest.folder)
}

/// Removes tables that no head names any more, and what interrupted builds left.
fn clear(folder: &Path, current: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stale = name.starts_with(TABLES) && name != current || is_unfinished(&path);
        if stale {
            // Another build may be clearing away at the same time: what is gone is gone.
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
    Ok(())
}
