//! Parties and assets: names, places, numbers, topics.

use super::few::Few;
use super::record::{AnyOf, Property, Record, Text};
use super::{Reader, dates};
use crate::error::Result;
use crate::graph::Account;
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::builder::foreseen::Id;
use crate::graph::builder::revise::{Description, Revision};
use crate::graph::columns::InterestParts;
use crate::load::notes::Notes;
use crate::model::identifier::{COMPANIES_HOUSE, LEI, company_number};
use crate::model::text::{part, trimmed};
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, InterestKind, Marks, PartialDate, Remark, ShareRange,
};
use foldhash::quality::RandomState;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

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
    name: Cow<'t, str>,
    kind: EntityKind,
    jurisdiction: Option<Cow<'t, str>>,
    jurisdiction_inferred: bool,
    owners_complete: bool,
    founded: Option<PartialDate>,
    dissolved: Option<PartialDate>,
    numbers: Vec<Number<'t>>,
    /// Its details as JSON.
    details: Option<Arc<str>>,
    /// Who is called its parent company.
    parents: Vec<Cow<'t, str>>,
    /// Dates that cannot be read.
    notes: Notes,
}

/// An official number of a party.
#[derive(Debug)]
struct Number<'t> {
    scheme: Cow<'t, str>,
    id: Cow<'t, str>,
}

/// The details of a party, written as those of [`EntityDetails`](crate::model::entity::EntityDetails).
#[derive(Debug, Default, PartialEq, Serialize)]
struct Details<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_form: Option<&'s str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'s str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    former_names: Vec<&'s str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    listed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topics: Vec<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    sources: Few<&'s str>,
}

impl Details<'_> {
    /// The details as JSON; `None` where they say nothing.
    fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok().filter(|text| text != "{}")
    }

    /// Whether they say nothing but a legal form and who states it.
    fn are_common(&self) -> bool {
        let Self { legal_form: _, aliases, former_names, listed, topics, note, sources } = self;
        let lists = [aliases, former_names, topics];
        !listed && note.is_none() && sources.len() <= 1 && lists.iter().all(|list| list.is_empty())
    }
}

/// Details that were written before: few legal forms and datasets stand in millions of entities.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownDetails {
    by_form: HashMap<String, Option<Arc<str>>, RandomState>,
    /// Room for a key.
    key: String,
}

/// Details that are remembered, and how long their form and dataset may be; others are written each time.
const REMEMBERED: usize = 10_000;
const LONGEST: usize = 256;

impl KnownDetails {
    /// Some details as JSON; `None` where they say nothing.
    fn text_of(&mut self, details: &Details<'_>) -> Option<Arc<str>> {
        let text = || details.text().map(Arc::from);
        if !details.are_common() {
            return text();
        }
        self.key.clear();
        // What is not stated is not what is empty.
        for (mark, said) in [("=", details.legal_form), ("\0=", details.sources.first().copied())] {
            self.key.extend(said.into_iter().flat_map(|said| [mark, said]));
        }
        // A form or dataset that holds what parts them is not told from others.
        if self.key.len() > LONGEST || self.key.matches('\0').count() != details.sources.len() {
            return text();
        }
        if let Some(known) = self.by_form.get(&self.key) {
            return known.clone();
        }
        let text = text();
        if self.by_form.len() < REMEMBERED {
            self.by_form.insert(self.key.clone(), text.clone());
        }
        text
    }
}

impl<'t> PartySaid<'t> {
    pub(super) fn of(record: &Record<'t>, kind: EntityKind, known: &mut KnownDetails) -> Self {
        Self { parents: record.kept(Property::Parent).collect(), ..Self::described(record, kind, None, known) }
    }

    /// There is no kind for something that can be owned: it counts as a company that says what it is.
    pub(super) fn asset(record: &Record<'t>, known: &mut KnownDetails) -> Self {
        let note = format!("An asset, not a legal entity ({}).", record.schema);
        Self::described(record, EntityKind::Company, Some(note), known)
    }

