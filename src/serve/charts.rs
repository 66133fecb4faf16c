//! Charts: as a picture for the page, as a table, as files.

use super::api::{Answer, json};
use super::asked::Asked;
use super::data::Data;
use super::failure::Failure;
use super::query::Query;
use crate::diagram::layout::{BoxGeometry, Geometry};
use crate::diagram::{Change, Diagram, Line, PartyBox};
use crate::export;
use crate::export::chart::table;
use crate::export::losses::Losses;
use crate::graph::{NodeId, View};
use crate::model::{AsOf, Layer, ShareRange};
use crate::query::column::column;
use crate::query::neighbourhood::{Side, is_drawn_right};
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value, json as object};
use std::collections::{BTreeSet, HashSet};

/// The picture, with what the page has to know of its boxes and lines.
pub(super) fn chart(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let asked = Asked::of(data, query)?;
    let view = asked.view(data);
    let diagram = asked.diagram(view)?;
    let geometry = asked.geometry(&diagram)?;
    let drawn: HashSet<NodeId> = diagram.boxes.iter().filter_map(|party| node_of(view, party)).collect();
    let boxes = diagram.boxes.iter().zip(&geometry.boxes).enumerate();
    let lines = diagram.lines.iter().zip(&geometry.lines).enumerate().map(|(index, (line, place))| {
        object!({
            "symbol": format!("l{}", index + 1),
            "owner": diagram.boxes[line.owner].id,
            "owned": diagram.boxes[line.owned].id,
            "label": line.label,
            "sentence": diagram.line_sentence(index),
            "style": line.style.as_str(),
            "change": line.change,
            "upward": place.upward,
        })
    });
    json(&object!({
        "title": diagram.title,
        "subtitle": diagram.subtitle,
        "width": geometry.width,
        "height": geometry.height,
        "command": asked.command(data),
        "svg": tree(&export::svg::to_string(&diagram, &geometry))?,
        "boxes": boxes.map(|(index, (party, place))| box_of(view, &drawn, (index, diagram.box_sentence(index)), party, place)).collect::<Vec<_>>(),
        "lines": lines.collect::<Vec<_>>(),
        "omissions": diagram.omissions,
        "sources": diagram.footnotes,
        "shown": diagram.boxes.iter().filter(|party| !party.stack).count(),
        "total": data.graph.node_count(),
    }))
}

/// The entity that a box stands for; a stack stands for none.
fn node_of(view: View<'_>, party: &PartyBox) -> Option<NodeId> {
    view.graph().node_by_id(&party.id).filter(|_| !party.stack)
}

fn box_of(
    view: View<'_>,
    drawn: &HashSet<NodeId>,
    (index, sentence): (usize, String),
    party: &PartyBox,
    place: &BoxGeometry,
) -> Value {
    let node = node_of(view, party);
    let count = |side| {
        let others = node.map_or(Vec::new(), |node| view.tied_to(node, side));
        (others.len(), others.iter().filter(|other| !drawn.contains(other)).count())
    };
    let ((owners, more_owners), (holdings, more_holdings)) = (count(Side::Owners), count(Side::Holdings));
    object!({
        "symbol": format!("n{}", index + 1),
        "id": party.id,
        "name": party.name,
        "kind": party.kind.word(),
        "jurisdiction": party.jurisdiction,
        "subject": party.subject,
        "listed": party.listed,
        "in_circle": party.in_circle,
        "stack": party.stack,
        "change": party.change,
        "sentence": sentence,
        "x": place.rect.x,
        "y": place.rect.y,
        "width": place.rect.width,
        "height": place.rect.height,
        "owners": owners,
        "holdings": holdings,
        "more_owners": more_owners,
        "more_holdings": more_holdings,
    })
}

/// The table twin of a chart, with what the sources state in total of each party that is held.
pub(super) fn table_of(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let asked = Asked::of(data, query)?;
    let view = asked.view(data);
    let diagram = asked.diagram(view)?;
    let totals: Vec<Value> =
        diagram.boxes.iter().enumerate().filter_map(|(at, party)| total(view, &diagram, at, party)).collect();
    let table = table::of(&diagram);
    let rows: Vec<Value> =
        table.interests.iter().zip(&diagram.lines).map(|(row, line)| row_of(view, row, line)).collect();
    json(&object!({
        "title": table.title,
        "subtitle": table.subtitle,
        "rows": rows,
        "totals": totals,
        "omissions": table.omissions,
    }))
}

