//! A bar on the terminal while data are read.

use crate::load::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Reading that takes less than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(400);

const INTERVAL: Duration = Duration::from_millis(100);

/// A bar that goes away when it is dropped.
pub struct Bar {
    done: Option<Sender<()>>,
    painter: Option<JoinHandle<()>>,
}

impl Bar {
    /// Shows how far reading has come of `total` bytes, where that is known, if somebody is looking.
    pub fn show(progress: Arc<Progress>, total: impl FnOnce() -> Option<u64>) -> Self {
        Self::show_to(std::io::stderr().is_terminal(), progress, total)
    }

    fn show_to(somebody: bool, progress: Arc<Progress>, total: impl FnOnce() -> Option<u64>) -> Self {
        if !somebody {
            return Self { done: None, painter: None };
        }
        let (total, (done, ended)) = (total(), mpsc::channel());
        let painter = thread::spawn(move || {
            let waits = |time| ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if !waits(PATIENCE) {
                return;
            }
            let bar = styled(total);
            loop {
                bar.set_position(progress.bytes());
                bar.set_message(message(&progress));
                if !waits(INTERVAL) {
                    return bar.finish_and_clear();
                }
            }
        });
        Self { done: Some(done), painter: Some(painter) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.done = None;
        // A painter that failed has left nothing to wait for.
        let _ = self.painter.take().map(JoinHandle::join);
    }
}

fn styled(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => {
            (ProgressBar::new(total), "{bar:24} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left, {msg}")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}, {bytes_per_sec}, {msg}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn message(progress: &Progress) -> String {
    let records = progress.records();
    match progress.rejected() {
        0 => format!("{records} records"),
        rejected => format!("{records} records, {rejected} rejected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_ones_that_the_library_takes() {
        for total in [Some(5), None] {
            assert_eq!(styled(total).length(), total);
        }
    }

    #[test]
    fn a_bar_that_nobody_sees_is_not_painted_and_costs_no_question() {
        for somebody in [false, true] {
            let mut asked = false;
            let bar = Bar::show_to(somebody, Arc::default(), || {
                asked = true;
                Some(9)
            });
            assert_eq!((bar.painter.is_some(), asked), (somebody, somebody));
        }
    }
}
