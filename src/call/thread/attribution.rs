//! The lines by which mail programs name the author of what stands below.
//!
//! Takes the lines of a thread, says whom "On … wrote:" or a block of "From: … Sent: …" names, on
//! which day, and how many lines belong to it. Knows Outlook, Gmail, Apple Mail and Thunderbird in
//! seven languages; a name without an address is kept as a name.

use jiff::civil::Date;

mod words;

use self::words::{FROM_LABELS, OTHER_LABELS, WROTE};
use super::Author;
use crate::{
    call::{names::Names, written},
    decision::Organisation,
    mail::Mailbox,
};

/// Inside, and the sender himself: whose letters are ours.
pub(super) struct Own<'a> {
    pub(super) organisation: &'a Organisation,
    pub(super) names: Names,
}

/// What an attribution says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribution {
    pub(super) author: Author,
    pub(super) written: Option<Date>,
    /// How many lines it has, this one included.
    pub(super) lines: usize,
}

/// A header block has no more lines.
const HEADER_LINES: usize = 10;

/// Mail programs wrap a long attribution, into no more lines above its last than these.
const WRAPPED_LINES: usize = 2;

/// What the lines from `at` on name as the author of what follows.
pub(super) fn attribution(lines: &[&str], at: usize, own: &Own<'_>) -> Option<Attribution> {
    header_block(lines, at, own).or_else(|| wrote(lines, at, own))
}

/// The label of `From: …`, lower case, and what stands behind it.
fn labelled(line: &str) -> Option<(String, &str)> {
    let (label, rest) = line.split_once([':', '\u{ff1a}'])?;
    let label = label.trim_matches(|c: char| c == '*' || c.is_whitespace());
    (!label.is_empty() && label.chars().count() <= 14).then(|| (label.to_lowercase(), rest))
}

fn is_header(line: &str) -> bool {
    labelled(line).is_some_and(|(label, _)| OTHER_LABELS.contains(&label.as_str()))
}

fn header_block(lines: &[&str], at: usize, own: &Own<'_>) -> Option<Attribution> {
    let line = lines.get(at)?;
    let (label, rest) = labelled(line)?;
    if !FROM_LABELS.contains(&label.as_str()) {
        return None;
    }
    let below = lines.iter().skip(at + 1).take(HEADER_LINES);
    let count = below.take_while(|l| is_header(l)).count();
    let above = at.checked_sub(1).and_then(|n| lines.get(n)).is_some_and(|l| is_header(l));
    // "De : quelqu'un" may stand in a letter; a program writes an address or a block.
    if !rest.contains('@') && count == 0 && !above && label.chars().count() < 4 {
        return None;
    }
    let author = by_address(line, own).unwrap_or_else(|| by_name(rest, own));
    let block = lines.iter().skip(at.saturating_sub(1)).take(count + 2);
    let written = written::date_in(line).or_else(|| block.copied().find_map(written::labelled));
    Some(Attribution { author, written, lines: count + 1 })
}

fn wrote(lines: &[&str], at: usize, own: &Own<'_>) -> Option<Attribution> {
    let line = lines.get(at)?;
    let plain = line.replace(['*', '\u{a0}'], " ").to_lowercase();
    let plain = plain.trim_end();
    // Some programs put dashes around the whole, and some write no verb.
    let core = plain.strip_suffix(':').or_else(|| plain.strip_suffix("----"))?.trim_end();
    let dated = || core.ends_with('>') && core.contains('@') && written::date_in(line).is_some();
    let last = WROTE.iter().any(|verb| core.ends_with(verb));
    // German and Dutch put the name behind the verb, some programs the date.
    let inside = || WROTE.iter().any(|verb| core.contains(&format!(" {verb} ")));
    let program = line.contains('@') || line.chars().any(|c| c.is_ascii_digit());
    if !(last || program && inside() || dated()) {
        return None;
    }
    let mut joined = (*line).to_owned();
    for above in 1..=WRAPPED_LINES {
        let named = by_address(&joined, own).is_some() || !name_beside_verb(&joined).is_empty();
        let Some(before) = at.checked_sub(above).and_then(|n| lines.get(n)) else { break };
        if before.is_empty() || (named && written::date_in(&joined).is_some()) {
            break;
        }
        joined = format!("{before} {joined}");
    }
    let author =
        by_address(&joined, own).unwrap_or_else(|| by_name(&name_beside_verb(&joined), own));
    Some(Attribution { author, written: written::date_in(&joined), lines: 1 })
}

