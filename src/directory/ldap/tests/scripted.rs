//! A directory that does as it is told, a connection at a time, and remembers what it heard.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

use crate::directory::ldap::message::Messages;

/// Tags of requests and responses (RFC 4511 Appendix B).
const BIND: u8 = 0x60;
const SEARCH: u8 = 0x63;
const EXTENDED: u8 = 0x77;
const UNBIND: u8 = 0x42;
const BIND_RESPONSE: u8 = 0x61;
const ENTRY: u8 = 0x64;
pub(super) const DONE: u8 = 0x65;
const REFERENCE: u8 = 0x73;
const EXTENDED_RESPONSE: u8 = 0x78;

/// What it does on one connection.
#[derive(Clone, Default)]
pub(super) struct Act {
    /// Result codes.
    pub(super) bind: u8,
    pub(super) extended: u8,
    pub(super) search: Search,
}

/// What it answers to a search.
#[derive(Clone)]
pub(super) enum Search {
    /// These messages, and a result.
    Gives(Vec<Vec<u8>>, u8),
    /// These octets; `true`: then it hangs up.
    Octets(Vec<u8>, bool),
}

impl Default for Search {
    fn default() -> Search {
        Search::Gives(Vec::new(), 0)
    }
}

/// A request: its tag and its octets.
pub(super) type Heard = (u8, Vec<u8>);

pub(super) struct Scripted {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Scripted {
    pub(super) async fn start(acts: impl IntoIterator<Item = Act>) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::default());
        let (mut acts, hears) = (acts.into_iter().collect::<VecDeque<Act>>(), Arc::clone(&heard));
        tokio::spawn(async move {
            while let Some(act) = acts.pop_front() {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(play(act, stream, Arc::clone(&hears)));
            }
        });
        Scripted { address, heard }
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// The tags of what it heard, without the good-byes, which nobody waits for.
    pub(super) fn asked(&self) -> Vec<u8> {
        self.heard().into_iter().map(|(tag, _)| tag).filter(|tag| *tag != UNBIND).collect()
    }
}

async fn play(act: Act, mut stream: TcpStream, heard: Arc<Mutex<Vec<Heard>>>) {
    loop {
        let request = Messages::of(&mut stream).next().await;
        let Ok(Some(request)) = request else { return };
        // A long length has further octets.
        let head = 2 + usize::from(request[1].saturating_sub(0x80));
        let (id, tag) = (request[head + 2], request[head + 3]);
        heard.lock().unwrap().push((tag, request));
        let answer = match (tag, &act.search) {
            (BIND, _) => message(id, &result(BIND_RESPONSE, act.bind)),
            (EXTENDED, _) => message(id, &result(EXTENDED_RESPONSE, act.extended)),
            (SEARCH, Search::Gives(entries, code)) => {
                let done = result(DONE, *code);
                entries.iter().chain([&done]).flat_map(|entry| message(id, entry)).collect()
            }
            (SEARCH, Search::Octets(octets, _)) => octets.clone(),
            _ => return,
        };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
        if tag == SEARCH && matches!(act.search, Search::Octets(_, true)) {
            return;
        }
    }
}

/// An element. Its length is written in four digits, as some servers do.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84][..], &length, content].concat()
}

pub(super) fn message(id: u8, operation: &[u8]) -> Vec<u8> {
    element(0x30, &[&[0x02, 0x01, id], operation].concat())
}

fn text(text: impl AsRef<[u8]>) -> Vec<u8> {
    element(0x04, text.as_ref())
}

pub(super) fn result(tag: u8, code: u8) -> Vec<u8> {
    element(tag, &[vec![0x0a, 0x01, code], text(""), text("secret diagnosis")].concat())
}

/// A search entry.
pub(super) fn entry(attributes: &[(&str, &[&[u8]])]) -> Vec<u8> {
    let one = |(name, values): &(&str, &[&[u8]])| {
        let values: Vec<u8> = values.iter().flat_map(text).collect();
        element(0x30, &[text(name), element(0x31, &values)].concat())
    };
    let all: Vec<u8> = attributes.iter().flat_map(one).collect();
    element(ENTRY, &[text("cn=x,dc=hall"), element(0x30, &all)].concat())
}

/// A reference to another directory.
pub(super) fn reference(url: &str) -> Vec<u8> {
    element(REFERENCE, &text(url))
}
