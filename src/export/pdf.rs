//! PDF, drawn from the SVG by krilla: text stays text that can be searched and copied, in subsets of the fonts.

use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

use super::fonts::{Fonts, MissingCharacters, tree};
use crate::diagram::Diagram;
use crate::diagram::layout::Geometry;

/// Points of a page for each pixel of the chart: a pixel is a 96th of an inch, a point a 72nd.
const POINTS: f32 = 0.75;

/// Why a PDF cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// No font has these characters.
    #[error(transparent)]
    MissingCharacters(#[from] MissingCharacters),
    /// The drawing library refused.
    #[error("the page cannot be drawn: {0}")]
    Draw(String),
}

/// The chart as a document of one page that is as large as the chart.
///
/// # Errors
/// If the chart holds characters that no font has (see [`Fonts`]).
pub fn draw(diagram: &Diagram, geometry: &Geometry, fonts: Fonts) -> Result<Vec<u8>, PdfError> {
    let failed = |what: &dyn std::fmt::Display| PdfError::Draw(what.to_string());
    let tree = tree(diagram, geometry, fonts.for_chart(geometry)?).map_err(|error| failed(&error))?;
    let points = |pixels: i32| pixels.max(1) as f32 * POINTS;
    let size =
        Size::from_wh(points(geometry.width), points(geometry.height)).ok_or_else(|| failed(&"it has no size"))?;
    let mut document = krilla::Document::new();
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(|| failed(&"the picture does not fit"))?;
    surface.finish();
    page.finish();
    let title = if diagram.title.trim().is_empty() { "Ownership chart" } else { &diagram.title };
    let description = diagram.subtitle.clone();
    document.set_metadata(Metadata::new().title(title.to_owned()).description(description));
    document.finish().map_err(|error| PdfError::Draw(format!("{error:?}")))
}
