//! Rows of a CSV table one after the other, each with its line, and a word where a quote is never closed.

use super::records::Broken;
use super::returns::Returns;
use super::source::{Limits, failed, not_utf8};
use super::too_long;
use crate::error::{Error, Location, Result};
use std::io::{self, BufRead, Read};

/// Bytes that are read from the input at a time.
const CHUNK: usize = 64 << 10;

/// What follows in a table.
#[derive(Debug)]
pub(super) enum Step {
    /// A row, at hand as [`Rows::row`].
    Row,
    /// A row that is no text.
    Broken(Broken),
    /// A row in which a quote opens that is never closed: it holds the rest of the input.
    Unclosed,
    /// Nothing.
    End,
}

/// Reads a table row by row into one buffer.
pub(super) struct Rows<'r> {
    name: &'r str,
    reader: csv::Reader<Watched<'r>>,
    row: csv::StringRecord,
    line: u64,
    /// Where the input stood before the first byte that is read here.
    start: Place,
    /// The first byte that is no text, where it is known; else it is told as closely as the parser's place of a row.
    no_text: Option<u64>,
}

/// A place between two bytes of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The line, from 1.
    pub line: u64,
    /// How many bytes stand before it.
    pub byte: u64,
}

impl Place {
    /// Where every input begins.
    pub(super) const START: Self = Self { line: 1, byte: 0 };

    /// The place behind `bytes` that follow here. Whether a carriage return at their end ends a line by itself, what
    /// follows tells.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        let returns = memchr::memchr_iter(b'\r', bytes);
        let alone = returns.filter(|at| bytes.get(at + 1).is_some_and(|&next| next != b'\n')).count();
        Self { line: self.line + (lines + alone) as u64, byte: self.byte + bytes.len() as u64 }
    }
}

impl<'r> Rows<'r> {
    /// The rows of `reader`, whose cells `delimiter` separates. The header row is the first of them.
    pub(super) fn new(name: &'r str, reader: &'r mut (dyn BufRead + Send), delimiter: u8, limits: &Limits) -> Self {
        Self::read_by(CHUNK, name, reader, delimiter, limits.record)
    }

    /// Rows of which no byte is read before its row is asked for, so that something else can read what follows.
    pub(super) fn one_by_one(
        name: &'r str,
        reader: &'r mut (dyn BufRead + Send),
        delimiter: u8,
        limits: &Limits,
    ) -> Self {
        Self::read_by(1, name, reader, delimiter, limits.record.max(CHUNK))
    }

    fn read_by(chunk: usize, name: &'r str, reader: &'r mut (dyn BufRead + Send), delimiter: u8, limit: usize) -> Self {
        let watched = Watched::new(reader, delimiter, limit);
        let mut builder = csv::ReaderBuilder::new();
        let builder = builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(chunk);
        let reader = builder.from_reader(watched);
        Self { name, reader, row: csv::StringRecord::new(), line: 0, start: Place::START, no_text: None }
    }

    /// The same rows, counted from a place in the middle of an input.
    pub(super) fn starting_at(mut self, start: Place) -> Self {
        self.start = start;
        self
    }

    /// The same rows of bytes that are at hand, the first of which is byte `first` of the input.
    pub(super) fn of_bytes(mut self, bytes: &[u8], first: u64) -> Self {
        let valid = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
        self.no_text = valid.map(|valid| first + valid as u64);
        self
    }

    /// The place behind the row that was read last, and whether it ends with a carriage return.
    pub(super) fn place(&self) -> (Place, bool) {
        let own = self.reader.position();
        let place = Place { line: self.start.line + own.line() - 1, byte: self.start.byte + own.byte() };
        (place, self.reader.get_ref().byte_before(own.byte()) == Some(b'\r'))
    }

