//! The one place that writes messages: standard error, and the address of the local page.
//!
//! Messages repeat names, records, file names and arguments. They are made harmless here, line by line, so that nobody who has
//! something to say can forget it. Lines are given apart: a line break within a name begins none.

use super::args::Cli;
use super::exit::Exit;
use crate::error::Error;
use crate::escape::terminal::TerminalLine;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;

/// Tells the user a line.
pub fn tell(message: impl Display) {
    write(&[format!("cuibono: {}", TerminalLine::new(&message.to_string()))]);
}

/// Tells why there is no answer.
pub fn fail(error: &Error) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let mut lines: Vec<String> = error.lines().iter().map(|line| TerminalLine::new(line).to_string()).collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("{style}cuibono:{style:#} {first}");
    }
    write(&lines);
}

/// Tells what is wrong with the arguments, which the message repeats; or gives the help that was asked for.
pub fn refuse(error: clap::Error, arguments: &[OsString]) -> Exit {
    if !error.use_stderr() {
        // Help that nobody reads any more is no failure.
        let _ = error.print();
        return Exit::Answer;
    }
    let shown = |argument: &OsString| OsString::from(TerminalLine::new(&argument.to_string_lossy()).to_string());
    let harmless: Vec<OsString> = arguments.iter().map(shown).collect();
    let same = harmless == arguments;
    match if same { Some(error) } else { Cli::of(harmless).err() } {
        // As above.
        Some(error) => drop(error.print()),
        None => tell("an argument holds characters that are no text"),
    }
    Exit::Usage
}

/// Tells what else there is to say of what was told, as it is.
pub fn add(text: &str) {
    write(&text.lines().map(|line| TerminalLine::new(line).to_string()).collect::<Vec<_>>());
}

/// The first line on standard output of a program that goes on.
#[cfg(feature = "serve")]
pub fn first_line(line: &str) {
    let mut out = std::io::stdout();
    // Whoever closed standard output does not want to be told.
    let _ = writeln!(out, "{}", TerminalLine::new(line)).and_then(|()| out.flush());
}

/// Writes finished lines in one go, so that those of two threads do not mix. Standard error that is closed or full has nobody
/// to tell.
fn write(lines: &[String]) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
