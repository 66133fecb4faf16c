//! Rows of the United Kingdom's register of people with significant control, as its daily snapshot has them.
//!
//! Only companies of the United Kingdom declare, and only interests of more than a quarter.

use super::party::{Address, Company, Date, Person, Tenure};
use super::random::{Draws, Seen};
use super::set::{Declaration, Described, Expected, Register};
use super::text::{Hex, Padded, Put, Sheet, put};
use super::words::COUNTRIES;
use super::world::{Band, Interest, Party, World, drawn_for};
use std::io::Result;
use std::path::Path;

const HOME: &str = "GB";

/// Countries with one register, whose numbers are of this form. Elsewhere nothing joins two rows on one company.
const ONE_REGISTER: [&str; 3] = [HOME, "DK", "NL"];

#[derive(Debug)]
pub struct Psc {
    sheet: Sheet,
    companies: Seen,
    parties: u64,
    statements: u64,
    entities: u64,
    interests: u64,
}

impl Psc {
    pub fn create(folder: &Path, world: &World) -> Result<Self> {
        let sheet = Sheet::create(&folder.join("psc.jsonl"))?;
        let companies = Seen::new(world.ranks());
        Ok(Self { sheet, companies, parties: 0, statements: 0, entities: 0, interests: 0 })
    }

