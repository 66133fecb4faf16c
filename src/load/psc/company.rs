//! Companies: profiles of the API, and the rows of the basic company data.

use super::row::{Profile, ProfileEvent, text};
use super::{Outcome, Register, is_domestic, place};
use crate::error::{Error, Location, Result};
use crate::load::keys::Unique;
use crate::load::source::{failed, not_utf8};
use crate::model::entity::EntityDetails;
use crate::model::identifier::{COMPANIES_HOUSE, company_number};
use crate::model::{EntityKind, EntityRecord, Identifier, PartialDate};
use std::collections::VecDeque;
use std::io::{BufRead, Read};

/// The columns that are read; the first two are needed.
const COLUMNS: [&str; 17] = [
    "CompanyName",
    "CompanyNumber",
    "CompanyCategory",
    "CompanyStatus",
    "CountryOfOrigin",
    "IncorporationDate",
    "DissolutionDate",
    "PreviousName_1.CompanyName",
    "PreviousName_2.CompanyName",
    "PreviousName_3.CompanyName",
    "PreviousName_4.CompanyName",
    "PreviousName_5.CompanyName",
    "PreviousName_6.CompanyName",
    "PreviousName_7.CompanyName",
    "PreviousName_8.CompanyName",
    "PreviousName_9.CompanyName",
    "PreviousName_10.CompanyName",
];

/// The cells of one row in the order of [`COLUMNS`].
type Cells<'r> = [&'r str; COLUMNS.len()];

/// The types of the API in words; others are their code in words.
const FORMS: [(&str, &str); 6] = [
    ("ltd", "Private limited company"),
    ("plc", "Public limited company"),
    ("llp", "Limited liability partnership"),
    ("private-limited-guarant-nsc", "Private company limited by guarantee without share capital"),
    ("private-limited-guarant-nsc-limited-exemption", "Private company limited by guarantee, exempt from 'limited'"),
    ("oversea-company", "Overseas company"),
];

/// What the register says of a company.
struct Description<'a> {
    number: &'a str,
    name: &'a str,
    form: Option<String>,
    status: Option<&'a str>,
    country: Option<&'static str>,
    founded: Option<PartialDate>,
    dissolved: Option<PartialDate>,
    former_names: Vec<String>,
}

pub(super) fn profile(register: &mut Register<'_, '_>, profile: &Profile<'_>) -> Result<Outcome> {
    let Some(number) = text(&profile.company_number) else {
        return Ok(Outcome::Refused("the company has no company_number".to_owned()));
    };
    let form = text(&profile.form).map(|code| {
        let known = FORMS.iter().find(|(known, _)| *known == code).map(|&(_, words)| words.to_owned());
        known.unwrap_or_else(|| code.replace('-', " "))
    });
    let former_names = profile.previous_company_names.iter().flatten().filter_map(|former| text(&former.name));
    let description = Description {
        number,
        name: text(&profile.company_name).unwrap_or(""),
        form,
        status: text(&profile.company_status),
        country: None,
        founded: register.date(&profile.date_of_creation, "date_of_creation"),
        dissolved: register.date(&profile.date_of_cessation, "date_of_cessation"),
        former_names: former_names.map(str::to_owned).collect(),
    };
    register.describe(description)?;
    Ok(Outcome::Taken)
}

pub(super) fn profile_event(register: &mut Register<'_, '_>, event: &ProfileEvent<'_>) -> Result<Outcome> {
    match &event.data {
        Some(data) => profile(register, data),
        None => Ok(Outcome::Taken),
    }
}

/// A row of the basic company data as a JSON object.
pub(super) fn json_row(register: &mut Register<'_, '_>, Unique(row): &Unique) -> Result<Outcome> {
    let mut cells = [None; COLUMNS.len()];
    for (key, value) in row.as_object().into_iter().flatten() {
        if let Some(column) = COLUMNS.iter().position(|column| *column == key.trim())
            && cells[column].replace(value.as_str().unwrap_or("").trim()).is_some()
        {
            return Ok(Outcome::Refused(format!("the member {:?} stands twice, with blanks and without", key.trim())));
        }
    }
    let cells = cells.map(Option::unwrap_or_default);
    register.table_row(&cells)
}

impl Register<'_, '_> {
    fn describe(&mut self, description: Description<'_>) -> Result<()> {
        let number = company_number(description.number).unwrap_or_else(|| description.number.to_owned());
        let domestic = is_domestic(&number).then_some(place::UK);
        let is_usual = description.status.is_none_or(|status| status.eq_ignore_ascii_case("active"));
        let note =
            description.status.filter(|_| !is_usual).map(|status| format!("Status at Companies House: {status}."));
        let record = EntityRecord {
            id: format!("{COMPANIES_HOUSE}-{number}"),
            name: description.name.to_owned(),
            kind: EntityKind::Company,
            jurisdiction: description.country.or(domestic).map(str::to_owned),
            identifiers: vec![Identifier { scheme: COMPANIES_HOUSE.to_owned(), id: number }],
            founded: description.founded,
            dissolved: description.dissolved,
            details: EntityDetails {
                legal_form: description.form,
                former_names: description.former_names,
                note,
                ..EntityDetails::EMPTY
            },
            ..EntityRecord::default()
        };
        self.intake.builder.entity(record, &self.location).map(|_| ())
    }

