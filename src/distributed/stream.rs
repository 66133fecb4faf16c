//! Who controls whom, and whom a list blocks, kept current while interests change.
//!
//! [Differential dataflow](https://docs.rs/differential-dataflow) keeps both fixpoints: a batch of changes costs what depends on
//! it. Control is kept as pairs of a controller and an entity: a set that only grows within a fixpoint, so that entities
//! which hold majorities of one another cannot make it go round in circles.

use super::Cluster;
use super::changes::Change;
use super::current::{Current, Stake, Told};
use super::engine::{self, Connected, Crew};
use super::part::Sight;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::OwnershipGraph;
use crate::model::Day;
use crate::query::column::WHOLE;
use differential_dataflow::VecCollection;
use differential_dataflow::input::{Input, InputSession};
use differential_dataflow::lattice::Lattice;
use differential_dataflow::operators::Iterate;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use timely::dataflow::ProbeHandle;
use timely::dataflow::operators::{Exchange, Probe, vec::Map as _};
use timely::progress::Timestamp;

/// How an answer changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Somebody has come to control an entity for certain, or does so no longer.
    Control {
        /// The id of the controller.
        controller: String,
        /// The id of the entity.
        entity: String,
        /// Whether it has come to.
        gained: bool,
    },
    /// An entity is blocked in another way than before.
    Blocked {
        /// The id of the entity.
        entity: String,
        /// How it is blocked now.
        now: Blocked,
    },
}

/// Whether a list blocks an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocked {
    /// It does not.
    No,
    /// With some of the shares that the ranges allow.
    Possibly,
    /// With all of them.
    Certainly,
}

/// What a batch of changes came to.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The number of the batch; 0 is what stands before the first change.
    pub batch: u64,
    /// The day on which the answers stand: that of the view, or of the latest change where it is later.
    pub day: Day,
    /// What changed, in the order of the ids.
    pub turns: Vec<Turn>,
    /// How long it took from the changes to all answers.
    pub took: Duration,
}

/// Where changes come from: a batch at a time, `None` when there are no more.
pub type Batches = Box<dyn FnMut() -> Result<Option<Vec<Change>>> + Send>;

/// Where answers go.
pub type Listener = Box<dyn FnMut(&Answered) -> Result<()> + Send>;

/// What the first process reads and writes.
pub struct Source {
    /// The interests before the first change.
    pub base: OwnershipGraph,
    /// The ids of listed parties: whom they block under the 50 % rule (half or more, in either layer) is kept too.
    pub listed: Vec<String>,
    /// The changes.
    pub batches: Batches,
    /// Who is told.
    pub listener: Listener,
}

/// Keeps the answers current until there are no more changes. All processes take part in the work; the first one has the data.
pub fn keep(cluster: &Cluster, connected: Connected, source: Result<Option<Source>>, sight: Sight) -> Result<()> {
    let source = Arc::new(Mutex::new(Some(source)));
    let results = engine::run(cluster, connected, move |crew| {
        let source = match crew.place() {
            0 => source.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(Ok(None)),
            _ => Ok(None),
        };
        let source = crew.agree(source)?;
        work(crew, source, sight)
    })?;
    super::first_error(results).map(|_| ())
}

/// The answers that come out of the engine, with how often each came or went.
type Found = Rc<RefCell<HashMap<Fact, isize>>>;

/// What holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fact {
    Controls(u32, u32),
    BlockedForCertain(u32),
    BlockedPossibly(u32),
}

/// What goes into the engine.
struct Feed {
    stakes: InputSession<u64, (u32, Stake), isize>,
    rights: InputSession<u64, (u32, u32), isize>,
    listed: InputSession<u64, u32, isize>,
    probe: ProbeHandle<u64>,
    found: Found,
}

fn work(crew: &mut Crew<'_>, source: Option<Source>, sight: Sight) -> Result<()> {
    let mut feed = Feed::new(crew);
    let mut led = source.map(|source| Led::begin(source, sight)).transpose();
    for batch in 0.. {
        // Who leads says whether it goes on; everybody hears of its errors.
        let more = match &mut led {
            Ok(Some(led)) => led.next(batch, &mut feed),
            Ok(None) => Ok(false),
            Err(error) => Err(Error::plain(error.kind(), error.to_string())),
        };
        let more = crew.agree(more)?;
        if crew.sum(u64::from(more)) == 0 {
            return Ok(());
        }
        feed.settle(crew, batch);
        let heard = match &mut led {
            Ok(Some(led)) => led.tell(batch, &feed.found),
            _ => Ok(()),
        };
        crew.agree(heard)?;
    }
    Ok(())
}

/// The worker that reads changes and tells answers.
struct Led {
    source: Source,
    current: Current,
    began: Instant,
    blocked: HashMap<u32, Blocked>,
    certain: HashMap<u32, bool>,
    possible: HashMap<u32, bool>,
}

