//! `cuibono cluster`

use super::effective_shares::Answer as EffectiveShares;
use super::{circular, effective_shares, screen, ultimate_controllers};
use crate::cli::args::Global;
use crate::cli::drafts::LentDraft;
use crate::cli::exit::Exit;
use crate::cli::lists::List;
use crate::cli::output::{Output, OutputFormat, Report, no_rows, write_out};
use crate::cli::table::{self, Column};
use crate::cli::{files, interrupt, limits, loading, terminal};
use crate::distributed::{self, Cluster, LOST, Question, Scribe, Sight, Sink, UltimateRow, Volume};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::escape::csv::Cells;
use crate::graph::View;
use crate::load::source::panic_is_caught;
use crate::model::{AsOf, Day};
use crate::query::rules::{AddsUp, Decides, Rule};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

mod streamed;

/// Questions about the whole graph on several machines, each of which reads its own part of the data
///
/// The same command is started once for every line of --hosts, with --process 0, 1, 2 … and the parts of that process as
/// --data. All interests in one entity must be in the parts of one process. Each process writes the rows of the entities that it
/// sees to, as --format jsonl (the default) or csv; together they are the rows that one machine writes, in another order. If
/// one process fails or is lost, all end with an error, and none leaves an output. There is no encryption and no password: the
/// addresses must lie in a network of your own.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    run: Run,
    /// The processes of the run, one address and port a line (10.0.0.1:2101); without it there is only this one
    #[arg(long, global = true, value_name = "FILE")]
    hosts: Option<PathBuf>,
    /// The number of this process: which line of --hosts it is, from 0
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    process: usize,
    /// Threads of each process
    #[arg(long, global = true, value_name = "W", default_value_t = 1)]
    workers: usize,
    /// How long to wait for the other processes to be there (90s, 5m)
    #[arg(long, global = true, value_name = "TIME", default_value = "60s", value_parser = crate::cli::args::duration)]
    patience: Duration,
    /// Write the rows of this process to a file instead of standard output
    #[arg(long, short, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say on standard error how much was sent to other workers, for what, and in how many rounds
    #[arg(long, global = true)]
    traffic: bool,
}

/// What is asked.
#[derive(Debug, clap::Subcommand)]
enum Run {
    /// Who ultimately controls every entity
    UltimateControllers,
    /// Which entities are blocked because listed parties own them (50 % rules)
    Screen {
        /// The listed parties, one id per line; blank lines and lines that begin with # are skipped; the same file for every process
        #[arg(long, value_name = "FILE")]
        listed: PathBuf,
        /// The rule: one that adds up the holdings of all listed parties, as ofac and eu do
        #[arg(long, default_value = "ofac", value_name = "RULE")]
        rule: String,
    },
    /// Entities that own one another in a circle, or themselves
    Circular,
    /// Who gains or loses control and who becomes blocked, while interests change
    ///
    /// The first process reads the data and the changes; others only lend their workers and take no --data. A change is one JSON
    /// object a line: {"change": "added", "date": "2024-05-01", "owner": ID, "owned": ID, "share": "25-50"}, where change is added,
    /// ended or changed, and "kind" is a shareholding if left out. An added interest begins on its date; that of an ended one is
    /// the first day without it. Answers stand on the day of --as-of, or of the latest change where it is later. A row is written
    /// for everybody who has gained or lost certain control, and for everybody whom the list blocks otherwise than before.
    Stream {
        /// The changes; - reads standard input. An empty line ends a batch
        #[arg(long, value_name = "FILE", default_value = "-")]
        changes: String,
        /// At most so many changes are taken in at once
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
        batch: u64,
        /// Parties whose holdings block under the 50 % rule of ofac, one id a line
        #[arg(long, value_name = "FILE")]
        listed: Option<PathBuf>,
    },
    /// Every pair of an owner and what it holds whose effective share can reach a threshold
    EffectiveShares {
        /// Leave out pairs whose effective share cannot reach this, in percent
        #[arg(long, value_name = "P", default_value_t = 25.0)]
        min_share: f64,
    },
}

impl Args {
    /// Runs the command.
    pub fn run(&self, global: &Global) -> Result<Exit> {
        if let Run::Stream { changes, batch, listed } = &self.run {
            return streamed::run(self, global, (changes, *batch as usize, listed.as_deref()));
        }
        let (output, sight, hosts) = (rows_only(global)?, sight(global), self.hosts()?);
        whole_parts(global)?;
        if global.data.is_empty() {
            return Err(Error::usage("--data is missing: which parts does this process read?"));
        }
        let writer = RowWriter { output, marked: Arc::default() };
        let (question, about) = self.question(&writer, sight)?;
        let cluster = self.cluster(global, (hosts, sight), &about)?;
        if let Some(target) = &self.output {
            let list = if let Run::Screen { listed, .. } = &self.run { Some(listed) } else { None };
            files::beside_inputs("", target, global.data.iter().chain(&global.matches).chain(&self.hosts).chain(list))?;
        }
        end_when_somebody_is_lost();
        let connected = cluster.connect()?;
        let part = loading::load(global).map_err(unreadable);
        if let Ok(graph) = &part {
            loading::warn(graph, global);
            tell_caveats(sight.on(graph), global);
        }
        let (sink, rows) = self.sink(&output)?;
        let volumes = distributed::answer(&cluster, connected, (part, sight), question, sink)?;
        rows.finish()?;
        output.tell_of_marks(writer.marked.load(Ordering::Relaxed));
        if self.traffic {
            volumes.iter().for_each(say);
        }
        Ok(Exit::Answer)
    }

