//! Pieces of one input, worked on side by side and taken in order.
//!
//! What can be done to a piece by itself (checking, parsing) runs on all cores; what needs the pieces before it (numbering
//! entities, adding interests) is done by the same thread when its turn comes. So a piece borrows its own text from
//! beginning to end, and the graph is the same whatever the number of threads.

use crate::error::Result;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The turn of one piece. Given up when dropped, if not before: then the next piece may go on.
pub(super) struct Turn<'t, S> {
    line: &'t Line<S>,
    number: u64,
    is_over: Cell<bool>,
}

/// The line in which pieces stand for the state they all share.
struct Line<S> {
    state: Mutex<S>,
    due: Mutex<Due>,
    moved: Condvar,
    /// The number that is due, to be looked at without a lock.
    seen: AtomicU64,
}

/// How often a thread looks whose turn it is before it goes to sleep: most turns come within some millionths of a second, and to
/// be woken takes longer.
const LOOKS: usize = 1000;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, Default)]
struct Due {
    number: u64,
    /// Somebody failed or panicked: nobody's turn comes any more.
    stopped: bool,
}

impl<S> Turn<'_, S> {
    /// Waits until all pieces before this one are done; `None` when one of them failed, and there is nothing left to do.
    pub(super) fn wait(&self) -> Option<MutexGuard<'_, S>> {
        self.line.wait_for(self.number).then(|| unpoisoned(self.line.state.lock()))
    }
}

impl<S> Turn<'_, S> {
    /// Lets the next piece go on, where all went well and nothing is left to do but to tidy up.
    pub(super) fn end(&self) {
        if self.is_over.replace(true) {
            return;
        }
        if thread::panicking() {
            self.line.stop();
        } else if self.line.wait_for(self.number) {
            self.line.move_on();
        }
    }
}

impl<S> Drop for Turn<'_, S> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<S> Line<S> {
    fn wait_for(&self, number: u64) -> bool {
        for _ in 0..LOOKS {
            if self.seen.load(Ordering::Relaxed) == number {
                break;
            }
            std::hint::spin_loop();
        }
        let mut due = unpoisoned(self.due.lock());
        while due.number != number && !due.stopped {
            due = unpoisoned(self.moved.wait(due));
        }
        !due.stopped
    }

    /// Lets the next piece have its turn.
    fn move_on(&self) {
        let mut due = unpoisoned(self.due.lock());
        due.number += 1;
        self.seen.store(due.number, Ordering::Relaxed);
        drop(due);
        self.moved.notify_all();
    }

    fn stop(&self) {
        unpoisoned(self.due.lock()).stopped = true;
        self.moved.notify_all();
    }
}

fn unpoisoned<T>(locked: std::sync::LockResult<T>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}

