//! What only a server can do: be cut off in the middle of a commit (P-19).
//!
//! A proxy on loopback passes everything on until it sees the commit, and then hangs up once.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use callfirst::hold::{HoldError, Settings, open, verify_chain};
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};

use crate::bench::{Bench, new_hold};

#[derive(Clone, Copy, PartialEq)]
enum Cut {
    /// When the client says COMMIT: the server never hears it.
    Before,
    /// When the server says that it has committed: the client never hears it.
    After,
}

/// Whether it has hung up already.
type Spent = Arc<AtomicBool>;

/// The store's URL through a proxy that hangs up once.
async fn through_proxy(bench: &Bench, cut: Cut) -> (String, Spent) {
    let server = PgConnectOptions::from_str(bench.url()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (_, options) = bench.url().split_once('?').unwrap();
    let user = server.get_username();
    let database = server.get_database().unwrap_or("postgres");
    let url = format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable&{options}");
    let spent = Spent::default();
    let seen = spent.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(connection(client, server.clone(), cut, seen.clone()));
        }
    });
    (url, spent)
}

async fn connection(client: TcpStream, server: PgConnectOptions, cut: Cut, spent: Spent) {
    let (client_in, client_out) = client.into_split();
    let folder = server.get_socket().map(|p| p.display().to_string());
    let place = folder.unwrap_or_else(|| server.get_host().to_owned());
    if place.starts_with('/') {
        let socket = format!("{place}/.s.PGSQL.{}", server.get_port());
        let (server_in, server_out) = UnixStream::connect(socket).await.unwrap().into_split();
        both_ways((client_in, server_out), (server_in, client_out), cut, spent).await;
    } else {
        let to = (place, server.get_port());
        let (server_in, server_out) = TcpStream::connect(to).await.unwrap().into_split();
        both_ways((client_in, server_out), (server_in, client_out), cut, spent).await;
    }
}

async fn both_ways(
    up: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    down: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    cut: Cut,
    spent: Spent,
) {
    tokio::select! {
        () = pass_on(up.0, up.1, (cut == Cut::Before).then_some(&spent)) => {}
        () = pass_on(down.0, down.1, (cut == Cut::After).then_some(&spent)) => {}
    }
}

/// Ends before it passes on what holds the word, once.
async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    spent: Option<&Spent>,
) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        let says = buffer[..n].windows(7).any(|w| w == b"COMMIT\0");
        if says && spent.is_some_and(|spent| !spent.swap(true, Ordering::SeqCst)) {
            return;
        }
        if to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_looked_up_and_stands() {
    let Some(bench) = Bench::postgres().await else { return };
    let (url, spent) = through_proxy(&bench, Cut::After).await;
    // The schema is there, so opening commits nothing and the cut waits for the hold.
    let store = open(&url, Settings::default()).await.unwrap();
    assert!(!spent.load(Ordering::SeqCst));
    let new = new_hold();
    let committed = store.hold(new.clone()).await.unwrap();
    assert!(spent.load(Ordering::SeqCst));
    assert_eq!((committed.id(), committed.again()), (&new.id, false));
    assert!(bench.store.find(&new.id).await.unwrap().is_some());
    assert_eq!(verify_chain(&*store).await.unwrap().head.number, 1);
}

#[tokio::test]
async fn a_commit_that_never_arrived_is_an_error_and_the_retry_is_held_once() {
    let Some(bench) = Bench::postgres().await else { return };
    let (url, spent) = through_proxy(&bench, Cut::Before).await;
    let store = open(&url, Settings::default()).await.unwrap();
    let new = new_hold();
    let lost = store.hold(new.clone()).await;
    assert!(spent.load(Ordering::SeqCst));
    assert!(matches!(lost, Err(HoldError::Failed { .. })), "{lost:?}");
    assert!(bench.store.find(&new.id).await.unwrap().is_none());
    assert!(!store.hold(new.clone()).await.unwrap().again());
    assert_eq!(verify_chain(&*store).await.unwrap().head.number, 1);
}
