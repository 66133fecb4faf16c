//! Links between parties: who owns, directs or controls whom, how much and when.

use super::few::Few;
use super::record::{AnyOf, Property, Record, Text};
use super::schemata::Link;
use super::{Reader, Refusal, dates, hash};
use crate::graph::Account;
use crate::graph::NodeId;
use crate::graph::builder::foreseen::Id;
use crate::graph::columns::InterestParts;
use crate::load::notes::Notes;
use crate::load::{percent, remarks};
use crate::model::interest::InterestDetails;
use crate::model::share::ShareError;
use crate::model::{
    Confidence, DateBound, Directness, InterestKind, Mark, Marks, PartialDate, Remark, ShareRange, ftm_id,
};
use std::borrow::Cow;

/// Interests that one link may stand for: every owner with every asset.
const MOST: usize = 10_000;

/// What words in the role or type of an ownership make of it; else it is a shareholding.
const OWNERSHIP: [(&str, InterestKind); 4] = [
    ("nominee", InterestKind::Nominee),
    ("general partner", InterestKind::GeneralPartner),
    ("limited partner", InterestKind::LimitedPartner),
    ("consolidated", InterestKind::Parent),
];

/// What words in the role of a directorship make of it; else it is a seat on the board. The first that fits counts.
const DIRECTORSHIP: [(&str, InterestKind); 16] = [
    ("vice", InterestKind::BoardMember),
    ("deputy", InterestKind::BoardMember),
    ("chair", InterestKind::BoardChair),
    ("chairman", InterestKind::BoardChair),
    ("chairwoman", InterestKind::BoardChair),
    ("chairperson", InterestKind::BoardChair),
    ("president of the board", InterestKind::BoardChair),
    ("chief executive", InterestKind::SeniorManagingOfficial),
    ("ceo", InterestKind::SeniorManagingOfficial),
    ("managing director", InterestKind::SeniorManagingOfficial),
    ("general director", InterestKind::SeniorManagingOfficial),
    ("director general", InterestKind::SeniorManagingOfficial),
    ("директор", InterestKind::SeniorManagingOfficial),
    ("manager", InterestKind::SeniorManagingOfficial),
    ("secretary", InterestKind::SeniorManagingOfficial),
    ("trustee", InterestKind::Trustee),
];

/// What the mechanism of a control is; else it is some influence or control. How a trust, a nominee, a state or a party
/// in between gives the control is not said: the controller need not be the trustee or the nominee.
const CONTROL: [(&str, InterestKind); 14] = [
    ("voting", InterestKind::VotingRights),
    ("votes", InterestKind::VotingRights),
    ("appointment", InterestKind::AppointmentOfBoard),
    ("appoint", InterestKind::AppointmentOfBoard),
    ("management", InterestKind::Manager),
    ("manager", InterestKind::Manager),
    ("contractual", InterestKind::RightsGrantedByContract),
    ("contract", InterestKind::RightsGrantedByContract),
    ("trustee", InterestKind::Trustee),
    ("settlor", InterestKind::Settlor),
    ("protector", InterestKind::Protector),
    ("beneficiary", InterestKind::BeneficiaryOfLegalArrangement),
    ("general partner", InterestKind::GeneralPartner),
    ("nominator", InterestKind::Nominator),
];

/// Words of a status or role that say that a link is over.
const OVER: [&str; 7] = ["former", "formerly", "historical", "historic", "inactive", "ceased", "ended"];

/// How a percentage is worded, and the sign that says the same.
const WORDED: [(&str, &str); 11] = [
    ("more than", ">"),
    ("greater than", ">"),
    ("over", ">"),
    ("at least", ">="),
    ("not less than", ">="),
    ("less than", "<"),
    ("under", "<"),
    ("below", "<"),
    ("up to", "<="),
    ("at most", "<="),
    ("not more than", "<="),
];

/// Words and signs that say that a figure is rounded.
const ABOUT: [&str; 6] = ["approximately", "approx.", "approx", "about", "circa", "~"];

/// What tells in words how something is held, and how a note calls it.
const WORDS: [(Property, &str); 4] = [
    (Property::Role, "role"),
    (Property::OwnershipType, "type of ownership"),
    (Property::ControlType, "type of control"),
    (Property::LegalBasis, "legal basis"),
];

/// What a link says.
#[derive(Debug)]
pub(super) struct LinkSaid<'t> {
    /// Stands for its id.
    pub hash: u128,
    /// Who holds, and who is held.
    pub ends: [Few<Id<'t>>; 2],
    /// What is to be reported of it.
    notes: Notes,
    /// What it says of each pair, or why it cannot be used.
    stake: Result<Stake, Refusal>,
    /// When it is stated.
    account: Account,
    /// The statement whose account is shared.
    statement: Option<Box<str>>,
    /// Its details as JSON, if it has any.
    details: Option<String>,
}

