//! From names to nodes: who is meant by a text that somebody typed.
//!
//! A [`NameIndex`] is built once from `(node, name, kind)` triples and then answers two questions:
//!
//! - [`NameIndex::find`]: the best matches for a text, as it is typed, ranked and each with its reason;
//! - [`NameIndex::resolve`]: the one node that is clearly meant, or the candidates, and never a guess.
//!
//! ```
//! use cuibono::search::{NameIndex, NameKind, Resolution};
//!
//! let names = [
//!     (0, "NSO Group Technologies Ltd", NameKind::Name),
//!     (0, "NSO", NameKind::Alias),
//!     (1, "NSO Holdings Limited", NameKind::Name),
//! ];
//! let index = NameIndex::build(names, |_node| 1);
//!
//! assert!(matches!(index.resolve("N.S.O."), Resolution::One(hit) if hit.node == 0));
//! assert!(matches!(index.resolve("nso holdings ltd"), Resolution::One(hit) if hit.node == 1));
//! assert!(matches!(index.resolve("Shell"), Resolution::None { .. }));
//! ```
//!
//! # How names are compared
//!
//! Names and texts are first folded to plain keys (see [`Folded`]). Matches come in tiers; a match of a
//! higher tier always stands before one of a lower tier:
//!
//! | score | match | reason |
//! |---|---|---|
//! | 1, 0.97, 0.95 | the whole name, alias, former name | exact, alias, former |
//! | 0.93, 0.92, 0.91 | the same, where one side leaves the legal form out | exact, alias, former |
//! | 0.88 | the same but for where spaces stand | inexact |
//! | 0.84–0.87 | the name begins with the text, which ends at the end of a word | prefix |
//! | 0.79–0.82 | the name begins with the text | prefix |
//! | 0.74–0.77 | all words of the text stand in the name, the last perhaps unfinished | all-tokens |
//! | 0.69–0.72 | all words of the text begin words of the name | all-tokens |
//! | 0.66–0.68 | words match, the legal form is another; or words match if spaces are moved | inexact |
//! | below 0.65 | the words resemble each other; numbers do not | inexact |
//!
//! Within the tiers from 0.87 down to 0.66, nodes with more weight (in steps of a factor of two) come
//! first, then names before aliases and shorter names before longer ones. Full ties: higher weight, then
//! the smaller node. The order never depends on the order of building or on the machine.
//!
//! Identifiers are not names: look those up in the graph before asking here.

mod along;
mod asked;
mod build;
mod chars;
mod dictionary;
pub(crate) mod distance;
mod entities;
mod find;
mod fuzzy;
mod index;
mod intern;
mod legal;
mod lists;
mod looks;
#[cfg(test)]
mod made_up;
mod name_lists;
mod normalise;
mod packed;
mod parts;
mod possible;
mod query;
mod rank;
mod resolve;
mod sections;
mod spread;
mod whole;

pub use entities::{EntityNames, Match};
pub use index::{NameIndex, NameKind};
pub use looks::looking_like;
pub use normalise::{Folded, core_key, key};
pub use possible::{PossibleMatch, possible_matches};
pub use rank::{Hit, MatchedName, Reason};
pub use resolve::Resolution;
pub use whole::entity_with_name;
