//! A client that says a line and wants to hear one.

use std::sync::Arc;

use tokio::{
    io::{
        AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
        DuplexStream, ReadHalf, WriteHalf, split,
    },
    task::JoinHandle,
};

use super::script::{Script, session};
use crate::intake::{doors::Door, smtp::House};

pub(super) struct Talk<S = DuplexStream> {
    read: BufReader<ReadHalf<S>>,
    write: WriteHalf<S>,
}

impl Talk {
    /// A session from its greeting on.
    pub(super) async fn begin(house: &Arc<House<Script>>) -> (Talk, JoinHandle<()>) {
        let (client, server) = tokio::io::duplex(1 << 16);
        let serving = tokio::spawn(session(house, Door::Smtp, server).run());
        let mut talk = Talk::over(client);
        talk.hears("220 relay.example").await;
        (talk, serving)
    }

    /// A session with a transaction up to the 354.
    pub(super) async fn in_data(house: &Arc<House<Script>>) -> (Talk, JoinHandle<()>) {
        let (mut talk, serving) = Talk::begin(house).await;
        talk.says("HELO client.example", "250 ").await;
        talk.reaches_data().await;
        (talk, serving)
    }
}

impl<S: AsyncRead + AsyncWrite> Talk<S> {
    pub(super) fn over(stream: S) -> Talk<S> {
        let (read, write) = split(stream);
        Talk { read: BufReader::new(read), write }
    }

    pub(super) fn into_stream(self) -> S
    where
        S: Unpin,
    {
        assert!(self.read.buffer().is_empty(), "unread: {:?}", self.read.buffer());
        self.read.into_inner().unsplit(self.write)
    }

    pub(super) async fn send(&mut self, octets: impl AsRef<[u8]>) {
        self.write.write_all(octets.as_ref()).await.expect("written");
        self.write.flush().await.expect("flushed");
    }

    pub(super) async fn half_close(&mut self) {
        self.write.shutdown().await.expect("half closed");
    }

    pub(super) async fn hears_octets(&mut self, want: &str) {
        let mut octets = vec![0; want.len()];
        self.read.read_exact(&mut octets).await.expect("octets");
        assert_eq!(octets, want.as_bytes());
    }

    /// The next line; empty where the session is over.
    pub(super) async fn line(&mut self) -> String {
        let mut line = String::new();
        let _ = self.read.read_line(&mut line).await;
        line
    }

    pub(super) async fn hears(&mut self, front: &str) {
        let line = self.line().await;
        assert!(line.starts_with(front), "wanted {front:?}, heard {line:?}");
    }

    pub(super) async fn hears_end(&mut self) {
        assert_eq!(self.line().await, "");
    }

    pub(super) async fn says(&mut self, line: &str, front: &str) {
        self.send(format!("{line}\r\n")).await;
        self.hears(front).await;
    }

    pub(super) async fn reaches_data(&mut self) {
        self.says("MAIL FROM:<a@b.example>", "250 ").await;
        self.says("RCPT TO:<c@d.example>", "250 ").await;
        self.says("DATA", "354 ").await;
    }

    /// Greets with EHLO and gives the keyword lines.
    pub(super) async fn ehlo(&mut self) -> Vec<String> {
        self.send("EHLO client.example\r\n").await;
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            assert!(line.starts_with("250"), "{line:?}");
            let last = line.starts_with("250 ");
            lines.push(line.trim_end().split_at(4).1.to_owned());
            if last {
                return lines;
            }
        }
    }
}
