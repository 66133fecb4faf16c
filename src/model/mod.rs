//! The vocabulary of the field: plain values, no I/O, no graph.

mod bound;
pub mod date;
pub mod entity;
pub mod fact;
pub mod ftm_id;
pub mod identifier;
pub mod interest;
pub mod jurisdiction;
pub mod lookalike;
pub mod remark;
pub mod share;
pub mod source;
pub(crate) mod text;

pub use date::{AsOf, DateBound, Day, PartialDate};
pub use entity::{EntityKind, EntityRecord};
pub use fact::Fact;
pub use identifier::Identifier;
pub use interest::{Confidence, Directness, InterestKind, InterestRecord, Layer, Mark, Marks};
pub use remark::Remark;
pub use share::{Share, ShareRange};
pub use source::Source;
