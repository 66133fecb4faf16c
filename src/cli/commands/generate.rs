//! `cuibono completions` and `cuibono man`

use crate::cli::args::Cli;
use crate::cli::exit::Exit;
use crate::cli::output::write_out;
use crate::error::{Error, Result};
use clap::CommandFactory;
use clap_complete::Shell;

/// Write completions for a shell to standard output
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Exit> {
        let mut bytes = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "cuibono", &mut bytes);
        write_out(&bytes).map(|()| Exit::Answer)
    }
}

/// Write the manual page, or that of one command, to standard output
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The command; without it the page of the whole program
    command: Option<String>,
}

impl ManArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Exit> {
        let mut root = Cli::command();
        root.build();
        let command = match &self.command {
            None => root,
            Some(name) => {
                let found = root.find_subcommand(name).cloned();
                found.ok_or_else(|| Error::usage(format!("there is no command {name:?}")))?
            }
        };
        let mut bytes = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut bytes)
            .map_err(|error| Error::io("cannot write", "the manual page", error))?;
        write_out(&bytes).map(|()| Exit::Answer)
    }
}