/// Hands every piece that `next` yields to `work`, on as many threads as there are cores (at most `threads`), with the
/// piece's turn for `state`. The first error, in the order of the pieces, ends it.
///
/// The first pieces, so many as `alone`, are worked on where the caller is, and so is one that comes alone: before another
/// thread is at work, a small input is read.
pub(super) fn take_turns<P: Send, S: Send>(
    threads: impl FnOnce() -> usize,
    alone: u64,
    mut next: impl FnMut() -> Result<Option<P>> + Send,
    state: S,
    work: impl Fn(P, &Turn<'_, S>) -> Result<()> + Sync,
) -> Result<()> {
    let line = Line { state: Mutex::new(state), due: Mutex::default(), moved: Condvar::new(), seen: AtomicU64::new(0) };
    let turn = |number| Turn { line: &line, number, is_over: Cell::new(false) };
    for number in 0..alone {
        let Some(piece) = next()? else { return Ok(()) };
        work(piece, &turn(number))?;
    }
    let Some(first) = next()? else { return Ok(()) };
    let second = next();
    if let Ok(None) = second {
        return work(first, &turn(alone));
    }
    let waiting = [Some(Ok(Some(first))), Some(second)].into_iter().flatten();
    let source = Mutex::new((alone, waiting, &mut next));
    let draw = || {
        let mut source = unpoisoned(source.lock());
        let (number, waiting, next) = &mut *source;
        let piece = waiting.next().unwrap_or_else(next);
        *number += 1;
        (*number - 1, piece)
    };
    let one_thread = || -> Result<()> {
        loop {
            let (number, piece) = draw();
            let turn = turn(number);
            let done = match piece {
                Ok(Some(piece)) => work(piece, &turn),
                Ok(None) => return Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                // An error counts only if all pieces before it were good: theirs comes first.
                let counts = line.wait_for(number);
                line.stop();
                return if counts { Err(error) } else { Ok(()) };
            }
            if unpoisoned(line.due.lock()).stopped {
                return Ok(());
            }
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads().max(1)).map(|_| scope.spawn(one_thread)).collect();
        let mut result = one_thread();
        for other in others {
            match other.join() {
                Ok(other) => result = result.and(other),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        result
    })
}

/// How many threads are of use on this machine.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Location};
    use std::time::Duration;

    fn count_to(end: u32) -> impl FnMut() -> Result<Option<u32>> + Send {
        let mut pieces = 0..end;
        move || Ok(pieces.next())
    }

    #[test]
    fn pieces_are_taken_in_order_whatever_the_number_of_threads() {
        let all = [(1, 0), (1, 1), (1, 200), (2, 1), (2, 2), (2, 200), (5, 200)];
        for ((threads, pieces), alone) in all.into_iter().flat_map(|case| [(case, 0), (case, 1), (case, 3)]) {
            let mut taken = Vec::new();
            let done = take_turns(
                || threads,
                alone,
                count_to(pieces),
                &mut taken,
                |piece, turn| {
                    if piece % 7 == 0 {
                        thread::yield_now();
                    }
                    if let Some(mut taken) = turn.wait() {
                        taken.push(piece);
                    }
                    Ok(())
                },
            );
            assert!(done.is_ok());
            assert_eq!(taken, (0..pieces).collect::<Vec<_>>(), "{threads} threads, {alone} pieces alone");
        }
    }

    #[test]
    fn a_turn_that_is_ended_early_lets_the_next_piece_go_on() {
        let (tell, told) = std::sync::mpsc::channel();
        let (tell, told) = (Mutex::new(tell), Mutex::new(told));
        let mut taken = Vec::new();
        let done = take_turns(
            || 2,
            0,
            count_to(2),
            &mut taken,
            |piece, turn| {
                if let Some(mut taken) = turn.wait() {
                    taken.push(piece);
                }
                turn.end();
                match piece {
                    // The other piece has its turn while this one is still at hand.
                    0 => unpoisoned(told.lock())
                        .recv_timeout(Duration::from_secs(60))
                        .expect("the other piece has its turn"),
                    _ => unpoisoned(tell.lock()).send(()).expect("the first piece waits"),
                }
                Ok(())
            },
        );
        assert!(done.is_ok());
        assert_eq!(taken, [0, 1]);
    }

    #[test]
    fn a_piece_that_takes_no_turn_holds_nobody_up() {
        let mut taken = Vec::new();
        let done = take_turns(
            || 3,
            0,
            count_to(50),
            &mut taken,
            |piece, turn| {
                if piece % 2 == 0
                    && let Some(mut taken) = turn.wait()
                {
                    taken.push(piece);
                }
                Ok(())
            },
        );
        assert!(done.is_ok());
        assert_eq!(taken, (0..50).step_by(2).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_counts_and_nothing_after_it_is_taken() {
        for (threads, alone) in [(1, 0), (2, 0), (4, 0), (1, 3), (4, 3), (4, 60)] {
            let mut taken = Vec::new();
            let done = take_turns(
                || threads,
                alone,
                count_to(500),
                &mut taken,
                |piece, turn| {
                    // Late pieces fail at once, long before the turn of the one that fails first.
                    if piece >= 40 {
                        return Err(Error::data(Location::of("x").at_line(piece.into()), "fails"));
                    }
                    if let Some(mut taken) = turn.wait() {
                        taken.push(piece);
                    }
                    Ok(())
                },
            );
            let line = done.err().and_then(|error| error.location().and_then(|location| location.line));
            assert_eq!((line, taken.len()), (Some(40), 40), "{threads} threads, {alone} pieces alone");
        }
    }

    #[test]
    fn an_error_of_the_source_comes_after_the_pieces_before_it() {
        let mut pieces = 0;
        let next = move || {
            pieces += 1;
            if pieces <= 3 { Ok(Some(pieces)) } else { Err(Error::data(Location::of("x"), "ends early")) }
        };
        let mut taken = Vec::new();
        let done = take_turns(
            || 2,
            0,
            next,
            &mut taken,
            |piece, turn| {
                if let Some(mut taken) = turn.wait() {
                    taken.push(piece);
                }
                Ok(())
            },
        );
        assert!(done.is_err());
        assert_eq!(taken, [1, 2, 3]);
    }

    #[test]
    #[should_panic(expected = "broken worker")]
    fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
        let _ = take_turns(
            || 2,
            0,
            count_to(9),
            (),
            |piece, turn| {
                assert!(piece != 4, "broken worker");
                turn.wait();
                Ok(())
            },
        );
    }
}
