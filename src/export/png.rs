//! PNG, drawn from the SVG by resvg with the embedded fonts.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use crate::diagram::Diagram;
use crate::diagram::layout::{Geometry, Text};
use crate::diagram::text::{self, BOLD, FAMILY, REGULAR};

use super::svg;

/// Largest picture, in pixels (about 400 MB while drawing).
const MAX_PIXELS: u64 = 100_000_000;

/// How a PNG is drawn.
#[derive(Debug, Clone)]
pub struct PngOptions {
    /// Pixels of the picture for each hundred pixels of the chart; 200 is twice the size.
    pub percent: u32,
    /// Whether fonts of the machine may be used for characters the embedded fonts lack (Chinese, for instance).
    /// Pictures without such characters are the same everywhere, whatever is set here.
    pub system_fonts: bool,
    /// Whether characters that no font can draw appear as empty boxes. Otherwise they are an error.
    pub allow_missing: bool,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self { percent: 200, system_fonts: true, allow_missing: false }
    }
}

/// Why a PNG cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// No font has these characters.
    #[error("no font can draw {}; install a font that has them, write SVG, or allow missing characters", list(.0))]
    MissingCharacters(Vec<char>),
    /// The picture would be too large.
    #[error("a picture of {width} × {height} pixels is too large; choose a smaller scale")]
    TooLarge {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
    },
    /// The drawing library refused.
    #[error("the picture cannot be drawn: {0}")]
    Draw(String),
}

fn list(characters: &[char]) -> String {
    let shown: Vec<String> = characters.iter().take(8).map(|c| format!("“{c}” (U+{:04X})", u32::from(*c))).collect();
    let more = if characters.len() > 8 { format!(" and {} more", characters.len() - 8) } else { String::new() };
    shown.join(", ") + &more
}

/// Draws the chart.
///
/// # Errors
/// If the picture would be too large, or holds characters that no font has (see [`PngOptions`]).
pub fn draw(diagram: &Diagram, geometry: &Geometry, options: &PngOptions) -> Result<Vec<u8>, PngError> {
    let (width, height) = size(geometry, options)?;
    let fonts = fonts(geometry, options)?;
    let settings = usvg::Options { fontdb: Arc::new(fonts), font_family: FAMILY.into(), ..usvg::Options::default() };
    let failed = |error: &dyn std::fmt::Display| PngError::Draw(error.to_string());
    let tree = usvg::Tree::from_str(&svg::to_string(diagram, geometry), &settings).map_err(|error| failed(&error))?;
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed(&"no room for the picture"))?;
    let scale = |pixels: u32, units: i32| pixels as f32 / units.max(1) as f32;
    let transform = Transform::from_scale(scale(width, geometry.width), scale(height, geometry.height));
    resvg::render(&tree, transform, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(&error))
}

fn size(geometry: &Geometry, options: &PngOptions) -> Result<(u32, u32), PngError> {
    let scaled = |units: i32| (u64::try_from(units).unwrap_or(0) * u64::from(options.percent)).div_ceil(100).max(1);
    let (width, height) = (scaled(geometry.width), scaled(geometry.height));
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(w), Ok(h)) if width * height <= MAX_PIXELS && w < 60_000 && h < 60_000 => Ok((w, h)),
        _ => Err(PngError::TooLarge { width, height }),
    }
}

/// The embedded fonts, with those of the machine behind them if the chart needs them.
fn fonts(geometry: &Geometry, options: &PngOptions) -> Result<fontdb::Database, PngError> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_serif_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    let mut missing = missing_characters(geometry);
    if !missing.is_empty() && options.system_fonts {
        fonts.load_system_fonts();
        missing.retain(|c| !any_face_has(&fonts, *c));
    }
    if missing.is_empty() || options.allow_missing {
        return Ok(fonts);
    }
    Err(PngError::MissingCharacters(missing.into_iter().collect()))
}

fn any_face_has(fonts: &fontdb::Database, c: char) -> bool {
    fonts.faces().any(|face| {
        let has = |data: &[u8], index| ttf_parser::Face::parse(data, index).is_ok_and(|f| f.glyph_index(c).is_some());
        fonts.with_face_data(face.id, has).unwrap_or(false)
    })
}

/// Characters on the chart that the embedded fonts cannot draw.
#[must_use]
pub fn missing_characters(geometry: &Geometry) -> BTreeSet<char> {
    let labels = geometry.lines.iter().filter_map(|line| line.label.as_ref()).flat_map(|label| &label.texts);
    let boxes = geometry.boxes.iter().flat_map(|party| &party.texts);
    let page = geometry.header.iter().chain(&geometry.notes).chain(geometry.legend.iter().map(|entry| &entry.text));
    let texts = labels.chain(boxes).chain(page).chain(geometry.clusters.iter().map(|(_, cluster)| &cluster.text));
    let characters = texts.flat_map(|text: &Text| text.text.chars());
    characters.filter(|c| !text::has_glyph(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::PartyBox;
    use crate::diagram::layout::{LayoutOptions, layout};

    fn chart(name: &str) -> (Diagram, Geometry) {
        let diagram =
            Diagram { boxes: vec![PartyBox { name: name.into(), ..PartyBox::default() }], ..Diagram::default() };
        let geometry = layout(&diagram, &LayoutOptions::default()).expect("valid");
        (diagram, geometry)
    }

    #[test]
    fn text_is_really_drawn() {
        let draw = |name| {
            let (diagram, geometry) = chart(name);
            draw(&diagram, &geometry, &PngOptions::default()).expect("drawn")
        };
        let (full, empty) = (draw("Kestrel Ltd"), draw("iiiiiii iii"));
        assert!(full.starts_with(b"\x89PNG"));
        assert_ne!(full, empty);
        assert_eq!(full, draw("Kestrel Ltd"));
    }

    /// The widths the layout reckons with are those that are drawn, or a little more.
    #[test]
    fn measured_widths_hold_for_shaped_text() {
        for name in ["Kestrel Investments S.à r.l.", "Ольга Смирнова", "محمد الفارسي", "שלום עולם", "AVAVA Ltd ↺ ¹²"]
        {
            let (diagram, geometry) = chart(name);
            let fonts = Arc::new(fonts(&geometry, &PngOptions::default()).expect("all glyphs"));
            let settings = usvg::Options { fontdb: fonts, ..usvg::Options::default() };
            let tree = usvg::Tree::from_str(&svg::to_string(&diagram, &geometry), &settings).expect("valid");
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

    #[test]
    fn characters_without_a_font_are_an_error_and_never_vanish() {
        let (diagram, geometry) = chart("陳大文");
        let options = PngOptions { system_fonts: false, ..PngOptions::default() };
        let error = draw(&diagram, &geometry, &options).expect_err("no such glyphs");
        assert!(error.to_string().contains("U+5927"), "{error}");
        assert!(draw(&diagram, &geometry, &PngOptions { allow_missing: true, ..options }).is_ok());
    }

    #[test]
    fn too_large_is_an_error() {
        let (diagram, geometry) = chart("x");
        let options = PngOptions { percent: 1_000_000, ..PngOptions::default() };
        assert!(matches!(draw(&diagram, &geometry, &options), Err(PngError::TooLarge { .. })));
    }
}
