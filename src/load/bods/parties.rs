//! Entities and persons.

use super::schema::{Country, Details, List, Name, Number, Str, TextOr, Unspecified, text};
use super::version::Version;
use super::{Head, Reader, codes};
use crate::error::Result;
use crate::graph::NodeId;
use crate::graph::builder::revise::Description;
use crate::model::entity::EntityDetails;
use crate::model::{DateBound, EntityKind, Fact, Identifier, PartialDate, jurisdiction};
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

impl Reader<'_, '_> {
    pub(super) fn entity(&mut self, head: &Head<'_>, details: &Details<'_>) -> Result<Result<(), String>> {
        let Some(id) = party_id(head) else { return Ok(Err(no_id(head))) };
        let (code, form) = match &details.entity_type {
            Some(TextOr::Text(code)) => (Some(code.trim()), None),
            Some(TextOr::Object(object)) => (text(&object.kind), text(&object.details)),
            None => (None, None),
        };
        let kind = self.kind(code, codes::entity_type, "entityType", EntityKind::Company);
        let missing = Missing::of(&details.unspecified_entity_details, &details.missing_info_reason);
        let others = details
            .alternate_names
            .0
            .iter()
            .take(MOST_NAMES)
            .map(|Str(name)| name.trim())
            .filter(|name| !name.is_empty());
        let mut others: Vec<&str> = others.collect();
        let mut name = text(&details.name).map(Cow::Borrowed);
        if name.is_none() && !others.is_empty() {
            name = Some(Cow::Borrowed(others.remove(0)));
        }
        if name.is_none() && kind == EntityKind::Unknown {
            name = Some(Cow::Owned(missing.name("Entity")));
        }
        let place = details.jurisdiction.as_ref().or(details.incorporated_in_jurisdiction.as_ref());
        let description = Description {
            id,
            name: name.as_deref(),
            kind,
            jurisdiction: place.and_then(|place| self.jurisdiction(place)),
            founded: self.remarked("founded").or(self.date("foundingDate", &details.founding_date)),
            dissolved: self.remarked("dissolved").or(self.date("dissolutionDate", &details.dissolution_date)),
        };
        let node = self.describe(head, &description, details)?;
        let facts = listing(details, head.moment.stated());
        let former: Vec<String> = self.remarks.party.all("former").map(str::to_owned).collect();
        let more = EntityDetails {
            legal_form: form.map(str::to_owned),
            aliases: others
                .into_iter()
                .filter(|name| !former.iter().any(|other| other == name))
                .map(str::to_owned)
                .collect(),
            former_names: former.clone(),
            listed: self.remarks.party.has("listed"),
            topics: self.remarks.party.all("topic").map(str::to_owned).collect(),
            note: missing.note(),
            facts: facts.into_iter().collect(),
            ..EntityDetails::EMPTY
        };
        self.intake.builder.more_details(node, more);
        Ok(Ok(()))
    }

    pub(super) fn person(&mut self, head: &Head<'_>, details: &Details<'_>) -> Result<Result<(), String>> {
        let Some(id) = party_id(head) else { return Ok(Err(no_id(head))) };
        let kind = self.kind(text(&details.person_type), codes::person_type, "personType", EntityKind::Person);
        let missing = Missing::of(&details.unspecified_person_details, &details.missing_info_reason);
        let remarked_place = self.remarks.party.get("jurisdiction").map(str::to_owned);
        let main = main_name(&details.names);
        let mut name = main.and_then(|at| full_name(&details.names.0[at]));
        if name.is_none() && kind == EntityKind::Unknown {
            name = Some(Cow::Owned(missing.name("Person")));
        }
        let description = Description {
            id,
            name: name.as_deref(),
            kind,
            jurisdiction: remarked_place.as_deref().or(details
                .nationalities
                .0
                .first()
                .and_then(|country| self.jurisdiction(country))),
            founded: self.date("birthDate", &details.birth_date),
            dissolved: self.date("deathDate", &details.death_date),
        };
        let node = self.describe(head, &description, details)?;
        let mut more = EntityDetails { note: missing.note(), ..EntityDetails::EMPTY };
        for (at, other) in details.names.0.iter().enumerate().filter(|&(at, _)| Some(at) != main) {
            let former = matches!(text(&other.kind), Some("former" | "birth"));
            let names = if former { &mut more.former_names } else { &mut more.aliases };
            names.extend(full_name(other).map(Cow::into_owned).filter(|_| at < MOST_NAMES));
        }
        let exposed = details.political_exposure.as_ref().and_then(|exposure| text(&exposure.status)) == Some("isPep");
        more.listed = self.remarks.party.has("listed");
        if exposed || Number::is_true(&details.has_pep_status) {
            more.topics.push("role.pep".to_owned());
        }
        more.topics.extend(self.remarks.party.all("topic").map(str::to_owned));
        self.intake.builder.more_details(node, more);
        Ok(Ok(()))
    }

