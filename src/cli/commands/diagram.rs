//! `cuibono diagram`

use crate::cli::exit::Exit;
use crate::cli::files::{Draft, not_over_inputs};
use crate::cli::output::write_out;
use crate::cli::session::Session;
use crate::diagram::Diagram;
use crate::diagram::layout::{LayoutOptions, layout};
use crate::error::{Error, ErrorKind, Result};
use crate::export;
use crate::export::chart::{self, ChartOptions};
use crate::query::neighbourhood::Reach;
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Draw who stands around an entity, or everything
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entity: an id, an identifier, a name or the start of one
    #[arg(required_unless_present = "all")]
    entity: Option<String>,
    /// Draw everything
    #[arg(long, conflicts_with = "entity")]
    all: bool,
    /// Levels of owners above the entity [default: all]
    #[arg(long, value_name = "N")]
    up: Option<u32>,
    /// Levels of holdings below it
    #[arg(long, value_name = "N", default_value_t = 1)]
    down: u32,
    /// Boxes at most
    #[arg(long, value_name = "N", default_value_t = 150)]
    max_boxes: usize,
    /// Draw a frame around the parties of one jurisdiction
    #[arg(long, value_enum, value_name = "BY")]
    cluster: Option<ClusterBy>,
    /// Leave out the list of sources
    #[arg(long)]
    no_sources: bool,
    /// The file to write; its ending gives the format
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format, where there is no file to give it
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Picture>,
    /// Size of a PNG in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=1000))]
    scale: u32,
}

/// What boxes are put into frames by.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ClusterBy {
    Jurisdiction,
}

/// The formats of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Picture {
    Dot,
    Svg,
    Png,
    #[value(alias = "mermaid")]
    Mmd,
    Html,
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let picture = self.picture()?;
        let reach = Reach { up: self.up.unwrap_or(u32::MAX), down: self.down, parties: self.max_boxes };
        let options =
            ChartOptions { reach, cluster_by_jurisdiction: self.cluster.is_some(), without_sources: self.no_sources };
        let diagram = match &self.entity {
            Some(entity) => chart::around(session.view(), session.resolve(entity)?, options),
            None => chart::whole(session.view(), options),
        };
        let bytes = self.draw(&diagram, picture)?;
        match &self.output {
            Some(path) => write_file(session, path, &bytes)?,
            None => write_out(&bytes)?,
        }
        diagram.omissions.iter().for_each(|omission| eprintln!("cuibono: {omission} (--max-boxes)"));
        Ok(Exit::Answer)
    }

    fn picture(&self) -> Result<Picture> {
        let extension = self.output.as_ref().and_then(|path| path.extension()).and_then(|extension| extension.to_str());
        match (self.to, extension) {
            (Some(picture), _) => Ok(picture),
            (None, Some(extension)) => Picture::from_str(extension, true).map_err(|_| {
                Error::usage(format!("unknown picture format .{extension}: give .dot, .svg, .png, .mmd or .html"))
            }),
            (None, None) => Ok(Picture::Dot),
        }
    }

    fn draw(&self, diagram: &Diagram, picture: Picture) -> Result<Vec<u8>> {
        let too_large = |error: &dyn std::fmt::Display| Error::plain(ErrorKind::Limit, error.to_string());
        let geometry = || layout(diagram, &LayoutOptions::default()).map_err(|error| too_large(&error));
        Ok(match picture {
            Picture::Dot => export::dot::to_string(diagram).into_bytes(),
            Picture::Mmd => export::mermaid::to_string(diagram).into_bytes(),
            Picture::Svg => export::svg::to_string(diagram, &geometry()?).into_bytes(),
            Picture::Html => export::html::to_string(diagram, &geometry()?).into_bytes(),
            Picture::Png => png(diagram, &geometry()?, self.scale)?,
        })
    }
}

/// The picture; characters that no font on this machine can draw stand as empty boxes, and are named.
#[cfg(feature = "png")]
fn png(diagram: &Diagram, geometry: &crate::diagram::layout::Geometry, percent: u32) -> Result<Vec<u8>> {
    use export::png::{PngError, PngOptions, draw};
    let options = PngOptions { percent, ..Default::default() };
    let picture = match draw(diagram, geometry, &options) {
        Err(error @ PngError::MissingCharacters(_)) => {
            eprintln!("cuibono: warning: {error}; they are drawn as empty boxes");
            draw(diagram, geometry, &PngOptions { allow_missing: true, ..options })
        }
        result => result,
    };
    picture.map_err(|error| Error::usage(format!("the picture cannot be made: {error}")))
}

#[cfg(not(feature = "png"))]
fn png(_: &Diagram, _: &crate::diagram::layout::Geometry, _: u32) -> Result<Vec<u8>> {
    Err(Error::usage("this program was built without the feature png; write an SVG instead"))
}

fn write_file(session: &Session, path: &Path, bytes: &[u8]) -> Result<()> {
    not_over_inputs(session, path, &[])?;
    let mut draft = Draft::begin(path)?;
    draft.write_all(bytes).map_err(|error| Error::io("cannot write", path, error))?;
    draft.finish()
}
