//! The messages of an answer, one by one, before the library reads them.
//!
//! `ldap3` gathers a message however long it grows, and takes it apart by recursion: a directory could
//! fill the memory of a relay, or end its process with a few thousand brackets. So each message is
//! read here first, within the octets that an answer may have, and goes on only where it is not deep.
//!
//! RFC 4511 §5.1: definite lengths only.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::failure::Failure;

/// No answer has more octets, all its messages together: a few entries of a dozen short attributes.
const MOST_OCTETS: usize = 64 << 10;
/// A value lies six deep in an entry: message, entry, attributes, attribute, values, value.
const MOST_DEEP: usize = 8;
/// Octets of a length, beside the first. Some servers always write four.
const MOST_DIGITS: usize = 4;

/// SEQUENCE: every message is one.
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const ENUMERATED: u8 = 0x0a;
const EXTENDED_RESPONSE: u8 = 0x78;
/// Set in the tag of what holds other elements.
const CONSTRUCTED: u8 = 0x20;

/// Reads the messages of one answer.
pub(super) struct Messages<R> {
    from: R,
    octets_left: usize,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    pub(super) fn of(from: R) -> Messages<R> {
        Messages { from, octets_left: MOST_OCTETS }
    }

    /// The next one, whole; `None` where the directory has hung up. Reads no octet beyond it.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut message = Vec::new();
        match self.read(&mut message, 1).await {
            Err(Failure::Broken) => return Ok(None),
            read => read?,
        }
        if message != [SEQUENCE] {
            return Err(Failure::Broken);
        }
        self.read(&mut message, 1).await?;
        let mut length = usize::from(message.last().copied().unwrap_or_default());
        if length >= 0x80 {
            let digits = length & 0x7f;
            if !(1..=MOST_DIGITS).contains(&digits) {
                return Err(Failure::Broken);
            }
            let at = message.len();
            self.read(&mut message, digits).await?;
            length = number(message.get(at..).unwrap_or_default());
        }
        let at = message.len();
        self.read(&mut message, length).await?;
        match message.get(at..) {
            Some(content) if is_shallow(content, MOST_DEEP) => Ok(Some(message)),
            _ => Err(Failure::Broken),
        }
    }

    async fn read(&mut self, into: &mut Vec<u8>, octets: usize) -> Result<(), Failure> {
        self.octets_left = self.octets_left.checked_sub(octets).ok_or(Failure::TooLarge)?;
        let at = into.len();
        into.resize(at.saturating_add(octets), 0);
        let room = into.get_mut(at..).unwrap_or_default();
        self.from.read_exact(room).await.map(drop).map_err(|_| Failure::Broken)
    }
}

/// Whether a message says that the extended operation before it has succeeded (RFC 4511 §4.12).
pub(super) fn is_extended_success(message: &[u8]) -> bool {
    let inside = |octets, wanted| match element(octets) {
        Some((tag, content, behind)) if tag == wanted => Some((content, behind)),
        _ => None,
    };
    let result = inside(message, SEQUENCE)
        .and_then(|(content, _)| inside(content, INTEGER))
        .and_then(|(_, behind)| inside(behind, EXTENDED_RESPONSE))
        .and_then(|(response, _)| inside(response, ENUMERATED));
    matches!(result, Some(([0], _)))
}

/// Whether elements follow one another to the end and lie no deeper in one another than this.
fn is_shallow(mut octets: &[u8], deep: usize) -> bool {
    while !octets.is_empty() {
        let Some((tag, content, behind)) = element(octets) else { return false };
        let holds_others = tag & CONSTRUCTED != 0;
        if holds_others && (deep == 0 || !is_shallow(content, deep - 1)) {
            return false;
        }
        octets = behind;
    }
    true
}

