//! Tables of edges with exact shares and with bands, of nodes, and the questions that are asked of them.

use super::random::Seen;
use super::set::{Declaration, Described, Expected, Register};
use super::text::{Padded, Put, Sheet, put};
use super::world::{Band, Interest, Party, World, drawn_for};
use std::io::Result;
use std::path::{Path, PathBuf};

/// How many subjects and controllers are asked for.
const QUESTIONS: u64 = 1_000;

#[derive(Debug)]
pub struct Edges {
    exact: Sheet,
    bands: Sheet,
    folder: PathBuf,
    interests: u64,
}

/// Hundredths of a percent as a decimal number of percent.
pub struct Percent(pub u64);

impl Put for Percent {
    fn put(&self, text: &mut String) {
        put!(text, self.0 / 100);
        match self.0 % 100 {
            0 => {}
            part if part % 10 == 0 => put!(text, ".", part / 10),
            part => put!(text, ".", Padded(part, 2)),
        }
    }
}

impl Edges {
    pub fn create(folder: &Path) -> Result<Self> {
        let mut exact = Sheet::create(&folder.join("edges.csv"))?;
        let mut bands = Sheet::create(&folder.join("edges_bands.csv"))?;
        exact.text.push_str("owner_id,owned_id,share\n");
        bands.text.push_str("owner_id,owned_id,min,max\n");
        Ok(Self { exact, bands, folder: folder.to_owned(), interests: 0 })
    }
}

impl Register for Edges {
    fn describes(&self) -> bool {
        false
    }

    fn party(&mut self, _: &World, _: &Described, _: u64) -> Result<()> {
        Ok(())
    }

    fn declaration(&mut self, declaration: Declaration<'_>) -> Result<()> {
        let owned = declaration.world.id(Party::Company(declaration.subject));
        for interest in declaration.interests {
            let owner = declaration.world.id(interest.owner);
            put!(&mut self.exact.text, owner, ",", owned, ",", Percent(interest.share), "\n");
            put!(&mut self.bands.text, owner, ",", owned, ",", Ends::of(interest), "\n");
        }
        self.interests += declaration.interests.len() as u64;
        self.exact.write_piece()?;
        self.bands.write_piece()
    }

    fn finish(&mut self, world: &World) -> Result<Vec<Expected>> {
        self.exact.finish()?;
        self.bands.finish()?;
        questions(world, &self.folder)?;
        let entities = entities(world);
        let of = |file| Expected { file, entities, interests: self.interests };
        Ok(vec![of("edges.csv"), of("edges_bands.csv")])
    }
}

/// The ends of a band, or the same number twice.
struct Ends(u64, u64);

impl Ends {
    fn of(interest: &Interest) -> Self {
        match interest.band().filter(|_| interest.banded) {
            Some(Band::From25To50) => Self(2_500, 5_000),
            Some(Band::From50To75) => Self(5_000, 7_500),
            Some(Band::From75) => Self(7_500, 10_000),
            None => Self(interest.share, interest.share),
        }
    }
}

impl Put for Ends {
    fn put(&self, text: &mut String) {
        put!(text, Percent(self.0), ",", Percent(self.1));
    }
}

/// All who stand at an end of an interest. Companies without owners that own nothing are in no table of edges.
fn entities(world: &World) -> u64 {
    let (mut companies, mut persons) = (Seen::new(world.ranks()), Seen::new(world.persons));
    let (mut count, mut interests) = (0, Vec::new());
    for rank in 0..world.companies {
        world.interests_in(rank, &mut interests);
        for interest in &interests {
            count += u64::from(companies.add(interest.owned));
            count += u64::from(match interest.owner {
                Party::Company(rank) => companies.add(rank),
                Party::Person(index) => persons.add(index),
            });
        }
    }
    count
}

/// Subjects, half of them with a company above a company above them, and controllers.
fn questions(world: &World, folder: &Path) -> Result<()> {
    let mut queries = Sheet::create(&folder.join("queries.txt"))?;
    let mut sources = Sheet::create(&folder.join("sources.txt"))?;
    let mut draws = world.draws(drawn_for::QUESTIONS, 0);
    let mut interests = Vec::new();
    let mut asked = 0;
    // Small graphs hold fewer than are looked for.
    for attempt in 0..100 * QUESTIONS {
        let subject = draws.below(world.companies);
        world.interests_in(subject, &mut interests);
        let Some(first) = interests.first().copied() else { continue };
        let owner = draws.one_of(&interests).owner;
        if attempt % 2 == 0 || is_deep(world, first, &mut interests) {
            put!(&mut queries.text, world.id(Party::Company(subject)), "\n");
            put!(&mut sources.text, world.id(owner), "\n");
            asked += 1;
        }
        if asked == QUESTIONS.min(world.companies) {
            break;
        }
    }
    queries.finish()?;
    sources.finish()
}

fn is_deep(world: &World, first: Interest, interests: &mut Vec<Interest>) -> bool {
    let Party::Company(parent) = first.owner else { return false };
    world.interests_in(parent, interests);
    matches!(interests.first(), Some(Interest { owner: Party::Company(_), .. }))
}

/// `nodes.csv`: every party that turns up.
#[derive(Debug)]
pub struct Nodes {
    sheet: Sheet,
}

impl Nodes {
    pub fn create(folder: &Path) -> Result<Self> {
        let mut sheet = Sheet::create(&folder.join("nodes.csv"))?;
        sheet.text.push_str("id,kind,jurisdiction,name\n");
        Ok(Self { sheet })
    }
}

impl Register for Nodes {
    fn party(&mut self, world: &World, party: &Described, _: u64) -> Result<()> {
        let text = &mut self.sheet.text;
        match party {
            Described::Company(company) => {
                let id = world.id(Party::Company(company.rank));
                put!(text, id, ",company,", company.country.code, ",", &company.name, "\n");
            }
            Described::Person(person) => {
                put!(text, world.id(Party::Person(person.index)), ",person,", person.country.code, ",");
                person.put_name(text);
                text.push('\n');
            }
        }
        self.sheet.write_piece()
    }

    fn declaration(&mut self, _: Declaration<'_>) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &World) -> Result<Vec<Expected>> {
        self.sheet.finish()?;
        Ok(Vec::new())
    }
}
