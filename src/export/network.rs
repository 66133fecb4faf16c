//! What GraphML and GEXF have in common: ids, attributes, and texts that XML admits.

use super::columns::{Column, Entities, Interests, Table, Value};
use super::losses::Losses;
use super::records::Records;
use crate::escape::xml::XmlText;
use std::borrow::Cow;
use std::fmt::Write;

/// An id that both formats admit and that no other text gets: letters, digits, `-`, `.` and `:` stand for themselves, so
/// does `_` where no `x` follows; other characters are `_xHEX_`.
pub(super) fn id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = c.is_ascii_alphanumeric() || "-.:".contains(c) || c == '_' && chars.peek() != Some(&'x');
        if plain {
            id.push(c);
        } else {
            // Writing to a text cannot fail.
            let _ = write!(id, "_x{:X}_", u32::from(c));
        }
    }
    id
}

/// An attribute of nodes or edges: a column, its key in the file, and its name.
pub(super) struct Attribute<T: Table> {
    pub key: String,
    pub name: &'static str,
    pub column: &'static Column<T>,
}

/// The attributes of nodes.
pub(super) fn of_nodes() -> Vec<Attribute<Entities>> {
    attributes("n", |column| match column {
        "id" => Some("entity_id"),
        name => Some(name),
    })
}

/// The attributes of edges; the two ends are the edge itself.
pub(super) fn of_edges() -> Vec<Attribute<Interests>> {
    attributes("e", |column| match column {
        // Programs have an id, a start and an end of their own.
        "id" => Some("interest_id"),
        "start" => Some("start_date"),
        "end" => Some("end_date"),
        "owner" | "owned" => None,
        name => Some(name),
    })
}

fn attributes<T: Table>(prefix: &str, name: fn(&'static str) -> Option<&'static str>) -> Vec<Attribute<T>> {
    let columns = T::COLUMNS.iter().filter_map(|column| name(column.name).map(|name| (name, column)));
    columns
        .enumerate()
        .map(|(number, (name, column))| Attribute { key: format!("{prefix}{number}"), name, column })
        .collect()
}

/// The value of an attribute; `None` where nothing is known, and for `false`, which is the default.
pub(super) fn value<'r, 'g, T: Table>(
    column: &Column<T>,
    row: &'r T::Row<'g>,
    losses: &mut Losses,
) -> Option<Cow<'r, str>> {
    match (column.value)(row) {
        Value::Flag(false) => None,
        value => value.plain().inspect(|text| note_controls(text, losses)),
    }
}

/// Notes a text with characters that no XML document may hold.
pub(super) fn note_controls(text: &str, losses: &mut Losses) {
    losses.add_if(XmlText::new(text).as_str() != text, "texts with control characters (each written as U+FFFD)");
}

/// Notes the tables for which a network has no place.
pub(super) fn note_tables(records: &Records<'_>, losses: &mut Losses) {
    records.sources().for_each(|_| losses.add("descriptions of sources (only their ids stand at what they state)"));
    records.jurisdictions().for_each(|_| losses.add("records on jurisdictions"));
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn ids_of_different_texts_differ() {
        assert_eq!(id("GB-COH:01234567"), "GB-COH:01234567");
        assert_eq!(id("Ann Example"), "Ann_x20_Example");
        assert_eq!(id("a_b"), "a_b");
        assert_eq!(id("Ann_x20_Example"), "Ann_x5F_x20_Example");
        assert_eq!(id("\u{0}é"), "_x0__xE9_");
    }
}
