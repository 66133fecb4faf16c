//! Those who have significant control, what the company states of them, and exemptions.

use super::row::{Birth, Data, Identification, NameElements, Text, text};
use super::{Origin, Outcome, Register, SOURCE, nature, statement};
use crate::error::Result;
use crate::graph::columns::InterestParts;
use crate::graph::{Account, NodeId};
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, EntityRecord, Fact, InterestKind, Marks, PartialDate, ShareRange,
};
use crate::problem::Rule;

/// What kind of party a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Individual,
    Corporate,
    LegalPerson,
    /// The register keeps name and natures of control to itself.
    SuperSecure,
}

/// The first part of a kind; the second tells persons of the United Kingdom's bodies from owners of overseas entities.
const ROLES: [(&str, Role); 4] = [
    ("individual-", Role::Individual),
    ("corporate-entity-", Role::Corporate),
    ("legal-person-", Role::LegalPerson),
    ("super-secure-", Role::SuperSecure),
];

const REGIMES: [&str; 2] = ["person-with-significant-control", "beneficial-owner"];

impl Role {
    pub(super) fn of(kind: &str) -> Option<Self> {
        let (rest, role) = ROLES.iter().find_map(|(prefix, role)| Some((kind.strip_prefix(prefix)?, *role)))?;
        REGIMES.contains(&rest).then_some(role)
    }
}

/// Legal forms that tell a state or a body of one, the more telling words first.
const PUBLIC_FORMS: [(&str, EntityKind); 16] = [
    ("government department", EntityKind::StateBody),
    ("government body", EntityKind::StateBody),
    ("government agency", EntityKind::StateBody),
    ("local government", EntityKind::StateBody),
    ("local authority", EntityKind::StateBody),
    ("council", EntityKind::StateBody),
    ("ministry", EntityKind::StateBody),
    ("minister", EntityKind::StateBody),
    ("secretary of state", EntityKind::StateBody),
    ("public body", EntityKind::StateBody),
    ("public authority", EntityKind::StateBody),
    ("statutory corporation", EntityKind::StateBody),
    ("statutory body", EntityKind::StateBody),
    ("crown", EntityKind::State),
    ("sovereign state", EntityKind::State),
    ("government", EntityKind::State),
];

fn kind_of_legal_person(form: Option<&str>) -> EntityKind {
    let form = form.unwrap_or("").to_lowercase();
    PUBLIC_FORMS.iter().find(|(words, _)| form.contains(words)).map_or(EntityKind::Company, |&(_, kind)| kind)
}

/// What a record says when it says nothing of a right.
const NO_NATURE: nature::Nature =
    nature::Nature { kind: InterestKind::UnknownInterest, share: ShareRange::UNKNOWN, controlling: false, note: None };

/// The right of somebody whose rights the register does not publish.
const UNPUBLISHED: nature::Nature = nature::Nature { kind: InterestKind::UnpublishedInterest, ..NO_NATURE };

/// When a record says that something was so.
#[derive(Clone, Copy)]
struct Tenure {
    start: DateBound,
    end: DateBound,
}

impl Tenure {
    const UNDATED: Self = Self { start: DateBound::Missing, end: DateBound::Missing };
}

impl Register<'_, '_> {
    pub(super) fn party(&mut self, role: Role, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let id = self.own_id(data, origin)?;
        let record = match role {
            Role::Individual => self.individual(id, data, origin),
            Role::Corporate | Role::LegalPerson => self.legal_entity(role, id, data),
            Role::SuperSecure => unnamed(id, "Person not named (exempt from disclosure)"),
        };
        let owner = self.intake.builder.entity(record, &origin.location)?;
        let natures = match role {
            Role::SuperSecure => vec![UNPUBLISHED],
            _ => self.natures(data, origin),
        };
        let tenure = self.tenure(data, origin);
        self.hold(owner, &natures, tenure, origin)?;
        Ok(Outcome::Taken)
    }

    fn individual(&mut self, id: String, data: &Data<'_>, origin: &Origin<'_>) -> EntityRecord {
        let name = match (text(&data.name), &data.name_elements) {
            (Some(name), _) => name.to_owned(),
            (None, Some(elements)) => full_name(elements),
            (None, None) => String::new(),
        };
        if name.is_empty() {
            self.unreadable(&origin.location, "the record of a person holds no name".to_owned());
            return unnamed(id, "Person not named (the record holds no name)");
        }
        let jurisdiction = text(&data.nationality).and_then(|text| self.places.nationality(text));
        EntityRecord {
            id,
            name,
            kind: EntityKind::Person,
            jurisdiction: jurisdiction.map(str::to_owned),
            founded: data.date_of_birth.and_then(|birth| self.birth(birth, origin)),
            details: EntityDetails { listed: data.is_sanctioned == Some(true), ..EntityDetails::EMPTY },
            ..EntityRecord::default()
        }
    }

