//! Lists of names that are read along with another one.

use crate::search::query::Word;
use crate::search::sections::{Place, Sections};

/// Words whose lists are read along.
const MAX_ALONG: usize = 64;

/// The lists of all names with a word, read along with another list in order: what is in none of them need not be looked up
/// one by one all over the memory.
pub(super) struct Along<'s> {
    lists: Vec<&'s [u32]>,
}

impl<'s> Along<'s> {
    /// `None` where there are so many lists that looking up is faster.
    pub(super) fn new(sections: &'s Sections, word: &Word) -> Option<Self> {
        let tokens = || word.range.clone().chain(word.also.iter().copied());
        if word.range.len() + word.also.len() > MAX_ALONG {
            return None;
        }
        let of_token = |token| [Place::First, Place::Later].map(|place| sections.lists().at(place, token));
        Some(Self { lists: tokens().flat_map(of_token).collect() })
    }

    /// Keeps those of `names` that are in one of the lists; all must lie behind those asked for before.
    pub(super) fn keep(&mut self, names: &mut Vec<u32>) {
        let (Some(first), Some(last)) = (names.first().copied(), names.last().copied()) else {
            return;
        };
        let mut found: Vec<u32> = Vec::with_capacity(names.len());
        for list in &mut self.lists {
            *list = &list[ahead(list, first)..];
            let between = &list[..ahead(list, last.saturating_add(1))];
            found.extend_from_slice(between);
        }
        // Stable, and so one pass over lists that are each in order.
        found.sort();
        let mut rest = found.as_slice();
        names.retain(|name| {
            rest = &rest[ahead(rest, *name)..];
            rest.first() == Some(name)
        });
    }
}

/// How many items of an ascending list are smaller than `item`, where these are likely few.
fn ahead(list: &[u32], item: u32) -> usize {
    let mut step = 1;
    while list.get(step - 1).is_some_and(|other| *other < item) {
        step *= 2;
    }
    let from = step / 2;
    let to = list.len().min(step);
    from + list[from..to].partition_point(|other| *other < item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::made_up::{build, made_up};

    #[test]
    fn few_items_lie_ahead() {
        let list = [2, 3, 5, 7, 11, 13, 17];
        let found: Vec<usize> = [0, 2, 3, 4, 11, 16, 17, 18].iter().map(|item| ahead(&list, *item)).collect();
        assert_eq!(found, [0, 0, 1, 2, 4, 6, 6, 7]);
        assert_eq!(ahead(&[], 3), 0);
    }

    #[test]
    fn lists_read_along_keep_what_the_names_tell() {
        let index = build(&made_up(3000));
        for text in ["no", "group", "gorfal", "te"] {
            let word = Word::new(&index.sections, text);
            let Some(mut along) = Along::new(&index.sections, &word) else { continue };
            for part in (0..3000u32).collect::<Vec<_>>().chunks(700) {
                let mut kept = part.to_vec();
                along.keep(&mut kept);
                let has = |name: &&u32| index.sections.name(**name).iter().any(|token| word.begins(*token));
                assert_eq!(kept, part.iter().filter(has).copied().collect::<Vec<u32>>(), "{text}");
            }
        }
        assert!(Along::new(&index.sections, &Word::new(&index.sections, "group")).is_some());
    }
}
