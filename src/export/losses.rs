//! What a format cannot hold.

use std::collections::BTreeMap;

/// Counts what a writer had to leave out, for the user to be told.
#[derive(Debug, Default)]
pub struct Losses {
    counts: BTreeMap<&'static str, usize>,
    marked: usize,
}

impl Losses {
    /// Notes that something of one record is lost; `what` reads well after a number: `dates with bounds`.
    pub fn add(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Notes a loss where `condition` holds.
    pub fn add_if(&mut self, condition: bool, what: &'static str) {
        if condition {
            self.add(what);
        }
    }

    /// Notes cells of text that got an apostrophe, so that no spreadsheet takes them for formulas.
    pub fn mark(&mut self, cells: usize) {
        self.marked += cells;
    }

    /// How many cells of text got an apostrophe.
    pub fn marked(&self) -> usize {
        self.marked
    }

    /// What was left out and how often, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.counts.iter().map(|(&what, &count)| (what, count))
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
