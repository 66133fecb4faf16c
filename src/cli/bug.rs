//! A panic is a bug of the program: it is told in one line, with an exit code of its own.

use super::exit::Exit;
use super::terminal;
use crate::escape::visible::brief;
use crate::load::source::panic_is_caught;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, Location, PanicHookInfo, UnwindSafe};

/// Longest message of a panic that is shown, in characters.
const LONGEST: usize = 300;

/// Runs the program. A panic of any thread is told in one line; one that ends the run gives [`Exit::Bug`]. What the run was
/// about to write is unwound like after any error: files get their names last.
pub fn told(run: impl FnOnce() -> Exit + UnwindSafe) -> Exit {
    panic::set_hook(Box::new(tell));
    panic::catch_unwind(run).unwrap_or(Exit::Bug)
}

fn tell(panic: &PanicHookInfo<'_>) {
    if panic_is_caught() {
        return;
    }
    let backtrace = Backtrace::capture();
    terminal::tell(message(panic.payload_as_str().unwrap_or_default(), panic.location()));
    if backtrace.status() == BacktraceStatus::Captured {
        terminal::add(&backtrace.to_string());
    }
}

/// What is said of a panic. It may quote data: a part of them has to do.
fn message(panic: &str, location: Option<&Location<'_>>) -> String {
    let place = location.map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    format!(
        "this is a bug, and no answer was given: {}{place}; please report it with the command line and, where they may be \
         shown, the data",
        brief(panic, LONGEST)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_is_told_in_one_line_with_its_place() {
        let place = Location::caller();
        let expected = format!(
            "this is a bug, and no answer was given: no entity (src/cli/bug.rs:{}); please report it with the command line \
             and, where they may be shown, the data",
            place.line()
        );
        assert_eq!(message("no entity", Some(place)).replace('\\', "/"), expected);
    }

    #[test]
    fn what_a_bug_quotes_of_the_data_is_cut() {
        let told = message(&"é".repeat(1_000_000), None);
        assert_eq!(told.matches('é').count(), LONGEST);
        assert!(told.contains("… +999700 characters; please report it"), "{told}");
    }
}
