//! Where bytes come from: files, folders, standard input, compressed or not.

use super::limit;
use crate::error::{Error, Location, Result};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// Unpacked bytes that are always allowed.
const ALWAYS_ALLOWED: u64 = 64 << 20;

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
    fn new(name: &str, reader: impl Read + Send + 'r, limits: &Limits) -> Result<Self> {
        let mut reader = reader;
        let mut head = vec![0; HEAD];
        let filled = fill(name, &mut reader, &mut head)?;
        head.truncate(filled);
        let unit: Option<fn([u8; 2]) -> u16> = match head.as_slice() {
            [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
            [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
            _ => None,
        };
        if let Some(unit) = unit {
            let mut bytes = head.split_off(2);
            read_whole(name, reader, limits, &mut bytes)?;
            let text = utf16(name, &bytes, unit)?.into_bytes();
            let head = text[..text.len().min(HEAD)].to_vec();
            return Ok(Self { name: name.to_owned(), head, reader: Box::new(Cursor::new(text)) });
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        let reader = Cursor::new(head.clone()).chain(BufReader::with_capacity(HEAD, reader));
        Ok(Self { name: name.to_owned(), head, reader: Box::new(reader) })
    }
}

/// Reads the rest of an input that must be held whole.
pub(super) fn read_whole(name: &str, reader: impl Read, limits: &Limits, bytes: &mut Vec<u8>) -> Result<()> {
    reader.take(limits.whole + 1).read_to_end(bytes).map_err(|error| failed(name, error))?;
    if bytes.len() as u64 > limits.whole {
        return Err(limit(name, format_args!("must be held whole and is larger than {} bytes", limits.whole)));
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
    format!("is not UTF-8 text (byte {at}); convert it, for example with iconv -f latin1 -t utf-8")
}

/// What a failure while reading means: damaged data, a limit, or a device that does not answer.
pub(super) fn failed(name: &str, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            Error::data(Location::of(name), format!("is damaged or cut off: {error}"))
        }
        io::ErrorKind::FileTooLarge => limit(name, error),
        _ => Error::io("cannot read", name, error),
    }
}

fn utf16(name: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String> {
    let broken = || Error::data(Location::of(name), "is broken UTF-16 text");
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(broken());
    }
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect::<Result<_, _>>().map_err(|_| broken())
}

/// A reader that counts what passes and stops where unpacked data outgrow a limit.
struct Bounded<R> {
    inner: R,
    passed: u64,
    bytes: u64,
    ratio: u64,
    /// Bytes read from the packed side so far; `None` where nothing is unpacked.
    packed: Option<Arc<AtomicU64>>,
}

impl<R> Bounded<R> {
    fn new(inner: R, limits: &Limits, packed: Option<Arc<AtomicU64>>) -> Self {
        Self { inner, passed: 0, bytes: limits.bytes, ratio: limits.ratio, packed }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.passed += count as u64;
        let too_large = |message: String| Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        if self.passed > self.bytes {
            return too_large(format!("is larger than {} bytes when unpacked", self.bytes));
        }
        if let Some(packed) = &self.packed
            && self.passed > ALWAYS_ALLOWED.max(packed.load(Ordering::Relaxed).saturating_mul(self.ratio))
        {
            return too_large(format!("becomes more than {} times larger when unpacked", self.ratio));
        }
        Ok(count)
    }
}

/// A reader that tells how much was read from it.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Opens a path and hands each input found there to `sink`: a file, the files of a folder in name order, the members
/// of a zip archive, or standard input for `-`.
pub fn open(path: &Path, limits: &Limits, sink: &mut impl FnMut(Input<'_>) -> Result<()>) -> Result<()> {
    if path == Path::new("-") {
        return open_stream("<stdin>", io::stdin(), limits, sink);
    }
    let metadata = fs::metadata(path).map_err(|error| Error::io("cannot read", path, error))?;
    if metadata.is_dir() {
        for file in files_of(path, limits)? {
            open_file(&file, limits, sink)?;
        }
        return Ok(());
    }
    open_file(path, limits, sink)
}

/// The files that [`open`] reads at a path: itself, or the readable files below a folder.
pub fn files(path: &Path, limits: &Limits) -> Result<Vec<PathBuf>> {
    let is_folder = path != Path::new("-") && path.is_dir();
    if is_folder { files_of(path, limits) } else { Ok(vec![path.to_owned()]) }
}

/// Hands over what bytes in memory hold, as [`open`] does for a file.
pub fn open_bytes(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<()> {
    open_stream(name, bytes, limits, sink)
}

fn open_file(path: &Path, limits: &Limits, sink: &mut impl FnMut(Input<'_>) -> Result<()>) -> Result<()> {
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(|error| Error::io("cannot read", path, error))?;
    let mut magic = [0; 4];
    let seen = fill(&name, &mut file, &mut magic)?;
    if is_zip(&magic[..seen]) && file.rewind().is_ok() {
        return unzip(&name, file, limits, sink);
    }
    let whole = Cursor::new(magic[..seen].to_vec()).chain(file);
    unpack(&name, &magic[..seen], whole, limits, sink)
}

/// A stream that cannot be read twice; an archive in it must be held whole.
fn open_stream(
    name: &str,
    mut reader: impl Read + Send,
    limits: &Limits,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<()> {
    let mut magic = [0; 4];
    let seen = fill(name, &mut reader, &mut magic)?;
    let mut whole = Cursor::new(magic[..seen].to_vec()).chain(reader);
    if is_zip(&magic[..seen]) {
        let mut bytes = Vec::new();
        read_whole(name, &mut whole, limits, &mut bytes)?;
        return unzip(name, Cursor::new(bytes), limits, sink);
    }
    unpack(name, &magic[..seen], whole, limits, sink)
}

fn is_zip(magic: &[u8]) -> bool {
    matches!(magic, b"PK\x03\x04" | b"PK\x05\x06")
}

/// The readable files below a folder, sorted by name so that the result does not depend on the file system.
fn files_of(folder: &Path, limits: &Limits) -> Result<Vec<PathBuf>> {
    const READABLE: [&str; 10] = ["json", "jsonl", "ndjson", "csv", "tsv", "txt", "xml", "gz", "zst", "zip"];
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Error::io("cannot list", &folder, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("cannot list", &folder, error))?;
            let kind = entry.file_type().map_err(|error| Error::io("cannot read", entry.path(), error))?;
            let path = entry.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if kind.is_dir() && !hidden {
                folders.push(path);
            } else if kind.is_file() && !hidden && READABLE.contains(&extension.to_ascii_lowercase().as_str()) {
                found.push(path);
            }
            if found.len() > limits.files {
                return Err(limit(
                    &folder.display().to_string(),
                    format_args!("holds more than {} files", limits.files),
                ));
            }
        }
    }
    if found.is_empty() {
        let message = format!("holds no file that can be read (looked for .{})", READABLE.join(", ."));
        return Err(Error::data(Location::of(folder.display().to_string()), message));
    }
    found.sort();
    Ok(found)
}

/// Decompresses by content: gzip, zstd, or plain.
fn unpack(
    name: &str,
    magic: &[u8],
    reader: impl Read + Send,
    limits: &Limits,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<()> {
    let count = Arc::new(AtomicU64::new(0));
    let packed = Counted { inner: reader, count: Arc::clone(&count) };
    match magic {
        [0x1f, 0x8b, ..] => {
            let unpacked = flate2::read::MultiGzDecoder::new(packed);
            sink(Input::new(name, Bounded::new(unpacked, limits, Some(count)), limits)?)
        }
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let unpacked = ruzstd::decoding::StreamingDecoder::new(BufReader::new(packed))
                .map_err(|_| Error::data(Location::of(name), "is damaged zstd: its header cannot be read"))?;
            sink(Input::new(name, Bounded::new(unpacked, limits, Some(count)), limits)?)
        }
        _ => sink(Input::new(name, Bounded::new(packed, limits, None), limits)?),
    }
}

fn fill(name: &str, reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(name, error)),
        }
    }
    Ok(filled)
}

/// The members of an archive, in its order. Nothing is written to disk; a member's path is only a label.
fn unzip(
    name: &str,
    reader: impl Read + Seek + Send,
    limits: &Limits,
    sink: &mut impl FnMut(Input<'_>) -> Result<()>,
) -> Result<()> {
    let damaged = |error: zip::result::ZipError| Error::data(Location::of(name), format!("is a damaged zip: {error}"));
    let mut archive = zip::ZipArchive::new(reader).map_err(damaged)?;
    if archive.len() > limits.members {
        return Err(limit(name, format_args!("holds more than {} members", limits.members)));
    }
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(damaged)?;
        if member.is_file() {
            let label = format!("{name}!{}", member.name().map_err(damaged)?);
            let packed = Arc::new(AtomicU64::new(member.compressed_size()));
            sink(Input::new(&label, Bounded::new(member, limits, Some(packed)), limits)?)?;
        }
    }
    Ok(())
}
