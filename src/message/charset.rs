//! Octets of text → characters.
//!
//! Takes the octets and the charset somebody declared, gives the reading or, where mail
//! programs would differ, both readings. A charset we do not know or whose rules the octets
//! break is noted, and UTF-8 and then windows-1252 are tried, as mail programs do.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{Defect, defects::Met};

/// One reading, or two where the declared charset is not one that extends ASCII but the
/// octets are plain ASCII as well.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) other: Option<Cow<'a, str>>,
}

/// Decodes as declared.
pub(super) fn decode<'a>(bytes: &'a [u8], label: Option<&str>, met: &mut Met) -> Decoded<'a> {
    let one = |text| Decoded { text, other: None };
    let label = label.map(str::trim).filter(|l| !l.is_empty());
    let Some(label) = label else {
        return one(undeclared(bytes, met));
    };
    let lower = label.to_ascii_lowercase();
    if matches!(lower.as_str(), "us-ascii" | "ascii" | "ansi_x3.4-1968" | "utf-8" | "utf8") {
        return one(undeclared(bytes, met));
    }
    if lower.starts_with("utf-32") || lower.starts_with("utf32") {
        return both(utf_32(bytes, lower.ends_with("le"), met), bytes, met);
    }
    let by_label = if lower == "utf-16" && has_high_octet_first(bytes) {
        &b"utf-16be"[..]
    } else {
        lower.as_bytes()
    };
    if let Some(encoding) = Encoding::for_label(by_label)
        .filter(|e| *e != encoding_rs::REPLACEMENT && *e != encoding_rs::X_USER_DEFINED)
    {
        let (text, _, broken) = encoding.decode(bytes);
        met.note_if(broken, Defect::Charset);
        if encoding.is_ascii_compatible() {
            // Declared Latin-1, written UTF-8: what is valid UTF-8 is hardly ever anything else.
            let lied = encoding.is_single_byte() && !bytes.is_ascii();
            let other = if lied { std::str::from_utf8(bytes).ok() } else { None };
            return match other {
                Some(utf8) => Decoded { text: Cow::Borrowed(utf8), other: Some(text) },
                None => one(text),
            };
        }
        return both(text, bytes, met);
    }
    if let Some(decoder) = mail_parser::decoders::charsets::map::charset_decoder(lower.as_bytes()) {
        return both(Cow::Owned(decoder(bytes)), bytes, met);
    }
    met.note(Defect::Charset);
    one(undeclared(bytes, met))
}

/// UTF-8, else windows-1252: the superset of Latin-1 that mail means by it.
pub(super) fn undeclared<'a>(bytes: &'a [u8], met: &mut Met) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        if encoding != UTF_8 {
            met.note(Defect::Charset);
        }
        let (text, broken) =
            encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(bytes));
        met.note_if(broken, Defect::Charset);
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            met.note(Defect::Charset);
            WINDOWS_1252.decode_without_bom_handling(bytes).0
        }
    }
}

/// `utf-16` without byte order mark: big endian for RFC 2781, little for the web. Latin text tells.
fn has_high_octet_first(bytes: &[u8]) -> bool {
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).take(512).filter(|b| **b == 0).count();
    zeros(0) > zeros(1)
}

/// A charset such as UTF-16 or UTF-7 over octets that are readable as they stand: which of
/// the two a program shows depends on the program.
fn both<'a>(text: Cow<'a, str>, bytes: &'a [u8], met: &mut Met) -> Decoded<'a> {
    met.note(Defect::Charset);
    let readable = bytes.iter().all(|b| matches!(b, b'\t' | b'\r' | b'\n' | 0x20..=0x7e));
    let plain = if readable { std::str::from_utf8(bytes).ok() } else { None };
    Decoded { other: plain.filter(|p| *p != text).map(Cow::Borrowed), text }
}

/// encoding_rs leaves UTF-32 out, some mail programs do not.
fn utf_32<'a>(bytes: &[u8], little: bool, met: &mut Met) -> Cow<'a, str> {
    let little = little || bytes.starts_with(&[0xff, 0xfe, 0, 0]);
    let one = |quad: &[u8]| {
        let quad: [u8; 4] = quad.try_into().unwrap_or_default();
        let code = if little { u32::from_le_bytes(quad) } else { u32::from_be_bytes(quad) };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let text: String = bytes.chunks(4).map(one).filter(|c| *c != '\u{feff}').collect();
    met.note_if(text.contains(char::REPLACEMENT_CHARACTER), Defect::Charset);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: &str) -> (String, Option<String>, Vec<Defect>) {
        let mut met = Met::default();
        let d = decode(bytes, Some(label), &mut met);
        (d.text.into_owned(), d.other.map(Cow::into_owned), met.into_sorted())
    }

    #[test]
    fn latin_1_that_claims_to_be_utf_8_is_read_and_noted() {
        assert_eq!(read(b"gr\xfc\xdfe", "utf-8"), ("grüße".into(), None, vec![Defect::Charset]));
    }

    #[test]
    fn utf_8_that_claims_to_be_latin_1_is_read_both_ways() {
        let (text, other, odd) = read("Grüße".as_bytes(), "iso-8859-1");
        assert_eq!(text, "Grüße");
        assert_eq!(other.as_deref(), Some("GrÃ¼ÃŸe"));
        assert!(odd.is_empty());
    }

    #[test]
    fn a_charset_nobody_knows_is_tried_and_noted() {
        assert_eq!(read(b"hello", "x-nobody"), ("hello".into(), None, vec![Defect::Charset]));
    }

    #[test]
    fn plain_words_under_utf_16_are_seen() {
        let (_, other, odd) = read(b"we regret to inform you", "utf-16");
        assert_eq!(other.as_deref(), Some("we regret to inform you"));
        assert_eq!(odd, [Defect::Charset]);
    }
}
