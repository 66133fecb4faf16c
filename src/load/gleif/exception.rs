//! Reporting exceptions: why an entity reports no parent. An answer, not a gap.

use super::party::statement;
use super::values::{Field, Values};
use super::{Filing, Findings, Refused, in_capitals};
use crate::error::{Location, Result};
use crate::graph::Account;
use crate::graph::columns::InterestParts;
use crate::model::{Confidence, DateBound, Directness, InterestKind, Marks, ShareRange};

/// Whom a reason speaks of without a name.
#[derive(Debug, Clone, Copy)]
struct Unnamed {
    name: &'static str,
    kind: InterestKind,
}

/// What a reason means.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    code: &'static str,
    words: &'static str,
    unnamed: Option<Unnamed>,
}

const PEOPLE: Unnamed = Unnamed { name: "Natural persons (not named)", kind: InterestKind::UnknownInterest };
const NOT_CONSOLIDATING: Unnamed =
    Unnamed { name: "Owner that does not consolidate (not named)", kind: InterestKind::UnknownInterest };
const WITHOUT_LEI: Unnamed = Unnamed { name: "Parent without an LEI (not named)", kind: InterestKind::Parent };
const WITHHELD: Unnamed = Unnamed { name: "Parent not named (withheld)", kind: InterestKind::UnpublishedInterest };

/// The reasons, those that are no longer in use included. `NO_KNOWN_PERSON` says that nobody controls the entity: there is
/// no party behind it.
const REASONS: [Meaning; 10] = [
    reason(
        "NO_KNOWN_PERSON",
        "no person is known who controls it, for example because its shares are widely held",
        None,
    ),
    reason("NATURAL_PERSONS", "it is controlled by natural persons, without a legal entity between", Some(PEOPLE)),
    reason(
        "NON_CONSOLIDATING",
        "the legal entities that control it need not consolidate it in their accounts",
        Some(NOT_CONSOLIDATING),
    ),
    reason("NO_LEI", "the parent has no LEI", Some(WITHOUT_LEI)),
    reason("NON_PUBLIC", "the parent is not made public", Some(WITHHELD)),
    reason("BINDING_LEGAL_COMMITMENTS", "binding legal commitments forbid to publish the parent", Some(WITHHELD)),
    reason("LEGAL_OBSTACLES", "the law of its jurisdiction forbids to publish the parent", Some(WITHHELD)),
    reason("DISCLOSURE_DETRIMENTAL", "publishing the parent would harm the entity or the parent", Some(WITHHELD)),
    reason("DETRIMENT_NOT_EXCLUDED", "harm from publishing the parent cannot be excluded", Some(WITHHELD)),
    reason("CONSENT_NOT_OBTAINED", "the parent has not agreed to be published", Some(WITHHELD)),
];

const fn reason(code: &'static str, words: &'static str, unnamed: Option<Unnamed>) -> Meaning {
    Meaning { code, words, unnamed }
}

/// The two parents that are asked for.
const CATEGORIES: [(&str, &str, Directness); 2] = [
    ("DIRECT_ACCOUNTING_CONSOLIDATION_PARENT", "direct", Directness::Direct),
    ("ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT", "ultimate", Directness::Indirect),
];

/// What an exception says.
pub(super) struct Exception {
    lei: String,
    text: String,
    directness: Directness,
    end: DateBound,
    /// The party that a reason speaks of, with its id.
    unnamed: Option<(String, Unnamed)>,
}

