//! JSON records one after the other: JSON Lines, an array, or values that follow one another.
//!
//! The records are cut out of the stream by their brackets and handed over as text, one at a time, so that memory does
//! not grow with the input and one broken record does not cost the rest.

use super::keys::DuplicateKeys;
use super::scan::Scan;
use super::source::{failed, not_utf8};
use super::{limit, too_long};
use crate::error::{Error, Location, Result};
use std::io::BufRead;

/// One record as it stands in the input.
#[derive(Debug)]
pub(super) struct Record<'b> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its text, or what is wrong with its bytes.
    pub text: Result<&'b str, Broken>,
}

/// Bytes that are no record.
#[derive(Debug)]
pub(super) struct Broken {
    /// What is wrong.
    pub reason: String,
    /// The bytes as far as they are text.
    pub text: String,
}

/// How records are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One a line.
    Lines,
    /// Values in brackets, or one after the other.
    Values,
}

/// Cuts records out of a stream.
pub(super) struct Records<'r> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    layout: Layout,
    limit: usize,
    keys: DuplicateKeys,
    line: u64,
    buffer: Vec<u8>,
    /// Pieces of a run that turned out to be more than one record, last first, each with its line.
    pieces: Vec<(u64, Vec<u8>)>,
    array: Array,
    between: Between,
    ended: bool,
    /// Why the rest of the input is not read.
    failure: Option<Error>,
}

/// What stands between the value that was read last and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    /// There is no value before it.
    Nothing,
    /// Nothing yet.
    Value,
    Comma,
}

/// How far the array around all values has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Array {
    None,
    /// It opens on this line.
    Open(u64),
    Closed,
}

impl<'r> Records<'r> {
    /// Records of `reader`, whose first bytes are `head`; none may be longer than `limit` bytes.
    pub(super) fn new(
        name: &'r str,
        head: &[u8],
        reader: &'r mut (dyn BufRead + Send),
        (limit, keys): (usize, DuplicateKeys),
    ) -> Self {
        let layout = if is_lines(head) { Layout::Lines } else { Layout::Values };
        Self {
            name,
            reader,
            layout,
            limit,
            keys,
            line: 1,
            buffer: Vec::new(),
            pieces: Vec::new(),
            array: Array::None,
            between: Between::Nothing,
            ended: false,
            failure: None,
        }
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>> {
        if let Some((line, piece)) = self.pieces.pop() {
            self.buffer = piece;
            return Ok(Some(self.take(line)));
        }
        match self.layout {
            Layout::Lines => self.next_line(),
            Layout::Values => self.next_value(),
        }
    }

    /// The record in the buffer.
    fn take(&mut self, line: u64) -> Record<'_> {
        self.settle();
        record(line, &self.buffer)
    }

    fn settle(&mut self) {
        let text = std::str::from_utf8(&self.buffer).ok();
        if let Some(settled) = text.and_then(|text| self.keys.settle(text)) {
            self.buffer = settled.into_bytes();
        }
    }