    fn table_row(&mut self, cells: &Cells<'_>) -> Result<Outcome> {
        let [name, number, form, status, country, founded, dissolved, former @ ..] = cells;
        if number.is_empty() {
            return Ok(Outcome::Refused("the row has no CompanyNumber".to_owned()));
        }
        let description = Description {
            number,
            name,
            form: Some((*form).to_owned()).filter(|form| !form.is_empty()),
            status: Some(*status).filter(|status| !status.is_empty()),
            country: self.parser.place(country),
            founded: self.table_date(founded, "IncorporationDate"),
            dissolved: self.table_date(dissolved, "DissolutionDate"),
            former_names: former.iter().filter(|name| !name.is_empty()).map(|name| (*name).to_owned()).collect(),
        };
        self.describe(description)?;
        Ok(Outcome::Taken)
    }

    /// A date as the table writes it: `31/12/2020`.
    fn table_date(&mut self, cell: &str, column: &str) -> Option<PartialDate> {
        if cell.is_empty() {
            return None;
        }
        let mut parts = cell.split('/');
        let [day, month, year] = std::array::from_fn(|_| parts.next().unwrap_or(""));
        let date = format!("{year}-{month:0>2}-{day:0>2}").parse().ok().filter(|_| parts.next().is_none());
        if date.is_none() {
            self.unreadable(format!("{column} {cell:?} is no day such as 31/12/2020; it is left out"));
        }
        date
    }
}

/// Reads the table of companies.
pub(super) fn read_table(register: &mut Register<'_, '_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut table = Table::open(register.intake.name, reader, register.intake.limits.record)?;
    while let Some(row) = table.row()? {
        register.turn_to(row.line);
        let outcome = match &row.cells {
            Ok(cells) => register.table_row(&table.pick(cells))?,
            Err(reason) => Outcome::Refused(reason.clone()),
        };
        register.settle(outcome, &row.text)?;
    }
    Ok(())
}

/// Lines that one row may go over: a broken quote costs its own row only.
const MOST_LINES: usize = 10;

/// Bytes of the longest header.
const MOST_HEADER: usize = 16 << 10;

/// The rows of a table whose lines may be broken within a quoted cell, or, where the whole file was wrapped, anywhere.
struct Table<'r> {
    name: &'r str,
    reader: &'r mut (dyn BufRead + Send),
    limit: usize,
    line: u64,
    /// Lines that were read and not used.
    pending: VecDeque<(u64, Vec<u8>)>,
    wrapped: bool,
    width: usize,
    places: [Option<usize>; COLUMNS.len()],
}

struct TableRow {
    line: u64,
    text: String,
    /// The cells, or why there are none.
    cells: std::result::Result<csv::StringRecord, String>,
}

impl<'r> Table<'r> {
    fn open(name: &'r str, reader: &'r mut (dyn BufRead + Send), limit: usize) -> Result<Self> {
        let (pending, places) = (VecDeque::new(), [None; COLUMNS.len()]);
        let mut table = Self { name, reader, limit, line: 0, pending, wrapped: false, width: 0, places };
        let mut header = String::new();
        while let Some((line, bytes)) = table.next_line()? {
            // The rows begin with a quote; a header that was wrapped goes on until then.
            if table.wrapped && (bytes.starts_with(b"\"") || header.len() > MOST_HEADER) {
                table.pending.push_front((line, bytes));
                break;
            }
            header.push_str(&String::from_utf8_lossy(&bytes));
            table.wrapped |= header.contains("RegAddress.") && !header.contains("DissolutionDate");
            if !table.wrapped {
                break;
            }
        }
        let record = split(&header);
        table.width = record.len();
        for (place, column) in record.iter().enumerate() {
            if let Some(known) = COLUMNS.iter().position(|known| *known == column.trim())
                && table.places[known].replace(place).is_some()
            {
                let message = format!("the header names the column {:?} twice", column.trim());
                return Err(Error::data(Location::of(name).at_line(1), message));
            }
        }
        match table.places {
            [Some(_), Some(_), ..] => Ok(table),
            _ => {
                let message = "the header names no CompanyName or no CompanyNumber";
                Err(Error::data(Location::of(name).at_line(1), message))
            }
        }
    }

