//! Entities and persons.

use super::Writer;
use super::sources::source;
use super::statement::{
    Annotation, Country, EntityDetails, EntityType, Exposure, Identifier, Name, PersonDetails, Statement, Unspecified,
};
use crate::export::remarks;
use crate::graph::{Entity, NodeId};
use crate::model::{Day, EntityKind, Fact, InterestKind, PartialDate, Remark, jurisdiction};
use serde::Serialize;
use std::borrow::Cow;
use std::io;

/// The documents by which the standard identifies persons.
const DOCUMENTS: [&str; 3] = ["PASSPORT", "TAXID", "IDCARD"];

const DETAILS: &str = "/recordDetails";

impl<'g> Writer<'g, '_> {
    pub(super) fn parties(&mut self) -> io::Result<()> {
        let graph = self.view.graph();
        let mut nodes: Vec<NodeId> = graph.nodes().collect();
        nodes.sort_unstable_by_key(|&node| graph.entity(node).id());
        for entity in nodes.into_iter().map(|node| graph.entity(node)) {
            if entity.kind() == EntityKind::Person {
                self.person(entity)?;
            } else {
                self.entity(entity)?;
            }
        }
        Ok(())
    }

    fn entity(&mut self, entity: Entity<'g>) -> io::Result<()> {
        let mut remark = remarks::of_entity(entity, self.losses);
        let more = entity.details();
        let unknown = entity.kind() == EntityKind::Unknown;
        let identifiers: Vec<Identifier> = entity.identifiers().map(identifier).collect();
        for topic in &more.topics {
            remark.add("topic", topic);
            self.losses.add("topics of entities (kept as remarks)");
        }
        for name in &more.former_names {
            remark.add("former", name);
            self.losses.add("former names of entities (written as alternate names, kept as remarks)");
        }
        let details = EntityDetails {
            is_component: false,
            entity_type: self.entity_type(entity, !identifiers.is_empty()),
            unspecified_entity_details: unknown.then(|| Unspecified {
                reason: "informationUnknownToPublisher",
                description: Some(more.note.as_deref().unwrap_or(entity.name())).filter(|text| !text.is_empty()),
            }),
            name: entity.name(),
            alternate_names: more.aliases.iter().chain(&more.former_names).map(String::as_str).collect(),
            jurisdiction: entity.jurisdiction().map(|code| place(code, 6)),
            identifiers,
            founding_date: self.rounded("founded", entity.founded(), &mut remark),
            dissolution_date: self.rounded("dissolved", entity.dissolved(), &mut remark),
        };
        let note = more.note.as_deref().filter(|_| !unknown);
        self.party(entity, "entity", details, (remark, note))
    }

    fn person(&mut self, person: Entity<'g>) -> io::Result<()> {
        let mut remark = remarks::of_entity(person, self.losses);
        let more = person.details();
        let name = |kind: &'static str, full_name: &'g str| Name { kind, full_name };
        let own = (!person.name().is_empty()).then(|| name("legal", person.name()));
        let others = more.aliases.iter().map(|other| name("alternative", other));
        let former = more.former_names.iter().map(|other| name("former", other));
        let (documents, others_of): (Vec<_>, Vec<_>) =
            person.identifiers().partition(|number| is_document(&number.scheme));
        for number in others_of {
            remark.add("identifier", number.to_string());
            self.losses.add("numbers of persons that are no passport, tax number or identity card (kept as remarks)");
        }
        let exposed = more.topics.iter().any(|topic| topic == "role.pep");
        for topic in more.topics.iter().filter(|topic| *topic != "role.pep") {
            remark.add("topic", topic);
            self.losses.add("topics of persons (kept as remarks)");
        }
        if let Some(code) = person.jurisdiction() {
            self.losses.add("jurisdictions of persons (written as nationalities)");
            if code.len() != 2 {
                remark.add("jurisdiction", code);
            }
        }
        let details = PersonDetails {
            is_component: false,
            person_type: "knownPerson",
            names: own.into_iter().chain(others).chain(former).collect(),
            identifiers: documents.into_iter().map(identifier).collect(),
            nationalities: person.jurisdiction().map(|code| place(code, 2)).into_iter().collect(),
            birth_date: person.founded().map(|date| date.to_string()),
            death_date: person.dissolved().map(|date| date.to_string()),
            political_exposure: exposed.then_some(Exposure { status: "isPep" }),
        };
        self.party(person, "person", details, (remark, more.note.as_deref()))
    }

    fn party<D: Serialize>(
        &mut self,
        entity: Entity<'g>,
        record_type: &'static str,
        details: D,
        (mut remark, note): (Remark, Option<&str>),
    ) -> io::Result<()> {
        remark.flag("listed", entity.details().listed);
        let mut annotations = Vec::new();
        if !remark.is_empty() {
            annotations.push(Annotation::comment(DETAILS, remark.to_string()));
        }
        annotations.extend(note.map(|note| Annotation::comment(DETAILS, note)));
        for fact in &entity.details().facts {
            self.losses.add("facts (written as comments)");
            annotations.push(Annotation::comment(DETAILS, in_words(fact)));
        }
        let stated = self.known_on(entity).or(self.newest);
        let statement = Statement {
            statement_date: self.date(stated),
            declaration_subject: Cow::Borrowed(entity.id()),
            record_id: Cow::Borrowed(entity.id()),
            record_type,
            record_status: "new",
            record_details: details,
            publication_details: self.publication(None),
            source: source(self.view.graph(), &entity.details().sources, None, None, self.losses),
            annotations,
        };
        self.out.push(&statement)
    }

    /// The newest date of the sources of a party, else of the interests around it.
    fn known_on(&self, entity: Entity<'g>) -> Option<Day> {
        let graph = self.view.graph();
        let sources = entity.details().sources.iter().filter_map(|id| graph.source(id)?.date);
        sources.map(|date| date.first_day()).max().or_else(|| {
            let above = graph.held_in(entity.node());
            let around = above.chain(graph.held_by(entity.node())).filter_map(|edge| self.groups.group(edge));
            around.filter_map(|group| self.stated(group)).max()
        })
    }

    fn entity_type(&self, entity: Entity<'g>, registered: bool) -> EntityType<'g> {
        let (kind, subtype) = match entity.kind() {
            EntityKind::Arrangement => ("arrangement", self.arrangement(entity)),
            EntityKind::State => ("state", None),
            EntityKind::StateBody => ("stateBody", None),
            EntityKind::Unknown => ("unknownEntity", None),
            EntityKind::Company | EntityKind::Person if registered => ("registeredEntity", None),
            EntityKind::Company | EntityKind::Person => ("legalEntity", None),
        };
        EntityType { kind, subtype, details: entity.details().legal_form.as_deref() }
    }

    /// What kind of arrangement somebody's role in it shows.
    pub(super) fn arrangement(&self, entity: Entity<'g>) -> Option<&'static str> {
        let graph = self.view.graph();
        if entity.kind() != EntityKind::Arrangement {
            return None;
        }
        let roles = || graph.held_in(entity.node()).map(|edge| graph.interest(edge).kind());
        if roles().any(|kind| matches!(kind, InterestKind::Settlor | InterestKind::Trustee | InterestKind::Protector)) {
            Some("trust")
        } else if roles().any(|kind| matches!(kind, InterestKind::Nominee | InterestKind::Nominator)) {
            Some("nomination")
        } else {
            None
        }
    }

    /// A date of an entity: a month or a year is its first day.
    fn rounded(&mut self, word: &str, date: Option<PartialDate>, remark: &mut Remark) -> Option<String> {
        let date = date?;
        if date.whole_day().is_none() {
            remark.add(word, date.to_string());
            self.losses.add("dates of entities that are a month or a year (written as its first day, kept as remarks)");
        }
        Some(date.first_day().to_string())
    }
}

/// A fact in words: `2021-11 litigation: Named as defendant. (contested)`.
fn in_words(fact: &Fact) -> String {
    let date = fact.date.to_string();
    let blank = if date.is_empty() { "" } else { " " };
    let contested = if fact.contested { " (contested)" } else { "" };
    format!("{date}{blank}{}: {}{contested}", fact.kind, fact.text)
}

/// A country, or for entities also a part of one. A code that is too long for the standard stands as the name.
fn place(code: &str, longest: usize) -> Country<'_> {
    let cut = if longest == 2 { code.split('-').next().unwrap_or(code) } else { code };
    let fits = (2..=longest).contains(&cut.chars().count());
    Country { name: jurisdiction::name(cut).unwrap_or(code), code: fits.then_some(cut) }
}

/// Whether a scheme of a person's number is one of the standard: `GBR-PASSPORT`.
fn is_document(scheme: &str) -> bool {
    scheme.split_once('-').is_some_and(|(country, document)| {
        country.len() == 3 && country.bytes().all(|byte| byte.is_ascii_uppercase()) && DOCUMENTS.contains(&document)
    })
}

fn identifier(number: crate::model::Identifier) -> Identifier {
    let is_code = is_document(&number.scheme) || is_list_code(&number.scheme);
    let (scheme, scheme_name) = if is_code { (Some(number.scheme), None) } else { (None, Some(number.scheme)) };
    Identifier { id: number.id, scheme, scheme_name }
}

/// Whether a scheme looks like a list of org-id.guide: a country, or X and a letter for the world, and a name.
fn is_list_code(scheme: &str) -> bool {
    scheme.split_once('-').is_some_and(|(country, list)| {
        let capitals = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        country.len() == 2 && list.len() > 1 && capitals(country) && list.split('-').all(capitals)
    })
}
