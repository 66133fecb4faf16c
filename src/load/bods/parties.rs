//! Entities and persons.

use super::remarks::Remarks;
use super::schema::{self, Country, Details, List, Name, Str, TextOr, Unspecified, kept, text};
use super::statement::{Head, date};
use super::version::Version;
use super::{Reader, codes};
use crate::error::Result;
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::builder::foreseen::Id;
use crate::graph::builder::revise::Description;
use crate::load::notes::Notes;
use crate::model::entity::EntityDetails;
use crate::model::text::trimmed;
use crate::model::{DateBound, EntityKind, Fact, PartialDate, jurisdiction};
use std::borrow::Cow;

/// Why a party is not named.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Missing<'s> {
    pub reason: Option<&'s str>,
    pub description: Option<&'s str>,
}

impl<'s> Missing<'s> {
    fn of(unspecified: &'s Option<Unspecified<'_>>, older: &'s Option<Str<'_>>) -> Self {
        let reason = unspecified.as_ref().and_then(|unspecified| text(&unspecified.reason));
        let description = unspecified.as_ref().and_then(|unspecified| text(&unspecified.description));
        Missing { reason, description: description.or(text(older)) }
    }

    /// The name of a party that has none: `Person not named: the subject is exempt from disclosure`.
    pub fn name(&self, what: &str) -> String {
        match self.reason.map(codes::reason).or(self.description) {
            Some(reason) => format!("{what} not named: {reason}"),
            None => format!("{what} not named"),
        }
    }

    fn note(&self) -> Option<String> {
        match (self.reason, self.description) {
            (None, description) => description.map(str::to_owned),
            (Some(reason), None) => Some(reason.to_owned()),
            (Some(reason), Some(description)) => Some(format!("{reason}: {description}")),
        }
    }
}

/// The answer of an entity that was asked for its owner and names none, the reason in the words of the standard.
pub(super) fn unspecified_fact(missing: &Missing<'_>, stated: Option<PartialDate>) -> Fact {
    let reason = missing.reason.unwrap_or("unknown");
    let description = missing.description.map(|text| format!(": {text}")).unwrap_or_default();
    let text = if codes::nobody_is_missing(reason) {
        format!("Declared to have no beneficial owners ({reason}){description}")
    } else {
        format!("An interested party is not named: {} ({reason}){description}", codes::reason(reason))
    };
    let date = stated.map_or(DateBound::Missing, DateBound::On);
    Fact::register_statement(date, DateBound::Missing, text, Vec::new())
}

/// What a statement says of a party.
#[derive(Debug)]
pub(super) struct PartySaid<'t> {
    id: Id<'t>,
    name: Option<Cow<'t, str>>,
    kind: EntityKind,
    jurisdiction: Option<Cow<'t, str>>,
    founded: Option<PartialDate>,
    dissolved: Option<PartialDate>,
    numbers: Vec<Number<'t>>,
    /// What few parties have.
    more: Option<Box<EntityDetails>>,
    /// What is to be reported of the party, and of its numbers.
    notes: [Notes; 2],
}

/// An official number of a party.
#[derive(Debug)]
struct Number<'t> {
    scheme: Cow<'t, str>,
    id: Cow<'t, str>,
}