    /// A date of the party at hand that is kept in a remark.
    fn remarked(&self, word: &str) -> Option<PartialDate> {
        self.remarks.party.get(word)?.parse().ok()
    }

    /// The kind that a code stands for; without a code or with an unknown one the usual kind.
    fn kind(
        &mut self,
        code: Option<&str>,
        known: fn(&str) -> Option<EntityKind>,
        member: &str,
        usual: EntityKind,
    ) -> EntityKind {
        let Some(code) = code.filter(|code| !code.is_empty()) else { return usual };
        known(code).unwrap_or_else(|| {
            self.unreadable(&format!("{member} {code:?} is not on the code list; read as {usual}"));
            usual
        })
    }

    /// A jurisdiction code as it stands, or the code of the place that is named.
    fn jurisdiction<'s>(&mut self, place: &'s TextOr<'_, Country<'_>>) -> Option<&'s str> {
        let (code, name) = match place {
            TextOr::Text(code) => (Some(code.trim()), None),
            TextOr::Object(country) => (text(&country.code), text(&country.name)),
        };
        let is_code = |code: &&str| (1..=6).contains(&code.len());
        if let Some(code) = code.filter(|code| !code.is_empty() && !is_code(code)) {
            self.unreadable(&format!("jurisdiction {code:?} is no code of ISO 3166"));
        }
        code.filter(is_code).or_else(|| name.and_then(jurisdiction::code))
    }

    fn describe(&mut self, head: &Head<'_>, description: &Description<'_>, details: &Details<'_>) -> Result<NodeId> {
        let known = super::series::Series::node(self.intake.builder, description.id);
        let revision = self.series.revision(known, head.moment);
        let node = self.intake.builder.describe(description, revision, &self.location)?;
        self.series.described(node, head.moment);
        if head.version == Version::Four && head.has_id {
            self.series.describes(head.id, node);
        }
        for identifier in &details.identifiers.0 {
            let Some(value) = text(&identifier.id).or(text(&identifier.uri)) else { continue };
            self.identifier.id.clear();
            self.identifier.id.push_str(value);
            self.identifier.scheme.clear();
            match (text(&identifier.scheme), text(&identifier.scheme_name)) {
                (Some(scheme), _) => self.identifier.scheme.push_str(scheme),
                // A name of a register is shown but joins nobody, even where it looks like a code.
                (None, Some(name)) => {
                    self.identifier.scheme.push_str(name);
                    self.identifier.scheme.push_str(" (no code)");
                }
                (None, None) => {
                    self.unreadable("an identifier names no scheme");
                    continue;
                }
            }
            self.intake.builder.identifier(node, &self.identifier, &self.location)?;
        }
        for number in self.remarks.party.all("identifier") {
            if let Some((scheme, id)) = number.split_once(':') {
                let number = Identifier { scheme: scheme.to_owned(), id: id.to_owned() };
                self.intake.builder.identifier(node, &number, &self.location)?;
            }
        }
        Ok(node)
    }
}

/// Names of one person that are kept.
const MOST_NAMES: usize = 1000;

/// The id by which relationships refer to a party.
fn party_id<'h>(head: &Head<'h>) -> Option<&'h str> {
    match head.version {
        Version::Four => head.record.or(head.has_id.then_some(head.id)),
        Version::ThroughThree => head.has_id.then_some(head.id),
    }
}

fn no_id(head: &Head<'_>) -> String {
    match head.version {
        Version::Four => "has no recordId: nothing can refer to the party".to_owned(),
        Version::ThroughThree => "has no statementID: nothing can refer to the party".to_owned(),
    }
}

/// The position of the name to show: the legal one, else the first one that is not a former one.
fn main_name(names: &List<Name<'_>>) -> Option<usize> {
    let usable = || names.0.iter().enumerate().filter(|(_, name)| full_name(name).is_some());
    let of = |kinds: &[&str]| usable().find(|(_, name)| text(&name.kind).is_some_and(|kind| kinds.contains(&kind)));
    let current = || usable().find(|(_, name)| !matches!(text(&name.kind), Some("former" | "birth")));
    of(&["legal", "individual"]).or_else(current).or_else(|| usable().next()).map(|(at, _)| at)
}

fn full_name<'s>(name: &'s Name<'_>) -> Option<Cow<'s, str>> {
    if let Some(full) = text(&name.full_name) {
        return Some(Cow::Borrowed(full));
    }
    let parts = [&name.given_name, &name.patronymic_name, &name.family_name];
    let parts: Vec<&str> = parts.into_iter().filter_map(text).collect();
    (!parts.is_empty()).then(|| Cow::Owned(parts.join(" ")))
}

/// That the securities of an entity are listed.
fn listing(details: &Details<'_>, stated: Option<PartialDate>) -> Option<Fact> {
    let listing = details.public_listing.as_ref()?;
    if !Number::is_true(&listing.has_public_listing) {
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
