//! Packed bytes as a stream: gzip and zstd, and what keeps a small input from becoming an endless one.

use super::{Limits, told_by};
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Unpacked bytes that are always allowed.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// What was read so far of a file, and of all that is packed in it.
#[derive(Debug, Default)]
pub(super) struct Volume {
    packed: AtomicU64,
    unpacked: AtomicU64,
}

/// How the bytes of an input are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
    Zip,
}

impl Packing {
    /// The packing that the first bytes of an input show.
    pub(super) fn of(magic: &[u8]) -> Self {
        match magic {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A frame, or one to be skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            b"PK\x03\x04" | b"PK\x05\x06" => Self::Zip,
            _ => Self::None,
        }
    }
}

/// A reader that counts what passes, stops where unpacked data outgrow a limit, and tells where damage was met.
pub(super) struct Bounded<R> {
    inner: R,
    passed: u64,
    bytes: u64,
    ratio: u64,
    /// `None` where nothing is unpacked.
    volume: Option<Arc<Volume>>,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R, limits: &Limits, volume: Option<Arc<Volume>>) -> Self {
        Self { inner, passed: 0, bytes: limits.bytes, ratio: limits.ratio, volume }
    }

    /// What is wrong with some more bytes, if anything.
    fn check(&mut self, count: u64) -> io::Result<()> {
        self.passed += count;
        let unpacked = match &self.volume {
            None => self.passed,
            Some(volume) => volume.unpacked.fetch_add(count, Ordering::Relaxed) + count,
        };
        let too_large = |message: String| Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        if unpacked > self.bytes {
            return too_large(told_by("--max-unpacked", self.bytes, "is larger than this many bytes when unpacked"));
        }
        if let Some(volume) = &self.volume
            && unpacked > ALWAYS_ALLOWED.max(volume.packed.load(Ordering::Relaxed).saturating_mul(self.ratio))
        {
            let message = "becomes more than so many times larger when it is unpacked";
            return too_large(told_by("--max-expansion", self.ratio, message));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => self.check(count as u64).map(|()| count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let unpacked = if self.volume.is_some() { " unpacked" } else { "" };
                let message = format!("{error} (after {}{unpacked} bytes)", self.passed);
                Err(io::Error::new(error.kind(), message))
            }
        }
    }
}

/// A reader that tells how much was read from it.
pub(super) struct Counted<R> {
    inner: R,
    volume: Arc<Volume>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, volume: &Arc<Volume>) -> Self {
        Self { inner, volume: Arc::clone(volume) }
    }
}

impl Volume {
    /// Counts packed bytes.
    pub(super) fn add_packed(&self, count: u64) {
        self.packed.fetch_add(count, Ordering::Relaxed);
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.volume.add_packed(count as u64);
        Ok(count)
    }
}

/// All frames of a zstd stream, one after the other, with their checksums.
///
/// What was unpacked before damage is handed over before the damage is told.
pub(super) struct Zstd<R> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    failed: Option<io::Error>,
    ended: bool,
}

impl<R: Read> Zstd<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source: BufReader::new(source), decoder: FrameDecoder::new(), failed: None, ended: false }
    }

    /// Unpacks some more; nothing is left to do where the stream has ended or is damaged.
    fn go_on(&mut self, wanted: usize) -> io::Result<()> {
        if !self.decoder.is_finished() {
            let more = BlockDecodingStrategy::UptoBytes(wanted);
            return match self.decoder.decode_blocks(&mut self.source, more) {
                Ok(_) => Ok(()),
                Err(_) if self.source.fill_buf()?.is_empty() => Err(cut_off()),
                Err(_) => Err(damaged("a block is no zstd")),
            };
        }
        let stated = self.decoder.get_checksum_from_data();
        if stated.is_some() && stated != self.decoder.get_calculated_checksum() {
            return Err(damaged("the checksum does not fit what was unpacked"));
        }
        self.ended = self.source.fill_buf()?.is_empty();
        if self.ended {
            return Ok(());
        }
        match self.decoder.init(&mut self.source) {
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let skipped = io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                if skipped < length.into() { Err(cut_off()) } else { Ok(()) }
            }
            Ok(()) => Ok(()),
            Err(_) if self.source.fill_buf()?.is_empty() => Err(cut_off()),
            Err(_) => Err(damaged("the header of a frame is no zstd")),
        }
    }
}

fn damaged(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "unexpected end of file")
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.decoder.can_collect() > 0 || buffer.is_empty() {
                return self.decoder.read(buffer);
            }
            if let Some(error) = self.failed.take() {
                self.ended = true;
                return Err(error);
            }
            if self.ended {
                return Ok(0);
            }
            self.failed = self.go_on(buffer.len()).err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn unpacked(packed: &[u8]) -> (String, Option<String>) {
        let mut text = Vec::new();
        let read = Zstd::new(packed).read_to_end(&mut text);
        (String::from_utf8(text).expect("text"), read.err().map(|error| error.to_string()))
    }

    #[test]
    fn all_frames_of_a_stream_are_read() {
        let frame = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let stream = [frame("one,"), skipped.clone(), frame(""), frame("two,"), frame("three")].concat();
        assert_eq!(unpacked(&stream), ("one,two,three".to_owned(), None));
        assert_eq!(unpacked(&[skipped.clone(), frame("one")].concat()), ("one".to_owned(), None));
        assert!(unpacked(&skipped[..9]).1.is_some_and(|error| error.contains("end of file")));
    }

    #[test]
    fn damage_is_told_behind_what_stands_before_it() {
        let frame = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let (one, two) = (frame("one,"), frame("two"));
        for len in 1..two.len() {
            let (text, error) = unpacked(&[&one[..], &two[..len]].concat());
            assert!(text.starts_with("one,") && error.is_some(), "{len}: {text} {error:?}");
        }
        let (text, error) = unpacked(&[&one[..], b"garbage"].concat());
        assert!(text == "one," && error.is_some(), "{text} {error:?}");
    }
}
