//! How a publisher ends its statements: mostly with the same bytes, which are read once and then only compared.

use super::schema::{Statement, text};
use super::sources::Stated;
use super::statement::date;
use crate::load::notes::Notes;
use crate::model::{PartialDate, Source};
use serde::Deserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::sync::Arc;

/// Who published a statement when, and where it was taken from.
#[derive(Debug, Default)]
pub(super) struct Provenance {
    /// The version that the statement claims to follow.
    pub claimed: Option<String>,
    pub published: Option<PartialDate>,
    pub retrieved: Option<PartialDate>,
    pub source: Option<Arc<Source>>,
    /// What is to be reported of it.
    pub notes: Notes,
}

impl Provenance {
    /// What a statement says; its source is `known` where that is the same.
    pub(super) fn of(statement: &Statement<'_>, known: Option<Arc<Source>>) -> Self {
        let mut notes = Notes::default();
        let publication = statement.publication_details.as_ref();
        let claimed = publication.and_then(|details| text(&details.bods_version)).map(str::to_owned);
        let published = publication.and_then(|details| date("publicationDate", &details.publication_date, &mut notes));
        let source = statement.source.as_ref();
        let retrieved = source.and_then(|source| date("retrievedAt", &source.retrieved_at, &mut notes));
        let stated = Stated::of(statement);
        let source = known.filter(|known| stated.is(known)).or_else(|| stated.source().map(Arc::new));
        Self { claimed, published, retrieved, source, notes }
    }
}

/// The end of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is the one that was given: the statement was read up to it.
    Known,
    /// From this byte on, nothing is said but the provenance.
    From(usize),
    /// Other members follow the provenance, or stand between its parts.
    Mixed,
}

/// Reads a statement. Where it ends with `known`, the provenance of an earlier one, it is read without that.
///
/// An earlier statement was read to its end from the very key with which `known` begins. Where the same bytes follow the
/// same key of the outermost object again, nothing else can come of reading them again.
pub(super) fn read<'t>(json: &'t str, known: &str) -> serde_json::Result<(Statement<'t>, Tail)> {
    let (mut statement, mut tail) = (Statement::default(), Tail::Mixed);
    let cut = json.len().checked_sub(known.len()).filter(|_| !known.is_empty() && json.ends_with(known));
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let members = Members { json, cut, statement: &mut statement, tail: &mut tail };
    let read = deserializer.deserialize_map(members).and_then(|()| deserializer.end());
    match read {
        Ok(()) => Ok((statement, tail)),
        Err(_) if tail == Tail::Known => Ok((statement, tail)),
        // Whatever is wrong is told in the same words as everywhere.
        Err(_) => serde_json::from_str(json).map(|statement| (statement, Tail::Mixed)),
    }
}

/// Reads the members of the outermost object.
struct Members<'r, 't> {
    json: &'t str,
    /// Where the known end would begin.
    cut: Option<usize>,
    statement: &'r mut Statement<'t>,
    tail: &'r mut Tail,
}

impl<'t> Visitor<'t> for Members<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let statement = self.statement;
        let mut seen = 0u16;
        while let Some(key) = map.next_key::<&'t str>()? {
            let member = match key {
                "statementId" | "statementID" => 1,
                "statementType" => 1 << 1,
                "statementDate" => 1 << 2,
                "recordId" => 1 << 3,
                "recordType" => 1 << 4,
                "recordStatus" => 1 << 5,
                "recordDetails" => 1 << 6,
                "replacesStatements" | "replaceStatements" => 1 << 7,
                "annotations" => 1 << 8,
                SOURCE_KEY => SOURCE,
                PUBLICATION_KEY => PUBLICATION,
                _ => 0,
            };
            if seen & member != 0 {
                return Err(A::Error::custom("a member stands twice"));
            }
            if member == PUBLICATION && seen & SOURCE == 0 {
                // The key is borrowed from the text: it tells its place, after the quote.
                let start = key.as_ptr().addr() - self.json.as_ptr().addr() - 1;
                if self.cut == Some(start) {
                    *self.tail = Tail::Known;
                    // The only way out of the object before its end.
                    return Err(A::Error::custom(""));
                }
                *self.tail = Tail::From(start);
            } else if member != SOURCE {
                *self.tail = Tail::Mixed;
            }
            seen |= member;
            match member {
                1 => statement.statement_id = map.next_value()?,
                2 => statement.statement_type = map.next_value()?,
                4 => statement.statement_date = map.next_value()?,
                8 => statement.record_id = map.next_value()?,
                16 => statement.record_type = map.next_value()?,
                32 => statement.record_status = map.next_value()?,
                64 => statement.record_details = map.next_value()?,
                128 => statement.replaces_statements = map.next_value()?,
                256 => statement.annotations = map.next_value()?,
                SOURCE => statement.source = map.next_value()?,
                PUBLICATION => statement.publication_details = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

const SOURCE_KEY: &str = "source";
const SOURCE: u16 = 1 << 9;
const PUBLICATION_KEY: &str = "publicationDetails";
const PUBLICATION: u16 = 1 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = r#""publicationDetails":{"bodsVersion":"0.4"},"source":{"url":"u"}}"#;

    fn tail_of(json: &str, known: &str) -> Tail {
        read(json, known).expect(json).1
    }

    #[test]
    fn an_end_is_known_only_at_the_outermost_level_and_with_nothing_before_that_it_says() {
        let first = format!(r#"{{"recordId":"1",{TAIL}"#);
        assert_eq!(tail_of(&first, ""), Tail::From(first.len() - TAIL.len()));
        assert_eq!(tail_of(&first, TAIL), Tail::Known);
        assert_eq!(tail_of(&first.replace("0.4", "0.3"), TAIL), Tail::From(first.len() - TAIL.len()));
        let earlier = r#"{"source":{},"recordId":"1","publicationDetails":{}}"#.to_owned();
        assert_eq!(tail_of(&earlier, TAIL), Tail::Mixed);
        assert_eq!(tail_of(&format!(r#"{{{}"#, TAIL.replace("}}", r#"},"recordId":"1"}"#)), TAIL), Tail::Mixed);
        let within = format!(r#"{{"recordDetails":{{{TAIL}}}"#);
        assert_eq!(tail_of(&within, TAIL), Tail::Mixed);
        for broken in [
            format!(r#"{{"recordDetails":{{{TAIL}"#),
            format!(r#"{{"source":{{}},{TAIL}"#),
            format!(r#"{{"recordId":"1" {TAIL}"#),
            format!(r#"{{"recordId":"\"{TAIL}"#),
        ] {
            let error = read(&broken, TAIL).expect_err(&broken).to_string();
            assert_eq!(error, serde_json::from_str::<Statement<'_>>(&broken).expect_err(&broken).to_string());
        }
    }

    #[test]
    fn what_is_read_is_what_the_standard_says() {
        let json = r#"{"statementID":1,"x":[{"recordId":2}],"recordType":"entity","annotations":null,"recordDetails":{"name":"A\u00e9"}}"#;
        let (statement, _) = read(json, TAIL).expect(json);
        assert_eq!(format!("{statement:?}"), format!("{:?}", serde_json::from_str::<Statement<'_>>(json).expect(json)));
    }
}
