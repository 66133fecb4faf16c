//! What another format has no place for, as one line of its free text.

use super::{DateBound, PartialDate};
use std::fmt::{self, Write};
use std::str::FromStr;

/// Words under which something is kept, with their values: `cuibono: kind=limitedPartner; start=≤ 2019-03; approx`.
///
/// People can read it, programs that do not know it lose nothing, and this program takes it back.
///
/// ```
/// use cuibono::model::Remark;
/// let mut remark = Remark::default();
/// remark.add("kind", "limitedPartner");
/// remark.add("note", "50 %; about");
/// assert_eq!(remark.to_string(), "cuibono: kind=limitedPartner; note=50 %25%3B about");
/// assert_eq!(Remark::parse(&remark.to_string()), Some(remark));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remark(Vec<(String, String)>);

const MARK: &str = "cuibono: ";

impl Remark {
    /// Adds a word with a value; an empty value is left away.
    pub fn add(&mut self, word: &str, value: impl Into<String>) {
        self.0.push((word.to_owned(), value.into()));
    }

    /// Adds a word where `condition` holds.
    pub fn flag(&mut self, word: &str, condition: bool) {
        if condition {
            self.add(word, "");
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a word stands there.
    pub fn has(&self, word: &str) -> bool {
        self.0.iter().any(|(own, _)| own == word)
    }

    /// The first value of a word.
    pub fn get(&self, word: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == word).map(|(_, value)| value.as_str())
    }

    /// All values of a word.
    pub fn all<'r>(&'r self, word: &'r str) -> impl Iterator<Item = &'r str> {
        self.0.iter().filter(move |(own, _)| own == word).map(|(_, value)| value.as_str())
    }

    /// Reads what [`Display`](fmt::Display) writes; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let pairs = text.strip_prefix(MARK)?.split("; ").map(|pair| {
            let (word, value) = pair.split_once('=').unwrap_or((pair, ""));
            (word.to_owned(), value.replace("%3B", ";").replace("%0A", "\n").replace("%25", "%"))
        });
        Some(Self(pairs.collect()))
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MARK)?;
        for (position, (word, value)) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            f.write_str(word)?;
            if !value.is_empty() {
                f.write_char('=')?;
                f.write_str(&value.replace('%', "%25").replace(';', "%3B").replace('\n', "%0A"))?;
            }
        }
        Ok(())
    }
}

impl FromStr for DateBound {
    type Err = super::date::DateError;

    /// Reads what is displayed: `2019-03`, `≤ 2019-03`, `≥ 2019-03`, `2019-02…2019-03`; `?` is a date of which nothing is
    /// known.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let between = |not_before: Option<PartialDate>, not_after: Option<PartialDate>| DateBound::Between {
            not_before,
            not_after,
        };
        let text = text.trim();
        if text == "?" {
            return Ok(between(None, None));
        }
        if let Some(date) = text.strip_prefix('≤') {
            return date.parse().map(|date| between(None, Some(date)));
        }
        if let Some(date) = text.strip_prefix('≥') {
            return date.parse().map(|date| between(Some(date), None));
        }
        match text.split_once('…') {
            Some((first, last)) => Ok(between(Some(first.parse()?), Some(last.parse()?))),
            None => text.parse().map(DateBound::On),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_reads_back() {
        for text in ["2019", "2019-03-14", "≤ 2019-03", "≥ 2019", "2019-02…2019-03"] {
            assert_eq!(text.parse::<DateBound>().map(|bound| bound.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("?".parse(), Ok(DateBound::Between { not_before: None, not_after: None }));
        assert!("≤".parse::<DateBound>().is_err() && "soon".parse::<DateBound>().is_err());
    }

    #[test]
    fn hostile_values_read_back_and_other_texts_are_none() {
        let mut remark = Remark::default();
        for value in ["", "a; b=c", "%3B", "100 %\n", "=", "…"] {
            remark.add("former", value);
        }
        remark.flag("listed", true);
        assert_eq!(Remark::parse(&remark.to_string()), Some(remark.clone()));
        assert_eq!((remark.all("former").count(), remark.has("listed"), remark.get("none")), (6, true, None));
        assert_eq!(Remark::parse("Seen in the register; start=2019"), None);
    }
}