    fn pick<'c>(&self, cells: &'c csv::StringRecord) -> Cells<'c> {
        self.places.map(|place| place.and_then(|place| cells.get(place)).unwrap_or("").trim())
    }

    fn next_line(&mut self) -> Result<Option<(u64, Vec<u8>)>> {
        if let Some(pending) = self.pending.pop_front() {
            return Ok(Some(pending));
        }
        let mut bytes = Vec::new();
        let mut limited = Read::take(&mut *self.reader, self.limit as u64);
        let read = limited.read_until(b'\n', &mut bytes).map_err(|error| failed(self.name, error))?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(Some((self.line, bytes)))
    }

    fn row(&mut self) -> Result<Option<TableRow>> {
        let (line, mut bytes) = loop {
            match self.next_line()? {
                None => return Ok(None),
                Some((_, bytes)) if bytes.trim_ascii().is_empty() => {}
                Some(first) => break first,
            }
        };
        let first = bytes.len();
        let mut used = Vec::new();
        loop {
            let shape = Shape::of(&bytes);
            let ends = !shape.open && (shape.cells >= self.width || !self.wrapped);
            if ends && (used.is_empty() || shape.cells == self.width) {
                return Ok(Some(self.whole_row(line, bytes)));
            }
            let may_go_on = !ends && used.len() < MOST_LINES && bytes.len() < self.limit;
            let Some((number, next)) = (if may_go_on { self.next_line()? } else { None }) else {
                let reason = match shape.open || !used.is_empty() && !self.wrapped {
                    true => "a quote that opens in this row is never closed".to_owned(),
                    false => self.wrong_width(shape.cells),
                };
                self.put_back(used);
                bytes.truncate(first);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                return Ok(Some(TableRow { line, text, cells: Err(reason) }));
            };
            if !self.wrapped {
                bytes.push(b'\n');
            }
            bytes.extend_from_slice(&next);
            used.push((number, next));
        }
    }

    /// Gives lines back that belong to other rows.
    fn put_back(&mut self, lines: Vec<(u64, Vec<u8>)>) {
        for line in lines.into_iter().rev() {
            self.pending.push_front(line);
        }
    }

    fn whole_row(&self, line: u64, bytes: Vec<u8>) -> TableRow {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let reason = not_utf8(error.utf8_error().valid_up_to());
                return TableRow {
                    line,
                    text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                    cells: Err(reason),
                };
            }
        };
        let cells = split(&text);
        let cells = if cells.len() == self.width { Ok(cells) } else { Err(self.wrong_width(cells.len())) };
        TableRow { line, text, cells }
    }

    fn wrong_width(&self, cells: usize) -> String {
        format!("has {cells} cells where the header has {}", self.width)
    }
}

/// The cells of one row. A reader of the csv crate sets up its tables anew for each, which costs more than the row.
fn split(row: &str) -> csv::StringRecord {
    let (mut record, mut cell) = (csv::StringRecord::new(), String::new());
    let mut rest = row;
    loop {
        cell.clear();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = unquote(quoted, &mut cell);
        }
        let (end, more) = rest.split_once(',').map_or((rest, None), |(end, more)| (end, Some(more)));
        cell.push_str(end);
        record.push_field(&cell);
        match more {
            Some(more) => rest = more,
            None => return record,
        }
    }
}

/// Adds the text up to the closing quote to `cell` and gives what follows; two quotes stand for one.
fn unquote<'r>(mut rest: &'r str, cell: &mut String) -> &'r str {
    while let Some((text, more)) = rest.split_once('"') {
        cell.push_str(text);
        match more.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return more,
        }
    }
    cell.push_str(rest);
    ""
}

/// How far a row goes.
struct Shape {
    cells: usize,
    /// Whether a quoted cell is not closed.
    open: bool,
}

impl Shape {
    fn of(row: &[u8]) -> Self {
        let (mut cells, mut open, mut at_start) = (1, false, true);
        for &byte in row {
            let quote = byte == b'"';
            let closes = open && quote;
            open = open != (quote && (open || at_start));
            cells += usize::from(byte == b',' && !open);
            // A second quote after a closing one opens the cell again: the two stand for one character.
            at_start = closes || !open && byte == b',';
        }
        Self { cells, open }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_those_of_the_csv_crate() {
        for row in [
            "",
            ",",
            "a,b",
            "\"a\",\"b\"",
            "\"say \"\"so\"\"\",\"\",x",
            "\"a,b\",5\" pipe,\"c\nd\"",
            "\"\"\"\",\"\"\"a\"\"\"",
            " \"a\" ,b ",
            "\"open,b",
            "\"a\"b,c",
        ] {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
            let expected: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("in memory")).collect();
            let expected = expected.first().cloned().unwrap_or_else(|| csv::StringRecord::from(vec![""]));
            assert_eq!(split(row), expected, "{row:?}");
            let shape = Shape::of(row.as_bytes());
            assert_eq!(
                (shape.open, shape.open || shape.cells == expected.len()),
                (row.contains("open"), true),
                "{row:?}"
            );
        }
    }
}
