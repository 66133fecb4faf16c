//! What few entities or interests have: one JSON text for each that has any, read when somebody asks. Many say the same, which
//! mostly is kept once.
//!
//! Where hardly any have something, it stays as it was given, and is written when somebody wants it written: a question about
//! little data is answered before that would pay.

use super::texts::{Texts, TextsBuilder};
use arrow_buffer::ScalarBuffer;
use elsa::sync::FrozenMap;
use foldhash::fast::RandomState;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// So many notes at most stay as they were given.
const FEW: usize = 1 << 12;

/// Notes by number, in order. What was read once stays, so that answers can refer to it.
pub(crate) struct Notes<T> {
    pub(super) numbers: ScalarBuffer<u32>,
    /// Notes that were never written; there are as many as numbers, or none.
    given: Vec<T>,
    /// Notes as they are written, and which of them each number has; nothing where each has its own.
    distinct: Texts,
    which: Vec<u32>,
    /// The text of each number.
    texts: OnceLock<Texts>,
    read: FrozenMap<u32, Box<T>>,
}

impl<T> Notes<T> {
    pub(super) fn new(numbers: ScalarBuffer<u32>, texts: Texts) -> Self {
        let (given, which) = (Vec::new(), Vec::new());
        Self { numbers, given, distinct: texts, which, texts: OnceLock::new(), read: FrozenMap::new() }
    }

    /// Notes of which many are the same: `which` of the texts each number has.
    fn of_some(numbers: ScalarBuffer<u32>, distinct: Texts, which: Vec<u32>) -> Self {
        let each_has_its_own = which.iter().copied().eq(0..distinct.len() as u32);
        match numbers.is_empty() {
            true => Self::default(),
            false if each_has_its_own => Self::new(numbers, distinct),
            false => Self { which, ..Self::new(numbers, distinct) },
        }
    }

    /// Notes in the order of their numbers, as they were given.
    fn of_few(notes: Vec<(u32, T)>) -> Self {
        let (numbers, given): (Vec<u32>, Vec<T>) = notes.into_iter().unzip();
        Self { given, ..Self::new(numbers.into(), Texts::default()) }
    }

    fn position(&self, number: u32) -> Option<usize> {
        self.numbers.binary_search(&number).ok()
    }

    /// The note of a number, if it need not be read.
    pub(crate) fn at_hand(&self, number: u32) -> Option<&T> {
        if self.given.is_empty() { None } else { self.given.get(self.position(number)?) }
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Notes<T> {
    /// The note of a number.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let position = self.position(number)?;
        if let Some(known) = self.given.get(position).or_else(|| self.read.get(&number)) {
            return Some(known);
        }
        let note = serde_json::from_str(self.text_at(position)).ok()?;
        Some(self.read.insert(number, Box::new(note)))
    }

    /// The note of a number, read for this once: for walks over everything.
    pub(crate) fn peek(&self, number: u32) -> Option<T> {
        let position = self.position(number)?;
        match self.given.get(position) {
            Some(note) => Some(note.clone()),
            None => serde_json::from_str(self.text_at(position)).ok(),
        }
    }

    /// The note of a number as it is written.
    pub(crate) fn text(&self, number: u32) -> Option<&str> {
        self.position(number).map(|position| self.text_at(position))
    }

    fn text_at(&self, position: usize) -> &str {
        match self.which.get(position) {
            Some(&which) => self.distinct.get(which as usize),
            None => self.texts().get(position),
        }
    }

    /// All notes as they are written, in the order of their numbers.
    pub(super) fn texts(&self) -> &Texts {
        if self.given.is_empty() && self.which.is_empty() {
            return &self.distinct;
        }
        self.texts.get_or_init(|| {
            let mut texts = TextsBuilder::default();
            // What cannot be written reads as no note.
            self.given.iter().for_each(|note| texts.push(&serde_json::to_string(note).unwrap_or_default()));
            self.which.iter().for_each(|&which| texts.push(self.distinct.get(which as usize)));
            texts.finish()
        })
    }
}

impl<T> Default for Notes<T> {
    fn default() -> Self {
        Self::new(ScalarBuffer::default(), Texts::default())
    }
}

impl<T> fmt::Debug for Notes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notes").field("count", &self.numbers.len()).finish()
    }
}

