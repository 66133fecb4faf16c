//! `cuibono serve`

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::error::Result;
use crate::serve::{self, Options};
use std::io::Write;

/// Open a page on this computer: search, see, expand, understand, export
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Do not open the page in a browser
    #[arg(long)]
    no_open: bool,
}

impl Args {
    /// Serves the page until it is interrupted.
    pub fn run(&self, session: Session) -> Result<Exit> {
        let open = !self.no_open;
        serve::run(session.into_data()?, &Options { port: self.port }, |address| {
            let mut out = std::io::stdout();
            // Whoever closed standard output does not want to be told.
            let _ = writeln!(out, "{address}").and_then(|()| out.flush());
            if open {
                show(address);
            }
        })?;
        Ok(Exit::Answer)
    }
}

/// Opens an address in the browser of the system, where there is one.
fn show(address: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = std::process::Command::new(program);
    let quiet = command.args(arguments).arg(address).stdin(std::process::Stdio::null());
    // The address stands on standard output too: who has no such program opens it by hand.
    let _ = quiet.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
}
