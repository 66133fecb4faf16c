//! Plain edges CSV: a header row, `owner,owned` and a share, everything else optional.

use super::intake::Intake;
use crate::error::{Error, Location, Result};
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::graph::{Account, GraphBuilder, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, InterestKind, Marks, PartialDate, Share, ShareRange, Source,
};
use std::io::BufRead;

/// The columns that may stand in a file.
const COLUMNS: [&str; 15] = [
    "owner",
    "owned",
    "share",
    "min",
    "max",
    "kind",
    "start",
    "end",
    "source",
    "owner_name",
    "owned_name",
    "owner_kind",
    "owned_kind",
    "owner_jurisdiction",
    "owned_jurisdiction",
];

/// Where each column of [`COLUMNS`] stands in this file.
struct Header([Option<usize>; COLUMNS.len()]);

impl Header {
    fn read(record: &csv::StringRecord, name: &str) -> Result<Self> {
        let error = |message: String| Error::data(Location::of(name).at_line(1), message);
        let mut places = [None; COLUMNS.len()];
        for (place, cell) in record.iter().enumerate() {
            let cell = cell.trim().to_ascii_lowercase();
            let cell = cell.strip_suffix("_id").unwrap_or(&cell);
            if let Some(column) = COLUMNS.iter().position(|&column| column == cell)
                && places[column].replace(place).is_some()
            {
                return Err(error(format!("the header names the column {cell:?} twice")));
            }
        }
        let header = Self(places);
        for needed in ["owner", "owned"] {
            if header.place(needed).is_none() {
                let found: Vec<_> = record.iter().take(20).collect();
                return Err(error(format!(
                    "the header has no column {needed:?} (found: {}); a plain edges file starts with \
                     owner,owned,share or owner,owned,min,max",
                    found.join(", ")
                )));
            }
        }
        Ok(header)
    }

    fn place(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|&known| known == column).and_then(|index| self.0[index])
    }

    fn get<'r>(&self, row: &'r csv::StringRecord, column: &str) -> &'r str {
        self.place(column).and_then(|place| row.get(place)).unwrap_or("").trim()
    }
}

/// Reads one file into the builder; the rows of one file are one statement, so rows of one pair add up.
pub(super) fn read(intake: &mut Intake<'_>, reader: &mut dyn BufRead) -> Result<()> {
    let text = super::whole_text(intake, reader)?;
    let (name, input, text) = (intake.name, intake.input, text.as_str());
    let delimiter = delimiter(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut row = csv::StringRecord::new();
    if !read_row(&mut reader, &mut row, name)? {
        return Err(Error::data(Location::of(name), "is empty: there is no header row"));
    }
    let header = Header::read(&row, name)?;
    let width = row.len();
    let account = intake.builder.new_account(Account { rows_add: true, ..Account::default() })?;
    while read_row(&mut reader, &mut row, name)? {
        let line = row.position().map_or(0, csv::Position::line);
        let location = Location::of(name).at_line(line);
        if row.len() == 1 && row.get(0).is_some_and(|cell| cell.trim().is_empty()) {
            continue;
        }
        let is_last = reader.position().byte() as usize >= text.len();
        if is_last && ends_within_quotes(&text[start_of(&row)..], delimiter) {
            let message = "a quote that opens in this row is never closed: the rest of the file would be one cell";
            return Err(Error::data(location, message));
        }
        if row.len() != width {
            let message = format!("has {} cells where the header has {width}", row.len());
            return Err(Error::data(location, message));
        }
        add_row(intake.builder, &header, &row, (input, account, line as u32), &location)?;
        intake.accept();
    }
    Ok(())
}

/// Where a row begins within its text.
fn start_of(row: &csv::StringRecord) -> usize {
    row.position().map_or(0, |position| position.byte() as usize)
}

/// The next row; `false` at the end.
fn read_row(reader: &mut csv::Reader<&[u8]>, row: &mut csv::StringRecord, name: &str) -> Result<bool> {
    reader.read_record(row).map_err(|error| {
        let line = error.position().map_or(1, csv::Position::line);
        Error::data(Location::of(name).at_line(line), error.to_string())
    })
}

/// The separator of the header row: comma, semicolon or tab, whichever is most frequent.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    let count = |byte: u8| header.bytes().filter(|&b| b == byte).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|&byte| (count(byte), byte == b',')).unwrap_or(b',')
}

/// Whether a row opens a quoted cell and ends before it is closed: the CSV rules then swallow the rest of the file in
/// silence. A quote within an unquoted cell (`5" pipe`) is only a character.
fn ends_within_quotes(row: &str, delimiter: u8) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    for byte in row.bytes() {
        let closes = quoted && byte == b'"';
        quoted = quoted != (byte == b'"' && (quoted || at_start));
        // After a closing quote a second one opens the cell again: the two stand for one character.
        at_start = closes || !quoted && [delimiter, b'\n', b'\r'].contains(&byte);
    }
    quoted
}

