//! What stands in the columns of a Parquet file, as cells of a CSV table.

use super::Wrong;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, Int96};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};
use std::fmt::Write as _;
use std::io::Write as _;

/// A column.
pub(super) struct Column {
    pub name: String,
    pub meaning: Meaning,
}

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A number, a text, yes or no: what it is.
    Plain,
    /// A whole number that is never negative, of so many bits.
    Unsigned(u32),
    /// A whole number and how many digits of it stand behind the point.
    Decimal(usize),
    /// Days since the beginning of 1970.
    Day,
    /// Parts of a second since the beginning of 1970, so many to a second.
    Moment(i64),
    /// Parts of a second since midnight, so many to a second.
    Time(i64),
    /// A number in two bytes.
    Half,
    /// An identifier of 16 bytes.
    Uuid,
}

/// A value.
pub(super) enum Scalar {
    Flag(bool),
    Whole(i64),
    Single(f32),
    Double(f64),
    Bytes(ByteArray),
    Moment(Int96),
}

/// Digits of the longest decimal number that is read.
const DIGITS: i32 = 38;

/// The columns of a file, in their order.
pub(super) fn columns(schema: &SchemaDescriptor) -> Result<Vec<Column>, Wrong> {
    if schema.num_columns() == 0 {
        return Err("is a Parquet file without columns: there is nothing to read".to_owned());
    }
    let places = 0..schema.num_columns();
    places.map(|place| column(schema.get_column_root(place).name(), &schema.column(place))).collect()
}

fn column(name: &str, described: &ColumnDescriptor) -> Result<Column, Wrong> {
    if described.max_rep_level() > 0 || described.path().parts().len() > 1 {
        return Err(format!(
            "has lists, maps or structures in the column {name:?}; only single values are read: write it with one value a \
             cell, or without this column"
        ));
    }
    let meaning = meaning(described).ok_or_else(|| {
        let kind = match described.logical_type_ref() {
            Some(logical) => format!("{logical:?}"),
            None => format!("{} {}", described.physical_type(), described.converted_type()),
        };
        format!(
            "has values that are not read in the column {name:?} ({kind}): write them as text, or without this column"
        )
    })?;
    Ok(Column { name: name.to_owned(), meaning })
}

fn meaning(column: &ColumnDescriptor) -> Option<Meaning> {
    match column.logical_type_ref() {
        Some(logical) => stated(logical, column.physical_type()),
        None => converted(column),
    }
}

fn stated(logical: &LogicalType, physical: Physical) -> Option<Meaning> {
    Some(match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Unknown => Meaning::Plain,
        LogicalType::Decimal(decimal) => decimals(decimal.scale, decimal.precision)?,
        LogicalType::Date => Meaning::Day,
        LogicalType::Time(time) => Meaning::Time(to_a_second(&time.unit)),
        LogicalType::Timestamp(time) => Meaning::Moment(to_a_second(&time.unit)),
        LogicalType::Integer(int) if int.is_signed => Meaning::Plain,
        LogicalType::Integer(_) if physical == Physical::INT32 => Meaning::Unsigned(32),
        LogicalType::Integer(_) => Meaning::Unsigned(64),
        LogicalType::Uuid => Meaning::Uuid,
        LogicalType::Float16 => Meaning::Half,
        _ => return None,
    })
}

/// What older writers state.
fn converted(column: &ColumnDescriptor) -> Option<Meaning> {
    Some(match column.converted_type() {
        ConvertedType::DECIMAL => decimals(column.type_scale(), column.type_precision())?,
        ConvertedType::DATE => Meaning::Day,
        ConvertedType::TIME_MILLIS => Meaning::Time(1000),
        ConvertedType::TIME_MICROS => Meaning::Time(1_000_000),
        ConvertedType::TIMESTAMP_MILLIS => Meaning::Moment(1000),
        ConvertedType::TIMESTAMP_MICROS => Meaning::Moment(1_000_000),
        ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 => Meaning::Unsigned(32),
        ConvertedType::UINT_64 => Meaning::Unsigned(64),
        ConvertedType::BSON | ConvertedType::INTERVAL => return None,
        _ if column.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY => return None,
        _ => Meaning::Plain,
    })
}

