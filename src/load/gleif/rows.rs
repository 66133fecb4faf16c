//! Rows of a CSV file, cut from a stream one at a time.
//!
//! A quote that is never closed would swallow the rest of a file. Here it costs one row: where the next line begins as a
//! record does, the row before it has ended.

use crate::error::Result;
use crate::load::source::failed;
use std::borrow::Cow;
use std::io::{BufRead, Read};

/// Cuts rows from a stream.
pub(super) struct Rows<'r> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    limit: usize,
    delimiter: u8,
    /// The line that comes next, where it was read already.
    next: Vec<u8>,
    line: u64,
    row: Vec<u8>,
    cells: Vec<Cell>,
}

/// Where a cell stands in its row.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: usize,
    end: usize,
    /// Whether quotes within it are doubled.
    doubled: bool,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'r> {
    /// The line on which it begins, from 1.
    pub line: u64,
    text: &'r str,
    cells: &'r [Cell],
}

/// A row that cannot be read.
#[derive(Debug)]
pub(super) struct BrokenRow {
    pub line: u64,
    pub reason: String,
    pub text: String,
}

impl<'r> Row<'r> {
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn text(&self) -> &'r str {
        self.text
    }

    pub(super) fn cell(&self, place: usize) -> Cow<'r, str> {
        let Some(cell) = self.cells.get(place) else { return Cow::Borrowed("") };
        let text = &self.text[cell.start..cell.end];
        if cell.doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }
}

impl<'r> Rows<'r> {
    pub(super) fn new(name: &'r str, reader: &'r mut (dyn BufRead + Send), delimiter: u8, limit: usize) -> Self {
        let (next, row, cells) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, reader, limit, delimiter, next, line: 1, row, cells }
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
        Ok(Some(self.split(line)))
    }

    /// Reads the next line; `false` at the end. One that is too long is cut off.
    fn read_line(&mut self) -> Result<bool> {
        self.next.clear();
        let mut limited = (&mut *self.reader).take(self.limit as u64);
        let read = limited.read_until(b'\n', &mut self.next).map_err(|error| failed(self.name, error))?;
        Ok(read > 0)
    }

    fn split(&mut self, line: u64) -> Result<Row<'_>, BrokenRow> {
        let broken = |reason: String, row: &[u8]| {
            let start = &row[..row.len().min(super::KEPT_TEXT)];
            BrokenRow { line, reason, text: String::from_utf8_lossy(start).trim_end().to_owned() }
        };
        if self.row.len() >= self.limit {
            return Err(broken(format!("the row is longer than {} bytes", self.limit), &self.row));
        }
        while self.row.ends_with(b"\n") || self.row.ends_with(b"\r") {
            self.row.pop();
        }
        let text = match std::str::from_utf8(&self.row) {
            Ok(text) => text,
            Err(error) => {
                return Err(broken(crate::load::source::not_utf8(error.valid_up_to()), &self.row));
            }
        };
        match cells(text.as_bytes(), self.delimiter, &mut self.cells) {
            true => Ok(Row { line, text, cells: &self.cells }),
            false => Err(broken("a quote that opens in this row is never closed".to_owned(), &self.row)),
        }
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

/// Finds the cells of a row; `false` where a quoted cell has no end.
fn cells(row: &[u8], delimiter: u8, cells: &mut Vec<Cell>) -> bool {
    cells.clear();
    let mut at = 0;
    loop {
        let (mut start, mut doubled) = (at, false);
        let mut end = None;
        if row.get(at) == Some(&b'"') {
            start += 1;
            at += 1;
            loop {
                let Some(quote) = memchr::memchr(b'"', &row[at..]) else { return false };
                at += quote + 1;
                if row.get(at) != Some(&b'"') {
                    break;
                }
                doubled = true;
                at += 1;
            }
            end = Some(at - 1);
        }
        if row.get(at).is_some_and(|&byte| byte != delimiter) {
            at = memchr::memchr(delimiter, &row[at..]).map_or(row.len(), |found| at + found);
        }
        cells.push(Cell { start, end: end.unwrap_or(at), doubled });
        if at >= row.len() {
            return true;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let mut reader = text.as_bytes();
        let mut rows = Rows::new("test", &mut reader, b',', 200);
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("no I/O here") {
            found.push(match row {
                Ok(row) => {
                    let cells: Vec<_> = (0..row.len()).map(|place| row.cell(place)).collect();
                    format!("{} {}", row.line, cells.join("|"))
                }
                Err(broken) => format!("{} {}", broken.line, broken.reason),
            });
        }
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
        let long = format!("\"{}\nx,y\n", "a\n".repeat(150));
        assert_eq!(rows(&long)[0], "1 the row is longer than 200 bytes");
    }
}