    fn described(record: &Record<'t>, kind: EntityKind, note: Option<String>, known: &mut KnownDetails) -> Self {
        let remark = record.remark().unwrap_or_default();
        let kind = remark.get("kind").and_then(|kind| kind.parse().ok()).unwrap_or(kind);
        let (stated, inferred) = place(record, kind);
        let remarked = remark.get("jurisdiction").map(|code| Cow::Owned(code.to_owned()));
        let jurisdiction_inferred = remark.has("jurisdiction-inferred") || inferred && remarked.is_none();
        let jurisdiction = remarked.or(stated);
        let person = kind == EntityKind::Person;
        let properties = match person {
            true => [Property::BirthDate, Property::DeathDate],
            false => [Property::IncorporationDate, Property::DissolutionDate],
        };
        let mut notes = Notes::default();
        let [founded, dissolved] = properties.map(|property| {
            let (dates, unreadable) = dates(record.all(property));
            if let Some(text) = unreadable {
                notes.unreadable(format!("the date {text:?} cannot be read: give 2019, 2019-03 or 2019-03-14"));
            }
            finest(&dates)
        });
        let name = name(record);
        let topics: Vec<&str> = filled(record.all(Property::Topics).chain(remark.all("topic"))).collect();
        let details = Details {
            legal_form: record.first(Property::LegalForm),
            aliases: other_names(record, &name),
            former_names: filled(record.all(Property::PreviousName)).collect(),
            listed: remark.has("listed") || topics.iter().any(|topic| LISTED.contains(topic)),
            topics,
            note,
            sources: record.datasets.iter().map(|dataset| &*dataset.0).collect(),
        };
        let details = known.text_of(&details);
        let mut numbers = remarked_numbers(&remark);
        if numbers.is_empty() {
            numbers = identifiers(record, person, jurisdiction.as_deref());
        }
        let owners_complete = remark.has("owners-complete");
        PartySaid {
            name,
            kind,
            jurisdiction,
            jurisdiction_inferred,
            owners_complete,
            founded,
            dissolved,
            numbers,
            details,
            parents: Vec::new(),
            notes,
        }
    }
}

impl Reader<'_, '_> {
    /// Adds a party.
    pub(super) fn party(
        &mut self,
        (id, foreseen): (&Id<'_>, Option<NodeId>),
        datasets: &Few<Text<'_>>,
        party: &mut PartySaid<'_>,
    ) -> Result<()> {
        let source = self.sources(datasets);
        self.report(id, std::mem::take(&mut party.notes));
        let builder = &mut *self.intake.builder;
        let node = builder.node_foreseen(id.key(), foreseen, &self.location)?;
        let description = Description {
            name: Some(&party.name),
            kind: party.kind,
            jurisdiction: party.jurisdiction.as_deref(),
            founded: party.founded,
            dissolved: party.dissolved,
        };
        builder.describe_node(node, &description, Revision::Equal, &self.location)?;
        if party.jurisdiction_inferred {
            builder.place_is_inferred(node);
        }
        if party.owners_complete {
            builder.owners_are_complete(node);
        }
        for number in &party.numbers {
            builder.identifier_of(node, (&number.scheme, &number.id), &self.location)?;
        }
        if let Some(details) = &party.details {
            builder.entity_text(node, details);
        }
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

/// The name to show: a caption is the name, or where there is none the name of the schema.
fn name<'t>(record: &Record<'t>) -> Cow<'t, str> {
    let whole = || {
        let parts = [Property::FirstName, Property::MiddleName, Property::LastName];
        Cow::Owned(parts.into_iter().filter_map(|part| record.first(part)).collect::<Vec<_>>().join(" "))
    };
    let caption = record.caption.as_ref().map(|caption| trimmed(&caption.0));
    let caption = caption.filter(|caption| !caption.is_empty() && *caption != record.schema);
    caption.or_else(|| record.kept(Property::Name).next()).unwrap_or_else(whole)
}

/// Every name but the one that is shown.
fn other_names<'s>(record: &'s Record<'_>, name: &str) -> Vec<&'s str> {
    let mut others = Vec::new();
    for property in [Property::Name, Property::Alias, Property::WeakAlias, Property::Abbreviation] {
        others.extend(filled(record.all(property)).filter(|other| *other != name));
    }
    if others.len() > 1 {
        let mut seen = std::collections::HashSet::new();
        others.retain(|other| seen.insert(*other));
    }
    others
}

fn filled<'v>(values: impl Iterator<Item = &'v str>) -> impl Iterator<Item = &'v str> {
    values.filter(|value| !value.is_empty())
}

/// The jurisdiction, and whether it is only inferred from a country that the source connects with the party.
fn place<'t>(record: &Record<'t>, kind: EntityKind) -> (Option<Cow<'t, str>>, bool) {
    let stated = |property| record.kept(property).next();
    if let Some(stated) = stated(Property::Jurisdiction) {
        return (Some(code(stated)), false);
    }
    let connected: &[Property] = match kind {
        EntityKind::Person => &[Property::Nationality, Property::Citizenship, Property::Country],
        _ => &[Property::MainCountry, Property::Country],
    };
    let first = connected.iter().find_map(|&property| stated(property));
    let inferred = first.is_some();
    (first.map(code), inferred)
}

