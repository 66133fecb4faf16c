//! Rows of a CSV file, cut from a stream one at a time.
//!
//! A quote that is never closed would swallow the rest of a file. Here it costs one row: where the next line begins as a
//! record does, the row before it has ended.

use crate::error::Result;
use crate::load::source::failed;
use crate::load::too_long;
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// One row.
#[derive(Debug)]
pub(super) struct Row<'r> {
    /// The line on which it begins, from 1.
    pub line: u64,
    text: &'r str,
    delimiter: u8,
}

/// A cell of a row that has any text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'r> {
    text: &'r str,
    /// Whether each quote in it stands twice.
    is_doubled: bool,
}

impl<'r> Cell<'r> {
    /// What it says, where that stands in the row as it is.
    pub(super) fn plain(self) -> Option<&'r str> {
        (!self.is_doubled).then_some(self.text)
    }

    /// What it says.
    pub(super) fn said(self) -> Cow<'r, str> {
        self.plain().map_or_else(|| Cow::Owned(self.text.replace("\"\"", "\"")), Cow::Borrowed)
    }
}

/// A row that cannot be read.
#[derive(Debug)]
pub(super) struct BrokenRow {
    pub line: u64,
    pub reason: String,
    pub text: String,
}

impl BrokenRow {
    fn new(line: u64, reason: String, row: &[u8]) -> Self {
        let start = &row[..row.len().min(super::KEPT_TEXT)];
        Self { line, reason, text: String::from_utf8_lossy(start).trim_end().to_owned() }
    }
}

impl<'r> Row<'r> {
    /// The row in these bytes, which may end with a line end.
    fn of(bytes: &'r [u8], line: u64, delimiter: u8, limit: usize) -> Result<Self, BrokenRow> {
        if bytes.len() >= limit {
            return Err(BrokenRow::new(line, too_long(limit), bytes));
        }
        let end = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
        let bytes = &bytes[..end];
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { line, text, delimiter }),
            Err(error) => Err(BrokenRow::new(line, crate::load::source::not_utf8(error.valid_up_to()), bytes)),
        }
    }

    pub(super) fn text(&self) -> &'r str {
        self.text
    }

    /// Hands over every cell that has any text, with its place, and tells how many cells there are.
    pub(super) fn each_cell(&self, take: impl FnMut(usize, Cell<'r>)) -> Result<usize, BrokenRow> {
        each_cell(self.text, self.delimiter, take).ok_or_else(|| {
            let reason = "a quote that opens in this row is never closed".to_owned();
            BrokenRow::new(self.line, reason, self.text.as_bytes())
        })
    }
}

/// Cuts rows from bytes that are at hand.
pub(super) struct Rows<'r> {
    rest: &'r [u8],
    limit: usize,
    delimiter: u8,
    line: u64,
}

impl<'r> Rows<'r> {
    /// The rows of some bytes, the first of which stands on `line`.
    pub(super) fn of(bytes: &'r [u8], line: u64, delimiter: u8, limit: usize) -> Self {
        Self { rest: bytes, limit, delimiter, line }
    }

    /// The line that follows behind `start` bytes; one that is too long is cut off.
    fn line_from(&self, start: usize) -> &'r [u8] {
        let rest = &self.rest[start..];
        let longest = &rest[..rest.len().min(self.limit)];
        memchr::memchr(b'\n', longest).map_or(longest, |end| &longest[..=end])
    }

    fn pass(&mut self, bytes: usize, lines: u64) {
        self.rest = &self.rest[bytes..];
        self.line += lines;
    }
}

impl<'r> Iterator for Rows<'r> {
    type Item = Result<Row<'r>, BrokenRow>;

    /// The next row. Empty lines are passed over.
    fn next(&mut self) -> Option<Self::Item> {
        let first = loop {
            match self.line_from(0) {
                [] => return None,
                blank if blank.trim_ascii().is_empty() => self.pass(blank.len(), 1),
                line => break line,
            }
        };
        let (mut len, mut lines, mut open) = (first.len(), 1, has_odd_quotes(first));
        while open && len <= self.limit {
            let next = self.line_from(len);
            if next.is_empty() || begins_record(next, self.delimiter) {
                break;
            }
            open ^= has_odd_quotes(next);
            (len, lines) = (len + next.len(), lines + 1);
        }
        let row = Row::of(&self.rest[..len], self.line, self.delimiter, self.limit);
        self.pass(len, lines);
        Some(row)
    }
}

