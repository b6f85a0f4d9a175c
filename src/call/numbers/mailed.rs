//! The numbers of the mail itself: whose is which.

use std::collections::BTreeSet;

use rlibphonenumber::Region;

use super::{
    candidate::{Candidate, in_text},
    labels::Label,
    rounded,
    words::{closes, sentence_around, speaks_of_your_number},
};
use crate::{
    call::{
        Number, Source,
        thread::{Author, Segment, Thread},
    },
    mail::Mailbox,
    message::{PassageKind, Reading},
};

/// Mail programs wrap lines at 72 to 78; one that is longer than this may go on below.
const WRAPPED_CHARS: usize = 50;

/// The numbers of one mail under one numbering plan.
#[derive(Debug, Default)]
pub(super) struct Mailed {
    /// The recipient's, or a colleague's of his.
    pub(super) theirs: Vec<Number>,
    /// Plainly our own: beneath our letters.
    pub(super) ours: BTreeSet<String>,
    /// In our new words, and not said to be theirs.
    pub(super) unclear: BTreeSet<String>,
}

impl Mailed {
    /// Reads the mail for numbers of the person of this address and name.
    pub(super) fn find(
        reading: &Reading,
        (address, name): (&str, &str),
        thread: &Thread,
        region: Region,
    ) -> Mailed {
        let mut found = Mailed::default();
        let own_parts = [PassageKind::Signature, PassageKind::Disclaimer];
        for passage in reading.passages.iter().filter(|p| own_parts.contains(&p.kind)) {
            found.ours.extend(in_text(&passage.text, region).into_iter().map(|c| c.e164));
        }
        for passage in reading.of_kind(PassageKind::New) {
            for sentence in &passage.sentences {
                found.new_sentence(&sentence.text, region);
            }
        }
        for segment in &thread.segments {
            found.segment(segment, (address, name), region);
        }
        found
    }

    fn new_sentence(&mut self, text: &str, region: Region) {
        let yours = speaks_of_your_number(text);
        for candidate in in_text(text, region) {
            if yours && candidate.is_telephone() {
                self.theirs.push(candidate.into_number(Source::NewText, 0.8));
            } else {
                self.unclear.insert(candidate.e164);
            }
        }
    }

    fn segment(&mut self, segment: &Segment, person: (&str, &str), region: Region) {
        if segment.author == Author::Ours {
            // "I tried you on ..." in an older letter of ours is theirs.
            let mut before = "";
            for line in &segment.lines {
                let own = in_text(line, region).into_iter();
                let own = own.filter(|candidate| !is_yours(before, line, candidate));
                self.ours.extend(own.map(|candidate| candidate.e164));
                before = line;
            }
            return;
        }
        let Some((source, confidence)) = witness(&segment.author, person) else { return };
        let mut signed = false;
        let mut before = "";
        for line in &segment.lines {
            signed |= closes(line);
            // A label may stand alone on the line above: "Phone:".
            let label_above = before.trim_end().ends_with(':') && before.chars().count() < 20;
            let text = if label_above { format!("{before} {line}") } else { line.clone() };
            let above = if label_above { "" } else { before };
            for candidate in in_text(&text, region) {
                if is_yours(above, &text, &candidate) {
                    // Here "your number" is the one they called: ours.
                    self.ours.insert(candidate.e164);
                } else if candidate.is_telephone() {
                    let source = match source {
                        Source::QuotedText if signed => Source::Signature,
                        other => other,
                    };
                    let number = candidate.into_number(source, confidence);
                    self.theirs.push(Number { written: segment.written, ..number });
                }
            }
            before = line;
        }
    }
}

/// Whether the sentence around a number calls it the reader's. It may have begun on the line above,
/// if that is as long as wrapped lines are.
fn is_yours(above: &str, line: &str, candidate: &Candidate) -> bool {
    if above.chars().nth(WRAPPED_CHARS).is_none() {
        return speaks_of_your_number(sentence_around(line, candidate.at));
    }
    let both = format!("{above} {line}");
    speaks_of_your_number(sentence_around(&both, above.len() + 1 + candidate.at))
}

/// What numbers of this author are worth for calling the person, if anything.
fn witness(author: &Author, (address, name): (&str, &str)) -> Option<(Source, f64)> {
    let last_name = name.split_whitespace().last().unwrap_or_default();
    match author {
        Author::Ours => None,
        Author::Unknown => Some((Source::QuotedText, 0.65)),
        Author::Outside { address: author, .. } if author.eq_ignore_ascii_case(address) => {
            Some((Source::QuotedText, 0.95))
        }
        author if author.is(address, name) => Some((Source::QuotedText, 0.85)),
        Author::Outside { address: author, name } if author.is_empty() => {
            let named = name.split(|c: char| !c.is_alphanumeric()).any(|word| word == last_name);
            (named && !last_name.is_empty()).then_some((Source::QuotedText, 0.75))
        }
        // Somebody of another house is a stranger to the news.
        Author::Outside { address: author, .. } => {
            same_house(author, address).then_some((Source::Colleague, 0.7))
        }
    }
}

/// Whether two addresses are of one company: the same domain, and not a provider's.
fn same_house(one: &str, other: &str) -> bool {
    let domain =
        |a: &str| Mailbox::parse(a).ok().and_then(|m| m.domain().map(str::to_ascii_lowercase));
    match (domain(one), domain(other)) {
        (Some(one), Some(other)) => {
            let first = one.split('.').next().unwrap_or_default();
            one == other && !PROVIDERS.contains(&first)
        }
        _ => false,
    }
}

/// Where private people have their mail: the first words of their domains.
const PROVIDERS: [&str; 38] = [
    "alice",
    "aol",
    "bluewin",
    "bol",
    "btinternet",
    "comcast",
    "free",
    "freenet",
    "gmail",
    "gmx",
    "googlemail",
    "hetnet",
    "hotmail",
    "icloud",
    "kpnmail",
    "laposte",
    "libero",
    "live",
    "mac",
    "mail",
    "me",
    "msn",
    "orange",
    "outlook",
    "planet",
    "proton",
    "protonmail",
    "sapo",
    "sfr",
    "t-online",
    "telefonica",
    "terra",
    "tiscali",
    "uol",
    "virgilio",
    "wanadoo",
    "web",
    "yahoo",
];

impl Candidate {
    pub(super) fn into_number(self, source: Source, confidence: f64) -> Number {
        // A bare number is likelier to be something else than one that says "Tel.".
        let factor = match self.label {
            Label::Direct => 1.0,
            Label::Telephone => 0.98,
            _ => 0.85,
        };
        Number {
            e164: self.e164,
            national: self.national,
            source,
            also: Vec::new(),
            written: None,
            confidence: rounded(confidence * factor),
        }
    }
}