    /// Reads the next row. Rows without any text are passed over.
    pub(super) fn step(&mut self) -> Result<Step> {
        loop {
            let mut raw = std::mem::take(&mut self.row).into_byte_record();
            let more = self.reader.read_byte_record(&mut raw).map_err(|error| self.failed(error))?;
            if !more {
                return Ok(Step::End);
            }
            let start = self.start.byte + raw.position().map_or(0, csv::Position::byte);
            self.line = self.start.line + self.line_of(&raw) - 1;
            match csv::StringRecord::from_byte_record(raw) {
                Ok(row) => self.row = row,
                Err(error) => {
                    let (field, valid) = (error.utf8_error().field(), error.utf8_error().valid_up_to());
                    let raw = error.into_byte_record();
                    let before: usize = raw.iter().take(field).map(|cell| cell.len() + 1).sum();
                    let near = start as usize + before + valid;
                    let reason = not_utf8(self.no_text.take().map_or(near, |at| at as usize));
                    let cells: Vec<_> = raw.iter().map(String::from_utf8_lossy).collect();
                    return Ok(Step::Broken(Broken { reason, text: cells.join(",") }));
                }
            }
            // Where a quote is open at the end of the input, the row that was read last holds it.
            if self.reader.get_ref().ended_within_quotes() {
                return Ok(Step::Unclosed);
            }
            if self.row.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Step::Row);
            }
        }
    }

    /// The line on which a row begins that was just read. The parser's own position of a row lies before the blank lines
    /// and the second half of a line end that stand in front of it.
    fn line_of(&mut self, raw: &csv::ByteRecord) -> u64 {
        let alone = self.reader.get_mut().returns.before(raw.position().map_or(0, csv::Position::byte));
        self.line_by_feeds(raw) + alone
    }

    /// The same where no carriage return ends a line by itself.
    fn line_by_feeds(&self, raw: &csv::ByteRecord) -> u64 {
        let (before, after) = (raw.position().map_or(1, csv::Position::line), self.reader.position());
        let line_ends = after.line() - before;
        let watched = self.reader.get_ref();
        let ended = !watched.ended_within_quotes() && watched.byte_before(after.byte()) == Some(b'\n');
        let own = u64::from(ended);
        if line_ends <= own {
            return before;
        }
        after.line() - own - memchr::memchr_iter(b'\n', raw.as_slice()).count() as u64
    }

    /// The row that was read last.
    pub(super) fn row(&self) -> &csv::StringRecord {
        &self.row
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The text of the row for a list of rejects.
    pub(super) fn text(&self) -> String {
        self.row.iter().collect::<Vec<_>>().join(",")
    }

    /// What is wrong with a quote in the row that was read last, and with all that follows.
    pub(super) fn unclosed(&self) -> Error {
        let message = "a quote that opens in this row is never closed: the rest of the file would be one cell";
        Error::cut_off(Location::of(self.name).at_line(self.line), message)
    }

    fn failed(&self, error: csv::Error) -> Error {
        let line = error.position().map(csv::Position::line);
        let message = error.to_string();
        match (error.into_kind(), line) {
            (csv::ErrorKind::Io(error), _) => failed(self.name, error),
            (_, Some(line)) => Error::data(Location::of(self.name).at_line(line), message),
            (_, None) => Error::data(Location::of(self.name), message),
        }
    }
}

/// The separator of the header row: comma, semicolon or tab, whichever is most frequent.
pub(super) fn delimiter(head: &[u8]) -> u8 {
    let header = head.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.trim_ascii().is_empty());
    let header = header.unwrap_or_default();
    let count = |byte: u8| memchr::memchr_iter(byte, header).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|&byte| (count(byte), byte == b',')).unwrap_or(b',')
}

/// Where the last row ends that certainly ends within `bytes`, which begin with a row: behind a line end outside of
/// quotes. `None` also where the separator is no separator within text, so that nothing is certain.
pub(super) fn last_row_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    if !separates_text(delimiter) {
        return None;
    }
    let mut quotes = Quotes::new(delimiter);
    let (mut end, mut unquoted) = (None, 0);
    let line_end = |from: usize, to: usize| memchr::memrchr2(b'\n', b'\r', &bytes[from..to]).map(|at| from + at + 1);
    quotes.pass_with(bytes, |place, opens| match opens {
        true => end = line_end(unquoted, place).or(end),
        false => unquoted = place,
    });
    if quotes.quoted { end } else { line_end(unquoted, bytes.len()).or(end) }
}

/// Whether a separator can be found in text without knowing what stands around it.
pub(super) fn separates_text(delimiter: u8) -> bool {
    delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\n' | b'\r')
}

/// Bytes on their way to the parser, which closes an open quote at the end of the input in silence.
struct Watched<'r> {
    inner: &'r mut (dyn BufRead + Send),
    quotes: Quotes,
    limit: usize,
    /// Bytes since a line last ended outside of quotes.
    row: usize,
    /// Whether an open quote has swallowed more than a row may have: nothing of the rest can be trusted.
    cut: bool,
    ended: bool,
    /// The bytes that were handed over last, and where they end.
    last: Vec<u8>,
    passed: u64,
    returns: Returns,
}

impl<'r> Watched<'r> {
    fn new(inner: &'r mut (dyn BufRead + Send), delimiter: u8, limit: usize) -> Self {
        Self {
            inner,
            quotes: Quotes::new(delimiter),
            limit,
            row: 0,
            cut: false,
            ended: false,
            last: Vec::new(),
            passed: 0,
            returns: Returns::default(),
        }
    }

    /// The byte before a place in the input, which lies within what was handed over last.
    fn byte_before(&self, place: u64) -> Option<u8> {
        let from_end = usize::try_from(self.passed.checked_sub(place)?).ok()?;
        self.last.get(self.last.len().checked_sub(from_end + 1)?).copied()
    }

    fn ended_within_quotes(&self) -> bool {
        self.ended && self.quotes.quoted
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = if self.ended || self.cut { 0 } else { self.inner.read(buffer)? };
        let bytes = &buffer[..count];
        self.ended |= count == 0 && !buffer.is_empty();
        if count > 0 {
            self.last.clear();
            self.last.extend_from_slice(bytes);
            self.returns.pass(bytes, self.passed);
            self.passed += count as u64;
        }
        self.row += count;
        self.quotes.pass(bytes);
        if !self.quotes.quoted && memchr::memchr2(b'\n', b'\r', bytes).is_some() {
            self.row = 0;
        }
        self.cut = self.quotes.quoted && self.row > self.limit;
        if self.row > self.limit && !self.cut {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, too_long(self.limit)));
        }
        Ok(count)
    }
}

