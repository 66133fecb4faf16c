//! The pages of a Parquet file: unpacked, and decoded into values.

use super::cells::Scalar;
use super::{Wrong, not_whole, told_by};
use crate::load::source::unpack::Zstd;
use parquet::basic::{Compression, CompressionCodec};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, SerializedPageReader};
use std::io::{self, Read};
use std::sync::Arc;

type Result<T, E = ParquetError> = std::result::Result<T, E>;

/// Looks at what the end of a file of `len` bytes says of some rows, before it is relied on.
pub(super) fn check(group: &RowGroupMetaData, columns: usize, len: u64) -> Result<(), Wrong> {
    if group.num_rows() < 0 || group.columns().len() != columns {
        return Err(not_whole("its rows are not described rightly"));
    }
    for column in group.columns() {
        let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
        let range = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
        if range.is_none_or(|(start, size)| start.checked_add(size).is_none_or(|end| end > len)) {
            return Err(not_whole("it names bytes that it does not have"));
        }
        let codec = column.compression_codec();
        let read =
            [CompressionCodec::UNCOMPRESSED, CompressionCodec::SNAPPY, CompressionCodec::GZIP, CompressionCodec::ZSTD];
        if !read.contains(&codec) {
            return Err(format!(
                "is Parquet packed with {codec:?}, which is not read: write it with snappy, zstd or gzip"
            ));
        }
    }
    Ok(())
}

/// The cells of one column in some rows.
pub(super) struct Batch(Vec<Option<Scalar>>);

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value in a row, which is asked for once.
    pub(super) fn take(&mut self, row: usize) -> Option<Scalar> {
        self.0.get_mut(row)?.take()
    }
}

/// One column of one row group.
pub(super) struct Chunk {
    reader: ColumnReader,
    /// Whether values may be missing.
    optional: bool,
}

impl Chunk {
    /// Opens a column whose pages have at most `whole` bytes each.
    pub(super) fn open<R: ChunkReader + 'static>(
        file: &Arc<R>,
        column: &ColumnChunkMetaData,
        rows: usize,
        whole: u64,
    ) -> Result<Self> {
        let described = column.column_descr_ptr();
        let optional = described.max_def_level() > 0;
        let pages = |column: &_| SerializedPageReader::new(Arc::clone(file), column, rows, None);
        let pages: Box<dyn PageReader> = if column.compression_codec() == CompressionCodec::ZSTD {
            // The library hands such pages over as they are, and they are unpacked here.
            let as_it_is = column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
            Box::new(ZstdPages { pages: pages(&as_it_is)?, whole })
        } else {
            Box::new(pages(column)?)
        };
        Ok(Self { reader: get_column_reader(described, pages), optional })
    }

    /// Decodes the next `count` rows.
    pub(super) fn decode(&mut self, count: usize) -> Result<Batch> {
        let want = (count, self.optional);
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => decode(reader, want, Scalar::Flag),
            ColumnReader::Int32ColumnReader(reader) => decode(reader, want, |number| Scalar::Whole(number.into())),
            ColumnReader::Int64ColumnReader(reader) => decode(reader, want, Scalar::Whole),
            ColumnReader::Int96ColumnReader(reader) => decode(reader, want, Scalar::Moment),
            ColumnReader::FloatColumnReader(reader) => decode(reader, want, Scalar::Single),
            ColumnReader::DoubleColumnReader(reader) => decode(reader, want, Scalar::Double),
            ColumnReader::ByteArrayColumnReader(reader) => decode(reader, want, Scalar::Bytes),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                decode(reader, want, |bytes| Scalar::Bytes(bytes.into()))
            }
        }
    }
}

fn decode<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    (count, optional): (usize, bool),
    scalar: impl Fn(T::T) -> Scalar,
) -> Result<Batch> {
    let (mut values, mut levels, mut read) = (Vec::new(), Vec::new(), 0);
    while read < count {
        let (more, _, _) = reader.read_records(count - read, Some(&mut levels), None, &mut values)?;
        if more == 0 {
            return Err(ParquetError::EOF("a column ends before the rows do".to_owned()));
        }
        read += more;
    }
    let present = levels.iter().filter(|&&level| level > 0).count();
    if values.len() != if optional { present } else { count } {
        return Err(ParquetError::General("a column has other values than it says".to_owned()));
    }
    let mut values = values.into_iter().map(scalar);
    if !optional {
        return Ok(Batch(values.map(Some).collect()));
    }
    Ok(Batch(levels.into_iter().map(|level| if level > 0 { values.next() } else { None }).collect()))
}

/// Pages that are packed with zstd.
struct ZstdPages<R: ChunkReader> {
    pages: SerializedPageReader<R>,
    whole: u64,
}

impl<R: ChunkReader> ZstdPages<R> {
    fn unpack(&self, mut page: Page) -> Result<Page> {
        let (buffer, plain) = match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => (buf, 0),
            Page::DataPageV2 { is_compressed: false, .. } => return Ok(page),
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                (buf, *def_levels_byte_len as usize + *rep_levels_byte_len as usize)
            }
        };
        let Some((levels, packed)) = buffer.split_at_checked(plain) else {
            return Err(ParquetError::EOF("a page is shorter than it says".to_owned()));
        };
        let mut unpacked = levels.to_vec();
        Zstd::new(packed).take(self.whole.saturating_add(1)).read_to_end(&mut unpacked)?;
        if unpacked.len() as u64 > self.whole {
            let message =
                told_by("--max-document", self.whole, "has a page that must be held whole and is larger than this");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message).into());
        }
        *buffer = unpacked.into();
        Ok(page)
    }
}

impl<R: ChunkReader> Iterator for ZstdPages<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<R: ChunkReader> PageReader for ZstdPages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        page.map(|page| self.unpack(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}
