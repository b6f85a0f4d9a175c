//! One session with the next hop, a transaction at a time.
//!
//! Every reply is the next hop's own, with two exceptions that are ours: a refusal where it
//! lacks an extension that the mail needs, and its 421, which becomes 451 because it closes its
//! connection with us, not ours with the client.
//!
//! RFC 5321 §3, §4.1; RFC 2920 for groups of commands.

use std::sync::Arc;

use tokio::{runtime, sync::OwnedSemaphorePermit};

use super::{
    RelayError, Settings,
    connection::Connection,
    error::Fault,
    parameters::{mail_command, rcpt_command},
    xforward,
};
use crate::{
    mail::{Envelope, Parameter, Recipient, Reply, ReversePath, Xforward},
    telemetry,
    wire::smtp::Capabilities,
};

/// Commands sent at once. Their replies must fit the socket's buffers while we still write,
/// or both sides would wait for each other (RFC 2920 §3.1).
const GROUP: usize = 50;

/// The replies to one envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeReplies {
    /// To MAIL.
    pub mail: Reply,
    /// One a recipient; MAIL's where that was refused.
    pub recipients: Vec<Reply>,
}

impl EnvelopeReplies {
    /// The first refusal, if there is one.
    pub fn refusal(&self) -> Option<&Reply> {
        std::iter::once(&self.mail).chain(&self.recipients).find(|reply| !reply.is_positive())
    }
}

/// A session with the next hop. Dropping it closes the connection.
pub struct Session {
    pub(super) connection: Connection,
    pub(super) settings: Arc<Settings>,
    pub(super) capabilities: Arc<Capabilities>,
    /// Its share of `max_sessions`, while somebody uses it.
    pub(super) permit: Option<OwnedSemaphorePermit>,
    /// Good for another transaction.
    pub(super) usable: bool,
    /// A transaction was begun and not ended.
    pub(super) needs_reset: bool,
    /// It has idled in the pool: that it is dead shows only now.
    pub(super) pooled: bool,
    /// The runtime that watches its socket: from any other each wait would wake two threads.
    pub(super) home: Option<runtime::Id>,
}

impl Session {
    /// What the next hop offered in this session.
    pub fn capabilities(&self) -> &Arc<Capabilities> {
        &self.capabilities
    }

    /// Begins a transaction: XFORWARD where there is something to tell, then MAIL.
    pub async fn mail(
        &mut self,
        reverse_path: &ReversePath,
        parameters: &[Parameter],
        told: &Xforward,
    ) -> Result<Reply, RelayError> {
        let mail = match mail_command(reverse_path, parameters, &self.capabilities) {
            Ok(mail) => mail,
            Err(ours) => return Ok(ours),
        };
        let reset = self.needs_reset;
        let mut commands = Vec::new();
        if reset {
            commands.push("RSET\r\n".to_owned());
        }
        commands.extend(xforward::commands(told, &self.capabilities));
        commands.push(mail);
        self.needs_reset = true;
        let replies = self.ask_all(&commands).await?;
        let (preamble, mail) = replies.split_at(replies.len().saturating_sub(1));
        let mail = mail.first().cloned().ok_or_else(unexplained)?;
        if reset && self.usable && !preamble.first().is_some_and(Reply::is_positive) {
            self.usable = false;
            return Err(unexplained());
        }
        if self.usable && !preamble.iter().all(Reply::is_positive) {
            telemetry::relay::xforward_refused(&self.settings.address);
        }
        Ok(mail)
    }

    /// Names one recipient.
    pub async fn rcpt(&mut self, recipient: &Recipient) -> Result<Reply, RelayError> {
        match rcpt_command(recipient, &self.capabilities) {
            Err(ours) => Ok(ours),
            Ok(command) => {
                let replies = self.ask_all(&[command]).await?;
                replies.into_iter().next().ok_or_else(unexplained)
            }
        }
    }