/// Cuts rows from a stream.
pub(super) struct Stream<'r> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    limit: usize,
    delimiter: u8,
    /// The line that comes next, where it was read already.
    next: Vec<u8>,
    line: u64,
    row: Vec<u8>,
}

impl<'r> Stream<'r> {
    pub(super) fn new(name: &'r str, reader: &'r mut (dyn BufRead + Send), delimiter: u8, limit: usize) -> Self {
        Self { name, reader, limit, delimiter, next: Vec::new(), line: 1, row: Vec::new() }
    }

    /// The same rows, the first of which may stand on a later line than the first.
    pub(super) fn starting_at_line(mut self, line: u64) -> Self {
        self.line = line;
        self
    }

    /// What was read beyond the last row, with its line.
    pub(super) fn ahead(self) -> (Vec<u8>, u64) {
        (self.next, self.line)
    }

    /// The next row; `None` at the end. Empty lines are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Result<Row<'_>, BrokenRow>>> {
        let line = loop {
            self.row.clear();
            std::mem::swap(&mut self.row, &mut self.next);
            if self.row.is_empty() && !self.read_line()? {
                return Ok(None);
            } else if self.row.is_empty() {
                std::mem::swap(&mut self.row, &mut self.next);
            }
            let line = self.line;
            self.line += 1;
            if !self.row.trim_ascii().is_empty() {
                break line;
            }
        };
        let mut open = has_odd_quotes(&self.row);
        while open && self.row.len() <= self.limit && self.read_line()? {
            if begins_record(&self.next, self.delimiter) {
                break;
            }
            open ^= has_odd_quotes(&self.next);
            self.row.append(&mut self.next);
            self.line += 1;
        }
        Ok(Some(Row::of(&self.row, line, self.delimiter, self.limit)))
    }

    /// Reads the next line; `false` at the end. One that is too long is cut off.
    fn read_line(&mut self) -> Result<bool> {
        self.next.clear();
        let mut limited = (&mut *self.reader).take(self.limit as u64);
        let read = limited.read_until(b'\n', &mut self.next).map_err(|error| failed(self.name, error))?;
        Ok(read > 0)
    }
}

/// Where the last row ends that certainly ends within `bytes`, which begin with a row: before a line that begins as a
/// record does, and where there is none, behind a line that leaves no quote open.
pub(super) fn last_row_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut line_ends = memchr::memrchr_iter(b'\n', bytes).map(|at| at + 1);
    if let Some(end) = line_ends.find(|&end| begins_record(&bytes[end..], delimiter)) {
        return Some(end);
    }
    let (mut last, mut open) = (None, false);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).map(|at| at + 1) {
        open ^= has_odd_quotes(&bytes[start..end]);
        start = end;
        last = if open { last } else { Some(end) };
    }
    last
}

/// Whether a text opens a quote that it does not close, or closes one that it does not open.
fn has_odd_quotes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'"', text).count() % 2 == 1
}

/// Whether a line begins with an LEI, as every record does.
fn begins_record(line: &[u8], delimiter: u8) -> bool {
    let (quoted, lei) = line.strip_prefix(b"\"").map_or((false, line), |rest| (true, rest));
    let Some((lei, rest)) = lei.split_at_checked(20) else { return false };
    let rest = if quoted { rest.strip_prefix(b"\"").unwrap_or(b"") } else { rest };
    lei.iter().all(u8::is_ascii_alphanumeric) && rest.first() == Some(&delimiter)
}

/// Finds the cells of a row that have any text, and how many there are in all; `None` where a quoted cell has no end.
fn each_cell<'r>(text: &'r str, delimiter: u8, mut take: impl FnMut(usize, Cell<'r>)) -> Option<usize> {
    let row = text.as_bytes();
    let empty = u64::from_ne_bytes([delimiter; 8]);
    let (mut at, mut place) = (0, 0);
    loop {
        // Most cells of a golden copy are empty, and they stand in long runs.
        while row.get(at..).and_then(<[u8]>::first_chunk).is_some_and(|&eight| u64::from_ne_bytes(eight) == empty) {
            (at, place) = (at + 8, place + 8);
        }
        match row.get(at) {
            None => return Some(place + 1),
            Some(&byte) if byte == delimiter => {
                (at, place) = (at + 1, place + 1);
                continue;
            }
            Some(b'"') => {
                let (end, is_doubled) = quoted_end(row, at + 1)?;
                take(place, Cell { text: &text[at + 1..end], is_doubled });
                at = end + 1;
                if row.get(at).is_some_and(|&byte| byte != delimiter) {
                    at = cell_end(row, at, delimiter);
                }
            }
            Some(_) => {
                let end = cell_end(row, at, delimiter);
                take(place, Cell { text: &text[at..end], is_doubled: false });
                at = end;
            }
        }
        place += 1;
        if at >= row.len() {
            return Some(place);
        }
        at += 1;
    }
}

