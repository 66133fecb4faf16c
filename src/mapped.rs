//! Files as memory. The one place in this crate that must ask the compiler to trust it.

use bytes::Bytes;
use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::path::Path;

/// The bytes of the file at a path, read as they are used.
pub(crate) fn map(path: &Path) -> io::Result<Bytes> {
    map_file(&File::open(path)?)
}

/// The bytes of a file, read as they are used.
pub(crate) fn map_file(file: &File) -> io::Result<Bytes> {
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::new());
    }
    // Sound as long as nobody shortens or rewrites the file meanwhile. Nothing in this program does: an index is written under a
    // new name and never changed afterwards, only removed, which leaves what is mapped in place; a temporary file has no
    // name, and is mapped when the last byte is written. What another program
    // does to the files cannot be prevented, as with every database that maps its files; the documentation says so.
    #[expect(unsafe_code, reason = "mapping a file has no safe form")]
    let mapped = unsafe { Mmap::map(file) }?;
    Ok(Bytes::from_owner(mapped))
}
