//! One escaper for each kind of output.
//!
//! Names come from outside and may hold anything. Each escaper returns a type of its own, so that a text that
//! is safe in one place cannot be put into another by mistake. The rules were found by feeding the big list of
//! naughty strings to the programs that read the formats.

pub mod bidi;
pub mod csv;
pub mod dot;
pub mod markdown;
pub mod mermaid;
pub mod shell;
pub mod terminal;
pub mod visible;
pub mod xml;
