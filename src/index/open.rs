//! Opens an index by mapping its files, and looks whether they are what was written.

use super::manifest::{FileEntry, Manifest, refused};
use super::write::ARROW;
use super::{HEAD, arrow};
use crate::columnar::Tables;
use crate::error::Result;
use crate::graph::{OwnershipGraph, Registry};
use crate::mapped::map;
use bytes::Bytes;
use std::path::Path;

/// An index up to this size is checked to the last byte when it is opened.
const CHECKED_WHOLE: u64 = 16 << 20;

/// An open index.
#[derive(Debug)]
pub struct Index {
    /// The graph, read as it is walked.
    pub graph: OwnershipGraph,
    /// What the index was made from.
    pub manifest: Manifest,
}

/// How much of an index is looked at when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Every byte of a small index, the heads of the tables of a large one.
    BySize,
    /// Every byte.
    Whole,
}

/// Opens an index.
pub fn open(folder: &Path) -> Result<Index> {
    open_checked(folder, Check::BySize)
}

/// Opens an index and looks at every byte of it.
pub fn verify(folder: &Path) -> Result<Manifest> {
    open_checked(folder, Check::Whole).map(|index| index.manifest)
}

fn open_checked(folder: &Path, checked: Check) -> Result<Index> {
    let manifest = info(folder)?;
    match load(folder, manifest.clone(), checked) {
        // A new index may have taken its place between the reading of its head and that of its tables.
        Err(error) => match info(folder)? {
            now if now == manifest => Err(error),
            now => load(folder, now, checked),
        },
        loaded => loaded,
    }
}

fn load(folder: &Path, manifest: Manifest, checked: Check) -> Result<Index> {
    let total = manifest.files.iter().map(|file| file.bytes).sum::<u64>();
    let whole = checked == Check::Whole || total <= CHECKED_WHOLE;
    let mut tables = Tables::default();
    let mut registry = None;
    for entry in &manifest.files {
        let path = folder.join(&manifest.folder).join(&entry.name);
        let damaged = |reason: &str| refused(&path, reason);
        let bytes = map(&path).map_err(|error| damaged(&error.to_string()))?;
        check(entry, &bytes, whole).map_err(damaged)?;
        match entry.name.strip_suffix(ARROW) {
            Some(name) => arrow::read(&bytes, name, &mut tables).ok_or_else(|| damaged(UNREADABLE))?,
            None => registry = Some(Registry::stored(path.display().to_string(), bytes)),
        }
    }
    let registry = registry.ok_or_else(|| refused(folder, "has no file of sources"))?;
    let graph = OwnershipGraph::of_tables(manifest.head.clone(), &mut tables, registry);
    let graph = graph.map_err(|unfit| refused(folder, unfit.0))?;
    // Statements take no room where they have all in common, so that their number alone may be anything.
    if u64::from(manifest.head.accounts) > CHECKED_WHOLE.max(total) {
        return Err(refused(folder, "promises more statements than it has room for"));
    }
    if whole && !graph.is_consistent() {
        return Err(refused(folder, "holds interests of parties that are not there"));
    }
    Ok(Index { graph, manifest })
}

const UNREADABLE: &str = "is no table of an index";

/// Whether a file is what was written: the whole of it, or the part that is no column.
fn check(entry: &FileEntry, bytes: &Bytes, whole: bool) -> Result<(), &'static str> {
    let sound = match whole || !entry.name.ends_with(ARROW) {
        true => crc32fast::hash(bytes) == entry.crc32,
        false => arrow::head_crc32(bytes).ok_or(UNREADABLE)? == entry.head_crc32,
    };
    if bytes.len() as u64 != entry.bytes {
        return Err("is damaged: its length differs from what was written");
    }
    if sound { Ok(()) } else { Err("is damaged: its checksum differs from what was written") }
}

/// What an index says of itself.
pub fn info(folder: &Path) -> Result<Manifest> {
    Manifest::read(&folder.join(HEAD))
}

/// Whether a folder of tables holds exactly what a head says.
pub(super) fn tables_are_sound(folder: &Path, manifest: &Manifest) -> bool {
    manifest.files.iter().all(|entry| {
        let bytes = map(&folder.join(&entry.name));
        bytes.is_ok_and(|bytes| check(entry, &bytes, true).is_ok())
    })
}
