//! The local page: a server on this computer that answers with the library's own numbers and pictures.
//!
//! It listens on the loopback address unless it is told otherwise, asks nothing of any other host, and gives data only to who has the token that it
//! was started with. `guard` decides who is answered, `connection` how long and how much, `api` what.

mod api;
mod asked;
mod assets;
mod charts;
mod connection;
mod data;
mod failure;
mod guard;
mod openapi;
mod parties;
mod query;

pub use data::{Data, TIME};

use crate::error::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How the page is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on. On any other than the loopback address the network can reach the page, and read what
    /// passes.
    pub ip: IpAddr,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// After how long without a request it ends, if ever.
    pub idle_exit: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self { ip: Ipv4Addr::LOCALHOST.into(), port: 0, idle_exit: None }
    }
}

/// Where the page is.
#[derive(Debug, Clone)]
pub struct Address {
    /// For people: good as long as the server runs.
    pub shown: String,
    /// For starting a browser with: good once, and not for long, as others on the computer can see it.
    pub once: String,
}

/// Serves the page until the process is asked to end; `ready` is told the address to open.
///
/// # Errors
/// If the address cannot be had, or no randomness for a token.
pub fn run(data: Data, options: &Options, ready: impl FnOnce(&Address)) -> Result<()> {
    let asked = SocketAddr::from((options.ip, options.port));
    let listener = std::net::TcpListener::bind(asked)
        .map_err(|error| Error::usage(format!("cannot listen on {asked}: {error}; --port 0 takes a free port")))?;
    let failed = move |error: std::io::Error| Error::usage(format!("cannot serve on {asked}: {error}"));
    let bound = listener.local_addr().map_err(failed)?;
    let guard = Arc::new(guard::Guard::new(bound)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(connection::QUESTIONS)
        .enable_all()
        .build()
        .map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let at = |token: &str| format!("http://{bound}/#token={token}");
    let shown = at(guard.token());
    let address = Address { once: guard.token_for_once().map_or_else(|| shown.clone(), |token| at(&token)), shown };
    let router = api::router(Arc::new(data), guard);
    let served = runtime.block_on(connection::serve(listener, router, options.idle_exit, || ready(&address)));
    runtime.shutdown_background();
    served.map_err(failed)
}
