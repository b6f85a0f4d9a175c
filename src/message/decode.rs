//! Content-Transfer-Encoding → octets, as forgiving as the most forgiving mail program.
//!
//! Takes the octets of a part, gives them decoded and says whether they were clean.
//! Foreign characters, wrong padding and half escapes are read over.
//!
//! RFC 2045 §6.

/// What a decoder gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Octets {
    pub(super) bytes: Vec<u8>,
    /// Nothing had to be skipped or guessed.
    pub(super) clean: bool,
}

fn sextet(b: u8) -> Option<u32> {
    let value = match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// Base64 (RFC 2045 §6.8). Data behind padding is read as a new beginning, as concatenated
/// attachments need it.
pub(super) fn base64(input: &[u8]) -> Octets {
    let mut bytes = Vec::with_capacity(input.len() / 4 * 3 + 3);
    let clean = base64_into(input, |b| bytes.push(b));
    Octets { bytes, clean }
}

/// Size and cleanness of base64 without keeping what it says.
pub(super) fn measure_base64(input: &[u8]) -> (usize, bool) {
    let mut size = 0;
    let clean = base64_into(input, |_| size += 1);
    (size, clean)
}

/// Where we stand after `=`.
#[derive(PartialEq)]
enum Padding {
    None,
    Owed(u32),
    Done,
}

/// Gives the octets one by one and says whether all was clean.
fn base64_into(input: &[u8], mut give: impl FnMut(u8)) -> bool {
    let (mut bits, mut have) = (0u32, 0u32);
    let (mut clean, mut padding) = (true, Padding::None);
    for &b in input {
        if let Some(value) = sextet(b) {
            clean &= padding == Padding::None;
            padding = Padding::None;
            bits = (bits << 6) | value;
            have += 1;
            if have == 4 {
                quantum(bits, have, &mut give);
                (bits, have) = (0, 0);
            }
        } else if b == b'=' {
            padding = match padding {
                _ if have > 0 => {
                    clean &= have > 1;
                    quantum(bits, have, &mut give);
                    let owed = 3 - have;
                    (bits, have) = (0, 0);
                    if owed == 0 { Padding::Done } else { Padding::Owed(owed) }
                }
                Padding::Owed(2..) => Padding::Owed(1),
                Padding::Owed(_) => Padding::Done,
                odd => {
                    clean = false;
                    odd
                }
            };
        } else if !matches!(b, b'\r' | b'\n' | b' ' | b'\t') {
            clean = false;
        }
    }
    if have > 0 {
        clean = false;
        quantum(bits, have, &mut give);
    }
    clean && !matches!(padding, Padding::Owed(_))
}

/// The octets of `have` sextets.
fn quantum(bits: u32, have: u32, give: &mut impl FnMut(u8)) {
    let [_, a, b, c] = (bits << (6 * (4 - have))).to_be_bytes();
    for (octet, needs) in [(a, 2), (b, 3), (c, 4)] {
        if have >= needs {
            give(octet);
        }
    }
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Quoted-printable (RFC 2045 §6.7). An escape that is none stays as it stands.
pub(super) fn quoted_printable(input: &[u8]) -> Octets {
    let mut bytes = Vec::with_capacity(input.len());
    let mut clean = true;
    let mut rest = input;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before);
        let behind = escape.get(1..).unwrap_or_default();
        if let Some(after) = soft_break(behind) {
            rest = after;
            continue;
        }
        let pair = behind.first().copied().and_then(hex).zip(behind.get(1).copied().and_then(hex));
        if let Some((high, low)) = pair {
            clean &= !behind.iter().take(2).any(u8::is_ascii_lowercase);
            bytes.push(high << 4 | low);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            clean = false;
            bytes.push(b'=');
            rest = behind;
        }
    }
    bytes.extend_from_slice(rest);
    Octets { bytes, clean }
}

/// Behind `=`: white space up to a line end, or to the end of everything.
fn soft_break(bytes: &[u8]) -> Option<&[u8]> {
    let blanks = bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = bytes.get(blanks..)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))
}

/// A uuencoded file: from behind its `begin` line up to `end`.
pub(super) fn uudecode(input: &[u8]) -> Octets {
    let mut bytes = Vec::with_capacity(input.len() / 4 * 3);
    let mut clean = true;
    for line in input.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line == b"end" {
            break;
        }
        let Some((&count, data)) = line.split_first() else { continue };
        let count = usize::from(count.wrapping_sub(b' ') & 0x3f);
        let line_starts = bytes.len();
        for quad in data.chunks(4) {
            let bits = quad
                .iter()
                .fold(0u32, |bits, b| (bits << 6) | u32::from(b.wrapping_sub(b' ') & 0x3f))
                << (6 * (4 - quad.len()));
            let [_, a, b, c] = bits.to_be_bytes();
            bytes.extend_from_slice(&[a, b, c]);
        }
        clean &= bytes.len() >= line_starts + count;
        bytes.truncate(line_starts + count);
    }
    Octets { bytes, clean }
}

/// Whether octets look like base64 and like nothing else.
pub(super) fn looks_like_base64(input: &[u8]) -> bool {
    let mut letters = 0usize;
    for &b in input.iter().take(4096) {
        if sextet(b).is_some() {
            letters += 1;
        } else if !matches!(b, b'\r' | b'\n' | b'=') {
            return false;
        }
    }
    letters >= 16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn b64(text: &str) -> (String, bool) {
        let o = base64(text.as_bytes());
        assert_eq!(measure_base64(text.as_bytes()), (o.bytes.len(), o.clean));
        (String::from_utf8_lossy(&o.bytes).into_owned(), o.clean)
    }

    #[test]
    fn base64_as_the_rfc_wants_it_is_clean() {
        assert_eq!(b64("aGVsbG8="), ("hello".into(), true));
        assert_eq!(b64("aGVs\r\nbG8h\r\n"), ("hello!".into(), true));
        assert_eq!(b64("aGVsbA=="), ("hell".into(), true));
        assert_eq!(b64(""), ("".into(), true));
    }

    #[test]
    fn foreign_characters_and_wrong_padding_are_read_over_and_told() {
        assert_eq!(b64("aG#Vs.bG8="), ("hello".into(), false));
        assert_eq!(b64("aGVsbG8"), ("hello".into(), false));
        assert_eq!(b64("aGVsbA="), ("hell".into(), false));
        assert_eq!(b64("aGVsbG8=aGVsbG8="), ("hellohello".into(), false));
        assert_eq!(b64("aGVsbG8=="), ("hello".into(), false));
        assert_eq!(b64("=aGVs"), ("hel".into(), false));
    }

    #[test]
    fn quoted_printable_slips_stay_as_they_stand() {
        let o = quoted_printable(b"a=20b =\r\nc=3D =ZZ=c3=a9 =  \nd=");
        assert_eq!(String::from_utf8_lossy(&o.bytes), "a b c= =ZZé d");
        assert!(!o.clean);
        assert!(quoted_printable(b"a=20b=\r\nc").clean);
    }

    #[test]
    fn a_uuencoded_line_is_decoded() {
        let o = uudecode(b"#0V%T\n`\nend\n");
        assert_eq!((o.bytes.as_slice(), o.clean), (&b"Cat"[..], true));
    }
}
