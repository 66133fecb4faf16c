//! Many rows of a table at once, their cells borrowed from one text.

use super::row_pieces::Piece;
use super::rows::{Place, Rows, Step, separates_text};
use super::source::Limits;
use crate::error::{Error, Location, Result};
use std::io::Read;

/// Rows with their lines.
pub(super) enum Batch<'p> {
    /// Text without any quote: every line is a row.
    Plain { text: &'p str, line: u64, delimiter: u8 },
    /// Rows that were read one by one.
    Copied(Copied),
}

/// The cells of rows one after the other.
#[derive(Default)]
pub(super) struct Copied {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// The line of each row, and how many cells there are up to its end.
    rows: Vec<(u64, usize)>,
    /// What is wrong with the row that comes next.
    failed: Option<Error>,
}

impl<'p> Batch<'p> {
    /// The rows of a piece.
    pub(super) fn of(piece: &'p Piece, name: &str, delimiter: u8, limits: &Limits) -> Self {
        match plain(&piece.bytes).filter(|_| separates_text(delimiter)) {
            Some(text) => Self::Plain { text, line: piece.place.line, delimiter },
            None => Self::Copied(Copied::of(piece, name, delimiter, limits)),
        }
    }

    /// Rows up to so many bytes of text; `None` where no row is left.
    pub(super) fn read(rows: &mut Rows<'_>, name: &str, bytes: usize) -> Option<Self> {
        let copied = Copied::read(rows, name, bytes);
        (!copied.rows.is_empty() || copied.failed.is_some()).then_some(Self::Copied(copied))
    }

