//! The part of an address after the question mark.

use super::failure::Failure;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest query that is read, in bytes.
const LONGEST: usize = 12 * 1024;

/// Names and values, in their order, and whether somebody still waits for the answer.
#[derive(Debug, Default)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    abandoned: Arc<AtomicBool>,
}

/// Whoever waits for an answer; dropped when the browser has gone away.
pub(super) struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Query {
    /// Reads a query; every name has to be known, so that a slip does not go unnoticed.
    pub(super) fn read(text: Option<&str>, known: &[&str]) -> Result<Self, Failure> {
        let text = text.unwrap_or_default();
        if text.len() > LONGEST {
            return Err(Failure::usage("the address is too long"));
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Failure::usage(format!("there is no parameter {name:?} here"))),
            None => Ok(Self { pairs, abandoned: Arc::default() }),
        }
    }

    /// What stands for whoever waits for the answer.
    pub(super) fn waiting(&self) -> Waiting {
        Waiting(Arc::clone(&self.abandoned))
    }

    /// Whether nobody waits for the answer any more.
    pub(super) fn abandoned(&self) -> &Arc<AtomicBool> {
        &self.abandoned
    }

    /// All values of a name.
    pub(super) fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name that may stand once.
    pub(super) fn one<'q>(&'q self, name: &'q str) -> Option<&'q str> {
        self.all(name).last().filter(|value| !value.is_empty())
    }

    /// The value of a name that has to be there.
    pub(super) fn needed<'q>(&'q self, name: &'q str) -> Result<&'q str, Failure> {
        self.one(name).ok_or_else(|| Failure::usage(format!("the parameter {name:?} is missing")))
    }

    /// A value as what it stands for.
    pub(super) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        let parse = |value: &str| {
            value.parse().map_err(|_| Failure::usage(format!("{value:?} cannot be the value of {name:?}")))
        };
        self.one(name).map(parse).transpose()
    }

    /// Whether a switch is on.
    pub(super) fn is_on(&self, name: &str) -> Result<bool, Failure> {
        match self.one(name) {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(other) => Err(Failure::usage(format!("{name:?} is 0 or 1, not {other:?}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_repeat_and_unknown_ones_are_refused() {
        let query = Query::read(Some("hide=a%20b&hide=c&up=2&q="), &["hide", "up", "q"]).expect("known names");
        assert_eq!(query.all("hide").collect::<Vec<_>>(), ["a b", "c"]);
        assert_eq!(query.parsed::<u32>("up").expect("a number"), Some(2));
        assert!(query.needed("q").is_err() && query.parsed::<u32>("hide").is_err());
        assert!(Query::read(Some("uup=2"), &["up"]).is_err());
        assert!(Query::read(Some(&"a".repeat(20_000)), &["a"]).is_err());
    }
}
