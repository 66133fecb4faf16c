//! The packed rows of entities and interests.

use super::NodeId;
use super::arena::Span;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, InterestKind, Mark, Marks, PartialDate, Share, ShareRange,
};

/// Stands for "no jurisdiction" in [`Node::jurisdiction`].
pub(crate) const NO_JURISDICTION: u16 = u16::MAX;

/// The row of an entity while the graph is built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Its name; an empty span for one that is named after its id.
    pub name: Span,
    pub kind: EntityKind,
    pub jurisdiction: u16,
    /// The family of formats in which its id was given.
    pub namespace: u8,
    pub knowledge: Knowledge,
    /// Partial dates in their packed form, 0 where not known.
    pub founded: u32,
    pub dissolved: u32,
}

/// What the inputs told of a node, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Knowledge(pub(super) u8);

impl Knowledge {
    /// Its jurisdiction is inferred.
    pub(crate) const JURISDICTION_INFERRED: Self = Self(1);
    /// All its owners are stated.
    pub(crate) const OWNERS_COMPLETE: Self = Self(1 << 1);
    /// A record describes it.
    pub(crate) const DECLARED: Self = Self(1 << 2);
    /// Somebody told its name.
    pub(crate) const NAMED: Self = Self(1 << 3);
    /// Somebody told its kind.
    pub(crate) const KIND: Self = Self(1 << 4);

    pub(crate) const fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }

    pub(crate) const fn with(self, bit: Self, set: bool) -> Self {
        if set { Self(self.0 | bit.0) } else { self }
    }

    pub(crate) const fn without(self, bit: Self) -> Self {
        Self(self.0 & !bit.0)
    }
}

/// The row of an interest: who holds how much of whom, by what right, when. Eight words of 32 bits, the same in memory and
/// in a file: owner, owned, lowest and highest share in parts per billion, start and end as packed dates, account, and
/// kind, cautions and flags together.
///
/// Plain dates stand in the row; dates known only within bounds stand in a sparse table of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interest([u32; 8]);

const OWNER: usize = 0;
const OWNED: usize = 1;
const MIN: usize = 2;
const MAX: usize = 3;
const START: usize = 4;
const END: usize = 5;
const ACCOUNT: usize = 6;
/// Marks in the lower half, then kind and flags.
const PACKED: usize = 7;
const KIND_SHIFT: u32 = 16;
const FLAGS_SHIFT: u32 = 24;

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

impl InterestParts {
    /// What an interest was made from, given what does not stand in its row: when it began and ended, and the input and the
    /// record that state it. The marks are all that it carries, those too that follow from its members.
    pub(crate) fn of(interest: &Interest, (start, end): (DateBound, DateBound), (input, record): (u16, u32)) -> Self {
        Self {
            owner: interest.owner(),
            owned: interest.owned(),
            kind: interest.kind(),
            share: interest.share(),
            start,
            end,
            directness: interest.directness(),
            confidence: interest.confidence(),
            marks: interest.marks(),
            controlling: interest.is_controlling(),
            account: interest.account(),
            input,
            record,
        }
    }
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
        Self([
            parts.owner.0,
            parts.owned.0,
            parts.share.min().ppb(),
            parts.share.max().ppb(),
            plain_bits(parts.start),
            plain_bits(parts.end),
            parts.account,
            u32::from(marks.bits()) | (parts.kind as u32) << KIND_SHIFT | u32::from(flags) << FLAGS_SHIFT,
        ])
    }

    /// The row as it stands in a file.
    pub(crate) const fn from_words(words: [u32; 8]) -> Self {
        Self(words)
    }

    pub(crate) const fn words(self) -> [u32; 8] {
        self.0
    }

    /// Who holds it.
    pub fn owner(&self) -> NodeId {
        NodeId(self.0[OWNER])
    }

    /// Who is held.
    pub fn owned(&self) -> NodeId {
        NodeId(self.0[OWNED])
    }

    /// What right it is.
    pub fn kind(&self) -> InterestKind {
        let number = (self.0[PACKED] >> KIND_SHIFT & 0xff) as usize;
        InterestKind::ALL.get(number).copied().unwrap_or(InterestKind::UnknownInterest)
    }

    /// The statement to which it belongs.
    pub(crate) fn account(&self) -> u32 {
        self.0[ACCOUNT]
    }

    /// The same interest between other parties.
    pub(crate) fn between(mut self, owner: NodeId, owned: NodeId) -> Self {
        self.set_owner(owner);
        self.set_owned(owned);
        self
    }

    pub(crate) fn set_owner(&mut self, owner: NodeId) {
        self.0[OWNER] = owner.0;
    }

    pub(crate) fn set_owned(&mut self, owned: NodeId) {
        self.0[OWNED] = owned.0;
    }

    pub(crate) fn set_account(&mut self, account: u32) {
        self.0[ACCOUNT] = account;
    }

    fn flags(&self) -> u8 {
        (self.0[PACKED] >> FLAGS_SHIFT) as u8
    }

    /// How much is held, as stated.
    pub fn share(&self) -> ShareRange {
        let (min, max) = (Share::from_ppb(self.0[MIN]), Share::from_ppb(self.0[MAX]));
        ShareRange::new(min, max, self.has(MIN_OPEN), self.has(MAX_OPEN)).unwrap_or(ShareRange::exact(max))
    }

    /// Whether it is held directly.
    pub fn directness(&self) -> Directness {
        if self.has(INDIRECT) {
            Directness::Indirect
        } else if self.marks().has(Mark::DirectnessUnknown) {
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
        match self.flags() >> CONFIDENCE_SHIFT & 3 {
            0 => Confidence::Low,
            1 => Confidence::Medium,
            _ => Confidence::High,
        }
    }

    /// The cautions it carries.
    pub fn marks(&self) -> Marks {
        Marks::from_bits(self.0[PACKED] as u16)
    }

    /// Whether a right without a share certainly gives control here.
    pub fn is_controlling(&self) -> bool {
        self.has(CONTROLLING)
    }

    fn has(&self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    pub(crate) fn has_bounds(&self) -> bool {
        self.has(HAS_BOUNDS)
    }

    pub(crate) fn plain_start(&self) -> DateBound {
        PartialDate::from_bits(self.0[START]).map_or(DateBound::Missing, DateBound::On)
    }

    pub(crate) fn plain_end(&self) -> DateBound {
        PartialDate::from_bits(self.0[END]).map_or(DateBound::Missing, DateBound::On)
    }
}

fn plain_bits(bound: DateBound) -> u32 {
    match bound {
        DateBound::On(date) => PartialDate::to_bits(Some(date)),
        _ => 0,
    }
}
