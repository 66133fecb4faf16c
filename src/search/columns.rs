//! Columns: flat arrays of numbers that somebody owns or that lie in a mapped file, told apart by nobody who reads them.

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};

/// One array, with the width of its numbers.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// Bytes: text, small codes.
    U8(ScalarBuffer<u8>),
    /// Packed codes.
    U16(ScalarBuffer<u16>),
    /// Numbers of things, and offsets below 4 Gi.
    U32(ScalarBuffer<u32>),
    /// Fingerprints, packed numbers, offsets without bound.
    U64(ScalarBuffer<u64>),
}

/// Gives the column of a name, where there is one.
pub(crate) type Get<'g> = &'g mut dyn FnMut(&'static str) -> Option<Column>;

/// The width of the numbers of a [`Column`], as it is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// One byte.
    U8 = 1,
    /// Two bytes.
    U16 = 2,
    /// Four bytes.
    U32 = 4,
    /// Eight bytes.
    U64 = 8,
}

impl Width {
    /// The width that is written as this number of bytes.
    pub(crate) fn of_bytes(bytes: u8) -> Option<Self> {
        match bytes {
            1 => Some(Self::U8),
            2 => Some(Self::U16),
            4 => Some(Self::U32),
            8 => Some(Self::U64),
            _ => None,
        }
    }
}

impl Column {
    /// What lies in `buffer`, not copied. `None` where it does not start at a multiple of the width, or ends within a number.
    pub(crate) fn mapped(buffer: Buffer, width: Width) -> Option<Self> {
        let bytes = width as usize;
        if !buffer.len().is_multiple_of(bytes) || buffer.as_ptr().align_offset(bytes) != 0 {
            return None;
        }
        Some(match width {
            Width::U8 => Self::U8(buffer.into()),
            Width::U16 => Self::U16(buffer.into()),
            Width::U32 => Self::U32(buffer.into()),
            Width::U64 => Self::U64(buffer.into()),
        })
    }

    pub(crate) fn width(&self) -> Width {
        match self {
            Self::U8(_) => Width::U8,
            Self::U16(_) => Width::U16,
            Self::U32(_) => Width::U32,
            Self::U64(_) => Width::U64,
        }
    }

    /// The numbers as they lie in memory.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::U8(numbers) => numbers.inner(),
            Self::U16(numbers) => numbers.inner(),
            Self::U32(numbers) => numbers.inner(),
            Self::U64(numbers) => numbers.inner(),
        }
    }

    /// The numbers, if they are of this width.
    pub(crate) fn get<T: Number>(&self) -> Option<ScalarBuffer<T>> {
        T::of(self).cloned()
    }
}

/// A number that a column is made of.
pub(crate) trait Number: ArrowNativeType {
    fn of(column: &Column) -> Option<&ScalarBuffer<Self>>;
    fn column(numbers: ScalarBuffer<Self>) -> Column;
}

macro_rules! number {
    ($type:ty, $variant:ident) => {
        impl Number for $type {
            fn of(column: &Column) -> Option<&ScalarBuffer<Self>> {
                match column {
                    Column::$variant(numbers) => Some(numbers),
                    _ => None,
                }
            }

            fn column(numbers: ScalarBuffer<Self>) -> Column {
                Column::$variant(numbers)
            }
        }
    };
}

number!(u8, U8);
number!(u16, U16);
number!(u32, U32);
number!(u64, U64);

impl<T: Number> From<&ScalarBuffer<T>> for Column {
    fn from(numbers: &ScalarBuffer<T>) -> Self {
        T::column(numbers.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_what_its_bytes_are() {
        let numbers = ScalarBuffer::from(vec![1u32, 2, 0xffff_ffff]);
        let column = Column::from(&numbers);
        assert_eq!((column.width(), column.bytes().len()), (Width::U32, 12));
        let read =
            Column::mapped(Buffer::from_vec(numbers.to_vec()), Width::U32).and_then(|column| column.get::<u32>());
        assert_eq!(read.as_deref(), Some(&numbers[..]));
        assert!(column.get::<u16>().is_none() && column.get::<u64>().is_none());
        assert_eq!(numbers.as_ptr(), column.bytes().as_ptr().cast(), "nothing is copied");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let buffer = Buffer::from_vec(vec![0u64; 4]);
        assert!(Column::mapped(buffer.slice(4), Width::U64).is_none());
        assert!(Column::mapped(buffer.slice(4), Width::U32).is_some());
        assert!(Column::mapped(buffer.slice_with_length(0, 7), Width::U16).is_none());
        assert!(Column::mapped(buffer.slice(1), Width::U8).is_some());
        for width in [Width::U8, Width::U16, Width::U32, Width::U64] {
            assert_eq!(Width::of_bytes(width as u8), Some(width));
        }
        assert_eq!(Width::of_bytes(3), None);
    }
}