impl<'t> LinkSaid<'t> {
    pub(super) fn of(record: &Record<'t>, link: Link) -> Self {
        let ends = link.ends().map(|end| ids(record, end));
        let mut notes = Notes::default();
        let remark = record.remark();
        let mut details = InterestDetails::default();
        let stake = check(&ends, link).and_then(|()| stake(record, link, &mut details, &mut notes)).map(|mut stake| {
            remark.iter().for_each(|remark| stake.closer(remark, &mut details));
            stake
        });
        if record.datasets.len() > 1 {
            details.sources = record.datasets.iter().map(|dataset| dataset.0.to_string()).collect();
        }
        let statement = remark.as_ref().and_then(|remark| remark.get("statement")).map(Box::from);
        let details = text_of(&details);
        Self { hash: hash(&record.id), ends, notes, stake, account: account(record), statement, details }
    }
}

fn text_of(details: &InterestDetails) -> Option<String> {
    (*details != InterestDetails::default()).then(|| serde_json::to_string(details).ok()).flatten()
}

/// Whether there is somebody at both ends, and not too many.
fn check([owners, owned]: &[Few<Id<'_>>; 2], link: Link) -> Result<(), Refusal> {
    for (ids, name) in [owners, owned].into_iter().zip(link.end_names()) {
        if ids.is_empty() {
            return Err(format!("names no {name}"));
        }
    }
    if owners.len() * owned.len() > MOST {
        return Err(format!("joins {} with {} parties: that is no statement", owners.len(), owned.len()));
    }
    Ok(())
}

impl Reader<'_, '_> {
    /// Adds the interests of a link, or says why it cannot be used. `foreseen` are the nodes of its ends, as far as known.
    pub(super) fn link(
        &mut self,
        id: &str,
        datasets: &Few<Text<'_>>,
        link: &mut LinkSaid<'_>,
        foreseen: &[Option<NodeId>],
    ) -> crate::error::Result<Option<Refusal>> {
        self.report(id, std::mem::take(&mut link.notes));
        let stake = match &mut link.stake {
            Ok(stake) => stake,
            Err(refusal) => return Ok(Some(std::mem::take(refusal))),
        };
        let account = Account { source: self.sources(datasets), ..link.account };
        let builder = &mut *self.intake.builder;
        let account = match &link.statement {
            Some(statement) => builder.account(self.intake.input, statement, account)?,
            None => builder.new_account(account)?,
        };
        let [owners, owned] = &link.ends;
        let (of_owners, of_owned) = foreseen.split_at(owners.len().min(foreseen.len()));
        let details = link.details.as_deref();
        for owner in owners.iter().zip(of_owners) {
            for owned in owned.iter().zip(of_owned) {
                self.hold(id, stake, [owner, owned], account, details)?;
            }
        }
        Ok(None)
    }

    fn hold(
        &mut self,
        id: &str,
        stake: &Stake,
        ends: [(&Id<'_>, &Option<NodeId>); 2],
        account: u32,
        details: Option<&str>,
    ) -> crate::error::Result<()> {
        let builder = &mut *self.intake.builder;
        let [owner, owned] = ends.map(|(id, foreseen)| builder.node_foreseen(id.key(), *foreseen, &self.location));
        let (owner, owned) = (owner?, owned?);
        for &kind in stake.kinds.iter() {
            let number = builder.interest(&InterestParts {
                owner,
                owned,
                kind,
                share: stake.share,
                start: stake.start,
                end: stake.end,
                directness: stake.directness,
                confidence: stake.confidence,
                marks: stake.marks,
                controlling: stake.controlling,
                account,
                input: self.intake.input,
                record: self.location.line.unwrap_or_default() as u32,
            })?;
            builder.interest_id(number, id);
            if let Some(details) = details {
                builder.interest_text(number, details);
            }
        }
        Ok(())
    }
}

fn ids<'t>(record: &Record<'t>, end: Property) -> Few<Id<'t>> {
    let original = |id: Cow<'t, str>| ftm_id::original(&id).map_or(id, Cow::Owned);
    let mut ids = Few::default();
    for id in record.kept(end).map(original) {
        if ids.last().is_none_or(|last: &Id<'t>| **last != *id) {
            ids.push(Id::from(id));
        }
    }
    ids
}

/// When a link is stated.
fn account(record: &Record<'_>) -> Account {
    let date = |text: Option<&str>| text.and_then(|text| text.parse::<PartialDate>().ok());
    let own = [Property::ModifiedAt, Property::Date, Property::RetrievedAt];
    let published = date(record.last_change.as_ref().map(|text| &*text.0));
    Account {
        stated: own.into_iter().find_map(|property| date(record.first(property))).or(published),
        published,
        retrieved: date(record.first(Property::RetrievedAt).or(record.last_seen.as_ref().map(|text| &*text.0))),
        source: None,
        rows_add: false,
    }
}

/// What a link says of each pair that it joins.
#[derive(Debug)]
struct Stake {
    kinds: Few<InterestKind>,
    share: ShareRange,
    marks: Marks,
    directness: Directness,
    start: DateBound,
    end: DateBound,
    confidence: Confidence,
    controlling: bool,
}

impl Stake {
    /// Takes what a remark says more closely than the properties.
    fn closer(&mut self, remark: &Remark, details: &mut InterestDetails) {
        if let Some(kind) = remark.get("kind").and_then(|kind| kind.parse().ok()) {
            self.kinds = Few::from_iter([kind]);
        }
        if let Some(share) = remark.get("share").and_then(|share| percent::share(share).ok()) {
            self.share = share;
        }
        if let Some(directness) = remark.get("directness").and_then(|directness| directness.parse().ok()) {
            self.directness = directness;
        }
        self.start = remarks::bound(Some(remark), "start", self.start);
        self.end = remarks::bound(Some(remark), "end", self.end);
        self.confidence = remarks::confidence(Some(remark));
        self.marks = self.marks.union(remarks::marks(Some(remark)));
        self.controlling = remark.has("controlling");
        remarks::texts(Some(remark), details);
    }
}

fn stake(record: &Record<'_>, link: Link, details: &mut InterestDetails, notes: &mut Notes) -> Result<Stake, Refusal> {
    let mut note = Vec::new();
    let mut words = Words(String::new());
    if record.has_any(const { AnyOf::of(&WORDS) }) {
        for (property, what) in WORDS {
            let values: Vec<_> = record.all(property).filter(|value| !value.is_empty()).collect();
            if !values.is_empty() {
                note.push(format!("{what}: {}", values.join(", ")));
            }
        }
        words = Words::of(record, &[Property::OwnershipType, Property::ControlType, Property::Role]);
    }
    let (share, marks) = match link {
        Link::Ownership => percentage(record, &mut note, notes)?,
        _ => (ShareRange::UNKNOWN, Marks::NONE),
    };
    let (start, end) = interval(record, notes);
    details.note = (!note.is_empty()).then(|| note.join("; "));
    Ok(Stake {
        kinds: kinds(link, &words),
        share,
        marks,
        directness: directness(link, &words),
        start,
        end,
        confidence: Confidence::High,
        controlling: false,
    })
}

/// Words of some properties, in lower case, each with a blank on both sides.
struct Words(String);

impl Words {
    fn of(record: &Record<'_>, properties: &[Property]) -> Self {
        let mut words = String::new();
        for value in properties.iter().flat_map(|&property| record.all(property)) {
            for word in value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
                words.push(' ');
                words.extend(word.chars().flat_map(char::to_lowercase));
            }
            // No phrase reaches over the end of a value.
            words.push_str(" | ");
        }
        Self(words)
    }

    fn has(&self, phrase: &str) -> bool {
        // Most links say nothing in words.
        !self.0.is_empty()
            && self.0.match_indices(phrase).any(|(at, found)| {
                let (before, after) = (&self.0[..at], &self.0[at + found.len()..]);
                before.ends_with(' ') && after.starts_with(' ')
            })
    }
}

