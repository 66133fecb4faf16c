//! Charts as files, and whole graphs in the formats of other programs.
//!
//! All pictures draw the same [`Geometry`](crate::diagram::layout::Geometry), except DOT and Mermaid, which leave the
//! placing to the program that reads them. All tables have the [columns] of one list.

pub mod bods;
pub mod chart;
pub mod columns;
pub mod dot;
pub mod files;
#[cfg(feature = "png")]
pub mod fonts;
pub mod ftm;
pub mod gexf;
pub mod graphml;
pub mod html;
pub mod jsonl;
pub mod losses;
pub mod mermaid;
pub mod neo4j;
mod network;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(feature = "png")]
pub mod png;
pub mod records;
mod remarks;
pub mod svg;
pub mod tables;
pub mod tree;
