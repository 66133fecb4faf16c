//! Those who have significant control, as far as one record tells of them.

use super::members::Rows;
use super::place::Places;
use super::row::{Birth, Data, Envelope, Identification, NameElements, Text, date, kept, text};
use super::{Origin, company_in, nature};
use crate::graph::builder::Note;
use crate::graph::table::Key;
use crate::load::notes::Notes;
use crate::model::entity::EntityDetails;
use crate::model::identifier::{COMPANIES_HOUSE, company_number};
use crate::model::text::trim;
use crate::model::{DateBound, EntityKind, Identifier, InterestKind, PartialDate, ShareRange};
use crate::problem::Rule;
use nature::Natures;
use std::borrow::Cow;

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
pub(super) const NO_NATURE: nature::Nature =
    nature::Nature { kind: InterestKind::UnknownInterest, share: ShareRange::UNKNOWN, controlling: false, note: None };

/// The right of somebody whose rights the register does not publish.
const UNPUBLISHED: nature::Nature = nature::Nature { kind: InterestKind::UnpublishedInterest, ..NO_NATURE };

/// When a record says that something was so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenure {
    pub start: DateBound,
    pub end: DateBound,
}

impl Tenure {
    pub(super) const UNDATED: Self = Self { start: DateBound::Missing, end: DateBound::Missing };

    /// From `notified_on` until `ceased_on`, the first day out.
    ///
    /// Where a record only says *that* somebody ceased, the end lies between the first day and the publication.
    pub(super) fn of(data: &Data<'_>, origin: &Origin<'_>, notes: &mut Notes) -> Self {
        let notified = date(&data.notified_on, "notified_on", notes);
        let ceased = date(&data.ceased_on, "ceased_on", notes);
        let published = origin.published.filter(|published| notified.is_none_or(|notified| notified <= *published));
        let end = match ceased {
            Some(date) => DateBound::On(date),
            None if data.ceased == Some(true) => DateBound::Between { not_before: notified, not_after: published },
            None => DateBound::Missing,
        };
        Tenure { start: notified.map_or(DateBound::Missing, DateBound::On), end }
    }
}

/// What one record says of somebody who has control.
#[derive(Debug)]
pub(super) struct Party<'t> {
    /// The number of the company as the record writes it.
    pub company: Cow<'t, str>,
    pub id: OwnId,
    pub name: Cow<'t, str>,
    pub kind: EntityKind,
    pub jurisdiction: Option<&'static str>,
    pub jurisdiction_inferred: bool,
    pub identifier: Option<Identifier>,
    pub born: Option<PartialDate>,
    pub details: Note,
    pub natures: Vec<nature::Nature>,
    pub tenure: Tenure,
    pub published: Option<PartialDate>,
    /// What is to be reported of the party, and of its rights.
    pub notes: [Notes; 2],
}

/// The id of a record, which begins with that of its company; both hashed.
#[derive(Debug)]
pub(super) struct OwnId {
    whole: String,
    company: usize,
    hashes: [u32; 2],
}

impl OwnId {
    /// `company` is where the id of the company ends.
    fn new(whole: String, company: usize) -> Self {
        let hashes = [&whole[..company], &whole].map(|id| Key::of(id).hash());
        Self { whole, company, hashes }
    }

    /// The id of the company.
    pub(super) fn company(&self) -> Key<'_> {
        Key::hashed(&self.whole[..self.company], self.hashes[0])
    }

    /// The id itself.
    pub(super) fn whole(&self) -> Key<'_> {
        Key::hashed(&self.whole, self.hashes[1])
    }
}

/// The id of the company with a number.
pub(super) fn company_id(written: &str) -> String {
    let mut id = String::with_capacity(64);
    id.push_str(COMPANIES_HOUSE);
    id.push('-');
    if written.len() == 8 && written.bytes().all(|byte| byte.is_ascii_digit()) {
        id.push_str(written);
    } else {
        id.push_str(company_number(written).as_deref().unwrap_or(written));
    }
    id
}

/// Reads records by themselves.
#[derive(Debug, Clone)]
pub(super) struct Parser {
    /// The number of the input.
    input: u16,
    places: Places,
    natures: Natures,
    /// How rows are read.
    pub rows: Rows,
}

impl Parser {
    pub(super) fn new(input: u16) -> Self {
        Self { input, places: Places::default(), natures: Natures::default(), rows: Rows::default() }
    }

