//! Numbers found by a text that stands elsewhere: open addressing in one flat array, the same in memory and in a file.
//!
//! A slot holds the upper half of the text's hash beside the number, so that a look-up reads one text only, and growing
//! reads none. The place of a slot follows from that half in order, so that growing walks memory from front to back.

use super::pages::Zeroed;
use arrow_buffer::ScalarBuffer;
use twox_hash::XxHash3_64;

/// A longer way to a free slot than chance brings about: texts made to collide. The table is then hashed anew.
const LONGEST_PROBE: usize = 512;

/// Slots of the smallest table.
const SMALLEST: usize = 16;

/// A text to look up, with its hash: taken on any thread, before the table is at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'t> {
    text: &'t str,
    /// Under the hash function of a table that was never hashed anew.
    tag: u32,
}

impl<'t> Key<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, tag: tag(0, text.as_bytes()) }
    }

    /// A text with its hash, which [`hash`](Self::hash) told of the same text.
    pub(crate) fn hashed(text: &'t str, hash: u32) -> Self {
        Self { text, tag: hash }
    }

    pub(crate) fn hash(self) -> u32 {
        self.tag
    }

    pub(crate) fn text(self) -> &'t str {
        self.text
    }
}

/// A table that can be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(super) slots: ScalarBuffer<u64>,
    pub(super) seed: u64,
}

impl Table {
    /// The first number filed under a text's hash for which `is` holds.
    pub(crate) fn find(&self, key: &[u8], is: impl FnMut(u32) -> bool) -> Option<u32> {
        find(&self.slots, |&slot| slot, tag(self.seed, key), is)
    }
}

/// A table that grows.
#[derive(Debug, Default)]
pub(crate) struct TableBuilder {
    slots: Slots,
    seed: u64,
    count: usize,
}

impl TableBuilder {
    /// What stands for a text in [`find`](Self::find) and [`insert`](Self::insert).
    pub(crate) fn tag(&self, key: &[u8]) -> u32 {
        tag(self.seed, key)
    }

    /// The tag of a key.
    #[inline]
    pub(crate) fn tag_of(&self, key: Key<'_>) -> u32 {
        if self.seed == 0 { key.tag } else { self.tag(key.text.as_bytes()) }
    }

    /// The first number filed under a tag for which `is` holds.
    #[inline]
    pub(crate) fn find(&self, tag: u32, is: impl FnMut(u32) -> bool) -> Option<u32> {
        find(self.slots.all(), |&slot| u64::from_ne_bytes(slot), tag, is)
    }

    /// The slots where the searches for tags begin, read in a row: the processor waits for many at once, and the searches
    /// that follow find them at hand.
    #[inline]
    pub(crate) fn fetch(&self, tags: &[u32], fetched: &mut Vec<u64>) {
        let slots = self.slots.all();
        fetched.clear();
        fetched
            .extend(tags.iter().map(|&tag| slots.get(home(tag, slots.len())).copied().map_or(0, u64::from_ne_bytes)));
    }

    /// The first number filed under a tag, whose slot was [fetched](Self::fetch): in nearly all cases the one sought.
    #[inline]
    pub(crate) fn suggested(&self, tag: u32, fetched: u64) -> Option<u32> {
        match fetched {
            0 => None,
            slot if (slot >> 32) as u32 == tag => Some(number_in(slot)),
            _ => self.find(tag, |_| true),
        }
    }

    /// Files a number under a tag. `false` when the texts collide as if made to: then all must be [filed
    /// anew](Self::hash_anew).
    #[must_use]
    pub(crate) fn insert(&mut self, tag: u32, number: u32) -> bool {
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.count += 1;
        place(self.slots.all_mut(), tag, number) <= LONGEST_PROBE
    }

    fn grow(&mut self) {
        self.slots = self.refiled((self.slots.len() * 2).max(SMALLEST), Some);
    }

    /// The same with other numbers, of which there are `count`; those without a new number are gone.
    pub(crate) fn reduced(&self, count: usize, new: impl Fn(u32) -> Option<u32>) -> Self {
        Self { slots: self.refiled(slots_for(count), new), seed: self.seed, count }
    }

