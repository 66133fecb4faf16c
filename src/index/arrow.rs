//! Tables as Arrow IPC files: written by the library, read by its description of the format without looking at a row.

use crate::columnar::{Column, Table, Tables};
use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, LargeListArray, LargeStringArray, ListArray, OffsetSizeTrait, RecordBatch,
    UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_buffer::{ArrowNativeType, Buffer, OffsetBuffer, ScalarBuffer};
use arrow_ipc::writer::FileWriter;
use arrow_ipc::{Footer, RecordBatch as Batch, Type, root_as_footer, root_as_message};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bytes::Bytes;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

/// Writes a table.
pub(super) fn write(table: &Table, out: impl Write) -> Result<(), ArrowError> {
    let array = |column| if table.one_row { list(array(column)?) } else { array(column) };
    let arrays = table.columns.iter().map(|(_, column)| array(column)).collect::<Result<Vec<_>, _>>()?;
    let fields = table.columns.iter().zip(&arrays).map(|((name, _), array)| field(name, array.data_type().clone()));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut writer = FileWriter::try_new(out, &schema)?;
    writer.write(&RecordBatch::try_new(schema, arrays)?)?;
    writer.finish()
}

fn field(name: &str, kind: DataType) -> Field {
    Field::new(name, kind, false)
}

/// Values as the one list of one row.
fn list(values: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let item = Arc::new(field("item", values.data_type().clone()));
    let offsets = OffsetBuffer::from_lengths([values.len()]);
    Ok(Arc::new(LargeListArray::try_new(item, offsets, values, None)?))
}

/// Offsets that a damaged file cannot make the library panic with.
fn offsets<T: OffsetSizeTrait + Default>(offsets: &ScalarBuffer<T>) -> Result<OffsetBuffer<T>, ArrowError> {
    let sound = offsets.first().is_some_and(|first| *first >= T::default()) && offsets.is_sorted();
    let unsound = || ArrowError::InvalidArgumentError("the offsets of a column are out of order".to_owned());
    sound.then(|| OffsetBuffer::new(offsets.clone())).ok_or_else(unsound)
}

fn array(column: &Column) -> Result<ArrayRef, ArrowError> {
    let words = |words: &ScalarBuffer<u32>| Arc::new(UInt32Array::new(words.clone(), None));
    let item = || Arc::new(field("item", DataType::UInt32));
    Ok(match column {
        Column::U8(values) => Arc::new(UInt8Array::new(values.clone(), None)),
        Column::U16(values) => Arc::new(UInt16Array::new(values.clone(), None)),
        Column::U32(values) => words(values),
        Column::U64(values) => Arc::new(UInt64Array::new(values.clone(), None)),
        Column::Text { offsets: starts, bytes } => {
            Arc::new(LargeStringArray::try_new(offsets(starts)?, bytes.inner().clone(), None)?)
        }
        Column::Lists { offsets: starts, items } => {
            if i32::try_from(items.len()).is_err() {
                let message = "a list of Arrow holds at most 2,147,483,647 interests";
                return Err(ArrowError::InvalidArgumentError(message.to_owned()));
            }
            let starts = ScalarBuffer::<i32>::from(starts.inner().clone());
            Arc::new(ListArray::try_new(item(), offsets(&starts)?, words(items), None)?)
        }
        Column::Rows { width, words: rows } => {
            let width = i32::try_from(*width).map_err(|error| ArrowError::InvalidArgumentError(error.to_string()))?;
            Arc::new(FixedSizeListArray::try_new(item(), width, words(rows), None)?)
        }
    })
}

const MAGIC: &[u8] = b"ARROW1";

/// The parts of a file that are no column: the message of the batch and what follows its body.
struct Heads {
    message: Range<usize>,
    body: Range<usize>,
    footer: Range<usize>,
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(i32::from_le_bytes(four)).ok()
}

fn footer(file: &[u8]) -> Option<(Range<usize>, Footer<'_>)> {
    let end = file.len().checked_sub(MAGIC.len() + 4).filter(|&end| file[end + 4..] == *MAGIC)?;
    let start = end.checked_sub(number(file, end)?)?;
    Some((start..end, root_as_footer(&file[start..end]).ok()?))
}

