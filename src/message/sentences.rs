//! Text → sentences.
//!
//! Takes text with its line breaks, gives sentences. Lines that were wrapped are joined; a
//! greeting, a heading or an item of a list is a sentence of its own. Full stops of
//! abbreviations, initials, numbers and ordinals in seven languages end nothing. One pass.

use memchr::{memchr3, memrchr};

use super::{
    Sentence, abbreviations,
    lines::{self, trimmed},
    normal,
};

/// The sentences of a text, in order.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut most = usize::MAX;
    each(text, Lines::Wrapped, &mut most, &mut out);
    out
}

/// What a line of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// Perhaps a piece of a paragraph, as in plain text.
    Wrapped,
    /// A paragraph of its own, as in HTML; wrapped only where it plainly goes on.
    Blocks,
}

/// Room for what most paragraphs have.
const PARAGRAPH_OCTETS: usize = 1 << 10;

/// Lines that were joined.
#[derive(Default)]
struct Paragraph {
    /// White space collapsed.
    text: String,
    /// Something in it wants more than lower case to be normal, or is beyond ASCII.
    odd: bool,
}

/// Appends at most `most` sentences and counts down.
pub(super) fn each(text: &str, how: Lines, most: &mut usize, out: &mut Vec<Sentence>) {
    let text_of = String::with_capacity(text.len().min(PARAGRAPH_OCTETS));
    let mut paragraph = Paragraph { text: text_of, odd: false };
    let mut last = "";
    for line in lines::split(text) {
        let line = trimmed(line);
        if !paragraph.text.is_empty() && !continues(last, line, how) {
            paragraph.split(most, out);
            paragraph.text.clear();
            paragraph.odd = false;
        }
        if !line.is_empty() {
            paragraph.add(line);
        }
        last = line;
    }
    paragraph.split(most, out);
}

/// The line width from which a line looks wrapped rather than ended.
const WRAPPED: usize = 45;

/// Whether a line goes on with what the line before it began.
fn continues(before: &str, line: &str, lines: Lines) -> bool {
    if before.is_empty() || line.is_empty() || is_item(line) || is_labelled(line) {
        return false;
    }
    let ended = before.ends_with(['.', '!', '?', ':', ';', '…']);
    let low = starts_low(line);
    // A character has an octet at least.
    let long = before.len() >= WRAPPED && before.chars().count() >= WRAPPED;
    match lines {
        Lines::Blocks => long && low && !ended,
        Lines::Wrapped if long => low || !before.ends_with(':'),
        // `Dear Ann,` is no beginning of a sentence; a line of five words and a comma may be.
        Lines::Wrapped if before.ends_with(',') => low && before.split_whitespace().count() > 4,
        Lines::Wrapped => low && !ended,
    }
}

/// `Subject: ...`: a line with a label of its own.
fn is_labelled(line: &str) -> bool {
    if !line.starts_with(char::is_uppercase) {
        return false;
    }
    // A label has at most twenty octets.
    let at = line.as_bytes().windows(2).take(21).position(|pair| pair == b": ");
    at.and_then(|at| line.get(..at)).is_some_and(|label| label.split(' ').count() <= 2)
}

fn starts_low(line: &str) -> bool {
    line.chars().next().is_some_and(char::is_lowercase)
}