    fn birth(&mut self, birth: Birth, origin: &Origin<'_>) -> Option<PartialDate> {
        let stated = match (birth.year?, birth.month) {
            (year, Some(month)) => format!("{year:04}-{month:02}"),
            (year, None) => format!("{year:04}"),
        };
        let date = stated.parse();
        if date.is_err() {
            self.unreadable(
                &origin.location,
                format!("the date of birth {stated} is no month of a year; it is left out"),
            );
        }
        date.ok()
    }

    /// A company or another legal person. What is known of its own registration may join it to the company's own record.
    fn legal_entity(&mut self, role: Role, id: String, data: &Data<'_>) -> EntityRecord {
        let none = Identification::default();
        let identification = data.identification.as_ref().unwrap_or(&none);
        let registration = self.places.registration(identification);
        let form = text(&identification.legal_form);
        EntityRecord {
            id,
            name: text(&data.name).unwrap_or("").to_owned(),
            kind: if role == Role::Corporate { EntityKind::Company } else { kind_of_legal_person(form) },
            jurisdiction: registration.jurisdiction.map(str::to_owned),
            jurisdiction_inferred: registration.inferred,
            identifiers: registration.identifier.into_iter().collect(),
            details: EntityDetails {
                legal_form: form.map(str::to_owned),
                listed: data.is_sanctioned == Some(true),
                ..EntityDetails::EMPTY
            },
            ..EntityRecord::default()
        }
    }

    /// The rights that a record states, each once.
    fn natures(&mut self, data: &Data<'_>, origin: &Origin<'_>) -> Vec<nature::Nature> {
        let codes = data.natures_of_control.as_deref().unwrap_or_default();
        let mut natures: Vec<nature::Nature> = Vec::with_capacity(codes.len().max(1));
        for Text(code) in codes {
            let nature = nature::parse(code.trim()).unwrap_or_else(|| {
                let message = format!("the nature of control {code:?} is not known; it is kept as an unknown interest");
                self.unreadable(&origin.location, message);
                NO_NATURE
            });
            if natures.contains(&nature) {
                continue;
            }
            let same_right = |known: &&nature::Nature| known.kind == nature.kind && known.note == nature.note;
            if let Some(known) = natures.iter().find(same_right).filter(|known| known.share != nature.share) {
                let message =
                    format!("{} of {} and of {}; the highest band counts", nature.kind, known.share, nature.share);
                self.intake.problem(Rule::SeveralBands, origin.location.clone(), message);
            }
            natures.push(nature);
        }
        if natures.is_empty() {
            self.unreadable(&origin.location, "the record states no nature of control".to_owned());
            natures.push(NO_NATURE);
        }
        natures
    }

    /// From `notified_on` until `ceased_on`, the first day out.
    ///
    /// Where a record only says *that* somebody ceased, the end lies between the first day and the publication.
    fn tenure(&mut self, data: &Data<'_>, origin: &Origin<'_>) -> Tenure {
        let notified = self.date(&data.notified_on, "notified_on", &origin.location);
        let ceased = self.date(&data.ceased_on, "ceased_on", &origin.location);
        let published = origin.published.filter(|published| notified.is_none_or(|notified| notified <= *published));
        let end = match ceased {
            Some(date) => DateBound::On(date),
            None if data.ceased == Some(true) => DateBound::Between { not_before: notified, not_after: published },
            None => DateBound::Missing,
        };
        Tenure { start: notified.map_or(DateBound::Missing, DateBound::On), end }
    }

    /// Adds the interests of one record, which are one statement.
    fn hold(&mut self, owner: NodeId, natures: &[nature::Nature], when: Tenure, origin: &Origin<'_>) -> Result<()> {
        let owned = self.current(&origin.location)?.node;
        let stated = if self.versions.is_reading() { origin.published } else { None };
        let account = self.intake.builder.new_account(Account {
            stated: stated.or(when.start.representative()),
            published: origin.published,
            source: self.source,
            ..Account::default()
        })?;
        for nature in natures {
            let parts = InterestParts {
                owner,
                owned,
                kind: nature.kind,
                share: nature.share,
                start: when.start,
                end: when.end,
                directness: Directness::Unknown,
                confidence: Confidence::High,
                marks: Marks::NONE,
                controlling: nature.controlling,
                account,
                input: self.intake.input,
                record: u32::try_from(origin.line).unwrap_or(u32::MAX),
            };
            let number = self.intake.builder.interest(&parts)?;
            if let Some(note) = nature.note {
                let details = InterestDetails { note: Some(note.to_owned()), ..InterestDetails::default() };
                self.intake.builder.interest_details(number, details);
            }
            self.versions.note(number, parts);
        }
        Ok(())
    }