    fn hosts(&self) -> Result<Vec<String>> {
        let Some(file) = &self.hosts else { return Ok(Vec::new()) };
        let list = List::read(&file.display().to_string())?;
        let hosts: Vec<String> = list.lines().map(|(_, line)| line.to_owned()).collect();
        if hosts.is_empty() {
            return Err(Error::data(Location::of(file.display().to_string()), "names no process"));
        }
        Ok(hosts)
    }

    /// The question, and what must be the same of it in all processes.
    fn question(&self, writer: &RowWriter, sight: Sight) -> Result<(Question, String)> {
        let writer = writer.clone();
        Ok(match &self.run {
            Run::UltimateControllers => {
                let scribe = move |rows: &[UltimateRow]| {
                    let rows = rows.iter().map(|row| (row.entity.as_str(), row.controller.as_str(), row.mutual));
                    writer.without_head(ultimate_controllers::plain(&writer.output, rows)?)
                };
                (Question::UltimateControllers(Arc::new(scribe)), "ultimate-controllers".to_owned())
            }
            Run::Screen { listed, rule } => {
                let list = List::read(&listed.display().to_string())?;
                let ids: Vec<(usize, String)> = list.lines().map(|(line, id)| (line, id.to_owned())).collect();
                let about = format!("screen {rule} {ids:?}");
                let rule = adding_up(rule, sight)?;
                (Question::Screen(ids.clone(), rule, screened(writer, ids, rule)), about)
            }
            Run::Circular => {
                let scribe: Scribe = Arc::new(move |view, _| {
                    let answer = view.circular_groups();
                    writer.rows(&circular::report(&answer))
                });
                (Question::Circular(scribe), "circular".to_owned())
            }
            Run::EffectiveShares { min_share } => {
                let min_share = *min_share;
                let scribe: Scribe =
                    Arc::new(move |view, own| writer.rows(&EffectiveShares::of(view, min_share, own)?.report()));
                (Question::EffectiveShares(scribe), format!("effective-shares {min_share}"))
            }
            Run::Stream { .. } => return Err(Error::usage("a stream is no single question")),
        })
    }

    fn cluster(&self, global: &Global, (hosts, sight): (Vec<String>, Sight), about: &str) -> Result<Cluster> {
        let fingerprint = self.fingerprint(global, (&hosts, sight), about)?;
        Ok(Cluster { hosts, process: self.process, workers: self.workers, fingerprint, patience: self.patience })
    }

    fn fingerprint(&self, global: &Global, (hosts, sight): (&[String], Sight), about: &str) -> Result<u64> {
        if global.matches.as_ref().is_some_and(|file| file.as_os_str() == "-") {
            return Err(Error::usage("every process compares its --matches with that of the others: give a file"));
        }
        let verdicts = loading::verdicts(global)?;
        let matches: Vec<_> = verdicts.iter().map(|verdict| (&verdict.a, &verdict.b, verdict.same)).collect();
        let same = format!(
            "{} {about} {hosts:?} {} {sight:?} {:?} {:?} {:?} {matches:?}",
            env!("CARGO_PKG_VERSION"),
            self.workers,
            global.only_source,
            global.without_source,
            global.reading.duplicate_keys
        );
        Ok(twox_hash::XxHash3_64::oneshot_with_seed(0, same.as_bytes()))
    }

    fn sink(&self, output: &Output) -> Result<(Sink, Rows)> {
        let head = match (output.format, &self.run) {
            (OutputFormat::Csv, Run::UltimateControllers) => head(&ultimate_controllers::COLUMNS)?,
            (OutputFormat::Csv, Run::Screen { .. }) => head(&screen::COLUMNS)?,
            (OutputFormat::Csv, Run::Circular) => head(&circular::COLUMNS)?,
            (OutputFormat::Csv, Run::EffectiveShares { .. }) => head(&effective_shares::COLUMNS)?,
            _ => Vec::new(),
        };
        let Some(target) = &self.output else {
            let buffer = Arc::new(Mutex::new(head));
            return Ok((Arc::clone(&buffer) as Sink, Rows::Held(buffer)));
        };
        let mut draft = LentDraft::begin(target)?;
        std::io::Write::write_all(&mut draft, &head).map_err(|error| Error::io("cannot write", target, error))?;
        Ok((Arc::new(Mutex::new(draft.clone())), Rows::Beside(draft)))
    }
}

