//! Changes of interests as JSON Lines: what was added, ended or changed, and when.

use crate::error::{Error, Location, Result};
use crate::model::{InterestKind, PartialDate, ShareRange};
use serde::Deserialize;
use std::io::{BufRead, Read};

/// What happened to an interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It began on the date.
    Added,
    /// It ended: the date is the first day without it.
    Ended,
    /// It ended and began anew with another share.
    Changed,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// When.
    pub date: PartialDate,
    /// The id of the owner.
    pub owner: String,
    /// The id of the owned entity.
    pub owned: String,
    /// What right it is.
    pub kind: InterestKind,
    /// How much is held since.
    pub share: ShareRange,
    /// Where it stands.
    pub location: Location,
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    change: What,
    date: PartialDate,
    owner: String,
    owned: String,
    kind: Option<InterestKind>,
    share: Option<serde_json::Value>,
}

impl Change {
    /// Reads a line.
    ///
    /// ```
    /// # #[cfg(feature = "distributed")] {
    /// use cuibono::distributed::changes::{Change, What};
    /// let line = r#"{"change": "added", "date": "2024-05-01", "owner": "Ann", "owned": "Acme", "share": "25-50"}"#;
    /// let change = Change::read(line, cuibono::error::Location::default())?;
    /// assert_eq!((change.what, change.share.max().percent()), (What::Added, 50.0));
    /// # }
    /// # Ok::<(), cuibono::error::Error>(())
    /// ```
    pub fn read(text: &str, location: Location) -> Result<Self> {
        let line: Line = serde_json::from_str(text)
            .map_err(|error| Error::data(location.clone(), format!("is no change: {error}")))?;
        for id in [&line.owner, &line.owned] {
            if id.trim().is_empty() {
                return Err(Error::data(location, "names nobody: owner and owned are ids"));
            }
        }
        let share = match (line.change, line.share) {
            (What::Ended, None) => ShareRange::UNKNOWN,
            (What::Ended, Some(_)) => return Err(Error::data(location, "gives a share of what has ended")),
            (What::Changed, None) => return Err(Error::data(location, "gives no share: what did it change to?")),
            (_, given) => {
                let text = match given {
                    None => String::new(),
                    Some(serde_json::Value::String(text)) => text,
                    Some(other) => other.to_string(),
                };
                ShareRange::parse(&text)
                    .map_err(|error| Error::data(location.clone(), format!("share {text:?} {error}")))?
            }
        };
        let kind = line.kind.unwrap_or(InterestKind::Shareholding);
        if matches!(kind, InterestKind::Nominee | InterestKind::Nominator) && line.change == What::Changed {
            return Err(Error::data(location, "a nominee is added or ended, not changed"));
        }
        Ok(Self { what: line.change, date: line.date, owner: line.owner, owned: line.owned, kind, share, location })
    }
}

/// Reads changes line by line, in batches that an empty line ends.
#[allow(missing_debug_implementations)]
pub struct ChangeReader<R> {
    location: Location,
    input: R,
    longest: usize,
    line: Vec<u8>,
}

impl<R: BufRead> ChangeReader<R> {
    /// A reader of lines of at most `longest` bytes; `name` says in errors where they come from.
    pub fn new(name: &str, input: R, longest: usize) -> Self {
        Self { location: Location::of(name).at_line(0), input, longest, line: Vec::new() }
    }

    /// The changes up to the next empty line, at most so many; none at the end.
    ///
    /// # Errors
    /// What cannot be read, a line that is too long, and one that is no change.
    pub fn batch(&mut self, most: usize) -> Result<Vec<Change>> {
        let mut batch = Vec::new();
        while batch.len() < most && self.next_line()? {
            match self.text()? {
                "" if batch.is_empty() => {}
                "" => break,
                text => batch.push(Change::read(text, self.location.clone())?),
            }
        }
        Ok(batch)
    }

    /// Whether there is a further line.
    fn next_line(&mut self) -> Result<bool> {
        self.line.clear();
        let read = self.input.by_ref().take((self.longest as u64).saturating_add(1)).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| Error::io("cannot read", self.location.source.as_str(), error))?;
        self.location.line = self.location.line.map(|line| line + 1);
        match self.line.strip_suffix(b"\n").unwrap_or(&self.line).len() > self.longest {
            true => {
                let message =
                    format!("the line is longer than --max-record {}: raise it if you trust it", self.longest);
                Err(Error::data(self.location.clone(), message))
            }
            false => Ok(read > 0),
        }
    }

    fn text(&self) -> Result<&str> {
        match str::from_utf8(&self.line) {
            Ok(text) => Ok(text.trim()),
            Err(_) => Err(Error::data(self.location.clone(), "is not UTF-8 text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Change::read(text, Location::of("changes.jsonl").at_line(3)).expect_err("an error").to_string()
    }

    #[test]
    fn batches_end_at_empty_lines_and_lines_have_a_longest() {
        let line = r#"{"change":"ended","date":"2024","owner":"Ann","owned":"Acme"}"#;
        let text = format!("\n{line}\n{line}\r\n\n\n{line}\n{line}\n{line}");
        let mut reader = ChangeReader::new("changes.jsonl", text.as_bytes(), line.len() + 1);
        let mut sizes = Vec::new();
        loop {
            let batch = reader.batch(2).expect("changes");
            sizes.push(batch.len());
            match batch.last() {
                Some(change) if sizes.len() == 1 => assert_eq!(change.location.line, Some(3)),
                Some(_) => {}
                None => break,
            }
        }
        assert_eq!(sizes, [2, 2, 1, 0]);
        let mut unlimited = ChangeReader::new("changes.jsonl", text.as_bytes(), usize::MAX);
        assert_eq!(unlimited.batch(usize::MAX).expect("changes").len(), 2);
        let refused = |text: &str| {
            let mut reader = ChangeReader::new("changes.jsonl", text.as_bytes(), line.len() - 1);
            reader.batch(2).expect_err("an error").to_string()
        };
        let long = "changes.jsonl:2: the line is longer than --max-record ";
        assert!(refused(&format!("\n{line}\n")).starts_with(long));
        assert!(refused(&format!("\n{}", " ".repeat(line.len()))).starts_with(long));
        let bytes: &[u8] = b"\n\n\xff\n";
        let error = ChangeReader::new("changes.jsonl", bytes, 9).batch(1).expect_err("an error");
        assert_eq!(error.to_string(), "changes.jsonl:3: is not UTF-8 text");
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_with_its_place() {
        let line = |more: &str| format!("{{\"date\":\"2024-05-01\",\"owner\":\"Ann\",\"owned\":\"Acme\",{more}}}");
        assert!(refused("{").starts_with("changes.jsonl:3: is no change: "));
        assert_eq!(refused(&line("\"change\":\"changed\"")), "changes.jsonl:3: gives no share: what did it change to?");
        assert_eq!(
            refused(&line("\"change\":\"ended\",\"share\":5")),
            "changes.jsonl:3: gives a share of what has ended"
        );
        assert!(refused(&line("\"change\":\"added\",\"share\":101")).starts_with("changes.jsonl:3: share \"101\" "));
        assert!(refused(&line("\"change\":\"added\",\"more\":1")).contains("unknown field `more`"));
    }
}
