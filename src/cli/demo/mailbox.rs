//! The demo's next hop: takes every message and keeps it in memory, for the pages to show.
//!
//! Speaks to our own client only, so it knows just the commands that client sends.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// More than a demo ever sees.
const MAX_MAILS: usize = 500;
const MAX_LINE: usize = 1 << 20;

/// One delivered message.
#[derive(Clone)]
pub(super) struct Mail {
    pub(super) reverse_path: String,
    pub(super) forward_paths: Vec<String>,
    pub(super) bytes: Vec<u8>,
}

/// Everything delivered so far.
#[derive(Clone, Default)]
pub(super) struct Mailbox {
    mails: Arc<Mutex<Vec<Mail>>>,
    arrived: Arc<Notify>,
}

impl Mailbox {
    /// What is there now, oldest first.
    pub(super) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a mail that `wanted` accepts is there.
    pub(super) async fn wait_for(&self, wanted: impl Fn(&Mail) -> bool) -> Mail {
        loop {
            let arrived = self.arrived.notified();
            if let Some(mail) = self.mails().into_iter().find(&wanted) {
                return mail;
            }
            arrived.await;
        }
    }

    /// Takes mail until the listener is dropped with its task.
    pub(super) async fn serve(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let mailbox = self.clone();
            tokio::spawn(async move {
                // A session that breaks off leaves no mail behind; its sender tries again.
                let _ = mailbox.session(stream).await;
            });
        }
    }

    fn keep(&self, mail: Mail) {
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() < MAX_MAILS {
            mails.push(mail);
        }
        drop(mails);
        self.arrived.notify_waiters();
    }

    async fn session(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 mailbox.demo ESMTP\r\n").await?;
        let mut mail = empty();
        while let Some(line) = read_line(&mut stream).await? {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let reply: &[u8] = match verb.as_str() {
                "EHLO" => b"250-mailbox.demo\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 104857600\r\n",
                "MAIL" => {
                    mail = Mail { reverse_path: path(&text), ..empty() };
                    b"250 2.1.0 Ok\r\n"
                }
                "RCPT" => {
                    mail.forward_paths.push(path(&text));
                    b"250 2.1.5 Ok\r\n"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    mail.bytes = read_data(&mut stream).await?;
                    self.keep(std::mem::replace(&mut mail, empty()));
                    b"250 2.0.0 Ok: in the demo's mailbox\r\n"
                }
                "QUIT" => {
                    stream.write_all(b"221 2.0.0 bye\r\n").await?;
                    return Ok(());
                }
                _ => {
                    mail = empty();
                    b"250 2.0.0 Ok\r\n"
                }
            };
            stream.write_all(reply).await?;
        }
        Ok(())
    }
}

fn empty() -> Mail {
    Mail { reverse_path: String::new(), forward_paths: Vec::new(), bytes: Vec::new() }
}

fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = stream.read_until(b'\n', &mut line).await?;
    if line.len() > MAX_LINE {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    Ok((read > 0).then_some(line))
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let line = read_line(stream).await?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        if line == b".\r\n" {
            return Ok(data);
        }
        data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
