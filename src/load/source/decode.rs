//! Text in other encodings than UTF-8, decoded as a stream.

use crate::error::{Error, Result};
use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};
use std::io::{self, Read};
use std::str::FromStr;

/// An encoding of text, by any of its names in the Encoding Standard (`windows-1252`, `latin1`, `utf-16le`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The name of the encoding.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding that a byte order mark at the beginning shows, and how many bytes it has. Of UTF-8 it needs no decoding.
    pub(super) fn marked(start: &[u8]) -> (Option<Self>, usize) {
        match start {
            [0xef, 0xbb, 0xbf, ..] => (None, 3),
            [0xff, 0xfe, ..] => (Some(Self(UTF_16LE)), 2),
            [0xfe, 0xff, ..] => (Some(Self(UTF_16BE)), 2),
            _ => (None, 0),
        }
    }

    /// The encoding that text without a mark seems to have: plain letters in two bytes each.
    pub(super) fn guessed(start: &[u8]) -> Option<Self> {
        match start {
            [1..=255, 0, 1..=255, 0, ..] => Some(Self(UTF_16LE)),
            [0, 1..=255, 0, 1..=255, ..] => Some(Self(UTF_16BE)),
            _ => None,
        }
    }

    /// Whether text needs no decoding.
    pub(super) fn is_utf8(self) -> bool {
        self.0 == encoding_rs::UTF_8
    }
}

impl FromStr for Encoding {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = encoding_rs::Encoding::for_label_no_replacement(text.as_bytes());
        known.map(Self).ok_or_else(|| {
            let examples =
                "windows-1252 (also latin1), windows-1250, windows-1251, koi8-r, gb18030, shift_jis, utf-16le";
            Error::usage(format!("unknown encoding {text:?}: give one such as {examples}"))
        })
    }
}

/// Bytes that are decoded at a time.
const CHUNK: usize = 32 << 10;

/// Text of another encoding as UTF-8. Bytes that are no text in it are an error, never another character.
pub(super) struct Decoded<R> {
    inner: R,
    encoding: Encoding,
    decoder: Decoder,
    /// What was read and not decoded.
    coded: Vec<u8>,
    /// What was decoded, and how much of it was handed over.
    text: Vec<u8>,
    given: usize,
    /// How many bytes were decoded, and those of a mark before them.
    passed: u64,
    ended: bool,
    failed: bool,
}

impl<R: Read> Decoded<R> {
    /// The text of `inner`, before which `passed` bytes stand in the input.
    pub(super) fn new(inner: R, encoding: Encoding, passed: u64) -> Self {
        let decoder = encoding.0.new_decoder_without_bom_handling();
        let (coded, text) = (Vec::new(), Vec::new());
        Self { inner, encoding, decoder, coded, text, given: 0, passed, ended: false, failed: false }
    }

    fn decode(&mut self) -> io::Result<()> {
        if self.coded.is_empty() {
            self.coded.resize(CHUNK, 0);
            let count = match self.inner.read(&mut self.coded) {
                Ok(count) => count,
                Err(error) => {
                    self.coded.clear();
                    return Err(error);
                }
            };
            self.coded.truncate(count);
            self.ended = count == 0;
        }
        self.given = 0;
        self.text.resize(2 * CHUNK, 0);
        let decoded = self.decoder.decode_to_utf8_without_replacement(&self.coded, &mut self.text, self.ended);
        let (result, read, written) = decoded;
        self.text.truncate(written);
        self.passed += read as u64;
        self.coded.drain(..read);
        if let DecoderResult::Malformed(_, behind) = result {
            self.passed -= u64::from(behind);
            self.failed = true;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let text = &self.text[self.given..];
            if !text.is_empty() {
                let count = text.len().min(buffer.len());
                buffer[..count].copy_from_slice(&text[..count]);
                self.given += count;
                return Ok(count);
            }
            if self.failed {
                let message = format!("it is no text in {} before byte {}", self.encoding.name(), self.passed);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            if self.ended {
                return Ok(0);
            }
            self.decode()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(1);
            self.0.read(&mut buffer[..count])
        }
    }

    fn decoded(bytes: &[u8], label: &str) -> Result<String, String> {
        let encoding = label.parse::<Encoding>().expect("a label");
        let both = [true, false].map(|slow| {
            let mut text = String::new();
            let read = match slow {
                true => Decoded::new(Slow(bytes), encoding, 0).read_to_string(&mut text),
                false => Decoded::new(bytes, encoding, 0).read_to_string(&mut text),
            };
            read.map(|_| text).map_err(|error| error.to_string())
        });
        assert_eq!(both[0], both[1], "{label}");
        both[0].clone()
    }

    #[test]
    fn text_is_decoded_exactly_or_not_at_all() {
        for (bytes, label, text) in [
            (&b"Soci\xe9t\xe9 \x80"[..], "latin1", "Société €"),
            (b"\xce\xce\xce", "windows-1251", "ООО"),
            (b"a\0\xe9\0\x3d\xd8\x00\xde", "utf-16le", "aé😀"),
            (b"\xd8\x3d\xde\x00", "utf-16be", "😀"),
            (b"\x93\xfa\x96\x7b", "shift_jis", "日本"),
        ] {
            assert_eq!(decoded(bytes, label).as_deref(), Ok(text), "{label}");
        }
        for (bytes, label, at) in [
            (&b"a\0\x3d\xd8b\0"[..], "utf-16le", 4),
            (b"a\0b", "utf-16le", 3),
            (b"ab\x81", "shift_jis", 3),
            (b"a\xa5", "windows-1253", 2),
        ] {
            match decoded(bytes, label) {
                Ok(text) => assert_eq!((label, text.as_str()), ("windows-1253", "a¥")),
                Err(error) => {
                    let name = label.parse::<Encoding>().expect("a label").name();
                    assert_eq!(error, format!("it is no text in {name} before byte {at}"));
                }
            }
        }
        assert!("klingon".parse::<Encoding>().is_err());
    }
}
