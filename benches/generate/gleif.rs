//! Records of legal entities and of who consolidates whom, with the columns of GLEIF's golden copy.

use super::party::{Address, Company, Date};
use super::random::Draws;
use super::set::{Declaration, Described, Expected, Register};
use super::text::{Put, Sheet, put};
use super::world::{Interest, Party, World, drawn_for};
use std::io::Result;
use std::path::Path;

/// The issuer whom all records name.
const ISSUER: &str = "506700GE1G29325QX363";

/// The longest chain of parents that is followed.
const LONGEST_CHAIN: usize = 64;

/// A table of which most columns are empty.
#[derive(Debug)]
struct Table {
    sheet: Sheet,
    columns: Vec<String>,
    /// The values of the row that is being written, by column.
    row: Vec<String>,
}

impl Table {
    fn create(path: &Path, columns: Vec<String>) -> Result<Self> {
        let mut sheet = Sheet::create(path)?;
        put!(&mut sheet.text, &columns.join(","), "\n");
        let row = vec![String::new(); columns.len()];
        Ok(Self { sheet, columns, row })
    }

    /// Where a column stands. Only asked with names of this file: a test writes every one of them.
    fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn set(&mut self, column: usize, value: impl Put) {
        value.put(&mut self.row[column]);
    }

    fn write_row(&mut self) -> Result<()> {
        for (index, value) in self.row.iter_mut().enumerate() {
            if index > 0 {
                self.sheet.text.push(',');
            }
            if !value.is_empty() {
                put!(&mut self.sheet.text, "\"", &*value, "\"");
                value.clear();
            }
        }
        self.sheet.text.push('\n');
        self.sheet.write_piece()
    }
}

/// A day with a time, as GLEIF writes it.
struct Time(Date);

impl Put for Time {
    fn put(&self, text: &mut String) {
        put!(text, self.0, "T00:00:00Z");
    }
}

#[derive(Debug)]
pub struct Gleif {
    entities: Table,
    relationships: Table,
    entity: EntityColumns,
    relationship: RelationshipColumns,
    records: u64,
    links: u64,
}

/// Declares a struct of positions of columns, and how to find them.
macro_rules! columns {
    ($name:ident { $($field:ident: $column:literal),+ $(,)? }) => {
        #[derive(Debug)]
        struct $name { $($field: usize),+ }
        impl $name {
            fn of(table: &Table) -> Self {
                Self { $($field: table.column($column)),+ }
            }
        }
    };
}

columns!(EntityColumns {
    lei: "LEI",
    name: "Entity.LegalName",
    language: "Entity.LegalName.xmllang",
    legal_address: "Entity.LegalAddress.xmllang",
    head_office: "Entity.HeadquartersAddress.xmllang",
    authority: "Entity.RegistrationAuthority.RegistrationAuthorityID",
    number: "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
    jurisdiction: "Entity.LegalJurisdiction",
    category: "Entity.EntityCategory",
    form: "Entity.LegalForm.EntityLegalFormCode",
    other_form: "Entity.LegalForm.OtherLegalForm",
    status: "Entity.EntityStatus",
    created: "Entity.EntityCreationDate",
    expired: "Entity.EntityExpirationDate",
    expiry: "Entity.EntityExpirationReason",
    registered: "Registration.InitialRegistrationDate",
    updated: "Registration.LastUpdateDate",
    registration: "Registration.RegistrationStatus",
    renewal: "Registration.NextRenewalDate",
    issuer: "Registration.ManagingLOU",
    sources: "Registration.ValidationSources",
    validated_by: "Registration.ValidationAuthority.ValidationAuthorityID",
    validated_as: "Registration.ValidationAuthority.ValidationAuthorityEntityID",
});

columns!(RelationshipColumns {
    start: "Relationship.StartNode.NodeID",
    start_type: "Relationship.StartNode.NodeIDType",
    end: "Relationship.EndNode.NodeID",
    end_type: "Relationship.EndNode.NodeIDType",
    kind: "Relationship.RelationshipType",
    status: "Relationship.RelationshipStatus",
    accounting: "Relationship.Period.1.startDate",
    since: "Relationship.Period.2.startDate",
    dimension: "Relationship.Qualifiers.1.QualifierDimension",
    registered: "Registration.InitialRegistrationDate",
    updated: "Registration.LastUpdateDate",
    registration: "Registration.RegistrationStatus",
    renewal: "Registration.NextRenewalDate",
    issuer: "Registration.ManagingLOU",
    sources: "Registration.ValidationSources",
    documents: "Registration.ValidationDocuments",
});

impl Gleif {
    pub fn create(folder: &Path) -> Result<Self> {
        let entities = Table::create(&folder.join("gleif_lei.csv"), entity_columns())?;
        let relationships = Table::create(&folder.join("gleif_rr.csv"), relationship_columns())?;
        let (entity, relationship) = (EntityColumns::of(&entities), RelationshipColumns::of(&relationships));
        Ok(Self { entities, relationships, entity, relationship, records: 0, links: 0 })
    }

