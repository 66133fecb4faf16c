//! The interests of a stream as they stand: who holds what of each entity today, and what a change makes of it.
//!
//! A column is decided by the code of one machine, on the interests in that one entity. What comes out is compared with what
//! was told before, and only the difference goes to the engine.

use super::changes::{Change, What};
use super::directory::Party;
use super::gathered::GatheredGraph;
use super::part::{Bound, Part, Row, Sight};
use crate::error::{Error, Result};
use crate::graph::columns::InterestParts;
use crate::graph::{Interest, NodeId, OwnershipGraph, View};
use crate::model::date::Presence;
use crate::model::{AsOf, Confidence, DateBound, Day, Directness, Layer, Marks};
use crate::query::column;
use crate::query::control::{Certainty, ControlGraph, Threshold, may_have_rights};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What somebody holds of an entity in a layer, with what all hold of it together, in parts per billion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Stake {
    pub entity: u32,
    pub is_votes: bool,
    pub low: u32,
    pub high: u32,
    pub all_low: u64,
    pub all_high: u64,
    pub complete: bool,
}

/// What the engine is told of one entity: stakes by their holders, and who certainly has a right that gives control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub stakes: Vec<(u32, Stake)>,
    pub rights: Vec<(u32, u32)>,
}

/// The interests of a stream.
pub(super) struct Current {
    base: Part,
    sight: Sight,
    day: Day,
    ids: HashMap<String, u32>,
    names: Vec<String>,
    /// Entities whose interests are no longer those of the base.
    changed: HashMap<u32, Vec<Row>>,
    told: HashMap<u32, Told>,
    /// Days on which something begins or ends, and in which entities.
    turns: BTreeMap<Day, Vec<u32>>,
    places: u64,
}

/// The account of added interests that add to no other: they add up among each other, like the rows of one table.
const OF_THE_STREAM: u64 = u64::MAX;

impl Current {
    /// The interests of a graph, as they are on the day of the view.
    pub(super) fn new(base: OwnershipGraph, sight: Sight) -> Result<Self> {
        let AsOf::Day(day) = sight.as_of else {
            return Err(Error::usage("a stream begins on one day: give --as-of a date instead of all"));
        };
        if let Some(edge) = base.edges().find(|&edge| base.interest(edge).is_indirect()) {
            let id = base.stake(edge).id().into_owned();
            let message =
                format!("{id} is indirect: whether it is a link depends on all chains, which a stream does not keep");
            return Err(Error::usage(message));
        }
        let names: Vec<String> = base.nodes().map(|node| base.entity(node).id().to_owned()).collect();
        let ids = names.iter().enumerate().map(|(number, id)| (id.clone(), number as u32)).collect();
        let places = base.edge_count() as u64;
        let base = Part::new(base, sight);
        base.graph.nodes().for_each(|node| base.set_number(node, node.0.into()));
        let mut current = Self {
            base,
            sight,
            day,
            ids,
            names,
            changed: HashMap::new(),
            told: HashMap::new(),
            turns: BTreeMap::new(),
            places,
        };
        current.note_turns();
        Ok(current)
    }

    /// The number of an entity.
    pub(super) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// The id of an entity.
    pub(super) fn id(&self, number: u32) -> &str {
        &self.names[number as usize]
    }

    /// The day on which the answers stand.
    pub(super) fn day(&self) -> Day {
        self.day
    }

    /// Everything that is to be told first.
    pub(super) fn all(&mut self) -> Result<Vec<(Told, Told)>> {
        let held = self.base.graph.nodes().filter(|&node| self.base.graph.held_in(node).len() > 0);
        self.retell(held.map(|node| node.0).collect())
    }

