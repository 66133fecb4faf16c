//! The packed rows of entities and interests.

use super::NodeId;
use super::arena::Span;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, InterestKind, Mark, Marks, PartialDate, Share, ShareRange,
};

/// Stands for "no jurisdiction" in [`Node::jurisdiction`].
pub(crate) const NO_JURISDICTION: u16 = u16::MAX;

/// The row of an entity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub id: Span,
    pub name: Span,
    pub kind: EntityKind,
    pub jurisdiction: u16,
    pub jurisdiction_inferred: bool,
    pub owners_complete: bool,
    /// The family of formats in which its id was given.
    pub namespace: u8,
    /// Partial dates in their packed form, 0 where not known.
    pub founded: u32,
    pub dissolved: u32,
}

/// An official number of an entity, as the data write it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdentifierRow {
    pub node: NodeId,
    pub scheme: u16,
    pub value: Span,
}

/// The row of an interest: who holds how much of whom, by what right, when.
///
/// Plain dates stand in the row; dates known only within bounds stand in a sparse table of the graph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interest {
    pub(crate) owner: NodeId,
    pub(crate) owned: NodeId,
    min: u32,
    max: u32,
    start: u32,
    end: u32,
    pub(crate) account: u32,
    pub(crate) record: u32,
    marks: Marks,
    pub(crate) input: u16,
    kind: InterestKind,
    flags: u8,
}

const MIN_OPEN: u8 = 1;
const MAX_OPEN: u8 = 1 << 1;
const INDIRECT: u8 = 1 << 2;
const CONTROLLING: u8 = 1 << 3;
const HAS_BOUNDS: u8 = 1 << 4;
const CONFIDENCE_SHIFT: u8 = 5;

/// What an [`Interest`] is made from.
pub(crate) struct InterestParts {
    pub owner: NodeId,
    pub owned: NodeId,
    pub kind: InterestKind,
    pub share: ShareRange,
    pub start: DateBound,
    pub end: DateBound,
    pub directness: Directness,
    pub confidence: Confidence,
    pub marks: Marks,
    pub controlling: bool,
    pub account: u32,
    pub input: u16,
    pub record: u32,
}

impl Interest {
    pub(crate) fn new(parts: &InterestParts) -> Self {
        let bounded = |bound: DateBound| matches!(bound, DateBound::Between { .. });
        let has_bounds = bounded(parts.start) || bounded(parts.end);
        let undated = parts.start.is_missing() || parts.end.is_missing();
        let marks = parts
            .marks
            .with(Mark::Undated, undated)
            .with(Mark::DirectnessUnknown, parts.directness == Directness::Unknown)
            .with(Mark::LowConfidence, parts.confidence == Confidence::Low);
        let flag = |bit: u8, set: bool| if set { bit } else { 0 };
        let flags = flag(MIN_OPEN, parts.share.min_open())
            | flag(MAX_OPEN, parts.share.max_open())
            | flag(INDIRECT, parts.directness == Directness::Indirect)
            | flag(CONTROLLING, parts.controlling)
            | flag(HAS_BOUNDS, has_bounds)
            | (parts.confidence as u8) << CONFIDENCE_SHIFT;
        Self {
            owner: parts.owner,
            owned: parts.owned,
            min: parts.share.min().ppb(),
            max: parts.share.max().ppb(),
            start: plain_bits(parts.start),
            end: plain_bits(parts.end),
            account: parts.account,
            record: parts.record,
            marks,
            input: parts.input,
            kind: parts.kind,
            flags,
        }
    }

    /// Who holds it.
    pub fn owner(&self) -> NodeId {
        self.owner
    }

    /// Who is held.
    pub fn owned(&self) -> NodeId {
        self.owned
    }

    /// What right it is.
    pub fn kind(&self) -> InterestKind {
        self.kind
    }

    /// How much is held, as stated.
    pub fn share(&self) -> ShareRange {
        let (min, max) = (Share::from_ppb(self.min), Share::from_ppb(self.max));
        ShareRange::new(min, max, self.has(MIN_OPEN), self.has(MAX_OPEN)).unwrap_or(ShareRange::exact(max))
    }

    /// Whether it is held directly.
    pub fn directness(&self) -> Directness {
        if self.has(INDIRECT) {
            Directness::Indirect
        } else if self.marks.has(Mark::DirectnessUnknown) {
            Directness::Unknown
        } else {
            Directness::Direct
        }
    }

    /// Whether it is held through others.
    pub fn is_indirect(&self) -> bool {
        self.has(INDIRECT)
    }

    /// How far the statement can be relied upon.
    pub fn confidence(&self) -> Confidence {
        match self.flags >> CONFIDENCE_SHIFT & 3 {
            0 => Confidence::Low,
            1 => Confidence::Medium,
            _ => Confidence::High,
        }
    }

    /// The cautions it carries.
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Whether a right without a share certainly gives control here.
    pub fn is_controlling(&self) -> bool {
        self.has(CONTROLLING)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn has_bounds(&self) -> bool {
        self.has(HAS_BOUNDS)
    }

    pub(crate) fn plain_start(&self) -> DateBound {
        PartialDate::from_bits(self.start).map_or(DateBound::Missing, DateBound::On)
    }

    pub(crate) fn plain_end(&self) -> DateBound {
        PartialDate::from_bits(self.end).map_or(DateBound::Missing, DateBound::On)
    }
}

fn plain_bits(bound: DateBound) -> u32 {
    match bound {
        DateBound::On(date) => PartialDate::to_bits(Some(date)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stays_small() {
        assert!(size_of::<Interest>() <= 40, "{}", size_of::<Interest>());
        assert!(size_of::<Node>() <= 32, "{}", size_of::<Node>());
    }
}
