//! Relationships: who holds which interests in whom.

use super::components::{Primary, carries_shares};
use super::parties::{Missing, unspecified_fact};
use super::remarks::Remarks;
use super::schema::{Details, InterestObject, Number, PartyObject, Str, TextOr, kept, text};
use super::series::{Key, Keys, Version as Statement};
use super::statement::{Head, date};
use super::version::Version;
use super::{Reader, codes, history, share};
use crate::error::Result;
use crate::graph::Account;
use crate::graph::NodeId;
use crate::graph::builder::Mention;
use crate::graph::builder::foreseen::Id;
use crate::graph::columns::InterestParts;
use crate::load::notes::Notes;
use crate::load::remarks;
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::text::trimmed;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, Fact, InterestKind, Mark, Marks, PartialDate, ShareRange,
};
use std::borrow::Cow;

/// One side of a relationship.
#[derive(Debug)]
enum Side<'t> {
    Record(Id<'t>),
    Statement(Cow<'t, str>),
    Missing(Box<Nameless>),
}

/// A party that is not named.
#[derive(Debug)]
struct Nameless {
    id: String,
    name: String,
    note: Option<String>,
    /// What that says of the entity which was asked for its owner.
    fact: Fact,
}

/// What a statement says of a relationship.
#[derive(Debug)]
pub(super) struct RelationshipSaid<'t> {
    subject: Side<'t>,
    interested: Side<'t>,
    /// What it holds; `None` where the entity has no owner at all.
    interests: Option<Vec<InterestSaid>>,
    /// What stands for its record.
    key: Option<Key>,
    primary: Option<Box<Primary>>,
    /// What is to be reported of the interests.
    notes: Notes,
}

/// One interest, as far as the statement tells it by itself.
#[derive(Debug)]
struct InterestSaid {
    kind: InterestKind,
    share: ShareRange,
    directness: Directness,
    start: DateBound,
    end: DateBound,
    confidence: Confidence,
    marks: Marks,
    controlling: bool,
    /// Whether it is declared to be no beneficial ownership.
    not_beneficial: bool,
    details: Option<Box<InterestDetails>>,
}

/// What could be read of one interest.
struct Terms {
    kind: InterestKind,
    directness: Directness,
    start: Option<PartialDate>,
    end: Option<PartialDate>,
}

impl<'t> RelationshipSaid<'t> {
    /// The records to which it refers, if it refers to both parties by their records.
    pub(super) fn records(&self) -> Option<[&Id<'t>; 2]> {
        match (&self.subject, &self.interested, &self.interests) {
            (Side::Record(subject), Side::Record(interested), Some(_)) => Some([subject, interested]),
            _ => None,
        }
    }

    /// Reads a relationship; what is wrong with it as a whole is the reason to reject it.
    pub(super) fn of(head: &Head<'t>, details: &Details<'t>, remarks: &Remarks, keys: &Keys) -> Result<Self, String> {
        let (subject, _) = side(&details.subject, "subject", head)?;
        let (interested, nobody) = side(&details.interested_party, "interestedParty", head)?;
        let key = match head.version {
            Version::Four => head.record.as_ref(),
            Version::ThroughThree => Some(&head.id).filter(|_| head.has_id),
        };
        let key = key.map(|key| keys.of(key));
        let mut said =
            RelationshipSaid { subject, interested, interests: None, key, primary: None, notes: Notes::default() };
        if nobody {
            details.interests.0.iter().try_for_each(|interest| share_of(interest, head).map(|_| ()))?;
        } else {
            said.read_interests(head, details, remarks, keys)?;
        }
        Ok(said)
    }

    /// Reads every interest of the relationship; none at all stands for one whose kind is not given.
    fn read_interests(
        &mut self,
        head: &Head<'_>,
        details: &Details<'_>,
        remarks: &Remarks,
        keys: &Keys,
    ) -> Result<(), String> {
        let components = || details.component_records.0.iter().chain(&details.component_statements.0);
        let is_primary = components().next().is_some();
        let none = InterestObject::default();
        let stated = if details.interests.0.is_empty() { std::slice::from_ref(&none) } else { &details.interests.0 };
        let through_chain = is_primary && is_only_direct(stated, &mut self.notes);
        let mut kinds: Vec<InterestKind> = Vec::new();
        let mut interests = Vec::with_capacity(stated.len());
        for (position, interest) in stated.iter().enumerate() {
            let mut terms = terms(interest, &mut self.notes);
            if is_primary && (through_chain || terms.directness == Directness::Unknown) {
                terms.directness = Directness::Indirect;
            }
            if is_primary && terms.directness == Directness::Indirect && carries_shares(terms.kind) {
                kinds.push(terms.kind);
            }
            let share = share_of(interest, head)?;
            interests.push(InterestSaid::of(head, interest, (position, &terms), share, remarks));
        }
        self.interests = Some(interests);
        if !kinds.is_empty() {
            kinds.sort_unstable();
            kinds.dedup();
            let components = components().map(|Str(id)| keys.of(id.trim())).collect();
            self.primary = Some(Box::new(Primary { statement: head.id.to_string(), kinds, components }));
        }
        Ok(())
    }
}

