//! FollowTheMoney entities, one JSON object a line: companies, persons, ownerships.

use super::edges::Percent;
use super::party::{Date, Month, Tenure};
use super::set::{Declaration, Described, Expected, Register};
use super::text::{Put, Sheet, put};
use super::world::{Band, Interest, Party, World};
use std::io::Result;
use std::path::Path;

const TAIL: &str = r#"},"referents":[],"datasets":["generated_register"],"first_seen":"2024-01-01T00:00:00","last_seen":"2024-11-01T00:00:00"}"#;

#[derive(Debug)]
pub struct Ftm {
    sheet: Sheet,
    entities: u64,
    interests: u64,
}

impl Ftm {
    pub fn create(folder: &Path) -> Result<Self> {
        Ok(Self { sheet: Sheet::create(&folder.join("ftm.jsonl"))?, entities: 0, interests: 0 })
    }

    fn interest(&mut self, world: &World, number: u64, interest: &Interest) {
        let text = &mut self.sheet.text;
        put!(
            text,
            r#"{"id":"own-"#,
            number,
            r#"","caption":"Ownership","schema":"Ownership","properties":{"owner":[""#
        );
        put!(text, world.id(interest.owner), r#""],"asset":[""#, world.id(Party::Company(interest.owned)));
        text.push_str(r#""],"percentage":[""#);
        match interest.band().filter(|_| interest.banded) {
            Some(Band::From25To50) => text.push_str("25-50"),
            Some(Band::From50To75) => text.push_str("50-75"),
            Some(Band::From75) => text.push_str("75-100"),
            None => Percent(interest.share).put(text),
        }
        text.push_str("\"]");
        let tenure = Tenure::of(world, number);
        date(text, "startDate", tenure.start);
        date(text, "endDate", tenure.end);
        put!(text, TAIL, "\n");
    }
}

fn date(text: &mut String, property: &str, date: Option<Date>) {
    if let Some(date) = date {
        put!(text, ",\"", property, "\":[\"", date, "\"]");
    }
}

impl Register for Ftm {
    fn party(&mut self, world: &World, party: &Described, _: u64) -> Result<()> {
        self.entities += 1;
        let text = &mut self.sheet.text;
        match party {
            Described::Company(company) => {
                put!(text, r#"{"id":""#, world.id(Party::Company(company.rank)), r#"","caption":""#, &company.name);
                put!(text, r#"","schema":"Company","properties":{"name":[""#, &company.name, r#""],"jurisdiction":[""#);
                text.push_str(&company.country.code.to_ascii_lowercase());
                put!(text, r#""],"registrationNumber":[""#, company.number, "\"]");
                if let Some(lei) = &company.lei {
                    put!(text, r#","leiCode":[""#, lei, "\"]");
                }
                date(text, "incorporationDate", company.founded);
                date(text, "dissolutionDate", company.dissolved);
                put!(text, r#","legalForm":[""#, company.form, "\"]");
            }
            Described::Person(person) => {
                put!(text, r#"{"id":""#, world.id(Party::Person(person.index)), r#"","caption":""#);
                person.put_name(text);
                text.push_str(r#"","schema":"Person","properties":{"name":[""#);
                person.put_name(text);
                put!(text, r#""],"firstName":[""#, person.given, r#""],"lastName":[""#, person.family);
                text.push_str(r#""],"nationality":[""#);
                text.push_str(&person.country.code.to_ascii_lowercase());
                text.push_str("\"]");
                if let Some(born) = person.born {
                    put!(text, r#","birthDate":[""#, Month(born), "\"]");
                }
            }
        }
        put!(text, TAIL, "\n");
        self.sheet.write_piece()
    }

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()> {
        for (number, interest) in declaration.numbered() {
            self.interest(declaration.world, number, interest);
            self.interests += 1;
            self.sheet.write_piece()?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &World) -> Result<Vec<Expected>> {
        self.sheet.finish()?;
        Ok(vec![Expected { file: "ftm.jsonl", entities: self.entities, interests: self.interests }])
    }
}
