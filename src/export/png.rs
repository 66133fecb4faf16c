//! PNG, drawn from the SVG by resvg with the embedded fonts.

use resvg::tiny_skia::{Pixmap, Transform};

use super::fonts::{Fonts, MissingCharacters, tree};
use crate::diagram::Diagram;
use crate::diagram::layout::Geometry;

/// Largest picture, in pixels (about 400 MB while drawing).
const MAX_PIXELS: u64 = 100_000_000;

/// How a PNG is drawn.
#[derive(Debug, Clone)]
pub struct PngOptions {
    /// Pixels of the picture for each hundred pixels of the chart; 200 is twice the size.
    pub percent: u32,
    /// Where glyphs may come from.
    pub fonts: Fonts,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self { percent: 200, fonts: Fonts::default() }
    }
}

/// Why a PNG cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// No font has these characters.
    #[error(transparent)]
    MissingCharacters(#[from] MissingCharacters),
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

/// Draws the chart.
///
/// # Errors
/// If the picture would be too large, or holds characters that no font has (see [`PngOptions`]).
pub fn draw(diagram: &Diagram, geometry: &Geometry, options: &PngOptions) -> Result<Vec<u8>, PngError> {
    let (width, height) = size(geometry, options)?;
    let fonts = options.fonts.for_chart(geometry)?;
    let failed = |error: &dyn std::fmt::Display| PngError::Draw(error.to_string());
    let tree = tree(diagram, geometry, fonts).map_err(|error| failed(&error))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::fonts::tests::chart;

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

    #[test]
    fn characters_without_a_font_are_an_error_and_never_vanish() {
        let (diagram, geometry) = chart("\u{1033A} (Gothic)");
        let options = PngOptions { fonts: Fonts { of_system: false, allow_missing: false }, ..PngOptions::default() };
        let error = draw(&diagram, &geometry, &options).expect_err("no such glyph");
        assert!(error.to_string().contains("U+1033A"), "{error}");
        let options = PngOptions { fonts: Fonts { of_system: false, allow_missing: true }, ..options };
        assert!(draw(&diagram, &geometry, &options).is_ok());
    }

    #[test]
    fn too_large_is_an_error() {
        let (diagram, geometry) = chart("x");
        let options = PngOptions { percent: 1_000_000, ..PngOptions::default() };
        assert!(matches!(draw(&diagram, &geometry, &options), Err(PngError::TooLarge { .. })));
    }
}
