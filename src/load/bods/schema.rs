//! Statements as they stand in the JSON, borrowed from the text of the record.
//!
//! Members that this reader has no use for are passed over. Where a version writes a text and another one an object, both
//! are taken, whatever version the statement claims to follow.

pub(super) use super::number::Number;
use crate::model::text::{trim, trimmed};
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// What all statements have; in 0.1 to 0.3 the [`Details`] stand beside it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct Statement<'a> {
    #[serde(borrow, alias = "statementID")]
    pub statement_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub statement_type: Option<Str<'a>>,
    #[serde(borrow)]
    pub statement_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub record_id: Option<Str<'a>>,
    #[serde(borrow)]
    pub record_type: Option<Str<'a>>,
    #[serde(borrow)]
    pub record_status: Option<Str<'a>>,
    #[serde(borrow)]
    pub record_details: Option<Details<'a>>,
    #[serde(borrow, alias = "replaceStatements")]
    pub replaces_statements: List<Str<'a>>,
    #[serde(borrow)]
    pub publication_details: Option<Publication<'a>>,
    #[serde(borrow)]
    pub source: Option<SourceDetails<'a>>,
    #[serde(borrow)]
    pub annotations: List<Annotation<'a>>,
}

/// A comment on a part of the statement.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct Annotation<'a> {
    #[serde(borrow)]
    pub statement_pointer_target: Option<Str<'a>>,
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
}

/// What a statement says of an entity, a person or a relationship.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct Details<'a> {
    #[serde(borrow)]
    pub subject: Option<TextOr<'a, PartyObject<'a>>>,
    #[serde(borrow)]
    pub interested_party: Option<TextOr<'a, PartyObject<'a>>>,
    #[serde(borrow)]
    pub interests: List<InterestObject<'a>>,
    #[serde(borrow, alias = "componentRecordIds")]
    pub component_records: List<Str<'a>>,
    #[serde(borrow, rename = "componentStatementIDs")]
    pub component_statements: List<Str<'a>>,
    #[serde(borrow)]
    pub entity_type: Option<TextOr<'a, EntityType<'a>>>,
    #[serde(borrow)]
    pub name: Option<Str<'a>>,
    #[serde(borrow)]
    pub alternate_names: List<Str<'a>>,
    #[serde(borrow)]
    pub jurisdiction: Option<TextOr<'a, Country<'a>>>,
    #[serde(borrow)]
    pub incorporated_in_jurisdiction: Option<TextOr<'a, Country<'a>>>,
    #[serde(borrow)]
    pub identifiers: List<IdentifierObject<'a>>,
    #[serde(borrow)]
    pub founding_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub dissolution_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub public_listing: Option<PublicListing<'a>>,
    #[serde(borrow)]
    pub person_type: Option<Str<'a>>,
    #[serde(borrow)]
    pub names: List<Name<'a>>,
    #[serde(borrow)]
    pub nationalities: List<TextOr<'a, Country<'a>>>,
    #[serde(borrow)]
    pub birth_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub death_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub political_exposure: Option<PoliticalExposure<'a>>,
    pub has_pep_status: Option<Number>,
    #[serde(borrow)]
    pub unspecified_entity_details: Option<Unspecified<'a>>,
    #[serde(borrow)]
    pub unspecified_person_details: Option<Unspecified<'a>>,
    #[serde(borrow)]
    pub missing_info_reason: Option<Str<'a>>,
}

impl Hash for Details<'_> {
    /// Only what is there: most of the many members never are.
    fn hash<H: Hasher>(&self, state: &mut H) {
        fn member<T: Hash>(number: u8, member: &Option<T>, state: &mut impl Hasher) {
            if let Some(member) = member {
                state.write_u8(number);
                member.hash(state);
            }
        }
        fn list<T: Hash>(number: u8, list: &List<T>, state: &mut impl Hasher) {
            if !list.0.is_empty() {
                state.write_u8(number);
                list.hash(state);
            }
        }
        member(1, &self.subject, state);
        member(2, &self.interested_party, state);
        list(3, &self.interests, state);
        list(4, &self.component_records, state);
        list(5, &self.component_statements, state);
        member(6, &self.entity_type, state);
        member(7, &self.name, state);
        list(8, &self.alternate_names, state);
        member(9, &self.jurisdiction, state);
        member(10, &self.incorporated_in_jurisdiction, state);
        list(11, &self.identifiers, state);
        member(12, &self.founding_date, state);
        member(13, &self.dissolution_date, state);
        member(14, &self.public_listing, state);
        member(15, &self.person_type, state);
        list(16, &self.names, state);
        list(17, &self.nationalities, state);
        member(18, &self.birth_date, state);
        member(19, &self.death_date, state);
        member(20, &self.political_exposure, state);
        member(21, &self.has_pep_status, state);
        member(22, &self.unspecified_entity_details, state);
        member(23, &self.unspecified_person_details, state);
        member(24, &self.missing_info_reason, state);
    }
}

/// A party as an object: a reference of 0.1 to 0.3, or the reason why it is not named.
#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct PartyObject<'a> {
    #[serde(borrow)]
    pub described_by_entity_statement: Option<Str<'a>>,
    #[serde(borrow)]
    pub described_by_person_statement: Option<Str<'a>>,
    #[serde(borrow)]
    pub unspecified: Option<Unspecified<'a>>,
    #[serde(borrow, alias = "unspecifiedReason")]
    pub reason: Option<Str<'a>>,
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
}

