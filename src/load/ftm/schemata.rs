//! The schemata of FollowTheMoney and what they are here.

use super::record::Property;
use crate::model::EntityKind;

/// What an entity of a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A party.
    Party(EntityKind),
    /// Something that can be owned and is no legal entity.
    Asset,
    /// An interest of one party in another.
    Link(Link),
    /// Anything that says nothing about owners: counted and passed over.
    Beside,
}

/// Links that are interests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Ownership,
    Directorship,
    Control,
    Unknown,
}

impl Link {
    /// The properties that hold the owner's and the owned side.
    pub(super) fn ends(self) -> [Property; 2] {
        match self {
            Link::Ownership => [Property::Owner, Property::Asset],
            Link::Directorship => [Property::Director, Property::Organization],
            Link::Control => [Property::Controller, Property::Controlled],
            Link::Unknown => [Property::Subject, Property::Object],
        }
    }

    /// The names of the two properties.
    pub(super) fn end_names(self) -> [&'static str; 2] {
        match self {
            Link::Ownership => ["owner", "asset"],
            Link::Directorship => ["director", "organization"],
            Link::Control => ["controller", "controlled"],
            Link::Unknown => ["subject", "object"],
        }
    }
}

const COMPANY: Role = Role::Party(EntityKind::Company);

/// Every schema that is known, the frequent ones first.
const SCHEMATA: [(&str, Role); 82] = [
    ("Ownership", Role::Link(Link::Ownership)),
    ("Person", Role::Party(EntityKind::Person)),
    ("Company", COMPANY),
    ("LegalEntity", COMPANY),
    ("Organization", COMPANY),
    ("Address", Role::Beside),
    ("Directorship", Role::Link(Link::Directorship)),
    ("UnknownLink", Role::Link(Link::Unknown)),
    ("Control", Role::Link(Link::Control)),
    ("PublicBody", Role::Party(EntityKind::StateBody)),
    ("Trust", Role::Party(EntityKind::Arrangement)),
    ("Asset", Role::Asset),
    ("Security", Role::Asset),
    ("Vehicle", Role::Asset),
    ("Vessel", Role::Asset),
    ("Airplane", Role::Asset),
    ("RealEstate", Role::Asset),
    ("CryptoWallet", Role::Asset),
    ("BankAccount", Role::Asset),
    ("Membership", Role::Beside),
    ("Employment", Role::Beside),
    ("Representation", Role::Beside),
    ("Family", Role::Beside),
    ("Associate", Role::Beside),
    ("Succession", Role::Beside),
    ("Sanction", Role::Beside),
    ("Passport", Role::Beside),
    ("Identification", Role::Beside),
    ("Occupancy", Role::Beside),
    ("Position", Role::Beside),
    ("Payment", Role::Beside),
    ("Debt", Role::Beside),
    ("Thing", Role::Beside),
    ("Interval", Role::Beside),
    ("Interest", Role::Beside),
    ("Value", Role::Beside),
    ("Similar", Role::Beside),
    ("Note", Role::Beside),
    ("Mention", Role::Beside),
    ("Event", Role::Beside),
    ("Trip", Role::Beside),
    ("Call", Role::Beside),
    ("Message", Role::Beside),
    ("Email", Role::Beside),
    ("UserAccount", Role::Beside),
    ("EconomicActivity", Role::Beside),
    ("TaxRoll", Role::Beside),
    ("License", Role::Beside),
    ("Contract", Role::Beside),
    ("ContractAward", Role::Beside),
    ("CallForTenders", Role::Beside),
    ("CourtCase", Role::Beside),
    ("CourtCaseParty", Role::Beside),
    ("Project", Role::Beside),
    ("ProjectParticipant", Role::Beside),
    ("Documentation", Role::Beside),
    ("Article", Role::Beside),
    ("Assessment", Role::Beside),
    ("Analyzable", Role::Beside),
    ("Document", Role::Beside),
    ("Folder", Role::Beside),
    ("Package", Role::Beside),
    ("Pages", Role::Beside),
    ("Page", Role::Beside),
    ("PlainText", Role::Beside),
    ("HyperText", Role::Beside),
    ("Image", Role::Beside),
    ("Audio", Role::Beside),
    ("Video", Role::Beside),
    ("Table", Role::Beside),
    ("Workbook", Role::Beside),
    ("Participation", Role::Beside),
    ("LegalProceeding", Role::Beside),
    ("Risk", Role::Beside),
    ("Transaction", Role::Beside),
    ("Shipment", Role::Beside),
    ("Good", Role::Beside),
    ("Service", Role::Beside),
    ("Post", Role::Beside),
    ("Account", Role::Beside),
    ("SanctionProgram", Role::Beside),
    ("Program", Role::Beside),
];

/// What a schema is; `None` for one that is not known.
pub(super) fn role(schema: &str) -> Option<Role> {
    SCHEMATA.iter().find(|(name, _)| *name == schema).map(|(_, role)| *role)
}
