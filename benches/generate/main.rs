//! Writes an ownership graph that looks like those of registers, in the formats of registers:
//!
//! ```text
//! cargo run --release --example generate -- --interests 1000000 --seed 1 --formats edges,bods,psc,gleif,ftm --out FOLDER
//! ```
//!
//! The same bytes for the same number of interests, seed and [`VERSION`] on every machine: own random numbers, no
//! floating point, no clock. What the files hold is described in `benches/README.md`.

mod bods;
mod edges;
mod ftm;
mod gleif;
mod lei;
mod names;
mod party;
mod psc;
mod random;
mod set;
mod text;
mod words;
mod world;

pub(crate) use set::{Expected, Format, write};
use std::path::PathBuf;
use std::process::ExitCode;
pub(crate) use world::World;

/// To be raised with every change of what is written.
pub const VERSION: &str = "1";

/// The numbers of interests for which identifiers and draws are wide enough.
pub const SIZES: std::ops::RangeInclusive<u64> = 1..=100_000_000;

const USAGE: &str = "usage: generate --interests N [--seed N] [--formats edges,nodes,bods,psc,gleif,ftm] --out FOLDER";

struct Arguments {
    interests: u64,
    seed: u64,
    formats: Vec<Format>,
    out: PathBuf,
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut interests, mut seed, mut out) = (None, 1, None);
    let mut formats = Format::ALL.map(|(_, format)| format).to_vec();
    while let Some(flag) = given.next() {
        let value = given.next().ok_or_else(|| format!("{flag}: a value is missing"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{flag} {value}: not a whole number"));
        match flag.as_str() {
            "--interests" => interests = Some(number()?),
            "--seed" => seed = number()?,
            "--out" => out = Some(PathBuf::from(&value)),
            "--formats" => {
                let one = |name: &str| Format::of(name).ok_or_else(|| format!("--formats: there is no {name:?}"));
                formats = value.split(',').map(one).collect::<Result<_, _>>()?;
            }
            _ => return Err(format!("{flag}: unknown")),
        }
    }
    let interests = interests.filter(|number| SIZES.contains(number)).ok_or("--interests: from 1 to 100000000")?;
    Ok(Arguments { interests, seed, formats, out: out.ok_or("--out: where to write?")? })
}

fn main() -> ExitCode {
    let Arguments { interests, seed, formats, out } = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write(&World::new(interests, seed), &formats, &out) {
        Ok(expected) => {
            for Expected { file, entities, interests } in expected {
                println!("{file}: {entities} entities, {interests} interests");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
