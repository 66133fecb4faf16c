//! The project's own JSON: pleasant to write by hand, documented by `data/cuibono.schema.json`.

use super::intake::Intake;
use super::keys;
use crate::error::{Error, Location, Result};
use crate::graph::GraphBuilder;
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, EntityRecord, Fact, Identifier, InterestKind, InterestRecord, Mark,
    Marks, PartialDate, Share, ShareRange, Source,
};
use crate::problem::Rule;
use foldhash::quality::RandomState;
use serde::Deserialize;
use std::collections::HashSet;
use std::io::BufRead;

/// The version of the format that is read.
const VERSION: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cuibono: u32,
    #[serde(default, rename = "$schema")]
    _schema: Option<String>,
    #[serde(default, rename = "title")]
    _title: Option<String>,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "license")]
    _license: Option<String>,
    #[serde(default)]
    sources: Vec<Source>,
    #[serde(default)]
    jurisdictions: Vec<JurisdictionRecord>,
    #[serde(default)]
    entities: Vec<NativeEntity>,
    #[serde(default)]
    interests: Vec<NativeInterest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NativeEntity {
    id: String,
    name: String,
    kind: EntityKind,
    #[serde(default)]
    jurisdiction: Option<String>,
    #[serde(default)]
    jurisdiction_inferred: bool,
    #[serde(default)]
    legal_form: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    former_names: Vec<String>,
    #[serde(default)]
    identifiers: Vec<Identifier>,
    #[serde(default)]
    founded: Option<PartialDate>,
    #[serde(default)]
    dissolved: Option<PartialDate>,
    #[serde(default)]
    owners_complete: bool,
    #[serde(default)]
    listed: bool,
    #[serde(default)]
    topics: Vec<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NativeInterest {
    id: String,
    owner: String,
    owned: String,
    kind: InterestKind,
    #[serde(default)]
    share: Option<NativeShare>,
    #[serde(default)]
    approximate: bool,
    #[serde(default)]
    derived: bool,
    #[serde(default)]
    inferred: bool,
    #[serde(default)]
    contested: bool,
    #[serde(default)]
    start: DateBound,
    #[serde(default)]
    end: DateBound,
    #[serde(default)]
    dates_inferred: bool,
    #[serde(default)]
    date_note: Option<String>,
    #[serde(default)]
    directness: Directness,
    #[serde(default)]
    confidence: Confidence,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    majority: bool,
    #[serde(default)]
    controlling: bool,
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    stated: Option<PartialDate>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a share is percent (70), a text (\"25-50\", \"(25,50]\") or {\"min\": 25, \"max\": 50}")]
enum NativeShare {
    Exact(f64),
    Text(String),
    Range(NativeRange),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NativeRange {
    #[serde(default)]
    min: f64,
    #[serde(default = "whole")]
    max: f64,
    #[serde(default)]
    min_open: bool,
    #[serde(default)]
    max_open: bool,
}

fn whole() -> f64 {
    100.0
}

/// Reads one file into the builder. The file is checked as a whole before anything counts as read.
pub(super) fn read(intake: &mut Intake<'_>, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let text = super::whole_text(intake, reader)?;
    let settled = intake.keys.settle(&text);
    read_text(intake, settled.as_deref().unwrap_or(&text))
}

/// Reads the text of one file into the builder.
pub(super) fn read_text(intake: &mut Intake<'_>, text: &str) -> Result<()> {
    let (name, input) = (intake.name, intake.input);
    if text.trim_start().starts_with('[') {
        let message = "is a JSON array; the native format is an object that begins with {\"cuibono\": 1";
        return Err(Error::data(Location::of(name), message));
    }
    let file: File = serde_json::from_str(text).map_err(|error| {
        let location = Location {
            source: name.to_owned(),
            line: Some(error.line() as u64),
            column: Some(error.column() as u64),
            record: None,
        };
        match keys::reason(&error, text) {
            Some(twice) => Error::data(location, twice),
            None if error.is_eof() => Error::cut_off(location, strip_position(&error.to_string())),
            None => Error::data(location, strip_position(&error.to_string())),
        }
    })?;
    if file.cuibono != VERSION {
        let message = format!("is of version {} of the format; this program reads version {VERSION}", file.cuibono);
        return Err(Error::data(Location::of(name), message));
    }
    let mut location = Location::of(name);
    let mut claimed = Claimed::new("source", file.sources.len());
    for source in file.sources {
        claimed.by(&source.id, &mut location)?;
        intake.builder.source(source, &location);
    }
    let mut claimed = Claimed::new("jurisdiction", file.jurisdictions.len());
    for jurisdiction in file.jurisdictions {
        claimed.by(&jurisdiction.code, &mut location)?;
        intake.builder.jurisdiction(jurisdiction, &location)?;
    }
    let mut claimed = Claimed::new("entity", file.entities.len());
    for entity in file.entities {
        claimed.by(&entity.id, &mut location)?;
        intake.builder.entity(entity.into_record(), &location)?;
        intake.accept();
    }
    let mut claimed = Claimed::new("interest", file.interests.len());
    for (index, interest) in file.interests.into_iter().enumerate() {
        claimed.by(&interest.id, &mut location)?;
        add_interest(intake.builder, interest, (input, index as u32 + 1), &location)?;
        intake.accept();
    }
    Ok(())
}

/// The ids that records of one kind have, each of them once.
struct Claimed {
    kind: &'static str,
    ids: HashSet<String, RandomState>,
}

impl Claimed {
    fn new(kind: &'static str, count: usize) -> Self {
        Self { kind, ids: HashSet::with_capacity_and_hasher(count, RandomState::default()) }
    }

    /// Moves the location to the record with an id, which no record before it may have.
    fn by(&mut self, id: &str, location: &mut Location) -> Result<()> {
        let record = location.record.get_or_insert_default();
        record.clear();
        record.push_str(id);
        if self.ids.insert(id.to_owned()) {
            return Ok(());
        }
        Err(Error::data(location.clone(), format!("{} {id:?} stands twice in this file", self.kind)))
    }
}

fn add_interest(
    builder: &mut GraphBuilder,
    interest: NativeInterest,
    record: (u16, u32),
    location: &Location,
) -> Result<()> {
    for source in &interest.sources {
        if !builder.has_source(source) {
            return Err(Error::data(location.clone(), format!("refers to source {source:?}, which is not listed")));
        }
    }
    if interest.sources.is_empty() {
        builder.problem(Rule::NoSource, location.clone(), format!("interest {} names no source", interest.id));
    }
    let newest_source = interest.sources.iter().filter_map(|source| builder.source_date(source)).max();
    let share = match &interest.share {
        None => Ok(ShareRange::UNKNOWN),
        Some(NativeShare::Exact(percent)) => Share::from_percent(*percent).map(ShareRange::exact),
        Some(NativeShare::Text(text)) => ShareRange::parse(text),
        Some(NativeShare::Range(range)) => range_of(range),
    };
    let share = share.map_err(|error| Error::data(location.clone(), format!("the share {error}")))?;
    let marks = Marks::NONE
        .with(Mark::Approximate, interest.approximate)
        .with(Mark::Derived, interest.derived)
        .with(Mark::Inferred, interest.inferred)
        .with(Mark::Contested, interest.contested)
        .with(Mark::DatesInferred, interest.dates_inferred);
    let statement = interest.statement;
    let record_of = InterestRecord {
        id: Some(interest.id),
        owner: interest.owner,
        owned: interest.owned,
        kind: interest.kind,
        share,
        start: interest.start,
        end: interest.end,
        directness: interest.directness,
        confidence: interest.confidence,
        marks,
        controlling: interest.majority || interest.controlling,
        details: InterestDetails {
            reason: interest.reason,
            note: interest.note,
            date_note: interest.date_note,
            stated: interest.stated.or(newest_source),
            sources: interest.sources,
        },
    };
    builder.interest_record(record_of, statement.as_deref(), record, location)
}

fn range_of(range: &NativeRange) -> Result<ShareRange, crate::model::share::ShareError> {
    let (min, max) = (Share::from_percent(range.min)?, Share::from_percent(range.max)?);
    ShareRange::new(min, max, range.min_open, range.max_open)
}

impl NativeEntity {
    fn into_record(self) -> EntityRecord {
        EntityRecord {
            id: self.id,
            name: self.name,
            kind: self.kind,
            jurisdiction: self.jurisdiction,
            jurisdiction_inferred: self.jurisdiction_inferred,
            identifiers: self.identifiers,
            founded: self.founded,
            dissolved: self.dissolved,
            owners_complete: self.owners_complete,
            details: EntityDetails {
                legal_form: self.legal_form,
                aliases: self.aliases,
                former_names: self.former_names,
                listed: self.listed,
                topics: self.topics,
                note: self.note,
                sources: self.sources,
                facts: self.facts,
            },
        }
    }
}

/// serde_json repeats the position in its message; the location already says it.
fn strip_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