    fn entity(&mut self, company: &Company, lei: &String, draws: &mut Draws) -> Result<()> {
        let (table, at) = (&mut self.entities, &self.entity);
        let [_, authority, _] = company.country.register;
        table.set(at.lei, lei);
        table.set(at.name, &company.name);
        table.set(at.language, "en");
        for first in [at.legal_address, at.head_office] {
            address(table, first, &company.address);
        }
        for column in [at.authority, at.validated_by] {
            table.set(column, authority);
        }
        for column in [at.number, at.validated_as] {
            table.set(column, company.number);
        }
        table.set(at.jurisdiction, company.country.code);
        table.set(at.category, "GENERAL");
        // The code that says: the form is written out.
        table.set(at.form, "8888");
        table.set(at.other_form, company.form);
        table.set(at.status, if company.dissolved.is_some() { "INACTIVE" } else { "ACTIVE" });
        if let Some(founded) = company.founded {
            table.set(at.created, Time(founded));
        }
        if let Some(dissolved) = company.dissolved {
            table.set(at.expired, Time(dissolved));
            table.set(at.expiry, "DISSOLVED");
        }
        let registration = match company.dissolved {
            Some(_) => "RETIRED",
            None if draws.percent(30) => "LAPSED",
            None => "ISSUED",
        };
        table.set(at.registered, Time(Date::drawn(draws, 2012, 2021)));
        table.set(at.updated, Time(Date::drawn(draws, 2021, 2024)));
        table.set(at.registration, registration);
        table.set(at.renewal, Time(Date::drawn(draws, 2025, 2026)));
        table.set(at.issuer, ISSUER);
        table.set(at.sources, "FULLY_CORROBORATED");
        self.records += 1;
        table.write_row()
    }

    fn relationship(&mut self, kind: &'static str, start: &String, end: &String, draws: &mut Draws) -> Result<()> {
        let (table, at) = (&mut self.relationships, &self.relationship);
        table.set(at.start, start);
        table.set(at.start_type, "LEI");
        table.set(at.end, end);
        table.set(at.end_type, "LEI");
        table.set(at.kind, kind);
        table.set(at.status, "ACTIVE");
        table.set(at.accounting, Time(Date { year: 2023, month: 1, day: 1 }));
        table.set(at.accounting + 1, Time(Date { year: 2023, month: 12, day: 28 }));
        table.set(at.accounting + 2, "ACCOUNTING_PERIOD");
        // Since when, nobody tells of one in ten.
        if draws.percent(90) {
            table.set(at.since, Time(Date::drawn(draws, 1995, 2021)));
            table.set(at.since + 2, "RELATIONSHIP_PERIOD");
        }
        table.set(at.dimension, "ACCOUNTING_STANDARD");
        table.set(at.dimension + 1, if draws.percent(70) { "IFRS" } else { "OTHER_ACCOUNTING_STANDARD" });
        table.set(at.registered, Time(Date::drawn(draws, 2017, 2021)));
        table.set(at.updated, Time(Date::drawn(draws, 2021, 2024)));
        table.set(at.registration, "PUBLISHED");
        table.set(at.renewal, Time(Date::drawn(draws, 2025, 2026)));
        table.set(at.issuer, ISSUER);
        table.set(at.sources, if draws.percent(80) { "FULLY_CORROBORATED" } else { "ENTITY_SUPPLIED_ONLY" });
        table.set(at.documents, if draws.percent(60) { "ACCOUNTS_FILING" } else { "SUPPORTING_DOCUMENTS" });
        self.links += 1;
        table.write_row()
    }
}

/// An address of twelve columns, from that of its language on.
fn address(table: &mut Table, first: usize, address: &Address) {
    table.set(first, "en");
    let line = &mut table.row[first + 1];
    put!(line, address.house, " ", address.street);
    table.set(first + 8, address.city);
    table.set(first + 10, address.country.code);
    address.put_code(&mut table.row[first + 11]);
}

/// The company that holds more than half.
fn parent(interests: &[Interest]) -> Option<u64> {
    interests.iter().find(|interest| interest.share > 5_000).and_then(|interest| match interest.owner {
        Party::Company(rank) if rank != interest.owned => Some(rank),
        _ => None,
    })
}

/// The last one above `direct`; in a circle the last one before the company itself.
fn ultimate_parent(world: &World, company: u64, direct: u64) -> u64 {
    let (mut last, mut interests) = (direct, Vec::new());
    for _ in 0..LONGEST_CHAIN {
        world.interests_in(last, &mut interests);
        match parent(&interests).filter(|&above| above != company && world.company(above).lei.is_some()) {
            Some(above) => last = above,
            None => break,
        }
    }
    last
}

