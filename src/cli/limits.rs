//! `--timeout` and `--max-memory`: a watcher that ends the run when a limit is passed.

use super::exit::Exit;
use std::time::{Duration, Instant};

/// How often the watcher looks.
const INTERVAL: Duration = Duration::from_millis(20);

/// Starts the watcher if a limit is given. Answers are written in one go at the end, so that a stopped run prints none.
pub fn watch(timeout: Option<Duration>, memory: Option<u64>) {
    if timeout.is_none() && memory.is_none() {
        return;
    }
    let start = Instant::now();
    std::thread::spawn(move || {
        loop {
            if timeout.is_some_and(|limit| start.elapsed() >= limit) {
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

fn stop(limit: &str) -> ! {
    eprintln!("cuibono: stopped at {limit} before the answer was complete; nothing was written");
    std::process::exit(Exit::Limit as i32)
}

/// Resident memory of this process in bytes, where the system tells.
fn resident() -> Option<u64> {
    let statistics = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = statistics.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
