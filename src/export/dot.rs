//! Graphviz DOT, built with graphviz-rust. Ids are generated (`n1`, `n2`, …); every outside text is escaped by
//! [`DotString`], since the crate prints what it is given.

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use crate::diagram::style::{self, NAME_SIZE, Stroke};
use crate::diagram::text::{self, Weight};
use crate::diagram::{Change, Diagram, Line, LineStyle, PartyBox, PartyKind, legend, superscript};
use crate::escape::dot::DotString;
use crate::escape::visible::visible;

/// The chart as a DOT digraph.
#[must_use]
pub fn to_string(diagram: &Diagram) -> String {
    let mut stmts = vec![graph_attributes(diagram), defaults(false), defaults(true)];
    stmts.extend(boxes(diagram));
    stmts.extend((0..diagram.lines.len()).filter_map(|index| edge(diagram, index)));
    stmts.extend(notes(diagram));
    let graph = Graph::DiGraph { id: plain("ownership"), strict: false, stmts };
    let mut printer = PrinterContext::default();
    printer.with_semi().with_inline_size(0);
    graph.print(&mut printer) + "\n"
}

fn plain(word: &str) -> Id {
    Id::Plain(word.to_owned())
}

/// An attribute whose value is part of the program.
fn fixed(key: &str, value: &str) -> Attribute {
    Attribute(plain(key), Id::Escaped(DotString::new(value).into_string()))
}

fn outside(key: &str, value: DotString) -> Attribute {
    Attribute(plain(key), Id::Escaped(value.into_string()))
}

fn graph_attributes(diagram: &Diagram) -> Stmt {
    let mut attributes = vec![
        fixed("rankdir", "TB"),
        fixed("fontname", text::FAMILY),
        fixed("fontsize", "16"),
        fixed("labelloc", "t"),
        fixed("nodesep", "0.35"),
        fixed("ranksep", "0.55"),
        fixed("tooltip", "ownership chart"),
    ];
    let heading: Vec<String> =
        [&diagram.title, &diagram.subtitle].iter().map(|t| visible(t)).filter(|t| !t.is_empty()).collect();
    if !heading.is_empty() {
        attributes.push(outside("label", DotString::lines(&heading, false)));
    }
    Stmt::GAttribute(GraphAttributes::Graph(attributes))
}

fn defaults(edges: bool) -> Stmt {
    let font = fixed("fontname", text::FAMILY);
    if edges {
        return Stmt::GAttribute(GraphAttributes::Edge(vec![font, fixed("fontsize", "10"), fixed("arrowsize", "0.8")]));
    }
    let look = [fixed("fontsize", "11"), fixed("margin", "0.14,0.07"), fixed("style", "filled")];
    Stmt::GAttribute(GraphAttributes::Node(std::iter::once(font).chain(look).collect()))
}

fn name(index: usize) -> NodeId {
    NodeId(plain(&format!("n{}", index + 1)), None)
}

/// Clusters with their boxes, then the boxes outside.
fn boxes(diagram: &Diagram) -> Vec<Stmt> {
    let mut placed = vec![false; diagram.boxes.len()];
    let mut stmts = Vec::new();
    for (number, cluster) in diagram.clusters.iter().enumerate() {
        let mut inside = vec![Stmt::GAttribute(GraphAttributes::Graph(vec![
            outside("label", DotString::new(&visible(&cluster.label))),
            outside("tooltip", DotString::tooltip(&visible(&cluster.label))),
            fixed("color", style::CLUSTER),
            fixed("bgcolor", style::CLUSTER_FILL),
            fixed("fontsize", "11"),
        ]))];
        for index in &cluster.boxes {
            if placed.get(*index) == Some(&false) {
                placed[*index] = true;
                inside.push(node(diagram, *index));
            }
        }
        stmts.push(Stmt::Subgraph(Subgraph { id: plain(&format!("cluster_{}", number + 1)), stmts: inside }));
    }
    stmts.extend((0..placed.len()).filter(|index| !placed[*index]).map(|index| node(diagram, index)));
    stmts
}

fn node(diagram: &Diagram, index: usize) -> Stmt {
    let party = &diagram.boxes[index];
    let stroke = style::box_stroke(party);
    let shape = match party.kind {
        PartyKind::Person | PartyKind::Company | PartyKind::Unknown => "box",
        PartyKind::Arrangement => "hexagon",
        PartyKind::State | PartyKind::StateBody => "octagon",
    };
    let mut attributes = vec![
        outside("label", DotString::lines(&box_lines(party), false)),
        outside("tooltip", DotString::tooltip(&diagram.box_sentence(index))),
        fixed("id", &format!("n{}", index + 1)),
        outside("comment", DotString::new(&party.id)),
        fixed("shape", shape),
        fixed("style", &node_style(party)),
        fixed("fillcolor", if party.subject { style::SUBJECT_FILL } else { style::FILL }),
        fixed("color", stroke.colour),
        fixed("fontcolor", style::INK),
        fixed("penwidth", &stroke.width()),
    ];
    if party.stack || party.kind == PartyKind::StateBody {
        attributes.push(fixed("peripheries", "2"));
    }
    Stmt::Node(Node { id: name(index), attributes })
}

fn node_style(party: &PartyBox) -> String {
    let corners = if party.kind == PartyKind::Person { ",rounded" } else { "" };
    let dots = if party.kind == PartyKind::Unknown { ",dotted" } else { "" };
    format!("filled{corners}{dots}")
}