fn kinds(link: Link, words: &Words) -> Few<InterestKind> {
    let (table, otherwise): (&[(&str, InterestKind)], _) = match link {
        Link::Ownership => (&OWNERSHIP, InterestKind::Shareholding),
        Link::Directorship => (&DIRECTORSHIP, InterestKind::BoardMember),
        Link::Control => (&CONTROL, InterestKind::OtherInfluenceOrControl),
        Link::Unknown => (&[], InterestKind::UnknownInterest),
    };
    // Every mechanism of a control is one of its interests; of an ownership or an office only one can be meant.
    let most = if link == Link::Control { table.len() } else { 1 };
    let mut kinds = Few::default();
    for &(_, kind) in table.iter().filter(|(word, _)| words.has(word)) {
        if kinds.len() < most && kinds.iter().all(|known| *known != kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        kinds.push(otherwise);
    }
    kinds
}

/// A beneficial or ultimate owner may hold through others; without a word the link is the holding itself.
fn directness(link: Link, words: &Words) -> Directness {
    let [indirect, direct, open] =
        [&["indirect", "indirectly", "ultimately"][..], &["direct", "directly"], &["beneficial", "ultimate"]]
            .map(|table| table.iter().any(|word| words.has(word)));
    match (link, indirect, direct) {
        (Link::Directorship | Link::Unknown, ..) => Directness::Direct,
        (_, true, true) => Directness::Unknown,
        (_, true, false) => Directness::Indirect,
        (_, false, true) => Directness::Direct,
        (_, false, false) if open => Directness::Unknown,
        (_, false, false) => Directness::Direct,
    }
}

/// The share of an ownership: a free text. What is no number leaves it open, a number that no share can be is a fault.
fn percentage(record: &Record<'_>, note: &mut Vec<String>, notes: &mut Notes) -> Result<(ShareRange, Marks), Refusal> {
    let mut share: Option<ShareRange> = None;
    let mut approximate = false;
    let texts = || record.all(Property::Percentage).filter(|text| !text.is_empty());
    for text in texts() {
        match worded_share(text) {
            Ok((range, about)) => {
                share = Some(share.map_or(range, |known| known.hull(range)));
                approximate |= about;
            }
            Err(ShareError::NotANumber) => {
                notes.unreadable(format!("the percentage {text:?} states no number: the share counts as unknown"));
                note.push(format!("percentage: {text}"));
            }
            Err(error) => return Err(format!("percentage {text:?} {error}")),
        }
    }
    if texts().nth(1).is_some() {
        note.push(format!("several percentages: {}", texts().collect::<Vec<_>>().join(", ")));
    }
    if let (None, Some(count)) = (share, record.first(Property::SharesCount)) {
        note.push(format!("number of shares: {count}; of how many is not stated"));
    }
    Ok((share.unwrap_or(ShareRange::UNKNOWN), Marks::NONE.with(Mark::Approximate, approximate)))
}

/// A share in words or signs (`more than 25 %`, `51,5`), and whether it is only about right.
fn worded_share(text: &str) -> Result<(ShareRange, bool), ShareError> {
    if let Ok(range) = percent::share(text) {
        return Ok((range, false));
    }
    let lower = text.to_lowercase();
    let plain = lower.replace("per cent", "%").replace("percent", "%");
    let (plain, about) = ABOUT
        .iter()
        .find_map(|word| plain.trim().strip_prefix(word).map(|rest| (rest.trim(), true)))
        .unwrap_or((plain.trim(), false));
    let signed = WORDED.iter().find_map(|(word, sign)| {
        plain.strip_prefix(word).filter(|rest| rest.starts_with(' ')).map(|rest| format!("{sign}{}", rest.trim()))
    });
    let plain = signed.unwrap_or_else(|| plain.replace(" to ", "-"));
    percent::share(&plain).map(|range| (range, about))
}

/// When the link began and ended.
fn interval(record: &Record<'_>, notes: &mut Notes) -> (DateBound, DateBound) {
    let [mut start, mut end] = [Property::StartDate, Property::EndDate].map(|property| bound(record, property, notes));
    if start.is_missing()
        && end.is_missing()
        && let (Some(first), Some(last)) = seen(record)
    {
        start = DateBound::Between { not_before: None, not_after: Some(first) };
        end = DateBound::Between { not_before: Some(last), not_after: None };
    }
    let over = || {
        let words = Words::of(record, &[Property::Status, Property::Role]);
        OVER.iter().any(|word| words.has(word))
    };
    let open = matches!(end, DateBound::Missing | DateBound::Between { not_after: None, .. });
    if open && over() {
        let not_before = if let DateBound::Between { not_before, .. } = end { not_before } else { None };
        let last_seen = record.last_seen.as_ref().and_then(|text| text.0.parse().ok());
        end = DateBound::Between { not_before, not_after: last_seen };
    }
    (start, end)
}

/// The first and the last day on which the link is only said to exist.
fn seen(record: &Record<'_>) -> (Option<PartialDate>, Option<PartialDate>) {
    let (dates, _) = dates(record.all(Property::Date));
    (dates.first().copied(), dates.last().copied())
}

/// One end of an interval. Several dates leave open which of them it is, as does a text that is no date.
fn bound(record: &Record<'_>, property: Property, notes: &mut Notes) -> DateBound {
    let (dates, unreadable) = dates(record.all(property).filter(|text| !text.is_empty()));
    if let Some(text) = unreadable {
        notes.unreadable(format!("the date {text:?} cannot be read: give 2019, 2019-03 or 2019-03-14"));
    }
    match (&*dates, unreadable) {
        ([], None) => DateBound::Missing,
        ([], Some(_)) => DateBound::Between { not_before: None, not_after: None },
        ([date], _) => DateBound::On(*date),
        ([first, .., last], _) if first.first_day() <= last.first_day() && last.last_day() <= first.last_day() => {
            DateBound::On(*last)
        }
        ([first, .., last], _) => DateBound::Between { not_before: Some(*first), not_after: Some(*last) },
    }
}