impl<'t> PartySaid<'t> {
    /// The id by which relationships refer to it.
    pub(super) fn id(&self) -> &Id<'t> {
        &self.id
    }

    pub(super) fn entity(head: &Head<'t>, details: &Details<'t>, remarks: &Remarks) -> Result<Self, String> {
        let id = Id::from(party_id(head)?);
        let mut notes = [Notes::default(), Notes::default()];
        let of_party = &mut notes[0];
        let (code, form) = match &details.entity_type {
            Some(TextOr::Text(code)) => (Some(code.trim()), None),
            Some(TextOr::Object(object)) => (text(&object.kind), text(&object.details)),
            None => (None, None),
        };
        let kind = kind(code, codes::entity_type, ("entityType", EntityKind::Company), of_party);
        let missing = Missing::of(&details.unspecified_entity_details, &details.missing_info_reason);
        let others = details.alternate_names.0.iter().take(MOST_NAMES).map(Str::trimmed);
        let mut others: Vec<Cow<'t, str>> = others.filter(|name| !name.is_empty()).collect();
        let mut name = kept(&details.name);
        if name.is_none() && !others.is_empty() {
            name = Some(others.remove(0));
        }
        if name.is_none() && kind == EntityKind::Unknown {
            name = Some(Cow::Owned(missing.name("Entity")));
        }
        let place = details.jurisdiction.as_ref().or(details.incorporated_in_jurisdiction.as_ref());
        let jurisdiction = place.and_then(|place| jurisdiction(place, of_party));
        let founded = remarked(remarks, "founded").or(date("foundingDate", &details.founding_date, of_party));
        let dissolved = remarked(remarks, "dissolved").or(date("dissolutionDate", &details.dissolution_date, of_party));
        let former: Vec<String> = remarks.party.all("former").map(str::to_owned).collect();
        others.retain(|name| !former.iter().any(|other| other == name));
        let more = EntityDetails {
            legal_form: form.map(str::to_owned),
            aliases: others.into_iter().map(Cow::into_owned).collect(),
            former_names: former,
            listed: remarks.party.has("listed"),
            topics: remarks.party.all("topic").map(str::to_owned).collect(),
            note: missing.note(),
            facts: listing(details, head.moment.stated()).into_iter().collect(),
            ..EntityDetails::EMPTY
        };
        let numbers = numbers(details, remarks, &mut notes[1]);
        Ok(PartySaid { id, name, kind, jurisdiction, founded, dissolved, numbers, more: boxed(more), notes })
    }

    pub(super) fn person(head: &Head<'t>, details: &Details<'t>, remarks: &Remarks) -> Result<Self, String> {
        let id = Id::from(party_id(head)?);
        let mut notes = [Notes::default(), Notes::default()];
        let of_party = &mut notes[0];
        let code = text(&details.person_type);
        let kind = kind(code, codes::person_type, ("personType", EntityKind::Person), of_party);
        let missing = Missing::of(&details.unspecified_person_details, &details.missing_info_reason);
        let main = main_name(&details.names);
        let mut name = main.and_then(|at| full_name(&details.names.0[at]));
        if name.is_none() && kind == EntityKind::Unknown {
            name = Some(Cow::Owned(missing.name("Person")));
        }
        let nationality = details.nationalities.0.first().and_then(|country| jurisdiction(country, of_party));
        let remarked = remarks.party.get("jurisdiction").map(|code| Cow::Owned(code.to_owned()));
        let founded = date("birthDate", &details.birth_date, of_party);
        let dissolved = date("deathDate", &details.death_date, of_party);
        let mut more = EntityDetails { note: missing.note(), ..EntityDetails::EMPTY };
        for (at, other) in details.names.0.iter().enumerate().filter(|&(at, _)| Some(at) != main) {
            let former = matches!(text(&other.kind), Some("former" | "birth"));
            let names = if former { &mut more.former_names } else { &mut more.aliases };
            names.extend(full_name(other).map(Cow::into_owned).filter(|_| at < MOST_NAMES));
        }
        let exposed = details.political_exposure.as_ref().and_then(|exposure| text(&exposure.status)) == Some("isPep");
        more.listed = remarks.party.has("listed");
        if exposed || schema::Number::is_true(&details.has_pep_status) {
            more.topics.push("role.pep".to_owned());
        }
        more.topics.extend(remarks.party.all("topic").map(str::to_owned));
        let (jurisdiction, more) = (remarked.or(nationality), boxed(more));
        let numbers = numbers(details, remarks, &mut notes[1]);
        Ok(PartySaid { id, name, kind, jurisdiction, founded, dissolved, numbers, more, notes })
    }
}

impl Reader<'_, '_> {
    /// Adds what a statement, given by its number, says of a party, whose node may be known.
    pub(super) fn party(
        &mut self,
        head: &Head<'_>,
        statement: Option<u32>,
        party: &mut PartySaid<'_>,
        nodes: &[NodeId],
    ) -> Result<()> {
        let [of_party, of_numbers] = std::mem::take(&mut party.notes);
        self.report(of_party);
        let builder = &mut *self.intake.builder;
        let node = match nodes.first() {
            Some(&node) => node,
            None => builder.mention(Mention { id: &party.id, ..Mention::default() }, &self.location)?,
        };
        let revision = self.series.revision(node, head.moment);
        let description = Description {
            name: party.name.as_deref(),
            kind: party.kind,
            jurisdiction: party.jurisdiction.as_deref(),
            founded: party.founded,
            dissolved: party.dissolved,
        };
        builder.describe_node(node, &description, revision, &self.location)?;
        self.series.described(node, head.moment);
        if let Some(statement) = statement.filter(|_| head.version == Version::Four) {
            self.series.describes(statement, node);
        }
        for number in &party.numbers {
            builder.identifier_of(node, (&number.scheme, &number.id), &self.location)?;
        }
        self.report(of_numbers);
        if let Some(more) = party.more.take() {
            self.intake.builder.more_details(node, *more);
        }
        Ok(())
    }
}

fn boxed(details: EntityDetails) -> Option<Box<EntityDetails>> {
    (details != EntityDetails::EMPTY).then(|| Box::new(details))
}

/// A date of the party that is kept in a remark.
fn remarked(remarks: &Remarks, word: &str) -> Option<PartialDate> {
    remarks.party.get(word)?.parse().ok()
}

