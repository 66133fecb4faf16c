//! The data that the options name, and what was wrong with them.

use super::args::Global;
use super::drafts::LentDraft;
use super::progress::Bar;
use super::{files, lists, sourced, terminal};
use crate::error::{Error, Location, Result};
use crate::graph::{OwnershipGraph, Verdict};
use crate::index;
use crate::load::{self, Loader, source};
use crate::problem::Rule;
use std::path::PathBuf;
use std::sync::Arc;

/// Whether only the beginning of an input was read.
pub fn is_partial(graph: &OwnershipGraph) -> bool {
    graph.inputs().iter().any(|input| input.broken.is_some())
}

/// Says what was wrong with the data: records that could not be read first, then how much `check` has to say.
pub fn warn(graph: &OwnershipGraph, global: &Global) {
    for broken in graph.inputs().iter().filter_map(|input| input.broken.as_deref()) {
        terminal::tell(format!("the answer is partial: {broken}"));
    }
    if global.quiet {
        return;
    }
    for input in graph.inputs().iter().filter(|input| input.rejected > 0) {
        let all = input.records + input.rejected;
        terminal::tell(format!(
            "warning: {} of {all} records of {} could not be read and play no part",
            input.rejected, input.name
        ));
    }
    // Who built an index was told, and reading its list takes longer than most answers.
    if graph.is_stored() || graph.problems().is_empty() {
        return;
    }
    // What breaks off was told above.
    let others = || graph.problems().iter().filter(|problem| problem.rule != Rule::BrokenOff);
    let told = graph.problems().iter().count() - others().count();
    let count = graph.problems().len() - told;
    if let Some(first) = others().next() {
        terminal::tell(format!("warning: {}: {}", first.location, first.message));
    }
    match count.saturating_sub(1) {
        0 => {}
        1 => terminal::tell("1 more warning about the data; `cuibono check` lists both"),
        more => terminal::tell(format!("{more} more warnings about the data; `cuibono check` lists them")),
    }
}

/// Reads the data that the options name, or the dataset that is compiled in.
pub fn load(global: &Global) -> Result<OwnershipGraph> {
    sourced::by_sources(load_all(global)?, global)
}

fn load_all(global: &Global) -> Result<OwnershipGraph> {
    if global.data.is_empty() {
        return built_in(global);
    }
    let Some(path) = &global.rejects else { return load_with(global, None) };
    files::rejects_beside_inputs(path, global.data.iter().chain(&global.matches))?;
    let rejects = LentDraft::begin(path)?;
    let loaded = load_with(global, Some(rejects.clone()));
    // Also where nothing could be read: that is when they are wanted most.
    rejects.finish()?;
    loaded
}

/// The dataset that is compiled in; options that are about files would be ignored.
fn built_in(global: &Global) -> Result<OwnershipGraph> {
    let about_files = [
        ("--input-format", global.input_format.is_some()),
        ("--rejects", global.rejects.is_some()),
        ("--max-rejects", global.max_rejects.is_some()),
    ];
    let given = about_files.iter().find(|(_, is_given)| *is_given).map(|(name, _)| (*name).to_owned());
    if let Some(option) = given.or_else(|| global.reading.arguments().into_iter().next()) {
        return Err(Error::usage(format!("{option} is about the files of --data: give both")));
    }
    if global.matches.is_none() {
        return load::built_in();
    }
    let mut loader = Loader::new();
    verdicts(global)?.into_iter().for_each(|verdict| loader.verdict(verdict));
    loader.read_built_in()?;
    loader.finish()
}

/// The user's word on which records are one party.
pub fn verdicts(global: &Global) -> Result<Vec<Verdict>> {
    let Some(path) = &global.matches else { return Ok(Vec::new()) };
    let name = path.display().to_string();
    load::matches::read(&name, &lists::text(path, &name)?)
}

fn load_with(global: &Global, rejects: Option<LentDraft>) -> Result<OwnershipGraph> {
    let reading = &global.reading;
    let mut loader = Loader::new().limits(reading.limits()).keep_going(reading.keep_going);
    loader = loader.duplicate_keys(reading.duplicate_keys.unwrap_or_default());
    if let Some(encoding) = reading.encoding {
        loader = loader.encoding(encoding);
    }
    if let Some(format) = &global.input_format {
        loader = loader.format(format.parse()?);
    }
    if let Some(rejects) = rejects {
        loader = loader.rejects(Box::new(rejects));
    }
    verdicts(global)?.into_iter().for_each(|verdict| loader.verdict(verdict));
    if let Some(memory) = global.max_memory {
        // What cannot be moved, ids and their table, takes about as much as the interests.
        let share = usize::try_from(memory.0 / 4).unwrap_or(usize::MAX);
        loader = loader.spill_beyond(share, &std::env::temp_dir());
    }
    let progress = Arc::default();
    loader = loader.progress(Arc::clone(&progress));
    let _bar = (!global.quiet).then(|| Bar::show(progress, || total(global)));
    for path in &global.data {
        loader.read(path)?;
    }
    let graph = loader.finish()?;
    few_rejects(&graph, global.max_rejects)?;
    Ok(graph)
}

/// Refuses data of which more cannot be read than the user puts up with.
fn few_rejects(graph: &OwnershipGraph, most: Option<u64>) -> Result<()> {
    let Some(most) = most else { return Ok(()) };
    let rejected = graph.inputs().iter().map(|input| input.rejected).sum::<u64>();
    let Some(input) = graph.inputs().iter().find(|input| input.rejected > 0).filter(|_| rejected > most) else {
        return Ok(());
    };
    let message =
        format!("{rejected} records cannot be read, more than --max-rejects {most}; --rejects FILE lists them");
    Err(Error::data(Location::of(input.name.as_str()), message))
}

/// Bytes in all files, where these are the bytes that will be read.
fn total(global: &Global) -> Option<u64> {
    let packed =
        |path: &PathBuf| path.extension().is_some_and(|extension| PACKED.iter().any(|known| extension == *known));
    let mut total = 0;
    for path in global.data.iter().filter(|path| !index::is_index(path)) {
        for file in source::files(path, &global.reading.limits()).ok()? {
            let metadata = std::fs::metadata(&file).ok().filter(|metadata| metadata.is_file() && !packed(&file))?;
            total += metadata.len();
        }
    }
    Some(total)
}

/// How the names of files end that become larger when they are read.
const PACKED: [&str; 3] = ["gz", "zst", "zip"];