/// Where the one batch of a file stands.
fn heads(file: &[u8]) -> Option<Heads> {
    let (footer_range, footer) = footer(file)?;
    let batches = footer.recordBatches()?;
    let block = (batches.len() == 1).then(|| batches.get(0))?;
    let start = usize::try_from(block.offset()).ok()?;
    let body = start.checked_add(usize::try_from(block.metaDataLength()).ok()?)?;
    let end = body.checked_add(usize::try_from(block.bodyLength()).ok()?)?;
    let sound = start.checked_add(8)? <= body && end <= footer_range.start;
    sound.then(|| Heads { message: start + 8..body, body: body..end, footer: footer_range })
}

/// The checksum of everything in a file that is no column.
pub(super) fn head_crc32(file: &[u8]) -> Option<u32> {
    let body = heads(file)?.body;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&file[..body.start]);
    hasher.update(&file[body.end..]);
    Some(hasher.finalize())
}

/// Adds the columns of a file to `tables` under a table's name; nothing is copied. `None` for what is no such file.
pub(super) fn read(file: &Bytes, name: &str, tables: &mut Tables) -> Option<()> {
    let heads = heads(file)?;
    let footer = root_as_footer(&file[heads.footer]).ok()?;
    let message = root_as_message(&file[heads.message]).ok()?;
    let batch = message.header_as_record_batch().filter(|batch| batch.compression().is_none())?;
    let mut buffers = Buffers { file, body: heads.body, batch, next: 0 };
    let rows = usize::try_from(batch.length()).ok()?;
    for field in footer.schema()?.fields()? {
        let column = match field.type_type() {
            Type::LargeList => whole(&field, &mut buffers).filter(|_| rows == 1)?,
            _ => column(&field, &mut buffers).filter(|column| column.len() == rows)?,
        };
        tables.insert(name, field.name()?, column);
    }
    Some(())
}

/// The one list of one row.
fn whole(field: &arrow_ipc::Field<'_>, buffers: &mut Buffers<'_>) -> Option<Column> {
    let values = field.children().filter(|children| children.len() == 1)?.get(0);
    buffers.skip();
    let offsets = buffers.values::<i64>()?;
    let column = column(&values, buffers)?;
    let ends = [0, i64::try_from(column.len()).ok()?];
    (offsets[..] == ends).then_some(column)
}

fn column(field: &arrow_ipc::Field<'_>, buffers: &mut Buffers<'_>) -> Option<Column> {
    let is_word = |field: &arrow_ipc::Field<'_>| field.type_as_int().is_some_and(|int| int.bitWidth() == 32);
    let has_words = || field.children().is_some_and(|children| children.len() == 1 && is_word(&children.get(0)));
    Some(match field.type_type() {
        Type::Int => {
            let width = field.type_as_int().filter(|int| !int.is_signed())?.bitWidth();
            buffers.skip();
            match width {
                8 => Column::U8(buffers.values()?),
                16 => Column::U16(buffers.values()?),
                32 => Column::U32(buffers.values()?),
                64 => Column::U64(buffers.values()?),
                _ => return None,
            }
        }
        Type::LargeUtf8 => {
            buffers.skip();
            Column::Text { offsets: buffers.values()?, bytes: buffers.values()? }
        }
        Type::List if has_words() => {
            buffers.skip();
            let offsets = buffers.values()?;
            buffers.skip();
            Column::Lists { offsets, items: buffers.values()? }
        }
        Type::FixedSizeList if has_words() => {
            let width = usize::try_from(field.type_as_fixed_size_list()?.listSize()).ok()?;
            buffers.skip();
            buffers.skip();
            Column::Rows { width, words: buffers.values()? }
        }
        _ => return None,
    })
}

/// The buffers of a batch in their order.
struct Buffers<'f> {
    file: &'f Bytes,
    body: Range<usize>,
    batch: Batch<'f>,
    next: usize,
}

