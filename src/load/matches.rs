//! The user's word on which records are one party: a small CSV file that later runs respect.

use crate::error::{Error, Location, Result};
use crate::escape::csv::unguarded;
use crate::graph::Verdict;

/// Reads a file of verdicts: `a,b,verdict` with ids or identifiers and `same` or `different`; further columns and rows
/// without a verdict (a list that is not decided yet) are passed over.
///
/// ```
/// let text = "a,b,verdict\nacme,GB-COH:01234567,same\nacme,acme-2,different\nx,y,\n";
/// let verdicts = cuibono::load::matches::read("matches.csv", text)?;
/// assert_eq!(verdicts.iter().map(|verdict| verdict.same).collect::<Vec<_>>(), [true, false]);
/// # Ok::<(), cuibono::error::Error>(())
/// ```
///
/// # Errors
///
/// A missing column or another verdict, with the line.
pub fn read(name: &str, text: &str) -> Result<Vec<Verdict>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let bad = |line: u64, message: String| Error::data(Location::of(name).at_line(line), message);
    let header = reader.headers().map_err(|error| bad(1, error.to_string()))?.clone();
    let column = |wanted: &str| {
        header
            .iter()
            .position(|cell| cell.trim_start_matches('\u{feff}').eq_ignore_ascii_case(wanted))
            .ok_or_else(|| bad(1, format!("has no column {wanted:?}; a list of matches has the columns a,b,verdict")))
    };
    let (a, b, verdict) = (column("a")?, column("b")?, column("verdict")?);
    let mut verdicts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| bad(error.position().map_or(1, csv::Position::line), error.to_string()))?;
        let line = row.position().map_or(1, csv::Position::line);
        // Without the apostrophe that this program puts before what a spreadsheet would take for a formula.
        let cell = |place: usize| unguarded(row.get(place).unwrap_or(""));
        let same = match cell(verdict).to_ascii_lowercase().as_str() {
            "" => continue,
            "same" => true,
            "different" => false,
            other => return Err(bad(line, format!("the verdict {other:?} is neither same nor different"))),
        };
        if cell(a).is_empty() || cell(b).is_empty() {
            return Err(bad(line, "names only one party".to_owned()));
        }
        let location = Location::of(name).at_line(line);
        verdicts.push(Verdict { a: cell(a).into_owned(), b: cell(b).into_owned(), same, location });
    }
    Ok(verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::csv::{Cells, CsvWriter};

    #[test]
    fn ids_come_back_from_the_list_that_the_program_writes() {
        for id in ["=1", "+1", "-1", "@a", "＝1", "＋1", "＠a", "it's", "plain"] {
            let mut list = CsvWriter::begin(Vec::new(), Cells::Safe, ["a", "b", "verdict"]).expect("memory");
            [id, "b", "same"].into_iter().for_each(|cell| list.text(cell).expect("memory"));
            list.end_row().expect("memory");
            let (list, _) = list.finish().expect("memory");
            let verdicts = read("matches.csv", &String::from_utf8_lossy(&list)).expect("a list");
            assert_eq!(verdicts[0].a, id);
        }
    }
}
