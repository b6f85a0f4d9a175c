//! xtext: printable ASCII with `+XX` for the rest.
//!
//! Values stay as written; this only says whether they are xtext.
//!
//! RFC 3461 §4; used by DSN parameters and by Postfix's XFORWARD.

/// Whether `text` is xtext: `!` to `~` without `+` and `=`, or `+` and two
/// hexadecimal digits. Empty is xtext.
pub(super) fn is_xtext(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_is_known_from_anything_else() {
        for good in ["", "rfc822;a+2Bb@c.example", "+0D+0a", "[UNAVAILABLE]", "<>"] {
            assert!(is_xtext(good), "{good:?}");
        }
        for bad in ["a b", "a=b", "+", "+4", "+4G", "é", "a\u{7f}"] {
            assert!(!is_xtext(bad), "{bad:?}");
        }
    }
}
