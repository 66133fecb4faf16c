//! Parties: persons, companies, arrangements, states.

use super::{Fact, Identifier, PartialDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What kind of party an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum EntityKind {
    /// A natural person.
    Person,
    /// A registered company or another legal entity.
    #[default]
    Company,
    /// A trust, partnership, fund or another arrangement.
    Arrangement,
    /// A state.
    State,
    /// A body of a state.
    StateBody,
    /// A party that the source says exists but does not name.
    Unknown,
}

impl EntityKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [EntityKind; 6] = [
        EntityKind::Person,
        EntityKind::Company,
        EntityKind::Arrangement,
        EntityKind::State,
        EntityKind::StateBody,
        EntityKind::Unknown,
    ];

    /// The word used in files and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Company => "company",
            EntityKind::Arrangement => "arrangement",
            EntityKind::State => "state",
            EntityKind::StateBody => "state-body",
            EntityKind::Unknown => "unknown",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EntityKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text.trim())).ok_or(())
    }
}

/// An entity as an input describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntityRecord {
    /// Identifier within the data.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// What kind of party it is.
    pub kind: EntityKind,
    /// ISO 3166-1 or -2 code of its jurisdiction.
    pub jurisdiction: Option<String>,
    /// Whether the jurisdiction is inferred, not stated.
    pub jurisdiction_inferred: bool,
    /// Official numbers.
    pub identifiers: Vec<Identifier>,
    /// Founded or born.
    pub founded: Option<PartialDate>,
    /// Dissolved or died.
    pub dissolved: Option<PartialDate>,
    /// Whether all owners are stated, so that nothing is left for owners nobody knows.
    pub owners_complete: bool,
    /// Everything that few entities have.
    pub details: EntityDetails,
}

/// What is known of an entity beyond its name, kind and jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EntityDetails {
    /// Legal form as the source words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_form: Option<String>,
    /// Other names in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Names it had before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// Whether the party itself stands on a sanctions list.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
    /// Why it matters to somebody: `sanction`, `role.pep` and further topics of FollowTheMoney.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// Anything a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Identifiers of the sources that describe it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Dated facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

impl EntityDetails {
    /// Details that say nothing, shared by all entities without any.
    pub const EMPTY: EntityDetails = EntityDetails {
        legal_form: None,
        aliases: Vec::new(),
        former_names: Vec::new(),
        listed: false,
        topics: Vec::new(),
        note: None,
        sources: Vec::new(),
        facts: Vec::new(),
    };
}
