//! Parts of the whole graph brought to one worker, where the questions of one machine answer.
//!
//! Entities and interests stand in a gathered graph in the order in which they stand in the whole of the data, so that the
//! answers, and the last digits of their numbers, are those of one machine that reads all parts one after the other.

use super::directory::{Directory, Party, Seat};
use super::engine::{Crew, Exchange, Message};
use super::part::{Part, Row, Sight};
use crate::error::{Location, Result};
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::graph::{Account, GraphBuilder, Interest, NodeId, OwnershipGraph, View};
use crate::model::PartialDate;
use crate::model::interest::InterestDetails;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Something for each of some entities, by their numbers.
pub(super) type Numbered<T> = HashMap<u64, T, foldhash::fast::RandomState>;

/// Some entities, by their numbers.
pub(super) type Numbers = HashSet<u64, foldhash::fast::RandomState>;

/// How far a gathering goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The interests in the entities that are asked for, whoever holds them, and everybody above entities into which an indirect interest leads: whether that is a link depends on them.
    OwnersAndChains,
    /// Everybody above, with all interests in them.
    Everybody,
}

/// What a worker has gathered.
#[derive(Default)]
pub(super) struct Gathered {
    parties: Numbered<Party>,
    rows: Numbered<Vec<Row>>,
    /// Entities of which everybody above is wanted as well.
    chained: Numbers,
}

/// The interests in an entity, on their way to who asked for them.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Held {
    number: u64,
    rows: Vec<Row>,
}

impl Message for Held {
    fn bytes(&self) -> usize {
        8 + self.rows.iter().map(Row::bytes).sum::<usize>()
    }
}

/// Who asks for the interests in an entity of a part.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Wanted {
    number: u64,
    node: u32,
    from: u32,
    evidence: bool,
}

impl Message for Wanted {}

impl Gathered {
    /// Brings the interests in `wanted` here, as far as `reach` says. Everybody takes part, also who wants nothing.
    pub(super) fn bring(
        &mut self,
        crew: &mut Crew<'_>,
        (part, directory): (&Part, &Directory),
        wanted: impl IntoIterator<Item = u64>,
        (reach, evidence): (Reach, bool),
    ) {
        let mut wanted: Vec<u64> = wanted.into_iter().collect();
        let mut asking = Exchange::<Wanted>::new(crew, "gathering");
        let mut sending = Exchange::<Held>::new(crew, "gathering");
        loop {
            wanted.retain(|number| !self.rows.contains_key(number));
            self.introduce(crew, directory, wanted.clone());
            let own = crew.index() as u32;
            let seats: Vec<(u64, Seat)> =
                wanted.iter().filter_map(|&number| Some((number, self.parties.get(&number)?.seat?))).collect();
            let questions = seats
                .iter()
                .map(|&(number, seat)| (seat.reader as usize, Wanted { number, node: seat.node, from: own, evidence }));
            let asked = asking.round(crew, questions);
            if asked.sent == 0 {
                break;
            }
            let held: Vec<(usize, Held)> = asked
                .messages
                .into_iter()
                .map(|wanted| {
                    let rows = part.rows(crew, NodeId(wanted.node), wanted.evidence);
                    (wanted.from as usize, Held { number: wanted.number, rows })
                })
                .collect();
            // Nobody holds those whose interests stand nowhere.
            let without =
                wanted.drain(..).filter(|number| self.parties.get(number).is_none_or(|party| party.seat.is_none()));
            without.for_each(|number| _ = self.rows.entry(number).or_default());
            for Held { number, rows } in sending.round(crew, held).messages {
                let chained = reach == Reach::Everybody
                    || self.chained.contains(&number)
                    || reach == Reach::OwnersAndChains
                        && rows.iter().any(|row| Interest::from_words(row.words).is_indirect());
                let owners: Vec<u64> = if chained { rows.iter().map(|row| row.owner).collect() } else { Vec::new() };
                self.rows.insert(number, rows);
                wanted.extend(self.chain(owners));
            }
            wanted.sort_unstable();
            wanted.dedup();
        }
        let owners: Vec<u64> = self.rows.values().flatten().map(|row| row.owner).collect();
        self.introduce(crew, directory, owners);
    }

    /// Notes that everybody above some entities is wanted, and tells of which of them nothing is here yet.
    fn chain(&mut self, mut entities: Vec<u64>) -> Vec<u64> {
        let mut wanted = Vec::new();
        while let Some(number) = entities.pop() {
            if !self.chained.insert(number) {
                continue;
            }
            match self.rows.get(&number) {
                Some(rows) => entities.extend(rows.iter().map(|row| row.owner)),
                None => wanted.push(number),
            }
        }
        wanted
    }

