//! Level 1: who has an LEI.

use super::values::{Field, Values};
use super::{Filing, Findings, Refused, SOURCE, in_capitals, scheme_of};
use crate::error::{Location, Result};
use crate::graph::NodeId;
use crate::graph::builder::{Described, Mention, Note};
use crate::model::entity::EntityDetails;
use crate::model::{DateBound, EntityKind, Fact, PartialDate};
use std::borrow::Cow;

/// What kind of party a category is.
///
/// A sole proprietor is a person in business: behind that LEI stands no other legal entity, so the node is the person. A
/// branch is a part of a company, listed apart from it; an international organisation is no body of one state, so it
/// is a legal entity like others.
const CATEGORIES: [(&str, EntityKind); 6] = [
    ("GENERAL", EntityKind::Company),
    ("BRANCH", EntityKind::Company),
    ("FUND", EntityKind::Arrangement),
    ("SOLE_PROPRIETOR", EntityKind::Person),
    ("RESIDENT_GOVERNMENT_ENTITY", EntityKind::StateBody),
    ("INTERNATIONAL_ORGANIZATION", EntityKind::Company),
];

/// What the status of a registration says about the party. Those that only concern the paperwork (`LAPSED`, transfers)
/// are left out.
const STATUSES: [(&str, &str); 5] = [
    ("RETIRED", "The LEI was retired: the entity ceased to exist"),
    ("MERGED", "The LEI was retired: the entity was merged into another"),
    ("DUPLICATE", "The LEI is a duplicate: another LEI identifies the same entity"),
    ("ANNULLED", "The LEI was annulled: it should not have been issued"),
    ("CANCELLED", "The application for the LEI was cancelled"),
];

/// Codes that stand where no register is named, so that their numbers tell nothing apart.
const NO_REGISTER: [&str; 3] = ["RA777777", "RA888888", "RA999999"];

/// Codes of the ELF list that name no legal form.
const NO_LEGAL_FORM: [&str; 2] = ["8888", "9999"];

/// The entity that a record describes.
pub(super) struct Party<'r> {
    lei: Cow<'r, str>,
    name: Cow<'r, str>,
    kind: EntityKind,
    jurisdiction: Cow<'r, str>,
    jurisdiction_inferred: bool,
    registered_as: Option<Registered<'r>>,
    founded: Option<PartialDate>,
    dissolved: Option<PartialDate>,
    details: Note,
}

/// A number in a register.
struct Registered<'r> {
    scheme: Cow<'r, str>,
    number: Cow<'r, str>,
}

impl<'r> Party<'r> {
    pub(super) fn read(values: &Values<'r>, findings: &mut Findings) -> Result<Self, Refused> {
        let lei = in_capitals(values.text_of(Field::Lei));
        if lei.is_empty() {
            return Err(Refused::because("the record has no LEI: nothing says whom it describes"));
        }
        let mut date = |name, field| findings.date(name, values.get(field));
        let founded = date("EntityCreationDate", Field::Created);
        let dissolved = date("EntityExpirationDate", Field::Expired);
        let updated = date("LastUpdateDate", Field::LastUpdate);
        let stated = values.text_of(Field::Jurisdiction);
        let country = values.text_of(Field::Country);
        let jurisdiction_inferred = stated.is_empty() && !country.is_empty();
        let details = details(values, &lei, dissolved, updated);
        Ok(Self {
            lei,
            name: values.text_of(Field::LegalName),
            kind: kind(values.get(Field::Category)),
            jurisdiction: in_capitals(if stated.is_empty() { country } else { stated }),
            jurisdiction_inferred,
            registered_as: registered_as(values),
            founded,
            dissolved,
            details: Note::of_entity(&details),
        })
    }

    pub(super) fn lei(&self) -> &str {
        &self.lei
    }

