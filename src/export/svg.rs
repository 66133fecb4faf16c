//! SVG: text as text, named groups, generated ids, no script, no style sheet, no outside reference.
//!
//! Outside ids and exact names are in `data-id` and `data-name`; the XML ids `n1…` (boxes) and `l1…` (lines)
//! are generated, so that no name can collide with anything.

mod parts;

use std::io::{self, Write};

use crate::diagram::layout::{
    Anchor, BoxGeometry, ClusterGeometry, Geometry, LegendGeometry, LineGeometry, Point, Rect, Text, shape,
};
use crate::diagram::style::{self, Stroke};
use crate::diagram::text::Weight;
use crate::diagram::{Diagram, Line, LineMarks, PartyKind};
use crate::escape::bidi::is_rtl;
use crate::escape::xml::XmlWriter;

use parts::{box_class, line_class, rounded, sample_box, sample_line, sheet};

/// Fonts named in the picture; the first is the one text was measured with.
pub const FONTS: &str = "'DejaVu Sans', Verdana, 'Noto Sans', sans-serif";
/// Length of arrow heads, in pixels.
const HEAD: i32 = 9;
/// Half the width of arrow heads, in pixels.
const HEAD_HALF: i32 = 4;

/// The chart as an SVG document.
#[must_use]
pub fn to_string(diagram: &Diagram, geometry: &Geometry) -> String {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(diagram, geometry, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes the chart as an SVG document to `out`.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write<W: Write>(diagram: &Diagram, geometry: &Geometry, out: W) -> io::Result<()> {
    let mut pen = Pen { xml: XmlWriter::new(out), diagram, geometry };
    pen.document()
}

struct Pen<'a, W: Write> {
    xml: XmlWriter<W>,
    diagram: &'a Diagram,
    geometry: &'a Geometry,
}

type Attributes<'a> = [(&'static str, &'a str)];

impl<W: Write> Pen<'_, W> {
    fn document(&mut self) -> io::Result<()> {
        let (width, height) = (self.geometry.width.to_string(), self.geometry.height.to_string());
        let view = format!("0 0 {width} {height}");
        self.xml.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("width", &width),
                ("height", &height),
                ("viewBox", &view),
                ("role", "graphics-document"),
                ("aria-labelledby", "chart-title chart-description"),
                ("font-family", FONTS),
            ],
        )?;
        let title = if self.diagram.title.trim().is_empty() { "Ownership chart" } else { &self.diagram.title };
        self.xml.text("title", &[("id", "chart-title")], title)?;
        self.xml.text("desc", &[("id", "chart-description")], &self.description())?;
        self.xml.empty("rect", &[("id", "paper"), ("width", &width), ("height", &height), ("fill", style::PAPER)])?;
        self.page()?;
        self.xml.close("svg")
    }

    fn description(&self) -> String {
        let (boxes, lines) = (self.diagram.boxes.len(), self.diagram.lines.len());
        let mut words = format!("{boxes} parties and {lines} interests; owners stand above what they own.");
        for part in std::iter::once(&self.diagram.subtitle).chain(&self.diagram.omissions) {
            if !part.trim().is_empty() {
                words = format!("{words} {part}.");
            }
        }
        words
    }

    fn page(&mut self) -> io::Result<()> {
        let geometry = self.geometry;
        self.texts("header", &geometry.header)?;
        self.group("clusters", !geometry.clusters.is_empty(), |pen| {
            geometry.clusters.iter().try_for_each(|(index, cluster)| pen.cluster(*index, cluster))
        })?;
        self.group("lines", !geometry.lines.is_empty(), |pen| {
            geometry.lines.iter().enumerate().try_for_each(|(index, line)| pen.line(index, line))
        })?;
        self.group("boxes", !geometry.boxes.is_empty(), |pen| {
            geometry.boxes.iter().enumerate().try_for_each(|(index, party)| pen.party(index, party))
        })?;
        self.group("legend", !geometry.legend.is_empty(), |pen| {
            geometry.legend.iter().try_for_each(|entry| pen.legend(entry))
        })?;
        self.texts("notes", &geometry.notes)
    }

    fn group(
        &mut self,
        id: &'static str,
        wanted: bool,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        if !wanted {
            return Ok(());
        }
        self.xml.open("g", &[("id", id)])?;
        content(self)?;
        self.xml.close("g")
    }

    fn texts(&mut self, id: &'static str, texts: &[Text]) -> io::Result<()> {
        self.group(id, !texts.is_empty(), |pen| texts.iter().try_for_each(|text| pen.write_text(text)))
    }

    fn write_text(&mut self, text: &Text) -> io::Result<()> {
        let (x, y, size) = (text.at.x.to_string(), text.at.y.to_string(), text.size.to_string());
        let fill = if text.muted { style::MUTED } else { style::INK };
        let mut attributes: Vec<(&'static str, &str)> =
            vec![("x", &x), ("y", &y), ("font-size", &size), ("fill", fill)];
        if text.weight == Weight::Bold {
            attributes.push(("font-weight", "bold"));
        }
        if text.anchor == Anchor::Middle {
            attributes.push(("text-anchor", "middle"));
        }
        // A name in a script from right to left is a paragraph of its own; a sentence of ours that repeats one stays as it is.
        if text.text.chars().any(is_rtl) && !text.text.chars().any(|c| c.is_ascii_alphabetic()) {
            attributes.push(("unicode-bidi", "plaintext"));
        }
        self.xml.text("text", &attributes, &text.text)
    }

    fn cluster(&mut self, index: usize, cluster: &ClusterGeometry) -> io::Result<()> {
        let id = format!("c{}", index + 1);
        let name = &self.diagram.clusters[index];
        self.xml.open("g", &[("id", &id), ("class", "cluster"), ("data-id", &name.id), ("data-name", &name.label)])?;
        let stroke = Stroke { colour: style::CLUSTER, tenths: 10, dash: "" };
        self.rect(cluster.rect, 6, style::CLUSTER_FILL, stroke)?;
        self.write_text(&cluster.text)?;
        self.xml.close("g")
    }

    fn line(&mut self, index: usize, geometry: &LineGeometry) -> io::Result<()> {
        let line = &self.diagram.lines[index];
        let sentence = self.diagram.line_sentence(index);
        let (id, owner, owned) =
            (format!("l{}", index + 1), format!("n{}", line.owner + 1), format!("n{}", line.owned + 1));
        self.xml.open(
            "g",
            &[
                ("id", &id),
                ("class", &line_class(line, geometry.upward)),
                ("role", "graphics-symbol"),
                ("aria-label", &sentence),
                ("data-id", &line.id),
                ("data-owner", &owner),
                ("data-owned", &owned),
            ],
        )?;
        self.xml.text("title", &[], &sentence)?;
        let marks = LineMarks { in_circle: line.marks.in_circle || geometry.upward, ..line.marks };
        self.stroke(&geometry.points, style::line_stroke(&Line { marks, ..line.clone() }))?;
        if let Some(label) = &geometry.label {
            label.texts.iter().try_for_each(|text| self.write_text(text))?;
        }
        self.xml.close("g")
    }

    /// A line with its arrow head.
    fn stroke(&mut self, points: &[Point], stroke: Stroke) -> io::Result<()> {
        let [.., before, tip] = points else {
            return Ok(());
        };
        let (dx, dy) = ((tip.x - before.x).signum(), (tip.y - before.y).signum());
        let base = Point { x: tip.x - dx * HEAD, y: tip.y - dy * HEAD };
        let mut shaft = points.to_vec();
        if let Some(last) = shaft.last_mut() {
            *last = Point { x: base.x + dx, y: base.y + dy };
        }
        let width = stroke.width();
        let path = rounded(&shaft);
        let mut attributes: Vec<(&'static str, &str)> =
            vec![("d", &path), ("fill", "none"), ("stroke", stroke.colour), ("stroke-width", &width)];
        if !stroke.dash.is_empty() {
            attributes.push(("stroke-dasharray", stroke.dash));
        }
        self.xml.empty("path", &attributes)?;
        let (sx, sy) = (dy * HEAD_HALF, dx * HEAD_HALF);
        let head = format!("M{} {}L{} {}L{} {}Z", tip.x, tip.y, base.x + sx, base.y + sy, base.x - sx, base.y - sy);
        self.xml.empty("path", &[("d", &head), ("fill", stroke.colour)])
    }

    fn party(&mut self, index: usize, geometry: &BoxGeometry) -> io::Result<()> {
        let party = &self.diagram.boxes[index];
        let (id, sentence) = (format!("n{}", index + 1), self.diagram.box_sentence(index));
        self.xml.open(
            "g",
            &[
                ("id", &id),
                ("class", &box_class(party)),
                ("role", "graphics-symbol"),
                ("aria-label", &sentence),
                ("data-id", &party.id),
                ("data-name", &party.name),
            ],
        )?;
        self.xml.text("title", &[], &sentence)?;
        let fill = if party.subject { style::SUBJECT_FILL } else { style::FILL };
        let stroke = style::box_stroke(party);
        for step in if party.stack { vec![style::STACK, style::STACK / 2, 0] } else { vec![0] } {
            self.outline(party.kind, sheet(geometry.rect, party.stack, step), fill, stroke)?;
        }
        geometry.texts.iter().try_for_each(|text| self.write_text(text))?;
        self.xml.close("g")
    }

    fn outline(&mut self, kind: PartyKind, rect: Rect, fill: &str, stroke: Stroke) -> io::Result<()> {
        if let Some(corners) = shape::polygon(kind, rect) {
            let points: Vec<String> = corners.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
            return self.shape("polygon", &[("points", &points.join(" "))], fill, stroke);
        }
        let radius = match kind {
            PartyKind::Person => shape::PERSON_RADIUS.min(rect.height / 2),
            PartyKind::Unknown => 10,
            _ => style::CORNER,
        };
        self.rect(rect, radius, fill, stroke)?;
        if kind == PartyKind::StateBody {
            let inner = Rect { x: rect.x + 4, y: rect.y + 4, width: rect.width - 8, height: rect.height - 8 };
            self.rect(inner, 1, "none", Stroke { tenths: 8, ..stroke })?;
        }
        Ok(())
    }

    fn rect(&mut self, rect: Rect, radius: i32, fill: &str, stroke: Stroke) -> io::Result<()> {
        let numbers = [rect.x, rect.y, rect.width, rect.height, radius].map(|number| number.to_string());
        let [x, y, width, height, radius] = &numbers;
        let place = [("x", x.as_str()), ("y", y), ("width", width), ("height", height), ("rx", radius)];
        self.shape("rect", &place, fill, stroke)
    }

    fn shape(&mut self, name: &'static str, place: &Attributes<'_>, fill: &str, stroke: Stroke) -> io::Result<()> {
        let width = stroke.width();
        let mut attributes = place.to_vec();
        attributes.extend([("fill", fill), ("stroke", stroke.colour), ("stroke-width", width.as_str())]);
        if !stroke.dash.is_empty() {
            attributes.push(("stroke-dasharray", stroke.dash));
            attributes.push(("stroke-linecap", "round"));
        }
        self.xml.empty(name, &attributes)
    }

    fn legend(&mut self, entry: &LegendGeometry) -> io::Result<()> {
        let rect = Rect { y: entry.sample.y + 1, height: entry.sample.height - 2, ..entry.sample };
        self.xml.open("g", &[("class", "legend-entry")])?;
        if let Some(party) = sample_box(entry.entry) {
            let fill = if party.subject { style::SUBJECT_FILL } else { style::FILL };
            self.outline(party.kind, rect, fill, style::box_stroke(&party))?;
        }
        if let Some(line) = sample_line(entry.entry) {
            let y = entry.sample.y + entry.sample.height / 2;
            let ends = [Point { x: rect.x, y }, Point { x: rect.right(), y }];
            self.stroke(&ends, style::line_stroke(&line))?;
        }
        self.write_text(&entry.text)?;
        self.xml.close("g")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::PartyBox;
    use crate::diagram::layout::{LayoutOptions, layout};

    fn chart() -> (Diagram, Geometry) {
        let party = |name: &str, kind| PartyBox { name: name.into(), kind, ..PartyBox::default() };
        let diagram = Diagram {
            title: "<Tîtle> & more".into(),
            boxes: vec![party("A & B <x>", PartyKind::Person), party("\"C\"", PartyKind::Company)],
            lines: vec![Line { owned: 1, label: "25–50 %".into(), ..Line::default() }],
            legend: true,
            ..Diagram::default()
        };
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
        (diagram, geometry)
    }

    #[test]
    fn parses_and_keeps_names() {
        let (diagram, geometry) = chart();
        let text = to_string(&diagram, &geometry);
        assert!(text.contains("data-name=\"A &amp; B &lt;x&gt;\""));
        assert!(text.contains(">25–50 %</text>"));
        assert!(!text.contains("<x>") && !text.contains("<script"));
    }

    #[test]
    fn same_bytes_twice() {
        let (diagram, geometry) = chart();
        let again = layout(&diagram, &LayoutOptions::default()).expect("valid");
        assert_eq!(to_string(&diagram, &geometry), to_string(&diagram, &again));
    }
}
