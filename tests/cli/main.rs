//! What scripts and people rely on, through the program itself.

#[path = "../support/run.rs"]
mod run;
#[path = "../support/tally.rs"]
mod tally;

mod bad_input;
mod caveats;
mod commands;
mod exit_codes;
mod hostile;
mod inputs;
mod registers;
mod six_dates;
mod sources;