fn add_row(
    builder: &mut GraphBuilder,
    header: &Header,
    row: &csv::StringRecord,
    (input, account, line): (u16, u32, u32),
    location: &Location,
) -> Result<()> {
    let cell = |column| header.get(row, column);
    let bad = |column: &str, why: String| {
        Error::data(location.clone(), format!("{column} {:?} {why}", header.get(row, column)))
    };
    let owner = party(builder, header, row, "owner", location)?;
    let owned = party(builder, header, row, "owned", location)?;
    let kind = match cell("kind") {
        "" => InterestKind::Shareholding,
        text => {
            text.parse().map_err(|()| bad("kind", "is no kind of interest; see the README for the list".to_owned()))?
        }
    };
    let number = builder.interest(&InterestParts {
        owner,
        owned,
        kind,
        share: share(header, row, location)?,
        start: date(cell("start")).map_err(|error| bad("start", error.to_string()))?,
        end: date(cell("end")).map_err(|error| bad("end", error.to_string()))?,
        directness: Directness::Direct,
        confidence: Confidence::High,
        marks: Marks::NONE,
        controlling: false,
        account,
        input,
        record: line,
    })?;
    let source = cell("source");
    if !source.is_empty() {
        if !builder.has_source(source) {
            let source = Source { id: source.to_owned(), title: source.to_owned(), ..Source::default() };
            builder.source(source, location);
        }
        builder.interest_details(number, InterestDetails { sources: vec![source.to_owned()], ..Default::default() });
    }
    Ok(())
}

/// The entity that a row names as `owner` or `owned`.
fn party(
    builder: &mut GraphBuilder,
    header: &Header,
    row: &csv::StringRecord,
    side: &'static str,
    location: &Location,
) -> Result<NodeId> {
    let [name, kind, jurisdiction] = match side {
        "owner" => ["owner_name", "owner_kind", "owner_jurisdiction"],
        _ => ["owned_name", "owned_kind", "owned_jurisdiction"],
    };
    let id = header.get(row, side);
    if id.is_empty() {
        return Err(Error::data(location.clone(), format!("names no {side}")));
    }
    let kind_cell = header.get(row, kind);
    let parsed: Option<EntityKind> = match kind_cell {
        "" => None,
        text => Some(text.parse().map_err(|()| {
            let kinds: Vec<_> = EntityKind::ALL.iter().map(|kind| kind.as_str()).collect();
            Error::data(location.clone(), format!("{kind} {text:?} is none of {}", kinds.join(", ")))
        })?),
    };
    let mention = Mention {
        id,
        name: Some(header.get(row, name)),
        kind: parsed,
        jurisdiction: Some(header.get(row, jurisdiction)),
    };
    builder.mention(mention, location)
}

/// The share of a row: `share`, or `min` and `max`; empty is unknown.
fn share(header: &Header, row: &csv::StringRecord, location: &Location) -> Result<ShareRange> {
    let [share, min, max] = ["share", "min", "max"].map(|column| header.get(row, column));
    let bad = |what: &str, text: &str, error| Error::data(location.clone(), format!("{what} {text:?} {error}"));
    if min.is_empty() && max.is_empty() {
        return ShareRange::parse(share).map_err(|error| bad("share", share, error));
    }
    if !share.is_empty() {
        let message = "gives both a share and min or max: give one of them";
        return Err(Error::data(location.clone(), message));
    }
    let end = |column: &str, text: &str, missing: Share| match text {
        "" => Ok(missing),
        text => match ShareRange::parse(text) {
            Ok(range) if range.is_exact() => Ok(range.min()),
            Ok(_) => Err(bad(column, text, crate::model::share::ShareError::NotANumber)),
            Err(error) => Err(bad(column, text, error)),
        },
    };
    let (low, high) = (end("min", min, Share::ZERO)?, end("max", max, Share::WHOLE)?);
    ShareRange::closed(low, high).map_err(|error| bad("the range", &format!("{min}-{max}"), error))
}

fn date(text: &str) -> Result<DateBound, crate::model::date::DateError> {
    match text {
        "" => Ok(DateBound::Missing),
        text => text.parse::<PartialDate>().map(DateBound::On),
    }
}

#[cfg(test)]
mod tests {
    use super::ends_within_quotes;

    #[test]
    fn only_a_quoted_cell_can_be_left_open() {
        for closed in ["A,B,5", "\"A\",B,5", "5\" pipe,B,5", "\"say \"\"so\"\"\",B,5", "\"\",B", "\"a\nb\",c"] {
            assert!(!ends_within_quotes(closed, b','), "{closed}");
        }
        for open in ["\"A,B,5", "A,\"B", "A,\"B\"\"", "A,\"", "A,\"x\"\",5"] {
            assert!(ends_within_quotes(open, b','), "{open}");
        }
    }
}
