//! Connections: how many, how long, how large; and an end that lets answers be finished.

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Questions that are worked on at once.
pub(super) const QUESTIONS: usize = 4;
/// Connections that are open at once.
const CONNECTIONS: usize = 64;
/// The longest that the head of a request may take, and that a connection may be silent.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes.
const HEAD_SIZE: usize = 16 * 1024;
/// How long answers are waited for at the end.
const LAST_TIME: Duration = Duration::from_secs(2);

/// The longest that a connection is kept, however busy: who reads an answer without end holds its place no longer.
const LIFE: Duration = Duration::from_secs(300);

/// Answers on a listener until the process is asked to end, or until nobody has asked anything for so long; `ready` is
/// called once it would end in good order.
pub(super) async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    idle_exit: Option<Duration>,
    ready: impl FnOnce(),
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(asked_to_end()?);
    let last = Arc::new(Mutex::new(Instant::now()));
    let mut idle = std::pin::pin!(idle_for(idle_exit, Arc::clone(&last)));
    let router = router.layer(axum::middleware::from_fn(move |request, next| asked(Arc::clone(&last), request, next)));
    ready();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
            () = &mut idle => break,
        };
        // A connection that failed before it began is the other side's affair.
        let Ok((stream, _)) = accepted else { continue };
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_SIZE);
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // What goes wrong on one connection ends that connection.
            let _ = tokio::time::timeout(LIFE, connection).await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(LAST_TIME, graceful.shutdown()).await;
    Ok(())
}

/// Notes when a request came, and when it was answered.
async fn asked(last: Arc<Mutex<Instant>>, request: Request, next: Next) -> Response {
    let note = || *last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    note();
    let response = next.run(request).await;
    note();
    response
}

/// Ends when nothing was asked for so long.
async fn idle_for(most: Option<Duration>, last: Arc<Mutex<Instant>>) {
    let Some(most) = most else { return std::future::pending().await };
    loop {
        let since = last.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        match most.checked_sub(since) {
            None | Some(Duration::ZERO) => return,
            Some(left) => tokio::time::sleep(left).await,
        }
    }
}

/// Ends when the user interrupts the program or the system asks it to stop; both are listened for from now on.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut stop, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = stop.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the user interrupts the program.
#[cfg(not(unix))]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