    /// Learns who some entities are.
    pub(super) fn introduce(&mut self, crew: &mut Crew<'_>, directory: &Directory, mut unknown: Vec<u64>) {
        unknown.retain(|number| !self.parties.contains_key(number));
        self.parties.extend(crew.look_up("gathering", unknown, |slot| directory.parties[slot].clone()));
    }

    /// The interests in an entity, as far as they are here.
    pub(super) fn rows(&self, number: u64) -> &[Row] {
        self.rows.get(&number).map_or(&[], Vec::as_slice)
    }

    /// The graph of what is here.
    pub(super) fn graph(&self) -> Result<GatheredGraph> {
        self.graph_of(self.parties.keys().copied().collect())
    }

    /// The graph of the interests in some entities, and in everybody above those into which an indirect interest leads.
    pub(super) fn graph_about(&self, entities: impl IntoIterator<Item = u64>) -> Result<GatheredGraph> {
        let mut about = Numbers::default();
        let mut waiting: Vec<u64> = entities.into_iter().collect();
        while let Some(number) = waiting.pop() {
            if about.insert(number) && self.chained.contains(&number) {
                waiting.extend(self.rows(number).iter().map(|row| row.owner));
            }
        }
        self.graph_of(about)
    }

    fn graph_of(&self, entities: Numbers) -> Result<GatheredGraph> {
        let rows = entities.iter().flat_map(|&owned| self.rows(owned).iter().map(move |row| (owned, row)));
        let rows: Vec<(u64, &Row)> = rows.collect();
        let mut mentioned = entities;
        mentioned.extend(rows.iter().map(|(_, row)| row.owner));
        let parties = mentioned.iter().filter_map(|number| Some((*number, self.parties.get(number)?)));
        let mut parties: Vec<(u64, &Party)> = parties.collect();
        parties.sort_unstable_by_key(|(_, party)| party.rank);
        GatheredGraph::of(&parties, rows)
    }
}

/// The accounts of the rows, in the order of the data.
fn accounts(builder: &mut GraphBuilder, rows: &[(u64, &Row)]) -> Result<Numbered<u32>> {
    let mut known: Vec<(u64, u32, bool)> =
        rows.iter().map(|(_, row)| (row.account, row.stated, row.rows_add)).collect();
    known.sort_unstable();
    known.dedup();
    let mut accounts = Numbered::default();
    for (account, stated, rows_add) in known {
        let made = Account { stated: PartialDate::from_bits(stated), rows_add, ..Account::default() };
        accounts.insert(account, builder.new_account(made)?);
    }
    Ok(accounts)
}

/// A graph of what was gathered.
pub(super) struct GatheredGraph {
    graph: OwnershipGraph,
    nodes: Numbered<NodeId>,
    /// The number of each entity, in the order of the graph.
    numbers: Vec<u64>,
}

impl GatheredGraph {
    /// A graph of parties, in their order, and interests, each with whom it is in.
    pub(super) fn of(parties: &[(u64, &Party)], mut rows: Vec<(u64, &Row)>) -> Result<Self> {
        let nowhere = Location::default();
        let mut builder = GraphBuilder::new();
        let input = builder.input("the parts of all processes")?;
        let mut nodes: Numbered<NodeId> = Numbered::default();
        for &(number, party) in parties {
            let mention = Mention {
                id: &party.id,
                name: party.name.as_deref(),
                kind: Some(party.kind()),
                jurisdiction: party.jurisdiction.as_deref(),
            };
            let node = builder.mention(mention, &nowhere)?;
            if party.complete {
                builder.owners_are_complete(node);
            }
            nodes.insert(number, node);
        }
        let accounts = accounts(&mut builder, &rows)?;
        rows.sort_unstable_by_key(|(_, row)| row.place);
        for (owned, row) in rows {
            let [start, end] = row.dates.map(|bound| bound.unpacked());
            let parts = InterestParts::of(&Interest::from_words(row.words), (start, end), (input, 0));
            let (owner, owned, account) = (nodes[&row.owner], nodes[&owned], accounts[&row.account]);
            let edge = builder.interest(&InterestParts { owner, owned, account, ..parts })?;
            if let Some((id, sources)) = &row.evidence {
                builder.interest_id(edge, id);
                let details = InterestDetails { sources: sources.clone(), ..InterestDetails::default() };
                builder.interest_details(edge, details);
            }
        }
        let numbers = parties.iter().map(|&(number, _)| number).collect();
        Ok(Self { graph: builder.finish()?, nodes, numbers })
    }

    pub(super) fn view(&self, sight: Sight) -> View<'_> {
        sight.on(&self.graph)
    }

    pub(super) fn node(&self, number: u64) -> Option<NodeId> {
        self.nodes.get(&number).copied()
    }

    pub(super) fn number(&self, node: NodeId) -> u64 {
        self.numbers[node.index()]
    }
}
