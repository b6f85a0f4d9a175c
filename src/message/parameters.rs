//! `value; name=value; name*0*=...` → a value and its parameters.
//!
//! Takes an unfolded field, gives its parameters with RFC 2231 continuations joined, and says
//! whether anything was not in the plain form that every program reads alike.
//!
//! RFC 2045 §5.1, RFC 2231.

use std::collections::BTreeMap;

/// What stood there.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// In front of the first semicolon, without comments.
    pub(super) value: String,
    /// Comments, escapes, doubles, gaps, characters that want quotes.
    pub(super) strange: bool,
    given: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    name: String,
    value: Vec<u8>,
    charset: Option<String>,
}

impl Parameters {
    /// All values of a parameter, the one most programs follow first.
    pub(super) fn all(&self, name: &str) -> Vec<Vec<u8>> {
        self.all_with_charset(name).into_iter().map(|(_, value)| value).collect()
    }

    /// The same with the charset that RFC 2231 gives them.
    pub(super) fn all_with_charset(&self, name: &str) -> Vec<(Option<String>, Vec<u8>)> {
        let mine = self.given.iter().filter(|g| g.name == name);
        mine.map(|g| (g.charset.clone(), g.value.clone())).collect()
    }

    pub(super) fn first(&self, name: &str) -> Option<Vec<u8>> {
        self.given.iter().find(|g| g.name == name).map(|g| g.value.clone())
    }
}

/// The bound on parameters of one field.
const MOST: usize = 200;

/// Takes a field apart.
pub(super) fn parse(field: &[u8]) -> Parameters {
    let plain = without_comments(field);
    let mut strange =
        plain.len() != field.len() || !plain.iter().all(|b| matches!(b, b'\t' | 0x20..=0x7e));
    let mut pieces = split(&plain, b';').into_iter();
    let value = String::from_utf8_lossy(pieces.next().unwrap_or_default()).trim().to_owned();
    strange |= value.contains(['"', '\\', '=', ',']);
    let mut parts: BTreeMap<String, Vec<(u32, bool, Vec<u8>)>> = BTreeMap::new();
    let mut given = Vec::new();
    for (at, piece) in pieces.enumerate() {
        let piece = piece.trim_ascii();
        if piece.is_empty() {
            continue;
        }
        let Some(equals) = piece.iter().position(|b| *b == b'=').filter(|_| at < MOST) else {
            strange = true;
            continue;
        };
        let (key, raw) = piece.split_at(equals);
        let raw = raw.get(1..).unwrap_or_default();
        let trimmed_key = key.trim_ascii();
        let value = unquote(raw, &mut strange);
        strange |= trimmed_key.len() != key.len();
        let key = String::from_utf8_lossy(trimmed_key).to_ascii_lowercase();
        strange |= key.is_empty()
            || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-*._".contains(&b));
        match key.split_once('*') {
            None => given.push(Given { name: key, value, charset: None }),
            Some((name, "")) => {
                let (charset, value) = percent(&value, true, &mut strange);
                given.push(Given { name: name.to_owned(), value, charset });
            }
            Some((name, section)) => {
                let encoded = section.ends_with('*');
                let number = section.trim_end_matches('*').parse();
                strange |= number.is_err();
                let sections = parts.entry(name.to_owned()).or_default();
                sections.push((number.unwrap_or(u32::MAX), encoded, value));
            }
        }
    }
    for (name, mut sections) in parts {
        let in_order = sections.iter().zip(0u32..).all(|((n, ..), want)| *n == want);
        strange |= !in_order;
        sections.sort_by_key(|(n, ..)| *n);
        given.insert(0, joined(name, sections, &mut strange));
    }
    let mut seen: Vec<&str> = given.iter().map(|g| g.name.as_str()).collect();
    seen.sort_unstable();
    strange |= seen.windows(2).any(|pair| pair.first() == pair.last());
    Parameters { value, strange, given }
}

fn joined(name: String, sections: Vec<(u32, bool, Vec<u8>)>, strange: &mut bool) -> Given {
    let (mut value, mut charset) = (Vec::new(), None);
    for (at, (_, encoded, piece)) in sections.into_iter().enumerate() {
        if encoded {
            let (label, bytes) = percent(&piece, at == 0, strange);
            charset = charset.or(label);
            value.extend_from_slice(&bytes);
        } else {
            value.extend_from_slice(&piece);
        }
    }
    Given { name, value, charset }
}

/// `charset'language'%61`; only a first section has the charset.
fn percent(value: &[u8], first: bool, strange: &mut bool) -> (Option<String>, Vec<u8>) {
    let mut rest = value;
    let mut charset = None;
    if first {
        let mut pieces = value.splitn(3, |b| *b == b'\'');
        if let (Some(label), Some(_), Some(text)) = (pieces.next(), pieces.next(), pieces.next()) {
            charset = Some(String::from_utf8_lossy(label).into_owned()).filter(|l| !l.is_empty());
            rest = text;
        } else {
            *strange = true;
        }
    }
    let mut out = Vec::with_capacity(rest.len());
    while let Some((&b, behind)) = rest.split_first() {
        rest = behind;
        let digits = behind.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.filter(|_| b == b'%').and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(octet) => {
                out.push(octet);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => out.push(b),
        }
    }
    (charset, out)
}

