//! Rows found by a text that any number of them may share: one sorted column, the same in memory and in a file.
//!
//! [`Table`](super::table::Table) is for texts that each stand once; there, many rows under one text would be one long
//! way to a free slot.

use arrow_buffer::ScalarBuffer;
use twox_hash::XxHash3_64;

/// The upper half of a text's hash above the row that it leads to, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByHash(pub(super) ScalarBuffer<u64>);

impl ByHash {
    /// Every row that may have a text, in order; the caller compares.
    pub(super) fn rows(&self, text: &str) -> impl Iterator<Item = u32> + use<'_> {
        let hash = hash(text);
        let start = self.0.partition_point(|entry| entry >> 32 < hash);
        self.0[start..].iter().take_while(move |&entry| entry >> 32 == hash).map(|&entry| entry as u32)
    }
}

impl FromIterator<Entry> for ByHash {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut entries: Vec<u64> = entries.into_iter().map(|entry| entry.0).collect();
        entries.sort_unstable();
        entries.dedup();
        entries.shrink_to_fit();
        Self(entries.into())
    }
}

/// A row under a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry(u64);

impl Entry {
    pub(super) fn new(text: &str, row: u32) -> Self {
        Self(hash(text) << 32 | u64::from(row))
    }
}

/// Part of the form of the index.
fn hash(text: &str) -> u64 {
    XxHash3_64::oneshot(text.as_bytes()) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_leads_to_all_its_rows_in_order() {
        let texts = (0..5000).map(|row| Entry::new(&format!("number {}", row % 1000), row));
        let filed: ByHash = texts.chain([Entry::new("number 7", 4007)]).collect();
        assert_eq!(filed.0.len(), 5000, "a row stands under a text once");
        for text in 0..1000 {
            let rows: Vec<u32> = filed.rows(&format!("number {text}")).filter(|row| row % 1000 == text).collect();
            assert_eq!(rows, [text, text + 1000, text + 2000, text + 3000, text + 4000]);
        }
        assert_eq!(filed.rows("number 1000").count(), 0);
        assert_eq!(ByHash::default().rows("number 7").count(), 0);
    }

    #[test]
    fn the_hash_is_that_of_the_form_of_the_index() {
        // XXH3-64 of nothing with the seed 0 is 2d06800538d394c2, as its authors state.
        let filed: ByHash = [Entry::new("", 9)].into_iter().collect();
        assert_eq!(filed.0[..], [0x2d06_8005_0000_0009]);
    }
}
