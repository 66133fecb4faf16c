//! The formats that can be read, and how each is recognised.

use super::{bods, ftm, gleif, icij, psc, tables};
use crate::error::{Error, Result};
use std::str::FromStr;

/// The formats that can be read.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The project's own JSON, as `data/nso-group.json` is written, and the JSON Lines that `convert` writes.
    Native,
    /// The CSV tables that `convert` writes: entities, interests, sources, jurisdictions.
    Tables,
    /// Beneficial Ownership Data Standard 0.1 to 0.4: JSON or JSON Lines.
    Bods,
    /// The UK register of persons with significant control: snapshot, stream, API answers, basic company data.
    Psc,
    /// GLEIF: LEI records, relationships and reporting exceptions as CSV, XML or API answers.
    Gleif,
    /// FollowTheMoney entities as JSON Lines.
    Ftm,
    /// ICIJ Offshore Leaks CSV.
    Icij,
    /// Plain edges CSV: one interest a row.
    Edges,
}

impl Format {
    /// Every format, in the order in which they are tried.
    pub const ALL: [Format; 8] = [
        Format::Native,
        Format::Tables,
        Format::Bods,
        Format::Psc,
        Format::Gleif,
        Format::Ftm,
        Format::Icij,
        Format::Edges,
    ];

    /// The name used by `--input-format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Native => "native",
            Format::Tables => "tables",
            Format::Bods => "bods",
            Format::Psc => "psc",
            Format::Gleif => "gleif",
            Format::Ftm => "ftm",
            Format::Icij => "icij",
            Format::Edges => "edges",
        }
    }

    /// The family within which ids mean the same, by number and by the prefix that tells its ids from another family's.
    pub(super) fn namespace(self) -> (u8, &'static str) {
        let number = match self {
            Format::Native | Format::Tables | Format::Edges => crate::graph::merge::HAND_WRITTEN,
            Format::Bods => 1,
            Format::Psc => 2,
            Format::Gleif => 3,
            Format::Ftm => 4,
            Format::Icij => 5,
        };
        (number, self.name())
    }

    /// The name of a family of formats.
    pub(super) fn family(number: u8) -> &'static str {
        let families = Format::ALL.map(Format::namespace);
        families.into_iter().find(|(known, _)| *known == number).map_or("other", |(_, name)| name)
    }

    /// The format that the first bytes of an input look like.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let head = match std::str::from_utf8(head) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        };
        let head = head.trim_start();
        let recognises: [(Format, Recognises); 7] = [
            (Format::Native, tables::jsonl::recognises),
            (Format::Tables, tables::csv::recognises),
            (Format::Bods, bods::recognises),
            (Format::Psc, psc::recognises),
            (Format::Gleif, gleif::recognises),
            (Format::Ftm, ftm::recognises),
            (Format::Icij, icij::recognises),
        ];
        let first = head.bytes().next();
        if first == Some(b'{') && has_key(head, "cuibono") {
            return Some(Format::Native);
        }
        let found = recognises.into_iter().find(|(_, recognises)| recognises(head)).map(|(format, _)| format);
        found.or(match first {
            None => None,
            Some(b'{' | b'[') => Some(Format::Native),
            Some(_) => Some(Format::Edges),
        })
    }
}

/// Whether the first object of a text has a key of its own with this name, as far as the text goes.
pub(super) fn has_key(text: &str, wanted: &str) -> bool {
    let (mut depth, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return false,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let found = bytes.get(start..at) == Some(wanted.as_bytes());
                let is_key = || text.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                if depth == 1 && found && is_key() {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// Whether the first bytes of an input look like a format.
type Recognises = fn(&str) -> bool;

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|format| format.name()).collect();
            Error::usage(format!("unknown input format {text:?}: give one of {}", names.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_of_the_first_object_counts() {
        assert!(has_key(r#"{"$schema": "x", "cuibono" : 1"#, "cuibono"));
        assert!(!has_key(r#"{"id": "cuibono", "x": {"cuibono": 1}}"#, "cuibono"));
        assert!(!has_key(r#"{"a": "\"cuibono\":"} {"cuibono": 1}"#, "cuibono"));
        assert!(!has_key(r#"{"a": "\"#, "cuibono"));
    }

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        assert_eq!(Format::of(b"  {\"cuibono\": 1}"), Some(Format::Native));
        assert_eq!(Format::of(b"owner,owned\n"), Some(Format::Edges));
        assert_eq!(Format::of(b" \n"), None);
    }
}
