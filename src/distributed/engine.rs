//! What is used of timely dataflow: workers on several processes that exchange messages in rounds.
//!
//! Every worker takes part in every round, in the same order. A round ends when everything that was sent in it has arrived
//! everywhere, which timely's progress tracking tells. Errors are agreed upon, so that nobody waits for somebody who left.

use super::connect::connect;
use super::{Cluster, Volume};
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use timely::communication::allocator::zero_copy::initialize::initialize_networking_from_sockets;
use timely::communication::allocator::{AllocatorBuilder, ProcessBuilder};
use timely::communication::{Config, Hooks};
use timely::container::CapacityContainerBuilder;
use timely::dataflow::channels::pact::Exchange as Route;
use timely::dataflow::operators::generic::Operator;
use timely::dataflow::operators::{Input, Probe};
use timely::dataflow::{InputHandle, ProbeHandle};
use timely::worker::Worker;

/// What can be sent to another worker.
pub(super) trait Message: timely::ExchangeData + Clone {
    /// Its size on the wire, roughly.
    fn bytes(&self) -> usize {
        size_of_val(self)
    }
}

impl Message for u64 {}
impl Message for (u64, u32) {}
impl Message for (u64, u64) {}

/// The workers of all processes, as one of them sees them.
pub(super) struct Crew<'w> {
    pub worker: &'w mut Worker,
    /// Workers in each process.
    pub workers: usize,
    /// What this worker sent to others, by what it was for.
    pub volumes: Vec<Volume>,
}

/// So many messages are handed over before the engine gets a turn, so that a round need not be in memory twice.
const MESSAGES_A_TURN: usize = 1 << 14;

/// A channel for one kind of messages between all workers.
pub(super) struct Exchange<M: Message> {
    name: &'static str,
    input: InputHandle<u64, CapacityContainerBuilder<Vec<Envelope<M>>>>,
    probe: ProbeHandle<u64>,
    arrived: Rc<RefCell<Vec<Envelope<M>>>>,
    round: u64,
}

/// A message and the worker that it is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Envelope<M> {
    to: u32,
    /// Who has heard all of a round may be in the next one while others still wait.
    round: u32,
    body: Body<M>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Body<M> {
    Message(M),
    /// How many messages the sender sent in this round.
    Sent(u64),
}

/// What a round brought to one worker.
pub(super) struct Arrived<M> {
    pub messages: Vec<M>,
    /// How many messages all workers sent in the round.
    pub sent: u64,
}

impl<M: Message> Exchange<M> {
    /// A new channel; all workers must make theirs in the same order.
    pub(super) fn new(crew: &mut Crew<'_>, name: &'static str) -> Self {
        let mut input = InputHandle::new();
        let probe = ProbeHandle::new();
        let arrived = Rc::new(RefCell::new(Vec::new()));
        let mailbox = Rc::clone(&arrived);
        crew.worker.dataflow(|scope| {
            let stream = scope.input_from(&mut input).container::<Vec<_>>();
            let route = Route::new(|envelope: &Envelope<M>| u64::from(envelope.to));
            // Nothing is passed on; the probe behind this operator tells when all is delivered.
            let delivered = stream.unary::<CapacityContainerBuilder<Vec<()>>, _, _, _>(route, "Deliver", |_, _| {
                move |input, _| {
                    input.for_each_stamp(|_, batches| {
                        batches.for_each(|batch| mailbox.borrow_mut().append(batch));
                    });
                }
            });
            delivered.probe_with(&probe);
        });
        Self { name, input, probe, arrived, round: 0 }
    }

    /// Sends messages, each to a worker, and waits for those of everybody.
    pub(super) fn round(&mut self, crew: &mut Crew<'_>, outgoing: impl IntoIterator<Item = (usize, M)>) -> Arrived<M> {
        let own = crew.index();
        let (mut sent, mut volume) = (0, Volume::of(self.name));
        let round = self.round as u32;
        for (to, message) in outgoing {
            sent += 1;
            if to != own {
                volume.messages += 1;
                volume.bytes += message.bytes() as u64;
            }
            self.input.send(Envelope { to: to as u32, round, body: Body::Message(message) });
            if (sent as usize).is_multiple_of(MESSAGES_A_TURN) {
                crew.worker.step();
            }
        }
        for to in 0..crew.peers() {
            self.input.send(Envelope { to: to as u32, round, body: Body::Sent(sent) });
        }
        crew.count(volume);
        self.round += 1;
        self.input.advance_to(self.round);
        let (probe, next) = (&self.probe, self.round);
        crew.worker.step_or_park_while(None, || probe.less_than(&next));
        let mut arrived = Arrived { messages: Vec::new(), sent: 0 };
        let mut mailbox = self.arrived.borrow_mut();
        for envelope in std::mem::take(&mut *mailbox) {
            match envelope.body {
                _ if envelope.round != round => mailbox.push(envelope),
                Body::Message(message) => arrived.messages.push(message),
                Body::Sent(count) => arrived.sent += count,
            }
        }
        drop(mailbox);
        arrived
    }
}

/// An error on its way to the other workers.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Failure {
    process: u32,
    kind: u8,
    message: String,
}

impl Message for Failure {}

const KINDS: [ErrorKind; 6] =
    [ErrorKind::Io, ErrorKind::Usage, ErrorKind::Data, ErrorKind::NotFound, ErrorKind::Ambiguous, ErrorKind::Limit];

