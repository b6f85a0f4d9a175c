//! Reads the replies of a server.
//!
//! Takes bytes as they arrive, gives a [`Reply`] once its last line is whole.
//! The server is not trusted: lines that never end, codes that change from line
//! to line and lines without a code are errors, and only CRLF ends a line, so
//! that a lone CR or LF inside a text cannot pass for a second reply.
//!
//! RFC 5321 §4.2, §4.2.1.

use crate::mail::Reply;

/// More lines than any EHLO answer or refusal needs.
const MAX_LINES: usize = 512;
/// All lines of one reply together, CRLF included.
const MAX_OCTETS: usize = 64 * 1024;

/// What came is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// More than 512 lines or 64 KiB.
    #[error("the reply does not end")]
    TooLong,
    /// No three digits from 200 to 599, or something odd behind them.
    #[error("the reply has no code")]
    NoCode,
    /// The lines of one reply carry different codes.
    #[error("the lines of the reply disagree about its code")]
    TwoCodes,
}

/// A reply in the making. After an error it must not be fed again.
#[derive(Debug, Default)]
pub struct ReplyReader {
    line: Vec<u8>,
    code: Option<u16>,
    texts: Vec<Vec<u8>>,
    octets: usize,
}

impl ReplyReader {
    /// Nothing read yet.
    pub fn new() -> ReplyReader {
        ReplyReader::default()
    }

    /// Whether a reply has begun and not ended.
    pub fn is_midway(&self) -> bool {
        self.octets > 0
    }

    /// Takes bytes up to the end of one reply: how many were taken, and the reply if it ended.
    /// What lies behind it belongs to the next call.
    pub fn feed(&mut self, input: &[u8]) -> Result<(usize, Option<Reply>), ReplyError> {
        let mut taken = 0;
        while let Some(rest) = input.get(taken..).filter(|rest| !rest.is_empty()) {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let piece = rest.get(..end).unwrap_or(rest);
            self.octets += piece.len();
            if self.octets > MAX_OCTETS {
                return Err(ReplyError::TooLong);
            }
            self.line.extend_from_slice(piece);
            taken += piece.len();
            if let Some(line) = self.line.strip_suffix(b"\r\n") {
                let (code, last, text) = parse_line(line)?;
                if self.code.replace(code).is_some_and(|before| before != code) {
                    return Err(ReplyError::TwoCodes);
                }
                self.texts.push(text.to_vec());
                if last {
                    return Ok((taken, Some(self.finish(code)?)));
                }
                if self.texts.len() >= MAX_LINES {
                    return Err(ReplyError::TooLong);
                }
                self.line.clear();
            }
        }
        Ok((taken, None))
    }

    fn finish(&mut self, code: u16) -> Result<Reply, ReplyError> {
        let texts = std::mem::take(self).texts;
        Reply::received(code, &texts).map_err(|_| ReplyError::NoCode)
    }
}

/// Code, whether it is the last line, text. A bare `250` is a line (RFC 5321 §4.2).
fn parse_line(line: &[u8]) -> Result<(u16, bool, &[u8]), ReplyError> {
    let (digits, rest) = line.split_at_checked(3).ok_or(ReplyError::NoCode)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(ReplyError::NoCode);
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    if !(200..=599).contains(&code) {
        return Err(ReplyError::NoCode);
    }
    match rest.split_first() {
        None => Ok((code, true, rest)),
        Some((b' ', text)) => Ok((code, true, text)),
        Some((b'-', text)) => Ok((code, false, text)),
        Some(_) => Err(ReplyError::NoCode),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(input: &[u8]) -> Result<Vec<(u16, Vec<String>)>, ReplyError> {
        let (mut reader, mut replies, mut at) = (ReplyReader::new(), Vec::new(), 0);
        while at < input.len() {
            let (taken, reply) = reader.feed(&input[at..])?;
            at += taken;
            replies.extend(reply.map(|r| (r.code(), r.text().to_vec())));
        }
        Ok(replies)
    }

    #[test]
    fn replies_that_arrive_octet_by_octet_are_the_same() {
        let input = b"250-one\r\n250 two\r\n354\r\n550 5.1.1 no\r\n";
        let whole = read(input).expect("replies");
        assert_eq!(whole.iter().map(|r| r.0).collect::<Vec<_>>(), [250, 354, 550]);
        assert_eq!(whole[0].1, ["one", "two"]);
        let mut reader = ReplyReader::new();
        let mut single = Vec::new();
        for octet in input {
            let (taken, reply) = reader.feed(&[*octet]).expect("good octets");
            assert_eq!(taken, 1);
            single.extend(reply.map(|r| (r.code(), r.text().to_vec())));
        }
        assert_eq!(single, whole);
        assert!(!reader.is_midway());
    }

    #[test]
    fn a_lone_cr_or_lf_in_a_text_is_no_second_reply() {
        let replies = read(b"550 refused\r250 yes\n250 yes\r\n").expect("one reply");
        assert_eq!(replies, [(550, vec!["refused?250 yes?250 yes".to_owned()])]);
    }

    #[test]
    fn a_reply_without_end_is_refused_early() {
        let mut lines = ReplyReader::new();
        let fed = lines.feed(&b"550-x\r\n".repeat(MAX_LINES));
        assert_eq!(fed, Err(ReplyError::TooLong));
        let mut octets = ReplyReader::new();
        assert_eq!(octets.feed(&vec![b'2'; MAX_OCTETS + 1]), Err(ReplyError::TooLong));
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for (input, error) in [
            (&b"\r\n"[..], ReplyError::NoCode),
            (b"25\r\n", ReplyError::NoCode),
            (b"2500 x\r\n", ReplyError::NoCode),
            (b"150 x\r\n", ReplyError::NoCode),
            (b"600 x\r\n", ReplyError::NoCode),
            (b"HTTP/1.1 200 OK\r\n", ReplyError::NoCode),
            (b"+OK\r\n", ReplyError::NoCode),
            (b"250-a\r\n550 b\r\n", ReplyError::TwoCodes),
        ] {
            assert_eq!(read(input), Err(error), "{}", String::from_utf8_lossy(input));
        }
    }

    proptest! {
        #[test]
        fn hostile_octets_never_panic_and_every_reply_is_printable(
            input in proptest::collection::vec(
                prop_oneof![Just(b'2'), Just(b'5'), Just(b'0'), Just(b' '), Just(b'-'),
                            Just(b'\r'), Just(b'\n'), any::<u8>()], 0..200),
        ) {
            for (code, texts) in read(&input).unwrap_or_default() {
                prop_assert!((200..=599).contains(&code));
                prop_assert!(texts.iter().all(|t| t.bytes().all(|b| b == b'\t' || (0x20..0x7f).contains(&b))));
            }
        }
    }
}
