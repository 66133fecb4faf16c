//! Who ultimately owns what.
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagram;
pub mod error;
pub mod escape;
pub mod export;
pub mod graph;
pub mod load;
pub mod model;
pub mod problem;
pub mod query;
pub mod search;
