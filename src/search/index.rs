//! The index of names: built or read from columns.

use std::sync::OnceLock;

use crate::columnar::{Column, Get};
use crate::search::build::{Given, build};
use crate::search::fuzzy::Resemblance;
use crate::search::sections::Sections;

/// What a name is to its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NameKind {
    /// The name in use.
    Name = 0,
    /// Another name in use: a short form, a spelling, a translation.
    Alias = 1,
    /// A name no longer in use.
    Former = 2,
}

/// Names of nodes, ready to be searched.
///
/// About 50 bytes a name for names of three to four words, ten more for what finds misspellings; building takes time linear in
/// the names but for sorting numbers. The lists of names by their words and the part that finds misspellings are made when they are
/// first needed.
#[derive(Debug)]
pub struct NameIndex {
    pub(super) sections: Sections,
    resemblance: OnceLock<Resemblance>,
}

impl NameIndex {
    /// Indexes names given as `(node, name, kind)`.
    ///
    /// `weight` says how much there is to a node, such as its number of interests; it decides between
    /// matches that are equally good as text. Names that fold to nothing are left out. A node may have
    /// any number of names, and names may come in any order.
    pub fn build<'n, N, W>(names: N, weight: W) -> Self
    where
        N: IntoIterator<Item = (u32, &'n str, NameKind)>,
        W: Fn(u32) -> u32,
    {
        let given = |(node, name, kind)| Given { node, name, kind, weight: weight(node) };
        Self { sections: build(names.into_iter().map(given)), resemblance: OnceLock::new() }
    }

    /// The names and their words, to be written down: the same names give the same bytes.
    pub(crate) fn columns(&self) -> Vec<(&'static str, Column)> {
        self.sections.columns()
    }

    /// The lists of names by their words, made now if they were not; to be written down as well.
    pub(crate) fn list_columns(&self) -> Vec<(&'static str, Column)> {
        self.sections.lists().columns()
    }

    /// The same for the lists of names by their cores.
    pub(crate) fn core_columns(&self) -> Vec<(&'static str, Column)> {
        self.sections.cores().columns()
    }

    /// What finds misspellings, made now if it was not; to be written down as well.
    pub(crate) fn resemblance_columns(&self) -> Vec<(&'static str, Column)> {
        self.resemblance().columns()
    }

    /// The index of which these are all columns. `None` where one is missing or they do not fit together.
    ///
    /// Nothing is read but lengths and ends: what a damaged column leads to is not found, or found in the wrong place.
    pub(crate) fn from_columns(get: Get<'_>) -> Option<Self> {
        let sections = Sections::from_columns(get)?;
        let resemblance = OnceLock::from(Resemblance::from_columns(get)?);
        Some(Self { sections, resemblance })
    }

    /// Takes nodes from `limit` on for damage.
    pub(crate) fn with_node_limit(mut self, limit: u32) -> Self {
        self.sections.node_limit = Some(limit);
        self
    }

    /// Makes now what would otherwise be made by the first search that needs it.
    #[must_use]
    pub fn prepared(self) -> Self {
        self.sections.lists();
        self.sections.cores();
        self.resemblance();
        self
    }

    /// How many names are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sections.name_count()
    }

    /// True when no name is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many distinct words the names have.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.sections.token_count()
    }

    /// Bytes held, the lists of names and what finds misspellings included if they were made.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sections.bytes() + self.resemblance.get().map_or(0, Resemblance::bytes)
    }

    pub(super) fn resemblance(&self) -> &Resemblance {
        self.resemblance.get_or_init(|| Resemblance::build(&self.sections))
    }
}

impl Default for NameIndex {
    fn default() -> Self {
        Self::build([], |_| 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn built() -> NameIndex {
        let words = ["Nova", "Acme", "Terra", "Kapital", "Holdings", "Ромашка", "Limited", "GmbH", "Yeltsin", "Zenith"];
        let name = |i: usize| format!("{} {}{} {}", words[i % 7], words[i / 7 % 10], i / 40, words[6 + i % 2]);
        let names: Vec<String> = (0..400).map(name).collect();
        let given = names.iter().zip(1..).map(|(name, node)| (node, name.as_str(), NameKind::Name));
        NameIndex::build(given, |node| node % 9)
    }

    fn columns(index: &NameIndex) -> Vec<(&'static str, Column)> {
        [index.columns(), index.list_columns(), index.core_columns(), index.resemblance_columns()].concat()
    }

    fn opened(columns: &[(&'static str, Column)]) -> Option<NameIndex> {
        let columns: HashMap<_, _> = columns.iter().cloned().collect();
        NameIndex::from_columns(&mut |name| columns.get(name).cloned())
    }

    const TEXTS: [&str; 8] =
        ["n", "nova", "nova ac", "acmee holdings", "terra kapitl", "romashka l", "eltsin", "novaacme1 limi"];

    #[test]
    fn columns_are_the_index() {
        let index = built();
        let stored = opened(&columns(&index)).expect("columns that fit");
        assert!(stored.len() == 400 && stored.bytes() == index.bytes());
        for text in TEXTS {
            let hits = index.find(text, 20);
            assert!(!hits.is_empty(), "{text}");
            assert_eq!(stored.find(text, 20), hits, "{text}");
        }
        let bytes = |index: &NameIndex| -> Vec<Vec<u8>> {
            columns(index).iter().map(|(_, column)| column.bytes().to_vec()).collect()
        };
        assert_eq!(bytes(&built()), bytes(&index), "the same names give the same bytes");
        let empty = NameIndex::default();
        assert!(opened(&columns(&empty)).is_some_and(|index| index.is_empty() && index.find("nova", 5).is_empty()));
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let columns = columns(&built());
        for i in 0..columns.len() {
            let mut changed = columns.clone();
            let (_, column) = &mut changed[i];
            *column = column.with_bytes([column.bytes(), &[0; 8]].concat());
            assert!(opened(&changed).is_none(), "{}", changed[i].0);
            let (_, column) = &mut changed[i];
            let is_long = column.get::<u64>().is_some();
            *column = if is_long { Column::U32(vec![0; 8].into()) } else { Column::U64(vec![0; 4].into()) };
            assert!(opened(&changed).is_none());
        }
    }

    #[test]
    fn damage_is_never_more_than_a_wrong_answer() {
        let columns = columns(&built());
        let mut state = 11u32;
        for round in 0..400 {
            let mut changed = columns.clone();
            let (_, column) = &mut changed[round % columns.len()];
            let mut bytes = column.bytes().to_vec();
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 8
            };
            match round / columns.len() % 3 {
                0 => bytes.fill(0xff),
                1 => bytes.iter_mut().for_each(|byte| *byte = next() as u8),
                _ => (0..9).for_each(|_| {
                    let at = next() as usize % bytes.len().max(1);
                    bytes[at] = next() as u8;
                }),
            }
            *column = column.with_bytes(bytes);
            let Some(index) = opened(&changed) else { continue };
            for text in TEXTS {
                assert!(index.find(text, 20).len() <= 20);
                let _ = index.resolve(text);
            }
        }
    }
}
