//! The stage behind, by rules that an address carries in its local part:
//! `refuse550@`, `defer450@`, `two550@` (two lines), `gone421@`, `panic@` at RCPT or MAIL,
//! `content554@` and `content451@` at the end of data. It writes down what it is asked.

use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;

use crate::{
    intake::{
        doors::Door,
        settings::Settings,
        smtp::{House, Onward, Session, Underway},
        spool::Budget,
    },
    mail::{Content, Origin, Parameter, Recipient, Reply, ReversePath},
    wire::smtp::Capabilities,
};

#[derive(Clone)]
pub(super) struct Script {
    /// `None`: never seen.
    pub(super) hop: Option<Arc<Capabilities>>,
    pub(super) heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
pub(super) struct Heard {
    pub(super) log: Vec<String>,
    pub(super) contents: Vec<Vec<u8>>,
    pub(super) traces: Vec<String>,
    pub(super) origins: Vec<Origin>,
}

pub(super) struct Scripted {
    script: Script,
    accepted: Vec<String>,
    over: bool,
}

/// A hop that offers nothing.
impl Default for Script {
    fn default() -> Script {
        Script::offering(&[])
    }
}

impl Script {
    pub(super) fn offering(keywords: &[&str]) -> Script {
        let hop = Arc::new(Capabilities::from_lines(keywords.iter().copied()));
        Script { hop: Some(hop), heard: Arc::default() }
    }

    pub(super) fn log(&self) -> Vec<String> {
        self.heard.lock().expect("unpoisoned").log.clone()
    }

    fn note(&self, line: String) {
        self.heard.lock().expect("unpoisoned").log.push(line);
    }

    pub(super) fn house(&self, settings: Settings) -> Arc<House<Script>> {
        let total = settings.total_memory_octets;
        let folder = settings.spool_folder.clone();
        let budget = Budget::new(total, settings.message_memory_octets, folder);
        let shutdown = CancellationToken::new();
        Arc::new(House { settings, budget, onward: self.clone(), tls: None, shutdown })
    }
}

pub(super) fn settings() -> Settings {
    Settings { hostname: "relay.example".to_owned(), ..Settings::default() }
}

/// A session from loopback over `io`.
pub(super) fn session(
    house: &Arc<House<Script>>,
    door: Door,
    io: tokio::io::DuplexStream,
) -> Session<Script> {
    Session::new(Arc::clone(house), door, Box::new(io), [127, 0, 0, 1].into())
}

fn words(parameters: &[Parameter]) -> String {
    parameters.iter().map(|p| format!(" {p}")).collect()
}

fn ruled(address: &str) -> Option<Reply> {
    match address.split('@').next().unwrap_or_default() {
        "refuse550" => Some(Reply::bare(550, "5.1.1 no such user")),
        "defer450" => Some(Reply::bare(450, "4.2.0 try later")),
        "two550" => Reply::received(550, &["5.7.1 first", "5.7.1 second"]).ok(),
        "gone421" => Some(Reply::bare(421, "4.3.2 closing")),
        "panic" => panic!("the script says so"),
        _ => None,
    }
}

impl Onward for Script {
    type Transaction = Scripted;

    fn capabilities(&self) -> Option<Arc<Capabilities>> {
        self.hop.clone()
    }

    async fn mail(
        &self,
        origin: Origin,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> Result<(Scripted, Reply), Reply> {
        tokio::task::yield_now().await;
        let path = reverse_path.as_str();
        if let Some(reply) = ruled(path) {
            return Err(reply);
        }
        self.note(format!("mail <{path}>{}", words(&parameters)));
        self.heard.lock().expect("unpoisoned").origins.push(origin);
        let underway = Scripted { script: self.clone(), accepted: Vec::new(), over: false };
        Ok((underway, Reply::bare(250, "2.1.0 sender ok")))
    }
}

impl Scripted {
    fn content(&mut self, content: &Content, trace: String) -> Vec<Reply> {
        self.over = true;
        self.script.note(format!("content {} octets", content.len()));
        let mut heard = self.script.heard.lock().expect("unpoisoned");
        heard.contents.push(content.whole().expect("readable").to_vec());
        heard.traces.push(trace);
        let reply = |address: &String| match address.split('@').next().unwrap_or_default() {
            "content554" => Reply::bare(554, "5.7.1 not this"),
            "content451" => Reply::bare(451, "4.3.0 not now"),
            _ => Reply::bare(250, "2.0.0 taken by the hop"),
        };
        self.accepted.iter().map(reply).collect()
    }
}

impl Underway for Scripted {
    async fn rcpt(&mut self, recipient: Recipient) -> Reply {
        tokio::task::yield_now().await;
        let path = recipient.path.as_str().to_owned();
        if let Some(reply) = ruled(&path) {
            return reply;
        }
        self.script.note(format!("rcpt <{path}>{}", words(&recipient.parameters)));
        self.accepted.push(path);
        Reply::bare(250, "2.1.5 recipient ok")
    }

    fn accepted(&self) -> usize {
        self.accepted.len()
    }

    async fn finish(mut self, content: Content, trace: String) -> Reply {
        let replies = self.content(&content, trace);
        let worst = replies.into_iter().max_by_key(Reply::code);
        worst.expect("a transaction is finished for somebody")
    }

    async fn finish_each(mut self, content: Content, trace: String) -> Vec<Reply> {
        self.content(&content, trace)
    }

    async fn abandon(self) {}
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if !self.over {
            self.script.note("abandoned".to_owned());
        }
    }
}
