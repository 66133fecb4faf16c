//! What a match is worth, and the best of many.

use crate::search::index::NameKind;
use crate::search::sections::Sections;

/// One node that a text may mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The node.
    pub node: u32,
    /// From 0 to 1, comparable between matches of one text; see the [module](crate::search) for the scale.
    pub score: f32,
    /// The name that matched; of several names of one node the best.
    pub matched: MatchedName,
    /// How it matched.
    pub reason: Reason,
}

/// Which name matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MatchedName {
    /// What the name is to its node.
    pub kind: NameKind,
    /// Its place among the names given to [`NameIndex::build`](crate::search::NameIndex::build), from 0.
    pub index: u32,
}

/// Why a name matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The text is the name.
    Exact,
    /// The text is an alias.
    Alias,
    /// The text is a former name.
    Former,
    /// The name begins with the text.
    Prefix,
    /// All words of the text are in the name.
    AllTokens,
    /// The text resembles the name.
    Inexact,
}

impl Reason {
    /// The reason in one word: `exact`, `alias`, `former`, `prefix`, `all-tokens`, `inexact`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Alias => "alias",
            Self::Former => "former",
            Self::Prefix => "prefix",
            Self::AllTokens => "all-tokens",
            Self::Inexact => "inexact",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How good a match is, best first. A higher tier stands before any lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The text is the whole name.
    Whole(NameKind),
    /// The text is the name, where one of them leaves the legal form out.
    Bare(NameKind),
    /// The text is the name but for where spaces stand.
    Spacing,
    /// The name begins with the words of the text.
    WordStart,
    /// The name begins with the text.
    Start,
    /// All words of the text are in the name.
    AllWords,
    /// All words of the text begin words of the name.
    AllStarts,
    /// As one of the four above, with spaces moved.
    Moved,
    /// As one of those, but for the legal form.
    OtherForm,
    /// Resembles the text.
    Alike,
}

impl Tier {
    fn base(self) -> f32 {
        match self {
            Self::Whole(NameKind::Name) => 1.0,
            Self::Whole(NameKind::Alias) => 0.97,
            Self::Whole(NameKind::Former) => 0.95,
            Self::Bare(NameKind::Name) => 0.93,
            Self::Bare(NameKind::Alias) => 0.92,
            Self::Bare(NameKind::Former) => 0.91,
            Self::Spacing => 0.88,
            Self::WordStart => 0.84,
            Self::Start => 0.79,
            Self::AllWords => 0.74,
            Self::AllStarts => 0.69,
            Self::Moved => 0.67,
            Self::OtherForm => 0.66,
            Self::Alike => 0.0,
        }
    }

    /// How far the quality of a name lifts it within its tier.
    fn span(self) -> f32 {
        match self {
            Self::Whole(_) | Self::Bare(_) | Self::Spacing | Self::Alike => 0.0,
            Self::WordStart | Self::Start | Self::AllWords | Self::AllStarts => 0.03,
            Self::Moved | Self::OtherForm => 0.009,
        }
    }

    /// What a name matched in this tier is worth.
    pub(super) fn score(self, sections: &Sections, name: u32) -> f32 {
        self.base() + self.span() * sections.quality(name)
    }

    fn reason(self) -> Reason {
        match self {
            Self::Whole(kind) | Self::Bare(kind) => match kind {
                NameKind::Name => Reason::Exact,
                NameKind::Alias => Reason::Alias,
                NameKind::Former => Reason::Former,
            },
            Self::WordStart | Self::Start => Reason::Prefix,
            Self::AllWords | Self::AllStarts => Reason::AllTokens,
            Self::Spacing | Self::Moved | Self::OtherForm | Self::Alike => Reason::Inexact,
        }
    }
}

/// The score of a full resemblance.
pub(super) const ALIKE_SCORE: f32 = 0.65;

/// One name that may be meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) tier: Tier,
    pub(super) score: f32,
    pub(super) name: u32,
    pub(super) node: u32,
}

impl Candidate {
    /// A match of `tier`. `None` for a name that a damaged index leads to and does not have.
    pub(super) fn of_tier(sections: &Sections, tier: Tier, name: u32) -> Option<Self> {
        Some(Self { tier, score: tier.score(sections, name), name, node: sections.node(name)? })
    }

