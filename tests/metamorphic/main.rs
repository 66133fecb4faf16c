//! Metamorphic tests: data are changed in a way whose effect on the answers is known, whatever the data are.
//!
//! `properties` holds small graphs against the reference and changes them through the program; here the library is asked, with
//! every kind of interest, date and share, through every format, and with shapes that are far too large for the reference.
//! Deterministic: graph `k` comes from the seed `k`. `CUIBONO_CASES=1000` sets the number of graphs for each property.

#[path = "../support/graphs.rs"]
mod graphs;
#[path = "../support/random.rs"]
mod random;
#[path = "../support/tally.rs"]
mod tally;

mod floods;
mod formats;
mod knowledge;
mod numbers;
mod order;
mod shapes;
mod sketch;
