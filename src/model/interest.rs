//! Interests: who holds what right in whom.

use super::{DateBound, PartialDate, ShareRange};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The kind of an interest: the `interestType` list of BODS 0.4 and eight kinds that the field needs beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
#[allow(missing_docs)] // the names are the standard's
pub enum InterestKind {
    Shareholding,
    VotingRights,
    AppointmentOfBoard,
    OtherInfluenceOrControl,
    SeniorManagingOfficial,
    Settlor,
    Trustee,
    Protector,
    BeneficiaryOfLegalArrangement,
    RightsToSurplusAssetsOnDissolution,
    RightsToProfitOrIncome,
    RightsGrantedByContract,
    ConditionalRightsGrantedByContract,
    ControlViaCompanyRulesOrArticles,
    ControlByLegalFramework,
    BoardMember,
    BoardChair,
    Nominee,
    Nominator,
    EnjoymentAndUseOfAssets,
    RightToProfitOrIncomeFromAssets,
    UnknownInterest,
    UnpublishedInterest,
    /// A source calls it parent, owner or controlling, without a share.
    Parent,
    GeneralPartner,
    LimitedPartner,
    Manager,
    Founder,
    Affiliate,
    Lender,
    Adviser,
}

use InterestKind as Kind;

/// What an interest without a share says about control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ControlRight {
    /// It gives none.
    None,
    /// It may give control.
    Possible,
    /// It gives control.
    Certain,
}

