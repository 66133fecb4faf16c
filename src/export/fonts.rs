//! The fonts that pictures are drawn with: embedded ones, so that a picture is the same everywhere, and those of the
//! machine for what they lack.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::usvg::{self, fontdb};

use super::svg;
use crate::diagram::Diagram;
use crate::diagram::layout::{Geometry, Text};
use crate::diagram::text::{self, BOLD, FAMILY, REGULAR};

/// Droid Sans Fallback: Chinese, Japanese and Korean; licence in `src/diagram/fonts/LICENSE`.
const EAST_ASIAN: &[u8] = include_bytes!("../diagram/fonts/DroidSansFallback.ttf");

/// Where glyphs may come from, beside the embedded fonts.
#[derive(Debug, Clone, Copy)]
pub struct Fonts {
    /// Whether fonts of the machine may be used for characters the embedded fonts lack (Thai, for instance).
    /// Pictures without such characters are the same everywhere, whatever is set here.
    pub of_system: bool,
    /// Whether characters that no font can draw appear as empty boxes. Otherwise they are an error.
    pub allow_missing: bool,
}

impl Default for Fonts {
    fn default() -> Self {
        Self { of_system: true, allow_missing: false }
    }
}

/// No font has these characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no font can draw {}; install a font that has them, write SVG, or allow missing characters", list(.0))]
pub struct MissingCharacters(pub Vec<char>);

fn list(characters: &[char]) -> String {
    let shown: Vec<String> = characters.iter().take(8).map(|c| format!("“{c}” (U+{:04X})", u32::from(*c))).collect();
    let more = if characters.len() > 8 { format!(" and {} more", characters.len() - 8) } else { String::new() };
    shown.join(", ") + &more
}

impl Fonts {
    /// The fonts that a chart needs.
    ///
    /// # Errors
    /// If a character of the chart is in none of them.
    pub fn for_chart(self, geometry: &Geometry) -> Result<fontdb::Database, MissingCharacters> {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family(FAMILY);
        fonts.set_serif_family(FAMILY);
        fonts.set_monospace_family(FAMILY);
        let mut missing = missing_characters(geometry);
        if !missing.is_empty() {
            fonts.load_font_data(EAST_ASIAN.to_vec());
            missing.retain(|c| !any_face_has(&fonts, *c));
        }
        if !missing.is_empty() && self.of_system {
            fonts.load_system_fonts();
            missing.retain(|c| !any_face_has(&fonts, *c));
        }
        if missing.is_empty() || self.allow_missing {
            return Ok(fonts);
        }
        Err(MissingCharacters(missing.into_iter().collect()))
    }
}

/// The chart as the tree that PNG and PDF are drawn from.
pub(super) fn tree(diagram: &Diagram, geometry: &Geometry, fonts: fontdb::Database) -> Result<usvg::Tree, usvg::Error> {
    let settings = usvg::Options { fontdb: Arc::new(fonts), font_family: FAMILY.into(), ..usvg::Options::default() };
    usvg::Tree::from_str(&svg::to_string(diagram, geometry), &settings)
}

fn any_face_has(fonts: &fontdb::Database, c: char) -> bool {
    fonts.faces().any(|face| {
        let has = |data: &[u8], index| ttf_parser::Face::parse(data, index).is_ok_and(|f| f.glyph_index(c).is_some());
        fonts.with_face_data(face.id, has).unwrap_or(false)
    })
}

/// Characters on the chart that the fonts it was measured with lack.
fn missing_characters(geometry: &Geometry) -> BTreeSet<char> {
    let labels = geometry.lines.iter().filter_map(|line| line.label.as_ref()).flat_map(|label| &label.texts);
    let boxes = geometry.boxes.iter().flat_map(|party| &party.texts);
    let page = geometry.header.iter().chain(&geometry.notes).chain(geometry.legend.iter().map(|entry| &entry.text));
    let texts = labels.chain(boxes).chain(page).chain(geometry.clusters.iter().map(|(_, cluster)| &cluster.text));
    let characters = texts.flat_map(|text: &Text| text.text.chars());
    characters.filter(|c| !text::has_glyph(*c)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::diagram::PartyBox;
    use crate::diagram::layout::{LayoutOptions, layout};

    /// A chart of one party of this name.
    pub(in crate::export) fn chart(name: &str) -> (Diagram, Geometry) {
        let diagram =
            Diagram { boxes: vec![PartyBox { name: name.into(), ..PartyBox::default() }], ..Diagram::default() };
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
        (diagram, geometry)
    }

    #[test]
    fn chinese_japanese_and_korean_need_no_font_of_the_machine() {
        let alone = Fonts { of_system: false, allow_missing: false };
        let (_, geometry) = chart("陳大文 トヨタ自動車 삼성전자");
        assert_eq!(alone.for_chart(&geometry).map(|fonts| fonts.len()), Ok(3));
        let (_, geometry) = chart("Ольга محمد שלום Σ");
        assert_eq!(alone.for_chart(&geometry).map(|fonts| fonts.len()), Ok(2));
    }

    /// The widths the layout reckons with are those that are drawn, or a little more.
    #[test]
    fn measured_widths_hold_for_shaped_text() {
        for name in [
            "Kestrel Investments S.à r.l.",
            "Ольга Смирнова",
            "محمد الفارسي",
            "שלום עולם",
            "陳大文控股有限公司",
            "AVAVA Ltd ↺ ¹²",
        ] {
            let (diagram, geometry) = chart(name);
            let fonts = Fonts::default().for_chart(&geometry).expect("all glyphs");
            let tree = tree(&diagram, &geometry, fonts).expect("valid");
            let rect = geometry.boxes[0].rect;
            let mut groups = vec![tree.root()];
            let mut texts = 0;
            while let Some(group) = groups.pop() {
                for node in group.children() {
                    match node {
                        usvg::Node::Group(inner) => groups.push(inner),
                        usvg::Node::Text(text) => {
                            let drawn = text.abs_bounding_box();
                            assert!(drawn.left() > rect.x as f32 && drawn.right() < rect.right() as f32, "{name}");
                            texts += 1;
                        }
                        _ => {}
                    }
                }
            }
            assert!(texts >= 2, "{name}");
        }
    }
}
