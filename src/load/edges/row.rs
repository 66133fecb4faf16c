//! What one row of an edges file states, read without anything but the row and the header.

use super::header::{Header, Side};
use crate::error::{Error, Location, Result};
use crate::graph::NodeId;
use crate::graph::columns::{Interest, InterestParts};
use crate::graph::table::Key;
use crate::load::percent;
use crate::model::share::ShareError;
use crate::model::text::trim;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, InterestKind, Marks, PartialDate, Share, ShareRange,
};
use std::fmt::Display;

/// What the rows of one file have in common, known before they are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'f> {
    pub header: &'f Header,
    pub name: &'f str,
    pub account: u32,
    pub input: u16,
}

impl File<'_> {
    /// What a row says of the interest, between parties that are not known yet.
    fn interest(&self, row: &Row<'_, '_>) -> Result<Interest> {
        let header = self.header;
        let kind = match row.cell(header.kind) {
            "" => InterestKind::Shareholding,
            text => text
                .parse()
                .map_err(|()| row.bad("kind", text, "is no kind of interest; see the README for the list"))?,
        };
        let share = row.share(header)?;
        let (start, end) = (row.date("start", header.start)?, row.date("end", header.end)?);
        Ok(Interest::new(&InterestParts {
            owner: NodeId(u32::MAX),
            owned: NodeId(u32::MAX),
            kind,
            share,
            start: bound(start),
            end: bound(end),
            directness: Directness::Direct,
            confidence: Confidence::High,
            marks: Marks::NONE,
            controlling: false,
            account: self.account,
            input: self.input,
            record: row.line as u32,
        }))
    }
}

/// What a row says of the interest, with the line it stands on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Its parties are those of `ends`.
    interest: Interest,
    /// Places of owner and owned entity among the ids.
    ends: [u32; 2],
    pub record: u32,
}

impl Edge {
    /// The interest, its parties given by the nodes of all ids.
    pub(super) fn between(&self, nodes: &[NodeId]) -> Interest {
        let [owner, owned] = self.ends.map(|place| nodes[place as usize]);
        self.interest.between(owner, owned)
    }
}

/// A party as a row names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Party<'t> {
    pub id: &'t str,
    pub name: &'t str,
    pub kind: Option<EntityKind>,
    pub jurisdiction: &'t str,
}

impl Party<'_> {
    /// Whether the row gives more than the id.
    fn is_described(&self) -> bool {
        !(self.name.is_empty() && self.kind.is_none() && self.jurisdiction.is_empty())
    }

    /// Whether the id may be an LEI, or a scheme and a number.
    fn may_be_a_number(&self) -> bool {
        self.id.len() == 20 || self.id.contains(':')
    }
}

/// Something that a row says beside the interest, with its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aside<T> {
    pub line: u64,
    /// Where what it speaks of stands: an id among ids, or an edge among edges.
    pub place: usize,
    pub said: T,
}

/// The rows of a piece, their texts borrowed from it.
#[derive(Debug, Default)]
pub(super) struct Parsed<'t> {
    /// Ids in the order in which rows name them. One that stands where the row before names the same is left out: tables of
    /// interests come sorted by one of their ends.
    pub ids: Vec<Key<'t>>,
    pub edges: Vec<Edge>,
    /// Parties of which a row says more.
    pub described: Vec<Aside<Party<'t>>>,
    /// Ids that may be official numbers.
    pub numbers: Vec<Aside<()>>,
    pub sources: Vec<Aside<&'t str>>,
    pub units: Units,
}

impl<'t> Parsed<'t> {
    /// Room for about as many rows as some bytes hold.
    pub(super) fn with_room_for(bytes: usize) -> Self {
        let rows = bytes / 24;
        Self { ids: Vec::with_capacity(2 * rows), edges: Vec::with_capacity(rows), ..Self::default() }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, file: File<'_>, line: u64, row: &[&'t str]) -> Result<()> {
        let row = Row { cells: row, name: file.name, line };
        let header = file.header;
        row.fits(header.width)?;
        let (owner, owned) = (row.party("owner", &header.owner)?, row.party("owned", &header.owned)?);
        let interest = file.interest(&row)?;
        let before = self.edges.last().map(|edge| edge.ends);
        let ends =
            [self.name(owner, before.map(|ends| ends[0]), line), self.name(owned, before.map(|ends| ends[1]), line)];
        let source = row.cell(header.source);
        if !source.is_empty() {
            self.sources.push(Aside { line, place: self.edges.len(), said: source });
        }
        self.units.see(interest.share());
        self.edges.push(Edge { interest, ends, record: line as u32 });
        Ok(())
    }

    /// The place of a party's id, where the row before names that at `before`.
    fn name(&mut self, party: Party<'t>, before: Option<u32>, line: u64) -> u32 {
        let repeated = before.filter(|&place| self.ids[place as usize].text() == party.id);
        let place = repeated.unwrap_or(self.ids.len() as u32);
        let at = place as usize;
        if party.is_described() {
            self.described.push(Aside { line, place: at, said: party });
        }
        if repeated.is_none() {
            if party.may_be_a_number() {
                self.numbers.push(Aside { line, place: at, said: () });
            }
            self.ids.push(Key::of(party.id));
        }
        place
    }
}