impl InterestKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [InterestKind; 31] = [
        Kind::Shareholding,
        Kind::VotingRights,
        Kind::AppointmentOfBoard,
        Kind::OtherInfluenceOrControl,
        Kind::SeniorManagingOfficial,
        Kind::Settlor,
        Kind::Trustee,
        Kind::Protector,
        Kind::BeneficiaryOfLegalArrangement,
        Kind::RightsToSurplusAssetsOnDissolution,
        Kind::RightsToProfitOrIncome,
        Kind::RightsGrantedByContract,
        Kind::ConditionalRightsGrantedByContract,
        Kind::ControlViaCompanyRulesOrArticles,
        Kind::ControlByLegalFramework,
        Kind::BoardMember,
        Kind::BoardChair,
        Kind::Nominee,
        Kind::Nominator,
        Kind::EnjoymentAndUseOfAssets,
        Kind::RightToProfitOrIncomeFromAssets,
        Kind::UnknownInterest,
        Kind::UnpublishedInterest,
        Kind::Parent,
        Kind::GeneralPartner,
        Kind::LimitedPartner,
        Kind::Manager,
        Kind::Founder,
        Kind::Affiliate,
        Kind::Lender,
        Kind::Adviser,
    ];

    /// The code used in files and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Shareholding => "shareholding",
            Kind::VotingRights => "votingRights",
            Kind::AppointmentOfBoard => "appointmentOfBoard",
            Kind::OtherInfluenceOrControl => "otherInfluenceOrControl",
            Kind::SeniorManagingOfficial => "seniorManagingOfficial",
            Kind::Settlor => "settlor",
            Kind::Trustee => "trustee",
            Kind::Protector => "protector",
            Kind::BeneficiaryOfLegalArrangement => "beneficiaryOfLegalArrangement",
            Kind::RightsToSurplusAssetsOnDissolution => "rightsToSurplusAssetsOnDissolution",
            Kind::RightsToProfitOrIncome => "rightsToProfitOrIncome",
            Kind::RightsGrantedByContract => "rightsGrantedByContract",
            Kind::ConditionalRightsGrantedByContract => "conditionalRightsGrantedByContract",
            Kind::ControlViaCompanyRulesOrArticles => "controlViaCompanyRulesOrArticles",
            Kind::ControlByLegalFramework => "controlByLegalFramework",
            Kind::BoardMember => "boardMember",
            Kind::BoardChair => "boardChair",
            Kind::Nominee => "nominee",
            Kind::Nominator => "nominator",
            Kind::EnjoymentAndUseOfAssets => "enjoymentAndUseOfAssets",
            Kind::RightToProfitOrIncomeFromAssets => "rightToProfitOrIncomeFromAssets",
            Kind::UnknownInterest => "unknownInterest",
            Kind::UnpublishedInterest => "unpublishedInterest",
            Kind::Parent => "parent",
            Kind::GeneralPartner => "generalPartner",
            Kind::LimitedPartner => "limitedPartner",
            Kind::Manager => "manager",
            Kind::Founder => "founder",
            Kind::Affiliate => "affiliate",
            Kind::Lender => "lender",
            Kind::Adviser => "adviser",
        }
    }

    /// The kind as words: `board appointment`.
    pub const fn words(self) -> &'static str {
        match self {
            Kind::Shareholding => "shareholding",
            Kind::VotingRights => "voting rights",
            Kind::AppointmentOfBoard => "board appointment",
            Kind::OtherInfluenceOrControl => "other influence or control",
            Kind::SeniorManagingOfficial => "senior manager",
            Kind::Settlor => "settlor",
            Kind::Trustee => "trustee",
            Kind::Protector => "protector",
            Kind::BeneficiaryOfLegalArrangement => "beneficiary",
            Kind::RightsToSurplusAssetsOnDissolution => "rights to surplus assets",
            Kind::RightsToProfitOrIncome => "rights to profit",
            Kind::RightsGrantedByContract => "rights by contract",
            Kind::ConditionalRightsGrantedByContract => "conditional rights by contract",
            Kind::ControlViaCompanyRulesOrArticles => "control by articles",
            Kind::ControlByLegalFramework => "control by law",
            Kind::BoardMember => "board member",
            Kind::BoardChair => "board chair",
            Kind::Nominee => "nominee",
            Kind::Nominator => "nominator",
            Kind::EnjoymentAndUseOfAssets => "use of assets",
            Kind::RightToProfitOrIncomeFromAssets => "profit from assets",
            Kind::UnknownInterest => "unknown interest",
            Kind::UnpublishedInterest => "unpublished interest",
            Kind::Parent => "parent",
            Kind::GeneralPartner => "general partner",
            Kind::LimitedPartner => "limited partner",
            Kind::Manager => "manager",
            Kind::Founder => "founder",
            Kind::Affiliate => "affiliate",
            Kind::Lender => "lender",
            Kind::Adviser => "adviser",
        }
    }

    /// Whether the kind says who gets the money.
    pub const fn is_capital(self) -> bool {
        matches!(
            self,
            Kind::Shareholding
                | Kind::LimitedPartner
                | Kind::BeneficiaryOfLegalArrangement
                | Kind::RightsToProfitOrIncome
                | Kind::RightToProfitOrIncomeFromAssets
                | Kind::RightsToSurplusAssetsOnDissolution
        )
    }

    /// What the kind says about control when it stands alone and undisputed.
    ///
    /// A trustee counts as the sole one; a board appointment and a manager as those of which no majority and no control
    /// is stated. [`crate::query::control`] looks at the circumstances.
    pub const fn control_right(self) -> ControlRight {
        match self {
            Kind::Parent
            | Kind::GeneralPartner
            | Kind::ControlByLegalFramework
            | Kind::ControlViaCompanyRulesOrArticles
            | Kind::Nominator
            | Kind::Trustee => ControlRight::Certain,
            Kind::OtherInfluenceOrControl
            | Kind::RightsGrantedByContract
            | Kind::ConditionalRightsGrantedByContract
            | Kind::Settlor
            | Kind::Protector
            | Kind::AppointmentOfBoard
            | Kind::Manager
            | Kind::UnknownInterest
            | Kind::UnpublishedInterest => ControlRight::Possible,
            _ => ControlRight::None,
        }
    }
}

impl fmt::Display for InterestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for InterestKind {
    type Err = ();

    /// Accepts every spelling that differs only in case, hyphens and underscores.
    fn from_str(text: &str) -> Result<Self, ()> {
        let same = |code: &str| {
            let plain = text.trim().bytes().filter(|b| !matches!(b, b'-' | b'_' | b' '));
            plain.map(|b| b.to_ascii_lowercase()).eq(code.bytes().map(|b| b.to_ascii_lowercase()))
        };
        Self::ALL.into_iter().find(|kind| same(kind.as_str())).ok_or(())
    }
}

/// Whether an interest is held directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Directness {
    /// Held in the owner's own name.
    #[default]
    Direct,
    /// Held through others.
    Indirect,
    /// The source does not tell; counts as direct and is marked.
    Unknown,
}