impl Crew<'_> {
    /// This worker's number among all.
    pub(super) fn index(&self) -> usize {
        self.worker.index()
    }

    /// Number of workers in all processes.
    pub(super) fn peers(&self) -> usize {
        self.worker.peers()
    }

    /// The number of this process.
    pub(super) fn process(&self) -> usize {
        self.index() / self.workers
    }

    /// This worker's number in its process.
    pub(super) fn place(&self) -> usize {
        self.index() % self.workers
    }

    /// The worker at which the state of an entity lies.
    pub(super) fn home(&self, number: u64) -> usize {
        (number % self.peers() as u64) as usize
    }

    /// The position of an entity at its home.
    pub(super) fn slot(&self, number: u64) -> usize {
        (number / self.peers() as u64) as usize
    }

    /// The number of the entity at a position here.
    pub(super) fn number(&self, slot: usize) -> u64 {
        slot as u64 * self.peers() as u64 + self.index() as u64
    }

    fn count(&mut self, round: Volume) {
        match self.volumes.iter_mut().find(|known| known.purpose == round.purpose) {
            Some(known) => known.add(&round),
            None => self.volumes.push(round),
        }
    }

    /// The sum of what each worker gives.
    pub(super) fn sum(&mut self, own: u64) -> u64 {
        let mut exchange = Exchange::<u64>::new(self, "sums");
        let everybody: Vec<(usize, u64)> = (0..self.peers()).map(|to| (to, own)).collect();
        exchange.round(self, everybody).messages.into_iter().sum()
    }

    /// Everybody's success, or for everybody the error of one: its own where it has one.
    pub(super) fn agree<T>(&mut self, result: Result<T>) -> Result<T> {
        let process = self.process() as u32;
        let failure = result.as_ref().err().map(|error| Failure {
            process,
            kind: KINDS.iter().position(|&kind| kind == error.kind()).unwrap_or(1) as u8,
            message: error.to_string(),
        });
        let mut exchange = Exchange::<Failure>::new(self, "agreement");
        let everybody: Vec<(usize, Failure)> =
            failure.iter().flat_map(|failure| (0..self.peers()).map(|to| (to, failure.clone()))).collect();
        let heard = exchange.round(self, everybody).messages;
        match (result, heard.into_iter().min_by_key(|failure| failure.process)) {
            (Ok(value), None) => Ok(value),
            (Err(error), _) => Err(error),
            (Ok(_), Some(failure)) => {
                let kind = KINDS.get(usize::from(failure.kind)).copied().unwrap_or(ErrorKind::Usage);
                Err(Error::plain(kind, format!("process {} ended the run: {}", failure.process, failure.message)))
            }
        }
    }

    /// Asks the homes of some entities about them. Each is asked about once by a worker, however many of its entities want
    /// to know: a holder of a million companies is no bottleneck.
    pub(super) fn look_up<V: Message>(
        &mut self,
        name: &'static str,
        mut wanted: Vec<u64>,
        mut answer: impl FnMut(usize) -> V,
    ) -> HashMap<u64, V, foldhash::fast::RandomState> {
        wanted.sort_unstable();
        wanted.dedup();
        let own = self.index() as u32;
        let mut questions = Exchange::<(u64, u32)>::new(self, name);
        let asked: Vec<_> = wanted.into_iter().map(|number| (self.home(number), (number, own))).collect();
        let heard = questions.round(self, asked).messages;
        let mut answers = Exchange::<Answer<V>>::new(self, name);
        let said: Vec<_> = heard
            .into_iter()
            .map(|(number, from)| (from as usize, Answer { number, value: answer(self.slot(number)) }))
            .collect();
        answers.round(self, said).messages.into_iter().map(|answer| (answer.number, answer.value)).collect()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer<V> {
    number: u64,
    value: V,
}

impl<V: Message> Message for Answer<V> {
    fn bytes(&self) -> usize {
        size_of::<u64>() + self.value.bytes()
    }
}

/// The connections of a process to all others, before its workers run.
pub struct Connected(Vec<Option<std::net::TcpStream>>);

impl Connected {
    /// Connects the processes of a run; none where there is only one.
    pub(super) fn of(cluster: &Cluster) -> Result<Self> {
        if cluster.hosts.len() < 2 { Ok(Self(Vec::new())) } else { connect(cluster).map(Self) }
    }
}

/// Runs the same work on all workers of this process, together with those of the others.
pub(super) fn run<T: Send + 'static>(
    cluster: &Cluster,
    connected: Connected,
    work: impl Fn(&mut Crew<'_>) -> T + Send + Sync + 'static,
) -> Result<Vec<T>> {
    let workers = cluster.workers;
    let failed = |error: String| Error::usage(format!("the workers of this process failed: {error}"));
    let (builders, others) = if connected.0.is_empty() {
        Config::Process(workers).try_build().map_err(failed)?
    } else {
        let hooks = Hooks::default();
        let within = ProcessBuilder::new_typed_vector(workers, hooks.refill.clone(), hooks.spill.clone());
        let networking = initialize_networking_from_sockets(within, connected.0, cluster.process, workers, hooks);
        let (builders, guard) = networking.map_err(|error| failed(error.to_string()))?;
        let others: Box<dyn std::any::Any + Send> = Box::new(guard);
        (builders.into_iter().map(AllocatorBuilder::Tcp).collect(), others)
    };
    let guards = timely::execute::execute_from(builders, others, timely::WorkerConfig::default(), move |worker| {
        work(&mut Crew { worker, workers, volumes: Vec::new() })
    });
    guards.map_err(failed)?.join().into_iter().map(|result| result.map_err(failed)).collect()
}
