//! The arguments. Doc comments here are the help text.

use super::commands;
use super::output::{CsvCells, OutputFormat};
use crate::load::DuplicateKeys;
use crate::load::source::{Encoding, Limits};
use crate::model::AsOf;
use crate::model::{Confidence, Layer};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Who ultimately owns what: corporate ownership with shares, control, dates and sources.
///
/// Without --data every command works on the dataset that is compiled in, the structure around NSO Group.
#[derive(Debug, Parser)]
#[command(name = "cuibono", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cuibono owners-of NSO                            who owns NSO Group today
  cuibono owners-of NSO --as-of 2019-06-01         … and in June 2019
  cuibono controllers-of NSO --as-of 2021-09-01    who controls it, and why
  cuibono diagram NSO --as-of 2021-05-31 -o nso.svg
  cuibono owners-of Acme --data edges.csv --format json

Exit codes: 0 answer, 1 no such entity (or findings with --fail-on), 2 usage or I/O, 3 bad input data,
4 ambiguous name, 5 stopped at a limit, 101 a bug of the program.";

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// A file, a folder, an index or - (standard input); may be repeated, all given data form one graph
    #[arg(long, global = true, value_name = "PATH")]
    pub data: Vec<PathBuf>,
    /// Read every input as this format (native, tables, bods, psc, gleif, ftm, icij, edges) instead of recognising it from its
    /// content
    #[arg(long, global = true, value_name = "FORMAT")]
    pub input_format: Option<String>,
    /// Write every record that cannot be read to this file, one JSON object a line
    #[arg(long, global = true, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Refuse data of which more than this many records cannot be read [default: they are counted and said]
    #[arg(long, global = true, value_name = "N")]
    pub max_rejects: Option<u64>,
    /// Which records are one party and which are not: a CSV file with the columns a,b,verdict (same or different)
    #[arg(long, global = true, value_name = "FILE")]
    pub matches: Option<PathBuf>,
    /// The day that the question is about, or all [default: today]
    #[arg(long, global = true, value_name = "DATE", value_parser = AsOf::from_str)]
    pub as_of: Option<AsOf>,
    /// How the answer is written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: OutputFormat,
    /// Who gets the money (capital) or who decides (votes)
    #[arg(long, global = true, value_enum, default_value_t, value_name = "LAYER")]
    pub layer: LayerArg,
    /// Leave out interests of less confidence
    #[arg(long, global = true, value_enum, default_value_t, value_name = "LEVEL")]
    pub min_confidence: ConfidenceArg,
    /// Only interests that this source states, also if others do too; may be repeated (`cuibono sources` lists them)
    #[arg(long, global = true, value_name = "ID")]
    pub only_source: Vec<String>,
    /// Leave out interests that no other source states; may be repeated
    #[arg(long, global = true, value_name = "ID")]
    pub without_source: Vec<String>,
    /// Let shares that nobody known holds belong to whoever is asked about
    #[arg(long, global = true)]
    pub open_world: bool,
    /// Print at most this many rows; a cut answer ends with exit code 5
    #[arg(long, global = true, value_name = "N")]
    pub limit: Option<usize>,
    /// Stop after this time (90s, 5m) with exit code 5
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Stop when more memory than this is in use (500M, 2G) with exit code 5
    #[arg(long, global = true, value_name = "SIZE")]
    pub max_memory: Option<Bytes>,
    /// Whether an apostrophe disarms CSV cells that a spreadsheet would take for a formula
    #[arg(long, global = true, value_enum, default_value_t, value_name = "CELLS")]
    pub csv: CsvCells,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorArg,
    /// Print no warnings about the data
    #[arg(long, short, global = true)]
    pub quiet: bool,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// Options of how inputs are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "How data are read")]
