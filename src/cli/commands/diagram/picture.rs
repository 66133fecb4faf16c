//! The formats of pictures, and what lays them out.

use crate::cli::terminal;
use crate::diagram::Diagram;
use crate::diagram::layout::{Geometry, LayoutOptions, layout};
use crate::error::{Error, ErrorKind, Result};
use crate::export;
use crate::export::chart::table;
#[cfg(feature = "png")]
use crate::export::fonts::Fonts;
use crate::export::losses::Losses;
use crate::graph::View;
use crate::model::AsOf;
use clap::ValueEnum;
use std::io::{ErrorKind as IoErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The formats of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Picture {
    Dot,
    Svg,
    Png,
    Pdf,
    #[value(alias = "mermaid")]
    Mmd,
    Html,
    /// The lines of the chart as a table
    Csv,
    /// The lines of the chart with their sources
    Json,
    /// What the chart shows as BODS 0.4
    Bods,
    /// What the chart shows as a graph of other programs
    Graphml,
}

/// What lays a chart out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Engine {
    /// The layout of this program
    #[value(name = "cuibono")]
    Own,
    /// Graphviz, as installed on this computer
    Dot,
}

impl Picture {
    /// The format that is asked for, else that of the file's ending, else DOT.
    pub(super) fn choose(asked: Option<Self>, output: Option<&Path>) -> Result<Self> {
        let extension = output.and_then(|path| path.extension()).and_then(|extension| extension.to_str());
        match (asked, extension) {
            (Some(picture), _) => Ok(picture),
            (None, Some(extension)) => Self::from_str(extension, true).map_err(|_| {
                Error::usage(format!(
                    "unknown picture format .{extension}: give .dot, .svg, .png, .pdf, .mmd, .html, .csv or .json"
                ))
            }),
            (None, None) => Ok(Self::Dot),
        }
    }

    /// The picture as bytes of its format.
    pub(super) fn draw(self, view: View<'_>, diagram: &Diagram, engine: Engine, scale: u32) -> Result<Vec<u8>> {
        if engine == Engine::Dot {
            return self.by_graphviz(diagram, scale);
        }
        let too_large = |error: &dyn std::fmt::Display| Error::plain(ErrorKind::Limit, error.to_string());
        let geometry = || layout(diagram, &LayoutOptions::default()).map_err(|error| too_large(&error));
        Ok(match self {
            Picture::Dot => export::dot::to_string(diagram).into_bytes(),
            Picture::Mmd => export::mermaid::to_string(diagram).into_bytes(),
            Picture::Svg => export::svg::to_string(diagram, &geometry()?).into_bytes(),
            Picture::Html => export::html::to_string(diagram, &geometry()?).into_bytes(),
            Picture::Png => png(diagram, &geometry()?, scale)?,
            Picture::Pdf => pdf(diagram, &geometry()?)?,
            Picture::Bods => data_of(view, diagram, export::bods::write)?,
            Picture::Graphml => data_of(view, diagram, export::graphml::write)?,
            Picture::Csv => table::csv(diagram).map_err(|error| unwritable(&error))?,
            Picture::Json => table::json(diagram).map_err(|error| unwritable(&error))?,
        })
    }

    /// The picture as the program `dot` draws it.
    fn by_graphviz(self, diagram: &Diagram, scale: u32) -> Result<Vec<u8>> {
        let format = match self {
            Picture::Svg => "-Tsvg",
            Picture::Png => "-Tpng",
            Picture::Pdf => "-Tpdf",
            Picture::Dot => "-Tdot",
            _ => {
                return Err(Error::usage("Graphviz draws svg, png, pdf and dot; leave out --engine dot for others"));
            }
        };
        let mut dot = Command::new("dot");
        dot.arg(format);
        if self == Picture::Png {
            // 96 dots an inch are pixels of the chart.
            dot.arg(format!("-Gdpi={}", 96 * scale / 100));
        }
        run(dot, export::dot::to_string(diagram))
    }
}

type WriteData = fn(View<'_>, &mut dyn std::io::Write, &mut Losses) -> Result<()>;

/// What the chart shows in a format that holds data.
fn data_of(view: View<'_>, diagram: &Diagram, write: WriteData) -> Result<Vec<u8>> {
    let part = export::chart::part(view, diagram)?;
    let (mut bytes, mut losses) = (Vec::new(), Losses::default());
    write(part.view(AsOf::All), &mut bytes, &mut losses)?;
    losses.iter().for_each(|(what, count)| terminal::tell(format!("not in this format: {what} ({count})")));
    Ok(bytes)
}

fn unwritable(error: &dyn std::fmt::Display) -> Error {
    Error::usage(format!("the table of the chart cannot be written: {error}"))
}

/// What a program writes when it is given a text.
fn run(mut program: Command, text: String) -> Result<Vec<u8>> {
    let piped = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(|error| match error.kind() {
        IoErrorKind::NotFound => Error::usage("--engine dot needs Graphviz: the program dot is not installed"),
        _ => Error::usage(format!("the program dot cannot be started: {error}")),
    })?;
    let input = child.stdin.take();
    // Written beside reading, as neither side waits for the other; what dot does not read it complains of itself.
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(|error| Error::usage(format!("the program dot failed: {error}")))?;
    let _ = writer.join();
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    Err(Error::usage(format!("the program dot failed ({}): {said}", output.status)))
}

/// The picture; characters that no font on this machine can draw stand as empty boxes, and are named.
#[cfg(feature = "png")]
fn png(diagram: &Diagram, geometry: &Geometry, percent: u32) -> Result<Vec<u8>> {
    use export::png::{PngError, PngOptions, draw};
    let drawn = |fonts| draw(diagram, geometry, &PngOptions { percent, fonts });
    let picture = match drawn(Fonts::default()) {
        Err(PngError::MissingCharacters(missing)) => drawn(without(&missing)),
        result => result,
    };
    picture.map_err(|error| Error::usage(format!("the picture cannot be made: {error}")))
}

#[cfg(not(feature = "png"))]
fn png(_: &Diagram, _: &Geometry, _: u32) -> Result<Vec<u8>> {
    Err(Error::usage("this program was built without the feature png; write an SVG instead"))
}

/// The page, as with [`png`].
#[cfg(feature = "pdf")]
fn pdf(diagram: &Diagram, geometry: &Geometry) -> Result<Vec<u8>> {
    use export::pdf::{PdfError, draw};
    let page = match draw(diagram, geometry, Fonts::default()) {
        Err(PdfError::MissingCharacters(missing)) => draw(diagram, geometry, without(&missing)),
        result => result,
    };
    page.map_err(|error| Error::usage(format!("the page cannot be made: {error}")))
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Diagram, _: &Geometry) -> Result<Vec<u8>> {
    Err(Error::usage("this program was built without the feature pdf; write an SVG instead"))
}

/// Goes on without some characters, and says so.
#[cfg(feature = "png")]
fn without(missing: &export::fonts::MissingCharacters) -> Fonts {
    terminal::tell(format!("warning: {missing}; they are drawn as empty boxes"));
    Fonts { allow_missing: true, ..Fonts::default() }
}
