//! The Received field: ours to write, others' to count.
//!
//! [`received_field`] writes the one that goes on top of a message; it never names a recipient,
//! since a message may go to several who must not know of each other. [`TraceScan`] reads the
//! header section as it streams by and says how often the message has travelled already, and
//! whether an empty line must stand between our field and what follows.
//!
//! RFC 5321 §4.4, §6.3; RFC 3848 and RFC 6531 §4.3 for the protocol words.

use std::net::IpAddr;

use jiff::{fmt::rfc2822::DateTimePrinter, tz::TimeZone};

use crate::mail::{Origin, Protocol, Timestamp};

/// Stands behind our host name, so that a mail program on the same host is not taken for us.
const MARK: &str = "(callfirst)";

/// Of one Received field no more than this is looked at.
const MAX_FIELD_OCTETS: usize = 4096;

/// The Received field of a transaction, with CRLF at its end.
pub fn received_field(origin: &Origin, hostname: &str, smtputf8: bool, now: Timestamp) -> String {
    let client = match origin.client {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("IPv6:{address}"),
    };
    // Only years beyond 9999 cannot be written.
    let date =
        DateTimePrinter::new().zoned_to_string(&now.to_zoned(TimeZone::UTC)).unwrap_or_default();
    format!(
        "Received: from {} ([{client}])\r\n\tby {hostname} {MARK} with {} id {};\r\n\t{date}\r\n",
        origin.helo,
        protocol_word(origin.protocol, smtputf8),
        origin.transaction_id,
    )
}

fn protocol_word(protocol: Protocol, smtputf8: bool) -> &'static str {
    match (protocol, smtputf8) {
        (Protocol::Smtp, _) => "SMTP",
        (Protocol::Esmtp, false) => "ESMTP",
        (Protocol::Esmtps, false) => "ESMTPS",
        (Protocol::Lmtp, false) => "LMTP",
        (Protocol::Lmtps, false) => "LMTPS",
        (Protocol::Esmtp, true) => "UTF8SMTP",
        (Protocol::Esmtps, true) => "UTF8SMTPS",
        (Protocol::Lmtp, true) => "UTF8LMTP",
        (Protocol::Lmtps, true) => "UTF8LMTPS",
    }
}

/// Reads the header section of one message, piece by piece.
#[derive(Debug)]
pub struct TraceScan {
    by_us: String,
    place: Place,
    /// Of the line at hand, as much as matters.
    line: Vec<u8>,
    /// Of the Received field at hand, unfolded.
    field: Option<Vec<u8>>,
    first_line: bool,
    begins: Begins,
    hops: usize,
    own: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    Empty,
    WithField,
    WithEmptyLine,
    Otherwise,
}

impl TraceScan {
    /// A scan that takes fields of this host name for ours.
    pub fn new(hostname: &str) -> TraceScan {
        TraceScan {
            by_us: format!("by {hostname} {MARK}").to_ascii_lowercase(),
            place: Place::Header,
            line: Vec::new(),
            field: None,
            first_line: true,
            begins: Begins::Empty,
            hops: 0,
            own: 0,
        }
    }

    /// Looks at the next piece of the content.
    pub fn read(&mut self, mut content: &[u8]) {
        while self.place == Place::Header && !content.is_empty() {
            match memchr::memchr(b'\n', content) {
                Some(lf) => {
                    let (head, rest) = content.split_at_checked(lf + 1).unwrap_or((content, &[]));
                    self.keep(head);
                    self.line_ends();
                    content = rest;
                }
                None => {
                    self.keep(content);
                    return;
                }
            }
        }
    }

    /// How many Received fields there are. Complete once the content ended.
    pub fn hops(&self) -> usize {
        self.hops + usize::from(self.field.is_some())
    }

    /// How many of them we wrote.
    pub fn own_hops(&self) -> usize {
        self.own + usize::from(self.field.as_deref().is_some_and(|field| self.is_own(field)))
    }

    /// Whether an empty line must stand before the content: it begins neither with a header
    /// field nor with an empty line, so that its first line would become a part of our field.
    pub fn needs_empty_line(&self) -> bool {
        match self.begins {
            Begins::Empty => !self.line.is_empty() && !is_field(&self.line),
            Begins::WithField | Begins::WithEmptyLine => false,
            Begins::Otherwise => true,
        }
    }

    fn keep(&mut self, octets: &[u8]) {
        let room = MAX_FIELD_OCTETS.saturating_sub(self.line.len()).min(octets.len());
        self.line.extend_from_slice(octets.get(..room).unwrap_or_default());
    }

