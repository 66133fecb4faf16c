//! Dated facts about an entity or a jurisdiction that are no interests.

use super::{Confidence, DateBound};
use serde::{Deserialize, Serialize};

/// The kind of facts in which a register says something about the owners of an entity that is no interest: that there is
/// nobody to name, why somebody is not named.
pub const REGISTER_STATEMENT: &str = "register-statement";

/// An event or circumstance: a lawsuit, a listing, an export licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// When it happened.
    #[serde(default, skip_serializing_if = "DateBound::is_missing")]
    pub date: DateBound,
    /// Since when it holds no longer; missing for an event, and for what still holds.
    #[serde(default, skip_serializing_if = "DateBound::is_missing")]
    pub end: DateBound,
    /// What it is: `litigation`, `listing`, `export-licence`, …
    pub kind: String,
    /// The fact in a sentence.
    pub text: String,
    /// The jurisdiction concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Identifiers of the sources that say so.
    #[serde(default)]
    pub sources: Vec<String>,
    /// How far it can be relied upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Whether somebody disputes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
}

impl Fact {
    /// What a register says of owners without naming any, from the day it says so until it says so no longer.
    pub(crate) fn register_statement(date: DateBound, end: DateBound, text: String, sources: Vec<String>) -> Self {
        let kind = REGISTER_STATEMENT.to_owned();
        Self { date, end, kind, text, jurisdiction: None, sources, confidence: None, contested: false }
    }
}
