//! What is wrong with the *data*: findings that never stop a load.

use crate::error::Location;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
        *count = count.saturating_add(1);
        if *count <= Self::KEPT {
            self.kept.push(problem);
        }
    }

    /// Adds the findings of another log behind those of this one, with what the other counted and did not keep.
    pub fn merge(&mut self, other: &ProblemLog) {
        other.iter().for_each(|problem| self.push(problem.clone()));
        for (rule, beyond) in other.beyond_kept() {
            let count = self.counts.entry(rule).or_default();
            *count = count.saturating_add(beyond);
        }
    }

    /// The findings that were kept.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.kept.iter()
    }

    /// How many findings there are, kept or not.
    pub fn len(&self) -> usize {
        self.counts.values().fold(0, |all, &count| all.saturating_add(count))
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
    /// One id stands for a natural person in one place and for something else in another.
    KindsCollide,
    /// Two entities carry the same identifier.
    DuplicateIdentifier,
    /// An interest has neither a start nor an end.
    Undated,
    /// An interest ends no later than it starts, so that it never holds.
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
    /// An interest starts after the day on which it was stated.
    StatedBeforeStart,
    /// An interest in the capital whose share is not stated.
    UnknownShare,
    /// A natural person is held like a company.
    PersonHeld,
    /// An interest is held in a party that no source names.
    UnnamedHeld,
    /// An interest lies outside the life of its owner or of what is owned.
    OutsideLifetime,
    /// A number does not have the form that its scheme demands, such as the check digits of an LEI.
    MisshapenIdentifier,
    /// A name holds control, direction or invisible characters, which can hide one party behind another.
    HiddenCharacter,
    /// A word of a name mixes scripts that are not written together, such as Latin and Cyrillic.
    MixedScriptName,
    /// A name looks like that of another entity and is made of other letters.
    LooksLikeAnotherName,
    /// An ultimate parent is stated, and neither a direct parent nor another owner.
    LoneUltimateParent,
    /// All owners are said to be stated, yet their highest shares do not reach 100 %.
    IncompleteRegister,
    /// Records were joined on an equal identifier although their names have nothing in common.
    JoinedUnlikeNames,
    /// A value of a record that cannot be read; the record is used without it.
    UnreadableValue,
    /// A column of a table that means nothing to the reader.
    UnreadColumn,
    /// Shares that look like fractions of 1 where percent is read.
    FractionShares,
    /// Two statements carry one id and say different things.
    RepeatedStatement,
    /// One record states several bands of one right.
    SeveralBands,
    /// An input holds other numbers of records than it says itself.
    TotalsMismatch,
    /// An input broke off, and what stood before that was read.
    BrokenOff,
    /// A file of a folder or a member of an archive that is not read.
    UnreadInput,
}

/// What is known of a rule: its identifier, how grave a breach is, what it says in one sentence.
struct Entry(Rule, &'static str, Severity, &'static str);

