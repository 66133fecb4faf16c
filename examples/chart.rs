//! Draws a chart from a CSV of holdings: `chart FILE.csv OUT [cluster]` writes OUT.svg, .png, .dot, .mmd, .html.

use cuibono::diagram::layout::{LayoutOptions, layout};
use cuibono::diagram::{Diagram, Line, LineMarks, LineStyle, PartyBox, PartyKind};
use cuibono::export::fonts::Fonts;
use cuibono::export::{dot, html, mermaid, png, svg};

fn kind(word: &str) -> PartyKind {
    match word {
        "person" => PartyKind::Person,
        "arrangement" => PartyKind::Arrangement,
        "state" => PartyKind::State,
        "unknown" => PartyKind::Unknown,
        _ => PartyKind::Company,
    }
}

fn party(diagram: &mut Diagram, id: &str, name: &str, word: &str, code: &str) -> usize {
    if let Some(index) = diagram.boxes.iter().position(|party| party.id == id) {
        return index;
    }
    diagram.boxes.push(PartyBox {
        id: id.into(),
        name: name.into(),
        kind: kind(word),
        jurisdiction: (!code.is_empty()).then(|| code.into()),
        subject: id == "c6",
        listed: id == "p1",
        ..PartyBox::default()
    });
    diagram.boxes.len() - 1
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let mut diagram = Diagram {
        title: "Volkov Group and forty parties".into(),
        subtitle: "as of 2026-11-24; invented data".into(),
        legend: true,
        omissions: vec!["212 more holdings, 3 % in total".into()],
        ..Diagram::default()
    };
    for row in csv::Reader::from_path(&args[1])?.records() {
        let row = row?;
        let owner = party(&mut diagram, &row[0], &row[6], &row[8], &row[10]);
        let owned = party(&mut diagram, &row[1], &row[7], &row[9], &row[11]);
        let (style, word) = match &row[5] {
            "otherInfluenceOrControl" => (LineStyle::Control, "controls"),
            "beneficiaryOfLegalArrangement" => (LineStyle::Control, "settlor/ beneficiary"),
            _ => (LineStyle::Ownership, "?"),
        };
        let label = if !row[2].is_empty() {
            format!("{} %", &row[2])
        } else if !row[3].is_empty() {
            format!("{}–{} %", &row[3], &row[4])
        } else {
            word.into()
        };
        let marks = LineMarks { nominee: &row[5] == "nominee", ..LineMarks::default() };
        let strength = row[2].parse::<f64>().map_or(0, |share| (share * 10.0) as u16);
        let id = format!("r{}", diagram.lines.len() + 1);
        diagram.lines.push(Line { id, owner, owned, label, style, marks, strength, ..Line::default() });
    }
    if args.len() > 3 {
        diagram.cluster_by_jurisdiction();
    }
    let start = std::time::Instant::now();
    let geometry = layout(&diagram, &LayoutOptions::default())?;
    println!("layout {:?} {}x{}", start.elapsed(), geometry.width, geometry.height);
    let out = &args[2];
    std::fs::write(format!("{out}.svg"), svg::to_string(&diagram, &geometry))?;
    std::fs::write(format!("{out}.dot"), dot::to_string(&diagram))?;
    std::fs::write(format!("{out}.mmd"), mermaid::to_string(&diagram))?;
    std::fs::write(format!("{out}.html"), html::to_string(&diagram, &geometry))?;
    let options = png::PngOptions { percent: 130, fonts: Fonts { allow_missing: true, ..Fonts::default() } };
    std::fs::write(format!("{out}.png"), png::draw(&diagram, &geometry, &options)?)?;
    Ok(())
}