    /// A name that resembles the text, from 0 to 1.
    pub(super) fn alike(sections: &Sections, resemblance: f32, name: u32) -> Option<Self> {
        let node = sections.node(name)?;
        Some(Self { tier: Tier::Alike, score: ALIKE_SCORE * resemblance, name, node })
    }

    /// True when this stands before `other`.
    fn is_before(&self, other: &Self) -> bool {
        other.is_behind(self.score, self.name)
    }

    /// True when a name of this score stands before this. Names are numbered best first.
    fn is_behind(&self, score: f32, name: u32) -> bool {
        self.score.total_cmp(&score).then(name.cmp(&self.name)).is_lt()
    }

    pub(super) fn hit(&self, sections: &Sections) -> Hit {
        let index = sections.ordinal(self.name);
        let matched = MatchedName { kind: sections.kind(self.name), index };
        Hit { node: self.node, score: self.score, matched, reason: self.tier.reason() }
    }
}

/// The best candidates so far, one for each node, best first.
pub(super) struct Best {
    limit: usize,
    found: Vec<Candidate>,
}

impl Best {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, found: Vec::with_capacity(limit.min(64) + 1) }
    }

    /// Takes a candidate in if it is among the best. False when it stands behind a full list: then so does
    /// every later name of the same tier.
    pub(super) fn offer(&mut self, candidate: Candidate) -> bool {
        if self.refuses(candidate.score, candidate.name) {
            return false;
        }
        let same = self.found.iter().position(|other| other.node == candidate.node);
        match same {
            Some(at) if candidate.is_before(&self.found[at]) => drop(self.found.remove(at)),
            Some(_) => return true,
            None => {}
        }
        let at = self.found.partition_point(|other| other.is_before(&candidate));
        self.found.insert(at, candidate);
        self.found.truncate(self.limit);
        true
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// True when a name of this score stands behind a full list.
    pub(super) fn refuses(&self, score: f32, name: u32) -> bool {
        self.is_full() && !self.found.last().is_some_and(|last| last.is_behind(score, name))
    }

    /// True when no match of `tier` or below can still get in.
    pub(super) fn is_settled(&self, tier: Tier) -> bool {
        self.is_full() && self.found.last().is_none_or(|last| last.tier < tier)
    }

    pub(super) fn best_tier(&self) -> Option<Tier> {
        self.found.first().map(|best| best.tier)
    }

    pub(super) fn into_vec(self) -> Vec<Candidate> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(score: f32, name: u32, node: u32) -> Candidate {
        Candidate { tier: Tier::Alike, score, name, node }
    }

    #[test]
    fn the_best_name_of_each_node_is_kept() {
        let mut best = Best::new(2);
        for (score, name, node) in [(0.1, 5, 1), (0.3, 6, 1), (0.2, 7, 2), (0.2, 4, 3), (0.25, 9, 1)] {
            best.offer(candidate(score, name, node));
        }
        let found: Vec<_> = best.into_vec().iter().map(|c| (c.name, c.node)).collect();
        assert_eq!(found, [(6, 1), (4, 3)]);
    }

    #[test]
    fn a_full_list_refuses_what_is_worse() {
        let mut best = Best::new(1);
        assert!(best.offer(candidate(0.5, 1, 1)));
        assert!(!best.offer(candidate(0.5, 2, 2)));
        assert!(best.offer(candidate(0.5, 0, 3)));
        assert!(!Best::new(0).offer(candidate(1.0, 0, 0)));
    }

    #[test]
    fn scores_of_tiers_do_not_overlap() {
        use NameKind::{Alias, Former, Name};
        let tiers = [
            Tier::Whole(Name),
            Tier::Whole(Alias),
            Tier::Whole(Former),
            Tier::Bare(Name),
            Tier::Bare(Alias),
            Tier::Bare(Former),
            Tier::Spacing,
            Tier::WordStart,
            Tier::Start,
            Tier::AllWords,
            Tier::AllStarts,
            Tier::Moved,
            Tier::OtherForm,
        ];
        for pair in tiers.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].base() > pair[1].base() + pair[1].span(), "{pair:?}");
        }
        assert!(Tier::OtherForm.base() > ALIKE_SCORE);
    }
}
