//! `cuibono convert`

use crate::cli::drafts::{Draft, DraftFolder};
use crate::cli::exit::Exit;
use crate::cli::files::{Piped, not_over_inputs};
use crate::cli::session::Session;
use crate::cli::terminal;
use crate::error::{Error, Result};
use crate::export::columns::{Entities, Interests, Jurisdictions, Sources, Table};
use crate::export::files::Files;
use crate::export::losses::Losses;
use crate::export::tables::Cells;
use crate::export::{bods, ftm, gexf, graphml, jsonl, neo4j, tables};
use crate::graph::View;
use crate::model::AsOf;
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Write the graph in a format of other programs
///
/// Everything is written, whatever its day, unless --as-of gives one. What a format cannot hold is counted on standard
/// error.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cuibono convert --data psc.jsonl.gz -o out.bods.json
  cuibono convert --to graphml > nso.graphml
  cuibono convert --to parquet -o tables/

Without -o a format of one file goes to standard output; csv, neo4j and parquet need a folder.")]
pub struct Args {
    /// The format; without it the ending of the output tells
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Target>,
    /// The file to write, - for standard output, or the folder for csv, neo4j and parquet
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Beneficial Ownership Data Standard 0.4.
    Bods,
    /// FollowTheMoney, one entity a line.
    Ftm,
    /// Tables as CSV, in a folder; nothing is lost.
    Csv,
    /// The program's own records, one a line; nothing is lost.
    Jsonl,
    /// For Gephi, yEd, NetworkX.
    Graphml,
    /// For Gephi, with a time line.
    Gexf,
    /// CSV for neo4j-admin and a load script, in a folder.
    Neo4j,
    /// Tables as Parquet, in a folder; nothing is lost.
    Parquet,
}

type WriteOne = fn(View<'_>, &mut dyn Write, &mut Losses) -> Result<()>;
type WriteMany = fn(View<'_>, &mut dyn Files, Cells, &mut Losses) -> Result<()>;

/// How a format is written.
enum Writer {
    /// Into one file or to standard output.
    One(WriteOne),
    /// Into a folder, these files.
    Many(WriteMany, Vec<String>),
}

/// The tables with an ending.
fn named(ending: &str) -> Vec<String> {
    [Entities::NAME, Interests::NAME, Sources::NAME, Jurisdictions::NAME].map(|name| format!("{name}.{ending}")).into()
}

impl Target {
    fn writer(self) -> Writer {
        match self {
            Target::Bods => Writer::One(bods::write),
            Target::Ftm => Writer::One(ftm::write),
            Target::Jsonl => Writer::One(jsonl::write),
            Target::Graphml => Writer::One(graphml::write),
            Target::Gexf => Writer::One(gexf::write),
            Target::Csv => Writer::Many(tables::write, named("csv")),
            Target::Neo4j => {
                let mut names = named("csv");
                names.push("load.cypher".to_owned());
                Writer::Many(|view, files, _, losses| neo4j::write(view, files, losses), names)
            }
            Target::Parquet => Writer::Many(parquet, named("parquet")),
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The format that the ending of a path stands for.
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let endings = [
            (".bods.json", Target::Bods),
            (".bods.jsonl", Target::Bods),
            (".ftm.json", Target::Ftm),
            (".ftm.jsonl", Target::Ftm),
            (".ftm.ijson", Target::Ftm),
            (".jsonl", Target::Jsonl),
            (".ndjson", Target::Jsonl),
            (".graphml", Target::Graphml),
            (".gexf", Target::Gexf),
        ];
        endings.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, target)| target)
    }
}

#[cfg(feature = "parquet")]
fn parquet(view: View<'_>, files: &mut dyn Files, _: Cells, losses: &mut Losses) -> Result<()> {
    crate::export::parquet::write(view, files, losses)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: View<'_>, _: &mut dyn Files, _: Cells, _: &mut Losses) -> Result<()> {
    Err(Error::usage("this program was built without the feature parquet; write csv instead"))
}

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        if session.output.limit.is_some() {
            return Err(Error::usage("convert writes all or nothing: --limit has no meaning here"));
        }
        let target = self.target()?;
        let view = session.view_on(session.as_of_given().unwrap_or(AsOf::All));
        let mut losses = Losses::default();
        let output = self.output.as_deref().filter(|path| *path != Path::new("-"));
        match (target.writer(), output) {
            (Writer::One(write), None) => write(view, &mut Piped::begin(), &mut losses)?,
            (Writer::One(write), Some(path)) => {
                not_over_inputs(session, path, &[])?;
                let mut draft = Draft::begin(path)?;
                write(view, &mut draft, &mut losses).map_err(|error| named_after(path, error))?;
                draft.finish()?;
            }
            (Writer::Many(write, names), Some(path)) => {
                not_over_inputs(session, path, &names)?;
                let cells = session.output.csv.into();
                let mut draft = DraftFolder::begin(path)?;
                write(view, &mut draft, cells, &mut losses).map_err(|error| named_after(path, error))?;
                draft.finish()?;
            }
            (Writer::Many(..), None) => {
                let name = target.name();
                return Err(Error::usage(format!("{name} is several files: give a folder, for example -o {name}-out")));
            }
        }
        session.output.tell_of_marks(losses.marked());
        let name = target.name();
        losses.iter().for_each(|(what, count)| terminal::tell(format!("{name} cannot hold: {count} {what}")));
        Ok(Exit::Answer)
    }

    fn target(&self) -> Result<Target> {
        if let Some(target) = self.to {
            return Ok(target);
        }
        let Some(path) = &self.output else {
            return Err(Error::usage(format!("into which format? give --to {}", formats())));
        };
        Target::of(path).ok_or_else(|| {
            let path = path.display();
            Error::usage(format!("the ending of {path} stands for no format: give --to {}", formats()))
        })
    }
}

/// All formats, for messages.
fn formats() -> String {
    Target::value_variants().iter().map(|target| target.name()).collect::<Vec<_>>().join(", ")
}

/// A writer does not know where its bytes go.
fn named_after(path: &Path, error: Error) -> Error {
    use std::error::Error as _;
    match error.source().and_then(|source| source.downcast_ref::<std::io::Error>()) {
        Some(source) => Error::io("cannot write", path, std::io::Error::new(source.kind(), source.to_string())),
        None => error,
    }
}