#[inline]
fn cell_end(row: &[u8], start: usize, delimiter: u8) -> usize {
    memchr::memchr(delimiter, &row[start..]).map_or(row.len(), |found| start + found)
}

/// Where the quote stands that closes a cell, and whether quotes within the cell are doubled.
#[inline]
fn quoted_end(row: &[u8], start: usize) -> Option<(usize, bool)> {
    let (mut at, mut doubled) = (start, false);
    loop {
        let quote = at + memchr::memchr(b'"', &row[at..])?;
        if row.get(quote + 1) != Some(&b'"') {
            return Some((quote, doubled));
        }
        doubled = true;
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_words(row: Result<Row<'_>, BrokenRow>) -> String {
        let read = row.and_then(|row| {
            let mut cells = Vec::new();
            let mut take = |place: usize, cell: Cell<'_>| {
                cells.resize(place, String::new());
                cells.push(cell.said().into_owned());
            };
            let count = row.each_cell(&mut take)?;
            cells.resize(count, String::new());
            Ok(format!("{} {}", row.line, cells.join("|")))
        });
        read.unwrap_or_else(|broken| format!("{} {}", broken.line, broken.reason))
    }

    /// The rows of a text, which are the same from a stream and at hand.
    fn rows(text: &str) -> Vec<String> {
        let mut reader = text.as_bytes();
        let mut stream = Stream::new("test", &mut reader, b',', 200);
        let mut found = Vec::new();
        while let Some(row) = stream.next().expect("no I/O here") {
            found.push(in_words(row));
        }
        let at_hand: Vec<_> = Rows::of(text.as_bytes(), 1, b',', 200).map(in_words).collect();
        assert_eq!(at_hand, found, "{text:?}");
        found
    }

    #[test]
    fn cells_are_cut_as_the_csv_rules_say() {
        assert_eq!(
            rows("a,b\r\n\n\"x, y\",\"say \"\"so\"\"\"\n,\n\"\",z"),
            ["1 a|b", "3 x, y|say \"so\"", "4 |", "5 |z"]
        );
        assert_eq!(rows("\"two\nlines\",1\n2,3\n"), ["1 two\nlines|1", "3 2|3"]);
        assert_eq!(rows("5\" pipe,1\n00EHHQ2ZHDCFXJCPCL46,2\n"), ["1 5\" pipe|1", "2 00EHHQ2ZHDCFXJCPCL46|2"]);
    }

    #[test]
    fn a_file_is_cut_before_a_record_or_behind_closed_quotes() {
        for (text, end) in [
            ("a,b\nc,d\ne", Some(8)),
            ("\"a\nb\nc\",d\n\"e\n", Some(10)),
            ("\"a\n\"001GPB6A9XPE8XJICC14\",\"b\nc\n", Some(3)),
            ("x\n001GPB6A9XPE8XJICC14,b\nc\n001GPB6A9XPE8XJI", Some(2)),
            ("\"a\nb\n", None),
        ] {
            assert_eq!(last_row_end(text.as_bytes(), b','), end, "{text:?}");
        }
    }

    #[test]
    fn a_quote_without_end_costs_one_row() {
        let text = "\"001GPB6A9XPE8XJICC14\",\"open\n\"00EHHQ2ZHDCFXJCPCL46\",\"b\"\n";
        assert_eq!(rows(text), ["1 a quote that opens in this row is never closed", "2 00EHHQ2ZHDCFXJCPCL46|b"]);
        assert_eq!(rows(",,,,,,,,,\"\",,,,,,,,x,,"), ["1 |||||||||||||||||x||"]);
        let long = format!("\"{}\nx,y\n", "a\n".repeat(150));
        assert_eq!(
            rows(&long)[0],
            "1 the record is longer than this many bytes: --max-record 200 (raise it if you trust the input)"
        );
    }
}