    /// A statement is a fact about the company; where it speaks of somebody who is named nowhere, also a party.
    pub(super) fn statement(&mut self, code: &str, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let tenure = self.tenure(data, origin);
        let known = statement::statement(code);
        if known.is_none() {
            self.unreadable(
                &origin.location,
                format!("the statement {code:?} is not known; it is kept in its own words"),
            );
        }
        let mut sentence = match known {
            Some(known) => known.text.to_owned(),
            None => format!("The register holds the statement {code:?}."),
        };
        if let Some(name) = text(&data.linked_psc_name) {
            sentence.push_str(&format!(" The person concerned is {name}."));
        }
        match tenure.end {
            DateBound::On(date) => sentence.push_str(&format!(" Withdrawn on {date}.")),
            DateBound::Between { .. } => sentence.push_str(" Withdrawn since."),
            DateBound::Missing => {}
        }
        self.add_facts(vec![fact(tenure, sentence)], &origin.location)?;
        // A person whom the statement names has a record of their own.
        let somebody = known.and_then(|known| known.somebody).filter(|_| text(&data.linked_psc_name).is_none());
        if let Some(name) = somebody {
            let party = unnamed(self.own_id(data, origin)?, name);
            let owner = self.intake.builder.entity(party, &origin.location)?;
            self.hold(owner, &[NO_NATURE], tenure, origin)?;
        }
        Ok(Outcome::Taken)
    }

    /// Each period of each exemption is a fact.
    pub(super) fn exemptions(&mut self, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let mut facts = Vec::new();
        for (code, exemption) in data.exemptions.iter().flatten() {
            let reason = statement::exemption(code);
            if reason.is_none() {
                self.unreadable(&origin.location, format!("the exemption {code:?} is not known"));
            }
            let reason = reason.map_or_else(|| format!("the register says {code:?}"), str::to_owned);
            let sentence = format!("Need not state who has significant control: {reason}.");
            for period in exemption.items.iter().flatten() {
                let from = self.date(&period.exempt_from, "exempt_from", &origin.location);
                let to = self.date(&period.exempt_to, "exempt_to", &origin.location);
                let ended = to.map_or(String::new(), |date| format!(" Ended on {date}."));
                let bound = |date: Option<PartialDate>| date.map_or(DateBound::Missing, DateBound::On);
                let period = Tenure { start: bound(from), end: bound(to) };
                facts.push(fact(period, format!("{sentence}{ended}")));
            }
            if exemption.items.as_ref().is_none_or(Vec::is_empty) {
                facts.push(fact(Tenure::UNDATED, sentence));
            }
        }
        if facts.is_empty() {
            facts.push(fact(Tenure::UNDATED, "Need not state who has significant control.".to_owned()));
        }
        self.add_facts(facts, &origin.location)?;
        Ok(Outcome::Taken)
    }
}

fn fact(when: Tenure, text: String) -> Fact {
    Fact::register_statement(when.start, when.end, text, vec![SOURCE.to_owned()])
}

/// A party that the register says exists and does not name.
fn unnamed(id: String, name: &str) -> EntityRecord {
    EntityRecord { id, name: name.to_owned(), kind: EntityKind::Unknown, ..EntityRecord::default() }
}

fn full_name(elements: &NameElements<'_>) -> String {
    let parts = [&elements.title, &elements.forename, &elements.middle_name, &elements.surname];
    parts.into_iter().filter_map(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_a_role_and_a_regime() {
        assert_eq!(Role::of("individual-person-with-significant-control"), Some(Role::Individual));
        assert_eq!(Role::of("corporate-entity-beneficial-owner"), Some(Role::Corporate));
        assert_eq!(Role::of("legal-person-beneficial-owner"), Some(Role::LegalPerson));
        assert_eq!(Role::of("super-secure-beneficial-owner"), Some(Role::SuperSecure));
        assert_eq!(Role::of("individual-director"), None);
        assert_eq!(Role::of(""), None);
    }

    #[test]
    fn a_legal_form_may_tell_a_state() {
        for (form, kind) in [
            (Some("Non-Uk Government"), EntityKind::State),
            (Some("Government Department"), EntityKind::StateBody),
            (Some("Local Authority"), EntityKind::StateBody),
            (Some("The Crown"), EntityKind::State),
            (Some("Corporation Sole"), EntityKind::Company),
            (Some("Trust"), EntityKind::Company),
            (None, EntityKind::Company),
        ] {
            assert_eq!(kind_of_legal_person(form), kind, "{form:?}");
        }
    }
}
