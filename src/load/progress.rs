//! How far reading has come.

use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicU64, Ordering};

/// How far reading has come, for another thread to look at.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    records: AtomicU64,
    rejected: AtomicU64,
}

impl Progress {
    /// Bytes that were read, unpacked.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Records that were read, some hundreds late; exact when an input has ended, however it did.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// Records that could not be read.
    pub fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }

    pub(super) fn accept(&self, records: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    pub(super) fn reject(&self) {
        self.rejected.fetch_add(1, Ordering::Relaxed);
    }
}

/// A reader that tells how far it has come.
pub(super) struct Metered<'r> {
    pub inner: &'r mut (dyn BufRead + Send),
    pub progress: &'r Progress,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.progress.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.progress.bytes.fetch_add(count as u64, Ordering::Relaxed);
        self.inner.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Loader;
    use std::sync::Arc;

    /// Records are told many at once, and the last ones however the input ends.
    #[test]
    fn all_records_are_told_when_an_input_ends_well_or_not() {
        let entity = |id: &str| format!(r#"{{"id":"{id}","name":"E","kind":"company"}}"#);
        let entities: Vec<String> = (0..300).map(|number| entity(&format!("e{number}"))).collect();
        for (last, records) in [("e300", Some(301)), ("e0", None)] {
            let document = format!(r#"{{"cuibono":1,"entities":[{},{}]}}"#, entities.join(","), entity(last));
            let progress = Arc::new(Progress::default());
            let mut loader = Loader::new().progress(Arc::clone(&progress));
            let read = loader.read_text("n.json", &document);
            assert_eq!(read.is_ok(), records.is_some(), "{last}");
            assert_eq!(progress.records(), records.unwrap_or(300), "{last}");
        }
    }
}
