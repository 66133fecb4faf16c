//! One HTML file with the chart: pan, zoom, search and details on click, without any outside request.
//!
//! The page carries the SVG as markup from the typed writer and a fixed script; no data is ever put into a
//! script. The script reads names and sentences from the attributes of the SVG and writes them as text.

use crate::diagram::Diagram;
use crate::diagram::layout::Geometry;
use crate::escape::xml::XmlWriter;

use super::svg;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// The chart as a standalone page.
#[must_use]
pub fn to_string(diagram: &Diagram, geometry: &Geometry) -> String {
    let mut title = XmlWriter::new(Vec::new());
    let words = if diagram.title.trim().is_empty() { "Ownership chart" } else { &diagram.title };
    // Writing to memory cannot fail.
    let _ = title.text("title", &[], words);
    let title = String::from_utf8(title.into_inner()).unwrap_or_default();
    let chart = svg::to_string(diagram, geometry);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{title}\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{BAR}\n<main id=\"stage\" tabindex=\"0\" \
         aria-label=\"Chart; drag to move, plus and minus to zoom, 0 to fit\">\n{chart}\n</main>\n\
         <aside id=\"details\" aria-live=\"polite\" hidden></aside>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// Only the script of this page may run; the test below keeps its digest right.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
                      script-src 'sha256-MJHfiFAlwEa1DeXlY14AYwBSdVgbz6C7ROtqTRCTl5E='; \
                      base-uri 'none'; form-action 'none'";
const BAR: &str = "<header id=\"bar\"><label>Find <input id=\"find\" type=\"search\" autocomplete=\"off\"></label>\
                   <button id=\"in\" type=\"button\" aria-label=\"Zoom in\">+</button>\
                   <button id=\"out\" type=\"button\" aria-label=\"Zoom out\">−</button>\
                   <button id=\"fit\" type=\"button\">Fit</button><output id=\"found\"></output></header>";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::PartyBox;
    use crate::diagram::layout::{LayoutOptions, layout};

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
}
