//! What a reader hands records to: the builder, with the place of each record and a count of those that cannot be read.

use super::keys::DuplicateKeys;
use super::progress::Progress;
use super::source::Limits;
use crate::error::{Error, Location, Result};
use crate::graph::GraphBuilder;
use crate::problem::Rule;
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;

/// Where records go that cannot be read: counted, and written out where somebody wants them.
#[derive(Default)]
pub(super) struct Rejects {
    sink: Option<Box<dyn Write + Send>>,
}

impl std::fmt::Debug for Rejects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejects").field("written", &self.sink.is_some()).finish()
    }
}

/// A record that could not be read, as `--rejects` writes it: one JSON object a line.
#[derive(Serialize)]
struct Reject<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
    reason: &'a str,
    text: &'a str,
}

impl Rejects {
    pub(super) fn to(sink: Box<dyn Write + Send>) -> Self {
        Self { sink: Some(sink) }
    }

    fn write(&mut self, location: &Location, reason: &str, text: &str) -> Result<()> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        let (file, record) = (location.source.as_str(), location.record.as_deref());
        let reject = Reject { file, line: location.line, record, reason, text };
        let written = serde_json::to_vec(&reject).map_err(std::io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            sink.write_all(&line)
        });
        written.map_err(|error| Error::io("cannot write", "the rejects", error))
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        let flushed = self.sink.as_mut().map_or(Ok(()), |sink| sink.flush());
        flushed.map_err(|error| Error::io("cannot write", "the rejects", error))
    }
}

/// Records of which the progress is told together: what counts them is shared by all threads that read.
const TOLD_AT_ONCE: u64 = 256;

/// What is allowed in an input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'l> {
    pub limits: &'l Limits,
    pub keys: DuplicateKeys,
}

/// Records of which the progress was not told yet. However an input ends, it is told of all.
struct Untold<'l> {
    progress: &'l Progress,
    records: u64,
}

impl Untold<'_> {
    fn add(&mut self, records: u64) {
        self.records += records;
        if self.records >= TOLD_AT_ONCE {
            self.tell();
        }
    }

    fn tell(&mut self) {
        self.progress.accept(std::mem::take(&mut self.records));
    }
}

impl Drop for Untold<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}

/// One input on its way into the graph.
pub(super) struct Intake<'l> {
    pub builder: &'l mut GraphBuilder,
    /// The number of the input.
    pub input: u16,
    /// The name of the input in messages.
    pub name: &'l str,
    pub limits: &'l Limits,
    pub keys: DuplicateKeys,
    progress: &'l Progress,
    rejects: &'l mut Rejects,
    accepted: u64,
    untold: Untold<'l>,
    rejected: u64,
    first: Option<(Location, String)>,
}

impl<'l> Intake<'l> {
    pub(super) fn new(
        builder: &'l mut GraphBuilder,
        input: u16,
        name: &'l str,
        (rules, progress): (Rules<'l>, &'l Progress),
        rejects: &'l mut Rejects,
    ) -> Self {
        let Rules { limits, keys } = rules;
        Self {
            builder,
            input,
            name,
            limits,
            keys,
            progress,
            rejects,
            accepted: 0,
            untold: Untold { progress, records: 0 },
            rejected: 0,
            first: None,
        }
    }

    /// The place of a line (from 1).
    pub(super) fn at(&self, line: u64) -> Location {
        Location::of(self.name).at_line(line)
    }

    /// Counts a record that was read.
    pub(super) fn accept(&mut self) {
        self.accept_all(1);
    }

    /// Counts records that were read.
    pub(super) fn accept_all(&mut self, records: usize) {
        self.accepted += records as u64;
        self.untold.add(records as u64);
    }

    /// Notes a record that cannot be read, with its text as far as it is known. The rest of the input goes on.
    pub(super) fn reject(&mut self, location: Location, reason: impl Display, text: &str) -> Result<()> {
        let reason = reason.to_string();
        self.rejects.write(&location, &reason, text)?;
        self.rejected += 1;
        self.progress.reject();
        if self.first.is_none() {
            self.first = Some((location.clone(), reason.clone()));
        }
        self.builder.problem(Rule::RejectedRecord, location, reason);
        Ok(())
    }

    /// Notes something that is wrong in a record which can be used all the same.
    pub(super) fn problem(&mut self, rule: Rule, location: Location, message: impl Into<String>) {
        self.builder.problem(rule, location, message.into());
    }

    /// Ends an input that ended before it was complete: as an error, or as far as it was read, where that is wanted.
    pub(super) fn break_off(self, error: Error, keep_going: bool) -> Result<()> {
        let whole = match self.accepted {
            0 => return Err(error),
            1 => "the one record before that was read".to_owned(),
            several => format!("the {several} records before that were read"),
        };
        if !keep_going {
            return Err(error.and(&format!("{whole}; give --keep-going for an answer from them alone")));
        }
        let error = error.and(&format!("{whole}, what follows was not"));
        let location = error.location().cloned().unwrap_or_else(|| Location::of(self.name));
        self.builder.counted(self.input, self.accepted, self.rejected);
        self.builder.broke_off(self.input, error.to_string());
        self.builder.problem(Rule::BrokenOff, location, error.to_string());
        Ok(())
    }

    /// Ends the input: a file of which nothing could be read is a wrong file.
    pub(super) fn finish(self) -> Result<()> {
        self.builder.counted(self.input, self.accepted, self.rejected);
        match self.first {
            Some((location, reason)) if self.accepted == 0 => {
                let message = format!("{reason}; none of the {} records of this input could be read", self.rejected);
                Err(Error::data(location, message))
            }
            _ => Ok(()),
        }
    }
}