    /// What the slots hold in so many others, under new numbers where there are any.
    fn refiled(&self, slots: usize, new: impl Fn(u32) -> Option<u32>) -> Slots {
        let mut slots = Slots::of(slots);
        let (all, old) = (slots.all_mut(), self.slots.all().iter().map(|&slot| u64::from_ne_bytes(slot)));
        for slot in old.filter(|&slot| slot != 0) {
            if let Some(number) = new(number_in(slot)) {
                place(all, (slot >> 32) as u32, number);
            }
        }
        slots
    }

    /// Takes another hash function and files `numbers` with their texts under it.
    pub(crate) fn hash_anew<'t>(&mut self, texts: impl Iterator<Item = (u32, &'t [u8])>) {
        self.seed += 1;
        let slots = self.slots.all_mut();
        slots.fill(FREE);
        for (number, text) in texts {
            place(slots, tag(self.seed, text), number);
        }
    }

    /// The table as it will be asked.
    pub(crate) fn finish(self) -> Table {
        Table { slots: self.slots.0.finish().into(), seed: self.seed }
    }
}

/// The slots of a table that grows, each as its bytes.
#[derive(Debug, Default)]
struct Slots(Zeroed);

/// A slot that holds no number.
const FREE: [u8; 8] = [0; 8];

impl Slots {
    fn of(count: usize) -> Self {
        Self(Zeroed::of(count * FREE.len()))
    }

    fn len(&self) -> usize {
        self.all().len()
    }

    fn all(&self) -> &[[u8; 8]] {
        self.0.values()
    }

    fn all_mut(&mut self) -> &mut [[u8; 8]] {
        self.0.values_mut()
    }
}

fn slots_for(count: usize) -> usize {
    (count * 4 / 3 + 1).next_power_of_two().max(SMALLEST)
}

#[inline]
fn tag(seed: u64, key: &[u8]) -> u32 {
    (XxHash3_64::oneshot_with_seed(seed, key) >> 32) as u32
}

fn home(tag: u32, slots: usize) -> usize {
    ((u64::from(tag) * slots as u64) >> 32) as usize
}

fn number_in(slot: u64) -> u32 {
    (slot as u32).wrapping_sub(1)
}

fn find<S>(slots: &[S], value: impl Fn(&S) -> u64, tag: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
    let home = home(tag, slots.len());
    let (wrapped, first) = slots.split_at_checked(home)?;
    for slot in first.iter().chain(wrapped).map(value) {
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
fn place(slots: &mut [[u8; 8]], tag: u32, number: u32) -> usize {
    let (mut at, mut steps) = (home(tag, slots.len()), 0);
    while slots[at] != FREE {
        at = if at + 1 == slots.len() { 0 } else { at + 1 };
        steps += 1;
    }
    slots[at] = (u64::from(tag) << 32 | u64::from(number.wrapping_add(1))).to_ne_bytes();
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
    fn numbers_that_are_left_are_found_under_new_ones() {
        let texts: Vec<String> = (0..5000).map(|number| format!("company {number}")).collect();
        let table = filed(&texts).reduced(2500, |number| (number % 2 == 1).then_some(number / 2)).finish();
        assert_eq!(table.slots.len(), 4096);
        for (number, text) in texts.iter().enumerate() {
            let found = table.find(text.as_bytes(), |found| texts[found as usize * 2 + 1] == *text);
            assert_eq!(found, (number % 2 == 1).then_some(number as u32 / 2), "{text}");
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
        let mut table = TableBuilder { slots: Slots::of(slots_for(4000)), ..TableBuilder::default() };
        let fits = (0..2000).all(|number| table.insert(7, number));
        assert!(!fits);
    }

    #[test]
    fn a_full_table_ends_a_search() {
        let table = Table { slots: vec![1u64 << 32 | 9; 8].into(), seed: 0 };
        assert_eq!(table.find(b"x", |_| false), None);
    }
}