impl Register for Gleif {
    fn party(&mut self, world: &World, party: &Described, _: u64) -> Result<()> {
        match party {
            Described::Company(Company { lei: None, .. }) | Described::Person(_) => Ok(()),
            Described::Company(company @ Company { lei: Some(lei), rank, .. }) => {
                self.entity(company, lei, &mut world.draws(drawn_for::RECORD, rank | 1 << 42))
            }
        }
    }

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()> {
        let (world, subject) = (declaration.world, declaration.subject);
        let Some(direct) = parent(declaration.interests) else { return Ok(()) };
        let lei = |rank| world.company(rank).lei;
        let (Some(start), Some(end)) = (lei(subject), lei(direct)) else { return Ok(()) };
        let mut draws = world.draws(drawn_for::RECORD, subject | 1 << 43);
        self.relationship("IS_DIRECTLY_CONSOLIDATED_BY", &start, &end, &mut draws)?;
        match lei(ultimate_parent(world, subject, direct)) {
            Some(ultimate) => self.relationship("IS_ULTIMATELY_CONSOLIDATED_BY", &start, &ultimate, &mut draws),
            None => Ok(()),
        }
    }

    fn finish(&mut self, _: &World) -> Result<Vec<Expected>> {
        self.entities.sheet.finish()?;
        self.relationships.sheet.finish()?;
        Ok(vec![
            Expected { file: "gleif_lei.csv", entities: self.records, interests: 0 },
            Expected { file: "gleif_rr.csv", entities: 0, interests: self.links },
        ])
    }
}

/// `#` stands for the numbers of the items of a list, of which there are five; their members follow.
fn expand(patterns: &[&str]) -> Vec<String> {
    let mut columns = Vec::new();
    for pattern in patterns {
        match pattern.split_once("#:") {
            None => columns.push((*pattern).to_owned()),
            Some((head, members)) => {
                for item in 1..=5 {
                    columns.extend(members.split(' ').map(|member| format!("{head}{item}{member}")));
                }
            }
        }
    }
    columns
}

const ADDRESS: &str = ".xmllang .FirstAddressLine .AddressNumber .AddressNumberWithinBuilding .MailRouting \
                       .AdditionalAddressLine.1 .AdditionalAddressLine.2 .AdditionalAddressLine.3 .City .Region .Country \
                       .PostalCode";

fn entity_columns() -> Vec<String> {
    let mut columns: Vec<String> = ["LEI", "Entity.LegalName", "Entity.LegalName.xmllang"].map(str::to_owned).into();
    // The name of an item is a column itself.
    for list in ["OtherEntityName", "TransliteratedOtherEntityName"] {
        for item in 1..=5 {
            let name = format!("Entity.{list}s.{list}.{item}");
            columns.extend([name.clone(), format!("{name}.xmllang"), format!("{name}.type")]);
        }
    }
    for address in ["LegalAddress", "HeadquartersAddress"] {
        columns.extend(ADDRESS.split_whitespace().map(|member| format!("Entity.{address}{member}")));
    }
    for address in ["OtherAddress", "TransliteratedOtherAddress"] {
        for item in 1..=5 {
            let members = std::iter::once(".type").chain(ADDRESS.split_whitespace());
            columns.extend(members.map(|member| format!("Entity.{address}es.{address}.{item}{member}")));
        }
    }
    let rest = [
        "Entity.RegistrationAuthority.RegistrationAuthorityID",
        "Entity.RegistrationAuthority.OtherRegistrationAuthorityID",
        "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
        "Entity.LegalJurisdiction",
        "Entity.EntityCategory",
        "Entity.EntitySubCategory",
        "Entity.LegalForm.EntityLegalFormCode",
        "Entity.LegalForm.OtherLegalForm",
        "Entity.AssociatedEntity.type",
        "Entity.AssociatedEntity.AssociatedLEI",
        "Entity.AssociatedEntity.AssociatedEntityName",
        "Entity.AssociatedEntity.AssociatedEntityName.xmllang",
        "Entity.EntityStatus",
        "Entity.EntityCreationDate",
        "Entity.EntityExpirationDate",
        "Entity.EntityExpirationReason",
        "Registration.InitialRegistrationDate",
        "Registration.LastUpdateDate",
        "Registration.RegistrationStatus",
        "Registration.NextRenewalDate",
        "Registration.ManagingLOU",
        "Registration.ValidationSources",
        "Registration.ValidationAuthority.ValidationAuthorityID",
        "Registration.ValidationAuthority.OtherValidationAuthorityID",
        "Registration.ValidationAuthority.ValidationAuthorityEntityID",
    ];
    columns.extend(rest.map(str::to_owned));
    columns
}

fn relationship_columns() -> Vec<String> {
    expand(&[
        "Relationship.StartNode.NodeID",
        "Relationship.StartNode.NodeIDType",
        "Relationship.EndNode.NodeID",
        "Relationship.EndNode.NodeIDType",
        "Relationship.RelationshipType",
        "Relationship.RelationshipStatus",
        "Relationship.Period.#:.startDate .endDate .periodType",
        "Relationship.Qualifiers.#:.QualifierDimension .QualifierCategory",
        "Relationship.Quantifiers.#:.MeasurementMethod .QuantifierAmount .QuantifierUnits",
        "Registration.InitialRegistrationDate",
        "Registration.LastUpdateDate",
        "Registration.RegistrationStatus",
        "Registration.NextRenewalDate",
        "Registration.ManagingLOU",
        "Registration.ValidationSources",
        "Registration.ValidationDocuments",
        "Registration.ValidationReference",
    ])
}
