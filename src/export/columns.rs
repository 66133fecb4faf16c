//! The columns of every table that is written, with their types and meanings: one list for CSV, JSON Lines, Parquet,
//! GraphML, GEXF and Neo4j. `docs/columns.md` is made of it.

use super::records::InterestRow;
use crate::graph::Entity;
use crate::model::jurisdiction::JurisdictionRecord;
use crate::model::{DateBound, Directness, Mark, PartialDate, Source};
use serde::Serialize;
use std::borrow::Cow;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'g> {
    /// Nothing is known.
    Nothing,
    /// Text, never empty.
    Text(Cow<'g, str>),
    /// Several texts.
    List(Vec<Cow<'g, str>>),
    /// A number.
    Number(f64),
    /// A whole number.
    Count(u32),
    /// Yes or no.
    Flag(bool),
    /// A year, a month or a day.
    Date(PartialDate),
    /// Something with parts of its own.
    Json(serde_json::Value),
}

/// What kind of value stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Several texts; where a format has no lists, joined by `;`.
    List,
    /// A number.
    Number,
    /// A whole number.
    Count,
    /// Yes or no.
    Flag,
    /// A date as it is stated: a year, a month or a day; `?` where a date exists and nothing is known of it.
    Date,
    /// JSON; where a format has none, its text.
    Json,
}

impl Kind {
    /// The word for it in the documentation.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::List => "list",
            Kind::Number => "number",
            Kind::Count => "whole number",
            Kind::Flag => "yes or no",
            Kind::Date => "date",
            Kind::Json => "JSON",
        }
    }
}

/// A column of a table.
#[derive(Debug)]
pub struct Column<T: Table + ?Sized> {
    /// Its name, the same in every format.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// What that means.
    pub meaning: &'static str,
    /// The cell of a row.
    pub value: for<'r, 'g> fn(&'r T::Row<'g>) -> Value<'r>,
}

/// A table of the graph.
pub trait Table: 'static {
    /// What a row is about.
    type Row<'g>;
    /// Its name, plural: the name of its file.
    const NAME: &'static str;
    /// What one row is called in JSON Lines.
    const ONE: &'static str;
    /// Its columns, in the order in which they are written.
    const COLUMNS: &'static [Column<Self>];
}

/// Parties.
#[derive(Debug)]
pub enum Entities {}

/// Who holds what in whom.
#[derive(Debug)]
pub enum Interests {}

/// Who states it.
#[derive(Debug)]
pub enum Sources {}

/// What the data say about places.
#[derive(Debug)]
pub enum Jurisdictions {}

const fn column<T: Table + ?Sized>(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    value: for<'r, 'g> fn(&'r T::Row<'g>) -> Value<'r>,
) -> Column<T> {
    Column { name, kind, meaning, value }
}

