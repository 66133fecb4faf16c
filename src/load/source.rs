//! Where bytes come from: files, folders, standard input, compressed or not.

mod archive;
mod decode;
#[cfg(feature = "parquet")]
mod parquet;
mod unpack;

pub use decode::Encoding;

use super::limit;
use crate::error::{Error, Location, Result};
use crate::index::Stamp;
use archive::unzip;
use decode::Decoded;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use unpack::{Bounded, Counted, Packing, Volume, Zstd};

/// Bounds on what is read, against inputs that were made to exhaust the machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one input after decompression.
    pub bytes: u64,
    /// Bytes of an input that must be held whole: a hand-written file, text in UTF-16, an archive from standard input.
    pub whole: u64,
    /// Bytes of one record.
    pub record: usize,
    /// Bytes that one thread works on at a time. What was read of many more no longer fits into the caches of processor and
    /// allocator until it is taken.
    pub piece: usize,
    /// How many times larger an input may become when it is unpacked, beyond the first 64 MiB.
    pub ratio: u64,
    /// Members of one archive.
    pub members: usize,
    /// Files of one folder.
    pub files: usize,
}

impl Default for Limits {
    /// 256 GiB an input, 1 GiB held whole, 64 MiB a record, 256 KiB a piece, 400 times unpacked, 10,000 members an archive,
    /// 100,000 files a folder.
    fn default() -> Self {
        Self {
            bytes: 256 << 30,
            whole: 1 << 30,
            record: 64 << 20,
            piece: 256 << 10,
            ratio: 400,
            members: 10_000,
            files: 100_000,
        }
    }
}

/// How inputs are opened.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// Bounds on what is read.
    pub limits: Limits,
    /// How text is encoded that does not say so itself by a byte order mark; UTF-8 if nothing is given.
    pub encoding: Option<Encoding>,
}

/// Something that [`open`] found and did not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its name in messages.
    pub name: String,
    /// Why it is not read.
    pub reason: &'static str,
}

impl Unread {
    fn link(name: String) -> Self {
        Self { name, reason: "is a symbolic link within a folder or an archive: it is not followed and not read" }
    }

    fn device(name: String) -> Self {
        Self { name, reason: "is no regular file: what stands in a folder is read only where it is one" }
    }
}

/// What a limit has to say: which option it is, and what it is set to.
pub(super) fn told_by(option: &str, set: u64, message: &str) -> String {
    format!("{message}: {option} {set} (raise it if you trust the input)")
}

/// Whether a panic of this thread is one of a library on damaged data, which becomes an error of the input.
pub fn panic_is_caught() -> bool {
    #[cfg(feature = "parquet")]
    return parquet::is_within();
    #[cfg(not(feature = "parquet"))]
    false
}

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// Bytes from which a format is recognised.
const HEAD: usize = 64 << 10;

/// One input, decompressed, as a stream of UTF-8 text without a byte order mark.
pub struct Input<'r> {
    /// Its name in messages.
    pub name: String,
    /// Its first bytes, which the reader gives again.
    pub head: Vec<u8>,
    /// The whole of it.
    pub reader: Box<dyn BufRead + Send + 'r>,
}

impl<'r> Input<'r> {
    fn new(name: &str, reader: impl Read + Send + 'r, opening: &Opening) -> Result<Self> {
        let (mut reader, mut magic) = (reader, [0; 4]);
        let (seen, failed_first) = fill(&mut reader, &mut magic);
        let magic = &magic[..seen];
        if Packing::of(magic) != Packing::None {
            let message = "is packed, and what it is packed in is packed again: unpack it once and give what comes out";
            return Err(Error::data(Location::of(name), message));
        }
        if magic == PARQUET {
            let mut bytes = magic.to_vec();
            failed_first.map_or(Ok(()), |error| Err(failed(name, error)))?;
            read_whole(name, reader, &opening.limits, &mut bytes)?;
            return Self::of_parquet(name, bytes::Bytes::from(bytes), &opening.limits);
        }
        let (marked, mark) = Encoding::marked(magic);
        let encoding = if mark > 0 { marked } else { opening.encoding.filter(|encoding| !encoding.is_utf8()) };
        if let (None, Some(guess)) = (encoding.or(opening.encoding), Encoding::guessed(magic)) {
            let guess = guess.name().to_ascii_lowercase();
            let message =
                format!("looks like text in {guess} without a byte order mark; if it is, give --encoding {guess}");
            return Err(Error::data(Location::of(name), message));
        }
        let rest = Cursor::new(magic[mark..].to_vec()).chain(Failing(failed_first)).chain(reader);
        match encoding {
            None => Self::of_text(name, rest),
            Some(encoding) => Self::of_text(name, Decoded::new(rest, encoding, mark as u64)),
        }
    }

