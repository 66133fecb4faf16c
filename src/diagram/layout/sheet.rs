//! The page around the chart: heading and as-of line above, legend, omissions and sources below.

use super::geometry::{Anchor, Geometry, LegendGeometry, Point, Rect, Text};
use super::sizes::SMALL_LINE;
use crate::diagram::style::{NAME_SIZE, SMALL_SIZE, TITLE_SIZE};
use crate::diagram::text::{self, Weight};
use crate::diagram::{Diagram, legend};
use crate::escape::visible::visible;

/// Free edge of the page, in pixels.
const MARGIN: i32 = 24;
/// The page is at least this wide if there is text around the chart, in pixels.
const MIN_WIDTH: i32 = 420;
const SAMPLE_WIDTH: i32 = 34;
const SAMPLE_HEIGHT: i32 = 16;
const LEGEND_ROW: i32 = 24;

/// Moves the chart to its place and adds what stands around it.
pub(super) fn frame(diagram: &Diagram, geometry: &mut Geometry) {
    let around = diagram.legend || !diagram.footnotes.is_empty() || !diagram.omissions.is_empty();
    let inner = geometry.chart.width.max(if around { MIN_WIDTH } else { 0 });
    let inner = inner.max(header_width(diagram).min(900));
    let mut y = header(diagram, geometry, inner);
    geometry.shift_chart(MARGIN + (inner - geometry.chart.width) / 2, y);
    y = geometry.chart.bottom();
    if diagram.legend {
        y = add_legend(diagram, geometry, inner, y);
    }
    y = add_notes(diagram, geometry, inner, y);
    geometry.width = inner + 2 * MARGIN;
    geometry.height = y + MARGIN;
}

fn header_width(diagram: &Diagram) -> i32 {
    let title = text::width(&diagram.title, TITLE_SIZE, Weight::Bold);
    title.max(text::width(&diagram.subtitle, NAME_SIZE, Weight::Regular))
}

fn header(diagram: &Diagram, geometry: &mut Geometry, inner: i32) -> i32 {
    let mut y = MARGIN;
    let parts = [(&diagram.title, TITLE_SIZE, Weight::Bold, 24), (&diagram.subtitle, NAME_SIZE, Weight::Regular, 20)];
    for (content, size, weight, height) in parts {
        if content.trim().is_empty() {
            continue;
        }
        for line in text::wrap(&visible(content), inner, 2, size, weight) {
            let at = Point { x: MARGIN, y: y + size };
            let muted = weight == Weight::Regular;
            geometry.header.push(Text { text: line, at, size, weight, anchor: Anchor::Start, muted });
            y += height;
        }
    }
    if y > MARGIN { y + 14 } else { y }
}

fn add_legend(diagram: &Diagram, geometry: &mut Geometry, inner: i32, chart_bottom: i32) -> i32 {
    let upward = geometry.lines.iter().any(|line| line.upward);
    let entries = legend::entries(diagram, upward);
    if entries.is_empty() {
        return chart_bottom;
    }
    let (mut x, mut y) = (MARGIN, chart_bottom + 30);
    for entry in entries {
        let words = entry.words();
        let width = SAMPLE_WIDTH + 8 + text::width(words, SMALL_SIZE, Weight::Regular);
        if x > MARGIN && x + width > MARGIN + inner {
            (x, y) = (MARGIN, y + LEGEND_ROW);
        }
        let sample = Rect { x, y, width: SAMPLE_WIDTH, height: SAMPLE_HEIGHT };
        let at = Point { x: x + SAMPLE_WIDTH + 8, y: y + 12 };
        geometry.legend.push(LegendGeometry { entry, sample, text: small(words, at) });
        x += width + 24;
    }
    y + SAMPLE_HEIGHT
}

fn add_notes(diagram: &Diagram, geometry: &mut Geometry, inner: i32, mut y: i32) -> i32 {
    let omitted = diagram.omissions.iter().map(|words| format!("Not shown: {words}"));
    let sources = diagram.footnotes.iter().map(|note| format!("{}  {}", note.number, note.text));
    for (kind, notes) in [omitted.collect::<Vec<_>>(), sources.collect()].into_iter().enumerate() {
        if notes.is_empty() {
            continue;
        }
        y += if kind == 0 { 20 } else { 14 };
        for note in notes {
            for line in text::wrap(&visible(&note), inner, 4, SMALL_SIZE, Weight::Regular) {
                y += SMALL_LINE + 1;
                geometry.notes.push(small(&line, Point { x: MARGIN, y }));
            }
        }
    }
    y
}

fn small(words: &str, at: Point) -> Text {
    Text { text: words.to_owned(), at, size: SMALL_SIZE, weight: Weight::Regular, anchor: Anchor::Start, muted: true }
}