/// Why a party is not named.
#[derive(Debug, Default, Hash, Deserialize)]
#[serde(default, expecting = "an object")]
pub(super) struct Unspecified<'a> {
    #[serde(borrow, alias = "unspecifiedReason")]
    pub reason: Option<Str<'a>>,
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
}

/// One interest of a relationship.
#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct InterestObject<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub direct_or_indirect: Option<Str<'a>>,
    #[serde(borrow)]
    pub interest_level: Option<Str<'a>>,
    pub beneficial_ownership_or_control: Option<Number>,
    #[serde(borrow)]
    pub details: Option<Str<'a>>,
    #[serde(borrow)]
    pub share: Option<TextOr<'a, ShareObject>>,
    #[serde(borrow)]
    pub start_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub end_date: Option<Str<'a>>,
}

/// How much is held, in percent.
#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct ShareObject {
    pub exact: Option<Number>,
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub exclusive_minimum: Option<Number>,
    pub exclusive_maximum: Option<Number>,
}

/// `entityType` of 0.4.
#[derive(Debug, Default, Hash, Deserialize)]
#[serde(default, expecting = "an object")]
pub(super) struct EntityType<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub details: Option<Str<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(default, expecting = "an object")]
pub(super) struct Country<'a> {
    #[serde(borrow)]
    pub name: Option<Str<'a>>,
    #[serde(borrow)]
    pub code: Option<Str<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct IdentifierObject<'a> {
    #[serde(borrow)]
    pub id: Option<Str<'a>>,
    #[serde(borrow)]
    pub scheme: Option<Str<'a>>,
    #[serde(borrow)]
    pub scheme_name: Option<Str<'a>>,
    #[serde(borrow)]
    pub uri: Option<Str<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct PublicListing<'a> {
    pub has_public_listing: Option<Number>,
    #[serde(borrow)]
    pub securities_listings: List<SecuritiesListing<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct SecuritiesListing<'a> {
    #[serde(borrow)]
    pub stock_exchange_name: Option<Str<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct Name<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Str<'a>>,
    #[serde(borrow)]
    pub full_name: Option<Str<'a>>,
    #[serde(borrow)]
    pub given_name: Option<Str<'a>>,
    #[serde(borrow)]
    pub patronymic_name: Option<Str<'a>>,
    #[serde(borrow)]
    pub family_name: Option<Str<'a>>,
}

#[derive(Debug, Default, Hash, Deserialize)]
#[serde(default, expecting = "an object")]
pub(super) struct PoliticalExposure<'a> {
    #[serde(borrow)]
    pub status: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct Publication<'a> {
    #[serde(borrow)]
    pub publication_date: Option<Str<'a>>,
    #[serde(borrow)]
    pub bods_version: Option<Str<'a>>,
    #[serde(borrow)]
    pub publisher: Option<Publisher<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
pub(super) struct Publisher<'a> {
    #[serde(borrow)]
    pub name: Option<Str<'a>>,
    #[serde(borrow)]
    pub url: Option<Str<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub(super) struct SourceDetails<'a> {
    #[serde(borrow, rename = "type")]
    pub kinds: List<Str<'a>>,
    #[serde(borrow)]
    pub description: Option<Str<'a>>,
    #[serde(borrow)]
    pub url: Option<Str<'a>>,
    #[serde(borrow)]
    pub retrieved_at: Option<Str<'a>>,
}

/// A text; whole numbers, which some publishers write for ids, are taken as text.
#[derive(Debug, Hash, PartialEq, Eq)]
pub(super) struct Str<'a>(pub Cow<'a, str>);

/// The text without blanks around it, where there is any.
pub(super) fn text<'s>(member: &'s Option<Str<'_>>) -> Option<&'s str> {
    member.as_ref().map(|text| trim(&text.0)).filter(|text| !text.is_empty())
}

/// The same, for longer than the member is there.
pub(super) fn kept<'t>(member: &Option<Str<'t>>) -> Option<Cow<'t, str>> {
    member.as_ref().map(Str::trimmed).filter(|text| !text.is_empty())
}

impl<'a> Str<'a> {
    /// The text without blanks around it.
    pub(super) fn trimmed(&self) -> Cow<'a, str> {
        trimmed(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match TextOr::<NoObject>::deserialize(deserializer)? {
            TextOr::Text(text) => Ok(Str(text)),
            TextOr::Object(never) => match never {},
        }
    }
}

/// Stands where only a text is taken.
#[derive(Debug)]
pub(super) enum NoObject {}

impl<'de> Deserialize<'de> for NoObject {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("an object stands where a text belongs"))
    }
}

/// A text, or the object that another version of the standard writes in its place.
#[derive(Debug, Hash)]
pub(super) enum TextOr<'a, T> {
    Text(Cow<'a, str>),
    Object(T),
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for TextOr<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

struct TextVisitor<'a, T>(PhantomData<(&'a (), T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for TextVisitor<'a, T> {
    type Value = TextOr<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(TextOr::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(TextOr::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(TextOr::Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(TextOr::Text(Cow::Owned(number.to_string())))
    }

    /// Of a number that is not whole, or that has more digits than fit, nobody knows how it was written.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Err(E::custom(format!("the number {number} stands where a text belongs: put it in quotes")))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Object)
    }
}

/// A list; nothing and a single value stand for a list of none and of one.
#[derive(Debug, Hash)]
pub(super) struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<List<T>, E> {
        Ok(List(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(List(list))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<List<T>, E> {
        T::deserialize(BorrowedStrDeserializer::new(text)).map(|item| List(vec![item]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<List<T>, E> {
        T::deserialize(StrDeserializer::new(text)).map(|item| List(vec![item]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<List<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|item| List(vec![item]))
    }
}
