//! Large arrays that are read and written here and there, on large pages where the system has them: far fewer of its tables
//! stand between an address and its memory.

use arrow_buffer::{Buffer, MutableBuffer};
use bytes::Bytes;
use memmap2::MmapMut;

/// From so many bytes on large pages are asked for.
const LARGE: usize = 4 << 20;

/// Bytes in values of a fixed width, all zero at first.
#[derive(Debug)]
pub(super) struct Zeroed(Memory);

#[derive(Debug)]
enum Memory {
    Heap(MutableBuffer),
    Pages(MmapMut),
}

impl Zeroed {
    pub(super) fn of(bytes: usize) -> Self {
        let pages = if bytes < LARGE { None } else { MmapMut::map_anon(bytes).ok() };
        let Some(pages) = pages else { return Self(Memory::Heap(MutableBuffer::from_len_zeroed(bytes))) };
        // Without large pages everything is the same, only slower.
        #[cfg(target_os = "linux")]
        let _ = pages.advise(memmap2::Advice::HugePage);
        Self(Memory::Pages(pages))
    }

    /// All values, each as its bytes.
    pub(super) fn values<const N: usize>(&self) -> &[[u8; N]] {
        let bytes: &[u8] = match &self.0 {
            Memory::Heap(bytes) => bytes,
            Memory::Pages(bytes) => bytes,
        };
        bytes.as_chunks().0
    }

    /// All values, to be changed.
    pub(super) fn values_mut<const N: usize>(&mut self) -> &mut [[u8; N]] {
        let bytes: &mut [u8] = match &mut self.0 {
            Memory::Heap(bytes) => bytes,
            Memory::Pages(bytes) => bytes,
        };
        bytes.as_chunks_mut().0
    }

    /// The same bytes, which change no more.
    pub(super) fn finish(self) -> Buffer {
        match self.0 {
            Memory::Heap(bytes) => bytes.into(),
            Memory::Pages(bytes) => Bytes::from_owner(bytes).into(),
        }
    }
}

impl Default for Zeroed {
    fn default() -> Self {
        Self::of(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_buffer::ScalarBuffer;

    #[test]
    fn few_and_many_values_are_kept() {
        for count in [0, 5, LARGE / 4 + 3] {
            let mut zeroed = Zeroed::of(count * 4);
            assert_eq!(zeroed.values::<4>().len(), count);
            if let Some(last) = zeroed.values_mut().last_mut() {
                assert_eq!(*last, [0; 4]);
                *last = 7u32.to_ne_bytes();
            }
            let values = ScalarBuffer::<u32>::from(zeroed.finish());
            assert_eq!((values.len(), values.last().copied()), (count, (count > 0).then_some(7)));
        }
    }
}