impl Table for Entities {
    type Row<'g> = Entity<'g>;
    const NAME: &'static str = "entities";
    const ONE: &'static str = "entity";
    const COLUMNS: &'static [Column<Self>] = &[
        column("id", Kind::Text, "Id within the data", |row| text(row.id())),
        column("name", Kind::Text, "The name to show", |row| text(row.name())),
        column(
            "kind",
            Kind::Text,
            "`person`, `company`, `arrangement`, `state`, `state-body`, or `unknown`: a party that is not named",
            |row| text(row.kind().as_str()),
        ),
        column("jurisdiction", Kind::Text, "ISO 3166-1 or -2 code, or the code of a register", |row| {
            optional(row.jurisdiction())
        }),
        column("jurisdiction_inferred", Kind::Flag, "Whether the jurisdiction is inferred, not stated", |row| {
            Value::Flag(row.jurisdiction_inferred())
        }),
        column(
            "identifiers",
            Kind::List,
            "Official numbers as `scheme:value` with org-id.guide schemes; `:` and `%` within a scheme are `%3A` and `%25`",
            |row| {
                let scheme = |scheme: &str| scheme.replace('%', "%25").replace(':', "%3A");
                let numbers =
                    row.identifiers().map(|number| format!("{}:{}", scheme(&number.scheme), number.id).into());
                Value::List(numbers.collect())
            },
        ),
        column("aliases", Kind::List, "Other names in use", |row| list(&row.details().aliases)),
        column("former_names", Kind::List, "Names it had before", |row| list(&row.details().former_names)),
        column("legal_form", Kind::Text, "Legal form as the source words it", |row| {
            optional(row.details().legal_form.as_deref())
        }),
        column("founded", Kind::Date, "Founded or born", |row| date(row.founded())),
        column("dissolved", Kind::Date, "Dissolved or died", |row| date(row.dissolved())),
        column("owners_complete", Kind::Flag, "Whether all its owners are stated", |row| {
            Value::Flag(row.owners_complete())
        }),
        column("listed", Kind::Flag, "Whether the party itself stands on a sanctions list", |row| {
            Value::Flag(row.details().listed)
        }),
        column("topics", Kind::List, "Topics of FollowTheMoney, such as `sanction` and `role.pep`", |row| {
            list(&row.details().topics)
        }),
        column("sources", Kind::List, "Ids of the sources that describe it", |row| list(&row.details().sources)),
        column("joined", Kind::Json, "Records that were joined into it: `id`, `name`, `reason`", |row| {
            json(row.joined())
        }),
        column("facts", Kind::Json, "Dated facts: `date`, `kind`, `text`, `sources` and more", |row| {
            json(&row.details().facts)
        }),
        column("note", Kind::Text, "Anything a reader should know", |row| optional(row.details().note.as_deref())),
    ];
}

