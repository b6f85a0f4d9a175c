//! An SMTP reply: code, status and text.
//!
//! Ours are made from a [`Status`], code and enhanced code in one value, so that
//! they cannot drift apart; the next hop's are kept line by line and made printable.
//!
//! RFC 5321 §4.2, RFC 3463.

use std::fmt;

/// Not a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an SMTP reply")]
pub struct BadReply;

/// A reply code with its enhanced status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    code: u16,
    enhanced: &'static str,
}

impl Status {
    /// 250 2.0.0
    pub const OK: Status = Status { code: 250, enhanced: "2.0.0" };
    /// 421 4.3.2: we close this connection.
    pub const CLOSING: Status = Status { code: 421, enhanced: "4.3.2" };
    /// 421 4.4.2: the peer was silent for too long.
    pub const TIMED_OUT: Status = Status { code: 421, enhanced: "4.4.2" };
    /// 421 4.7.0: too many errors or connections.
    pub const TOO_MANY: Status = Status { code: 421, enhanced: "4.7.0" };
    /// 451 4.3.0: ours to repair.
    pub const LOCAL_ERROR: Status = Status { code: 451, enhanced: "4.3.0" };
    /// 451 4.4.1: the next hop gave no answer.
    pub const NO_ANSWER: Status = Status { code: 451, enhanced: "4.4.1" };
    /// 452 4.3.1: no room.
    pub const FULL: Status = Status { code: 452, enhanced: "4.3.1" };
    /// 452 4.5.3: too many recipients.
    pub const TOO_MANY_RECIPIENTS: Status = Status { code: 452, enhanced: "4.5.3" };
    /// 500 5.5.2: not a command.
    pub const SYNTAX: Status = Status { code: 500, enhanced: "5.5.2" };
    /// 501 5.5.4: an argument that will not do.
    pub const ARGUMENT: Status = Status { code: 501, enhanced: "5.5.4" };
    /// 502 5.5.1: not offered here.
    pub const NOT_OFFERED: Status = Status { code: 502, enhanced: "5.5.1" };
    /// 503 5.5.1: not now.
    pub const SEQUENCE: Status = Status { code: 503, enhanced: "5.5.1" };
    /// 550 5.7.1: policy forbids.
    pub const FORBIDDEN: Status = Status { code: 550, enhanced: "5.7.1" };
    /// 552 5.3.4: larger than we take.
    pub const TOO_LARGE: Status = Status { code: 552, enhanced: "5.3.4" };
    /// 554 5.4.6: a loop.
    pub const LOOP: Status = Status { code: 554, enhanced: "5.4.6" };
    /// 554 5.6.0: content that must not be passed on.
    pub const CONTENT: Status = Status { code: 554, enhanced: "5.6.0" };
    /// 555 5.5.4: a parameter that is not offered.
    pub const PARAMETER: Status = Status { code: 555, enhanced: "5.5.4" };

    /// A status of one's own. Made at compile time it cannot have an enhanced code of another
    /// class than its code, or be no SMTP code at all: that would not compile.
    pub const fn new(code: u16, enhanced: &'static str) -> Status {
        let class = match enhanced.as_bytes().first() {
            Some(digit) => (*digit as u16).wrapping_sub(b'0' as u16),
            None => 0,
        };
        assert!(code >= 200 && code <= 599 && class == code / 100, "code and class differ");
        Status { code, enhanced }
    }
}

/// A complete reply; never without text, every line printable ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    lines: Vec<String>,
}

/// A reply line is at most 512 octets with code and CRLF (RFC 5321 §4.5.3.1.5).
const MAX_TEXT: usize = 512 - "250-\r\n".len();

impl Reply {
    /// A reply of ours, with the enhanced code in front.
    pub fn new(status: Status, text: &str) -> Reply {
        Reply::bare(status.code, &format!("{} {text}", status.enhanced))
    }

    /// 250 2.0.0 with this text.
    pub fn ok(text: &str) -> Reply {
        Reply::new(Status::OK, text)
    }

    /// A reply without enhanced code: the greeting, EHLO, 354, 221.
    pub fn bare(code: u16, text: &str) -> Reply {
        Reply { code, lines: vec![printable(text.as_bytes())] }
    }

    /// Several lines without enhanced code: the answer to EHLO.
    pub fn lines(code: u16, lines: impl IntoIterator<Item = String>) -> Reply {
        let lines: Vec<String> = lines.into_iter().map(|l| printable(l.as_bytes())).collect();
        if lines.is_empty() { Reply::bare(code, "") } else { Reply { code, lines } }
    }

    /// The next hop's reply: code and the text of each line, made printable.
    pub fn received(code: u16, lines: &[impl AsRef<[u8]>]) -> Result<Reply, BadReply> {
        if !(200..=599).contains(&code) || lines.is_empty() {
            return Err(BadReply);
        }
        Ok(Reply { code, lines: lines.iter().map(|l| printable(l.as_ref())).collect() })
    }

    /// The three digits.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// 2yz
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 3yz
    pub fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// 4yz
    pub fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// 5yz
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// The text of each line, never empty.
    pub fn text(&self) -> &[String] {
        &self.lines
    }

    /// As it goes over the wire.
    pub fn to_wire(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(64);
        for (i, line) in self.lines.iter().enumerate() {
            let mark = if i + 1 == self.lines.len() { ' ' } else { '-' };
            wire.extend_from_slice(format!("{}{mark}{line}\r\n", self.code).as_bytes());
        }
        wire
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.lines.join(" / "))
    }
}

/// Printable ASCII of at most one reply line; anything else becomes `?`.
fn printable(text: &[u8]) -> String {
    let keep = |b: &u8| if (0x20..0x7f).contains(b) || *b == b'\t' { char::from(*b) } else { '?' };
    text.iter().take(MAX_TEXT).map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_carries_the_code() {
        let reply = Reply::received(550, &["5.7.1 one", "5.7.1 two"]).expect("a reply");
        assert_eq!(reply.to_wire(), b"550-5.7.1 one\r\n550 5.7.1 two\r\n");
    }

    #[test]
    fn a_hostile_next_hop_cannot_add_a_line() {
        let reply =
            Reply::received(550, &[b"refused\r250 ok\n\x1b[31m \xff".as_slice()]).expect("a reply");
        assert_eq!(reply.to_wire(), b"550 refused?250 ok??[31m ?\r\n");
    }

    #[test]
    fn a_reply_line_has_at_most_512_octets() {
        assert_eq!(Reply::bare(250, &"x".repeat(4000)).to_wire().len(), 512);
    }
}
