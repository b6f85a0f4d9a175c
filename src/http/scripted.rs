//! A server that answers by a script: well, badly, slowly, or not at all.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What it does with one request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// A chat completion with this content.
    Say(String),
    /// The same, and the connection is closed without a word about it.
    SayAndClose(String),
    /// This status with this body.
    Status(u16, String),
    /// Nothing, and the connection stays open.
    Stall,
    /// A good head, then an octet every now and then.
    Drip,
    /// Half an answer, and the connection is closed.
    HalfAnAnswer,
    /// The connection is closed at once.
    Close,
    /// So many octets.
    Large(usize),
    /// Something that is not HTTP.
    Noise,
    /// A redirect to another place of the same server.
    Redirect,
}

impl Act {
    /// An answer of the form asked for.
    pub(crate) fn answer(category: &str, sentence: &str, sure: f64) -> Act {
        let answer = json!({ "news": category != "none", "category": category,
                             "sentence": sentence, "sure": sure });
        Act::Say(answer.to_string())
    }
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) head: String,
    pub(crate) body: Value,
    /// The number of its connection.
    pub(crate) connection: usize,
}

/// The server. It ends when it is dropped.
pub(crate) struct Scripted {
    pub(crate) address: SocketAddr,
    script: Arc<Mutex<VecDeque<Act>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Scripted {
    pub(crate) async fn start(acts: impl IntoIterator<Item = Act>) -> Scripted {
        Scripted::with(acts, None).await
    }

    pub(crate) async fn with(
        acts: impl IntoIterator<Item = Act>,
        tls: Option<TlsAcceptor>,
    ) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(acts.into_iter().collect::<VecDeque<_>>()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (to_play, told) = (script.clone(), heard.clone());
        let accepting = tokio::spawn(async move {
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (script, heard, tls) = (to_play.clone(), told.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, connection, &script, &heard).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, connection, &script, &heard).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Scripted { address, script, heard, accepting }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn also(&self, act: Act) {
        self.script.lock().unwrap().push_back(act);
    }
}

/// One connection, request after request, until it is closed.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    script: &Mutex<VecDeque<Act>>,
    heard: &Mutex<Vec<Heard>>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let length = head
            .to_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.lines().next().unwrap_or_default().parse().unwrap_or(0));
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        heard.lock().unwrap().push(Heard { head, body, connection });
        let act = script.lock().unwrap().pop_front().expect("a request too many");
        let (octets, then) = play(act);
        stream.write_all(&octets).await.ok()?;
        stream.flush().await.ok()?;
        match then {
            Then::Listen => {}
            Then::Close => return None,
            Then::Stall => std::future::pending().await,
            Then::Drip => loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                stream.write_all(b" ").await.ok()?;
                stream.flush().await.ok()?;
            },
        }
    }
}

enum Then {
    Listen,
    Close,
    Stall,
    Drip,
}

fn completion(content: &str) -> Vec<u8> {
    let body = json!({ "choices": [{ "index": 0, "finish_reason": "stop",
        "message": { "role": "assistant", "content": content } }] });
    reply(200, "Content-Type: application/json\r\n", &body.to_string())
}

fn reply(status: u16, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\n{more}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn play(act: Act) -> (Vec<u8>, Then) {
    match act {
        Act::Say(content) => (completion(&content), Then::Listen),
        Act::SayAndClose(content) => (completion(&content), Then::Close),
        Act::Status(status, body) => (reply(status, "", &body), Then::Listen),
        Act::Stall => (Vec::new(), Then::Stall),
        Act::Drip => (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n".to_vec(), Then::Drip),
        Act::HalfAnAnswer => {
            (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"choices\"".to_vec(), Then::Close)
        }
        Act::Close => (Vec::new(), Then::Close),
        Act::Large(octets) => (reply(200, "", &"x".repeat(octets)), Then::Close),
        Act::Noise => (b"220 mail.example ESMTP\r\n".to_vec(), Then::Close),
        Act::Redirect => (reply(307, "Location: /elsewhere\r\n", ""), Then::Listen),
    }
}
