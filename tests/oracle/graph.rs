//! Graphs, and what of them is there on a day.

use super::*;

/// One interest. S: "a directed edge owner → owned. It has a kind, a share range [min, max] in percent (exact when both
/// are equal; ends may be open …; unknown is [0, 100] …)".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    pub owner: usize,
    pub owned: usize,
    pub min: i64,
    pub max: i64,
    pub min_open: bool,
    pub max_open: bool,
    pub kind: &'static str,
    pub indirect: bool,
    pub contested: bool,
    /// appointmentOfBoard: a majority; manager: named as controlling by a source.
    pub decisive: bool,
    pub start: Option<String>,
    pub end: Option<String>,
}

impl Interest {
    pub fn range(owner: usize, owned: usize, min: i64, max: i64) -> Self {
        Interest {
            owner,
            owned,
            min,
            max,
            min_open: false,
            max_open: false,
            kind: "shareholding",
            indirect: false,
            contested: false,
            decisive: false,
            start: None,
            end: None,
        }
    }
    pub fn exact(owner: usize, owned: usize, share: i64) -> Self {
        Self::range(owner, owned, share, share)
    }
    pub fn of_kind(owner: usize, owned: usize, kind: &'static str) -> Self {
        Interest { kind, ..Self::range(owner, owned, 0, ONE) }
    }
    pub fn is_point(&self) -> bool {
        self.min == self.max
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    pub names: Vec<String>,
    /// `company` unless said otherwise; no rule of this reference looks at it.
    pub kinds: Vec<&'static str>,
    /// S: "An entity whose register is complete ("owners_complete": true …) has no remainder."
    pub complete: Vec<bool>,
    pub interests: Vec<Interest>,
}

impl Graph {
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        let mut g = Graph { names: Vec::new(), kinds: Vec::new(), complete: Vec::new(), interests: Vec::new() };
        for name in names {
            g.add(name);
        }
        g
    }
    pub fn add(&mut self, name: String) -> usize {
        self.names.push(name);
        self.kinds.push("company");
        self.complete.push(false);
        self.names.len() - 1
    }
    pub fn len(&self) -> usize {
        self.names.len()
    }
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
    pub fn index(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no entity {name}"))
    }
    pub fn has_indirect(&self) -> bool {
        self.interests.iter().any(|i| i.indirect)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Capital,
    Votes,
}

/// Where open ends lie. S: "an open bound lies one unit inside, so that (50, 75] is certainly more than half and
/// [50, 75] is not … What is printed is the stated bound … never the unit."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// as printed: the closure of the range
    Stated,
    /// this many units inside
    Inside(i64),
}

impl Ends {
    pub fn low(self, i: &Interest) -> i64 {
        match self {
            Ends::Inside(e) if i.min_open => i.min + e,
            _ => i.min,
        }
    }
    pub fn high(self, i: &Interest) -> i64 {
        match self {
            Ends::Inside(e) if i.max_open => i.max - e,
            _ => i.max,
        }
    }
}

/// S: "An interest is in the view of a day when start ≤ day < end: a full end date is the first day out … A partial date
/// covers its period: 2019 starts on 2019-01-01 and, as an end, is out from 2020-01-01. A missing start reaches back, a
/// missing end reaches on".
pub fn in_view(start: Option<&str>, end: Option<&str>, day: &str) -> bool {
    let first = |d: &str| match d.len() {
        4 => format!("{d}-01-01"),
        7 => format!("{d}-01"),
        _ => d.to_string(),
    };
    let out = |d: &str| {
        let year: i32 = d[..4].parse().unwrap();
        match d.len() {
            4 => format!("{:04}-01-01", year + 1),
            7 => {
                let month: i32 = d[5..7].parse().unwrap();
                if month == 12 { format!("{:04}-01-01", year + 1) } else { format!("{year:04}-{:02}-01", month + 1) }
            }
            _ => d.to_string(),
        }
    };
    start.is_none_or(|s| first(s).as_str() <= day) && end.is_none_or(|e| day < out(e).as_str())
}

/// S: "A source often shows only that an interest existed on a day: start {not_after: D, not_before: E}, end {not_before: D,
/// not_after: E} (either part may be missing). Between the bounds and, where the outer bound is missing, beyond the inner
/// one, the interest is *possible* … Outside the outer bounds it is out."
///
/// Such a date is written `outer~inner` here, each a full day, the outer one possibly empty. On the inner day itself the
/// interest is certain. Ask no question about the outer end day itself: the text leaves it open.
pub fn presence(start: Option<&str>, end: Option<&str>, day: &str) -> Certainty {
    let from = match start.and_then(|s| s.split_once('~')) {
        None => {
            if in_view(start, None, day) {
                Certainty::Certain
            } else {
                Certainty::None
            }
        }
        Some((_, inner)) if day >= inner => Certainty::Certain,
        Some((outer, _)) if day < outer => Certainty::None,
        Some(_) => Certainty::Possible,
    };
    let to = match end.and_then(|s| s.split_once('~')) {
        None => {
            if in_view(None, end, day) {
                Certainty::Certain
            } else {
                Certainty::None
            }
        }
        Some((_, inner)) if day <= inner => Certainty::Certain,
        Some((outer, _)) if !outer.is_empty() && day >= outer => Certainty::None,
        Some(_) => Certainty::Possible,
    };
    from.min(to)
}

/// The view of a day, with the dates taken off. S: "its low is 0 and its control at most possible".
pub fn view(g: &Graph, day: &str) -> Graph {
    let mut v = g.clone();
    v.interests.retain_mut(|i| {
        let there = presence(i.start.take().as_deref(), i.end.take().as_deref(), day);
        if there == Certainty::Possible {
            (i.min, i.min_open, i.contested) = (0, false, true);
        }
        there != Certainty::None
    });
    v
}