/// A token, or what stands between quotes.
fn unquote(raw: &[u8], strange: &mut bool) -> Vec<u8> {
    let trimmed = raw.trim_ascii_end();
    let Some(inner) = trimmed.strip_prefix(b"\"") else {
        let plain = trimmed.trim_ascii_start();
        let token = |b: &u8| (0x21..=0x7e).contains(b) && !b"()<>@,;:\\\"[]?=".contains(b);
        // A boundary often holds `=` or `/` without quotes; everybody reads those alike.
        *strange |= plain.is_empty() || plain.len() != raw.len();
        *strange |= !plain.iter().all(|b| token(b) || b"=:?@/[]".contains(b));
        return plain.trim_ascii_end().iter().copied().filter(|b| *b != b'"').collect();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied();
    let mut closed = false;
    while let Some(b) = bytes.next() {
        match b {
            b'"' => {
                closed = true;
                break;
            }
            b'\\' => {
                *strange = true;
                out.extend(bytes.next());
            }
            _ => out.push(b),
        }
    }
    *strange |= !closed || bytes.next().is_some();
    *strange |= out.last().is_some_and(u8::is_ascii_whitespace);
    out
}

/// Splits at a character that stands outside of quotes.
fn split(bytes: &[u8], at: u8) -> Vec<&[u8]> {
    let (mut in_quotes, mut escaped) = (false, false);
    bytes
        .split(|b| {
            let here = *b == at && !in_quotes;
            if escaped {
                escaped = false;
            } else if *b == b'\\' && in_quotes {
                escaped = true;
            } else if *b == b'"' {
                in_quotes = !in_quotes;
            }
            here
        })
        .collect()
}

/// Leaves out `(comments)` outside of quotes; an unclosed one is text.
pub(super) fn without_comments(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut depth, mut in_quotes, mut escaped, mut opened_at) = (0usize, false, false, 0);
    for (at, &b) in bytes.iter().enumerate() {
        if escaped {
            escaped = false;
        } else if b == b'\\' {
            escaped = true;
        } else if b == b'"' && depth == 0 {
            in_quotes = !in_quotes;
        } else if b == b'(' && !in_quotes {
            if depth == 0 {
                opened_at = at;
            }
            depth += 1;
            continue;
        } else if b == b')' && depth > 0 {
            depth -= 1;
            continue;
        }
        if depth == 0 {
            out.push(b);
        }
    }
    if depth > 0 {
        out.extend_from_slice(bytes.get(opened_at..).unwrap_or_default());
    }
    out
}

/// What a program without a grammar finds: `name=` anywhere, up to a quote, blank or semicolon.
pub(super) fn naive(field: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
    let lower = field.to_ascii_lowercase();
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(&lower, name).take(8) {
        let behind = field.get(at + name.len()..).unwrap_or_default().trim_ascii_start();
        let Some(value) = behind.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let (quote, value) = match value.split_first() {
            Some((q @ (b'"' | b'\''), rest)) => (Some(*q), rest),
            _ => (None, value),
        };
        let end = value.iter().position(|b| match quote {
            Some(q) => *b == q,
            None => *b == b';' || b.is_ascii_whitespace(),
        });
        found.push(value.get(..end.unwrap_or(value.len())).unwrap_or_default().to_vec());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms_are_not_strange() {
        for field in [
            "text/plain",
            "text/plain; charset=utf-8",
            "multipart/mixed; boundary=\"----=_Part_1 (x)\"",
            "multipart/mixed; boundary=----=_Part_1",
            "attachment; filename*=UTF-8''a%20b.pdf",
            "attachment; filename*0=\"a\"; filename*1=\"b\"",
            "text/plain; charset=utf-8;",
        ] {
            assert!(!parse(field.as_bytes()).strange, "{field}");
        }
    }

    #[test]
    fn forms_that_programs_read_differently_are_strange() {
        for field in [
            "text/plain; charset = utf-8",
            "multipart/mixed; boundary=a; boundary=b",
            "multipart/mixed; (boundary=a) boundary=b",
            "multipart/mixed; boundary=\"a\\b\"",
            "multipart/mixed; boundary=\"a",
            "multipart/mixed; boundary=a b",
            "attachment; filename*1=a; filename*0=b",
            "attachment; filename*0=a; filename*2=b",
            "attachment; filename=a; filename*=utf-8''b",
        ] {
            assert!(parse(field.as_bytes()).strange, "{field}");
        }
    }

    #[test]
    fn continuations_are_joined_in_their_order() {
        let p = parse(b"attachment; filename*1=\"b\"; filename*0*=utf-8''%61");
        assert_eq!(p.all("filename"), [b"ab"]);
    }
}