fn decimals(scale: i32, precision: i32) -> Option<Meaning> {
    let fits = (0..=DIGITS).contains(&precision) && (0..=precision).contains(&scale);
    fits.then(|| Meaning::Decimal(scale.unsigned_abs() as usize))
}

fn to_a_second(unit: &TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// Writes a value as a cell.
pub(super) fn put(meaning: Meaning, scalar: &Scalar, out: &mut Vec<u8>) {
    // Memory takes everything.
    let _ = match (meaning, scalar) {
        (Meaning::Unsigned(bits), Scalar::Whole(number)) => {
            write!(out, "{}", number.cast_unsigned() & (u64::MAX >> (64 - bits)))
        }
        (Meaning::Decimal(scale), Scalar::Whole(number)) => out.write_all(decimal((*number).into(), scale).as_bytes()),
        (Meaning::Decimal(scale), Scalar::Bytes(bytes)) => match big_endian(bytes.data()) {
            Some(number) => out.write_all(decimal(number, scale).as_bytes()),
            None => write!(out, "a number of {} bytes", bytes.len()),
        },
        (Meaning::Day, Scalar::Whole(days)) => out.write_all(day(*days).as_bytes()),
        (Meaning::Moment(parts), Scalar::Whole(number)) => {
            let a_day = parts * 86_400;
            let text = moment(number.div_euclid(a_day), nanos(number.rem_euclid(a_day), parts));
            out.write_all(text.as_bytes())
        }
        (_, Scalar::Moment(moment_of)) => out.write_all(julian(moment_of).as_bytes()),
        (Meaning::Time(parts), Scalar::Whole(number)) => out.write_all(time(nanos(*number, parts)).as_bytes()),
        (Meaning::Half, Scalar::Bytes(bytes)) => write!(out, "{}", half(bytes.data())),
        (Meaning::Uuid, Scalar::Bytes(bytes)) => out.write_all(uuid(bytes.data()).as_bytes()),
        (_, Scalar::Flag(flag)) => write!(out, "{flag}"),
        (_, Scalar::Whole(number)) => write!(out, "{number}"),
        (_, Scalar::Single(number)) => write!(out, "{number}"),
        (_, Scalar::Double(number)) => write!(out, "{number}"),
        (_, Scalar::Bytes(bytes)) => {
            quote(bytes.data(), out);
            Ok(())
        }
    };
}

/// Writes a text as a cell.
pub(super) fn quote(text: &[u8], out: &mut Vec<u8>) {
    if !text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r' | b';' | b'\t')) {
        out.extend(text);
        return;
    }
    out.push(b'"');
    let mut parts = text.split(|&byte| byte == b'"');
    out.extend(parts.next().unwrap_or_default());
    for part in parts {
        out.extend(b"\"\"");
        out.extend(part);
    }
    out.push(b'"');
}