    fn next_line(&mut self) -> Result<Option<Record<'_>>> {
        loop {
            self.buffer.clear();
            let read = self.read_line()?;
            let line = self.line;
            self.line += 1;
            if read == 0 {
                return Ok(None);
            }
            let long = self.buffer.len() > self.limit;
            match long {
                true => self.skip_line()?,
                false => self.settle(),
            }
            if long || !self.buffer.trim_ascii().is_empty() {
                return Ok(of_line(line, &self.buffer, self.limit));
            }
        }
    }

    /// Reads a line, or one byte more than a record may have.
    fn read_line(&mut self) -> Result<usize> {
        let mut limited = std::io::Read::take(&mut *self.reader, self.limit as u64 + 1);
        limited.read_until(b'\n', &mut self.buffer).map_err(|error| failed(self.name, error))
    }

    fn skip_line(&mut self) -> Result<()> {
        if self.buffer.last() == Some(&b'\n') {
            return Ok(());
        }
        loop {
            let chunk = self.reader.fill_buf().map_err(|error| failed(self.name, error))?;
            let end = memchr::memchr(b'\n', chunk);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.reader.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }

    /// The next value in brackets. What stands between values is passed over: blanks, commas, the brackets of the array.
    fn next_value(&mut self) -> Result<Option<Record<'_>>> {
        if self.ended {
            return self.end();
        }
        self.buffer.clear();
        let mut scan = Scan::default();
        let mut start = None;
        loop {
            let chunk = self.reader.fill_buf().map_err(|error| failed(self.name, error))?;
            if chunk.is_empty() {
                self.ended = true;
                return match start.and_then(|line| self.cut_off(line)) {
                    Some(line) => Ok(Some(self.take(line))),
                    None => self.end(),
                };
            }
            let mut used = 0;
            let mut complete = false;
            let mut stray = None;
            for &byte in chunk {
                if start.is_none() {
                    match (byte, self.array, self.between) {
                        (b'[', Array::None, Between::Nothing) => self.array = Array::Open(self.line),
                        (b',', Array::Open(_), Between::Value) => self.between = Between::Comma,
                        (b']', Array::Open(_), Between::Nothing | Between::Value) => self.array = Array::Closed,
                        (b']', Array::Open(_), Between::Comma) => {
                            self.array = Array::Closed;
                            stray = Some("a comma stands behind the last record");
                        }
                        (b',', ..) => stray = Some("a comma stands where a record belongs"),
                        (b']', ..) => stray = Some("a bracket closes that was never opened"),
                        (b' ' | b'\t' | b'\r' | b'\n', ..) => {}
                        (byte, ..) if byte.is_ascii_whitespace() => {
                            stray = Some("a control character stands between records")
                        }
                        (_, Array::Open(_), Between::Value) => {
                            // The record itself is read all the same.
                            self.between = Between::Nothing;
                            stray = Some("a comma is missing between two records");
                            break;
                        }
                        _ => start = Some(self.line),
                    }
                    if stray.is_some() {
                        used += 1;
                        self.line += u64::from(byte == b'\n');
                        break;
                    }
                }
                used += 1;
                self.line += u64::from(byte == b'\n');
                if start.is_some() {
                    self.buffer.push(byte);
                    complete = scan.ends(byte);
                }
                if complete || self.buffer.len() > self.limit {
                    break;
                }
            }
            self.reader.consume(used);
            if let Some(reason) = stray {
                let text = Err(Broken { reason: reason.to_owned(), text: String::new() });
                return Ok(Some(Record { line: self.line, text }));
            }
            if let (true, Some(line)) = (complete, start) {
                let is_last = self.buffer.last() == Some(&b',');
                self.between = if is_last { Between::Comma } else { Between::Value };
                if !scan.broken {
                    return Ok(Some(self.take(line)));
                }
                if let Some(line) = self.cut_off(line) {
                    return Ok(Some(self.take(line)));
                }
                (scan, start) = (Scan::default(), None);
            }
            if let (true, Some(line)) = (self.buffer.len() > self.limit, start) {
                (self.ended, self.failure) = (true, Some(limit(self.name, too_long(self.limit))));
                return match self.cut_off(line) {
                    Some(line) => Ok(Some(self.take(line))),
                    None => self.end(),
                };
            }
        }
    }

    /// The end of the input, which an array that is still open does not expect.
    fn end(&mut self) -> Result<Option<Record<'_>>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        match self.array {
            Array::None | Array::Closed => Ok(None),
            Array::Open(line) => {
                let message = format!("the input ends within the array that begins on line {line}: it is cut off");
                Err(Error::cut_off(Location::of(self.name).at_line(self.line), message))
            }
        }
    }

    /// A value without an end has swallowed what follows it: the run is cut again where a line begins as the value did.
    ///
    /// Gives the line of the first, which is in the buffer.
    fn cut_off(&mut self, start: u64) -> Option<u64> {
        let mut line = start;
        self.between = Between::Value;
        let run = std::mem::take(&mut self.buffer);
        let mut pieces: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut piece = Vec::new();
        for text in run.split_inclusive(|&byte| byte == b'\n') {
            let begins =
                text.trim_ascii_start().starts_with(b"{") && text.trim_ascii().len() > 1 || is_open_brace(text);
            if begins && !piece.is_empty() && indent(text) <= self.indent_of_values(&run) {
                pieces.push((line - lines(&piece), std::mem::take(&mut piece)));
            }
            piece.extend_from_slice(text);
            line += u64::from(text.ends_with(b"\n"));
        }
        pieces.push((line - lines(&piece), piece));
        for (_, piece) in &mut pieces {
            while let Some(&last @ (b',' | b']')) = piece.trim_ascii_end().last() {
                if last == b']' && self.array != Array::None {
                    self.array = Array::Closed;
                }
                piece.truncate(piece.trim_ascii_end().len() - 1);
            }
        }
        pieces.retain(|(_, piece)| !piece.trim_ascii().is_empty());
        pieces.reverse();
        self.pieces = pieces;
        let (line, piece) = self.pieces.pop()?;
        self.buffer = piece;
        Some(line)
    }

    /// The indent of the shallowest line that opens an object.
    fn indent_of_values(&self, run: &[u8]) -> usize {
        let opens = run.split(|&byte| byte == b'\n').skip(1).filter(|line| line.trim_ascii_start().starts_with(b"{"));
        opens.map(indent).min().unwrap_or(0)
    }
}

