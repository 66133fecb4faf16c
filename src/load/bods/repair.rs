//! Statements of which a member has the wrong form: they are read without it where they can do without it.

use super::schema::{
    Annotation, Country, EntityType, IdentifierObject, List, Name, PoliticalExposure, PublicListing, Publication,
    SourceDetails, Str, TextOr, Unspecified,
};
use serde::Deserialize;
use serde_json::Value;

/// Whether a value has the form of a member.
type Check = fn(&Value) -> bool;

fn reads<'v, T: Deserialize<'v>>(value: &'v Value) -> bool {
    Option::<T>::deserialize(value).is_ok()
}

/// Members that tell nothing of who owns whom.
const DISPENSABLE: [(&str, Check); 24] = [
    ("annotations", |value| reads::<List<Annotation<'_>>>(value)),
    ("publicationDetails", |value| reads::<Publication<'_>>(value)),
    ("source", |value| reads::<SourceDetails<'_>>(value)),
    ("statementDate", |value| reads::<Str<'_>>(value)),
    ("recordStatus", |value| reads::<Str<'_>>(value)),
    ("replacesStatements", |value| reads::<List<Str<'_>>>(value)),
    ("componentRecords", |value| reads::<List<Str<'_>>>(value)),
    ("componentStatementIDs", |value| reads::<List<Str<'_>>>(value)),
    ("entityType", |value| reads::<TextOr<'_, EntityType<'_>>>(value)),
    ("name", |value| reads::<Str<'_>>(value)),
    ("alternateNames", |value| reads::<List<Str<'_>>>(value)),
    ("jurisdiction", |value| reads::<TextOr<'_, Country<'_>>>(value)),
    ("incorporatedInJurisdiction", |value| reads::<TextOr<'_, Country<'_>>>(value)),
    ("identifiers", |value| reads::<List<IdentifierObject<'_>>>(value)),
    ("foundingDate", |value| reads::<Str<'_>>(value)),
    ("dissolutionDate", |value| reads::<Str<'_>>(value)),
    ("birthDate", |value| reads::<Str<'_>>(value)),
    ("deathDate", |value| reads::<Str<'_>>(value)),
    ("publicListing", |value| reads::<PublicListing<'_>>(value)),
    ("names", |value| reads::<List<Name<'_>>>(value)),
    ("nationalities", |value| reads::<List<TextOr<'_, Country<'_>>>>(value)),
    ("politicalExposure", |value| reads::<PoliticalExposure<'_>>(value)),
    ("unspecifiedEntityDetails", |value| reads::<Unspecified<'_>>(value)),
    ("unspecifiedPersonDetails", |value| reads::<Unspecified<'_>>(value)),
];

/// Takes such members out where they cannot be read, and tells which.
pub(super) fn drop_unreadable(statement: &mut Value) -> Vec<&'static str> {
    let mut dropped = drop_from(statement);
    if let Some(details) = statement.get_mut("recordDetails") {
        dropped.extend(drop_from(details));
    }
    dropped
}

fn drop_from(value: &mut Value) -> Vec<&'static str> {
    let Some(object) = value.as_object_mut() else { return Vec::new() };
    let wrong = |(member, check): &&(&'static str, Check)| object.get(*member).is_some_and(|value| !check(value));
    let dropped: Vec<&'static str> = DISPENSABLE.iter().filter(wrong).map(|&(member, _)| member).collect();
    dropped.iter().for_each(|member| drop(object.remove(*member)));
    dropped
}