    pub(super) fn add(&self, filing: &mut Filing<'_, '_>, node: NodeId, location: &Location) -> Result<()> {
        let said = Described {
            mention: Mention {
                id: &self.lei,
                name: Some(&self.name),
                kind: Some(self.kind),
                jurisdiction: Some(&self.jurisdiction),
            },
            jurisdiction_inferred: self.jurisdiction_inferred,
            founded: self.founded,
            dissolved: self.dissolved,
            number: self.registered_as.as_ref().map(|number| (&*number.scheme, &*number.number)),
            details: &self.details,
        };
        filing.intake.builder.described(node, &said, location)?;
        filing.identify(node, &self.lei, location)
    }
}

fn kind(category: &str) -> EntityKind {
    CATEGORIES.iter().find(|(code, _)| *code == category).map_or(EntityKind::Company, |&(_, kind)| kind)
}

/// The number in the register that knows the entity.
///
/// Sub-funds are often registered under the number of their umbrella, branches under that of their head office. Their
/// number is kept under a scheme by which nothing is joined: different LEIs are different parties.
fn registered_as<'r>(values: &Values<'r>) -> Option<Registered<'r>> {
    let (authority, number) = (values.text_of(Field::Authority), values.text_of(Field::AuthorityNumber));
    if authority.is_empty() || number.is_empty() {
        return None;
    }
    let shared = matches!(values.get(Field::Category), "FUND" | "BRANCH") || NO_REGISTER.contains(&&*authority);
    let scheme = if shared { Cow::Owned(format!("number at {authority}")) } else { scheme_of(authority) };
    Some(Registered { scheme, number })
}

fn details(
    values: &Values<'_>,
    lei: &str,
    dissolved: Option<PartialDate>,
    updated: Option<PartialDate>,
) -> EntityDetails {
    let mut details = EntityDetails { legal_form: legal_form(values), ..EntityDetails::EMPTY };
    let name = values.get(Field::LegalName);
    for (item, other) in values.all(Field::OtherName) {
        let former = values.of_item(Field::OtherNameType, item) == "PREVIOUS_LEGAL_NAME";
        let names = if former { &mut details.former_names } else { &mut details.aliases };
        add_name(names, other, name);
    }
    for (_, other) in values.all(Field::TransliteratedName) {
        add_name(&mut details.aliases, other, name);
    }
    if let Some(text) = status(values, lei, dissolved) {
        let date = dissolved.or(updated).map_or(DateBound::Missing, DateBound::On);
        details.facts.push(statement(text, date));
    }
    details
}

fn add_name(names: &mut Vec<String>, other: &str, name: &str) {
    if other != name && !names.iter().any(|known| known == other) {
        names.push(other.to_owned());
    }
}

fn legal_form(values: &Values<'_>) -> Option<String> {
    let (code, words) = (values.get(Field::LegalFormCode), values.get(Field::LegalForm));
    match (words, code) {
        ("", "") => None,
        ("", code) => (!NO_LEGAL_FORM.contains(&code)).then(|| code.to_owned()),
        (words, _) => Some(words.to_owned()),
    }
}

/// What the registration says about the end of the entity. Successors are named, never joined: a duplicate that is
/// followed to the wrong party would be worse than one that stays apart.
fn status(values: &Values<'_>, lei: &str, dissolved: Option<PartialDate>) -> Option<String> {
    let status = values.get(Field::RegistrationStatus);
    let known = STATUSES.iter().find(|(code, _)| *code == status).map(|&(_, text)| text);
    let inactive = values.get(Field::EntityStatus) == "INACTIVE" && dissolved.is_none();
    let text = known.or(inactive.then_some("The entity is no longer active; since when is not stated"))?;
    let mut successors: Vec<&str> = Vec::new();
    for (_, successor) in values.all(Field::SuccessorLei).chain(values.all(Field::SuccessorName)) {
        if successor != lei && !successors.contains(&successor) {
            successors.push(successor);
        }
    }
    Some(match successors.is_empty() {
        true => format!("{text}."),
        false => format!("{text}. Successor: {}.", successors.join(", ")),
    })
}

/// A statement of the register about an entity.
pub(super) fn statement(text: String, date: DateBound) -> Fact {
    Fact::register_statement(date, DateBound::Missing, text, vec![SOURCE.to_owned()])
}
