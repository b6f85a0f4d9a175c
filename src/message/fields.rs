//! Header section → fields and body.
//!
//! Takes the bytes of a message or of one part, gives its fields in order and where
//! the body begins. Nothing is refused: a line that is no field is either skipped, if
//! fields go on behind it, or taken for the first line of the body, and noted.
//!
//! RFC 5322 §2.2; §4.5 for white space before the colon.

use memchr::memchr2;

use super::{Defect, defects::Met};

/// One field as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// Without white space before the colon.
    pub(super) name: &'a [u8],
    /// Behind the colon, still folded.
    pub(super) value: &'a [u8],
}

impl Field<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// A header section and what stands behind it.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) fields: Vec<Field<'a>>,
    pub(super) body: &'a [u8],
}

/// Reads at most `most` fields; the rest of a longer section is skipped and noted.
pub(super) fn section<'a>(bytes: &'a [u8], most: usize, met: &mut Met) -> Section<'a> {
    let mut fields: Vec<Field<'a>> = Vec::new();
    let mut rest = bytes;
    while let Some((line, behind)) = next_line(rest) {
        if line.is_empty() {
            rest = behind;
            break;
        }
        if line.first().is_some_and(|b| is_blank(*b)) {
            // A continuation without a field, or an empty line with blanks in it: some
            // programs end the header here, we go on while fields follow.
            met.note(Defect::HeaderLine);
            if line.iter().all(|b| is_blank(*b)) && !fields_follow(behind) {
                rest = behind;
                break;
            }
            rest = behind;
            continue;
        }
        match split_field(line) {
            Some((name, odd)) => {
                met.note_if(odd, Defect::HeaderLine);
                let colon = line.iter().position(|b| *b == b':').unwrap_or_default();
                let (value, after) = folded(bytes_from(rest, colon + 1), met);
                rest = after;
                if fields.len() < most {
                    fields.push(Field { name, value });
                } else {
                    met.note(Defect::Limit);
                }
            }
            None if fields.is_empty() && line.starts_with(b"From ") => rest = behind,
            None if line.starts_with(b">From ") => rest = behind,
            None => {
                met.note(Defect::HeaderLine);
                if !fields_follow(behind) {
                    break;
                }
                rest = behind;
            }
        }
    }
    Section { fields, body: rest }
}

fn bytes_from(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// The next line without its end, and what is behind it. LF, CRLF and a lone CR all end
/// a header line: programs differ about the lone CR, so we look at both sides of it.
fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let Some(end) = memchr2(b'\r', b'\n', bytes) else {
        return Some((bytes, &[]));
    };
    let line = bytes.get(..end).unwrap_or_default();
    let skip = if bytes_from(bytes, end).starts_with(b"\r\n") { 2 } else { 1 };
    Some((line, bytes_from(bytes, end + skip)))
}

fn is_blank(b: u8) -> bool {
    b == b' ' || b == b'\t'
}

/// The field name of a line, and whether there was something odd about it.
fn split_field(line: &[u8]) -> Option<(&[u8], bool)> {
    let colon = line.iter().position(|b| *b == b':')?;
    let name = line.get(..colon)?;
    let trimmed = name.trim_ascii_end();
    let good = !trimmed.is_empty() && trimmed.iter().all(|b| (0x21..=0x7e).contains(b));
    good.then_some((trimmed, trimmed.len() != name.len()))
}

/// Whether the next line is a field that makes sense in a header.
fn fields_follow(bytes: &[u8]) -> bool {
    next_line(bytes).and_then(|(line, _)| split_field(line)).is_some_and(|(name, _)| {
        let lower = name.to_ascii_lowercase();
        lower.starts_with(b"content-")
            || lower.starts_with(b"x-")
            || [&b"from"[..], b"to", b"cc", b"subject", b"date", b"message-id", b"mime-version"]
                .contains(&lower.as_slice())
    })
}

/// From behind a colon: the value with its continuation lines, and what is behind it.
fn folded<'a>(bytes: &'a [u8], met: &mut Met) -> (&'a [u8], &'a [u8]) {
    let mut rest = bytes;
    let mut end = 0;
    while let Some((line, behind)) = next_line(rest) {
        end = bytes.len() - rest.len() + line.len();
        let lone_cr = bytes_from(rest, line.len()).first() == Some(&b'\r')
            && bytes_from(rest, line.len()).get(1) != Some(&b'\n');
        met.note_if(lone_cr, Defect::HeaderLine);
        rest = behind;
        if !rest.first().is_some_and(|b| is_blank(*b)) {
            break;
        }
        // A line of blanks only ends the section for some programs (RFC 5322 §4.2 allowed it).
        if next_line(rest).is_some_and(|(line, _)| line.iter().all(|b| is_blank(*b))) {
            met.note(Defect::HeaderLine);
        }
    }
    (bytes.get(..end).unwrap_or_default(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> (Vec<String>, String, Vec<Defect>) {
        let mut met = Met::default();
        let section = section(bytes, 100, &mut met);
        let name = |f: &Field<'_>| {
            format!("{}:{}", String::from_utf8_lossy(f.name), String::from_utf8_lossy(f.value))
        };
        (
            section.fields.iter().map(name).collect(),
            String::from_utf8_lossy(section.body).into_owned(),
            met.into_sorted(),
        )
    }

    #[test]
    fn a_folded_field_is_one_field() {
        let (fields, body, odd) = names(b"A: 1\r\n 2\r\nB: 3\r\n\r\nbody\r\n");
        assert_eq!(fields, ["A: 1\r\n 2", "B: 3"]);
        assert_eq!(body, "body\r\n");
        assert!(odd.is_empty());
    }

    #[test]
    fn text_without_an_empty_line_before_it_is_body() {
        let (fields, body, odd) = names(b"Subject: a\r\nWe must talk today\r\nreally\r\n");
        assert_eq!(fields, ["Subject: a"]);
        assert_eq!(body, "We must talk today\r\nreally\r\n");
        assert_eq!(odd, [Defect::HeaderLine]);
    }

    #[test]
    fn a_stray_line_does_not_hide_the_fields_behind_it() {
        let (fields, _, odd) = names(b"A: 1\r\nstray\r\nContent-Type: text/html\r\n\r\nx");
        assert_eq!(fields, ["A: 1", "Content-Type: text/html"]);
        assert_eq!(odd, [Defect::HeaderLine]);
    }

    #[test]
    fn the_line_of_an_mbox_is_no_defect() {
        let (fields, body, odd) = names(b"From a@b Mon\nA: 1\n\nbody");
        assert_eq!((fields.len(), body.as_str(), odd.len()), (1, "body", 0));
    }
}
