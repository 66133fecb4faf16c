//! Numbers found by a text that stands elsewhere: open addressing in one flat array, the same in memory and in a file.
//!
//! A slot holds the upper half of the text's hash beside the number, so that a look-up reads one text only, and growing
//! reads none. The place of a slot follows from that half in order, so that growing walks memory from front to back.

use arrow_buffer::ScalarBuffer;
use twox_hash::XxHash3_64;

/// A longer way to a free slot than chance brings about: texts made to collide. The table is then hashed anew.
const LONGEST_PROBE: usize = 512;

/// Slots of the smallest table.
const SMALLEST: usize = 16;

/// A table that can be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(super) slots: ScalarBuffer<u64>,
    pub(super) seed: u64,
}

impl Table {
    /// The first number filed under a text's hash for which `is` holds.
    pub(crate) fn find(&self, key: &[u8], is: impl FnMut(u32) -> bool) -> Option<u32> {
        find(&self.slots, tag(self.seed, key), is)
    }

    /// Every number filed under the hash of a text; the caller compares.
    pub(crate) fn candidates(&self, key: &[u8]) -> Vec<u32> {
        let mut found = Vec::new();
        self.find(key, |number| {
            found.push(number);
            false
        });
        found
    }
}

/// What stands for a text in every table whose texts do not collide as if made to: known before the table is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(u32);

impl Tag {
    pub(crate) fn of(key: &[u8]) -> Self {
        Self(tag(0, key))
    }
}

/// A table that grows.
#[derive(Debug, Default)]
pub(crate) struct TableBuilder {
    slots: Vec<u64>,
    seed: u64,
    count: usize,
}

impl TableBuilder {
    /// A table with room for `count` numbers.
    pub(crate) fn with_room_for(count: usize) -> Self {
        Self { slots: vec![0; slots_for(count)], ..Self::default() }
    }

    /// What stands for a text in [`find`](Self::find) and [`insert`](Self::insert).
    pub(crate) fn tag(&self, key: &[u8]) -> u32 {
        tag(self.seed, key)
    }

    /// The same for a text whose tag is known, as long as it counts here.
    pub(crate) fn own_tag(&self, known: Tag, key: &[u8]) -> u32 {
        if self.seed == 0 { known.0 } else { self.tag(key) }
    }

    /// The first number filed under a tag for which `is` holds.
    pub(crate) fn find(&self, tag: u32, is: impl FnMut(u32) -> bool) -> Option<u32> {
        find(&self.slots, tag, is)
    }

    /// The number in the first slot of each tag, if it was filed under that tag: in most cases the one sought. All slots are
    /// read in a row, so that the processor waits for many at once.
    pub(crate) fn first_guesses(&self, tags: &[u32], guesses: &mut Vec<Option<u32>>) {
        let slots = self.slots.as_slice();
        let guess = |&tag: &u32| {
            let slot = slots.get(home(tag, slots.len())).copied().unwrap_or_default();
            (slot != 0 && (slot >> 32) as u32 == tag).then(|| number_in(slot))
        };
        guesses.clear();
        guesses.extend(tags.iter().map(guess));
    }

    /// Files a number under a tag. `false` when the texts collide as if made to: then all must be [filed
    /// anew](Self::hash_anew).
    #[must_use]
    pub(crate) fn insert(&mut self, tag: u32, number: u32) -> bool {
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.count += 1;
        place(&mut self.slots, tag, number) <= LONGEST_PROBE
    }

    fn grow(&mut self) {
        let mut slots = vec![0; (self.slots.len() * 2).max(SMALLEST)];
        for &slot in self.slots.iter().filter(|&&slot| slot != 0) {
            place(&mut slots, (slot >> 32) as u32, number_in(slot));
        }
        self.slots = slots;
    }

    /// Takes another hash function and files `numbers` with their texts under it.
    pub(crate) fn hash_anew<'t>(&mut self, texts: impl Iterator<Item = (u32, &'t [u8])>) {
        self.seed += 1;
        self.slots.fill(0);
        for (number, text) in texts {
            place(&mut self.slots, tag(self.seed, text), number);
        }
    }

    /// The table as it will be asked.
    pub(crate) fn finish(self) -> Table {
        Table { slots: self.slots.into(), seed: self.seed }
    }
}

fn slots_for(count: usize) -> usize {
    (count * 4 / 3 + 1).next_power_of_two().max(SMALLEST)
}

fn tag(seed: u64, key: &[u8]) -> u32 {
    (XxHash3_64::oneshot_with_seed(seed, key) >> 32) as u32
}

fn home(tag: u32, slots: usize) -> usize {
    ((u64::from(tag) * slots as u64) >> 32) as usize
}

fn number_in(slot: u64) -> u32 {
    (slot as u32).wrapping_sub(1)
}

fn find(slots: &[u64], tag: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
    let home = home(tag, slots.len());
    let (wrapped, first) = slots.split_at_checked(home)?;
    for &slot in first.iter().chain(wrapped) {
        if slot == 0 {
            return None;
        }
        if (slot >> 32) as u32 == tag && is(number_in(slot)) {
            return Some(number_in(slot));
        }
    }
    None
}

/// Puts a number into the first free slot and tells how far that is from its home.
fn place(slots: &mut [u64], tag: u32, number: u32) -> usize {
    let (mut at, mut steps) = (home(tag, slots.len()), 0);
    while slots[at] != 0 {
        at = if at + 1 == slots.len() { 0 } else { at + 1 };
        steps += 1;
    }
    slots[at] = u64::from(tag) << 32 | u64::from(number.wrapping_add(1));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filed(texts: &[String]) -> TableBuilder {
        let mut table = TableBuilder::default();
        for (number, text) in texts.iter().enumerate() {
            assert!(table.insert(table.tag(text.as_bytes()), number as u32));
        }
        table
    }

    #[test]
    fn every_text_is_found_and_no_other() {
        let texts: Vec<String> = (0..5000).map(|number| format!("company {number}")).collect();
        let table = filed(&texts).finish();
        let find = |text: &str| table.find(text.as_bytes(), |number| texts[number as usize] == text);
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(find(text), Some(number as u32));
        }
        assert_eq!(find("company 5000"), None);
        assert_eq!(Table::default().find(b"anything", |_| true), None);
    }

    #[test]
    fn a_table_has_no_more_slots_than_it_needs() {
        let texts: Vec<String> = (0..5000).map(|number| number.to_string()).collect();
        for count in [0, 12, 13, 24, 25, 3072, 3073, 5000] {
            let slots = filed(&texts[..count]).finish().slots.len();
            let needed = if count == 0 { 0 } else { (count * 4).div_ceil(3).next_power_of_two().max(16) };
            assert_eq!(slots, needed, "{count}");
        }
    }

    #[test]
    fn hashed_anew_it_finds_the_same() {
        let texts: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let mut table = filed(&texts);
        table.hash_anew(texts.iter().enumerate().map(|(number, text)| (number as u32, text.as_bytes())));
        let table = table.finish();
        assert_eq!(table.seed, 1);
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(table.find(text.as_bytes(), |found| texts[found as usize] == *text), Some(number as u32));
        }
    }

    #[test]
    fn colliding_texts_are_noticed() {
        let mut table = TableBuilder::with_room_for(4000);
        let fits = (0..2000).all(|number| table.insert(7, number));
        assert!(!fits);
    }

    #[test]
    fn a_full_table_ends_a_search() {
        let table = Table { slots: vec![1u64 << 32 | 9; 8].into(), seed: 0 };
        assert_eq!(table.find(b"x", |_| false), None);
    }
}
