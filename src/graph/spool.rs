//! A column that grows, first in memory, then in a temporary file: a large input with little memory.

use crate::mapped::map_file;
use arrow_buffer::{ArrowNativeType, Buffer, MutableBuffer, ScalarBuffer, ToByteSlice};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Values that are added one after the other, read seldom and changed more seldom.
///
/// What goes wrong with the file is told when the column is [finished](Spool::finish): until then its values are zeros.
#[derive(Debug)]
pub(crate) struct Spool<T> {
    memory: Vec<T>,
    file: Option<File>,
    in_file: usize,
    failed: Mutex<Option<io::Error>>,
}

impl<T> Default for Spool<T> {
    fn default() -> Self {
        Self { memory: Vec::new(), file: None, in_file: 0, failed: Mutex::new(None) }
    }
}

impl<T: ArrowNativeType> Spool<T> {
    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.in_file + self.memory.len()
    }

    /// How many of them, the first ones, are in the file.
    pub(crate) fn in_file(&self) -> usize {
        self.in_file
    }

    /// The others, to be changed.
    pub(crate) fn in_memory_mut(&mut self) -> &mut [T] {
        &mut self.memory
    }

    /// Bytes that it holds in memory.
    pub(crate) fn bytes_in_memory(&self) -> usize {
        self.memory.len() * size_of::<T>()
    }

    /// Adds values.
    pub(crate) fn extend(&mut self, values: &[T]) {
        self.memory.extend_from_slice(values);
    }

    /// Adds rows of values.
    pub(crate) fn extend_rows<const N: usize>(&mut self, rows: impl ExactSizeIterator<Item = [T; N]>) {
        self.memory.reserve(rows.len() * N);
        rows.for_each(|row| self.memory.extend_from_slice(&row));
    }

    /// `count` values from `start` on, which must be there. Values that were added together are never read apart.
    pub(crate) fn read(&self, start: usize, count: usize) -> Cow<'_, [T]> {
        if start >= self.in_file {
            let start = start - self.in_file;
            return Cow::Borrowed(&self.memory[start..start + count]);
        }
        let mut bytes = MutableBuffer::from_len_zeroed(count * size_of::<T>());
        let read = self.at(start).and_then(|mut file| file.read_exact(&mut bytes));
        self.noted(read);
        Cow::Owned(ScalarBuffer::<T>::from(Buffer::from(bytes)).to_vec())
    }

    /// Puts values in the place of those from `start` on.
    pub(crate) fn write(&mut self, start: usize, values: &[T]) {
        if start >= self.in_file {
            let start = start - self.in_file;
            self.memory[start..start + values.len()].copy_from_slice(values);
        } else {
            let written = self.at(start).and_then(|mut file| file.write_all(values.to_byte_slice()));
            self.noted(written);
        }
    }

    /// Moves what is in memory into a temporary file, which has no name and goes away by itself.
    pub(crate) fn spill(&mut self, folder: &Path) {
        let spilled = self.try_spill(folder);
        self.noted(spilled);
    }

    fn try_spill(&mut self, folder: &Path) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(folder)?),
        };
        file.seek(SeekFrom::End(0))?;
        file.write_all(self.memory.to_byte_slice())?;
        self.in_file += self.memory.len();
        self.memory = Vec::new();
        Ok(())
    }

    /// All values in one piece: in memory, or mapped.
    pub(crate) fn finish(mut self) -> io::Result<ScalarBuffer<T>> {
        if let Some(mut file) = self.file.take() {
            file.seek(SeekFrom::End(0))?;
            file.write_all(self.memory.to_byte_slice())?;
            if let Some(error) = self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
                return Err(error);
            }
            return Ok(Buffer::from(map_file(&file)?).into());
        }
        match self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(self.memory.into()),
        }
    }

    fn at(&self, value: usize) -> io::Result<&File> {
        let mut file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start((value * size_of::<T>()) as u64))?;
        Ok(file)
    }

    /// Keeps the first error.
    fn noted(&self, result: io::Result<()>) {
        if let Err(error) = result {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_in_memory_and_in_a_file() {
        let folder = std::env::temp_dir();
        let (mut kept, mut spilled) = (Spool::default(), Spool::default());
        for round in 0..40u32 {
            for spool in [&mut kept, &mut spilled] {
                spool.extend(&[round, round * 2, round * 3]);
                if round % 9 == 8 {
                    spool.write((round as usize - 5) * 3, &[7, 8, 9]);
                    spool.write(round as usize * 3, &[1, 2, 3]);
                }
            }
            if round % 7 == 6 {
                spilled.spill(&folder);
                assert_eq!(spilled.bytes_in_memory(), 0);
            }
            for at in 0..=round as usize {
                assert_eq!(kept.read(at * 3, 3), spilled.read(at * 3, 3), "{round} {at}");
            }
        }
        assert_eq!((kept.len(), spilled.len()), (120, 120));
        let values = |spool: Spool<u32>| spool.finish().map(|values| values.to_vec()).unwrap_or_default();
        let kept = values(kept);
        assert_eq!(kept.len(), 120);
        assert_eq!(kept, values(spilled));
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_in_the_end() {
        let mut spool = Spool::<u8>::default();
        spool.extend(b"abc");
        spool.spill(Path::new("/nowhere/at/all"));
        spool.extend(b"def");
        assert_eq!(&*spool.read(0, 6), b"abcdef");
        assert!(spool.finish().is_err());
    }
}
