//! Every format that is read, on small records made for the purpose and on real files of `../shared/data`.

#[path = "../support/tally.rs"]
mod counted;
#[path = "../support/graphs.rs"]
mod graphs;
#[path = "../support/run.rs"]
#[allow(unused_imports)]
mod run;

mod bods;
mod edges;
mod ftm;
mod gleif;
mod icij;
mod pieces;
mod psc;
mod shared;
