//! Lines of a part and what its markup says about them.

use std::borrow::Cow;

use memchr::memchr;

/// What the markup of an HTML part says about a line. Plain text has only plain lines.
/// The order is that of nested zones: a signature inside a quote is quoted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Zone {
    /// Nothing.
    #[default]
    Plain,
    /// A block that a mail program marks as signature.
    Signature,
    /// A blockquote; people set off their own words with it as well.
    Blockquote,
    /// A block that mail programs make for what they quote.
    Cited,
}

/// One line; empty between paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) zone: Zone,
}

/// The lines of a plain text, with the soft breaks of `format=flowed` taken out (RFC 3676 §4).
pub(super) fn of_text(text: &str, flowed: bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(text.len() / 40 + 1);
    let mut soft: Option<usize> = None;
    for raw in split(text) {
        if !flowed {
            lines.push(Line { text: Cow::Borrowed(raw), zone: Zone::Plain });
            continue;
        }
        let quotes = raw.bytes().take_while(|b| *b == b'>').count();
        let goes_on = raw.ends_with(' ') && raw != "-- ";
        match (soft == Some(quotes), lines.last_mut()) {
            (true, Some(last)) if raw != "-- " => {
                let more = raw.get(quotes..).unwrap_or_default();
                last.text.to_mut().push_str(if quotes > 0 { more.trim_start() } else { more });
            }
            _ => lines.push(Line { text: Cow::Borrowed(raw), zone: Zone::Plain }),
        }
        soft = goes_on.then_some(quotes);
    }
    lines
}

/// The lines of a text without their LF or CRLF; the last may be empty.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr(b'\n', text.as_bytes());
        rest = end.and_then(|at| text.get(at + 1..));
        let line = end.and_then(|at| text.get(..at)).unwrap_or(text);
        Some(line.strip_suffix('\r').unwrap_or(line))
    })
}

/// A text without white space around it, as [`str::trim`] gives it: that looks at characters, and
/// nearly every line begins and ends with one that shows.
#[inline]
pub(super) fn trimmed(text: &str) -> &str {
    let shows = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_graphic);
    let octets = text.as_bytes();
    if shows(octets.first()) && shows(octets.last()) { text } else { text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_are_joined_but_not_across_quotes_and_signatures() {
        let lines = of_text("one \r\ntwo\r\n> three \r\n> four \r\nfive\r\n-- \r\nBob\r\n", true);
        let texts: Vec<&str> = lines.iter().map(|l| &*l.text).collect();
        assert_eq!(texts, ["one two", "> three four ", "five", "-- ", "Bob", ""]);
    }
}
