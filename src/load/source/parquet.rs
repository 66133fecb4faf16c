//! Parquet as text: its rows as those of a CSV table, made as they are read, so that the readers of tables need to know
//! nothing of it.

mod caught;
mod cells;
mod pages;

pub(in crate::load) use caught::is_within;

use super::{Limits, told_by};
use crate::load::{Format, too_long};
use caught::caught;
use cells::{Column, put, quote};
use pages::{Batch, Chunk};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use std::io::{self, Read};
use std::sync::Arc;

/// Rows that are decoded at a time.
const ROWS: u64 = 1024;

/// Bytes of text that are made at a time, at least.
const TEXT: usize = 64 << 10;

/// The column that tells that the program's own tables hold exact texts.
const EXACT: &str = "raw";

/// Why a file cannot be read: the rest of a sentence that begins with its name.
type Wrong = String;

/// The rows of a Parquet file as CSV.
pub(super) struct Table<R> {
    file: Arc<R>,
    metadata: ParquetMetaData,
    columns: Vec<Column>,
    /// Whether every row ends with an empty cell more.
    exact: bool,
    /// Bytes of the longest record, and of the largest page.
    record: usize,
    whole: u64,
    /// The row group that is read next.
    group: usize,
    chunks: Vec<Chunk>,
    /// Rows of the open group that were not decoded.
    undecoded: u64,
    /// Decoded cells by column, and which row of them is next.
    batches: Vec<Batch>,
    row: usize,
    /// Rows that were written.
    passed: u64,
    text: Vec<u8>,
    given: usize,
}

impl<R: ChunkReader + 'static> Table<R> {
    /// Reads what the end of the file says of it.
    pub(super) fn new(file: R, limits: &Limits) -> Result<Self, Wrong> {
        let len = file.len();
        let parse = || ParquetMetaDataReader::new().parse_and_finish(&file);
        let metadata = caught(parse).map_err(not_whole)?.map_err(not_whole)?;
        let columns = cells::columns(metadata.file_metadata().schema_descr())?;
        for group in metadata.row_groups() {
            pages::check(group, columns.len(), len)?;
        }
        let mut table = Self {
            file: Arc::new(file),
            metadata,
            columns,
            exact: false,
            record: limits.record,
            whole: limits.whole,
            group: 0,
            chunks: Vec::new(),
            undecoded: 0,
            batches: Vec::new(),
            row: 0,
            passed: 0,
            text: Vec::new(),
            given: 0,
        };
        table.write_header();
        Ok(table)
    }

    /// Texts of the program's own tables stand here as they are, which a table in CSV has to say.
    fn write_header(&mut self) {
        for (place, column) in self.columns.iter().enumerate() {
            separate(place, &mut self.text);
            quote(column.name.as_bytes(), &mut self.text);
        }
        let says_so = self.columns.iter().any(|column| column.name == EXACT);
        self.exact = !says_so && Format::of(&self.text) == Some(Format::Tables);
        if self.exact {
            self.text.push(b',');
            self.text.extend(EXACT.as_bytes());
        }
        self.text.push(b'\n');
    }

    /// Makes some more text; none where the rows have ended.
    fn go_on(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.len() < TEXT && (self.has_row() || self.decode()?) {
            self.write_row()?;
        }
        Ok(())
    }

    /// Gives up, so that nothing is read of what was left half done.
    fn stop(&mut self, error: io::Error) -> io::Error {
        self.text.clear();
        self.batches.clear();
        self.chunks.clear();
        (self.given, self.undecoded, self.group) = (0, 0, usize::MAX);
        error
    }

    fn has_row(&self) -> bool {
        self.batches.first().is_some_and(|batch| self.row < batch.len())
    }

    /// Decodes some more rows, if there are any.
    fn decode(&mut self) -> io::Result<bool> {
        let stopped = |reason| Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        caught(|| self.decode_unguarded()).unwrap_or_else(stopped)
    }

    fn decode_unguarded(&mut self) -> io::Result<bool> {
        while self.undecoded == 0 {
            let Some(group) = self.metadata.row_groups().get(self.group) else { return Ok(false) };
            self.chunks = open(&self.file, group, self.whole).map_err(damaged)?;
            self.undecoded = u64::try_from(group.num_rows()).unwrap_or_default();
            self.group += 1;
        }
        let count = self.undecoded.min(ROWS);
        self.row = 0;
        self.batches.clear();
        for chunk in &mut self.chunks {
            self.batches.push(chunk.decode(count as usize).map_err(damaged)?);
        }
        self.undecoded -= count;
        Ok(true)
    }

    fn write_row(&mut self) -> io::Result<()> {
        let start = self.text.len();
        for (place, (column, batch)) in self.columns.iter().zip(&mut self.batches).enumerate() {
            separate(place, &mut self.text);
            if let Some(scalar) = batch.take(self.row) {
                put(column.meaning, &scalar, &mut self.text);
            }
            if self.text.len() - start > self.record {
                let message = format!("{} (row {})", too_long(self.record), self.passed + 1);
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
            }
        }
        if self.exact {
            self.text.push(b',');
        }
        if self.text.len() == start {
            // An empty line would be no row.
            self.text.extend(b"\"\"");
        }
        self.text.push(b'\n');
        (self.row, self.passed) = (self.row + 1, self.passed + 1);
        Ok(())
    }
}

impl<R: ChunkReader + 'static> Read for Table<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.go_on().map_err(|error| self.stop(error))?;
        }
        let text = &self.text[self.given..];
        let count = text.len().min(buffer.len());
        buffer[..count].copy_from_slice(&text[..count]);
        self.given += count;
        Ok(count)
    }
}

fn separate(place: usize, text: &mut Vec<u8>) {
    if place > 0 {
        text.push(b',');
    }
}

fn open<R: ChunkReader + 'static>(
    file: &Arc<R>,
    group: &RowGroupMetaData,
    whole: u64,
) -> Result<Vec<Chunk>, ParquetError> {
    let rows = usize::try_from(group.num_rows())?;
    group.columns().iter().map(|column| Chunk::open(file, column, rows, whole)).collect()
}

/// What to say of a file whose end says nothing that can be used.
fn not_whole(error: impl std::fmt::Display) -> Wrong {
    format!("is no whole Parquet file, it was cut off or damaged: get it again, or write it again ({error})")
}

/// An error on the way, with the kind that it had where it was met.
fn damaged(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
        },
        error => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    }
}