/// An item of a list, or something else that never continues a line.
fn is_item(line: &str) -> bool {
    // Nearly every line begins with a letter that is no bullet.
    if line.starts_with(|c: char| c.is_ascii_alphabetic() && c != 'o') {
        return false;
    }
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    let rest = chars.as_str();
    if matches!(first, '•' | '·' | '◦' | '▪' | '●' | '‣' | '→' | '|') {
        return true;
    }
    if matches!(first, '-' | '*' | '+' | '–' | '—' | 'o') {
        return rest.starts_with(' ');
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = line.len() - digits.len();
    (1..=2).contains(&count) && (digits.starts_with(". ") || digits.starts_with(") "))
}

impl Paragraph {
    /// Adds a line, white space collapsed.
    fn add(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let plain = normal::is_printable(line);
        self.odd |= !plain;
        if plain && !normal::has_double_space(line) {
            self.text.push_str(line);
            return;
        }
        for (at, word) in line.split_whitespace().enumerate() {
            if at > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }

    /// Cuts it at the ends of its sentences.
    fn split(&self, most: &mut usize, out: &mut Vec<Sentence>) {
        let text = self.text.as_str();
        let mut from = 0;
        let mut at = 0;
        while let Some(end) = self.next_stop(at) {
            let behind = closing(text, end);
            let (Some(before), Some(rest)) = (text.get(from..end), text.get(behind..)) else {
                at = end;
                continue;
            };
            if ends_here(before, rest) {
                self.give(text.get(from..behind).unwrap_or_default(), most, out);
                from = behind;
            }
            at = behind.max(at + 1);
        }
        self.give(text.get(from..).unwrap_or_default(), most, out);
    }

    fn give(&self, text: &str, most: &mut usize, out: &mut Vec<Sentence>) {
        let text = trimmed(text);
        if !text.chars().any(char::is_alphanumeric) || *most == 0 {
            return;
        }
        *most -= 1;
        out.push(if self.odd { Sentence::new(text) } else { Sentence::of_plain(text) });
    }

    /// Behind the next run of `.`, `!`, `?` or `…`.
    fn next_stop(&self, from: usize) -> Option<usize> {
        let octets = self.text.as_bytes();
        if self.odd {
            return next_stop(octets, from);
        }
        let rest = octets.get(from..)?;
        let stop = memchr3(b'.', b'!', b'?', rest)?;
        let run = rest.get(stop..)?.iter().take_while(|octet| is_stop(**octet)).count();
        Some(from + stop + run)
    }
}

/// The same where any of them may be beyond ASCII.
fn next_stop(bytes: &[u8], from: usize) -> Option<usize> {
    // `…` is E2 80 A6 and the full stops of CJK are E3 80 82, EF BC 81 and EF BC 9F.
    let mut at = from;
    loop {
        // Nothing before one of these can end a sentence; most letters are passed by in runs.
        let passed = bytes.get(at..)?.iter().position(|b| !b.is_ascii() || is_stop(*b));
        at += passed?;
        let rest = bytes.get(at..)?;
        let b = *rest.first()?;
        let len = match b {
            b if is_stop(b) => 1,
            0xe2 if rest.starts_with("…".as_bytes()) => 3,
            0xe3 if rest.starts_with("。".as_bytes()) => 3,
            0xef if rest.starts_with("！".as_bytes()) || rest.starts_with("？".as_bytes()) => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        at += len;
        while bytes.get(at).copied().is_some_and(is_stop) {
            at += 1;
        }
        return Some(at);
    }
}

fn is_stop(b: u8) -> bool {
    matches!(b, b'.' | b'!' | b'?')
}

/// Past closing quotes and brackets.
fn closing(text: &str, at: usize) -> usize {
    if matches!(text.as_bytes().get(at), None | Some(b' ')) {
        return at;
    }
    let rest = text.get(at..).unwrap_or_default();
    let after = rest.trim_start_matches(['"', '\'', ')', ']', '”', '’', '»', '“']);
    at + rest.len() - after.len()
}

/// Whether a sentence ends between these two.
fn ends_here(before: &str, rest: &str) -> bool {
    if rest.is_empty() {
        return true;
    }
    let beyond_ascii = before.as_bytes().last().is_some_and(|octet| !octet.is_ascii());
    if beyond_ascii && before.ends_with(['。', '！', '？']) {
        return true;
    }
    let Some(next_word) = rest.strip_prefix(' ') else { return false };
    let opened = opened(next_word);
    let next = opened.chars().next().unwrap_or(' ');
    if next.is_lowercase() && !before.ends_with(['!', '?']) {
        return false;
    }
    if !before.ends_with('.') || before.ends_with("..") {
        return true;
    }
    let (earlier, last) = last_word(before);
    let last = last.trim_start_matches(['(', '"', '\'', '[']);
    let word = last.strip_suffix('.').unwrap_or(last);
    if word.len() <= 2 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return !abbreviations::is_ordinal(earlier.map(|text| last_word(text).1), opened);
    }
    let initial = word.len() <= 4
        && word.chars().count() == 1
        && word.chars().all(char::is_uppercase)
        && word != "I";
    !initial && !abbreviations::never_ends(word, opened)
}

/// What stands behind the last blank, and what before it.
fn last_word(text: &str) -> (Option<&str>, &str) {
    let blank = memrchr(b' ', text.as_bytes());
    let behind = blank.and_then(|at| text.get(at + 1..)).unwrap_or(text);
    (blank.and_then(|at| text.get(..at)), behind)
}

/// Past opening quotes and brackets.
fn opened(word: &str) -> &str {
    if word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return word;
    }
    word.trim_start_matches(['"', '\'', '(', '[', '“', '„', '«', '‘', '¿', '¡', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        sentences(text).into_iter().map(|s| s.text().to_owned()).collect()
    }

    #[test]
    fn stops_of_abbreviations_numbers_and_initials_end_nothing() {
        for text in [
            "Mr. Smith of J. Doe Ltd. paid 3.50 EUR, e.g. for www.example.com.",
            "Wir liefern am 3. März bzw. am 12. April, z. B. per Post, d.h. nicht sofort.",
            "M. Dupont a payé env. 30 euros, p. ex. par chèque.",
            "El Sr. García y la Sra. Pérez, pág. 3.",
            "Il sig. Rossi e la dott. Bianchi sono qui.",
            "De heer dhr. Jansen, o.a. Piet, bijv. Kees.",
            "O Sr. Silva e a Sra. Costa, no. 3.",
        ] {
            assert_eq!(texts(text), [text]);
        }
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            texts("It is late. We are sorry! Can you call? \"Yes.\" Good."),
            ["It is late.", "We are sorry!", "Can you call?", "\"Yes.\"", "Good."]
        );
        assert_eq!(
            texts("Der Preis steigt. Wir bedauern das."),
            ["Der Preis steigt.", "Wir bedauern das."]
        );
    }

    #[test]
    fn wrapped_lines_are_joined_and_short_ones_stand_alone() {
        assert_eq!(
            texts(
                "Dear Ann,\nwe regret that we cannot deliver the pumps that you\nordered in March.\n\nRegards\nBob"
            ),
            [
                "Dear Ann,",
                "we regret that we cannot deliver the pumps that you ordered in March.",
                "Regards",
                "Bob"
            ]
        );
        assert_eq!(texts("Points:\n- one thing\n- another thing\n1. first\n2. second").len(), 5);
    }
}
