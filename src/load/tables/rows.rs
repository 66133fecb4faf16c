//! Rows → builder.

use super::{Cells, Table, Wrong};
use crate::error::{Location, Result};
use crate::graph::columns::InterestParts;
use crate::graph::{Account, GraphBuilder, Joined};
use crate::load::intake::Intake;
use crate::model::entity::EntityDetails;
use crate::model::interest::InterestDetails;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::model::{
    Confidence, DateBound, Directness, EntityKind, EntityRecord, Fact, Identifier, InterestKind, Mark, Marks, Share,
    ShareRange, Source,
};
use std::collections::{HashMap, HashSet};

/// What the rows of one input share.
pub(super) struct Rows {
    format: &'static str,
    /// The inputs that the rows name, by number.
    inputs: HashMap<String, u16>,
    /// Statements of several interests.
    statements: HashMap<String, u32>,
    /// The first account of this input.
    first_account: u32,
    orders: HashMap<u32, u64>,
    /// Interests without a source in a statement whose others have one.
    sourceless: HashSet<u32>,
}

impl Rows {
    pub(super) fn new(builder: &GraphBuilder, format: &'static str) -> Self {
        Self {
            format,
            inputs: HashMap::new(),
            statements: HashMap::new(),
            first_account: builder.account_count(),
            orders: HashMap::new(),
            sourceless: HashSet::new(),
        }
    }

    /// Takes a row in, or rejects it with its text.
    pub(super) fn add(
        &mut self,
        intake: &mut Intake<'_>,
        table: Table,
        cells: &impl Cells,
        line: u64,
        text: impl FnOnce() -> String,
    ) -> Result<()> {
        let location = intake.at(line);
        let added = match table {
            Table::Entities => entity(cells).map(|record| take_entity(intake.builder, record, &location)),
            Table::Interests => match interest(cells) {
                Ok(row) => Ok(self.take_interest(intake, row, line, &location)),
                Err(wrong) => Err(wrong),
            },
            Table::Sources => source(cells).map(|source| {
                intake.builder.source(source, &location);
                Ok(())
            }),
            Table::Jurisdictions => jurisdiction(cells).map(|record| intake.builder.jurisdiction(record, &location)),
        };
        match added {
            Ok(taken) => taken.map(|()| intake.accept()),
            Err(wrong) => intake.reject(location, wrong, &text()),
        }
    }

    /// Ends the input: statements get the order in which they were first read.
    pub(super) fn finish(self, builder: &mut GraphBuilder) {
        builder.settle_sources(&self.sourceless);
        let ranks = self.orders.into_iter().map(|(account, order)| (order, account)).collect();
        builder.reorder_accounts(self.first_account, ranks);
        builder.dates_are_final(self.first_account);
    }

    fn take_interest(
        &mut self,
        intake: &mut Intake<'_>,
        row: InterestCells,
        line: u64,
        location: &Location,
    ) -> Result<()> {
        let builder = &mut *intake.builder;
        let input = match &row.input {
            None => intake.input,
            Some(name) => match self.inputs.get(name) {
                Some(&input) => input,
                None => {
                    let (number, family) = crate::load::Format::Tables.namespace();
                    let input = builder.input_of(name, self.format, (number, family))?;
                    self.inputs.insert(name.clone(), input);
                    input
                }
            },
        };
        let record = row.record.unwrap_or(u32::try_from(line).unwrap_or(u32::MAX));
        let known = row.statement.as_ref().and_then(|statement| self.statements.get(statement)).copied();
        let account = match known {
            Some(account) => account,
            None => self.new_account(builder, &row)?,
        };
        let shared = builder.account_source(account).map(str::to_owned);
        let (owner, owned) = (builder.refer(&row.owner, location)?, builder.refer(&row.owned, location)?);
        let number = builder.interest(&InterestParts { owner, owned, account, input, record, ..row.parts })?;
        let given = row.id.filter(|id| row.input.as_ref().is_none_or(|input| *id != format!("{input}:{record}")));
        if let Some(id) = given {
            builder.interest_id(number, &id);
        }
        let mut details = row.details;
        if shared.is_some() && details.sources.is_empty() {
            self.sourceless.insert(number);
        } else if shared.is_some_and(|shared| details.sources == [shared]) {
            details.sources.clear();
        }
        details.sources.iter().for_each(|source| {
            builder.mentioned_source(source);
        });
        builder.interest_details(number, details);
        Ok(())
    }

