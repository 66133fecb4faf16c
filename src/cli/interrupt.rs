//! An end before the end: what is half written goes away, and what was there before stays.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What to remove when the run ends early.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether somebody else sees to an end in good order.
static IS_SEEN_TO: AtomicBool = AtomicBool::new(false);

/// Removes a file or folder should the run end early. One that has got its name by then is no longer there to be removed.
pub fn remove(unfinished: &Path) {
    static LISTENS: Once = Once::new();
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push(unfinished.to_owned());
    LISTENS.call_once(listen);
}

/// Listens for the user who interrupts the run and the system that ends it. Where that is not possible, such a run leaves
/// a file that ends in `.part`, and what was there before.
#[cfg(unix)]
fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if IS_SEEN_TO.load(Ordering::Acquire) {
                continue;
            }
            let unfinished = clear_away();
            // As if nobody had listened, so that a shell learns of it.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
            drop(unfinished);
        }
    });
}

#[cfg(not(unix))]
fn listen() {}

/// From here on a command ends in good order by itself when it is asked to.
#[cfg(feature = "serve")]
pub fn is_seen_to() {
    IS_SEEN_TO.store(true, Ordering::Release);
}

/// Ends the run now.
pub fn leave(code: i32) -> ! {
    let _unfinished = clear_away();
    std::process::exit(code)
}

/// Removes what is unfinished; nothing new is begun while the answer is held.
fn clear_away() -> MutexGuard<'static, Vec<PathBuf>> {
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    for path in unfinished.iter() {
        // What is not there needs no removing.
        let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    }
    unfinished
}