/// The record on a line; `None` where it is blank. A line longer than `limit`, with its end, is no record.
pub(super) fn of_line(number: u64, line: &[u8], limit: usize) -> Option<Record<'_>> {
    if line.len() > limit {
        let text = String::from_utf8_lossy(&line[..200.min(line.len())]).into_owned();
        return Some(Record { line: number, text: Err(Broken { reason: too_long(limit), text }) });
    }
    (!line.trim_ascii().is_empty()).then(|| record(number, line))
}

fn record(line: u64, bytes: &[u8]) -> Record<'_> {
    let bytes = bytes.trim_ascii();
    let text = std::str::from_utf8(bytes).map_err(|error| Broken {
        reason: not_utf8(error.valid_up_to()),
        text: String::from_utf8_lossy(bytes).into_owned(),
    });
    Record { line, text }
}

fn is_open_brace(line: &[u8]) -> bool {
    line.trim_ascii() == b"{"
}

fn indent(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

fn lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Whether the first line is a value by itself and another line follows.
pub(super) fn is_lines(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let mut scan = Scan::default();
    let first = head[..end].trim_ascii();
    let ends = first.iter().position(|&byte| scan.ends(byte));
    first.starts_with(b"{") && (ends == Some(first.len() - 1) || head[end..].trim_ascii_start().starts_with(b"{\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(u64, String)> {
        let (found, ended) = cut_with(text);
        assert_eq!(ended, None, "{text:?}");
        found
    }

    /// The records, and what is wrong with the end.
    fn cut_with(text: &str) -> (Vec<(u64, String)>, Option<String>) {
        let mut reader = text.as_bytes();
        let mut records = Records::new("test", text.as_bytes(), &mut reader, (1000, DuplicateKeys::Error));
        let mut found = Vec::new();
        loop {
            match records.next() {
                Ok(Some(record)) => {
                    found.push((record.line, record.text.map_or_else(|broken| broken.reason, str::to_owned)));
                }
                Ok(None) => return (found, None),
                Err(error) => return (found, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn an_array_that_is_never_closed_is_told_behind_its_records() {
        let open = "test:2: the input ends within the array that begins on line 1: it is cut off";
        for text in ["[{\"a\":1},\n{\"b\":2}", "[{\"a\":1},\n{\"b\":2},", "[{\"a\":1},\n{\"b\"", "[\n"] {
            assert_eq!(cut_with(text).1.as_deref(), Some(open), "{text:?}");
        }
        assert_eq!(cut_with("[{\"a\":1},\n{\"b\":2} ]").1, None);
    }

    #[test]
    fn lines_arrays_and_loose_values_are_cut() {
        let record = |line, text: &str| (line, text.to_owned());
        assert_eq!(cut("{\"a\":1}\n\n{\"b\":[2]}\n"), [record(1, "{\"a\":1}"), record(3, "{\"b\":[2]}")]);
        assert_eq!(
            cut("[{\"a\":\"}]\\\"\"},\n {\"b\":{}}]"),
            [record(1, "{\"a\":\"}]\\\"\"}"), record(2, "{\"b\":{}}")]
        );
        assert_eq!(
            cut("{\n \"a\": 1\n}\n{\n \"b\": 2\n}"),
            [record(1, "{\n \"a\": 1\n}"), record(4, "{\n \"b\": 2\n}")]
        );
        assert_eq!(cut(" "), []);
        assert_eq!(cut("[]"), []);
    }

    #[test]
    fn a_broken_record_does_not_cost_the_rest() {
        let lines = cut("{\"a\":1}\n{\"b\":\n{\"c\":3}\n");
        assert_eq!(
            lines.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
            ["{\"a\":1}", "{\"b\":", "{\"c\":3}"]
        );
        let array = cut("[\n  {\"a\": 1},\n  {\"b\": \"x},\n  {\"c\": 3},\n  {\"d\": 4}\n]\n");
        let texts: Vec<_> = array.iter().map(|(line, text)| (*line, text.trim_end_matches(','))).collect();
        assert!(texts.contains(&(2, "{\"a\": 1}")), "{texts:?}");
        assert!(texts.contains(&(4, "{\"c\": 3}")) && texts.contains(&(5, "{\"d\": 4}")), "{texts:?}");
    }

    #[test]
    fn a_record_without_end_is_bounded() {
        let long = format!("{{\"a\":\"{}\"}}\n{{\"b\":1}}\n", "x".repeat(2000));
        let found = cut(&long);
        assert_eq!(found.len(), 2);
        assert!(found[0].1.contains("longer than this many bytes: --max-record 1000"));
        let endless = format!("[{}", "[".repeat(5000));
        let (found, ended) = cut_with(&endless);
        let limit =
            "test: the record is longer than this many bytes: --max-record 1000 (raise it if you trust the input)";
        assert_eq!((found.len(), ended.as_deref()), (1, Some(limit)));
    }
}
