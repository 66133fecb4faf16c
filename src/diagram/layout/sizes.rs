//! How large boxes and labels are, from the text they hold.

use crate::diagram::style::{self, NAME_SIZE, SMALL_SIZE};
use crate::diagram::text::{self, Weight};
use crate::diagram::{Diagram, Line, PartyBox, PartyKind, superscript};
use crate::escape::visible::visible;

use super::geometry::{Anchor, Point, Text};

/// Narrowest name column, in pixels.
const MIN_TEXT: i32 = 84;
/// Names are first broken at this width, in pixels.
const NAME_WIDTH: i32 = 150;
/// Names that do not fit get this width, in pixels.
const WIDE_NAME: i32 = 230;
/// Widest label, in pixels.
const LABEL_WIDTH: i32 = 104;
/// Height of a line of small text, in pixels.
pub(super) const SMALL_LINE: i32 = 14;
const NAME_LINE: i32 = 16;
const PADDING_Y: i32 = 7;

/// One line of text with its looks, not yet placed.
#[derive(Debug, Clone)]
struct Row {
    text: String,
    size: i32,
    weight: Weight,
    height: i32,
    muted: bool,
}

/// Text of a box or label and the room it needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    rows: Vec<Row>,
    /// Pixels; includes the padding of boxes.
    pub width: i32,
    /// Pixels; includes the padding of boxes.
    pub height: i32,
    top: i32,
    /// How far the text stands left of the middle.
    pub lean: i32,
}

/// How far the flat part of the upper and lower edge stays away from the corners, in pixels.
#[must_use]
pub(super) fn inset(kind: PartyKind) -> i32 {
    match kind {
        PartyKind::Person => 18,
        PartyKind::Arrangement | PartyKind::State => 16,
        PartyKind::Company | PartyKind::StateBody | PartyKind::Unknown => 10,
    }
}

/// The least distance of a port from the corners, in pixels.
#[must_use]
pub(super) fn least_inset(kind: PartyKind) -> i32 {
    match kind {
        PartyKind::Person => 16,
        PartyKind::Arrangement => 14,
        PartyKind::State => 11,
        PartyKind::Company | PartyKind::StateBody | PartyKind::Unknown => 5,
    }
}

/// Blocks of all boxes.
pub(super) fn boxes(diagram: &Diagram) -> Vec<Block> {
    diagram.boxes.iter().map(box_block).collect()
}

fn name_rows(name: &str, weight: Weight) -> Vec<String> {
    let tries = [(NAME_WIDTH, 2), (WIDE_NAME, 2), (WIDE_NAME, 3)];
    let wrapped = tries.map(|(width, lines)| text::wrap(name, width, lines, NAME_SIZE, weight));
    let complete = |lines: &&Vec<String>| !lines.iter().any(|line| line.ends_with('…'));
    let Some(rows) = wrapped.iter().find(complete) else { return counted(name, &wrapped[2]) };
    rows.clone()
}

/// The last row of a name that was cut before says how much is not shown.
fn counted(name: &str, rows: &[String]) -> Vec<String> {
    let mut rows = rows.to_vec();
    let Some((begun, left_out)) = name.rsplit_once("… +") else { return rows };
    let Some(left_out) = left_out.split(' ').next().and_then(|number| number.parse::<usize>().ok()) else {
        return rows;
    };
    let shown: usize = rows[..rows.len() - 1].iter().map(|row| row.chars().count()).sum();
    if let Some(last) = rows.last_mut() {
        *last = format!("… +{} characters", begun.chars().count().saturating_sub(shown) + left_out);
    }
    rows
}

fn box_block(party: &PartyBox) -> Block {
    let notes = superscript(&party.footnotes);
    let mut name = party.drawn_name();
    if !notes.is_empty() {
        name = format!("{name}\u{a0}{notes}");
    }
    let mut rows: Vec<Row> = name_rows(&name, Weight::Bold)
        .into_iter()
        .map(|text| Row { text, size: NAME_SIZE, weight: Weight::Bold, height: NAME_LINE, muted: false })
        .collect();
    let small = |text: String, weight, muted| Row { text, size: SMALL_SIZE, weight, height: SMALL_LINE, muted };
    rows.push(small(text::cut(&party.meta(), NAME_WIDTH, SMALL_SIZE, Weight::Regular), Weight::Regular, true));
    let flags = party.flag_words();
    if !flags.is_empty() {
        rows.push(small(flags.join(" · "), Weight::Bold, false));
    }
    for note in &party.notes {
        let lines = text::wrap(&visible(note), WIDE_NAME, 2, SMALL_SIZE, Weight::Regular);
        rows.extend(lines.into_iter().map(|line| small(line, Weight::Regular, true)));
    }
    let widest = rows.iter().map(|row| text::width(&row.text, row.size, row.weight)).max().unwrap_or(0);
    let width = widest.max(MIN_TEXT) + 2 * inset(party.kind).max(10);
    let sheets = if party.stack { style::STACK } else { 0 };
    let height = rows.iter().map(|row| row.height).sum::<i32>() + 2 * PADDING_Y + sheets;
    let width = width + 2 * sheets;
    Block { rows, width: width + width % 2, height, top: PADDING_Y + sheets, lean: sheets / 2 }
}

/// Block of a label; lines that run upwards are marked.
pub(super) fn label(line: &Line, upward: bool) -> Block {
    let mut parts = Vec::new();
    let mut first = visible(&line.label);
    if upward {
        first = format!("↺ {first}");
    }
    let notes = superscript(&line.footnotes);
    if !notes.is_empty() {
        first = format!("{first} {notes}");
    }
    if !first.trim().is_empty() {
        parts.extend(text::wrap(first.trim(), LABEL_WIDTH, 3, SMALL_SIZE, Weight::Regular));
    }
    parts.extend(line.mark_words().into_iter().map(str::to_owned));
    let rows: Vec<Row> = parts
        .into_iter()
        .map(|text| Row { text, size: SMALL_SIZE, weight: Weight::Regular, height: SMALL_LINE, muted: false })
        .collect();
    let width = rows.iter().map(|row| text::width(&row.text, row.size, row.weight)).max().unwrap_or(0);
    let height = rows.iter().map(|row| row.height).sum();
    Block { rows, width, height, top: 0, lean: 0 }
}

impl Block {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Places the rows below `top`; `x` is the left end or the middle.
    pub fn place(&self, x: i32, top: i32, anchor: Anchor) -> Vec<Text> {
        let mut y = top + self.top;
        let mut texts = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let baseline = y + row.height - (row.height - row.size * 3 / 4) / 2;
            texts.push(Text {
                text: row.text.clone(),
                at: Point { x, y: baseline },
                size: row.size,
                weight: row.weight,
                anchor,
                muted: row.muted,
            });
            y += row.height;
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_take_two_lines_and_more_room_before_they_are_cut() {
        let party = |name: &str| PartyBox { name: name.into(), ..PartyBox::default() };
        let short = box_block(&party("Cross A AG"));
        let long = box_block(&party("Sunrise Enterprises 2011 Limited"));
        assert!(long.height > short.height);
        let huge = box_block(&party(&"word ".repeat(1000)));
        assert!(huge.width < 300 && huge.height < 100);
    }

    #[test]
    fn unknown_shares_get_a_question_mark_slot_and_empty_labels_none() {
        assert!(label(&Line::default(), false).is_empty());
        let line = Line { label: "?".into(), ..Line::default() };
        assert!(label(&line, false).width > 3);
    }
}
