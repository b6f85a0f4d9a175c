//! xtext: printable ASCII with `+XX` for the rest.
//!
//! Values stay as written; this only says whether they are xtext, and what they mean where a
//! person must read them.
//!
//! RFC 3461 §4; used by DSN parameters and by Postfix's XFORWARD.

/// Whether `text` is xtext: `!` to `~` without `+` and `=`, or `+` and two upper-case
/// hexadecimal digits. Empty is xtext.
pub fn is_xtext(text: &str) -> bool {
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        let good = match octet {
            b'+' => octets.next().is_some_and(is_hex) && octets.next().is_some_and(is_hex),
            b'=' => false,
            b'!'..=b'~' => true,
            _ => false,
        };
        if !good {
            return false;
        }
    }
    true
}

/// RFC 3461 wants upper case; Postfix writes it, others do not.
fn is_hex(octet: u8) -> bool {
    octet.is_ascii_hexdigit()
}

/// The octets that `text` stands for; `None` if it is not xtext.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !is_xtext(text) {
        return None;
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        if octet != b'+' {
            decoded.push(octet);
            continue;
        }
        let (high, low) = (hex(octets.next()?)?, hex(octets.next()?)?);
        decoded.push(high << 4 | low);
    }
    Some(decoded)
}

fn hex(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_is_read_and_anything_else_refused() {
        assert_eq!(
            decode("rfc822;a+2Bb@c.example").as_deref(),
            Some(b"rfc822;a+b@c.example".as_slice())
        );
        assert_eq!(decode("").as_deref(), Some(b"".as_slice()));
        assert_eq!(decode("+0D+0A").as_deref(), Some(b"\r\n".as_slice()));
        for bad in ["a b", "a=b", "+", "+4", "+4G", "é", "a\u{7f}"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }
}