/// The name in an attribution without an address.
fn name_beside_verb(line: &str) -> String {
    let line = line.trim_end().trim_end_matches(':').trim_end();
    let found = WROTE.iter().find_map(|verb| {
        let at = line.rfind(verb)?;
        Some((line.get(..at)?, line.get(at + verb.len()..)?))
    });
    let Some((before, behind)) = found else { return String::new() };
    let behind = name_in(behind);
    if behind.is_empty() { name_in(before.trim_end().trim_end_matches(" heeft")) } else { behind }
}

fn by_address(line: &str, own: &Own<'_>) -> Option<Author> {
    let (name, mailbox) = address_in(line)?;
    if own.organisation.is_inside(&mailbox) {
        return Some(Author::Ours);
    }
    Some(Author::Outside { address: mailbox.folded(), name })
}

/// Some mail programs name the author without an address.
fn by_name(name: &str, own: &Own<'_>) -> Author {
    let name = name.replace(['*', '"', '\''], "");
    let name = name.trim();
    if name.is_empty() || name.chars().any(|c| c.is_ascii_digit()) {
        return Author::Unknown;
    }
    if own.names.fits(name) {
        return Author::Ours;
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
    let cut = text.trim().trim_end_matches(',').trim_matches('"');
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
const NOT_A_NAME: [&str; 14] =
    ["On", "Am", "Uhr", "AM", "PM", "Le", "El", "Il", "Op", "Em", "UTC", "GMT", "CET", "CEST"];

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation() -> Organisation {
        Organisation { name: "Northwind".into(), domains: vec!["northwind.example".into()] }
    }

    fn author(lines: &[&str], at: usize) -> Option<Author> {
        let organisation = organisation();
        let names = Names::of("Tom Reed", "tom@northwind.example");
        attribution(lines, at, &Own { organisation: &organisation, names }).map(|a| a.author)
    }

    fn outside(address: &str, name: &str) -> Option<Author> {
        Some(Author::Outside { address: address.into(), name: name.into() })
    }

    #[test]
    fn attributions_name_their_author() {
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
            ("Am 17.11.2026 um 14:02 schrieb Eva Mai:", outside("", "Eva Mai")),
            ("On 20/11/2026 11:02, Priya Nair wrote:", outside("", "Priya Nair")),
            ("Il 13/11/2026 09:22, Stefano Mura ha scritto:", outside("", "Stefano Mura")),
            (
                "Op 12 nov 2026, om 21:36 heeft Jan Bos <j@bos.example> het volgende geschreven:",
                outside("j@bos.example", "Jan Bos"),
            ),
            (
                "Ana Gil <a@gil.example> escribió (lunes, 9 de noviembre de 2026 a las 13:11):",
                outside("a@gil.example", "Ana Gil"),
            ),
            ("Le mar. 17 nov. 2026, Tom Reed a écrit :", Some(Author::Ours)),
            (
                "---- On Tue, 17 Nov 2026 14:02:11 +0000 Susan Hall <s@hall.example> wrote ----",
                outside("s@hall.example", "Susan Hall"),
            ),
            (
                "2026-11-17 14:02 GMT+01:00 Susan Hall <s@hall.example>:",
                outside("s@hall.example", "Susan Hall"),
            ),
            (
                "El dv., 4 de des. 2026, 7:51, Ana Gil <a@gil.example> va escriure:",
                outside("a@gil.example", "Ana Gil"),
            ),
            ("De : quelqu'un", None),
            ("De : Jean Petit <jean@petit.example>", outside("jean@petit.example", "Jean Petit")),
            ("From: Hall, Susan", outside("", "Hall, Susan")),
            ("They wrote: nothing new", None),
        ] {
            assert_eq!(author(&[line], 0), expected, "{line}");
        }
    }

    #[test]
    fn a_wrapped_attribution_is_read_whole() {
        let lines = ["On Tue, 17 Nov 2026 at 14:02, Susan Hall", "<susan@hall.example> wrote:"];
        assert_eq!(author(&lines, 1), outside("susan@hall.example", "Susan Hall"));
    }

    #[test]
    fn a_header_block_needs_no_address() {
        let lines = ["De : Jean Petit", "Envoyé : mardi 17 novembre 2026 10:12", "À : Tom Reed"];
        assert_eq!(author(&lines, 0), outside("", "Jean Petit"));
        let lines = ["Gesendet: 17.11.2026", "Von: Tom Reed", "An: Eva Mai"];
        assert_eq!(author(&lines, 1), Some(Author::Ours));
    }
}
