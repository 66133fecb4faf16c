//! Parties and assets: names, places, numbers, topics.

use super::record::{Property, Record, Text};
use super::{Reader, dates};
use crate::error::Result;
use crate::graph::Account;
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::load::notes::Notes;
use crate::model::entity::EntityDetails;
use crate::model::identifier::{COMPANIES_HOUSE, LEI, company_number};
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, EntityRecord, Identifier, InterestKind, Marks, PartialDate,
    ShareRange,
};
use std::borrow::Cow;

/// Topics of a party that itself stands on a list; `sanction.linked` and `sanction.control` only stand near one.
const LISTED: [&str; 2] = ["sanction", "sanction.counter"];

/// Numbers whose scheme is certain. A scheme with a blank is shown and found, but joins nothing.
const NUMBERS: [(Property, &str); 10] = [
    (Property::LeiCode, LEI),
    (Property::InnCode, "RU-INN"),
    (Property::OgrnCode, "RU-OGRN"),
    (Property::DunsCode, "XI-DUNS"),
    (Property::PermId, "XI-PID"),
    (Property::WikidataId, "XI-WIKIDATA"),
    (Property::UniqueEntityId, "US-UEI"),
    (Property::ImoNumber, "IMO"),
    (Property::BvdId, "BVD"),
    (Property::IcijId, "ICIJ"),
];

/// Registers whose numbers are known by their jurisdiction and length.
const REGISTERS: [(&str, &str, usize); 8] = [
    ("NO", "NO-BRC", 9),
    ("DK", "DK-CVR", 8),
    ("EE", "EE-RIK", 8),
    ("CZ", "CZ-ICO", 8),
    ("LV", "LV-RE", 11),
    ("UA", "UA-EDR", 8),
    ("NL", "NL-KVK", 8),
    ("RU", "RU-OGRN", 13),
];

/// What an entity says of a party, or of something that can be owned.
#[derive(Debug)]
pub(super) struct PartySaid<'t> {
    record: EntityRecord,
    /// Who is called its parent company.
    parents: Vec<Cow<'t, str>>,
    /// Dates that cannot be read.
    notes: Notes,
}

impl<'t> PartySaid<'t> {
    pub(super) fn of(record: &Record<'t>, kind: EntityKind) -> Self {
        Self { parents: record.kept(Property::Parent).collect(), ..Self::described(record, kind, None) }
    }

    /// There is no kind for something that can be owned: it counts as a company that says what it is.
    pub(super) fn asset(record: &Record<'t>) -> Self {
        let note = format!("An asset, not a legal entity ({}).", record.schema);
        Self::described(record, EntityKind::Company, Some(note))
    }

    fn described(record: &Record<'t>, kind: EntityKind, note: Option<String>) -> Self {
        let remark = record.remark().unwrap_or_default();
        let kind = remark.get("kind").and_then(|kind| kind.parse().ok()).unwrap_or(kind);
        let (stated, inferred) = place(record, kind);
        let remarked = remark.get("jurisdiction").map(str::to_owned);
        let jurisdiction_inferred = remark.has("jurisdiction-inferred") || inferred && remarked.is_none();
        let jurisdiction = remarked.or(stated);
        let person = kind == EntityKind::Person;
        let [founded, dissolved] = match person {
            true => [Property::BirthDate, Property::DeathDate],
            false => [Property::IncorporationDate, Property::DissolutionDate],
        }
        .map(|property| dates(record.all(property)));
        let mut notes = Notes::default();
        for text in [founded.1, dissolved.1].into_iter().flatten() {
            notes.unreadable(format!("the date {text:?} cannot be read: give 2019, 2019-03 or 2019-03-14"));
        }
        let (name, aliases) = names(record);
        let topics = owned(record.all(Property::Topics).chain(remark.all("topic")));
        let details = EntityDetails {
            legal_form: record.first(Property::LegalForm).map(str::to_owned),
            aliases,
            former_names: owned(record.all(Property::PreviousName)),
            listed: remark.has("listed") || topics.iter().any(|topic| LISTED.contains(&topic.as_str())),
            topics,
            note,
            sources: record.datasets().iter().map(|dataset| dataset.0.to_string()).collect(),
            facts: Vec::new(),
        };
        let kept = remark.all("identifier").filter_map(|number| number.split_once(':'));
        let mut numbers: Vec<Identifier> =
            kept.map(|(scheme, id)| Identifier { scheme: scheme.to_owned(), id: id.to_owned() }).collect();
        if numbers.is_empty() {
            numbers = identifiers(record, person, jurisdiction.as_deref());
        }
        let entity = EntityRecord {
            id: record.id.to_string(),
            name,
            kind,
            jurisdiction,
            jurisdiction_inferred,
            identifiers: numbers,
            founded: finest(&founded.0),
            dissolved: finest(&dissolved.0),
            owners_complete: remark.has("owners-complete"),
            details,
        };
        PartySaid { record: entity, parents: Vec::new(), notes }
    }
}