/// A row of the table, with what the interests of the pair say that make up the line.
fn row_of(view: View<'_>, row: &table::Row<'_>, line: &Line) -> Value {
    let graph = view.graph();
    let mut value = object!(row);
    let (Some(owner), Some(owned)) = (graph.node_by_id(row.owner.id), graph.node_by_id(row.owned.id)) else {
        value["sources"] = object!([]);
        return value;
    };
    let of_pair =
        graph.held_in(owned).filter(|&edge| graph.interest(edge).owner() == owner).map(|edge| graph.stake(edge));
    let of_line: Vec<_> = of_pair.filter(|stake| line.statements.iter().any(|id| *id == stake.id())).collect();
    let list = |words: Vec<String>| words.into_iter().collect::<BTreeSet<_>>();
    value["kinds"] = object!(list(of_line.iter().map(|stake| stake.interest().kind().words().to_owned()).collect()));
    value["sources"] = object!(list(of_line.iter().flat_map(|stake| stake.source_ids().to_vec()).collect()));
    value["interests"] = object!(of_line.iter().map(|stake| stake.id()).collect::<Vec<_>>());
    value["confidence"] = object!(of_line.iter().map(|stake| stake.interest().confidence()).min());
    let share = of_line.iter().any(|stake| !is_drawn_right(stake.interest()));
    if let [stake] = of_line.as_slice() {
        value["start"] = object!(stake.start());
        value["end"] = object!(stake.end());
        value["share"] = object!(share.then(|| stake.interest().share()));
    } else if share && !line.marks.ended && line.change == Change::None {
        // Taken together as on the day; of two days the label tells both.
        let held = |layer| column(view.layer(layer), owned).holder(owner).map(|holder| holder.stated);
        value["share"] = object!(held(Layer::Capital).or_else(|| held(Layer::Votes)));
    }
    value
}

/// What is stated of the shares of a party that is held on the chart, drawn or not, and what nobody known holds.
fn total(view: View<'_>, diagram: &Diagram, at: usize, party: &PartyBox) -> Option<Value> {
    let node = node_of(view, party)?;
    diagram.lines.iter().find(|line| line.owned == at)?;
    let column = column(view, node);
    let stated = column.holders.iter().map(|holder| holder.stated).reduce(ShareRange::plus)?;
    let (least, most) = column.remainder();
    let percent = |ppb: u64| ppb as f64 / 1e7;
    Some(object!({
        "owned": view.graph().entity(node),
        "stated": stated,
        "not_disclosed": { "min": percent(least), "max": percent(most) },
    }))
}

/// The chart as a file, byte for byte what the command line writes.
pub(super) fn export(data: &Data, query: &Query) -> Result<Answer, Failure> {
    let asked = Asked::of(data, query)?;
    let view = asked.view(data);
    let diagram = asked.diagram(view)?;
    let geometry = || asked.geometry(&diagram);
    let to = query.needed("to")?;
    let (kind, bytes) = match to {
        "svg" => ("image/svg+xml", export::svg::to_string(&diagram, &geometry()?).into_bytes()),
        "html" => ("text/html; charset=utf-8", export::html::to_string(&diagram, &geometry()?).into_bytes()),
        "dot" => ("text/vnd.graphviz; charset=utf-8", export::dot::to_string(&diagram).into_bytes()),
        "mmd" => ("text/plain; charset=utf-8", export::mermaid::to_string(&diagram).into_bytes()),
        "csv" => ("text/csv; charset=utf-8", table::csv(&diagram).map_err(|error| Failure::usage(error.to_string()))?),
        "json" => (
            "application/json; charset=utf-8",
            table::json(&diagram).map_err(|error| Failure::usage(error.to_string()))?,
        ),
        "bods" => ("application/json; charset=utf-8", data_of(view, &diagram, export::bods::write)?),
        "graphml" => ("application/graphml+xml", data_of(view, &diagram, export::graphml::write)?),
        "png" => ("image/png", png(&diagram, &geometry()?)?),
        "pdf" => ("application/pdf", pdf(&diagram, &geometry()?)?),
        other => return Err(Failure::usage(format!("{other:?} is no format of a chart"))),
    };
    let ending = if to == "bods" { "bods.json" } else { to };
    Ok(Answer { kind, bytes, file: Some(format!("chart.{ending}")) })
}

