//! Neo4j: CSV for `neo4j-admin database import`, and `load.cypher` for a database that runs already.
//!
//! The script holds no data: it reads the same files with `LOAD CSV`, from the folder that its parameter names. The two
//! readers disagree on backslashes and on line breaks within cells, so neither is written.

use super::columns::{Column, Entities, Interests, Kind, Sources, Table, Value};
use super::files::{Files, failed};
use super::losses::Losses;
use super::records::Records;
use crate::error::Result;
use crate::escape::csv::{Cells, CsvWriter};
use crate::graph::View;
use crate::model::{EntityKind, InterestKind};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// A table as nodes or relationships: which columns are keys, and what says the label or type of a row.
struct Shape<T: Table> {
    key: fn(&str) -> Option<&'static str>,
    /// The last column, and what stands in it.
    last: (&'static str, Last<T>),
}

/// Label or type of a row.
type Last<T> = for<'g> fn(&<T as Table>::Row<'g>) -> Cow<'static, str>;

const ENTITIES: Shape<Entities> = Shape {
    key: |column| (column == "id").then_some("id:ID(Entity)"),
    last: (":LABEL", |entity| format!("Entity;{}", label(entity.kind())).into()),
};

const SOURCES: Shape<Sources> =
    Shape { key: |column| (column == "id").then_some("id:ID(Source)"), last: (":LABEL", |_| Cow::Borrowed("Source")) };

const INTERESTS: Shape<Interests> = Shape {
    key: |column| match column {
        "owner" => Some(":START_ID(Entity)"),
        "owned" => Some(":END_ID(Entity)"),
        _ => None,
    },
    last: (":TYPE", |row| relationship(row.stake.interest().kind()).into()),
};

/// Writes what the view shows: `entities.csv`, `interests.csv`, `sources.csv` and `load.cypher`.
///
/// # Errors
///
/// If a file cannot be made or written to.
pub fn write(view: View<'_>, files: &mut dyn Files, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    records.jurisdictions().for_each(|_| losses.add("records on jurisdictions"));
    table(files, &ENTITIES, records.entities(), losses)?;
    table(files, &INTERESTS, records.interests(), losses)?;
    table(files, &SOURCES, records.sources(), losses)?;
    let mut script = files.create("load.cypher")?;
    script.write_all(load_script().as_bytes()).and_then(|()| script.flush()).map_err(failed)
}

fn table<'g, T: Table>(
    files: &mut dyn Files,
    shape: &Shape<T>,
    rows: impl Iterator<Item = T::Row<'g>>,
    losses: &mut Losses,
) -> Result<()> {
    let file = files.create(&format!("{}.csv", T::NAME))?;
    let written = || -> io::Result<()> {
        let header = T::COLUMNS.iter().map(|column| header(shape, column)).chain([shape.last.0.to_owned()]);
        // Exact: a database would keep the apostrophes.
        let mut writer = CsvWriter::begin(file, Cells::Raw, header)?;
        for row in rows {
            for column in T::COLUMNS {
                writer.text(&cell((column.value)(&row), losses))?;
            }
            writer.text(&(shape.last.1)(&row))?;
            writer.end_row()?;
        }
        writer.finish()?.0.flush()
    };
    written().map_err(failed)
}

fn header<T: Table>(shape: &Shape<T>, column: &Column<T>) -> String {
    match (shape.key)(column.name) {
        Some(key) => key.to_owned(),
        None => format!("{}:{}", column.name, type_of(column.kind)),
    }
}

const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "double",
        Kind::Count => "long",
        Kind::Flag => "boolean",
        Kind::List => "string[]",
        Kind::Text | Kind::Date | Kind::Json => "string",
    }
}

/// Text that both readers take for itself.
fn cell<'v>(value: Value<'v>, losses: &mut Losses) -> Cow<'v, str> {
    match value {
        Value::List(items) => {
            let separated = items.iter().any(|item| item.contains(';'));
            losses.add_if(separated, "lists with a semicolon in an item (written as a comma)");
            let items: Vec<String> = items.iter().map(|item| item.replace(';', ",")).collect();
            plain(items.join(";").into(), losses)
        }
        value => plain(value.plain().unwrap_or_default(), losses),
    }
}

