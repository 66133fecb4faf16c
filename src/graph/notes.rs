//! What few entities or interests have: one JSON text for each that has any, read when somebody asks.
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
    texts: OnceLock<Texts>,
    read: FrozenMap<u32, Box<T>>,
}

impl<T> Notes<T> {
    pub(super) fn new(numbers: ScalarBuffer<u32>, texts: Texts) -> Self {
        Self { numbers, given: Vec::new(), texts: texts.into(), read: FrozenMap::new() }
    }

    /// Notes in the order of their numbers, as they were given.
    fn of_few(notes: Vec<(u32, T)>) -> Self {
        let (numbers, given): (Vec<u32>, Vec<T>) = notes.into_iter().unzip();
        Self { numbers: numbers.into(), given, texts: OnceLock::new(), read: FrozenMap::new() }
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
        let note = serde_json::from_str(self.texts().get(position)).ok()?;
        Some(self.read.insert(number, Box::new(note)))
    }

    /// The note of a number, read for this once: for walks over everything.
    pub(crate) fn peek(&self, number: u32) -> Option<T> {
        let position = self.position(number)?;
        match self.given.get(position) {
            Some(note) => Some(note.clone()),
            None => serde_json::from_str(self.texts().get(position)).ok(),
        }
    }

    /// The note of a number as it is written.
    pub(crate) fn text(&self, number: u32) -> Option<&str> {
        self.position(number).map(|position| self.texts().get(position))
    }

    /// All notes as they are written.
    pub(super) fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let mut texts = TextsBuilder::default();
            // What cannot be written reads as no note.
            self.given.iter().for_each(|note| texts.push(&serde_json::to_string(note).unwrap_or_default()));
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
    texts: TextsBuilder,
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

impl Given {
    /// The note as it is written; `old` are those that have places.
    fn text<'t>(&'t self, old: &'t TextsBuilder) -> &'t str {
        match self {
            Given::Old(place) => old.get(*place as usize),
            Given::New(text) => text,
        }
    }
}

/// Where no note stands.
const NOWHERE: u32 = u32::MAX;

impl<T> Default for NotesBuilder<T> {
    fn default() -> Self {
        Self { numbers: Vec::new(), texts: TextsBuilder::default(), buffer: Vec::new(), changed: HashMap::default() }
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
                self.texts.push(text);
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
        let (numbers, texts) = (&self.numbers, &self.texts);
        self.changed.entry(number).or_insert_with(|| written(numbers, texts, number).unwrap_or_default())
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
            self.add(number, note);
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
        let (old, old_texts) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.texts));
        let mut new = new.iter().copied().peekable();
        for (at, &number) in old.iter().enumerate() {
            while let Some(earlier) = new.next_if(|&new| new < number) {
                self.add(earlier, text);
            }
            self.add(number, old_texts.get(at));
        }
        new.for_each(|number| self.add(number, text));
    }

    /// For each of `count` numbers the place of its note among those that are written.
    pub(crate) fn places(&self, count: usize) -> Vec<u32> {
        let mut places = vec![NOWHERE; if self.numbers.is_empty() { 0 } else { count }];
        self.numbers.iter().zip(0..).for_each(|(&number, place)| places[number as usize] = place);
        places
    }

    /// The note that stands at a [place](Self::places) as it is written, if any does.
    pub(crate) fn written_at(&self, place: u32) -> Option<&str> {
        (place != NOWHERE).then(|| self.texts.get(place as usize))
    }

    /// Brings the notes at some places into reach.
    pub(crate) fn look_ahead(&self, places: impl Iterator<Item = u32>) {
        let ranges = places.filter(|&place| place != NOWHERE).map(|place| self.texts.range(place as usize));
        for range in ranges.collect::<Vec<_>>() {
            std::hint::black_box(self.texts.bytes_at(&range).first());
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
        let (old, old_texts) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.texts));
        let changed = std::mem::take(&mut self.changed);
        let more = given.iter().map(|(_, note)| note.text(&old_texts).len()).sum::<usize>();
        let (count, bytes) = (old.len() + given.len(), old_texts.text_len() + more);
        (self.numbers, self.texts) = (Vec::with_capacity(count), TextsBuilder::with_room_for(count, bytes));
        let mut given = given.iter().peekable();
        let stays = |number: &u32| !goes(*number) && !changed.contains_key(number);
        for (at, &number) in old.iter().enumerate().filter(|(_, number)| stays(number)) {
            let number = number_of(number);
            while let Some((earlier, note)) = given.next_if(|(given, _)| *given < number) {
                self.add(*earlier, note.text(&old_texts));
            }
            self.add(number, old_texts.get(at));
        }
        given.for_each(|(number, note)| self.add(*number, note.text(&old_texts)));
        let changed = changed.into_iter().filter(|(number, _)| !goes(*number));
        self.changed = changed.map(|(number, note)| (number_of(number), note)).collect();
    }

    fn add(&mut self, number: u32, text: &str) {
        self.numbers.push(number);
        self.texts.push(text);
    }

    /// All notes in order; those equal to `empty` are dropped.
    pub(crate) fn finish(mut self, empty: &T) -> Notes<T> {
        if self.changed.is_empty() {
            return Notes::new(self.numbers.into(), self.texts.finish());
        }
        if self.numbers.is_empty() && self.changed.len() <= FEW {
            let mut notes: Vec<(u32, T)> = self.changed.into_iter().filter(|(_, note)| note != empty).collect();
            notes.sort_unstable_by_key(|(number, _)| *number);
            return Notes::of_few(notes);
        }
        let unchanged = |number: &u32| !self.changed.contains_key(number);
        let kept = self.numbers.iter().enumerate().filter(|(_, number)| unchanged(number));
        let mut all: Vec<(u32, usize)> = kept.map(|(at, &number)| (number, at)).collect();
        for (number, note) in &self.changed {
            if note != empty
                && let Ok(text) = serde_json::to_string(note)
            {
                all.push((*number, self.texts.len()));
                self.texts.push(&text);
            }
        }
        all.sort_unstable();
        let texts = all.iter().map(|&(_, at)| self.texts.get(at)).collect();
        Notes::new(all.iter().map(|&(number, _)| number).collect::<Vec<_>>().into(), texts)
    }
}

fn written<T: DeserializeOwned>(numbers: &[u32], texts: &TextsBuilder, number: u32) -> Option<T> {
    let position = numbers.binary_search(&number).ok()?;
    serde_json::from_str(texts.get(position)).ok()
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
