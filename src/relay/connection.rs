//! The octets of one session: commands out, replies in, each within its time.
//!
//! RFC 5321 §4.5.3.2; RFC 3207 §6 and CVE-2011-0411 for the empty buffer before TLS.

use std::{future::poll_fn, io, pin::Pin, task::Poll, time::Duration};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::{RelayError, error::Fault};
use crate::{limit::TimeLimit, mail::Reply, wire::smtp::ReplyReader};

/// Anything that carries octets both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Stream for T {}

/// Replies are short; a longer one is read in several goes.
const READ_OCTETS: usize = 4096;

/// One connection with the next hop.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    /// Octets received and not yet read as a reply.
    received: Vec<u8>,
    reader: ReplyReader,
    time: TimeLimit,
}

impl Connection {
    pub(super) fn new(stream: Box<dyn Stream>) -> Connection {
        Connection {
            stream,
            received: Vec::new(),
            reader: ReplyReader::new(),
            time: TimeLimit::default(),
        }
    }

    /// Gives the bare stream for the TLS handshake. Octets that came before it were not
    /// protected and would be taken for the answer to our EHLO inside: refused.
    pub(super) fn into_clear_stream(self) -> Result<Box<dyn Stream>, RelayError> {
        if !self.received.is_empty() || self.reader.is_midway() {
            return Err(RelayError::Protocol { fault: Fault::Unasked, after_dot: false });
        }
        Ok(self.stream)
    }

    /// Writes octets and sees them off, within `limit`.
    pub(super) async fn send(&mut self, octets: &[u8], limit: Duration) -> Result<(), RelayError> {
        let stream = &mut self.stream;
        let write = async {
            stream.write_all(octets).await?;
            stream.flush().await
        };
        match self.time.keep(limit, write).await {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(RelayError::Closed { after_dot: false }),
            None => Err(RelayError::TimedOut { after_dot: false }),
        }
    }

    /// Reads one whole reply within `limit`, however slowly its octets come.
    pub(super) async fn reply(&mut self, limit: Duration) -> Result<Reply, RelayError> {
        let Connection { stream, received, reader, time } = self;
        let reply = time.keep(limit, read_reply(stream, received, reader)).await;
        reply.unwrap_or(Err(RelayError::TimedOut { after_dot: false }))
    }

    /// One command, one reply. Octets that lie there already answer nothing we said.
    pub(super) async fn ask(
        &mut self,
        command: &[u8],
        limit: Duration,
    ) -> Result<Reply, RelayError> {
        self.check_nothing_unasked()?;
        self.send(command, limit).await?;
        self.reply(limit).await
    }

    /// A new command may only follow when every reply was read; a 421 of a server that closes
    /// counts as closed.
    pub(super) fn check_nothing_unasked(&self) -> Result<(), RelayError> {
        if self.received.is_empty() {
            return Ok(());
        }
        if self.received.starts_with(b"421") {
            return Err(RelayError::Closed { after_dot: false });
        }
        Err(RelayError::Protocol { fault: Fault::Unasked, after_dot: false })
    }

    /// Whether the other side is still there and silent, without waiting.
    pub(super) async fn is_quiet(&mut self) -> bool {
        if !self.received.is_empty() {
            return false;
        }
        let mut octet = [0];
        let mut buffer = ReadBuf::new(&mut octet);
        let read: Option<io::Result<()>> = poll_fn(|context| {
            Poll::Ready(match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => None,
                Poll::Ready(read) => Some(read),
            })
        })
        .await;
        read.is_none()
    }
}

async fn read_reply(
    stream: &mut Box<dyn Stream>,
    received: &mut Vec<u8>,
    reader: &mut ReplyReader,
) -> Result<Reply, RelayError> {
    loop {
        let fed = reader.feed(received);
        let (taken, reply) =
            fed.map_err(|e| RelayError::Protocol { fault: Fault::Reply(e), after_dot: false })?;
        received.drain(..taken);
        if let Some(reply) = reply {
            return Ok(reply);
        }
        received.reserve(READ_OCTETS);
        match stream.read_buf(received).await {
            Ok(0) | Err(_) => return Err(RelayError::Closed { after_dot: false }),
            Ok(_) => {}
        }
    }
}