    /// The code of a place.
    pub(super) fn place(&mut self, text: &str) -> Option<&'static str> {
        self.places.place(text)
    }

    /// What a row of a snapshot says, where it is about somebody who has control of a company.
    pub(super) fn row<'t>(&mut self, envelope: &Envelope<'t>, line: u64) -> Option<Party<'t>> {
        let data = envelope.data.as_ref().filter(|data| text(&data.statement).is_none())?;
        let is_row = envelope.event.is_none() && text(&envelope.resource_kind) != Some("company-profile");
        let role = Role::of(text(&data.kind).filter(|_| is_row)?)?;
        let company = company_of(envelope, data)?;
        Some(self.party(role, company, data, &Origin::of(envelope, data, line)))
    }

    pub(super) fn party<'t>(
        &mut self,
        role: Role,
        company: Cow<'t, str>,
        data: &Data<'t>,
        origin: &Origin<'_>,
    ) -> Party<'t> {
        let mut notes = [Notes::default(), Notes::default()];
        let id = self.own_id(&company, data, origin);
        let mut party = match role {
            Role::Individual => self.individual(company, id, data, &mut notes[0]),
            Role::Corporate | Role::LegalPerson => self.legal_entity(role, company, id, data),
            Role::SuperSecure => Party::unnamed(company, id, "Person not named (exempt from disclosure)"),
        };
        party.natures = match role {
            Role::SuperSecure => vec![UNPUBLISHED],
            _ => self.natures(data, &mut notes[1]),
        };
        party.tenure = Tenure::of(data, origin, &mut notes[1]);
        party.published = origin.published;
        party.notes = notes;
        party
    }

    /// The id of a record: the last part of its path, its etag, or where it stands.
    pub(super) fn own_id(&self, company: &str, data: &Data<'_>, origin: &Origin<'_>) -> OwnId {
        let mut whole = company_id(company);
        let company = whole.len();
        let last = origin.path.and_then(|path| path.rsplit('/').next()).filter(|last| !last.is_empty());
        whole.push('-');
        match last.or_else(|| text(&data.etag)) {
            Some(own) => whole.push_str(own),
            None => whole.push_str(&format!("{}.{}.{}", self.input, origin.line, origin.index)),
        }
        OwnId::new(whole, company)
    }

    fn individual<'t>(&mut self, company: Cow<'t, str>, id: OwnId, data: &Data<'t>, notes: &mut Notes) -> Party<'t> {
        let name = match (kept(&data.name), &data.name_elements) {
            (Some(name), _) => name,
            (None, Some(elements)) => full_name(elements).into(),
            (None, None) => "".into(),
        };
        if name.is_empty() {
            notes.unreadable("the record of a person holds no name".to_owned());
            return Party::unnamed(company, id, "Person not named (the record holds no name)");
        }
        Party {
            name,
            kind: EntityKind::Person,
            jurisdiction: text(&data.nationality).and_then(|text| self.places.nationality(text)),
            born: data.date_of_birth.and_then(|stated| birth(stated, notes)),
            details: details(None, data),
            ..Party::unnamed(company, id, "")
        }
    }

    /// A company or another legal person. What is known of its own registration may join it to the company's own record.
    fn legal_entity<'t>(&mut self, role: Role, company: Cow<'t, str>, id: OwnId, data: &Data<'t>) -> Party<'t> {
        let none = Identification::default();
        let identification = data.identification.as_ref().unwrap_or(&none);
        let registration = self.places.registration(identification);
        let form = text(&identification.legal_form);
        Party {
            name: kept(&data.name).unwrap_or_default(),
            kind: if role == Role::Corporate { EntityKind::Company } else { kind_of_legal_person(form) },
            jurisdiction: registration.jurisdiction,
            jurisdiction_inferred: registration.inferred,
            identifier: registration.identifier,
            details: details(form, data),
            ..Party::unnamed(company, id, "")
        }
    }

    /// The rights that a record states, each once.
    fn natures(&mut self, data: &Data<'_>, notes: &mut Notes) -> Vec<nature::Nature> {
        let codes = data.natures_of_control.as_deref().unwrap_or_default();
        let mut natures: Vec<nature::Nature> = Vec::with_capacity(codes.len().max(1));
        for Text(code) in codes {
            let nature = self.natures.of(trim(code)).unwrap_or_else(|| {
                let message = format!("the nature of control {code:?} is not known; it is kept as an unknown interest");
                notes.unreadable(message);
                NO_NATURE
            });
            if natures.contains(&nature) {
                continue;
            }
            let same_right = |known: &&nature::Nature| known.kind == nature.kind && known.note == nature.note;
            if let Some(known) = natures.iter().find(same_right).filter(|known| known.share != nature.share) {
                let message =
                    format!("{} of {} and of {}; the highest band counts", nature.kind, known.share, nature.share);
                notes.add(Rule::SeveralBands, message);
            }
            natures.push(nature);
        }
        if natures.is_empty() {
            notes.unreadable("the record states no nature of control".to_owned());
            natures.push(NO_NATURE);
        }
        natures
    }
}

impl<'t> Party<'t> {
    /// A party that the register says exists and does not name.
    pub(super) fn unnamed(company: Cow<'t, str>, id: OwnId, name: &'static str) -> Self {
        Party {
            company,
            id,
            name: name.into(),
            kind: EntityKind::Unknown,
            jurisdiction: None,
            jurisdiction_inferred: false,
            identifier: None,
            born: None,
            details: Note::default(),
            natures: Vec::new(),
            tenure: Tenure::UNDATED,
            published: None,
            notes: [Notes::default(), Notes::default()],
        }
    }
}

/// What a record says beside the rest.
fn details(legal_form: Option<&str>, data: &Data<'_>) -> Note {
    let listed = data.is_sanctioned == Some(true);
    if legal_form.is_none() && !listed {
        return Note::default();
    }
    Note::of_entity(&EntityDetails { legal_form: legal_form.map(str::to_owned), listed, ..EntityDetails::EMPTY })
}

/// The number of the company that a row is about.
fn company_of<'t>(envelope: &Envelope<'t>, data: &Data<'t>) -> Option<Cow<'t, str>> {
    kept(&envelope.company_number).or_else(|| {
        let own = || data.links.as_ref().and_then(|links| kept(&links.this));
        match kept(&envelope.resource_uri).or_else(own)? {
            Cow::Borrowed(path) => company_in(path).map(Cow::Borrowed),
            Cow::Owned(path) => company_in(&path).map(|number| Cow::Owned(number.to_owned())),
        }
    })
}

fn birth(birth: Birth, notes: &mut Notes) -> Option<PartialDate> {
    let year = birth.year?;
    let date = PartialDate::of_month(year, birth.month);
    if date.is_none() {
        let stated = match birth.month {
            Some(month) => format!("{year:04}-{month:02}"),
            None => format!("{year:04}"),
        };
        notes.unreadable(format!("the date of birth {stated} is no month of a year; it is left out"));
    }
    date
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
