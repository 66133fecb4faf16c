//! Charts of small graphs: every picture can be read by who reads such pictures.

use crate::small_graph::SmallGraph;
use arbitrary::Arbitrary;
use cuibono::diagram::Diagram;
use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::export::chart::{self, ChartOptions, Comparison, table};
use cuibono::export::{dot, html, mermaid, svg};
use cuibono::graph::{NodeId, View};
use cuibono::model::Share;
use cuibono::query::neighbourhood::{Cut, Reach, Side};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Which chart is asked for.
#[derive(Debug, Arbitrary)]
pub struct Wish {
    day: u8,
    subject: Option<u8>,
    other: u8,
    up: u8,
    down: u8,
    parties: u8,
    expanded: u8,
    hidden: u16,
    min_share: u32,
    switches: u8,
}

const DAYS: [&str; 4] = ["2018-01-01", "2015-06-15", "2022-06-15", "all"];

/// Draws a chart and reads it back.
///
/// # Panics
///
/// Where a picture is not what it should be.
pub fn check(small: &SmallGraph, wish: &Wish) {
    let Some(graph) = small.build() else { return };
    let view = graph.view(DAYS[usize::from(wish.day) % DAYS.len()].parse().expect("a day"));
    let nodes: Vec<NodeId> = graph.nodes().collect();
    if nodes.is_empty() {
        return;
    }
    let node = |number: u8| nodes[usize::from(number) % nodes.len()];
    let subject = wish.subject.map(node);
    let compared = match wish.switches & 3 {
        0 => Some(Comparison::Changes("2020-01-01".parse().expect("a day"))),
        1 => Some(Comparison::SideBySide("2020-01-01".parse().expect("a day"))),
        _ => None,
    };
    let Ok(diagram) = chart::draw(view, subject, compared, &options(wish, &nodes)) else { return };
    drawn(view, &diagram);
}

fn options(wish: &Wish, nodes: &[NodeId]) -> ChartOptions {
    let node = |number: u8| nodes[usize::from(number) % nodes.len()];
    let flag = |bit: u8| wish.switches >> bit & 1 != 0;
    let side = if flag(2) { Side::Owners } else { Side::Holdings };
    let hidden = nodes.iter().enumerate().filter(|(index, _)| wish.hidden >> (index % 16) & 1 != 0);
    ChartOptions {
        reach: Reach {
            up: u32::from(wish.up % 6),
            down: u32::from(wish.down % 6),
            parties: usize::from(wish.parties),
            expanded: (0..wish.expanded % 4).map(|number| (node(number), side)).collect(),
        },
        cut: Cut {
            min_share: Share::from_ppb(if flag(3) { wish.min_share } else { 0 }),
            only_control: flag(4),
            path_to: (flag(5) && flag(6)).then(|| node(wish.other)),
            hidden: hidden.map(|(_, &node)| node).collect(),
            ended: flag(7),
        },
        cluster_by_jurisdiction: flag(6),
        without_sources: flag(5),
        listed: [node(wish.other)].into(),
    }
}

fn drawn(view: View<'_>, diagram: &Diagram) {
    let geometry = layout(diagram, &LayoutOptions::default()).expect("a layout of a small chart");
    assert_eq!((geometry.boxes.len(), geometry.lines.len()), (diagram.boxes.len(), diagram.lines.len()));
    let picture = svg::to_string(diagram, &geometry);
    well_formed(&picture);
    assert_eq!(picture.matches(" data-id=\"").count() >= diagram.boxes.len(), true, "every box names its party");
    let again = layout(diagram, &LayoutOptions::keeping(diagram, &geometry)).expect("a layout");
    assert_eq!(again.boxes.len(), geometry.boxes.len());
    assert!(html::to_string(diagram, &geometry).ends_with("</html>\n"));
    assert!(dot::to_string(diagram).trim_end().ends_with('}'));
    assert!(mermaid::to_string(diagram).contains("flowchart"));
    table::csv(diagram).expect("memory");
    serde_json::from_slice::<serde_json::Value>(&table::json(diagram).expect("memory")).expect("JSON");
    chart::part(view, diagram).expect("the part of the data that is drawn");
}

fn well_formed(picture: &str) {
    let mut reader = Reader::from_str(picture);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_i32;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                depth += 1;
                assert!(start.attributes().all(|attribute| attribute.is_ok()));
                assert_ne!(start.name().as_ref(), "script");
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}
