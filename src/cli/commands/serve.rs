//! `cuibono serve`

use crate::cli::args::duration;
use crate::cli::exit::Exit;
use crate::cli::interrupt;
use crate::cli::session::Session;
use crate::cli::terminal;
use crate::error::Result;
use crate::serve::{self, Address, Options};
use std::net::IpAddr;
use std::time::Duration;

/// Open a page on this computer: search, see, expand, understand, export
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The address to listen on; any other than 127.0.0.1 or ::1 lets the network reach the page
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Do not open the page in a browser
    #[arg(long)]
    no_open: bool,
    /// End when nothing was asked for so long (30m, 2h)
    #[arg(long, value_name = "TIME", value_parser = duration)]
    idle_exit: Option<Duration>,
}

impl Args {
    /// Serves the page until it is interrupted.
    pub fn run(&self, session: Session) -> Result<Exit> {
        // The server lets answers be finished.
        interrupt::is_seen_to();
        let options = Options { ip: self.listen, port: self.port, idle_exit: self.idle_exit };
        serve::run(session.into_data()?, &options, |address| self.ready(address))?;
        Ok(Exit::Answer)
    }

    fn ready(&self, address: &Address) {
        terminal::first_line(&address.shown);
        if !self.listen.is_loopback() {
            EXPOSED.iter().for_each(|line| terminal::tell(format!("warning: {line}")));
        }
        if !self.no_open {
            show(&address.once);
        }
    }
}

/// What is said where the page can be reached from elsewhere.
const EXPOSED: [&str; 2] = [
    "the network can reach this page, and read its token and its answers on their way (there is no encryption)",
    "safer: leave out --listen here, and on the other computer run ssh -L PORT:127.0.0.1:PORT THIS-COMPUTER",
];

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
