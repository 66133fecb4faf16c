//! `--timeout` and `--max-memory`: a watcher that ends the run when a limit is passed.

use super::exit::Exit;
use super::{interrupt, terminal};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What the watcher allows a command that answers in part, beyond the time limit: a quarter of it and a second.
const GRACE: Duration = Duration::from_secs(1);

/// How often the watcher looks.
const INTERVAL: Duration = Duration::from_millis(20);

/// When the time is over, if it ever is.
static DEADLINE: OnceLock<Instant> = OnceLock::new();

/// When the run ends, complete or not: later than the deadline where the command answers in part.
static END: OnceLock<Instant> = OnceLock::new();

/// How much memory may be in use, in bytes.
static MEMORY: OnceLock<u64> = OnceLock::new();

/// Whether output has begun. Whoever is first, the output or the watcher, decides how the run ends: never both.
static BEGUN: Mutex<bool> = Mutex::new(false);

/// Starts the watcher if a limit is given. Answers are written in one go at the end, so that a stopped run prints none.
/// A command that answers in part ends by itself soon after the deadline; the watcher is its last resort.
pub fn watch(timeout: Option<Duration>, memory: Option<u64>, answers_in_part: bool) {
    if timeout.is_none() && memory.is_none() {
        return;
    }
    let grace = |timeout: Duration| if answers_in_part { timeout / 4 + GRACE } else { Duration::ZERO };
    if let Some((deadline, end)) = timeout.and_then(|timeout| {
        let deadline = Instant::now().checked_add(timeout)?;
        Some((deadline, deadline.checked_add(grace(timeout))?))
    }) {
        // Set once for the one run of a process.
        let _ = (DEADLINE.set(deadline), END.set(end));
    }
    if let Some(memory) = memory {
        // Set once for the one run of a process.
        let _ = MEMORY.set(memory);
    }
    std::thread::spawn(move || {
        loop {
            stop_at_a_limit();
            std::thread::sleep(INTERVAL.min(timeout.unwrap_or(INTERVAL)));
        }
    });
}

/// To be called before anything is written: from here on no limit ends the run. Does not return where one already has.
pub fn begin_output() {
    stop_at_a_limit();
    *BEGUN.lock().unwrap_or_else(PoisonError::into_inner) = true;
}

/// When a command that answers in part has to come to an end.
pub fn deadline() -> Option<Instant> {
    DEADLINE.get().copied()
}

/// Says that the answer that was written is partial.
pub fn answered_in_part() -> Exit {
    terminal::tell("stopped at --timeout: the answer is partial, its ranges are wider than need be");
    Exit::Limit
}

/// Ends the run where a limit is passed. Looked at before output as well, so that a run too short for the watcher is
/// judged like a long one.
fn stop_at_a_limit() {
    if overdue() {
        stop("--timeout");
    }
    if let Some(&limit) = MEMORY.get()
        && resident().is_some_and(|used| used > limit)
    {
        stop("--max-memory");
    }
}

fn overdue() -> bool {
    END.get().is_some_and(|end| Instant::now() >= *end)
}

fn stop(limit: &str) {
    // Held until the process is gone, so that nobody begins to write.
    let begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if !*begun {
        terminal::tell(format!("stopped at {limit} before the answer was complete; nothing was written"));
        interrupt::leave(Exit::Limit as i32)
    }
}

/// Memory of this process in bytes, where the system tells. Mapped files do not count: the system takes their pages back when
/// it needs them.
fn resident() -> Option<u64> {
    let statistics = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = statistics.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
