//! Things that are used again by whoever needs one next, on any thread.

use std::sync::{Mutex, PoisonError};

/// Things that nobody uses at the moment.
pub(super) struct Spare<T>(Mutex<Vec<T>>);

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Spare<T> {
    /// The thing that was given last, if there is any.
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Leaves a thing to whoever needs one next.
    pub(super) fn give(&self, thing: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
    }
}

impl Spare<Vec<u8>> {
    /// Leaves a buffer to whoever needs one next, unless it had to grow beyond so many bytes: one long record is no reason to
    /// keep its memory.
    pub(super) fn give_buffer(&self, buffer: Vec<u8>, most: usize) {
        if buffer.len() <= most {
            self.give(buffer);
        }
    }
}
