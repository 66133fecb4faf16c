//! `cuibono ultimate-controllers`

use super::controllers_of::ThresholdArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{CsvCells, OutputFormat, Report, write_out};
use crate::cli::session::Session;
use crate::cli::table::{Cell, Column, Table};
use crate::error::{Error, Result};
use crate::escape::csv::text_cell;
use crate::query::ultimate::{UltimateController, UltimateControllers};

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
    let mutual = if row.mutual { "\n(a class that controls itself)" } else { "" };
    vec![
        Cell::shown(row.entity.name()),
        Cell::shown(format!("{}{mutual}", row.controller.name())),
        Cell::raw(row.entity.id()),
        Cell::raw(row.controller.id()),
    ]
}

/// Plain ids, a line each: for whole registers, without a document in memory.
fn lines(session: &Session, answer: &UltimateControllers<'_>) -> Result<Exit> {
    let rows = &answer.rows[..session.output.limit.unwrap_or(usize::MAX).min(answer.rows.len())];
    let failed = |error: &dyn std::fmt::Display| Error::usage(format!("the answer cannot be written: {error}"));
    let bytes = if session.output.format == OutputFormat::Csv {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["entity", "controller"]).map_err(|error| failed(&error))?;
        for row in rows {
            let pair = [row.entity.id(), row.controller.id()];
            match session.output.csv {
                CsvCells::Safe => out.write_record(pair.map(|id| text_cell(id).into_owned())),
                CsvCells::Raw => out.write_record(pair),
            }
            .map_err(|error| failed(&error))?;
        }
        out.into_inner().map_err(|error| failed(&error))?
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
    match answer.rows.len() - rows.len() {
        0 => Ok(Exit::Answer),
        cut => {
            eprintln!("cuibono: stopped at --limit: {cut} more rows are left out, the answer is partial");
            Ok(Exit::Limit)
        }
    }
}
