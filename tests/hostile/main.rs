//! Inputs that are cut off, packed to explode, or made to be misread: what is believed of them, and what is said.

#[path = "../support/run.rs"]
#[allow(unused_imports)]
mod run;
#[path = "../readers/shared.rs"]
mod shared;
#[path = "../support/tally.rs"]
mod tally;

mod archives;
mod blns;
mod encodings;
mod files;
mod fixtures;
mod json_suite;
mod keep_going;
mod keys;
mod numbers;
mod spectrum;
mod truncation;
mod xml;
