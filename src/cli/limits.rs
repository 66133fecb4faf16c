//! `--timeout` and `--max-memory`: a watcher that ends the run when a limit is passed.

use super::exit::Exit;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How often the watcher looks.
const INTERVAL: Duration = Duration::from_millis(20);

/// When the time is over, if it ever is.
static DEADLINE: OnceLock<Instant> = OnceLock::new();

/// Whether output has begun. Whoever is first, the output or the watcher, decides how the run ends: never both.
static BEGUN: Mutex<bool> = Mutex::new(false);

/// Starts the watcher if a limit is given. Answers are written in one go at the end, so that a stopped run prints none.
pub fn watch(timeout: Option<Duration>, memory: Option<u64>) {
    if timeout.is_none() && memory.is_none() {
        return;
    }
    if let Some(deadline) = timeout.and_then(|timeout| Instant::now().checked_add(timeout)) {
        // Set once for the one run of a process.
        let _ = DEADLINE.set(deadline);
    }
    std::thread::spawn(move || {
        loop {
            if overdue() {
                stop("--timeout");
            }
            if let (Some(limit), Some(used)) = (memory, resident())
                && used > limit
            {
                stop("--max-memory");
            }
            std::thread::sleep(INTERVAL.min(timeout.unwrap_or(INTERVAL)));
        }
    });
}

/// To be called before anything is written: from here on no limit ends the run. Does not return where one already has.
pub fn begin_output() {
    if overdue() {
        stop("--timeout");
    }
    *BEGUN.lock().unwrap_or_else(PoisonError::into_inner) = true;
}

fn overdue() -> bool {
    DEADLINE.get().is_some_and(|deadline| Instant::now() >= *deadline)
}

fn stop(limit: &str) {
    // Held until the process is gone, so that nobody begins to write.
    let begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if !*begun {
        eprintln!("cuibono: stopped at {limit} before the answer was complete; nothing was written");
        std::process::exit(Exit::Limit as i32)
    }
}

/// Resident memory of this process in bytes, where the system tells.
fn resident() -> Option<u64> {
    let statistics = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = statistics.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
