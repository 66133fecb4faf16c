//! Line ends that the parser of tables does not count.

use std::collections::VecDeque;

/// Carriage returns that end a line by themselves, as old files have them: the parser counts no line of them.
#[derive(Default)]
pub(super) struct Returns {
    /// Where they stand, as far as no row behind them was asked for.
    places: VecDeque<u64>,
    /// How many of them stand before the row that was asked for last.
    passed: u64,
    /// Whether one was the last byte, and what follows is to tell.
    open: Option<u64>,
}

impl Returns {
    /// Takes bytes that begin at a place in the input.
    pub(super) fn pass(&mut self, bytes: &[u8], start: u64) {
        if let (Some(place), Some(&first)) = (self.open, bytes.first()) {
            self.places.extend((first != b'\n').then_some(place));
            self.open = None;
        }
        for at in memchr::memchr_iter(b'\r', bytes) {
            match bytes.get(at + 1) {
                Some(b'\n') => {}
                Some(_) => self.places.push_back(start + at as u64),
                None => self.open = Some(start + at as u64),
            }
        }
    }

    /// How many stand before the row that begins here or, if these are blank lines, behind them.
    pub(super) fn before(&mut self, start: u64) -> u64 {
        let mut start = start;
        while let Some(&place) = self.places.front().filter(|&&place| place <= start) {
            start = start.max(place + 1);
            self.places.pop_front();
            self.passed += 1;
        }
        self.passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_that_no_line_feed_follows_count() {
        for chunk in 1..8 {
            let text = b"a\rb\r\nc\r\rd\r";
            let mut returns = Returns::default();
            for (number, bytes) in text.chunks(chunk).enumerate() {
                returns.pass(bytes, (number * chunk) as u64);
            }
            assert_eq!([0, 2, 5, 6, 9].map(|start| returns.before(start)), [0, 1, 1, 3, 3], "{chunk}");
        }
    }
}