pub struct ReadingArgs {
    /// Answer from what stands before the place where an input breaks off or is damaged; such an answer is partial and ends
    /// with exit code 5
    #[arg(long, global = true)]
    pub keep_going: bool,
    /// The encoding of text that is not UTF-8 and has no byte order mark (windows-1252, windows-1251, utf-16le, ...)
    #[arg(long, global = true, value_name = "NAME", value_parser = Encoding::from_str)]
    pub encoding: Option<Encoding>,
    /// Which value counts where a key stands twice in a JSON object: first, last, or error, so that its record is rejected
    /// [default: error]
    #[arg(long, global = true, value_name = "WHICH", value_parser = DuplicateKeys::from_str)]
    pub duplicate_keys: Option<DuplicateKeys>,
    /// Read at most so much of one input when it is unpacked [default: 256G]
    #[arg(long, global = true, value_name = "SIZE")]
    pub max_unpacked: Option<Bytes>,
    /// Let what is packed become at most so many times larger, beyond its first 64M [default: 400]
    #[arg(long, global = true, value_name = "N")]
    pub max_expansion: Option<u64>,
    /// Read at most so many members of one archive or files of one folder [default: 10000 and 100000]
    #[arg(long, global = true, value_name = "N")]
    pub max_members: Option<usize>,
    /// The longest record [default: 64M]
    #[arg(long, global = true, value_name = "SIZE")]
    pub max_record: Option<Bytes>,
    /// The largest input that has to be held whole: a document in the native format, an archive from standard input
    /// [default: 1G]
    #[arg(long, global = true, value_name = "SIZE")]
    pub max_document: Option<Bytes>,
}

impl ReadingArgs {
    /// The limits that are given, and those that hold else.
    pub fn limits(&self) -> Limits {
        let size = |given: Option<Bytes>| given.map(|size| usize::try_from(size.0).unwrap_or(usize::MAX));
        let usual = Limits::default();
        Limits {
            bytes: self.max_unpacked.map_or(usual.bytes, |size| size.0),
            whole: self.max_document.map_or(usual.whole, |size| size.0),
            record: size(self.max_record).unwrap_or(usual.record),
            ratio: self.max_expansion.unwrap_or(usual.ratio),
            members: self.max_members.unwrap_or(usual.members),
            files: self.max_members.unwrap_or(usual.files),
            ..usual
        }
    }

    /// Those that were given, as they are given again.
    pub fn arguments(&self) -> Vec<String> {
        let size = |given: Option<Bytes>| given.map(|size| size.0.to_string());
        let keys = self.duplicate_keys.map(|keys| format!("{keys:?}").to_lowercase());
        let options = [
            ("--encoding", self.encoding.map(|encoding| encoding.name().to_owned())),
            ("--duplicate-keys", keys),
            ("--max-unpacked", size(self.max_unpacked)),
            ("--max-expansion", self.max_expansion.map(|times| times.to_string())),
            ("--max-members", self.max_members.map(|members| members.to_string())),
            ("--max-record", size(self.max_record)),
            ("--max-document", size(self.max_document)),
        ];
        let given = options.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?]));
        self.keep_going.then(|| "--keep-going".to_owned()).into_iter().chain(given.flatten()).collect()
    }
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The layers as arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LayerArg {
    /// Who gets the money.
    #[default]
    Capital,
    /// Who decides.
    Votes,
}

impl From<LayerArg> for Layer {
    fn from(layer: LayerArg) -> Self {
        match layer {
            LayerArg::Capital => Layer::Capital,
            LayerArg::Votes => Layer::Votes,
        }
    }
}

/// Confidence as an argument.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ConfidenceArg {
    /// A register, a judgment, several good sources.
    High,
    /// A single good source, or several weak ones.
    Medium,
    /// Everything.
    #[default]
    Low,
}

impl From<ConfidenceArg> for Confidence {
    fn from(confidence: ConfidenceArg) -> Self {
        match confidence {
            ConfidenceArg::High => Confidence::High,
            ConfidenceArg::Medium => Confidence::Medium,
            ConfidenceArg::Low => Confidence::Low,
        }
    }
}

