//! Times how files become a graph: `cargo bench --bench load -- [--runs N] FOLDER …`.
//!
//! Every file of a FOLDER is read several times, each time by a process of its own, so that the most memory it held is
//! this file's alone. Prints a Markdown table. Without an argument nothing is timed.
//!
//! `-- process N PROGRAM ARGUMENT …` times N runs of a whole process instead and prints one row.

use cuibono::load::Loader;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How often a file is read when nothing else is said.
const RUNS: usize = 5;

/// What is taken for data, by the end of its name.
const DATA: [&str; 8] = ["csv", "tsv", "json", "jsonl", "xml", "zip", "gz", "zst"];

/// Tables for other programs: names without interests.
const NO_DATA: [&str; 1] = ["nodes.csv"];

/// Files that are read together with the one before them.
const COMPANIONS: [(&str, &str); 1] = [("gleif_lei.csv", "gleif_rr.csv")];

/// The argument by which this program asks itself to read the files that follow.
const CHILD: &str = "--read";

fn main() -> ExitCode {
    // `cargo bench` adds a flag that is not for us.
    let arguments: Vec<OsString> = std::env::args_os().skip(1).filter(|argument| argument != "--bench").collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[OsString]) -> Outcome<()> {
    match arguments {
        [] => println!("no folder given, nothing to time: see the head of benches/load.rs"),
        [child, files @ ..] if child == CHILD => println!("{}", Run::here(files)?.to_line()),
        [process, runs, program, rest @ ..] if process == "process" => {
            println!("{}", process_row(number(runs)?, program, rest)?);
        }
        [flag, runs, folders @ ..] if flag == "--runs" => tables(number(runs)?, folders)?,
        folders => tables(RUNS, folders)?,
    }
    Ok(())
}

fn number(text: &OsString) -> Outcome<usize> {
    let number = text.to_str().and_then(|text| text.parse().ok()).filter(|&number| number > 0);
    number.ok_or_else(|| format!("{}: not a number of runs", text.display()).into())
}

/// One reading, as the process that did it saw it.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    seconds: f64,
    /// Of all threads, where the system tells.
    cpu_seconds: f64,
    peak_kibibytes: u64,
    entities: usize,
    interests: usize,
    rejects: u64,
}

impl Run {
    fn here(files: &[OsString]) -> Outcome<Self> {
        let start = Instant::now();
        let mut loader = Loader::new();
        for file in files {
            loader.read(Path::new(file))?;
        }
        let graph = loader.finish()?;
        Ok(Self {
            seconds: start.elapsed().as_secs_f64(),
            cpu_seconds: cpu_seconds(),
            peak_kibibytes: peak_kibibytes(),
            entities: graph.node_count(),
            interests: graph.edge_count(),
            rejects: graph.inputs().iter().map(|input| input.rejected).sum(),
        })
    }

    fn to_line(&self) -> String {
        let Self { seconds, cpu_seconds, peak_kibibytes, entities, interests, rejects } = self;
        format!("{seconds} {cpu_seconds} {peak_kibibytes} {entities} {interests} {rejects}")
    }

    fn of_line(line: &str) -> Option<Self> {
        let mut parts = line.split_whitespace();
        Some(Self {
            seconds: parts.next()?.parse().ok()?,
            cpu_seconds: parts.next()?.parse().ok()?,
            peak_kibibytes: parts.next()?.parse().ok()?,
            entities: parts.next()?.parse().ok()?,
            interests: parts.next()?.parse().ok()?,
            rejects: parts.next()?.parse().ok()?,
        })
    }

    /// The same in a process of its own.
    fn apart(files: &[PathBuf]) -> Outcome<Self> {
        let output = Command::new(std::env::current_exe()?).arg(CHILD).args(files).stderr(Stdio::inherit()).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        Self::of_line(&said).filter(|_| output.status.success()).ok_or_else(|| format!("{files:?}: not read").into())
    }
}

/// Processor time of this process so far: fields 14 and 15 of its state, in hundredths of a second on Linux.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets and may hold anything.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory that this process has held, where the system tells.
fn peak_kibibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// What is timed in one row of a table.
struct Input {
    name: String,
    files: Vec<PathBuf>,
}

