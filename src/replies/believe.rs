//! Reads a reply, and finds out whether it comes from whom it must.

use std::io;

use sha2::{Digest, Sha256};

use super::{HearError, Parts, Proof, ReplyMail, outcome::Why, proof};
use crate::{
    hold::{Actor, BY_MAIL, Hold},
    mail::{Content, Mailbox},
    message::{self, Limits, Reading},
};

/// A reply that was read and believed.
pub(super) struct Believed {
    pub(super) author: Mailbox,
    pub(super) proof: Proof,
    /// Where it came from, for the audit.
    client: String,
    /// Names it: the same reply again is the same.
    pub(super) key: String,
}

/// A reply that was read.
pub(super) struct Read {
    pub(super) reading: Reading,
    /// Values of `Authentication-Results`, uppermost first.
    results: Vec<String>,
    /// Names the reply where it has no Message-ID.
    digest: [u8; 32],
}

impl Believed {
    /// Whose it is, and what vouches for that.
    pub(super) fn of(
        parts: &Parts,
        reply: &ReplyMail,
        read: &Read,
        hold: &Hold,
    ) -> Result<Believed, Why> {
        let Parts { trust, deputies, inside, keys, .. } = parts;
        let header = &read.reading.header;
        let sender = hold.envelope.reverse_path().mailbox().ok_or(Why::NotTheSender)?;
        let author = proof::author(header).ok_or(Why::NotTheSender)?;
        if !proof::may_answer(&author, sender, deputies) {
            return Err(Why::NotTheSender);
        }
        let told = &reply.origin.xforward;
        let proof = proof::prove(trust, &author, told, &read.results, inside);
        let client =
            told.get("ADDR").map_or_else(|| reply.origin.client.to_string(), str::to_owned);
        let named = header.message_id.as_ref().map_or(&read.digest[..], |id| id.as_bytes());
        Ok(Believed {
            author,
            proof: proof.ok_or(Why::NotProven)?,
            client,
            key: keys.reply_key(&hold.id, named),
        })
    }

    /// A deputy acts as the sender, under his own name.
    pub(super) fn actor(&self) -> Actor {
        Actor {
            role: "sender".to_owned(),
            name: self.author.as_str().to_owned(),
            via: BY_MAIL.to_owned(),
            address: Some(self.client.clone()),
        }
    }

    /// Which checks it passed, for the audit.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let checks = format!("token, author, {}", self.proof.as_str());
        vec![("checks".to_owned(), checks)]
    }
}

/// Reads the mail, on a thread where that may take its time.
pub(super) async fn read(content: Content) -> Result<Read, HearError> {
    let work = tokio::task::spawn_blocking(move || {
        let octets = content.whole()?;
        let limits = Limits::default();
        let reading = message::read(&octets, &limits);
        let results = message::undecoded(&octets, "Authentication-Results", &limits);
        let date = reading.header.field("Date").unwrap_or_default();
        let text = reading.passages.iter().map(|p| p.text.as_str()).collect::<String>();
        let digest = Sha256::digest([date.as_bytes(), text.as_bytes()].concat()).into();
        Ok(Read { reading, results, digest })
    });
    // The text of a panic may quote the mail, so it is dropped.
    let broken = |_| Err(io::Error::other("reading it broke down"));
    work.await.unwrap_or_else(broken).map_err(HearError::Unreadable)
}
