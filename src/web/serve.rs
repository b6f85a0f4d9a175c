//! The server under the pages: HTTP/1.1 on one listener, every connection bounded.
//!
//! TLS and HTTP/2 are the reverse proxy's. `axum::serve` has no limits for slow clients, so the
//! connections are driven here.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::telemetry;

/// The octets of a head.
const MAX_HEAD_OCTETS: usize = 16 << 10;
/// What is under way may end within this long when we stop.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// After a failed accept (mostly: no file descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What one client may take from the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections at once; more wait in the listener's queue.
    pub(super) places: usize,
    /// A request's head must be whole by then.
    pub(super) head: Duration,
    /// No connection lives longer: neither an idle one nor one that reads an octet a second.
    pub(super) connection: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { places: 512, head: Duration::from_secs(10), connection: Duration::from_secs(60) }
    }
}

/// The other end of a connection, as a request extension.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Serves until `shutdown` is cancelled, then lets requests under way finish for ten seconds.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    serve_within(Limits::default(), listener, router, shutdown).await;
}

pub(super) async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.places));
    let mut connections = JoinSet::new();
    loop {
        let place = tokio::select! {
            () = shutdown.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                let (router, shutdown) = (router.clone(), shutdown.clone());
                connections.spawn(async move {
                    connection(limits, stream, peer, router, shutdown).await;
                    drop(place);
                });
            }
            Err(error) => {
                telemetry::web::not_accepted(&error);
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    // What is not done by then is dropped with the set.
    let _ = tokio::time::timeout(DRAIN_LIMIT, drained).await;
}

async fn connection(
    limits: Limits,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    shutdown: CancellationToken,
) {
    let service = TowerToHyperService::new(router.layer(Extension(Peer(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_OCTETS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let limited = async {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            () = shutdown.cancelled() => {}
        }
        connection.as_mut().graceful_shutdown();
        connection.await
    };
    // Past the limit the connection is dropped, which closes it.
    if let Ok(Err(error)) = tokio::time::timeout(limits.connection, limited).await {
        telemetry::web::broken_connection(&error);
    }
}
