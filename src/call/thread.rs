//! Who wrote which part of a thread.
//!
//! Takes the quoted and forwarded passages, gives runs of lines with their author where an
//! attribution ("On … <jane@…> wrote:", "Von: …") names one. What the attribution does not tell
//! stays unknown: a number of our own must not be taken for the customer's.

use jiff::civil::Date;

use super::written;
use crate::{
    decision::Organisation,
    mail::Mailbox,
    message::{PassageKind, Reading},
};

/// Lines looked at in one mail; a thread longer than this has named its people already.
const MAX_LINES: usize = 4_000;
/// A line longer than this is no signature and no attribution.
const MAX_LINE_CHARS: usize = 400;
/// The date of a quoted mail stands in one of the first lines below its author.
const HEADER_LINES: usize = 4;

/// Who wrote a run of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    /// Somebody inside.
    Ours,
    /// Somebody outside.
    Outside {
        /// The address, lower case; empty where only a name is given.
        address: String,
        /// The name beside it, possibly empty.
        name: String,
    },
    /// Nobody was named.
    Unknown,
}

impl Author {
    /// Whether this is the person of that address, or, under another address, of that full name.
    pub(super) fn is(&self, address: &str, name: &str) -> bool {
        match self {
            Author::Outside { address: author, name: named } => {
                author.eq_ignore_ascii_case(address)
                    || (name.split_whitespace().nth(1).is_some() && same_name(named, name))
            }
            Author::Ours | Author::Unknown => false,
        }
    }

    /// The name beside the address.
    pub(super) fn name(&self) -> &str {
        match self {
            Author::Outside { name, .. } => name,
            Author::Ours | Author::Unknown => "",
        }
    }
}

/// "Hall, Susan" is "Susan Hall".
fn same_name(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> = name
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.sort_unstable();
        words
    };
    words(one) == words(other)
}

/// A run of quoted lines by one author.
#[derive(Debug)]
pub(super) struct Segment {
    /// Who wrote it.
    pub(super) author: Author,
    /// When, where it is told.
    pub(super) written: Option<Date>,
    /// Its lines, quote marks removed.
    pub(super) lines: Vec<String>,
}

/// The quoted part of a mail, cut by author.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// In reading order.
    pub(super) segments: Vec<Segment>,
}

impl Thread {
    /// Cuts the quoted and forwarded passages of a reading.
    pub(super) fn of(reading: &Reading, organisation: &Organisation) -> Thread {
        let own_name = reading.header.from.first().map_or("", |a| a.name.as_str());
        let mut thread = Thread::default();
        let (mut author, mut written) = (Author::Unknown, None);
        let mut before = String::new();
        let mut left = MAX_LINES;
        for passage in &reading.passages {
            let quoted = matches!(passage.kind, PassageKind::Quoted | PassageKind::Forwarded);
            if quoted {
                thread.begin(&author, written);
            }
            for line in passage.text.lines() {
                if left == 0 {
                    return thread;
                }
                left -= 1;
                let line = unquoted(line);
                if line.chars().nth(MAX_LINE_CHARS).is_some() {
                    continue;
                }
                if let Some(named) = attribution(&before, line, organisation, own_name) {
                    author = named;
                    written = written::date_in(line)
                        .or_else(|| written::date_in(&format!("{before} {line}")));
                    if quoted {
                        thread.begin(&author, written);
                    }
                } else if quoted && let Some(segment) = thread.segments.last_mut() {
                    if segment.written.is_none() && segment.lines.len() < HEADER_LINES {
                        segment.written = written::labelled(line);
                    }
                    segment.lines.push(line.to_owned());
                }
                line.clone_into(&mut before);
            }
        }
        thread
    }

    fn begin(&mut self, author: &Author, written: Option<Date>) {
        self.segments.push(Segment { author: author.clone(), written, lines: Vec::new() });
    }
}

/// A line without its quote marks.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', '|', ' ', '\t', '\u{a0}']).trim_end()
}

const FROM_LABELS: [&str; 6] = ["from:", "von:", "de:", "da:", "van:", "expéditeur:"];
const WROTE: [&str; 8] = [
    "wrote:",
    "schrieb:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "ha scritto:",
    "schreef:",
    "escreveu:",
];