impl Input {
    fn bytes(&self) -> Outcome<u64> {
        let sizes = self.files.iter().map(|file| Ok(file.metadata()?.len()));
        sizes.sum::<std::io::Result<u64>>().map_err(Into::into)
    }

    /// Reads the files once without a look at them, so that the first run finds them where the later ones do.
    fn warm(&self) -> Outcome<()> {
        for file in &self.files {
            std::io::copy(&mut File::open(file)?, &mut std::io::sink())?;
        }
        Ok(())
    }
}

fn inputs(folder: &Path) -> Outcome<Vec<Input>> {
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = file?.path();
        let is_data = path.extension().and_then(|end| end.to_str()).is_some_and(|end| DATA.contains(&end));
        if is_data && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files.iter().filter_map(|file| input(file, &files)).collect())
}

/// A file with what is read beside it; nothing for one that is no input of its own.
fn input(file: &Path, all: &[PathBuf]) -> Option<Input> {
    let name = file.file_name()?.to_str()?;
    let stands = |other: &str| all.iter().find(|path| path.file_name().is_some_and(|name| name == other));
    if NO_DATA.contains(&name) || COMPANIONS.iter().any(|(first, second)| name == *second && stands(first).is_some()) {
        return None;
    }
    let companions = COMPANIONS.iter().filter(|(first, _)| name == *first).filter_map(|(_, second)| stands(second));
    let files: Vec<PathBuf> = std::iter::once(file.to_owned()).chain(companions.cloned()).collect();
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    Some(Input { name: names.join(" + "), files })
}

fn tables(runs: usize, folders: &[OsString]) -> Outcome<()> {
    for folder in folders {
        let folder = Path::new(folder);
        println!("{}, {runs} runs\n", folder.display());
        println!("| input | MB | median s | min–max s | MB/s | CPU s | peak MiB | entities | interests | rejects |");
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for input in inputs(folder)? {
            println!("{}", load_row(&input, runs)?);
        }
        println!();
    }
    Ok(())
}

fn load_row(input: &Input, runs: usize) -> Outcome<String> {
    input.warm()?;
    let measured = (0..runs).map(|_| Run::apart(&input.files)).collect::<Outcome<Vec<Run>>>()?;
    let of = |figure: fn(&Run) -> f64| Spread::of(measured.iter().map(figure));
    let (seconds, cpu) = (of(|run| run.seconds), of(|run| run.cpu_seconds));
    let peak = measured.iter().map(|run| run.peak_kibibytes).max().unwrap_or(0) as f64 / 1024.0;
    let megabytes = input.bytes()? as f64 / 1e6;
    let Run { entities, interests, rejects, .. } = &measured[0];
    let same = |run: &Run| (run.entities, run.interests, run.rejects) == (*entities, *interests, *rejects);
    if !measured.iter().all(same) {
        return Err(format!("{}: not the same graph in every run", input.name).into());
    }
    let Spread { least, median, most } = seconds;
    let name = &input.name;
    let speed = megabytes / median;
    let cpu = cpu.median;
    Ok(format!(
        "| {name} | {megabytes:.1} | {median:.3} | {least:.3}–{most:.3} | {speed:.0} | {cpu:.2} | {peak:.0} \
         | {entities} | {interests} | {rejects} |"
    ))
}

/// A row with the time from start to end of a process; what it prints is thrown away.
fn process_row(runs: usize, program: &OsString, arguments: &[OsString]) -> Outcome<String> {
    let once = || -> Outcome<f64> {
        let start = Instant::now();
        let mut command = Command::new(program);
        let status = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
        let seconds = start.elapsed().as_secs_f64();
        match status.map_err(|error| format!("{}: {error}", program.display()))? {
            status if status.success() => Ok(seconds),
            status => Err(format!("{}: {status}", program.display()).into()),
        }
    };
    once()?;
    let seconds = (0..runs).map(|_| once()).collect::<Outcome<Vec<f64>>>()?;
    let Spread { least, median, most } = Spread::of(seconds.into_iter().map(|seconds| seconds * 1e3));
    let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy();
    let said: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    Ok(format!("| `{name} {}` | {runs} | {median:.2} | {least:.2}–{most:.2} |", said.join(" ")).replace(" ` |", "` |"))
}

struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.collect();
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
        Self { least: at(0), median: at(figures.len() / 2), most: at(figures.len().saturating_sub(1)) }
    }
}
