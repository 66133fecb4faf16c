//! Changes of interests as JSON Lines: what was added, ended or changed, and when.

use crate::error::{Error, Location, Result};
use crate::model::{InterestKind, PartialDate, ShareRange};
use serde::Deserialize;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Change::read(text, Location::of("changes.jsonl").at_line(3)).expect_err("an error").to_string()
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