impl Buffers<'_> {
    /// Passes over a buffer that says which values are null: none are.
    fn skip(&mut self) {
        self.next += 1;
    }

    fn values<T: ArrowNativeType>(&mut self) -> Option<ScalarBuffer<T>> {
        let all = self.batch.buffers()?;
        let place = (self.next < all.len()).then(|| all.get(self.next))?;
        self.next += 1;
        let start = self.body.start.checked_add(usize::try_from(place.offset()).ok()?)?;
        let end = start.checked_add(usize::try_from(place.length()).ok()?).filter(|&end| end <= self.body.end)?;
        if start == end {
            return Some(ScalarBuffer::default());
        }
        let bytes = self.file.slice(start..end);
        let width = size_of::<T>();
        let aligned = bytes.as_ptr().align_offset(align_of::<T>()) == 0 && bytes.len().is_multiple_of(width);
        let buffer = aligned.then(|| Buffer::from(bytes))?;
        Some(ScalarBuffer::from(buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let text = Column::Text { offsets: vec![0, 2, 2].into(), bytes: b"ab".to_vec().into() };
        let columns = [
            ("small", Column::U8(vec![1, 2].into())),
            ("medium", Column::U16(vec![3, 4].into())),
            ("long", Column::U64(vec![5, u64::MAX].into())),
            ("text", text),
            ("lists", Column::Lists { offsets: vec![0, 0, 3].into(), items: vec![7, 8, 9].into() }),
            ("rows", Column::Rows { width: 2, words: vec![1, 2, 3, 4].into() }),
            ("nothing", Column::U32(ScalarBuffer::default())),
        ];
        Table::new("t", columns)
    }

    #[test]
    fn a_table_comes_back_from_its_file() {
        let mut file = Vec::new();
        assert!(write(&table(), &mut file).is_ok());
        assert!(head_crc32(&file).is_some());
        let mut tables = Tables::default();
        assert!(read(&Bytes::from(file), "t", &mut tables).is_some());
        assert_eq!(tables.u8(("t", "small")).as_deref(), Ok(&[1, 2][..]));
        assert_eq!(tables.u16(("t", "medium")).as_deref(), Ok(&[3, 4][..]));
        assert_eq!(tables.u64(("t", "long")).as_deref(), Ok(&[5, u64::MAX][..]));
        let (offsets, bytes) = tables.text(("t", "text")).unwrap_or_default();
        assert_eq!((&offsets[..], &bytes[..]), (&[0, 2, 2][..], &b"ab"[..]));
        let (offsets, items) = tables.lists(("t", "lists")).unwrap_or_default();
        assert_eq!((&offsets[..], &items[..]), (&[0, 0, 3][..], &[7, 8, 9][..]));
        assert_eq!(tables.rows(("t", "rows"), 2).as_deref(), Ok(&[1, 2, 3, 4][..]));
        assert!(tables.all_of("t").is_empty());
    }

    #[test]
    fn lists_of_any_lengths_come_back_from_one_row() {
        let columns =
            [Column::U8(vec![7; 300].into()), Column::U64(vec![5].into()), Column::U32(ScalarBuffer::default())];
        let mut file = Vec::new();
        let table = Table::of_lists("t", ["a", "b", "c"].into_iter().zip(columns).collect());
        assert!(write(&table, &mut file).is_ok());
        let mut tables = Tables::default();
        assert!(read(&Bytes::from(file), "t", &mut tables).is_some());
        let columns = tables.all_of("t");
        let lengths = ["a", "b", "c"].map(|name| columns.get(name).map(Column::len));
        assert_eq!(lengths, [Some(300), Some(1), Some(0)]);
        assert!(matches!(columns.get("b"), Some(Column::U64(values)) if values[..] == [5]));
    }

    #[test]
    fn offsets_out_of_order_are_an_error_and_no_panic() {
        for offsets in [vec![0i64, 2, 1], vec![-1, 0, 2], vec![0, 1, 9]] {
            let text = Column::Text { offsets: offsets.into(), bytes: b"ab".to_vec().into() };
            assert!(write(&Table::new("t", [("text", text)]), Vec::new()).is_err());
        }
        let lists = Column::Lists { offsets: vec![0, 3, 1].into(), items: vec![7].into() };
        assert!(write(&Table::new("t", [("lists", lists)]), Vec::new()).is_err());
    }

    #[test]
    fn a_file_cut_off_anywhere_is_none() {
        let mut file = Vec::new();
        assert!(write(&table(), &mut file).is_ok());
        for end in 0..file.len() {
            let cut = Bytes::copy_from_slice(&file[..end]);
            assert!(read(&cut, "t", &mut Tables::default()).is_none(), "cut at {end}");
        }
    }
}
