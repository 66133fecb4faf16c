//! GraphML: entities as nodes, each interest as a directed edge of its own, attributes with types.
//!
//! Attributes are the [columns](super::columns) of entities and interests. `label` repeats the name, `weight` is the share
//! where it is known exactly; nothing is made up where it is not.

use super::columns::{Column, Kind, Table};
use super::files::failed;
use super::losses::Losses;
use super::network::{Attribute, id, note_controls, note_tables, of_edges, of_nodes, value};
use super::records::Records;
use crate::error::Result;
use crate::escape::xml::XmlWriter;
use crate::graph::View;
use std::io::{self, Write};

/// Writes what the view shows.
///
/// # Errors
///
/// If `out` cannot be written to.
pub fn write(view: View<'_>, out: &mut dyn Write, losses: &mut Losses) -> Result<()> {
    let records = Records::of(view, losses);
    note_tables(&records, losses);
    document(&records, out, losses).map_err(failed)
}

fn document(records: &Records<'_>, out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    let mut xml = XmlWriter::new(out);
    xml.open(
        "graphml",
        &[
            ("xmlns", "http://graphml.graphdrawing.org/xmlns"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            (
                "xsi:schemaLocation",
                "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd",
            ),
        ],
    )?;
    let (of_nodes, of_edges) = (of_nodes(), of_edges());
    key(&mut xml, "label", "node", "label", "string", "The name")?;
    of_nodes.iter().try_for_each(|attribute| declare(&mut xml, "node", attribute))?;
    key(&mut xml, "weight", "edge", "weight", "double", "The share in percent, where it is known exactly")?;
    of_edges.iter().try_for_each(|attribute| declare(&mut xml, "edge", attribute))?;
    xml.open("graph", &[("id", "ownership"), ("edgedefault", "directed")])?;
    for entity in records.entities() {
        xml.open("node", &[("id", &id(entity.id()))])?;
        note_controls(entity.name(), losses);
        xml.text("data", &[("key", "label")], entity.name())?;
        data(&mut xml, &of_nodes, &entity, losses)?;
        xml.close("node")?;
    }
    for (number, row) in records.interests().enumerate() {
        let (source, target) = (id(row.stake.owner().id()), id(row.stake.owned().id()));
        xml.open("edge", &[("id", &format!("e{number}")), ("source", &source), ("target", &target)])?;
        let share = row.stake.interest().share();
        if share.is_exact() {
            xml.text("data", &[("key", "weight")], &share.min().percent().to_string())?;
        }
        data(&mut xml, &of_edges, &row, losses)?;
        xml.close("edge")?;
    }
    xml.close("graph")?;
    xml.close("graphml")?;
    let out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

fn key<W: Write>(xml: &mut XmlWriter<W>, id: &str, of: &str, name: &str, kind: &str, meaning: &str) -> io::Result<()> {
    xml.open("key", &[("id", id), ("for", of), ("attr.name", name), ("attr.type", kind)])?;
    xml.text("desc", &[], meaning)?;
    if kind == "boolean" {
        xml.text("default", &[], "false")?;
    }
    xml.close("key")
}

fn declare<W: Write, T: Table>(xml: &mut XmlWriter<W>, of: &str, attribute: &Attribute<T>) -> io::Result<()> {
    let Column { kind, meaning, .. } = attribute.column;
    let kind = match kind {
        Kind::Number => "double",
        Kind::Count => "long",
        Kind::Flag => "boolean",
        Kind::Text | Kind::List | Kind::Date | Kind::Json => "string",
    };
    key(xml, &attribute.key, of, attribute.name, kind, meaning)
}

fn data<'g, W: Write, T: Table>(
    xml: &mut XmlWriter<W>,
    attributes: &[Attribute<T>],
    row: &T::Row<'g>,
    losses: &mut Losses,
) -> io::Result<()> {
    for attribute in attributes {
        if let Some(text) = value(attribute.column, row, losses) {
            xml.text("data", &[("key", &attribute.key)], &text)?;
        }
    }
    Ok(())
}