    fn new_account(&mut self, builder: &mut GraphBuilder, row: &InterestCells) -> Result<u32> {
        // In a plain edges file each row has a source of its own, or none.
        let source = match row.details.sources.as_slice() {
            [source] if !row.account.rows_add => Some(builder.mentioned_source(source)),
            _ => None,
        };
        let account = builder.new_account(Account { source, ..row.account })?;
        if let Some(statement) = &row.statement {
            self.statements.insert(statement.clone(), account);
        }
        if let Some(order) = row.order {
            self.orders.insert(account, order.into());
        }
        Ok(account)
    }
}

fn take_entity(
    builder: &mut GraphBuilder,
    (record, joined): (EntityRecord, Vec<Joined>),
    location: &Location,
) -> Result<()> {
    let node = builder.entity(record, location)?;
    if !joined.is_empty() {
        builder.was_joined(node, joined);
    }
    Ok(())
}

fn entity(cells: &impl Cells) -> Result<(EntityRecord, Vec<Joined>), Wrong> {
    let owned = |column: &str| cells.text(column).map(|text| text.map(|text| text.into_owned()));
    let identifiers = cells.list("identifiers")?.iter().map(|text| identifier(text)).collect::<Result<_, _>>()?;
    let record = EntityRecord {
        id: cells.needed("id")?.into_owned(),
        name: cells.needed("name")?.into_owned(),
        kind: cells.word::<EntityKind>("kind", "kind of entity")?.ok_or("gives no kind")?,
        jurisdiction: owned("jurisdiction")?,
        jurisdiction_inferred: cells.flag("jurisdiction_inferred")?,
        identifiers,
        founded: cells.date("founded")?,
        dissolved: cells.date("dissolved")?,
        owners_complete: cells.flag("owners_complete")?,
        details: EntityDetails {
            legal_form: owned("legal_form")?,
            aliases: cells.list("aliases")?,
            former_names: cells.list("former_names")?,
            listed: cells.flag("listed")?,
            topics: cells.list("topics")?,
            note: owned("note")?,
            sources: cells.list("sources")?,
            facts: cells.parts::<Vec<Fact>>("facts")?,
        },
    };
    Ok((record, cells.parts("joined")?))
}

/// `scheme:value`, where `:` and `%` of the scheme are escaped.
fn identifier(text: &str) -> Result<Identifier, Wrong> {
    let (scheme, id) = text.split_once(':').ok_or_else(|| format!("identifier {text:?} is not scheme:value"))?;
    Ok(Identifier { scheme: scheme.replace("%3A", ":").replace("%25", "%"), id: id.to_owned() })
}

/// An interest whose parties, account and place are not looked up yet.
struct InterestCells {
    id: Option<String>,
    owner: String,
    owned: String,
    statement: Option<String>,
    order: Option<u32>,
    account: Account,
    input: Option<String>,
    record: Option<u32>,
    parts: InterestParts,
    details: InterestDetails,
}

