//! The members of zip archives. Nothing is written to disk; a member's path is only a label.

use super::unpack::{Bounded, Volume};
use super::{Input, Opening, Unread, told_by};
use crate::error::{Error, Location, Result};
use crate::load::limit;
use std::io::{Read, Seek};
use std::sync::Arc;

/// Hands over the members of an archive, in its order.
pub(super) fn unzip(
    name: &str,
    reader: impl Read + Seek + Send,
    opening: &Opening,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<Vec<Unread>> {
    let (limits, volume) = (&opening.limits, Arc::new(Volume::default()));
    let damaged = |error: zip::result::ZipError| Error::data(Location::of(name), format!("is a damaged zip: {error}"));
    let mut archive = zip::ZipArchive::new(reader).map_err(damaged)?;
    if archive.len() > limits.members {
        let message = told_by("--max-members", limits.members as u64, "holds more members than this");
        return Err(limit(name, message));
    }
    if archive.has_overlapping_files().map_err(damaged)? {
        let message = "is a zip whose members share their bytes, as those of a bomb do: pack them again";
        return Err(Error::data(Location::of(name), message));
    }
    let mut unread = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(damaged)?;
        let label = format!("{name}!{}", member.name().map_err(damaged)?);
        if member.is_symlink() {
            unread.push(Unread::link(label));
        } else if member.is_file() {
            volume.add_packed(member.compressed_size());
            sink(Input::new(&label, Bounded::new(member, limits, Some(Arc::clone(&volume))), opening)?)?;
        }
    }
    Ok(unread)
}
