//! Writes a set of files: one pass over the companies, each of which declares its owners to every register.

use super::party::{Company, Person};
use super::random::Seen;
use super::text::Sheet;
use super::world::{Interest, Party, World};
use super::{bods, edges, ftm, gleif, psc};
use std::io::Result;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Edges,
    Nodes,
    Bods,
    Psc,
    Gleif,
    Ftm,
}

impl Format {
    pub const ALL: [(&'static str, Self); 6] = [
        ("edges", Self::Edges),
        ("nodes", Self::Nodes),
        ("bods", Self::Bods),
        ("psc", Self::Psc),
        ("gleif", Self::Gleif),
        ("ftm", Self::Ftm),
    ];

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|&(_, format)| format)
    }
}

/// A party as it is described where it first turns up.
#[derive(Debug)]
pub enum Described {
    Company(Company),
    Person(Person),
}

/// The interests in one company; the first has the number `first` among all.
#[derive(Debug, Clone, Copy)]
pub struct Declaration<'a> {
    pub world: &'a World,
    pub subject: u64,
    pub first: u64,
    pub interests: &'a [Interest],
}

impl<'a> Declaration<'a> {
    /// The interests with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &'a Interest)> + use<'a> {
        (self.first..).zip(self.interests)
    }
}

/// What a reader of a file should find in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub file: &'static str,
    pub entities: u64,
    pub interests: u64,
}

/// A register that hears every declaration. A party is described before the first declaration that names it.
pub trait Register {
    /// Whether it wants parties described.
    fn describes(&self) -> bool {
        true
    }

    fn party(&mut self, world: &World, party: &Described, subject: u64) -> Result<()>;

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()>;

    /// Writes what is left.
    fn finish(&mut self, world: &World) -> Result<Vec<Expected>>;
}

fn register(format: Format, world: &World, folder: &Path) -> Result<Box<dyn Register>> {
    Ok(match format {
        Format::Edges => Box::new(edges::Edges::create(folder)?),
        Format::Nodes => Box::new(edges::Nodes::create(folder)?),
        Format::Bods => Box::new(bods::Bods::create(folder)?),
        Format::Psc => Box::new(psc::Psc::create(folder, world)?),
        Format::Gleif => Box::new(gleif::Gleif::create(folder)?),
        Format::Ftm => Box::new(ftm::Ftm::create(folder)?),
    })
}

/// Which parties have turned up.
struct Known {
    companies: Seen,
    persons: Seen,
    entities: u64,
}

impl Known {
    fn is_new(&mut self, party: Party) -> bool {
        let new = match party {
            Party::Company(rank) => self.companies.add(rank),
            Party::Person(index) => self.persons.add(index),
        };
        self.entities += u64::from(new);
        new
    }
}

/// Writes the files of the formats and tells what stands in each.
pub fn write(world: &World, formats: &[Format], folder: &Path) -> Result<Vec<Expected>> {
    std::fs::create_dir_all(folder)?;
    let mut registers: Vec<Box<dyn Register>> =
        formats.iter().map(|&format| register(format, world, folder)).collect::<Result<_>>()?;
    let described = registers.iter().any(|register| register.describes());
    let mut known = Known { companies: Seen::new(world.ranks()), persons: Seen::new(world.persons), entities: 0 };
    let (mut first, mut interests) = (0, Vec::new());
    for position in 0..world.companies {
        let subject = world.rank_at(position);
        world.interests_in(subject, &mut interests);
        let parties = std::iter::once(Party::Company(subject)).chain(interests.iter().map(|interest| interest.owner));
        for party in parties {
            if known.is_new(party) && described {
                let party = describe(world, party);
                registers.iter_mut().try_for_each(|register| register.party(world, &party, subject))?;
            }
        }
        let declaration = Declaration { world, subject, first, interests: &interests };
        registers.iter_mut().try_for_each(|register| register.declaration(declaration))?;
        first += interests.len() as u64;
    }
    let mut expected = Vec::new();
    for register in &mut registers {
        expected.extend(register.finish(world)?);
    }
    statistics(world, known.entities, &expected, folder)?;
    Ok(expected)
}

fn describe(world: &World, party: Party) -> Described {
    match party {
        Party::Company(rank) => Described::Company(world.company(rank)),
        Party::Person(index) => Described::Person(world.person(index)),
    }
}

/// What the set is, in words: `stats.txt`.
fn statistics(world: &World, entities: u64, expected: &[Expected], folder: &Path) -> Result<()> {
    use super::text::{Put, put};
    let mut sheet = Sheet::create(&folder.join("stats.txt"))?;
    let text = &mut sheet.text;
    put!(text, "generator ", super::VERSION, ", seed ", world.seed, "\n");
    put!(text, "interests ", world.interests, "\nentities ", entities, "\ncompanies ", world.companies, "\n");
    put!(text, "largest circle ", world.largest_circle(), "\n");
    for Expected { file, entities, interests } in expected {
        put!(text, *file, ": ", *entities, " entities, ", *interests, " interests\n");
    }
    sheet.finish()
}
