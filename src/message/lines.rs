//! Lines of a part and what its markup says about them.

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
pub(super) struct Line {
    pub(super) text: String,
    pub(super) zone: Zone,
}

/// The lines of a plain text, with the soft breaks of `format=flowed` taken out (RFC 3676 §4).
pub(super) fn of_text(text: &str, flowed: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(text.len() / 40 + 1);
    let mut soft: Option<usize> = None;
    for raw in text.split('\n') {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let quotes = raw.bytes().take_while(|b| *b == b'>').count();
        let goes_on = flowed && raw.ends_with(' ') && raw != "-- ";
        match (soft == Some(quotes), lines.last_mut()) {
            (true, Some(last)) if raw != "-- " => {
                let more = raw.get(quotes..).unwrap_or_default();
                last.text.push_str(if quotes > 0 { more.trim_start() } else { more });
            }
            _ => lines.push(Line { text: raw.to_owned(), zone: Zone::Plain }),
        }
        soft = goes_on.then_some(quotes);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_are_joined_but_not_across_quotes_and_signatures() {
        let lines = of_text("one \r\ntwo\r\n> three \r\n> four \r\nfive\r\n-- \r\nBob\r\n", true);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["one two", "> three four ", "five", "-- ", "Bob", ""]);
    }
}
