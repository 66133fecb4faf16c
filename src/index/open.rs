//! Opens an index by mapping its files, and looks whether they are what was written.

use super::manifest::{FileEntry, Manifest, refused};
use super::write::{ARROW, REGISTRY};
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

/// Opens an index.
pub fn open(folder: &Path) -> Result<Index> {
    match try_open(folder) {
        // Perhaps a new index took its place between the reading of its head and that of its tables.
        Err(_) if folder.join(HEAD).is_file() => try_open(folder),
        opened => opened,
    }
}

fn try_open(folder: &Path) -> Result<Index> {
    let manifest = info(folder)?;
    let tables_folder = folder.join(&manifest.folder);
    let whole = manifest.files.iter().map(|file| file.bytes).sum::<u64>() <= CHECKED_WHOLE;
    let mut tables = Tables::default();
    let mut registry = None;
    for entry in &manifest.files {
        let damaged = |reason: &str| refused(&tables_folder.join(&entry.name), reason);
        let bytes = map(&tables_folder.join(&entry.name)).map_err(|error| damaged(&error.to_string()))?;
        check(entry, &bytes, whole).map_err(damaged)?;
        match entry.name.strip_suffix(ARROW) {
            Some(name) => arrow::read(&bytes, name, &mut tables).ok_or_else(|| damaged(UNREADABLE))?,
            None if entry.name == REGISTRY => registry = Some((bytes, entry.crc32)),
            None => {}
        }
    }
    let (registry, crc32) = registry.ok_or_else(|| refused(folder, "has no file of sources"))?;
    let registry = Registry::to_fetch(move || match crc32fast::hash(&registry) == crc32 {
        true => serde_json::from_slice(&registry).unwrap_or_default(),
        false => Default::default(),
    });
    let graph = OwnershipGraph::of_tables(manifest.head.clone(), tables, registry);
    let graph = graph.map_err(|unfit| refused(folder, unfit.0))?;
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

/// Looks at every byte of an index.
pub fn verify(folder: &Path) -> Result<Manifest> {
    let manifest = info(folder)?;
    let tables = folder.join(&manifest.folder);
    for entry in &manifest.files {
        let damaged = |reason: &str| refused(&tables.join(&entry.name), reason);
        let bytes = map(&tables.join(&entry.name)).map_err(|error| damaged(&error.to_string()))?;
        check(entry, &bytes, true).map_err(damaged)?;
    }
    open(folder)?;
    Ok(manifest)
}

/// Whether a folder of tables holds exactly what a head says.
pub(super) fn tables_are_sound(folder: &Path, manifest: &Manifest) -> bool {
    manifest.files.iter().all(|entry| {
        let bytes = map(&folder.join(&entry.name));
        bytes.is_ok_and(|bytes| check(entry, &bytes, true).is_ok())
    })
}
