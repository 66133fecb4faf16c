//! What is wrong with the *data*: findings that never stop a load.

use crate::error::Location;
use serde::Serialize;
use std::collections::BTreeMap;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Info,
    /// An answer may be less certain than it looks.
    Warning,
    /// At least one statement is wrong or unusable.
    Error,
}

/// One finding about the data.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The rule it breaks.
    pub rule: Rule,
    /// Where the input says so.
    pub location: Location,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// Findings with an upper bound on how many of each rule are kept: a register with a million faults of one kind is
/// counted, not copied.
#[derive(Debug, Clone, Default)]
pub struct ProblemLog {
    kept: Vec<Problem>,
    counts: BTreeMap<Rule, usize>,
}

impl ProblemLog {
    /// Findings of one rule that are kept whole.
    pub const KEPT: usize = 1000;

    /// Adds a finding.
    pub fn push(&mut self, problem: Problem) {
        let count = self.counts.entry(problem.rule).or_default();
        *count += 1;
        if *count <= Self::KEPT {
            self.kept.push(problem);
        }
    }

    /// The findings that were kept.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.kept.iter()
    }

    /// How many findings there are, kept or not.
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many findings of each rule there are beyond those that were kept.
    pub fn beyond_kept(&self) -> impl Iterator<Item = (Rule, usize)> {
        self.counts.iter().filter(|&(_, &count)| count > Self::KEPT).map(|(&rule, &count)| (rule, count - Self::KEPT))
    }
}

/// The data-quality rules, each with a stable identifier.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The stated shares in one entity sum to more than the whole.
    OverSubscribed,
    /// Two accounts of one stake do not meet.
    RivalAccounts,
    /// A ring of entities that hold one another, or an entity that holds itself.
    Circle,
    /// A jurisdiction code that is not known.
    UnknownJurisdiction,
    /// The same entity is described differently in two places.
    ConflictingDescription,
    /// Two entities carry the same identifier.
    DuplicateIdentifier,
    /// An interest has neither a start nor an end.
    Undated,
    /// An interest ends before it starts.
    EndBeforeStart,
    /// An indirect interest stands beside the chain of direct ones that it summarises.
    IndirectBesideChain,
    /// No source is named.
    NoSource,
    /// An entity that no interest touches.
    Isolated,
    /// A record that could not be read.
    RejectedRecord,
    /// A party that something refers to and nothing describes.
    DanglingParty,
    /// The user's list of matches speaks of somebody whom no input mentions.
    UnknownMatch,
    /// A column of a table that means nothing to the reader.
    UnreadColumn,
    /// Shares that look like fractions of 1 where percent is read.
    FractionShares,
    /// A value that cannot be read in a record that counts without it.
    UnreadableValue,
    /// Two statements carry one id and say different things.
    RepeatedStatement,
}

impl Rule {
    /// Every rule, in the order in which `check --rules` prints them.
    pub const ALL: [Rule; 18] = [
        Rule::OverSubscribed,
        Rule::RivalAccounts,
        Rule::Circle,
        Rule::UnknownJurisdiction,
        Rule::ConflictingDescription,
        Rule::DuplicateIdentifier,
        Rule::Undated,
        Rule::EndBeforeStart,
        Rule::IndirectBesideChain,
        Rule::NoSource,
        Rule::Isolated,
        Rule::RejectedRecord,
        Rule::DanglingParty,
        Rule::UnknownMatch,
        Rule::UnreadColumn,
        Rule::FractionShares,
        Rule::UnreadableValue,
        Rule::RepeatedStatement,
    ];

    /// The stable identifier that scripts may rely on.
    pub fn id(self) -> &'static str {
        match self {
            Rule::OverSubscribed => "over-subscribed",
            Rule::RivalAccounts => "rival-accounts",
            Rule::Circle => "circle",
            Rule::UnknownJurisdiction => "unknown-jurisdiction",
            Rule::ConflictingDescription => "conflicting-description",
            Rule::DuplicateIdentifier => "duplicate-identifier",
            Rule::Undated => "undated",
            Rule::EndBeforeStart => "end-before-start",
            Rule::IndirectBesideChain => "indirect-beside-chain",
            Rule::NoSource => "no-source",
            Rule::Isolated => "isolated",
            Rule::RejectedRecord => "rejected-record",
            Rule::DanglingParty => "dangling-party",
            Rule::UnknownMatch => "unknown-match",
            Rule::UnreadColumn => "unread-column",
            Rule::FractionShares => "fraction-shares",
            Rule::UnreadableValue => "unreadable-value",
            Rule::RepeatedStatement => "repeated-statement",
        }
    }

    /// How grave a breach is.
    pub fn severity(self) -> Severity {
        match self {
            Rule::OverSubscribed | Rule::EndBeforeStart | Rule::RejectedRecord => Severity::Error,
            Rule::RivalAccounts
            | Rule::UnknownJurisdiction
            | Rule::ConflictingDescription
            | Rule::DuplicateIdentifier
            | Rule::DanglingParty
            | Rule::UnknownMatch
            | Rule::FractionShares
            | Rule::UnreadableValue
            | Rule::RepeatedStatement => Severity::Warning,
            Rule::Circle
            | Rule::Undated
            | Rule::IndirectBesideChain
            | Rule::NoSource
            | Rule::Isolated
            | Rule::UnreadColumn => Severity::Info,
        }
    }

    /// What the rule says, in one sentence.
    pub fn explanation(self) -> &'static str {
        match self {
            Rule::OverSubscribed => {
                "The shares stated in one entity sum to more than 100 %: a statement is wrong or two overlap."
            }
            Rule::RivalAccounts => "Two statements describe one stake with ranges that do not meet.",
            Rule::Circle => "Entities hold one another in a circle, or an entity holds itself.",
            Rule::UnknownJurisdiction => "A jurisdiction code is neither ISO 3166 nor a known register code.",
            Rule::ConflictingDescription => "One entity is described differently in two places.",
            Rule::DuplicateIdentifier => "Two entities carry the same identifier.",
            Rule::Undated => "An interest has neither a start nor an end date.",
            Rule::EndBeforeStart => "An interest ends before it starts.",
            Rule::IndirectBesideChain => {
                "An indirect interest stands beside a chain of direct ones: it is a floor, not a further stake."
            }
            Rule::NoSource => "An interest names no source.",
            Rule::Isolated => "An entity takes part in no interest.",
            Rule::RejectedRecord => "A record could not be read; the rest of its input was.",
            Rule::DanglingParty => "A statement refers to a party that no record describes; it stays under its id.",
            Rule::UnknownMatch => "The list of matches speaks of somebody whom no input mentions.",
            Rule::UnreadColumn => "A column of a table is not read.",
            Rule::FractionShares => "Shares look like fractions of 1, but are read as percent.",
            Rule::UnreadableValue => "A value of a record could not be read; the record counts without it.",
            Rule::RepeatedStatement => "Two statements carry one id and say different things; both are kept.",
        }
    }
}