/// What a chart shows in a format that holds data.
fn data_of(view: View<'_>, diagram: &Diagram, write: WriteData) -> Result<Vec<u8>, Failure> {
    let part = export::chart::part(view, diagram)?;
    let mut bytes = Vec::new();
    write(part.view(AsOf::All), &mut bytes, &mut Losses::default())?;
    Ok(bytes)
}

type WriteData = fn(View<'_>, &mut dyn std::io::Write, &mut Losses) -> crate::error::Result<()>;

#[cfg(feature = "png")]
fn png(diagram: &Diagram, geometry: &Geometry) -> Result<Vec<u8>, Failure> {
    let fonts = export::fonts::Fonts { allow_missing: true, ..Default::default() };
    let options = export::png::PngOptions { fonts, ..Default::default() };
    export::png::draw(diagram, geometry, &options).map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(not(feature = "png"))]
fn png(_: &Diagram, _: &Geometry) -> Result<Vec<u8>, Failure> {
    Err(Failure::usage("this program was built without PNG"))
}

#[cfg(feature = "pdf")]
fn pdf(diagram: &Diagram, geometry: &Geometry) -> Result<Vec<u8>, Failure> {
    let fonts = export::fonts::Fonts { allow_missing: true, ..Default::default() };
    export::pdf::draw(diagram, geometry, fonts).map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Diagram, _: &Geometry) -> Result<Vec<u8>, Failure> {
    Err(Failure::usage("this program was built without PDF"))
}

/// A document of XML as nodes `[name, {attribute: value}, [child, …]]`, from which the page makes elements without ever
/// taking text for markup.
fn tree(document: &str) -> Result<Value, Failure> {
    let broken = |error: &dyn std::fmt::Display| Failure::usage(format!("the picture cannot be read back: {error}"));
    let mut reader = quick_xml::Reader::from_str(document);
    let mut open: Vec<(Value, Vec<Value>)> = vec![(Value::Null, Vec::new())];
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(start) => open.push((element(&start).map_err(|error| broken(&error))?, Vec::new())),
            Event::Empty(start) => {
                let node = closed(element(&start).map_err(|error| broken(&error))?, Vec::new());
                push(&mut open, node);
            }
            Event::End(_) => {
                let (node, children) = open.pop().unwrap_or_default();
                push(&mut open, closed(node, children));
            }
            // Line breaks between elements are no part of the picture.
            Event::Text(text) if text.starts_with('\n') && text.trim().is_empty() => {}
            Event::Text(text) => add_text(&mut open, &text),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&reference).map_err(|error| broken(&error))?;
                add_text(&mut open, &text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().and_then(|(_, children)| children.into_iter().find(Value::is_array));
    root.ok_or_else(|| broken(&"it is empty"))
}

fn element(start: &BytesStart<'_>) -> Result<Value, Box<dyn std::error::Error>> {
    let mut attributes = Map::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let value = quick_xml::escape::unescape(&attribute.value)?.into_owned();
        attributes.insert(attribute.key.as_ref().to_owned(), Value::String(value));
    }
    Ok(object!([start.name().as_ref(), attributes]))
}

fn closed(node: Value, children: Vec<Value>) -> Value {
    match node {
        Value::Array(mut parts) => {
            parts.push(Value::Array(children));
            Value::Array(parts)
        }
        other => other,
    }
}

fn push(open: &mut [(Value, Vec<Value>)], node: Value) {
    if let Some((_, children)) = open.last_mut() {
        children.push(node);
    }
}

/// Adds text; pieces that references divide are one text.
fn add_text(open: &mut [(Value, Vec<Value>)], text: &str) {
    let Some((_, children)) = open.last_mut() else { return };
    match children.last_mut() {
        Some(Value::String(last)) => last.push_str(text),
        _ => children.push(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_a_tree_with_its_text_unchanged() {
        let document = r#"<svg a="1 &amp; 2"><g><text>a &lt;b&gt; &amp;amp; &#x416;</text><path d="M0 0"/></g></svg>"#;
        let expected = object!(["svg", {"a": "1 & 2"}, [["g", {}, [["text", {}, ["a <b> &amp; Ж"]], ["path", {"d": "M0 0"}, []]]]]]);
        assert_eq!(tree(document).expect("a tree"), expected);
        assert!(tree("").is_err() && tree("<a").is_err());
    }
}
