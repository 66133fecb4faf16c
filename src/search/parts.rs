//! Work on many things in parts, several for each thread: results never depend on how many parts there are.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Things below which a thread costs more than it saves.
const WORTH_A_THREAD: usize = 1 << 13;
/// Threads that are still kept busy by memory.
const MAX_THREADS: usize = 8;

/// How many parts there are for each thread: some take longer than others of one size, as memory is nearer here than there,
/// and who is done early takes the next.
const PARTS_A_THREAD: usize = 8;

/// How many threads there are to work on `count` things.
pub(super) fn threads_for(count: usize) -> usize {
    if count < 2 * WORTH_A_THREAD {
        return 1;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    threads.min(MAX_THREADS).min(count / WORTH_A_THREAD).max(1)
}

/// Into how many parts `count` things are cut, to be worked on side by side.
pub(super) fn parts_for(count: usize) -> usize {
    match threads_for(count) {
        1 => 1,
        threads => threads * PARTS_A_THREAD,
    }
}

/// Cuts `0..count` into parts of one size.
pub(super) fn parts(count: usize) -> Vec<Range<usize>> {
    equal_parts(count, parts_for(count))
}

/// Cuts `0..count` into so many parts of one size.
pub(super) fn equal_parts(count: usize, parts: usize) -> Vec<Range<usize>> {
    (0..parts).map(|i| count * i / parts..count * (i + 1) / parts).collect()
}

/// Runs one piece of work for each of `inputs`, on as many threads as the machine has, up to [`MAX_THREADS`], and gives the
/// results in their order. Each thread takes the next when it is done with one.
pub(super) fn each<I: Send, T: Send>(inputs: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let threads = inputs.len().min(threads_for(usize::MAX));
    let left = Mutex::new(inputs.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || std::iter::from_fn(next).map(|(place, input)| (place, work(input))).collect::<Vec<_>>();
    let mut results = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut results = run();
        for other in others {
            results.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    });
    results.sort_unstable_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_everything_once_and_come_back_in_order() {
        for count in [0, 1, 5000, 100_003] {
            let parts = parts(count);
            assert_eq!((parts[0].start, parts[parts.len() - 1].end), (0, count));
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
            let sums = each(parts, |part| part.len());
            assert_eq!(sums.iter().sum::<usize>(), count);
        }
        assert_eq!(threads_for(5000), 1, "a thread costs more than it saves");
        assert_eq!(each(vec![3, 1, 2], |i| i * 10), [30, 10, 20]);
    }
}
