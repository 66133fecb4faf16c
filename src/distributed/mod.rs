//! Answers about whole graphs on several machines: the same as on one, byte for byte.
//!
//! The engine is [timely dataflow](https://docs.rs/timely), and [differential dataflow](https://docs.rs/differential-dataflow)
//! for answers that are kept current; they are met in this module only. Each process reads the parts of the data that it
//! is given, all interests in one entity being in the parts of one process. The column of an entity is decided there, by the
//! code of one machine. What then has to be known of others travels:
//!
//! - `directory`: who is who; `pointers` and `majorities`: ultimate control by votes, on many workers at once;
//! - `stream`: who controls whom and who is blocked, kept current while interests change;
//! - `links`: walks through the whole graph;
//! - `gathered`: where closeness matters (rights without a share, circles, effective shares), the interests that an answer
//!   depends on come to the worker that answers, and the question of one machine is asked of them.
//!
//! A lost process ends the run everywhere: the threads of the engine panic, which whoever runs the program turns into an
//! error ([`LOST`]). Nothing here is kept for a second attempt: the run is started again.

pub mod changes;
mod connect;
mod current;
mod directory;
mod engine;
mod gathered;
mod links;
mod majorities;
mod part;
mod pointers;
mod questions;
pub mod stream;

pub use engine::Connected;
pub use part::Sight;
pub use questions::{Question, RowScribe, Scribe, UltimateRow};

use crate::error::{Error, Result};
use crate::graph::OwnershipGraph;
use part::Part;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the panics of the engine's threads begin with when a connection is lost.
pub const LOST: &str = "timely communication error:";

/// The processes of a run, and which of them this one is.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Address and port of every process, in the order of their numbers.
    pub hosts: Vec<String>,
    /// The number of this process.
    pub process: usize,
    /// Workers in each process: threads.
    pub workers: usize,
    /// Stands for everything that must be the same in all processes.
    pub fingerprint: u64,
    /// How long to wait for the others to be there.
    pub patience: Duration,
}

impl Cluster {
    /// Connects to the other processes, which do the same.
    pub fn connect(&self) -> Result<Connected> {
        if self.workers == 0 || self.process >= self.hosts.len().max(1) {
            return Err(Error::usage(
                "there is no such process: processes are numbered from 0, in the order of the hosts",
            ));
        }
        Connected::of(self)
    }
}

/// What was sent to other workers for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// What for.
    pub purpose: &'static str,
    /// In how many rounds.
    pub rounds: u64,
    /// How many messages.
    pub messages: u64,
    /// Their size, roughly.
    pub bytes: u64,
}

impl Volume {
    pub(crate) fn of(purpose: &'static str) -> Self {
        Self { purpose, rounds: 1, messages: 0, bytes: 0 }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.messages += other.messages;
        self.bytes += other.bytes;
    }
}

/// Where the rows of this process go.
pub type Sink = Arc<Mutex<dyn Write + Send>>;

/// Answers a question together with the other processes: each writes the rows of the entities that it sees to.
///
/// `part` is what this process could read; if one could not read its part, all end with an error. Returns when all processes
/// have written all their rows, with what the workers of this process sent.
pub fn answer(
    cluster: &Cluster,
    connected: Connected,
    (part, sight): (Result<OwnershipGraph>, Sight),
    question: Question,
    sink: Sink,
) -> Result<Vec<Volume>> {
    let (part, unread) = match part {
        Ok(graph) => (graph, None),
        Err(error) => (OwnershipGraph::default(), Some(error)),
    };
    let part = Arc::new(Part::new(part, sight));
    let unread = Mutex::new(unread);
    let results = engine::run(cluster, connected, move |crew| {
        let unread = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
        crew.agree(unread.map_or(Ok(()), Err))?;
        let rows = questions::answer(crew, &part, &question);
        let rows = crew.agree(rows)?;
        let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
        let written = sink.write_all(&rows).and_then(|()| sink.flush());
        drop(sink);
        // Nobody's answer counts before everybody has written theirs.
        crew.agree(written.map_err(|error| Error::io("cannot write", "the answer", error)))?;
        Ok(std::mem::take(&mut crew.volumes))
    })?;
    let mut all: Vec<Volume> = Vec::new();
    for volume in first_error(results)?.into_iter().flatten() {
        match all.iter_mut().find(|known| known.purpose == volume.purpose) {
            Some(known) => *known = Volume { rounds: known.rounds, ..sum(known, &volume) },
            None => all.push(volume),
        }
    }
    Ok(all)
}

/// What all workers have, or the first error: that of the worker that met it tells more than what the others heard of it.
fn first_error<T>(results: Vec<Result<T>>) -> Result<Vec<T>> {
    let is_hearsay = |error: &Error| error.to_string().contains(HEARSAY);
    let (mut all, mut failed) = (Vec::new(), None);
    for result in results {
        match result {
            Ok(value) => all.push(value),
            Err(error) if failed.as_ref().is_none_or(|known| is_hearsay(known) && !is_hearsay(&error)) => {
                failed = Some(error);
            }
            Err(_) => {}
        }
    }
    failed.map_or(Ok(all), Err)
}

/// How another worker's error is told.
const HEARSAY: &str = "ended the run: ";

fn sum(one: &Volume, other: &Volume) -> Volume {
    let mut sum = one.clone();
    sum.add(other);
    sum
}
