//! Events of the stream: a later event of a record ends what an earlier one said.

use super::row::{Data, Event, text};
use super::{Origin, Outcome, Register};
use crate::error::Result;
use crate::graph::GraphBuilder;
use crate::graph::columns::InterestParts;
use crate::model::{DateBound, PartialDate};
use std::collections::HashMap;

/// What the last event of each record said. Only the stream has events: nothing is kept of a snapshot.
#[derive(Default)]
pub(super) struct Versions {
    latest: HashMap<String, Version>,
    /// The interests of the event that is being read.
    current: Option<Vec<(u32, InterestParts)>>,
}

struct Version {
    timepoint: Option<u64>,
    interests: Vec<(u32, InterestParts)>,
}

impl Versions {
    /// Notes an interest of the event that is being read.
    pub(super) fn note(&mut self, number: u32, parts: InterestParts) {
        if let Some(current) = &mut self.current {
            current.push((number, parts));
        }
    }

    /// Whether an event is being read.
    pub(super) fn is_reading(&self) -> bool {
        self.current.is_some()
    }

    fn is_replay(&self, path: &str, timepoint: Option<u64>) -> bool {
        let known = self.latest.get(path).and_then(|version| version.timepoint);
        known.zip(timepoint).is_some_and(|(known, new)| new <= known)
    }

    /// Ends what the earlier event said, unless that says itself that it ended before.
    fn end(&mut self, path: &str, until: Option<PartialDate>, builder: &mut GraphBuilder) {
        let Some(version) = self.latest.remove(path) else { return };
        for (number, mut parts) in version.interests {
            let earlier = match (parts.end, until) {
                (DateBound::On(end), Some(until)) => end <= until,
                (DateBound::On(_), None) => true,
                _ => false,
            };
            if !earlier {
                parts.end = until.map_or(DateBound::Between { not_before: None, not_after: None }, DateBound::On);
                builder.replace_interest(number, &parts);
            }
        }
    }
}

impl Register<'_, '_> {
    pub(super) fn event(&mut self, event: &Event<'_>, data: &Data<'_>, origin: &Origin<'_>) -> Result<Outcome> {
        let Some(path) = origin.path else {
            let reason = "the event does not say of which record it is: resource_uri is missing";
            return Ok(Outcome::Refused(reason.to_owned()));
        };
        if self.versions.is_replay(path, event.timepoint) {
            return Ok(Outcome::Taken);
        }
        let ceased = text(&data.ceased_on).and_then(|date| date.parse().ok());
        self.versions.end(path, ceased.or(origin.published), self.intake.builder);
        if text(&event.kind) == Some("deleted") {
            return Ok(Outcome::Taken);
        }
        self.versions.current = Some(Vec::new());
        let outcome = self.data(data, origin);
        let interests = self.versions.current.take().unwrap_or_default();
        self.versions.latest.insert(path.to_owned(), Version { timepoint: event.timepoint, interests });
        outcome
    }
}
