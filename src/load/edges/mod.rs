//! Plain edges CSV: a header row, `owner,owned` and a share, everything else optional.
//!
//! Rows are parsed in pieces on all threads ([`row`]) and added in their order ([`Edges::fold`]).

mod header;
mod row;

use super::intake::Intake;
use super::row_batch::Batch;
use super::row_pieces::{Piece, Pieces, SMALL};
use super::rows::{self, Place, Rows, Step};
use super::source::failed;
use super::spare::Spare;
use super::turns::{Turn, take_turns, threads};
use crate::error::{Error, Location, Result};
use crate::graph::builder::Mention;
use crate::graph::{Account, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::{Identifier, Source};
use crate::problem::Rule;
use header::Header;
use row::{Aside, File, Parsed, Units};
use std::io::BufRead;

/// Reads one file into the builder; the rows of one file are one statement, so rows of one pair add up.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let stated = stated_delimiter(head);
    let delimiter = stated.unwrap_or_else(|| rows::delimiter(head));
    let (header, header_line, place) = read_header(intake, stated.is_some(), delimiter, reader)?;
    if !header.unread.is_empty() {
        let message = format!("what stands in the column {} is not read", header.unread.join(", "));
        intake.problem(Rule::UnreadColumn, header_line.clone(), message);
    }
    let account = intake.builder.new_account(Account { rows_add: true, ..Account::default() })?;
    let file = File { header: &header, name: intake.name, account, input: intake.input };
    let mut edges = Edges { intake, units: Units::default(), identified: Vec::new() };
    Table { file, delimiter }.read_from(place, &mut edges, reader)?;
    if edges.units.look_like_fractions() {
        let message = format!(
            "share looks like a fraction: no value exceeds 1 and {} lie below it; shares are percent, so 0.5 was read as \
             half a percent",
            edges.units.fractions
        );
        intake.problem(Rule::FractionShares, header_line, message);
    }
    Ok(())
}

/// The separator that a first line `sep=;` states, as spreadsheets write it.
fn stated_delimiter(head: &[u8]) -> Option<u8> {
    match head {
        [b's', b'e', b'p', b'=', delimiter, b'\r' | b'\n', ..] => Some(*delimiter),
        _ => None,
    }
}

/// Reads the header row and nothing behind it: what it says, its line, and where the other rows begin.
fn read_header(
    intake: &Intake<'_>,
    second_row: bool,
    delimiter: u8,
    reader: &mut (dyn BufRead + Send),
) -> Result<(Header, Location, Place)> {
    let mut rows = Rows::one_by_one(intake.name, reader, delimiter, intake.limits);
    for _ in 0..=usize::from(second_row) {
        match rows.step()? {
            Step::Row => {}
            Step::End => return Err(Error::data(Location::of(intake.name), "is empty: there is no header row")),
            Step::Unclosed => return Err(rows.unclosed()),
            Step::Broken(broken) => return Err(Error::data(intake.at(rows.line()), broken.reason)),
        }
    }
    let location = intake.at(rows.line());
    let header = Header::read(rows.row(), &location)?;
    let (mut place, after_return) = rows.place();
    let next = if after_return { reader.fill_buf().map_err(|error| failed(intake.name, error))?.first() } else { None };
    place.line += u64::from(next.is_some_and(|&next| next != b'\n'));
    Ok((header, location, place))
}

/// How the rows of one file are written.
struct Table<'f> {
    file: File<'f>,
    delimiter: u8,
}

