//! Where bytes come from: files, folders, standard input, compressed or not.

use super::limit;
use crate::error::{Error, Location, Result};
use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

/// Bounds on what is read, against inputs that were made to exhaust the machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one input after decompression.
    pub bytes: u64,
    /// Members of one archive.
    pub members: usize,
    /// Files of one folder.
    pub files: usize,
}

impl Default for Limits {
    /// 4 GiB an input, 10,000 members an archive, 100,000 files a folder.
    fn default() -> Self {
        Self { bytes: 4 << 30, members: 10_000, files: 100_000 }
    }
}

/// The bytes of one input, decompressed.
#[derive(Debug)]
pub struct Input {
    /// Its name in messages.
    pub name: String,
    bytes: Vec<u8>,
}

impl Input {
    /// The input as text. UTF-16 with a byte order mark is decoded; anything else must be UTF-8.
    pub fn text(self) -> Result<String> {
        if let [0xff, 0xfe, rest @ ..] = self.bytes.as_slice() {
            return utf16(&self.name, rest, u16::from_le_bytes);
        }
        if let [0xfe, 0xff, rest @ ..] = self.bytes.as_slice() {
            return utf16(&self.name, rest, u16::from_be_bytes);
        }
        String::from_utf8(self.bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            let message =
                format!("is not UTF-8 text (byte {at}); convert it, for example with iconv -f latin1 -t utf-8");
            Error::data(Location::of(self.name).at_line(line), message)
        })
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

/// Opens a path and hands each input found there to `sink`: a file, the files of a folder in name order, the members
/// of a zip archive, or standard input for `-`.
pub fn open(path: &Path, limits: &Limits, sink: &mut impl FnMut(Input) -> Result<()>) -> Result<()> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        read_all("<stdin>", io::stdin().lock(), limits, &mut bytes)?;
        return unpack("<stdin>", Cursor::new(bytes), limits, sink);
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

fn open_file(path: &Path, limits: &Limits, sink: &mut impl FnMut(Input) -> Result<()>) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io("cannot read", path, error))?;
    unpack(&path.display().to_string(), file, limits, sink)
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

/// Decompresses by content: gzip, zstd, zip, or plain.
fn unpack(
    name: &str,
    mut reader: impl Read + Seek,
    limits: &Limits,
    sink: &mut impl FnMut(Input) -> Result<()>,
) -> Result<()> {
    let mut magic = [0; 4];
    let seen = fill(name, &mut reader, &mut magic)?;
    reader.rewind().map_err(|error| Error::io("cannot read", name, error))?;
    let mut bytes = Vec::new();
    match &magic[..seen] {
        [0x1f, 0x8b, ..] => read_all(name, flate2::read::MultiGzDecoder::new(reader), limits, &mut bytes)?,
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(reader)
                .map_err(|_| Error::data(Location::of(name), "is damaged zstd: its header cannot be read"))?;
            read_all(name, decoder, limits, &mut bytes)?;
        }
        b"PK\x03\x04" | b"PK\x05\x06" => return unzip(name, reader, limits, sink),
        _ => read_all(name, reader, limits, &mut bytes)?,
    }
    sink(Input { name: name.to_owned(), bytes })
}

fn fill(name: &str, reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io("cannot read", name, error)),
        }
    }
    Ok(filled)
}

/// The members of an archive, in its order. Nothing is written to disk; a member's path is only a label.
fn unzip(
    name: &str,
    reader: impl Read + Seek,
    limits: &Limits,
    sink: &mut impl FnMut(Input) -> Result<()>,
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
            let mut bytes = Vec::new();
            read_all(&label, member, limits, &mut bytes)?;
            sink(Input { name: label, bytes })?;
        }
    }
    Ok(())
}

fn read_all(name: &str, reader: impl Read, limits: &Limits, bytes: &mut Vec<u8>) -> Result<()> {
    reader.take(limits.bytes + 1).read_to_end(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            Error::data(Location::of(name), format!("is damaged or cut off: {error}"))
        }
        _ => Error::io("cannot read", name, error),
    })?;
    if bytes.len() as u64 > limits.bytes {
        return Err(limit(name, format_args!("is larger than {} bytes when unpacked", limits.bytes)));
    }
    Ok(())
}
