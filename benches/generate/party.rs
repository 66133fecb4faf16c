//! What registers say of companies, persons and interests: names, numbers, dates. Drawn anew wherever it is needed.

use super::lei;
use super::random::Draws;
use super::text::{Padded, Put, put};
use super::words::{COUNTRIES, Country, HEADS, STREETS, SYLLABLES, TRADES};
use super::world::{Party, World, drawn_for};

/// A day between the first and the 28th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u64,
    pub month: u64,
    pub day: u64,
}

impl Date {
    /// A day in the years from `first` up to but without `end`.
    pub fn drawn(draws: &mut Draws, first: u64, end: u64) -> Self {
        Self { year: first + draws.below(end - first), month: 1 + draws.below(12), day: 1 + draws.below(28) }
    }
}

impl Put for Date {
    fn put(&self, text: &mut String) {
        put!(text, Padded(self.year, 4), "-", Padded(self.month, 2), "-", Padded(self.day, 2));
    }
}

/// A month of a year: registers publish no day of birth.
pub struct Month(pub Date);

impl Put for Month {
    fn put(&self, text: &mut String) {
        put!(text, Padded(self.0.year, 4), "-", Padded(self.0.month, 2));
    }
}

/// The identifier of a party in the files that have one of their own: `GB-01234567`, `P-123456789`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Id {
    Company { country: usize, number: u64 },
    Person { number: u64 },
}

impl Put for Id {
    fn put(&self, text: &mut String) {
        match *self {
            Self::Company { country, number } => put!(text, COUNTRIES[country].code, "-", Padded(number, 8)),
            Self::Person { number } => put!(text, "P-", Padded(number, 9)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Company {
    pub rank: u64,
    pub country: &'static Country,
    /// The number in the register of its country.
    pub number: Padded8,
    pub name: String,
    pub form: &'static str,
    pub founded: Option<Date>,
    pub dissolved: Option<Date>,
    pub address: Address,
    /// Where it has one.
    pub lei: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub index: u64,
    pub country: &'static Country,
    pub given: &'static str,
    pub middle: Option<&'static str>,
    pub family: &'static str,
    pub born: Option<Date>,
    pub address: Address,
}

/// A number of eight digits.
#[derive(Debug, Clone, Copy)]
pub struct Padded8(pub u64);

impl Put for Padded8 {
    fn put(&self, text: &mut String) {
        Padded(self.0, 8).put(text);
    }
}

#[derive(Debug, Clone)]
pub struct Address {
    pub house: u64,
    pub street: &'static str,
    pub city: &'static str,
    pub country: &'static Country,
    code: u64,
}

impl Address {
    fn drawn(draws: &mut Draws, country: &'static Country) -> Self {
        let (house, street, city) = (1 + draws.below(250), *draws.one_of(STREETS), *draws.one_of(country.cities));
        Self { house, street, city, country, code: draws.below(89_999) + 10_000 }
    }

    /// A postal code in the form of the United Kingdom, or five digits.
    pub fn put_code(&self, text: &mut String) {
        if self.country.code != "GB" {
            return put!(text, self.code);
        }
        let letter = |from: u64| char::from(b'A' + (self.code / from % 26) as u8);
        text.push(letter(1));
        text.push(letter(26));
        put!(text, 1 + self.code % 30, " ", self.code / 30 % 9 + 1);
        text.push(letter(676));
        text.push(letter(7));
    }
}

impl World {
    /// Where in the list of countries a company is registered.
    pub fn country_of(&self, rank: u64) -> usize {
        drawn_country(&mut self.draws(drawn_for::COUNTRY, rank), |country| country.companies)
    }

    pub fn id(&self, party: Party) -> Id {
        match party {
            Party::Company(rank) => Id::Company { country: self.country_of(rank), number: self.number(rank) },
            Party::Person(index) => Id::Person { number: self.spread(index, 387_420_489, 1_000_000_000) },
        }
    }

    /// Numbers that do not follow the ranks, each once: the factor shares no divisor with the size.
    fn spread(&self, index: u64, factor: u64, size: u64) -> u64 {
        let shift = self.draws(drawn_for::NUMBERS, size).below(size);
        (index.wrapping_mul(factor) + shift) % size
    }

    fn number(&self, rank: u64) -> u64 {
        self.spread(rank, 61_803_399, 100_000_000)
    }

    pub fn company(&self, rank: u64) -> Company {
        let country = &COUNTRIES[self.country_of(rank)];
        let mut draws = self.draws(drawn_for::COMPANY, rank);
        let form = *draws.one_of(country.forms);
        let mut name = company_name(&mut draws);
        if country.code == "GB" {
            name.make_ascii_uppercase();
        }
        put!(&mut name, " ", form);
        let founded = draws.percent(92).then(|| Date::drawn(&mut draws, 1950, 2020));
        let dissolved = draws.percent(2).then(|| Date::drawn(&mut draws, 2021, 2024));
        let address = Address::drawn(&mut draws, country);
        let lei = draws.percent(55).then(|| lei::of(rank));
        Company { rank, country, number: Padded8(self.number(rank)), name, form, founded, dissolved, address, lei }
    }

    pub fn person(&self, index: u64) -> Person {
        let mut draws = self.draws(drawn_for::PERSON, index);
        let country = &COUNTRIES[drawn_country(&mut draws, |country| country.persons)];
        let (given, family) = (*draws.one_of(country.given), *draws.one_of(country.family));
        let middle = draws.percent(35).then(|| *draws.one_of(country.given));
        let born = draws.percent(95).then(|| Date::drawn(&mut draws, 1931, 2004));
        Person { index, country, given, middle, family, born, address: Address::drawn(&mut draws, country) }
    }
}

impl Person {
    pub fn put_name(&self, text: &mut String) {
        put!(text, self.given, " ");
        if let Some(middle) = self.middle {
            put!(text, middle, " ");
        }
        put!(text, self.family);
    }
}

fn drawn_country(draws: &mut Draws, weight: fn(&Country) -> u64) -> usize {
    let mut left = draws.below(1_000);
    for (index, country) in COUNTRIES.iter().enumerate() {
        match left.checked_sub(weight(country)) {
            Some(rest) => left = rest,
            None => return index,
        }
    }
    0
}

fn company_name(draws: &mut Draws) -> String {
    let mut name = String::new();
    if draws.percent(30) {
        put!(&mut name, *draws.one_of(HEADS));
    } else {
        for _ in 0..2 + draws.below(2) {
            put!(&mut name, *draws.one_of(SYLLABLES));
        }
        name[..1].make_ascii_uppercase();
    }
    put!(&mut name, " ", *draws.one_of(TRADES));
    if draws.percent(15) {
        put!(&mut name, " ", 1 + draws.below(999));
    }
    name
}

/// When an interest was held, as far as that is known.
#[derive(Debug, Clone, Copy)]
pub struct Tenure {
    pub start: Option<Date>,
    pub end: Option<Date>,
}

impl Tenure {
    /// The tenure of the interest with a number.
    pub fn of(world: &World, number: u64) -> Self {
        let mut draws = world.draws(drawn_for::RECORD, number);
        let start = draws.percent(90).then(|| Date::drawn(&mut draws, 1995, 2021));
        Self { start, end: draws.percent(6).then(|| Date::drawn(&mut draws, 2021, 2024)) }
    }
}
