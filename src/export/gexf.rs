//! GEXF 1.3 with a time line: entities as nodes, each interest as a directed edge that exists for a time.
//!
//! A time line knows whole days only: a month or a year becomes its first or last day, and where a date has bounds the
//! widest span is drawn. What is stated stands in the attributes, which are the [columns](super::columns) of entities and
//! interests. GEXF counts the last day in, the data name the first day out.

use super::columns::{Kind, Table};
use super::files::failed;
use super::losses::Losses;
use super::network::{Attribute, id, note_controls, note_tables, of_edges, of_nodes, value};
use super::records::{InterestRow, Records};
use crate::error::Result;
use crate::escape::xml::XmlWriter;
use crate::graph::View;
use crate::model::{DateBound, Day};
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
    xml.open("gexf", &[("xmlns", "http://gexf.net/1.3"), ("version", "1.3")])?;
    xml.open("meta", &[])?;
    xml.text("creator", &[], "cuibono")?;
    xml.close("meta")?;
    let (directed, dates) = (("defaultedgetype", "directed"), ("timeformat", "date"));
    xml.open("graph", &[directed, ("mode", "dynamic"), dates, ("timerepresentation", "interval")])?;
    let (of_nodes, of_edges) = (of_nodes(), of_edges());
    declare(&mut xml, "node", &of_nodes)?;
    declare(&mut xml, "edge", &of_edges)?;
    xml.open("nodes", &[])?;
    for entity in records.entities() {
        note_controls(entity.name(), losses);
        xml.open("node", &[("id", &id(entity.id())), ("label", entity.name())])?;
        values(&mut xml, &of_nodes, &entity, losses)?;
        xml.close("node")?;
    }
    xml.close("nodes")?;
    xml.open("edges", &[])?;
    for (number, row) in records.interests().enumerate() {
        edge(&mut xml, number, &row, &of_edges, losses)?;
    }
    xml.close("edges")?;
    xml.close("graph")?;
    xml.close("gexf")?;
    let out = xml.into_inner();
    out.write_all(b"\n")?;
    out.flush()
}

fn declare<W: Write, T: Table>(xml: &mut XmlWriter<W>, of: &str, attributes: &[Attribute<T>]) -> io::Result<()> {
    xml.open("attributes", &[("class", of), ("mode", "static")])?;
    for attribute in attributes {
        let kind = match attribute.column.kind {
            Kind::Number => "double",
            Kind::Count => "long",
            Kind::Flag => "boolean",
            Kind::Text | Kind::List | Kind::Date | Kind::Json => "string",
        };
        let named = [("id", attribute.key.as_str()), ("title", attribute.name), ("type", kind)];
        if kind == "boolean" {
            xml.open("attribute", &named)?;
            xml.text("default", &[], "false")?;
            xml.close("attribute")?;
        } else {
            xml.empty("attribute", &named)?;
        }
    }
    xml.close("attributes")
}

fn edge<W: Write>(
    xml: &mut XmlWriter<W>,
    number: usize,
    row: &InterestRow<'_>,
    attributes: &[Attribute<super::columns::Interests>],
    losses: &mut Losses,
) -> io::Result<()> {
    let interest = row.stake.interest();
    let (key, source, target) = (format!("e{number}"), id(row.stake.owner().id()), id(row.stake.owned().id()));
    let kind = interest.kind().as_str();
    let weight = interest.share().is_exact().then(|| interest.share().min().percent().to_string());
    let (start, end) = span(row, losses);
    let (start, end) = (start.map(|day| day.to_string()), end.map(|day| day.to_string()));
    let mut named = vec![("id", key.as_str()), ("source", &source), ("target", &target), ("kind", kind)];
    let optional = [("weight", &weight), ("start", &start), ("end", &end)];
    named.extend(optional.iter().filter_map(|(name, value)| value.as_deref().map(|value| (*name, value))));
    xml.open("edge", &named)?;
    values(xml, attributes, row, losses)?;
    xml.close("edge")
}

/// The widest span of days that the dates admit, both ends included.
fn span(row: &InterestRow<'_>, losses: &mut Losses) -> (Option<Day>, Option<Day>) {
    let (start, end) = (row.stake.start(), row.stake.end());
    let widened = |bound: DateBound| match bound {
        DateBound::Missing => false,
        DateBound::On(date) => date.whole_day().is_none(),
        DateBound::Between { .. } => true,
    };
    losses.add_if(
        widened(start) || widened(end),
        "inexact dates on its time line (drawn at their widest; attributes say what is stated)",
    );
    let first = match start {
        DateBound::On(date) | DateBound::Between { not_before: Some(date), .. } => Some(date.first_day()),
        _ => None,
    };
    let last = match end {
        DateBound::On(date) | DateBound::Between { not_after: Some(date), .. } => Some(date.first_day_out().previous()),
        _ => None,
    };
    if first.is_some() && last.is_some() && first > last {
        losses.add("interests that end when they begin (drawn without a span)");
        return (None, None);
    }
    (first, last)
}

fn values<'g, W: Write, T: Table>(
    xml: &mut XmlWriter<W>,
    attributes: &[Attribute<T>],
    row: &T::Row<'g>,
    losses: &mut Losses,
) -> io::Result<()> {
    xml.open("attvalues", &[])?;
    for attribute in attributes {
        if let Some(text) = value(attribute.column, row, losses) {
            xml.empty("attvalue", &[("for", &attribute.key), ("value", &text)])?;
        }
    }
    xml.close("attvalues")
}
