//! Mermaid flowcharts. Ids are generated; nothing but labels carries outside text, and no `click`, `href` or
//! `init` is ever written. Host pages should still use `securityLevel: strict`.

use std::fmt::Write;

use crate::diagram::style;
use crate::diagram::{Change, Diagram, LineStyle, PartyBox, PartyKind, superscript};
use crate::escape::mermaid::MermaidText;
use crate::escape::visible::visible;

use super::dot::label_lines;

/// The chart as a `flowchart TD`.
#[must_use]
pub fn to_string(diagram: &Diagram) -> String {
    let mut text = String::from("flowchart TD\n");
    let mut placed = vec![false; diagram.boxes.len()];
    for (number, cluster) in diagram.clusters.iter().enumerate() {
        text += &format!("  subgraph c{}[\"{}\"]\n", number + 1, MermaidText::new(&visible(&cluster.label)));
        for index in &cluster.boxes {
            if placed.get(*index) == Some(&false) {
                placed[*index] = true;
                text += &format!("    {}\n", node(&diagram.boxes[*index], *index));
            }
        }
        text += "  end\n";
    }
    for (index, party) in diagram.boxes.iter().enumerate().filter(|(index, _)| !placed[*index]) {
        text += &format!("  {}\n", node(party, index));
    }
    edges(diagram, &mut text);
    notes(diagram, &mut text);
    classes(diagram, &mut text);
    text
}

fn node(party: &PartyBox, index: usize) -> String {
    let (open, close) = match party.kind {
        PartyKind::Person => ("([", "])"),
        PartyKind::Company => ("[", "]"),
        PartyKind::Arrangement => ("{{", "}}"),
        PartyKind::State => ("[/", "/]"),
        PartyKind::StateBody => ("[[", "]]"),
        PartyKind::Unknown => ("(", ")"),
    };
    let notes = superscript(&party.footnotes);
    let mut lines = vec![format!("{} {notes}", party.drawn_name()).trim().to_owned()];
    lines.push(party.meta());
    let flags = party.flag_words();
    if !flags.is_empty() {
        lines.push(flags.join(" · "));
    }
    lines.extend(party.notes.iter().map(|note| visible(note)));
    format!("n{}{open}\"{}\"{close}", index + 1, MermaidText::lines(&lines))
}

fn edges(diagram: &Diagram, text: &mut String) {
    for line in diagram.lines.iter().filter(|line| line.owner.max(line.owned) < diagram.boxes.len()) {
        let arrow = match line.style {
            LineStyle::Ownership if !line.marks.possible && !line.marks.ended && line.change != Change::Removed => {
                "-->"
            }
            _ => "-.->",
        };
        let label = label_lines(line);
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", MermaidText::lines(&label)) };
        let _ = writeln!(text, "  n{} {arrow}{label} n{}", line.owner + 1, line.owned + 1);
    }
}

fn notes(diagram: &Diagram, text: &mut String) {
    let mut lines: Vec<String> =
        [&diagram.title, &diagram.subtitle].iter().map(|t| visible(t)).filter(|t| !t.is_empty()).collect();
    if diagram.legend {
        lines.push("solid: ownership (? = share not known); dashed: control, unknown, possible or ended".into());
    }
    lines.extend(diagram.omissions.iter().map(|words| format!("Not shown: {}", visible(words))));
    lines.extend(diagram.footnotes.iter().map(|note| format!("{}  {}", note.number, visible(&note.text))));
    if !lines.is_empty() {
        let _ = writeln!(text, "  notes[\"{}\"]:::notes", MermaidText::lines(&lines));
        let _ = writeln!(text, "  classDef notes fill:#fff,stroke:{},text-align:left", style::CLUSTER);
    }
}

fn classes(diagram: &Diagram, text: &mut String) {
    for (class, kind) in PartyKind::ALL.iter().enumerate() {
        let members = |wanted: &dyn Fn(&PartyBox) -> bool| {
            let found = diagram.boxes.iter().enumerate().filter(|(_, party)| wanted(party));
            found.map(|(index, _)| format!("n{}", index + 1)).collect::<Vec<_>>().join(",")
        };
        let all = members(&|party| party.kind == *kind);
        if !all.is_empty() {
            let dash = if *kind == PartyKind::Unknown { ",stroke-dasharray:2 4" } else { "" };
            let _ = writeln!(text, "  classDef k{class} fill:#fff,stroke:{}{dash}", style::kind_colour(*kind));
            let _ = writeln!(text, "  class {all} k{class}");
        }
    }
    for (index, party) in diagram.boxes.iter().enumerate().filter(|(_, party)| party.subject || party.listed) {
        let fill = if party.subject { style::SUBJECT_FILL } else { style::FILL };
        let stroke = style::box_stroke(party);
        let _ = writeln!(text, "  style n{} fill:{fill},stroke:{},stroke-width:3px", index + 1, stroke.colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::Line;

    #[test]
    fn follows_the_rules() {
        let party = |name: &str| PartyBox { name: name.into(), ..PartyBox::default() };
        let diagram = Diagram {
            boxes: vec![party("end"), party("%%{init}%% \"]; click n1 href")],
            lines: vec![Line { owned: 1, label: "25–50 %".into(), style: LineStyle::Control, ..Line::default() }],
            ..Diagram::default()
        };
        let text = to_string(&diagram);
        assert!(text.starts_with("flowchart TD\n"));
        assert!(text.contains("n1[\"end<br/>company · #63;\"]"), "{text}");
        assert!(text.contains("n1 -.->|\"25–50 #37;\"| n2"), "{text}");
        assert!(!text.contains("%%"));
    }
}
