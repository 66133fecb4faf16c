//! What an answer cannot know: records that could not be read, and days of which the data say nothing.
//!
//! An answer from data that were partly rejected, or for a day outside of the data, looks like one that found nothing.
//! So every answer of the command line and of the page carries these sentences.

use crate::graph::{EdgeId, NodeId, OwnershipGraph, View};
use crate::model::date::Presence;
use crate::model::{AsOf, Day, PartialDate};
use std::fmt;

/// Which interests of a party a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Those in it.
    Owners,
    /// Those that it has.
    Holdings,
}

/// One thing that an answer cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caveat<'g> {
    /// Records of an input could not be read.
    RejectedRecords {
        /// The input.
        input: &'g str,
        /// How many could not be read.
        rejected: u64,
        /// How many it has.
        all: u64,
    },
    /// Only the beginning of an input was read.
    BrokenOff {
        /// The input.
        input: &'g str,
        /// Where and why.
        message: &'g str,
    },
    /// Nobody holds anything in the data.
    NoInterests,
    /// No interest exists on the day.
    OutsideTheData {
        /// The day.
        as_of: AsOf,
        /// When the data say that something began or ended.
        dates: Dates,
    },
    /// Interests of the party are known, and none of them exists on the day.
    NoInterestOnTheDay {
        /// The party.
        party: &'g str,
        /// Which of its interests.
        about: About,
        /// How many are known.
        count: usize,
        /// The day.
        as_of: AsOf,
        /// When they began or ended.
        dates: Dates,
    },
    /// The day has not come.
    Future(Day),
}

impl Caveat<'_> {
    /// The same for a published picture, behind "not shown": what is absent, and no folder of anybody's machine.
    #[must_use]
    pub fn omission(&self) -> String {
        match self {
            Caveat::RejectedRecords { input, rejected, all } => {
                format!("{rejected} of {all} records of {}, which could not be read", file_name(input))
            }
            Caveat::BrokenOff { input, .. } => {
                format!("what stands behind the place where {} breaks off", file_name(input))
            }
            Caveat::NoInterests => "anything: the data hold no interest".to_owned(),
            Caveat::OutsideTheData { dates, .. } => format!("interests of other days; {dates}"),
            Caveat::NoInterestOnTheDay { about, dates, .. } => {
                let which = if *about == About::Owners { "owners" } else { "holdings" };
                format!("{which} of other days; {dates}")
            }
            Caveat::Future(_) => "what will have changed by a day that has not come".to_owned(),
        }
    }
}

impl fmt::Display for Caveat<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caveat::RejectedRecords { input, rejected, all } => {
                write!(f, "rejected-records: {rejected} of {all} records of {input} could not be read")
            }
            Caveat::BrokenOff { message, .. } => write!(f, "broken-off: {message}"),
            Caveat::NoInterests => f.write_str("no-interests: the data hold no interest of anybody in anything"),
            Caveat::OutsideTheData { as_of, dates } => {
                write!(f, "outside-the-data: no interest counts on {as_of}; {dates}")
            }
            Caveat::NoInterestOnTheDay { party, about, count, as_of, dates } => {
                let of = if *about == About::Owners { "in" } else { "of" };
                write!(f, "no-interest-on-the-day: none of {count} interests {of} {party} counts on {as_of}; {dates}")
            }
            Caveat::Future(day) => {
                write!(f, "future: {day} has not come; what is not known to end by then is taken to last")
            }
        }
    }
}

impl<'g> View<'g> {
    /// What every answer from this view has to say of the data: inputs of which not everything could be read, no interests
    /// at all, none on the day, or a day that has not come. Looks at interests only until one exists on the day.
    ///
    /// ```
    /// use cuibono::load::Loader;
    /// let mut loader = Loader::new();
    /// loader.read_text("edges.csv", "owner,owned,share,start\nAnn,Acme,60,2015-03-01\n")?;
    /// let graph = loader.finish()?;
    /// assert!(graph.view("2020-01-01".parse()?).caveats().is_empty());
    /// let before = graph.view("2010-01-01".parse()?).caveats();
    /// assert_eq!(before[0].to_string(), "outside-the-data: no interest counts on 2010-01-01; the dates in the data are 2015-03-01");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn caveats(self) -> Vec<Caveat<'g>> {
        let graph = self.graph();
        let rejected = graph.inputs().iter().filter(|input| input.rejected > 0).map(|input| Caveat::RejectedRecords {
            input: &input.name,
            rejected: input.rejected,
            all: input.records + input.rejected,
        });
        let broken = graph.inputs().iter().filter_map(|input| {
            let message = input.broken.as_deref()?;
            Some(Caveat::BrokenOff { input: &input.name, message })
        });
        let mut found: Vec<Caveat<'g>> = broken.chain(rejected).collect();
        if graph.edge_count() == 0 {
            found.push(Caveat::NoInterests);
        } else if !graph.edges().any(|edge| self.holds(edge)) {
            found.push(Caveat::OutsideTheData { as_of: self.as_of(), dates: Dates::of(graph, graph.edges()) });
        }
        if let AsOf::Day(day) = self.as_of()
            && day > Day::today()
        {
            found.push(Caveat::Future(day));
        }
        found
    }

    /// Says that data know interests in a party, or of it, and none of them on the day: that nothing is found means then
    /// that the day lies outside of what is known, not that nobody holds it.
    #[must_use]
    pub fn caveat_on(self, party: NodeId, about: About) -> Option<Caveat<'g>> {
        let graph = self.graph();
        let edges = || -> Box<dyn Iterator<Item = EdgeId> + 'g> {
            match about {
                About::Owners => Box::new(graph.held_in(party)),
                About::Holdings => Box::new(graph.held_by(party)),
            }
        };
        if edges().any(|edge| self.holds(edge)) || edges().next().is_none() {
            return None;
        }
        let (party, count, dates) = (graph.entity(party).id(), edges().count(), Dates::of(graph, edges()));
        Some(Caveat::NoInterestOnTheDay { party, about, count, as_of: self.as_of(), dates })
    }

    fn holds(self, edge: EdgeId) -> bool {
        self.presence(edge) != Presence::Out
    }
}

/// A file without its folders.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The first and the last date at which interests begin or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates(Option<(PartialDate, PartialDate)>);

impl Dates {
    fn of(graph: &OwnershipGraph, edges: impl Iterator<Item = EdgeId>) -> Self {
        let bounds = edges.flat_map(|edge| <[_; 2]>::from(graph.dates(edge)));
        let dates = bounds.filter_map(|bound| bound.representative());
        Self(dates.fold(None, |span, date| match span {
            None => Some((date, date)),
            Some((first, last)) => {
                let first = if date.first_day() < first.first_day() { date } else { first };
                Some((first, if date.last_day() > last.last_day() { date } else { last }))
            }
        }))
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("all are of less confidence than asked for"),
            Some((first, last)) if first == last => write!(f, "the dates in the data are {first}"),
            Some((first, last)) => write!(f, "the dates in the data are {first} to {last}"),
        }
    }
}
