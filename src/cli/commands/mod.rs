//! One file a command: its arguments and what it prints.

pub mod beneficial_owners_of;
pub mod check;
pub mod circular;
pub mod close_links;
#[cfg(feature = "distributed")]
pub mod cluster;
pub mod controlled_by;
pub mod controllers_of;
pub mod convert;
pub mod diagram;
pub mod diff;
pub mod effective_shares;
pub mod entities_in;
pub mod explain;
pub mod generate;
pub mod holdings_of;
pub mod index;
pub mod jurisdictions;
pub mod matches;
pub mod owners_of;
pub mod paths;
pub mod power;
pub mod rules;
pub mod screen;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod show;
pub mod sources;
pub mod stats;
pub mod timeline;
mod tree;
pub mod ultimate_controllers;