impl Table for Interests {
    type Row<'g> = InterestRow<'g>;
    const NAME: &'static str = "interests";
    const ONE: &'static str = "interest";
    const COLUMNS: &'static [Column<Self>] = &[
        column(
            "id",
            Kind::Text,
            "Id that the data give it, else `input:record`; those of one statement may share it",
            |row| cow(row.stake.id()),
        ),
        column("owner", Kind::Text, "Id of the party that holds", |row| text(row.stake.owner().id())),
        column("owned", Kind::Text, "Id of the party that is held", |row| text(row.stake.owned().id())),
        column("kind", Kind::Text, "Kind of the interest, as in the README", |row| {
            text(row.stake.interest().kind().as_str())
        }),
        column("min", Kind::Number, "At least so many percent; empty, as `max`, where no share is stated", |row| {
            share(row, |share| share.min().percent())
        }),
        column(
            "max",
            Kind::Number,
            "At most so many percent; equal to `min` where the share is known exactly",
            |row| share(row, |share| share.max().percent()),
        ),
        column("min_open", Kind::Flag, "Whether it is more than `min`", |row| {
            Value::Flag(row.stake.interest().share().min_open())
        }),
        column("max_open", Kind::Flag, "Whether it is less than `max`", |row| {
            Value::Flag(row.stake.interest().share().max_open())
        }),
        column("approximate", Kind::Flag, "Whether the share is rounded or \"about\"", |row| {
            mark(row, Mark::Approximate)
        }),
        column("derived", Kind::Flag, "Whether the share is arithmetic from other figures", |row| {
            mark(row, Mark::Derived)
        }),
        column("start", Kind::Date, "When it began", |row| on(row.stake.start())),
        column("start_not_before", Kind::Date, "It began then or later", |row| not_before(row.stake.start())),
        column("start_not_after", Kind::Date, "It began then or earlier", |row| not_after(row.stake.start())),
        column("end", Kind::Date, "When it ended: the first day out, or the last month or year", |row| {
            on(row.stake.end())
        }),
        column("end_not_before", Kind::Date, "It ended then or later", |row| not_before(row.stake.end())),
        column("end_not_after", Kind::Date, "It ended then or earlier", |row| not_after(row.stake.end())),
        column("dates_inferred", Kind::Flag, "Whether the dates are inferred", |row| mark(row, Mark::DatesInferred)),
        column("date_note", Kind::Text, "Where the dates come from", |row| {
            optional(row.stake.details().and_then(|details| details.date_note.as_deref()))
        }),
        column("directness", Kind::Text, "`direct`, `indirect` or `unknown`", |row| {
            text(match row.stake.interest().directness() {
                Directness::Direct => "direct",
                Directness::Indirect => "indirect",
                Directness::Unknown => "unknown",
            })
        }),
        column("confidence", Kind::Text, "`high`, `medium` or `low`", |row| {
            text(row.stake.interest().confidence().as_str())
        }),
        column("reason", Kind::Text, "Why the confidence is what it is", |row| {
            optional(row.stake.details().and_then(|details| details.reason.as_deref()))
        }),
        column("inferred", Kind::Flag, "Whether the interest is inferred", |row| mark(row, Mark::Inferred)),
        column("contested", Kind::Flag, "Whether somebody disputes it", |row| mark(row, Mark::Contested)),
        column("controlling", Kind::Flag, "Whether a right without a share certainly gives control here", |row| {
            Value::Flag(row.stake.interest().is_controlling())
        }),
        column(
            "statement",
            Kind::Text,
            "Interests with the same text are one statement; empty where a statement has one interest",
            |row| row.statement.clone().map_or(Value::Nothing, Value::Text),
        ),
        column(
            "statement_order",
            Kind::Count,
            "Of several statements on one pair, the order in which they were read; the last counts among equals",
            |row| row.order.map_or(Value::Nothing, Value::Count),
        ),
        column("statement_adds", Kind::Flag, "Whether interests of one pair add up within the statement", |row| {
            Value::Flag(row.adds)
        }),
        column("stated", Kind::Date, "When the statement was made", |row| date(row.stake.stated())),
        column("published", Kind::Date, "When it was published", |row| date(row.stake.published())),
        column("retrieved", Kind::Date, "When the source was retrieved", |row| date(row.stake.retrieved())),
        column("sources", Kind::List, "Ids of the sources that state it", |row| list(row.stake.source_ids())),
        column("input", Kind::Text, "The file that states it, `archive!member` for a member of an archive", |row| {
            text(row.stake.input())
        }),
        column("record", Kind::Count, "Line or number of the record within the file, from 1", |row| {
            Value::Count(row.stake.record())
        }),
        column("note", Kind::Text, "Anything a reader should know", |row| {
            optional(row.stake.details().and_then(|details| details.note.as_deref()))
        }),
    ];
}

impl Table for Sources {
    type Row<'g> = &'g Source;
    const NAME: &'static str = "sources";
    const ONE: &'static str = "source";
    const COLUMNS: &'static [Column<Self>] = &[
        column("id", Kind::Text, "Id within the data", |row| text(&row.id)),
        column("title", Kind::Text, "Title of the document, register or dataset", |row| text(&row.title)),
        column("publisher", Kind::Text, "Who published it", |row| optional(row.publisher.as_deref())),
        column("date", Kind::Date, "When it was published", |row| date(row.date)),
        column("url", Kind::Text, "Where it can be read", |row| optional(row.url.as_deref())),
        column("urls", Kind::List, "Further places where it can be read", |row| list(&row.urls)),
        column("retrieved", Kind::Date, "When it was retrieved", |row| date(row.retrieved)),
        column("read", Kind::Text, "How much of it was read", |row| optional(row.read.as_deref())),
        column("note", Kind::Text, "Anything a reader should know", |row| optional(row.note.as_deref())),
    ];
}

impl Table for Jurisdictions {
    type Row<'g> = &'g JurisdictionRecord;
    const NAME: &'static str = "jurisdictions";
    const ONE: &'static str = "jurisdiction";
    const COLUMNS: &'static [Column<Self>] = &[
        column("code", Kind::Text, "ISO 3166-1 or -2 code", |row| text(&row.code)),
        column("sources", Kind::List, "Ids of the sources that name it", |row| list(&row.sources)),
        column("facts", Kind::Json, "Dated facts about it", |row| json(&row.facts)),
        column("note", Kind::Text, "Anything a reader should know", |row| optional(row.note.as_deref())),
    ];
}

