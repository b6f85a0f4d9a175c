//! The next hop: takes mail, remembers it with the time of the week, and refuses as it was told to.

use std::sync::{Arc, Mutex};

use callfirst::{mail::Timestamp, worker::Clock};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) at: Timestamp,
    pub(crate) reverse_path: String,
    pub(crate) forward_paths: Vec<String>,
    pub(crate) content: Vec<u8>,
}

/// What it answers to the content of a mail for somebody, until then.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) recipient: &'static str,
    pub(crate) reply: &'static str,
    pub(crate) until: Timestamp,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Hop {
    pub(crate) address: String,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Hop {
    pub(crate) async fn start(clock: Clock, refusals: Vec<Refusal>) -> Hop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let taken = Arc::default();
        let hop = Hop { address, taken: Arc::clone(&taken) };
        let refusals = Arc::new(refusals);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let session = Session {
                    clock: clock.clone(),
                    refusals: refusals.clone(),
                    taken: Arc::clone(&taken),
                };
                // A client that is gone is no fault of ours.
                tokio::spawn(async move { session.serve(client).await.ok() });
            }
        });
        hop
    }

    /// What it took since it was asked last.
    pub(crate) fn take(&self) -> Vec<Taken> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }
}

struct Session {
    clock: Clock,
    refusals: Arc<Vec<Refusal>>,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Session {
    async fn serve(self, client: TcpStream) -> std::io::Result<()> {
        client.set_nodelay(true)?;
        let (from_client, mut to_client) = client.into_split();
        let mut lines = BufReader::new(from_client);
        let (mut from, mut to) = (String::new(), Vec::new());
        to_client.write_all(b"220 hop ESMTP\r\n").await?;
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let said = String::from_utf8_lossy(&line).trim_end().to_owned();
            let verb = said.get(..4).unwrap_or_default().to_ascii_uppercase();
            let reply = match verb.as_str() {
                "EHLO" => "250-hop\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES",
                "MAIL" => {
                    (from, to) = (path(&said), Vec::new());
                    "250 2.1.0 ok"
                }
                "RCPT" => {
                    to.push(path(&said));
                    "250 2.1.5 ok"
                }
                "DATA" => {
                    to_client.write_all(b"354 go on\r\n").await?;
                    let Some(content) = content(&mut lines).await? else { return Ok(()) };
                    self.answer(&from, std::mem::take(&mut to), content)
                }
                "QUIT" => {
                    to_client.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 2.0.0 ok",
            };
            to_client.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
    }

    fn answer(&self, from: &str, to: Vec<String>, content: Vec<u8>) -> &'static str {
        let at = (self.clock)();
        let refuses = |r: &&Refusal| at < r.until && to.iter().any(|to| to == r.recipient);
        if let Some(refusal) = self.refusals.iter().find(refuses) {
            return refusal.reply;
        }
        let taken = Taken { at, reverse_path: from.to_owned(), forward_paths: to, content };
        self.taken.lock().unwrap().push(taken);
        "250 2.0.0 taken"
    }
}

/// What stands between the angles.
fn path(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

/// Up to the lone dot, stuffing taken off; `None` where the client left before it.
async fn content(
    lines: &mut BufReader<tokio::net::tcp::OwnedReadHalf>,
) -> std::io::Result<Option<Vec<u8>>> {
    let (mut content, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        if line == b".\r\n" {
            return Ok(Some(content));
        }
        content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
