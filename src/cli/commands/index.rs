//! `cuibono index build`, `index info`, `index verify`

use crate::cli::args::Global;
use crate::cli::exit::Exit;
use crate::cli::limits;
use crate::cli::loading;
use crate::cli::output::{Output, Report};
use crate::cli::table::{Cell, Column, Table};
use crate::error::{Error, Result};
use crate::index::{self, Manifest, Origin};
use crate::load::source;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Turn data into an index that opens at once and answers without reading everything
///
/// Every command takes the folder of an index as --data.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Build(BuildArgs),
    Info(InfoArgs),
    Verify(VerifyArgs),
}

/// Read --data into an index; the old one answers until the new one is complete
#[derive(Debug, clap::Args)]
struct BuildArgs {
    /// The folder of the index
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
}

/// Say what an index holds and what it was made from
#[derive(Debug, clap::Args)]
struct InfoArgs {
    /// The folder of the index
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Look at every byte of an index
#[derive(Debug, clap::Args)]
struct VerifyArgs {
    /// The folder of the index
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// What is said of an index.
#[derive(Serialize)]
struct Answer<'m> {
    folder: String,
    version: u32,
    program: &'m str,
    entities: u64,
    interests: u64,
    bytes: u64,
    origins: &'m [Origin],
    files: Vec<File<'m>>,
}

#[derive(Serialize)]
struct File<'m> {
    name: &'m str,
    bytes: u64,
    crc32: String,
}

const COLUMNS: [Column; 3] =
    [Column::text("File", "file"), Column::number("Bytes", "bytes"), Column::text("Checksum", "checksum")];

impl Args {
    /// Runs the command.
    pub fn run(&self, global: Global) -> Result<Exit> {
        let output = Output::of(&global);
        match &self.action {
            Action::Build(args) => {
                let (manifest, is_partial) = build(global, &args.output)?;
                let end = report(&output, &args.output, &manifest, "Built")?;
                Ok(if is_partial { Exit::Limit } else { end })
            }
            Action::Info(args) => report(&output, &args.folder, &index::info(&args.folder)?, "Index"),
            Action::Verify(args) => report(&output, &args.folder, &index::verify(&args.folder)?, "Sound"),
        }
    }
}

/// Builds an index, and tells whether an input is in it only in part.
fn build(global: Global, folder: &Path) -> Result<(Manifest, bool)> {
    let mut files = Vec::new();
    for path in &global.data {
        match index::is_index(path) {
            true => files.push(path.join(index::HEAD)),
            false => files.extend(source::files(path, &global.reading.limits())?),
        }
    }
    if let Some(own) = files.iter().find(|file| is_within(file, folder)) {
        let message = format!("{} lies in the folder that the index would be written to", own.display());
        return Err(Error::usage(message));
    }
    let sources = index::sources(&files)?;
    let graph = loading::load(&global)?;
    loading::warn(&graph, &global);
    limits::begin_output();
    let is_partial = loading::is_partial(&graph);
    Ok((index::write(graph, &sources, folder)?, is_partial))
}

fn is_within(file: &Path, folder: &Path) -> bool {
    match (file.canonicalize(), folder.canonicalize()) {
        (Ok(file), Ok(folder)) => file.starts_with(folder),
        _ => false,
    }
}

fn report(output: &Output, folder: &Path, manifest: &Manifest, what: &str) -> Result<Exit> {
    let bytes = manifest.files.iter().map(|file| file.bytes).sum();
    let files = manifest.files.iter().map(|file| File {
        name: &file.name,
        bytes: file.bytes,
        crc32: format!("{:08x}", file.crc32),
    });
    let answer = Answer {
        folder: folder.display().to_string(),
        version: manifest.version,
        program: &manifest.program,
        entities: manifest.entities(),
        interests: manifest.interests(),
        bytes,
        origins: &manifest.origins,
        files: files.collect(),
    };
    let mut table = Table::new(COLUMNS);
    for origin in answer.origins {
        let bytes = origin.bytes.map_or_else(|| "?".to_owned(), |bytes| bytes.to_string());
        let sum = origin.sha256.as_deref().map_or("not known".to_owned(), |sum| format!("SHA-256 {sum}"));
        table.rows.push(vec![Cell::text(origin.name.as_str()), Cell::text(bytes), Cell::text(sum)]);
    }
    for file in &answer.files {
        let row = [file.name.to_owned(), file.bytes.to_string(), format!("CRC-32 {}", file.crc32)];
        table.rows.push(row.into_iter().map(Cell::text).collect());
    }
    let heading = format!(
        "{what}: {} with {} entities and {} interests, {} bytes",
        answer.folder, answer.entities, answer.interests, answer.bytes
    );
    output.report(&Report::new(&answer, "files", table).heading(heading))
}