    fn row(&mut self, subject: &Company, world: &World, number: u64, interest: &Interest, band: Band) -> Result<()> {
        let mut draws = world.draws(drawn_for::RECORD, number | 1 << 40);
        let text = &mut self.sheet.text;
        put!(text, r#"{"company_number":""#, subject.number, r#"","data":{"#);
        let kind = match interest.owner {
            Party::Company(rank) => {
                let owner = world.company(rank);
                let joined = ONE_REGISTER.contains(&owner.country.code);
                self.entities += u64::from(!joined || self.companies.add(rank));
                corporate(text, &owner);
                "corporate-entity"
            }
            Party::Person(index) => {
                // The register gives a person another id at every company.
                self.entities += 1;
                individual(text, &world.person(index), &mut draws);
                "individual"
            }
        };
        put!(text, r#","etag":""#, Hex(draws.next()), Hex(draws.next()), Padded(draws.below(100_000_000), 8));
        put!(
            text,
            r#"","kind":""#,
            kind,
            r#"-person-with-significant-control","links":{"self":"/company/"#,
            subject.number
        );
        put!(text, "/persons-with-significant-control/", kind, "/", Hex(draws.next()), Padded(number, 11), "\"}");
        self.interests += natures(text, interest, band, &mut draws);
        tenure(text, Tenure::of(world, number));
        text.push_str("}}\n");
        self.parties += 1;
        self.sheet.write_piece()
    }

    /// A company without such an owner says so.
    fn statement(&mut self, subject: &Company, draws: &mut Draws) -> Result<()> {
        let text = &mut self.sheet.text;
        put!(
            text,
            r#"{"company_number":""#,
            subject.number,
            r#"","data":{"etag":""#,
            Hex(draws.next()),
            Hex(draws.next())
        );
        put!(text, Padded(draws.below(100_000_000), 8), r#"","kind":"persons-with-significant-control-statement","#);
        put!(text, r#""links":{"self":"/company/"#, subject.number, "/persons-with-significant-control-statements/");
        put!(text, Hex(draws.next()), r#""},"notified_on":""#, Date::drawn(draws, 2017, 2024), r#"","statement":"#);
        text.push_str("\"no-individual-or-entity-with-signficant-control\"}}\n");
        self.statements += 1;
        self.sheet.write_piece()
    }
}

fn address(text: &mut String, address: &Address) {
    put!(text, r#""address":{"address_line_1":""#, address.street, r#"","country":""#, address.country.name);
    put!(text, r#"","locality":""#, address.city, r#"","postal_code":""#);
    address.put_code(text);
    put!(text, r#"","premises":""#, address.house, "\"}");
}

fn corporate(text: &mut String, company: &Company) {
    address(text, &company.address);
    let law = if company.country.code == HOME { "Companies Act 2006" } else { "Company law" };
    let [_, _, register] = company.country.register;
    put!(text, r#","identification":{"country_registered":""#, company.country.name, r#"","legal_authority":""#, law);
    put!(text, r#"","legal_form":""#, company.form, r#"","place_registered":""#, register);
    put!(text, r#"","registration_number":""#, company.number, r#""},"name":""#, &company.name, "\"");
}

fn individual(text: &mut String, person: &Person, draws: &mut Draws) {
    let title = *draws.one_of(&["Mr", "Mrs", "Ms", "Dr"]);
    address(text, &person.address);
    put!(text, r#","country_of_residence":""#, person.address.country.name, "\"");
    if let Some(born) = person.born {
        put!(text, r#","date_of_birth":{"month":"#, born.month, r#","year":"#, born.year, "}");
    }
    put!(text, r#","name":""#, title, " ");
    person.put_name(text);
    put!(text, r#"","name_elements":{"forename":""#, person.given);
    if let Some(middle) = person.middle {
        put!(text, r#"","middle_name":""#, middle);
    }
    put!(text, r#"","surname":""#, person.family, r#"","title":""#, title, r#""},"nationality":""#);
    put!(text, person.country.nationality, "\"");
}

/// Shares, often with as many votes, and what a majority brings; tells how many.
fn natures(text: &mut String, interest: &Interest, band: Band, draws: &mut Draws) -> u64 {
    let size = match band {
        Band::From25To50 => "25-to-50",
        Band::From50To75 => "50-to-75",
        Band::From75 => "75-to-100",
    };
    put!(text, r#","natures_of_control":["ownership-of-shares-"#, size, "-percent\"");
    let votes = draws.percent(55);
    if votes {
        put!(text, r#","voting-rights-"#, size, "-percent\"");
    }
    let board = interest.share > 5_000 && draws.percent(45);
    if board {
        text.push_str(r#","right-to-appoint-and-remove-directors""#);
    }
    text.push(']');
    1 + u64::from(votes) + u64::from(board)
}

/// Nobody was notified before the register began on 6 April 2016.
fn tenure(text: &mut String, tenure: Tenure) {
    let began = Date { year: 2016, month: 4, day: 6 };
    put!(text, r#","notified_on":""#, tenure.start.map_or(began, |start| start.max(began)), "\"");
    if let Some(end) = tenure.end {
        put!(text, r#","ceased":true,"ceased_on":""#, end, "\"");
    }
}

impl Register for Psc {
    fn party(&mut self, _: &World, _: &Described, _: u64) -> Result<()> {
        Ok(())
    }

    fn describes(&self) -> bool {
        false
    }

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()> {
        let (world, rank) = (declaration.world, declaration.subject);
        if COUNTRIES[world.country_of(rank)].code != HOME {
            return Ok(());
        }
        let subject = world.company(rank);
        self.entities += u64::from(self.companies.add(rank));
        let before = self.parties;
        for (number, interest) in declaration.numbered() {
            if let Some(band) = interest.band() {
                self.row(&subject, world, number, interest, band)?;
            }
        }
        if self.parties == before {
            self.statement(&subject, &mut world.draws(drawn_for::RECORD, rank | 1 << 41))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &World) -> Result<Vec<Expected>> {
        let text = &mut self.sheet.text;
        text.push_str(r#"{"data":{"exemptions_count":0,"generated_at":"2024-11-01T06:00:00Z","#);
        put!(text, r#""kind":"totals#persons-of-significant-control-snapshot","#);
        put!(
            text,
            r#""persons_of_significant_control_count":"#,
            self.parties,
            r#","statements_count":"#,
            self.statements
        );
        text.push_str("}}\n");
        self.sheet.finish()?;
        Ok(vec![Expected { file: "psc.jsonl", entities: self.entities, interests: self.interests }])
    }
}