/// The code of a place as this program writes it: `GB-SCT` for `gb_sct`.
fn code(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut code = text.into_owned();
    code.make_ascii_uppercase();
    Cow::Owned(if code.contains('_') { code.replace('_', "-") } else { code })
}

/// The official numbers that this program kept.
fn remarked_numbers(remark: &Remark) -> Vec<Number<'static>> {
    let kept = remark.all("identifier").filter_map(|number| number.split_once(':'));
    kept.map(|(scheme, id)| Number { scheme: scheme.to_owned().into(), id: id.to_owned().into() }).collect()
}

fn identifiers<'t>(record: &Record<'t>, person: bool, jurisdiction: Option<&str>) -> Vec<Number<'t>> {
    let mut found = Vec::new();
    let mut add = |scheme: &'static str, id: Cow<'t, str>| {
        if !id.is_empty() {
            found.push(Number { scheme: scheme.into(), id });
        }
    };
    if record.has_any(const { AnyOf::of(&NUMBERS) }) {
        for (property, scheme) in NUMBERS {
            record.kept(property).for_each(|number| add(scheme, number));
        }
    }
    for number in record.kept(Property::RegistrationNumber) {
        match register(&number, jurisdiction).filter(|_| !person) {
            Some(scheme) => add(scheme, number),
            None => add("registration number", number),
        }
    }
    record.kept(Property::TaxNumber).for_each(|number| add("tax number", number));
    for url in record.kept(Property::OpencorporatesUrl) {
        add("OPENCORPORATES", part(&url, |url| url.split_once("/companies/").map_or(url, |(_, company)| company)));
    }
    record.referents.iter().for_each(|id| add("earlier id", id.0.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::entity::EntityDetails;

    #[test]
    fn details_are_written_as_the_library_writes_those_of_entities() {
        let text = |text: &str| text.to_owned();
        let some = EntityDetails {
            legal_form: Some(text("S.à r.l. \"x\"")),
            aliases: vec![text("a"), text("b")],
            former_names: vec![text("c")],
            listed: true,
            topics: vec![text("sanction")],
            note: Some(text("n")),
            sources: vec![text("d"), text("e")],
            facts: Vec::new(),
        };
        let own = Details {
            legal_form: Some("S.à r.l. \"x\""),
            aliases: vec!["a", "b"],
            former_names: vec!["c"],
            listed: true,
            topics: vec!["sanction"],
            note: Some(text("n")),
            sources: ["d", "e"].into_iter().collect(),
        };
        assert_eq!(own.text().as_deref(), serde_json::to_string(&some).ok().as_deref());
        assert_eq!(Details::default().text(), None);
        assert_eq!(serde_json::to_string(&EntityDetails::EMPTY).ok().as_deref(), Some("{}"));
    }

    #[test]
    fn details_that_are_remembered_are_those_that_would_be_written() {
        let long = "x".repeat(LONGEST + 1);
        let forms = [None, Some(""), Some("S.A."), Some("S.A.\0=d"), Some("="), Some("\0="), Some(&long)];
        let datasets = [&[][..], &[""], &["d"], &["=d"], &["d", "e"], &["\0=d"]];
        let mut known = KnownDetails::default();
        for listed in [false, true, false] {
            for (form, names) in forms.into_iter().flat_map(|form| datasets.map(|names| (form, names))) {
                let sources = names.iter().copied().collect();
                let details = Details { legal_form: form, listed, sources, ..Details::default() };
                assert_eq!(known.text_of(&details).as_deref(), details.text().as_deref(), "{details:?}");
            }
        }
        assert_eq!(known.by_form.len(), 4 * 4, "those without what parts them, of at most one dataset, and short");
    }

    #[test]
    fn codes_are_in_upper_case_with_hyphens() {
        for (given, expected) in [
            ("gb", "GB"),
            ("Zz", "ZZ"),
            ("AA", "AA"),
            ("gb_sct", "GB-SCT"),
            ("u2", "U2"),
            ("é", "é"),
            ("x", "X"),
            ("", ""),
        ] {
            assert_eq!(code(given.into()), expected, "{given}");
        }
    }
}