/// The first element: its tag, its content, and what stands behind it.
fn element(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, octets) = octets.split_first()?;
    let (first, octets) = octets.split_first()?;
    let (length, octets) = match usize::from(*first) {
        short if short < 0x80 => (short, octets),
        long => {
            let (digits, octets) = octets.split_at_checked(long & 0x7f)?;
            if !(1..=MOST_DIGITS).contains(&digits.len()) {
                return None;
            }
            (number(digits), octets)
        }
    };
    let (content, behind) = octets.split_at_checked(length)?;
    Some((*tag, content, behind))
}

fn number(digits: &[u8]) -> usize {
    digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn first(octets: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        Messages::of(octets).next().await
    }

    #[tokio::test]
    async fn a_message_is_read_whole_whatever_its_length_is_written_in() {
        let short = [0x30, 0x05, 0x02, 0x01, 0x07, 0x04, 0x00];
        let long = [0x30, 0x84, 0, 0, 0, 0x05, 0x02, 0x01, 0x07, 0x04, 0x00];
        let both = [&short[..], &long[..]].concat();
        let mut messages = Messages::of(&both[..]);
        assert_eq!(messages.next().await.unwrap().unwrap(), short);
        assert_eq!(messages.next().await.unwrap().unwrap(), long);
        assert_eq!(messages.next().await, Ok(None));
    }

    #[tokio::test]
    async fn what_is_no_message_goes_no_further() {
        let no_end = [0x30, 0x80, 0x02, 0x01, 0x07, 0x00, 0x00];
        let five_digits = [0x30, 0x85, 0, 0, 0, 0, 0x01, 0x00];
        for octets in [&b"HTTP/1.1 400"[..], &no_end, &five_digits, b"\x30\x03\x04\x09\x41"] {
            assert_eq!(first(octets).await, Err(Failure::Broken), "{octets:x?}");
        }
        assert_eq!(first(b"\x30\x05\x04").await, Err(Failure::Broken), "cut off");
        assert_eq!(first(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]).await, Err(Failure::TooLarge));
    }

    #[tokio::test]
    async fn all_messages_together_have_a_limit() {
        let one = [&[0x30, 0x82, 0x40, 0x00, 0x04, 0x82, 0x3f, 0xfc][..], &[b'x'; 0x3ffc]].concat();
        let many = one.repeat(5);
        let mut messages = Messages::of(&many[..]);
        for _ in 0..3 {
            assert_eq!(messages.next().await.unwrap().unwrap().len(), one.len());
        }
        assert_eq!(messages.next().await, Err(Failure::TooLarge));
    }

    #[tokio::test]
    async fn a_deep_message_goes_no_further() {
        let deep = |levels: usize| {
            let mut octets = vec![0x04, 0x00];
            for _ in 0..levels {
                let length = u16::try_from(octets.len()).unwrap().to_be_bytes();
                octets = [&[0x30, 0x82][..], &length, &octets].concat();
            }
            octets
        };
        assert!(first(&deep(6)).await.is_ok());
        assert_eq!(first(&deep(12)).await, Err(Failure::Broken));
        assert_eq!(first(&deep(10_000)).await, Err(Failure::Broken));
    }

    #[test]
    fn only_success_is_success() {
        let response = |code| [0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, code, 4, 0, 4, 0];
        assert!(is_extended_success(&response(0)));
        for code in [1, 2, 52, 80] {
            assert!(!is_extended_success(&response(code)));
        }
        assert!(!is_extended_success(b"") && !is_extended_success(&[0x30, 0x00]));
        let bind = [0x30, 0x0c, 2, 1, 1, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0];
        assert!(!is_extended_success(&bind), "an answer to something else");
    }

    proptest::proptest! {
        #[test]
        fn any_octets_are_read_or_refused(octets: Vec<u8>) {
            is_extended_success(&octets);
            let whole = is_shallow(&octets, MOST_DEEP);
            let mut rest = &octets[..];
            while let Some((_, _, behind)) = element(rest) {
                rest = behind;
            }
            assert!(!whole || rest.is_empty());
        }
    }
}
