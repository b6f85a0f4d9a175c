//! Syslog: RFC 5424 with structured data, over TLS (RFC 5425), TCP (RFC 6587, octet counting) or UDP
//! (RFC 5426).
//!
//! None of them answers. Over UDP nothing says whether it came; over TCP and TLS what the kernel took may
//! be lost when the collector dies just then. Whoever must not miss an event compares with
//! `callfirst audit export`.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use async_trait::async_trait;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UdpSocket, lookup_host},
    sync::Mutex,
    time::timeout,
};

use super::{BadReceiver, Deaf, Event, Receiver, payload::in_words};
use crate::{
    mail::Timestamp,
    reach::{self, Tls, Unreached, Whither},
};

/// Connecting and writing together.
const LIMIT: Duration = Duration::from_secs(15);
/// Events written at a time over a stream.
const MOST: usize = 100;
/// The facility "log audit" (RFC 5424 §6.2.1).
const FACILITY: u8 = 13;
/// Severities (RFC 5424 §6.2.1).
const WARNING: u8 = 4;
const NOTICE: u8 = 5;
/// The name of our structured data. 32473 is the number for examples and documentation (RFC 5612); a
/// house that has a number of its own rewrites it at the collector.
const STRUCTURED: &str = "callfirst@32473";
/// The largest value of one parameter; a datagram should fit 2048 octets (RFC 5424 §6.1).
const MOST_OF_VALUE: usize = 256;
/// Parameters of one message, for the same reason.
const MOST_PARAMETERS: usize = 24;

/// By which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// RFC 5425.
    Tls,
    /// RFC 6587.
    Tcp,
    /// RFC 5426.
    Udp,
}

/// Where the collector is.
#[derive(Debug, Clone)]
pub struct SyslogSettings {
    /// By which way.
    pub transport: Transport,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Our name in each message.
    pub hostname: String,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// See the module.
pub struct Syslog {
    settings: SyslogSettings,
    tls: Option<Tls>,
    stream: Mutex<Option<Box<dyn Stream>>>,
}

impl Syslog {
    /// Reads certificates. Connects to nobody.
    pub fn new(settings: SyslogSettings) -> Result<Syslog, BadReceiver> {
        let tls = match settings.transport {
            Transport::Tls => Some(Tls::new(&settings.host, settings.ca_file.as_deref())?),
            Transport::Tcp | Transport::Udp => None,
        };
        Ok(Syslog { settings, tls, stream: Mutex::default() })
    }

    async fn send(&self, events: &[Event]) -> io::Result<()> {
        let messages = events.iter().map(|event| message(event, &self.settings.hostname));
        if self.settings.transport == Transport::Udp {
            return self.send_datagrams(messages).await;
        }
        let mut octets = Vec::new();
        for message in messages {
            octets.extend_from_slice(format!("{} {message}", message.len()).as_bytes());
        }
        let mut kept = self.stream.lock().await;
        let mut still_there = kept.take();
        if let Some(stream) = &mut still_there
            && !is_open(stream).await
        {
            still_there = None;
        }
        let mut stream = match still_there {
            Some(stream) => stream,
            None => self.open().await?,
        };
        stream.write_all(&octets).await?;
        stream.flush().await?;
        *kept = Some(stream);
        Ok(())
    }

    async fn send_datagrams(&self, messages: impl Iterator<Item = String>) -> io::Result<()> {
        let to = self.address().await?;
        let any: SocketAddr = if to.is_ipv4() {
            ([0, 0, 0, 0], 0).into()
        } else {
            (std::net::Ipv6Addr::UNSPECIFIED, 0).into()
        };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(to).await?;
        for message in messages {
            socket.send(message.as_bytes()).await?;
        }
        Ok(())
    }

    async fn open(&self) -> io::Result<Box<dyn Stream>> {
        let SyslogSettings { host, port, .. } = &self.settings;
        let tcp = reach::connect(host, *port, Whither::Anywhere).await.map_err(nobody)?;
        match &self.tls {
            None => Ok(Box::new(tcp)),
            Some(tls) => Ok(Box::new(tls.over(tcp).await.map_err(nobody)?)),
        }
    }