impl Table<'_> {
    /// Reads all rows from `place` on.
    fn read_from(&self, place: Place, edges: &mut Edges<'_, '_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
        let (name, limits) = (edges.intake.name, edges.intake.limits);
        let row_end = |bytes: &[u8]| rows::last_row_end(bytes, self.delimiter);
        let mut pieces = Pieces::new(name, reader, place, limits, row_end);
        let buffers = Spare::default();
        let parse = |piece: Piece, turn: &Turn<'_, &mut Edges<'_, '_>>| {
            let mut batch = Batch::of(&piece, name, self.delimiter, limits);
            let (parsed, done) = self.parse(&batch, piece.bytes.len());
            match turn.wait() {
                Some(mut edges) => edges.fold(&parsed)?,
                None => return Ok(()),
            }
            drop(parsed);
            done.and_then(|()| batch.failed())?;
            buffers.give_buffer(piece.bytes, limits.piece);
            Ok(())
        };
        take_turns(threads, SMALL, || pieces.next(buffers.take().unwrap_or_default()), &mut *edges, parse)?;
        let Some((mut rest, place)) = pieces.rest() else { return Ok(()) };
        let mut rows = Rows::new(name, &mut rest, self.delimiter, limits).starting_at(place);
        while let Some(mut batch) = Batch::read(&mut rows, name, limits.piece) {
            let (parsed, done) = self.parse(&batch, limits.piece);
            edges.fold(&parsed)?;
            drop(parsed);
            done.and_then(|()| batch.failed())?;
        }
        Ok(())
    }

    /// What some rows state, up to the first that is wrong.
    fn parse<'b>(&self, batch: &'b Batch<'_>, bytes: usize) -> (Parsed<'b>, Result<()>) {
        let mut parsed = Parsed::with_room_for(bytes);
        let done = batch.each(|line, cells| parsed.add(self.file, line, cells));
        (parsed, done)
    }
}

/// What the rows of one file have in common, on their way into the graph.
struct Edges<'e, 'l> {
    intake: &'e mut Intake<'l>,
    units: Units,
    /// Whether an entity's id was looked at for an official number, by node.
    identified: Vec<bool>,
}

impl Edges<'_, '_> {
    /// Adds rows in their order.
    fn fold(&mut self, parsed: &Parsed<'_>) -> Result<()> {
        let nodes = self.nodes_of(parsed)?;
        for &Aside { line, place, .. } in &parsed.numbers {
            self.identify(nodes[place], parsed.ids[place].text(), line)?;
        }
        let rows = parsed.edges.iter().map(|edge| edge.between(&nodes));
        let records = parsed.edges.iter().map(|edge| edge.record);
        let first = self.intake.builder.interests_of(self.intake.input, rows, records)?;
        for &Aside { line, place, said } in &parsed.sources {
            self.source(first + place as u32, said, line);
        }
        self.intake.accept_all(parsed.edges.len());
        self.units.add(parsed.units);
        Ok(())
    }

    /// The entities of all ids, in their order, with what the rows say of them.
    fn nodes_of(&mut self, parsed: &Parsed<'_>) -> Result<Vec<NodeId>> {
        let mut location = Location::of(self.intake.name);
        let mut nodes = Vec::with_capacity(parsed.ids.len());
        self.intake.builder.nodes_of(&parsed.ids, &location, &mut nodes)?;
        for &Aside { line, place, said: party } in &parsed.described {
            location.line = Some(line);
            let (name, jurisdiction) = (Some(party.name), Some(party.jurisdiction));
            let mention = Mention { id: party.id, name, kind: party.kind, jurisdiction };
            self.intake.builder.told(nodes[place], mention, &location)?;
        }
        Ok(nodes)
    }

    /// An id that is an official number joins the records of registers.
    fn identify(&mut self, node: NodeId, id: &str, line: u64) -> Result<()> {
        if self.identified.len() <= node.index() {
            self.identified.resize(node.index() + 1, false);
        }
        if std::mem::replace(&mut self.identified[node.index()], true) {
            return Ok(());
        }
        let Some(identifier) = Identifier::parse(id) else { return Ok(()) };
        let location = self.intake.at(line);
        self.intake.builder.identifier(node, &identifier, &location)
    }

    fn source(&mut self, number: u32, source: &str, line: u64) {
        if !self.intake.builder.has_source(source) {
            let location = self.intake.at(line);
            let source = Source { id: source.to_owned(), title: source.to_owned(), ..Source::default() };
            self.intake.builder.source(source, &location);
        }
        let details = InterestDetails { sources: vec![source.to_owned()], ..InterestDetails::default() };
        self.intake.builder.interest_details(number, details);
    }
}