/// What all processes look at.
fn sight(global: &Global) -> Sight {
    Sight {
        as_of: global.as_of.unwrap_or_else(|| AsOf::Day(Day::today())),
        layer: global.layer.into(),
        min_confidence: global.min_confidence.into(),
        open_world: global.open_world,
    }
}

/// The rows of this process until all processes have theirs.
enum Rows {
    Held(Arc<Mutex<Vec<u8>>>),
    Beside(LentDraft),
}

impl Rows {
    fn finish(self) -> Result<()> {
        limits::begin_output();
        match self {
            Rows::Held(buffer) => write_out(&buffer.lock().unwrap_or_else(PoisonError::into_inner)),
            Rows::Beside(draft) => draft.finish(),
        }
    }
}

/// The formats that can be put together from the rows of several processes.
fn rows_only(global: &Global) -> Result<Output> {
    let mut output = Output::of(global);
    match output.format {
        OutputFormat::Csv | OutputFormat::Jsonl => {}
        OutputFormat::Table => output.format = OutputFormat::Jsonl,
        _ => return Err(Error::usage("cluster writes --format jsonl or csv")),
    }
    if output.limit.is_some() {
        return Err(Error::usage("cluster writes all rows: leave out --limit"));
    }
    Ok(output)
}

/// A rule for which the holdings of everybody on the list add up.
fn adding_up(rule: &str, sight: Sight) -> Result<&'static Rule> {
    let rule = Rule::find(rule, Decides::Blocking)?;
    match rule.on(sight.as_of).0.adds_up {
        AddsUp::Everybody => Ok(rule),
        AddsUp::OneParty => {
            let message =
                format!("{} as of {} looks at one party at a time: ask `cuibono screen`", rule.id, sight.as_of);
            Err(Error::usage(message))
        }
    }
}

fn screened(writer: RowWriter, listed: Vec<(usize, String)>, rule: &'static Rule) -> Scribe {
    Arc::new(move |view, _| {
        let mut nodes: Vec<_> = listed.iter().filter_map(|(_, id)| view.graph().node_by_id(id)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let answer = view.screen(&nodes, &[], rule)?;
        writer.rows(&screen::report(&answer, &answer))
    })
}

/// What stands above the rows in CSV.
fn head<const N: usize>(columns: &[Column; N]) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    table::csv(columns, [], Cells::Raw, &mut head).map_err(no_rows)?;
    Ok(head)
}

/// Writes the rows of all workers of this process.
#[derive(Clone)]
struct RowWriter {
    output: Output,
    /// Cells that were marked so that no spreadsheet takes them for formulas.
    marked: Arc<AtomicUsize>,
}

impl RowWriter {
    fn rows(&self, report: &Report<'_>) -> Result<Vec<u8>> {
        self.without_head(self.output.rows(report)?)
    }

    /// Rows without what stands above them, which stands above those of all workers.
    fn without_head(&self, (mut bytes, marked): (Vec<u8>, usize)) -> Result<Vec<u8>> {
        self.marked.fetch_add(marked, Ordering::Relaxed);
        if self.output.format == OutputFormat::Csv {
            let head = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1);
            bytes.drain(..head);
        }
        Ok(bytes)
    }
}

/// An answer from all parts but the end of one would look like one from all.
fn whole_parts(global: &Global) -> Result<()> {
    match global.reading.keep_going {
        true => Err(Error::usage("cluster reads its parts as a whole: leave out --keep-going")),
        false => Ok(()),
    }
}

/// Says what the answer cannot know because of this part.
fn tell_caveats(part: View<'_>, global: &Global) {
    if !global.quiet {
        part.caveats().iter().for_each(|caveat| terminal::tell(format!("warning: {caveat}")));
    }
}

/// A part that cannot be read is bad data here: the run has begun on other machines.
fn unreadable(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Io => Error::plain(ErrorKind::Data, error.to_string()),
        _ => error,
    }
}

fn say(volume: &Volume) {
    let Volume { purpose, rounds, messages, bytes } = volume;
    terminal::tell(format!("sent for {purpose}: {messages} messages, {bytes} bytes, in {rounds} rounds"));
}

/// Ends this process as soon as the engine finds that another is gone, and takes away what is unfinished.
fn end_when_somebody_is_lost() {
    let otherwise = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic_is_caught() {
            return;
        }
        match panic.payload_as_str().and_then(|text| text.strip_prefix(LOST)) {
            Some(why) => {
                terminal::tell(format!(
                    "another process of the run was lost ({}); the run ends everywhere, nothing was written, and it can be \
                     started again",
                    why.trim()
                ));
                interrupt::leave(Exit::Usage as i32);
            }
            None => {
                otherwise(panic);
                // The others must not wait for a worker that is no more.
                interrupt::leave(Exit::Bug as i32);
            }
        }
    }));
}