/// A decimal number with all its digits.
fn decimal(number: i128, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// The number that bytes make, the highest first.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let fill = if bytes.first().is_some_and(|&first| first >= 0x80) { 0xff } else { 0 };
    let mut whole = [fill; 16];
    whole.get_mut(16usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
}

/// The day so many days after the beginning of 1970; what lies outside of the calendar is no date for whoever reads it.
fn day(since_1970: i64) -> String {
    let days = jiff::Span::new().try_days(since_1970);
    match days.and_then(|days| jiff::civil::date(1970, 1, 1).checked_add(days)) {
        Ok(day) => day.to_string(),
        Err(_) => format!("{since_1970} days after 1970-01-01"),
    }
}

fn nanos(parts: i64, to_a_second: i64) -> i64 {
    parts.saturating_mul(1_000_000_000 / to_a_second)
}

/// A day, with the time where it is not midnight.
fn moment(days: i64, nanos: i64) -> String {
    if nanos == 0 { day(days) } else { format!("{}T{}", day(days), time(nanos)) }
}

fn time(nanos: i64) -> String {
    let (seconds, part) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if part > 0 {
        let digits = format!("{part:09}");
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
    text
}

/// The moment as Spark and Impala wrote it: nanoseconds of a day, and its number in the Julian period.
fn julian(moment_of: &Int96) -> String {
    let &[low, high, day] = moment_of.data() else { return String::new() };
    let nanos = i64::from(high) << 32 | i64::from(low);
    moment(i64::from(day) - 2_440_588, nanos)
}

/// A number of 16 bits, the lowest first.
fn half(bytes: &[u8]) -> f32 {
    let &[low, high] = bytes else { return f32::NAN };
    let bits = u16::from_le_bytes([low, high]);
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff) / 1024.0);
    let size = match exponent {
        0 => fraction * 2f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction) * 2f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(meaning: Meaning, scalar: Scalar) -> String {
        let mut out = Vec::new();
        put(meaning, &scalar, &mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn days_and_moments_are_those_of_the_calendar() {
        let days = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (18_753, "2021-05-06"),
            (11_016, "2000-02-29"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ];
        for (days, expected) in days {
            assert_eq!(text(Meaning::Day, Scalar::Whole(days)), expected);
            assert_eq!(text(Meaning::Moment(1000), Scalar::Whole(days * 86_400_000)), expected);
        }
        assert_eq!(text(Meaning::Moment(1000), Scalar::Whole(-1)), "1969-12-31T23:59:59.999");
        assert_eq!(text(Meaning::Moment(1_000_000_000), Scalar::Whole(1_000_000_001)), "1970-01-01T00:00:01.000000001");
        assert_eq!(text(Meaning::Time(1_000_000), Scalar::Whole(3_723_500_000)), "01:02:03.5");
        let mut old = Int96::new();
        old.set_data(0, 0, 2_440_588 + 18_753);
        assert_eq!(text(Meaning::Plain, Scalar::Moment(old)), "2021-05-06");
        for extreme in [i64::MIN, i64::MAX] {
            for meaning in [Meaning::Day, Meaning::Moment(1000), Meaning::Time(1000), Meaning::Decimal(38)] {
                assert!(!text(meaning, Scalar::Whole(extreme)).is_empty());
            }
        }
    }

    #[test]
    fn numbers_keep_every_digit() {
        let bytes = |bytes: &[u8]| Scalar::Bytes(bytes.to_vec().into());
        for (meaning, scalar, expected) in [
            (Meaning::Decimal(2), Scalar::Whole(-5), "-0.05"),
            (Meaning::Decimal(2), Scalar::Whole(6000), "60.00"),
            (Meaning::Decimal(0), Scalar::Whole(7), "7"),
            (Meaning::Decimal(3), bytes(&[0xff, 0x38]), "-0.200"),
            (Meaning::Decimal(1), bytes(&[0; 17]), "a number of 17 bytes"),
            (Meaning::Unsigned(32), Scalar::Whole(-1), "4294967295"),
            (Meaning::Unsigned(64), Scalar::Whole(-1), "18446744073709551615"),
            (Meaning::Plain, Scalar::Single(33.3), "33.3"),
            (Meaning::Plain, Scalar::Double(0.1 + 0.2), "0.30000000000000004"),
            (Meaning::Half, bytes(&[0x00, 0xc1]), "-2.5"),
            (Meaning::Half, bytes(&[0x01, 0x00]), "0.000000059604645"),
            (Meaning::Uuid, bytes(&[0x1f; 16]), "1f1f1f1f-1f1f-1f1f-1f1f-1f1f1f1f1f1f"),
            (Meaning::Plain, bytes(b"a \"b\", c"), "\"a \"\"b\"\", c\""),
            (Meaning::Plain, Scalar::Flag(true), "true"),
        ] {
            assert_eq!(text(meaning, scalar), expected);
        }
    }
}
