//! Lists without doubles that somebody may make as long as he likes.

use crate::model::entity::EntityDetails;
use std::collections::{HashMap, HashSet};

/// A list up to this long is looked through for what is to be added.
const FEW: usize = 64;

/// What the long lists of some notes hold: looking through them for each new item would take the square of their length.
#[derive(Debug, Default)]
pub(in crate::graph) struct Crowds(HashMap<(u32, &'static str), Crowd>);

#[derive(Debug, Default)]
struct Crowd {
    held: HashSet<String>,
    /// How long the list was when it was looked at last: somebody else may have changed it since.
    length: usize,
}

impl Crowds {
    /// Adds to the details of a number what others know beyond them.
    pub(in crate::graph) fn merge(&mut self, number: u32, known: &mut EntityDetails, new: EntityDetails) {
        known.legal_form = known.legal_form.take().or(new.legal_form);
        known.note = known.note.take().or(new.note);
        known.listed |= new.listed;
        let text = |text: &String| text.clone();
        self.add((number, "aliases"), &mut known.aliases, new.aliases, text);
        self.add((number, "former names"), &mut known.former_names, new.former_names, text);
        self.add((number, "topics"), &mut known.topics, new.topics, text);
        self.add((number, "sources"), &mut known.sources, new.sources, text);
        self.add((number, "facts"), &mut known.facts, new.facts, |fact| format!("{fact:?}"));
    }

    /// Adds a name to the aliases of a number.
    pub(in crate::graph) fn add_alias(&mut self, number: u32, known: &mut EntityDetails, name: &str) {
        let new = vec![name.to_owned()];
        self.add((number, "aliases"), &mut known.aliases, new, String::clone);
    }

    fn add<T: PartialEq>(
        &mut self,
        list: (u32, &'static str),
        known: &mut Vec<T>,
        new: Vec<T>,
        text: impl Fn(&T) -> String,
    ) {
        for item in new {
            if known.len() < FEW {
                if !known.contains(&item) {
                    known.push(item);
                }
                continue;
            }
            let crowd = self.0.entry(list).or_default();
            if crowd.length != known.len() {
                crowd.held = known.iter().map(&text).collect();
            }
            if crowd.held.insert(text(&item)) {
                known.push(item);
            }
            crowd.length = known.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_have_no_doubles_and_keep_their_order() {
        let (mut crowds, mut known) = (Crowds::default(), EntityDetails::EMPTY);
        for number in 0..1000 {
            crowds.add_alias(7, &mut known, &format!("name {}", number % 300));
        }
        let expected: Vec<String> = (0..300).map(|number| format!("name {number}")).collect();
        assert_eq!(known.aliases, expected);
        // Somebody else changes the list.
        known.aliases.push("name 300".to_owned());
        crowds.add_alias(7, &mut known, "name 300");
        crowds.add_alias(7, &mut known, "name 301");
        assert_eq!(known.aliases.len(), 302);
        let more = EntityDetails { aliases: vec!["name 5".to_owned(), "x".to_owned()], ..EntityDetails::EMPTY };
        crowds.merge(7, &mut known, more);
        assert_eq!((known.aliases.len(), known.aliases.last().map(String::as_str)), (303, Some("x")));
    }
}
