//! Several machines answer as one does: threads that talk over loopback, and whole processes.
//!
//! `cargo test --features distributed --test distributed`; `CUIBONO_CASES=1000` sets the number of random graphs.

#[path = "../oracle/mod.rs"]
mod oracle;
#[path = "../support/random.rs"]
mod random;
#[path = "../support/mod.rs"]
mod support;

mod failure;
mod graphs;
mod machines;
mod processes;
mod same;
mod skewed;
mod streams;