/// The author that an attribution line names; `before` is the line above, because mail programs
/// wrap long attributions.
fn attribution(
    before: &str,
    line: &str,
    organisation: &Organisation,
    own_name: &str,
) -> Option<Author> {
    let plain = line.replace(['*', '\u{a0}'], "").to_lowercase();
    let label = FROM_LABELS.iter().any(|l| plain.starts_with(l))
        || (plain.contains('@') && plain.starts_with("de :"));
    let wrote = WROTE.iter().any(|w| plain.ends_with(w))
        || (plain.ends_with(':') && plain.contains(" schrieb ") && plain.contains('@'));
    if !label && !wrote {
        return None;
    }
    let joined = if wrote { format!("{before} {line}") } else { line.to_owned() };
    let own = own_name.trim();
    match address_in(&joined) {
        Some((name, mailbox)) if !organisation.is_inside(&mailbox) => {
            Some(Author::Outside { address: mailbox.as_str().to_lowercase(), name })
        }
        Some(_) => Some(Author::Ours),
        None if !own.is_empty() && joined.contains(own) => Some(Author::Ours),
        None if label => Some(named(line)),
        None => Some(Author::Unknown),
    }
}

/// Some mail programs name the author without an address.
fn named(line: &str) -> Author {
    let name = line.split_once(':').map_or("", |(_, name)| name).replace('*', "");
    let name = name.trim();
    if name.is_empty() || name.chars().any(|c| c.is_ascii_digit()) {
        return Author::Unknown;
    }
    Author::Outside { address: String::new(), name: name.to_owned() }
}

/// The last address in a line, and the name before it.
fn address_in(line: &str) -> Option<(String, Mailbox)> {
    let at = line.rfind('@')?;
    let outside = |c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c);
    let from = line.get(..at)?.rfind(outside).map_or(0, |i| {
        i + line.get(i..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let to = line.get(at..)?.find(outside).map_or(line.len(), |i| at + i);
    let mailbox = Mailbox::parse(line.get(from..to)?).ok()?;
    let name = line.get(..from)?.trim_end_matches(['<', '[', '(', ' ', ':']).trim();
    let name = name.strip_suffix("mailto").unwrap_or(name).trim_end_matches(['<', '[', ' ']);
    Some((name_in(name), mailbox))
}

/// The words of a name at the end of what stands before an address: after the last comma, colon
/// or digit.
fn name_in(text: &str) -> String {
    let cut = text.trim().trim_matches('"');
    let cut = cut.rsplit([':', ',']).next().unwrap_or_default();
    let words: Vec<&str> = cut
        .split_whitespace()
        .rev()
        .take_while(|w| !w.chars().any(|c| c.is_ascii_digit()))
        .take(4)
        .collect();
    let name: Vec<&str> = words
        .into_iter()
        .rev()
        .skip_while(|w| !w.starts_with(char::is_uppercase) || NOT_A_NAME.contains(w))
        .collect();
    name.join(" ").trim_matches('"').to_owned()
}

/// Words of attributions that stand before a name: "On … at 14:30, …", "Am Dienstag schrieb …".
const NOT_A_NAME: [&str; 12] =
    ["On", "Am", "Uhr", "AM", "PM", "Le", "El", "Il", "Op", "Em", "UTC", "GMT"];

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Organisation {
        Organisation { name: "Northwind".into(), domains: vec!["northwind.example".into()] }
    }

    #[test]
    fn attributions_name_their_author() {
        let outside = |address: &str, name: &str| {
            Some(Author::Outside { address: address.into(), name: name.into() })
        };
        for (line, expected) in [
            (
                "On Tue, 17 Nov 2026 at 14:02, Susan Hall <Susan@hall.example> wrote:",
                outside("susan@hall.example", "Susan Hall"),
            ),
            ("From: Susan Hall <susan@hall.example>", outside("susan@hall.example", "Susan Hall")),
            ("*Von:* Jörg Öz [mailto:joerg@oez.example]", outside("joerg@oez.example", "Jörg Öz")),
            ("Am 17.11.2026 um 14:02 schrieb Tom <tom@northwind.example>:", Some(Author::Ours)),
            (
                "Am 17.11.2026 um 14:02 schrieb Eva Mai <eva@mai.example>:",
                outside("eva@mai.example", "Eva Mai"),
            ),
            ("Le mar. 17 nov. 2026, Tom Reed a écrit :", Some(Author::Ours)),
            ("De : quelqu'un", None),
            ("De : Jean Petit <jean@petit.example>", outside("jean@petit.example", "Jean Petit")),
            ("From: Hall, Susan", outside("", "Hall, Susan")),
            ("They wrote: nothing new", None),
        ] {
            assert_eq!(attribution("", line, &ours(), "Tom Reed"), expected, "{line}");
        }
    }

    #[test]
    fn a_wrapped_attribution_is_read_whole() {
        assert_eq!(
            attribution(
                "On Tue, 17 Nov 2026 at 14:02, Susan Hall",
                "<susan@hall.example> wrote:",
                &ours(),
                ""
            ),
            Some(Author::Outside {
                address: "susan@hall.example".into(),
                name: "Susan Hall".into()
            })
        );
    }
}
