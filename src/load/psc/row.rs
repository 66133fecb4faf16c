//! Records as they stand in the register's files, borrowed from their text.

use crate::load::keys::{Unique, unique_map};
use crate::load::notes::Notes;
use crate::model::PartialDate;
use crate::model::text::{trim, trimmed};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Text that is borrowed wherever it holds no escapes, also within options and lists.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The trimmed text of a field, `None` where it is missing or empty.
pub(super) fn text<'r>(field: &'r Option<Text<'_>>) -> Option<&'r str> {
    field.as_ref().map(|text| trim(&text.0)).filter(|text| !text.is_empty())
}

/// The same, for longer than the field is there.
pub(super) fn kept<'t>(field: &Option<Text<'t>>) -> Option<Cow<'t, str>> {
    field.as_ref().map(|text| trimmed(&text.0)).filter(|text| !text.is_empty())
}

/// A date of the record; what is no date is noted and left out.
pub(super) fn date(field: &Option<Text<'_>>, what: &str, notes: &mut Notes) -> Option<PartialDate> {
    let stated = text(field)?;
    let date = stated.parse::<PartialDate>();
    if let Err(error) = &date {
        notes.unreadable(format!("{what} {stated:?} {error}; it is left out"));
    }
    date.ok()
}

/// The outermost object: a row of a snapshot, an event of the stream, a list, a bundle of answers, or a bare answer.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub company_number: Option<Text<'a>>,
    #[serde(borrow)]
    pub data: Option<Data<'a>>,
    #[serde(borrow, rename = "ContentDate")]
    pub content_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub resource_uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub resource_kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub event: Option<Event<'a>>,
    #[serde(borrow)]
    pub links: Option<Links<'a>>,
    pub items: Option<Vec<Unique>>,
    pub profile: Option<Unique>,
    #[serde(alias = "persons_with_significant_control")]
    pub pscs: Option<List>,
    #[serde(alias = "persons_with_significant_control_statements")]
    pub psc_statements: Option<List>,
    // What a bare answer begins with; it is then read again as what it is.
    pub natures_of_control: Option<IgnoredAny>,
    pub kind: Option<IgnoredAny>,
    pub statement: Option<IgnoredAny>,
    pub company_name: Option<IgnoredAny>,
    #[serde(rename = "CompanyNumber")]
    pub company_row: Option<IgnoredAny>,
}

/// A list of the API.
#[derive(Debug, Deserialize)]
pub(super) struct List {
    #[serde(default)]
    pub items: Vec<Unique>,
}

/// What happened to a record of the stream.
#[derive(Debug, Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    pub timepoint: Option<u64>,
    #[serde(borrow)]
    pub published_at: Option<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Links<'a> {
    #[serde(borrow, rename = "self")]
    pub this: Option<Text<'a>>,
}

/// A person with significant control, a statement, exemptions, or the totals of a snapshot.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Data<'a> {
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub links: Option<Links<'a>>,
    #[serde(borrow)]
    pub etag: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub name_elements: Option<NameElements<'a>>,
    #[serde(borrow)]
    pub nationality: Option<Text<'a>>,
    pub date_of_birth: Option<Birth>,
    #[serde(borrow)]
    pub identification: Option<Identification<'a>>,
    #[serde(borrow)]
    pub natures_of_control: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub notified_on: Option<Text<'a>>,
    #[serde(borrow)]
    pub ceased_on: Option<Text<'a>>,
    pub ceased: Option<bool>,
    pub is_sanctioned: Option<bool>,
    #[serde(borrow)]
    pub statement: Option<Text<'a>>,
    #[serde(borrow)]
    pub linked_psc_name: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "unique_map")]
    pub exemptions: Option<BTreeMap<Cow<'a, str>, Exemption<'a>>>,
    pub persons_of_significant_control_count: Option<u64>,
    pub statements_count: Option<u64>,
    pub exemptions_count: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct NameElements<'a> {
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    #[serde(borrow)]
    pub forename: Option<Text<'a>>,
    #[serde(borrow)]
    pub middle_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub surname: Option<Text<'a>>,
}

/// Month and year; the register publishes no day.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub(super) struct Birth {
    pub month: Option<u32>,
    pub year: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Identification<'a> {
    #[serde(borrow)]
    pub legal_form: Option<Text<'a>>,
    #[serde(borrow)]
    pub legal_authority: Option<Text<'a>>,
    #[serde(borrow)]
    pub country_registered: Option<Text<'a>>,
    #[serde(borrow)]
    pub place_registered: Option<Text<'a>>,
    #[serde(borrow)]
    pub registration_number: Option<Text<'a>>,
}

/// An exemption with the periods for which it holds.
#[derive(Debug, Deserialize)]
pub(super) struct Exemption<'a> {
    #[serde(borrow)]
    pub items: Option<Vec<Period<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Period<'a> {
    #[serde(borrow)]
    pub exempt_from: Option<Text<'a>>,
    #[serde(borrow)]
    pub exempt_to: Option<Text<'a>>,
}

/// A company as the API describes it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    pub company_number: Option<Text<'a>>,
    #[serde(borrow)]
    pub company_name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub form: Option<Text<'a>>,
    #[serde(borrow)]
    pub company_status: Option<Text<'a>>,
    #[serde(borrow)]
    pub date_of_creation: Option<Text<'a>>,
    #[serde(borrow)]
    pub date_of_cessation: Option<Text<'a>>,
    #[serde(borrow)]
    pub previous_company_names: Option<Vec<FormerName<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FormerName<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// The envelope of a company's own event.
#[derive(Debug, Deserialize)]
pub(super) struct ProfileEvent<'a> {
    #[serde(borrow)]
    pub data: Option<Profile<'a>>,
}