impl Led {
    fn begin(mut source: Source, sight: Sight) -> Result<Self> {
        let base = std::mem::take(&mut source.base);
        let current = Current::new(base, sight)?;
        let (blocked, certain, possible) = (HashMap::new(), HashMap::new(), HashMap::new());
        Ok(Self { source, current, began: Instant::now(), blocked, certain, possible })
    }

    /// Feeds the next batch; whether there was one.
    fn next(&mut self, batch: u64, feed: &mut Feed) -> Result<bool> {
        let current = &mut self.current;
        let differences = if batch == 0 {
            self.began = Instant::now();
            for id in &self.source.listed {
                let number = current.number(id);
                let number =
                    number.ok_or_else(|| Error::plain(ErrorKind::NotFound, format!("no entity has the id {id:?}")))?;
                feed.listed.insert(number);
            }
            current.all()?
        } else {
            let Some(changes) = (self.source.batches)()? else { return Ok(false) };
            self.began = Instant::now();
            current.apply(&changes)?
        };
        for (before, now) in differences {
            feed.change(before, now);
        }
        Ok(true)
    }

    /// Tells what a batch came to.
    fn tell(&mut self, batch: u64, found: &Found) -> Result<()> {
        let current = &self.current;
        let mut turns = Vec::new();
        let mut touched: BTreeMap<u32, ()> = BTreeMap::new();
        for (fact, count) in found.borrow_mut().drain().filter(|&(_, count)| count != 0) {
            let holds = count > 0;
            match fact {
                Fact::Controls(controller, entity) => turns.push(Turn::Control {
                    controller: current.id(controller).to_owned(),
                    entity: current.id(entity).to_owned(),
                    gained: holds,
                }),
                Fact::BlockedForCertain(entity) => {
                    self.certain.insert(entity, holds);
                    touched.insert(entity, ());
                }
                Fact::BlockedPossibly(entity) => {
                    self.possible.insert(entity, holds);
                    touched.insert(entity, ());
                }
            }
        }
        for &entity in touched.keys() {
            let is = |facts: &HashMap<u32, bool>| facts.get(&entity).copied().unwrap_or(false);
            let now = match (is(&self.certain), is(&self.possible)) {
                (true, _) => Blocked::Certainly,
                (false, true) => Blocked::Possibly,
                (false, false) => Blocked::No,
            };
            if self.blocked.insert(entity, now).unwrap_or(Blocked::No) != now {
                turns.push(Turn::Blocked { entity: current.id(entity).to_owned(), now });
            }
        }
        turns.sort();
        let answered = Answered { batch, day: current.day(), turns, took: self.began.elapsed() };
        (self.source.listener)(&answered)
    }
}

impl Feed {
    /// Builds the dataflow.
    fn new(crew: &mut Crew<'_>) -> Self {
        let found: Found = Rc::default();
        let probe = ProbeHandle::new();
        let (stakes, rights, listed) = crew.worker.dataflow(|scope| {
            let (stakes_input, stakes) = scope.new_collection::<(u32, Stake), isize>();
            let (rights_input, rights) = scope.new_collection::<(u32, u32), isize>();
            let (listed_input, listed) = scope.new_collection::<u32, isize>();
            let votes = stakes.clone().filter(|(_, stake)| stake.is_votes);
            let control =
                controlled(votes, rights).map(|(entity, controller)| Fact::Controls(controller, entity).packed());
            let certain =
                blocked(stakes.clone(), listed.clone(), true).map(|entity| Fact::BlockedForCertain(entity).packed());
            let possible = blocked(stakes, listed, false).map(|entity| Fact::BlockedPossibly(entity).packed());
            let facts = control.concat(certain).concat(possible).consolidate();
            let heard = Rc::clone(&found);
            // All answers go to the worker that tells them.
            facts
                .inner
                .exchange(|_| 0)
                .map(move |(fact, _, count): ((u8, u32, u32), u64, isize)| {
                    *heard.borrow_mut().entry(Fact::unpacked(fact)).or_insert(0) += count;
                })
                .container::<Vec<()>>()
                .probe_with(&probe);
            (stakes_input, rights_input, listed_input)
        });
        Self { stakes, rights, listed, probe, found }
    }

    fn change(&mut self, before: Told, now: Told) {
        before.stakes.into_iter().for_each(|stake| self.stakes.remove(stake));
        before.rights.into_iter().for_each(|right| self.rights.remove(right));
        now.stakes.into_iter().for_each(|stake| self.stakes.insert(stake));
        now.rights.into_iter().for_each(|right| self.rights.insert(right));
    }

