//! The doors on real sockets, on loopback.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    intake::smtp::Underway,
    mail::{Content, Origin, Parameter, Recipient, ReversePath},
    wire::smtp::Capabilities,
};

/// Takes everything and says so.
#[derive(Clone)]
struct Yes;

struct Underneath(usize);

impl Onward for Yes {
    type Transaction = Underneath;

    fn capabilities(&self) -> Option<Arc<Capabilities>> {
        Some(Arc::default())
    }

    async fn mail(
        &self,
        _: Origin,
        _: ReversePath,
        _: Vec<Parameter>,
    ) -> Result<(Underneath, Reply), Reply> {
        Ok((Underneath(0), Reply::ok("sender")))
    }
}

impl Underway for Underneath {
    async fn rcpt(&mut self, _: Recipient) -> Reply {
        self.0 += 1;
        Reply::ok("recipient")
    }

    fn accepted(&self) -> usize {
        self.0
    }

    async fn finish(self, content: Content, _: String) -> Reply {
        Reply::ok(&format!("{} octets", content.len()))
    }

    async fn finish_each(self, content: Content, trace: String) -> Vec<Reply> {
        vec![self.finish(content, trace).await]
    }

    async fn abandon(self) {}
}

fn settings() -> Settings {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    Settings { smtp: vec![any], lmtp: vec![any], ..Settings::default() }
}

struct Open {
    smtp: SocketAddr,
    lmtp: SocketAddr,
    shutdown: CancellationToken,
    serving: JoinHandle<()>,
}

fn open(settings: Settings) -> Open {
    let doors = Doors::bind(settings, None, Yes).expect("bound");
    let addresses = doors.addresses().expect("addresses");
    assert_eq!(addresses.iter().map(|a| a.0).collect::<Vec<_>>(), [Door::Smtp, Door::Lmtp]);
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(doors.serve(shutdown.clone()));
    Open { smtp: addresses[0].1, lmtp: addresses[1].1, shutdown, serving }
}

struct Client(BufReader<TcpStream>);

impl Client {
    async fn connect(address: SocketAddr) -> Client {
        Client(BufReader::new(TcpStream::connect(address).await.expect("connected")))
    }

    /// The next line; empty where the connection is closed.
    async fn line(&mut self) -> String {
        let mut line = String::new();
        let _ = self.0.read_line(&mut line).await;
        line
    }

    async fn hears(&mut self, front: &str) {
        let line = self.line().await;
        assert!(line.starts_with(front), "wanted {front:?}, heard {line:?}");
    }

    async fn says(&mut self, line: &str, front: &str) {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.expect("written");
        self.hears(front).await;
    }

    async fn reaches_data(&mut self) {
        self.says("HELO client.example", "250").await;
        self.says("MAIL FROM:<a@b.example>", "250").await;
        self.says("RCPT TO:<c@d.example>", "250").await;
        self.says("DATA", "354").await;
    }
}

#[tokio::test]
async fn both_doors_are_served_until_told_to_stop() {
    let open = open(settings());
    let mut smtp = Client::connect(open.smtp).await;
    smtp.hears("220 localhost ESMTP").await;
    smtp.reaches_data().await;
    smtp.says("hello\r\n.", "250 2.0.0 7 octets").await;
    let mut lmtp = Client::connect(open.lmtp).await;
    lmtp.hears("220 localhost LMTP").await;
    lmtp.says("LHLO client.example", "250-localhost").await;
    open.shutdown.cancel();
    smtp.hears("421 4.3.2").await;
    open.serving.await.expect("served");
    assert!(TcpStream::connect(open.smtp).await.is_err());
}

#[tokio::test]
async fn a_stranger_is_greeted_554_and_closed() {
    let nobody = "192.0.2.0/24".parse().expect("a network");
    let open = open(Settings { trusted_networks: vec![nobody], ..settings() });
    let mut client = Client::connect(open.smtp).await;
    client.hears("554 localhost 5.7.1").await;
    assert_eq!(client.line().await, "");
}

#[tokio::test]
async fn one_connection_too_many_is_421_and_a_place_comes_back() {
    for limits in [
        Settings { max_connections: 1, ..settings() },
        Settings { max_connections_per_client: 1, ..settings() },
    ] {
        let open = open(limits);
        let mut first = Client::connect(open.smtp).await;
        first.hears("220").await;
        let mut second = Client::connect(open.smtp).await;
        second.hears("421 4.7.0").await;
        first.says("QUIT", "221").await;
        assert_eq!(first.line().await, "");
        // The place is free a moment after the connection is closed.
        let mut third = Client::connect(open.smtp).await;
        while !third.line().await.starts_with("220") {
            third = Client::connect(open.smtp).await;
        }
    }
}

#[tokio::test]
async fn a_message_under_way_may_finish_but_not_for_ever() {
    let open = open(Settings { drain_time: Duration::from_millis(50), ..settings() });
    let mut client = Client::connect(open.smtp).await;
    client.hears("220").await;
    client.reaches_data().await;
    open.shutdown.cancel();
    open.serving.await.expect("served");
    assert_eq!(client.line().await, "");
}

#[tokio::test]
async fn doors_without_a_trusted_network_are_not_opened() {
    let refused = Doors::bind(Settings { trusted_networks: vec![], ..settings() }, None, Yes);
    assert_eq!(refused.map(|_| ()).map_err(|e| e.kind()), Err(io::ErrorKind::InvalidInput));
}
