//! `cuibono diagram`

mod picture;

use crate::cli::drafts::Draft;
use crate::cli::exit::Exit;
use crate::cli::files::not_over_inputs;
use crate::cli::output::write_out;
use crate::cli::session::Session;
use crate::cli::terminal;
use crate::diagram::Diagram;
use crate::error::{Error, Result};
use crate::export::chart::{self, ChartOptions, Comparison};
use crate::model::{AsOf, Share};
use crate::query::neighbourhood::{Cut, Reach, Side, default_down};
use clap::ValueEnum;
use picture::{Engine, Picture};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

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
    /// Levels of holdings below it [default: 1, or all with --path-to]
    #[arg(long, value_name = "N")]
    down: Option<u32>,
    /// Only interests that can reach this, in percent; rights that may give control stay
    #[arg(long, value_name = "P")]
    min_share: Option<f64>,
    /// Only interests through which somebody may control what is held, alone or with what it controls
    #[arg(long)]
    only_control: bool,
    /// Only the chains between the entity and this one, whichever is above
    #[arg(long, value_name = "ENTITY", conflicts_with = "all")]
    path_to: Option<String>,
    /// Go on from this party to its owners by one level, or show more of them; may be repeated
    #[arg(long, value_name = "ENTITY")]
    expand_owners: Vec<String>,
    /// Go on from this party to its holdings by one level, or show more of them; may be repeated
    #[arg(long, value_name = "ENTITY")]
    expand_holdings: Vec<String>,
    /// Leave this party out; may be repeated
    #[arg(long, value_name = "ENTITY")]
    hide: Vec<String>,
    /// Boxes at most; what finds no room is drawn as stacks
    #[arg(long, value_name = "N", default_value_t = 150)]
    max_boxes: usize,
    /// Draw interests that ended before the day as ghosts
    #[arg(long, conflicts_with = "compare_to")]
    history: bool,
    /// Draw what changed between this day and --as-of
    #[arg(long, value_name = "DATE", value_parser = AsOf::from_str)]
    compare_to: Option<AsOf>,
    /// With --compare-to: both days side by side, a frame around each
    #[arg(long, requires = "compare_to", conflicts_with = "cluster")]
    side_by_side: bool,
    /// Mark these parties as listed: a file with one per line, or ids and names separated by commas
    #[arg(long, value_name = "FILE-or-LIST")]
    listed: Option<String>,
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
    /// What lays the chart out: cuibono, or the program dot of Graphviz where it is installed (svg, png, pdf)
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = Engine::Own)]
    engine: Engine,
    /// Size of a PNG in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=1000))]
    scale: u32,
}

/// What boxes are put into frames by.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ClusterBy {
    Jurisdiction,
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let picture = Picture::choose(self.to, self.output.as_deref())?;
        let diagram = self.diagram(session)?;
        let bytes = picture.draw(session.view(), &diagram, self.engine, self.scale)?;
        match &self.output {
            Some(path) => write_file(session, path, &bytes)?,
            None => write_out(&bytes)?,
        }
        diagram.omissions.iter().for_each(|omission| terminal::tell(format!("not drawn: {omission}")));
        Ok(Exit::Answer)
    }

    fn diagram(&self, session: &Session) -> Result<Diagram> {
        let subject = self.entity.as_deref().map(|entity| session.resolve(entity)).transpose()?;
        let options = self.options(session)?;
        let comparison = self.compare_to.map(|day| self.comparison(day)).transpose()?;
        chart::draw(session.view(), subject, comparison, &options)
    }

    fn comparison(&self, with: AsOf) -> Result<Comparison> {
        match with {
            AsOf::All => Err(Error::usage("a comparison is of two days: give --compare-to a date instead of all")),
            AsOf::Day(day) if self.side_by_side => Ok(Comparison::SideBySide(day)),
            AsOf::Day(day) => Ok(Comparison::Changes(day)),
        }
    }

    fn options(&self, session: &Session) -> Result<ChartOptions> {
        let min_share = self.min_share.map(Share::from_percent).transpose();
        let min_share = min_share.map_err(|error| Error::usage(format!("--min-share {error}")))?;
        let path_to = self.path_to.as_deref().map(|entity| session.resolve(entity)).transpose()?;
        let listed = self.listed.as_deref().map(|list| session.resolve_list(list)).transpose()?;
        let resolved = |names: &[String]| names.iter().map(|name| session.resolve(name)).collect::<Result<Vec<_>>>();
        let owners = resolved(&self.expand_owners)?.into_iter().map(|node| (node, Side::Owners));
        let holdings = resolved(&self.expand_holdings)?.into_iter().map(|node| (node, Side::Holdings));
        let down = self.down.unwrap_or(default_down(path_to.is_some()));
        Ok(ChartOptions {
            reach: Reach {
                up: self.up.unwrap_or(u32::MAX),
                down,
                parties: self.max_boxes,
                expanded: owners.chain(holdings).collect(),
            },
            cut: Cut {
                min_share: min_share.unwrap_or(Share::ZERO),
                only_control: self.only_control,
                path_to,
                hidden: resolved(&self.hide)?.into_iter().collect(),
                ended: self.history,
            },
            cluster_by_jurisdiction: self.cluster.is_some(),
            without_sources: self.no_sources,
            listed: listed.into_iter().flatten().collect(),
        })
    }
}

fn write_file(session: &Session, path: &Path, bytes: &[u8]) -> Result<()> {
    not_over_inputs(session, path, &[])?;
    let mut draft = Draft::begin(path)?;
    draft.write_all(bytes).map_err(|error| Error::io("cannot write", path, error))?;
    draft.finish()
}