fn box_lines(party: &PartyBox) -> Vec<String> {
    let notes = superscript(&party.footnotes);
    let shown = party.drawn_name();
    let shown = if notes.is_empty() { shown } else { format!("{shown} {notes}") };
    let mut lines = text::wrap(&shown, 180, 2, NAME_SIZE, Weight::Regular);
    if lines.last().is_some_and(|line| line.ends_with('…')) {
        lines = text::wrap(&shown, 240, 4, NAME_SIZE, Weight::Regular);
    }
    lines.push(party.meta());
    let flags = party.flag_words();
    if !flags.is_empty() {
        lines.push(flags.join(" · "));
    }
    lines.extend(party.notes.iter().map(|note| visible(note)));
    lines
}

fn edge(diagram: &Diagram, index: usize) -> Option<Stmt> {
    let line = &diagram.lines[index];
    if line.owner.max(line.owned) >= diagram.boxes.len() {
        return None;
    }
    let Stroke { colour, .. } = style::line_stroke(line);
    let attributes = vec![
        outside("label", DotString::lines(&label_lines(line), false)),
        outside("tooltip", DotString::tooltip(&diagram.line_sentence(index))),
        outside("labeltooltip", DotString::tooltip(&diagram.line_sentence(index))),
        fixed("id", &format!("l{}", index + 1)),
        outside("comment", DotString::new(&line.id)),
        fixed("style", line_style(line)),
        fixed("color", colour),
        fixed("fontcolor", style::INK),
        fixed("penwidth", &style::line_stroke(line).width()),
    ];
    let pair = EdgeTy::Pair(Vertex::N(name(line.owner)), Vertex::N(name(line.owned)));
    Some(Stmt::Edge(Edge { ty: pair, attributes }))
}

/// The lines of text on a line of the chart.
pub(super) fn label_lines(line: &Line) -> Vec<String> {
    let circle = if line.marks.in_circle { "↺ " } else { "" };
    let notes = superscript(&line.footnotes);
    let first = format!("{circle}{} {notes}", visible(&line.label));
    let mut lines: Vec<String> = vec![first.trim().to_owned()];
    lines.extend(line.mark_words().into_iter().map(str::to_owned));
    lines.retain(|text| !text.is_empty());
    lines
}

fn line_style(line: &Line) -> &'static str {
    match line.style {
        _ if line.marks.ended || line.change == Change::Removed => "dotted",
        LineStyle::Ownership if line.marks.possible => "dashed",
        LineStyle::Ownership => "solid",
        LineStyle::Control => "dashed",
        LineStyle::Unknown => "dotted",
    }
}

/// Legend, omissions and sources as one note.
fn notes(diagram: &Diagram) -> Option<Stmt> {
    let mut lines = Vec::new();
    if diagram.legend {
        lines.push("Owners stand above what they own.".to_owned());
        lines.extend(legend::entries(diagram, false).into_iter().filter_map(describe));
    }
    lines.extend(diagram.omissions.iter().map(|words| format!("Not shown: {}", visible(words))));
    lines.extend(diagram.footnotes.iter().map(|note| format!("{}  {}", note.number, visible(&note.text))));
    if lines.is_empty() {
        return None;
    }
    let attributes = vec![
        outside("label", DotString::lines(&lines, true)),
        fixed("shape", "note"),
        fixed("fillcolor", style::FILL),
        fixed("color", style::CLUSTER),
        fixed("fontsize", "9"),
        fixed("tooltip", "legend and notes"),
    ];
    Some(Stmt::Node(Node { id: NodeId(plain("notes"), None), attributes }))
}

fn describe(entry: legend::Entry) -> Option<String> {
    use legend::Entry;
    let looks = match entry {
        Entry::Kind(_) | Entry::Circle => return None,
        Entry::Subject => "yellow, thick outline",
        Entry::Listed => "thick outline",
        Entry::Style(LineStyle::Ownership) => "solid line",
        Entry::Style(LineStyle::Control) | Entry::Possible => "dashed line",
        Entry::Style(LineStyle::Unknown) | Entry::Ended => "dotted line",
    };
    Some(format!("{looks}: {}", entry.words()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let party = |name: &str| PartyBox { name: name.into(), ..PartyBox::default() };
        let diagram = Diagram {
            boxes: vec![party("a\"]; evil [label=\"x"), party("tail\\")],
            lines: vec![Line { owned: 1, label: "25 %".into(), ..Line::default() }],
            ..Diagram::default()
        };
        let text = to_string(&diagram);
        assert!(text.contains("a\\\"]; evil [label=\\\"x"), "{text}");
        assert!(text.contains("tail\\\\\\ncompany"), "{text}");
        assert!(text.contains("n1 -> n2"), "{text}");
    }

    #[test]
    fn clusters_hold_each_box_once() {
        let party = PartyBox { jurisdiction: Some("VG".into()), ..PartyBox::default() };
        let mut diagram = Diagram { boxes: vec![party.clone(), party], ..Diagram::default() };
        diagram.cluster_by_jurisdiction();
        let text = to_string(&diagram);
        assert_eq!(text.matches("subgraph cluster_1").count(), 1);
        assert_eq!(text.matches("id=\"n1\"").count(), 1);
    }
}