    /// The rows of a Parquet file, as CSV.
    #[cfg(feature = "parquet")]
    fn of_parquet<F: ::parquet::file::reader::ChunkReader + 'static>(
        name: &str,
        file: F,
        limits: &Limits,
    ) -> Result<Self> {
        let volume = Arc::new(Volume::default());
        volume.add_packed(file.len());
        let table = parquet::Table::new(file, limits).map_err(|wrong| Error::data(Location::of(name), wrong))?;
        Self::of_text(name, Bounded::new(table, limits, Some(volume)))
    }

    #[cfg(not(feature = "parquet"))]
    fn of_parquet<F>(name: &str, _: F, _: &Limits) -> Result<Self> {
        let message = "is Parquet, which this program was built without (the feature parquet): give it as CSV";
        Err(Error::data(Location::of(name), message))
    }

    /// What is read before a failure is handed over first, however little it is.
    fn of_text(name: &str, mut reader: impl Read + Send + 'r) -> Result<Self> {
        let mut head = vec![0; HEAD];
        let (filled, failure) = fill(&mut reader, &mut head);
        head.truncate(filled);
        let failure = match failure {
            Some(error) if filled == 0 => return Err(failed(name, error)),
            failure => failure,
        };
        let reader = Failing(failure).chain(reader);
        let reader = Cursor::new(head.clone()).chain(BufReader::with_capacity(HEAD, reader));
        Ok(Self { name: name.to_owned(), head, reader: Box::new(reader) })
    }
}

/// Nothing, or a failure that was met before its turn.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Reads the rest of an input that must be held whole.
pub(super) fn read_whole(name: &str, reader: impl Read, limits: &Limits, bytes: &mut Vec<u8>) -> Result<()> {
    reader.take(limits.whole + 1).read_to_end(bytes).map_err(|error| failed(name, error))?;
    if bytes.len() as u64 > limits.whole {
        return Err(limit(name, told_by("--max-document", limits.whole, "must be held whole and is larger than this")));
    }
    Ok(())
}

/// Text in UTF-8, with the place of the first byte that is none.
pub(super) fn utf8(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
        Error::data(Location::of(name).at_line(line), not_utf8(at))
    })
}

/// What to say of bytes that are no UTF-8, from byte `at` on.
pub(super) fn not_utf8(at: usize) -> String {
    format!("is not UTF-8 text (byte {at}); if it is another encoding, name it, for example --encoding windows-1252")
}

/// What a failure while reading means: damaged data, a limit, or a device that does not answer.
pub(super) fn failed(name: &str, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            Error::cut_off(Location::of(name), format!("is damaged or cut off: {error}"))
        }
        io::ErrorKind::FileTooLarge => limit(name, error),
        _ => Error::io("cannot read", name, error),
    }
}

