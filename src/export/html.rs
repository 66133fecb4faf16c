//! One HTML file with the chart: pan, zoom, search and details on click, without any outside request.
//!
//! The page carries the SVG as markup from the typed writer and a fixed script; no data is ever put into a
//! script. The script reads names and sentences from the attributes of the SVG and writes them as text.

use crate::diagram::Diagram;
use crate::diagram::layout::Geometry;
use crate::escape::bidi::isolated;
use crate::escape::visible::visible;
use crate::escape::xml::XmlWriter;
use std::io;

use super::svg;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// The chart as a standalone page.
#[must_use]
pub fn to_string(diagram: &Diagram, geometry: &Geometry) -> String {
    let words = if diagram.title.trim().is_empty() { "Ownership chart" } else { &diagram.title };
    let title = markup(|xml| xml.text("title", &[], words));
    let evidence = markup(|xml| evidence(xml, diagram));
    let chart = svg::to_string(diagram, geometry);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{title}\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{BAR}\n<main id=\"stage\" tabindex=\"0\" \
         aria-label=\"Chart; drag to move, plus and minus to zoom, 0 to fit\">\n{chart}\n</main>\n\
         <aside id=\"details\" aria-live=\"polite\" hidden></aside>\n{evidence}\n<script>{SCRIPT}</script>\n\
         </body>\n</html>\n"
    )
}

/// Markup from the typed writer.
fn markup(write: impl FnOnce(&mut XmlWriter<Vec<u8>>) -> io::Result<()>) -> String {
    let mut xml = XmlWriter::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = write(&mut xml);
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

/// What is known of each box and line, an article each; the script shows the one that is asked for.
fn evidence(xml: &mut XmlWriter<Vec<u8>>, diagram: &Diagram) -> io::Result<()> {
    xml.open("section", &[("id", "evidence"), ("hidden", "hidden")])?;
    for (index, party) in diagram.boxes.iter().enumerate() {
        let heading = diagram.box_sentence(index);
        article(xml, diagram, &format!("n{}", index + 1), (&heading, &party.evidence, &party.footnotes))?;
    }
    for (index, line) in diagram.lines.iter().enumerate() {
        let heading = diagram.line_sentence(index);
        article(xml, diagram, &format!("l{}", index + 1), (&heading, &line.evidence, &line.footnotes))?;
    }
    xml.close("section")
}

fn article(
    xml: &mut XmlWriter<Vec<u8>>,
    diagram: &Diagram,
    symbol: &str,
    (heading, evidence, footnotes): (&str, &[String], &[u32]),
) -> io::Result<()> {
    xml.open("article", &[("data-of", symbol)])?;
    xml.text("h2", &[], &sentence(heading))?;
    xml.open("ul", &[])?;
    evidence.iter().try_for_each(|one| xml.text("li", &[], &sentence(one)))?;
    xml.close("ul")?;
    for note in diagram.footnotes.iter().filter(|note| footnotes.contains(&note.number)) {
        xml.open("p", &[])?;
        xml.text("span", &[], &format!("{}  {} ", note.number, sentence(&note.text)))?;
        if let Some(url) = note.url.as_deref().filter(|url| is_web_address(url)) {
            let link = [("href", url), ("rel", "noopener noreferrer"), ("target", "_blank")];
            xml.text("a", &link, &visible(url))?;
        }
        xml.close("p")?;
    }
    xml.close("article")
}

/// A sentence in which names from right to left turn nothing around them.
fn sentence(text: &str) -> String {
    isolated(&visible(text))
}

/// Only addresses that lead to a page become links; others stay text, whatever they would do.
fn is_web_address(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")) && !url.chars().any(|c| c.is_control() || c == ' ')
}

/// Only the script of this page may run; the test below keeps its digest right.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
                      script-src 'sha256-eqqTAVo/6Fkfv9EGwqkVf0hu/bSk/wyMmc01jcCB0bA='; \
                      base-uri 'none'; form-action 'none'";
const BAR: &str = "<header id=\"bar\"><label>Find <input id=\"find\" type=\"search\" autocomplete=\"off\"></label>\
                   <button id=\"in\" type=\"button\" aria-label=\"Zoom in\">+</button>\
                   <button id=\"out\" type=\"button\" aria-label=\"Zoom out\">−</button>\
                   <button id=\"fit\" type=\"button\">Fit</button><output id=\"found\"></output></header>";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::layout::{LayoutOptions, layout};
    use crate::diagram::{Footnote, Line, PartyBox};

    #[test]
    fn the_policy_names_the_script() {
        use base64::Engine;
        use sha2::Digest;
        let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(SCRIPT));
        assert!(POLICY.contains(&format!("'sha256-{digest}'")), "should be sha256-{digest}");
    }

    #[test]
    fn names_never_become_markup() {
        let party = PartyBox { name: "</svg><script>alert(1)</script>".into(), ..PartyBox::default() };
        let diagram = Diagram { title: "</title><script>".into(), boxes: vec![party], ..Diagram::default() };
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
        let page = to_string(&diagram, &geometry);
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains("http://") || page.matches("http://").count() == 1, "only the SVG namespace");
    }

    #[test]
    fn evidence_stands_beside_the_chart_and_only_web_addresses_are_links() {
        let note = |number, url: &str| Footnote { number, text: format!("source {number}"), url: Some(url.into()) };
        let diagram = Diagram {
            boxes: vec![PartyBox::default(), PartyBox { evidence: vec!["id: <x>".into()], ..PartyBox::default() }],
            lines: vec![Line { owned: 1, footnotes: vec![1, 2], evidence: vec!["i1: 5 %".into()], ..Line::default() }],
            footnotes: vec![note(1, "HTTPS://example.org/a?b=1&c=2"), note(2, "javascript:alert(1)")],
            ..Diagram::default()
        };
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
        let page = to_string(&diagram, &geometry);
        let article = &page[page.find("<article data-of=\"l1\">").expect("an article")..];
        assert!(article.contains("<li>i1: 5 %</li>"), "{article}");
        assert!(article.contains("<a href=\"HTTPS://example.org/a?b=1&amp;c=2\" rel=\"noopener noreferrer\""));
        assert_eq!(page.matches("<a ").count(), 1);
        assert!(page.contains("<li>id: &lt;x&gt;</li>"));
    }
}
