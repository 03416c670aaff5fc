//! Connections and their bounds: heads of 16 KiB that come within ten seconds, so many connections at once, and an end
//! that lets those finish who are being answered.

use super::{Web, guard, office::Office, pages};
use axum::{Extension, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{
    convert::Infallible,
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener as Listener,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// The head of a request: its first line and its headers.
const HEAD: usize = 16 * 1024;
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Browsers keep up to six connections each.
const CONNECTIONS: usize = 1024;
/// Jobs that wait for the disk at once.
const JOBS: usize = 64;
/// How often is looked whether the server rests.
const TIDY: Duration = Duration::from_secs(30);
/// How long those are waited for who are being answered when the server ends.
const END: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the server cannot begin: {0}")]
    Runtime(io::Error),
}

/// Comes when the server is to end.
pub type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where a connection comes from and where it arrived.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    pub ours: SocketAddr,
    pub theirs: SocketAddr,
}

/// Answers at `listeners` until `stop` comes; those who are being answered then are answered.
pub fn serve(office: Office, listeners: Vec<TcpListener>, stop: impl FnOnce() -> Stop) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(JOBS)
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let done = runtime.block_on(async {
        let stop = stop();
        answer(Arc::new(office), listeners, stop).await
    });
    // A job that hangs on a disk must not keep the program.
    runtime.shutdown_timeout(END);
    done.map_err(ServeError::Runtime)
}

async fn answer(office: Web, listeners: Vec<TcpListener>, stop: Stop) -> io::Result<()> {
    let app = guard::guarded(pages(), &office).with_state(Arc::clone(&office));
    let tidying = tokio::spawn(async move {
        loop {
            sleep(TIDY).await;
            office.tidy(Instant::now());
        }
    });
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let (send, mut accepted) = tokio::sync::mpsc::channel(64);
    let mut doors = Vec::new();
    for listener in listeners {
        listener.set_nonblocking(true)?;
        let (listener, send) = (Listener::from_std(listener)?, send.clone());
        doors.push(tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        if send.send(stream).await.is_err() {
                            return;
                        }
                    }
                    // Out of file handles, or a connection that broke at once: the next may be well.
                    Err(_) => sleep(Duration::from_millis(50)).await,
                }
            }
        }));
    }
    drop(send);
    tokio::pin!(stop);
    loop {
        let stream = tokio::select! {
            stream = accepted.recv() => stream,
            () = &mut stop => None,
        };
        let Some(stream) = stream else { break };
        let (Ok(permit), Ok(ours), Ok(theirs)) =
            (Arc::clone(&room).try_acquire_owned(), stream.local_addr(), stream.peer_addr())
        else {
            continue;
        };
        let app = app.clone().layer(Extension(Ends { ours, theirs }));
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let app = app.clone();
            async move {
                Ok::<_, Infallible>(
                    app.oneshot(request.map(axum::body::Body::new)).await.unwrap_or_else(|e| match e {}),
                )
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is no error of ours.
            let _ = connection.await;
            drop(permit);
        });
    }
    doors.iter().chain([&tidying]).for_each(tokio::task::JoinHandle::abort);
    let _ = timeout(END, graceful.shutdown()).await;
    Ok(())
}
