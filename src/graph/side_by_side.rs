//! Two things at once, where that pays.

/// Does two things at once where it is about so much that a second thread pays.
pub(crate) fn side_by_side<A: Send, B>(
    size: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    const MANY: usize = 1 << 16;
    if size < MANY {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}
