//! A slow and obvious reference for the numbers and verdicts of the engine, for graphs of at most seven entities.
//!
//! It shares no code with the crate and takes no short cut: every vertex of every company's polytope of feasible
//! shares is visited, every linear system is solved in whole numbers (fraction-free elimination in `i128`, overflow
//! panics), every fixpoint starts from nothing and grows. Each item quotes the sentence of the semantics page that it
//! implements ("S:"); where a sentence leaves room, the reading is marked ("Reading:").
//!
//! Not modelled: nominees and nominators, rival accounts of different statements, confidence, bounds of dates
//! (`not_before` / `not_after`), `--open-world`, approximate shares. Callers pass a view: rows of one account, one day.
#![allow(dead_code, clippy::needless_range_loop)]

mod columns;
mod control;
mod fractions;
mod graph;
mod screening;
mod shares;

#[allow(unused_imports)]
pub use columns::*;
#[allow(unused_imports)]
pub use control::*;
#[allow(unused_imports)]
pub use fractions::*;
#[allow(unused_imports)]
pub use graph::*;
#[allow(unused_imports)]
pub use screening::*;
#[allow(unused_imports)]
pub use shares::*;
use std::collections::{BTreeMap, BTreeSet};

/// S: "shares are integers inside (parts per billion; sums in 64 bits)". 100 % is `ONE`.
pub const ONE: i64 = 1_000_000_000;

/// Reading: a circular group that nobody outside holds ends the chain as an owner without owners does, so all that
/// reaches the group is the group's, also what its members leave to unknown holders. `false`: only what can never leave
/// the group is the group's, the rest is unaccounted.
pub const GROUP_COUNTS_WHOLE: bool = true;

/// More combinations of vertices than this are refused: the graph is not for this reference.
pub const MAX_COMBINATIONS: usize = 50_000;