fn interest(cells: &impl Cells) -> Result<InterestCells, Wrong> {
    let owned = |column: &str| cells.text(column).map(|text| text.map(|text| text.into_owned()));
    let marks = [
        (Mark::Approximate, "approximate"),
        (Mark::Derived, "derived"),
        (Mark::Inferred, "inferred"),
        (Mark::Contested, "contested"),
        (Mark::DatesInferred, "dates_inferred"),
    ];
    let marks = marks
        .into_iter()
        .try_fold(Marks::NONE, |marks, (mark, column)| Ok::<_, Wrong>(marks.with(mark, cells.flag(column)?)))?;
    let parts = InterestParts {
        owner: Default::default(),
        owned: Default::default(),
        kind: cells.word::<InterestKind>("kind", "kind of interest")?.ok_or("gives no kind")?,
        share: share(cells)?,
        start: bound(cells, ["start", "start_not_before", "start_not_after"])?,
        end: bound(cells, ["end", "end_not_before", "end_not_after"])?,
        directness: cells.word::<Directness>("directness", "directness")?.unwrap_or_default(),
        confidence: cells.word::<Confidence>("confidence", "confidence")?.unwrap_or_default(),
        marks,
        controlling: cells.flag("controlling")?,
        account: 0,
        input: 0,
        record: 0,
    };
    let account = Account {
        stated: cells.date("stated")?,
        published: cells.date("published")?,
        retrieved: cells.date("retrieved")?,
        rows_add: cells.flag("statement_adds")?,
        source: None,
    };
    Ok(InterestCells {
        id: owned("id")?,
        owner: cells.needed("owner")?.into_owned(),
        owned: cells.needed("owned")?.into_owned(),
        statement: owned("statement")?,
        order: cells.count("statement_order")?,
        account,
        input: owned("input")?,
        record: cells.count("record")?,
        parts,
        details: InterestDetails {
            reason: owned("reason")?,
            note: owned("note")?,
            date_note: owned("date_note")?,
            stated: None,
            sources: cells.list("sources")?,
        },
    })
}

fn share(cells: &impl Cells) -> Result<ShareRange, Wrong> {
    let (min, max) = (cells.number("min")?, cells.number("max")?);
    if min.is_none() && max.is_none() {
        return Ok(ShareRange::UNKNOWN);
    }
    let end = |percent: Option<f64>, missing, column| {
        percent.map_or(Ok(missing), |percent| {
            Share::from_percent(percent).map_err(|error| format!("{column} {percent} {error}"))
        })
    };
    let (low, high) = (end(min, Share::ZERO, "min")?, end(max, Share::WHOLE, "max")?);
    ShareRange::new(low, high, cells.flag("min_open")?, cells.flag("max_open")?)
        .map_err(|error| format!("the range {low}-{high} {error}"))
}

fn bound(cells: &impl Cells, [on, not_before, not_after]: [&str; 3]) -> Result<DateBound, Wrong> {
    if cells.text(on)?.is_some_and(|text| text == "?") {
        return Ok(DateBound::Between { not_before: None, not_after: None });
    }
    match (cells.date(on)?, cells.date(not_before)?, cells.date(not_after)?) {
        (None, None, None) => Ok(DateBound::Missing),
        (Some(date), None, None) => Ok(DateBound::On(date)),
        (None, not_before, not_after) => Ok(DateBound::Between { not_before, not_after }),
        (Some(_), ..) => Err(format!("gives both {on} and bounds for it")),
    }
}

fn source(cells: &impl Cells) -> Result<Source, Wrong> {
    let owned = |column: &str| cells.text(column).map(|text| text.map(|text| text.into_owned()));
    Ok(Source {
        id: cells.needed("id")?.into_owned(),
        title: owned("title")?.unwrap_or_default(),
        publisher: owned("publisher")?,
        date: cells.date("date")?,
        url: owned("url")?,
        urls: cells.list("urls")?,
        retrieved: cells.date("retrieved")?,
        read: owned("read")?,
        note: owned("note")?,
    })
}

fn jurisdiction(cells: &impl Cells) -> Result<JurisdictionRecord, Wrong> {
    Ok(JurisdictionRecord {
        code: cells.needed("code")?.into_owned(),
        facts: cells.parts("facts")?,
        sources: cells.list("sources")?,
        note: cells.text("note")?.map(|text| text.into_owned()),
    })
}
