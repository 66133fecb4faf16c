//! Panics of the Parquet library on damaged files, told as what they are: damage.
//!
//! The library takes some of what a file says for granted, and panics where it is not so. Nothing of what it was working on is
//! used afterwards.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread becomes an error, and is no bug to be told.
pub(in crate::load) fn is_within() -> bool {
    WITHIN.get()
}

/// Calls into the library, and makes an error of a panic.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    let before = WITHIN.replace(true);
    let done = catch_unwind(AssertUnwindSafe(call));
    WITHIN.set(before);
    done.map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        format!("the Parquet library stopped at it: {}", said.unwrap_or("without a reason"))
    })
}