/// Notes while they are added: as they stand, one after the other, and those that were changed since. The first few are not
/// written before there are more.
#[derive(Debug)]
pub(crate) struct NotesBuilder<T> {
    numbers: Vec<u32>,
    written: Written,
    buffer: Vec<u8>,
    /// Notes that are not written, or in place of those that are.
    changed: HashMap<u32, T, RandomState>,
}

/// A note that is given to a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    /// The one that stands at a place.
    Old(u32),
    /// A new one, as it is written.
    New(String),
}

/// Where no note stands.
const NOWHERE: u32 = u32::MAX;

impl<T> Default for NotesBuilder<T> {
    fn default() -> Self {
        Self { numbers: Vec::new(), written: Written::default(), buffer: Vec::new(), changed: HashMap::default() }
    }
}

/// Notes as they are written, one after the other, of which those that were lately the same stand once.
#[derive(Debug, Default)]
struct Written {
    distinct: TextsBuilder,
    /// Which of them each note is.
    which: Vec<u32>,
    /// One more than the numbers of texts seen lately, each in the place of its hash.
    recent: Vec<u32>,
}

/// Places for texts seen lately.
const RECENT: usize = 1 << RECENT_BITS;
const RECENT_BITS: u32 = 6;

/// The place of a text among those seen lately. It follows from its length and two pieces of it: what begins alike mostly differs there.
fn place_of(text: &str) -> usize {
    const MIDDLE: usize = 15;
    let piece = |from: usize| text.as_bytes().get(from..)?.first_chunk().copied().map(u64::from_le_bytes);
    let [middle, end] = [MIDDLE, text.len().saturating_sub(16)].map(|from| piece(from).unwrap_or_default());
    let mixed = (middle ^ end.rotate_left(21) ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - RECENT_BITS)) as usize
}

impl Written {
    fn get(&self, place: usize) -> &str {
        self.distinct.get(self.which[place] as usize)
    }

    fn push(&mut self, text: &str) {
        let which = self.which_of(text);
        self.which.push(which);
    }

    /// The number of a text, which may be new.
    fn which_of(&mut self, text: &str) -> u32 {
        self.recent.resize(RECENT, 0);
        let recent = &mut self.recent[place_of(text)];
        if let Some(known) = recent.checked_sub(1).filter(|&known| self.distinct.get(known as usize) == text) {
            return known;
        }
        let number = self.distinct.len() as u32;
        self.distinct.push(text);
        *recent = number + 1;
        number
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Default + PartialEq> NotesBuilder<T> {
    /// Gives a number a note, in place of one that it has.
    pub(crate) fn insert(&mut self, number: u32, note: T) {
        if self.numbers.is_empty() {
            // An empty note that was changed is none, one that was given stays.
            if self.changed.len() < FEW && note != T::default() {
                self.changed.insert(number, note);
                return;
            }
            self.write_few();
        }
        // Numbers mostly come in order and once: only then the text is all that is kept.
        if self.numbers.last().is_some_and(|&last| last >= number) || self.changed.contains_key(&number) {
            self.changed.insert(number, note);
            return;
        }
        self.write(number, note);
    }

    /// Writes a note whose number is behind all others.
    fn write(&mut self, number: u32, note: T) {
        self.buffer.clear();
        match serde_json::to_writer(&mut self.buffer, &note).ok().and_then(|()| std::str::from_utf8(&self.buffer).ok())
        {
            Some(text) => {
                self.numbers.push(number);
                self.written.push(text);
            }
            None => {
                self.changed.insert(number, note);
            }
        }
    }

    /// Writes all notes, where none was written before.
    fn write_few(&mut self) {
        let mut notes: Vec<(u32, T)> = self.changed.drain().collect();
        notes.sort_unstable_by_key(|(number, _)| *number);
        for (number, note) in notes.into_iter().filter(|(_, note)| *note != T::default()) {
            self.write(number, note);
        }
    }

    /// The note of a number, to be changed; an empty one where there is none.
    pub(crate) fn entry(&mut self, number: u32) -> &mut T {
        let (numbers, written) = (&self.numbers, &self.written);
        self.changed.entry(number).or_insert_with(|| read(numbers, written, number).unwrap_or_default())
    }

    /// Adds to the note of a number, if it has one already by `merge`.
    pub(crate) fn merge(&mut self, number: u32, note: T, merge: impl FnOnce(&mut T, T)) {
        if self.is_new(number) { self.insert(number, note) } else { merge(self.entry(number), note) }
    }

    /// The same with a note as it is written; one that cannot be read changes nothing.
    pub(crate) fn merge_text(&mut self, number: u32, note: &str, merge: impl FnOnce(&mut T, T)) {
        if self.numbers.is_empty() && !self.changed.is_empty() {
            self.write_few();
        }
        if self.is_new(number) {
            self.numbers.push(number);
            self.written.push(note);
        } else if let Ok(note) = serde_json::from_str(note) {
            merge(self.entry(number), note);
        }
    }

    /// Whether a number is behind all others, and has no note.
    fn is_new(&self, number: u32) -> bool {
        self.numbers.last().is_none_or(|&last| last < number) && !self.changed.contains_key(&number)
    }

    /// Changes the notes of many numbers, which are in order; those that have none get one.
    pub(crate) fn change_all(&mut self, numbers: &[u32], change: impl Fn(&mut T)) {
        let has = |number: &u32| self.changed.contains_key(number) || self.numbers.binary_search(number).is_ok();
        let (known, new): (Vec<u32>, Vec<u32>) = numbers.iter().partition(|number| has(number));
        known.into_iter().for_each(|number| change(self.entry(number)));
        let mut note = T::default();
        change(&mut note);
        match serde_json::to_string(&note) {
            Ok(text) => self.insert_all(&new, &text),
            Err(_) => self.changed.extend(new.into_iter().map(|number| (number, note.clone()))),
        }
    }

    /// Gives numbers that have no note, which are in order, one that is written alike.
    fn insert_all(&mut self, new: &[u32], text: &str) {
        let (old, old_which) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.written.which));
        let own = self.written.which_of(text);
        let mut new = new.iter().copied().peekable();
        for (number, which) in old.into_iter().zip(old_which) {
            while let Some(earlier) = new.next_if(|&new| new < number) {
                self.add(earlier, own);
            }
            self.add(number, which);
        }
        new.for_each(|number| self.add(number, own));
    }

