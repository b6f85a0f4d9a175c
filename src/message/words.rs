//! Text of header fields → characters.
//!
//! Takes a raw value, gives it unfolded, encoded words decoded (RFC 2047), octets that are
//! not ASCII read as UTF-8 or windows-1252, without control and direction characters:
//! nothing in it can start a line, a field or a terminal sequence.

use super::{Met, charset, decode, normal};

/// White space in front of a line end, the line end, and all behind it become one space.
pub(super) fn unfold(raw: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len().min(most));
    let mut at_break = false;
    for &b in raw.trim_ascii() {
        if out.len() >= most {
            break;
        }
        match b {
            b'\r' | b'\n' => at_break = true,
            b' ' | b'\t' if at_break => {}
            _ => {
                if at_break {
                    out.push(b' ');
                    at_break = false;
                }
                out.push(b);
            }
        }
    }
    out
}

/// Decodes an unfolded value for people.
pub(super) fn decode_words(value: &[u8], met: &mut Met) -> String {
    let Some(_) = memchr::memmem::find(value, b"=?") else {
        return normal::printable(&charset::undeclared(value, met));
    };
    let mut text = String::with_capacity(value.len());
    let mut pending: Option<(Vec<u8>, Vec<u8>)> = None;
    let mut rest = value;
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, behind)) = encoded_word(from) else {
            flush(&mut pending, &mut text, met);
            text.push_str(&charset::undeclared(before, met));
            text.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            continue;
        };
        // White space between two encoded words is no text (RFC 2047 §6.2).
        if pending.is_none() || !before.iter().all(u8::is_ascii_whitespace) {
            flush(&mut pending, &mut text, met);
            text.push_str(&charset::undeclared(before, met));
        }
        let octets = word.octets();
        match &mut pending {
            // A character may be cut in two by the end of a word; programs join them.
            Some((label, bytes)) if label.eq_ignore_ascii_case(word.charset) => {
                bytes.extend_from_slice(&octets);
            }
            _ => {
                flush(&mut pending, &mut text, met);
                pending = Some((word.charset.to_vec(), octets));
            }
        }
        rest = behind;
    }
    flush(&mut pending, &mut text, met);
    text.push_str(&charset::undeclared(rest, met));
    normal::printable(&text)
}

fn flush(pending: &mut Option<(Vec<u8>, Vec<u8>)>, text: &mut String, met: &mut Met) {
    if let Some((label, bytes)) = pending.take() {
        let label = String::from_utf8_lossy(&label);
        text.push_str(&charset::decode(&bytes, Some(&label), met).text);
    }
}

struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    text: &'a [u8],
}

impl Word<'_> {
    fn octets(&self) -> Vec<u8> {
        if self.base64 {
            return decode::base64(self.text).bytes;
        }
        let spaced: Vec<u8> =
            self.text.iter().map(|b| if *b == b'_' { b' ' } else { *b }).collect();
        decode::quoted_printable(&spaced).bytes
    }
}

/// `=?charset*language?Q?text?=` at the start of `from`.
fn encoded_word(from: &[u8]) -> Option<(Word<'_>, &[u8])> {
    let inner = from.strip_prefix(b"=?")?;
    // A word has 75 octets at most; programs take longer ones, we take them up to a bound.
    let near = inner.get(..2000).unwrap_or(inner);
    let question = near.iter().take(64).position(|b| *b == b'?')?;
    let charset = near.get(..question)?;
    let rest = near.get(question + 1..)?;
    let base64 = match rest.first()? {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let text_on = rest.get(1..)?.strip_prefix(b"?")?;
    let end = memchr::memmem::find(text_on, b"?=")?;
    let text = text_on.get(..end)?;
    let used = 2 + question + 3 + end + 2;
    let charset = charset.split(|b| *b == b'*').next().unwrap_or(charset);
    Some((Word { charset, base64, text }, from.get(used..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(value: &str) -> String {
        decode_words(&unfold(value.as_bytes(), 10_000), &mut Met::default())
    }

    #[test]
    fn encoded_words_are_decoded_and_joined() {
        assert_eq!(words("=?utf-8?q?Gr=C3=BC=C3=9Fe?="), "Grüße");
        assert_eq!(words("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?="), "Grüße");
        assert_eq!(words("a =?iso-8859-1?q?=E9t=E9?= b"), "a été b");
        assert_eq!(words("=?utf-8?q?a?= =?iso-8859-1?q?=E9?="), "aé");
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        assert_eq!(words("=?what?= 2 =? x"), "=?what?= 2 =? x");
    }

    #[test]
    fn a_field_cannot_be_smuggled_in_by_an_encoded_word() {
        assert_eq!(words("=?utf-8?q?a=0D=0ABcc:_x=1B[31m?="), "a Bcc: x[31m");
    }

    #[test]
    fn folds_become_one_space() {
        assert_eq!(words("a\r\n\t b\r\n c"), "a b c");
    }
}
