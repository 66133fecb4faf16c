//! Whole rows of a table in pieces, for several threads to work on.

use super::rows::Place;
use super::source::{Limits, failed};
use crate::error::{Error, Result};
use std::io::{self, BufRead, Read};

/// Bytes that are read at first, as most inputs are small: so are the first pieces, and what is made of one takes the memory
/// that was used for the one before.
const CHUNK: usize = 64 << 10;

/// So many pieces are small. Fewer rows are read sooner by one thread than a second one is at work.
pub(super) const SMALL: u64 = 4;

/// Some rows, none of them in part.
#[derive(Debug)]
pub(super) struct Piece {
    pub bytes: Vec<u8>,
    /// Where they stand in the input.
    pub place: Place,
}

/// Cuts an input into pieces.
///
/// `row_end` finds the place in some bytes, which begin with a row, where the last row ends that certainly ends there. A
/// row that is longer than a piece makes the piece grow; one that is longer than a record may be is left to
/// [`Pieces::rest`].
pub(super) struct Pieces<'r, F> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    row_end: F,
    size: usize,
    longest: usize,
    /// How many more pieces are to be small.
    small: u64,
    place: Place,
    /// Whether a carriage return stands before it, and what follows is to tell whether that ended a line.
    after_return: bool,
    /// What was read and not handed out.
    buffer: Vec<u8>,
    state: State,
}

#[derive(Debug)]
enum State {
    Reading,
    Ended,
    Failed(Error),
    /// No row ends within what a record may have.
    Stuck,
}

impl<'r, F: Fn(&[u8]) -> Option<usize>> Pieces<'r, F> {
    /// Pieces of what `reader` still holds, which stands at `place` in its input.
    pub(super) fn new(
        name: &'r str,
        reader: &'r mut (dyn BufRead + Send),
        place: Place,
        limits: &Limits,
        row_end: F,
    ) -> Self {
        let longest = limits.record.max(1);
        let size = limits.piece.clamp(1, longest);
        let buffer = Vec::new();
        Self {
            name,
            reader,
            row_end,
            size,
            longest,
            small: SMALL,
            place,
            after_return: false,
            buffer,
            state: State::Reading,
        }
    }

    /// The next piece. An input that fails gives first what was read before. `spare` is memory that was used before, for the
    /// piece that comes after it.
    pub(super) fn next(&mut self, spare: Vec<u8>) -> Result<Option<Piece>> {
        let mut wanted = if self.small > 0 { self.size.min(CHUNK) } else { self.size };
        self.small = self.small.saturating_sub(1);
        loop {
            self.fill(wanted);
            if matches!(self.state, State::Ended) {
                let end = self.buffer.len();
                return Ok((end > 0).then(|| self.cut(end, spare)));
            }
            if matches!(self.state, State::Stuck) {
                return Ok(None);
            }
            if let Some(end) = (self.row_end)(&self.buffer) {
                return Ok(Some(self.cut(end, spare)));
            }
            if matches!(self.state, State::Failed(_)) {
                self.buffer.clear();
                match std::mem::replace(&mut self.state, State::Ended) {
                    State::Failed(error) => return Err(error),
                    _ => return Ok(None),
                }
            }
            if self.buffer.len() >= self.longest {
                self.state = State::Stuck;
            }
            wanted = self.longest.min(self.buffer.len().saturating_mul(2));
        }
    }

    /// What no piece could hold, with its place: everything from the row on that never ends.
    pub(super) fn rest(self) -> Option<(impl BufRead + Send + 'r, Place)> {
        let rest = matches!(self.state, State::Stuck).then(|| io::Cursor::new(self.buffer).chain(self.reader));
        rest.map(|rest| (rest, self.place))
    }

    /// Reads until so many bytes are at hand, or the input ends.
    fn fill(&mut self, wanted: usize) {
        let mut filled = self.buffer.len();
        if !matches!(self.state, State::Reading) || filled >= wanted {
            return;
        }
        while filled < wanted && matches!(self.state, State::Reading) {
            if filled == self.buffer.len() {
                self.buffer.resize(wanted.min(filled.saturating_mul(4).max(CHUNK)), 0);
            }
            match self.reader.read(&mut self.buffer[filled..]) {
                Ok(0) => self.state = State::Ended,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.state = State::Failed(failed(self.name, error)),
            }
        }
        self.buffer.truncate(filled);
    }

    fn cut(&mut self, end: usize, mut rest: Vec<u8>) -> Piece {
        rest.clear();
        rest.extend_from_slice(&self.buffer[end..]);
        self.buffer.truncate(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let after_return = self.after_return && bytes.first().is_some_and(|&first| first != b'\n');
        let place = Place { line: self.place.line + u64::from(after_return), ..self.place };
        self.place = place.after(&bytes);
        self.after_return = bytes.last() == Some(&b'\r');
        Piece { bytes, place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of a piece, and its text.
    type Cut = (u64, String);

    fn pieces(text: &str, piece: usize, record: usize) -> (Vec<Cut>, Option<Cut>) {
        let limits = Limits { piece, record, ..Limits::default() };
        let mut reader = text.as_bytes();
        let row_end = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
        let mut pieces = Pieces::new("t", &mut reader, Place::START, &limits, row_end);
        let mut found = Vec::new();
        while let Some(piece) = pieces.next(b"left over".to_vec()).expect("no I/O here") {
            found.push((piece.place.line, String::from_utf8(piece.bytes).expect("text")));
        }
        let rest = pieces.rest().map(|(mut rest, place)| {
            let mut text = String::new();
            rest.read_to_string(&mut text).expect("text");
            (place.line, text)
        });
        (found, rest)
    }

    #[test]
    fn pieces_hold_whole_rows_and_know_their_lines() {
        let text = "aa\nb\n\ncc\nd";
        let found = |expected: &[(u64, &str)]| expected.iter().map(|&(line, text)| (line, text.to_owned())).collect();
        assert_eq!(pieces(text, 100, 100), (found(&[(1, text)]), None));
        assert_eq!(pieces(text, 5, 100), (found(&[(1, "aa\nb\n"), (3, "\ncc\n"), (5, "d")]), None));
        let lines = found(&[(1, "aa\n"), (2, "b\n"), (3, "\n"), (4, "cc\n"), (5, "d")]);
        assert_eq!(pieces(text, 1, 100), (lines, None));
    }

    #[test]
    fn a_row_that_is_too_long_is_left_over_with_all_that_follows() {
        let (found, rest) = pieces("a\nbbbbbbbbb\nc\n", 4, 8);
        assert_eq!(found, [(1, "a\n".to_owned())]);
        assert_eq!(rest, Some((2, "bbbbbbbbb\nc\n".to_owned())));
    }

    #[test]
    fn what_stands_before_a_failure_is_handed_out() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut off"))
            }
        }
        let mut reader = io::BufReader::new((&b"a\nb\nc"[..]).chain(Fails));
        let row_end = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
        let mut pieces = Pieces::new("t", &mut reader, Place::START, &Limits::default(), row_end);
        assert_eq!(pieces.next(Vec::new()).ok().flatten().map(|piece| piece.bytes).as_deref(), Some(&b"a\nb\n"[..]));
        assert!(pieces.next(Vec::new()).is_err_and(|error| error.to_string().contains("cut off")));
        assert!(pieces.next(Vec::new()).is_ok_and(|piece| piece.is_none()));
    }
}