fn text(text: &str) -> Value<'_> {
    cow(Cow::Borrowed(text))
}

fn cow(text: Cow<'_, str>) -> Value<'_> {
    if text.is_empty() { Value::Nothing } else { Value::Text(text) }
}

fn optional(value: Option<&str>) -> Value<'_> {
    value.map_or(Value::Nothing, text)
}

fn list(items: &[String]) -> Value<'_> {
    Value::List(items.iter().map(|item| Cow::Borrowed(item.as_str())).collect())
}

fn date(date: Option<PartialDate>) -> Value<'static> {
    date.map_or(Value::Nothing, Value::Date)
}

fn json<'g>(items: &[impl Serialize]) -> Value<'g> {
    match serde_json::to_value(items) {
        Ok(value) if !items.is_empty() => Value::Json(value),
        _ => Value::Nothing,
    }
}

fn share<'g>(row: &InterestRow<'g>, end: fn(crate::model::ShareRange) -> f64) -> Value<'g> {
    let share = row.stake.interest().share();
    if share.is_unknown() { Value::Nothing } else { Value::Number(end(share)) }
}

fn mark<'g>(row: &InterestRow<'g>, mark: Mark) -> Value<'g> {
    Value::Flag(row.stake.interest().marks().has(mark))
}

/// Stands for a date that exists and of which nothing is known.
pub const SOME_DATE: &str = "?";

fn on(bound: DateBound) -> Value<'static> {
    match bound {
        DateBound::On(date) => Value::Date(date),
        DateBound::Between { not_before: None, not_after: None } => Value::Text(Cow::Borrowed(SOME_DATE)),
        _ => Value::Nothing,
    }
}

fn not_before(bound: DateBound) -> Value<'static> {
    match bound {
        DateBound::Between { not_before, .. } => date(not_before),
        _ => Value::Nothing,
    }
}

fn not_after(bound: DateBound) -> Value<'static> {
    match bound {
        DateBound::Between { not_after, .. } => date(not_after),
        _ => Value::Nothing,
    }
}

impl<'g> Value<'g> {
    /// The cell as text, for formats without types; `None` where nothing is known.
    ///
    /// Items of a list are joined by `;`. Within them `\` is `\\`, `;` is `\;`, and an empty item is `\e`.
    pub fn plain(self) -> Option<Cow<'g, str>> {
        match self {
            Value::Nothing => None,
            Value::Text(text) => Some(text),
            Value::List(items) if items.is_empty() => None,
            Value::List(items) => Some(join(&items).into()),
            Value::Number(number) => Some(number.to_string().into()),
            Value::Count(count) => Some(count.to_string().into()),
            Value::Flag(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            Value::Date(date) => Some(date.to_string().into()),
            Value::Json(value) => Some(value.to_string().into()),
        }
    }
}

fn join(items: &[Cow<'_, str>]) -> String {
    let escaped = items.iter().map(|item| match item.as_ref() {
        "" => "\\e".to_owned(),
        item => item.replace('\\', "\\\\").replace(';', "\\;"),
    });
    escaped.collect::<Vec<_>>().join(";")
}

/// The documentation of all columns, in Markdown.
pub fn documentation() -> String {
    let mut out = String::from(HEAD);
    section::<Entities>(&mut out);
    section::<Interests>(&mut out);
    section::<Sources>(&mut out);
    section::<Jurisdictions>(&mut out);
    out
}

const HEAD: &str = include_str!("columns.md");

fn section<T: Table>(out: &mut String) {
    let title = format!("{}{}", T::NAME[..1].to_uppercase(), &T::NAME[1..]);
    out.push_str(&format!("\n## {title}\n\n| column | type | meaning |\n|---|---|---|\n"));
    for column in T::COLUMNS {
        out.push_str(&format!("| `{}` | {} | {} |\n", column.name, column.kind.word(), column.meaning));
    }
}