    async fn address(&self) -> io::Result<SocketAddr> {
        let mut found = lookup_host((self.settings.host.as_str(), self.settings.port)).await?;
        found.next().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn nobody(_: Unreached) -> io::Error {
    io::ErrorKind::NotConnected.into()
}

/// A collector says nothing; one that hung up says so, and what is written to it then is lost.
async fn is_open(stream: &mut Box<dyn Stream>) -> bool {
    let mut octet = [0; 64];
    loop {
        match timeout(Duration::from_millis(1), stream.read(&mut octet)).await {
            Err(_) => return true,
            Ok(Ok(0) | Err(_)) => return false,
            Ok(Ok(_)) => {}
        }
    }
}

#[async_trait]
impl Receiver for Syslog {
    fn most(&self) -> usize {
        MOST
    }

    async fn tell(&self, events: &[Event]) -> Result<(), Deaf> {
        match timeout(LIMIT, self.send(events)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Deaf::Later("unreachable")),
            Err(_) => {
                // What was cut off in the middle must not be gone on with.
                *self.stream.lock().await = None;
                Err(Deaf::Later("timed_out"))
            }
        }
    }
}

/// One message. The text is ours; what others wrote stands in the structured data, escaped.
fn message(event: &Event, hostname: &str) -> String {
    let severity = match event.entry.event.name.as_str() {
        "undeliverable" | "expired" | "promise_overdue" | "notice_failed" => WARNING,
        _ => NOTICE,
    };
    let priority = FACILITY * 8 + severity;
    // RFC 5424 §6.2.3 has six digits of a second at most, and so have we.
    let at = Timestamp::from_microsecond(event.at().as_microsecond()).unwrap_or(event.at());
    let host = printable(hostname, 255);
    let name = printable(&event.entry.event.name, 32);
    let words = in_words(event).lines().next().unwrap_or_default().to_owned();
    format!(
        "<{priority}>1 {at} {host} callfirst {pid} {name} {data} {words}",
        pid = std::process::id(),
        data = structured(event),
    )
}

fn structured(event: &Event) -> String {
    let entry = &event.entry;
    let number = entry.number.to_string();
    let mut parameters = vec![
        ("id", event.id.as_str()),
        ("number", &number),
        ("type", event.name()),
        ("role", &entry.actor.role),
        ("who", &entry.actor.name),
        ("via", &entry.actor.via),
        ("address", entry.actor.address.as_deref().unwrap_or_default()),
        ("hold", entry.hold.as_ref().map_or("", |id| id.as_str())),
    ];
    if let Some(about) = &event.hold {
        parameters.push(("policy", &about.policy));
        parameters.push(("category", &about.category));
        parameters.push(("sender", about.sender.as_deref().unwrap_or_default()));
        parameters.push(("subject", about.subject.as_deref().unwrap_or_default()));
    }
    let known: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
    parameters.extend(event.facts().filter(|(name, _)| !known.contains(name)));
    let mut data = format!("[{STRUCTURED}");
    for (name, value) in
        parameters.into_iter().filter(|(_, value)| !value.is_empty()).take(MOST_PARAMETERS)
    {
        data.push_str(&format!(" {}=\"{}\"", printable(name, 32), escaped(value)));
    }
    data.push(']');
    data
}

/// RFC 5424 §6.3.3: quotes, backslashes and closing brackets are escaped. Controls become blanks, so that
/// no value makes a line of its own.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    for c in value.chars().take(MOST_OF_VALUE) {
        match c {
            '"' | '\\' | ']' => text.extend(['\\', c]),
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
    }
    text
}

/// A word of printable ASCII; `-` where there is none.
fn printable(word: &str, most: usize) -> String {
    let good = |c: &char| c.is_ascii_graphic() && !matches!(c, '=' | ']' | '"');
    let word: String = word.chars().filter(good).take(most).collect();
    if word.is_empty() { "-".to_owned() } else { word }
}