/// How far a statement can be relied upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A weak source, or an inference.
    Low,
    /// A single good source, or several weak ones.
    Medium,
    /// A register, a judgment, several good sources.
    #[default]
    High,
}

impl Confidence {
    /// The word used in data and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

impl FromStr for Directness {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "direct" => Ok(Directness::Direct),
            "indirect" => Ok(Directness::Indirect),
            "unknown" => Ok(Directness::Unknown),
            _ => Err(()),
        }
    }
}

impl FromStr for Confidence {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "high" => Ok(Confidence::High),
            "medium" => Ok(Confidence::Medium),
            "low" => Ok(Confidence::Low),
            _ => Err(()),
        }
    }
}

/// Which right a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// Who gets the money.
    #[default]
    Capital,
    /// Who decides.
    Votes,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Capital => "capital",
            Layer::Votes => "votes",
        })
    }
}

/// A caution that an interest carries and every answer built on it repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
pub enum Mark {
    /// The share is rounded or "about".
    Approximate = 1,
    /// The share is arithmetic from other figures.
    Derived = 1 << 1,
    /// The interest is inferred.
    Inferred = 1 << 2,
    /// Somebody disputes it.
    Contested = 1 << 3,
    /// Whether it is held directly is not stated.
    DirectnessUnknown = 1 << 4,
    /// Its start or end is not stated.
    Undated = 1 << 5,
    /// It rests on low confidence.
    LowConfidence = 1 << 6,
    /// It is not certain that it existed on the day.
    PossibleOnDay = 1 << 7,
    /// Another statement gives another share.
    Rival = 1 << 8,
    /// Its dates are inferred.
    DatesInferred = 1 << 9,
}

impl Mark {
    const ALL: [(Mark, &'static str); 10] = [
        (Mark::Approximate, "approx"),
        (Mark::Derived, "derived"),
        (Mark::Inferred, "inferred"),
        (Mark::Contested, "contested"),
        (Mark::DirectnessUnknown, "directness-unknown"),
        (Mark::Undated, "undated"),
        (Mark::LowConfidence, "low-confidence"),
        (Mark::PossibleOnDay, "possible"),
        (Mark::Rival, "rival"),
        (Mark::DatesInferred, "dates-inferred"),
    ];
}

/// A set of [`Mark`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Marks(u16);

impl Marks {
    /// No mark.
    pub const NONE: Marks = Marks(0);

    /// The marks as bits.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// The inverse of [`Marks::bits`].
    pub(crate) const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// With `mark` added where `condition` holds.
    #[must_use]
    pub const fn with(self, mark: Mark, condition: bool) -> Self {
        if condition { Self(self.0 | mark as u16) } else { self }
    }

    /// The marks of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `mark` is among them.
    pub const fn has(self, mark: Mark) -> bool {
        self.0 & mark as u16 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The words of the marks, in a fixed order.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Mark::ALL.into_iter().filter(move |(mark, _)| self.has(*mark)).map(|(_, word)| word)
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

/// An interest as an input states it.
#[derive(Debug, Clone, PartialEq)]
pub struct InterestRecord {
    /// Identifier within the data, where the input gives one.
    pub id: Option<String>,
    /// Identifier of the owner.
    pub owner: String,
    /// Identifier of the owned entity.
    pub owned: String,
    /// What right it is.
    pub kind: InterestKind,
    /// How much is held.
    pub share: ShareRange,
    /// When it began.
    pub start: DateBound,
    /// When it ended.
    pub end: DateBound,
    /// Whether it is held directly.
    pub directness: Directness,
    /// How far the statement can be relied upon.
    pub confidence: Confidence,
    /// The cautions that the input states.
    pub marks: Marks,
    /// Whether a right without a share certainly gives control: a majority of the board, a controlling manager.
    pub controlling: bool,
    /// What only some interests have.
    pub details: InterestDetails,
}

/// What is known of an interest beyond its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InterestDetails {
    /// Why the confidence is what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Anything a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the dates come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_note: Option<String>,
    /// When the statement was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<PartialDate>,
    /// Identifiers of the sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_code_in_any_spelling() {
        for kind in InterestKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(InterestKind::ALL[kind as usize], kind);
        }
        assert_eq!("other-influence-or-control".parse(), Ok(Kind::OtherInfluenceOrControl));
        assert_eq!("nonsense".parse::<InterestKind>(), Err(()));
    }
}