impl Exception {
    pub(super) fn read(values: &Values<'_>, findings: &mut Findings) -> Result<Self, Refused> {
        let lei = in_capitals(values.text_of(Field::Lei)).into_owned();
        if lei.is_empty() {
            return Err(Refused::because("the exception has no LEI: nothing says whose parent it speaks of"));
        }
        let category = values.get(Field::ExceptionCategory);
        let Some((category, which, directness)) = CATEGORIES.into_iter().find(|(code, _, _)| *code == category) else {
            let known = CATEGORIES.map(|(code, _, _)| code).join(" or ");
            return Err(Refused(format!("exception category {category:?} is not {known}")));
        };
        let meanings = meanings(values)?;
        let deleted = findings.date("DeletedAt", values.get(Field::Deleted));
        let mut text = sentence(which, &meanings, values);
        if let Some(day) = deleted {
            text.push_str(&format!(" Taken back by {day}."));
        }
        let up_to = |day| DateBound::Between { not_before: None, not_after: Some(day) };
        let unnamed = meanings.iter().find_map(|known| Some((known, known.unnamed?)));
        let unnamed = unnamed.map(|(meaning, unnamed)| (format!("{lei}-{category}-{}", meaning.code), unnamed));
        Ok(Self { lei, text, directness, end: deleted.map_or(DateBound::Missing, up_to), unnamed })
    }

    pub(super) fn add(self, filing: &mut Filing<'_, '_>, line: u64, location: &Location) -> Result<()> {
        let party = filing.party(&self.lei, location)?;
        let date = filing.published.map_or(DateBound::Missing, DateBound::On);
        filing.fact(party, statement(self.text, date));
        match self.unnamed {
            Some((id, unnamed)) => {
                add_unnamed(filing, (&id, &self.lei), unnamed, (self.directness, self.end, line), location)
            }
            None => Ok(()),
        }
    }
}

/// What the reasons of an exception mean, all of them.
fn meanings(values: &Values<'_>) -> Result<Vec<Meaning>, Refused> {
    let codes: Vec<&str> = values.all(Field::ExceptionReason).map(|(_, code)| code).collect();
    if codes.is_empty() {
        return Err(Refused::because("the exception gives no reason"));
    }
    let meanings: Vec<Meaning> =
        codes.iter().filter_map(|code| REASONS.into_iter().find(|known| known.code == *code)).collect();
    if meanings.len() < codes.len() {
        let known = REASONS.map(|known| known.code).join(", ");
        return Err(Refused(format!("exception reason {:?} is none of {known}", codes.join(", "))));
    }
    Ok(meanings)
}

/// `No direct parent is reported (NO_LEI): the parent has no LEI. Reference: …`
fn sentence(which: &str, meanings: &[Meaning], values: &Values<'_>) -> String {
    let codes: Vec<_> = meanings.iter().map(|meaning| meaning.code).collect();
    let words: Vec<_> = meanings.iter().map(|meaning| meaning.words).collect();
    let references: Vec<_> = values.all(Field::ExceptionReference).map(|(_, reference)| reference).collect();
    let mut text = format!("No {which} parent is reported ({}): {}.", codes.join(", "), words.join("; "));
    if !references.is_empty() {
        text.push_str(&format!(" Reference: {}.", references.join(", ").trim_end_matches('.')));
    }
    text
}

/// Adds the party that a reason speaks of and its interest.
fn add_unnamed(
    filing: &mut Filing<'_, '_>,
    (id, lei): (&str, &str),
    unnamed: Unnamed,
    (directness, end, line): (Directness, DateBound, u64),
    location: &Location,
) -> Result<()> {
    let owner = filing.unnamed(id, unnamed.name, location)?;
    let owned = filing.party(lei, location)?;
    let account = Account { published: filing.published, source: filing.source, ..Account::default() };
    let account = filing.intake.builder.new_account(account)?;
    let number = filing.intake.builder.interest(&InterestParts {
        owner,
        owned,
        kind: unnamed.kind,
        share: ShareRange::UNKNOWN,
        start: DateBound::Missing,
        end,
        directness,
        confidence: Confidence::High,
        marks: Marks::NONE,
        controlling: false,
        account,
        input: filing.intake.input,
        record: u32::try_from(line).unwrap_or(u32::MAX),
    })?;
    filing.intake.builder.interest_id(number, id);
    Ok(())
}
