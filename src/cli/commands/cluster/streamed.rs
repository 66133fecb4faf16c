//! `cuibono cluster stream`

use super::{Args, end_when_somebody_is_lost, sight, tell_caveats, unreadable, whole_parts};
use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::files::Piped;
use crate::cli::lists::List;
use crate::cli::output::OutputFormat;
use crate::cli::{loading, terminal};
use crate::distributed::changes::ChangeReader;
use crate::distributed::stream::{self, Answered, Batches, Blocked, Listener, Source, Turn};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::Duration;

/// Runs the stream until its changes end.
pub(super) fn run(args: &Args, global: &Global, given: (&str, usize, Option<&Path>)) -> Result<Exit> {
    if !matches!(global.format, OutputFormat::Table | OutputFormat::Jsonl) {
        return Err(Error::usage("cluster stream writes --format jsonl"));
    }
    whole_parts(global)?;
    if args.output.is_some() {
        return Err(Error::usage(
            "cluster stream has no end at which a file would be whole: it writes to standard output",
        ));
    }
    let leads = args.process == 0;
    if leads == global.data.is_empty() {
        return Err(Error::usage("the first process of a stream reads --data, and no other"));
    }
    let (hosts, sight) = (args.hosts()?, sight(global));
    let cluster = args.cluster(global, (hosts, sight), "stream")?;
    end_when_somebody_is_lost();
    let connected = cluster.connect()?;
    let source = if leads { source(global, given).map(Some) } else { Ok(None) };
    stream::keep(&cluster, connected, source, sight)?;
    Ok(Exit::Answer)
}

fn source(global: &Global, (changes, batch, listed): (&str, usize, Option<&Path>)) -> Result<Source> {
    let base = loading::load(global).map_err(unreadable)?;
    loading::warn(&base, global);
    tell_caveats(sight(global).on(&base), global);
    let listed = match listed {
        Some(file) => List::read(&file.display().to_string())?.lines().map(|(_, id)| id.to_owned()).collect(),
        None => Vec::new(),
    };
    let longest = global.reading.limits().record;
    Ok(Source { base, listed, batches: batches(changes, batch, longest)?, listener: listener(!global.quiet) })
}

/// Reads changes, so many at a time or up to an empty line.
fn batches(changes: &str, most: usize, longest: usize) -> Result<Batches> {
    let (name, input): (&str, Box<dyn BufRead + Send>) = match changes {
        "-" => ("<stdin>", Box::new(BufReader::new(std::io::stdin()))),
        file => {
            let opened = File::open(file).map_err(|error| Error::io("cannot read", file, error))?;
            (file, Box::new(BufReader::new(opened)))
        }
    };
    let mut reader = ChangeReader::new(name, input, longest);
    Ok(Box::new(move || Ok(Some(reader.batch(most)?).filter(|batch| !batch.is_empty()))))
}

/// Writes what changed, and at the end how long it took.
fn listener(says_times: bool) -> Listener {
    let mut times = Times { took: Vec::new(), says: says_times };
    Box::new(move |answered: &Answered| {
        let mut out = Piped::begin();
        let failed = |error| Error::io("cannot write to", "<stdout>", error);
        for turn in &answered.turns {
            writeln!(out, "{}", row(answered, turn)).map_err(failed)?;
        }
        out.flush().map_err(failed)?;
        if answered.batch > 0 {
            times.took.push(answered.took);
        }
        Ok(())
    })
}

fn row(answered: &Answered, turn: &Turn) -> serde_json::Value {
    let (batch, day) = (answered.batch, answered.day.to_string());
    match turn {
        Turn::Control { controller, entity, gained } => {
            let control = if *gained { "gained" } else { "lost" };
            serde_json::json!({"batch": batch, "day": day, "controller": controller, "entity": entity, "control": control})
        }
        Turn::Blocked { entity, now } => {
            let blocked = match now {
                Blocked::No => "no",
                Blocked::Possibly => "possible",
                Blocked::Certainly => "certain",
            };
            serde_json::json!({"batch": batch, "day": day, "entity": entity, "blocked": blocked})
        }
    }
}

/// How long each batch took.
struct Times {
    took: Vec<Duration>,
    says: bool,
}

impl Drop for Times {
    /// The stream is over.
    fn drop(&mut self) {
        if !self.says || self.took.is_empty() {
            return;
        }
        self.took.sort_unstable();
        let at = |part: usize| self.took[(self.took.len() * part / 100).min(self.took.len() - 1)].as_secs_f64() * 1e3;
        terminal::tell(format!("{} batches; median {:.2} ms, 99 % within {:.2} ms", self.took.len(), at(50), at(99)));
    }
}