    /// Sends a whole envelope; the recipients in groups, where the next hop takes them.
    pub async fn envelope(
        &mut self,
        envelope: &Envelope,
        told: &Xforward,
    ) -> Result<EnvelopeReplies, RelayError> {
        let mail = self.mail(envelope.reverse_path(), envelope.parameters(), told).await?;
        self.recipients(mail, envelope.recipients()).await
    }

    /// Names the recipients behind a MAIL that was answered so.
    pub(super) async fn recipients(
        &mut self,
        mail: Reply,
        recipients: &[Recipient],
    ) -> Result<EnvelopeReplies, RelayError> {
        if !mail.is_positive() {
            let recipients = vec![mail.clone(); recipients.len()];
            return Ok(EnvelopeReplies { mail, recipients });
        }
        let written: Vec<Result<String, Reply>> =
            recipients.iter().map(|r| rcpt_command(r, &self.capabilities)).collect();
        let commands: Vec<String> = written.iter().filter_map(|w| w.clone().ok()).collect();
        let mut answers = self.ask_all(&commands).await?.into_iter();
        let recipients = written
            .into_iter()
            .map(|w| match w {
                Ok(_) => answers.next().ok_or_else(unexplained),
                Err(ours) => Ok(ours),
            })
            .collect::<Result<_, _>>()?;
        Ok(EnvelopeReplies { mail, recipients })
    }

    /// Ends a transaction without mail.
    pub(super) async fn reset(&mut self) -> Result<(), RelayError> {
        let replies = self.ask_all(&["RSET\r\n".to_owned()]).await?;
        if !replies.iter().all(Reply::is_positive) {
            self.usable = false;
            return Err(unexplained());
        }
        self.needs_reset = false;
        Ok(())
    }

    /// Says goodbye without waiting for an answer.
    pub(super) async fn quit(mut self) {
        if self.usable {
            let _ = self.connection.send(b"QUIT\r\n", self.settings.limits.command).await;
        }
    }

    /// Whether it may go on: no error and no 421 so far.
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Whether it may go on, as far as can be seen without asking: the other side has neither
    /// closed it nor said anything unasked.
    pub async fn is_alive(&mut self) -> bool {
        self.usable && self.connection.is_quiet().await
    }

    /// One reply a command, in order, each 2yz, 4yz or 5yz. Anything else ends the session, and
    /// so does whoever stops waiting for it: a reply still to come would answer the next command.
    async fn ask_all(&mut self, commands: &[String]) -> Result<Vec<Reply>, RelayError> {
        self.usable = false;
        let (mut replies, closing) = self.converse(commands).await?;
        self.usable = !closing;
        // It closes: what it did not answer gets the answer it closed with.
        if let Some(last) = replies.last().cloned() {
            replies.resize(commands.len(), last);
        }
        Ok(replies)
    }

    /// The replies up to a 421, and whether there was one.
    async fn converse(&mut self, commands: &[String]) -> Result<(Vec<Reply>, bool), RelayError> {
        let limit = self.settings.limits.command;
        let group = if self.capabilities.has("PIPELINING") { GROUP } else { 1 };
        let mut replies: Vec<Reply> = Vec::with_capacity(commands.len());
        for commands in commands.chunks(group) {
            self.connection.check_nothing_unasked()?;
            self.connection.send(commands.concat().as_bytes(), limit).await?;
            for _ in commands {
                let reply = self.connection.reply(limit).await?;
                if reply.is_intermediate() {
                    return Err(unexplained());
                }
                let (reply, closing) = as_ours(reply);
                replies.push(reply);
                if closing {
                    return Ok((replies, true));
                }
            }
        }
        Ok((replies, false))
    }
}

/// A 421 closes the next hop's session with us and reaches the client as 451, text and all;
/// whether it was one.
pub(super) fn as_ours(reply: Reply) -> (Reply, bool) {
    if reply.code() != 421 {
        return (reply, false);
    }
    (Reply::received(451, reply.text()).unwrap_or(reply), true)
}

/// A reply that does not belong to what was said.
pub(super) fn unexplained() -> RelayError {
    RelayError::Protocol { fault: Fault::Class, after_dot: false }
}
