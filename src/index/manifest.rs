//! `index.json`: what an index holds and what it was made from.

use crate::error::{Error, ErrorKind, Result};
use crate::graph::stored::Head;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Component, Path};

/// The form of the index; another number is another form.
pub(super) const VERSION: u32 = 6;

const FORMAT: &str = "cuibono-index";

/// What `index.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    /// The form of the index.
    pub version: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// The folder with the tables, within that of the index.
    pub(super) folder: String,
    pub(super) head: Head,
    /// The files of the index.
    pub files: Vec<FileEntry>,
    /// The files from which it was made.
    pub origins: Vec<Origin>,
}

/// A file of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name within the folder of tables.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// CRC-32 (ISO 3309) of all bytes.
    pub crc32: u32,
    /// CRC-32 of its head: what stands beside the columns.
    pub(super) head_crc32: u32,
}

/// Something from which an index was made. Of standard input, of pipes and of whatever else is no regular file nothing is known but
/// the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its path as it was given.
    pub name: String,
    /// Its length, compressed or not, as it stands on disk.
    pub bytes: Option<u64>,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: Option<String>,
    /// When it was last changed, in UTC (RFC 3339), where the system knows it.
    pub modified: Option<String>,
}

/// What stands before and between checksum and contents in the file.
const OPENING: &str = "{\"crc32\":\"";
const MIDDLE: &str = "\",\"index\":";
const CLOSING: &str = "}\n";

impl Manifest {
    pub(super) fn new(folder: String, head: Head, files: Vec<FileEntry>, origins: Vec<Origin>) -> Self {
        let (format, program) = (FORMAT.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        Self { format, version: VERSION, program, folder, head, files, origins }
    }

    /// Number of entities.
    pub fn entities(&self) -> u64 {
        self.head.entities
    }

    /// Number of interests.
    pub fn interests(&self) -> u64 {
        self.head.interests
    }

    /// The text of the file: the contents behind a checksum over their text.
    pub(super) fn sealed(&self) -> serde_json::Result<String> {
        let index = serde_json::to_string(self)?;
        Ok(format!("{OPENING}{:08x}{MIDDLE}{index}{CLOSING}", crc32fast::hash(index.as_bytes())))
    }

    /// Reads the file of an index.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| Error::io("cannot read", path, error))?;
        let sealed = text.strip_prefix(OPENING).and_then(|text| text.strip_suffix(CLOSING));
        let (crc32, index) = sealed
            .and_then(|sealed| sealed.split_once(MIDDLE))
            .ok_or_else(|| refused(path, "is damaged, or not the head of an index of this program"))?;
        if crc32 != format!("{:08x}", crc32fast::hash(index.as_bytes())) {
            return Err(refused(path, "is damaged: its checksum differs from what was written"));
        }
        let form: Form = serde_json::from_str(index).map_err(|error| refused(path, error))?;
        if form.format != FORMAT || form.version != VERSION {
            let message = format!(
                "is an index of form {:?} {}, and this program reads form {FORMAT:?} {VERSION}",
                form.format, form.version
            );
            return Err(refused(path, message));
        }
        let manifest: Self = serde_json::from_str(index).map_err(|error| refused(path, error))?;
        // An index may come from anybody: it names nothing outside its own folder.
        if !manifest.names_its_own() {
            return Err(refused(path, "names files that are not its own"));
        }
        Ok(manifest)
    }

    /// Whether everything that is named stands in the folder of the index.
    fn names_its_own(&self) -> bool {
        is_plain(&self.folder) && self.files.iter().all(|file| is_plain(&file.name))
    }
}

/// Whether a name is that of a file in a folder, and leads nowhere else.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
        && !name.contains(['\\', '\0'])
}

/// What is read before anything else.
#[derive(Deserialize)]
struct Form {
    format: String,
    version: u32,
}

/// Whether a file begins as the head of an index does.
pub(super) fn claims(path: &Path) -> bool {
    use std::io::Read;
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(256).read_to_end(&mut start));
    let start = String::from_utf8_lossy(&start);
    read.is_ok() && (start.starts_with(OPENING) || start.contains(FORMAT))
}

/// Why an index is not used, and what to do.
pub(super) fn refused(path: &Path, reason: impl std::fmt::Display) -> Error {
    let message = format!("{} {reason}; build the index anew with `cuibono index build`", path.display());
    Error::plain(ErrorKind::Data, message)
}