/// The kind that a code stands for; without a code or with an unknown one the usual kind.
fn kind(
    code: Option<&str>,
    known: fn(&str) -> Option<EntityKind>,
    (member, usual): (&str, EntityKind),
    notes: &mut Notes,
) -> EntityKind {
    let Some(code) = code.filter(|code| !code.is_empty()) else { return usual };
    known(code).unwrap_or_else(|| {
        notes.unreadable(format!("{member} {code:?} is not on the code list; read as {usual}"));
        usual
    })
}

/// A jurisdiction code as it stands, or the code of the place that is named.
fn jurisdiction<'t>(place: &TextOr<'t, Country<'t>>, notes: &mut Notes) -> Option<Cow<'t, str>> {
    let (code, name) = match place {
        TextOr::Text(code) => (Some(trimmed(code)).filter(|code| !code.is_empty()), None),
        TextOr::Object(country) => (kept(&country.code), text(&country.name)),
    };
    let is_code = |code: &Cow<'_, str>| (1..=6).contains(&code.len());
    if let Some(code) = code.as_ref().filter(|code| !is_code(code)) {
        notes.unreadable(format!("jurisdiction {code:?} is no code of ISO 3166"));
    }
    code.filter(is_code).or_else(|| name.and_then(jurisdiction::code).map(Cow::Borrowed))
}

/// The official numbers of a party, and those that are kept in remarks.
fn numbers<'t>(details: &Details<'t>, remarks: &Remarks, notes: &mut Notes) -> Vec<Number<'t>> {
    let mut numbers = Vec::with_capacity(details.identifiers.0.len());
    for identifier in &details.identifiers.0 {
        let Some(id) = kept(&identifier.id).or_else(|| kept(&identifier.uri)) else { continue };
        match (kept(&identifier.scheme), text(&identifier.scheme_name)) {
            (Some(scheme), _) => numbers.push(Number { scheme, id }),
            // A name of a register is shown but joins nobody, even where it looks like a code.
            (None, Some(name)) => numbers.push(Number { scheme: format!("{name} (no code)").into(), id }),
            (None, None) => notes.unreadable("an identifier names no scheme".to_owned()),
        }
    }
    for (scheme, id) in remarks.party.all("identifier").filter_map(|number| number.split_once(':')) {
        numbers.push(Number { scheme: scheme.to_owned().into(), id: id.to_owned().into() });
    }
    numbers
}

/// Names of one person that are kept.
const MOST_NAMES: usize = 1000;

/// The id by which relationships refer to a party.
fn party_id<'t>(head: &Head<'t>) -> Result<Cow<'t, str>, String> {
    let own = || head.has_id.then(|| head.id.clone());
    match head.version {
        Version::Four => {
            let id = head.record.clone().or_else(own);
            id.ok_or_else(|| "has no recordId: nothing can refer to the party".to_owned())
        }
        Version::ThroughThree => own().ok_or_else(|| "has no statementID: nothing can refer to the party".to_owned()),
    }
}

/// The position of the name to show: the legal one, else the first one that is not a former one.
fn main_name(names: &List<Name<'_>>) -> Option<usize> {
    let usable = || {
        names.0.iter().enumerate().filter(|(_, name)| text(&name.full_name).or_else(|| parts(name).next()).is_some())
    };
    let of = |kinds: &[&str]| usable().find(|(_, name)| text(&name.kind).is_some_and(|kind| kinds.contains(&kind)));
    let current = || usable().find(|(_, name)| !matches!(text(&name.kind), Some("former" | "birth")));
    of(&["legal", "individual"]).or_else(current).or_else(|| usable().next()).map(|(at, _)| at)
}

fn full_name<'t>(name: &Name<'t>) -> Option<Cow<'t, str>> {
    kept(&name.full_name).or_else(|| {
        let parts: Vec<&str> = parts(name).collect();
        (!parts.is_empty()).then(|| Cow::Owned(parts.join(" ")))
    })
}

fn parts<'s>(name: &'s Name<'_>) -> impl Iterator<Item = &'s str> {
    [&name.given_name, &name.patronymic_name, &name.family_name].into_iter().filter_map(text)
}

/// That the securities of an entity are listed.
fn listing(details: &Details<'_>, stated: Option<PartialDate>) -> Option<Fact> {
    let listing = details.public_listing.as_ref()?;
    if !schema::Number::is_true(&listing.has_public_listing) {
        return None;
    }
    let exchanges: Vec<&str> =
        listing.securities_listings.0.iter().filter_map(|listing| text(&listing.stock_exchange_name)).collect();
    let place = if exchanges.is_empty() { String::new() } else { format!(" on {}", exchanges.join(", ")) };
    Some(Fact {
        end: DateBound::Missing,
        date: stated.map_or(DateBound::Missing, DateBound::On),
        kind: "stock-listing".to_owned(),
        text: format!("Its securities are publicly listed{place}"),
        jurisdiction: None,
        sources: Vec::new(),
        confidence: None,
        contested: false,
    })
}
