//! The octets of one session: commands in, replies out, TLS in between.
//!
//! Replies are kept back while further commands lie in the buffer, so that a pipelined group
//! is answered in one packet (RFC 2920 §3.2). Waiting for input sends them.

use std::{io, mem};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::{
    mail::Reply,
    wire::smtp::{BadCommand, Command, DataReader, LineFault, LineReader, LineStep},
};

/// An idle session holds no more than this.
const COMMAND_BUFFER: usize = 4 << 10;

/// What is read at once inside the data.
const DATA_BUFFER: usize = 32 << 10;

/// A client that sends commands and reads no replies is not given more than this to read.
const MAX_UNSENT: usize = 16 << 10;

/// What is read away from a client that is hung up on.
const MAX_LINGER: usize = 256 << 10;

/// What a session is spoken over.
pub(in crate::intake) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What a client said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A line.
    Line(Result<Command, BadCommand>),
    /// What is not even a line.
    Fault(LineFault),
}

/// One connection.
pub(super) struct Connection {
    io: Box<dyn Io>,
    lines: LineReader,
    input: BytesMut,
    output: BytesMut,
}

impl Connection {
    pub(super) fn new(io: Box<dyn Io>) -> Connection {
        Connection { io, lines: LineReader::new(), input: BytesMut::new(), output: BytesMut::new() }
    }

    /// Puts a reply behind those that wait.
    pub(super) fn say(&mut self, reply: &Reply) {
        self.output.extend_from_slice(&reply.to_wire());
    }

    /// Sends what waits. May be given up half-way: what was sent is not sent again.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        self.io.write_all_buf(&mut self.output).await?;
        self.output = BytesMut::new();
        self.io.flush().await
    }

    /// The next line; `None` if the client is gone. Sends what waits before it waits itself.
    pub(super) async fn next(&mut self) -> io::Result<Option<Said>> {
        loop {
            if self.output.len() > MAX_UNSENT {
                self.flush().await?;
            }
            let (said, consumed) = match self.lines.next(&self.input) {
                LineStep::Line { text, consumed } => {
                    (Some(Said::Line(Command::parse(text))), consumed)
                }
                LineStep::Fault { fault, consumed } => (Some(Said::Fault(fault)), consumed),
                LineStep::More { consumed } => (None, consumed),
            };
            self.input.advance(consumed);
            if said.is_some() {
                return Ok(said);
            }
            self.flush().await?;
            if self.read_more(COMMAND_BUFFER).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Takes what has arrived of the data; `true` once it ended. What lies behind the end stays
    /// and is read as commands.
    pub(super) fn take_data(&mut self, reader: &mut DataReader, content: &mut Vec<u8>) -> bool {
        match reader.read(&self.input, content) {
            Some(consumed) => {
                self.input.advance(consumed);
                true
            }
            None => {
                self.input.clear();
                false
            }
        }
    }

    /// Waits for more of the data; 0 if the client is gone.
    pub(super) async fn more_data(&mut self) -> io::Result<usize> {
        self.read_more(DATA_BUFFER).await
    }

    /// Gives the large buffer of the data back.
    pub(super) fn data_ended(&mut self) {
        self.input = BytesMut::from(&*self.input);
    }

    /// Shakes hands. What was sent in plain text behind STARTTLS is forgotten: somebody on the
    /// way may have put it there (CVE-2011-0411).
    pub(super) async fn start_tls(&mut self, acceptor: &TlsAcceptor) -> io::Result<()> {
        self.input = BytesMut::new();
        self.lines = LineReader::new();
        let plain = mem::replace(&mut self.io, Box::new(tokio::io::empty()));
        self.io = Box::new(acceptor.accept(plain).await?);
        Ok(())
    }

    /// Says goodbye to the transport.
    pub(super) async fn shutdown(&mut self) -> io::Result<()> {
        self.io.shutdown().await
    }

    /// Reads away what a client still sends. Closing on unread octets makes TCP reset the
    /// connection, and the client may never see why it was hung up on.
    pub(super) async fn linger(&mut self) -> io::Result<()> {
        let mut read = 0;
        while read < MAX_LINGER {
            self.input.clear();
            match self.read_more(COMMAND_BUFFER).await? {
                0 => return Ok(()),
                n => read += n,
            }
        }
        Ok(())
    }

    async fn read_more(&mut self, room: usize) -> io::Result<usize> {
        self.input.reserve(room);
        self.io.read_buf(&mut self.input).await
    }
}
