//! Who is who in the whole run: every id has one home, which gives it a number and keeps what the parts say of it.
//!
//! A number holds its home: the home's own count of entities times the number of workers, and the worker. So state about
//! entities lies in plain arrays, and no two ids can fall together as two hashes might.

use super::engine::{Crew, Exchange, Message};
use super::part::Part;
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::model::EntityKind;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The seed of the hash that chooses homes: all processes must choose the same.
const SEED: u64 = 0;

/// What a part says of an entity.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Said {
    /// Its place in the whole of the data: process, then position in the part.
    rank: u64,
    /// The worker that sees to it there.
    reader: u32,
    id: String,
    name: Option<String>,
    kind: u8,
    kind_is_told: bool,
    jurisdiction: Option<String>,
    complete: bool,
    is_held: bool,
}

impl Message for Said {
    fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        24 + self.id.len() + text(&self.name) + text(&self.jurisdiction)
    }
}

/// Where the interests in an entity stand.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Seat {
    pub reader: u32,
    pub node: u32,
}

/// An entity at its home: what the parts say of it, the first word of each kind counting.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Party {
    pub rank: u64,
    pub id: String,
    pub name: Option<String>,
    pub kind: u8,
    pub jurisdiction: Option<String>,
    pub complete: bool,
    pub seat: Option<Seat>,
}

impl Message for Party {
    fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        32 + self.id.len() + text(&self.name) + text(&self.jurisdiction)
    }
}

/// The entities whose home a worker is.
pub(super) struct Directory {
    pub parties: Vec<Party>,
    /// For each of them who mentions it, the parts in their order.
    pub mentions: Vec<Vec<Seat>>,
}

impl Directory {
    /// Collects what all parts say, and gives every entity of every part its number.
    pub(super) fn gather(crew: &mut Crew<'_>, part: &Part) -> Result<Self> {
        let own = crew.index() as u32;
        let (process, peers) = ((crew.process() as u64) << 32, crew.peers());
        let mut said = Exchange::<Said>::new(crew, "directory");
        let telling = part.share_of(crew).map(NodeId).map(|node| {
            let entity = part.graph.entity(node);
            let said = Said {
                rank: process | u64::from(node.0),
                reader: own,
                id: entity.id().to_owned(),
                name: entity.is_named().then(|| entity.name().to_owned()),
                kind: entity.kind() as u8,
                kind_is_told: entity.kind_is_told(),
                jurisdiction: entity.jurisdiction().map(str::to_owned),
                complete: entity.owners_complete(),
                is_held: part.graph.held_in(node).len() > 0,
            };
            (home_of(&said.id, peers), said)
        });
        let heard = said.round(crew, telling).messages;
        let (directory, numbers) = Self::of(crew, heard);
        let mut told = Exchange::<(u64, u32)>::new(crew, "directory");
        let mine = told.round(crew, numbers).messages;
        mine.into_iter().for_each(|(number, node)| part.set_number(NodeId(node), number));
        // Whoever reads numbers of another worker's entities finds them: that one has set them when all have agreed.
        crew.agree(directory)
    }

    /// The directory of what was heard, and the numbers to tell.
    #[allow(clippy::type_complexity)]
    fn of(crew: &Crew<'_>, mut heard: Vec<Said>) -> (Result<Self>, Vec<(usize, (u64, u32))>) {
        // The first word counts, as if the parts were read one after the other.
        heard.sort_unstable_by_key(|said| said.rank);
        let mut slots: HashMap<String, usize, foldhash::fast::RandomState> = HashMap::default();
        let mut directory = Self { parties: Vec::new(), mentions: Vec::new() };
        let mut kinds_told: Vec<bool> = Vec::new();
        let mut numbers = Vec::with_capacity(heard.len());
        let mut torn = None;
        for said in heard {
            let slot = slots.get(said.id.as_str()).copied().unwrap_or(directory.parties.len());
            let seat = Seat { reader: said.reader, node: said.rank as u32 };
            numbers.push((said.reader as usize, (crew.number(slot), said.rank as u32)));
            if slot == directory.parties.len() {
                slots.insert(said.id.clone(), slot);
                directory.mentions.push(vec![seat]);
                kinds_told.push(said.kind_is_told);
                directory.parties.push(Party {
                    rank: said.rank,
                    id: said.id,
                    name: said.name,
                    kind: said.kind,
                    jurisdiction: said.jurisdiction,
                    complete: said.complete,
                    seat: said.is_held.then_some(seat),
                });
                continue;
            }
            directory.mentions[slot].push(seat);
            let party = &mut directory.parties[slot];
            party.name = party.name.take().or(said.name);
            party.jurisdiction = party.jurisdiction.take().or(said.jurisdiction);
            party.complete |= said.complete;
            if said.kind_is_told && !std::mem::replace(&mut kinds_told[slot], true) {
                party.kind = said.kind;
            }
            match (said.is_held, party.seat) {
                (true, Some(known)) => torn = torn.or(Some((slot, known, seat))),
                (true, None) => party.seat = Some(seat),
                _ => {}
            }
        }
        let whole = match torn {
            None => Ok(directory),
            Some((slot, one, other)) => {
                let process = |seat: Seat| seat.reader as usize / crew.workers;
                let message = format!(
                    "interests in {:?} stand in the parts of process {} and of process {}; all interests in one entity belong \
                     into the parts of one process",
                    directory.parties[slot].id,
                    process(one),
                    process(other)
                );
                Err(Error::data(Location::default(), message))
            }
        };
        (whole, numbers)
    }
}

impl Party {
    pub(super) fn kind(&self) -> EntityKind {
        EntityKind::ALL.get(usize::from(self.kind)).copied().unwrap_or_default()
    }
}

/// The worker that is the home of an id.
pub(super) fn home_of(id: &str, peers: usize) -> usize {
    (twox_hash::XxHash3_64::oneshot_with_seed(SEED, id.as_bytes()) % peers as u64) as usize
}