/// One row with its place.
struct Row<'r, 't> {
    cells: &'r [&'t str],
    name: &'r str,
    line: u64,
}

impl<'t> Row<'_, 't> {
    fn cell(&self, place: Option<usize>) -> &'t str {
        place.and_then(|place| self.cells.get(place)).map_or("", |cell| trim(cell))
    }

    fn error(&self, message: String) -> Error {
        Error::data(Location::of(self.name).at_line(self.line), message)
    }

    fn bad(&self, column: &str, text: &str, why: impl Display) -> Error {
        self.error(format!("{column} {text:?} {why}"))
    }

    /// Spreadsheets put empty cells behind a row; anything else beside the header's columns is a fault.
    fn fits(&self, width: usize) -> Result<()> {
        let cells = self.cells.len();
        if cells == width || cells > width && self.cells[width..].iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        Err(self.error(format!("has {cells} cells where the header has {width}")))
    }

    /// The entity that the row names as `owner` or `owned`.
    fn party(&self, which: &'static str, side: &Side) -> Result<Party<'t>> {
        let id = self.cell(Some(side.id));
        if id.is_empty() {
            return Err(self.error(format!("names no {which}")));
        }
        let kind = match self.cell(side.kind) {
            "" => None,
            text => Some(text.parse().map_err(|()| {
                let kinds: Vec<_> = EntityKind::ALL.iter().map(|kind| kind.as_str()).collect();
                self.error(format!("{which}_kind {text:?} is none of {}", kinds.join(", ")))
            })?),
        };
        Ok(Party { id, name: self.cell(side.name), kind, jurisdiction: self.cell(side.jurisdiction) })
    }

    fn date(&self, column: &str, place: Option<usize>) -> Result<Option<PartialDate>> {
        match self.cell(place) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|error| self.bad(column, text, error)),
        }
    }

    /// The share of the row: `share`, or `min` and `max`; empty is unknown.
    fn share(&self, header: &Header) -> Result<ShareRange> {
        let share = self.cell(header.share);
        let (min, max) = (self.cell(header.min), self.cell(header.max));
        if min.is_empty() && max.is_empty() {
            return percent::share(share).map_err(|error| self.bad("share", share, error));
        }
        if !share.is_empty() {
            return Err(self.error("gives both a share and min or max: give one of them".to_owned()));
        }
        let (low, high) = (self.limit("min", min, Share::ZERO)?, self.limit("max", max, Share::WHOLE)?);
        ShareRange::closed(low, high).map_err(|error| self.bad("the range", &format!("{min}-{max}"), error))
    }

    fn limit(&self, column: &str, text: &str, missing: Share) -> Result<Share> {
        if text.is_empty() {
            return Ok(missing);
        }
        match percent::share(text) {
            Ok(range) if range.is_exact() => Ok(range.min()),
            Ok(_) => Err(self.bad(column, text, ShareError::NotANumber)),
            Err(error) => Err(self.bad(column, text, error)),
        }
    }
}

/// A date that is stated, as the bound of an interest.
fn bound(date: Option<PartialDate>) -> DateBound {
    date.map_or(DateBound::Missing, DateBound::On)
}

/// Whether shares were meant as percent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Units {
    pub fractions: u64,
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

    /// Adds what other rows show.
    pub(super) fn add(&mut self, other: Self) {
        self.fractions += other.fractions;
        self.percent |= other.percent;
    }

    /// Whether all shares look like parts of 1.
    pub(super) fn look_like_fractions(&self) -> bool {
        !self.percent && self.fractions > 1
    }
}
