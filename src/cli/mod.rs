//! The command line: arguments → library calls → text. The only module that prints or exits.

mod args;
mod bug;
mod commands;
mod drafts;
mod exit;
mod files;
mod interrupt;
mod limits;
mod lists;
mod loading;
mod output;
mod phrases;
mod progress;
mod session;
mod sourced;
mod table;
mod terminal;

pub use bug::told;
pub use exit::Exit;

use crate::error::{Error, Result};
use args::{Cli, ColorArg, Command};
use output::Output;
use session::Session;
use std::ffi::OsString;
use std::mem::ManuallyDrop;

/// Parses the arguments, runs the command and tells how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::of(arguments.clone()) {
        Ok(cli) => cli,
        Err(error) => return terminal::refuse(error, &arguments),
    };
    match cli.global.color {
        ColorArg::Auto => {}
        ColorArg::Always => anstream::ColorChoice::Always.write_global(),
        ColorArg::Never => anstream::ColorChoice::Never.write_global(),
    }
    let answers_in_part = matches!(cli.command, Command::OwnersOf(_) | Command::HoldingsOf(_));
    // The page runs as long as it is wanted; the time is that of each of its questions.
    let timeout = if is_page(&cli.command) { None } else { cli.global.timeout };
    limits::watch(timeout, cli.global.max_memory.map(|size| size.0), answers_in_part);
    dispatch(cli).unwrap_or_else(|error| fail(&error))
}

#[cfg(feature = "serve")]
fn is_page(command: &Command) -> bool {
    matches!(command, Command::Serve(_))
}

#[cfg(not(feature = "serve"))]
fn is_page(_: &Command) -> bool {
    false
}

fn dispatch(cli: Cli) -> Result<Exit> {
    match &cli.command {
        Command::Completions(args) => return args.run(),
        Command::Man(args) => return args.run(),
        Command::Rules(args) => return args.run(&Output::of(&cli.global)),
        Command::Check(args) if args.rules => return args.explain(cli.global.format),
        Command::Index(args) => return args.run(cli.global),
        #[cfg(feature = "serve")]
        Command::Serve(args) => return args.run(Session::open(cli.global)?),
        #[cfg(feature = "distributed")]
        Command::Cluster(args) => return args.run(&cli.global),
        _ => {}
    }
    // The process is about to end: the system takes all memory back at once, faster than piece by piece.
    let session = ManuallyDrop::new(Session::open(cli.global)?);
    let end = match &cli.command {
        Command::OwnersOf(args) => args.run(&session),
        Command::HoldingsOf(args) => args.run(&session),
        Command::ControllersOf(args) => args.run(&session),
        Command::ControlledBy(args) => args.run(&session),
        Command::UltimateControllers(args) => args.run(&session),
        Command::EffectiveShares(args) => args.run(&session),
        Command::Screen(args) => args.run(&session),
        Command::BeneficialOwnersOf(args) => args.run(&session),
        Command::Explain(args) => args.run(&session),
        Command::CloseLinks(args) => args.run(&session),
        Command::Power(args) => args.run(&session),
        Command::Rules(args) => args.run(&session.output),
        Command::Paths(args) => args.run(&session),
        Command::Circular(args) => args.run(&session),
        Command::Jurisdictions(args) => args.run(&session),
        Command::EntitiesIn(args) => args.run(&session),
        Command::Timeline(args) => args.run(&session),
        Command::Diff(args) => args.run(&session),
        Command::Search(args) => args.run(&session),
        Command::Show(args) => args.run(&session),
        Command::Matches(args) => args.run(&session),
        Command::Sources(args) => args.run(&session),
        Command::Stats(args) => args.run(&session),
        Command::Check(args) => args.run(&session),
        Command::Diagram(args) => args.run(&session),
        Command::Convert(args) => args.run(&session),
        #[cfg(feature = "serve")]
        Command::Serve(_) => Ok(Exit::Answer),
        #[cfg(feature = "distributed")]
        Command::Cluster(args) => args.run(&session.global),
        Command::Index(args) => args.run(session.global.clone()),
        Command::Completions(args) => args.run(),
        Command::Man(args) => args.run(),
    };
    session.settled(end)
}

/// Reports an error to the user.
fn fail(error: &Error) -> Exit {
    limits::begin_output();
    terminal::fail(error);
    error.kind().into()
}

/// The command line of this run with one argument replaced, for the user to repeat; nothing where a word cannot be copied.
fn repeat_with(ambiguous: &str, id: &str) -> Option<String> {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.into_string().ok());
    let arguments: Vec<String> = arguments.collect::<Option<_>>()?;
    let words = arguments.iter().map(|argument| if argument == ambiguous { id } else { argument });
    crate::escape::shell::command(std::iter::once("cuibono").chain(words))
}
