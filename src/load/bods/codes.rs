//! The code lists, in every spelling: 0.1 and 0.2 write `other-influence-or-control`, later versions
//! `otherInfluenceOrControl`.

use crate::model::{Directness, EntityKind, InterestKind};

/// Interest types of earlier versions that have another name today.
const FORMER_INTEREST_TYPES: [(&str, InterestKind); 7] = [
    ("influence-or-control", InterestKind::OtherInfluenceOrControl),
    ("other-influence-or-control-of-trust", InterestKind::OtherInfluenceOrControl),
    ("settlor-of-trust", InterestKind::Settlor),
    ("trustee-of-trust", InterestKind::Trustee),
    ("protector-of-trust", InterestKind::Protector),
    ("beneficiary-of-trust", InterestKind::BeneficiaryOfLegalArrangement),
    ("rights-to-surplus-assets", InterestKind::RightsToSurplusAssetsOnDissolution),
];

const ENTITY_TYPES: [(&str, EntityKind); 7] = [
    ("registeredEntity", EntityKind::Company),
    ("legalEntity", EntityKind::Company),
    ("arrangement", EntityKind::Arrangement),
    ("state", EntityKind::State),
    ("stateBody", EntityKind::StateBody),
    ("anonymousEntity", EntityKind::Unknown),
    ("unknownEntity", EntityKind::Unknown),
];

const DIRECTNESS: [(&str, Directness); 3] =
    [("direct", Directness::Direct), ("indirect", Directness::Indirect), ("unknown", Directness::Unknown)];

const PERSON_TYPES: [(&str, EntityKind); 3] = [
    ("knownPerson", EntityKind::Person),
    ("anonymousPerson", EntityKind::Unknown),
    ("unknownPerson", EntityKind::Unknown),
];

/// Reasons why a party is not named, in words.
const REASONS: [(&str, &str); 7] = [
    (NO_BENEFICIAL_OWNERS, "there are no beneficial owners"),
    (
        "subjectUnableToConfirmOrIdentifyBeneficialOwner",
        "the subject is unable to confirm or identify the beneficial owner",
    ),
    ("interestedPartyHasNotProvidedInformation", "the interested party has not provided information"),
    ("subjectExemptFromDisclosure", "the subject is exempt from disclosure"),
    ("interestedPartyExemptFromDisclosure", "the interested party is exempt from disclosure"),
    ("unknown", "unknown"),
    ("informationUnknownToPublisher", "unknown to the publisher"),
];

/// The one reason that is an answer and no gap.
const NO_BENEFICIAL_OWNERS: &str = "noBeneficialOwners";

/// Whether two codes differ at most in case, hyphens and underscores.
fn same(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        let plain = text.bytes().filter(|byte| !matches!(byte, b'-' | b'_' | b' '));
        plain.map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>()
    };
    a == b || letters(a) == letters(b)
}

fn find<T: Copy>(table: &[(&str, T)], code: &str) -> Option<T> {
    let exact = table.iter().find(|(known, _)| *known == code);
    exact.or_else(|| table.iter().find(|(known, _)| same(known, code))).map(|&(_, meaning)| meaning)
}

/// The kind of interest that a code of the standard stands for.
pub(super) fn interest_type(code: &str) -> Option<InterestKind> {
    let kind = code.parse().ok().filter(|&kind| kind <= InterestKind::UnpublishedInterest);
    kind.or_else(|| find(&FORMER_INTEREST_TYPES, code))
}

/// The kind of party that an `entityType` stands for.
pub(super) fn entity_type(code: &str) -> Option<EntityKind> {
    find(&ENTITY_TYPES, code)
}

/// The kind of party that a `personType` stands for.
pub(super) fn person_type(code: &str) -> Option<EntityKind> {
    find(&PERSON_TYPES, code)
}

/// What `directOrIndirect` or `interestLevel` says.
pub(super) fn directness(code: &str) -> Option<Directness> {
    find(&DIRECTNESS, code)
}

/// A reason why a party is not named, in words; an unknown code as it stands.
pub(super) fn reason(code: &str) -> &str {
    find(&REASONS, code).unwrap_or(code)
}

/// Whether the reason says that nobody is missing.
pub(super) fn nobody_is_missing(code: &str) -> bool {
    same(code, NO_BENEFICIAL_OWNERS)
}

/// What a statement describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Entity,
    Person,
    Relationship,
}

const RECORD_TYPES: [(&str, Subject); 6] = [
    ("entity", Subject::Entity),
    ("person", Subject::Person),
    ("relationship", Subject::Relationship),
    ("entityStatement", Subject::Entity),
    ("personStatement", Subject::Person),
    ("ownershipOrControlStatement", Subject::Relationship),
];

/// What a `recordType` or `statementType` stands for.
pub(super) fn record_type(code: &str) -> Option<Subject> {
    find(&RECORD_TYPES, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_version_are_known_and_own_kinds_are_none() {
        for (code, kind) in [
            ("rights-to-surplus-assets-on-dissolution", InterestKind::RightsToSurplusAssetsOnDissolution),
            ("rights-to-surplus-assets", InterestKind::RightsToSurplusAssetsOnDissolution),
            ("influence-or-control", InterestKind::OtherInfluenceOrControl),
            ("beneficiary-of-trust", InterestKind::BeneficiaryOfLegalArrangement),
            ("nominee", InterestKind::Nominee),
        ] {
            assert_eq!(interest_type(code), Some(kind), "{code}");
        }
        assert_eq!(interest_type("parent"), None, "no code of the standard");
        assert_eq!(directness("Indirect"), Some(Directness::Indirect));
        assert_eq!(reason("no-beneficial-owners"), "there are no beneficial owners");
        assert!(nobody_is_missing("no-beneficial-owners") && !nobody_is_missing("unknown"));
    }
}