    /// For each of `count` numbers the place of its note among those that are written.
    pub(crate) fn places(&self, count: usize) -> Vec<u32> {
        let mut places = vec![NOWHERE; if self.numbers.is_empty() { 0 } else { count }];
        self.numbers.iter().zip(0..).for_each(|(&number, place)| places[number as usize] = place);
        places
    }

    /// The note that stands at a [place](Self::places) as it is written, if any does.
    pub(crate) fn written_at(&self, place: u32) -> Option<&str> {
        (place != NOWHERE).then(|| self.written.get(place as usize))
    }

    /// Brings the notes at some places into reach.
    pub(crate) fn look_ahead(&self, places: impl Iterator<Item = u32>) {
        let Written { distinct, which, .. } = &self.written;
        let which = places.filter(|&place| place != NOWHERE).map(|place| which[place as usize]).collect::<Vec<_>>();
        for range in which.into_iter().map(|which| distinct.range(which as usize)).collect::<Vec<_>>() {
            std::hint::black_box(distinct.bytes_at(&range).first());
        }
    }

    /// The note of a number, where it was changed since it was written.
    pub(crate) fn changed(&self, number: u32) -> Option<&T> {
        self.changed.get(&number)
    }

    /// Gives all notes new numbers but those of numbers that go, in the place of which come those that are `given`. Notes keep
    /// their order, and those that are given are in order.
    pub(crate) fn renumber(
        &mut self,
        number_of: impl Fn(u32) -> u32,
        goes: impl Fn(u32) -> bool,
        given: Vec<(u32, Given)>,
    ) {
        let (old, old_which) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.written.which));
        let changed = std::mem::take(&mut self.changed);
        let mut given = given.into_iter().peekable();
        let give = |notes: &mut Self, (number, note): (u32, Given)| {
            let which = match note {
                Given::Old(place) => old_which[place as usize],
                Given::New(text) => notes.written.which_of(&text),
            };
            notes.add(number, which);
        };
        let stays = |number: u32| !goes(number) && !changed.contains_key(&number);
        for (&number, &which) in old.iter().zip(&old_which).filter(|&(&number, _)| stays(number)) {
            let number = number_of(number);
            while let Some(earlier) = given.next_if(|(given, _)| *given < number) {
                give(self, earlier);
            }
            self.add(number, which);
        }
        given.for_each(|note| give(self, note));
        let changed = changed.into_iter().filter(|(number, _)| !goes(*number));
        self.changed = changed.map(|(number, note)| (number_of(number), note)).collect();
    }

    fn add(&mut self, number: u32, which: u32) {
        self.numbers.push(number);
        self.written.which.push(which);
    }

    /// All notes in order; those equal to `empty` are dropped.
    pub(crate) fn finish(mut self, empty: &T) -> Notes<T> {
        if self.changed.is_empty() {
            return Notes::of_some(self.numbers.into(), self.written.distinct.finish(), self.written.which);
        }
        if self.numbers.is_empty() && self.changed.len() <= FEW {
            let mut notes: Vec<(u32, T)> = self.changed.into_iter().filter(|(_, note)| note != empty).collect();
            notes.sort_unstable_by_key(|(number, _)| *number);
            return Notes::of_few(notes);
        }
        let all = self.numbers.iter().copied().zip(self.written.which.iter().copied());
        let mut all: Vec<(u32, u32)> = all.filter(|(number, _)| !self.changed.contains_key(number)).collect();
        for (number, note) in &self.changed {
            if note != empty
                && let Ok(text) = serde_json::to_string(note)
            {
                all.push((*number, self.written.which_of(&text)));
            }
        }
        all.sort_unstable();
        let (numbers, which): (Vec<u32>, Vec<u32>) = all.into_iter().unzip();
        Notes::of_some(numbers.into(), self.written.distinct.finish(), which)
    }
}