/// Opens a path and hands each input found there to `sink`: a file, the files of a folder in name order, the members
/// of a zip archive, or standard input for `-`. Gives what was found and is not read.
pub fn open(path: &Path, opening: &Opening, sink: &mut impl FnMut(Input<'_>) -> Result<()>) -> Result<Vec<Unread>> {
    if path == Path::new("-") {
        return open_stream("<stdin>", io::stdin(), opening, sink);
    }
    let metadata = fs::metadata(path).map_err(|error| Error::io("cannot read", path, error))?;
    if metadata.is_dir() {
        let (files, mut unread) = files_of(path, &opening.limits)?;
        for file in files {
            unread.append(&mut open_file(&file, opening, sink)?);
        }
        return Ok(unread);
    }
    open_file(path, opening, sink)
}

/// The files that [`open`] reads at a path: itself, or the readable files below a folder.
pub fn files(path: &Path, limits: &Limits) -> Result<Vec<PathBuf>> {
    let is_folder = path != Path::new("-") && path.is_dir();
    if is_folder { files_of(path, limits).map(|(files, _)| files) } else { Ok(vec![path.to_owned()]) }
}

/// Hands over what bytes in memory hold, as [`open`] does for a file.
pub fn open_bytes(
    name: &str,
    bytes: &[u8],
    opening: &Opening,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<Vec<Unread>> {
    open_stream(name, bytes, opening, sink)
}

fn stamp(file: &File) -> Option<Stamp> {
    Stamp::of(&file.metadata().ok()?)
}

fn open_file(path: &Path, opening: &Opening, sink: &mut impl FnMut(Input<'_>) -> Result<()>) -> Result<Vec<Unread>> {
    let file = File::open(path).map_err(|error| Error::io("cannot read", path, error))?;
    let before = stamp(&file).zip(file.try_clone().ok());
    let done = read_file(path, file, opening, sink);
    match before {
        // The answer would be of neither version, and what is wrong with the data may be wrong with none of them.
        Some((before, file)) if stamp(&file) != Some(before) => {
            let message = "changed while it was read; run again when nobody writes to it";
            Err(Error::data(Location::of(path.display().to_string()), message))
        }
        _ => done,
    }
}

fn read_file(
    path: &Path,
    mut file: File,
    opening: &Opening,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<Vec<Unread>> {
    let name = path.display().to_string();
    let mut magic = [0; 4];
    let (seen, failure) = fill(&mut file, &mut magic);
    failure.map_or(Ok(()), |error| Err(failed(&name, error)))?;
    if Packing::of(&magic[..seen]) == Packing::Zip && file.rewind().is_ok() {
        return unzip(&name, file, opening, sink);
    }
    if &magic[..seen] == PARQUET && stamp(&file).is_some() {
        sink(Input::of_parquet(&name, file, &opening.limits)?)?;
        return Ok(Vec::new());
    }
    let whole = Cursor::new(magic[..seen].to_vec()).chain(file);
    unpack(&name, &magic[..seen], whole, opening, sink)
}

/// A stream that cannot be read twice; an archive in it must be held whole.
fn open_stream(
    name: &str,
    mut reader: impl Read + Send,
    opening: &Opening,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<Vec<Unread>> {
    let mut magic = [0; 4];
    let (seen, failure) = fill(&mut reader, &mut magic);
    failure.map_or(Ok(()), |error| Err(failed(name, error)))?;
    let mut whole = Cursor::new(magic[..seen].to_vec()).chain(reader);
    if Packing::of(&magic[..seen]) == Packing::Zip {
        let mut bytes = Vec::new();
        read_whole(name, &mut whole, &opening.limits, &mut bytes)?;
        return unzip(name, Cursor::new(bytes), opening, sink);
    }
    unpack(name, &magic[..seen], whole, opening, sink)
}

/// The readable files below a folder, sorted by name so that the result does not depend on the file system, and what is
/// no regular file though its name says that it could be read.
fn files_of(folder: &Path, limits: &Limits) -> Result<(Vec<PathBuf>, Vec<Unread>)> {
    const READABLE: [&str; 11] = ["json", "jsonl", "ndjson", "csv", "tsv", "txt", "xml", "parquet", "gz", "zst", "zip"];
    let (mut found, mut folders, mut unread) = (Vec::new(), vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Error::io("cannot list", &folder, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("cannot list", &folder, error))?;
            let kind = entry.file_type().map_err(|error| Error::io("cannot read", entry.path(), error))?;
            let path = entry.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
            let readable = READABLE.contains(&extension.to_ascii_lowercase().as_str());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            } else if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink() && (readable || path.is_dir()) {
                unread.push(Unread::link(path.display().to_string()));
            } else if readable && kind.is_file() {
                found.push(path);
            } else if readable {
                unread.push(Unread::device(path.display().to_string()));
            }
            if found.len() > limits.files {
                let message = told_by("--max-members", limits.files as u64, "holds more files than this");
                return Err(limit(&folder.display().to_string(), message));
            }
        }
    }
    if found.is_empty() {
        let links = if unread.is_empty() { "" } else { "; links are not followed" };
        let message = format!("holds no file that can be read (looked for .{}{links})", READABLE.join(", ."));
        return Err(Error::data(Location::of(folder.display().to_string()), message));
    }
    found.sort();
    unread.sort_by(|one, other| one.name.cmp(&other.name));
    Ok((found, unread))
}

/// Decompresses by content: gzip, zstd, or plain.
fn unpack(
    name: &str,
    magic: &[u8],
    reader: impl Read + Send,
    opening: &Opening,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<Vec<Unread>> {
    let (limits, volume) = (&opening.limits, Arc::new(Volume::default()));
    let packed = Counted::new(reader, &volume);
    match Packing::of(magic) {
        Packing::Gzip => {
            let unpacked = flate2::read::MultiGzDecoder::new(packed);
            sink(Input::new(name, Bounded::new(unpacked, limits, Some(volume)), opening)?)?;
        }
        Packing::Zstd => sink(Input::new(name, Bounded::new(Zstd::new(packed), limits, Some(volume)), opening)?)?,
        Packing::Zip | Packing::None => sink(Input::new(name, Bounded::new(packed, limits, None), opening)?)?,
    }
    Ok(Vec::new())
}

/// Reads until the buffer is full or the input ends; a failure is told beside what was read before it.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}
