//! `cuibono convert`: every format, written by the program and read back.

#[path = "../support/graphs.rs"]
mod graphs;
#[path = "../support/run.rs"]
mod run;
#[cfg(feature = "parquet")]
#[path = "../support/tally.rs"]
mod tally;

mod data;
mod networks;
mod outputs;
#[cfg(feature = "parquet")]
mod parquet_inputs;
mod reading;
mod round_trips;
mod tables;
