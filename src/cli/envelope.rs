//! The envelope of a message in a file: from its header fields, or as told.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use clap::Args;

use super::out::Failure;
use crate::{
    mail::{Envelope, ForwardPath, Mailbox, Recipient, ReversePath},
    message::{Header, Limits},
};

/// No message file is read beyond this.
const MAX_FILE_OCTETS: u64 = 128 << 20;

/// `--from` and `--to`.
#[derive(Args, Default)]
pub(super) struct Addresses {
    /// The reverse-path, instead of the Sender or From field
    #[arg(long, value_name = "ADDRESS")]
    pub(super) from: Option<String>,
    /// A forward-path, instead of To, Cc and Bcc; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: Vec<String>,
}

/// Reads a file, or standard input for `-`.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(MAX_FILE_OCTETS + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|f| f.take(MAX_FILE_OCTETS + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        let more = match error.kind() {
            io::ErrorKind::IsADirectory => "; `callfirst replay` judges the messages of a folder",
            _ => "",
        };
        Failure::Usage(format!("cannot read {}: {error}{more}", path.display()))
    })?;
    if bytes.len() as u64 > MAX_FILE_OCTETS {
        let path = path.display();
        return Err(Failure::Usage(format!("{path} is larger than {MAX_FILE_OCTETS} octets")));
    }
    Ok(bytes)
}

impl Addresses {
    /// The envelope. Where the header names nobody, an outside recipient is assumed, because a
    /// message with none cannot be judged.
    pub(super) fn envelope(&self, content: &[u8]) -> Result<Envelope, Failure> {
        // Only the header section is needed; the body is read once, when it is judged.
        let header = crate::message::read(header_section(content), &Limits::default()).header;
        let reverse_path = match &self.from {
            Some(text) => told(ReversePath::parse(text), "--from", text)?,
            None => ReversePath::Mailbox(sender(&header)),
        };
        let recipients = if self.to.is_empty() {
            recipients(&header)
        } else {
            let told = |text: &String| told(ForwardPath::parse(text), "--to", text);
            self.to.iter().map(told).collect::<Result<_, _>>()?
        };
        let recipients = recipients.into_iter().map(Recipient::plain).collect();
        Envelope::new(reverse_path, Vec::new(), recipients)
            .map_err(|error| Failure::Usage(error.to_string()))
    }
}

fn header_section(content: &[u8]) -> &[u8] {
    let crlf = memchr::memmem::find(content, b"\r\n\r\n").map(|at| at + 4);
    let lf = memchr::memmem::find(content, b"\n\n").map(|at| at + 2);
    let end = [crlf, lf].into_iter().flatten().min().unwrap_or(content.len());
    content.get(..end).unwrap_or(content)
}

fn told<T>(path: Result<T, crate::mail::BadPath>, option: &str, text: &str) -> Result<T, Failure> {
    path.map_err(|error| Failure::Usage(format!("{option} {text:?} will not do: {error}")))
}

fn sender(header: &Header) -> Mailbox {
    let candidates = header.sender.iter().chain(&header.from);
    let known = candidates.filter_map(|a| Mailbox::parse(&a.address).ok()).next();
    known
        .or_else(|| Mailbox::parse("unknown@sender.invalid").ok())
        .unwrap_or_else(Mailbox::postmaster)
}

fn recipients(header: &Header) -> Vec<ForwardPath> {
    let mut paths: Vec<ForwardPath> = Vec::new();
    for address in header.to.iter().chain(&header.cc).chain(&header.bcc) {
        if let Ok(path) = ForwardPath::parse(&address.address)
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        paths.extend(ForwardPath::parse("unknown@recipient.invalid"));
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(mail: &str) -> Envelope {
        Addresses::default().envelope(mail.as_bytes()).expect("an envelope")
    }

    #[test]
    fn sender_goes_before_from_and_everybody_named_is_a_recipient_once() {
        let e = envelope(
            "From: a@x.example\nSender: s@x.example\nTo: B <b@y.example>, c@y.example\n\
             Cc: b@y.example\nBcc: d@y.example\n\nhello\n",
        );
        assert_eq!(e.reverse_path().as_str(), "s@x.example");
        let paths: Vec<_> = e.recipients().iter().map(|r| r.path.as_str()).collect();
        assert_eq!(paths, ["b@y.example", "c@y.example", "d@y.example"]);
    }

    #[test]
    fn a_mail_that_names_nobody_still_has_an_envelope() {
        let e = envelope("Subject: x\n\nTo: not@a.field\n");
        assert_eq!(e.reverse_path().as_str(), "unknown@sender.invalid");
        assert_eq!(e.recipients()[0].path.as_str(), "unknown@recipient.invalid");
    }

    #[test]
    fn what_is_told_wins_and_must_be_an_address() {
        let told =
            |from: &str| Addresses { from: Some(from.into()), to: vec!["z@y.example".into()] };
        let mail = b"From: a@x.example\nTo: b@y.example\n\n";
        let e = told("").envelope(mail).expect("an envelope");
        assert_eq!(e.reverse_path(), &ReversePath::Null);
        assert_eq!(e.recipients()[0].path.as_str(), "z@y.example");
        assert!(told("no address").envelope(mail).is_err());
    }
}
