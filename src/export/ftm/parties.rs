//! Parties: names, places, numbers, topics.

use super::{Entity, Properties, Writer, datasets};
use crate::export::remarks;
use crate::graph;
use crate::model::identifier::{LEI, is_lei};
use crate::model::{EntityKind, Identifier, Remark, jurisdiction};
use std::io;

/// Schemes that have a property of their own.
const NUMBERS: [(&str, &str); 5] =
    [(LEI, "leiCode"), ("XI-DUNS", "dunsCode"), ("XI-WIKIDATA", "wikidataId"), ("BVD", "bvdId"), ("ICIJ", "icijId")];

/// Topics of the model; others are no topics to its validator.
const TOPICS: [&str; 75] = [
    "asset.frozen",
    "corp.clone",
    "corp.disqual",
    "corp.offshore",
    "corp.public",
    "corp.shell",
    "crime",
    "crime.boss",
    "crime.cyber",
    "crime.env",
    "crime.fin",
    "crime.fraud",
    "crime.terror",
    "crime.theft",
    "crime.traffick",
    "crime.traffick.drug",
    "crime.traffick.human",
    "crime.war",
    "debarment",
    "export.control",
    "export.control.linked",
    "export.risk",
    "fin",
    "fin.adivsor",
    "fin.bank",
    "fin.fund",
    "forced.labor",
    "geo.risk",
    "gov",
    "gov.admin",
    "gov.executive",
    "gov.financial",
    "gov.head",
    "gov.igo",
    "gov.judicial",
    "gov.legislative",
    "gov.muni",
    "gov.national",
    "gov.religion",
    "gov.security",
    "gov.soe",
    "gov.state",
    "invest.ban",
    "invest.risk",
    "mare.detained",
    "mare.shadow",
    "mare.sts",
    "mil",
    "poi",
    "pol.party",
    "pol.union",
    "reg.action",
    "reg.warn",
    "rel",
    "role.acct",
    "role.act",
    "role.civil",
    "role.diplo",
    "role.journo",
    "role.judge",
    "role.lawyer",
    "role.lobby",
    "role.oligarch",
    "role.pep",
    "role.pep.frmr",
    "role.pep.intl",
    "role.pep.natl",
    "role.pol",
    "role.rca",
    "role.spy",
    "sanction",
    "sanction.control",
    "sanction.counter",
    "sanction.linked",
    "wanted",
];

impl Writer<'_> {
    pub(super) fn party(&mut self, party: graph::Entity<'_>) -> io::Result<()> {
        let mut remark = remarks::of_entity(party, self.losses);
        let schema = self.schema(party, &mut remark);
        let more = party.details();
        let mut properties = Properties::default();
        properties.add("name", party.name());
        if properties.0.is_empty() {
            properties.add("name", party.id());
        }
        more.aliases.iter().for_each(|name| properties.add("alias", name));
        more.former_names.iter().for_each(|name| properties.add("previousName", name));
        self.place(party, &mut properties, &mut remark);
        let (founded, dissolved) = match schema {
            "Person" => ("birthDate", "deathDate"),
            _ => ("incorporationDate", "dissolutionDate"),
        };
        party.founded().into_iter().for_each(|date| properties.add(founded, date.to_string()));
        party.dissolved().into_iter().for_each(|date| properties.add(dissolved, date.to_string()));
        more.legal_form.iter().for_each(|form| properties.add("legalForm", form));
        for topic in &more.topics {
            if TOPICS.contains(&topic.as_str()) {
                properties.add("topics", topic);
            } else {
                remark.add("topic", topic);
                self.losses.add("topics that are none of its own (kept as remarks)");
            }
        }
        remark.flag("listed", more.listed && !more.topics.iter().any(|topic| topic == "sanction"));
        for number in party.identifiers() {
            self.number(&number, schema == "Person", &mut properties, &mut remark);
        }
        more.note.iter().for_each(|note| properties.add("notes", note));
        for fact in &more.facts {
            self.losses.add("facts (written as notes, without their sources)");
            let date = fact.date.to_string();
            properties
                .add("notes", format!("{date}{}{}: {}", if date.is_empty() { "" } else { " " }, fact.kind, fact.text));
        }
        if !remark.is_empty() {
            properties.add("description", remark.to_string());
        }
        let caption = Some(party.name()).filter(|name| !name.trim().is_empty());
        let id = self.id(party.id());
        self.push(&Entity { id, caption, schema, properties, datasets: datasets(&more.sources) })
    }

    /// The schema of a party; what it does not tell of the kind stands in the remark.
    fn schema(&mut self, party: graph::Entity<'_>, remark: &mut Remark) -> &'static str {
        let kind = party.kind();
        let owned = self.owned.contains(&party.node());
        let (schema, meant) = match kind {
            EntityKind::Person => ("Person", EntityKind::Person),
            EntityKind::Company => ("Company", EntityKind::Company),
            _ if owned => ("Company", EntityKind::Company),
            EntityKind::State | EntityKind::StateBody => ("PublicBody", EntityKind::StateBody),
            EntityKind::Arrangement | EntityKind::Unknown => ("LegalEntity", EntityKind::Company),
        };
        if kind != meant {
            remark.add("kind", kind.as_str());
            self.losses.add("kinds of party that it has not (arrangement, state, unknown party: kept as remarks)");
        }
        schema
    }

    /// A country that the model knows; parts of countries stand in the remark.
    fn place(&mut self, party: graph::Entity<'_>, properties: &mut Properties<'_>, remark: &mut Remark) {
        let Some(code) = party.jurisdiction() else { return };
        let country = code.split('-').next().unwrap_or(code);
        let property = if party.kind() == EntityKind::Person { "nationality" } else { "jurisdiction" };
        let known = country.len() == 2 && jurisdiction::is_known(country) && !UNKNOWN_THERE.contains(&country);
        if known {
            properties.add(property, country.to_ascii_lowercase());
        }
        if !known || country != code || party.kind() == EntityKind::Person {
            remark.add("jurisdiction", code);
        }
        self.losses.add_if(!known || country != code, "jurisdictions that it does not know (kept as remarks)");
    }

    fn number(&mut self, number: &Identifier, person: bool, properties: &mut Properties<'_>, remark: &mut Remark) {
        let property = NUMBERS.iter().find(|(scheme, _)| *scheme == number.scheme).map(|(_, property)| *property);
        let fits = match property {
            Some("leiCode") => is_lei(&number.id),
            Some("wikidataId") => number
                .id
                .strip_prefix('Q')
                .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())),
            _ => true,
        };
        let short = number.id.chars().count() <= LONGEST;
        let otherwise = if person { "idNumber" } else { "registrationNumber" };
        let property = property.filter(|_| fits);
        if short {
            properties.add(property.unwrap_or(otherwise), number.id.clone());
        }
        if property.is_none() || !short {
            self.losses.add("numbers whose scheme or length it does not admit (kept as remarks)");
        }
        remark.add("identifier", number.to_string());
    }
}

/// How long a number may be.
const LONGEST: usize = 64;

/// Codes in use beside ISO 3166 that are no countries of the model.
const UNKNOWN_THERE: [&str; 10] = ["AN", "BU", "CS", "EL", "FX", "SU", "TP", "UK", "XI", "YU"];