fn read<T: DeserializeOwned>(numbers: &[u32], written: &Written, number: u32) -> Option<T> {
    let position = numbers.binary_search(&number).ok()?;
    serde_json::from_str(written.get(position)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_back_changed_replaced_and_renumbered() {
        let mut builder = NotesBuilder::<Vec<u32>>::default();
        builder.insert(2, vec![2]);
        builder.insert(5, vec![5]);
        builder.insert(3, vec![3]);
        builder.insert(5, vec![55]);
        builder.entry(2).push(22);
        builder.entry(9).push(9);
        builder.insert(7, vec![7]);
        let written = |builder: &NotesBuilder<Vec<u32>>, number: usize| {
            let place = builder.places(20).get(number).copied();
            place.and_then(|place| builder.written_at(place)).map(str::to_owned)
        };
        assert_eq!((written(&builder, 7), builder.changed(5)), (None, Some(&vec![55])), "few notes are not written");
        builder.merge(12, vec![1], |_, _| unreachable!("the number is new"));
        builder.merge(12, vec![2], |known, new| known.extend(new));
        builder.merge_text(13, "[1]", |_, _| unreachable!("the number is new"));
        builder.merge_text(13, "[2]", |known, new| known.extend(new));
        builder.merge_text(13, "[2", |_, _| unreachable!("the note cannot be read"));
        let texts = [7, 8, 12].map(|number| written(&builder, number));
        assert_eq!(texts, [Some("[7]".to_owned()), None, Some("[1,2]".to_owned())]);
        assert_eq!((builder.changed(7), builder.changed(13)), (None, Some(&vec![1, 2])));
        let place = builder.places(20)[7];
        let given = [(10, Given::New("[1]".into())), (70, Given::Old(place)), (140, Given::New("[14]".into()))];
        builder.renumber(|number| number * 10, |number| number == 7, given.into());
        let notes = builder.finish(&Vec::new());
        assert_eq!(notes.numbers.to_vec(), [10, 20, 30, 50, 70, 90, 120, 130, 140]);
        assert_eq!((notes.peek(120), notes.peek(130)), (Some(vec![1, 2]), Some(vec![1, 2])));
        let get = |number| notes.get(number).cloned();
        assert_eq!(
            [20, 30, 50, 90, 70, 100].map(get),
            [Some(vec![2, 22]), Some(vec![3]), Some(vec![55]), Some(vec![9]), Some(vec![7]), None]
        );
        assert_eq!(notes.peek(50), Some(vec![55]));
    }

    #[test]
    fn many_notes_are_changed_at_once() {
        let mut builder = NotesBuilder::<Vec<u32>>::default();
        for number in [1, 3, 8] {
            builder.insert(number, vec![number]);
        }
        builder.insert(2, vec![2]);
        builder.change_all(&[0, 2, 3, 4, 9], |note| note.push(7));
        builder.insert(11, vec![11]);
        let notes = builder.finish(&Vec::new());
        let all: Vec<_> = (0..12).filter_map(|number| Some((number, notes.peek(number)?))).collect();
        let expected = [
            (0, vec![7]),
            (1, vec![1]),
            (2, vec![2, 7]),
            (3, vec![3, 7]),
            (4, vec![7]),
            (8, vec![8]),
            (9, vec![7]),
            (11, vec![11]),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn notes_are_the_same_whether_they_were_written_at_once_or_when_somebody_asks() {
        let (few, many) = (FEW as u32, FEW as u32 + 1);
        for (count, at_hand) in [(few, true), (many, false)] {
            let mut builder = NotesBuilder::<Vec<u32>>::default();
            (0..count).rev().for_each(|number| builder.insert(number * 2, vec![number]));
            builder.entry(8).push(7);
            builder.entry(6).clear();
            builder.entry(2).clear();
            let notes = builder.finish(&Vec::new());
            assert_eq!((notes.numbers.len(), notes.at_hand(8).is_some()), (count as usize - 2, at_hand));
            assert_eq!((notes.get(8), notes.peek(8)), (Some(&vec![4, 7]), Some(vec![4, 7])));
            assert_eq!((notes.text(8), notes.text(10), notes.text(6)), (Some("[4,7]"), Some("[5]"), None));
            assert_eq!((notes.texts().len(), notes.get(2), notes.get(9)), (count as usize - 2, None, None));
        }
    }

    #[test]
    fn notes_that_say_the_same_stand_once() {
        let count = FEW as u32 * 2;
        let note = |number: u32| vec![number % 3, 1_000_000];
        let mut builder = NotesBuilder::<Vec<u32>>::default();
        (0..count).for_each(|number| builder.insert(number, note(number)));
        builder.change_all(&[count, count + 1], |note| note.push(7));
        builder.entry(5).push(8);
        let place = builder.places(count as usize + 2)[9];
        builder.renumber(|number| number * 2, |number| number == 4, vec![(9, Given::Old(place))]);
        let notes = builder.finish(&Vec::new());
        let stated = |number: u32| match number {
            5 => vec![2, 1_000_000, 8],
            _ if number < count => note(number),
            _ => vec![7],
        };
        let expected = (0..count + 2).filter(|&number| number != 4).map(|number| (number * 2, stated(number)));
        let expected: Vec<_> = expected.chain([(9, note(9))]).collect();
        assert!(expected.iter().all(|(number, note)| notes.peek(*number).as_ref() == Some(note)));
        assert_eq!(
            (notes.numbers.len(), notes.texts().len(), notes.distinct.len()),
            (expected.len(), expected.len(), 5)
        );
        assert_eq!((notes.text(9), notes.texts().get(4)), (Some("[0,1000000]"), "[0,1000000]"), "by number");
    }

    #[test]
    fn of_notes_that_are_gone_no_text_is_left() {
        let mut builder = NotesBuilder::<Vec<u32>>::default();
        builder.merge_text(1, "[1]", |_, _| unreachable!("the number is new"));
        builder.entry(1).clear();
        let notes = builder.finish(&Vec::new());
        assert_eq!((notes.numbers.len(), notes.texts().len()), (0, 0));
    }

    #[test]
    fn an_empty_note_that_is_given_stays_and_one_that_became_empty_does_not() {
        let mut builder = NotesBuilder::<Vec<u32>>::default();
        builder.insert(1, vec![1]);
        builder.insert(2, Vec::new());
        builder.insert(3, vec![3]);
        builder.entry(3).clear();
        let notes = builder.finish(&Vec::new());
        assert_eq!((notes.numbers.to_vec(), notes.text(2)), (vec![1, 2], Some("[]")));
    }

    #[test]
    fn a_damaged_note_is_none() {
        let notes = Notes::<Vec<u32>>::new(vec![1].into(), ["[1"].into_iter().collect());
        assert_eq!((notes.get(1), notes.peek(1)), (None, None));
    }
}