impl InterestSaid {
    fn of(
        head: &Head<'_>,
        interest: &InterestObject<'_>,
        (position, terms): (usize, &Terms),
        share: ShareRange,
        remarks: &Remarks,
    ) -> Self {
        let remark = remarks.interest(position);
        let (start, end, inferred) = dates(terms, head);
        let declared = &interest.beneficial_ownership_or_control;
        let note = note(interest, terms.kind == InterestKind::UnknownInterest && Number::is_true(declared));
        let mut details = InterestDetails { note, ..InterestDetails::default() };
        remarks::texts(remark, &mut details);
        InterestSaid {
            kind: terms.kind,
            share,
            directness: terms.directness,
            start: remarks::bound(remark, "start", start),
            end: remarks::bound(remark, "end", end),
            confidence: remarks::confidence(remark),
            marks: remarks::marks(remark).with(Mark::DatesInferred, inferred),
            controlling: remark.is_some_and(|remark| remark.has("controlling")),
            not_beneficial: *declared == Some(Number::Flag(false)),
            details: (details != InterestDetails::default()).then(|| Box::new(details)),
        }
    }
}

impl Reader<'_, '_> {
    /// Adds a relationship.
    pub(super) fn relationship(
        &mut self,
        head: &Head<'_>,
        source: Option<u32>,
        said: &mut RelationshipSaid<'_>,
        nodes: &[NodeId],
    ) -> Result<()> {
        let owned = match nodes {
            [owned, _] => *owned,
            _ => self.side(&said.subject)?,
        };
        if let Side::Missing(missing) = &said.interested {
            let facts = vec![missing.fact.clone()];
            self.intake.builder.more_details(owned, EntityDetails { facts, ..EntityDetails::EMPTY });
        }
        let first = self.intake.builder.interest_count();
        let count = match &mut said.interests {
            None => 0,
            Some(interests) => {
                let owner = match nodes {
                    [_, owner] => *owner,
                    _ => self.side(&said.interested)?,
                };
                let account = self.intake.builder.new_account(Account {
                    stated: head.moment.stated(),
                    published: head.moment.published(),
                    retrieved: head.retrieved,
                    source,
                    rows_add: false,
                })?;
                self.report(std::mem::take(&mut said.notes));
                for interest in interests {
                    self.add(head, interest, account, (owner, owned))?;
                }
                self.intake.builder.interest_count() - first
            }
        };
        if let Some(key) = said.key {
            self.series.version(Statement { key, moment: head.moment, first, count });
        }
        self.series.primaries.extend(said.primary.take().map(|primary| *primary));
        Ok(())
    }

    fn side(&mut self, side: &Side<'_>) -> Result<NodeId> {
        let known = match side {
            Side::Statement(id) => self.series.party(id),
            _ => None,
        };
        let builder = &mut *self.intake.builder;
        match (side, known) {
            (_, Some(node)) => Ok(node),
            (Side::Record(id), None) => builder.mention(Mention { id, ..Mention::default() }, &self.location),
            (Side::Statement(id), None) => builder.mention(Mention { id, ..Mention::default() }, &self.location),
            (Side::Missing(missing), None) => {
                let kind = Some(EntityKind::Unknown);
                let mention = Mention { id: &missing.id, name: Some(&missing.name), kind, jurisdiction: None };
                let node = builder.mention(mention, &self.location)?;
                builder.more_details(node, EntityDetails { note: missing.note.clone(), ..EntityDetails::EMPTY });
                Ok(node)
            }
        }
    }

