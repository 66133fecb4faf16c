//! Parquet: `entities.parquet`, `interests.parquet`, `sources.parquet` and `jurisdictions.parquet`, with types.
//!
//! A date is two columns: the text as it is stated, which may be a year, and under the name with `_day` a `DATE` where a
//! whole day is stated. Rows are written in groups, so that memory does not grow with the table; equal data give equal
//! bytes.

use super::columns::{Entities, Interests, Jurisdictions, Kind, Sources, Table, Value};
use super::files::{Files, failed};
use super::losses::Losses;
use super::records::Records;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::View;
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// Rows of one group.
const GROUP: usize = 100_000;

/// Writes what the view shows.
///
/// # Errors
///
/// If a file cannot be made or written to.
pub fn write(view: View<'_>, files: &mut dyn Files, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    table::<Entities>(files, records.entities())?;
    table::<Interests>(files, records.interests())?;
    table::<Sources>(files, records.sources())?;
    table::<Jurisdictions>(files, records.jurisdictions())
}

fn table<'g, T: Table>(files: &mut dyn Files, rows: impl Iterator<Item = T::Row<'g>>) -> Result<()> {
    let out = files.create(&format!("{}.parquet", T::NAME))?;
    rows_to::<T, _>(std::io::BufWriter::new(out), rows).map_err(|error| match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => failed(*error),
            Err(error) => Error::plain(ErrorKind::Io, format!("cannot write Parquet: {error}")),
        },
        error => Error::plain(ErrorKind::Io, format!("cannot write Parquet: {error}")),
    })
}

fn rows_to<'g, T: Table, W: Write + Send>(
    out: W,
    mut rows: impl Iterator<Item = T::Row<'g>>,
) -> Result<(), ParquetError> {
    let properties = WriterProperties::builder()
        .set_created_by("cuibono".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema::<T>()?), Arc::new(properties))?;
    loop {
        let group: Vec<T::Row<'g>> = rows.by_ref().take(GROUP).collect();
        if group.is_empty() {
            break;
        }
        write_group::<T, W>(writer.next_row_group()?, &group)?;
    }
    writer.close()?;
    Ok(())
}

fn schema<T: Table>() -> Result<Type, ParquetError> {
    let mut fields = Vec::new();
    for column in T::COLUMNS {
        let (physical, logical) = match column.kind {
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Count => (Physical::INT64, None),
            Kind::Flag => (Physical::BOOLEAN, None),
            Kind::Text | Kind::List | Kind::Date | Kind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        fields.push(field(column.name, physical, logical)?);
        if column.kind == Kind::Date {
            fields.push(field(&format!("{}_day", column.name), Physical::INT32, Some(LogicalType::Date))?);
        }
    }
    Type::group_type_builder(T::NAME).with_fields(fields).build()
}

fn field(name: &str, physical: Physical, logical: Option<LogicalType>) -> Result<Arc<Type>, ParquetError> {
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    builder.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
}

/// Writes the columns of one group, in the order of the schema.
fn write_group<'g, T: Table, W: Write + Send>(
    mut group: SerializedRowGroupWriter<'_, W>,
    rows: &[T::Row<'g>],
) -> Result<(), ParquetError> {
    for column in T::COLUMNS {
        let values = rows.iter().map(column.value);
        match column.kind {
            Kind::Number => write_column::<DoubleType, W>(&mut group, values.map(number))?,
            Kind::Count => write_column::<Int64Type, W>(&mut group, values.map(count))?,
            Kind::Flag => write_column::<BoolType, W>(&mut group, values.map(flag))?,
            Kind::Text | Kind::List | Kind::Date | Kind::Json => {
                write_column::<ByteArrayType, W>(&mut group, values.map(text))?;
            }
        }
        if column.kind == Kind::Date {
            write_column::<Int32Type, W>(&mut group, rows.iter().map(column.value).map(day))?;
        }
    }
    group.close().map(|_| ())
}

fn write_column<D: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Option<D::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema has".to_owned()));
    };
    column.typed::<D>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn number(value: Value<'_>) -> Option<f64> {
    if let Value::Number(number) = value { Some(number) } else { None }
}

fn count(value: Value<'_>) -> Option<i64> {
    if let Value::Count(count) = value { Some(count.into()) } else { None }
}

fn flag(value: Value<'_>) -> Option<bool> {
    if let Value::Flag(flag) = value { Some(flag) } else { None }
}

fn text(value: Value<'_>) -> Option<ByteArray> {
    value.plain().map(|text| text.into_owned().into_bytes().into())
}

fn day(value: Value<'_>) -> Option<i32> {
    let Value::Date(date) = value else { return None };
    date.whole_day().map(|day| day.since_1970())
}
