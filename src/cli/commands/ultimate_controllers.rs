//! `cuibono ultimate-controllers`

use super::controllers_of::ThresholdArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, OutputFormat, Report, cut_at_the_limit, write_out};
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column};
use crate::error::{Error, Result};
use crate::escape::csv::{Cells, CsvWriter};
use crate::query::ultimate::{UltimateController, UltimateControllers};
use std::io;

/// Who ultimately controls every entity of the graph, one row per entity that has a certain ultimate controller
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    threshold: ThresholdArgs,
}

pub(super) const COLUMNS: [Column; 4] = [
    Column::text("Entity", ""),
    Column::text("Ultimate controller", ""),
    Column::text("", "entity"),
    Column::text("", "controller"),
];

impl Args {
    /// Runs the command.
    pub fn run(&self, session: &Session) -> Result<Exit> {
        let answer = session.view().ultimate_controllers(self.threshold.threshold()?)?;
        match session.output.format {
            OutputFormat::Csv | OutputFormat::Jsonl => lines(session, &answer),
            _ => {
                let report = Report::of(&answer, ("rows", &answer.rows), COLUMNS, cells)
                    .heading(format!("Certain ultimate controllers as of {}", answer.as_of));
                session.report(report)
            }
        }
    }
}

fn cells(row: &UltimateController<'_>) -> Vec<Cell> {
    let mutual = row.mutual.then_some("(a class that controls itself)");
    vec![
        Cell::shown(phrases::name(row.entity.name())),
        Cell::shown(phrases::name(row.controller.name())).and_line(mutual),
        Cell::raw(row.entity.id()),
        Cell::raw(row.controller.id()),
    ]
}

/// Plain ids, a line each: for whole registers, without a document in memory.
fn lines(session: &Session, answer: &UltimateControllers<'_>) -> Result<Exit> {
    let rows = &answer.rows[..session.output.limit.unwrap_or(usize::MAX).min(answer.rows.len())];
    let pairs = rows.iter().map(|row| (row.entity.id(), row.controller.id(), row.mutual));
    let (bytes, marked) = plain(&session.output, pairs)?;
    session.output.tell_of_marks(marked);
    write_out(&bytes)?;
    Ok(cut_at_the_limit(answer.rows.len() - rows.len()))
}

/// Entity, controller and whether the controller stands for a class, a line each; and how many cells were marked.
pub(super) fn plain<'a>(
    output: &Output,
    rows: impl Iterator<Item = (&'a str, &'a str, bool)>,
) -> Result<(Vec<u8>, usize)> {
    let written = if output.format == OutputFormat::Csv {
        pairs(rows, output.csv.into())
    } else {
        lines_of_json(rows).map(|bytes| (bytes, 0)).map_err(io::Error::from)
    };
    written.map_err(|error| Error::usage(format!("the answer cannot be written: {error}")))
}

fn pairs<'a>(rows: impl Iterator<Item = (&'a str, &'a str, bool)>, cells: Cells) -> io::Result<(Vec<u8>, usize)> {
    let mut out = CsvWriter::begin(Vec::new(), cells, ["entity", "controller"])?;
    for (entity, controller, _) in rows {
        out.text(entity)?;
        out.text(controller)?;
        out.end_row()?;
    }
    out.finish()
}

fn lines_of_json<'a>(rows: impl Iterator<Item = (&'a str, &'a str, bool)>) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    for (entity, controller, mutual) in rows {
        let mut line = serde_json::json!({"entity": entity, "controller": controller});
        if mutual {
            line["mutual"] = true.into();
        }
        serde_json::to_writer(&mut out, &line)?;
        out.push(b'\n');
    }
    Ok(out)
}
