//! The statements of BODS 0.4 as they are written, members in the order of the standard.

use serde::Serialize;
use std::borrow::Cow;

/// The version that is written.
pub(super) const VERSION: &str = "0.4";

/// A statement without its id, which is made of all the rest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement<'s, D: Serialize> {
    pub statement_date: String,
    pub declaration_subject: Cow<'s, str>,
    pub record_id: Cow<'s, str>,
    pub record_type: &'static str,
    pub record_status: &'static str,
    pub record_details: D,
    pub publication_details: Publication,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Publication {
    pub publication_date: String,
    pub bods_version: &'static str,
    pub publisher: Agent<'static>,
}

#[derive(Serialize)]
pub(super) struct Agent<'s> {
    pub name: Cow<'s, str>,
}

/// Who writes the file.
pub(super) const PUBLISHER: Agent<'static> = Agent { name: Cow::Borrowed("cuibono") };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source<'s> {
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asserted_by: Vec<Agent<'s>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation {
    pub statement_pointer_target: String,
    pub motivation: &'static str,
    pub description: String,
}

impl Annotation {
    /// A comment on a part of the statement.
    pub(super) fn comment(target: impl Into<String>, description: impl Into<String>) -> Self {
        Self { statement_pointer_target: target.into(), motivation: "commenting", description: description.into() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntityDetails<'s> {
    pub is_component: bool,
    pub entity_type: EntityType<'s>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unspecified_entity_details: Option<Unspecified<'s>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: &'s str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternate_names: Vec<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Country<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founding_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissolution_date: Option<String>,
}

#[derive(Serialize)]
pub(super) struct EntityType<'s> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtype: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<&'s str>,
}

#[derive(Serialize)]
pub(super) struct Unspecified<'s> {
    pub reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'s str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonDetails<'s> {
    pub is_component: bool,
    pub person_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nationalities: Vec<Country<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub death_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub political_exposure: Option<Exposure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Name<'s> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub full_name: &'s str,
}

#[derive(Serialize)]
pub(super) struct Exposure {
    pub status: &'static str,
}

#[derive(Serialize)]
pub(super) struct Country<'s> {
    pub name: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'s str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identifier {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship<'s> {
    pub is_component: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub component_records: Vec<Cow<'s, str>>,
    pub subject: &'s str,
    pub interested_party: &'s str,
    pub interests: Vec<Interest>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Interest {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub direct_or_indirect: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub beneficial_ownership_or_control: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Share {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_minimum: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_maximum: Option<Percent>,
}

/// Percent, whole numbers without a point as hands write them.
pub(super) struct Percent(pub f64);

impl Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 { serializer.serialize_u8(self.0 as u8) } else { serializer.serialize_f64(self.0) }
    }
}