    /// Hands over the line and the cells of every row that has any text. The first error ends it.
    pub(super) fn each<'b>(&'b self, mut take: impl FnMut(u64, &[&'b str]) -> Result<()>) -> Result<()> {
        let mut take = |line: u64, cells: &[&'b str]| {
            let blank = cells.iter().all(|cell| cell.trim_ascii().is_empty());
            if blank { Ok(()) } else { take(line, cells) }
        };
        match self {
            Self::Plain { text, line, delimiter } => each_line(text, *line, *delimiter, take),
            Self::Copied(copied) => copied.each(&mut take),
        }
    }

    /// What is wrong with the row that comes next, where that is not the end of the piece.
    pub(super) fn failed(&mut self) -> Result<()> {
        match self {
            Self::Plain { .. } => Ok(()),
            Self::Copied(copied) => copied.failed.take().map_or(Ok(()), Err),
        }
    }
}

/// Bytes as text, where they are text that holds no quote and no line end but `\n` and `\r\n`.
fn plain(bytes: &[u8]) -> Option<&str> {
    let returns = || memchr::memchr_iter(b'\r', bytes);
    let plain = memchr::memchr(b'"', bytes).is_none() && returns().all(|at| bytes.get(at + 1) == Some(&b'\n'));
    if plain { std::str::from_utf8(bytes).ok() } else { None }
}

fn each_line<'t>(
    text: &'t str,
    mut line: u64,
    delimiter: u8,
    mut take: impl FnMut(u64, &[&'t str]) -> Result<()>,
) -> Result<()> {
    let bytes = text.as_bytes();
    let mut cells: Vec<&str> = Vec::new();
    let mut start = 0;
    for end in memchr::memchr2_iter(delimiter, b'\n', bytes) {
        let cell = &text[start..end];
        start = end + 1;
        if bytes[end] == b'\n' {
            cells.push(cell.strip_suffix('\r').unwrap_or(cell));
            take(line, &cells)?;
            cells.clear();
            line += 1;
        } else {
            cells.push(cell);
        }
    }
    if start < bytes.len() || !cells.is_empty() {
        cells.push(&text[start..]);
        take(line, &cells)?;
    }
    Ok(())
}

impl Copied {
    fn of(piece: &Piece, name: &str, delimiter: u8, limits: &Limits) -> Self {
        // A byte order mark counts as one only where the input begins, so there stands an empty line before it.
        let marked = piece.bytes.starts_with(b"\xef\xbb\xbf");
        let before = if marked { &b"\n"[..] } else { b"" };
        let (Place { line, byte }, back) = (piece.place, before.len() as u64);
        let place = Place { line: line.saturating_sub(back), byte: byte.saturating_sub(back) };
        let mut reader = before.chain(&piece.bytes[..]);
        let rows = Rows::new(name, &mut reader, delimiter, limits).starting_at(place);
        let mut rows = rows.of_bytes(&piece.bytes, piece.place.byte);
        Self::read(&mut rows, name, usize::MAX)
    }

    fn read(rows: &mut Rows<'_>, name: &str, bytes: usize) -> Self {
        let mut copied = Self::default();
        while copied.text.len() < bytes && copied.failed.is_none() {
            match rows.step() {
                Ok(Step::Row) => copied.push(rows.line(), rows.row()),
                Ok(Step::End) => break,
                Ok(Step::Unclosed) => copied.failed = Some(rows.unclosed()),
                Ok(Step::Broken(broken)) => {
                    copied.failed = Some(Error::data(Location::of(name).at_line(rows.line()), broken.reason));
                }
                Err(error) => copied.failed = Some(error),
            }
        }
        copied
    }

    fn push(&mut self, line: u64, row: &csv::StringRecord) {
        for cell in row {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        self.rows.push((line, self.ends.len()));
    }

    fn each<'b>(&'b self, take: &mut impl FnMut(u64, &[&'b str]) -> Result<()>) -> Result<()> {
        let mut cells: Vec<&str> = Vec::new();
        let (mut start, mut cell) = (0, 0);
        for &(line, end) in &self.rows {
            cells.clear();
            for &cell_end in &self.ends[cell..end] {
                cells.push(&self.text[start..cell_end]);
                start = cell_end;
            }
            cell = end;
            take(line, &cells)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(batch: &Batch<'_>) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        let taken = batch.each(|line, cells| {
            rows.push((line, cells.iter().map(|cell| (*cell).to_owned()).collect()));
            Ok(())
        });
        assert!(taken.is_ok());
        rows
    }

    #[test]
    fn plain_text_has_the_rows_that_a_parser_finds_in_it() {
        let mut count = 0;
        for text in [
            "",
            "\n",
            "a",
            "a,",
            ",",
            ",\n",
            "a,b\nc,d",
            "a,b\r\n\r\nc,,\r\n",
            " , \n x ,\n",
            "\n\na\n",
            "é,\u{a0}\nb",
            "\u{feff}a,b\n",
            "a;b\tc,d\n",
            "a\n,",
        ] {
            let piece = Piece { bytes: text.as_bytes().to_vec(), place: Place { line: 7, byte: 100 } };
            let batch = Batch::of(&piece, "t", b',', &Limits::default());
            assert!(matches!(batch, Batch::Plain { .. }), "{text:?}");
            let parsed = Batch::Copied(Copied::of(&piece, "t", b',', &Limits::default()));
            assert_eq!(rows(&batch), rows(&parsed), "{text:?}");
            count += rows(&batch).len();
        }
        assert_eq!(count, 13);
    }

    /// Lines and bytes count from the beginning of the input, whatever stands before the bytes of a piece.
    #[test]
    fn what_is_wrong_is_told_with_its_place_in_the_input() {
        for (text, byte) in [(&b"a,b\n\"c\",\xff\n"[..], 108), (b"\xef\xbb\xbfa,b\n\"c\",\xff\n", 111)] {
            let piece = Piece { bytes: text.to_vec(), place: Place { line: 7, byte: 100 } };
            let mut batch = Batch::of(&piece, "t", b',', &Limits::default());
            assert_eq!(rows(&batch).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [7]);
            let wrong = batch.failed().map_err(|error| error.to_string());
            let message = wrong.expect_err("no text");
            assert!(message.starts_with("t:8: ") && message.contains(&byte.to_string()), "{message}");
        }
    }

    #[test]
    fn what_is_not_plain_is_parsed() {
        for text in [&b"\"a\",b\n"[..], b"a\rb\n", b"a\r", b"\xff\n"] {
            let piece = Piece { bytes: text.to_vec(), place: Place::START };
            assert!(matches!(Batch::of(&piece, "t", b',', &Limits::default()), Batch::Copied(_)), "{text:?}");
        }
    }
}
