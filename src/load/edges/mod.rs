//! Plain edges CSV: a header row, `owner,owned` and a share, everything else optional.

mod header;

use super::intake::Intake;
use super::percent;
use super::rows::{self, Rows, Step};
use crate::error::{Error, Location, Result};
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::graph::{Account, GraphBuilder, NodeId};
use crate::model::interest::InterestDetails;
use crate::model::share::ShareError;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, Identifier, InterestKind, Marks, PartialDate, Share, ShareRange,
    Source,
};
use crate::problem::Rule;
use header::{Header, Side};
use std::io::BufRead;

/// Reads one file into the builder; the rows of one file are one statement, so rows of one pair add up.
pub(super) fn read(intake: &mut Intake<'_>, head: &[u8], reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let name = intake.name;
    let stated = stated_delimiter(head);
    let mut rows = Rows::new(name, reader, stated.unwrap_or_else(|| rows::delimiter(head)), intake.limits);
    let mut location = Location::of(name);
    if !next(&mut rows, &mut location)? || stated.is_some() && !next(&mut rows, &mut location)? {
        return Err(Error::data(Location::of(name), "is empty: there is no header row"));
    }
    let header = Header::read(rows.row(), &location)?;
    if !header.unread.is_empty() {
        let message = format!("what stands in the column {} is not read", header.unread.join(", "));
        intake.problem(Rule::UnreadColumn, location.clone(), message);
    }
    let account = intake.builder.new_account(Account { rows_add: true, ..Account::default() })?;
    let mut edges = Edges { header, account, input: intake.input, units: Units::default(), identified: Vec::new() };
    let header_line = location.clone();
    while next(&mut rows, &mut location)? {
        edges.add(intake.builder, rows.row(), &location)?;
        intake.accept();
    }
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

/// Reads the next row and its place; `false` at the end.
fn next(rows: &mut Rows<'_>, location: &mut Location) -> Result<bool> {
    let step = rows.step()?;
    location.line = Some(rows.line());
    match step {
        Step::Row => Ok(true),
        Step::End => Ok(false),
        Step::Broken(broken) => Err(Error::data(location.clone(), broken.reason)),
    }
}

/// What the rows of one file have in common.
struct Edges {
    header: Header,
    account: u32,
    input: u16,
    units: Units,
    /// Whether the identifier that is an entity's id was noted, by node.
    identified: Vec<bool>,
}

impl Edges {
    fn add(&mut self, builder: &mut GraphBuilder, row: &csv::StringRecord, location: &Location) -> Result<()> {
        self.fits(row, location)?;
        let (owner, owned) = (self.header.owner, self.header.owned);
        let owner = self.party(builder, row, "owner", &owner, location)?;
        let owned = self.party(builder, row, "owned", &owned, location)?;
        let header = &self.header;
        let bad = |column: &str, text: &str, why: &dyn std::fmt::Display| {
            Error::data(location.clone(), format!("{column} {text:?} {why}"))
        };
        let kind = match cell(row, header.kind) {
            "" => InterestKind::Shareholding,
            text => {
                text.parse().map_err(|()| bad("kind", text, &"is no kind of interest; see the README for the list"))?
            }
        };
        let share = share(header, row, location)?;
        let [start, end] = [("start", header.start), ("end", header.end)]
            .map(|(column, place)| date(cell(row, place)).map_err(|error| bad(column, cell(row, place), &error)));
        let number = builder.interest(&InterestParts {
            owner,
            owned,
            kind,
            share,
            start: start?,
            end: end?,
            directness: Directness::Direct,
            confidence: Confidence::High,
            marks: Marks::NONE,
            controlling: false,
            account: self.account,
            input: self.input,
            record: location.line.unwrap_or_default() as u32,
        })?;
        let source = cell(row, header.source);
        if !source.is_empty() {
            if !builder.has_source(source) {
                let source = Source { id: source.to_owned(), title: source.to_owned(), ..Source::default() };
                builder.source(source, location);
            }
            builder
                .interest_details(number, InterestDetails { sources: vec![source.to_owned()], ..Default::default() });
        }
        self.units.see(share);
        Ok(())
    }

    /// Spreadsheets put empty cells behind a row; anything else beside the header's columns is a fault.
    fn fits(&self, row: &csv::StringRecord, location: &Location) -> Result<()> {
        let width = self.header.width;
        if row.len() == width || row.len() > width && row.iter().skip(width).all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let message = format!("has {} cells where the header has {width}", row.len());
        Err(Error::data(location.clone(), message))
    }

    /// The entity that a row names as `owner` or `owned`.
    fn party(
        &mut self,
        builder: &mut GraphBuilder,
        row: &csv::StringRecord,
        which: &'static str,
        side: &Side,
        location: &Location,
    ) -> Result<NodeId> {
        let id = cell(row, Some(side.id));
        if id.is_empty() {
            return Err(Error::data(location.clone(), format!("names no {which}")));
        }
        let kind: Option<EntityKind> = match cell(row, side.kind) {
            "" => None,
            text => Some(text.parse().map_err(|()| {
                let kinds: Vec<_> = EntityKind::ALL.iter().map(|kind| kind.as_str()).collect();
                Error::data(location.clone(), format!("{which}_kind {text:?} is none of {}", kinds.join(", ")))
            })?),
        };
        let (name, jurisdiction) = (cell(row, side.name), cell(row, side.jurisdiction));
        let mention = Mention { id, name: Some(name), kind, jurisdiction: Some(jurisdiction) };
        let node = builder.mention(mention, location)?;
        if let Some(identifier) = Identifier::parse(id) {
            self.identify(builder, node, &identifier, location)?;
        }
        Ok(node)
    }

    /// An id that is an official number joins the records of registers.
    fn identify(
        &mut self,
        builder: &mut GraphBuilder,
        node: NodeId,
        identifier: &Identifier,
        location: &Location,
    ) -> Result<()> {
        if self.identified.len() <= node.index() {
            self.identified.resize(node.index() + 1, false);
        }
        match std::mem::replace(&mut self.identified[node.index()], true) {
            true => Ok(()),
            false => builder.identifier(node, identifier, location),
        }
    }
}

/// Whether shares were meant as percent.
#[derive(Debug, Default)]
struct Units {
    fractions: u64,
    percent: bool,
}

impl Units {
    const ONE: Share = Share::from_ppb(Share::WHOLE.ppb() / 100);

    fn see(&mut self, share: ShareRange) {
        let (min, max) = (share.min(), share.max());
        let open_end = max == Share::WHOLE && !share.is_exact();
        self.percent |= min > Self::ONE || max > Self::ONE && !open_end;
        self.fractions += u64::from(share.is_exact() && Share::ZERO < max && max < Self::ONE);
    }

    fn look_like_fractions(&self) -> bool {
        !self.percent && self.fractions > 1
    }
}

fn cell(row: &csv::StringRecord, place: Option<usize>) -> &str {
    place.and_then(|place| row.get(place)).unwrap_or("").trim()
}

/// The share of a row: `share`, or `min` and `max`; empty is unknown.
fn share(header: &Header, row: &csv::StringRecord, location: &Location) -> Result<ShareRange> {
    let [share, min, max] = [header.share, header.min, header.max].map(|place| cell(row, place));
    let bad =
        |what: &str, text: &str, error: ShareError| Error::data(location.clone(), format!("{what} {text:?} {error}"));
    if min.is_empty() && max.is_empty() {
        return percent::share(share).map_err(|error| bad("share", share, error));
    }
    if !share.is_empty() {
        let message = "gives both a share and min or max: give one of them";
        return Err(Error::data(location.clone(), message));
    }
    let end = |column: &str, text: &str, missing: Share| match text {
        "" => Ok(missing),
        text => match percent::share(text) {
            Ok(range) if range.is_exact() => Ok(range.min()),
            Ok(_) => Err(bad(column, text, ShareError::NotANumber)),
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
