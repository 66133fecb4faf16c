//! Texts in one piece, found by their number: offsets and bytes, as Arrow's `LargeUtf8` lays them out.

use arrow_buffer::ScalarBuffer;
use std::ops::Range;

/// Texts one after the other. Without any text at all it has no offsets either, and every text is empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    pub(super) offsets: ScalarBuffer<i64>,
    pub(super) bytes: ScalarBuffer<u8>,
}

impl Texts {
    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The bytes of a text; none where there is no such text.
    pub(crate) fn bytes(&self, number: usize) -> &[u8] {
        match self.offsets.get(number..number.saturating_add(2)) {
            Some(&[start, end]) => self.bytes.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// A text. What is no UTF-8, which only a damaged file can hold, reads as a replacement character.
    pub(crate) fn get(&self, number: usize) -> &str {
        std::str::from_utf8(self.bytes(number)).unwrap_or("\u{fffd}")
    }

    /// Every text in order.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// The number of a text among texts in order.
    pub(crate) fn position_in_order(&self, text: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.bytes(middle).cmp(text.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

impl<'t> FromIterator<&'t str> for Texts {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let mut builder = TextsBuilder::default();
        texts.into_iter().for_each(|text| builder.push(text));
        builder.finish()
    }
}

/// Texts while they are added.
#[derive(Debug)]
pub(crate) struct TextsBuilder {
    offsets: Vec<i64>,
    text: String,
}

impl Default for TextsBuilder {
    fn default() -> Self {
        Self { offsets: vec![0], text: String::new() }
    }
}

impl TextsBuilder {
    /// Room for so many texts with so many bytes in all.
    pub(crate) fn with_room_for(texts: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(texts + 1);
        offsets.push(0);
        Self { offsets, text: String::with_capacity(bytes) }
    }

    /// How many texts there are: the number of the next one.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.offsets.push(self.text.len() as i64);
    }

    /// Some of the texts, in the order of their numbers in `kept`.
    pub(crate) fn only(&self, kept: &[u32]) -> Self {
        let mut only = Self::with_room_for(kept.len(), self.text.len());
        // Nearly all that are kept stand beside one another.
        for run in kept.chunk_by(|one, next| *next == one + 1) {
            only.push_all(self, run[0] as usize..run[0] as usize + run.len());
        }
        only
    }

    /// Adds texts of others that stand beside one another.
    fn push_all(&mut self, others: &Self, numbers: Range<usize>) {
        let (start, end) = (others.offsets[numbers.start], others.offsets[numbers.end]);
        let moved = self.text.len() as i64 - start;
        self.text.push_str(&others.text[start as usize..end as usize]);
        self.offsets.extend(others.offsets[numbers.start + 1..=numbers.end].iter().map(|offset| offset + moved));
    }

    /// Adds empty texts until there are `count`.
    pub(crate) fn fill_to(&mut self, count: usize) {
        if self.len() < count {
            self.offsets.resize(count + 1, self.text.len() as i64);
        }
    }

    /// A text that was added.
    pub(crate) fn get(&self, number: usize) -> &str {
        &self.text[self.range(number)]
    }

    /// The bytes of a text that was added.
    pub(crate) fn bytes(&self, number: usize) -> &[u8] {
        self.bytes_at(&self.range(number))
    }

    /// Where a text that was added stands.
    #[inline]
    pub(crate) fn range(&self, number: usize) -> Range<usize> {
        self.offsets[number] as usize..self.offsets[number + 1] as usize
    }

    /// The bytes at such a place.
    #[inline]
    pub(crate) fn bytes_at(&self, range: &Range<usize>) -> &[u8] {
        &self.text.as_bytes()[range.clone()]
    }

    /// The texts; nothing at all where all are empty.
    pub(crate) fn finish(self) -> Texts {
        if self.text.is_empty() {
            return Texts::default();
        }
        Texts { offsets: self.offsets.into(), bytes: self.text.into_bytes().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_and_what_is_not_there_is_empty() {
        let mut builder = TextsBuilder::default();
        builder.push("αβ");
        builder.fill_to(3);
        builder.push("z");
        assert_eq!((builder.len(), builder.get(0), builder.get(2), builder.get(3)), (4, "αβ", "", "z"));
        ["y", "", "xx"].iter().for_each(|text| builder.push(text));
        assert_eq!(builder.len(), 7);
        let only = |kept: &[u32]| builder.only(kept).finish().iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(only(&[0, 1, 2, 4, 3, 6]), ["αβ", "", "", "y", "z", "xx"]);
        assert_eq!(only(&[3, 4, 5, 6]), ["z", "y", "", "xx"]);
        assert_eq!(only(&[]), [""; 0]);
        let texts = builder.only(&[0, 1, 2, 4, 3]).finish();
        assert_eq!((texts.get(5), texts.get(usize::MAX), Texts::default().get(0)), ("", "", ""));
    }

    #[test]
    fn damaged_offsets_and_bytes_give_no_text() {
        let texts = Texts { offsets: vec![0, -1, 9, 2, 3].into(), bytes: b"ab\xff".to_vec().into() };
        assert_eq!((0..4).map(|number| texts.get(number)).collect::<Vec<_>>(), ["", "", "", "\u{fffd}"]);
    }

    #[test]
    fn a_text_is_found_among_texts_in_order() {
        let texts: Texts = ["a", "b", "bb", "c"].into_iter().collect();
        assert_eq!(
            ["a", "bb", "c", "", "bc"].map(|text| texts.position_in_order(text)),
            [Some(0), Some(2), Some(3), None, None]
        );
    }
}
