//! Randomised properties of the answers, against the slow reference in `oracle/`.
//!
//! Deterministic: graph `k` of a property comes from the seed `k`. `CUIBONO_CASES=1000` sets the number of graphs per
//! property (default 60), `CUIBONO_SEED=17` runs that one graph alone. A graph that fails is made smaller, interest by
//! interest, before it is printed.

#![allow(clippy::needless_range_loop)]

#[path = "../oracle/mod.rs"]
mod oracle;
#[path = "../support/random.rs"]
mod random;
#[path = "../support/mod.rs"]
mod support;

mod answers;
mod control;
mod graphs;
mod reference;
mod running;
mod screening;
mod shares;

use graphs::*;
use oracle::*;
use random::Random;
use running::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{Engine, Held, Owners};

const P: i64 = ONE / 100;
/// A billionth of a percent.
const TOLERANCE: f64 = 1e-9;