fn plain<'t>(text: Cow<'t, str>, losses: &mut Losses) -> Cow<'t, str> {
    let (backslash, broken) = (text.contains('\\'), text.contains(['\n', '\r']));
    losses.add_if(backslash, "texts with backslashes (written as ＼)");
    losses.add_if(broken, "texts with line breaks (written as blanks)");
    if backslash || broken { text.replace('\\', "＼").replace(['\n', '\r'], " ").into() } else { text }
}

/// The label of a kind of entity: `StateBody`.
fn label(kind: EntityKind) -> String {
    let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    kind.as_str().split('-').map(capital).collect()
}

/// The type of a relationship: `VOTING_RIGHTS`.
fn relationship(kind: InterestKind) -> String {
    let mut name = String::new();
    for c in kind.as_str().chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}

const SCRIPT_HEAD: &str = "\
// Ownership graph, written by cuibono. Two ways in:
//
// 1. A new database, fast, from this folder:
//      neo4j-admin database import full neo4j --nodes=entities.csv --nodes=sources.csv --relationships=interests.csv
// 2. An empty database that runs (Neo4j 5.23 or later), with this script. Copy the three CSV files into the import folder
//    of the server, then:
//      cypher-shell --param \"folder => 'file:///'\" -f load.cypher
//    In the Browser: `:param folder => 'file:///'`, and `:auto` before each statement.

CREATE CONSTRAINT cuibono_entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT cuibono_source IF NOT EXISTS FOR (n:Source) REQUIRE n.id IS UNIQUE;
";

/// The script that reads the files into a running database. It is the same for all data.
pub fn load_script() -> String {
    let mut script = SCRIPT_HEAD.to_owned();
    let kinds = EntityKind::ALL.map(|kind| {
        let label = label(kind);
        format!(
            "  FOREACH (_ IN CASE WHEN row.`kind:string` = '{}' THEN [1] ELSE [] END | SET n:{label})\n",
            kind.as_str()
        )
    });
    node_statement(&mut script, "Entity", &ENTITIES, &kinds.concat());
    node_statement(&mut script, "Source", &SOURCES, "");
    // A relationship's type cannot be a parameter, so each kind has a line of its own. `row` stays in scope past `WITH`:
    // it is imported into the subquery.
    let _ = write!(
        script,
        "\nLOAD CSV WITH HEADERS FROM $folder + 'interests.csv' AS row\nCALL (row) {{\n  \
         MATCH (a:Entity {{id: row.`:START_ID(Entity)`}})\n  MATCH (b:Entity {{id: row.`:END_ID(Entity)`}})\n  \
         WITH a, b, {} AS properties\n",
        properties(&INTERESTS)
    );
    for kind in InterestKind::ALL {
        let name = relationship(kind);
        let _ = writeln!(
            script,
            "  FOREACH (_ IN CASE WHEN row.`:TYPE` = '{name}' THEN [1] ELSE [] END | \
             CREATE (a)-[r:{name}]->(b) SET r = properties)"
        );
    }
    script.push_str("} IN TRANSACTIONS OF 10000 ROWS;\n");
    script
}

fn node_statement<T: Table>(script: &mut String, label: &str, shape: &Shape<T>, labels: &str) {
    let _ = write!(
        script,
        "\nLOAD CSV WITH HEADERS FROM $folder + '{}.csv' AS row\nCALL (row) {{\n  \
         MERGE (n:{label} {{id: row.`id:ID({label})`}})\n  SET n += {}\n{labels}}} IN TRANSACTIONS OF 10000 ROWS;\n",
        T::NAME,
        properties(shape)
    );
}

/// The map of a row's typed properties.
fn properties<T: Table>(shape: &Shape<T>) -> String {
    let columns = T::COLUMNS.iter().filter(|column| (shape.key)(column.name).is_none());
    let typed = columns.map(|column| {
        let cell = format!("row.`{}`", header(shape, column));
        let value = match column.kind {
            Kind::Number => format!("toFloat({cell})"),
            Kind::Count => format!("toInteger({cell})"),
            Kind::Flag => format!("toBoolean({cell})"),
            Kind::List => format!("split({cell}, ';')"),
            Kind::Text | Kind::Date | Kind::Json => cell,
        };
        format!("    `{}`: {value}", column.name)
    });
    format!("{{\n{}\n  }}", typed.collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_types_are_names_that_need_no_quotes() {
        assert_eq!(EntityKind::ALL.map(label)[4], "StateBody");
        assert_eq!(
            relationship(InterestKind::ControlViaCompanyRulesOrArticles),
            "CONTROL_VIA_COMPANY_RULES_OR_ARTICLES"
        );
    }
}
