//! Work on many things in parts, one for each thread: results never depend on how many parts there are.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

/// Things below which a thread costs more than it saves.
const WORTH_A_THREAD: usize = 1 << 13;
/// Threads that are still kept busy by memory.
const MAX_THREADS: usize = 8;

/// How many threads there are to work on `count` things.
pub(super) fn threads_for(count: usize) -> usize {
    if count < 2 * WORTH_A_THREAD {
        return 1;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    threads.min(MAX_THREADS).min(count / WORTH_A_THREAD).max(1)
}

/// Cuts `0..count` into as many parts of one size as there are threads for it.
pub(super) fn parts(count: usize) -> Vec<Range<usize>> {
    let threads = threads_for(count);
    (0..threads).map(|i| count * i / threads..count * (i + 1) / threads).collect()
}

/// Runs one piece of work for each of `inputs`, each on a thread of its own, and gives the results in their order.
pub(super) fn each<I: Send, T: Send>(inputs: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let work = &work;
    let mut inputs = inputs.into_iter();
    let Some(first) = inputs.next() else {
        return Vec::new();
    };
    thread::scope(|scope| {
        let others: Vec<_> = inputs.map(|input| scope.spawn(move || work(input))).collect();
        let mut results = vec![work(first)];
        results.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        results
    })
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