/// Every rule in the order of the enumeration.
const RULES: [Entry; 35] = [
    Entry(
        Rule::OverSubscribed,
        "over-subscribed",
        Severity::Error,
        "The shares stated in one entity sum to more than 100 %: a statement is wrong or two overlap.",
    ),
    Entry(
        Rule::RivalAccounts,
        "rival-accounts",
        Severity::Warning,
        "Two statements describe one stake with ranges that do not meet.",
    ),
    Entry(Rule::Circle, "circle", Severity::Info, "Entities hold one another in a circle, or an entity holds itself."),
    Entry(
        Rule::UnknownJurisdiction,
        "unknown-jurisdiction",
        Severity::Warning,
        "A jurisdiction code is neither ISO 3166 nor a known register code.",
    ),
    Entry(
        Rule::ConflictingDescription,
        "conflicting-description",
        Severity::Warning,
        "One entity is described differently in two places.",
    ),
    Entry(
        Rule::KindsCollide,
        "kinds-collide",
        Severity::Error,
        "One id stands for a natural person in one place and for something else in another: they may be two parties.",
    ),
    Entry(
        Rule::DuplicateIdentifier,
        "duplicate-identifier",
        Severity::Warning,
        "Two entities carry the same identifier.",
    ),
    Entry(Rule::Undated, "undated", Severity::Info, "An interest has neither a start nor an end date."),
    Entry(
        Rule::EndBeforeStart,
        "end-before-start",
        Severity::Error,
        "An interest ends no later than it starts, so that it never holds.",
    ),
    Entry(
        Rule::IndirectBesideChain,
        "indirect-beside-chain",
        Severity::Info,
        "An indirect interest stands beside a chain of direct ones: it is a floor, not a further stake.",
    ),
    Entry(Rule::NoSource, "no-source", Severity::Info, "An interest names no source."),
    Entry(Rule::Isolated, "isolated", Severity::Info, "An entity takes part in no interest."),
    Entry(
        Rule::RejectedRecord,
        "rejected-record",
        Severity::Error,
        "A record could not be read; the rest of its input was.",
    ),
    Entry(
        Rule::DanglingParty,
        "dangling-party",
        Severity::Warning,
        "A statement refers to a party that no record describes; it stays under its id.",
    ),
    Entry(
        Rule::UnknownMatch,
        "unknown-match",
        Severity::Warning,
        "The list of matches speaks of somebody whom no input mentions.",
    ),
    Entry(
        Rule::StatedBeforeStart,
        "stated-before-start",
        Severity::Warning,
        "An interest starts after the day on which it was stated.",
    ),
    Entry(Rule::UnknownShare, "unknown-share", Severity::Info, "An interest in the capital whose share is not stated."),
    Entry(Rule::PersonHeld, "person-held", Severity::Error, "A natural person is held like a company."),
    Entry(Rule::UnnamedHeld, "unnamed-held", Severity::Warning, "An interest is held in a party that no source names."),
    Entry(
        Rule::OutsideLifetime,
        "outside-lifetime",
        Severity::Warning,
        "An interest lies outside the life of its owner or of what is owned.",
    ),
    Entry(
        Rule::MisshapenIdentifier,
        "misshapen-identifier",
        Severity::Warning,
        "A number does not have the form that its scheme demands, such as the check digits of an LEI.",
    ),
    Entry(
        Rule::HiddenCharacter,
        "hidden-character",
        Severity::Warning,
        "A name holds control, direction or invisible characters, which can hide one party behind another.",
    ),
    Entry(
        Rule::MixedScriptName,
        "mixed-script-name",
        Severity::Info,
        "A word of a name mixes scripts that are not written together, such as Latin and Cyrillic.",
    ),
    Entry(
        Rule::LooksLikeAnotherName,
        "looks-like-another-name",
        Severity::Info,
        "A name looks like that of another entity and is made of other letters.",
    ),
    Entry(
        Rule::LoneUltimateParent,
        "lone-ultimate-parent",
        Severity::Info,
        "An ultimate parent is stated, and neither a direct parent nor another owner.",
    ),
    Entry(
        Rule::IncompleteRegister,
        "incomplete-register",
        Severity::Error,
        "All owners are said to be stated, yet their highest shares do not reach 100 %.",
    ),
    Entry(
        Rule::JoinedUnlikeNames,
        "joined-unlike-names",
        Severity::Warning,
        "Records were joined on an equal identifier although their names have nothing in common.",
    ),
    Entry(
        Rule::UnreadableValue,
        "unreadable-value",
        Severity::Warning,
        "A value of a record cannot be read; the record is used without it.",
    ),
    Entry(Rule::UnreadColumn, "unread-column", Severity::Info, "A column of a table is not read."),
    Entry(
        Rule::FractionShares,
        "fraction-shares",
        Severity::Warning,
        "Shares look like fractions of 1, but are read as percent.",
    ),
    Entry(
        Rule::RepeatedStatement,
        "repeated-statement",
        Severity::Warning,
        "Two statements carry one id and say different things; both are kept.",
    ),
    Entry(
        Rule::SeveralBands,
        "several-bands",
        Severity::Warning,
        "One record states several bands of one right; the highest counts.",
    ),
    Entry(
        Rule::TotalsMismatch,
        "totals-mismatch",
        Severity::Warning,
        "An input holds other numbers of records than it says itself: it may be cut off.",
    ),
    Entry(
        Rule::BrokenOff,
        "broken-off",
        Severity::Error,
        "An input broke off or was damaged; only what stands before that was read.",
    ),
    Entry(
        Rule::UnreadInput,
        "unread-input",
        Severity::Warning,
        "A file of a folder or a member of an archive is a link or a device and was not read.",
    ),
];

impl Rule {
    /// Every rule, in the order in which `check --rules` prints them.
    pub fn all() -> impl ExactSizeIterator<Item = Rule> {
        RULES.iter().map(|entry| entry.0)
    }

    fn entry(self) -> &'static Entry {
        &RULES[self as usize]
    }

    /// The stable identifier that scripts may rely on.
    pub fn id(self) -> &'static str {
        self.entry().1
    }

    /// How grave a breach is.
    pub fn severity(self) -> Severity {
        self.entry().2
    }

    /// What the rule says, in one sentence.
    pub fn explanation(self) -> &'static str {
        self.entry().3
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Rule::all().find(|rule| rule.id() == id).ok_or_else(|| D::Error::custom(format!("{id:?} is no rule")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(counts: &[(Rule, usize)]) -> ProblemLog {
        let mut log = ProblemLog::default();
        for &(rule, count) in counts {
            for number in 0..count {
                log.push(Problem { rule, location: Location::default(), message: format!("finding {number}") });
            }
        }
        log
    }

    #[test]
    fn merged_logs_count_what_neither_kept() {
        let mut merged = log(&[(Rule::Undated, 300), (Rule::Circle, 1)]);
        merged.merge(&log(&[(Rule::Undated, 1500), (Rule::NoSource, 1500)]));
        assert_eq!(merged.len(), 300 + 1 + 1500 + 1500);
        let of = |rule| merged.iter().filter(|problem| problem.rule == rule).count();
        assert_eq!([Rule::Undated, Rule::NoSource, Rule::Circle].map(of), [1000, 1000, 1]);
        assert_eq!(merged.beyond_kept().collect::<Vec<_>>(), [(Rule::Undated, 800), (Rule::NoSource, 500)]);
        let undated: Vec<&Problem> = merged.iter().filter(|problem| problem.rule == Rule::Undated).collect();
        assert_eq!((undated[299].message.as_str(), undated[300].message.as_str()), ("finding 299", "finding 0"));
        merged.merge(&log(&[(Rule::Undated, 2)]));
        assert_eq!(merged.beyond_kept().next(), Some((Rule::Undated, 802)));
    }

    #[test]
    fn the_table_has_a_row_for_each_rule_in_order() {
        for (place, rule) in Rule::all().enumerate() {
            assert_eq!(rule as usize, place, "{}", rule.id());
        }
    }
}