    /// Waits until the engine has taken in everything of a batch.
    fn settle(&mut self, crew: &mut Crew<'_>, batch: u64) {
        let next = batch + 1;
        self.stakes.advance_to(next);
        self.rights.advance_to(next);
        self.listed.advance_to(next);
        self.stakes.flush();
        self.rights.flush();
        self.listed.flush();
        let probe = &self.probe;
        crew.worker.step_or_park_while(None, || probe.less_than(&next));
    }
}

impl Fact {
    fn packed(self) -> (u8, u32, u32) {
        match self {
            Fact::Controls(controller, entity) => (0, controller, entity),
            Fact::BlockedForCertain(entity) => (1, entity, 0),
            Fact::BlockedPossibly(entity) => (2, entity, 0),
        }
    }

    fn unpacked(packed: (u8, u32, u32)) -> Self {
        match packed {
            (0, controller, entity) => Fact::Controls(controller, entity),
            (1, entity, _) => Fact::BlockedForCertain(entity),
            (_, entity, _) => Fact::BlockedPossibly(entity),
        }
    }
}

/// Entities with those who certainly control them: the least set of pairs in which whoever holds, together with what it controls,
/// more than half of the votes or a right controls; nobody itself.
fn controlled<'scope, T: Timestamp + Lattice + Ord>(
    votes: VecCollection<'scope, T, (u32, Stake)>,
    rights: VecCollection<'scope, T, (u32, u32)>,
) -> VecCollection<'scope, T, (u32, u32)> {
    // Whoever holds anything is a member of its own group: pairs of a member and whose group it is.
    let holders = votes.clone().map(|(holder, _)| holder).concat(rights.clone().map(|(holder, _)| holder)).distinct();
    let alone = holders.map(|holder| (holder, holder));
    let groups = alone.clone().iterate(|scope, groups| {
        let (alone, votes, rights) = (alone.enter(scope), votes.enter(scope), rights.enter(scope));
        let by_votes = groups
            .clone()
            .join_map(votes, |_, &group, stake| ((group, stake.entity), *stake))
            .reduce(|_, stakes, out| {
                if certainly(stakes, |sum| sum * 2 > WHOLE, true) {
                    out.push(((), 1isize));
                }
            })
            .map(|((group, entity), ())| (entity, group));
        let by_right = groups.join_map(rights, |_, &group, &entity| (entity, group));
        alone.concat(by_votes).concat(by_right).distinct()
    });
    groups.filter(|(entity, controller)| entity != controller)
}

/// Whom the listed parties block, for certain or possibly; they themselves are left out.
fn blocked<'scope, T: Timestamp + Lattice + Ord>(
    stakes: VecCollection<'scope, T, (u32, Stake)>,
    listed: VecCollection<'scope, T, u32>,
    for_certain: bool,
) -> VecCollection<'scope, T, u32> {
    let listed = listed.distinct().map(|party| (party, ()));
    let members = listed.clone().iterate(|scope, members| {
        let (listed, stakes) = (listed.clone().enter(scope), stakes.enter(scope));
        let joined = members
            .join_map(stakes, |_, (), stake| ((stake.entity, stake.is_votes), *stake))
            .reduce(move |_, stakes, out| {
                let suffices = |sum: u64| sum * 2 >= WHOLE;
                let blocks = if for_certain { certainly(stakes, suffices, false) } else { possibly(stakes, suffices) };
                if blocks {
                    out.push(((), 1isize));
                }
            })
            .map(|((entity, _), ())| (entity, ()));
        listed.concat(joined).distinct()
    });
    members.concat(listed.negate()).map(|(party, ())| party).consolidate()
}

/// What some of the holders of one entity have of it together, with what all have.
fn together(stakes: &[(&Stake, isize)]) -> (u64, u64) {
    let sum = |of: fn(&Stake) -> u32| stakes.iter().map(|(stake, count)| u64::from(of(stake)) * *count as u64).sum();
    (sum(|stake| stake.low), sum(|stake| stake.high))
}

/// Whether holders have enough for certain. `at_most_high`: control never takes more than the holders can have at best.
fn certainly(stakes: &[(&Stake, isize)], suffices: impl Fn(u64) -> bool, at_most_high: bool) -> bool {
    let (low, high) = together(stakes);
    let stake = stakes[0].0;
    if !stake.complete {
        return suffices(low);
    }
    let forced = WHOLE.saturating_sub(stake.all_high - high);
    suffices(low.max(if at_most_high { forced.min(high) } else { forced }))
}

/// Whether holders have enough at best, beside the lows of all others.
fn possibly(stakes: &[(&Stake, isize)], suffices: impl Fn(u64) -> bool) -> bool {
    let (low, high) = together(stakes);
    suffices(high.min(WHOLE.saturating_sub(stakes[0].0.all_low - low)))
}
