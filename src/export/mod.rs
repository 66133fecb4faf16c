//! Charts as files. All writers draw the same [`Geometry`](crate::diagram::layout::Geometry), except DOT and
//! Mermaid, which leave the placing to the program that reads them.

pub mod chart;
pub mod dot;
pub mod html;
pub mod losses;
pub mod mermaid;
#[cfg(feature = "png")]
pub mod png;
pub mod svg;
