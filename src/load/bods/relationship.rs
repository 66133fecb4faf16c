//! Relationships: who holds which interests in whom.

use super::components::{Primary, carries_shares};
use super::parties::{Missing, unspecified_fact};
use super::schema::{InterestObject, List, Number, PartyObject, Str, TextOr, text};
use super::series::Version as Statement;
use super::version::Version;
use super::{Head, Reader, codes, history, share};
use crate::error::Result;
use crate::graph::Account;
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::columns::InterestParts;
use crate::load::bods::schema::Details;
use crate::load::remarks;
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::{DateBound, Directness, EntityKind, InterestKind, Mark, PartialDate, ShareRange};

/// One side of a relationship.
enum Party<'s> {
    Record(&'s str),
    Statement(&'s str),
    Missing(Missing<'s>),
}

/// What could be read of one interest.
struct Reading {
    kind: InterestKind,
    directness: Directness,
    start: Option<PartialDate>,
    end: Option<PartialDate>,
}

impl Reader<'_, '_> {
    /// Reads a relationship; what is wrong with it as a whole is returned as a reason to reject it.
    pub(super) fn relationship(&mut self, head: &Head<'_>, details: &Details<'_>) -> Result<Result<(), String>> {
        let subject = match party(&details.subject, "subject") {
            Ok(party) => party,
            Err(reason) => return Ok(Err(reason)),
        };
        let interested = match party(&details.interested_party, "interestedParty") {
            Ok(party) => party,
            Err(reason) => return Ok(Err(reason)),
        };
        self.shares.clear();
        for interest in &details.interests.0 {
            match share::range(interest.share.as_ref(), head.version) {
                Ok(range) => self.shares.push(range),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let owned = self.party(head, &subject, "subject")?;
        if let Party::Missing(missing) = &interested {
            let fact = unspecified_fact(missing, head.moment.stated());
            self.intake.builder.more_details(owned, EntityDetails { facts: vec![fact], ..EntityDetails::EMPTY });
            if missing.reason.is_some_and(codes::nobody_is_missing) {
                self.note_version(head, self.next_interest, 0);
                return Ok(Ok(()));
            }
        }
        let owner = self.party(head, &interested, "interestedParty")?;
        self.interests(head, details, (owner, owned))?;
        Ok(Ok(()))
    }

    fn party(&mut self, head: &Head<'_>, party: &Party<'_>, side: &str) -> Result<NodeId> {
        match party {
            Party::Record(id) => self.intake.builder.mention(Mention { id, ..Mention::default() }, &self.location),
            Party::Statement(id) => match self.series.party(id) {
                Some(node) => Ok(node),
                None => self.intake.builder.mention(Mention { id, ..Mention::default() }, &self.location),
            },
            Party::Missing(missing) => {
                let id = format!("{}#{side}", head.id);
                let what = if side == "subject" { "Entity" } else { "Party" };
                let name = missing.name(what);
                let mention =
                    Mention { id: &id, name: Some(&name), kind: Some(EntityKind::Unknown), jurisdiction: None };
                let node = self.intake.builder.mention(mention, &self.location)?;
                let note = missing.description.map(str::to_owned);
                self.intake.builder.more_details(node, EntityDetails { note, ..EntityDetails::EMPTY });
                Ok(node)
            }
        }
    }

    /// Adds every interest of the relationship; none at all stands for one whose kind is not given.
    fn interests(&mut self, head: &Head<'_>, details: &Details<'_>, pair: (NodeId, NodeId)) -> Result<()> {
        let account = self.intake.builder.new_account(Account {
            stated: head.moment.stated(),
            published: head.moment.published(),
            retrieved: head.retrieved,
            source: head.source,
            rows_add: false,
        })?;
        let components = || details.component_records.0.iter().chain(&details.component_statements.0);
        let is_primary = components().next().is_some();
        let none = InterestObject::default();
        let stated = if details.interests.0.is_empty() { std::slice::from_ref(&none) } else { &details.interests.0 };
        let through_chain = is_primary && self.is_only_direct(stated);
        let first = self.next_interest;
        let mut kinds: Vec<InterestKind> = Vec::new();
        for (position, interest) in stated.iter().enumerate() {
            let mut reading = self.reading(interest);
            if let Some((kind, _)) = own_kind(interest) {
                reading.kind = kind;
            }
            if is_primary && (through_chain || reading.directness == Directness::Unknown) {
                reading.directness = Directness::Indirect;
            }
            if is_primary && reading.directness == Directness::Indirect && carries_shares(reading.kind) {
                kinds.push(reading.kind);
            }
            let share = self.shares.get(position).copied().unwrap_or(ShareRange::UNKNOWN);
            self.add(head, interest, (position, &reading), (share, account, pair))?;
        }
        let count = self.next_interest - first;
        self.note_version(head, first, count);
        if !kinds.is_empty() {
            kinds.sort_unstable();
            kinds.dedup();
            let components = components().map(|Str(id)| self.series.key(id.trim())).collect();
            self.series.primaries.push(Primary { statement: head.id.to_owned(), kinds, components });
        }
        Ok(())
    }

    /// A statement that lists the components of a chain and calls every interest direct contradicts itself.
    fn is_only_direct(&mut self, interests: &[InterestObject<'_>]) -> bool {
        let direct = |interest: &InterestObject<'_>| {
            directness_code(interest).and_then(codes::directness) == Some(Directness::Direct)
        };
        let only = interests.iter().all(direct);
        if only {
            self.unreadable("calls all interests direct, yet lists the components of a chain; read as indirect");
        }
        only
    }

    fn reading(&mut self, interest: &InterestObject<'_>) -> Reading {
        let kind = text(&interest.kind).map(|code| (code, codes::interest_type(code)));
        if let Some((code, None)) = kind {
            self.unreadable(&format!("interest type {code:?} is not on the code list; read as unknownInterest"));
        }
        let directness = directness_code(interest).map(|code| (code, codes::directness(code)));
        if let Some((code, None)) = directness {
            self.unreadable(&format!(
                "directOrIndirect {code:?} is none of direct, indirect, unknown; read as unknown"
            ));
        }
        Reading {
            kind: kind.and_then(|(_, kind)| kind).unwrap_or(InterestKind::UnknownInterest),
            directness: directness.and_then(|(_, directness)| directness).unwrap_or(Directness::Unknown),
            start: self.date("startDate", &interest.start_date),
            end: self.date("endDate", &interest.end_date),
        }
    }

    fn add(
        &mut self,
        head: &Head<'_>,
        interest: &InterestObject<'_>,
        (position, reading): (usize, &Reading),
        (share, account, (owner, owned)): (ShareRange, u32, (NodeId, NodeId)),
    ) -> Result<()> {
        let remark = self.remarks.interest(position);
        let (start, end, inferred) = dates(reading, head);
        let number = self.intake.builder.interest(&InterestParts {
            owner,
            owned,
            kind: reading.kind,
            share,
            start: remarks::bound(remark, "start", start),
            end: remarks::bound(remark, "end", end),
            directness: reading.directness,
            confidence: remarks::confidence(remark),
            marks: remarks::marks(remark).with(Mark::DatesInferred, inferred),
            controlling: remark.is_some_and(|remark| remark.has("controlling")),
            account,
            input: self.intake.input,
            record: u32::try_from(self.line).unwrap_or(u32::MAX),
        })?;
        self.next_interest = number + 1;
        if head.has_id {
            self.intake.builder.interest_id(number, head.id);
        }
        let declared = &interest.beneficial_ownership_or_control;
        if *declared == Some(Number::Flag(false)) {
            self.series.not_beneficial.push(number);
        }
        let note = note(interest, reading.kind == InterestKind::UnknownInterest && Number::is_true(declared));
        let mut details = InterestDetails { note, ..InterestDetails::default() };
        remarks::texts(remark, &mut details);
        self.intake.builder.interest_details(number, details);
        Ok(())
    }

    fn note_version(&mut self, head: &Head<'_>, first: u32, count: u32) {
        let key = match head.version {
            Version::Four => head.record,
            Version::ThroughThree => head.has_id.then_some(head.id),
        };
        if let Some(key) = key {
            let key = self.series.key(key);
            self.series.version(Statement { key, moment: head.moment, first, count });
        }
    }

    /// Notes which relationships this one replaces (0.1 to 0.3).
    pub(super) fn replaces_relationships(&mut self, head: &Head<'_>, replaced: &List<Str<'_>>) {
        let newer = self.series.key(head.id);
        for Str(older) in &replaced.0 {
            self.series.replaces_relationship(newer, older.trim());
        }
    }
}

/// The dates of an interest, and whether its end is that of a closed record.
fn dates(reading: &Reading, head: &Head<'_>) -> (DateBound, DateBound, bool) {
    let bound = |date: Option<PartialDate>| date.map_or(DateBound::Missing, DateBound::On);
    let closed = head.moment.stated().filter(|_| head.moment.is_last() && reading.end.is_none());
    match closed {
        Some(day) if reading.start.is_some_and(|start| day.first_day_out() <= start.first_day()) => {
            let (start, end) = history::no_day(Some(day));
            (start, end, true)
        }
        closed => (bound(reading.start), bound(reading.end.or(closed)), closed.is_some()),
    }
}

/// The kind of this program under which an interest was written that the standard has not.
fn own_kind<'s>(interest: &'s InterestObject<'_>) -> Option<(InterestKind, &'s str)> {
    super::remarks::own_kind(text(&interest.details)?)
}

fn directness_code<'s>(interest: &'s InterestObject<'_>) -> Option<&'s str> {
    text(&interest.direct_or_indirect).or_else(|| text(&interest.interest_level))
}

/// What the interest says beyond kind, share and dates. Codes of a register only repeat those.
fn note(interest: &InterestObject<'_>, declared: bool) -> Option<String> {
    let details = match own_kind(interest) {
        Some((_, note)) => Some(note).filter(|note| !note.is_empty()),
        None => text(&interest.details).filter(|details| details.contains(' ')),
    };
    match (details, declared) {
        (None, false) => None,
        (None, true) => Some("Declared to be beneficial ownership or control".to_owned()),
        (Some(details), false) => Some(details.to_owned()),
        (Some(details), true) => Some(format!("{details}. Declared to be beneficial ownership or control")),
    }
}

fn party<'s>(member: &'s Option<TextOr<'_, PartyObject<'_>>>, name: &str) -> Result<Party<'s>, String> {
    let missing = || format!("names no {name}: give the id of a party, or the reason why it is not named");
    match member.as_ref().ok_or_else(missing)? {
        TextOr::Text(id) if !id.trim().is_empty() => Ok(Party::Record(id.trim())),
        TextOr::Text(_) => Err(missing()),
        TextOr::Object(object) => {
            let id = text(&object.described_by_person_statement).or(text(&object.described_by_entity_statement));
            if let Some(id) = id {
                return Ok(Party::Statement(id));
            }
            let inner = object.unspecified.as_ref();
            let reason = inner.and_then(|inner| text(&inner.reason)).or(text(&object.reason));
            let description = inner.and_then(|inner| text(&inner.description)).or(text(&object.description));
            let said = inner.is_some() || reason.is_some() || description.is_some();
            said.then_some(Party::Missing(Missing { reason, description })).ok_or_else(missing)
        }
    }
}
