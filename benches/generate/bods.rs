//! Statements of the Beneficial Ownership Data Standard 0.4, one a line, in the order of declarations: parties before
//! the relationships that name them.

use super::edges::Percent;
use super::party::{Address, Company, Date, Id, Month, Person, Tenure};
use super::random::{Draws, mix};
use super::set::{Declaration, Described, Expected, Register};
use super::text::{Hex, Put, Sheet, put};
use super::words::Country;
use super::world::{Band, Interest, Party, World, drawn_for};
use std::io::Result;
use std::path::Path;

const TAIL: &str = concat!(
    r#"},"publicationDetails":{"publicationDate":"2024-11-01","bodsVersion":"0.4","#,
    r#""license":"https://creativecommons.org/publicdomain/zero/1.0/","#,
    r#""publisher":{"name":"Generated Register","url":"https://register.example.org"}},"#,
    r#""source":{"type":["officialRegister"],"description":"Generated register of beneficial ownership","#,
    r#""retrievedAt":"2024-10-31"}}"#,
    "\n"
);

#[derive(Debug)]
pub struct Bods {
    sheet: Sheet,
    statements: u64,
    entities: u64,
    interests: u64,
}

/// The members that stand before the details of a record.
struct Head<'a> {
    record: &'a dyn Put,
    kind: &'static str,
    subject: Id,
    stated: Date,
}

impl Bods {
    pub fn create(folder: &Path) -> Result<Self> {
        Ok(Self { sheet: Sheet::create(&folder.join("bods.jsonl"))?, statements: 0, entities: 0, interests: 0 })
    }

    fn draws(&self, world: &World) -> Draws {
        world.draws(drawn_for::RECORD, !self.statements)
    }

    fn head(&mut self, world: &World, head: &Head<'_>) {
        let text = &mut self.sheet.text;
        let statement = mix(world.seed ^ mix(self.statements));
        put!(text, r#"{"statementId":""#, Hex(statement), "-", Hex(mix(!statement)), r#"","declarationSubject":""#);
        put!(text, head.subject, r#"","statementDate":""#, head.stated, r#"","recordId":""#);
        head.record.put(text);
        put!(text, r#"","recordType":""#, head.kind, r#"","recordStatus":"new","recordDetails":{"isComponent":false,"#);
        self.statements += 1;
    }

    fn interest(&mut self, world: &World, number: u64, interest: &Interest) -> Result<()> {
        let subject = world.id(Party::Company(interest.owned));
        let tenure = Tenure::of(world, number);
        let stated = Date::drawn(&mut self.draws(world), 2021, 2024);
        self.head(world, &Head { record: &Relationship(number), kind: "relationship", subject, stated });
        let text = &mut self.sheet.text;
        put!(text, r#""subject":""#, subject, r#"","interestedParty":""#, world.id(interest.owner));
        put!(
            text,
            r#"","interests":[{"type":"shareholding","directOrIndirect":"direct","beneficialOwnershipOrControl":"#
        );
        text.push_str(if is_beneficial(interest) { "true" } else { "false" });
        text.push_str(r#","share":{"#);
        match interest.band().filter(|_| interest.banded) {
            Some(Band::From25To50) => text.push_str(r#""exclusiveMinimum":25,"maximum":50}"#),
            Some(Band::From50To75) => text.push_str(r#""exclusiveMinimum":50,"exclusiveMaximum":75}"#),
            Some(Band::From75) => text.push_str(r#""minimum":75,"maximum":100}"#),
            None => put!(text, r#""exact":"#, Percent(interest.share), "}"),
        }
        date(text, "startDate", tenure.start);
        date(text, "endDate", tenure.end);
        put!(text, "}]", TAIL);
        self.interests += 1;
        self.sheet.write_piece()
    }
}

/// Only persons are beneficial owners.
fn is_beneficial(interest: &Interest) -> bool {
    matches!(interest.owner, Party::Person(_)) && interest.band().is_some()
}

struct Relationship(u64);

impl Put for Relationship {
    fn put(&self, text: &mut String) {
        put!(text, "REL-", self.0);
    }
}

fn date(text: &mut String, member: &str, date: Option<Date>) {
    if let Some(date) = date {
        put!(text, ",\"", member, "\":\"", date, "\"");
    }
}

fn country(text: &mut String, country: &Country) {
    put!(text, r#"{"name":""#, country.name, r#"","code":""#, country.code, "\"}");
}

fn addresses(text: &mut String, kind: &str, address: &Address) {
    put!(text, r#","addresses":[{"type":""#, kind, r#"","address":""#, address.house, " ", address.street, ", ");
    put!(text, address.city, r#"","postCode":""#);
    address.put_code(text);
    text.push_str(r#"","country":"#);
    country(text, address.country);
    text.push_str("}]");
}

fn company_details(text: &mut String, company: &Company) {
    put!(text, r#""entityType":{"type":"registeredEntity"},"name":""#, &company.name, r#"","jurisdiction":"#);
    country(text, company.country);
    let [scheme, _, name] = company.country.register;
    put!(
        text,
        r#","identifiers":[{"id":""#,
        company.number,
        r#"","scheme":""#,
        scheme,
        r#"","schemeName":""#,
        name,
        "\"}"
    );
    if let Some(lei) = &company.lei {
        put!(text, r#",{"id":""#, lei, r#"","scheme":"XI-LEI","schemeName":"Global Legal Entity Identifier Index"}"#);
    }
    text.push(']');
    date(text, "foundingDate", company.founded);
    date(text, "dissolutionDate", company.dissolved);
    addresses(text, "registered", &company.address);
}

fn person_details(text: &mut String, person: &Person) {
    text.push_str(r#""personType":"knownPerson","names":[{"type":"legal","fullName":""#);
    person.put_name(text);
    put!(text, r#"","givenName":""#, person.given, r#"","familyName":""#, person.family, r#""}],"nationalities":["#);
    country(text, person.country);
    text.push(']');
    if let Some(born) = person.born {
        put!(text, r#","birthDate":""#, Month(born), "\"");
    }
    addresses(text, "service", &person.address);
}

impl Register for Bods {
    fn party(&mut self, world: &World, party: &Described, subject: u64) -> Result<()> {
        let subject = world.id(Party::Company(subject));
        let stated = Date::drawn(&mut self.draws(world), 2016, 2024);
        match party {
            Described::Company(company) => {
                let record = world.id(Party::Company(company.rank));
                self.head(world, &Head { record: &record, kind: "entity", subject, stated });
                company_details(&mut self.sheet.text, company);
            }
            Described::Person(person) => {
                let record = world.id(Party::Person(person.index));
                self.head(world, &Head { record: &record, kind: "person", subject, stated });
                person_details(&mut self.sheet.text, person);
            }
        }
        self.sheet.text.push_str(TAIL);
        self.entities += 1;
        self.sheet.write_piece()
    }

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()> {
        declaration.numbered().try_for_each(|(number, interest)| self.interest(declaration.world, number, interest))
    }

    fn finish(&mut self, _: &World) -> Result<Vec<Expected>> {
        self.sheet.finish()?;
        Ok(vec![Expected { file: "bods.jsonl", entities: self.entities, interests: self.interests }])
    }
}
