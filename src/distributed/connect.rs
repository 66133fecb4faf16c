//! Connections between the processes of a run: everybody greets everybody, and whoever was started otherwise is refused.
//!
//! A process waits for those after it and calls those before it. Strangers who connect are hung up on; there is no
//! encryption, so the addresses must lie in a network that nobody else is in.

use super::Cluster;
use crate::error::{Error, Result};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// What a greeting begins with; the last letter is the version of what is said on a connection.
const MAGIC: &[u8; 8] = b"cuibono1";

/// How long somebody who connects may take to greet.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait before calling again.
const PAUSE: Duration = Duration::from_millis(50);

/// How long nothing may be heard of a machine before it counts as lost.
const SILENCE: Duration = Duration::from_secs(30);

/// A connection to every other process, by number.
pub(super) fn connect(cluster: &Cluster) -> Result<Vec<Option<TcpStream>>> {
    let deadline = Instant::now() + cluster.patience;
    let own = &cluster.hosts[cluster.process];
    let listener = TcpListener::bind(own.as_str())
        .map_err(|error| Error::usage(format!("process {} cannot listen on {own}: {error}", cluster.process)))?;
    let mut streams: Vec<Option<TcpStream>> = (0..cluster.hosts.len()).map(|_| None).collect();
    for (process, stream) in streams.iter_mut().enumerate().take(cluster.process) {
        *stream = Some(call(cluster, process, deadline)?);
    }
    wait_for_the_others(cluster, &listener, &mut streams, deadline)?;
    for stream in streams.iter().flatten() {
        set_up(stream).map_err(|error| Error::usage(format!("a connection cannot be set up: {error}")))?;
    }
    Ok(streams)
}

/// Calls a process until it answers.
fn call(cluster: &Cluster, process: usize, deadline: Instant) -> Result<TcpStream> {
    let address = &cluster.hosts[process];
    loop {
        if let Ok(mut stream) = TcpStream::connect(address.as_str())
            && stream.set_read_timeout(Some(cluster.patience)).is_ok()
            && stream.write_all(&greeting(cluster)).is_ok()
            && let Some(heard) = hear(&mut stream)
        {
            agree(cluster, heard)?;
            return Ok(stream);
        }
        if Instant::now() >= deadline {
            return Err(absent(cluster, process));
        }
        std::thread::sleep(PAUSE);
    }
}

/// Lets the processes after this one connect.
fn wait_for_the_others(
    cluster: &Cluster,
    listener: &TcpListener,
    streams: &mut [Option<TcpStream>],
    deadline: Instant,
) -> Result<()> {
    let failed = |error: std::io::Error| Error::usage(format!("process {} cannot listen: {error}", cluster.process));
    listener.set_nonblocking(true).map_err(failed)?;
    while let Some(missing) = (cluster.process + 1..streams.len()).find(|&process| streams[process].is_none()) {
        match listener.accept() {
            Ok((mut stream, _)) => {
                let ready = stream.set_nonblocking(false).and_then(|()| stream.set_read_timeout(Some(PATIENCE)));
                let heard = ready.ok().and_then(|()| hear(&mut stream));
                let Some((process, fingerprint)) = heard else { continue };
                // The other is answered in any case, so that it can say what differs too.
                let answered = stream.write_all(&greeting(cluster)).is_ok();
                agree(cluster, (process, fingerprint))?;
                if answered && process > cluster.process && process < streams.len() {
                    streams[process] = Some(stream);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
            Err(error) => return Err(failed(error)),
        }
        if Instant::now() >= deadline {
            return Err(absent(cluster, missing));
        }
    }
    Ok(())
}

fn greeting(cluster: &Cluster) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&(cluster.process as u64).to_be_bytes());
    bytes[16..].copy_from_slice(&cluster.fingerprint.to_be_bytes());
    bytes
}

/// Who greets, and what it was started with.
fn hear(stream: &mut TcpStream) -> Option<(usize, u64)> {
    let mut bytes = [0; 24];
    stream.read_exact(&mut bytes).ok()?;
    let number = |range: std::ops::Range<usize>| bytes[range].try_into().ok().map(u64::from_be_bytes);
    (&bytes[..8] == MAGIC).then_some(())?;
    Some((usize::try_from(number(8..16)?).ok()?, number(16..24)?))
}

fn agree(cluster: &Cluster, (process, fingerprint): (usize, u64)) -> Result<()> {
    if fingerprint == cluster.fingerprint {
        return Ok(());
    }
    let message = format!(
        "process {process} was started with other arguments than process {}: question, hosts, workers, day, options and \
         version must be the same everywhere",
        cluster.process
    );
    Err(Error::usage(message))
}

fn absent(cluster: &Cluster, process: usize) -> Error {
    let (address, patience) = (&cluster.hosts[process], cluster.patience.as_secs());
    Error::usage(format!("process {process} ({address}) was not there within {patience} seconds"))
}

/// A machine that is gone without a word is found out too.
fn set_up(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(None)?;
    stream.set_nodelay(true)?;
    let socket = socket2::SockRef::from(stream);
    let alive = socket2::TcpKeepalive::new().with_time(SILENCE / 3).with_interval(SILENCE / 6);
    socket.set_tcp_keepalive(&alive)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(SILENCE))?;
    Ok(())
}