    fn line_ends(&mut self) {
        let line = std::mem::take(&mut self.line);
        let empty = matches!(line.as_slice(), b"\r\n" | b"\n");
        if std::mem::take(&mut self.first_line) {
            self.begins = match () {
                () if empty => Begins::WithEmptyLine,
                () if is_field(&line) => Begins::WithField,
                () => Begins::Otherwise,
            };
        }
        if line.first().is_some_and(|octet| matches!(octet, b' ' | b'\t')) {
            if let Some(field) = &mut self.field {
                let room = MAX_FIELD_OCTETS.saturating_sub(field.len()).min(line.len());
                field.extend_from_slice(line.get(..room).unwrap_or_default());
            }
        } else {
            self.field_ends();
            let name = line.get(..8).unwrap_or_default();
            let received = name.eq_ignore_ascii_case(b"received") && is_field(&line);
            if received {
                self.field = Some(line.clone());
            }
        }
        if empty {
            self.place = Place::Body;
        }
        self.line = line;
        self.line.clear();
    }

    fn field_ends(&mut self) {
        if let Some(field) = self.field.take() {
            self.hops += 1;
            self.own += usize::from(self.is_own(&field));
        }
    }

    fn is_own(&self, field: &[u8]) -> bool {
        let text = String::from_utf8_lossy(field).to_ascii_lowercase();
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        words.join(" ").contains(&self.by_us)
    }
}

/// `name:` or, as RFC 5322 §4.5 still reads, `name :`, at the front of a line.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|octet| (b'!'..=b'~').contains(octet) && **octet != b':');
    let name = name.count();
    let rest = line.get(name..).unwrap_or_default();
    name > 0 && rest.iter().find(|octet| !matches!(octet, b' ' | b'\t')) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Xforward;

    fn origin() -> Origin {
        Origin {
            session_id: "s".to_owned(),
            transaction_id: "s.1".to_owned(),
            client: IpAddr::from([192, 0, 2, 1]),
            helo: "mail.example".to_owned(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        }
    }

    fn ours() -> String {
        received_field(&origin(), "relay.example", false, Timestamp::UNIX_EPOCH)
    }

    fn scan(content: &str) -> TraceScan {
        let mut scan = TraceScan::new("Relay.example");
        for piece in content.as_bytes().chunks(7) {
            scan.read(piece);
        }
        scan
    }

    #[test]
    fn our_field_says_from_whom_by_whom_and_when() {
        assert_eq!(
            ours(),
            "Received: from mail.example ([192.0.2.1])\r\n\tby relay.example (callfirst) with \
             ESMTP id s.1;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n"
        );
        let mut six = origin();
        six.client = "2001:db8::1".parse().expect("an address");
        let field = received_field(&six, "relay.example", true, Timestamp::UNIX_EPOCH);
        assert!(field.contains("([IPv6:2001:db8::1])") && field.contains("with UTF8SMTP id"));
    }

    #[test]
    fn hops_are_counted_in_the_header_only_and_ours_are_known() {
        let other = "Received: from a by relay.example (Postfix) with ESMTP id 1; date\r\n";
        let content = format!(
            "{other}{}RECEIVED : from c\r\n\tby d\r\nSubject: x\r\n\r\nReceived: from e by f\r\n",
            ours()
        );
        let scan = scan(&content);
        assert_eq!((scan.hops(), scan.own_hops()), (3, 1));
        assert!(!scan.needs_empty_line());
    }

    #[test]
    fn a_field_that_ends_the_content_counts() {
        let scan = scan(&ours());
        assert_eq!((scan.hops(), scan.own_hops()), (1, 1));
    }

    #[test]
    fn an_empty_line_is_asked_for_only_where_our_field_would_swallow_a_line() {
        for (content, needs) in [
            ("", false),
            ("Subject: x\r\n\r\nbody\r\n", false),
            ("Odd : x\r\n", false),
            ("\r\nbody\r\n", false),
            ("just text\r\n", true),
            (" folded\r\n", true),
            (": no name\r\n", true),
            ("From someone Thu Jan  1\r\nSubject: x\r\n\r\n", true),
        ] {
            assert_eq!(scan(content).needs_empty_line(), needs, "{content:?}");
        }
    }

    #[test]
    fn a_line_without_end_costs_no_memory() {
        let mut scan = TraceScan::new("relay.example");
        let piece = [b'x'; 65536];
        (0..64).for_each(|_| scan.read(&piece));
        assert!(scan.line.len() <= MAX_FIELD_OCTETS);
    }
}
