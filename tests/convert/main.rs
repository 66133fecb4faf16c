//! `cuibono convert`: every format, written by the program and read back.

#[path = "../support/graphs.rs"]
mod graphs;
#[path = "../support/run.rs"]
mod run;

mod data;
mod networks;
mod outputs;
mod reading;
mod round_trips;
mod tables;