/// A size such as `500M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, factor) = match text.trim().to_ascii_uppercase() {
            t if t.ends_with('K') => (t, 1u64 << 10),
            t if t.ends_with('M') => (t, 1 << 20),
            t if t.ends_with('G') => (t, 1 << 30),
            t => (t, 1),
        };
        let digits = number.trim_end_matches(['K', 'M', 'G']);
        let parsed = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        parsed.map(Bytes).ok_or_else(|| format!("{text:?} is no size: give for example 500M or 2G"))
    }
}

/// A time such as `90s`, `5m` or plain seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (digits, factor) = match text.trim() {
        t if t.ends_with("ms") => (&t[..t.len() - 2], 0.001),
        t if t.ends_with('s') => (&t[..t.len() - 1], 1.0),
        t if t.ends_with('m') => (&t[..t.len() - 1], 60.0),
        t if t.ends_with('h') => (&t[..t.len() - 1], 3600.0),
        t => (t, 1.0),
    };
    let seconds = digits.parse::<f64>().ok().map(|number| number * factor);
    let valid = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    valid.ok_or_else(|| format!("{text:?} is no time: give for example 90s or 5m"))
}

/// Makes the enumeration of the commands, and describes each by its name.
macro_rules! commands {
    ($($(#[$condition:meta])* $variant:ident $name:literal $args:ty;)*) => {
        /// The commands.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(#[$condition])* #[command(name = $name)] $variant($args),)*
        }

        /// The command with this name and its arguments.
        fn describe(name: &str) -> Option<clap::Command> {
            match name {
                $($(#[$condition])* $name => Some(<$args as Args>::augment_args(clap::Command::new($name))),)*
                _ => None,
            }
        }
    };
}

commands! {
    OwnersOf "owners-of" commands::owners_of::Args;
    HoldingsOf "holdings-of" commands::holdings_of::Args;
    ControllersOf "controllers-of" commands::controllers_of::Args;
    ControlledBy "controlled-by" commands::controlled_by::Args;
    UltimateControllers "ultimate-controllers" commands::ultimate_controllers::Args;
    EffectiveShares "effective-shares" commands::effective_shares::Args;
    Screen "screen" commands::screen::Args;
    BeneficialOwnersOf "beneficial-owners-of" commands::beneficial_owners_of::Args;
    Explain "explain" commands::explain::Args;
    CloseLinks "close-links" commands::close_links::Args;
    #[cfg(feature = "distributed")]
    Cluster "cluster" commands::cluster::Args;
    Power "power" commands::power::Args;
    Rules "rules" commands::rules::Args;
    Paths "paths" commands::paths::Args;
    Circular "circular" commands::circular::Args;
    Jurisdictions "jurisdictions" commands::jurisdictions::Args;
    EntitiesIn "entities-in" commands::entities_in::Args;
    Timeline "timeline" commands::timeline::Args;
    Diff "diff" commands::diff::Args;
    Search "search" commands::search::Args;
    Show "show" commands::show::Args;
    Matches "matches" commands::matches::Args;
    Sources "sources" commands::sources::Args;
    Stats "stats" commands::stats::Args;
    Check "check" commands::check::Args;
    Diagram "diagram" commands::diagram::Args;
    Convert "convert" commands::convert::Args;
    #[cfg(feature = "serve")]
    Serve "serve" commands::serve::Args;
    Index "index" commands::index::Args;
    Completions "completions" commands::generate::CompletionsArgs;
    Man "man" commands::generate::ManArgs;
}

impl Cli {
    /// Parses the arguments of a run.
    ///
    /// Most runs name their command first, and then its own arguments are all that is needed: describing every command
    /// takes longer than answering. Help and mistakes are left to the whole description, which knows all commands.
    pub fn of(arguments: Vec<OsString>) -> Result<Self, clap::Error> {
        match named_first(&arguments).and_then(|command| command.try_get_matches_from(&arguments).ok()) {
            Some(matches) => Self::from_arg_matches(&matches),
            None => Self::try_parse_from(arguments),
        }
    }
}

/// The program as if it had only the command that is named first.
fn named_first(arguments: &[OsString]) -> Option<clap::Command> {
    let command = describe(arguments.get(1)?.to_str()?)?;
    Some(Global::augment_args(clap::Command::new("cuibono")).subcommand(command))
}
