//! Records of JSON Lines, read side by side: pieces of whole lines are parsed on all threads and folded in order.
//!
//! Lines are cut and numbered as [`Records`] does it; an input in any other layout is read by it, one record at a time.

use super::keys::DuplicateKeys;
use super::records::{Record, Records, is_lines, of_line};
use super::source::{Limits, failed};
use super::spare::Spare;
use super::turns::{take_turns, threads};
use crate::error::{Error, Result};
use std::io::{self, BufRead};

/// How the records of a format become a graph: each is first read by itself, on any thread; then all are taken in order.
pub(super) trait Reading: Send {
    /// What reading a record by itself needs, and what it remembers of records only to be faster.
    type Parser: Clone + Send + Sync;
    /// What one record says.
    type Parsed<'t>;
    /// Room for what stands in a record, which is used for one after the other: it costs less to clear than to make.
    type Room<'t>: Default;

    /// What records are read with.
    fn parser(&self) -> Self::Parser;

    /// Reads a record; what others say makes no difference, nor what is left of them in the room.
    fn parse<'t>(parser: &mut Self::Parser, room: &mut Self::Room<'t>, record: Record<'t>) -> Self::Parsed<'t>;

    /// Takes what a record says, after those before it.
    fn fold(&mut self, parsed: Self::Parsed<'_>) -> Result<()>;

    /// Takes what some records say, one after the other. What is left of them is thrown away when others have their turn.
    fn fold_all(&mut self, parsed: &mut Vec<Self::Parsed<'_>>) -> Result<()> {
        parsed.drain(..).try_for_each(|parsed| self.fold(parsed))
    }
}

/// Reads all records of an input, whose first bytes are `head`.
pub(super) fn read(
    reading: &mut impl Reading,
    name: &str,
    head: &[u8],
    reader: &mut (dyn BufRead + Send),
    (limits, keys): (&Limits, DuplicateKeys),
) -> Result<()> {
    if is_lines(head) {
        return read_lines(reading, Lines::new(name, reader, limits), keys);
    }
    let mut parser = reading.parser();
    let mut records = Records::new(name, head, reader, (limits.record, keys));
    while let Some(record) = records.next()? {
        let parsed = parse(reading, &mut parser, record);
        reading.fold(parsed)?;
    }
    Ok(())
}

fn parse<'t, R: Reading>(_: &R, parser: &mut R::Parser, record: Record<'t>) -> R::Parsed<'t> {
    R::parse(parser, &mut R::Room::default(), record)
}

fn read_lines<R: Reading>(reading: &mut R, mut lines: Lines<'_>, keys: DuplicateKeys) -> Result<()> {
    let (limit, size) = (lines.limit, lines.size);
    let (first, parsers, buffers) = (reading.parser(), Spare::default(), Spare::default());
    take_turns(
        threads,
        0,
        || lines.next(buffers.take().unwrap_or_default()),
        reading,
        |mut piece: Piece, turn| {
            if let Some(settled) = keys.settle_lines(piece.bytes()) {
                (piece.len, piece.buffer) = (settled.len(), settled);
            }
            let mut parser = parsers.take().unwrap_or_else(|| first.clone());
            let mut parsed = Vec::with_capacity(usize::try_from(piece.lines).unwrap_or_default());
            let mut room = R::Room::default();
            parsed.extend(piece.records(limit).map(|record| R::parse(&mut parser, &mut room, record)));
            drop(room);
            parsers.give(parser);
            let Some(mut reading) = turn.wait() else { return Ok(()) };
            reading.fold_all(&mut parsed)?;
            drop(reading);
            turn.end();
            drop(parsed);
            buffers.give_buffer(piece.buffer, size);
            Ok(())
        },
    )
}

/// Whole lines, or as much as counts of one that is longer than a record may be.
struct Piece {
    /// The number of its first line, from 1.
    line: u64,
    lines: u64,
    buffer: Vec<u8>,
    /// Bytes of the buffer that belong to it.
    len: usize,
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    fn records(&self, limit: usize) -> impl Iterator<Item = Record<'_>> {
        let mut rest = self.bytes();
        let mut number = self.line;
        std::iter::from_fn(move || {
            loop {
                let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
                let (line, after) = rest.split_at_checked(end).filter(|(line, _)| !line.is_empty())?;
                rest = after;
                number += 1;
                if let Some(record) = of_line(number - 1, line, limit) {
                    return Some(record);
                }
            }
        })
    }

    fn count_lines(&self) -> u64 {
        let ends = memchr::memchr_iter(b'\n', self.bytes()).count() as u64;
        ends + u64::from(self.bytes().last().is_some_and(|&last| last != b'\n'))
    }
}

/// Cuts pieces of whole lines out of a stream.
struct Lines<'r> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    /// Bytes of the longest record.
    limit: usize,
    /// Bytes of a piece whose lines are no longer than that.
    size: usize,
    line: u64,
    /// The beginning of a line whose end was not read yet.
    rest: Vec<u8>,
    ended: bool,
    failure: Option<Error>,
}

impl<'r> Lines<'r> {
    fn new(name: &'r str, reader: &'r mut (dyn BufRead + Send), limits: &Limits) -> Self {
        let (limit, size) = (limits.record, limits.piece.clamp(1, limits.record.max(1)));
        Self { name, reader, limit, size, line: 1, rest: Vec::new(), ended: false, failure: None }
    }

    /// The next piece, in a buffer that was used before.
    fn next(&mut self, buffer: Vec<u8>) -> Result<Option<Piece>> {
        let mut piece = Piece { line: self.line, lines: 0, buffer, len: self.rest.len() };
        piece.buffer.resize(piece.buffer.len().max(self.size).max(piece.len), 0);
        piece.buffer[..piece.len].copy_from_slice(&self.rest);
        self.rest.clear();
        loop {
            self.fill(&mut piece);
            if let Some(end) = memchr::memrchr(b'\n', piece.bytes()) {
                self.rest.extend_from_slice(&piece.bytes()[end + 1..]);
                piece.len = end + 1;
                break;
            }
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if piece.len > self.limit {
                piece.len = self.limit + 1;
                self.skip_line()?;
                break;
            }
            if self.ended {
                break;
            }
            let longer = piece.buffer.len().saturating_mul(2).min(self.limit.saturating_add(1));
            piece.buffer.resize(longer, 0);
        }
        piece.lines = piece.count_lines();
        self.line += piece.lines;
        Ok((piece.len > 0).then_some(piece))
    }

    /// Reads until the buffer is full or the input ends. A failure counts after the lines before it.
    fn fill(&mut self, piece: &mut Piece) {
        while piece.len < piece.buffer.len() && !self.ended {
            match self.reader.read(&mut piece.buffer[piece.len..]) {
                Ok(0) => self.ended = true,
                Ok(count) => piece.len += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(failed(self.name, error));
                    self.ended = true;
                }
            }
        }
    }

    fn skip_line(&mut self) -> Result<()> {
        while !self.ended {
            let chunk = self.reader.fill_buf().map_err(|error| failed(self.name, error))?;
            let end = memchr::memchr(b'\n', chunk);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.ended = used == 0;
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        Ok(())
    }
}
