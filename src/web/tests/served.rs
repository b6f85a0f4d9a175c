//! The server over TCP: who it answers, whom it leaves waiting, and for how long.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{Site, site};
use crate::web::serve::{Limits, serve_within};

/// Far more than any step takes; a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// So short that the test need not wait, so long that a busy machine answers.
const SOON: Duration = Duration::from_millis(300);

struct Server {
    site: Site,
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

impl Server {
    async fn within(limits: Limits) -> Server {
        let site = site();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = serve_within(limits, listener, site.router.clone(), stop.clone());
        Server { site, address, stop, served: tokio::spawn(serving) }
    }

    async fn client(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn request(&self) -> String {
        format!("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", self.site.path())
    }

    async fn ends(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.served).await.expect("it did not end").unwrap();
    }
}

/// All that comes until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end as well: the server need not read what it does not want.
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    drop(read.expect("the connection stayed open"));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn it_answers_tells_the_peer_and_stops() {
    let server = Server::within(Limits::default()).await;
    let mut stream = server.client().await;
    stream.write_all(server.request().as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.site.store.viewer().as_deref(), Some("127.0.0.1"));
    // An idle connection does not hold up the end.
    let _idle = server.client().await;
    server.ends().await;
}

#[tokio::test]
async fn a_head_too_large_is_refused() {
    let server = Server::within(Limits::default()).await;
    let mut stream = server.client().await;
    let head = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(40_000));
    // The server may close before it has read all of it.
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = rest(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    server.ends().await;
}

#[tokio::test]
async fn a_head_that_does_not_come_whole_is_given_up_on() {
    let server = Server::within(Limits { head: SOON, ..Limits::default() }).await;
    let mut stream = server.client().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHos").await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.ends().await;
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_connection() {
    let server = Server::within(Limits { connection: SOON, ..Limits::default() }).await;
    let mut stream = server.client().await;
    let form = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\naction=withdraw",
        server.site.path()
    );
    stream.write_all(form.as_bytes()).await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
    assert_eq!(server.site.store.changes(), 0);
    server.ends().await;
}

#[tokio::test]
async fn beyond_its_places_a_client_waits_for_one() {
    let limits = Limits { places: 1, connection: SOON, ..Limits::default() };
    let server = Server::within(limits).await;
    let mut first = server.client().await;
    first.write_all(b"GET /he").await.unwrap();
    let mut second = server.client().await;
    second.write_all(server.request().as_bytes()).await.unwrap();
    // The first has said nothing whole and holds the only place until its time is up.
    let answer = rest(&mut second).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(rest(&mut first).await, "");
    server.ends().await;
}
