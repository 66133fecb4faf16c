//! `cuibono ultimate-controllers`

use super::controllers_of::ThresholdArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{OutputFormat, Report, cut_at_the_limit, write_out};
use crate::cli::phrases;
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
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

const COLUMNS: [Column; 4] = [
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
                let mut table = Table::new(COLUMNS);
                table.rows = answer.rows.iter().map(cells).collect();
                let report = Report::new(&answer, "rows", table)
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
    let failed = |error: &dyn std::fmt::Display| Error::usage(format!("the answer cannot be written: {error}"));
    let bytes = if session.output.format == OutputFormat::Csv {
        let (bytes, marked) = pairs(rows, session.output.csv.into()).map_err(|error| failed(&error))?;
        session.output.tell_of_marks(marked);
        bytes
    } else {
        let mut out = Vec::new();
        for row in rows {
            let mut line = serde_json::json!({"entity": row.entity.id(), "controller": row.controller.id()});
            if row.mutual {
                line["mutual"] = true.into();
            }
            serde_json::to_writer(&mut out, &line).map_err(|error| failed(&error))?;
            out.push(b'\n');
        }
        out
    };
    write_out(&bytes)?;
    Ok(cut_at_the_limit(answer.rows.len() - rows.len()))
}

fn pairs(rows: &[UltimateController<'_>], cells: Cells) -> io::Result<(Vec<u8>, usize)> {
    let mut out = CsvWriter::begin(Vec::new(), cells, ["entity", "controller"])?;
    for row in rows {
        out.text(row.entity.id())?;
        out.text(row.controller.id())?;
        out.end_row()?;
    }
    out.finish()
}