    /// Takes changes in; what was told of the entities that they touch, and what is to be told instead.
    pub(super) fn apply(&mut self, changes: &[Change]) -> Result<Vec<(Told, Told)>> {
        let mut touched: HashSet<u32> = HashSet::new();
        for change in changes {
            let owned = self.change(change)?;
            touched.insert(owned);
            self.turn(change.date.first_day(), owned);
            self.turn(change.date.first_day_out(), owned);
        }
        let latest = changes.iter().map(|change| change.date.first_day()).max();
        if let Some(day) = latest.filter(|&day| day > self.day) {
            let later = self.turns.split_off(&day.next());
            touched.extend(std::mem::replace(&mut self.turns, later).into_values().flatten());
            self.day = day;
        }
        let mut touched: Vec<u32> = touched.into_iter().collect();
        touched.sort_unstable();
        self.retell(touched)
    }

    fn retell(&mut self, entities: Vec<u32>) -> Result<Vec<(Told, Told)>> {
        let mut differences = Vec::new();
        for entity in entities {
            let now = self.tell(entity)?;
            let before = self.told.remove(&entity).unwrap_or_default();
            if now != Told::default() {
                self.told.insert(entity, now.clone());
            }
            if now != before {
                differences.push((before, now));
            }
        }
        Ok(differences)
    }

    /// What stands of an entity on the day.
    fn tell(&self, entity: u32) -> Result<Told> {
        let sight = Sight { as_of: AsOf::Day(self.day), ..self.sight };
        let Some(rows) = self.changed.get(&entity) else {
            return Ok(told(sight.on(&self.base.graph), NodeId(entity), |node| node.0));
        };
        let parties = self.parties(entity, rows);
        let parties: Vec<(u64, &Party)> = parties.iter().map(|(number, party)| (*number, party)).collect();
        let graph = GatheredGraph::of(&parties, rows.iter().map(|row| (entity.into(), row)).collect())?;
        let node = graph.node(entity.into()).unwrap_or_default();
        Ok(told(graph.view(sight), node, |node| graph.number(node) as u32))
    }

