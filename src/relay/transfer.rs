//! Hands over the content: DATA, the octets, the end, the answer.
//!
//! RFC 5321 §4.1.1.4; RFC 1047 for the moment behind the end of data.

use bytes::Bytes;

use super::{
    RelayError, Session,
    error::ContentError,
    session::{as_ours, unexplained},
};
use crate::{
    mail::{Content, Reply},
    wire::smtp::DotStuffer,
};

/// Octets of content read and written at once.
const PIECE: usize = 64 * 1024;

/// Proof that the next hop took a message: made from its 2yz behind the end of data and from
/// nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    reply: Reply,
}

impl Accepted {
    /// The next hop's reply, verbatim.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }
}

/// How a transfer ended when the next hop gave an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handover {
    /// It has the mail.
    Accepted(Accepted),
    /// It does not want it, now or at all.
    Refused(Reply),
}

impl Session {
    /// Sends `head` (trace fields, CRLF at their end; may be empty) and the content to the
    /// recipients named before, and waits for the answer.
    ///
    /// On an error the session is not used again, and [`RelayError::is_ambiguous`] says whether
    /// the next hop may have the mail.
    pub async fn data(&mut self, head: &str, content: &Content) -> Result<Handover, RelayError> {
        // Until the answer is there, nobody may use this session for anything else.
        self.usable = false;
        let limit = self.settings.limits.command;
        let go_ahead = self.connection.ask(b"DATA\r\n", limit).await?;
        if go_ahead.is_positive() {
            return Err(unexplained());
        }
        if !go_ahead.is_intermediate() {
            return Ok(Handover::Refused(self.conclude(go_ahead)));
        }
        if let Err(error) = self.send_content(head, content).await {
            return self.last_words(error).await;
        }
        let answer = self.connection.reply(self.settings.limits.dot).await;
        let answer = answer.map_err(RelayError::behind_the_dot)?;
        if answer.is_intermediate() {
            return Err(unexplained().behind_the_dot());
        }
        let answer = self.conclude(answer);
        if answer.is_positive() {
            self.needs_reset = false;
            return Ok(Handover::Accepted(Accepted { reply: answer }));
        }
        Ok(Handover::Refused(answer))
    }

    /// A server that will not read the rest says why and closes: its 4yz or 5yz is a refusal,
    /// wherever in the content it came.
    async fn last_words(&mut self, error: RelayError) -> Result<Handover, RelayError> {
        if !matches!(error, RelayError::Closed { .. }) {
            return Err(error);
        }
        match self.connection.reply(self.settings.limits.command).await {
            Ok(reply) if reply.is_transient() || reply.is_permanent() => {
                Ok(Handover::Refused(as_ours(reply).0))
            }
            _ => Err(error),
        }
    }

    /// An answer came, so the session is in step again, unless it was a 421.
    fn conclude(&mut self, answer: Reply) -> Reply {
        let (answer, closing) = as_ours(answer);
        self.usable = !closing;
        answer
    }

    async fn send_content(&mut self, head: &str, content: &Content) -> Result<(), RelayError> {
        let limit = self.settings.limits.data;
        let mut stuffer = DotStuffer::new();
        let mut out = Vec::new();
        stuffer.push(head.as_bytes(), &mut out).map_err(bad)?;
        let (mut offset, length) = (0, content.len());
        while offset < length {
            let piece = read(content, offset).await?;
            offset += piece.len() as u64;
            stuffer.push(&piece, &mut out).map_err(bad)?;
            if offset < length {
                self.connection.send(&out, limit).await?;
                out.clear();
            }
        }
        stuffer.finish(&mut out).map_err(bad)?;
        // From the first octet of this write on the end of data may be on its way.
        self.connection.send(&out, limit).await.map_err(RelayError::behind_the_dot)
    }
}

fn bad(error: crate::wire::smtp::BadContent) -> RelayError {
    RelayError::Content(error.into())
}

/// The next piece; a file is read where it blocks nobody. An empty piece before the end would
/// cut the mail short, so it is an error.
async fn read(content: &Content, offset: u64) -> Result<Bytes, RelayError> {
    let unreadable = |e: std::io::Error| RelayError::Content(ContentError::Unreadable(e));
    let piece = if content.in_memory().is_some() {
        content.read(offset, PIECE)
    } else {
        let content = content.clone();
        let reading = tokio::task::spawn_blocking(move || content.read(offset, PIECE));
        reading.await.map_err(|e| unreadable(std::io::Error::other(e)))?
    };
    match piece {
        Ok(piece) if piece.is_empty() => Err(unreadable(std::io::ErrorKind::UnexpectedEof.into())),
        Ok(piece) => Ok(piece),
        Err(e) => Err(unreadable(e)),
    }
}