/// Follows quotes through a table. A quote within an unquoted cell (`5" pipe`) is only a character.
struct Quotes {
    delimiter: u8,
    quoted: bool,
    at_start: bool,
}

impl Quotes {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, quoted: false, at_start: true }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.pass_with(bytes, |_, _| {});
    }

    /// Passes bytes and tells of each quote that opens or closes a cell: the place behind it, and whether it opens.
    fn pass_with(&mut self, bytes: &[u8], mut tell: impl FnMut(usize, bool)) {
        let mut from = 0;
        for place in memchr::memchr_iter(b'"', bytes) {
            if place > from {
                self.at_start = !self.quoted && self.starts_cell(bytes[place - 1]);
            }
            // A second quote right after one that closes opens the cell again: the two stand for one character.
            let closes = self.quoted;
            self.quoted = !self.quoted && self.at_start;
            self.at_start = closes;
            from = place + 1;
            if closes || self.quoted {
                tell(from, self.quoted);
            }
        }
        if let Some(&last) = bytes.get(from..).and_then(<[u8]>::last) {
            self.at_start = !self.quoted && self.starts_cell(last);
        }
    }

    fn starts_cell(&self, before: u8) -> bool {
        before == self.delimiter || matches!(before, b'\n' | b'\r')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> bool {
        let mut whole = Quotes::new(b',');
        whole.pass(text.as_bytes());
        let mut bytewise = Quotes::new(b',');
        text.as_bytes().iter().for_each(|byte| bytewise.pass(std::slice::from_ref(byte)));
        assert_eq!(whole.quoted, bytewise.quoted, "{text}");
        whole.quoted
    }

    #[test]
    fn only_a_quoted_cell_can_be_left_open() {
        for closed in ["A,B,5", "\"A\",B,5", "5\" pipe,B,5", "\"say \"\"so\"\"\",B,5", "\"\",B", "\"a\nb\",c"] {
            assert!(!open(closed), "{closed}");
        }
        for unclosed in ["\"A,B,5", "A,\"B", "A,\"B\"\"", "A,\"", "A,\"x\"\",5"] {
            assert!(open(unclosed), "{unclosed}");
        }
    }

    #[test]
    fn a_table_is_cut_only_where_a_row_ends() {
        for (text, end) in [
            ("a,b\nc,d\ne", Some(8)),
            ("a,\"b\nc\",d\ne,\"\n", Some(10)),
            ("a,\"b\n\"\"c\n", None),
            ("5\" pipe,b\n6\",c\nd", Some(15)),
            ("a,\"b\" \"\nc\n", Some(10)),
            ("a\rb\r\nc\rd", Some(7)),
            ("\"a\"", None),
            ("", None),
        ] {
            assert_eq!(last_row_end(text.as_bytes(), b','), end, "{text:?}");
        }
        assert_eq!(last_row_end(b"a\nb\n", b'\n'), None);
    }

    fn lines(text: &str) -> Vec<(u64, String)> {
        let mut reader = text.as_bytes();
        let mut rows = Rows::new("t", &mut reader, delimiter(text.as_bytes()), &Limits::default());
        let mut found = Vec::new();
        loop {
            match rows.step().expect("no I/O here") {
                Step::End => return found,
                Step::Row => found.push((rows.line(), rows.text())),
                Step::Broken(broken) => found.push((rows.line(), broken.reason)),
                Step::Unclosed => found.push((rows.line(), "unclosed".to_owned())),
            }
        }
    }

    #[test]
    fn rows_know_their_lines_whatever_ends_them() {
        let expected = |text: &str| vec![(1, "a,b".to_owned()), (3, text.to_owned()), (5, "3,4".to_owned())];
        assert_eq!(lines("a,b\n\n\"1\n\",2\n3,4\n"), expected("1\n,2"));
        assert_eq!(lines("a;b\r\n;\r\n\"1\r\n\";2\r\n3;4"), expected("1\r\n,2"));
        assert_eq!(lines("a,b\r\r\"1\r\",2\r3,4\r"), expected("1\r,2"));
    }

    #[test]
    fn a_row_without_end_is_bounded() {
        let limits = Limits { record: 1000, ..Limits::default() };
        for (text, quoted) in [("a,b\n\"".to_owned() + &"x,".repeat(200_000), true), ("x".repeat(200_000), false)] {
            let mut reader = text.as_bytes();
            let mut rows = Rows::new("t", &mut reader, b',', &limits);
            let first = rows.step();
            match quoted {
                true => assert!(matches!(first, Ok(Step::Row)) && matches!(rows.step(), Ok(Step::Unclosed))),
                false => {
                    assert!(first.is_err_and(|error| {
                        error.to_string().contains("longer than this many bytes: --max-record 1000")
                    }))
                }
            }
        }
    }
}