    /// The parties of the interests in an entity, itself included.
    fn parties(&self, entity: u32, rows: &[Row]) -> Vec<(u64, Party)> {
        let mut numbers: Vec<u64> = rows.iter().map(|row| row.owner).chain([entity.into()]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let complete = |number: u64| {
            let known = number == u64::from(entity) && (number as usize) < self.base.graph.node_count();
            known && self.base.graph.entity(NodeId(entity)).owners_complete()
        };
        let party = |number: u64| Party {
            rank: number,
            id: self.names[number as usize].clone(),
            name: None,
            kind: 1,
            jurisdiction: None,
            complete: complete(number),
            seat: None,
        };
        numbers.into_iter().map(|number| (number, party(number))).collect()
    }

    fn intern(&mut self, id: &str) -> u32 {
        if let Some(&number) = self.ids.get(id) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(id.to_owned());
        self.ids.insert(id.to_owned(), number);
        number
    }

    /// Takes one change in, and tells in which entity.
    fn change(&mut self, change: &Change) -> Result<u32> {
        let (owner, owned) = (self.intern(&change.owner), self.intern(&change.owned));
        let mut rows = match self.changed.remove(&owned) {
            Some(rows) => rows,
            None if (owned as usize) < self.base.graph.node_count() => self.base.all_rows(NodeId(owned)),
            None => Vec::new(),
        };
        let mut is_known = true;
        if change.what != What::Added {
            is_known = end(&mut rows, owner, change);
        }
        if change.what != What::Ended && is_known {
            self.places += 1;
            let row = added(owner, change, &rows, self.places);
            rows.push(row);
        }
        self.changed.insert(owned, rows);
        if is_known {
            return Ok(owned);
        }
        let message = format!(
            "nothing to end: {:?} has no {} in {:?} on {}",
            change.owner,
            change.kind.as_str(),
            change.owned,
            change.date
        );
        Err(Error::data(change.location.clone(), message))
    }

    /// Notes when interests of the base begin and end after the first day.
    fn note_turns(&mut self) {
        for edge in self.base.graph.edges() {
            let owned = self.base.graph.interest(edge).owned().0;
            let (start, end) = self.base.graph.dates(edge);
            for bound in [start, end] {
                let dates = match bound {
                    DateBound::On(date) => [Some(date), None],
                    DateBound::Between { not_before, not_after } => [not_before, not_after],
                    DateBound::Missing => [None, None],
                };
                for date in dates.into_iter().flatten() {
                    let last = date.last_day();
                    for day in [date.first_day(), date.first_day().next(), last, last.next(), date.first_day_out()] {
                        self.turn(day, owned);
                    }
                }
            }
        }
    }

    fn turn(&mut self, day: Day, entity: u32) {
        if day > self.day {
            self.turns.entry(day).or_default().push(entity);
        }
    }
}

impl Part {
    /// All interests in an entity, of whatever day.
    fn all_rows(&self, node: NodeId) -> Vec<Row> {
        let mut edges: Vec<_> = self.graph.held_in(node).collect();
        edges.sort_unstable();
        edges.into_iter().map(|edge| self.row(0, edge, false)).collect()
    }
}

/// Ends what an owner has by one right and has not ended yet; whether there was any.
fn end(rows: &mut [Row], owner: u32, change: &Change) -> bool {
    let mut found = false;
    for row in rows.iter_mut().filter(|row| row.owner == u64::from(owner)) {
        let lasts = row.dates[1].unpacked().lasts(change.date.first_day()) != Presence::Out;
        if lasts && Interest::from_words(row.words).kind() == change.kind {
            row.dates[1] = Bound::of(DateBound::On(change.date));
            found = true;
        }
    }
    found
}

/// The interest that a change adds. It adds to rows of the same pair that add up, as the rows of one table do.
fn added(owner: u32, change: &Change, rows: &[Row], place: u64) -> Row {
    let interest = Interest::new(&InterestParts {
        owner: NodeId(0),
        owned: NodeId(0),
        kind: change.kind,
        share: change.share,
        start: DateBound::On(change.date),
        end: DateBound::Missing,
        directness: Directness::Direct,
        confidence: Confidence::High,
        marks: Marks::NONE,
        controlling: false,
        account: 0,
        input: 0,
        record: 0,
    });
    let beside = rows.iter().find(|row| row.owner == u64::from(owner) && row.rows_add);
    Row {
        owner: owner.into(),
        words: interest.words(),
        dates: [Bound::of(DateBound::On(change.date)), Bound::Missing],
        place,
        account: beside.map_or(OF_THE_STREAM, |row| row.account),
        stated: beside.map_or(0, |row| row.stated),
        rows_add: true,
        evidence: None,
    }
}

/// What the engine is to know of an entity of a view.
fn told(view: View<'_>, node: NodeId, number: impl Fn(NodeId) -> u32) -> Told {
    let mut told = Told::default();
    let entity = number(node);
    for layer in [Layer::Capital, Layer::Votes] {
        let column = column::column(view.layer(layer), node);
        let sum = |of: fn(&column::Holder) -> u32| column.holders.iter().map(|holder| u64::from(of(holder))).sum();
        let (all_low, all_high) = (sum(|holder| holder.inner_low), sum(|holder| holder.inner_high));
        told.stakes.extend(column.holders.iter().filter(|holder| holder.high > 0).map(|holder| {
            let stake = Stake {
                entity,
                is_votes: layer == Layer::Votes,
                low: holder.inner_low,
                high: holder.inner_high,
                all_low,
                all_high,
                complete: column.complete,
            };
            (number(holder.owner), stake)
        }));
    }
    if may_have_rights(view, node) {
        let rights = ControlGraph::new(view, Threshold::default()).rights(node);
        let certain = rights.into_iter().filter(|&(_, certainty, _)| certainty == Certainty::Certain);
        told.rights = certain.map(|(owner, ..)| (number(owner), entity)).collect();
        told.rights.sort_unstable();
        told.rights.dedup();
    }
    told.stakes.sort_unstable();
    told
}
