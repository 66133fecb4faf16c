//! Comma-separated values that a spreadsheet opens as text.

use super::visible::is_format;
use std::borrow::Cow;
use std::io::{self, Write};

/// What a spreadsheet may take for the start of a formula.
const TRIGGERS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// How texts are written that a spreadsheet would take for a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cells {
    /// With an apostrophe in front, which the program takes away when it reads its own tables back.
    #[default]
    Safe,
    /// As they are.
    Raw,
}

/// The one writer of CSV: a text cell in which a formula would start gets an apostrophe, unless exact texts are wanted.
#[allow(missing_debug_implementations)]
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    cells: Cells,
    marked: usize,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the names of the columns, which are part of the program.
    ///
    /// # Errors
    /// If `inner` cannot be written to.
    pub fn begin<S: AsRef<str>>(inner: W, cells: Cells, header: impl IntoIterator<Item = S>) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(inner);
        writer.write_record(header.into_iter().map(|name| name.as_ref().as_bytes().to_vec()))?;
        Ok(Self { writer, cells, marked: 0 })
    }

    /// Writes a cell of text.
    ///
    /// # Errors
    /// If the inner writer fails.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        let cell = if self.cells == Cells::Safe { guarded(text) } else { Cow::Borrowed(text) };
        self.marked += usize::from(cell.len() > text.len());
        Ok(self.writer.write_field(cell.as_bytes())?)
    }

    /// Writes a cell that should hold a number: a number stays one, negative or not; anything else is text.
    ///
    /// # Errors
    /// If the inner writer fails.
    pub fn number(&mut self, text: &str) -> io::Result<()> {
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(self.writer.write_field(text)?),
            _ => self.text(text),
        }
    }

    /// Ends a row.
    ///
    /// # Errors
    /// If the inner writer fails.
    pub fn end_row(&mut self) -> io::Result<()> {
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Flushes; gives the inner writer back, and how many cells were marked.
    ///
    /// # Errors
    /// If the inner writer fails.
    pub fn finish(self) -> io::Result<(W, usize)> {
        let inner = self.writer.into_inner().map_err(|error| error.into_error())?;
        Ok((inner, self.marked))
    }
}

/// What may end a cell in a spreadsheet that is set to another separator, or that does not honour quotes.
const SEPARATORS: [char; 4] = [';', '\t', '\n', '\r'];

/// A text that no spreadsheet takes for a formula, and from which [`unguarded`] makes the exact text again: one that looks
/// guarded is guarded once more.
fn guarded(text: &str) -> Cow<'_, str> {
    if !text.contains(TRIGGERS) {
        return Cow::Borrowed(text);
    }
    let places: Vec<usize> = starts(text).filter(|&at| starts_formula(&text[at..])).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for at in places {
        out.push_str(&text[from..at]);
        out.push('\'');
        from = at;
    }
    Cow::Owned(out + &text[from..])
}

/// Where a cell may start: at the beginning, and after each separator.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len()))
}

/// The exact text of a cell that was written with [`Cells::Safe`].
pub fn unguarded(cell: &str) -> Cow<'_, str> {
    let is_guard = |at: &usize| cell[*at..].strip_prefix('\'').is_some_and(starts_formula);
    if !cell.contains('\'') || !starts(cell).any(|at| is_guard(&at)) {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    let mut from = 0;
    for at in starts(cell).filter(is_guard) {
        out.push_str(&cell[from..at]);
        from = at + 1;
    }
    Cow::Owned(out + &cell[from..])
}

/// Whether a spreadsheet might take a text for a formula, once it has dropped what it may drop: blanks, quotes, characters
/// that are not seen.
fn starts_formula(text: &str) -> bool {
    let dropped = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\'' | '"' | '’' | '＇' | '＂')
            || !c.is_ascii() && is_format(c)
    };
    text.trim_start_matches(|c| dropped(c) && !TRIGGERS.contains(&c)).starts_with(TRIGGERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: Cells, texts: &[&str]) -> (String, usize) {
        let mut out = CsvWriter::begin(Vec::new(), cells, ["name", "share"]).expect("memory");
        for text in texts {
            out.text(text).and_then(|()| out.number(text)).and_then(|()| out.end_row()).expect("memory");
        }
        let (bytes, marked) = out.finish().expect("memory");
        (String::from_utf8(bytes).expect("text"), marked)
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_stay_numbers() {
        let texts = ["=1+1", "Müller & Söhne", "-5.5", "+inf", ""];
        let safe = "name,share\n'=1+1,'=1+1\nMüller & Söhne,Müller & Söhne\n'-5.5,-5.5\n'+inf,'+inf\n,\n";
        assert_eq!(written(Cells::Safe, &texts), (safe.to_owned(), 5));
        assert_eq!(written(Cells::Raw, &texts), (safe.replace('\'', ""), 0));
    }

    #[test]
    fn triggers_are_found_behind_what_a_spreadsheet_drops() {
        for text in
            [" @x", "\u{a0}=1", "\u{3000}＝1", "\u{feff}\u{200b}+1", "\"=1\"", "\u{0}=1", "\tx", "\rx", "\u{202e}－1"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["a=1", "", " ", "'", "it's", "5", "–5", "\u{AD}"] {
            assert_eq!(guarded(text), text);
        }
    }

    /// In a spreadsheet that parts cells at semicolons or tabs, or takes no notice of quotes, a formula could start within a text.
    #[test]
    fn formulas_behind_other_separators_are_disarmed() {
        assert_eq!(guarded("a;=1"), "a;'=1");
        assert_eq!(guarded("a\t@x\n+y;z"), "a\t'@x\n'+y;z");
        assert_eq!(guarded("a; b=c;d"), "a; b=c;d");
    }

    #[test]
    fn a_guard_can_be_taken_away() {
        for text in
            ["", "a", "'", "'a", "=1", "'=1", "''=1", " =1", "' =1", "'' '@x", "-", "\t", "it's", "\"'=", "\u{200b}'="]
        {
            let cell = guarded(text);
            assert_eq!(unguarded(&cell), text, "{cell}");
            assert!(starts(&cell).all(|at| cell[at..].starts_with('\'') || !starts_formula(&cell[at..])), "{cell}");
        }
    }
}