impl Reader<'_, '_> {
    /// Adds a party.
    pub(super) fn party(&mut self, id: &str, datasets: &[Text<'_>], party: PartySaid<'_>) -> Result<()> {
        let source = self.sources(datasets);
        self.report(id, party.notes);
        let node = self.intake.builder.entity(party.record, &self.location)?;
        for parent in &party.parents {
            self.parent(parent, node, source)?;
        }
        Ok(())
    }

    /// The property `parent`: who a source calls the parent company.
    fn parent(&mut self, parent: &str, owned: NodeId, source: Option<u32>) -> Result<()> {
        let builder = &mut *self.intake.builder;
        let owner = builder.mention(Mention { id: parent, ..Mention::default() }, &self.location)?;
        let account = builder.new_account(Account { source, ..Account::default() })?;
        let parts = InterestParts {
            owner,
            owned,
            kind: InterestKind::Parent,
            share: ShareRange::UNKNOWN,
            start: DateBound::Missing,
            end: DateBound::Missing,
            directness: Directness::Direct,
            confidence: Confidence::High,
            marks: Marks::NONE,
            controlling: false,
            account,
            input: self.intake.input,
            record: self.location.line.unwrap_or_default() as u32,
        };
        builder.interest(&parts).map(drop)
    }
}

/// Of several dates the earliest, unless a later one only tells it more closely.
fn finest(dates: &[PartialDate]) -> Option<PartialDate> {
    let first = *dates.first()?;
    let within = |date: &&PartialDate| first.first_day() <= date.first_day() && date.last_day() <= first.last_day();
    dates.iter().rfind(within).copied()
}

/// The name to show, and every other one.
fn names(record: &Record<'_>) -> (String, Vec<String>) {
    let whole = || {
        let parts = [Property::FirstName, Property::MiddleName, Property::LastName];
        parts.into_iter().filter_map(|part| record.first(part)).collect::<Vec<_>>().join(" ")
    };
    let caption = record.caption.as_ref().map(|caption| caption.0.trim());
    // A caption is the name, or where there is none the name of the schema.
    let caption = caption.filter(|caption| !caption.is_empty() && *caption != record.schema);
    let name = caption.or_else(|| record.first(Property::Name)).map_or_else(whole, str::to_owned);
    let mut others = Vec::new();
    for property in [Property::Name, Property::Alias, Property::WeakAlias, Property::Abbreviation] {
        others.extend(owned(record.all(property).filter(|other| *other != name)));
    }
    if others.len() > 1 {
        let mut seen = std::collections::HashSet::new();
        let repeated: Vec<bool> = others.iter().map(|other: &String| !seen.insert(other.as_str())).collect();
        let mut repeated = repeated.into_iter();
        others.retain(|_| !repeated.next().unwrap_or_default());
    }
    (name, others)
}

fn owned<'v>(values: impl Iterator<Item = &'v str>) -> Vec<String> {
    values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// The jurisdiction, and whether it is only inferred from a country that the source connects with the party.
fn place(record: &Record<'_>, kind: EntityKind) -> (Option<String>, bool) {
    let code = |text: &str| text.to_ascii_uppercase().replace('_', "-");
    if let Some(stated) = record.first(Property::Jurisdiction) {
        return (Some(code(stated)), false);
    }
    let connected: &[Property] = match kind {
        EntityKind::Person => &[Property::Nationality, Property::Citizenship, Property::Country],
        _ => &[Property::MainCountry, Property::Country],
    };
    let first = connected.iter().find_map(|&property| record.first(property));
    (first.map(code), first.is_some())
}

fn identifiers(record: &Record<'_>, person: bool, jurisdiction: Option<&str>) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut add = |scheme: &str, id: &str| {
        if !id.is_empty() {
            found.push(Identifier { scheme: scheme.to_owned(), id: id.to_owned() });
        }
    };
    for (property, scheme) in NUMBERS {
        record.all(property).for_each(|number| add(scheme, number));
    }
    for number in record.all(Property::RegistrationNumber) {
        match register(number, jurisdiction).filter(|_| !person) {
            Some(scheme) => add(scheme, number),
            None => add("registration number", number),
        }
    }
    record.all(Property::TaxNumber).for_each(|number| add("tax number", number));
    for url in record.all(Property::OpencorporatesUrl) {
        add("OPENCORPORATES", url.split_once("/companies/").map_or(url, |(_, company)| company));
    }
    record.referents().iter().for_each(|id| add("earlier id", &id.0));
    found
}

/// The scheme of a registration number, where its jurisdiction and its form leave no doubt.
fn register(number: &str, jurisdiction: Option<&str>) -> Option<&'static str> {
    let country = jurisdiction?.get(..2)?;
    if country == "GB" {
        return (company_number(number).as_deref() == Some(number)).then_some(COMPANIES_HOUSE);
    }
    let fits = |&&(code, _, digits): &&(&str, &str, usize)| {
        code == country && number.len() == digits && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    REGISTERS.iter().find(fits).map(|&(_, scheme, _)| scheme)
}
