//! A next hop for tests that follows scripts, one a connection, on loopback.
//!
//! ```text
//! S: 220 hop        says this line, to a client that waits for it (`\n` makes it two in one write; a lone CR may stand in it)
//! C: MAIL FROM:<>   must hear exactly this line
//! DATA              hears mail data to its end and keeps its octets
//! TLS               does the handshake
//! CLOSE             closes the connection
//! SILENT            says nothing more until the client goes
//! ENDLESS           begins a reply and never ends it
//! ```
//!
//! Behind its script it answers RSET, and hears QUIT or the end.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::connection::Stream;

/// No story takes longer; a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct ScriptedHop {
    pub(crate) address: String,
    playing: JoinHandle<Vec<Vec<u8>>>,
}

impl ScriptedHop {
    /// Plays each script for one connection, in order, then refuses connections.
    pub(crate) async fn start(scripts: &[&str]) -> ScriptedHop {
        ScriptedHop::start_with(scripts, None).await
    }

    /// The same, with what the step `TLS` needs.
    pub(crate) async fn start_with(scripts: &[&str], tls: Option<TlsAcceptor>) -> ScriptedHop {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let scripts: Vec<String> = scripts.iter().map(|s| (*s).to_owned()).collect();
        let playing = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            for (number, script) in scripts.into_iter().enumerate() {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (stream, tls): (Box<dyn Stream>, _) = (Box::new(stream), tls.clone());
                connections.spawn(async move { (number, play(stream, script, tls).await) });
            }
            drop(listener);
            let mut played = connections.join_all().await;
            played.sort();
            played.into_iter().flat_map(|(_, data)| data).collect()
        });
        ScriptedHop { address, playing }
    }

    /// What came as mail data, as on the wire, once every script was played to its end.
    /// Fails where the client strayed. Drop the next hop's client before.
    pub(crate) async fn data(self) -> Vec<Vec<u8>> {
        timeout(PATIENCE, self.playing).await.expect("scripts end").expect("scripts are followed")
    }
}

async fn play(
    mut stream: Box<dyn Stream>,
    script: String,
    tls: Option<TlsAcceptor>,
) -> Vec<Vec<u8>> {
    let (mut heard, mut data) = (Vec::new(), Vec::new());
    for step in script.split('\n').map(|s| s.trim_matches(' ')).filter(|s| !s.is_empty()) {
        match step.split_once(": ").unwrap_or((step, "")) {
            ("S", line) => {
                let early = String::from_utf8_lossy(&heard);
                assert!(early.is_empty(), "{early:?} came before {step:?}");
                let line = line.replace("\\n", "\r\n");
                let said = stream.write_all(format!("{line}\r\n").as_bytes()).await;
                said.unwrap_or_else(|e| panic!("client is gone at {step:?}: {e}"));
            }
            ("C", line) => {
                let got = hear(&mut stream, &mut heard, b"\r\n").await;
                assert_eq!(got.as_deref(), Some(line), "in the script\n{script}");
            }
            ("DATA", _) => data.push(hear_data(&mut stream, &mut heard).await),
            ("TLS", _) => {
                let acceptor = tls.as_ref().expect("an acceptor");
                // A client that does not trust us leaves; that is the test's to judge.
                let Ok(inside) = acceptor.accept(stream).await else { return data };
                stream = Box::new(inside);
            }
            ("CLOSE", _) => return data,
            ("SILENT", _) => {
                while stream.read_buf(&mut heard).await.is_ok_and(|n| n > 0) {}
                return data;
            }
            ("ENDLESS", _) => {
                let lines = b"550-5.7.1 and so on\r\n".repeat(100);
                while stream.write_all(&lines).await.is_ok() {}
                return data;
            }
            other => panic!("no such step: {other:?}"),
        }
    }
    while let Some(line) = hear(&mut stream, &mut heard, b"\r\n").await {
        match line.as_str() {
            "RSET" => drop(stream.write_all(b"250 2.0.0 reset\r\n").await),
            "QUIT" => break,
            other => panic!("{other:?} behind the end of the script\n{script}"),
        }
    }
    data
}

async fn hear_data(stream: &mut Box<dyn Stream>, heard: &mut Vec<u8>) -> Vec<u8> {
    let mut data = Vec::new();
    loop {
        let end = heard.windows(2).position(|w| w == b"\r\n");
        let Some(end) = end else {
            let read = stream.read_buf(heard).await;
            assert!(read.is_ok_and(|n| n > 0), "the client went away within its data");
            continue;
        };
        let line: Vec<u8> = heard.drain(..end + 2).collect();
        data.extend_from_slice(&line);
        if line == b".\r\n" {
            return data;
        }
    }
}

async fn hear(stream: &mut Box<dyn Stream>, heard: &mut Vec<u8>, end: &[u8]) -> Option<String> {
    loop {
        if let Some(at) = heard.windows(end.len()).position(|w| w == end) {
            let line: Vec<u8> = heard.drain(..at + end.len()).collect();
            return Some(String::from_utf8_lossy(&line[..at]).into_owned());
        }
        match stream.read_buf(heard).await {
            Ok(n) if n > 0 => {}
            _ => return None,
        }
    }
}
