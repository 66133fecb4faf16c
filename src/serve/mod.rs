//! The local page: a server on this computer that answers with the library's own numbers and pictures.
//!
//! It listens on the loopback address alone, asks nothing of any other host, and gives data only to who has the token that it
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

pub use data::Data;

use crate::error::{Error, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// How the page is served.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
}

/// Serves the page until the process is asked to end; `ready` is told the address to open.
///
/// # Errors
/// If the port cannot be had, or no randomness for a token.
pub fn run(data: Data, options: &Options, ready: impl FnOnce(&str)) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = std::net::TcpListener::bind(address)
        .map_err(|error| Error::usage(format!("cannot listen on {address}: {error}; --port 0 takes a free port")))?;
    let failed = move |error: std::io::Error| Error::usage(format!("cannot serve on {address}: {error}"));
    let port = listener.local_addr().map_err(failed)?.port();
    let guard = Arc::new(guard::Guard::new(port)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(connection::QUESTIONS)
        .enable_all()
        .build()
        .map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = format!("http://127.0.0.1:{port}/#token={}", guard.token());
    let router = api::router(Arc::new(data), guard);
    let served = runtime.block_on(connection::serve(listener, router, || ready(&address)));
    runtime.shutdown_background();
    served.map_err(failed)
}