    fn add(
        &mut self,
        head: &Head<'_>,
        interest: &mut InterestSaid,
        account: u32,
        (owner, owned): (NodeId, NodeId),
    ) -> Result<()> {
        let builder = &mut *self.intake.builder;
        let number = builder.interest(&InterestParts {
            owner,
            owned,
            kind: interest.kind,
            share: interest.share,
            start: interest.start,
            end: interest.end,
            directness: interest.directness,
            confidence: interest.confidence,
            marks: interest.marks,
            controlling: interest.controlling,
            account,
            input: self.intake.input,
            record: self.location.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(u32::MAX),
        })?;
        if head.has_id {
            builder.interest_id(number, &head.id);
        }
        if interest.not_beneficial {
            self.series.not_beneficial.push(number);
        }
        if let Some(details) = interest.details.take() {
            builder.interest_details(number, *details);
        }
        Ok(())
    }
}

/// A statement that lists the components of a chain and calls every interest direct contradicts itself.
fn is_only_direct(interests: &[InterestObject<'_>], notes: &mut Notes) -> bool {
    let direct = |interest: &InterestObject<'_>| {
        directness_code(interest).and_then(codes::directness) == Some(Directness::Direct)
    };
    let only = interests.iter().all(direct);
    if only {
        let message = "calls all interests direct, yet lists the components of a chain; read as indirect";
        notes.unreadable(message.to_owned());
    }
    only
}

fn share_of(interest: &InterestObject<'_>, head: &Head<'_>) -> Result<ShareRange, String> {
    share::range(interest.share.as_ref(), head.version)
}

fn terms(interest: &InterestObject<'_>, notes: &mut Notes) -> Terms {
    let kind = text(&interest.kind).map(|code| (code, codes::interest_type(code)));
    if let Some((code, None)) = kind {
        notes.unreadable(format!("interest type {code:?} is not on the code list; read as unknownInterest"));
    }
    let directness = directness_code(interest).map(|code| (code, codes::directness(code)));
    if let Some((code, None)) = directness {
        notes.unreadable(format!("directOrIndirect {code:?} is none of direct, indirect, unknown; read as unknown"));
    }
    let kind = own_kind(interest).map(|(kind, _)| kind).or(kind.and_then(|(_, kind)| kind));
    Terms {
        kind: kind.unwrap_or(InterestKind::UnknownInterest),
        directness: directness.and_then(|(_, directness)| directness).unwrap_or(Directness::Unknown),
        start: date("startDate", &interest.start_date, notes),
        end: date("endDate", &interest.end_date, notes),
    }
}

/// The dates of an interest, and whether its end is that of a closed record.
fn dates(terms: &Terms, head: &Head<'_>) -> (DateBound, DateBound, bool) {
    let bound = |date: Option<PartialDate>| date.map_or(DateBound::Missing, DateBound::On);
    let closed = head.moment.stated().filter(|_| head.moment.is_last() && terms.end.is_none());
    match closed {
        Some(day) if terms.start.is_some_and(|start| day.first_day_out() <= start.first_day()) => {
            let (start, end) = history::no_day(Some(day));
            (start, end, true)
        }
        closed => (bound(terms.start), bound(terms.end.or(closed)), closed.is_some()),
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

/// One side of a relationship, and whether it says that nobody is there.
fn side<'t>(
    member: &Option<TextOr<'t, PartyObject<'t>>>,
    name: &str,
    head: &Head<'_>,
) -> Result<(Side<'t>, bool), String> {
    let missing = || format!("names no {name}: give the id of a party, or the reason why it is not named");
    let object = match member.as_ref().ok_or_else(missing)? {
        TextOr::Text(id) if !id.trim().is_empty() => return Ok((Side::Record(trimmed(id).into()), false)),
        TextOr::Text(_) => return Err(missing()),
        TextOr::Object(object) => object,
    };
    let id = kept(&object.described_by_person_statement).or_else(|| kept(&object.described_by_entity_statement));
    if let Some(id) = id {
        return Ok((Side::Statement(id), false));
    }
    let inner = object.unspecified.as_ref();
    let reason = inner.and_then(|inner| text(&inner.reason)).or(text(&object.reason));
    let description = inner.and_then(|inner| text(&inner.description)).or(text(&object.description));
    if inner.is_none() && reason.is_none() && description.is_none() {
        return Err(missing());
    }
    let missing = Missing { reason, description };
    let nameless = Nameless {
        id: format!("{}#{name}", head.id),
        name: missing.name(if name == "subject" { "Entity" } else { "Party" }),
        note: description.map(str::to_owned),
        fact: unspecified_fact(&missing, head.moment.stated()),
    };
    Ok((Side::Missing(Box::new(nameless)), reason.is_some_and(codes::nobody_is_missing)))
}
